"""The weekly look at the addresses of what is live."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from humasflow.audit import queries as audit
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import Notification
from humasflow.notifications.services.troubles import tell_troubles
from humasflow.outbox import runner
from humasflow.outbox.models import Job
from humasflow.publishing.enums import FollowUp, LinkState
from humasflow.publishing.events import LinkGone
from humasflow.publishing.models import Delivery
from humasflow.publishing.services import link_check
from humasflow.publishing.services.evidence import add_row
from humasflow.publishing.services.link_check import CHECK_LINK, check_link, enqueue_checks
from humasflow.publishing.services.looking import Seen, look_at
from humasflow.publishing.services.telling import (
    TroubleKind,
    mark_told,
    note_live_trouble,
    take_untold,
)
from humasflow.scoring import queries as scoring
from humasflow.scoring.enums import PointState
from humasflow.scoring.models import LedgerEntry
from humasflow.scoring.services.ledger import score_delivery
from humasflow.scoring.services.verification import verify_point
from tests.core.test_outbound import answer, at, serve
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme
from tests.factories.world import World
from tests.publishing.desk import Heard
from tests.support.page import Browser

__all__ = ["serve"]
pytestmark = pytest.mark.db
START = datetime.fromisoformat("2026-11-02T02:00:00+00:00")


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Callable[[Seen], None]:
    """What every look finds from now on."""
    now: list[Seen] = [Seen.THERE]
    monkeypatch.setattr(link_check, "look_at", lambda url: now[0])

    def tell(found: Seen) -> None:
        now[0] = found

    return tell


@contextmanager
def after(**passed: float) -> Iterator[None]:
    with clock.moved_to(START + timedelta(**passed)):
        yield


def check(delivery: Delivery) -> LinkState:
    check_link(delivery.id)
    db.session.commit()
    return delivery.link_state


@pytest.fixture
def delivery(world: World, in_request: None) -> Delivery:
    with clock.moved_to(START):
        made = live_post(world, account=world.facebook, url="https://www.facebook.com/kantoruji/posts/77")
        db.session.commit()
    return made


def test_gone_is_gone_after_three_times_over_a_week(
    world: World, delivery: Delivery, seen: Any, heard: Heard
) -> None:
    seen(Seen.GONE)
    with after(days=1):
        assert check(delivery) is LinkState.DOUBTFUL
        assert check(delivery) is LinkState.DOUBTFUL
        assert check(delivery) is LinkState.DOUBTFUL, "three times on one day are not a week"
    with after(days=7.9):
        assert heard.of(LinkGone) == []
        assert check(delivery) is LinkState.GONE
    with after(days=15):
        assert check(delivery) is LinkState.GONE
    assert [e.post_id for e in heard.of(LinkGone)] == [delivery.post_id]
    assert delivery.state.value == "published", "nothing is deleted"


def test_what_passes_says_nothing(delivery: Delivery, seen: Any, heard: Heard) -> None:
    seen(Seen.UNCLEAR)
    for day in range(1, 60, 4):
        with after(days=day):
            assert check(delivery) is LinkState.UNKNOWN
    assert delivery.link_gone_times == 0
    assert heard.of(LinkGone) == []


def test_alive_again_clears(delivery: Delivery, seen: Any, heard: Heard) -> None:
    seen(Seen.GONE)
    for day in (1, 4.5, 8):
        with after(days=day):
            check(delivery)
    assert delivery.link_state is LinkState.GONE
    seen(Seen.THERE)
    with after(days=15):
        assert check(delivery) is LinkState.ALIVE
    assert (delivery.link_gone_times, delivery.link_gone_since) == (0, None)
    seen(Seen.GONE)
    with after(days=22):
        assert check(delivery) is LinkState.DOUBTFUL, "it counts from the beginning"
    assert len(heard.of(LinkGone)) == 1


def test_a_gone_link_questions_its_point_and_a_person_decides(
    world: World, delivery: Delivery, seen: Any, in_request: None
) -> None:
    make_scheme(world)
    other = live_post(world, account=world.facebook, url="https://www.facebook.com/kantoruji/posts/78")
    db.session.commit()
    lines = len(db.session.scalars(select(LedgerEntry)).all())
    seen(Seen.GONE)
    for day in (1, 4.5, 8):
        with after(days=day):
            check(delivery)
    points = scoring.point_state_of([delivery.id, other.id])
    assert points[delivery.id] is PointState.DISPUTED
    assert points[other.id] is PointState.LIVE_UNVERIFIED
    assert len(db.session.scalars(select(LedgerEntry)).all()) == lines, "the ledger is not touched"
    (row,) = scoring.list_disputed(scoring.Queue(world.office.id, world.lead.id))
    assert (row.delivery_id, row.note) == (
        delivery.id, "Tautannya tidak ditemukan lagi pada tiga pemeriksaan selama sepekan.",
    )  # fmt: skip
    told = select(Notification.read_at).where(Notification.kind == NoticeKind.POST_LINK_GONE)
    tell_troubles(f"{world.office.id}:live")
    assert set(db.session.scalars(told)) == {None}
    verify_point(delivery, actor=world.as_(world.lead))
    assert (delivery.link_state, delivery.link_gone_since, delivery.link_gone_times) == (
        LinkState.ALIVE, None, 0,
    )  # fmt: skip
    assert None not in set(db.session.scalars(told)), "nobody is asked any longer"
    assert scoring.point_state_of([delivery.id])[delivery.id] is PointState.VERIFIED
    entries = [e.action.value for e in audit.list_timeline(("post", delivery.post_id))]
    assert "publishing.delivery.link_gone" in entries


def test_each_is_put_in_line_once_and_again_after_a_week(
    world: World, delivery: Delivery, seen: Any, app: Flask
) -> None:
    own = live_post(world, url=f"{app.config['PUBLIC_URL']}/berita/kantor-uji/1/judul")
    db.session.commit()

    def lined_up() -> list[str]:
        enqueue_checks()
        db.session.commit()
        return list(db.session.scalars(select(Job.ref).where(Job.kind == CHECK_LINK).order_by(Job.id)))

    with after(days=2):
        assert lined_up() == [str(delivery.id)], f"not {own.id}: that one is ours"
        assert lined_up() == [str(delivery.id)]
    with after(days=2, minutes=10):
        runner.run_due()
        assert delivery.link_state is LinkState.ALIVE
    with after(days=5):
        assert len(lined_up()) == 1
    with after(days=9, minutes=30):
        assert len(lined_up()) == 2


def test_what_was_not_there_is_looked_at_sooner(delivery: Delivery, seen: Any) -> None:
    seen(Seen.GONE)
    with after(days=2):
        check(delivery)
    with after(days=5):
        assert enqueue_checks() == 0
    with after(days=5.6):
        assert enqueue_checks() == 1


def test_a_round_is_bounded_and_spread_out(
    world: World, in_request: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_check, "AT_ONCE", 3)
    with clock.moved_to(START):
        for number in range(5):
            live_post(
                world, account=world.facebook, url=f"https://www.facebook.com/kantoruji/posts/{900 + number}"
            )
        db.session.commit()
    with after(days=2):
        assert [enqueue_checks(), enqueue_checks(), enqueue_checks()] == [3, 2, 0]
        dues = list(db.session.scalars(select(Job.due_at).where(Job.kind == CHECK_LINK).order_by(Job.id)))
    assert dues[2] - dues[0] == 2 * link_check.APART
    assert {j.lane for j in db.session.scalars(select(Job).where(Job.kind == CHECK_LINK))} == {"links"}


# The look itself


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        ("200 OK", Seen.THERE), ("404 Not Found", Seen.GONE), ("410 Gone", Seen.GONE), ("403 No", Seen.UNCLEAR),
        ("429 Slow", Seen.UNCLEAR), ("500 Oh", Seen.UNCLEAR), ("503 Busy", Seen.UNCLEAR),
    ],
)  # fmt: skip
def test_what_an_answer_says(serve: Any, status: str, wanted: Seen) -> None:
    assert look_at(at(serve(answer(b"halo", status=status)))) is wanted


def test_a_name_that_does_not_resolve_and_a_machine_inside_say_nothing(in_request: None) -> None:
    assert look_at("https://tidak-ada.invalid/p/1") is Seen.UNCLEAR
    assert look_at("http://127.0.0.1:8080/p/1") is Seen.UNCLEAR
    assert look_at("http://169.254.169.254/latest/") is Seen.UNCLEAR


def test_a_sign_in_page_tells_nothing(serve: Any) -> None:
    def say(connection: Any, head: str) -> None:
        if "GET /login" in head:
            connection.sendall(answer(b"masuk dulu"))
        else:
            connection.sendall(answer(b"", status="302 Found", headers="Location: /login/?next=p\r\n"))

    assert look_at(at(serve(say), "/p/1")) is Seen.UNCLEAR


def test_an_address_that_moved_is_there(serve: Any) -> None:
    def say(connection: Any, head: str) -> None:
        if "GET /baru" in head:
            connection.sendall(answer(b"halo"))
        else:
            connection.sendall(answer(b"", status="301 Moved", headers="Location: /baru\r\n"))

    assert look_at(at(serve(say), "/lama")) is Seen.THERE


def test_who_verifies_sees_what_is_questioned_and_why(
    world: World, delivery: Delivery, seen: Any, browser_of: Any
) -> None:
    make_scheme(world)
    seen(Seen.GONE)
    for day in (1, 4.5, 8):
        with after(days=day):
            check(delivery)
    lead = browser_of(world.lead)
    assert "Dipertanyakan 1" in lead.get("/capaian/verifikasi").main
    page = lead.get("/capaian/verifikasi?tampilan=dipertanyakan")
    assert "tiga pemeriksaan selama sepekan" in page.main
    action = f"/capaian/verifikasi/{delivery.id}"
    lead.post(action, page.form(action))
    assert "Dipertanyakan 0" in lead.get("/capaian/verifikasi").main


def test_the_newest_trouble_of_a_live_post_is_told(delivery: Delivery, seen: Any) -> None:
    """It was told that its address is gone; now its first comment has failed too."""
    seen(Seen.GONE)
    for day in (1, 4.5, 8):
        with after(days=day):
            check(delivery)
    (first,) = take_untold(delivery.office_id, live=True, limit=5)
    assert first.kind is TroubleKind.LINK_GONE
    mark_told([delivery.id], at=clock.now())
    db.session.commit()
    assert take_untold(delivery.office_id, live=True, limit=5) == []
    delivery.comment_state, delivery.follow_up_error = FollowUp.FAILED, "Kanal menolaknya."
    note_live_trouble(delivery, TroubleKind.COMMENT)
    db.session.flush()
    (second,) = take_untold(delivery.office_id, live=True, limit=5)
    assert (second.kind, second.error) == (TroubleKind.COMMENT, "Kanal menolaknya.")
    delivery.comment_state = FollowUp.DONE
    db.session.flush()
    (left,) = take_untold(delivery.office_id, live=True, limit=5)
    assert left.kind is TroubleKind.LINK_GONE, "what is not wrong any more is not told"


def test_the_page_asks_until_somebody_has_decided(
    world: World, delivery: Delivery, seen: Any, browser_of: Callable[..., Browser]
) -> None:
    make_scheme(world)
    score_delivery(delivery)
    db.session.commit()
    seen(Seen.GONE)
    for day in (1, 4.5, 8):
        with after(days=day):
            check(delivery)
    address = f"/publikasi/{delivery.post_id}"
    editor = browser_of(world.editor)
    assert "Nilainya dipertanyakan" in editor.get(address).main
    seen(Seen.THERE)
    with after(days=15):
        check(delivery)
    page = editor.get(address)
    assert "Nilainya dipertanyakan" in page.main, "it opens again, and the point is still questioned"
    assert "tidak tercatat hilang" in page.main
    editor.post(f"/capaian/verifikasi/{delivery.id}", page.form(f"/verifikasi/{delivery.id}"))
    page = editor.get(address)
    assert "dipertanyakan" not in page.main
    assert "masih ada" not in page.main


def test_who_recorded_it_is_told_that_somebody_else_decides(
    world: World, delivery: Delivery, seen: Any, browser_of: Callable[..., Browser]
) -> None:
    make_scheme(world)
    score_delivery(delivery)
    world.office.four_eyes = True
    add_row(delivery, url=str(delivery.permalink), published_at=START, captured_by=world.editor.id)
    db.session.commit()
    seen(Seen.GONE)
    for day in (1, 4.5, 8):
        with after(days=day):
            check(delivery)
    page = browser_of(world.editor).get(f"/publikasi/{delivery.post_id}").main
    assert "mintalah orang lain memverifikasi" in page
    assert "Sudah saya periksa" not in page
