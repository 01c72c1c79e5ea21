"""Taking an office out, and reading one into an empty installation."""

from humasflow.archive.services.expiring import end_abandoned, expire_runs, tidy_folders
from humasflow.archive.services.making import make_run, write_for_command
from humasflow.archive.services.reading import ReadBack, read_archive
from humasflow.archive.services.requesting import (
    JOB,
    WrongPassword,
    note_download,
    remove_run,
    request_run,
)

__all__ = [
    "JOB", "ReadBack", "WrongPassword", "end_abandoned", "expire_runs", "make_run", "note_download", "read_archive",
    "remove_run", "request_run", "tidy_folders", "write_for_command",
]  # fmt: skip
