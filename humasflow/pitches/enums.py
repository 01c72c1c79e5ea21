"""States and moves of a pitch."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class PitchState(StrEnum):
    """The life of an idea."""

    NEW = "new"
    ACCEPTED = "accepted"
    PARKED = "parked"
    REJECTED = "rejected"

    @property
    def label(self) -> str:
        """For people."""
        return str(_STATES[self])


class PitchMove(StrEnum):
    """What an editor can do with a pitch."""

    ACCEPT = "accept"
    PARK = "park"
    REJECT = "reject"
    REOPEN = "reopen"

    @property
    def label(self) -> str:
        """The wording of the button."""
        return str(_MOVES[self])


_STATES = {
    PitchState.NEW: _l("Baru"),
    PitchState.ACCEPTED: _l("Diterima"),
    PitchState.PARKED: _l("Disimpan"),
    PitchState.REJECTED: _l("Ditolak"),
}
_MOVES = {
    PitchMove.ACCEPT: _l("Terima"),
    PitchMove.PARK: _l("Simpan untuk nanti"),
    PitchMove.REJECT: _l("Tolak dengan alasan"),
    PitchMove.REOPEN: _l("Buka kembali"),
}
