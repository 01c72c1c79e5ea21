"""What kind of a day it is."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class DayKind(StrEnum):
    """Where the day comes from. Offices are closed on the first two."""

    HOLIDAY = "holiday"
    JOINT_LEAVE = "joint_leave"
    NATIONAL = "national"
    PAWUKON = "pawukon"
    OFFICE = "office"

    @property
    def label(self) -> str:
        """For people."""
        return str(_KINDS[self])


_KINDS = {
    DayKind.HOLIDAY: _l("Hari libur"),
    DayKind.JOINT_LEAVE: _l("Cuti bersama"),
    DayKind.NATIONAL: _l("Hari nasional"),
    DayKind.PAWUKON: _l("Hari Pawukon"),
    DayKind.OFFICE: _l("Hari kantor"),
}
