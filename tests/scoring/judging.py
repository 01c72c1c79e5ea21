"""Short ways to publications whose evidence is complete, and to a period that is closed."""

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.media.models import Asset
from humasflow.publishing.enums import LinkState
from humasflow.publishing.models import Delivery
from humasflow.scoring.models import PeriodClose, ScoreScheme
from tests.factories import newsroom
from tests.factories.publications import live_post
from tests.factories.world import World


def proven(world: World, *, title: str = "Terbukti lengkap", picture: Asset | None = None) -> Delivery:
    """Live, its address seen, a picture of it on the disk, recorded by the product."""
    delivery = live_post(world, title=title)
    delivery.link_state, delivery.link_checked_at = LinkState.ALIVE, clock.now()
    shot = picture or newsroom.picture(world)
    evidence = delivery.evidence[0]
    evidence.screenshot_id, evidence.file_sha256 = shot.id, shot.sha256
    db.session.flush()
    db.session.expire(evidence)
    return delivery


def close(scheme: ScoreScheme, period: str) -> PeriodClose:
    """The period is closed, without the questions that are asked before."""
    row = PeriodClose(
        office_id=scheme.office_id, scheme_id=scheme.id, scheme_version_id=scheme.versions[-1].id, period=period,
        closed_at=clock.now(), closed_label="Kepala Kantor, Ketua Tim", answers={}, lines=0, digest="0" * 64,
        result={},
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row
