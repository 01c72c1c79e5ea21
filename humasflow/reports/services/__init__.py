"""Ordering, making and forgetting reports; the letterhead. They flush; only what runs in the background commits."""

from humasflow.reports.services.expiring import end_abandoned, expire_runs, tidy_folders
from humasflow.reports.services.letterheads import LetterheadContent, save_letterhead
from humasflow.reports.services.making import make_run
from humasflow.reports.services.requesting import JOB, Order, cancel_run, repeat_run, request_run

__all__ = [
    "JOB", "LetterheadContent", "Order", "cancel_run", "end_abandoned", "expire_runs", "make_run", "repeat_run",
    "request_run", "save_letterhead", "tidy_folders",
]  # fmt: skip
