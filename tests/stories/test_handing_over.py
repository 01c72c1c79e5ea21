"""Stories between offices: pushed down, submitted up, taken with their source, declined; releases from outside."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction as A
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound, Refused, UserError
from humasflow.core.html import figure_assets
from humasflow.media import services as media
from humasflow.media.enums import ConsentKind
from humasflow.media.models import Asset, Consent
from humasflow.media.services.consents import ConsentContent
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import Notification
from humasflow.planning.campaigns import services as campaigns
from humasflow.planning.campaigns.services import CampaignContent
from humasflow.stories import queries, services
from humasflow.stories.contents import content_of
from humasflow.stories.enums import (
    ChangeKind,
    HandoverKind,
    HandoverState,
    StoryMove,
    StorySource,
    StoryState,
)
from humasflow.stories.models import StoryHandover
from humasflow.stories.queries import handovers
from humasflow.stories.services import handing_over
from tests.factories import desk
from tests.factories.offices import put_below

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


@pytest.fixture
def below(world, other_world):
    put_below(other_world, world)
    return other_world


def push(world, below, story, **more):
    (given,) = handing_over.hand_over(
        story, actor=world.as_(world.editor), office_ids=[below.office.id], **more
    )
    return given


def taken(below, given):
    return handing_over.take(given, actor=below.as_(below.editor), content_type_id=below.news.id)


def consented(world, picture, **more):
    content = ConsentContent("Bu Rina", ConsentKind.WRITTEN, date(2020, 1, 1), **more)
    return media.record_consent(picture, content, actor=world.as_(world.editor))


def test_a_ready_release_goes_down_and_becomes_a_story_of_its_own(world, below):
    story = desk.story(world, state=StoryState.APPROVED)
    given = push(world, below, story, note="Tayang serentak Senin")
    assert (given.kind, given.state) == (HandoverKind.PUSH_DOWN, HandoverState.OFFERED)
    own = taken(below, given).story
    db.session.commit()
    version = queries.get_current_version(own)
    assert own.office_id == below.office.id
    assert own.state is StoryState.DRAFT
    assert own.owner_id == below.editor.id
    assert (version.source, version.source_note) == (StorySource.AGENCY, world.office.name)
    assert (version.goal, version.audience) == ("Satuan kerja memahami tata cara sewa", "Satuan kerja")
    assert queries.get_body(version.id) == desk.BODY
    assert given.taken_as_id == own.id
    # Later changes stay where they are made.
    services.save_version(
        own, actor=below.as_(below.editor), content=content_of(version, "<p>Versi kami sendiri.</p>")
    )
    assert queries.get_body(given.version_id) == desk.BODY
    assert A.HANDOVER_TAKEN in [e.action for e in audit.list_timeline(("story", story.id))]
    assert A.HANDOVER_TAKEN in [e.action for e in audit.list_timeline(("story", own.id))]


@pytest.mark.parametrize(
    "state",
    [StoryState.DRAFT, StoryState.IN_REVIEW, StoryState.ON_HOLD, StoryState.CANCELLED, StoryState.WITHDRAWN],
)
def test_only_what_is_ready_goes_down(world, below, state):
    with pytest.raises(Refused):
        push(world, below, desk.story(world, state=state))


def test_a_child_submits_to_its_parent(world, below):
    """Here the office of `below` gives, and the one above takes."""
    story = desk.story(below, title="Panen raya di lahan sitaan")
    (given,) = handing_over.hand_over(
        story, actor=below.as_(below.editor), office_ids=[world.office.id], note="Layak nasional"
    )
    assert given.kind is HandoverKind.SUBMISSION
    told = db.session.scalars(select(Notification).where(Notification.user_id == world.editor.id)).all()
    assert [n.kind for n in told] == [NoticeKind.HANDOVER_OFFERED]
    own = handing_over.take(given, actor=world.as_(world.editor), content_type_id=world.news.id).story
    version = queries.get_current_version(own)
    assert (version.source, version.source_note) == (StorySource.CHILD_UNIT, below.office.name)
    told = db.session.scalars(select(Notification).where(Notification.user_id == below.editor.id)).all()
    assert [n.kind for n in told] == [NoticeKind.HANDOVER_TAKEN]


def test_offices_that_are_not_related_give_each_other_nothing(world, other_world):
    story = desk.story(world, state=StoryState.APPROVED)
    for office_id in (other_world.office.id, world.office.id):
        with pytest.raises(Refused):
            handing_over.hand_over(story, actor=world.as_(world.editor), office_ids=[office_id])
    with pytest.raises(NotFound):
        handing_over.hand_over(
            story, actor=other_world.as_(other_world.editor), office_ids=[other_world.office.id]
        )
    with pytest.raises(Refused):
        handing_over.hand_over(story, actor=world.as_(world.approver), office_ids=[other_world.office.id])
    assert db.session.scalars(select(StoryHandover)).all() == []


def test_a_confidential_story_stays_until_it_is_public(world, below):
    story = desk.story(world, state=StoryState.APPROVED)
    given = push(world, below, story)
    services.make_confidential(story, actor=world.as_(world.editor), reader_ids=[])
    with pytest.raises(Refused):
        push(world, below, story)
    with pytest.raises(Refused):
        taken(below, given)
    assert handovers.list_waiting(below.office.id) == []
    assert handovers.count_waiting(below.office.id) == 0


def test_what_its_office_took_down_is_not_taken(world, below):
    story = desk.story(world, state=StoryState.PUBLISHED)
    given = push(world, below, story)
    services.move_story(story, StoryMove.WITHDRAW, actor=world.as_(world.editor), reason="Keliru")
    with pytest.raises(Refused):
        taken(below, given)


def test_a_correction_that_waits_for_its_approval_is_not_given(world, below):
    story = desk.story(world, state=StoryState.PUBLISHED)
    live = queries.get_current_version(story)
    services.save_correction(
        story, actor=world.as_(world.editor), content=desk.text(lead="Belum disetujui."),
        change=services.ChangeContent(kind=ChangeKind.CORRECTION, public_note="Angka dibetulkan", ordered_by=""),
    )  # fmt: skip
    assert story.current_version_id != live.id
    assert push(world, below, story).version_id == live.id


def test_the_same_version_is_given_once(world, below):
    story = desk.story(world, state=StoryState.APPROVED)
    given = push(world, below, story)
    editor = world.as_(world.editor)
    again = handing_over.hand_over(story, actor=editor, office_ids=[below.office.id])
    assert again == []
    handing_over.decline(given, actor=below.as_(below.editor), reason="Tidak cocok")
    assert len(handing_over.hand_over(story, actor=editor, office_ids=[below.office.id])) == 1


def test_the_embargo_goes_with_it(world, below):
    story = desk.story(world, state=StoryState.APPROVED)
    until = clock.now() + timedelta(days=2)
    services.set_embargo(story, actor=world.as_(world.editor), until=until)
    assert taken(below, push(world, below, story)).story.embargo_until == until


def test_pictures_go_where_consent_allows_and_become_the_takers_own(world, below):
    held, lapsed, child, plain = (
        desk.asset(world, name=n, credit="Foto: Budi") for n in ("izin", "habis", "anak", "aula")
    )
    consented(world, held, expires_on=date(2099, 1, 1))
    consented(world, lapsed).withdrawn_at = clock.now()
    body = "".join(f'<p>Satu.</p><figure data-asset="{a.id}"></figure>' for a in (held, lapsed))
    story = desk.story(
        world, state=StoryState.APPROVED, body_html=body,
        pictures=tuple(desk.picture(a) for a in (plain, held, lapsed, child)),
    )  # fmt: skip
    media.mark_child(child, actor=world.as_(world.editor), shows_child=True)
    result = taken(below, push(world, below, story))
    version = queries.get_current_version(result.story)
    files = [p.asset.filename for p in version.pictures]
    assert files == ["aula", "izin"]
    assert {p.asset.office_id for p in version.pictures} == {below.office.id}
    assert all(p.credit for p in version.pictures)
    assert {r.code for r in result.left} == {"consent_withdrawn", "child"}
    own = next(p.asset for p in version.pictures if p.asset.filename == "izin")
    assert own.id != held.id
    assert figure_assets(queries.get_body(version.id)) == [own.id]
    (consent,) = db.session.scalars(select(Consent).where(Consent.asset_id == own.id)).all()
    assert (consent.person, consent.expires_on, consent.document_id) == ("Bu Rina", date(2099, 1, 1), None)


def test_a_picture_the_library_has_is_not_kept_twice(world, below):
    picture = desk.asset(world)
    story = desk.story(world, state=StoryState.APPROVED, pictures=(desk.picture(picture),))
    taken(below, push(world, below, story))
    second = desk.story(world, state=StoryState.APPROVED, title="Lagi", pictures=(desk.picture(picture),))
    taken(below, push(world, below, second))
    assert len(db.session.scalars(select(Asset).where(Asset.office_id == below.office.id)).all()) == 1


def test_declining_needs_a_reason_and_is_told(world, below):
    story = desk.story(world, state=StoryState.APPROVED)
    given = push(world, below, story)
    with pytest.raises(UserError):
        handing_over.decline(given, actor=below.as_(below.editor), reason=" ")
    handing_over.decline(given, actor=below.as_(below.editor), reason="Bukan wilayah kami")
    told = db.session.scalars(select(Notification).where(Notification.user_id == world.editor.id)).all()
    assert [(n.kind, n.params["reason"]) for n in told] == [
        (NoticeKind.HANDOVER_DECLINED, "Bukan wilayah kami")
    ]
    with pytest.raises(Refused):
        taken(below, given)


def test_each_side_does_only_its_own(world, below):
    given = push(world, below, desk.story(world, state=StoryState.APPROVED))
    with pytest.raises(NotFound):
        handing_over.take(given, actor=world.as_(world.editor), content_type_id=below.news.id)
    with pytest.raises(NotFound):
        handing_over.decline(given, actor=world.as_(world.editor), reason="x")
    with pytest.raises(NotFound):
        handing_over.withdraw(given, actor=below.as_(below.editor))
    with pytest.raises(Refused):
        handing_over.take(given, actor=below.as_(below.contributor), content_type_id=below.news.id)
    with pytest.raises(NotFound):  # filed under its own office's list only
        handing_over.take(given, actor=below.as_(below.editor), content_type_id=world.news.id)
    with pytest.raises(NotFound):
        handovers.get_incoming(world.as_(world.editor), given.id)
    with pytest.raises(NotFound):
        handovers.get_outgoing(below.as_(below.editor), given.id)


def test_what_is_withdrawn_is_gone_there(world, below):
    given = push(world, below, desk.story(world, state=StoryState.APPROVED))
    handing_over.withdraw(given, actor=world.as_(world.editor))
    with pytest.raises(NotFound):
        handovers.get_incoming(below.as_(below.editor), given.id)
    unread = select(Notification).where(
        Notification.user_id == below.editor.id, Notification.read_at.is_(None)
    )
    assert db.session.scalars(unread).all() == []


def test_a_release_of_a_campaign_lands_in_the_adopted_one(world, below):
    said = CampaignContent("Bulan Lelang", "Tahu", "Warga", date(2026, 11, 1), date(2026, 11, 30))
    editor = world.as_(world.editor)
    campaign = campaigns.create_campaign(actor=editor, office_id=world.office.id, content=said)
    (offer,) = campaigns.offer_campaign(campaign, actor=editor, office_ids=[below.office.id])
    own = campaigns.adopt_offer(offer, actor=below.as_(below.editor), content=said)
    story = desk.story(world, state=StoryState.APPROVED)
    story.campaign_id = campaign.id
    assert taken(below, push(world, below, story)).story.campaign_id == own.id


def test_a_release_from_another_agency_keeps_its_source(world):
    made = handing_over.receive_release(
        actor=world.as_(world.editor), office_id=world.office.id, content=desk.text(), agency="Pemkot Serang",
        letter="S-12/2026", content_type_id=world.news.id,
    )  # fmt: skip
    version = queries.get_current_version(made)
    assert version.source is StorySource.AGENCY
    assert version.source_note == "Pemkot Serang, surat S-12/2026"
    assert A.STORY_RECEIVED in [e.action for e in audit.list_timeline(("story", made.id))]
    with pytest.raises(UserError):
        handing_over.receive_release(
            actor=world.as_(world.editor), office_id=world.office.id, content=desk.text(), agency=" ",
            content_type_id=world.news.id,
        )  # fmt: skip
