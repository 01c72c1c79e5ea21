"""What becomes of a story in its own office after another took it: told, bound by its embargo, freed of its pictures."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction as A
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused, UserError
from humasflow.media import services as media
from humasflow.media.enums import BlockReason, ConsentKind
from humasflow.media.models import Asset, Consent, TakedownTask
from humasflow.media.services.consents import ConsentContent
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.models import Notification
from humasflow.planning.campaigns import services as campaigns
from humasflow.stories import queries, services
from humasflow.stories.contents import content_of
from humasflow.stories.enums import ChangeKind, StoryMove, StorySource, StoryState
from humasflow.stories.queries import handovers
from humasflow.stories.queries.sources import source_of_story
from humasflow.stories.services import handing_over
from humasflow.stories.services.changes import publish_change
from tests.factories import desk
from tests.factories.offices import put_below, put_below_office
from tests.factories.world import build_world
from tests.planning.test_campaigns import made as campaign_of

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


@pytest.fixture
def below(world, other_world):
    put_below(other_world, world)
    return other_world


def push(world, below, story):
    (given,) = handing_over.hand_over(story, actor=world.as_(world.editor), office_ids=[below.office.id])
    return given


def take(below, given):
    return handing_over.take(given, actor=below.as_(below.editor), content_type_id=below.news.id).story


def heard(user, *kinds):
    told = select(Notification).where(Notification.user_id == user.id, Notification.kind.in_(kinds))
    return db.session.scalars(told.order_by(Notification.id)).all()


def actions(story):
    return [e.action for e in audit.list_timeline(("story", story.id))]


def test_taken_down_at_the_source_is_heard_where_it_was_taken(world, below):
    story = desk.story(world, state=StoryState.PUBLISHED)
    given = push(world, below, story)
    own = take(below, given)
    services.withdraw_story(
        story, actor=world.as_(world.editor), reason="Rahasia dapur", public_note="Angkanya keliru"
    )
    (notice,) = heard(below.editor, K.SOURCE_WITHDRAWN)
    assert (notice.subject_type, notice.subject_id) == ("handover", given.id)
    assert (
        notice.params["reason"] == "Angkanya keliru"
    )  # what readers are told, not what the office says to itself
    assert own.state is StoryState.DRAFT  # nothing is taken down by itself
    assert A.SOURCE_WITHDRAWN in actions(own)
    now = source_of_story(own)
    assert (now.is_gone, now.gone_note, now.is_news) == (True, "Angkanya keliru", True)


def test_what_nobody_answered_yet_is_asked_no_longer(world, below):
    story = desk.story(world, state=StoryState.APPROVED)
    push(world, below, story)
    services.move_story(story, StoryMove.CANCEL, actor=world.as_(world.editor), reason="Batal")
    assert all(n.read_at is not None for n in heard(below.editor, K.HANDOVER_OFFERED))
    assert len(heard(below.editor, K.SOURCE_WITHDRAWN)) == 1
    assert handovers.count_waiting(below.office.id) == 0


def test_corrected_at_the_source_is_heard_with_what_readers_are_told(world, below):
    story = desk.story(world, state=StoryState.PUBLISHED)
    own = take(below, push(world, below, story))
    assert source_of_story(own).is_news is False
    services.save_correction(
        story, actor=world.as_(world.editor), content=desk.text(lead="Empat puluh."),
        change=services.ChangeContent(kind=ChangeKind.CORRECTION, public_note="Jumlahnya 40", ordered_by=""),
    )  # fmt: skip
    assert heard(below.editor, K.SOURCE_CORRECTED) == []  # nobody has approved it
    assert source_of_story(own).is_news is False
    publish_change(story)
    (notice,) = heard(below.editor, K.SOURCE_CORRECTED)
    assert notice.params["reason"] == "Jumlahnya 40"
    now = source_of_story(own)
    assert [c.public_note for c in now.changes] == ["Jumlahnya 40"]
    assert now.newer_version_id == story.current_version_id
    assert A.SOURCE_CORRECTED in actions(own)


def test_another_version_that_was_approved_is_heard_but_nothing_of_a_confidential_one(world, below):
    story = desk.story(world, state=StoryState.APPROVED)
    own = take(below, push(world, below, story))
    editor = world.as_(world.editor)

    def again(lead):
        services.save_version(story, actor=editor, content=desk.text(lead=lead))
        story.state = StoryState.IN_REVIEW
        services.move_story(story, StoryMove.APPROVE, actor=None)

    again("Lebih baru.")
    assert len(heard(below.editor, K.SOURCE_RENEWED)) == 1
    assert source_of_story(own).newer_version_id == story.current_version_id
    services.make_confidential(story, actor=editor, reader_ids=[])
    again("Rahasia.")
    assert len(heard(below.editor, K.SOURCE_RENEWED)) == 1
    assert source_of_story(own).newer_version_id is None


def test_notices_about_what_became_confidential_lose_its_title(world, below):
    story = desk.story(world, state=StoryState.APPROVED)
    push(world, below, story)
    services.make_confidential(story, actor=world.as_(world.editor), reader_ids=[])
    (notice,) = heard(below.editor, K.HANDOVER_OFFERED)
    assert notice.params["title"] == "…"


def test_the_embargo_binds_whoever_took_it(world, below):
    story = desk.story(world, state=StoryState.APPROVED)
    editor, theirs = world.as_(world.editor), below.as_(below.editor)
    until = clock.now() + timedelta(days=2)
    services.set_embargo(story, actor=editor, until=until)
    own = take(below, push(world, below, story))
    assert own.embargo_until == until
    for wanted in (None, until - timedelta(hours=1)):
        with pytest.raises(UserError, match="tidak dapat berakhir lebih awal"):
            services.set_embargo(own, actor=theirs, until=wanted)
    services.set_embargo(own, actor=theirs, until=until + timedelta(days=1))  # later is its own matter
    services.set_embargo(own, actor=theirs, until=until)
    assert own.embargo_until == until
    with clock.moved_to(until + timedelta(minutes=1)):
        services.set_embargo(own, actor=theirs, until=None)


def test_the_embargo_of_the_source_is_followed_afterwards(world, below):
    story = desk.story(world, state=StoryState.APPROVED)
    editor, theirs = world.as_(world.editor), below.as_(below.editor)
    own = take(below, push(world, below, story))
    until = clock.now() + timedelta(days=2)
    services.set_embargo(story, actor=editor, until=until)
    assert own.embargo_until == until
    assert len(heard(below.editor, K.SOURCE_EMBARGOED)) == 1
    assert A.STORY_EMBARGOED in actions(own)
    services.set_embargo(story, actor=editor, until=until + timedelta(days=1))
    assert own.embargo_until == until + timedelta(days=1)
    services.set_embargo(own, actor=theirs, until=until + timedelta(days=9))
    services.set_embargo(story, actor=editor, until=None)
    assert own.embargo_until == until + timedelta(days=9)  # the later one is its own
    services.set_embargo(own, actor=theirs, until=None)
    assert own.embargo_until is None


def test_an_embargo_goes_all_the_way_down(world, below):
    """Regional to local to branch: nobody on the way can let it out early."""
    third = build_world(slug="kantor-ketiga", name="Kantor Ketiga")
    put_below_office(third, below.office)
    story = desk.story(world, state=StoryState.APPROVED)
    middle = take(below, push(world, below, story))
    desk.bring_to(middle, StoryState.APPROVED)
    last = take(third, push(below, third, middle))
    until = clock.now() + timedelta(days=2)
    services.set_embargo(story, actor=world.as_(world.editor), until=until)
    assert (middle.embargo_until, last.embargo_until) == (until, until)


def consented(world, picture, **more):
    content = ConsentContent("Bu Rina", ConsentKind.WRITTEN, date(2020, 1, 1), **more)
    return media.record_consent(picture, content, actor=world.as_(world.editor))


def shown(world, below, picture, title="Satu"):
    story = desk.story(world, state=StoryState.APPROVED, title=title, pictures=(desk.picture(picture),))
    own = take(below, push(world, below, story))
    return queries.get_current_version(own).pictures[0].asset


def test_a_consent_withdrawn_at_the_source_reaches_the_copies(world, below):
    picture = desk.asset(world)
    consent = consented(world, picture)
    copy = shown(world, below, picture)
    (own,) = db.session.scalars(select(Consent).where(Consent.asset_id == copy.id)).all()
    assert (own.copied_from_id, own.office_id) == (consent.id, below.office.id)
    media.withdraw_consent(consent, actor=world.as_(world.editor), note="Lewat telepon 0812")
    assert own.withdrawn_at == consent.withdrawn_at
    assert "0812" not in own.withdrawn_note  # how the office was told stays there
    assert world.office.name in own.withdrawn_note
    assert copy.blocked_reason is BlockReason.CONSENT_WITHDRAWN
    (task,) = db.session.scalars(select(TakedownTask).where(TakedownTask.asset_id == copy.id)).all()
    assert task.office_id == below.office.id
    assert [n.subject_id for n in heard(below.editor, K.TAKEDOWN_WANTED)] == [task.id]
    media.renew_consent(consent, actor=world.as_(world.editor), given_on=date(2026, 1, 1), expires_on=None)
    assert (own.withdrawn_at, copy.blocked_reason) == (None, None)


def test_who_withdrew_at_the_copy_is_not_overruled_from_the_source(world, below):
    picture = desk.asset(world)
    consent = consented(world, picture)
    copy = shown(world, below, picture)
    (own,) = db.session.scalars(select(Consent).where(Consent.asset_id == copy.id)).all()
    media.withdraw_consent(own, actor=below.as_(below.editor), note="Bilang kepada kami")
    media.renew_consent(consent, actor=world.as_(world.editor), given_on=date(2026, 1, 1), expires_on=None)
    assert copy.blocked_reason is BlockReason.CONSENT_WITHDRAWN
    assert picture.blocked_reason is None


def test_consents_come_along_for_a_picture_the_library_had_already(world, below):
    picture = desk.asset(world)
    copy = shown(world, below, picture)
    consent = consented(world, picture)
    assert shown(world, below, picture, "Dua") == copy
    shown(world, below, picture, "Tiga")
    assert len(db.session.scalars(select(Consent).where(Consent.asset_id == copy.id)).all()) == 1
    media.withdraw_consent(consent, actor=world.as_(world.editor), note="")
    assert copy.blocked_reason is BlockReason.CONSENT_WITHDRAWN
    assert len(db.session.scalars(select(Asset).where(Asset.office_id == below.office.id)).all()) == 1


def test_sibling_offices_and_children_of_others_get_and_answer_nothing(world, below):
    """Two offices below the same one, and one below another."""
    sibling = build_world(slug="kantor-saudara", name="Kantor Saudara")
    put_below_office(sibling, world.office)
    stranger = build_world(slug="kantor-asing", name="Kantor Asing")
    story = desk.story(below, state=StoryState.APPROVED)
    for office in (sibling.office, stranger.office):
        with pytest.raises(Refused):
            handing_over.hand_over(story, actor=below.as_(below.editor), office_ids=[office.id])
    given = push(world, below, desk.story(world, state=StoryState.APPROVED, title="Rilis"))
    campaign = campaign_of(world)
    (offer,) = campaigns.offer_campaign(campaign, actor=world.as_(world.editor), office_ids=[below.office.id])
    for other in (sibling, stranger):
        nothing_comes_of(other, given, offer)


def nothing_comes_of(other, given, offer):
    """For this office there is no such thing."""
    who = other.as_(other.editor)
    for attempt in (
        lambda: handovers.get_incoming(who, given.id),
        lambda: handing_over.take(given, actor=who, content_type_id=other.news.id),
        lambda: handing_over.decline(given, actor=who, reason="x"),
        lambda: handing_over.withdraw(given, actor=who),
        lambda: campaigns.decline_offer(offer, actor=who, reason="x"),
        lambda: campaigns.withdraw_offer(offer, actor=who),
    ):
        with pytest.raises(UserError) as refused:
            attempt()
        assert refused.value.status == 404


def test_who_took_it_goes_on_naming_where_it_is_from(world, below):
    own = take(below, push(world, below, desk.story(world, state=StoryState.APPROVED)))
    theirs = below.as_(below.editor)
    said = content_of(queries.get_current_version(own), desk.BODY)
    for wrong in (
        replace(said, source=StorySource.OWN, source_note=""), replace(said, source_note="Instansi lain"),
    ):  # fmt: skip
        with pytest.raises(UserError, match=world.office.name):
            services.save_version(own, actor=theirs, content=wrong)
        with pytest.raises(UserError, match=world.office.name):
            services.autosave(
                own, actor=theirs, content=wrong, stamp=queries.edit_stamp(own), tab="satu", step=1
            )
    longer = replace(said, title="Judul kami", source_note=f"{world.office.name}, siaran pers 3")
    assert services.save_version(own, actor=theirs, content=longer) is not None
    free = desk.story(below, title="Sendiri")
    known = content_of(queries.get_current_version(free), desk.BODY)
    services.save_version(
        free, actor=theirs, content=replace(known, source=StorySource.AGENCY, source_note="Pemkot")
    )


def test_a_story_of_its_own_has_no_source(world):
    assert source_of_story(desk.story(world)) is None


def test_what_it_took_keeps_its_own_later_text(world, below):
    story = desk.story(world, state=StoryState.APPROVED)
    own = take(below, push(world, below, story))
    version = queries.get_current_version(own)
    services.save_version(own, actor=below.as_(below.editor), content=content_of(version, "<p>Kami.</p>"))
    assert queries.get_body(queries.get_current_version(own).id) == "<p>Kami.</p>"
