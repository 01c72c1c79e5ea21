"""One action on many stories: one line for each, what was done or why not. A refusal leaves its own story alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from humasflow.accounts import queries as accounts
from humasflow.accounts.policy import Principal
from humasflow.approvals import policy as approval_policy
from humasflow.approvals import queries as approvals
from humasflow.approvals import services as approval_services
from humasflow.approvals.models import Package
from humasflow.core.db import db
from humasflow.core.errors import NotFound, Reason, Refused, UserError
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.pages.desk.reading import not_together, nothing_waits
from humasflow.stories import queries as stories
from humasflow.stories import services as story_services
from humasflow.stories.enums import BulkAction, StoryMove, StoryState
from humasflow.stories.models import Story
from humasflow.stories.services import bulk as small_changes
from humasflow.stories.services.desk_views import keep_run

MAX_STORIES = 200
MAX_READ = 25  # of what is decided: all of it stands on one page, to be read
DECIDING = frozenset({BulkAction.SEND_BACK, BulkAction.APPROVE})


@dataclass(frozen=True)
class Shown:
    """What the person had before their eyes of a package: which step, under which digest."""

    digest: str
    step: int | None


@dataclass(frozen=True)
class BulkWish:
    """What is to be done, with what was chosen for all of them."""

    action: BulkAction
    story_ids: Sequence[int]
    owner_id: int | None = None
    pillar_id: int | None = None
    due_at: datetime | None = None
    reason: str = ""
    shown: Mapping[int, Shown] = field(default_factory=dict)  # by story


def run(wish: BulkWish, office: Unit, *, actor: Principal) -> int:
    """Do it, one story after the other, each in a savepoint. Flushes. Returns the id of the kept answer.

    All stories are locked before the first is changed: the first change takes the end of the office's record, and who
    holds a later story waits for that end.
    """
    refuse_too_many(wish.action, len(wish.story_ids))
    small_changes.lock_stories(stories.rows_of(actor, office.id, wish.story_ids))
    act = _ACTS[wish.action]
    answers = {story_id: _one(act, story_id, wish, office, actor) for story_id in sorted(set(wish.story_ids))}
    lines = [answers[story_id] for story_id in dict.fromkeys(wish.story_ids)]
    return keep_run(actor=actor, office_id=office.id, action=wish.action, lines=lines).id


_NEEDED = {
    BulkAction.ASSIGN: Permission.STORY_WRITE,
    BulkAction.DUE: Permission.STORY_WRITE,
    BulkAction.PILLAR: Permission.STORY_WRITE,
    BulkAction.PARK: Permission.STORY_WRITE,
    BulkAction.SEND_BACK: Permission.STORY_APPROVE,
    BulkAction.APPROVE: Permission.STORY_APPROVE,
}


def actions_of(actor: Principal) -> list[BulkAction]:
    """What this person is offered for several at once; each story is asked about again."""
    return [action for action in BulkAction if actor.can(_NEEDED[action])]


def refuse_too_many(action: BulkAction, count: int) -> None:
    """Raise UserError with the limit in words."""
    limit = MAX_READ if action in DECIDING else MAX_STORIES
    if count > limit:
        raise UserError(
            _(
                "Paling banyak %(limit)s naskah sekali jalan; sekarang %(n)s. Kerjakan sebagian dahulu.",
                limit=limit, n=count,
            )
        )  # fmt: skip


Act = Callable[[Story, BulkWish, Principal], str]


def _one(act: Act, story_id: int, wish: BulkWish, office: Unit, actor: Principal) -> dict[str, Any]:
    try:
        with db.session.begin_nested():
            story = _story_of(office, story_id, actor)
            said = act(story, wish, actor)
            db.session.flush()
    except NotFound:
        return {"story_id": story_id, "done": False, "said": _("Naskah ini tidak ditemukan di kantor ini.")}
    except Refused as refused:
        return {"story_id": story_id, "done": False, "said": " ".join(str(r) for r in refused.reasons)}
    except UserError as error:
        return {"story_id": story_id, "done": False, "said": error.message}
    return {"story_id": story_id, "done": True, "said": said}


def _story_of(office: Unit, story_id: int, actor: Principal) -> Story:
    story = stories.get_story(actor, story_id)
    if story.office_id != office.id:
        raise NotFound
    return story


def _assign(story: Story, wish: BulkWish, actor: Principal) -> str:
    if wish.owner_id is None:
        raise UserError(_("Pilih orang yang akan memegang naskah."))
    known = story.owner_id == wish.owner_id
    story_services.assign_story(story, actor=actor, owner_id=wish.owner_id)
    name = accounts.names_of([wish.owner_id])[wish.owner_id]
    return _("Sudah dipegang %(name)s.", name=name) if known else _("Kini dipegang %(name)s.", name=name)


def _due(story: Story, wish: BulkWish, actor: Principal) -> str:
    changed = small_changes.set_due(story, actor=actor, due_at=wish.due_at)
    if not changed:
        return _("Tenggatnya memang begitu.")
    return (
        _("Tenggat dilepas.")
        if wish.due_at is None
        else ngettext("Tenggat diatur untuk %(num)s tugas.", "Tenggat diatur untuk %(num)s tugas.", changed)
    )


def _pillar(story: Story, wish: BulkWish, actor: Principal) -> str:
    changed = small_changes.set_pillar(story, actor=actor, pillar_id=wish.pillar_id)
    return _("Pilar diubah.") if changed else _("Pilarnya memang itu.")


def _park(story: Story, wish: BulkWish, actor: Principal) -> str:
    if story.state is StoryState.ON_HOLD:
        return _("Sudah ditunda.")
    story_services.move_story(story, StoryMove.HOLD, actor=actor, reason=wish.reason)
    return _("Ditunda.")


def _send_back(story: Story, wish: BulkWish, actor: Principal) -> str:
    package, shown = _waiting(story, wish, actor)
    approval_services.send_back(
        package, actor=actor, digest=shown.digest, step=shown.step, reason=wish.reason
    )
    return _("Dikembalikan dengan alasan Anda.")


def _approve(story: Story, wish: BulkWish, actor: Principal) -> str:
    package, shown = _waiting(story, wish, actor)
    if not package.allows_bulk:
        raise Refused([not_together()])
    approval_services.approve(package, actor=actor, digest=shown.digest, step=shown.step)
    return _("Disetujui.") if approval_policy.current_step(package) is None else _("Langkah Anda disetujui.")


def _waiting(story: Story, wish: BulkWish, actor: Principal) -> tuple[Package, Shown]:
    package_id = approval_policy.pending_package_id(story.id)
    if package_id is None:
        raise Refused([nothing_waits()])
    package = approvals.get_package(actor, package_id)
    shown = wish.shown.get(story.id)
    if shown is None:
        reasons = approval_policy.reasons_not_to_decide(actor, package)
        unseen = Reason("not_shown", _("Isinya belum ditampilkan kepada Anda. Pilih lagi dari meja."))
        raise Refused(reasons or [unseen])
    return package, shown


_ACTS: dict[BulkAction, Act] = {
    BulkAction.ASSIGN: _assign,
    BulkAction.DUE: _due,
    BulkAction.PILLAR: _pillar,
    BulkAction.PARK: _park,
    BulkAction.SEND_BACK: _send_back,
    BulkAction.APPROVE: _approve,
}
