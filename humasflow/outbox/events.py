"""What the outbox tells higher rooms."""

from dataclasses import dataclass


@dataclass(frozen=True)
class JobRevived:
    """A person wants a dead letter tried again: whatever its room had given up may go on."""

    job_id: int
    kind: str
    ref: str
