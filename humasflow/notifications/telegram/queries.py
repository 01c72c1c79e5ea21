"""Reading bots and chats."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, func, or_, select

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.notifications.telegram.models import TelegramBot, TelegramChat, TelegramInvite

HEAR_EVERY = timedelta(minutes=10)  # while nobody is about to link: for who stops or blocks


def get_bot(office_id: int) -> TelegramBot | None:
    """The office's bot."""
    return db.session.get(TelegramBot, office_id)


def get_chat(office_id: int, user_id: int) -> TelegramChat | None:
    """A person's chat with the office's bot."""
    return db.session.scalar(
        select(TelegramChat).where(TelegramChat.office_id == office_id, TelegramChat.user_id == user_id)
    )


def reachable(office_id: int) -> Select[int]:
    """Whom the office's bot can write to."""
    return (
        select(TelegramChat.user_id)
        .join(TelegramBot, TelegramBot.office_id == TelegramChat.office_id)
        .where(
            TelegramChat.office_id == office_id, TelegramChat.blocked_at.is_(None), TelegramBot.username != ""
        )
    )  # fmt: skip


def count_linked(office_id: int) -> int:
    """How many people the bot can write to."""
    statement = select(func.count()).where(
        TelegramChat.office_id == office_id, TelegramChat.blocked_at.is_(None)
    )
    return db.session.scalar(statement) or 0


def list_to_hear() -> Sequence[int]:
    """Offices whose bot is to be listened to now: somebody is about to link, or nobody has listened for a while."""
    now = clock.now()
    awaited = (
        select(TelegramInvite.id)
        .where(
            TelegramInvite.office_id == TelegramBot.office_id,
            TelegramInvite.used_at.is_(None),
            TelegramInvite.expires_at > now,
        )
        .exists()
    )
    due = or_(TelegramBot.heard_at.is_(None), TelegramBot.heard_at <= now - HEAR_EVERY)
    statement = select(TelegramBot.office_id).where(TelegramBot.username != "", or_(awaited, due))
    return db.session.scalars(statement.order_by(TelegramBot.office_id)).all()
