"""In which capacity a role is held."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from humasflow.core.permissions import Permission as Permission
from humasflow.core.permissions import Role as Role


class Acting(StrEnum):
    """Definitive, or in place of an absent head. The abbreviations are fixed terms of Indonesian administration."""

    NONE = "none"
    PLH = "plh"
    PLT = "plt"

    @property
    def label(self) -> str:
        """For people."""
        return str({Acting.NONE: _l("Definitif"), Acting.PLH: _l("Plh."), Acting.PLT: _l("Plt.")}[self])
