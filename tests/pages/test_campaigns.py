"""Pages of campaigns: planned, counted, offered, followed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import Notification
from humasflow.orgs import services as orgs
from humasflow.orgs.enums import OfficeKind
from humasflow.pages.campaigns.progress import Progress, mix_of, progress_of
from humasflow.planning import services as planning
from humasflow.planning.campaigns import services
from humasflow.planning.campaigns.enums import OfferState
from humasflow.planning.campaigns.models import Campaign, CampaignOffer
from humasflow.posts import services as posts
from humasflow.posts.models import Post
from humasflow.scoring.enums import PointState
from humasflow.scoring.models import PointEvent
from humasflow.stories import services as services_of_stories
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from tests.approvals.desk import Desk
from tests.factories import desk
from tests.factories.offices import put_below
from tests.factories.publications import live_post
from tests.planning.test_campaigns import SAID, made
from tests.support.forms import form_with


@pytest.fixture
def below(app, world, other_world):
    put_below(other_world, world)
    db.session.commit()
    return other_world


def campaign_of(app, world, **changes):
    with app.test_request_context():
        campaign = made(world, **changes)
        db.session.commit()
    return campaign


def test_a_campaign_is_planned_and_changed(world, browser_of):
    browser = browser_of(world.editor)
    data = form_with(browser.get("/kampanye/baru"), "goal")
    typed = {
        "name": "Bulan Lelang", "goal": "Warga tahu", "audience": "Warga", "starts_on": "2026-11-01",
        "ends_on": "2026-11-30", "target": "26", f"bagian-{world.pillar.id}": "60",
    }  # fmt: skip
    page = browser.post("/kampanye/baru", data | typed | {"goal": ""}, status=422)
    assert form_with(page, "goal")["name"] == "Bulan Lelang"
    page = browser.post("/kampanye/baru", data | typed | {f"bagian-{world.pillar.id}": "101"}, status=422)
    assert form_with(page, "goal")[f"bagian-{world.pillar.id}"] == "101"
    browser.post("/kampanye/baru", data | typed | {f"bagian-{world.pillar.id}": "banyak"}, status=422)
    page = browser.follow(browser.post("/kampanye/baru", data | typed))
    assert "Bulan Lelang" in page.text
    assert "60%" in page.text
    campaign = db.session.scalars(select(Campaign)).one()
    url = f"/kampanye/{campaign.id}/sunting"
    stale = form_with(browser.get(url), "goal")
    browser.post(url, stale | {"target": "30"})
    page = browser.post(url, stale | {"form_token": "lain", "target": "31"}, status=409)
    assert form_with(page, "goal")["target"] == "31"
    browser.post(f"/kampanye/{campaign.id}/nonaktifkan", {})
    assert browser.get("/kampanye/").soup.select(".campaigns li") == []
    assert "Nonaktif" in browser.get("/kampanye/?lihat=selesai").text


def test_who_sees_and_who_plans(app, world, other_world, browser_of):
    campaign = campaign_of(app, world)
    reader = browser_of(world.contributor)
    assert SAID.goal in reader.get(f"/kampanye/{campaign.id}").text
    reader.get("/kampanye/baru", status=403)
    reader.get(f"/kampanye/{campaign.id}/sunting", status=403)
    browser_of(other_world.editor).get(f"/kampanye/{campaign.id}", status=404)
    browser_of(other_world.editor).get(f"/kampanye/{campaign.id}/sunting", status=404)


def test_an_office_below_answers_on_its_page(app, world, below, browser_of):
    campaign = campaign_of(app, world, shares={world.pillar.id: 70})
    above, editor = browser_of(world.editor), browser_of(below.editor)
    page = above.get(f"/kampanye/{campaign.id}")
    data = form_with(page, "office_ids") | {"office_ids": below.office.id}
    above.post(f"/kampanye/{campaign.id}/ajak", data)
    offer = db.session.scalars(select(CampaignOffer)).one()
    assert SAID.name in editor.get("/kampanye/tawaran").text
    data = form_with(editor.get(f"/kampanye/tawaran/{offer.id}"), "goal")
    assert data["goal"] == SAID.goal
    assert data[f"bagian-{below.pillar.id}"] == "70"  # the pillar of the same name
    page = editor.follow(editor.post(f"/kampanye/tawaran/{offer.id}/ikuti", data | {"name": "Versi kami"}))
    assert world.office.name in page.text
    assert "Diikuti" in above.get(f"/kampanye/{campaign.id}").text
    above.get(f"/kampanye/tawaran/{offer.id}", status=404)


def test_progress_counts_what_is_live_and_what_is_planned(app, world):
    campaign = campaign_of(app, world, target=3, shares={world.pillar.id: 40})
    with app.test_request_context():
        delivery = live_post(world)
        other = planning.create_pillar(world.office.id, actor=None, name="Aset")
        planned, _package = Desk(world).approved("facebook", "x")
        planned.pillar_id = world.pillar.id
        dated, _undated = db.session.query(Post).filter_by(story_id=planned.id).order_by(Post.id)
        posts.schedule_post(dated, actor=world.as_(world.editor), due_at=clock.now() + timedelta(days=3))
        cancelled = desk.story(world, state=StoryState.CANCELLED)
        for story in (db.session.get_one(Story, delivery.story_id), planned, cancelled):
            story.campaign_id = campaign.id
        db.session.get_one(Story, delivery.story_id).pillar_id = other.id
        db.session.flush()
        assert progress_of([campaign]) == {campaign.id: Progress(live=1, scheduled=1, prepared=1, target=3)}
        assert progress_of([campaign])[campaign.id].missing == 1
        mix = {m.name: (m.count, m.percent, m.wished) for m in mix_of(campaign)}
        assert mix == {"Lelang": (1, 50, 40), "Aset": (1, 50, None)}


def test_the_list_costs_the_same_with_many(app, world, browser_of, statements):
    campaign_of(app, world)
    browser = browser_of(world.editor)
    browser.get("/kampanye/")
    statements.reset()
    browser.get("/kampanye/")
    one = len(statements)
    for n in range(3):
        campaign_of(app, world, name=f"Lain {n}")
    browser.get("/kampanye/")
    statements.reset()
    browser.get("/kampanye/")
    assert len(statements) == one


def test_a_thousand_campaigns_are_paged(app, world, browser_of, statements):
    with app.test_request_context():
        now, day = clock.now(), SAID.ends_on
        rows = [
            {
                "office_id": world.office.id, "name": f"Kampanye {n}", "starts_on": SAID.starts_on, "ends_on": day,
                "created_at": now + timedelta(seconds=n), "message": "", "goal": "g", "audience": "a", "hashtag": "",
                "is_active": True, "row_version": 1,
            }
            for n in range(1000)
        ]  # fmt: skip
        db.session.execute(insert(Campaign), rows)
        db.session.commit()
    browser = browser_of(world.editor)
    with clock.moved_to(datetime(2026, 11, 20, tzinfo=UTC)):
        seen, url = [], "/kampanye/"
        while url:
            page = browser.get(url)
            seen += [a.text for a in page.soup.select(".campaigns .list__title")]
            more = page.soup.select_one(".pager a")
            url = more["href"] if more else None
    assert seen == [f"Kampanye {n}" for n in reversed(range(1000))]


def offices_below(world, count):
    return [
        orgs.create_office(
            actor=None, name=f"Kantor bawah {n}", short_name=f"Bawah {n}", office_kind=OfficeKind.SERVICE,
            timezone="Asia/Jakarta", parent=world.office,
        )
        for n in range(count)
    ]  # fmt: skip


def test_adoption_by_a_hundred_offices_costs_what_one_costs(app, world, browser_of, statements):
    campaign = campaign_of(app, world, target=3)
    browser = browser_of(world.editor)
    costs = []
    for count in (1, 100):
        with app.test_request_context():
            for office in offices_below(world, count):
                own = services.create_campaign(actor=None, office_id=office.id, content=SAID)
                own.adopted_from_id = campaign.id
                db.session.add(
                    CampaignOffer(
                        campaign_id=campaign.id, office_id=office.id, state=OfferState.ADOPTED, adopted_id=own.id,
                        offered_at=clock.now(), decided_at=clock.now(),
                    )
                )  # fmt: skip
            db.session.commit()
        browser.get(f"/kampanye/{campaign.id}")
        statements.reset()
        page = browser.get(f"/kampanye/{campaign.id}")
        costs.append(len(statements))
    assert len(page.soup.select(".adoption tbody tr")) == 101
    assert costs[0] == costs[1]


def test_the_office_above_sees_how_far_each_is_and_all_are_asked_at_once(app, world, below, browser_of):
    campaign = campaign_of(app, world)
    with app.test_request_context():
        offices_below(world, 3)
        db.session.commit()
    above = browser_of(world.editor)
    data = form_with(above.get(f"/kampanye/{campaign.id}"), "everyone")
    page = above.follow(above.post(f"/kampanye/{campaign.id}/ajak", data | {"everyone": "y"}))
    assert len(page.soup.select(".adoption tbody tr")) == 4
    assert not page.soup.select("#ajak")  # nobody is left to ask
    offer = db.session.scalars(select(CampaignOffer).where(CampaignOffer.office_id == below.office.id)).one()
    with app.test_request_context():
        own = services.adopt_offer(
            db.session.get_one(CampaignOffer, offer.id), actor=below.as_(below.editor), content=SAID
        )
        delivery = live_post(below)
        db.session.get_one(Story, delivery.story_id).campaign_id = own.id
        db.session.commit()
    row = next(
        r.text for r in above.get(f"/kampanye/{campaign.id}").soup.select(".adoption tbody tr")
        if below.office.name in r.text
    )  # fmt: skip
    assert "Diikuti" in row
    assert "1 tayang dan 0 terjadwal dari sasaran 26" in row
    # What belongs to the office below stays there: its pages are not the office above's.
    above.get(f"/kampanye/{own.id}", status=404)


def test_whoever_follows_a_campaign_hears_that_it_changed_or_stopped(app, world, below):
    campaign = campaign_of(app, world)
    editor = world.as_(world.editor)
    with app.test_request_context():
        campaign = db.session.get_one(Campaign, campaign.id)
        (offer,) = services.offer_campaign(campaign, actor=editor, office_ids=[below.office.id])
        own = services.adopt_offer(offer, actor=below.as_(below.editor), content=SAID)
        services.change_campaign(
            campaign, actor=editor, content=replace(SAID, ends_on=date(2026, 12, 5)), row_version=None
        )
        services.switch_campaign(campaign, actor=editor, is_active=False)
        told = db.session.scalars(
            select(Notification)
            .where(Notification.user_id == below.editor.id, Notification.subject_type == "campaign")
            .order_by(Notification.id)
        ).all()
        assert [(n.kind, n.subject_id, n.params["reason"]) for n in told] == [
            (NoticeKind.CAMPAIGN_CHANGED, own.id, "tanggal akhir"), (NoticeKind.CAMPAIGN_STOPPED, own.id, ""),
        ]  # fmt: skip
        assert own.ends_on == SAID.ends_on


def test_progress_tells_verified_from_live(app, world):
    campaign = campaign_of(app, world, target=2)
    with app.test_request_context():
        delivery = live_post(world)
        db.session.get_one(Story, delivery.story_id).campaign_id = campaign.id
        db.session.add(PointEvent(delivery_id=delivery.id, state=PointState.LIVE_UNVERIFIED, at=clock.now()))
        db.session.flush()
        assert progress_of([campaign])[campaign.id] == Progress(live=1, target=2)
        for state, verified in ((PointState.VERIFIED, 1), (PointState.DISPUTED, 0)):
            db.session.add(PointEvent(delivery_id=delivery.id, state=state, at=clock.now()))
            db.session.flush()
            assert progress_of([campaign])[campaign.id] == Progress(verified=verified, live=1, target=2)


def test_goals_and_audiences_stand_in_the_mix_of_those_who_may_read_them(app, world, browser_of):
    campaign = campaign_of(app, world, shares={world.pillar.id: 50})
    with app.test_request_context():
        for n, audience in enumerate(("Warga", "warga ", "", "Khalayak rahasia")):
            story = desk.story(world, title=f"Naskah {n}", audience=audience)
            story.campaign_id = campaign.id
        services_of_stories.make_confidential(story, actor=world.as_(world.other_editor), reader_ids=[])
        db.session.commit()
    page = browser_of(world.approver).get(f"/kampanye/{campaign.id}")
    words = [" ".join(li.text.split()) for li in page.soup.select(".audiences li")]
    assert [w.casefold() for w in words] == ["warga 2 naskah", "khalayaknya belum ditulis 1 naskah"]
    assert "rahasia" not in page.text.casefold()
    assert "lebih 50 poin" in page.text


def test_the_campaign_is_chosen_in_the_editor(app, world, other_world, browser_of):
    campaign, theirs = campaign_of(app, world), campaign_of(app, other_world)
    with app.test_request_context():
        story = desk.story(world, commit=True)
    browser = browser_of(world.editor)
    url = f"/naskah/{story.id}/sunting"
    data = form_with(browser.get(url), "lead")
    browser.post(url, data | {"campaign_id": theirs.id}, status=422)
    browser.post(url, data | {"campaign_id": campaign.id, "form_token": "b"})
    assert db.session.get_one(Story, story.id).campaign_id == campaign.id
    # A form that was opened before would take it off again: that is a conflict, not a silent change.
    browser.post(url, data | {"lead": "Lain", "form_token": "c"}, status=409)
    db.session.expire_all()
    assert db.session.get_one(Story, story.id).campaign_id == campaign.id
    page = browser.get(f"/kampanye/{campaign.id}")
    assert "Satuan kerja memahami tata cara sewa" in page.text  # the goal of each story in the mix
    with app.test_request_context():
        services.switch_campaign(
            db.session.get_one(Campaign, campaign.id), actor=world.as_(world.editor), is_active=False
        )
        db.session.commit()
    kept = form_with(browser.get(url), "lead")
    assert kept["campaign_id"] == str(campaign.id)


def test_what_was_typed_stands_where_the_answer_came_too_late(app, world, below, browser_of):
    """Answered by a colleague, or taken back by the office above: what was typed is not lost, and nothing is told twice."""
    campaign = campaign_of(app, world, goal="Hanya untuk yang diajak")
    with app.test_request_context():
        campaign = db.session.get_one(Campaign, campaign.id)
        (offer,) = services.offer_campaign(
            campaign, actor=world.as_(world.editor), office_ids=[below.office.id]
        )
        db.session.commit()
        offer_id = offer.id
    editor = browser_of(below.editor)
    url = f"/kampanye/tawaran/{offer_id}"
    page = editor.get(url)
    adopting, declining = form_with(page, "goal"), form_with(page, "reason")
    with app.test_request_context():
        offer = db.session.get_one(CampaignOffer, offer_id)
        services.decline_offer(offer, actor=below.as_(below.other_editor), reason="Tenaga habis")
        db.session.commit()
    page = editor.post(url + "/ikuti", adopting | {"message": "Kalimat kami"}, status=409)
    assert form_with(page, "goal")["message"] == "Kalimat kami"
    assert "sudah dijawab" in page.text
    with app.test_request_context():
        campaign = db.session.get_one(Campaign, campaign.id)
        services.offer_campaign(campaign, actor=world.as_(world.editor), office_ids=[below.office.id])
        services.withdraw_offer(db.session.get_one(CampaignOffer, offer_id), actor=world.as_(world.editor))
        db.session.commit()
    page = editor.post(url + "/tolak", declining | {"reason": "Sudah ada kampanye sendiri"}, status=409)
    assert form_with(page, "reason")["reason"] == "Sudah ada kampanye sendiri"
    assert "Hanya untuk yang diajak" not in page.text  # what was taken back is not read any longer
    editor.get(url, status=404)


def test_asking_everyone_is_one_form_for_a_hundred_offices(app, world, browser_of, statements):
    campaign = campaign_of(app, world)
    with app.test_request_context():
        offices_below(world, 100)
        db.session.commit()
    above = browser_of(world.editor)
    data = form_with(above.get(f"/kampanye/{campaign.id}"), "everyone")
    statements.reset()
    above.post(f"/kampanye/{campaign.id}/ajak", data | {"everyone": "y"})
    assert len(statements) < 100 * 20  # each office is asked, recorded on both sides and told
    assert len(db.session.scalars(select(CampaignOffer)).all()) == 100
