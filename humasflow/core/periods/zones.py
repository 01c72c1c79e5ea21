"""The three Indonesian zones."""

from enum import StrEnum
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l


class OfficeZone(StrEnum):
    """The zone of an office. The value is the IANA name that is stored; no Indonesian zone has daylight saving."""

    WIB = "Asia/Jakarta"
    WITA = "Asia/Makassar"
    WIT = "Asia/Jayapura"

    @property
    def tz(self) -> ZoneInfo:
        """The zone's rules."""
        return ZoneInfo(self.value)

    @property
    def abbreviation(self) -> str:
        """WIB, WITA or WIT: the same in every language."""
        return self.name

    @property
    def label(self) -> str:
        """The full name in the reader's language, for a choice in a form."""
        return str(_ZONE_LABELS[self])


_ZONE_LABELS = {
    OfficeZone.WIB: _l("Waktu Indonesia Barat (WIB)"),
    OfficeZone.WITA: _l("Waktu Indonesia Tengah (WITA)"),
    OfficeZone.WIT: _l("Waktu Indonesia Timur (WIT)"),
}
