"""What differs between two bodies as they look: headings, lists, tables, pictures and formatting stay what they are,
and inside them every word that went is in ``<del>`` and every word that came in ``<ins>``.

Blocks are matched first and only the changed ones are compared word by word. The comparison is exact:
:func:`apply_steps` makes the new body out of the old one with nothing but what the comparison says.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from flask import g
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from humasflow.core.html import clean_html
from humasflow.stories.comparison.aligning import pairs_of, steps_between
from humasflow.stories.comparison.blocks import (
    BREAK,
    Block,
    Token,
    Writer,
    read_blocks,
    write_blocks,
    write_tokens,
)
from humasflow.stories.comparison.differences import Mark

# Words of one block; above it the block is shown as taken out and put in.
LONGEST_COMPARED = 4000
# Unchanged blocks that stay visible beside a change; more are folded away.
CONTEXT = 1

Figure = Callable[[int], str]


class BodyPiece(NamedTuple):
    """A token with what happened to it. A tuple, because a long comparison makes tens of thousands of them."""

    mark: Mark
    token: Token


@dataclass(frozen=True)
class BodyStep:
    """One block of the old body, of the new one, or of both. ``pieces`` when both are there and differ."""

    old: Block | None
    new: Block | None
    pieces: Sequence[BodyPiece] = ()

    @property
    def is_changed(self) -> bool:
        """Whether anything in it differs."""
        return self.old is None or self.new is None or bool(self.pieces)


@dataclass(frozen=True)
class Passage:
    """Consecutive blocks that begin at the top of the text: what stands side by side."""

    steps: Sequence[BodyStep] = field(default_factory=tuple)

    @property
    def is_changed(self) -> bool:
        """Whether anything in it differs."""
        return any(step.is_changed for step in self.steps)


def compare_bodies(old: str, new: str) -> list[BodyStep]:
    """The way from one clean body to another."""
    before, after = read_blocks(old), read_blocks(new)
    numbers: dict[Block, int] = {}
    keys_before = [numbers.setdefault(block, len(numbers)) for block in before]
    keys_after = [numbers.setdefault(block, len(numbers)) for block in after]
    found: list[BodyStep] = []
    for tag, a, b, c, d in steps_between(keys_before, keys_after):
        if tag == "equal":
            found += [BodyStep(x, y) for x, y in zip(before[a:b], after[c:d], strict=True)]
        else:
            found += _changed(before[a:b], after[c:d])
    return found


def apply_steps(old: str, steps: Iterable[BodyStep]) -> str:
    """The new body, made of the old one by a comparison. Raises ValueError for the comparison of another text."""
    rest = iter(read_blocks(old))
    made: list[Block] = []
    for step in steps:
        if step.old is not None and next(rest, None) != step.old:
            raise ValueError("the comparison does not begin with this text")
        if step.pieces and step.old is not None:
            read = tuple(p.token for p in step.pieces if p.mark is not Mark.INSERTED)
            if read != step.old.tokens:
                raise ValueError("the pieces are not those of this block")
        if step.new is not None:
            tokens = tuple(p.token for p in step.pieces if p.mark is not Mark.DELETED)
            made.append(Block(step.new.path, tokens or step.new.tokens, step.new.joined))
    if next(rest, None) is not None:
        raise ValueError("the comparison ends before this text")
    return write_blocks(made)


def compare_tokens(old: Sequence[Token], new: Sequence[Token]) -> list[BodyPiece]:
    """Word by word. What is not deleted is the new block, what is not inserted the old one. Where the cells of a row
    are the same, cell by cell.
    """
    if any(t.is_structure for t in old):
        return [piece for a, b in _cells(old, new) for piece in _compare_cell(a, b)]
    return _compare_cell(old, new)


def passages_of(steps: Iterable[BodyStep]) -> list[Passage]:
    """The steps in groups that can be shown by themselves."""
    writer = Writer()
    found: list[list[BodyStep]] = []
    for step in steps:
        if writer.enter(_shown(step)) or not found:
            found.append([])
        found[-1].append(step)
    return [Passage(tuple(group)) for group in found]


@dataclass(frozen=True)
class Stretch:
    """Passages that are shown, or unchanged ones that are folded away."""

    passages: Sequence[Passage]
    folded: bool


def stretches_of(passages: Sequence[Passage]) -> list[Stretch]:
    """What is shown and what is folded away: unchanged passages beyond the neighbours of a change."""
    near = {
        at + offset
        for at, passage in enumerate(passages)
        if passage.is_changed
        for offset in range(-CONTEXT, CONTEXT + 1)
    }
    numbered = groupby(enumerate(passages), key=lambda pair: pair[0] in near)
    found = [Stretch([p for _at, p in group], folded=not shown) for shown, group in numbered]
    return [Stretch(s.passages, folded=s.folded and len(s.passages) > 1) for s in found]


def render_passage(passage: Passage, side: Mark | None, figure: Figure) -> Markup:
    """A passage as HTML: in one text (``side`` None), or only the old (DELETED) or the new one (INSERTED). ``figure``
    gives the HTML of a picture by the id of its asset.
    """
    writer = Writer()
    for step in passage.steps:
        block = step.old if side is Mark.DELETED else step.new if side is Mark.INSERTED else _shown(step)
        if block is None:
            continue
        writer.enter(block)
        writer.out += _marked(_pieces_of(step, side), figure)
    return Markup(writer.text())  # noqa: S704 - put together from cleaned pieces; its text was never unescaped


def render_body_diff(old: str, new: str, figure: Figure) -> Markup:
    """The whole of it in one text."""
    steps = compare_bodies(clean_html(old), clean_html(new))
    return Markup("").join(render_passage(p, None, figure) for p in passages_of(steps))


def _shown(step: BodyStep) -> Block:
    block = step.new if step.new is not None else step.old
    if block is None:
        raise TypeError("a step has at least one side")
    if step.old is not None and step.new is not None and step.old.joined > block.joined:
        # Its list went on from a block that is shown as deleted before it.
        return Block(block.path, block.tokens, step.old.joined)
    return block


def _changed(before: Sequence[Block], after: Sequence[Block]) -> Iterator[BodyStep]:
    a = b = 0
    for i, j in pairs_of(before, after):
        yield from _whole(before[a:i], after[b:j])
        yield BodyStep(before[i], after[j], compare_tokens(before[i].tokens, after[j].tokens))
        a, b = i + 1, j + 1
    yield from _whole(before[a:], after[b:])


def _whole(gone: Sequence[Block], come: Sequence[Block]) -> Iterator[BodyStep]:
    yield from (BodyStep(block, None) for block in gone)
    yield from (BodyStep(None, block) for block in come)


def _cells(old: Sequence[Token], new: Sequence[Token]) -> Iterator[tuple[Sequence[Token], Sequence[Token]]]:
    """The texts of two rows of the same shape, with the elements between them."""

    def parts(tokens: Sequence[Token]) -> list[list[Token]]:
        found: list[list[Token]] = [[]]
        for token in tokens:
            if token.is_structure:
                found += [[token], []]
            else:
                found[-1].append(token)
        return found

    return zip(parts(old), parts(new), strict=True)


def _units(tokens: Sequence[Token]) -> list[tuple[Token | None, Token | None]]:
    """Words, each with the gap before it; a gap at the end stands alone."""
    found: list[tuple[Token | None, Token | None]] = []
    gap: Token | None = None
    for token in tokens:
        if token.is_gap and gap is None:
            gap = token
        else:
            found.append((gap, token))
            gap = None
    return [*found, (gap, None)] if gap is not None else found


def _compare_cell(old: Sequence[Token], new: Sequence[Token]) -> list[BodyPiece]:
    before, after = _units(old), _units(new)
    words_before, words_after = [word for _gap, word in before], [word for _gap, word in after]
    if max(len(before), len(after)) > LONGEST_COMPARED:
        return _swapped(before, after)
    found: list[BodyPiece] = []
    same = Mark.SAME
    for tag, a, b, c, d in steps_between(words_before, words_after):
        if tag == "replace":
            found += _swapped(before[a:b], after[c:d])
            continue
        for (old_gap, word), (new_gap, _word) in zip(before[a:b], after[c:d], strict=True):
            if old_gap != new_gap:
                found += [*_as(Mark.DELETED, old_gap), *_as(Mark.INSERTED, new_gap)]
            elif old_gap is not None:
                found.append(BodyPiece(same, old_gap))
            if word is not None:
                found.append(BodyPiece(same, word))
    return found


def _swapped(
    before: Sequence[tuple[Token | None, Token | None]], after: Sequence[tuple[Token | None, Token | None]]
) -> list[BodyPiece]:
    """What went, then what came; a gap that stands before both is outside."""
    shared = before[0][0] if before and after and before[0][0] == after[0][0] else None
    gone = [piece for unit in before for token in unit for piece in _as(Mark.DELETED, token)]
    come = [piece for unit in after for token in unit for piece in _as(Mark.INSERTED, token)]
    if shared is None:
        return gone + come
    return [*_as(Mark.SAME, shared), *gone[1:], *come[1:]]


def _as(mark: Mark, token: Token | None) -> list[BodyPiece]:
    return [] if token is None else [BodyPiece(mark, token)]


def _pieces_of(step: BodyStep, side: Mark | None) -> list[BodyPiece]:
    if step.pieces:
        return [p for p in step.pieces if side is None or p.mark in (Mark.SAME, side)]
    if step.old is not None and step.new is not None:
        return [BodyPiece(Mark.SAME, token) for token in step.new.tokens]
    mark, block = (Mark.DELETED, step.old) if step.new is None else (Mark.INSERTED, step.new)
    tokens = block.tokens if block is not None else ()
    # An empty paragraph that came or went is a thing that can be seen.
    return [BodyPiece(mark, token) for token in tokens or (Token("¶"),)]


def _marked(pieces: Sequence[BodyPiece], figure: Figure) -> Iterator[str]:
    """HTML with the marks, which are told to those who cannot see them."""

    def kind(piece: BodyPiece) -> Mark:
        mark, token = piece
        return Mark.SAME if token.tags is None else mark

    for mark, run in groupby(pieces, key=kind):
        tokens = [token for _mark, token in run]
        if mark is Mark.SAME:
            yield "".join(_html_of(tokens, figure))
        elif all(token.is_gap for token in tokens):
            yield "" if mark is Mark.DELETED else " "  # a gap that only grew or moved is no news
        else:
            tag = "ins" if mark is Mark.INSERTED else "del"
            text = "".join(_html_of(tokens, figure, with_breaks=True))
            yield (
                f'<{tag}><span class="visually-hidden">[{_spoken(mark)}: </span>{text}'
                f'<span class="visually-hidden">]</span></{tag}>'
            )


def _spoken(mark: Mark) -> str:
    """What a mark is called, asked for once a request and language."""
    known: dict[Mark, str] = g.setdefault("spoken_marks", {})
    if mark not in known:
        known[mark] = str(escape(mark.label))
    return known[mark]


def _html_of(tokens: Sequence[Token], figure: Figure, *, with_breaks: bool = False) -> Iterator[str]:
    if not any(t.text.startswith("<") for t in tokens):  # nothing but words, as almost everywhere
        yield write_tokens(tokens)
        return
    for is_figure, run in groupby(tokens, key=lambda t: t.text.startswith("<figure")):
        if is_figure:
            for token in run:
                asset = token.text.partition('data-asset="')[2].partition('"')[0]
                yield figure(int(asset)) if asset.isdecimal() else ""
        elif with_breaks:
            yield write_tokens(Token(f"↵{BREAK}", t.tags) if t.text == BREAK else t for t in run)
        else:
            yield write_tokens(run)


def describe_body(steps: Sequence[BodyStep]) -> str:
    """How much differs, in a sentence."""
    changed = sum(step.is_changed for step in steps)
    if not changed:
        return _("Isi naskah sama.")
    words = {Mark.INSERTED: 0, Mark.DELETED: 0}
    for step in steps:
        for piece in _pieces_of(step, None) if step.is_changed else ():
            if piece.mark in words and not piece.token.is_gap and piece.token.text.isalnum():
                words[piece.mark] += 1
    come, gone = words[Mark.INSERTED], words[Mark.DELETED]
    return _(
        "%(parts)s: %(come)s, %(gone)s.",
        parts=ngettext("%(num)s bagian berubah", "%(num)s bagian berubah", changed),
        come=ngettext("%(num)s kata ditambahkan", "%(num)s kata ditambahkan", come),
        gone=ngettext("%(num)s kata dihapus", "%(num)s kata dihapus", gone),
    )
