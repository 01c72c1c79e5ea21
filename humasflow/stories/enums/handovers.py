"""Words of stories that go between offices."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class HandoverKind(StrEnum):
    """Which way a story goes between offices."""

    PUSH_DOWN = "push_down"
    SUBMISSION = "submission"

    @property
    def label(self) -> str:
        """For people."""
        return str(_HANDOVER_KINDS[self])


class HandoverState(StrEnum):
    """What the other office made of it."""

    OFFERED = "offered"
    TAKEN = "taken"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """For people."""
        return str(_HANDOVERS[self])


class SourceChange(StrEnum):
    """What became of a story in the office that gave it, after another was given it."""

    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"
    RENEWED = "renewed"
    EMBARGOED = "embargoed"

    @property
    def label(self) -> str:
        """For people."""
        return str(_CHANGES[self])


class HandoverMove(StrEnum):
    """What is done with a story that was given."""

    TAKE = "take"
    DECLINE = "decline"
    WITHDRAW = "withdraw"

    @property
    def label(self) -> str:
        """For people."""
        return str(_HANDOVER_MOVES[self])


_CHANGES = {
    SourceChange.WITHDRAWN: _l("Diturunkan atau dibatalkan"),
    SourceChange.CORRECTED: _l("Dibetulkan"),
    SourceChange.RENEWED: _l("Ada versi baru"),
    SourceChange.EMBARGOED: _l("Embargonya berubah"),
}
_HANDOVER_MOVES = {
    HandoverMove.TAKE: _l("Ambil"),
    HandoverMove.DECLINE: _l("Jawab tidak diambil"),
    HandoverMove.WITHDRAW: _l("Tarik"),
}
_HANDOVER_KINDS = {
    HandoverKind.PUSH_DOWN: _l("Rilis dari kantor di atas"),
    HandoverKind.SUBMISSION: _l("Kiriman dari kantor di bawah"),
}

_HANDOVERS = {
    HandoverState.OFFERED: _l("Menunggu jawaban"),
    HandoverState.TAKEN: _l("Diambil"),
    HandoverState.DECLINED: _l("Tidak diambil"),
    HandoverState.WITHDRAWN: _l("Ditarik"),
}
