"""What two offices do to one story at the same time or one after the other, and what each of them still learns."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction as A
from humasflow.audit.models import AuditEntry
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused, UserError
from humasflow.media import services as media
from humasflow.media.enums import ConsentKind
from humasflow.media.models import Consent
from humasflow.media.services.consents import ConsentContent
from humasflow.notifications.enums import MailSecurity
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.models import MailMessage, MailSettings
from humasflow.planning.campaigns import services as campaigns
from humasflow.stories import queries, services
from humasflow.stories.contents import content_of
from humasflow.stories.enums import HandoverState, StoryMove, StorySource, StoryState
from humasflow.stories.models import Story, StoryHandover
from humasflow.stories.queries import handovers
from humasflow.stories.queries.sources import source_now
from humasflow.stories.services import handing_over
from tests.approvals.test_together import at_once, by
from tests.factories import desk
from tests.factories.offices import put_below
from tests.pages.test_campaigns import offices_below
from tests.planning.test_campaigns import made as campaign_of
from tests.stories.test_sources import actions, consented, heard, push, shown, take

pytestmark = [pytest.mark.db]
in_request = pytest.mark.usefixtures("in_request")


@pytest.fixture
def below(world, other_world):
    put_below(other_world, world)
    return other_world


def again(story, editor, lead):
    """Another approved version."""
    services.save_version(story, actor=editor, content=desk.text(lead=lead))
    desk.bring_to(story, StoryState.APPROVED)


@in_request
def test_called_off_after_it_became_confidential_tells_no_title(world, below):
    db.session.add(
        MailSettings(
            office_id=below.office.id, host="mail.example", port=587, security=MailSecurity.STARTTLS,
            from_address="humas@kantor.example", from_name="Humas",
        )
    )  # fmt: skip
    story = desk.story(world, state=StoryState.APPROVED, title="Operasi senyap")
    push(world, below, story)
    editor = world.as_(world.editor)
    services.make_confidential(story, actor=editor, reader_ids=[])
    services.move_story(story, StoryMove.CANCEL, actor=editor, reason="Batal")
    (notice,) = heard(below.editor, K.SOURCE_WITHDRAWN)
    assert notice.params["title"] == "…"
    assert "senyap" not in str([n.params for n in heard(below.editor, *K)])
    mails = db.session.scalars(select(MailMessage).order_by(MailMessage.id)).all()
    assert ["senyap" in mail.subject + mail.text for mail in mails] == [
        True,
        True,
        False,
        False,
    ]  # before, and since


@in_request
def test_who_took_it_knows_its_title_all_the_same(world, below):
    story = desk.story(world, state=StoryState.APPROVED, title="Panen raya")
    take(below, push(world, below, story))
    editor = world.as_(world.editor)
    services.make_confidential(story, actor=editor, reader_ids=[])
    services.move_story(story, StoryMove.CANCEL, actor=editor, reason="Batal")
    assert heard(below.editor, K.SOURCE_WITHDRAWN)[0].params["title"] == "Panen raya"


@pytest.mark.usefixtures("app")
def test_taking_and_taking_down_at_once_leaves_nobody_untold(app, world, other_world, monkeypatch):
    """Either the taking office is refused, or it hears that what it took is gone."""
    with app.test_request_context():
        put_below(other_world, world)
        story = desk.story(world, state=StoryState.PUBLISHED)
        given = push(world, other_world, story)
        db.session.commit()
        story_id, given_id, type_id = story.id, given.id, other_world.news.id
        people = world.editor.id, other_world.editor.id
    db.session.remove()
    has_read, is_down = threading.Event(), threading.Event()
    allowed = handing_over.reasons_not_to_take

    def slowly(*args):
        answer = allowed(*args)
        has_read.set()
        is_down.wait(2)  # seconds; where the taking down waits for the taking, nothing comes of it
        return answer

    monkeypatch.setattr(handing_over, "reasons_not_to_take", slowly)

    def taking(actor):
        found = handovers.get_incoming(actor, given_id)
        return handing_over.take(found, actor=actor, content_type_id=type_id).story.id

    def taking_down(actor):
        services.withdraw_story(
            db.session.get_one(Story, story_id), actor=actor, reason="Keliru", public_note="Angkanya keliru"
        )
        db.session.commit()
        is_down.set()

    def afterwards():
        """Begun only then: where there is one writer at a time, whoever is there first would wait for the other."""
        assert has_read.wait(60)  # seconds; on a busy machine reading takes its time
        return by(app, people[0], taking_down)()

    own_id, error = at_once(by(app, people[1], taking), afterwards)
    assert error is None
    assert isinstance(own_id, int), own_id
    assert A.SOURCE_WITHDRAWN in [e.action for e in audit.list_timeline(("story", own_id))]


@in_request
def test_a_newer_version_takes_the_place_of_one_nobody_answered(world, below):
    story = desk.story(world, state=StoryState.APPROVED)
    editor = world.as_(world.editor)
    older = push(world, below, story)
    again(story, editor, "Lebih baru.")
    newer = push(world, below, story)
    assert (older.state, newer.state) == (HandoverState.WITHDRAWN, HandoverState.OFFERED)
    assert newer.version_id == story.current_version_id
    assert [n.read_at is None for n in heard(below.editor, K.HANDOVER_OFFERED)] == [False, True]
    assert A.HANDOVER_WITHDRAWN in actions(story)
    take(below, newer)
    assert handing_over.hand_over(story, actor=editor, office_ids=[below.office.id]) == []
    again(story, editor, "Terbaru.")
    assert push(world, below, story).state is HandoverState.OFFERED
    assert newer.state is HandoverState.TAKEN


@in_request
def test_both_offices_have_it_in_their_record(world, below):
    given = push(world, below, desk.story(world, state=StoryState.APPROVED))
    handing_over.withdraw(given, actor=world.as_(world.editor))
    for office in (world.office, below.office):
        recorded = select(AuditEntry.action).where(
            AuditEntry.office_id == office.id, AuditEntry.subject_type == "handover"
        )
        assert db.session.scalars(recorded.order_by(AuditEntry.id)).all() == [
            A.STORY_HANDED_OVER, A.HANDOVER_WITHDRAWN,
        ]  # fmt: skip


@in_request
def test_a_release_received_goes_on_naming_the_agency(world):
    editor = world.as_(world.editor)
    own = handing_over.receive_release(
        actor=editor, office_id=world.office.id, content=desk.text(), agency="Pemkot Serang", letter="S-12",
        content_type_id=world.news.id,
    )  # fmt: skip
    said = content_of(queries.get_current_version(own), desk.BODY)
    for wrong in (
        replace(said, source=StorySource.OWN, source_note=""), replace(said, source_note="Instansi lain"),
    ):  # fmt: skip
        with pytest.raises(UserError, match="Pemkot Serang"):
            services.save_version(own, actor=editor, content=wrong)
        with pytest.raises(UserError, match="Pemkot Serang"):
            services.autosave(
                own, actor=editor, content=wrong, stamp=queries.edit_stamp(own), tab="satu", step=1
            )
    longer = replace(said, source_note="Pemkot Serang, surat S-12 dan lampirannya")
    assert services.save_version(own, actor=editor, content=longer) is not None


@in_request
def test_a_consent_given_after_the_picture_went_out_reaches_every_copy(world, below):
    picture = desk.asset(world)
    copy = shown(world, below, picture)
    consent = consented(world, picture)
    (own,) = db.session.scalars(select(Consent).where(Consent.asset_id == copy.id)).all()
    assert (own.person, own.copied_from_id, own.office_id) == ("Bu Rina", consent.id, below.office.id)
    shown(world, below, picture, "Dua")
    assert len(db.session.scalars(select(Consent).where(Consent.asset_id == copy.id)).all()) == 1
    media.withdraw_consent(consent, actor=world.as_(world.editor), note="")
    assert copy.blocked_reason is not None


@in_request
@pytest.mark.parametrize("by_consent", [True, False])
def test_a_child_seen_later_is_marked_in_every_copy(world, below, by_consent):
    picture = desk.asset(world)
    copy = shown(world, below, picture)
    editor = world.as_(world.editor)
    if by_consent:
        content = ConsentContent("Anak Bu Rina", ConsentKind.GUARDIAN, date(2020, 1, 1))
        media.record_consent(picture, content, actor=editor)
    else:
        media.mark_child(picture, actor=editor, shows_child=True)
    assert (picture.shows_child, copy.shows_child) == (True, True)
    marked = [e for e in audit.list_timeline(("asset", copy.id)) if e.action is A.ASSET_CHILD_MARKED]
    assert [(e.office_id, e.actor_id) for e in marked] == [(below.office.id, None)]


@in_request
def test_a_picture_that_comes_back_home_is_no_copy_of_its_copy(world, below):
    picture = desk.asset(world)
    consent = consented(world, picture)
    copy = shown(world, below, picture)
    story = desk.story(below, title="Balik", pictures=(desk.picture(copy),))
    (given,) = handing_over.hand_over(story, actor=below.as_(below.editor), office_ids=[world.office.id])
    own = take(world, given)
    assert [p.asset_id for p in queries.get_current_version(own).pictures] == [picture.id]
    assert (copy.copied_from_id, picture.copied_from_id) == (picture.id, None)
    assert db.session.scalars(select(Consent).where(Consent.asset_id == picture.id)).all() == [consent]
    media.mark_child(picture, actor=world.as_(world.editor), shows_child=True)
    assert copy.shows_child


@in_request
def test_an_own_later_embargo_outlives_what_the_source_does(world, below):
    """Raised above it and lifted again: what the office set itself holds."""
    story = desk.story(world, state=StoryState.APPROVED)
    editor, theirs = world.as_(world.editor), below.as_(below.editor)
    own = take(below, push(world, below, story))
    mine = clock.now() + timedelta(days=9)
    services.set_embargo(own, actor=theirs, until=mine)
    services.set_embargo(story, actor=editor, until=mine + timedelta(days=1))
    assert own.embargo_until == mine + timedelta(days=1)
    services.set_embargo(story, actor=editor, until=mine - timedelta(days=1))
    assert own.embargo_until == mine
    services.set_embargo(story, actor=editor, until=None)
    assert own.embargo_until == mine


@in_request
def test_an_offer_that_was_declined_is_not_followed_by_a_release(world, below):
    editor, campaign = world.as_(world.editor), campaign_of(world)
    (offer,) = campaigns.offer_campaign(campaign, actor=editor, office_ids=[below.office.id])
    story = desk.story(world, state=StoryState.APPROVED)
    story.campaign_id = campaign.id
    campaigns.decline_offer(offer, actor=below.as_(below.editor), reason="Tenaga habis")
    assert push(world, below, story).campaign_offer_id is None


@in_request
def test_what_comes_up_lands_in_the_campaign_that_the_office_below_follows(world, below):
    editor, theirs, campaign = world.as_(world.editor), below.as_(below.editor), campaign_of(world)
    (offer,) = campaigns.offer_campaign(campaign, actor=editor, office_ids=[below.office.id])
    followed = campaigns.adopt_offer(
        offer, actor=theirs, content=campaigns.CampaignContent(
            "Versi kami", "Tahu", "Warga", date(2026, 11, 1), date(2026, 11, 30)
        ),
    )  # fmt: skip
    stories = [desk.story(below, title=title) for title in ("Ikut", "Sendiri")]
    own = campaign_of(below, name="Milik sendiri")
    stories[0].campaign_id, stories[1].campaign_id = followed.id, own.id
    there = []
    for story in stories:
        (given,) = handing_over.hand_over(story, actor=theirs, office_ids=[world.office.id])
        there.append(take(world, given).campaign_id)
    assert there == [campaign.id, None]


@in_request
def test_a_hundred_offices_at_once_cost_as_much_each_as_a_few(world, statements):
    editor = world.as_(world.editor)
    offices = offices_below(world, 110)
    db.session.commit()
    campaign, costs = campaign_of(world), []
    campaigns.offer_campaign(campaign, actor=editor, office_ids=[o.id for o in offices])
    for some in (offices[:10], offices[10:]):
        story = desk.story(world, state=StoryState.APPROVED)
        story.campaign_id = campaign.id
        db.session.flush()
        statements.reset()
        given = handing_over.hand_over(story, actor=editor, office_ids=[o.id for o in some])
        assert all(h.campaign_offer_id is not None for h in given)
        costs.append(len(statements) / len(some))
    assert costs[1] <= costs[0]
    assert costs[1] < 30  # records on both sides, and the notices there
    assert db.session.scalar(select(func.count(StoryHandover.id))) == 110


@in_request
def test_nothing_of_another_version_is_for_who_did_not_take_it(world, below):
    story = desk.story(world, state=StoryState.APPROVED)
    given = push(world, below, story)
    again(story, world.as_(world.editor), "Belum dikirim.")
    assert source_now(given).newer_version_id is None
    with pytest.raises(Refused):
        handing_over.take(given, actor=below.as_(below.contributor), content_type_id=below.news.id)
    take(below, given)
    assert source_now(given).newer_version_id == story.current_version_id
