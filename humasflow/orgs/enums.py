"""Kinds of unit and of office."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class UnitKind(StrEnum):
    """An office stands for itself; a section belongs to one office."""

    OFFICE = "office"
    SECTION = "section"

    @property
    def label(self) -> str:
        """For people."""
        return str({UnitKind.OFFICE: _l("Kantor"), UnitKind.SECTION: _l("Seksi")}[self])


class OfficeKind(StrEnum):
    """What sort of office; it changes wording, never permissions."""

    SERVICE = "service"
    REGIONAL = "regional"
    CENTRAL = "central"
    REGENCY = "regency"
    OTHER = "other"

    @property
    def label(self) -> str:
        """For people."""
        return str(_KINDS[self])


_KINDS = {
    OfficeKind.SERVICE: _l("Kantor pelayanan"),
    OfficeKind.REGIONAL: _l("Kantor wilayah"),
    OfficeKind.CENTRAL: _l("Unit utama atau kantor pusat"),
    OfficeKind.REGENCY: _l("Perangkat daerah"),
    OfficeKind.OTHER: _l("Lainnya"),
}
