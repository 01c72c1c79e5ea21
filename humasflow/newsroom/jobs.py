"""What the newsroom asks of the worker."""

from humasflow.core import rate_limit

HOUR = 3600  # seconds

# The hashes by which a reader is counted once a day are forgotten when that day is over.
TIMETABLE = [("newsroom.forget_readers", HOUR, rate_limit.prune)]
