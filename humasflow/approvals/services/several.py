"""Several packages agreed to in one act, each by itself: one that cannot be is no obstacle to the others."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.approvals import policy, queries
from humasflow.approvals.models import Package
from humasflow.approvals.services.deciding import approve
from humasflow.approvals.services.locking import lock_story
from humasflow.core.db import db
from humasflow.core.errors import UserError

MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Choice:
    """A package as it was shown: its step and the digest of its content."""

    package_id: int
    step: int
    digest: str


@dataclass(frozen=True)
class Outcome:
    """One result line. ``message`` says what happened, or why nothing did."""

    package_id: int
    title: str
    done: bool
    message: str


def approve_several(choices: Sequence[Choice], *, actor: Principal) -> list[Outcome]:
    """Agree to each chosen package whose chain allows it. Each stands or falls by itself. Raises UserError when nothing
    or too much was chosen. Flushes.
    """
    if not choices:
        raise UserError(_("Pilih sedikitnya satu paket."))
    if len(choices) > MOST_AT_ONCE:
        raise UserError(_("Paling banyak %(n)s paket sekaligus.", n=MOST_AT_ONCE))
    found = {choice: _find(choice, actor) for choice in choices}
    # Every story before the first decision: the record is held from there to the end, and whoever holds one of the
    # stories meanwhile waits for the record. In one order, for two who choose the same.
    for story_id in sorted({p.story_id for p in found.values() if isinstance(p, Package)}):
        lock_story(story_id)
    return [p if isinstance(p, Outcome) else _approve(choice, p, actor) for choice, p in found.items()]


def _find(choice: Choice, actor: Principal) -> Package | Outcome:
    try:
        return queries.get_package(actor, choice.package_id)
    except UserError as error:
        return Outcome(choice.package_id, "", False, error.message or _("Paket ini tidak ada."))


def _approve(choice: Choice, package: Package, actor: Principal) -> Outcome:
    title = package.story.title
    if not package.allows_bulk:
        message = _("Alur jenis konten ini meminta setiap paket dibuka dan diputuskan sendiri-sendiri.")
        return Outcome(package.id, title, False, message)
    try:
        with db.session.begin_nested():
            approve(package, actor=actor, digest=choice.digest, step=choice.step)
    except UserError as error:
        db.session.expire_all()
        return Outcome(choice.package_id, title, False, error.message)
    waits = policy.current_step(package) is not None
    message = _("Disetujui; masih menunggu pihak lain.") if waits else _("Disetujui.")
    return Outcome(package.id, title, True, message)
