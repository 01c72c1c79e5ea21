"""A story with posts, made through the rooms' own services, for the tests of approvals."""

from dataclasses import dataclass, replace
from datetime import date

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.accounts.services import people
from humasflow.approvals import services
from humasflow.approvals.enums import StepRule, StepScope
from humasflow.approvals.models import Package
from humasflow.approvals.services import AskeeContent, StepContent
from humasflow.core.permissions import Role
from humasflow.posts import services as posts
from humasflow.posts.models import Post
from humasflow.posts.services import PostContent
from humasflow.stories import queries as story_queries
from humasflow.stories import services as stories
from humasflow.stories.models import Story
from humasflow.stories.services import StoryContent
from tests.factories.world import PASSWORD, World

TEXT = StoryContent(
    title="Sosialisasi pemanfaatan aset bagi 30 satuan kerja",
    lead="Tiga puluh satuan kerja belajar menyewakan aset.",
    body_html="<p>Kantor menyelenggarakan sosialisasi pemanfaatan aset.</p><p>Peserta 30 satuan kerja.</p>",
    goal="Satuan kerja memahami tata cara sewa",
    audience="Satuan kerja",
    writer_credit="RN",
)

__all__ = ["PASSWORD", "TEXT", "Desk", "step"]


def step(label: str, scope: StepScope, user_id: int | None = None) -> StepContent:
    """A step that asks one."""
    return StepContent(label, [AskeeContent(scope, user_id)])


def together(label: str, *askees: AskeeContent) -> StepContent:
    """A step that asks several at the same time, all of whom have to agree."""
    return StepContent(label, askees, StepRule.ALL)


def person(user: User) -> AskeeContent:
    return AskeeContent(StepScope.PERSON, user.id)


OFFICE, SECTION = AskeeContent(StepScope.OFFICE), AskeeContent(StepScope.SECTION)


@dataclass
class Desk:
    """The world with shortcuts for writing, submitting and deciding."""

    world: World

    def as_(self, user: User) -> Principal:
        return self.world.as_(user)

    @property
    def editor(self) -> Principal:
        return self.as_(self.world.editor)

    @property
    def other_editor(self) -> Principal:
        return self.as_(self.world.other_editor)

    @property
    def approver(self) -> Principal:
        return self.as_(self.world.approver)

    def story(self, *, content: StoryContent = TEXT, section_id: int | None = None) -> Story:
        return stories.create_story(
            actor=self.editor, office_id=self.world.office.id, content=content,
            content_type_id=self.world.news.id, section_id=section_id,
        )  # fmt: skip

    def post(self, story: Story, account: str = "facebook", text: str = "Sosialisasi aset. #BMN") -> Post:
        outlet = getattr(self.world, account)
        kind = self.world.news if account == "web" else self.world.social
        return posts.create_post(
            story, actor=self.editor, account_id=outlet.id, content_type_id=kind.id, content=PostContent(text)
        )

    def ready(self, *accounts: str, section_id: int | None = None) -> Story:
        """A story that can be submitted."""
        story = self.story(section_id=section_id)
        for account in accounts or ("web", "facebook"):
            self.post(story, account)
        return story

    def submit(self, story: Story, *, by: Principal | None = None, note: str = "") -> Package:
        return services.submit_package(story, actor=by or self.editor, note=note)

    def approve(self, package: Package, *, by: Principal | None = None) -> None:
        services.approve(package, actor=by or self.approver, digest=package.digest)

    def approved(self, *accounts: str) -> tuple[Story, Package]:
        """An approved story."""
        story = self.ready(*accounts)
        package = self.submit(story)
        self.approve(package)
        return story, package

    def edit(self, story: Story, *, by: Principal | None = None, **changes: str) -> None:
        before = stories.content_of(
            story_queries.get_current_version(story), story_queries.get_body(story.current_version_id or 0)
        )
        assert stories.save_version(story, actor=by or self.editor, content=replace(before, **changes))  # type: ignore[arg-type]

    def edit_post(self, post: Post, text: str, *, by: Principal | None = None) -> None:
        assert posts.save_post_version(post, actor=by or self.editor, content=PostContent(text))

    def chain(
        self, *steps: StepContent, content_type_id: int | None = None, allows_bulk: bool = False
    ) -> None:
        services.set_chain(
            self.world.office.id, content_type_id, actor=self.as_(self.world.admin), steps=steps,
            allows_bulk=allows_bulk,
        )  # fmt: skip

    def group(self, name: str, *people: User) -> AskeeContent:
        """A group of approvers, as an askee."""
        made = services.create_group(
            self.world.office.id,
            actor=self.as_(self.world.admin),
            name=name,
            member_ids=[u.id for u in people],
        )
        return AskeeContent(StepScope.GROUP, group_id=made.id)

    def three_steps(self) -> None:
        """Section, office, and one person."""
        self.chain(
            step("Kepala seksi", StepScope.SECTION),
            step("Kepala Seksi HI", StepScope.OFFICE),
            step("Kepala Kantor", StepScope.PERSON, self.second_approver().id),
        )

    def person(
        self, name: str, role: Role = Role.APPROVER, *, section: bool = False, **grant: object
    ) -> User:
        """Somebody new with a role."""
        email = f"{name.lower().replace(' ', '.')}@kantor-uji.example"
        user = people.create_user(actor=None, office_id=self.world.office.id, name=name, email=email)
        unit = self.world.section if section else self.world.office
        people.grant_role(
            user, unit, role, actor=None, **{"position_title": "", "valid_from": date(2019, 1, 1)} | grant
        )  # type: ignore[arg-type]
        return user

    def second_approver(self) -> User:
        return self.person("Penyetuju Kedua", position_title="Kepala Kantor")
