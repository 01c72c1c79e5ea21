"""In which capacity a role is held."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from humasflow.core.permissions import Permission, Role

__all__ = ["AbsenceKind", "Acting", "Permission", "Role"]


class Acting(StrEnum):
    """Definitive, or in place of an absent head. The abbreviations are fixed terms of Indonesian administration."""

    NONE = "none"
    PLH = "plh"
    PLT = "plt"

    @property
    def prefix(self) -> str:
        """What stands before the position, the same in every language: it becomes part of the record.

        Not translated for a second reason: roles are read while the person is being loaded, before anybody's language
        is known.
        """
        return {Acting.NONE: "", Acting.PLH: "Plh.", Acting.PLT: "Plt."}[self]

    @property
    def label(self) -> str:
        """For people."""
        return str({Acting.NONE: _l("Definitif"), Acting.PLH: _l("Plh."), Acting.PLT: _l("Plt.")}[self])


class AbsenceKind(StrEnum):
    """Why somebody is not at work."""

    LEAVE = "leave"
    DUTY = "duty"
    SICK = "sick"
    OTHER = "other"

    @property
    def label(self) -> str:
        """For the person and for who records it."""
        return str(_ABSENCES[self])

    @property
    def public_label(self) -> str:
        """For colleagues: that somebody is ill is nobody else's business (UU 27/2022, specific personal data)."""
        return (
            self.label if self in (AbsenceKind.LEAVE, AbsenceKind.DUTY) else str(_ABSENCES[AbsenceKind.OTHER])
        )


_ABSENCES = {
    AbsenceKind.LEAVE: _l("Cuti"),
    AbsenceKind.DUTY: _l("Dinas"),
    AbsenceKind.SICK: _l("Sakit"),
    AbsenceKind.OTHER: _l("Berhalangan"),
}
