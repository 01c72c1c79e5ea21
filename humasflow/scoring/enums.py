"""Kinds of component and states of a point."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class ComponentKind(StrEnum):
    """How a component turns facts into a value."""

    COUNT_RATIO = "count_ratio"

    @property
    def label(self) -> str:
        """For people."""
        return str({ComponentKind.COUNT_RATIO: _l("Jumlah tayang dibagi sasaran")}[self])


class PointState(StrEnum):
    """What is known of a publication that counts. Only verified is the official-looking number."""

    LIVE_UNVERIFIED = "live_unverified"
    VERIFIED = "verified"
    DISPUTED = "disputed"
    REVERSED = "reversed"

    @property
    def label(self) -> str:
        """For people."""
        return str(_POINTS[self])


class Beneficiary(StrEnum):
    """Whose count a ledger line is."""

    OFFICE = "office"

    @property
    def label(self) -> str:
        """For people."""
        return str({Beneficiary.OFFICE: _l("Kantor")}[self])


_POINTS = {
    PointState.LIVE_UNVERIFIED: _l("Tayang, belum diverifikasi"),
    PointState.VERIFIED: _l("Terverifikasi"),
    PointState.DISPUTED: _l("Dipertanyakan"),
    PointState.REVERSED: _l("Dibalik"),
}
