"""The ledger again from scratch, by another way: for finding differences.

One pass over every line, in batches by the publication it is of; of an office nothing is kept but its sums and the few
addresses that several publications share, so that memory does not grow with the ledger. Only the digests of closed
periods read their lines once more, as they were signed.
"""

from collections.abc import Iterator

from sqlalchemy import select

from humasflow.core.db import db
from humasflow.orgs.enums import UnitKind
from humasflow.orgs.models import Unit
from humasflow.scoring.recomputation.files import missing_files
from humasflow.scoring.recomputation.moment import at_one_moment, let_writers_in
from humasflow.scoring.recomputation.office import differences_of

__all__ = ["at_one_moment", "differences", "missing_files"]


def differences() -> Iterator[str]:
    """Each difference as a sentence for an administrator: what should count and does not, or the other way; a period,
    a share, a state, a sum or a digest that is not what the lines and events give. Offices that are no longer active
    are looked at as well. Only reads.
    """
    every = select(Unit.id).where(Unit.kind == UnitKind.OFFICE).order_by(Unit.path)
    for office_id in db.session.scalars(every).all():
        for found in differences_of(office_id):
            yield f"office {office_id}: {found}"
        let_writers_in()
