"""The states of a job."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class JobState(StrEnum):
    """A queued or running job is open; the others are its ends."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"  # gave up: a person must look
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """For people."""
        return str(_LABELS[self])


_LABELS = {
    JobState.QUEUED: _l("Menunggu giliran"),
    JobState.RUNNING: _l("Sedang dikerjakan"),
    JobState.DONE: _l("Selesai"),
    JobState.DEAD: _l("Berhenti, perlu diperiksa"),
    JobState.CANCELLED: _l("Dibatalkan"),
}
