"""Jobs of the scoring room."""

from datetime import time

from flask_babel import gettext as _

from humasflow.core.db import db
from humasflow.core.localtime import from_local
from humasflow.orgs.queries import get_office
from humasflow.publishing.models import Delivery
from humasflow.scoring import queries
from humasflow.scoring.models import SchemeVersion
from humasflow.scoring.services.holding import hold_many
from humasflow.scoring.services.ledger import rescore_delivery
from humasflow.scoring.services.schemes import RESCORE

BATCH = 200


def rescore(ref: str) -> None:
    """Bring everything live since a scheme version took effect up to its rules, committing each batch: a crash repeats
    little. Lines under the rules before it are reversed; what is closed stays.
    """
    version = db.session.get_one(SchemeVersion, int(ref))
    office_id = version.scheme.office_id
    office = get_office(office_id)
    start = from_local(version.effective_from, time(0), office.zone_name)
    last = 0
    while ids := queries.list_published_ids(office_id, start, after=last, limit=BATCH):
        hold_many(ids)
        for delivery_id in ids:
            rescore_delivery(
                db.session.get_one(Delivery, delivery_id), actor=None, reason=_("Aturan penilaian berubah.")
            )
        last = ids[-1]
        db.session.commit()


JOBS = {RESCORE: rescore}
