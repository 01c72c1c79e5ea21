"""Whatever people do in whatever order, nothing is published without the approvals in force; what was let out urgently
is, and stays flagged until another person clears it.

A walk through the rooms' own services and the real worker, beside a plain book of who agreed to what. The book knows
nothing of how approvals are stored: it holds texts and names.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from humasflow.accounts.services import people
from humasflow.approvals import queries, services
from humasflow.approvals.contents import content_to_submit
from humasflow.approvals.enums import PackageState, StepScope, UrgentState
from humasflow.approvals.models import Package, UrgentRelease
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.permissions import Role
from humasflow.orgs.models import Unit
from humasflow.outbox import runner
from humasflow.posts import queries as posts
from humasflow.posts import services as post_services
from humasflow.posts.models import Post
from humasflow.posts.services import PostContent
from humasflow.publishing import queries as publishing
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.services import publish_now, record_manual
from humasflow.stories import queries as story_queries
from humasflow.stories import services as stories
from humasflow.stories.edit_fields import EditField
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.models import Story
from humasflow.stories.services import move_story
from tests.approvals.desk import OFFICE, TEXT, Desk, person, step, together
from tests.factories.desk import versions

pytestmark = pytest.mark.db

REASON = "Peringatan dini banjir harus keluar malam ini juga."
IN_FORCE = (StoryState.APPROVED, StoryState.PUBLISHED, StoryState.ARCHIVED)
ACTS = (
    "edit_title", "edit_credit", "edit_post", "edit_link", "new_post", "remove_post", "submit", "submit", "approve",
    "approve", "approve", "approve", "send_back", "recall", "hold", "resume", "schedule", "schedule", "unschedule",
    "publish_now", "record", "release", "clear", "object", "any_edit", "marked_only", "chain", "four_eyes", "restore",
    "correct", "refile", "work", "work", "work",
)  # fmt: skip


@dataclass
class Agreement:
    """What was agreed, word for word, and whether it still holds. ``urgent``: nobody agreed, somebody let it out."""

    title: str
    credit: str
    posts: dict[int, tuple[str, str]]
    urgent: bool = False
    holds: bool = True


@dataclass
class Asked:
    """A package that waits: how many have to agree, and who did."""

    agreement: Agreement
    needed: int
    agreed: set[int] = field(default_factory=set)


class Walk:
    """One story's life."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.n = desk, 0
        self.people = {
            n: desk.as_(u)
            for n, u in enumerate(
                (desk.world.approver, SECOND(desk), desk.world.editor, desk.world.other_editor)
            )
        }
        self.story_id = desk.ready("web", "facebook").id
        self.book: list[Agreement] = []
        self.asked: dict[int, Asked] = {}
        self.marked: set[str] | None = None
        self.needed = 1
        self.live: set[int] = set()
        self.handed: set[int] = set()
        self.writers = {desk.world.editor.id}
        self.released_by: dict[int, set[int]] = {}
        db.session.commit()

    # What stands

    @property
    def story(self) -> Story:
        return db.session.get_one(Story, self.story_id)

    def texts(self) -> Agreement:
        version = story_queries.get_current_version(self.story)
        found = {}
        for post in posts.list_posts_of(self.story_id):
            current = posts.get_current_version(post)
            found[post.id] = (current.text, current.link)
        return Agreement(version.title, version.writer_credit, found)

    def post(self, n: int) -> Post | None:
        every = posts.list_posts_of(self.story_id)
        return every[n % len(every)] if every else None

    def waiting(self) -> Package | None:
        return (
            db.session.query(Package)
            .filter_by(story_id=self.story_id, state=PackageState.PENDING)
            .one_or_none()
        )

    def may_go_out(self) -> set[int]:
        """By the book alone."""
        if self.story.state not in IN_FORCE:
            return set()
        return {i for a in self.book if a.holds for i in a.posts if i in self.texts().posts}

    # The book is kept

    def changed(self, agreement: Agreement, *, story_state: StoryState) -> None:
        """After an edit: agreements that no longer hold, in whole or for a post."""
        now = self.texts()
        marked = self.marked
        story_changed = {
            name
            for name, then, today in (
                ("title", agreement.title, now.title),
                ("credits", agreement.credit, now.credit),
            )
            if then != today
        }
        lost = (
            bool(story_changed)
            if marked is None or story_state is StoryState.PUBLISHED
            else story_changed & marked
        )
        if lost:
            agreement.holds = False
        for post_id, (text, link) in list(agreement.posts.items()):
            if post_id not in now.posts:
                continue
            today_text, today_link = now.posts[post_id]
            parts = {
                n for n, a, b in (("post_text", text, today_text), ("post_link", link, today_link)) if a != b
            }
            if parts if marked is None else parts & marked:
                del agreement.posts[post_id]

    def edited(self, act: Callable[[], object], *, all_void: bool = False) -> None:
        before_state, before = self.story.state, self.texts()
        act()
        after = self.texts()
        if (before.title, before.credit, before.posts) == (
            after.title,
            after.credit,
            after.posts,
        ) and not all_void:
            return
        story_changed = (before.title, before.credit) != (after.title, after.credit)
        for agreement in self.book:
            if all_void or (before_state not in IN_FORCE and (story_changed or before.posts != after.posts)):
                agreement.holds = False
            elif agreement.holds and (story_changed or self.touched(before, after)):
                self.changed_now(agreement, before, after, before_state)

    def touched(self, before: Agreement, after: Agreement) -> bool:
        return before.posts != after.posts

    def changed_now(
        self, agreement: Agreement, before: Agreement, after: Agreement, state: StoryState
    ) -> None:
        """Only what this edit touched is judged, against what was agreed, by the policy of now."""
        now = Agreement(agreement.title, agreement.credit, dict(agreement.posts))
        if (before.title, before.credit) != (after.title, after.credit):
            self.changed(agreement, story_state=state)
            for post_id, texts in now.posts.items():  # posts that were not touched are judged when they are
                if before.posts.get(post_id) == after.posts.get(post_id):
                    agreement.posts[post_id] = texts
            return
        for post_id in list(agreement.posts):
            if before.posts.get(post_id) != after.posts.get(post_id):
                trial = Agreement(after.title, after.credit, {post_id: agreement.posts[post_id]})
                self.changed(trial, story_state=state)
                if post_id not in trial.posts:
                    del agreement.posts[post_id]

    # What people do

    def save(self, **changes: str) -> None:
        version = story_queries.get_current_version(self.story)
        content = stories.content_of(version, story_queries.get_body(version.id))
        correcting = self.story.state is StoryState.PUBLISHED
        stories.save_version(
            self.story,
            actor=self.desk.editor,
            content=replace(content, **changes),
            correcting=correcting,  # type: ignore[arg-type]
        )

    def edit_title(self, n: int) -> None:
        if self.story.state is not StoryState.PUBLISHED:
            self.edited(lambda: self.save(title=f"Judul {self.n}"))

    def edit_credit(self, n: int) -> None:
        if self.story.state is not StoryState.PUBLISHED:
            self.edited(lambda: self.save(writer_credit=f"Penulis {self.n}"))

    def correct(self, n: int) -> None:
        if self.story.state is StoryState.PUBLISHED:
            self.edited(lambda: self.save(title=f"Ralat {self.n}"))

    def restore(self, n: int) -> None:
        if self.story.state is StoryState.PUBLISHED:
            return
        every = versions(self.story_id)
        version = every[n % len(every)]
        self.edited(lambda: stories.restore_version(self.story, version, actor=self.desk.editor))

    def refile(self, n: int) -> None:
        story = self.story
        if story.state not in (StoryState.DRAFT, StoryState.APPROVED):
            return
        wanted = (
            self.desk.world.headline
            if story.content_type_id == self.desk.world.news.id
            else self.desk.world.news
        )
        version = story_queries.get_current_version(story)
        content = stories.content_of(version, story_queries.get_body(version.id))
        approved = story.state is StoryState.APPROVED
        self.edited(
            lambda: stories.save_version(
                story, actor=self.desk.editor, content=content, content_type_id=wanted.id
            ),
            all_void=approved,
        )

    def _save_post(self, n: int, **changes: str) -> None:
        post = self.post(n)
        if post is not None:
            before = post_services.content_of(posts.get_current_version(post))
            writer = self.desk.other_editor if n % 2 else self.desk.editor
            self.edited(
                lambda: post_services.save_post_version(
                    post, actor=writer, content=replace(before, **changes)
                )  # type: ignore[arg-type]
            )
            self.writers.add(writer.id)

    def edit_post(self, n: int) -> None:
        self._save_post(n, text=f"Teks {self.n}")

    def edit_link(self, n: int) -> None:
        self._save_post(n, link=f"https://kantor.example/{self.n}")

    def new_post(self, n: int) -> None:
        account = (self.desk.world.x, self.desk.world.facebook, self.desk.world.web)[n % 3]
        kind = self.desk.world.news if account.id == self.desk.world.web.id else self.desk.world.social
        post_services.create_post(
            self.story, actor=self.desk.editor, account_id=account.id, content_type_id=kind.id,
            content=PostContent(f"Teks {self.n}"),
        )  # fmt: skip

    def remove_post(self, n: int) -> None:
        post = self.post(n)
        if post is not None:
            post_services.remove_post(post, actor=self.desk.editor)

    def submit(self, n: int) -> None:
        content = content_to_submit(self.story)
        package = services.submit_package(self.story, actor=self.desk.editor)
        held = self.texts()
        wanted = {i.post.id for i in content.items}
        agreement = Agreement(held.title, held.credit, {i: t for i, t in held.posts.items() if i in wanted})
        if package.state is PackageState.APPROVED:
            assert self.needed == 0, "approved although somebody has to be asked"
            self.book.append(agreement)
        else:
            self.asked[package.id] = Asked(agreement, self.needed)

    def approve(self, n: int) -> None:
        package = self.waiting()
        if package is None:
            return
        actor = self.people[n]
        services.approve(package, actor=actor, digest=package.digest)
        asked = self.asked[package.id]
        if self.desk_office().four_eyes:
            assert actor.id not in asked.agreed, "one person in two places"
            assert actor.id != self.desk.world.editor.id, "submitted it themselves"
        asked.agreed.add(actor.id)
        asked.needed -= 1
        if package.state is PackageState.APPROVED:
            assert asked.needed == 0, "approved before everybody agreed"
            now = self.texts()
            held = asked.agreement
            assert (now.title, now.credit) == (held.title, held.credit), (
                "approved something else than was submitted"
            )
            assert all(now.posts[i] == t for i, t in held.posts.items())
            self.book.append(held)
        else:
            assert asked.needed > 0, "everybody agreed, and it still waits"

    def send_back(self, n: int) -> None:
        package = self.waiting()
        if package is not None:
            services.send_back(package, actor=self.people[n], digest=package.digest, reason="Perbaiki")

    def recall(self, n: int) -> None:
        package = self.waiting()
        if package is not None:
            services.recall(package, actor=self.desk.editor)

    def hold(self, n: int) -> None:
        move_story(self.story, StoryMove.HOLD, actor=self.desk.editor)

    def resume(self, n: int) -> None:
        move_story(self.story, StoryMove.RESUME, actor=self.desk.editor)

    def release(self, n: int) -> None:
        package = self.waiting()
        content = content_to_submit(self.story)
        made = services.release_urgently(
            self.story, actor=self.desk.as_(self.desk.world.lead) if n % 2 else self.desk.editor,
            digest=package.digest if package else content.digest, reason=REASON, at_once=n < 2,
        )  # fmt: skip
        held = self.texts()
        wanted = (
            set(self.asked[package.id].agreement.posts) if package else {i.post.id for i in content.items}
        )
        self.book.append(
            Agreement(
                held.title, held.credit, {i: t for i, t in held.posts.items() if i in wanted}, urgent=True
            )
        )
        self.released_by[made.id] = {made.released_by, made.package.submitted_by, *self.writers}

    def _flagged(self) -> UrgentRelease | None:
        return db.session.query(UrgentRelease).filter_by(story_id=self.story_id).filter(
            UrgentRelease.state.in_((UrgentState.OPEN, UrgentState.OBJECTED))
        ).first()  # fmt: skip

    def clear(self, n: int) -> None:
        made = self._flagged()
        if made is not None:
            actor = self.people[n]
            services.clear_urgent(made, actor=actor, digest=made.package.digest)
            assert actor.id not in self.released_by[made.id] & {made.released_by, made.package.submitted_by}
            assert actor.id != self.desk.world.editor.id

    def object(self, n: int) -> None:
        made = self._flagged()
        if made is not None:
            services.object_to_urgent(
                made, actor=self.people[n], digest=made.package.digest, reason="Belum sah"
            )

    def any_edit(self, n: int) -> None:
        services.set_edit_policy(
            self.desk.world.office.id, actor=self.desk.as_(self.desk.world.admin), only_marked=False
        )
        self.marked = None

    def marked_only(self, n: int) -> None:
        marked = [{EditField.TITLE, EditField.POST_TEXT}, {EditField.CREDITS, EditField.POST_LINK},
                  {EditField.TITLE, EditField.CREDITS, EditField.POST_TEXT}, {EditField.BODY}][n]  # fmt: skip
        services.set_edit_policy(
            self.desk.world.office.id,
            actor=self.desk.as_(self.desk.world.admin),
            only_marked=True,
            marked=marked,
        )
        self.marked = {m.value for m in marked}

    def chain(self, n: int) -> None:
        second = SECOND(self.desk)
        chains = [
            (step("Kantor", StepScope.OFFICE),),
            (step("Kantor", StepScope.OFFICE), step("Pimpinan", StepScope.PERSON, second.id)),
            (together("Bersama", OFFICE, person(second)),),
            (),
        ]
        self.desk.chain(*chains[n])
        self.needed = (1, 2, 2, 0)[n]

    def four_eyes(self, n: int) -> None:
        self.desk_office().four_eyes = n != 0

    def desk_office(self) -> Unit:
        return db.session.get_one(Unit, self.desk.world.office.id)

    def schedule(self, n: int) -> None:
        post = self.post(n)
        if post is not None:
            post_services.schedule_post(
                post, actor=self.desk.editor, due_at=clock.now() - timedelta(seconds=1)
            )

    def unschedule(self, n: int) -> None:
        post = self.post(n)
        if post is not None:
            post_services.schedule_post(post, actor=self.desk.editor, due_at=None)

    def publish_now(self, n: int) -> None:
        post = self.post(n)
        if post is not None:
            publish_now(post, actor=self.desk.editor)
            assert post.id in self.may_go_out(), "published now, but nobody agreed"

    def record(self, n: int) -> None:
        post = self.post(n)
        delivery = publishing.get_current_delivery(post) if post is not None else None
        if post is not None and delivery is not None and delivery.state is DeliveryState.MANUAL_DUE:
            record_manual(
                delivery, actor=self.desk.other_editor, published_at=clock.now(), confirmed=True,
                url=f"https://{'x' if 'X' in post.account.name else 'facebook'}.com/kantoruji/status/{post.id}{self.n}",
            )  # fmt: skip
            assert post.id in self.handed

    def work(self, n: int) -> None:
        allowed = self.may_go_out()
        db.session.commit()
        runner.run_due()
        db.session.expire_all()
        self.look(allowed)
        runner.run_due()  # the news of it: the story is published
        db.session.expire_all()

    # What must hold

    def look(self, allowed: set[int]) -> None:
        """What newly went out, or was newly handed to somebody to post, was allowed a moment ago."""
        every = publishing.latest_delivery_of(p.id for p in posts.list_posts_of(self.story_id))
        live = {i for i, d in every.items() if d.state in (DeliveryState.PUBLISHED, DeliveryState.UNKNOWN)}
        handed = {i for i, d in every.items() if d.state is DeliveryState.MANUAL_DUE}
        assert live - self.live - self.handed <= allowed, "published without the approvals in force"
        assert handed - self.handed <= allowed, "handed out without the approvals in force"
        self.live |= live
        self.handed = handed | (self.handed & live)

    def check(self) -> None:
        self.look(self.may_go_out())
        every = posts.list_posts_of(self.story_id)
        found = queries.approval_of([p.id for p in every])
        allowed = self.may_go_out()
        assert {i for i, a in found.items() if a.approved} <= allowed, "counts as approved, and nobody agreed"
        by_people = {i for a in self.book if a.holds and not a.urgent for i in a.posts}
        cleared = (
            db.session.query(UrgentRelease)
            .filter_by(story_id=self.story_id, state=UrgentState.CLEARED)
            .count()
        )
        for post_id, approval in found.items():
            if approval.approved and post_id not in by_people:
                flagged = bool(queries.urgent_flags([self.story_id]))
                assert flagged or cleared, "let out without approval, and not flagged"
        story = self.story
        pending = (
            db.session.query(Package).filter_by(story_id=self.story_id, state=PackageState.PENDING).count()
        )
        assert pending <= 1
        assert (story.state is StoryState.IN_REVIEW) <= (pending == 1), "in review, but nobody is asked"
        assert (story.state is StoryState.PUBLISHED) <= bool(self.live), "published without a live post"

    def act(self, name: str, n: int) -> None:
        self.n += 1
        held = [(a, Agreement(a.title, a.credit, dict(a.posts), a.urgent, a.holds)) for a in self.book]
        writers = set(self.writers)
        try:
            getattr(self, name)(n)
            db.session.commit()
        except UserError:
            db.session.rollback()  # refused: nothing may have changed
            for agreement, before in held:
                agreement.posts, agreement.holds = before.posts, before.holds
            self.book = [a for a, _before in held]
            self.writers = writers
        db.session.expire_all()


def SECOND(desk: Desk) -> Any:  # noqa: N802 (a person with a name, like those of the world)
    from humasflow.accounts.queries import get_user_by_email

    return get_user_by_email("penyetuju.kedua@kantor-uji.example")


def prepare(desk: Desk) -> None:
    """Everybody who could be tempted to approve their own work may approve in principle."""
    if SECOND(desk) is None:
        desk.second_approver()
        for user in (desk.world.editor, desk.world.other_editor):
            people.grant_role(user, desk.world.office, Role.APPROVER, actor=None, position_title="Kasi")
    desk.world.office.four_eyes = True
    services.set_edit_policy(desk.world.office.id, actor=desk.as_(desk.world.admin), only_marked=False)
    desk.chain(step("Kantor", StepScope.OFFICE))
    db.session.commit()


def walk(desk: Desk, acts: list[tuple[str, int]]) -> None:
    db.session.rollback()
    prepare(desk)
    run = Walk(desk)
    for name, n in acts:
        run.act(name, n)
        run.check()


STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 3)), min_size=6, max_size=24)
CALM = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@CALM
@given(acts=STEPS)
def test_nothing_is_published_without_the_approvals_in_force(desk: Desk, acts: list[tuple[str, int]]) -> None:
    walk(desk, acts)


@pytest.mark.deep
@settings(CALM, max_examples=400)
@given(acts=STEPS)
def test_nothing_is_published_without_the_approvals_in_force_at_length(
    desk: Desk, acts: list[tuple[str, int]]
) -> None:
    walk(desk, acts)


@pytest.mark.parametrize(
    ("acts", "live"),
    [
        ([("submit", 0), ("approve", 0), ("schedule", 0), ("work", 0)], 1),
        ([("submit", 0), ("schedule", 0), ("work", 0)], 0),
        ([("submit", 0), ("approve", 0), ("edit_title", 0), ("schedule", 0), ("work", 0)], 0),
        ([("marked_only", 0), ("submit", 0), ("approve", 0), ("edit_credit", 0), ("schedule", 0), ("work", 0)], 1),
        ([("chain", 2), ("submit", 0), ("approve", 0), ("schedule", 0), ("work", 0)], 0),
        ([("chain", 2), ("submit", 0), ("approve", 1), ("approve", 0), ("schedule", 0), ("work", 0)], 1),
        ([("release", 0), ("work", 0)], 1),
        ([("submit", 0), ("approve", 0), ("schedule", 1), ("work", 0), ("record", 1)], 1),
        ([("submit", 0), ("approve", 0), ("hold", 0), ("schedule", 0), ("work", 0)], 0),
    ],
)  # fmt: skip
def test_the_walk_reaches_what_it_is_about(desk: Desk, acts: list[tuple[str, int]], live: int) -> None:
    """The book and the product agree on known ways too, so that the property is not true of an idle walk."""
    db.session.rollback()
    prepare(desk)
    run = Walk(desk)
    for name, n in acts:
        run.act(name, n)
        run.check()
    every = publishing.latest_delivery_of(p.id for p in posts.list_posts_of(run.story_id))
    assert sum(d.state is DeliveryState.PUBLISHED for d in every.values()) == live
    assert TEXT.title
