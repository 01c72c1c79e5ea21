"""Posts in a Telegram channel, by a bot that may post there.

Telegram has no key for a message, and a bot cannot read what a channel holds: after a lost answer only a person can
look. Everything of a message travels in the one call that publishes it.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from humasflow.channels.adapters.base import (
    Absent,
    AccountInfo,
    CannotTell,
    Caps,
    Done,
    Field,
    Grant,
    Limits,
    Metric,
    Pending,
    Problem,
    ProblemCode,
    Quota,
    Ready,
    Receipt,
    Severity,
    Tokens,
)
from humasflow.channels.adapters.errors import (
    Conflict,
    Forbidden,
    Invalid,
    MediaRejected,
    OutcomeUnknown,
    Unsupported,
)
from humasflow.channels.adapters.http import Http, irreversible, repeatable
from humasflow.channels.adapters.multipart import FilePart
from humasflow.channels.adapters.telegram_api import API, TelegramApi, token_of
from humasflow.channels.adapters.validation import compose_text, validate_variant
from humasflow.channels.adapters.variant import Account, Job, MediaItem, MediaKind, Variant

FILE_BYTES = 50_000_000  # of what a bot uploads in one call, all files of an album together
# A picture may have 10 MB and 10,000 pixels of width and height together; Telegram shows it smaller than this anyway,
# and an album of ten has to arrive within one call.
PICTURE_BYTES = 2_000_000
PICTURE_SIDE = 2560
PIECE = 1024 * 1024
_ENDINGS = {"image/png": "png", "image/webp": "webp"}
_METHODS = {
    MediaKind.IMAGE: ("sendPhoto", "photo"),
    MediaKind.VIDEO: ("sendVideo", "video"),
    MediaKind.DOCUMENT: ("sendDocument", "document"),
}
_NAME = re.compile(
    r"(?:https?://)?(?:t|telegram)\.me/(?:s/)?([A-Za-z0-9_]+)/?|@?([A-Za-z][A-Za-z0-9_]{3,31})", re.ASCII
)
_NUMBER = re.compile(r"-100[0-9]{5,15}", re.ASCII)


class TelegramAdapter:
    """Publishes to one channel. ``base``: scheme and host of the Bot API.

    ``secrets["token"]`` is the bot's, ``settings["chat"]`` the channel as a person typed it (``@nama``, its address
    or ``-100…``), ``settings["chat_id"]`` its number once it is known.
    """

    key = "telegram"
    caps = Caps(can_edit=True, can_retract=True)
    notes = ("bot_must_be_administrator", "cannot_find", "retract_within_48_hours")
    """Codes of what an administrator should know before connecting."""

    def __init__(self, http: Http, base: str = API) -> None:
        self._api = TelegramApi(http, base)

    # Connecting

    def sign_in(self, account: Account) -> Grant:
        """The token, once it proved to be a bot's that may post in the channel."""
        self.verify(account)
        return Grant({"token": token_of(account)}, scopes=("can_post_messages",))

    def verify(self, account: Account) -> AccountInfo:
        """The channel, and whether the bot may post there. Warns ``no_edit`` and ``no_retract`` where it may not do
        that. Raises Forbidden where it cannot post or where this is no channel.
        """
        bot, _answer = self._api.call(repeatable, account, "getMe", {})
        chat, _answer = self._api.call(repeatable, account, "getChat", {"chat_id": chat_of(account)})
        if not isinstance(bot, dict) or not isinstance(chat, dict) or chat.get("type") != "channel":
            raise Forbidden("not_a_channel")
        member, _answer = self._api.call(
            repeatable, account, "getChatMember", {"chat_id": chat["id"], "user_id": bot.get("id")}
        )
        member = member if isinstance(member, dict) else {}
        if member.get("status") != "administrator" or member.get("can_post_messages") is not True:
            raise Forbidden("cannot_post")
        name = str(chat.get("username") or "")
        missing = {"can_edit_messages": "no_edit", "can_delete_messages": "no_retract"}
        return AccountInfo(
            name=str(chat.get("title") or name),
            handle=name,
            url=f"https://t.me/{name}" if name else "",
            settings={"chat_id": chat["id"], "username": name},
            warnings=tuple(code for right, code in missing.items() if member.get(right) is not True),
        )

    def refresh(self, account: Account) -> Tokens | None:
        """A bot's token has no end."""
        return None

    def quota(self, account: Account) -> Quota | None:
        """About twenty messages a minute; told by a refusal only."""
        return None

    # Before publishing

    def validate(self, variant: Variant, limits: Limits) -> tuple[Problem, ...]:
        """Documents go with documents only; all files together fit into one upload."""
        problems = list(validate_variant(variant, limits, self.caps))
        kinds = {item.kind for item in variant.media}
        known = {(problem.code, problem.item) for problem in problems}
        if MediaKind.DOCUMENT in kinds and len(kinds) > 1 and (ProblemCode.MIXED_KINDS, None) not in known:
            problems.append(Problem(Severity.ERROR, Field.MEDIA, ProblemCode.MIXED_KINDS))
        problems += [
            Problem(Severity.ERROR, Field.MEDIA, ProblemCode.TOO_LARGE, FILE_BYTES, item.size, item=index)
            for index, item in enumerate(variant.media)
            if item.kind is not MediaKind.IMAGE
            and item.size > FILE_BYTES
            and (ProblemCode.TOO_LARGE, index) not in known
        ]
        total = _bytes_of(variant)
        if total > FILE_BYTES and not any(p.code is ProblemCode.TOO_LARGE for p in problems):
            problems.append(Problem(Severity.ERROR, Field.MEDIA, ProblemCode.TOO_LARGE, FILE_BYTES, total))
        return tuple(sorted(problems, key=lambda problem: problem.severity is not Severity.ERROR))

    def prepare(self, job: Job) -> Ready | Pending:
        """Nothing can be sent beforehand; what could make the one call fail is looked at: bot, channel, files."""
        if not job.variant.media and not compose_text(job.variant):
            raise Invalid("empty", [Problem(Severity.ERROR, Field.TEXT, ProblemCode.REQUIRED)])
        token_of(job.account)
        chat_of(job.account)
        total = _bytes_of(job.variant)
        if total > FILE_BYTES:
            raise MediaRejected(f"{total} bytes")
        for index, item in enumerate(job.variant.media):
            _file(job, item, index)
            if item.kind is not MediaKind.IMAGE and len(job.files.part(item, item.size - 1, 1)) != 1:
                raise MediaRejected("the file ends early")
        return Ready({"media": _marks(job.variant)} if job.variant.media else {})

    def carried(self, variant: Variant) -> int:
        """All of it goes in the one call."""
        pictures = sum(item.kind is MediaKind.IMAGE for item in variant.media)
        return _bytes_of(variant) + pictures * PICTURE_BYTES

    def poll(self, job: Job) -> Ready | Pending | Done:
        """There is nothing to wait for."""
        return Ready(job.prepare_state)

    # Publishing

    def commit(self, job: Job) -> Receipt | Pending:
        """The message, with its files."""
        chat, text, media = chat_of(job.account), compose_text(job.variant), job.variant.media
        if not media:
            values: dict[str, Any] = {
                "chat_id": chat,
                "text": text,
                "link_preview_options": _preview(job.variant),
            }
            result, answer = self._api.call(irreversible, job.account, "sendMessage", values)
        elif len(media) == 1:
            method, name = _METHODS[media[0].kind]
            values = {"chat_id": chat} | ({"caption": text} if text else {})
            if media[0].kind is MediaKind.VIDEO:
                values["supports_streaming"] = True
            part = _file(job, media[0], 0, name)
            result, answer = self._api.call(irreversible, job.account, method, values, [part])
        else:
            parts = [_file(job, item, index) for index, item in enumerate(media)]
            album = [
                {"type": _METHODS[item.kind][1], "media": f"attach://{part.name}"}
                for item, part in zip(media, parts, strict=True)
            ]
            if text:
                # Below an album Telegram shows the caption of its first picture; below documents, of the last.
                album[-1 if media[0].kind is MediaKind.DOCUMENT else 0]["caption"] = text
            values = {"chat_id": chat, "media": album}
            result, answer = self._api.call(irreversible, job.account, "sendMediaGroup", values, parts)
        messages = result if isinstance(result, list) else [result]
        ids = [str(message["message_id"]) for message in messages if _has_id(message)]
        if not ids:
            raise OutcomeUnknown("a success that says nothing")
        return Receipt(",".join(ids), _address(job.account, ids[0]), hashlib.sha256(answer.body).hexdigest())

    def find(self, job: Job) -> Receipt | Absent | CannotTell | Pending:
        """Bots cannot read what a channel holds: only a person can look."""
        return CannotTell()

    def update(self, job: Job) -> Receipt:
        """New words. Raises Unsupported for other pictures."""
        ids, text = _ids(job), compose_text(job.variant)
        before = job.prepare_state.get("media")
        if before is not None and list(before) != _marks(job.variant):
            raise Unsupported("media_replaced")
        # The caption of an album of documents stands on its last message.
        is_of_documents = bool(job.variant.media) and job.variant.media[0].kind is MediaKind.DOCUMENT
        values: dict[str, Any] = {
            "chat_id": chat_of(job.account), "message_id": int(ids[-1 if is_of_documents else 0]),
        }  # fmt: skip
        if job.variant.media:
            method = "editMessageCaption"
            values["caption"] = text
        else:
            method = "editMessageText"
            values |= {"text": text, "link_preview_options": _preview(job.variant)}
        try:
            self._api.call(repeatable, job.account, method, values)
        except Invalid as error:
            if "not modified" not in error.detail:  # it reads so already
                raise
        return Receipt(",".join(ids), _address(job.account, ids[0]))

    def retract(self, job: Job) -> None:
        """Delete it. Raises Unsupported after 48 hours, when Telegram may let only a person do so."""
        chat, ids = chat_of(job.account), [int(one) for one in _ids(job)]
        try:
            if len(ids) == 1:
                self._api.call(
                    repeatable, job.account, "deleteMessage", {"chat_id": chat, "message_id": ids[0]}
                )
            else:
                self._api.call(
                    repeatable, job.account, "deleteMessages", {"chat_id": chat, "message_ids": ids}
                )
        except Conflict:
            return  # it is gone already

    def permalink(self, receipt: Receipt) -> str | None:
        """The address in a public channel; a private one has none that others can open."""
        return receipt.permalink

    def metrics(self, receipt: Receipt, account: Account, *, at: datetime) -> tuple[Metric, ...]:
        """None: the Bot API tells a bot no number of views."""
        return ()


def chat_of(account: Account) -> int | str:
    """The channel: its number where it is known, else ``@name`` of what was typed. Raises Forbidden for none."""
    known = account.settings.get("chat_id")
    if isinstance(known, int):
        return known
    typed = str(account.settings.get("chat") or account.handle).strip()
    if _NUMBER.fullmatch(typed):
        return int(typed)
    match = _NAME.fullmatch(typed)
    if match is None:
        raise Forbidden("no_chat")
    return f"@{match[1] or match[2]}"


def _preview(variant: Variant) -> dict[str, Any]:
    return {"is_disabled": False} | ({"url": variant.link.strip()} if variant.link else {})


def _file(job: Job, item: MediaItem, index: int, name: str = "") -> FilePart:
    """A medium as a file of the call; a picture small enough for Telegram. Raises MediaRejected."""
    field = name or f"file{index}"
    if item.kind is MediaKind.IMAGE:
        content, mime = job.files.picture(item, max_bytes=PICTURE_BYTES, max_side=PICTURE_SIDE)
        return FilePart.of(field, f"gambar-{index + 1}.{_ENDINGS.get(mime, 'jpg')}", mime, content)
    if item.size <= 0 or item.size > FILE_BYTES:
        raise MediaRejected(f"{item.size} bytes")

    def pieces() -> Iterator[bytes]:
        for start in range(0, item.size, PIECE):
            yield job.files.part(item, start, min(PIECE, item.size - start))

    return FilePart(
        field,
        item.filename or f"berkas-{index + 1}",
        item.mime or "application/octet-stream",
        item.size,
        pieces,
    )


def _bytes_of(variant: Variant) -> int:
    """Of everything but pictures, which are made small enough."""
    return sum(item.size for item in variant.media if item.kind is not MediaKind.IMAGE)


def _marks(variant: Variant) -> list[str]:
    """What tells the media of two variants apart."""
    return [f"{item.asset_id}:{item.crop}" for item in variant.media]


def _has_id(message: object) -> bool:
    return isinstance(message, dict) and isinstance(message.get("message_id"), int)


def _ids(job: Job) -> list[str]:
    ids = [one for one in (job.external_id or "").split(",") if one.isascii() and one.isdigit()]
    if not ids:
        raise Conflict("no message is known")
    return ids


def _address(account: Account, message_id: str) -> str | None:
    name = str(account.settings.get("username") or "")
    chat = chat_of(account)
    if not name and isinstance(chat, str):
        name = chat.removeprefix("@")
    return f"https://t.me/{name}/{message_id}" if name else None
