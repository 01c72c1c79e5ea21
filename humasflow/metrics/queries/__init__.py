"""Reading counts of readers, and what channels and people said of posts."""

from humasflow.metrics.queries.chosen import Chosen
from humasflow.metrics.queries.measured import (
    Bounds,
    Measured,
    each_measured,
    first_formula,
    rate_facts,
    rates_of,
)
from humasflow.metrics.queries.publications import (
    Received,
    addresses_of,
    count_received,
    list_received,
    list_received_of,
    titles_of,
)
from humasflow.metrics.queries.readers import Read, first_read_on, list_most_read, readers_by_day
from humasflow.metrics.queries.readings import Reading, list_readings, readers_of

__all__ = [
    "Bounds",
    "Chosen",
    "Measured",
    "Read",
    "Reading",
    "Received",
    "addresses_of",
    "count_received",
    "each_measured",
    "first_formula",
    "first_read_on",
    "list_most_read",
    "list_readings",
    "list_received",
    "list_received_of",
    "rate_facts",
    "rates_of",
    "readers_by_day",
    "readers_of",
    "titles_of",
]
