"""The states of a job, and what goes before what."""

from enum import IntEnum, StrEnum

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


class Priority(IntEnum):
    """Of what is due, the lower number goes first. Few on purpose: a claim asks for each of them by itself."""

    POSTS = 0  # what publishes, corrects or takes down
    TIMETABLE = 1  # short, and what mends the rest: it must not queue behind a thousand mails
    ORDINARY = 5  # what follows a publication, mail, whatever people wait for
    BACKGROUND = 9  # what nobody waits for and waits for others itself: evidence, numbers, links, renewals


_LABELS = {
    JobState.QUEUED: _l("Menunggu giliran"),
    JobState.RUNNING: _l("Sedang dikerjakan"),
    JobState.DONE: _l("Selesai"),
    JobState.DEAD: _l("Berhenti, perlu diperiksa"),
    JobState.CANCELLED: _l("Dibatalkan"),
}
