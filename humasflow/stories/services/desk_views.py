"""Saving, sharing, renaming and removing views of the desk and of the calendar; keeping the answer of a bulk action."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import NotAllowed, UserError
from humasflow.core.permissions import Permission
from humasflow.core.versions import expect_version
from humasflow.stories.enums import BulkAction, ViewPlace
from humasflow.stories.models import BulkRun, DeskDefault, DeskView
from humasflow.stories.queries.desk_views import get_default

MAX_VIEWS = 30  # a person's own, in one office, of one page
MAX_NAME = 60
MAX_QUERY = 1000
RUNS_KEPT = 20  # answers of bulk actions, for each person
# Who may keep a view of a page: whoever reads it.
_READING = {ViewPlace.DESK: Permission.STORY_READ, ViewPlace.CALENDAR: Permission.CALENDAR_READ}


class ViewRefused(UserError):
    """A view that cannot be saved like this; said beside the field."""


def save_view(
    *, actor: Principal, office_id: int, name: str, query: str, is_shared: bool, is_default: bool = False,
    place: ViewPlace = ViewPlace.DESK,
) -> DeskView:  # fmt: skip
    """Keep the desk or the calendar as it stands, under a name. Sharing it needs ``story:write``."""
    require(actor, _READING[place], office_id)
    _check_sharing(actor, office_id, is_shared)
    name = _checked_name(name)
    if len(query) > MAX_QUERY:
        raise ViewRefused(_("Saringannya terlalu panjang untuk disimpan. Kurangi kata yang dicari."))
    _lock_person(actor.id)
    _refuse_too_many(actor.id, office_id, place)
    _refuse_same_name(actor.id, office_id, place, name)
    now = clock.now()
    view = DeskView(
        office_id=office_id, owner_id=actor.id, place=place, name=name, query=query, is_shared=is_shared,
        created_at=now, updated_at=now, removed_at=None,
    )  # fmt: skip
    db.session.add(view)
    db.session.flush()
    _record(AuditAction.DESK_VIEW_SAVED, view, actor)
    if is_default:
        set_default(view, actor=actor, wanted=True)
    return view


def change_view(
    view: DeskView, *, actor: Principal, name: str, is_shared: bool, row_version: int | None = None
) -> None:
    """Rename, share or keep to oneself. Only its owner does."""
    _lock_person(actor.id)
    lock(view)
    _check_owner(actor, view)
    expect_version(view, row_version)
    if is_shared and not view.is_shared:
        _check_sharing(actor, view.office_id, is_shared)
    name = _checked_name(name)
    if (view.name, view.is_shared) == (name, is_shared):
        return
    _refuse_same_name(actor.id, view.office_id, view.place, name, but=view.id)
    if view.is_shared and not is_shared:
        _forget_defaults(view, but=actor.id)
    view.name, view.is_shared, view.updated_at = name, is_shared, clock.now()
    db.session.flush()
    _record(AuditAction.DESK_VIEW_CHANGED, view, actor)


def remove_view(view: DeskView, *, actor: Principal) -> None:
    """Take it away; :func:`restore_view` brings it back. Removing it twice is removing it once."""
    lock(view)
    _check_owner(actor, view)
    if view.removed_at is not None:
        return
    view.removed_at = clock.now()
    db.session.flush()
    _record(AuditAction.DESK_VIEW_REMOVED, view, actor)


def restore_view(view: DeskView, *, actor: Principal) -> None:
    """Bring a removed view back, with whoever began with it."""
    _lock_person(actor.id)
    lock(view)
    _check_owner(actor, view)
    if view.removed_at is None:
        return
    _refuse_too_many(actor.id, view.office_id, view.place)
    _refuse_same_name(actor.id, view.office_id, view.place, view.name, but=view.id)
    view.removed_at = None
    db.session.flush()
    _record(AuditAction.DESK_VIEW_SAVED, view, actor)


def set_default(view: DeskView, *, actor: Principal, wanted: bool) -> None:
    """Open its page with this view from now on, or with nothing in particular again. A taste, so nothing to record."""
    _lock_person(actor.id)
    kept = get_default(actor.id, view.office_id, view.place)
    if not wanted:
        if kept is not None and kept.view_id == view.id:
            db.session.delete(kept)
    elif kept is not None:
        kept.view_id = view.id
    else:
        db.session.add(
            DeskDefault(user_id=actor.id, office_id=view.office_id, place=view.place, view_id=view.id)
        )
    db.session.flush()


def keep_run(
    *, actor: Principal, office_id: int, action: BulkAction, lines: Sequence[dict[str, Any]]
) -> BulkRun:
    """Keep the answer of a bulk action, and let go of the person's oldest ones."""
    run = BulkRun(
        office_id=office_id, actor_id=actor.id, action=action, created_at=clock.now(), lines=list(lines)
    )
    db.session.add(run)
    db.session.flush()
    newest = (
        select(BulkRun.id)
        .where(BulkRun.actor_id == actor.id)
        .order_by(BulkRun.id.desc())
        .limit(RUNS_KEPT)
        .subquery()
    )
    db.session.execute(
        delete(BulkRun)
        .where(BulkRun.actor_id == actor.id, BulkRun.id.not_in(select(newest.c.id)))
        .execution_options(synchronize_session=False)
    )
    return run


def _lock_person(user_id: int) -> None:
    """What one person keeps is written one after the other, also by a double click: counted, named and begun with once.

    PostgreSQL: a lock that leaves the person's row readable and referable for everybody else.
    """
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))


def _refuse_too_many(owner_id: int, office_id: int, place: ViewPlace) -> None:
    mine = select(func.count()).where(
        DeskView.owner_id == owner_id, DeskView.office_id == office_id, DeskView.place == place,
        DeskView.removed_at.is_(None),
    )  # fmt: skip
    if (db.session.scalar(mine) or 0) >= MAX_VIEWS:
        raise ViewRefused(
            _("Sudah ada %(n)s tampilan tersimpan. Hapus yang tidak dipakai dahulu.", n=MAX_VIEWS)
        )


def _checked_name(name: str) -> str:
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise ViewRefused(_("Beri nama, misalnya “Tenggat pekan ini”."))
    if len(name) > MAX_NAME:
        raise ViewRefused(
            _("Paling panjang %(limit)s karakter; sekarang %(size)s.", limit=MAX_NAME, size=len(name))
        )
    return name


def _refuse_same_name(
    owner_id: int, office_id: int, place: ViewPlace, name: str, *, but: int | None = None
) -> None:
    same = select(DeskView.id).where(
        DeskView.owner_id == owner_id, DeskView.office_id == office_id, DeskView.place == place,
        DeskView.removed_at.is_(None), DeskView.name == name, DeskView.id != (but or 0),
    )  # fmt: skip
    if db.session.scalar(same.limit(1)) is not None:
        raise ViewRefused(_("Anda sudah punya tampilan bernama “%(name)s”.", name=name))


def _check_owner(actor: Principal, view: DeskView) -> None:
    require(actor, _READING[view.place], view.office_id)
    if view.owner_id != actor.id:
        raise NotAllowed(_("Tampilan bersama ini diatur oleh yang membuatnya."))


def _check_sharing(actor: Principal, office_id: int, is_shared: bool) -> None:
    if is_shared and not actor.can(Permission.STORY_WRITE, office_id):
        raise NotAllowed(
            _("Tampilan dibagikan kepada kantor oleh redaktur. Simpan untuk Anda sendiri dahulu.")
        )


def _forget_defaults(view: DeskView, *, but: int) -> None:
    """Nobody else begins with a view they no longer see."""
    db.session.execute(
        delete(DeskDefault)
        .where(DeskDefault.view_id == view.id, DeskDefault.user_id != but)
        .execution_options(synchronize_session=False)
    )


def _record(action: AuditAction, view: DeskView, actor: Principal) -> None:
    audit.record(
        action, ("desk_view", view.id), office_id=view.office_id, actor=actor, label=view.name,
        query=view.query, shared=view.is_shared,
    )  # fmt: skip
