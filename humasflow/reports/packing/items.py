"""What goes into a pack and what can be wrong with it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from flask_babel import gettext as _


class ProblemKind(StrEnum):
    """Why a file of the record is not, or not as it was, in the pack."""

    MISSING = "missing"
    ALTERED = "altered"
    UNREADABLE = "unreadable"
    NO_DIGEST = "no_digest"


@dataclass(frozen=True)
class Item:
    """One stored file that proves something.

    ``number``: that of the evidence list; 0 for a document of the period. ``recorded_sha256``: as it was when the file
    came in; empty when nobody wrote it down. ``part``: the how many-eth file of that number, from 0.
    """

    number: int
    path: Path
    recorded_sha256: str
    day: date | None
    channel: str
    title: str
    part: int = 0

    @property
    def label(self) -> str:
        """For people: the number and what it is about."""
        return f"{self.number:04} {self.title}" if self.number else self.title


@dataclass(frozen=True)
class Row:
    """One line of the evidence list, as text in the office's own time; ``number`` is that of its files."""

    number: int
    title: str
    channel: str
    url: str
    published: str
    captured: str
    verifier: str
    state: str


@dataclass(frozen=True)
class Problem:
    """One file that is not as it was recorded."""

    kind: ProblemKind
    item: Item
    name: str  # in the pack, or what it would have been called
    found_sha256: str = ""

    @property
    def sentence(self) -> str:
        """For people, in the language of the pack."""
        if self.kind is ProblemKind.MISSING:
            return _("%(label)s: berkasnya tidak ditemukan di penyimpanan.", label=self.item.label)
        if self.kind is ProblemKind.UNREADABLE:
            return _("%(label)s: berkasnya ada, tetapi tidak dapat dibaca.", label=self.item.label)
        if self.kind is ProblemKind.NO_DIGEST:
            return _(
                "%(label)s: sidik berkasnya dahulu tidak dicatat, jadi keasliannya tidak dapat dibandingkan.",
                label=self.item.label,
            )
        return _(
            "%(label)s: isi berkasnya tidak sama lagi dengan saat dicatat. Salinannya ada di %(name)s; "
            "jangan dipakai sebagai bukti.",
            label=self.item.label, name=self.name,
        )  # fmt: skip
