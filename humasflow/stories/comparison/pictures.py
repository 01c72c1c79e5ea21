"""What happened to the pictures between two versions: came, went, moved, described otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _

from humasflow.stories.comparison.aligning import steps_between
from humasflow.stories.comparison.differences import Difference, compare_parts
from humasflow.stories.contents import PictureContent


class PictureChange(StrEnum):
    """What can happen to a picture."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    DESCRIBED = "described"

    @property
    def label(self) -> str:
        """For people."""
        return {
            PictureChange.ADDED: _("Foto ditambahkan"), PictureChange.REMOVED: _("Foto dilepas"),
            PictureChange.MOVED: _("Foto dipindahkan"), PictureChange.DESCRIBED: _("Keterangan foto diubah"),
        }[self]  # fmt: skip


@dataclass(frozen=True)
class ChangedPicture:
    """A picture that differs. Positions count from 1; the first is the cover."""

    asset_id: int
    changes: Sequence[PictureChange]
    before: int | None
    after: int | None
    words: Sequence[Difference]


def compare_pictures(old: Sequence[PictureContent], new: Sequence[PictureContent]) -> list[ChangedPicture]:
    """The pictures that differ, in the order of the new version, those that went at the end. Who takes the place of one
    that went has not moved.
    """
    before = {p.asset_id: (n, p) for n, p in enumerate(old, start=1)}
    after = {p.asset_id: (n, p) for n, p in enumerate(new, start=1)}
    stayed = [[i for i in side if i in before and i in after] for side in (before, after)]
    still = {i for tag, a, b, _c, _d in steps_between(*stayed) if tag == "equal" for i in stayed[0][a:b]}
    found = []
    for ident in [*after, *(i for i in before if i not in after)]:
        was, now = before.get(ident), after.get(ident)
        words = _words(was[1] if was else None, now[1] if now else None)
        if was is None or now is None:
            changes = [PictureChange.ADDED if was is None else PictureChange.REMOVED]
        else:
            changes = [PictureChange.MOVED] if ident not in still else []
            changes += [PictureChange.DESCRIBED] if words else []
        if changes:
            found.append(ChangedPicture(ident, changes, was and was[0], now and now[0], words))
    return found


def _words(old: PictureContent | None, new: PictureContent | None) -> list[Difference]:
    empty = PictureContent(0)
    before, after = old or empty, new or empty
    return compare_parts(
        (_("Kredit foto"), before.credit, after.credit), (_("Teks alternatif"), before.alt_text, after.alt_text),
        (_("Keterangan"), before.caption, after.caption),
    )  # fmt: skip
