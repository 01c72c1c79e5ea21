"""Moving a card to another column: where it may go, what that means, and why not elsewhere.

Every answer comes from the policies that the services ask again when it is done. A column is a projection, so a move is
a move of the story, a step of its review, or a page where something has to be chosen or read first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from flask import url_for
from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.approvals import policy as approval_policy
from humasflow.approvals import queries as approvals
from humasflow.approvals import services as approval_services
from humasflow.approvals.models import Package
from humasflow.core.errors import Conflict, Reason, Refused
from humasflow.core.permissions import Permission
from humasflow.pages.wording import hold_consequence
from humasflow.posts import queries as posts
from humasflow.posts.models import Post
from humasflow.stories import policy as story_policy
from humasflow.stories import services as story_services
from humasflow.stories.enums import Lane, StoryMove, StoryState
from humasflow.stories.models import Story


class How(StrEnum):
    """What happens when the card is dropped."""

    HERE = "here"  # it is there already
    AT_ONCE = "at_once"
    ASKED = "asked"  # after a reason was typed, or the consequence agreed to
    ELSEWHERE = "elsewhere"  # on a page where something is chosen or read first
    NOT = "not"


class Act(StrEnum):
    """What it is that is done."""

    SUBMIT = "submit"
    RECALL = "recall"
    SEND_BACK = "send_back"
    HOLD = "hold"
    RESUME = "resume"


@dataclass(frozen=True)
class Target:
    """A column, as far as one card is concerned."""

    lane: Lane
    how: How
    act: Act | None = None
    label: str = ""  # the wording of the button
    says: str = ""  # what it means, before it is done
    url: str = ""  # where something has to be chosen or read first
    needs_reason: bool = False
    reasons: Sequence[Reason] = ()
    digest: str = ""  # of what waits for a decision, as it is offered


@dataclass(frozen=True)
class Moved:
    """Where the card is now, what is said about it, and the column that takes it back, if one does."""

    lane: Lane
    message: str
    undo: Lane | None = None


def lane_of(story: Story, every: Sequence[Post] | None = None) -> Lane | None:
    """The column a story stands in; None for what is on no board."""
    if story.state is StoryState.DRAFT:
        return Lane.RETURNED if story.needs_correction else Lane.DRAFT
    if story.state is StoryState.APPROVED:
        every = posts.list_posts_of(story.id) if every is None else every
        return Lane.SCHEDULED if any(p.scheduled_at is not None for p in every) else Lane.APPROVED
    return next((lane for lane in Lane if lane.value == story.state.value), None)


@dataclass(frozen=True)
class _Case:
    actor: Principal
    story: Story
    here: Lane | None
    posts: Sequence[Post]
    pending: Package | None


def targets_of(actor: Principal, story: Story) -> list[Target]:
    """Every column for one card, in the board's order. A constant number of statements."""
    case = _case(actor, story)
    return [_target(case, lane) for lane in Lane]


def _case(actor: Principal, story: Story) -> _Case:
    every = posts.list_posts_of(story.id)
    package_id = approval_policy.pending_package_id(story.id)
    pending = approvals.get_package(actor, package_id) if package_id is not None else None
    return _Case(actor, story, lane_of(story, every), every, pending)


def _target(case: _Case, lane: Lane) -> Target:
    if lane is case.here:
        return Target(lane, How.HERE)
    return {
        Lane.DRAFT: _to_draft,
        Lane.RETURNED: _to_returned,
        Lane.IN_REVIEW: _to_review,
        Lane.APPROVED: _to_approved,
        Lane.SCHEDULED: _to_scheduled,
        Lane.PUBLISHED: _to_published,
        Lane.ON_HOLD: _to_hold,
    }[lane](case)


def _not(lane: Lane, *reasons: Reason) -> Target:
    return Target(lane, How.NOT, reasons=reasons)


def _no_such(lane: Lane, sentence: str) -> Target:
    return _not(lane, Reason("state", sentence))


def _to_draft(case: _Case) -> Target:
    state = case.story.state
    if state is StoryState.ON_HOLD:
        reasons = story_policy.reasons_not_to_move(case.actor, case.story, StoryMove.RESUME)
        return _unless(
            reasons,
            Target(
                Lane.DRAFT, How.AT_ONCE, Act.RESUME, StoryMove.RESUME.label, _("Naskah menjadi draf lagi.")
            ),
        )
    if state is StoryState.IN_REVIEW and case.pending is not None:
        reasons = approval_policy.reasons_not_to_recall(case.actor, case.pending)
        if not reasons:
            says = _("Pengajuan ditarik kembali. Penyetuju tidak ditanya lagi, dan naskah dapat disunting.")
            return Target(Lane.DRAFT, How.AT_ONCE, Act.RECALL, StoryMove.RECALL.label, says)
        back = _to_returned(case)
        return replace(back, lane=Lane.DRAFT) if back.how is not How.NOT else _not(Lane.DRAFT, *reasons)
    if case.here is Lane.RETURNED:
        return _no_such(Lane.DRAFT, _("Naskah ini sudah draf: perbaiki sesuai alasannya, lalu ajukan lagi."))
    if state is StoryState.APPROVED:
        return _no_such(
            Lane.DRAFT,
            _("Naskah yang disetujui menjadi draf lagi bila isinya diubah. Buka naskahnya untuk menyunting."),
        )
    return _moved_by_table(case, Lane.DRAFT)


def _to_returned(case: _Case) -> Target:
    if case.story.state is not StoryState.IN_REVIEW or case.pending is None:
        return _no_such(
            Lane.RETURNED, _("Hanya naskah yang menunggu reviu yang dapat dikembalikan untuk dikoreksi.")
        )
    reasons = approval_policy.reasons_not_to_decide(case.actor, case.pending)
    return _unless(
        reasons,
        Target(
            Lane.RETURNED, How.ASKED, Act.SEND_BACK, StoryMove.RETURN.label,
            _("Alasan Anda sampai kepada penulis, dan naskah menjadi draf yang perlu dikoreksi."), needs_reason=True,
            digest=case.pending.digest,
        ),
    )  # fmt: skip


def _to_review(case: _Case) -> Target:
    if case.story.state is not StoryState.DRAFT:
        return _moved_by_table(case, Lane.IN_REVIEW, StoryMove.SUBMIT)
    reasons = approval_policy.reasons_not_to_submit(case.actor, case.story)
    page = url_for("approvals.submit", story_id=case.story.id)
    if reasons and case.actor.can(Permission.STORY_WRITE, case.story.office_id):
        return Target(Lane.IN_REVIEW, How.NOT, reasons=tuple(reasons), url=page, label=_("Lihat yang kurang"))
    return _unless(
        reasons,
        Target(
            Lane.IN_REVIEW, How.AT_ONCE, Act.SUBMIT, StoryMove.SUBMIT.label,
            _("Naskah dan publikasinya diajukan bersama, dan isinya dikunci sampai ada keputusan."), url=page,
        ),
    )  # fmt: skip


def _to_approved(case: _Case) -> Target:
    if case.here is Lane.SCHEDULED:
        timed = [p for p in case.posts if p.scheduled_at is not None]
        if not case.actor.can(Permission.POST_SCHEDULE, case.story.office_id):
            return _no_such(Lane.APPROVED, _("Jadwal dilepas oleh redaktur."))
        return Target(
            Lane.APPROVED, How.ELSEWHERE, None, _("Lepas jadwal"),
            _("Waktu tayangnya dilepas di halaman jadwal."), url=_schedule_url(case.story, timed),
        )  # fmt: skip
    if case.story.state is not StoryState.IN_REVIEW or case.pending is None:
        return _no_such(Lane.APPROVED, _("Naskah disetujui sesudah diajukan dan dibaca penyetuju."))
    reasons = approval_policy.reasons_not_to_decide(case.actor, case.pending)
    return _unless(
        reasons,
        Target(
            Lane.APPROVED, How.ELSEWHERE, None, _("Baca dan putuskan"),
            _("Yang disetujui adalah persis yang Anda baca, jadi bacalah dahulu."),
            url=url_for("approvals.review", package_id=case.pending.id),
        ),
    )  # fmt: skip


def _to_scheduled(case: _Case) -> Target:
    if case.story.state is not StoryState.APPROVED:
        return _no_such(
            Lane.SCHEDULED,
            _(
                "Naskah ini belum disetujui. Waktu tayang dapat disiapkan di kalender; kartunya pindah ke sini "
                "sesudah disetujui."
            ),
        )
    if not case.actor.can(Permission.POST_SCHEDULE, case.story.office_id):
        return _not(Lane.SCHEDULED, Reason("permission", _("Peran Anda belum mencakup penjadwalan.")))
    if not case.posts:
        return _not(Lane.SCHEDULED, Reason("no_post", _("Belum ada publikasi yang dapat dijadwalkan.")))
    return Target(
        Lane.SCHEDULED, How.ELSEWHERE, None, _("Jadwalkan"), _("Waktu tayangnya dipilih di halaman jadwal."),
        url=_schedule_url(case.story, case.posts),
    )  # fmt: skip


def _schedule_url(story: Story, wanted: Sequence[Post]) -> str:
    if len(wanted) == 1:
        return url_for("calendar.relocate", item=f"publikasi:{wanted[0].id}")
    return url_for("pages.story", story_id=story.id)


def _to_published(_case: _Case) -> Target:
    return _no_such(
        Lane.PUBLISHED,
        _("Kartu pindah ke sini dengan sendirinya, begitu salah satu publikasinya tayang."),
    )


def _to_hold(case: _Case) -> Target:
    reasons = story_policy.reasons_not_to_move(case.actor, case.story, StoryMove.HOLD)
    if case.story.state is StoryState.DRAFT:
        return _unless(
            reasons,
            Target(Lane.ON_HOLD, How.AT_ONCE, Act.HOLD, StoryMove.HOLD.label, _("Naskah disisihkan dahulu.")),
        )
    asked = Target(Lane.ON_HOLD, How.ASKED, Act.HOLD, StoryMove.HOLD.label, hold_consequence())
    return _unless(reasons, asked)


def _moved_by_table(case: _Case, lane: Lane, move: StoryMove = StoryMove.RESUME) -> Target:
    return _not(lane, *story_policy.reasons_not_to_move(None, case.story, move))


def _unless(reasons: Sequence[Reason], target: Target) -> Target:
    return _not(target.lane, *reasons) if reasons else target


def move_card(
    story: Story, to: Lane, *, actor: Principal, seen: Lane | None = None, reason: str = "", digest: str = ""
) -> Moved:
    """Do what dropping the card means. A card that is there already stays, so a repetition changes nothing.

    ``seen`` is the column the person saw it in, ``digest`` what waited for a decision then. Raises Refused with every
    reason, Conflict when the story moved meanwhile, and what the services raise.
    """
    case = _case(actor, story)
    here = case.here
    if here is to:
        return Moved(to, _("“%(title)s” sudah di “%(lane)s”.", title=story.title, lane=to.label))
    if seen is not None and here is not seen:
        now = here.label if here else story.state.label
        raise Conflict(_("Naskah ini baru saja dipindahkan orang lain; sekarang di “%(lane)s”.", lane=now))
    target = _target(case, to)
    if target.reasons:
        raise Refused(target.reasons)
    if target.act is None:
        raise Refused([Reason("elsewhere", target.says)])
    undo = _do(case, target.act, reason=reason, digest=digest)
    now_in = lane_of(story) or to
    return Moved(now_in, _said(target.act, now_in), undo)


def _do(case: _Case, act: Act, *, reason: str, digest: str) -> Lane | None:
    """Do it; the column a drop into which takes it back, where anything does."""
    actor, story, pending = case.actor, case.story, case.pending
    before = story.state
    if act is Act.SUBMIT:
        approval_services.submit_package(story, actor=actor)
        return Lane.DRAFT if story.state is StoryState.IN_REVIEW else None
    if act is Act.RECALL and pending is not None:
        approval_services.recall(pending, actor=actor)
        return Lane.IN_REVIEW
    if act is Act.SEND_BACK and pending is not None:
        approval_services.send_back(pending, actor=actor, digest=digest, reason=reason)
        return None
    move = StoryMove.HOLD if act is Act.HOLD else StoryMove.RESUME
    story_services.move_story(story, move, actor=actor, reason=reason)
    if move is StoryMove.RESUME:
        return Lane.ON_HOLD
    return Lane.DRAFT if before is StoryState.DRAFT else None


def _said(act: Act, lane: Lane) -> str:
    if act is Act.SUBMIT and lane is not Lane.IN_REVIEW:
        return _("Disetujui langsung, karena alurnya tanpa persetujuan.")
    return {
        Act.SUBMIT: _("Sudah diajukan. Penyetuju diberi tahu sekarang."),
        Act.RECALL: _("Pengajuan ditarik kembali. Naskah dapat disunting lagi."),
        Act.SEND_BACK: _("Dikembalikan. Alasan Anda sudah diteruskan kepada penulis."),
        Act.HOLD: _("Naskah ditunda."),
        Act.RESUME: _("Naskah dilanjutkan sebagai draf."),
    }[act]
