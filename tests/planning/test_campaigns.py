"""Campaigns: what they say, and what offices below make of them."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction as A
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotFound, Refused, UserError
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import Notification
from humasflow.planning import services as planning
from humasflow.planning.campaigns import queries, services
from humasflow.planning.campaigns.enums import OfferState
from humasflow.planning.campaigns.models import CampaignOffer
from humasflow.planning.campaigns.moving import move_campaign
from humasflow.planning.campaigns.services import CampaignContent, CampaignRefused
from tests.factories.offices import put_below

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

SAID = CampaignContent(
    name="Bulan Lelang Indonesia", goal="Warga tahu bahwa lelang terbuka bagi siapa saja",
    audience="Warga di wilayah kerja", starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 30), target=26,
)  # fmt: skip


def made(world, **changes):
    content = replace(SAID, **changes)
    return services.create_campaign(actor=world.as_(world.editor), office_id=world.office.id, content=content)


def offered(world, other_world):
    campaign = made(world)
    (offer,) = services.offer_campaign(
        campaign, actor=world.as_(world.editor), office_ids=[other_world.office.id]
    )
    return campaign, offer


@pytest.fixture
def below(world, other_world):
    put_below(other_world, world)
    return other_world


def test_a_campaign_holds_what_was_said(world):
    campaign = made(world, shares={world.pillar.id: 60}, message="Lelang itu mudah", hashtag="#BulanLelang")
    db.session.commit()
    assert (campaign.goal, campaign.audience, campaign.target) == (SAID.goal, SAID.audience, 26)
    assert [(s.pillar_id, s.percent) for s in campaign.shares] == [(world.pillar.id, 60)]
    (entry,) = audit.list_timeline(("campaign", campaign.id))
    assert entry.action is A.CAMPAIGN_CREATED


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        ({"name": " "}, "name"), ({"name": "x" * 121}, "name"), ({"goal": ""}, "goal"), ({"audience": " "}, "audience"),
        ({"ends_on": date(2026, 10, 31)}, "ends_on"), ({"starts_on": date(1900, 1, 1)}, "starts_on"),
        ({"ends_on": date(9999, 1, 1)}, "ends_on"), ({"target": 0}, "target"), ({"target": 10**9}, "target"),
        ({"message": "x" * 2001}, "message"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_where_it_stands(world, wrong, part):
    with pytest.raises(CampaignRefused) as refused:
        made(world, **wrong)
    assert refused.value.part == part


def test_shares_are_at_most_the_whole(world, other_world):
    second = planning.create_pillar(world.office.id, actor=None, name="Aset")
    with pytest.raises(CampaignRefused) as refused:
        made(world, shares={world.pillar.id: 60, second.id: 41})
    assert refused.value.part == "shares"
    assert "101" in refused.value.message
    made(world, shares={world.pillar.id: 60, second.id: 40})
    with pytest.raises(CampaignRefused):
        made(world, name="Lain", shares={world.pillar.id: -1})
    with pytest.raises(NotFound):
        made(world, name="Lain", shares={other_world.pillar.id: 10})


def test_two_of_one_name(world, other_world):
    made(world)
    with pytest.raises(CampaignRefused):
        made(world, name="bulan lelang INDONESIA")
    made(other_world)
    second = made(world, name="Énergi")
    for name in ("Énergi", "énergi"):  # not every database knows that É and é are one letter
        with pytest.raises(CampaignRefused) as refused:
            made(world, name=name)
        assert refused.value.part == "name"
    services.change_campaign(
        second, actor=world.as_(world.editor), content=replace(SAID, name="énergi"), row_version=None
    )
    assert second.name == "énergi"  # its own name in other letters


def test_changing_is_recorded_and_a_stale_form_is_refused(world):
    campaign = made(world, shares={world.pillar.id: 50})
    before = campaign.row_version
    editor = world.as_(world.editor)
    services.change_campaign(campaign, actor=editor, content=replace(SAID, shares={}), row_version=before)
    assert campaign.shares == []
    entry = audit.list_timeline(("campaign", campaign.id))[0]
    assert entry.detail["changed"] == ["shares"]
    with pytest.raises(Conflict):  # shares alone count too
        services.change_campaign(campaign, actor=editor, content=SAID, row_version=before)
    count = len(audit.list_timeline(("campaign", campaign.id)))
    services.change_campaign(campaign, actor=editor, content=SAID, row_version=campaign.row_version)
    assert len(audit.list_timeline(("campaign", campaign.id))) == count


@pytest.mark.parametrize("who", ["contributor", "approver", "lead"])
def test_who_plans(world, other_world, who):
    with pytest.raises(Refused):
        services.create_campaign(
            actor=world.as_(getattr(world, who)), office_id=world.office.id, content=SAID
        )
    with pytest.raises(NotFound):
        services.create_campaign(actor=world.as_(world.editor), office_id=other_world.office.id, content=SAID)
    campaign = made(other_world)
    with pytest.raises(NotFound):
        services.change_campaign(campaign, actor=world.as_(world.editor), content=SAID, row_version=None)
    with pytest.raises(NotFound):
        queries.get_campaign(world.as_(world.editor), campaign.id)


def test_the_list_knows_what_is_open(world, at):
    with at("2026-11-20T02:00:00+00:00"):
        now = made(world)
        made(world, name="Oktober", starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 31))
        off = made(world, name="Mati")
        services.switch_campaign(off, actor=world.as_(world.editor), is_active=False)
        assert list(queries.list_open_campaigns(world.office.id)) == [now]


def test_an_office_below_adopts_and_the_office_above_is_credited(world, below):
    campaign, offer = offered(world, below)
    (notice,) = db.session.scalars(select(Notification).where(Notification.user_id == below.editor.id)).all()
    assert notice.kind is NoticeKind.CAMPAIGN_OFFERED
    own = services.adopt_offer(
        offer, actor=below.as_(below.editor), content=replace(SAID, name="Bulan Lelang di Papua", target=5)
    )
    db.session.commit()
    assert (own.office_id, own.name, own.target) == (below.office.id, "Bulan Lelang di Papua", 5)
    assert queries.origin_of(own) == (campaign, world.office)
    services.change_campaign(
        campaign, actor=world.as_(world.editor), content=replace(SAID, target=99), row_version=None
    )
    assert own.target == 5  # its own version
    (line,) = queries.list_offers_of(campaign)
    assert (line.office, line.state, line.adopted_id) == (below.office.name, OfferState.ADOPTED, own.id)
    assert A.CAMPAIGN_ADOPTED in [e.action for e in audit.list_timeline(("campaign", campaign.id))]
    told = db.session.scalars(select(Notification).where(Notification.user_id == world.editor.id)).all()
    assert [n.kind for n in told] == [NoticeKind.CAMPAIGN_ADOPTED]
    with pytest.raises(Refused):  # answered once
        services.decline_offer(offer, actor=below.as_(below.editor), reason="Tidak jadi")


def test_declining_needs_a_reason_that_the_office_above_reads(world, below):
    campaign, offer = offered(world, below)
    with pytest.raises(UserError):
        services.decline_offer(offer, actor=below.as_(below.editor), reason="  ")
    services.decline_offer(offer, actor=below.as_(below.editor), reason="Tenaga habis untuk WBK")
    (line,) = queries.list_offers_of(campaign)
    assert (line.state, line.reason) == (OfferState.DECLINED, "Tenaga habis untuk WBK")
    told = db.session.scalars(select(Notification).where(Notification.user_id == world.editor.id)).all()
    assert [(n.kind, n.params["reason"]) for n in told] == [
        (NoticeKind.CAMPAIGN_DECLINED, "Tenaga habis untuk WBK")
    ]
    again = services.offer_campaign(campaign, actor=world.as_(world.editor), office_ids=[below.office.id])
    assert again == [offer]
    assert offer.state is OfferState.OFFERED


def test_only_an_office_above_hands_down(world, other_world):
    campaign = made(world)
    editor = world.as_(world.editor)
    with pytest.raises(Refused):  # a stranger
        services.offer_campaign(campaign, actor=editor, office_ids=[other_world.office.id])
    with pytest.raises(Refused):  # itself
        services.offer_campaign(campaign, actor=editor, office_ids=[world.office.id])
    put_below(world, other_world)
    with pytest.raises(Refused):  # upwards
        services.offer_campaign(campaign, actor=editor, office_ids=[other_world.office.id])
    assert db.session.scalars(select(CampaignOffer)).all() == []


def test_a_path_that_only_begins_alike_is_not_below(world, other_world):
    """/1/ is not above /11/."""
    other_world.office.path = world.office.path[:-1] + "1/"
    db.session.flush()
    with pytest.raises(Refused):
        services.offer_campaign(
            made(world), actor=world.as_(world.editor), office_ids=[other_world.office.id]
        )


def test_the_office_above_cannot_answer_and_the_one_below_cannot_withdraw(world, below):
    _campaign, offer = offered(world, below)
    with pytest.raises(NotFound):
        services.adopt_offer(offer, actor=world.as_(world.editor), content=SAID)
    with pytest.raises(NotFound):
        services.decline_offer(offer, actor=world.as_(world.editor), reason="x")
    with pytest.raises(NotFound):
        services.withdraw_offer(offer, actor=below.as_(below.editor))
    with pytest.raises(Refused):
        services.adopt_offer(offer, actor=below.as_(below.contributor), content=SAID)
    with pytest.raises(NotFound):
        queries.get_offer_to(world.as_(world.editor), offer.id)
    with pytest.raises(NotFound):
        queries.get_offer_to(below.as_(below.contributor), offer.id)


def test_what_is_withdrawn_is_gone_below(world, below):
    campaign, offer = offered(world, below)
    services.withdraw_offer(offer, actor=world.as_(world.editor))
    with pytest.raises(NotFound):
        queries.get_offer_to(below.as_(below.editor), offer.id)
    assert queries.list_offers_to(below.office.id) == []
    assert queries.list_offers_of(campaign)[0].state is OfferState.WITHDRAWN
    unread = select(Notification).where(
        Notification.user_id == below.editor.id, Notification.read_at.is_(None)
    )
    assert db.session.scalars(unread).all() == []


def test_switching_off_takes_open_offers_back(world, below):
    campaign, offer = offered(world, below)
    services.switch_campaign(campaign, actor=world.as_(world.editor), is_active=False)
    assert offer.state is OfferState.WITHDRAWN
    with pytest.raises(Refused):
        services.offer_campaign(campaign, actor=world.as_(world.editor), office_ids=[below.office.id])


def test_whoever_follows_a_campaign_hears_that_it_was_dragged(world, below):
    campaign, offer = offered(world, below)
    own = services.adopt_offer(offer, actor=below.as_(below.editor), content=SAID)
    move_campaign(campaign, actor=world.as_(world.editor), days=3)
    (notice,) = db.session.scalars(
        select(Notification).where(
            Notification.user_id == below.editor.id, Notification.kind == NoticeKind.CAMPAIGN_CHANGED
        )
    ).all()
    assert (notice.subject_id, notice.params["reason"]) == (own.id, "tanggal mulai, tanggal akhir")
    assert (own.starts_on, campaign.starts_on) == (SAID.starts_on, date(2026, 11, 4))


@pytest.mark.parametrize("days", [-20_000, 30_000, 10**7, 10**12])
def test_no_campaign_is_dragged_out_of_the_calendar(world, days):
    campaign = made(world)
    with pytest.raises(CampaignRefused):
        move_campaign(campaign, actor=world.as_(world.editor), days=days)
    assert campaign.starts_on == SAID.starts_on


def test_an_offer_is_in_the_record_of_both_offices(world, below):
    _campaign, offer = offered(world, below)
    services.withdraw_offer(offer, actor=world.as_(world.editor))
    below_knows = [e.action for e in reversed(audit.list_timeline(("campaign_offer", offer.id)))]
    assert below_knows == [A.CAMPAIGN_OFFERED, A.CAMPAIGN_OFFER_WITHDRAWN]
    assert {e.office_id for e in audit.list_timeline(("campaign_offer", offer.id))} == {below.office.id}


def test_who_works_elsewhere_learns_nothing_of_a_campaign(world, below):
    campaign = made(world)
    with pytest.raises(NotFound):
        services.offer_campaign(campaign, actor=below.as_(below.editor), office_ids=[below.office.id])


def test_switching_off_leaves_alone_what_was_answered(world, below):
    campaign, offer = offered(world, below)
    services.adopt_offer(offer, actor=below.as_(below.editor), content=SAID)
    services.switch_campaign(campaign, actor=world.as_(world.editor), is_active=False)
    assert offer.state is OfferState.ADOPTED


def test_who_works_in_two_offices_answers_for_either(world, below):
    _campaign, offer = offered(world, below)
    both = Principal(
        user=below.editor, held=[*world.as_(world.editor).held, *below.as_(below.editor).held],
        offices=[world.office, below.office], office=world.office,
    )  # fmt: skip
    assert queries.get_offer_to(both, offer.id)[0] == offer
