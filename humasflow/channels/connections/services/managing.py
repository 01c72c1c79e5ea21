"""Pausing, resuming and disconnecting an account."""

from sqlalchemy import delete

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels.connections import queries
from humasflow.channels.connections.events import AccountPaused, AccountResumed, Disconnected
from humasflow.channels.connections.models import Authorization
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.events import emit
from humasflow.core.permissions import Permission


def pause_account(account: ChannelAccount, *, actor: Principal, reason: str) -> None:
    """Nothing goes out on the account until it is resumed; what comes due waits. Twice is once. Flushes.

    Raises NotAllowed.
    """
    require(actor, Permission.CHANNEL_MANAGE, account.office_id)
    lock(account)
    if account.paused_at is not None:
        return
    account.paused_at, account.paused_by, account.pause_reason = clock.now(), actor.id, reason[:300]
    db.session.flush()
    audit.record(
        AuditAction.CHANNEL_ACCOUNT_PAUSED, ("channel_account", account.id), office_id=account.office_id, actor=actor,
        name=account.name, reason=reason,
    )  # fmt: skip
    emit(AccountPaused(account.id, actor.id))


def resume_account(account: ChannelAccount, *, actor: Principal) -> None:
    """What waited may go out. Twice is once. Flushes. Raises NotAllowed."""
    require(actor, Permission.CHANNEL_MANAGE, account.office_id)
    lock(account)
    if account.paused_at is None:
        return
    account.paused_at, account.paused_by, account.pause_reason = None, None, ""
    db.session.flush()
    audit.record(
        AuditAction.CHANNEL_ACCOUNT_RESUMED, ("channel_account", account.id), office_id=account.office_id, actor=actor,
        name=account.name,
    )  # fmt: skip
    emit(AccountResumed(account.id, actor.id))


def disconnect(account: ChannelAccount, *, actor: Principal) -> None:
    """Forget everything that lets us in; from now on people post by hand. What is live stays live. Twice is once.
    Flushes. Raises NotAllowed.
    """
    require(actor, Permission.CHANNEL_MANAGE, account.office_id)
    lock(account)
    found = queries.lock_connection_of(account.id)
    if found is None:
        return
    adapter, handle = found.adapter, found.handle
    db.session.delete(found)
    db.session.execute(delete(Authorization).where(Authorization.account_id == account.id))
    account.adapter = "manual"
    db.session.flush()
    audit.record(
        AuditAction.CHANNEL_DISCONNECTED, ("channel_account", account.id), office_id=account.office_id, actor=actor,
        name=account.name, adapter=adapter, handle=handle,
    )  # fmt: skip
    emit(Disconnected(account.id, actor.id))
