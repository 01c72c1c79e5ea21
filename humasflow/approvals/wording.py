"""A chain in plain sentences: how the settings page reads it back, and how a package names a seat."""

from collections.abc import Sequence
from typing import Protocol

from flask_babel import gettext as _

from humasflow.approvals.enums import StepRule, StepScope


def askee_words(scope: StepScope, person: str, group: str, *, everyone: bool = False) -> str:
    """Whom an askee stands for, in the middle of a sentence."""
    if scope is StepScope.PERSON:
        return person or _("orang yang tidak berperan Penyetuju lagi")
    if scope is StepScope.GUEST:
        return _("%(name)s (tamu, lewat tautan)", name=person)
    if scope is StepScope.GROUP:
        if everyone:
            return _("semua anggota grup %(group)s", group=group)
        return _("salah satu dari grup %(group)s", group=group)
    return _("penyetuju di seksi naskah") if scope is StepScope.SECTION else _("penyetuju tingkat kantor")


class SeatLike(Protocol):
    """A seat of a package."""

    @property
    def scope(self) -> StepScope:
        """Whom it stands for."""

    @property
    def label(self) -> str:
        """The person's or the group's name."""


def seat_words(seat: SeatLike) -> str:
    """A seat in words."""
    return askee_words(seat.scope, seat.label, seat.label)


def step_sentence(label: str, rule: StepRule, parts: Sequence[str]) -> str:
    """``Kepala Seksi (penyetuju di seksi naskah)``; ``Pimpinan (bersama-sama: … dan …)``. A label that only says whom
    the step asks is not said twice.
    """
    plain = listed(parts, _("dan"))
    repeats = label.casefold() == plain.casefold()
    if len(parts) < 2:
        return label if repeats or not plain else f"{label} ({plain})"
    if rule is StepRule.ALL:
        words = _("bersama-sama: %(parts)s", parts=plain)
    else:
        words = _("cukup satu: %(parts)s", parts=listed(parts, _("atau")))
    return words if repeats else f"{label} ({words})"


def chain_sentence(sentences: Sequence[str]) -> str:
    """The whole chain in one sentence: ``1. …, lalu 2. …``."""
    numbered = [f"{n}. {words}" for n, words in enumerate(sentences, start=1)]
    if len(numbered) < 2:
        return "".join(numbered)
    return _("%(before)s, lalu %(after)s", before=", ".join(numbered[:-1]), after=numbered[-1])


def listed(parts: Sequence[str], word: str) -> str:
    """``A dan B``; ``A, B, dan C``."""
    if len(parts) < 3:
        return f" {word} ".join(parts)
    return f"{', '.join(parts[:-1])}, {word} {parts[-1]}"
