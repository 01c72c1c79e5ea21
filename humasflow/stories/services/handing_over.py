"""A story given to another office: a ready release down, a submission up, a release from outside.

What is taken becomes a story of its own that credits where it is from; later changes on either side stay there. Every
function checks, changes, records and tells, in this order; it flushes and never commits.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.policy import Principal, require_here
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Reason, Refused, UserError
from humasflow.core.events import emit
from humasflow.core.html import figure_assets, without_figures, without_mentions
from humasflow.media.models import Asset
from humasflow.media.services.copying import copy_assets
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.planning.campaigns.enums import OfferState
from humasflow.planning.campaigns.models import CampaignOffer
from humasflow.stories import queries
from humasflow.stories.contents import PictureContent, StoryContent, content_of
from humasflow.stories.enums import HandoverKind, HandoverMove, HandoverState, StorySource
from humasflow.stories.events import HandoverDecided, StoryHandedOver
from humasflow.stories.handover_policy import (
    kind_between,
    reasons_not_to_answer,
    reasons_not_to_hand_over,
    reasons_not_to_take,
    reasons_not_to_withdraw,
)
from humasflow.stories.models import Story, StoryHandover, StoryVersion
from humasflow.stories.queries.handovers import campaign_there, version_to_give
from humasflow.stories.services import versioning
from humasflow.stories.services.at_source import keep_embargo
from humasflow.stories.services.writing import create_story
from humasflow.stories.workflow import HANDOVER

_SOURCES = {
    HandoverKind.PUSH_DOWN: StorySource.AGENCY,
    HandoverKind.SUBMISSION: StorySource.CHILD_UNIT,
}
NOTE_LIMIT = 300


@dataclass(frozen=True)
class Taken:
    """The new story, and why pictures stayed behind."""

    story: Story
    left: tuple[Reason, ...]


def hand_over(
    story: Story, *, actor: Principal, office_ids: Iterable[int], note: str = ""
) -> list[StoryHandover]:
    """Give the story, as it stands, to offices below (ready releases) or above. One that was given this version and has
    not declined it is left out; an earlier version that it has not answered about is taken back. Returns what was given
    now. Raises Refused where one cannot be given it: then none is.
    """
    require_here(actor, story.office_id)
    note = _short(note)
    takers = [get_office(i) for i in dict.fromkeys(office_ids)]
    if not takers:
        raise UserError(_("Pilih kantor tujuannya."))
    lock(story)
    giver, version = get_office(story.office_id), version_to_give(story)
    reasons = [r for taker in takers for r in reasons_not_to_hand_over(actor, story, version, giver, taker)]
    if reasons:
        raise Refused(list({r.message: r for r in reasons}.values()))
    if version.id == story.current_version_id:
        version = versioning.seal(story)
    known = _known(story, version)
    takers = [taker for taker in takers if taker.id not in known]
    audit.await_turn([giver.id, *(taker.id for taker in takers)])
    _take_back_older(story, version, takers, actor)
    asked = _offers_of(story, takers)
    return [
        _give(story, version, giver, taker, asked.get(taker.id), actor=actor, note=note) for taker in takers
    ]


def take(
    handover: StoryHandover,
    *,
    actor: Principal,
    content_type_id: int,
    section_id: int | None = None,
    pillar_id: int | None = None,
) -> Taken:
    """Make it a story of the office that was given it, held by who takes it: with a version of its own, the source and
    the embargo kept, and the pictures copied as far as consent allows. Raises NotFound, Refused.
    """
    require_here(actor, handover.to_office_id)
    source = db.session.get_one(Story, handover.story_id)
    # The story before the handover, as its own office does: what happens to it there waits, or is seen here.
    lock(source)
    lock(handover)
    reasons = reasons_not_to_take(actor, handover, source)
    if reasons:
        raise Refused(reasons)
    audit.await_turn([handover.from_office_id, handover.to_office_id])
    giver = get_office(handover.from_office_id)
    version = queries.get_version(handover.version_id)
    copied = copy_assets([p.asset for p in version.pictures], office_id=handover.to_office_id, actor=actor)
    made = create_story(
        actor=actor, office_id=handover.to_office_id, content_type_id=content_type_id, section_id=section_id,
        pillar_id=pillar_id, content=_taken_content(version, handover.kind, giver, copied.assets),
    )  # fmt: skip
    if source.embargo_until is not None and source.embargo_until > clock.now():
        keep_embargo(made, source.embargo_until, giver)
    campaign = campaign_there(handover, source)
    made.campaign_id = campaign.id if campaign is not None else None
    handover.taken_as_id = made.id
    _decide(handover, HandoverMove.TAKE, actor)
    _record(AuditAction.HANDOVER_TAKEN, handover, actor, made.id, office_id=made.office_id, label=giver.name)
    _record_at_giver(AuditAction.HANDOVER_TAKEN, handover, actor)
    _tell(handover, actor)
    return Taken(made, copied.left)


def decline(handover: StoryHandover, *, actor: Principal, reason: str) -> None:
    """Say no, and why. Raises NotFound, Refused, UserError."""
    require_here(actor, handover.to_office_id)
    lock(handover)
    reasons = reasons_not_to_answer(actor, handover)
    if reasons:
        raise Refused(reasons)
    handover.reason = _short(reason)
    if not handover.reason:
        raise UserError(_("Tuliskan alasannya, supaya kantor pengirim tahu."))
    audit.await_turn([handover.from_office_id, handover.to_office_id])
    _decide(handover, HandoverMove.DECLINE, actor)
    _record_at_taker(AuditAction.HANDOVER_DECLINED, handover, actor, reason=handover.reason)
    _record_at_giver(AuditAction.HANDOVER_DECLINED, handover, actor, reason=handover.reason)
    _tell(handover, actor)


def withdraw(handover: StoryHandover, *, actor: Principal) -> None:
    """Take back what nobody answered yet. Raises NotFound, Refused."""
    require_here(actor, handover.from_office_id)
    lock(handover)
    reasons = reasons_not_to_withdraw(actor, handover)
    if reasons:
        raise Refused(reasons)
    audit.await_turn([handover.from_office_id, handover.to_office_id])
    _take_back(handover, actor)


def receive_release(
    *,
    actor: Principal,
    office_id: int,
    content: StoryContent,
    agency: str,
    letter: str = "",
    content_type_id: int,
) -> Story:
    """A release from another agency as a story of this office. Its source names the agency and the letter it came with.

    Raises UserError. Needs ``story:write``.
    """
    agency, letter = agency.strip(), letter.strip()
    if not agency:
        raise UserError(_("Sebutkan instansi pengirimnya."))
    note = _("%(agency)s, surat %(letter)s", agency=agency, letter=letter) if letter else agency
    made = create_story(
        actor=actor, office_id=office_id, content_type_id=content_type_id,
        content=replace(content, source=StorySource.AGENCY, source_note=note),
    )  # fmt: skip
    audit.record(
        AuditAction.STORY_RECEIVED, ("story", made.id), office_id=office_id, actor=actor, label=agency,
        letter=letter,
    )  # fmt: skip
    return made


def _known(story: Story, version: StoryVersion) -> set[int]:
    """Offices that were given this very version and did not decline it."""
    return set(
        db.session.scalars(
            select(StoryHandover.to_office_id).where(
                StoryHandover.story_id == story.id, StoryHandover.version_id == version.id,
                StoryHandover.state.in_([HandoverState.OFFERED, HandoverState.TAKEN]),
            )
        )
    )  # fmt: skip


def _take_back_older(story: Story, version: StoryVersion, takers: Iterable[Unit], actor: Principal) -> None:
    """What these offices have not answered about makes way for the version that they are given now."""
    older = db.session.scalars(
        select(StoryHandover)
        .where(
            StoryHandover.story_id == story.id, StoryHandover.version_id != version.id,
            StoryHandover.to_office_id.in_([taker.id for taker in takers]),
            StoryHandover.state == HandoverState.OFFERED,
        )
        .order_by(StoryHandover.id)
    ).all()  # fmt: skip
    for handover in older:
        lock(handover)
        if handover.state is HandoverState.OFFERED:  # declined while this waited for the row
            _take_back(handover, actor, reason=_("Diganti versi %(n)s.", n=version.number))


def _take_back(handover: StoryHandover, actor: Principal, **detail: Any) -> None:
    _decide(handover, HandoverMove.WITHDRAW, actor)
    _record_at_giver(AuditAction.HANDOVER_WITHDRAWN, handover, actor, **detail)
    _record_at_taker(AuditAction.HANDOVER_WITHDRAWN, handover, actor, **detail)
    _tell(handover, actor)


def _give(
    story: Story,
    version: StoryVersion,
    giver: Unit,
    taker: Unit,
    offer_id: int | None,
    *,
    actor: Principal,
    note: str,
) -> StoryHandover:
    kind = kind_between(giver, taker) or HandoverKind.SUBMISSION
    handover = StoryHandover(
        kind=kind, from_office_id=giver.id, to_office_id=taker.id, story_id=story.id, version_id=version.id,
        campaign_offer_id=offer_id, note=note, state=HANDOVER.initial, reason="",
        offered_by=actor.id, offered_at=clock.now(),
    )  # fmt: skip
    db.session.add(handover)
    db.session.flush()
    _record(
        AuditAction.STORY_HANDED_OVER, handover, actor, story.id, office_id=giver.id, label=taker.name,
        version=version.number,
    )  # fmt: skip
    _record_at_taker(AuditAction.STORY_HANDED_OVER, handover, actor, version=version.number)
    emit(
        StoryHandedOver(
            handover_id=handover.id, story_id=story.id, kind=kind, to_office_id=taker.id, actor_id=actor.id
        )
    )
    return handover


def _offers_of(story: Story, takers: Iterable[Unit]) -> dict[int, int]:
    """The offers with which these offices are asked to take part in the story's campaign, or follow it; by office."""
    if story.campaign_id is None:
        return {}
    rows = db.session.execute(
        select(CampaignOffer.office_id, CampaignOffer.id).where(
            CampaignOffer.campaign_id == story.campaign_id,
            CampaignOffer.office_id.in_([taker.id for taker in takers]),
            CampaignOffer.state.in_([OfferState.OFFERED, OfferState.ADOPTED]),
        )
    )
    return {row.office_id: row.id for row in rows}


def _taken_content(
    version: StoryVersion, kind: HandoverKind, giver: Unit, assets: dict[int, Asset]
) -> StoryContent:
    """What was given, in the words of the office that takes it: its own pictures, nobody named who works elsewhere."""
    content = content_of(version, queries.get_body(version.id))
    pictures: dict[int, PictureContent] = {}
    for p in content.pictures:
        if p.asset_id in assets:  # two pictures of the giver may be one in the taker's library
            own = assets[p.asset_id]
            words = PictureContent(own.id, p.credit or own.credit, p.alt_text, p.caption)
            pictures.setdefault(own.id, words)
    return replace(
        content, body_html=_placed(without_mentions(content.body_html), assets), source=_SOURCES[kind],
        source_note=giver.name[:200], pictures=tuple(pictures.values()),
    )  # fmt: skip


def _placed(body: str, assets: dict[int, Asset]) -> str:
    """Figures name the taker's pictures; one that stayed behind leaves its place."""
    numbers = figure_assets(body)
    body = without_figures(body, {n for n in numbers if n not in assets})
    for number in {n for n in numbers if n in assets}:
        body = body.replace(f'<figure data-asset="{number}">', f'<figure data-asset="@{assets[number].id}">')
    return body.replace('data-asset="@', 'data-asset="')


def _decide(handover: StoryHandover, move: HandoverMove, actor: Principal) -> None:
    handover.state = HANDOVER.target(handover.state, move)
    handover.decided_by, handover.decided_at = actor.id, clock.now()
    db.session.flush()


def _short(text: str) -> str:
    text = text.strip()
    if len(text) > NOTE_LIMIT:
        raise UserError(
            _("Paling panjang %(limit)s karakter; sekarang %(size)s.", limit=NOTE_LIMIT, size=len(text))
        )
    return text


def _record(
    action: AuditAction,
    handover: StoryHandover,
    actor: Principal,
    story_id: int,
    *,
    office_id: int,
    **detail: Any,
) -> None:
    audit.record(
        action,
        ("handover", handover.id),
        office_id=office_id,
        actor=actor,
        context=("story", story_id),
        **detail,
    )


def _record_at_giver(action: AuditAction, handover: StoryHandover, actor: Principal, **detail: Any) -> None:
    """On the timeline of the story that was given."""
    _record(
        action, handover, actor, handover.story_id, office_id=handover.from_office_id,
        label=get_office(handover.to_office_id).name, **detail,
    )  # fmt: skip


def _record_at_taker(action: AuditAction, handover: StoryHandover, actor: Principal, **detail: Any) -> None:
    """In the record of the office it is given to, which knows nothing of the story itself."""
    audit.record(
        action, ("handover", handover.id), office_id=handover.to_office_id, actor=actor,
        label=get_office(handover.from_office_id).name, **detail,
    )  # fmt: skip


def _tell(handover: StoryHandover, actor: Principal) -> None:
    emit(
        HandoverDecided(
            handover_id=handover.id, story_id=handover.story_id, state=handover.state,
            taken_as_id=handover.taken_as_id, actor_id=actor.id, reason=handover.reason,
        )
    )  # fmt: skip
