"""What a change of a whole series would lose, said before it does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from humasflow.core.errors import UserError
from humasflow.core.localtime import show_instant


@dataclass(frozen=True)
class Lost:
    """An occurrence that was different, or that is being covered, and has no place in the changed series."""

    at: datetime
    zone: str
    what: str

    def __str__(self) -> str:
        when = show_instant(self.at, self.zone)
        return f"{when} ({self.what})" if self.what else when


class WouldDrop(UserError):
    """The change loses what was different at single occurrences. Done again with ``drop``, it is made all the same."""

    def __init__(self, lost: Sequence[Lost]) -> None:
        some = "; ".join(str(one) for one in lost[:5])
        more = _(" dan %(n)s lagi", n=len(lost) - 5) if len(lost) > 5 else ""
        super().__init__(
            ngettext(
                "Perubahan ini menghilangkan %(num)s kali yang sudah diatur sendiri: %(some)s%(more)s.",
                "Perubahan ini menghilangkan %(num)s kali yang sudah diatur sendiri: %(some)s%(more)s.",
                len(lost), some=some, more=more,
            )
        )  # fmt: skip
        self.lost = lost
