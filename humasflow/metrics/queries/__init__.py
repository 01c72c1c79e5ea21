"""Reading counts of readers, and what channels and people said of posts."""

from humasflow.metrics.queries.publications import (
    Chosen,
    Received,
    addresses_of,
    list_received,
    list_received_of,
    rate_facts,
    titles_of,
)
from humasflow.metrics.queries.readers import Read, first_read_on, list_most_read, readers_by_day
from humasflow.metrics.queries.readings import Reading, list_readings, readers_of

__all__ = [
    "Chosen",
    "Read",
    "Reading",
    "Received",
    "addresses_of",
    "first_read_on",
    "list_most_read",
    "list_readings",
    "list_received",
    "list_received_of",
    "rate_facts",
    "readers_by_day",
    "readers_of",
    "titles_of",
]
