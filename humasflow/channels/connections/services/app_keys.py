"""The office's own registrations with platforms: kept sealed, replaced, never shown again."""

from flask_babel import gettext as _
from sqlalchemy import delete

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels.connections import queries
from humasflow.channels.connections.enums import AppProvider
from humasflow.channels.connections.models import AppKey, Authorization
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import UserError
from humasflow.core.permissions import Permission
from humasflow.core.secrets import encrypt
from humasflow.core.versions import expect_version


def save_app_key(
    office_id: int, provider: AppProvider, *, actor: Principal, client_id: str, client_secret: str,
    row_version: int | None = None,
) -> AppKey:  # fmt: skip
    """Keep the office's app keys with a provider. An empty secret leaves the one that is kept. Flushes.

    Raises NotAllowed, Conflict, UserError.
    """
    require(actor, Permission.CHANNEL_MANAGE, office_id)
    found, now = queries.find_app_key(office_id, provider), clock.now()
    if found is None:
        if not client_secret:
            raise UserError(_("Tulis kunci rahasianya."))
        found = AppKey(office_id=office_id, provider=provider, instance="", created_at=now)
        db.session.add(found)
    else:
        lock(found)
        expect_version(found, row_version)
        if found.client_id != client_id and not client_secret:
            raise UserError(_("Nomor aplikasinya berganti, jadi tulis kunci rahasianya juga."))
    found.client_id, found.updated_at = client_id, now
    if client_secret:
        found.client_secret = encrypt(client_secret)
    db.session.flush()
    audit.record(
        AuditAction.CHANNEL_APP_KEYS_SAVED, ("app_key", found.id), office_id=office_id, actor=actor,
        label=provider.label, client_id=client_id,
    )  # fmt: skip
    return found


def remove_app_key(key: AppKey, *, actor: Principal) -> None:
    """Forget app keys that no account is connected with. Flushes. Raises NotAllowed, UserError."""
    require(actor, Permission.CHANNEL_MANAGE, key.office_id)
    lock(key)
    using = queries.accounts_using([key.id]).get(key.id, [])
    if using:
        raise UserError(
            _(
                "Kunci ini masih dipakai %(accounts)s. Putuskan dahulu sambungannya.",
                accounts=", ".join(using),
            )
        )
    db.session.execute(delete(Authorization).where(Authorization.app_key_id == key.id))
    audit.record(
        AuditAction.CHANNEL_APP_KEYS_REMOVED, ("app_key", key.id), office_id=key.office_id, actor=actor,
        label=key.provider.label, instance=key.instance,
    )  # fmt: skip
    db.session.delete(key)
    db.session.flush()
