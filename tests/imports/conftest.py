"""The worker, run until imports have nothing to do."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.imports.models import ImportBatch
from humasflow.imports.services.at_once import work


@pytest.fixture
def finish() -> Callable[[], ImportBatch]:
    """Do what the worker would for the newest import, as often as it takes."""

    def run() -> ImportBatch:
        db.session.rollback()
        batch = db.session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first()
        assert batch is not None
        work(batch)
        return batch

    return run
