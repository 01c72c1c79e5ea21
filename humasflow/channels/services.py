"""Kinds and accounts: seeded, added, changed; switched off rather than deleted."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm.attributes import flag_modified

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels import queries
from humasflow.channels.adapters.base import Limits
from humasflow.channels.models import ChannelAccount, ChannelKind, PostingSlot
from humasflow.channels.presets.loader import PresetError, platforms, with_overrides
from humasflow.channels.slots import Slot, show_slots
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.versions import expect_version


class DuplicateName(UserError):
    """There is one of that name already."""


def seed_kinds(office_id: int) -> None:
    """Give a new office the bundled kinds of channel with their dated limits."""
    for position, platform in enumerate(platforms().values()):
        facts = platform.facts
        db.session.add(
            ChannelKind(
                office_id=office_id,
                code=platform.key,
                label=platform.label,
                icon=platform.icon,
                adapter=platform.adapter,
                counter=platform.limits.counter.value,
                hosts=list(platform.hosts),
                limits={},
                limits_as_of=max((f.as_of for f in facts), default=""),
                limits_source="; ".join(sorted({f.source for f in facts}))[:200],
                is_active=True,
                position=position,
            )
        )
    db.session.flush()


def _check_limits(limits: Mapping[str, Any]) -> dict[str, Any]:
    try:
        with_overrides(Limits(), limits)
    except PresetError as error:
        raise UserError(_("Batas harus berupa bilangan bulat mulai dari 0.")) from error
    return dict(limits)


def change_kind_limits(
    kind: ChannelKind,
    *,
    actor: audit.Actor,
    limits: Mapping[str, Any],
    as_of: str,
    source: str,
    row_version: int | None,
) -> None:
    """Set the office's own limits for a kind, with where they were read."""
    expect_version(kind, row_version)
    before = dict(kind.limits)
    kind.limits, kind.limits_as_of, kind.limits_source = _check_limits(limits), as_of, source
    db.session.flush()
    audit.record(
        AuditAction.CHANNEL_KIND_CHANGED,
        ("channel_kind", kind.id),
        office_id=kind.office_id,
        actor=actor,
        before=before,
        after=dict(limits),
    )


def create_account(
    office_id: int,
    *,
    actor: audit.Actor | None,
    kind: ChannelKind,
    name: str,
    handle: str = "",
    url: str = "",
    assignee_id: int | None = None,
    follows_story_approval: bool = False,
    grace_minutes: int = 360,
    limits: Mapping[str, Any] | None = None,
) -> ChannelAccount:
    """Add an outlet. Its way of publishing comes from the kind: by the product itself, or by hand."""
    known = queries.list_accounts(office_id, with_inactive=True)
    if any(a.name.casefold() == name.casefold() for a in known):
        raise DuplicateName(_("Akun kanal “%(name)s” sudah ada.", name=name))
    last = db.session.scalar(
        select(func.max(ChannelAccount.position)).where(ChannelAccount.office_id == office_id)
    )
    account = ChannelAccount(
        office_id=office_id,
        kind_id=kind.id,
        name=name,
        handle=handle,
        url=url,
        adapter=kind.adapter,
        limits=_check_limits(limits or {}),
        assignee_id=assignee_id,
        follows_story_approval=follows_story_approval,
        grace_minutes=grace_minutes,
        is_active=True,
        position=(last or 0) + 1,
        created_at=clock.now(),
    )
    account.kind = kind
    db.session.add(account)
    db.session.flush()
    audit.record(
        AuditAction.CHANNEL_ACCOUNT_CREATED,
        ("channel_account", account.id),
        office_id=office_id,
        actor=actor,
        name=name,
    )
    return account


def change_account(  # noqa: PLR0913 (one for each setting of an account)
    account: ChannelAccount,
    *,
    actor: audit.Actor,
    name: str,
    handle: str,
    url: str,
    assignee_id: int | None,
    follows_story_approval: bool,
    grace_minutes: int,
    is_active: bool,
    limits: Mapping[str, Any],
    row_version: int | None,
) -> None:
    """Change an outlet, or switch it off."""
    expect_version(account, row_version)
    others = queries.list_accounts(account.office_id, with_inactive=True)
    if any(a.name.casefold() == name.casefold() and a.id != account.id for a in others):
        raise DuplicateName(_("Akun kanal “%(name)s” sudah ada.", name=name))
    account.name, account.handle, account.url, account.assignee_id = name, handle, url, assignee_id
    account.follows_story_approval, account.grace_minutes = follows_story_approval, grace_minutes
    account.is_active, account.limits = is_active, _check_limits(limits)
    db.session.flush()
    audit.record(
        AuditAction.CHANNEL_ACCOUNT_CHANGED,
        ("channel_account", account.id),
        office_id=account.office_id,
        actor=actor,
        name=name,
        is_active=is_active,
    )


def set_slots(
    account: ChannelAccount,
    *,
    actor: audit.Actor | None,
    slots: Iterable[Slot],
    min_gap_minutes: int,
    weekly_quota: int | None,
    row_version: int | None = None,
) -> None:
    """When an outlet likes to post: its times of the week, the least distance between two posts in minutes, and how
    many a week (None: what the quarter's targets ask for). Raises Conflict when somebody saved meanwhile.
    """
    expect_version(account, row_version)
    before = _rhythm(account, queries.slots_of([account.id]).get(account.id, []))
    wanted = sorted(set(slots))
    account.min_gap_minutes, account.weekly_quota = min_gap_minutes, weekly_quota
    after = _rhythm(account, wanted)
    if before == after:
        return
    flag_modified(account, "position")  # slots are rows of their own; the version rises with them
    db.session.flush()  # first of all the version: of two who save at once, the second is refused here
    db.session.execute(delete(PostingSlot).where(PostingSlot.account_id == account.id))
    db.session.add_all(
        PostingSlot(account_id=account.id, weekday=weekday, clock=clock_time)
        for weekday, clock_time in wanted
    )
    db.session.flush()
    audit.record(
        AuditAction.CHANNEL_SLOTS_CHANGED,
        ("channel_account", account.id),
        office_id=account.office_id,
        actor=actor,
        before=before,
        after=after,
    )


def _rhythm(account: ChannelAccount, slots: Iterable[Slot]) -> dict[str, Any]:
    return {
        "slots": show_slots(slots),
        "min_gap_minutes": account.min_gap_minutes,
        "weekly_quota": account.weekly_quota,
    }
