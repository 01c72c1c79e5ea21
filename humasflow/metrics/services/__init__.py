"""Counting readers; fetching and recording the numbers of channels."""

from humasflow.metrics.services.fetching import fetch
from humasflow.metrics.services.grid import Entry, Recorded, record_grid
from humasflow.metrics.services.many import Kept, Seen, record_readings, take_back_readings
from humasflow.metrics.services.readers import count_reader
from humasflow.metrics.services.recording import TOLERANCE, NothingRecorded, WrongTime, record_numbers

__all__ = [
    "TOLERANCE",
    "Entry",
    "Kept",
    "NothingRecorded",
    "Recorded",
    "Seen",
    "WrongTime",
    "count_reader",
    "fetch",
    "record_grid",
    "record_numbers",
    "record_readings",
    "take_back_readings",
]
