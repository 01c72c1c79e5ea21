"""What must leave the building or happen later: jobs with leases, retries and visible dead letters.

Nouns: job (kind and reference), lease, dead letter. The outbox knows kinds by name only; the registry binds handlers.
"""
