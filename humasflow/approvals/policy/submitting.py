"""Why a story, or what is new on it, cannot be submitted now."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.approvals.asking import Roster
from humasflow.approvals.contents import Content, content_to_submit, named
from humasflow.approvals.enums import PackageState
from humasflow.approvals.models import Package
from humasflow.channels.adapters.base import Severity
from humasflow.core.db import db
from humasflow.core.errors import Reason
from humasflow.core.permissions import Permission
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story, StoryReader
from humasflow.stories.policy import reasons_not_ready
from humasflow.stories.visibility import is_closed

# Submitting is the first step of a draft's review; later, posts made or changed since are submitted by themselves.
SUBMITTABLE = frozenset({StoryState.DRAFT, StoryState.APPROVED, StoryState.PUBLISHED})


def reasons_not_to_submit(actor: Principal, story: Story) -> list[Reason]:
    """Why the story (or what is new on it) cannot be submitted now; empty when it can."""
    return reasons_against(actor, content_to_submit(story), pending_package_id(story.id))


def pending_package_id(story_id: int) -> int | None:
    """The package of a story that waits for a decision."""
    return db.session.scalar(
        select(Package.id).where(Package.story_id == story_id, Package.state == PackageState.PENDING).limit(1)
    )


def reasons_against(
    actor: Principal,
    content: Content,
    pending_id: int | None,
    *,
    permissions: Iterable[Permission] = (Permission.STORY_WRITE,),
) -> list[Reason]:
    """The same for content that was read already. Any of the permissions is enough."""
    story = content.story
    if not any(actor.can(p, story.office_id) for p in permissions):
        return [Reason("permission", _("Pengajuan dilakukan oleh redaktur."))]
    if pending_id is not None:
        return [
            Reason(
                "pending",
                _(
                    "Pengajuan sebelumnya masih menunggu keputusan. Tarik kembali dahulu bila isinya perlu diubah."
                ),
            )
        ]
    if story.state not in SUBMITTABLE:
        return [
            Reason("state", _("Naskah berstatus “%(state)s” tidak dapat diajukan.", state=story.state.label))
        ]
    return reasons_not_fit(content)


def reasons_not_fit(content: Content) -> list[Reason]:
    """What the content itself lacks before it may go anywhere."""
    reasons: list[Reason] = []
    if not content.story_version.title.strip():
        reasons.append(Reason("title", _("Judul naskah masih kosong.")))
    reasons += reasons_not_ready(content.story_version)
    reasons += content.guidance_for().reasons_not_to_submit()
    if not content.items:
        if content.story.state is StoryState.DRAFT:
            reasons.append(
                Reason("no_post", _("Belum ada publikasi. Buat sedikitnya satu untuk salah satu kanal."))
            )
        else:
            reasons.append(
                Reason("nothing_new", _("Semua publikasi naskah ini sudah disetujui; tidak ada yang baru."))
            )
    for item in content.items:
        reasons += [
            Reason(f"post_{item.post.id}_{problem.field}", named(item.post.account.name, problem.message))
            for problem in content.problems[item.post.id]
            if problem.severity is Severity.ERROR
        ]
    return reasons


def readers_of(stories: Iterable[Story]) -> dict[int, set[int]]:
    """Of these stories the confidential ones, with the people named for each. At most one statement."""
    found: dict[int, set[int]] = {s.id: set() for s in stories if is_closed(s)}
    if found:
        for story_id, user_id in db.session.execute(
            select(StoryReader.story_id, StoryReader.user_id).where(StoryReader.story_id.in_(found))
        ):
            found[story_id].add(user_id)
    return found


def who_cannot_see(story: Story, roster: Roster) -> frozenset[int]:
    """Approvers who are not named for a confidential story: they are not asked about what they cannot read."""
    return blind_to(story, readers_of([story]), roster)


def blind_to(story: Story, readers: Mapping[int, set[int]], roster: Roster) -> frozenset[int]:
    """The same, when the readers were read already."""
    if story.id not in readers:
        return frozenset()
    return frozenset(a.user_id for a in roster.approvers) - readers[story.id]
