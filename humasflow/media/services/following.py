"""Pictures that were handed to other offices follow what is known of the people in them.

A copy is a file of its own, but whoever can be recognised in it was asked elsewhere: what they agree to there, and that
a child is among them, reaches every copy, and copies of those. Every function records; it flushes and never commits.
"""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import today_at
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.media import queries
from humasflow.media.models import Asset, Consent
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office


def _copies_of(asset: Asset) -> Sequence[Asset]:
    """The same picture in offices that were handed it from here; one statement."""
    return db.session.scalars(select(Asset).where(Asset.copied_from_id == asset.id).order_by(Asset.id)).all()


def keep_origin(made: Asset, origin: Asset) -> None:
    """Remember where a picture was handed over from, unless that one came from here itself. The first is remembered."""
    above: int | None = origin.id
    while above is not None and above != made.id:
        above = db.session.get_one(Asset, above).copied_from_id
    if above is None and made.copied_from_id is None:
        made.copied_from_id = origin.id
        db.session.flush()


def pass_on(asset: Asset, consent: Consent) -> None:
    """Somebody agreed after the picture had gone to other offices: they hold it too."""
    for copy in _copies_of(asset):
        for brought in bring_consents(copy, [consent], get_office(asset.office_id), None):
            pass_on(copy, brought)


def bring_consents(
    made: Asset, consents: Sequence[Consent], giver: Unit, actor: Principal | None
) -> list[Consent]:
    """Write down at a copy what people agreed to where they were asked. Once each, also where the library had the
    picture already: the person agreed to its use, not to a file's. ``actor`` None: it follows by itself.
    """
    found: list[Consent] = []
    if not consents:
        return found
    known = db.session.scalars(select(Consent).where(Consent.asset_id == made.id)).all()
    there, own = {c.copied_from_id for c in known}, {c.id for c in known}
    for consent in consents:
        if consent.id in there or consent.copied_from_id in own:  # brought along, or given here first
            continue
        brought = Consent(
            office_id=made.office_id, asset_id=made.id, person=consent.person, kind=consent.kind,
            given_on=consent.given_on, expires_on=consent.expires_on, recorded_by=actor.id if actor else None,
            recorded_at=clock.now(), copied_from_id=consent.id,
            note=_("Tercatat di %(office)s, yang menyimpan buktinya.", office=giver.name),
        )  # fmt: skip
        db.session.add(brought)
        db.session.flush()
        audit.record(
            AuditAction.CONSENT_RECORDED, ("asset", made.id), office_id=made.office_id, actor=actor,
            label=brought.person, consent_id=brought.id,
        )  # fmt: skip
        found.append(brought)
    block_by_consents(made)
    return found


def mark_child_everywhere(asset: Asset, actor: Principal | None) -> None:
    """A child can be recognised: here by who says so, in every copy because of that."""
    if not asset.shows_child:
        asset.shows_child = True
        db.session.flush()
        audit.record(
            AuditAction.ASSET_CHILD_MARKED, ("asset", asset.id), office_id=asset.office_id, actor=actor
        )
    for copy in _copies_of(asset):
        mark_child_everywhere(copy, None)


def block_by_consents(asset: Asset) -> None:
    """The block says what the consents say. Flushes."""
    reason = queries.lapse_of(queries.list_consents(asset.id), today_at(get_office(asset.office_id)))
    if asset.blocked_reason is not reason:
        asset.blocked_reason = reason
        asset.blocked_at = clock.now() if reason else None
        db.session.flush()
