"""Taking back many publications of a list at once is the same as one after the other: every table, the record of each
publication, the sums; whatever became of some of them meanwhile.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.approvals.contents import content_to_submit
from humasflow.approvals.events import PackageSubmitted
from humasflow.approvals.services.submitting import pack
from humasflow.audit.models import AuditEntry, AuditHead
from humasflow.core import clock
from humasflow.core.db import Base, db
from humasflow.core.events import emit
from humasflow.core.periods import PeriodType, Quarter, parse_period
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.services import notify
from humasflow.planning.production_roles.queries import list_production_roles
from humasflow.posts.services import PostContent, create_post
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.past_many import Past, record_past_publications
from humasflow.publishing.services.past_undo import undo_past_publication, undo_past_publications
from humasflow.publishing.services.scheduling import sync_job
from humasflow.scoring.enums import PointState
from humasflow.scoring.models import Point
from humasflow.scoring.recomputation import differences
from humasflow.scoring.services.booking import closed_for
from humasflow.scoring.services.closing import close_period
from humasflow.scoring.services.past import confirm_past
from humasflow.scoring.services.past_undo import closed_among
from humasflow.scoring.services.schemes import create_scheme, create_scheme_version
from humasflow.scoring.services.verification import dispute_point
from humasflow.stories.contents import StoryContent, plain_fields
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.models import Story, StoryBody, StoryVersion
from humasflow.stories.services import move_story
from humasflow.stories.services.assignments import assign
from tests.conftest import QueryCount
from tests.factories.scoring import SPECS, make_scheme
from tests.factories.world import World
from tests.scoring.test_random_histories import Yes

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
WHY = "Impornya dibatalkan."
# Different by nature: the sequence of ids, how often a row was written, the links of the chain, and when a job ended,
# which is of the database's own clock.
NOT_COMPARED = {"id", "row_version", "hash", "previous_hash", "seq", "finished_at"}
Taken = set[int]


def record(world: World, count: int, start: int = 0) -> list[int]:
    types = [world.news, world.headline, world.social]
    told = record_past_publications(
        [
            Past(
                world.web, types[n % 3], f"Berita ke-{n}", f"https://kantor.example/berita/{n}",
                datetime(2026, 1, 31, 18, tzinfo=UTC) + timedelta(days=17 * (n % 9)),
            )
            for n in range(start, start + count)
        ],
        actor=world.as_(world.admin), office=world.office,
    )  # fmt: skip
    return [t.delivery_id for t in told]


def one(delivery_id: int) -> Delivery:
    return db.session.get_one(Delivery, delivery_id)


def lived(world: World) -> list[int]:
    """A list of which some were verified, questioned, worked on, sent again, archived or closed since."""
    scheme = make_scheme(world)
    monthly = create_scheme(world.office.id, actor=world.admin, name="Bulanan", period_type=PeriodType.MONTH)
    create_scheme_version(
        monthly,
        actor=world.admin,
        components=SPECS,
        effective_from=parse_period("2026-M01", PeriodType.MONTH),
    )
    ids = record(world, 30)
    confirm_past(world.office.id, ids[:12], actor=world.admin, label="Admin", document="ND-1")
    dispute_point(one(ids[1]), actor=world.as_(world.lead), reason="Tautannya keliru")
    editor = world.as_(world.editor)
    for id_ in ids[2:4]:
        role = list_production_roles(world.office.id)[0]
        story = one(id_).post.story
        story.state = StoryState.DRAFT
        assign(story, actor=editor, person_id=world.contributor.id, role_id=role.id)
        story.state = StoryState.PUBLISHED
    one(ids[4]).payload_sha256 = "0" * 64  # sent from here since
    move_story(one(ids[5]).post.story, StoryMove.ARCHIVE, actor=editor)
    one(ids[6]).post.story.state = StoryState.WITHDRAWN  # without its post, which a person has to remove
    asked = one(ids[7]).post.story
    again = create_post(
        asked, actor=editor, account_id=world.facebook.id, content_type_id=world.social.id,
        content=PostContent(text="Lagi"),
    )  # fmt: skip
    package = pack(content_to_submit(asked), actor=editor)
    emit(PackageSubmitted(package_id=package.id, story_id=asked.id, actor_id=editor.id))
    again.scheduled_at = NOW + timedelta(days=1)
    sync_job(again)
    notify(
        [world.editor], NoticeKind.POST_LINK_GONE, office_id=world.office.id, subject=("post", one(ids[10]).post_id),
        key="gone", title="Berita",
    )  # fmt: skip
    other = record(world, 1, 100)[0]
    one(other).canonical_url = one(ids[8]).canonical_url  # the same address, not of this list
    open_one = StoryVersion(  # somebody writes at it, as it were
        **plain_fields(StoryContent(title="Lain")), story_id=one(ids[9]).story_id, number=2, created_at=NOW,
        saved_at=NOW, sealed_at=None, words=0, digest="",
    )  # fmt: skip
    db.session.add(open_one)
    db.session.flush()
    db.session.add(StoryBody(version_id=open_one.id, html=""))
    one(ids[9]).post.story.current_version_id = open_one.id
    db.session.flush()
    close_period(scheme, Quarter.parse("2026-TW1"), actor=world.as_(world.lead), answers=Yes())
    db.session.commit()
    return ids


def one_by_one(world: World, ids: Iterable[int]) -> Taken:
    actor = world.as_(world.editor)
    return {id_ for id_ in ids if undo_past_publication(one(id_), actor=actor, reason=WHY)}


def at_once(world: World, ids: Iterable[int]) -> Taken:
    return undo_past_publications(ids, office_id=world.office.id, actor=world.as_(world.editor), reason=WHY)


def snapshot() -> dict[str, list[list[tuple[str, str]]]]:
    """Every table, as far as two ways to the same rows must agree."""
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name not in {"audit_head", "search_term"}:
            found[table.name] = sorted(
                [(name, str(value)) for name, value in row._mapping.items() if name not in NOT_COMPARED]
                for row in db.session.execute(select(table))
            )
    return found


def timelines() -> dict[int, list[tuple[Any, ...]]]:
    """The acts of each story, in their order."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq)):
        told = (str(entry.action), entry.subject_type, entry.subject_id, entry.actor_label, entry.detail)
        story = entry.context_id if entry.context_type == "story" else entry.subject_id
        found.setdefault(story or 0, []).append(told)
    return found


def test_the_same_rows_as_one_after_the_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with clock.moved_to(NOW):
        ids = lived(world)
        then = clock.now()
        monkeypatch.setattr(clock, "now", lambda: then)  # both write at the same instant
        results = []
        ways: tuple[Callable[[World, list[int]], Taken], ...] = (one_by_one, at_once)
        for way in ways:
            with db.session.begin_nested() as savepoint:
                taken = way(world, ids)
                db.session.flush()
                results.append((taken, snapshot(), timelines(), list(differences())))
                savepoint.rollback()
            db.session.expire_all()
    (taken, first, lines, wrong), (taken_at_once, second, lines_at_once, wrong_at_once) = results
    assert taken == taken_at_once == set(ids) - {ids[4]}
    settled = [dict(row)["kind"] for row in first["notification"] if dict(row)["settled_at"] != "None"]
    assert {"point_disputed", "review_wanted", "post_link_gone"} <= set(settled)
    assert "cancelled" in [dict(row)["state"] for row in first["delivery"]], (
        "what was still to go out does not"
    )
    for table in first:
        assert first[table] == second[table], table
    assert lines == lines_at_once
    assert wrong == wrong_at_once == []


def test_nothing_counts_and_the_chain_holds(world: World) -> None:
    with clock.moved_to(NOW):
        make_scheme(world)
        ids = record(world, 12)
        assert at_once(world, ids) == set(ids)
        assert at_once(world, ids) == set(), "again takes nothing back"
        db.session.commit()
    assert set(db.session.scalars(select(Delivery.state))) == {DeliveryState.RETRACTED}
    assert set(db.session.scalars(select(Delivery.canonical_url))) == {None}
    assert set(db.session.scalars(select(Story.state))) == {StoryState.WITHDRAWN}
    assert set(db.session.scalars(select(Point.state))) <= {PointState.REVERSED, PointState.LIVE_UNVERIFIED}
    assert list(differences()) == []
    mine = select(AuditEntry).where(AuditEntry.office_id == world.office.id).order_by(AuditEntry.seq)
    entries = db.session.scalars(mine).all()
    assert all(entry.hash == entry.computed_hash() for entry in entries)
    head = db.session.get_one(AuditHead, world.office.id)
    assert (head.seq, head.hash) == (entries[-1].seq, entries[-1].hash)


def test_the_publications_of_another_office_are_left_alone(world: World, other_world: World) -> None:
    ids = record(other_world, 2)
    assert at_once(world, ids) == set()
    assert set(db.session.scalars(select(Delivery.state))) == {DeliveryState.PUBLISHED}


def test_what_is_closed_is_known_of_many(world: World) -> None:
    with clock.moved_to(NOW):
        scheme = make_scheme(world)
        ids = record(world, 18)
        close_period(scheme, Quarter.parse("2026-TW1"), actor=world.as_(world.lead), answers=Yes())
        closed = {id_ for id_ in ids if closed_for(one(id_))}
        assert 0 < len(closed) < len(ids)
        assert closed_among(world.office.id, ids) == closed


def test_nothing_is_asked_for_each_of_them(world: World, statements: QueryCount) -> None:
    make_scheme(world)
    counts = []
    for start, number in ((0, 5), (100, 20), (200, 100)):
        ids = record(world, number, start)
        db.session.commit()
        statements.reset()
        at_once(world, ids)
        counts.append(sum(not s.startswith("INSERT") for s in statements.statements))
        db.session.commit()
    assert counts[1] == counts[2]
