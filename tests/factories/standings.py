"""What tests of the standing need: schemes of one kind, planned posts at each stage, and an honest clock."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from humasflow.approvals.services import approve, submit_package
from humasflow.core.db import db
from humasflow.core.periods import Period, PeriodType, Quarter
from humasflow.posts.models import Post
from humasflow.posts.services import schedule_post
from humasflow.scoring.models import SchemeVersion, ScoreScheme
from humasflow.scoring.services.schemes import ComponentSpec, RulesSpec, create_scheme, create_scheme_version
from humasflow.scoring.services.targets import set_target
from humasflow.stories.models import Story
from tests.factories import desk
from tests.factories.world import World

TW1 = Quarter.parse("2026-TW1")
WITHIN = "2026-02-11T02:00Z"  # a Wednesday in it


def scheme_of(
    world: World,
    *specs: ComponentSpec,
    since: Period = TW1,
    period_type: PeriodType = PeriodType.QUARTER,
    name: str = "Skema Capaian",
    rules: RulesSpec | None = None,
) -> ScoreScheme:
    """A scheme of these components, in effect from a period on."""
    scheme = create_scheme(world.office.id, actor=world.admin, name=name, period_type=period_type)
    create_scheme_version(scheme, actor=world.admin, components=specs, effective_from=since, rules=rules)
    return scheme


def version_of(scheme: ScoreScheme) -> SchemeVersion:
    """Its newest rules."""
    return scheme.versions[-1]


def aim(world: World, scheme: ScoreScheme, key: str, value: int, period: Period = TW1, **more: Any) -> None:
    """Set one target."""
    set_target(
        scheme, actor=world.admin, component_key=key, period=period, value=Decimal(value), letter="ND-1/2026",
        **more,
    )  # fmt: skip


def news(label: str = "Berita", weight: int = 100, **more: Any) -> ComponentSpec:
    """A component that counts news of the own website."""
    return ComponentSpec(
        label, Decimal(weight), content_types=["berita_terbaru"], channel_kinds=["website_own"], **more
    )


def planned(
    world: World, title: str, *, submit: bool = False, agree: bool = False, due: str = "", **content: Any
) -> tuple[Story, Post]:
    """A story with one post for the website: being written, in review, agreed, or agreed with a time."""
    story = desk.story(world, title=title, **content)
    post = desk.post(world, story, "web", words="")
    if submit or agree:
        package = submit_package(story, actor=world.as_(world.editor))
        if agree:
            approve(package, actor=world.as_(world.approver), digest=package.digest)
    if due:
        at = datetime.fromisoformat(due)
        schedule_post(post, actor=world.as_(world.editor), due_at=at)
    db.session.flush()
    return story, post


def keys(rows: Sequence[Any]) -> list[str]:
    """The keys of components, in order."""
    return [row.key for row in rows]
