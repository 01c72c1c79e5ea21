"""Before deciding on many: everything of each that the decision would bind, and why some are not this person's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from humasflow.accounts.policy import Principal
from humasflow.approvals import policy as approval_policy
from humasflow.approvals import queries as approvals
from humasflow.approvals.contents import Content, contents_of
from humasflow.approvals.enums import PackageState
from humasflow.approvals.models import Package
from humasflow.approvals.presenting import Preview, previews_of
from humasflow.core.db import db
from humasflow.core.errors import Reason
from humasflow.orgs.models import Unit
from humasflow.planning import queries as planning
from humasflow.stories.models import StoryChange


@dataclass(frozen=True, eq=False)
class Whole:
    """A package with all that would be agreed to: its text, its channels, and what readers of a correction are told."""

    package: Package
    content: Content
    previews: Sequence[Preview]
    change: StoryChange | None


@dataclass(frozen=True, eq=False)
class Reading:
    """A story as the page of a bulk decision shows it: whole, or why this person does not decide on it."""

    whole: Whole | None = None
    reasons: Sequence[Reason] = ()


def nothing_waits() -> Reason:
    """Nobody is asked about this story now."""
    return Reason("nothing_waits", _("Tidak ada pengajuan yang menunggu keputusan."))


def not_together() -> Reason:
    """The office wants this one read by itself."""
    return Reason(
        "one_by_one",
        _("Alur persetujuannya meminta setiap naskah diputuskan tersendiri, di halaman bacanya."),
    )


def readings_of(
    story_ids: Sequence[int], office: Unit, *, actor: Principal, approving: bool
) -> dict[int, Reading]:
    """What waits for a decision on these stories, which the actor may read. As many statements for three that wait for
    this person as for one; each of the others is asked about by itself.
    """
    pending = _pending(story_ids, office)
    mine = {row.package_id for row in approvals.list_waiting_for(actor)} if pending else set()
    types = planning.list_content_types(office.id, with_inactive=True)
    contents = contents_of(list(pending.values()), types)
    changes = _changes(contents)
    found: dict[int, Reading] = {}
    for story_id in story_ids:
        package = pending.get(story_id)
        if package is None:
            found[story_id] = Reading(reasons=(nothing_waits(),))
            continue
        content = contents[package.id]
        reasons = _reasons(package, content, actor, is_asked=package.id in mine)
        if approving and not reasons and not package.allows_bulk:
            reasons = [not_together()]
        change = changes.get(content.story_version.id)
        whole = None if reasons else Whole(package, content, previews_of(content), change)
        found[story_id] = Reading(whole, reasons)
    return found


def _pending(story_ids: Sequence[int], office: Unit) -> Mapping[int, Package]:
    """By story."""
    every = db.session.scalars(
        select(Package)
        .where(
            Package.office_id == office.id, Package.state == PackageState.PENDING,
            Package.story_id.in_(list(story_ids)),
        )
        .options(joinedload(Package.story), joinedload(Package.submitter), selectinload(Package.items))
    )  # fmt: skip
    return {package.story_id: package for package in every}


def _reasons(package: Package, content: Content, actor: Principal, *, is_asked: bool) -> Sequence[Reason]:
    """Why not, by what was read already; asked in full only of what is not in this person's own queue."""
    if not is_asked:
        return approval_policy.reasons_not_to_decide(actor, package)
    stands = package.story.current_version_id == package.story_version_id and all(
        i.post.removed_at is None and i.post.current_version_id == i.version.id for i in content.items
    )
    return [] if stands and content.digest == package.digest else [approval_policy.changed()]


def _changes(contents: Mapping[int, Content]) -> dict[int, StoryChange]:
    """What readers are told about a correction, by the version that it is."""
    wanted = [content.story_version.id for content in contents.values()]
    rows = db.session.scalars(
        select(StoryChange).where(StoryChange.version_id.in_(wanted)).order_by(StoryChange.id)
    )
    return {change.version_id: change for change in rows if change.version_id is not None}
