"""Jobs of the scoring room."""

from datetime import time

from humasflow.core.db import db
from humasflow.core.localtime import from_local
from humasflow.orgs.queries import get_office
from humasflow.publishing.models import Delivery
from humasflow.scoring import queries
from humasflow.scoring.models import SchemeVersion
from humasflow.scoring.services.ledger import score_delivery
from humasflow.scoring.services.schemes import RESCORE

BATCH = 200


def rescore(ref: str) -> None:
    """Score again everything live since a scheme version took effect, committing each batch: a crash repeats little."""
    version = db.session.get_one(SchemeVersion, int(ref))
    office_id = version.scheme.office_id
    office = get_office(office_id)
    start = from_local(version.effective_from, time(0), office.zone_name)
    last = 0
    while ids := queries.list_published_ids(office_id, start, after=last, limit=BATCH):
        for delivery_id in ids:
            score_delivery(db.session.get_one(Delivery, delivery_id))
        last = ids[-1]
        db.session.commit()


JOBS = {RESCORE: rescore}
