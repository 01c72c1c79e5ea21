"""Other days for a campaign: both ends move as far."""

from datetime import date, timedelta

from humasflow.accounts.policy import Principal, require_here
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db, lock
from humasflow.core.errors import Refused
from humasflow.core.events import emit
from humasflow.core.localtime import show_date
from humasflow.core.versions import expect_version
from humasflow.planning.campaigns.events import CampaignChanged
from humasflow.planning.campaigns.models import Campaign
from humasflow.planning.campaigns.policy import reasons_not_to_move
from humasflow.planning.campaigns.services import check_days


def move_campaign(campaign: Campaign, *, actor: Principal, days: int, row_version: int | None = None) -> None:
    """Let the campaign begin and end so many days later (earlier when negative). Flushes; records both spans.

    Raises CampaignRefused (years the product does not know), Conflict, Refused.
    """
    require_here(actor, campaign.office_id)
    lock(campaign)
    reasons = reasons_not_to_move(actor, campaign)
    if reasons:
        raise Refused(reasons)
    expect_version(campaign, row_version)
    if not days:
        return
    before = (campaign.starts_on, campaign.ends_on)
    try:
        by = timedelta(days=days)
        after = (before[0] + by, before[1] + by)
    except OverflowError:  # no calendar goes that far
        after = (date.min, date.max)
    check_days(*after)
    campaign.starts_on, campaign.ends_on = after
    db.session.flush()
    was, now = (f"{show_date(first)} – {show_date(last)}" for first, last in (before, after))
    audit.record(
        AuditAction.CAMPAIGN_MOVED, ("campaign", campaign.id), office_id=campaign.office_id, actor=actor,
        label=f"{campaign.name}: {was} → {now}", before=before[0].isoformat(), after=after[0].isoformat(),
        row_version=campaign.row_version,
    )  # fmt: skip
    emit(CampaignChanged(campaign.id, ("starts_on", "ends_on"), campaign.is_active, actor.id))
