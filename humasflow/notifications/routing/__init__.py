"""Who is told what, by which way, and when: an office's rules, each person's wishes, quiet hours, digests.

Nouns: topic, channel, mode, rule, preference, habit, delivery.
"""
