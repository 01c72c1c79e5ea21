"""The queue is of what matters for a score; what no component counts stands apart and can be reached."""

from collections.abc import Callable

import pytest

from humasflow.core.db import db
from humasflow.publishing.models import Delivery
from humasflow.scoring import queries
from humasflow.scoring.enums import PointState
from humasflow.scoring.services.ledger import rescore_delivery
from humasflow.scoring.services.schemes import set_active
from humasflow.scoring.services.verification import dispute_point, verify_point
from tests.conftest import QueryCount
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme, set_targets
from tests.factories.world import World
from tests.scoring.judging import proven
from tests.support.page import Browser

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
BrowserOf = Callable[[object], Browser]
QUEUE = "/capaian/verifikasi"
APART = f"{QUEUE}?hitung=tidak"
LIST = f"{QUEUE}?tampilan=daftar"


def uncounted(world: World, title: str = "Unggahan biasa") -> Delivery:
    """No component of the scheme takes this kind of content."""
    delivery = proven(world, title=title)
    delivery.content_type_id = world.social.id
    db.session.flush()
    rescore_delivery(delivery, actor=None, reason="Jenisnya dibetulkan")
    return delivery


def of(world: World, *, counted: bool | None = None) -> queries.Queue:
    return queries.Queue(world.office.id, world.lead.id, counted=counted)


def ids(queue: queries.Queue) -> set[int]:
    return {row.delivery_id for row in queries.list_unverified(queue)}


def test_what_no_component_counts_is_not_among_what_waits(world: World) -> None:
    make_scheme(world)
    counts, apart = live_post(world), uncounted(world)
    queue = queries.queue_of(world.office, world.lead.id)
    assert queue.counted is True
    assert ids(queue) == {counts.id} and queries.count_unverified(queue) == 1
    place = queries.place_of(queue)
    assert place is not None and (place.delivery_id, place.total, place.after) == (counts.id, 1, None)
    aside = of(world, counted=False)
    assert ids(aside) == {apart.id} and queries.count_unverified(aside) == 1
    assert ids(of(world)) == {counts.id, apart.id}, "together they are everything"
    there = queries.place_of(aside, apart.id)
    assert there is not None and (there.delivery_id, there.total) == (apart.id, 1)


def test_a_publication_moves_with_its_lines(world: World) -> None:
    """Its kind is put right, and it counts; its lines are taken back, and it does not."""
    make_scheme(world)
    delivery = uncounted(world)
    delivery.content_type_id = world.news.id
    db.session.flush()
    rescore_delivery(delivery, actor=None, reason="Jenisnya dibetulkan")
    assert ids(of(world, counted=True)) == {delivery.id} and ids(of(world, counted=False)) == set()
    delivery.content_type_id = world.social.id
    db.session.flush()
    rescore_delivery(delivery, actor=None, reason="Jenisnya dibetulkan")
    assert ids(of(world, counted=True)) == set() and ids(of(world, counted=False)) == {delivery.id}


def test_without_rules_in_force_everything_waits(world: World) -> None:
    delivery = live_post(world)
    queue = queries.queue_of(world.office, world.lead.id)
    assert queue.counted is None and ids(queue) == {delivery.id}
    scheme = make_scheme(world, since="2100-TW1")
    assert queries.queue_of(world.office, world.lead.id).counted is None, "they begin later"
    set_active(scheme, actor=world.admin, active=False)
    make_scheme(world, name="Sekarang")
    assert queries.queue_of(world.office, world.lead.id).counted is True


def test_another_offices_rules_are_not_this_ones(world: World, other_world: World) -> None:
    make_scheme(other_world)
    assert queries.queue_of(world.office, world.lead.id).counted is None


def test_the_page_keeps_them_apart_with_a_way_there_and_back(world: World, browser_of: BrowserOf) -> None:
    make_scheme(world)
    counts, first, second = (
        proven(world, title="Berita kami"),
        uncounted(world, "Satu"),
        uncounted(world, "Dua"),
    )
    db.session.commit()
    lead = browser_of(world.lead)
    page = lead.get(QUEUE)
    assert counts.title in page.main and "1 dari 1" in page.main
    assert "2 publikasi lain tidak dihitung komponen mana pun." in page.main
    listed = lead.get(LIST)
    assert counts.title in listed.main and first.title not in listed.main

    apart = lead.get(page.link("Lihat yang tidak dihitung"))
    assert first.title in apart.main and second.title in apart.main and counts.title not in apart.main
    assert "tidak mengubah nilai" in apart.main
    one = lead.get(next(str(a["href"]) for a in apart.soup.select("main .list a") if first.title in a.text))
    assert (
        first.title in str(one.soup.select_one("#judged"))
        and "tidak ada komponen yang menghitungnya" in one.main
    )
    action = next(
        str(f["action"]) for f in one.soup.select("main form") if str(f["action"]).endswith(f"/{first.id}")
    )
    onward = lead.follow(lead.post(action, one.form(action)))
    assert second.title in str(onward.soup.select_one("#judged")), "one stays among them"
    assert queries.point_state_of([first.id])[first.id] is PointState.VERIFIED
    back = lead.get(onward.link("Kembali ke yang dihitung"))
    assert counts.title in back.main

    verify_point(counts, actor=world.as_(world.lead))
    db.session.commit()
    done = lead.get(QUEUE)
    assert "Semua yang dihitung sudah diperiksa" in done.main and "1 publikasi lain" in done.main
    verify_point(second, actor=world.as_(world.lead))
    db.session.commit()
    assert "Semua publikasi sudah diperiksa" in lead.get(QUEUE).main


def test_without_a_scheme_the_page_knows_no_two_kinds(world: World, browser_of: BrowserOf) -> None:
    delivery = uncounted(world)
    db.session.commit()
    for url in (QUEUE, APART):
        page = browser_of(world.lead).get(url)
        assert delivery.title in page.main and "komponen mana pun" not in page.main


def test_a_question_about_what_counts_nowhere_is_still_answered(world: World, browser_of: BrowserOf) -> None:
    make_scheme(world)
    delivery = uncounted(world)
    dispute_point(delivery, actor=world.as_(world.editor), reason="Bukan kanal kami")
    db.session.commit()
    for url in (f"{QUEUE}?tampilan=dipertanyakan", f"{APART}&tampilan=dipertanyakan"):
        page = browser_of(world.lead).get(url)
        assert delivery.title in page.main and "Bukan kanal kami" in page.main
    tab = next(
        a for a in browser_of(world.lead).get(QUEUE).soup.select("main nav a") if "Dipertanyakan" in a.text
    )
    assert "1" in tab.text


def test_the_number_on_the_standing_is_that_of_the_queue(world: World, browser_of: BrowserOf) -> None:
    set_targets(make_scheme(world), world, "2026-TW1", berita_terbaru=60)
    live_post(world)
    uncounted(world)
    db.session.commit()
    lead = browser_of(world.lead)
    assert "Verifikasi 1 publikasi" in lead.get("/capaian/?periode=2026-TW1").main
    assert "1 dari 1" in lead.get(QUEUE).main


@pytest.mark.parametrize("url", [QUEUE, LIST, APART, f"{APART}&tampilan=daftar"])
def test_it_takes_a_fixed_number_of_statements(
    world: World, browser_of: BrowserOf, statements: QueryCount, url: str
) -> None:
    make_scheme(world)
    lead = browser_of(world.lead)

    def count() -> int:
        lead.get(url)
        statements.reset()
        lead.get(url)
        return len(statements)

    proven(world)
    uncounted(world)
    db.session.commit()
    few = count()
    for _n in range(3):
        proven(world)
        uncounted(world)
    db.session.commit()
    assert count() <= few + 1, "the one after it is looked up once there is one"
