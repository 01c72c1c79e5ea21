"""Who may let something out unapproved because it is urgent, and who may agree to it afterwards."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select, union

from humasflow.accounts.policy import Principal
from humasflow.approvals.asking import asked, load_roster
from humasflow.approvals.contents import Content
from humasflow.approvals.enums import UrgentMove
from humasflow.approvals.models import Package, PackageItem, UrgentRelease
from humasflow.approvals.policy.submitting import SUBMITTABLE, blind_to, readers_of, reasons_not_fit
from humasflow.approvals.workflow import URGENT
from humasflow.core.db import db
from humasflow.core.errors import Reason
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.posts.models import PostVersion
from humasflow.stories.models import StoryVersion


def reasons_not_to_release(
    actor: Principal, content: Content, *, pending: Package | None, has_steps: bool
) -> list[Reason]:
    """Why this content cannot be let out unapproved by this person. Urgency overrides people, never the channels'
    rules: what could not be submitted cannot be let out either.
    """
    story = content.story
    if not actor.can(Permission.STORY_PUBLISH_URGENTLY, story.office_id):
        return [
            Reason(
                "permission",
                _("Menerbitkan tanpa persetujuan hanya dapat dilakukan redaktur atau ketua tim."),
            )
        ]
    if pending is None and story.state not in SUBMITTABLE:
        return [
            Reason(
                "state", _("Naskah berstatus “%(state)s” tidak dapat diterbitkan.", state=story.state.label)
            )
        ]
    if pending is None and not has_steps:
        return [
            Reason("no_steps", _("Alurnya tanpa persetujuan. Ajukan saja; isinya langsung boleh tayang."))
        ]
    return reasons_not_fit(content)


def hands_in(releases: Sequence[UrgentRelease]) -> dict[int, frozenset[int]]:
    """By release, who never clears it, also where the office turned four eyes off: who let it out, who submitted it,
    and everybody who wrote a version of the story or of its posts up to the ones that went out. One statement.
    """
    found = {r.package_id: {r.released_by, r.package.submitted_by} for r in releases}
    writers = (
        select(Package.id, StoryVersion.author_id)
        .join(StoryVersion, StoryVersion.story_id == Package.story_id)
        .where(Package.id.in_(found), StoryVersion.id <= Package.covers_version_id)
    )
    posters = (
        select(PackageItem.package_id, PostVersion.author_id)
        .join(PostVersion, PostVersion.post_id == PackageItem.post_id)
        .where(PackageItem.package_id.in_(found), PostVersion.id <= PackageItem.covers_version_id)
    )
    for package_id, user_id in db.session.execute(union(writers, posters)):
        if user_id is not None:
            found[package_id].add(user_id)
    return {r.id: frozenset(found[r.package_id]) for r in releases}


def clearers(releases: Sequence[UrgentRelease], office: Unit) -> dict[int, frozenset[int]]:
    """By release, the people who could have approved it, at any step of its chain, and may agree afterwards. Where the
    chain asks nobody who can (a guest, a person without the role by now), every other approver of the office may: what
    is out must not stay flagged for ever. At most four statements, when the packages were loaded with their seats.
    """
    roster = load_roster(office, group_ids=(s.group_id for r in releases for s in r.package.seats))
    barred = hands_in(releases)
    readers = readers_of([r.package.story for r in releases])
    found = {}
    for release in releases:
        story = release.package.story
        out = barred[release.id] | blind_to(story, readers, roster)
        people = frozenset(
            i for seat in release.package.seats for i in asked(seat, story.section_id, roster, barred=out)
        )
        found[release.id] = people or frozenset(a.user_id for a in roster.approvers) - out
    return found


def may_clear(release: UrgentRelease) -> frozenset[int]:
    """The people who may agree to one release afterwards."""
    return clearers([release], get_office(release.office_id))[release.id]


def can_clear(actor: Principal, release: UrgentRelease) -> bool:
    """Whether the buttons are offered."""
    return not reasons_not_to_clear(actor, release, UrgentMove.CLEAR)


def clear_reasons(actor: Principal, release: UrgentRelease | None) -> list[Reason]:
    """What to tell a reader of something flagged who cannot clear it; empty when nothing is flagged."""
    if release is None or not release.state.is_flagged:
        return []
    return reasons_not_to_clear(actor, release, UrgentMove.CLEAR)


def reasons_not_to_clear(actor: Principal, release: UrgentRelease, move: UrgentMove) -> list[Reason]:
    """Why this person can neither clear what went out nor object to it; ``move`` is what they want to do."""
    if not URGENT.allows(release.state, move):
        if release.state.is_flagged:
            return [
                Reason("objected", _("Keberatan sudah dinyatakan oleh %(who)s.", who=release.objected_as))
            ]
        return [Reason("closed", _("Catatan ini sudah ditutup: %(state)s.", state=release.state.label))]
    if actor.id in hands_in([release])[release.id]:
        return [
            Reason(
                "own",
                _(
                    "Anda ikut menulis, mengajukan, atau menerbitkan ini; pengesahan sesudah tayang dilakukan orang "
                    "lain."
                ),
            )
        ]
    if actor.id not in may_clear(release):
        return [
            Reason("not_asked", _("Pengesahan dilakukan oleh orang yang seharusnya menyetujui naskah ini."))
        ]
    return []
