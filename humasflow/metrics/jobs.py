"""Jobs: the numbers of a post at one of its ages."""

from humasflow.metrics.services.fetching import FETCH, fetch

JOBS = {FETCH: fetch}
