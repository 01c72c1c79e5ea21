"""The Telegram adapter against the Bot API as aiogram's models describe it (contracts/telegram.json)."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from humasflow.channels.adapters import errors
from humasflow.channels.adapters.base import (
    CannotTell,
    Limits,
    Ready,
    Receipt,
    Severity,
    SigningIn,
)
from humasflow.channels.adapters.http import AnswerLost, NotReached
from humasflow.channels.adapters.telegram import FILE_BYTES, TelegramAdapter, chat_of
from humasflow.channels.adapters.variant import Account, Action, Job, MediaItem, MediaKind, Variant
from humasflow.channels.presets.loader import get_platform
from humasflow.core import clock
from tests.support.contract import Contract, parts_of
from tests.support.scripted import StoredFiles, answer, script

CONTRACT = Contract("telegram")
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
ACCOUNT = Account(
    7, "telegram", "kantor", settings={"chat": "@kantor", "chat_id": -1001234567890, "username": "kantor"},
    secrets={"token": TOKEN},
)  # fmt: skip
TYPED = Account(7, "telegram", settings={"chat": "@kantor"}, secrets={"token": TOKEN})
PICTURE = MediaItem(1, filename="a.jpg", mime="image/jpeg", alt_text="Juru lelang")
VIDEO = MediaItem(2, MediaKind.VIDEO, "a.mp4", "video/mp4", size=3_000_000)
DOCUMENT = MediaItem(3, MediaKind.DOCUMENT, "pengumuman lelang.pdf", "application/pdf", size=12)
LIMITS = get_platform("telegram").limits
BOT = {"id": 110201543, "is_bot": True, "username": "kantor_bot"}
CHAT = {"id": -1001234567890, "type": "channel", "title": "Kantor", "username": "kantor"}
MEMBER = {
    "status": "administrator", "can_post_messages": True, "can_edit_messages": True, "can_delete_messages": True,
}  # fmt: skip
# What the type of an upload is in the form, by method.
METHODS = {"sendPhoto": "photo", "sendVideo": "video", "sendDocument": "document"}


def ok(result):
    return answer({"ok": True, "result": result})


def no(code, description, **parameters):
    body = {"ok": False, "error_code": code, "description": description}
    return answer(body | ({"parameters": parameters} if parameters else {}), code)


def job(**changes) -> Job:
    found = {
        "post_id": 42, "generation": 1, "action": Action.PUBLISH, "idempotency_key": "kunci-42", "account": ACCOUNT,
        "variant": Variant(text="Lelang <b> & aset_negara*", link="https://kantor.go.id/1"), "created_at": NOW,
        "now": NOW, "files": StoredFiles(b"v" * VIDEO.size), "committing_at": NOW,
    }  # fmt: skip
    return Job(**(found | changes))


def sent_form(asked):
    """The values of a form with files, as the Bot API reads them: JSON where a value is no text."""
    parts = parts_of(asked.content, asked.headers["Content-Type"])
    assert int(asked.headers["Content-Length"]) == len(asked.content)
    values = {}
    for name, (filename, _mime, content) in parts.items():
        text = content.decode(errors="replace")
        if filename:
            values[name] = name
        elif name in {"media", "supports_streaming", "chat_id"} and not text.startswith("@"):
            values[name] = json.loads(text)
        else:
            values[name] = text
    return values, parts


# Connecting


def test_signing_in_looks_at_bot_channel_and_rights():
    told = script(ok(BOT), ok(CHAT), ok(MEMBER))
    adapter = TelegramAdapter(told)
    assert isinstance(adapter, SigningIn)
    grant = adapter.sign_in(TYPED)

    assert grant.secrets == {"token": TOKEN} and TOKEN not in repr(grant)
    assert [one.path.rpartition("/")[2] for one in told.asked] == ["getMe", "getChat", "getChatMember"]
    assert told.asked[1].json == {"chat_id": "@kantor"}
    assert told.asked[2].json == {"chat_id": CHAT["id"], "user_id": BOT["id"]}
    for one, schema in zip(told.asked, ("GetMe", "GetChat", "GetChatMember"), strict=True):
        assert CONTRACT.faults(schema, one.json) == []


def test_what_is_kept_of_the_channel():
    info = TelegramAdapter(script(ok(BOT), ok(CHAT), ok(MEMBER))).verify(TYPED)
    assert (info.name, info.handle, info.url) == ("Kantor", "kantor", "https://t.me/kantor")
    assert info.settings == {"chat_id": CHAT["id"], "username": "kantor"} and info.warnings == ()
    poor = MEMBER | {"can_edit_messages": False}
    del poor["can_delete_messages"]
    assert TelegramAdapter(script(ok(BOT), ok(CHAT), ok(poor))).verify(TYPED).warnings == (
        "no_edit",
        "no_retract",
    )
    private = {name: value for name, value in CHAT.items() if name != "username"}
    assert TelegramAdapter(script(ok(BOT), ok(private), ok(MEMBER))).verify(TYPED).url == ""


@pytest.mark.parametrize(
    ("lines", "detail"),
    [
        ([ok(BOT), ok(CHAT | {"type": "supergroup"})], "not_a_channel"),
        ([ok(BOT), ok(CHAT), ok({"status": "left"})], "cannot_post"),
        ([ok(BOT), ok(CHAT), ok(MEMBER | {"can_post_messages": False})], "cannot_post"),
        ([ok(BOT), no(400, "Bad Request: chat not found")], "chat not found"),
        ([ok(BOT), no(403, "Forbidden: bot is not a member of the channel chat")], None),
    ],
)
def test_where_the_bot_may_not_post(lines, detail):
    with pytest.raises(errors.Forbidden) as refused:
        TelegramAdapter(script(*lines)).verify(TYPED)
    assert detail is None or refused.value.detail == detail


@pytest.mark.parametrize(
    ("typed", "chat"),
    [
        ("@kantor", "@kantor"), ("kantor", "@kantor"), (" https://t.me/kantor ", "@kantor"), ("t.me/s/kantor/", "@kantor"),
        ("-1001234567890", -1001234567890),
    ],
)  # fmt: skip
def test_however_the_channel_was_typed(typed, chat):
    assert chat_of(Account(1, "telegram", settings={"chat": typed})) == chat


@pytest.mark.parametrize("typed", ["", "a", "-100", "https://jahat.example/kantor", "@kan tor", "１２３４"])
def test_what_names_no_channel(typed):
    with pytest.raises(errors.Forbidden):
        chat_of(Account(1, "telegram", settings={"chat": typed}))


@pytest.mark.parametrize("token", ["", "bukan token", "1:abc/../getMe?x=", f"{TOKEN}\n/", "1:" + "a" * 90])
def test_what_is_no_token_never_becomes_an_address(token):
    told = script()
    with pytest.raises(errors.AuthRevoked) as refused:
        TelegramAdapter(told).verify(replace(TYPED, secrets={"token": token}))
    assert told.asked == [] and refused.value.detail in {"no_token", "not_a_token"}


# Rules


@pytest.mark.parametrize(
    ("variant", "found"),
    [
        (Variant(text="a" * 4096), set()),
        (Variant(text="a" * 4097), {("text", "too_long")}),
        (Variant(text="😀" * 2049), {("text", "too_long")}),
        (Variant(text="a" * 1024, media=(PICTURE,)), set()),
        (Variant(text="a" * 1025, media=(PICTURE,)), {("text", "too_long")}),
        (Variant(media=(PICTURE,) * 11), {("media", "too_many")}),
        (Variant(media=(PICTURE, VIDEO)), set()),
        (Variant(media=(PICTURE, DOCUMENT)), {("media", "mixed_kinds")}),
        (Variant(media=(replace(VIDEO, size=FILE_BYTES + 1),)), {("media", "too_large")}),
        (Variant(media=(replace(DOCUMENT, size=FILE_BYTES + 1),)), {("media", "too_large")}),
        (Variant(), {("text", "required")}),
    ],
)
def test_what_telegram_takes(variant, found):
    problems = TelegramAdapter(script()).validate(variant, LIMITS)

    assert {(p.field.value, p.code.value) for p in problems if p.severity is Severity.ERROR} == found


# Publishing


def test_a_text_goes_as_it_is_with_its_preview():
    told = script(ok({"message_id": 5}))
    receipt = TelegramAdapter(told).commit(job())

    assert told.last.url == f"https://api.telegram.org/bot{TOKEN}/sendMessage"
    assert told.last.json == {
        "chat_id": -1001234567890, "text": "Lelang <b> & aset_negara*\n\nhttps://kantor.go.id/1",
        "link_preview_options": {"is_disabled": False, "url": "https://kantor.go.id/1"},
    }  # fmt: skip
    assert CONTRACT.faults("SendMessage", told.last.json) == []
    assert (receipt.external_id, receipt.permalink) == ("5", "https://t.me/kantor/5")


@pytest.mark.parametrize(
    ("item", "method", "filename", "content"),
    [
        (PICTURE, "sendPhoto", "gambar-1.jpg", b"\xff\xd8picture"),
        (VIDEO, "sendVideo", "a.mp4", b"v" * VIDEO.size),
        (DOCUMENT, "sendDocument", "pengumuman lelang.pdf", b"v" * 12),
    ],
)
def test_one_file_with_its_caption(item, method, filename, content):
    told = script(ok({"message_id": 6}))
    TelegramAdapter(told).commit(job(variant=Variant(text="Aset", media=(item,))))
    values, parts = sent_form(told.last)

    assert told.last.path.endswith(f"/{method}") and values["caption"] == "Aset"
    assert CONTRACT.faults(method[0].upper() + method[1:], values) == []
    assert parts[METHODS[method]] == (filename, item.mime, content)


def test_an_album_has_one_caption():
    told = script(ok([{"message_id": 7}, {"message_id": 8}]))
    receipt = TelegramAdapter(told).commit(job(variant=Variant(text="Aset", media=(PICTURE, VIDEO))))
    values, parts = sent_form(told.last)

    assert CONTRACT.faults("SendMediaGroup", {name: values[name] for name in ("chat_id", "media")}) == []
    assert values["media"] == [
        {"type": "photo", "media": "attach://file0", "caption": "Aset"},
        {"type": "video", "media": "attach://file1"},
    ]
    assert parts["file0"][2] == b"\xff\xd8picture" and len(parts["file1"][2]) == VIDEO.size
    assert (receipt.external_id, receipt.permalink) == ("7,8", "https://t.me/kantor/7")
    told = script(ok([{"message_id": 7}, {"message_id": 8}]))
    TelegramAdapter(told).commit(job(variant=Variant(text="Dokumen", media=(DOCUMENT, DOCUMENT))))
    assert [item.get("caption") for item in sent_form(told.last)[0]["media"]] == [None, "Dokumen"]


def test_pictures_without_a_text():
    told = script(ok({"message_id": 6}))
    TelegramAdapter(told).commit(job(variant=Variant(media=(PICTURE,))))
    assert "caption" not in sent_form(told.last)[0]


def test_what_would_fail_is_seen_before_the_one_call():
    adapter = TelegramAdapter(script())
    assert adapter.prepare(job()) == Ready({})
    assert adapter.prepare(job(variant=Variant(media=(PICTURE,)))) == Ready({"media": ["1:"]})
    assert adapter.poll(job(prepare_state={"media": ["1:"]})) == Ready({"media": ["1:"]})
    for media, error in (
        ((), errors.Invalid),
        ((replace(VIDEO, size=0),), errors.MediaRejected),
        ((replace(VIDEO, size=FILE_BYTES + 1),), errors.MediaRejected),
        ((replace(VIDEO, size=VIDEO.size + 1),), errors.MediaRejected),
    ):
        with pytest.raises(error):
            adapter.prepare(job(variant=Variant(media=media)))
    with pytest.raises(errors.AuthRevoked):
        adapter.prepare(job(account=replace(ACCOUNT, secrets={})))


# Refusals


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (no(400, "Bad Request: message is too long"), errors.Invalid),
        (no(400, "Bad Request: message caption is too long"), errors.Invalid),
        (no(400, "Bad Request: message text is empty"), errors.Invalid),
        (no(400, "Bad Request: chat not found"), errors.Forbidden),
        (no(400, "Bad Request: not enough rights to send text messages to the chat"), errors.Forbidden),
        (no(400, "Bad Request: need administrator rights in the channel chat"), errors.Forbidden),
        (no(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"), errors.MediaRejected),
        (no(400, "Bad Request: IMAGE_PROCESS_FAILED"), errors.MediaRejected),
        (no(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1005), errors.Forbidden),
        (no(400, "Bad Request: something new"), errors.Invalid),
        (no(401, "Unauthorized"), errors.AuthRevoked),
        (no(404, "Not Found"), errors.AuthRevoked),
        (no(403, "Forbidden: bot was kicked from the channel chat"), errors.Forbidden),
        (no(409, "Conflict: terminated by other getUpdates request"), errors.Conflict),
        (no(413, "Request Entity Too Large"), errors.MediaRejected),
        (answer("<html>", 413), errors.MediaRejected),
        (answer("<html>", 403), errors.Transient),
        (answer("<html>", 404), errors.Transient),
        (no(429, "Too Many Requests: retry after 5", retry_after=5), errors.RateLimited),
        (NotReached("unreachable"), errors.Transient),
        (AnswerLost("too_slow"), errors.OutcomeUnknown),
        (no(500, "Internal Server Error"), errors.OutcomeUnknown),
        (answer("", 502), errors.OutcomeUnknown),
        (answer("<html>", 200), errors.OutcomeUnknown),
        (ok({}), errors.OutcomeUnknown),
        (ok([]), errors.OutcomeUnknown),
        (
            no(
                400,
                'Bad Request: failed to send message #1 with the error message "Too Many Requests: retry after 8"',
            ),
            errors.OutcomeUnknown,
        ),
        (no(400, "Bad Request: group send failed"), errors.OutcomeUnknown),
    ],
)
def test_what_the_one_call_may_answer(line, error):
    with pytest.raises(error) as refused:
        TelegramAdapter(script(line)).commit(job())
    chain, told = refused.value, []
    while chain is not None:
        told.append(repr(chain) + str(chain))
        chain = chain.__cause__ or chain.__context__
    assert TOKEN not in " ".join(told) and "AAHdq" not in " ".join(told)


def test_an_upload_that_was_cut_before_its_end_may_be_made_again():
    def cut(method, url, *, headers, content, timeout=None, max_bytes=0):
        next(iter(content))
        raise AnswerLost("too_slow")

    with pytest.raises(errors.Transient):
        TelegramAdapter(cut).commit(job(variant=Variant(media=(VIDEO,))))
    with pytest.raises(errors.OutcomeUnknown):  # all of it was handed over
        TelegramAdapter(script(AnswerLost("too_slow"))).commit(job(variant=Variant(media=(VIDEO,))))


def test_an_album_fits_into_one_upload():
    half = replace(VIDEO, size=FILE_BYTES // 2 + 1)
    variant = Variant(media=(half, replace(half, asset_id=9)))
    found = TelegramAdapter(script()).validate(variant, Limits(media_max=10))

    assert [(p.code.value, p.item, p.actual) for p in found] == [("too_large", None, FILE_BYTES + 2)]
    with pytest.raises(errors.MediaRejected):
        TelegramAdapter(script()).prepare(job(variant=variant))


def test_when_to_come_again():
    for line, seconds in (
        (no(429, "Too Many Requests: retry after 35", retry_after=35), 35),
        (no(429, "Too Many Requests"), 30),
    ):
        with clock.moved_to(NOW), pytest.raises(errors.RateLimited) as refused:
            TelegramAdapter(script(line)).commit(job())
        assert abs(refused.value.retry_at - NOW - timedelta(seconds=seconds)) < timedelta(seconds=3)


def test_reading_may_be_repeated():
    for line in (
        AnswerLost("cut"),
        answer("", 502),
        no(500, "Internal"),
        answer("<html>", 200),
        NotReached("tls"),
    ):
        with pytest.raises(errors.Transient):
            TelegramAdapter(script(line)).verify(ACCOUNT)


# Afterwards


def test_only_a_person_can_look():
    adapter = TelegramAdapter(script())
    assert adapter.find(job()) == CannotTell() and not adapter.caps.can_find and not adapter.caps.idempotent
    assert adapter.metrics(Receipt("5"), ACCOUNT, at=NOW) == ()
    assert adapter.refresh(ACCOUNT) is None and adapter.quota(ACCOUNT) is None
    assert adapter.permalink(Receipt("5", "https://t.me/kantor/5")) == "https://t.me/kantor/5"


def test_words_change():
    told = script(
        ok({"message_id": 5}), no(400, "Bad Request: message is not modified: …"), ok({"message_id": 7})
    )
    adapter = TelegramAdapter(told)
    assert adapter.update(job(external_id="5")).permalink == "https://t.me/kantor/5"
    assert told.last.json["message_id"] == 5 and CONTRACT.faults("EditMessageText", told.last.json) == []
    assert adapter.update(job(external_id="5")).external_id == "5"
    receipt = adapter.update(
        job(
            external_id="7,8",
            variant=Variant(text="Baru", media=(PICTURE, VIDEO)),
            prepare_state={"media": ["1:", "2:"]},
        )
    )
    assert receipt.external_id == "7,8" and told.last.path.endswith("/editMessageCaption")
    assert told.last.json == {"chat_id": -1001234567890, "message_id": 7, "caption": "Baru"}
    assert CONTRACT.faults("EditMessageCaption", told.last.json) == []


@pytest.mark.parametrize(
    ("lines", "more", "error"),
    [
        ([], {"prepare_state": {"media": ["9:"]}}, errors.Unsupported),
        ([no(400, "Bad Request: message can't be edited")], {}, errors.Unsupported),
        ([no(400, "Bad Request: there is no caption in the message to edit")], {}, errors.Unsupported),
        ([no(400, "Bad Request: message to edit not found")], {}, errors.Conflict),
        ([no(400, "Bad Request: message caption is too long")], {}, errors.Invalid),
        ([], {"external_id": None}, errors.Conflict),
    ],
)
def test_what_cannot_be_changed(lines, more, error):
    with pytest.raises(error):
        TelegramAdapter(script(*lines)).update(
            job(**({"external_id": "5", "variant": Variant(text="Baru", media=(PICTURE,))} | more))
        )


def test_taking_it_down():
    told = script(ok(True), ok(True), no(400, "Bad Request: message to delete not found"))
    adapter = TelegramAdapter(told)
    adapter.retract(job(external_id="5"))
    assert told.last.json == {"chat_id": -1001234567890, "message_id": 5}
    assert CONTRACT.faults("DeleteMessage", told.last.json) == []
    adapter.retract(job(external_id="7,8"))
    assert told.last.json["message_ids"] == [7, 8] and CONTRACT.faults("DeleteMessages", told.last.json) == []
    adapter.retract(job(external_id="5"))
    with pytest.raises(errors.Unsupported):
        TelegramAdapter(script(no(400, "Bad Request: message can't be deleted for everyone"))).retract(
            job(external_id="5")
        )


def test_a_private_channel_has_no_public_address():
    hidden = replace(ACCOUNT, settings={"chat_id": -1001234567890})
    receipt = TelegramAdapter(script(ok({"message_id": 5}))).commit(job(account=hidden))
    assert receipt.permalink is None
