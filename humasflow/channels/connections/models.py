"""Connections, app keys and authorizations under way. Every secret is encrypted."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.channels.connections.enums import AppProvider, ConnectionState
from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime, Versioned
from humasflow.core.secrets import SEALED


class AppKey(Versioned, Base):
    """Kunci aplikasi: the office's own registration with a platform. ``instance``: of which server (Mastodon)."""

    __tablename__ = "app_key"
    __table_args__ = (UniqueConstraint("office_id", "provider", "instance"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    provider: Mapped[AppProvider] = mapped_column(EnumText(AppProvider))
    instance: Mapped[str] = mapped_column(String(300), default="")
    client_id: Mapped[str] = mapped_column(String(300))
    client_secret: Mapped[str] = mapped_column(Text, info=SEALED)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Connection(Versioned, Base):
    """Sambungan of one account. ``secrets``: JSON of names and values, encrypted as a whole; ``settings``: what is not
    secret (ids, the instance's own limits). Instants in UTC; None where nobody knows.

    ``lease_token`` and ``lease_until``: who is refreshing the tokens just now, so that two never do.
    """

    __tablename__ = "channel_connection"
    __table_args__ = (UniqueConstraint("account_id"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    adapter: Mapped[str] = mapped_column(String(20))
    state: Mapped[ConnectionState] = mapped_column(EnumText(ConnectionState), index=True)
    secrets: Mapped[str] = mapped_column(Text, default="", info=SEALED)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    app_key_id: Mapped[int | None] = mapped_column(ForeignKey("app_key.id"))
    external_id: Mapped[str] = mapped_column(String(200), default="")  # the Page, channel or profile there
    name: Mapped[str] = mapped_column(String(200), default="")  # as the channel shows it
    handle: Mapped[str] = mapped_column(String(200), default="")
    scopes: Mapped[str] = mapped_column(String(1000), default="")
    warnings: Mapped[list[str]] = mapped_column(JSON, default=list)
    connected_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    connected_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # of the token in use
    refresh_expires_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime
    )  # then a person must sign in again
    refreshed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    warned_days: Mapped[int | None] = mapped_column(
        Integer
    )  # the last warning told of so many days: 14, 7, 1
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    succeeded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error_code: Mapped[str] = mapped_column(String(40), default="")  # of an AdapterError; empty: all is well
    error_detail: Mapped[str] = mapped_column(Text, default="")  # for the record; holds no secret
    quota_used: Mapped[int | None] = mapped_column(Integer)
    quota_total: Mapped[int | None] = mapped_column(Integer)
    quota_resets_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lease_token: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Authorization(Base):
    """One way through a platform's sign-in page: begun by a person for an account, used once, soon over.

    ``state_hash`` is the hash of what travels in the address; ``verifier`` the PKCE code verifier; ``outlets`` what
    the grant opened, kept until the person has chosen (both encrypted).
    """

    __tablename__ = "channel_authorization"
    __table_args__ = (UniqueConstraint("state_hash"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    app_key_id: Mapped[int] = mapped_column(ForeignKey("app_key.id"))
    state_hash: Mapped[str] = mapped_column(String(64))
    verifier: Mapped[str] = mapped_column(Text, default="", info=SEALED)
    outlets: Mapped[str] = mapped_column(Text, default="", info=SEALED)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
