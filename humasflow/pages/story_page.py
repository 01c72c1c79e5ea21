"""The page of a story: what it is, what happens next, where it goes, and what happened so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.approvals import policy as approval_policy
from humasflow.approvals import queries as approvals
from humasflow.approvals.contents import Content, content_to_submit
from humasflow.approvals.enums import PackageState
from humasflow.approvals.models import Package
from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.audit.models import AuditEntry
from humasflow.core.errors import Reason
from humasflow.core.guards import signed_in
from humasflow.core.permissions import Permission
from humasflow.orgs import queries as orgs
from humasflow.orgs.models import Unit
from humasflow.pages.blueprint import blueprint
from humasflow.pages.post_lines import PostLine
from humasflow.pages.task import publish_time
from humasflow.pages.wording import hold_consequence
from humasflow.pitches import queries as pitches
from humasflow.planning import queries as planning
from humasflow.planning.campaigns.queries import names_of as campaign_names
from humasflow.posts import queries as posts
from humasflow.posts.enums import PostChange
from humasflow.posts.models import Post
from humasflow.posts.policy import reasons_not_to_add
from humasflow.publishing import policy as publishing_policy
from humasflow.publishing import queries as publishing
from humasflow.publishing.enums import PostState
from humasflow.publishing.models import Delivery
from humasflow.stories import policy as story_policy
from humasflow.stories import queries as stories
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.handover_policy import reasons_not_to_offer_at_all
from humasflow.stories.models import Story
from humasflow.stories.queries import assignments, workload
from humasflow.stories.queries.coverage import get_covered
from humasflow.stories.queries.sources import source_of_story
from humasflow.stories.visibility import is_closed
from humasflow.stories.workflow import STORY


@dataclass(frozen=True)
class Next:
    """What happens next, in a sentence, and the one button that does it.

    ``reasons``: what is missing before it can. ``waits``: somebody else has the word; the button is a way back.
    """

    text: str
    label: str = ""
    url: str = ""
    icon: str = "chevron-right"
    is_post: bool = False
    fields: Mapping[str, str] | None = None
    reasons: Sequence[Reason] = ()
    waits: bool = False


@dataclass(frozen=True)
class Move:
    """Something that can be done to the story as a whole, or why not."""

    move: StoryMove
    reasons: Sequence[Reason]
    needs_reason: bool
    consequence: str


@blueprint.get("/naskah/<int:story_id>")
@signed_in
def story(story_id: int) -> str:
    """Everything about one story."""
    found = stories.get_story(current_user, story_id)
    office = orgs.get_office(found.office_id)
    version = stories.get_current_version(found)
    content = content_to_submit(found)
    packages = approvals.list_packages_of(found.id)
    pending = next((p for p in packages if p.state is PackageState.PENDING), None)
    lines = _lines(current_user, found, content)
    tasks = assignments.list_lines(found.id)
    guidance = content.guidance_for(current_user)
    return render_template(
        "pages/story.html", story=found, guidance=guidance, where=office, version=version,
        body=content.body_html, lines=lines, packages=packages,
        releases=approvals.list_releases_of(found.id), pitches=pitches.list_of_story(found.id),
        next=_next(current_user, content, lines, pending),
        section=orgs.get_section(office.id, found.section_id) if found.section_id else None,
        urgent_offered=_can_release(current_user, found), moves=_moves(current_user, found, lines),
        edit_reasons=story_policy.reasons_not_to_edit(current_user, found),
        campaign_name=campaign_names([found.campaign_id]).get(found.campaign_id or 0, ""),
        origin=source_of_story(found) if story_policy.needs_source_note(version.source) else None,
        hand_over_offered=not reasons_not_to_offer_at_all(current_user, found, version),
        add_reasons=reasons_not_to_add(current_user, found), people=_people(current_user, found, office),
        is_closed=is_closed(found), readers=stories.list_readers(found.id) if found.is_confidential else (),
        access_offered=not (
            story_policy.reasons_not_to_close(current_user, found)
            and story_policy.reasons_not_to_embargo(current_user, found)
        ),
        changes=stories.list_changes(found.id), discard_offered=_can_discard(current_user, found),
        correct_offered=not story_policy.reasons_not_to_edit(current_user, found, correcting=True),
        tasks=tasks, away=workload.away_on_due(office, [t.now for t in tasks if t.is_open]),
        publish_at=publish_time(found.id) if tasks else None,
        directs=current_user.can(Permission.STORY_WRITE, office.id),
        can_assign=not story_policy.reasons_not_to_assign(current_user, found),
        versions=stories.list_version_rows(found.id, size=3).items,
        covered=get_covered(found), timeline=_without_twins(audit.list_timeline(("story", found.id))),
    )  # fmt: skip


def _can_release(actor: Principal, found: Story) -> bool:
    """Whether to offer letting it out without approval; what stands against it is said on its own page."""
    waits = found.state in (StoryState.DRAFT, StoryState.IN_REVIEW)
    return waits and actor.can(Permission.STORY_PUBLISH_URGENTLY, found.office_id)


def _can_discard(actor: Principal, found: Story) -> bool:
    """Whether a prepared correction can be given up by this person."""
    if story_policy.reasons_not_to_edit(actor, found, correcting=True):
        return False
    return stories.get_prepared_change(found.id) is not None


def _lines(actor: Principal, found: Story, content: Content) -> list[PostLine]:
    every = posts.list_posts_of(found.id)
    versions = {
        v.id: v for v in posts.get_versions(p.current_version_id for p in every if p.current_version_id)
    }
    states = publishing.states_of(every)
    newest = publishing.latest_delivery_of(p.id for p in every)
    types = {t.id: t.label for t in planning.list_content_types(found.office_id, with_inactive=True)}
    is_out = any(publishing_policy.stays_live(d) for d in newest.values())
    corrected = is_out and stories.get_prepared_change(found.id) is not None
    open_story = not any(r.code == "story_closed" for r in reasons_not_to_add(None, found))
    # Where one is still to go out there is nothing to publish again yet.
    out = (PostState.PUBLISHED, PostState.WITHDRAWN)
    waiting = {p.account_id for p in every if states[p.id] not in out}
    lines = []
    for post in every:
        newest_delivery = newest.get(post.id)
        # A delivery of an earlier generation is history: a retraction gave the post a new life.
        delivery = (
            newest_delivery if newest_delivery and newest_delivery.generation == post.generation else None
        )

        lines.append(
            PostLine(
                post, versions[post.current_version_id or 0], states[post.id], delivery or newest_delivery,
                types.get(post.content_type_id, ""), content.problems.get(post.id, ()),
                can_edit=open_story and _may(actor, post, delivery, PostChange.EDIT, corrected=corrected),
                can_schedule=open_story and _may(actor, post, delivery, PostChange.SCHEDULE),
                can_remove=_may(actor, post, delivery, PostChange.REMOVE),
                can_repost=open_story and states[post.id] is PostState.PUBLISHED and post.account_id not in waiting
                and post.account.is_active and actor.can(Permission.POST_WRITE, post.office_id),
                may_schedule=open_story and actor.can(Permission.POST_SCHEDULE, post.office_id),
                may_resolve=actor.can(Permission.DELIVERY_RESOLVE, post.office_id),
            )
        )  # fmt: skip
    return lines


def _may(
    actor: Principal, post: Post, delivery: Delivery | None, change: PostChange, *, corrected: bool = False
) -> bool:
    """The services' own question, asked of what was read already: no statement a post."""
    needed = Permission.POST_SCHEDULE if change is PostChange.SCHEDULE else Permission.POST_WRITE
    return actor.can(needed, post.office_id) and not publishing_policy.reasons_against_change(
        delivery, change, corrected=corrected
    )


def _next(
    actor: Principal, content: Content, lines: Sequence[PostLine], pending: Package | None
) -> Next | None:
    """The next step of this story for this person; None when nothing is to be done."""
    found = content.story
    writes = actor.can(Permission.STORY_WRITE, found.office_id)
    if pending is not None:
        return _waiting(actor, pending)
    if found.state is StoryState.ON_HOLD and writes:
        return Next(
            _("Naskah ini ditunda. Lanjutkan bila sudah waktunya; naskah kembali menjadi draf."),
            StoryMove.RESUME.label, url_for("stories.move", story_id=found.id), "play", is_post=True,
            fields={"move": StoryMove.RESUME.value},
        )  # fmt: skip
    if not writes:
        return _for_readers(found)
    if found.state is StoryState.DRAFT:
        return _submit(actor, content, lines)
    if found.state in (StoryState.APPROVED, StoryState.PUBLISHED):
        return _after_approval(actor, content, lines)
    return None


def _waiting(actor: Principal, pending: Package) -> Next:
    step = approval_policy.current_step(pending)
    asked = ", ".join(u.name for u in approvals.list_deciders(pending))
    text = _("Menunggu keputusan %(step)s.", step=step.label if step else "")
    if asked:
        text = _("Menunggu keputusan %(names)s (%(step)s).", names=asked, step=step.label if step else "")
    if approval_policy.can_decide(actor, pending):
        return Next(
            _("Menunggu keputusan Anda."), _("Baca dan putuskan"),
            url_for("approvals.review", package_id=pending.id), "eye",
        )  # fmt: skip
    if not approval_policy.reasons_not_to_recall(actor, pending):
        return Next(
            text + " " + _("Isinya dikunci sampai ada keputusan."), _("Tarik kembali"),
            url_for("approvals.recall", package_id=pending.id), "back", is_post=True, waits=True,
        )  # fmt: skip
    return Next(text)


def _submit(actor: Principal, content: Content, lines: Sequence[PostLine]) -> Next:
    reasons = approval_policy.reasons_against(actor, content, None)
    if not lines:
        return Next(
            _("Buat publikasi untuk kanal yang dituju, lalu ajukan semuanya bersama."), _("Tambah publikasi"),
            url_for("posts.new", story_id=content.story.id), "plus",
            reasons=[r for r in reasons if r.code != "no_post"],
        )  # fmt: skip
    if reasons:
        return Next(_("Sebelum diajukan, lengkapi dahulu:"), reasons=reasons)
    return Next(
        ngettext(
            "Naskah dan %(num)s publikasi siap diajukan bersama.",
            "Naskah dan %(num)s publikasi siap diajukan bersama.", len(lines),
        ), _("Ajukan untuk disetujui"),
        url_for("approvals.submit", story_id=content.story.id), "send",
    )  # fmt: skip


def _after_approval(actor: Principal, content: Content, lines: Sequence[PostLine]) -> Next:
    found = content.story
    if found.state is StoryState.PUBLISHED and stories.get_prepared_change(found.id) is not None:
        told = (
            _("Ralat sudah disiapkan. Betulkan juga teks publikasi yang ikut salah, lalu ajukan semuanya.")
            if any(line.state is PostState.PUBLISHED and line.can_edit for line in lines)
            else _("Ralat sudah disiapkan. Pembaca baru melihatnya sesudah disetujui.")
        )
        return Next(
            told, _("Ajukan ralat"),
            url_for("approvals.submit", story_id=found.id), "send",
            reasons=approval_policy.reasons_against(actor, content, None),
        )  # fmt: skip
    fresh = [line for line in lines if line.state is PostState.DRAFT]
    if fresh:
        names = ", ".join(line.post.account.name for line in fresh)
        reasons = [
            r for r in approval_policy.reasons_against(actor, content, None) if r.code != "nothing_new"
        ]
        return Next(
            _("%(names)s belum disetujui. Ajukan yang baru saja.", names=names), _("Ajukan yang baru"),
            url_for("approvals.submit", story_id=found.id), "send", reasons=reasons,
        )  # fmt: skip
    ready = next((line for line in lines if line.state is PostState.READY and line.can_schedule), None)
    if ready is not None:
        return Next(
            _("%(name)s sudah disetujui dan belum punya waktu tayang.", name=ready.post.account.name),
            _("Jadwalkan %(name)s", name=ready.post.account.name),
            url_for("calendar.relocate", item=f"publikasi:{ready.post.id}"), "calendar",
        )  # fmt: skip
    stuck = next((line for line in lines if line.state in NEEDS_A_HAND), None)
    if stuck is not None:
        return Next(
            _("%(name)s: %(state)s.", name=stuck.post.account.name, state=stuck.state.label), _("Buka publikasi"),
            url_for("publishing.detail", post_id=stuck.post.id), "send",
        )  # fmt: skip
    if found.state is StoryState.APPROVED:
        return Next(_("Semua publikasi sudah terjadwal. Tidak ada yang perlu dikerjakan."))
    return Next(
        _("Naskah sudah tayang. Publikasi untuk kanal lain dapat ditambahkan dan diajukan tersendiri.")
    )


NEEDS_A_HAND = frozenset(
    {
        PostState.MANUAL_DUE,
        PostState.FAILED,
        PostState.HELD,
        PostState.LATE,
        PostState.UNKNOWN,
        PostState.NEEDS_REAUTH,
    }
)


def _for_readers(found: Story) -> Next | None:
    if found.state is StoryState.DRAFT:
        return Next(_("Naskah masih ditulis redaktur dan belum diajukan."))
    return None


def _moves(actor: Principal, found: Story, lines: Sequence[PostLine]) -> list[Move]:
    live = sum(1 for line in lines if line.state is PostState.PUBLISHED)
    consequences = {
        StoryMove.HOLD: hold_consequence(),
        StoryMove.CANCEL: _(
            "Naskah dan publikasinya tidak akan ditayangkan. Isinya tetap tersimpan sebagai catatan."
        ),
        StoryMove.WITHDRAW: ngettext(
            "%(num)s publikasi yang tayang diturunkan: yang di situs kantor langsung, yang diunggah sendiri perlu "
            "dihapus di kanalnya.",
            "%(num)s publikasi yang tayang diturunkan: yang di situs kantor langsung, yang diunggah sendiri perlu "
            "dihapus di kanalnya.",
            live,
        ),
        StoryMove.ARCHIVE: _("Yang sudah tayang tetap tayang. Naskah tidak lagi muncul di meja redaksi."),
    }
    return [
        Move(m, story_policy.reasons_not_to_move(actor, found, m), STORY.needs_reason(m), consequences[m])
        for m in STORY.moves_from(found.state)
        if m in consequences
    ]


# Submitting and deciding are told by the package, with who decided in which capacity; the story's own line says the
# same again. A story that was moved without a package keeps its line.
_TWINS = {
    AuditAction.STORY_SUBMITTED: AuditAction.PACKAGE_SUBMITTED,
    AuditAction.STORY_APPROVED: AuditAction.PACKAGE_APPROVED,
    AuditAction.STORY_RETURNED: AuditAction.PACKAGE_RETURNED,
    AuditAction.STORY_RECALLED: AuditAction.PACKAGE_RECALLED,
    AuditAction.STORY_RELEASED: AuditAction.PACKAGE_RELEASED,
}
_SAME_ACT = timedelta(seconds=5)


def _without_twins(entries: Sequence[AuditEntry]) -> list[AuditEntry]:
    told = [(e.action, e.at) for e in entries if e.action in _TWINS.values()]

    def is_told(entry: AuditEntry) -> bool:
        twin = _TWINS.get(entry.action)
        return any(action is twin and abs(at - entry.at) < _SAME_ACT for action, at in told)

    return [e for e in entries if not is_told(e)]


def _people(actor: Principal, found: Story, office: Unit) -> Sequence[User]:
    """Who the story can be handed to; nobody when this person cannot hand it over."""
    if story_policy.reasons_not_to_assign(actor, found):
        return ()
    return accounts.list_people_with(Permission.STORY_WRITE, office)
