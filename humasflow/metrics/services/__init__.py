"""Counting readers; fetching and recording the numbers of channels."""

from humasflow.metrics.services.fetching import fetch
from humasflow.metrics.services.readers import count_reader
from humasflow.metrics.services.recording import NothingRecorded, WrongTime, record_numbers

__all__ = [
    "NothingRecorded",
    "WrongTime",
    "count_reader",
    "fetch",
    "record_numbers",
]
