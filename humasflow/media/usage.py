"""Where files are used: asked by this room, answered by the rooms above it.

A room that shows files offers ``media_usage.SOURCES``; the registry binds them here, as it binds handlers to events.
So the library can say "used in …", and nobody has to be imported from below.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, SQLColumnExpression, and_, not_, or_
from sqlalchemy.sql import false

from humasflow.accounts.policy import Principal


class UseKind(StrEnum):
    """What uses a file."""

    STORY = "story"
    POST = "post"
    PITCH = "pitch"
    EVIDENCE = "evidence"
    CONSENT = "consent"
    OFFICIAL = "official"
    MEASUREMENT = "measurement"

    @property
    def label(self) -> str:
        """For people."""
        return str(_KINDS[self])


@dataclass(frozen=True)
class Use:
    """One place. ``is_current`` is False where only an earlier version has it; ``is_live`` when readers see it now.

    ``url`` is empty when this person may know of the place but not open it.
    """

    kind: UseKind
    title: str
    url: str
    is_current: bool = True
    is_live: bool = False
    detail: str = ""


class Source(Protocol):
    """What a room can say about files, each in a constant number of statements."""

    def uses(self, asset_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
        """The condition that something of this room uses the file."""

    def count_uses(self, asset_ids: Sequence[int]) -> Mapping[int, int]:
        """How many things of this room use each file (now or in an earlier version)."""

    def list_uses(self, actor: Principal, asset_ids: Sequence[int]) -> Mapping[int, Sequence[Use]]:
        """The places by file, the current ones first."""

    def kept_from(self, reader_id: int, asset_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
        """The condition that something of this room uses the file and is confidential for the person."""

    def open_to(self, reader_id: int, asset_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
        """The condition that the person may see something of this room that uses the file."""


_sources: list[Source] = []


def bind(sources: Iterable[Source]) -> None:
    """Replace all bindings (the registry calls it once per application)."""
    _sources[:] = sources


def is_used(asset_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The condition that anything uses the file."""
    return or_(false(), *(source.uses(asset_id) for source in _sources))


def hidden_from(reader_id: int, asset_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The condition that something confidential uses the file and nothing that the person may see does.

    It ends by itself when what was confidential is published. Who sent the file is not asked about here.
    """
    kept = or_(false(), *(source.kept_from(reader_id, asset_id) for source in _sources))
    opened = or_(false(), *(source.open_to(reader_id, asset_id) for source in _sources))
    return and_(kept, not_(opened))


def count_uses(asset_ids: Sequence[int]) -> dict[int, int]:
    """How many things use each file."""
    totals = dict.fromkeys(asset_ids, 0)
    for source in _sources if asset_ids else ():
        for asset_id, number in source.count_uses(asset_ids).items():
            totals[asset_id] += number
    return totals


def list_uses(actor: Principal, asset_ids: Sequence[int]) -> dict[int, list[Use]]:
    """The places by file: what readers see now first, then what is current, then the past."""
    found: dict[int, list[Use]] = {i: [] for i in asset_ids}
    for source in _sources if asset_ids else ():
        for asset_id, uses in source.list_uses(actor, asset_ids).items():
            found[asset_id] += uses
    for uses in found.values():
        uses.sort(key=lambda use: (not use.is_live, not use.is_current))
    return found


_KINDS = {
    UseKind.STORY: _l("Naskah"),
    UseKind.POST: _l("Publikasi"),
    UseKind.PITCH: _l("Usulan"),
    UseKind.EVIDENCE: _l("Bukti tayang"),
    UseKind.CONSENT: _l("Bukti izin"),
    UseKind.OFFICIAL: _l("Nilai resmi"),
    UseKind.MEASUREMENT: _l("Pengukuran"),
}
