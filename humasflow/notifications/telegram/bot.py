"""Talking to Telegram for an office's bot: is the token good, what was written to it, and saying something.

Nothing is kept open while it answers: each step commits before the call and looks again after it.
"""

from typing import Any

import structlog
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.channels import reaching
from humasflow.channels.adapters.errors import (
    AdapterError,
    AuthRevoked,
    Conflict,
    Forbidden,
    OutcomeUnknown,
    RateLimited,
    Transient,
)
from humasflow.channels.adapters.http import irreversible, repeatable
from humasflow.channels.adapters.telegram_api import API, TelegramApi
from humasflow.channels.adapters.variant import Account
from humasflow.core import clock, rate_limit
from humasflow.core.db import db
from humasflow.core.secrets import decrypt
from humasflow.notifications.telegram import queries, services
from humasflow.notifications.telegram.enums import BotFault, MessageState
from humasflow.notifications.telegram.models import TelegramBot, TelegramChat, TelegramMessage
from humasflow.orgs.models import Unit
from humasflow.outbox import lease
from humasflow.outbox.handling import RetryLater

log = structlog.get_logger(__name__)

AT_ONCE = 100  # updates of one look
ANSWERS, ANSWER_SECONDS = 3, 3600  # to somebody who just writes, or sends codes that are void


def api() -> TelegramApi:
    """The bot's way out."""
    return TelegramApi(reaching.send, API)


def check_bot(ref: str) -> None:
    """Ask Telegram whose token it is and whether nobody else listens; the job after saving. Commits."""
    account = _open(int(ref))
    if account is None:
        return
    try:
        found, _answer = api().call(repeatable, account, "getMe", {})
        api().call(repeatable, account, "getUpdates", {"timeout": 0, "limit": 1})
    except AdapterError as refused:
        fault = _fault_of(refused)
        _note_fault(int(ref), fault)
        if fault is BotFault.UNREACHABLE:
            raise RetryLater(fault.label) from refused
        return
    bot = queries.get_bot(int(ref))
    if bot is not None and isinstance(found, dict):
        bot.username, bot.fault = str(found.get("username") or "")[:64], None
    db.session.commit()


def listen() -> int:
    """Hear what was written to the bots that are to be listened to. Returns how many updates. Commits for each bot."""
    heard = 0
    for office_id in queries.list_to_hear():
        account = _open(office_id)
        if account is None:
            continue
        bot = queries.get_bot(office_id)
        offset = bot.offset if bot is not None else 0
        db.session.commit()
        try:
            updates, _answer = api().call(
                repeatable, account, "getUpdates",
                {"offset": offset, "timeout": 0, "limit": AT_ONCE, "allowed_updates": ["message", "my_chat_member"]},
            )  # fmt: skip
        except AdapterError as refused:
            _note_fault(office_id, _fault_of(refused))
            continue
        lease.keep()
        heard += _take(office_id, offset, updates if isinstance(updates, list) else [])
        db.session.commit()
    return heard


def _take(office_id: int, offset: int, updates: list[Any]) -> int:
    """What was heard and how far it goes are one transaction: nothing is acted on twice, nothing is missed."""
    bot = db.session.get(TelegramBot, office_id, with_for_update=True)
    if bot is None or bot.offset != offset:
        return 0  # another token meanwhile
    known = [u for u in updates if isinstance(u, dict) and isinstance(u.get("update_id"), int)]
    for found in known:
        bot.offset = max(bot.offset, found["update_id"] + 1)
        _act_on(bot, found)
    bot.heard_at, bot.fault = clock.now(), None
    db.session.flush()
    return len(known)


def _act_on(bot: TelegramBot, found: dict[str, Any]) -> None:
    for part in ("message", "my_chat_member"):
        content = found.get(part)
        chat = content.get("chat") if isinstance(content, dict) else None
        if not isinstance(content, dict) or not isinstance(chat, dict) or chat.get("type") != "private":
            continue
        chat_id = chat.get("id")
        if not isinstance(chat_id, int):
            continue
        if part == "my_chat_member":
            member = content.get("new_chat_member")
            status = member.get("status") if isinstance(member, dict) else ""
            services.mark_blocked(bot.office_id, chat_id, blocked=status in ("kicked", "left"))
        else:
            _answer_to(bot, chat_id, str(content.get("text") or ""), found["update_id"])


def _answer_to(bot: TelegramBot, chat_id: int, text: str, update_id: int) -> None:
    command, _sep, rest = text.strip().partition(" ")
    key = f"answer:{bot.office_id}:{update_id}"
    if command == "/start" and rest.strip():
        chat = services.link(bot.office_id, rest.strip(), chat_id)
        if chat is not None or _may_answer(bot, chat_id):
            services.say(bot.office_id, chat_id, _welcome(bot, chat), key=key)
        return
    mine = db.session.scalar(
        select(TelegramChat).where(TelegramChat.office_id == bot.office_id, TelegramChat.chat_id == chat_id)
    )
    if command in ("/stop", "/berhenti") and mine is not None:
        services.unlink(mine, actor=None)
        services.say(bot.office_id, chat_id, _("Baik, tidak ada kabar lagi di sini."), key=key)
        return
    if _may_answer(bot, chat_id):
        said = _(
            "Bot ini hanya mengirim kabar dari humasflow dan tidak membaca balasan. "
            "Untuk berhenti, tulis /berhenti."
        )
        services.say(bot.office_id, chat_id, said, key=key)


def _may_answer(bot: TelegramBot, chat_id: int) -> bool:
    """Count one more answer to a chat that nobody linked; False when there were enough."""
    key = f"{bot.office_id}:{chat_id}"
    return rate_limit.count("telegram.answer", key, per_seconds=ANSWER_SECONDS) <= ANSWERS


def _welcome(bot: TelegramBot, chat: TelegramChat | None) -> str:
    if chat is None:
        return _(
            "Kode ini sudah dipakai atau kedaluwarsa. Buka humasflow, lalu pilih Hubungkan Telegram lagi."
        )
    person, office = db.session.get_one(User, chat.user_id), db.session.get_one(Unit, bot.office_id)
    with force_locale(person.locale):
        return _(
            "Halo %(name)s, Telegram ini sekarang menerima kabar dari humasflow %(office)s. "
            "Untuk berhenti, tulis /berhenti.",
            name=person.name, office=office.short_name,
        )  # fmt: skip


def say(ref: str) -> None:
    """Send one message; the job behind each. Commits. Raises RetryLater when it surely did not go out.

    One that may have gone out is not sent again: Telegram has no key for a message.
    """
    message = db.session.get(TelegramMessage, int(ref))
    if message is None or message.state is not MessageState.QUEUED:
        return
    if message.sending_at is not None:  # a worker died with it in its hands
        _end(message.id, MessageState.UNCERTAIN)
        return
    account = _open(message.office_id)
    if account is None:
        _end(message.id, MessageState.FAILED)
        return
    message.sending_at = clock.now()
    chat_id, text, office_id = message.chat_id, message.text, message.office_id
    db.session.commit()
    values = {"chat_id": chat_id, "text": text, "link_preview_options": {"is_disabled": True}}
    try:
        api().call(irreversible, account, "sendMessage", values)
    except OutcomeUnknown:
        _end(message.id, MessageState.UNCERTAIN)
    except (Transient, RateLimited) as later:
        _open_again(message.id)
        wait = later.retry_at - clock.now() if isinstance(later, RateLimited) and later.retry_at else None
        raise RetryLater(str(later), delay=wait, patient=wait is not None) from later
    except AdapterError as refused:
        if isinstance(refused, Forbidden):
            services.mark_blocked(office_id, chat_id, blocked=True)
        if isinstance(refused, AuthRevoked):
            _note_fault(office_id, BotFault.TOKEN)
        log.info("telegram refused a message", message=message.id, why=type(refused).__name__)
        _end(message.id, MessageState.FAILED)
    else:
        _end(message.id, MessageState.SENT)


def _end(message_id: int, state: MessageState) -> None:
    message = db.session.get_one(TelegramMessage, message_id)
    message.state = state
    message.sent_at = clock.now() if state is MessageState.SENT else None
    db.session.commit()


def _open_again(message_id: int) -> None:
    db.session.get_one(TelegramMessage, message_id).sending_at = None
    db.session.commit()


def _open(office_id: int) -> Account | None:
    """The bot with its token; None where there is none that can be used. Commits."""
    bot = queries.get_bot(office_id)
    if bot is None:
        return None
    try:
        account = services.account_of(bot, decrypt(bot.token_encrypted))
    except ValueError:
        _note_fault(office_id, BotFault.KEY_LOST)
        return None
    db.session.commit()
    return account


def _fault_of(refused: AdapterError) -> BotFault:
    if isinstance(refused, AuthRevoked):
        return BotFault.TOKEN
    return BotFault.ELSEWHERE if isinstance(refused, Conflict) else BotFault.UNREACHABLE


def _note_fault(office_id: int, fault: BotFault) -> None:
    bot = queries.get_bot(office_id)
    if bot is not None:
        bot.fault, bot.heard_at = fault, clock.now()
    db.session.commit()
