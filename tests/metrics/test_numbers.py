"""What channels say of a post, and what people read there: dated, sourced, and unknown where nobody knows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.channels.adapters.base import Caps
from humasflow.channels.adapters.errors import Forbidden, Transient
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.metrics import queries
from humasflow.metrics.models import MetricSnapshot
from humasflow.metrics.services import NothingRecorded, WrongTime, record_numbers
from humasflow.metrics.services.fetching import AGES
from humasflow.posts.models import Post
from humasflow.publishing import services
from humasflow.publishing.models import Delivery
from tests.factories.world import World
from tests.publishing.conftest import desk
from tests.publishing.desk import NewsDesk
from tests.publishing.scripted import Channel, connect, install
from tests.support.page import Browser

__all__ = ["desk"]
pytestmark = pytest.mark.db
Open = Callable[[Any], Browser]


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Channel:
    channel = Channel(numbers={"likes": 12, "comments": 0, "views": None})
    install(monkeypatch, channel)
    return channel


def live(desk: NewsDesk) -> tuple[Post, Delivery]:
    connect(desk.world.x)
    _story, (post,) = desk.going_out("x")
    desk.work()
    return post, desk.delivery(post)


def snapshots() -> list[MetricSnapshot]:
    return list(db.session.scalars(select(MetricSnapshot).order_by(MetricSnapshot.id)))


def work_after(desk: NewsDesk, delivery: Delivery, age: timedelta) -> None:
    assert delivery.published_at is not None
    with clock.moved_to(delivery.published_at + age + timedelta(minutes=1)):
        desk.work()


def test_they_are_fetched_at_the_ages_of_the_post(desk: NewsDesk, channel: Channel) -> None:
    _post, delivery = live(desk)
    assert snapshots() == []
    for number, age in enumerate(AGES, start=1):
        channel.numbers["likes"] = number * 10
        work_after(desk, delivery, age)
        assert len(snapshots()) == number
    work_after(desk, delivery, timedelta(days=400))
    assert len(snapshots()) == len(AGES)
    assert [s.likes for s in snapshots()] == [10, 20, 30, 40, 50, 60, 70]


def test_unknown_is_unknown_and_zero_is_zero(desk: NewsDesk, channel: Channel) -> None:
    _post, delivery = live(desk)
    work_after(desk, delivery, AGES[0])
    (row,) = snapshots()
    assert (row.likes, row.comments, row.views, row.shares) == (12, 0, None, None)
    assert (row.source, row.api_version, row.recorded_by) == ("palsu", "v26", None)
    assert row.named == {"likes": 12, "comments": 0, "views": None}
    assert delivery.metrics_at == row.captured_at


def test_ages_that_went_by_while_nobody_worked_are_left_out(desk: NewsDesk, channel: Channel) -> None:
    _post, delivery = live(desk)
    work_after(desk, delivery, timedelta(days=8))
    assert len(snapshots()) == 1
    work_after(desk, delivery, timedelta(days=13))
    assert len(snapshots()) == 1
    work_after(desk, delivery, timedelta(days=14))
    assert len(snapshots()) == 2


def test_a_strange_number_is_unknown_and_breaks_nothing(desk: NewsDesk, channel: Channel) -> None:
    channel.numbers = {
        "likes": -1, "comments": "banyak", "views": 10**30, "shares": True, "saves": 3.5, "reach": 7,
        "post_reactions_haha": 4, "x" * 300: 1,
    }  # fmt: skip
    _post, delivery = live(desk)
    work_after(desk, delivery, AGES[0])
    (row,) = snapshots()
    assert (row.likes, row.comments, row.views, row.shares, row.saves, row.reach) == (
        None, None, None, None, None, 7,
    )  # fmt: skip
    assert row.named["post_reactions_haha"] == 4


def test_a_failure_is_tried_again_a_few_times_and_the_next_age_comes_anyway(
    desk: NewsDesk, channel: Channel
) -> None:
    post, delivery = live(desk)
    work_after(desk, delivery, AGES[0])
    channel.fails("metrics", *[Transient("x")] * 4)
    for minutes in range(0, 240, 20):
        work_after(desk, delivery, AGES[1] + timedelta(minutes=minutes))
    assert (len(snapshots()), channel.count("metrics"), desk.state(post)) == (1, 5, "published")
    work_after(desk, delivery, AGES[2])
    assert len(snapshots()) == 2


def test_a_refusal_waits_for_the_next_age(desk: NewsDesk, channel: Channel) -> None:
    _post, delivery = live(desk)
    channel.fails("metrics", Forbidden("x"))
    work_after(desk, delivery, AGES[0])
    work_after(desk, delivery, AGES[0] + timedelta(hours=1))
    assert (snapshots(), channel.count("metrics")) == ([], 1)
    work_after(desk, delivery, AGES[1])
    assert len(snapshots()) == 1


def test_an_account_that_is_disconnected_for_a_day_is_asked_again_after_it(
    desk: NewsDesk, channel: Channel
) -> None:
    post, delivery = live(desk)
    channel.numbers = {"likes": 3}
    key = post.account.adapter
    post.account.adapter = "manual"
    db.session.commit()
    work_after(desk, delivery, timedelta(hours=1, minutes=1))
    assert channel.count("metrics") == 0
    post.account.adapter = key
    db.session.commit()
    work_after(desk, delivery, timedelta(days=2))
    assert channel.count("metrics") == 1
    assert len(snapshots()) == 1


def test_a_channel_without_numbers_is_not_asked(desk: NewsDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = Channel()
    install(monkeypatch, channel, Caps(idempotent=True, can_find=True))
    _post, delivery = live(desk)
    work_after(desk, delivery, timedelta(days=40))
    assert (snapshots(), channel.count("metrics")) == ([], 0)


def test_what_came_down_is_not_asked_about(desk: NewsDesk, channel: Channel) -> None:
    _post, delivery = live(desk)
    services.retract(delivery, actor=desk.editor, reason="Keliru", removed_by_hand=True)
    db.session.commit()
    work_after(desk, delivery, timedelta(days=40))
    assert channel.count("metrics") == 0


# By hand


def test_a_person_records_what_they_see(desk: NewsDesk, channel: Channel) -> None:
    post, delivery = live(desk)
    now = clock.now()
    record_numbers(delivery, actor=desk.editor, numbers={"likes": 0, "reach": 250}, seen_at=now)
    (reading,) = queries.list_readings(post.id, delivery.id)
    assert (reading.source, reading.reader) == ("manual", desk.editor.name)
    assert (reading.numbers["likes"], reading.numbers["reach"], reading.numbers["views"]) == (0, 250, None)
    with pytest.raises(NothingRecorded):
        record_numbers(delivery, actor=desk.editor, numbers={"likes": None}, seen_at=now)
    with pytest.raises(WrongTime):
        record_numbers(delivery, actor=desk.editor, numbers={"likes": 1}, seen_at=now + timedelta(hours=1))
    with pytest.raises(WrongTime):
        record_numbers(delivery, actor=desk.editor, numbers={"likes": 1}, seen_at=now - timedelta(days=1))
    with pytest.raises(Refused):
        record_numbers(delivery, actor=desk.as_(desk.world.contributor), numbers={"likes": 1}, seen_at=now)


def test_the_form_takes_whole_numbers_and_keeps_what_was_typed(
    desk: NewsDesk, channel: Channel, world: World, browser_of: Open
) -> None:
    post, _delivery = live(desk)
    editor = browser_of(world.editor)
    page = editor.get(f"/publikasi/{post.id}")
    assert "Belum diketahui" in page.main
    form = editor.get(f"/publikasi/{post.id}/angka").form("/angka")
    for wrong in ("12,5", "-3", "banyak", "1e9", "1.5"):
        refused = editor.post(
            f"/publikasi/{post.id}/angka", form | {"likes": wrong, "reach": "250"}, status=422
        )
        assert "bilangan bulat" in refused.main
        assert refused.form("/angka")["reach"] == "250"
    empty = editor.post(f"/publikasi/{post.id}/angka", form, status=422)
    assert "sedikitnya satu angka" in empty.main
    assert snapshots() == []
    editor.post(f"/publikasi/{post.id}/angka", form | {"likes": "2.200", "reach": "", "comments": "0"})
    (row,) = snapshots()
    assert (row.likes, row.comments, row.reach) == (2200, 0, None)
    shown = editor.get(f"/publikasi/{post.id}").main
    assert "2.200 Suka" in shown
    assert "0 Komentar" in shown
    assert f"dicatat {world.editor.name}" in shown
    assert "Per " in shown


def test_the_history_of_numbers_is_shown_with_what_changed(
    desk: NewsDesk, channel: Channel, world: World, browser_of: Open
) -> None:
    channel.numbers = {"likes": 12, "reach": 900}
    post, delivery = live(desk)
    work_after(desk, delivery, AGES[0])
    assert delivery.published_at is not None
    for hours, numbers in ((30, {"likes": 20, "comments": 3}), (40, {"likes": 18, "comments": 3})):
        at = delivery.published_at + timedelta(hours=hours)
        with clock.moved_to(at + timedelta(minutes=1)):
            record_numbers(delivery, actor=desk.editor, numbers=numbers, seen_at=at)
    db.session.commit()
    with clock.moved_to(delivery.published_at + timedelta(days=2)):
        page = browser_of(world.editor).get(f"/publikasi/{post.id}")
    numbers = page.soup.select_one("#numbers-title").find_parent("section")
    stats = [" ".join(one.get_text(" ").split()) for one in numbers.select(".stat")]
    assert stats[:2] == ["18 Suka", "3 Komentar"]
    # What the newer readings did not say is known all the same.
    assert any(one.startswith("900 Jangkauan per ") for one in stats)
    history = numbers.find("details")
    assert "Riwayat: 3 catatan" in history.summary.text
    assert not history.has_attr("open")
    lines = [" ".join(line.get_text(" ").split()) for line in history.select("li")]
    assert [f"dicatat {world.editor.name}" in line for line in lines] == [True, True, False]
    assert f"dari {post.account.name}" in lines[2]
    assert "Suka 18 ( turun −2)" in lines[0]
    assert "Komentar 3 (tetap)" in lines[0]
    assert "Suka 20 ( naik +8)" in lines[1]
    assert "Komentar 3 (" not in lines[1]
    assert lines[2].endswith("Suka 12 Jangkauan 900")


def test_one_reading_has_no_history(desk: NewsDesk, channel: Channel, world: World, browser_of: Open) -> None:
    post, delivery = live(desk)
    work_after(desk, delivery, AGES[0])
    assert "Riwayat:" not in browser_of(world.editor).get(f"/publikasi/{post.id}").main


def test_a_stranger_to_the_office_records_nothing(
    desk: NewsDesk, channel: Channel, other_world: World, browser_of: Open
) -> None:
    post, _delivery = live(desk)
    browser_of(other_world.editor).get(f"/publikasi/{post.id}/angka", status=404)
