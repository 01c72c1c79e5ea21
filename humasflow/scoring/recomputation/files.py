"""The files that prove what counts: which of them nobody finds any more. No sum depends on them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import literal, select

from humasflow.core.db import db
from humasflow.media.models import Asset
from humasflow.media.services import storage
from humasflow.publishing.models import Evidence
from humasflow.scoring.models import Measurement, OfficialResult
from humasflow.scoring.recomputation.moment import let_writers_in

BATCH = 1000

# Whose file it is, its number, what it proves, and the file.
_EVIDENCE = (
    select(Evidence.id, literal("publication"), Evidence.delivery_id, Asset.office_id, Asset.original_key)
    .join(Asset, Asset.id == Evidence.screenshot_id)
    .order_by(Evidence.id)
)
_MEASURED = (
    select(Measurement.id, literal("measurement"), Measurement.id, Measurement.office_id, Asset.original_key)
    .join(Asset, Asset.id == Measurement.asset_id)
    .order_by(Measurement.id)
)
_ANNOUNCED = (
    select(
        OfficialResult.id, literal("official result"), OfficialResult.id, OfficialResult.office_id, Asset.original_key
    )
    .join(Asset, Asset.id == OfficialResult.asset_id)
    .order_by(OfficialResult.id)
)  # fmt: skip


def missing_files() -> Iterator[str]:
    """Each file of proof that is not on the disk, as a sentence for an administrator. One look at the disk a file, in
    batches; only reads.
    """
    kept = storage()
    for statement, id_ in (
        (_EVIDENCE, Evidence.id), (_MEASURED, Measurement.id), (_ANNOUNCED, OfficialResult.id),
    ):  # fmt: skip
        for _id, what, number, office_id, key in _batches(statement, id_):
            if not kept.path(key).is_file():
                yield f"office {office_id}: the file {key} of {what} {number} is not on the disk"


def _batches(statement: Any, id_: Any) -> Iterator[Any]:
    last = 0
    while rows := db.session.execute(statement.where(id_ > last).limit(BATCH)).all():
        let_writers_in()
        yield from rows
        last = rows[-1][0]
