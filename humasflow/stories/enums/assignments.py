"""Words of tasks."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class AssignmentState(StrEnum):
    """How far a task is. Whether it was opened is a fact beside it, not a state."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DONE = "done"
    DECLINED = "declined"
    REPLACED = "replaced"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """For people."""
        return str(_ASSIGNMENT_STATES[self])


OPEN_ASSIGNMENT = frozenset({AssignmentState.OFFERED, AssignmentState.ACCEPTED})


class AssignmentMove(StrEnum):
    """What can happen to a task."""

    ACCEPT = "accept"
    DECLINE = "decline"
    FINISH = "finish"
    REOPEN = "reopen"  # finished too early: back to who had accepted it
    REOFFER = "reoffer"  # the same, when it had never been accepted
    REPLACE = "replace"  # somebody else does it
    CANCEL = "cancel"

    @property
    def label(self) -> str:
        """The wording of the button."""
        return str(_ASSIGNMENT_MOVES[self])


_ASSIGNMENT_STATES = {
    AssignmentState.OFFERED: _l("Belum diterima"),
    AssignmentState.ACCEPTED: _l("Diterima"),
    AssignmentState.DONE: _l("Selesai"),
    AssignmentState.DECLINED: _l("Ditolak"),
    AssignmentState.REPLACED: _l("Dialihkan"),
    AssignmentState.CANCELLED: _l("Dibatalkan"),
}

_ASSIGNMENT_MOVES = {
    AssignmentMove.ACCEPT: _l("Terima"),
    AssignmentMove.DECLINE: _l("Tolak"),
    AssignmentMove.FINISH: _l("Tandai selesai"),
    AssignmentMove.REOPEN: _l("Batalkan tanda selesai"),
    AssignmentMove.REOFFER: _l("Batalkan tanda selesai"),
    AssignmentMove.REPLACE: _l("Ganti orang"),
    AssignmentMove.CANCEL: _l("Batalkan tugas"),
}
