"""A stale save: what the form was opened on, what stands now, and what was typed, brought together.

What only one person changed is taken without asking. Where both changed the same thing there is a clash, a person
chooses, and until they do nothing of either text is left out that can stand beside the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from humasflow.stories.comparison.blocks import Block, write_blocks
from humasflow.stories.comparison.differences import FIELDS
from humasflow.stories.comparison.merging import (
    Choice,
    Merged,
    body_of,
    clashes_of,
    merge_bodies,
    merge_texts,
    merge_value,
)
from humasflow.stories.contents import PictureContent, StoryContent

# Fields of running text, in which words of both may stand together.
_PROSE = frozenset({"lead", "goal", "audience", "contact", "claim", "fact_source"})
_PICTURE_WORDS = ("credit", "alt_text", "caption")
ORDER = "urutan"

Choices = Mapping[str, Choice]


@dataclass(frozen=True)
class FieldMerge:
    """A fact that somebody changed. ``clash``: both did, each in another way."""

    key: str
    label: str
    base: Any
    mine: Any
    theirs: Any
    merged: Any
    clash: bool

    @property
    def from_theirs(self) -> bool:
        """Whether the other person's words were taken, alone or beside mine."""
        return not self.clash and self.mine != self.merged

    def chosen(self, choices: Choices) -> Any:
        """The value after choosing; mine while nobody has."""
        if not self.clash:
            return self.merged
        return self.theirs if choices.get(self.key) is Choice.THEIRS else self.mine


@dataclass(frozen=True)
class PassageClash:
    """A passage of the body that both changed, as HTML of each."""

    key: str
    base: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class PictureMerge:
    """A picture that both changed. None: taken off by that side."""

    key: str
    asset_id: int
    base: PictureContent | None
    mine: PictureContent | None
    theirs: PictureContent | None


@dataclass(frozen=True)
class ThreeWay:
    """The merge, with what is left to choose."""

    base: StoryContent
    mine: StoryContent
    theirs: StoryContent
    fields: Sequence[FieldMerge]
    parts: Merged[Block]
    pictures: Sequence[tuple[PictureContent | None, PictureMerge | None]]
    order_clash: bool

    @cached_property
    def passages(self) -> list[PassageClash]:
        """What to choose in the body, in the order of the text."""
        return [
            PassageClash(f"isi-{n}", *(write_blocks(_alone(s)) for s in (c.base, c.mine, c.theirs)))
            for n, c in enumerate(clashes_of(self.parts), start=1)
        ]

    @property
    def field_clashes(self) -> list[FieldMerge]:
        """What to choose among the facts."""
        return [f for f in self.fields if f.clash]

    @property
    def picture_clashes(self) -> list[PictureMerge]:
        """What to choose among the pictures."""
        return [clash for _picture, clash in self.pictures if clash is not None]

    @property
    def taken(self) -> list[str]:
        """Names of what was taken from the other person without asking."""
        found = [f.label for f in self.fields if f.from_theirs]
        if body_of(self.parts, [Choice.MINE] * len(self.passages)) != self.mine.body_html:
            found.append(_("Isi naskah"))
        if [p for p, _clash in self.pictures if p is not None] != list(self.mine.pictures):
            found.append(_("Foto"))
        return found

    @property
    def to_choose(self) -> int:
        """How many choices there are."""
        return len(self.field_clashes) + len(self.passages) + len(self.picture_clashes) + self.order_clash

    def content(self, choices: Choices) -> StoryContent:
        """The whole after choosing. Passages: both while nobody has chosen; facts and pictures: mine."""
        picked = [choices.get(p.key, Choice.BOTH) for p in self.passages]
        values = {f.key: f.chosen(choices) for f in self.fields if hasattr(self.mine, f.key)}
        return replace(
            self.mine, **values, body_html=body_of(self.parts, picked), pictures=self._pictures(choices)
        )

    def _pictures(self, choices: Choices) -> tuple[PictureContent, ...]:
        found = []
        for picture, clash in self.pictures:
            chosen = picture
            if clash is not None and choices.get(clash.key) is Choice.THEIRS:
                chosen = clash.theirs
            elif clash is not None and choices.get(clash.key) is Choice.MINE:
                chosen = clash.mine
            if chosen is not None:
                found.append(chosen)
        if self.order_clash and choices.get(ORDER) is Choice.THEIRS:
            return _in_order(found, [p.asset_id for p in self.theirs.pictures])
        return tuple(found)


def merge_contents(base: StoryContent, mine: StoryContent, theirs: StoryContent) -> ThreeWay:
    """Bring three cleaned contents together."""
    fields = []
    for name, label in FIELDS.items():
        values = tuple(getattr(content, name) for content in (base, mine, theirs))
        merge = merge_field(name, str(label), *values)
        if merge is not None:
            fields.append(merge)
    parts = merge_bodies(base.body_html, mine.body_html, theirs.body_html)
    pictures, order_clash = _merge_pictures(base.pictures, mine.pictures, theirs.pictures)
    return ThreeWay(base, mine, theirs, fields, parts, pictures, order_clash)


def merge_field(key: str, label: str, base: Any, mine: Any, theirs: Any) -> FieldMerge | None:
    """One fact; None when it is the same everywhere."""
    if base == mine == theirs:
        return None
    merges, value = merge_value(base, mine, theirs)
    if not merges and key in _PROSE:
        together = merge_texts(base, mine, theirs)
        merges, value = together is not None, together if together is not None else mine
    return FieldMerge(key, label, base, mine, theirs, value, clash=not merges)


def _alone(blocks: Sequence[Block]) -> list[Block]:
    """Blocks apart from what stood before them."""
    return [Block(b.path, b.tokens, 0 if n == 0 else b.joined) for n, b in enumerate(blocks)]


Pictures = Sequence[PictureContent]


def _merge_pictures(
    base: Pictures, mine: Pictures, theirs: Pictures
) -> tuple[list[tuple[PictureContent | None, PictureMerge | None]], bool]:
    sides = [{p.asset_id: p for p in side} for side in (base, mine, theirs)]
    merged: dict[int, tuple[PictureContent | None, PictureMerge | None]] = {}
    for ident in {i: None for side in (mine, theirs, base) for i in (p.asset_id for p in side)}:
        picture, clash = _merge_picture(ident, *(side.get(ident) for side in sides))
        if picture is not None or clash is not None:
            merged[ident] = (picture, clash)
    common = [set(side) & set(merged) for side in sides]
    everywhere = common[0] & common[1] & common[2]
    orders = [[p.asset_id for p in side if p.asset_id in everywhere] for side in (base, mine, theirs)]
    settled, order = merge_value(*orders)
    main, other = (mine, theirs) if order == orders[1] else (theirs, mine)
    line = [p.asset_id for p in main if p.asset_id in merged]
    previous: int | None = None
    for ident in (p.asset_id for p in other if p.asset_id in merged):
        if ident not in line:
            line.insert(line.index(previous) + 1 if previous is not None else 0, ident)
        previous = ident
    line += [ident for ident in merged if ident not in line]
    return [merged[ident] for ident in line], not settled


def _merge_picture(
    ident: int, base: PictureContent | None, mine: PictureContent | None, theirs: PictureContent | None
) -> tuple[PictureContent | None, PictureMerge | None]:
    merges, value = merge_value(base, mine, theirs)
    if merges:
        return value, None
    clash = PictureMerge(f"foto-{ident}", ident, base, mine, theirs)
    if mine is None or theirs is None:
        return (
            mine or theirs,
            clash,
        )  # one took it off, the other wrote about it: it stays until somebody says
    words = {}
    for name in _PICTURE_WORDS:
        before = getattr(base, name) if base is not None else ""
        fits, words[name] = merge_value(before, getattr(mine, name), getattr(theirs, name))
        if not fits:
            return mine, clash
    return PictureContent(ident, **words), None


def _in_order(pictures: Pictures, order: Sequence[int]) -> tuple[PictureContent, ...]:
    """The pictures as ``order`` has them; one that it does not know stays after the one before it."""
    place = {ident: n for n, ident in enumerate(order)}
    keyed: list[tuple[int, int, PictureContent]] = []
    last = -1
    for n, picture in enumerate(pictures):
        last = place.get(picture.asset_id, last)
        keyed.append((last, n, picture))
    return tuple(p for _place, _n, p in sorted(keyed, key=lambda k: k[:2]))
