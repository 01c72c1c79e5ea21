"""What a brief is made of: plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from flask_babel import gettext as _

MOST: Final = 8  # lines of one part; the rest stands on the page it leads to


@dataclass(frozen=True)
class Line:
    """One thing. ``path``: where it leads, empty where it leads nowhere. ``story_id``: the story it names, whose title
    is said to named people only while the story is confidential, and nowhere outside the product. ``reason``: what
    somebody wrote about it, which is read in the product only.
    """

    title: str
    note: str = ""
    path: str = ""
    story_id: int | None = None
    is_secret: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Section:
    """Things that belong together. ``count``: how many there are, also those that are not shown. ``sums_up``: the lines
    say all of them, each line of several.
    """

    key: str
    label: str
    lines: Sequence[Line]
    count: int
    path: str = ""
    sums_up: bool = False

    @property
    def more(self) -> int:
        """How many are not shown."""
        return 0 if self.sums_up else self.count - len(self.lines)


@dataclass(frozen=True)
class Brief:
    """What one person is told about a day or a week."""

    day: date
    sections: Sequence[Section]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.sections

    @property
    def headline(self) -> str:
        """``Tugas Anda: 2, Keadaan triwulan``: what is in it."""
        return ", ".join(f"{s.label}: {s.count}" if s.count > 1 else s.label for s in self.sections)

    def outside(self) -> "Brief":
        """The same as it may be read outside the product: without the titles of confidential stories, and without
        anybody's reasons.
        """
        return Brief(self.day, [replace(s, lines=[_outside(n) for n in s.lines]) for s in self.sections])

    def shared(self) -> "Brief":
        """The same as it may be passed on to a group: without a trace of confidential stories, and without anybody's
        reasons.
        """
        kept = [
            replace(
                s, lines=[_outside(n) for n in s.lines if not n.is_secret], count=s.count - _secrets(s.lines)
            )
            for s in self.sections
        ]
        return Brief(self.day, [s for s in kept if s.lines])


def _outside(line: Line) -> Line:
    return replace(line, title=_("naskah rahasia") if line.is_secret else line.title, reason="")


def _secrets(lines: Iterable[Line]) -> int:
    return sum(n.is_secret for n in lines)


def section(
    key: str,
    label: str,
    lines: Sequence[Line],
    *,
    path: str = "",
    count: int | None = None,
    sums_up: bool = False,
) -> Section | None:
    """A part with its first lines, ``count`` as many things as there are lines unless told; None without any."""
    if not lines:
        return None
    return Section(key, label, list(lines)[:MOST], len(lines) if count is None else count, path, sums_up)
