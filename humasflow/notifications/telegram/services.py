"""The office's bot, linking a chat with it, and what it is to say."""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from humasflow.accounts.policy import Principal, acting_office, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels.adapters.errors import AuthRevoked
from humasflow.channels.adapters.telegram_api import token_of
from humasflow.channels.adapters.variant import Account
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound, UserError
from humasflow.core.permissions import Permission
from humasflow.core.secrets import decrypt, encrypt, hash_token, new_token
from humasflow.notifications.telegram import queries
from humasflow.notifications.telegram.enums import MessageState
from humasflow.notifications.telegram.models import (
    TelegramBot,
    TelegramChat,
    TelegramInvite,
    TelegramMessage,
)
from humasflow.orgs.models import Unit
from humasflow.outbox import services as outbox

CHECK = "notifications.check_telegram_bot"
SAY = "notifications.say_in_telegram"
VALID = timedelta(minutes=15)
MOST = 4000  # characters; Telegram takes 4,096
KEPT = timedelta(days=90)


def account_of(bot: TelegramBot, token: str) -> Account:
    """The bot as the channel's API wants it."""
    return Account(bot.office_id, "telegram", settings={}, secrets={"token": token})


def save_bot(office: Unit, token: str, *, actor: Principal) -> TelegramBot:
    """Take the token that BotFather gave; a job asks Telegram about it. Chats with another bot are of no use: they go.
    Flushes. Raises UserError for what cannot be a token.
    """
    require(actor, Permission.OFFICE_MANAGE, office.id)
    given = token.strip()
    try:
        token_of(Account(office.id, "telegram", settings={}, secrets={"token": given}))
    except AuthRevoked as refused:
        raise UserError(
            _("Ini bukan token bot. Bentuknya seperti 123456789:AA… dan disalin utuh dari BotFather.")
        ) from refused
    bot = queries.get_bot(office.id)
    if bot is None:
        bot = TelegramBot(
            office_id=office.id, saved_at=clock.now(), token_encrypted="", username="", offset=0
        )
        db.session.add(bot)
    elif number_of(bot) != given.partition(":")[0]:
        _forget_chats(office.id)
    bot.token_encrypted, bot.saved_at, bot.fault = encrypt(given), clock.now(), None
    bot.username, bot.offset, bot.heard_at = "", 0, None
    db.session.flush()
    outbox.enqueue(
        CHECK, office.id, office_id=office.id, key=f"{CHECK}:{office.id}:{bot.saved_at.isoformat()}"
    )
    audit.record(AuditAction.TELEGRAM_BOT_SAVED, ("unit", office.id), office_id=office.id, actor=actor)
    return bot


def remove_bot(office: Unit, *, actor: Principal) -> None:
    """Forget the bot and everybody's chat with it. Flushes. Repeated, nothing happens."""
    require(actor, Permission.OFFICE_MANAGE, office.id)
    bot = queries.get_bot(office.id)
    if bot is None:
        return
    _forget_chats(office.id)
    db.session.delete(bot)
    db.session.flush()
    audit.record(AuditAction.TELEGRAM_BOT_REMOVED, ("unit", office.id), office_id=office.id, actor=actor)


def number_of(bot: TelegramBot) -> str:
    """Telegram's number of the bot, which its token begins with; empty when the token cannot be opened."""
    try:
        return decrypt(bot.token_encrypted).partition(":")[0]
    except ValueError:
        return ""


def _forget_chats(office_id: int) -> None:
    db.session.execute(delete(TelegramChat).where(TelegramChat.office_id == office_id))
    db.session.execute(delete(TelegramInvite).where(TelegramInvite.office_id == office_id))


def invite(person: Principal) -> str:
    """A code for the person to send to the bot, within a quarter of an hour, once. Earlier ones are void. Flushes.
    Raises NotFound where the office has no bot that works.
    """
    office = acting_office(person)
    bot = queries.get_bot(office.id)
    if bot is None or not bot.username:
        raise NotFound
    mine = (TelegramInvite.office_id == office.id, TelegramInvite.user_id == person.id)
    db.session.execute(delete(TelegramInvite).where(*mine))
    code = new_token(24)
    db.session.add(
        TelegramInvite(
            office_id=office.id, user_id=person.id, code_hash=hash_token(code), expires_at=clock.now() + VALID
        )
    )
    db.session.flush()
    return code


def link(office_id: int, code: str, chat_id: int) -> TelegramChat | None:
    """Whoever sent this code in this chat is its person; None for a code that is void. What the person or the chat was
    linked with before is replaced. Flushes.
    """
    found = db.session.scalar(
        select(TelegramInvite).where(
            TelegramInvite.office_id == office_id,
            TelegramInvite.code_hash == hash_token(code),
            TelegramInvite.used_at.is_(None),
            TelegramInvite.expires_at > clock.now(),
        )
    )
    if found is None:
        return None
    found.used_at = clock.now()
    before = (TelegramChat.chat_id == chat_id) | (TelegramChat.user_id == found.user_id)
    db.session.execute(delete(TelegramChat).where(TelegramChat.office_id == office_id, before))
    chat = TelegramChat(
        office_id=office_id, user_id=found.user_id, chat_id=chat_id, linked_at=clock.now(), blocked_at=None
    )
    db.session.add(chat)
    db.session.flush()
    audit.record(AuditAction.TELEGRAM_LINKED, ("user", chat.user_id), office_id=office_id, actor=None)
    return chat


def unlink(chat: TelegramChat, *, actor: Principal | None) -> None:
    """The bot writes there no more. Flushes."""
    audit.record(AuditAction.TELEGRAM_UNLINKED, ("user", chat.user_id), office_id=chat.office_id, actor=actor)
    db.session.delete(chat)
    db.session.flush()


def say(office_id: int, chat_id: int, text: str, *, key: str) -> None:
    """Have the bot say something in a chat, once for a ``key``. Flushes."""
    if db.session.scalar(select(TelegramMessage.id).where(TelegramMessage.key == key)) is not None:
        return
    message = TelegramMessage(
        office_id=office_id, chat_id=chat_id, key=key, text=text[:MOST], state=MessageState.QUEUED,
        created_at=clock.now(),
    )  # fmt: skip
    db.session.add(message)
    db.session.flush()
    outbox.enqueue(
        SAY, message.id, office_id=office_id, key=f"{SAY}:{message.id}", lane=f"telegram:{office_id}"
    )


def mark_blocked(office_id: int, chat_id: int, *, blocked: bool) -> None:
    """The person blocked the bot, or takes it back."""
    db.session.execute(
        update(TelegramChat)
        .where(TelegramChat.office_id == office_id, TelegramChat.chat_id == chat_id)
        .values(blocked_at=clock.now() if blocked else None)
    )


def prune() -> int:
    """Forget what was said long ago, and codes that are void. Returns how many messages. Flushes."""
    db.session.execute(delete(TelegramInvite).where(TelegramInvite.expires_at < clock.now() - VALID))
    gone = db.session.execute(
        delete(TelegramMessage)
        .where(TelegramMessage.created_at < clock.now() - KEPT, TelegramMessage.state != MessageState.QUEUED)
        .returning(TelegramMessage.id)
    )
    return len(gone.all())
