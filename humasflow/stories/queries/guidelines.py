"""Reading what the guidelines say about a story, and what was answered, in a constant number of statements."""

from collections.abc import Sequence

from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.events import emit
from humasflow.core.localtime import to_local
from humasflow.guidelines import queries as guidelines
from humasflow.guidelines.checks.base import ChannelText, Finding, House, PictureFacts
from humasflow.guidelines.checks.catalogue import CATALOGUE
from humasflow.guidelines.checks.running import check, choice_of
from humasflow.guidelines.enums import Consent, RuleCode, Severity, Ticker
from humasflow.guidelines.models import ChecklistItem
from humasflow.media.enums import ConsentStanding
from humasflow.media.models import Asset
from humasflow.media.queries.consents import standings
from humasflow.orgs import queries as orgs
from humasflow.planning.models import ContentType
from humasflow.stories.contents import StoryContent, content_of
from humasflow.stories.enums import AssignmentState
from humasflow.stories.events import TextsAsked
from humasflow.stories.guidance import (
    FindingLine,
    Guidance,
    ItemLine,
    manuscript_from,
    may_override,
    passage_hash,
    reasons_not_to_declare,
    reasons_not_to_tick,
)
from humasflow.stories.models import Assignment, Story, StoryVersion
from humasflow.stories.models.guidelines import ChecklistTick, FindingOverride, StoryDeclaration

# A task that was taken on, or is done, makes the person the holder of its role.
_HOLDING = (AssignmentState.ACCEPTED, AssignmentState.DONE)


def get_guidance(
    story: Story,
    version: StoryVersion,
    body_html: str,
    *,
    actor: Principal | None = None,
    posts: Sequence[ChannelText] | None = None,
) -> Guidance:
    """Everything about one version of a story. ``posts`` are the texts that go out with it; None asks the rooms that
    know about them for the present ones.
    """
    if posts is None:
        asked = TextsAsked(story_id=story.id)
        emit(asked)
        posts = asked.posts
    house = guidelines.get_house(story.office_id)
    declaration = db.session.get(StoryDeclaration, story.id)
    is_declared = declaration is not None and declaration.digest == version.digest
    code = story.content_type.code
    pictures = picture_facts(
        story.office_id, [(p.asset, p.alt_text, p.credit, p.caption) for p in version.pictures]
    )
    manuscript = manuscript_from(
        content_of(version, body_html),
        content_type=code,
        pictures=pictures,
        posts=posts,
        is_declared=is_declared,
    )
    return Guidance(
        story=story,
        findings=_lines(story, check(manuscript, house), actor),
        items=_items(story, version.digest, actor),
        declaration=declaration,
        is_declared=is_declared,
        asks_declaration=_asks(house, code),
        may_declare=actor is not None and not reasons_not_to_declare(actor, story),
    )


def check_unsaved(
    office_id: int,
    content: StoryContent,
    content_type: ContentType | None,
    assets: Sequence[Asset],
    *,
    story: Story | None = None,
    actor: Principal | None = None,
) -> Guidance:
    """The findings of a text that is still being written. Checklists and the declaration belong to saved texts, so that
    nothing is asked or answered here.
    """
    by_id = {a.id: a for a in assets}
    used = [
        (by_id[p.asset_id], p.alt_text, p.credit, p.caption) for p in content.pictures if p.asset_id in by_id
    ]
    manuscript = manuscript_from(
        content, content_type=content_type.code if content_type else "", is_declared=True,
        pictures=picture_facts(office_id, used),
    )  # fmt: skip
    found = check(manuscript, guidelines.get_house(office_id))
    if story is None:
        return Guidance(None, [FindingLine(f, None, may_override=False) for f in found], ())
    return Guidance(story, _lines(story, found, actor), ())


def picture_facts(
    office_id: int, pictures: Sequence[tuple[Asset, str, str, str]]
) -> tuple[PictureFacts, ...]:
    """Pictures with their alternative text, credit and caption, as the checks see them; two statements, none without
    pictures.
    """
    if not pictures:
        return ()
    office = orgs.get_office(office_id)
    today = to_local(clock.now(), office.zone_name).date()
    consents = standings([asset.id for asset, *_texts in pictures], today)
    return tuple(
        PictureFacts(
            key=asset.sha256, name=asset.filename, alt_text=alt_text, credit=credit, caption=caption,
            shows_child=asset.shows_child, faces_blurred=asset.faces_blurred_at is not None,
            consent=_consent(consents.get(asset.id, ConsentStanding.NONE), asset),
        )
        for asset, alt_text, credit, caption in pictures
    )  # fmt: skip


def _consent(standing: ConsentStanding, asset: Asset) -> Consent:
    """Where nobody recorded anything only a child is known to be there, whose parents are asked."""
    if standing is ConsentStanding.LAPSED:
        return Consent.EXPIRED
    if standing is ConsentStanding.NONE:
        missing = asset.shows_child and asset.faces_blurred_at is None
        return Consent.MISSING if missing else Consent.NOT_NEEDED
    return Consent.GIVEN


def _asks(house: House, content_type: str) -> bool:
    rule = CATALOGUE[RuleCode.EXCLUDED_INFORMATION]
    choice = choice_of(house, rule)
    return choice.severity is not None and rule.concerns(content_type, choice.options)


def _lines(story: Story, found: Sequence[Finding], actor: Principal | None) -> list[FindingLine]:
    rows = db.session.scalars(select(FindingOverride).where(FindingOverride.story_id == story.id))
    known = {(o.code, o.passage_hash): o for o in rows}
    may = {
        severity: actor is not None and severity is not Severity.INFO and may_override(actor, story, severity)
        for severity in Severity
    }

    def override_of(finding: Finding) -> FindingOverride | None:
        made = known.get((finding.code, passage_hash(finding))) if known else None
        # What was set aside as a warning is not thereby allowed when the office makes it block.
        return made if made is not None and made.severity.rank <= finding.severity.rank else None

    return [FindingLine(f, override_of(f), may[f.severity]) for f in found]


def _items(story: Story, digest: str, actor: Principal | None) -> list[ItemLine]:
    items = guidelines.list_items_for(story.office_id, story.content_type_id)
    if not items:
        return []
    rows = db.session.scalars(select(ChecklistTick).where(ChecklistTick.story_id == story.id))
    ticks = {t.item_id: t for t in rows}
    roles = roles_on(actor, story, items)

    def line(item: ChecklistItem) -> ItemLine:
        tick = ticks.get(item.id)
        holds = tick is not None and (not item.asked_again or tick.digest == digest)
        may = actor is not None and not reasons_not_to_tick(actor, story, item, roles)
        return ItemLine(item, tick, is_ticked=holds, may_tick=may)

    return [line(item) for item in items]


def roles_on(actor: Principal | None, story: Story, items: Sequence[ChecklistItem]) -> frozenset[int]:
    """The production roles that the person holds on the story; one statement, none when no item asks for it."""
    if actor is None or not any(i.ticker is Ticker.ROLE for i in items):
        return frozenset()
    statement = select(Assignment.role_id).where(
        Assignment.story_id == story.id, Assignment.person_id == actor.id, Assignment.state.in_(_HOLDING)
    )
    return frozenset(db.session.scalars(statement))
