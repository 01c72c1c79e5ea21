"""Moving publications, one or many things, by one or two people, and taking it back."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from humasflow.audit.enums import AuditAction as A
from humasflow.audit.queries import check_chain, list_timeline
from humasflow.calendar import moving
from humasflow.calendar.enums import ItemKind as K
from humasflow.calendar.moving import BadAsk, Ref, Where
from humasflow.calendar.moving.sealing import BadSeal, seal
from humasflow.core.db import db
from humasflow.planning.agenda.enums import Extent
from humasflow.planning.campaigns.services import CampaignContent, change_campaign
from humasflow.posts.models import Post
from humasflow.posts.queries import list_posts_of
from humasflow.posts.services import PostContent, save_post_version, schedule_post
from humasflow.publishing import services as publishing
from humasflow.stories.services.assignments import change_assignment
from tests.calendar.movement import (
    CHRISTMAS,
    NOW,
    At,
    actions,
    at_office,
    campaign,
    event,
    move,
    reasons,
    ref_of,
    scheduled,
    undo,
)
from tests.conftest import QueryCount
from tests.factories.world import World
from tests.publishing.desk import NewsDesk
from tests.stories.tasks import task

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


# Publications


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_a_move_keeps_the_clock_time_and_the_tray_starts_at_nine(
    desk: NewsDesk, world: World, at: At, zone: str
) -> None:
    with at(NOW):
        world.office.timezone = zone
        post = scheduled(desk, 20, time(23, 45))
        move(world, post, day=date(2026, 11, 22))
        assert post.scheduled_at == at_office(22, time(23, 45), zone=zone)
        move(world, post)
        assert post.scheduled_at is None
        move(world, post, day=date(2026, 11, 23))
        assert post.scheduled_at == at_office(23, time(9), zone=zone)
        move(world, post, day=date(2026, 11, 23), clock=time(16, 30))
        assert post.scheduled_at == at_office(23, time(16, 30), zone=zone)
        move(world, post, shift=-3)
        assert post.scheduled_at == at_office(20, time(16, 30), zone=zone)
        (job,) = desk.jobs()
        assert job.due_at == post.scheduled_at


def test_a_move_and_its_undo_are_two_entries_and_the_outbox_follows_both(
    desk: NewsDesk, world: World, at: At
) -> None:
    with at(NOW):
        post = scheduled(desk, 20)
        before = list_timeline(("post", post.id))
        done = move(world, post, day=date(2026, 11, 24))
        assert done.message == "Situs berita dipindahkan ke 24 Nov 2026 09.00 WIB."
        assert desk.jobs()[0].due_at == at_office(24)
        back = undo(world, done)
        assert (back.failed, post.scheduled_at) == ([], at_office(20))
        assert desk.jobs()[0].due_at == at_office(20)
        assert back.undo is None
        entries = list_timeline(("post", post.id))[: -len(before)]
        assert [e.action for e in entries] == [A.POST_SCHEDULED, A.POST_SCHEDULED]
        assert [e.detail["due_at"] for e in entries] == [at_office(20).isoformat(), at_office(24).isoformat()]
        assert check_chain(world.office.id) == []


def test_an_undo_twice_and_a_move_twice_do_their_work_once(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        post = scheduled(desk, 20)
        ref = ref_of(post)
        done = move(world, ref, day=date(2026, 11, 24))
        count = len(actions(("post", post.id)))
        again = move(world, ref, day=date(2026, 11, 24))
        assert (len(again.moved), again.failed, again.undo) == (1, [], None)
        assert again.message == "Situs berita tetap di 24 Nov 2026 09.00 WIB."
        assert len(actions(("post", post.id))) == count
        undo(world, done)
        assert undo(world, done).failed == []
        assert len(actions(("post", post.id))) == count + 1


def test_an_undo_to_the_tray_takes_the_time_away_again(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        (post,) = list_posts_of(desk.ready("web").id)
        done = move(world, post, day=date(2026, 11, 3))
        assert "Belum disetujui: tidak akan tayang sebelum disetujui." in done.message
        undo(world, done)
        assert (post.scheduled_at, desk.jobs()[-1].state.value) == (None, "cancelled")


def test_what_was_late_gets_a_new_time_but_no_undo_into_the_past(
    desk: NewsDesk, world: World, at: At
) -> None:
    with at(NOW):
        post = scheduled(desk, 3)
    with at("2026-11-04T01:00Z"):
        done = move(world, post, day=date(2026, 11, 6))
        assert (post.scheduled_at, done.undo) == (at_office(6), None)


def test_a_day_or_an_hour_that_is_over_is_refused_kindly(desk: NewsDesk, world: World, at: At) -> None:
    with at("2026-11-05T05:00:00Z"):  # noon
        post = scheduled(desk, 20)
        assert "Rabu, 4 November 2026 sudah lewat" in reasons(move(world, post, day=date(2026, 11, 4)))
        assert "sudah lewat" in reasons(move(world, post, day=date(2026, 11, 5)))
        assert "sudah lewat" in reasons(move(world, post, shift=-30))
        assert "tiga tahun" in reasons(move(world, post, day=date(2036, 10, 14)))
        assert "Periksa tahunnya" in reasons(move(world, post, day=date(9999, 10, 14)))
        assert post.scheduled_at == at_office(20)


def test_an_embargo_says_until_when(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        post = scheduled(desk, 20)
        post.story.embargo_until = at_office(28, time(12), 12)
        db.session.flush()
        done = move(
            world, post, day=CHRISTMAS, decided=False
        )  # refused before anybody is asked about that day
        assert reasons(done) == "Naskah ini diembargo sampai 28 Des 2026 12.00 WIB. Pilih waktu sesudahnya."
        assert move(world, post, day=date(2026, 12, 28), clock=time(12)).moved


def test_states_and_roles_that_forbid_it_say_why(
    desk: NewsDesk, world: World, other_world: World, at: At
) -> None:
    with at(NOW):
        post = scheduled(desk, 20)
        day = date(2026, 11, 24)
        assert "Peran Anda belum mencakup" in reasons(move(world, post, who=world.lead, day=day))
        assert "tidak ada (lagi)" in reasons(move(world, post, who=world.contributor, day=day))
        stranger = other_world.as_(other_world.editor)
        assert "tidak ada (lagi)" in reasons(moving.move_items([ref_of(post)], Where(day), actor=stranger))
        post.story.is_confidential = True
        db.session.flush()
        assert "tidak ada (lagi)" in reasons(move(world, post, who=world.other_editor, day=day))
        post.story.is_confidential = False
        publishing.publish_now(post, actor=desk.editor)
        db.session.commit()
        desk.work()
        assert "sudah tayang" in reasons(move(world, post, day=day))


# Two people


def test_the_second_of_two_sees_what_the_first_did(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        post = scheduled(desk, 20)
        seen = ref_of(post)
        move(world, seen, who=world.other_editor, day=date(2026, 11, 23))
    with at("2026-10-14T01:05:00Z"):
        done = move(world, seen, day=date(2026, 11, 25))
        (failed,) = done.failed
        assert failed.meanwhile is not None
        assert failed.meanwhile.by == "Redaktur Dua"
        assert failed.message == (
            "Redaktur Dua lebih dahulu mengubah Situs berita, pada 14 Okt 2026 08.00 WIB: sekarang di 23 Nov 2026 09.00 "
            "WIB. Bila masih perlu, pindahkan sekali lagi."
        )
        assert post.scheduled_at == at_office(23)
        assert move(world, post, day=date(2026, 11, 25)).moved, "with what stands now it goes through"


def test_both_wanting_the_same_is_no_conflict(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        post = scheduled(desk, 20)
        seen = ref_of(post)
        move(world, seen, who=world.other_editor, day=date(2026, 11, 23))
        assert move(world, seen, day=date(2026, 11, 23)).failed == []


def test_ones_own_last_move_and_another_text_are_no_conflict(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        post = scheduled(desk, 20, approved=False)
        seen = ref_of(post)
        move(world, seen, day=date(2026, 11, 23))
        assert move(world, seen, day=date(2026, 11, 24)).moved
        save_post_version(
            post,
            actor=world.as_(world.other_editor),
            content=PostContent(text="Kata-kata yang lain sama sekali"),
        )
        assert post.row_version > seen.row_version  # type: ignore[operator]
        assert move(world, seen, day=date(2026, 11, 25)).moved


def test_an_undo_after_somebody_moved_it_on_leaves_it_there(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        post = scheduled(desk, 20)
        done = move(world, post, day=date(2026, 11, 23))
        move(world, post, who=world.other_editor, day=date(2026, 11, 26))
        back = undo(world, done)
        assert back.failed[0].meanwhile is not None
        assert post.scheduled_at == at_office(26)


def test_an_old_move_of_somebody_else_is_no_news(desk: NewsDesk, world: World, at: At) -> None:
    """The page was drawn after it; since then only the text has changed."""
    with at(NOW):
        post = scheduled(desk, 20, approved=False)
        move(world, post, who=world.other_editor, day=date(2026, 11, 23))
        seen = ref_of(post)
        save_post_version(
            post, actor=world.as_(world.other_editor), content=PostContent(text="Kata-kata yang lain sama sekali"),
        )  # fmt: skip
        assert post.row_version > seen.row_version  # type: ignore[operator]
        assert move(world, seen, day=date(2026, 11, 25)).moved


def test_two_people_move_a_series_one_at_a_time(world: World, at: At) -> None:
    """Each another week: no conflict. The same week, or all of them: the second reads who was faster."""
    with at(NOW):
        found = event(world, rule="FREQ=WEEKLY;COUNT=4")
        one, two = ref_of(found, at_office(11)), ref_of(found, at_office(18))
        assert move(world, one, who=world.other_editor, shift=1).moved
        assert move(world, two, shift=1).moved
        assert "lebih dahulu mengubah" in reasons(move(world, one, shift=2))
        fourth = ref_of(found, at_office(25))
        brief = ref_of(found, at_office(25))
        assert move(world, fourth, who=world.other_editor, clock=time(10), shift=0, extent=Extent.ALL).moved
        late = ref_of(found, at_office(25, time(10)))
        assert (
            move(world, replace(late, row_version=brief.row_version), shift=1).failed[0].meanwhile is not None
        )


def test_a_deadline_and_a_campaign_that_somebody_moved_say_so_and_other_changes_do_not(
    world: World, at: At
) -> None:
    with at(NOW):
        dated, span = task(world, due=at_office(10)), campaign(world, 2, 20)
        other = world.as_(world.other_editor)
        seen = [ref_of(dated), ref_of(span)]
        change_assignment(dated, actor=other, due_at=dated.due_at, brief="Tolong vertikal")
        change_campaign(
            span, actor=other, row_version=None,
            content=CampaignContent(span.name, "Warga paham", span.audience, span.starts_on, span.ends_on),
        )  # fmt: skip
        assert move(world, *seen, shift=1).failed == []
        seen = [ref_of(dated), ref_of(span)]
        move(world, dated, span, who=world.other_editor, shift=1)
        late = move(world, *seen, shift=2)
        assert [f.meanwhile is not None for f in late.failed] == [True, True]


# The signed text


def test_an_undo_belongs_to_its_person_and_its_day(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        post = scheduled(desk, 20)
        done = move(world, post, day=date(2026, 11, 23))
        assert done.undo is not None
        with pytest.raises(BadSeal):
            undo(world, done, who=world.other_editor)
        for text in ("", "x", done.undo[:-2], done.undo + "a", "é", "." * 50_000):
            with pytest.raises(BadSeal):
                moving.undo_move(text, actor=world.as_(world.editor))
    with at("2026-10-15T01:00:01Z"), pytest.raises(BadSeal, match="sehari"):
        undo(world, done)


def test_an_undo_asks_for_permission_again(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        post = scheduled(desk, 20)
        lead = world.as_(world.lead)
        one = {"k": "publikasi", "i": post.id, "b": at_office(23).isoformat(), "a": at_office(20).isoformat()}
        back = moving.undo_move(seal(lead, [one]), actor=lead)
        assert "Peran Anda" in reasons(back)
        post.story.embargo_until = at_office(25)
        db.session.flush()
        editor = world.as_(world.editor)
        assert "diembargo" in reasons(moving.undo_move(seal(editor, [one]), actor=editor))


def test_an_undo_of_what_became_confidential_finds_nothing(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        post = scheduled(desk, 20)
        done = move(world, post, who=world.other_editor, day=date(2026, 11, 23))
        post.story.is_confidential = True
        db.session.flush()
        back = undo(world, done, who=world.other_editor)
        assert "tidak ada (lagi)" in reasons(back)
        assert (back.failed[0].movable, post.scheduled_at) == (None, at_office(23))


# Many


def test_many_move_each_with_its_own_result(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        post, live = scheduled(desk, 20, time(11)), scheduled(desk, 21)
        publishing.publish_now(live, actor=desk.editor)
        db.session.commit()
        desk.work()
        dated, found, span = task(world, due=at_office(10, time(16))), event(world), campaign(world, 2, 20)
        things = [post, live, dated, found, span, Ref(K.POST, 10**9)]
        outcome = move(world, *things, shift=3)
        assert [(i.ref.kind, i.movable.at) for i in outcome.moved] == [
            (K.POST, at_office(23, time(11))), (K.DEADLINE, at_office(13, time(16))), (K.EVENT, at_office(7)),
            (K.CAMPAIGN, at_office(5, time())),
        ]  # fmt: skip
        assert [f.ref.id for f in outcome.failed] == [live.id, 10**9]
        assert outcome.message == "4 dipindahkan. 2 tidak dapat dipindahkan."
        back = undo(world, outcome)
        assert (len(back.moved), back.failed) == (4, [])
        assert (post.scheduled_at, dated.due_at, found.starts_at) == (
            at_office(20, time(11)),
            at_office(10, time(16)),
            at_office(4),
        )


def test_one_that_fails_in_the_middle_leaves_nothing_and_the_others_go_on(
    desk: NewsDesk, world: World, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at(NOW):
        one, two = scheduled(desk, 20), scheduled(desk, 21, account="facebook")
        from humasflow.core.errors import UserError

        def stopped(post: Post, **words: Any) -> None:
            schedule_post(post, **words)
            if post.id == one.id:
                raise UserError("Tertahan")

        monkeypatch.setattr("humasflow.posts.services.schedule_post", stopped)
        outcome = move(world, one, two, shift=1)
        assert ([i.ref.id for i in outcome.moved], outcome.failed[0].message) == ([two.id], "Tertahan")
        assert (one.scheduled_at, two.scheduled_at) == (at_office(20), at_office(22))
        assert check_chain(world.office.id) == []


def test_each_costs_the_same_however_many_there_are(
    desk: NewsDesk, world: World, at: At, statements: QueryCount
) -> None:
    with at(NOW):
        posts = [scheduled(desk, 3 + 2 * n) for n in range(12)]
        db.session.commit()

        def cost(*some: Post) -> int:
            refs = [ref_of(p) for p in some]
            db.session.commit()
            db.session.expire_all()
            actor = world.as_(world.editor)
            assert actor.office is not None
            statements.reset()
            outcome = moving.move_items(refs, Where(shift=1), actor=actor)
            assert len(outcome.moved) == len(some)
            return len(statements)

        one, two, five = cost(posts[0]), cost(*posts[1:3]), cost(*posts[3:8])
        assert five - two == 3 * (two - one), (one, two, five)
        assert one <= 13  # one of them reads the publication anew, under the lock of its post
        assert two - one <= 10


def test_too_many_or_none_are_refused() -> None:
    with pytest.raises(BadAsk, match="Pilih dahulu"):
        moving.read_refs([])
    with pytest.raises(BadAsk, match="100"):
        moving.read_refs([f"publikasi:{n}:1" for n in range(101)])
