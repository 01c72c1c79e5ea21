"""Whatever people do in whatever order: nothing counts as approved that nobody approved."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from humasflow.approvals import queries, services
from humasflow.approvals.contents import is_unchanged
from humasflow.approvals.enums import PackageState
from humasflow.approvals.models import Package
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.posts import queries as posts
from humasflow.posts import services as post_services
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.models import Story
from humasflow.stories.services import move_story
from tests.approvals.desk import Desk

pytestmark = pytest.mark.db

ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["edit", "edit_post", "new_post", "remove", "submit", "approve", "approve", "return", "recall", "hold",
             "resume", "publish", "submit", "approve"]
        ),
        st.integers(0, 3),
    ),
    min_size=4,
    max_size=14,
)  # fmt: skip


class Run:
    """One story's life, with a note of what was really approved."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.story: Story = desk.ready("web")
        self.count = 0
        self.posts_agreed: set[tuple[int, int, int]] = set()
        self.stories_agreed: set[int] = set()

    def act(self, name: str, n: int) -> None:
        self.count += 1
        try:
            with db.session.begin_nested():
                getattr(self, name)(n)
        except UserError:
            db.session.expire_all()  # refused: nothing may have changed

    def waiting(self) -> Package:
        every = db.session.query(Package).filter_by(story_id=self.story.id).order_by(Package.id).all()
        pending = [p for p in every if p.state is PackageState.PENDING]
        return (pending or every or [self.desk.submit(self.story)])[0]

    def nth_post(self, n: int) -> Any:
        every = posts.list_posts_of(self.story.id)
        return every[n % len(every)] if every else None

    def edit(self, n: int) -> None:
        self.desk.edit(self.story, title=f"Judul {self.count}")

    def edit_post(self, n: int) -> None:
        if post := self.nth_post(n):
            self.desk.edit_post(post, f"Teks {self.count}")

    def new_post(self, n: int) -> None:
        self.desk.post(self.story, ("facebook", "x", "web", "facebook")[n], f"Teks {self.count}")

    def remove(self, n: int) -> None:
        if post := self.nth_post(n):
            post_services.remove_post(post, actor=self.desk.editor)

    def submit(self, n: int) -> None:
        self.desk.submit(self.story)

    def approve(self, n: int) -> None:
        package = self.waiting()
        self.desk.approve(package)
        self.stories_agreed.add(package.story_version_id)
        for item in package.items:
            self.posts_agreed.add((item.post_id, item.post_version_id, package.story_version_id))

    def return_(self, n: int) -> None:
        package = self.waiting()
        services.send_back(package, actor=self.desk.approver, digest=package.digest, reason="Perbaiki")

    def recall(self, n: int) -> None:
        services.recall(self.waiting(), actor=self.desk.other_editor)

    def hold(self, n: int) -> None:
        move_story(self.story, StoryMove.HOLD, actor=self.desk.editor)

    def resume(self, n: int) -> None:
        move_story(self.story, StoryMove.RESUME, actor=self.desk.editor)

    def publish(self, n: int) -> None:
        if n == 0:  # rarely: a published story is not edited any more
            move_story(self.story, StoryMove.PUBLISH, actor=None)

    def check(self) -> None:
        every = posts.list_posts_of(self.story.id)
        approvals = queries.approval_of([p.id for p in every])
        for post in every:
            if approvals[post.id].approved:
                held = (post.id, post.current_version_id or 0, self.story.current_version_id or 0)
                follows = post.account.follows_story_approval and held[2] in self.stories_agreed
                assert held in self.posts_agreed or follows, (
                    f"{post.account.name} was never approved like this"
                )
                assert self.story.state in (StoryState.APPROVED, StoryState.PUBLISHED)
        pending = (
            db.session.query(Package).filter_by(story_id=self.story.id, state=PackageState.PENDING).all()
        )
        assert len(pending) <= 1
        assert all(map(is_unchanged, pending)), "what waits is what stands"
        assert (self.story.state is StoryState.IN_REVIEW) <= (len(pending) == 1), (
            "in review, but nobody is asked"
        )


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS, follows=st.booleans())
def test_nothing_is_approved_that_nobody_approved(
    desk: Desk, acts: list[tuple[str, int]], follows: bool
) -> None:
    db.session.rollback()
    desk.world.x.follows_story_approval = follows
    run = Run(desk)
    for name, n in acts:
        run.act("return_" if name == "return" else name, n)
        run.check()
    db.session.rollback()
