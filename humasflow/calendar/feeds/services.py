"""Subscribing and ending it. The secret is known to its owner's page and to the calendar program, in no log."""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.calendar.enums import FeedKind
from humasflow.calendar.feeds import queries
from humasflow.calendar.feeds.writing import Edition, compose
from humasflow.calendar.models import CalendarFeed, FeedEntry
from humasflow.channels.queries import get_account
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import NotFound, UserError
from humasflow.core.permissions import Permission
from humasflow.core.secrets import decrypt, encrypt, hash_token, new_token
from humasflow.orgs.models import Unit

MOST_FEEDS = 20
READ_NOTED_EVERY = timedelta(hours=1)


def create_feed(
    office_id: int, *, actor: Principal, kind: FeedKind, account_id: int | None = None
) -> CalendarFeed:
    """A secret address for the actor's own, an account's or the office's plan. Needs ``calendar:read``. Flushes.

    Raises NotAllowed, NotFound, UserError.
    """
    require(actor, Permission.CALENDAR_READ, office_id)
    label = kind.value
    if kind is FeedKind.CHANNEL:
        if account_id is None:
            raise UserError(_("Pilih kanalnya."))
        label = get_account(office_id, account_id).name
    if len(queries.list_feeds(actor.id, office_id)) >= MOST_FEEDS:
        raise UserError(_("Sudah ada %(most)s langganan. Cabut yang tidak dipakai lagi.", most=MOST_FEEDS))
    token = new_token()
    feed = CalendarFeed(
        office_id=office_id, owner_id=actor.id, kind=kind, account_id=account_id if kind is FeedKind.CHANNEL else None,
        token_hash=hash_token(token), secret=encrypt(token), created_at=clock.now(),
    )  # fmt: skip
    db.session.add(feed)
    db.session.flush()
    audit.record(
        AuditAction.CALENDAR_FEED_CREATED, ("calendar_feed", feed.id), office_id=office_id, actor=actor, label=label
    )  # fmt: skip
    return feed


def rotate_feed(feed: CalendarFeed, *, actor: Principal) -> None:
    """Another address for the same subscription; the one before is good no longer. Flushes. Raises NotFound."""
    _own(feed, actor)
    token = new_token()
    feed.token_hash, feed.secret, feed.read_at = hash_token(token), encrypt(token), None
    db.session.flush()
    audit.record(
        AuditAction.CALENDAR_FEED_ROTATED, ("calendar_feed", feed.id), office_id=feed.office_id, actor=actor,
        label=feed.kind.value,
    )  # fmt: skip


def revoke_feed(feed: CalendarFeed, *, actor: Principal) -> None:
    """The address is good no longer, and what was told under it is forgotten. Flushes. Raises NotFound."""
    _own(feed, actor)
    feed.revoked_at, feed.secret = clock.now(), ""
    db.session.execute(delete(FeedEntry).where(FeedEntry.feed_id == feed.id))
    db.session.flush()
    audit.record(
        AuditAction.CALENDAR_FEED_REVOKED, ("calendar_feed", feed.id), office_id=feed.office_id, actor=actor,
        label=feed.kind.value,
    )  # fmt: skip


def _own(feed: CalendarFeed, actor: Principal) -> None:
    lock(feed)
    if feed.owner_id != actor.id or feed.revoked_at is not None:
        raise NotFound


def secret_of(feed: CalendarFeed) -> str | None:
    """The secret, for its owner's page; None when no configured key opens it any more."""
    try:
        return decrypt(feed.secret)
    except ValueError:
        return None


def is_reading_due(feed: CalendarFeed) -> bool:
    """Whether the time of the last reading is old enough to be written anew."""
    return feed.read_at is None or feed.read_at <= clock.now() - READ_NOTED_EVERY


def publish(feed: CalendarFeed, office: Unit) -> Edition:
    """Compose what the feed says now and remember that it was said, one reader at a time. Flushes."""
    lock(feed)
    edition = compose(feed, office)
    edition.note()
    if is_reading_due(feed):
        feed.read_at = clock.now()
    db.session.flush()
    return edition
