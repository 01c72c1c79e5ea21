"""The numbers of many publications at once, from a grid, a paste or a spreadsheet. Safe to repeat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal, require
from humasflow.channels.adapters.base import METRICS
from humasflow.core import clock
from humasflow.core.permissions import Permission
from humasflow.metrics.services.many import Seen, record_readings
from humasflow.metrics.services.recording import BY_HAND, TOLERANCE, NothingRecorded, WrongTime

MOST: Final = 2_000  # publications at once


@dataclass(frozen=True, slots=True)
class Entry:
    """What was read of one publication: whole numbers by the names of METRICS, None or missing is unknown."""

    delivery_id: int
    numbers: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of the entries: ``written``, ``known`` (the same was known already), ``left_out``
    (ids of publications that are not live in this office, or went live after the numbers were read).
    """

    written: int
    known: int
    left_out: tuple[int, ...]


def record_grid(
    office_id: int, entries: Sequence[Entry], *, actor: Principal, seen_at: datetime, source: str = BY_HAND
) -> Recorded:
    """Append a reading for each publication whose numbers differ from what was known at ``seen_at``.

    Entries without any number write nothing. ``source``: ``manual`` or ``file``. A fixed number of statements, and one
    act in the audit a publication. Flushes. Raises NotAllowed, NotFound, WrongTime, NothingRecorded (none, or
    more than :data:`MOST`).
    """
    require(actor, Permission.METRIC_RECORD, office_id)
    if seen_at > clock.now() + TOLERANCE:
        raise WrongTime(_("Waktu ini belum terjadi. Periksa tanggal dan jamnya."))
    filled = {e.delivery_id: e for e in entries if any(e.numbers.get(n) is not None for n in METRICS)}
    if not filled:
        raise NothingRecorded(_("Isi sedikitnya satu angka. Yang tidak terlihat di kanal, biarkan kosong."))
    if len(filled) > MOST:
        raise NothingRecorded(_("Paling banyak %(n)s publikasi sekaligus.", n=MOST))
    asked = [Seen(ident, filled[ident].numbers, seen_at) for ident in sorted(filled)]
    kept = record_readings(office_id, asked, actor=actor, source=source)
    written = sum(k.reading_id is not None for k in kept)
    left_out = tuple(a.delivery_id for a, k in zip(asked, kept, strict=True) if k.is_left_out)
    return Recorded(written, len(kept) - written - len(left_out), left_out)
