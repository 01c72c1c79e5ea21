"""Which stored files prove what is reported: pictures of publications, and documents behind measured numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Select, select

from humasflow.core.db import db
from humasflow.core.periods import PeriodError, parse_period
from humasflow.media.models import Asset
from humasflow.media.services import storage
from humasflow.publishing.models import Evidence
from humasflow.scoring.models import Measurement, OfficialResult

_AT_ONCE: Final = 500  # publications a statement


@dataclass(frozen=True)
class StoredFile:
    """A file on the disk with the SHA-256 that was written down when it came in."""

    path: Path
    sha256: str
    title: str = ""
    captured_at: datetime | None = None


def files_of(delivery_ids: Sequence[int]) -> dict[int, list[StoredFile]]:
    """Each publication's pictures, the newest first, each file once. One statement for 500 publications."""
    found: dict[int, list[StoredFile]] = {}
    seen: set[tuple[int, str]] = set()
    for first in range(0, len(delivery_ids), _AT_ONCE):
        ids = delivery_ids[first : first + _AT_ONCE]
        rows = db.session.execute(
            select(Evidence.delivery_id, Evidence.file_sha256, Evidence.captured_at, Asset.original_key, Asset.sha256)
            .join(Asset, Asset.id == Evidence.screenshot_id)
            .where(Evidence.delivery_id.in_(ids))
            .order_by(Evidence.delivery_id, Evidence.id.desc())
        )  # fmt: skip
        for delivery_id, noted, captured_at, key, kept in rows:
            if (delivery_id, key) not in seen:
                seen.add((delivery_id, key))
                found.setdefault(delivery_id, []).append(
                    StoredFile(storage().path(key), noted or kept, captured_at=captured_at)
                )
    return found


def documents_of(office_id: int, start: date, end: date) -> list[StoredFile]:
    """The documents behind measurements and official results of periods that lie within these local days, each once;
    what was superseded and what only some may see is left out.
    """
    found: dict[str, StoredFile] = {}
    for statement in _statements(office_id):
        for period, document, key, sha256 in db.session.execute(statement):
            if _within(period, start, end) and key not in found:
                found[key] = StoredFile(storage().path(key), sha256, title=document)
    return list(found.values())


def _statements(office_id: int) -> Iterator[Select[*tuple[Any, ...]]]:
    """Period, title, storage key and digest of what stands."""
    models: tuple[type[Measurement] | type[OfficialResult], ...] = (Measurement, OfficialResult)
    for model in models:
        newer = select(model.supersedes_id).where(
            model.office_id == office_id, model.supersedes_id.is_not(None)
        )
        yield (
            select(model.period, model.document, Asset.original_key, Asset.sha256)
            .join(Asset, Asset.id == model.asset_id)
            .where(model.office_id == office_id, Asset.is_restricted.is_(False), model.id.not_in(newer))
            .order_by(model.period, model.id)
        )


def _within(key: str, start: date, end: date) -> bool:
    try:
        period = parse_period(key)
    except PeriodError:
        return False
    return start <= period.start and period.end <= end
