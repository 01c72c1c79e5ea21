"""A database of the first release, with people, stories and agreements in it, goes up and comes back whole."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, MetaData, insert, select, text
from sqlalchemy.exc import DBAPIError

from humasflow.approvals import contents
from humasflow.approvals.models import Package
from humasflow.channels.connections.models import Connection as Connected
from humasflow.core.db import Base, db
from humasflow.outbox.claiming import claim_next
from humasflow.outbox.enums import Priority
from humasflow.outbox.models import Job
from humasflow.planning.days.services import bundled
from humasflow.posts.contents import words_digest
from humasflow.posts.models import Post, PostVersion
from humasflow.publishing.models import Delivery
from humasflow.stories import queries as stories
from humasflow.stories.models import Story
from tests.conftest import make_app
from tests.factories import desk

AT = datetime(2026, 10, 14, 1, tzinfo=UTC)
PUBLISHED = datetime(2026, 9, 1, 2, 30, tzinfo=UTC)


def _adder(connection: Connection) -> Callable[..., None]:
    """What writes a row into the tables as they stand, with something in every column that needs it."""
    tables = MetaData()
    tables.reflect(connection)

    def add(table: str, **values: Any) -> None:
        columns = tables.tables[table].columns
        given = {c.name: _filler(c) for c in columns if not c.nullable} | values
        connection.execute(insert(tables.tables[table]).values(**given))

    return add


def _first_release(connection: Connection) -> None:
    """One of everything that the later migrations touch, as the first release wrote it."""
    add = _adder(connection)
    add(
        "unit",
        id=1,
        kind="office",
        office_id=1,
        name="Kantor",
        short_name="K",
        slug="k",
        timezone="Asia/Jakarta",
        path="/1/",
    )
    for ident, name in ((1, "Redaktur Satu"), (2, "Kepala Seksi")):
        add("app_user", id=ident, name=name, email=f"{ident}@k.example")
        add("role_grant", id=ident, user_id=ident, unit_id=1, role="editor" if ident == 1 else "approver", acting="none",
            valid_from=date(2026, 1, 1))  # fmt: skip
    add("content_type", id=1, office_id=1, code="siaran_pers", label="Siaran pers")
    add(
        "asset",
        id=1,
        office_id=1,
        original_key="aa/a.jpg",
        medium_key="aa/b.jpg",
        thumb_key="aa/c.jpg",
        sha256="f" * 64,
    )
    add("story", id=1, office_id=1, content_type_id=1, title="Lelang serentak", state="approved", owner_id=1,
        current_version_id=1)  # fmt: skip
    content = desk.text(title="Lelang serentak", people="Kepala Kantor")
    from humasflow.stories.contents import cleaned, content_digest

    content = cleaned(content)
    digest = content_digest(content, [])
    add("story_version", id=1, story_id=1, number=1, author_id=1, title=content.title, lead=content.lead, words=12,
        source="own", goal=content.goal, audience=content.audience, people=content.people,
        writer_credit=content.writer_credit, digest=digest)  # fmt: skip
    add("story_body", version_id=1, html=content.body_html)
    add("approval_chain", id=1, office_id=1)
    add("approval_step", chain_id=1, position=1, label="Kepala Seksi", scope="person", user_id=2)
    add("package", id=1, office_id=1, story_id=1, story_version_id=1, state="approved", submitted_by=1, closed_at=AT,
        digest=contents.digest_of(digest, []))  # fmt: skip
    add("package_step", package_id=1, position=1, label="Kepala Seksi", scope="person", user_id=2)
    add(
        "decision",
        id=1,
        package_id=1,
        position=1,
        approver_id=2,
        decided_as="Kepala Seksi",
        verdict="approve",
    )
    # Approved and made void by an edit; and made void while it waited.
    for ident in (2, 3):
        add("package", id=ident, office_id=1, story_id=1, story_version_id=1, state="voided", submitted_by=1,
            closed_at=AT)  # fmt: skip
        add("package_step", package_id=ident, position=1, label="Kepala Seksi", scope="person", user_id=2)
    add("decision", id=2, package_id=2, position=1, approver_id=2, verdict="approve")
    add("channel_kind", id=1, code="instagram", label="Instagram")
    add("channel_account", id=1, office_id=1, kind_id=1, name="@kantor")
    for ident, due in ((1, AT), (2, None)):
        add("post", id=ident, office_id=1, story_id=1, account_id=1, scheduled_at=due)
    # Recorded as published already, without a time: as it stands; taken back; and in an earlier round than the present.
    for ident, state, generation in ((3, "published", 1), (4, "retracted", 1), (5, "published", 2)):
        add("post", id=ident, office_id=1, story_id=1, account_id=1, scheduled_at=None, generation=generation,
            row_version=1)  # fmt: skip
        add("delivery", id=ident, office_id=1, story_id=1, post_id=ident, account_id=1, generation=1, state=state,
            published_at=PUBLISHED, idempotency_key=f"k{ident}")  # fmt: skip
    for ident, kind, ref, state in (
        (1, "publishing.publish", "1", "queued"),
        (2, "publishing.publish", "2", "cancelled"),
        (3, "publishing.correct", "3", "running"),
        (4, "publishing.correct", "4", "queued"),
        (5, "notifications.send_mail", "1", "queued"),
    ):
        add("job", id=ident, kind=kind, ref=ref, key=f"{kind}:{ref}", office_id=1, state=state, max_attempts=10,
            attempts=0, due_at=AT.replace(year=2025), lease_until=AT.replace(year=2999))  # fmt: skip


def _plan_since(connection: Connection) -> None:
    """What only the plan can hold, and what stands in older tables because of it."""
    add = _adder(connection)
    for ident, place in ((1, "desk"), (2, "calendar")):
        add("desk_view", id=ident, office_id=1, owner_id=1, name="Milik saya", query="", place=place)
        add("desk_default", user_id=1, office_id=1, view_id=ident, place=place)
    add("campaign", id=1, office_id=1, name="Hari Pahlawan")
    add("agenda_event", id=1, office_id=1, uid="a@k", title="Apel", zone="Asia/Jakarta",
        ends_at=AT.replace(hour=3))  # fmt: skip
    connection.exec_driver_sql("UPDATE story SET campaign_id = 1, event_id = 1 WHERE id = 1")


def _approvals_since(connection: Connection) -> None:
    """What only the later tables can hold: a guest who decided, a group that is asked, something let out urgently."""
    add = _adder(connection)
    add("guest_approver", id=1, office_id=1, name="Rahmi Tamu", email="rahmi@kanwil.example")
    add("approval_group", id=1, office_id=1, name="Tim Humas")
    add("approval_group_member", group_id=1, user_id=2)
    for position, about in ((2, {"scope": "guest", "guest_id": 1}), (3, {"scope": "group", "group_id": 1})):
        add("approval_step", chain_id=1, position=position, label="Lain", rule="any")
        add("approval_askee", chain_id=1, position=position, number=1, **about)
        add("package_step", package_id=1, position=position, label="Lain", rule="any")
        add("package_seat", package_id=1, position=position, askee=1, seat=1, **about)
    add("decision", id=3, package_id=1, position=2, askee=1, seat=1, approver_id=None, guest_id=1,
        guest_name="Rahmi Tamu", verdict="approve")  # fmt: skip
    add("guest_link", id=1, office_id=1, package_id=1, position=2, askee=1, seat=1, guest_id=1, state="used",
        token_hash="a" * 64, decision_id=3)  # fmt: skip
    add("guest_visit", id=1, link_id=1, token_hash="b" * 64)
    add("urgent_release", id=1, office_id=1, story_id=1, package_id=3, released_by=1, state="open")
    add("approval_reminder", id=1, package_id=1, position=2, kind="automatic", number=1)
    connection.exec_driver_sql("UPDATE package SET state = 'released' WHERE id = 3")


def _filler(column: Any) -> Any:
    fillers: dict[type, Any] = {
        datetime: AT,
        date: date(2026, 1, 1),
        str: "",
        bool: True,
        int: 1,
        dict: {},
        object: {},
    }
    return fillers[column.type.python_type]


@pytest.mark.db
def test_what_stood_in_the_first_release_stands_afterwards(database_url: str, tmp_path: Path) -> None:
    app = make_app(database_url, tmp_path)
    with app.app_context(), app.test_request_context():
        Base.metadata.drop_all(db.engine)
        upgrade(revision="0001")
        with db.engine.begin() as connection:
            _first_release(connection)
        upgrade(revision="head")
        package = db.session.get_one(Package, 1)
        assert [(s.scope.value, s.user_id, s.label) for s in package.seats] == [("person", 2, "Kepala Seksi")]
        assert package.covers_version_id == package.story_version_id
        agreed = db.session.scalars(select(Package.approved_at).order_by(Package.id)).all()
        assert agreed == [AT, AT, None], "also what an edit made void after it was agreed to"
        assert contents.is_unchanged(package), "what was agreed to is still what stands"
        assert contents.content_of(package).is_genuine
        story = db.session.get_one(Story, 1)
        version = stories.get_current_version(story)
        assert version.sealed_at == version.created_at
        assert story.content_type.template.value == "press_release"
        times = db.session.execute(select(Post.scheduled_at, Post.row_version).order_by(Post.id)).all()
        assert [at for at, _version in times] == [AT, None, PUBLISHED, None, None]
        assert [version for _at, version in times[2:]] == [2, 1, 1], "whoever had it open is told"
        found = db.session.execute(text("SELECT count(*) FROM story_search")).scalar_one()
        assert found == 1
        apart = text(
            "SELECT count(*) FROM story_search w JOIN story s ON s.id = w.story_id WHERE s.office_id <> w.office_id"
        )
        assert db.session.execute(apart).scalar_one() == 0
        if db.engine.dialect.name == "postgresql":
            known = text("SELECT count(*) FROM story_search_word WHERE word = 'lelang'")
            assert db.session.execute(known).scalar_one() == 1, "the words of what was there before"
            connection = db.session.connection()
            connection.exec_driver_sql("UPDATE story_search SET body = 'lelang mangga8 mangga9'")
            words = connection.exec_driver_sql(
                "SELECT word FROM story_search_word WHERE word ~ '^(lelang|mangga)'"
            )
            assert sorted(words.scalars()) == ["lelang", "mangga0"], "and of what came since"
            db.session.rollback()
        assert db.session.execute(text("SELECT count(*) FROM production_role")).scalar_one() == 8
        jobs = db.session.execute(select(Job.id, Job.priority, Job.lane).order_by(Job.id)).all()
        assert [tuple(j) for j in jobs] == [
            (1, 0, "account:1"), (2, 0, "account:1"), (3, 0, None), (4, 0, "account:1"), (5, 5, None),
        ], "what was scheduled before goes out before mail, and keeps to its account's lane"  # fmt: skip
        claim = claim_next([Priority.POSTS])
        assert claim is not None and claim.id in (1, 3, 4)
        days = db.session.execute(
            text("SELECT month, day, name FROM special_day WHERE kind = 'national'")
        ).all()
        assert sorted(tuple(d) for d in days) == sorted((c.month, c.day, c.name) for c, *_more in bundled())
        assert db.session.execute(text("SELECT min_gap_minutes FROM channel_account")).scalar_one() == 60
        db.session.remove()
        with pytest.raises(DBAPIError, match="sealed"), db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE story_version SET title = 'lain'")
        with db.engine.begin() as connection:
            _approvals_since(connection)
            _plan_since(connection)
        downgrade(revision="0006")
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT view_id FROM desk_default").scalars().all() == [1]
            assert connection.exec_driver_sql("SELECT title FROM story").scalars().all() == [
                "Lelang serentak"
            ]
        downgrade(revision="0001")
        with db.engine.connect() as connection:
            tables = MetaData()
            tables.reflect(connection)
            step = tables.tables["approval_step"]
            asked = connection.execute(select(step.c.scope, step.c.user_id).order_by(step.c.position)).all()
            assert asked == [("person", 2), ("office", None), ("office", None)]
            decision, package_now = tables.tables["decision"], tables.tables["package"]
            assert connection.execute(select(decision.c.id).order_by(decision.c.id)).scalars().all() == [1, 2]
            states = (
                connection.execute(select(package_now.c.state).order_by(package_now.c.id)).scalars().all()
            )
            assert states == ["approved", "voided", "voided"]
        downgrade(revision="base")
        db.session.remove()
        db.engine.dispose()


BEFORE_CHANNELS = (
    "queued", "held", "late", "preparing", "committing", "unknown", "manual_due", "published", "failed", "cancelled",
    "retracted",
)  # fmt: skip


def _before_channels(connection: Connection) -> None:
    """A delivery in every state of the time before channels, each with its job, on an account that nobody connected."""
    add = _adder(connection)
    add("unit", id=1, kind="office", office_id=1, name="Kantor", short_name="K", slug="k", timezone="Asia/Jakarta",
        path="/1/")  # fmt: skip
    add("app_user", id=1, name="Redaktur Satu", email="1@k.example")
    add("content_type", id=1, office_id=1, code="siaran_pers", label="Siaran pers", template="news")
    add("story", id=1, office_id=1, content_type_id=1, title="Lelang serentak", state="approved", owner_id=1)
    add("channel_kind", id=1, code="instagram", label="Instagram")
    add("channel_account", id=1, office_id=1, kind_id=1, name="@kantor", adapter="manual")
    for ident, state in enumerate(BEFORE_CHANNELS, start=1):
        add("post", id=ident, office_id=1, story_id=1, account_id=1, generation=1, scheduled_at=datetime.now(UTC),
            current_version_id=ident, removed_at=None)  # fmt: skip
        add(
            "post_version",
            id=ident,
            post_id=ident,
            number=1,
            text=f"Lelang ke-{ident}: https://kantor.go.id/a",
            author_id=1,
        )
        add("delivery", id=ident, office_id=1, story_id=1, post_id=ident, account_id=1, content_type_id=1, generation=1,
            state=state, published_at=PUBLISHED if state in ("published", "retracted") else None,
            idempotency_key=f"k{ident}")  # fmt: skip
        add("job", id=ident, kind="publishing.publish", ref=str(ident), key=f"publish:{ident}:1", office_id=1,
            state="running" if state == "committing" else "queued", max_attempts=10, attempts=0, due_at=AT,
            lease_until=AT)  # fmt: skip


@pytest.mark.db
def test_publications_in_every_state_go_on_after_the_upgrade_and_back(
    database_url: str, tmp_path: Path
) -> None:
    app = make_app(database_url, tmp_path)
    with app.app_context(), app.test_request_context():
        Base.metadata.drop_all(db.engine)
        upgrade(revision="0007")
        with db.engine.begin() as connection:
            _before_channels(connection)
        upgrade(revision="head")
        deliveries = db.session.scalars(select(Delivery).order_by(Delivery.id)).all()
        assert tuple(d.state.value for d in deliveries) == BEFORE_CHANNELS
        assert {d.state.value for d in deliveries if d.told_at is not None} == {
            "held",
            "late",
            "failed",
            "unknown",
        }
        assert {(d.retract_state.value, d.link_state.value, d.attempts) for d in deliveries} == {
            ("none", "unknown", 0)
        }
        assert {j.priority for j in db.session.scalars(select(Job))} == {0}
        lanes = {j.state.value: j.lane for j in db.session.scalars(select(Job))}
        assert lanes == {"queued": "account:1", "running": None}
        assert db.session.scalars(select(Connected)).all() == []
        versions = db.session.scalars(select(PostVersion).order_by(PostVersion.id)).all()
        assert [v.words_digest for v in versions] == [words_digest(v.text) for v in versions]
        db.session.remove()
        claimed = [claim_next([Priority.POSTS]) for _time in range(2)]
        assert claimed[0] is not None and claimed[0].ref == str(BEFORE_CHANNELS.index("committing") + 1)
        assert claimed[1] is not None, "what ran as it was upgraded keeps nobody from the lane"
        db.session.remove()
        with db.engine.begin() as connection:
            add = _adder(connection)
            for ident, kind in enumerate(("post_held", "post_no_quota", "by_hand_late"), start=1):
                add("notification", id=ident, user_id=1, office_id=1, kind=kind, key=f"k{ident}", params={})
            for state, was in (("paused", "queued"), ("needs_reauth", "held"), ("prepared", "preparing")):
                connection.exec_driver_sql(f"UPDATE delivery SET state = '{state}' WHERE state = '{was}'")
        downgrade(revision="0007")
        with db.engine.connect() as connection:
            states = connection.exec_driver_sql("SELECT state FROM delivery ORDER BY id").scalars().all()
            assert states == ["late", "late", "late", *BEFORE_CHANNELS[3:]]
            kinds = connection.exec_driver_sql("SELECT kind FROM notification").scalars().all()
            assert kinds == ["post_held"], "the version before shows the lists of everybody"
        db.session.remove()
        db.engine.dispose()
