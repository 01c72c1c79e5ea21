"""What happened to a run. Told in the transaction in which it happened."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReportReady:
    """All files of a run are there."""

    run_id: int


@dataclass(frozen=True)
class ReportFailed:
    """A run came to nothing; why stands in it."""

    run_id: int
