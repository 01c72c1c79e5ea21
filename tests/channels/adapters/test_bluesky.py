"""The Bluesky adapter against what a server may answer. A real server: tests/servers/test_bluesky.py."""

import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humasflow.channels.adapters import errors
from humasflow.channels.adapters.base import (
    Absent,
    CannotTell,
    Counter,
    Field,
    Limits,
    Metric,
    Pending,
    ProblemCode,
    Ready,
    Receipt,
    SigningIn,
)  # fmt: skip
from humasflow.channels.adapters.bluesky import BlueskyAdapter
from humasflow.channels.adapters.bluesky.record import record_of, text_of, time_of
from humasflow.channels.adapters.bluesky.richtext import facets_of, find_mentions, handles_in
from humasflow.channels.adapters.bluesky.server import own_server, typed_server
from humasflow.channels.adapters.bluesky.tid import is_tid, tid_of
from humasflow.channels.adapters.http import AnswerLost, NotReached
from humasflow.channels.adapters.variant import Account, Action, Job, MediaItem, MediaKind, Variant
from tests.support.scripted import StoredFiles, answer, script

DID = "did:plc:humas234567"
PDS = "https://amanita.us-east.host.bsky.network"
SENT = datetime(2026, 11, 22, 3, 4, 5, 678912, tzinfo=UTC)
ENDS = datetime(2026, 11, 22, 5, 4, 5, tzinfo=UTC)


def token(**claims) -> str:
    def part(value):
        return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'ES256K'})}.{part({'sub': DID, 'exp': int(ENDS.timestamp())} | claims)}.c2ln"


ACCOUNT = Account(
    7, "bluesky", "kantor.bsky.social", "https://bsky.app/profile/kantor.bsky.social", settings={"did": DID, "pds": PDS},
    secrets={"password": "abcd-efgh-ijkl-mnop", "access_token": token(), "refresh_token": token(aud="refresh")},
)  # fmt: skip
TYPED = replace(ACCOUNT, settings={}, secrets={"password": " abcd-efgh-ijkl-mnop "})
PICTURE = MediaItem(1, filename="1.jpg", mime="image/jpeg", width=1200, height=800, alt_text="Juru lelang")
VIDEO = MediaItem(2, MediaKind.VIDEO)
NAME = tid_of(SENT, "post:42:1")
URI = f"at://{DID}/app.bsky.feed.post/{NAME}"


def job(**changes) -> Job:
    settings = {
        "post_id": 42, "generation": 1, "action": Action.PUBLISH, "idempotency_key": "post:42:1", "account": ACCOUNT,
        "variant": Variant(text="Lelang perdana"), "created_at": SENT, "files": StoredFiles(), "now": SENT,
    }  # fmt: skip
    return Job(**(settings | changes))


def bluesky(*lines):
    http = script(*lines)
    return BlueskyAdapter(http), http


def refused(name: str, status: int = 400, **headers):
    return answer({"error": name, "message": "Maaf."}, status, **headers)


OURS = time_of(job())  # of a post that goes out as soon as it is due


def later(milliseconds: int) -> str:
    """Another time than ours."""
    return (datetime.fromisoformat(OURS) + timedelta(milliseconds=milliseconds)).isoformat()


def there(created_at: str = OURS, text: str = "Lelang perdana"):
    value = {"$type": "app.bsky.feed.post", "text": text, "createdAt": created_at}
    return answer({"uri": URI, "cid": "bafy", "value": value})


NOT_THERE = refused("RecordNotFound")
BLOB = {"$type": "blob", "ref": {"$link": "bafkrei"}, "mimeType": "image/jpeg", "size": 9}


# The account


def test_it_signs_in_with_an_app_password():
    adapter, http = bluesky(
        answer({"accessJwt": token(), "refreshJwt": "r", "did": DID, "handle": "kantor.bsky.social"})
    )

    grant = adapter.sign_in(replace(TYPED, handle="@kantor.bsky.social"))

    assert isinstance(adapter, SigningIn)
    assert grant.secrets == {"password": "abcd-efgh-ijkl-mnop", "access_token": token(), "refresh_token": "r"}
    assert (grant.expires_at, grant.refresh_expires_at) == (ENDS, None)
    assert http.last.url == "https://bsky.social/xrpc/com.atproto.server.createSession"
    assert http.last.json == {"identifier": "kantor.bsky.social", "password": "abcd-efgh-ijkl-mnop"}
    assert "Authorization" not in http.last.headers


@pytest.mark.parametrize(
    ("said", "error", "detail"),
    [
        (refused("AuthenticationRequired", 401), errors.AuthRevoked, "401 AuthenticationRequired"),
        (refused("AuthFactorTokenRequired", 401), errors.AuthRevoked, "needs_app_password"),
        (refused("AccountTakedown", 401), errors.Forbidden, "401 AccountTakedown"),
        (refused("RateLimitExceeded", 429), errors.RateLimited, "429 RateLimitExceeded"),
        (answer("<html>Bukan server</html>", 404), errors.Unsupported, "404"),
        (answer("<html>Halo</html>"), errors.Transient, "a success that says nothing"),
        (answer("", 500), errors.Transient, "500"),
        (answer("", 503), errors.Transient, "status 503"),
        (NotReached("unknown_host"), errors.Transient, "unknown_host"),
    ],
)
def test_signing_in_that_fails(said, error, detail):
    adapter, _ = bluesky(said)

    with pytest.raises(errors.AdapterError) as raised:
        adapter.sign_in(TYPED)
    assert (type(raised.value), raised.value.detail) == (error, detail)


def test_the_account_is_asked_who_it_is_and_where_it_lives():
    document = {"service": [{"id": "#atproto_pds", "serviceEndpoint": f"{PDS}/"}]}
    session = {"did": DID, "handle": "kantor.go.id", "didDoc": document}
    adapter, http = bluesky(answer(session))

    info = adapter.verify(replace(ACCOUNT, settings={}))

    assert http.last.url == "https://bsky.social/xrpc/com.atproto.server.getSession"
    assert http.last.headers["Authorization"] == f"Bearer {token()}"
    assert (info.handle, info.expires_at) == ("kantor.go.id", ENDS)
    assert info.url == "https://bsky.app/profile/kantor.go.id"
    assert info.settings == {"did": DID, "pds": PDS}


@pytest.mark.parametrize(
    ("typed", "server"),
    [
        (None, "https://bsky.social"), ("", "https://bsky.social"), ("https://bsky.app/profile/x", "https://bsky.social"),
        ("bsky.social", "https://bsky.social"), ("pds.kantor.go.id/", "https://pds.kantor.go.id"),
        ("http://127.0.0.1:2583/xrpc", "http://127.0.0.1:2583"),
    ],
)  # fmt: skip
def test_the_server_as_it_was_typed(typed, server):
    assert typed_server(replace(ACCOUNT, settings={} if typed is None else {"host": typed})) == server


def test_what_is_no_server_is_refused():
    with pytest.raises(errors.Invalid):
        typed_server(replace(ACCOUNT, settings={"host": "file:///etc/passwd"}))


@pytest.mark.parametrize(
    "endpoint", ["http://pds.example", "file:///etc/passwd", "https://a:b@pds.example", "", None, 5]
)
def test_a_document_does_not_lead_the_token_astray(endpoint):
    document = {"service": [{"id": "#atproto_pds", "serviceEndpoint": endpoint}, "x", {"id": "#other"}]}

    assert own_server(document, "https://bsky.social") == "https://bsky.social"
    assert own_server(None, "https://bsky.social") == "https://bsky.social"


def test_tokens_are_renewed():
    adapter, http = bluesky(answer({"accessJwt": token(n=2), "refreshJwt": "r2", "did": DID}))

    tokens = adapter.refresh(ACCOUNT)

    assert (tokens.access, tokens.refresh, tokens.expires_at) == (token(n=2), "r2", ENDS)
    assert tokens.refresh_expires_at is None  # the password renews that one
    assert http.last.headers["Authorization"] == f"Bearer {token(aud='refresh')}"
    assert http.last.content == b""


@pytest.mark.parametrize(
    "said", [refused("ExpiredToken"), refused("InvalidToken"), refused("AuthMissing", 401)]
)
def test_where_the_refresh_token_has_ended_too_the_password_opens_the_door(said):
    adapter, http = bluesky(said, answer({"accessJwt": token(n=3), "refreshJwt": "r3", "did": DID}))

    assert adapter.refresh(ACCOUNT).refresh == "r3"
    assert http.last.path.endswith("createSession")
    assert http.last.json["identifier"] == DID


def test_a_withdrawn_password_needs_a_person():
    adapter, _ = bluesky(refused("ExpiredToken"), refused("AuthenticationRequired", 401))

    with pytest.raises(errors.AuthRevoked):
        adapter.refresh(ACCOUNT)


@pytest.mark.parametrize("said", [answer("", 502), answer("", 500), answer({}), AnswerLost("too_slow")])
def test_a_passing_failure_to_renew_disconnects_nobody(said):
    adapter, http = bluesky(said)

    with pytest.raises(errors.Transient):
        adapter.refresh(ACCOUNT)
    assert len(http.asked) == 1


def test_without_a_token_it_asks_for_one_first():
    adapter, http = bluesky()

    for act in (adapter.prepare, adapter.commit, adapter.find):
        with pytest.raises(errors.AuthExpired):
            act(job(account=replace(ACCOUNT, secrets={"password": "x"})))
    assert http.asked == []


# What it refuses beforehand


def test_three_hundred_graphemes_and_no_videos():
    adapter, _ = bluesky()
    limits = Limits(counter=Counter.GRAPHEMES, text=300, text_bytes=3000, media_max=4)

    assert adapter.validate(Variant(text="é" * 300), limits) == ()
    family = "👨‍👩‍👧‍👦"
    assert [p.code for p in adapter.validate(Variant(text=family * 121), limits)] == [
        ProblemCode.TOO_LONG
    ]  # 3,025 bytes
    found = adapter.validate(Variant(text="x" * 301, media=(PICTURE,) * 5 + (VIDEO,)), limits)
    assert {(p.field, p.code) for p in found} == {
        (Field.TEXT, ProblemCode.TOO_LONG), (Field.MEDIA, ProblemCode.TOO_MANY), (Field.MEDIA, ProblemCode.WRONG_KIND),
    }  # fmt: skip


# Step by step


def test_people_pictures_and_a_name_one_a_call():
    work = job(
        variant=Variant(
            text="Halo @Warga.go.id dan @tidak.ada", media=(PICTURE, replace(PICTURE, asset_id=2))
        )
    )
    adapter, http = bluesky(
        answer({"did": "did:plc:warga"}),
        refused("HandleNotFound"),
        answer({"blob": BLOB}),
        answer({"blob": BLOB}),
        NOT_THERE,
    )
    told, calls = adapter.prepare(work), 1
    while isinstance(told, Pending):
        told, calls = adapter.prepare(replace(work, prepare_state=told.state)), calls + 1

    assert isinstance(told, Ready)
    assert told.state == {
        "people": {"warga.go.id": "did:plc:warga", "tidak.ada": ""}, "blobs": [BLOB, BLOB], "rkey": NAME, "did": DID,
        "replaces": None, "sent_at": SENT.isoformat(), "created_at": OURS, "asked": 0,
    }  # fmt: skip
    assert calls == len(http.asked) == 5
    assert work.files.wished == [(1, 1_000_000, 2000), (2, 1_000_000, 2000)]
    sent = http.asked[2]
    assert (sent.content, sent.headers["Content-Type"]) == (b"\xff\xd8picture", "image/jpeg")
    json.dumps(told.state)


@pytest.mark.parametrize(
    "said",
    [refused("HandleNotFound"), refused("InvalidRequest"), refused("NotFound", 404)],
)
def test_whom_nobody_knows_keeps_no_post_from_going_out(said):
    adapter, _ = bluesky(said)

    assert adapter.prepare(job(variant=Variant(text="Halo @tidak.ada"))).state["people"] == {"tidak.ada": ""}


@pytest.mark.parametrize(
    ("said", "error"), [(answer("", 429), errors.RateLimited), (NotReached("unreachable"), errors.Transient)]
)
def test_who_cannot_be_asked_about_just_now_is_asked_about_later(said, error):
    adapter, _ = bluesky(said)

    with pytest.raises(error):
        adapter.prepare(job(variant=Variant(text="Halo @warga.go.id")))


@pytest.mark.parametrize(
    "said", [answer("", 502), answer("", 500), refused("InternalServerError", 500), answer({"did": "http://x"}), answer("x")]
)  # fmt: skip
def test_a_fault_of_the_server_takes_no_mention_away(said):
    work = job(variant=Variant(text="Halo @warga.go.id"))
    adapter, _ = bluesky(said, said, answer({"did": "did:plc:warga"}))

    told = adapter.prepare(work)
    assert isinstance(told, Pending)
    assert told.retry_after > 0
    assert "people" not in told.state
    told = adapter.prepare(replace(work, prepare_state=told.state))
    told = adapter.prepare(replace(work, prepare_state=told.state))
    assert told.state["people"] == {"warga.go.id": "did:plc:warga"}

    # And not for ever: the post goes out without it.
    adapter, _ = bluesky(said, said, said)
    state: dict = {}
    for _time in range(3):
        state = adapter.prepare(replace(work, prepare_state=state)).state
    assert state["people"] == {"warga.go.id": ""}


def test_pictures_that_a_server_may_have_thrown_away_are_sent_again():
    state = {"blobs": [BLOB], "sent_at": (SENT - timedelta(hours=2)).isoformat()}
    adapter, http = bluesky(answer({"blob": BLOB | {"size": 10}}))

    told = adapter.prepare(job(variant=Variant(text="x", media=(PICTURE,)), prepare_state=state))

    assert told.state["blobs"] == [BLOB | {"size": 10}]
    assert told.state["sent_at"] == SENT.isoformat()
    assert http.last.path.endswith("uploadBlob")


def test_a_name_that_is_taken_is_left_alone():
    adapter, http = bluesky(there(later(-1)), NOT_THERE)

    name = adapter.prepare(job()).state["rkey"]

    assert name == tid_of(SENT, "post:42:1", turn=1) != NAME
    assert http.last.query == {"repo": DID, "collection": "app.bsky.feed.post", "rkey": name}


def test_this_very_post_under_its_name_keeps_it():
    adapter, _ = bluesky(there(text="Lelang perdana, sebelum disunting"))

    state = adapter.prepare(job()).state
    assert (state["rkey"], state["replaces"], state["created_at"]) == (NAME, "bafy", OURS)


def test_a_post_that_waited_bears_the_time_at_which_it_goes_out():
    """Readers are shown posts by their own time, and one of nine days ago lies under everything."""
    now = SENT + timedelta(days=9)
    work = job(now=now)
    adapter, http = bluesky(NOT_THERE, answer({"uri": URI, "cid": "bafy"}))

    state = adapter.prepare(work).state
    adapter.commit(replace(work, prepare_state=state, now=now + timedelta(hours=1)))

    told = datetime.fromisoformat(http.last.json["record"]["createdAt"])
    assert abs(told - now) < timedelta(seconds=1)
    assert http.last.json["rkey"] == NAME
    # Whoever has forgotten all of it knows it again by the digits below the second.
    adapter, _ = bluesky(there(state["created_at"]))
    assert isinstance(adapter.find(job(now=now + timedelta(days=1))), Receipt)
    adapter, _ = bluesky(there(state["created_at"]))
    assert adapter.prepare(job(now=now + timedelta(days=1))).state["created_at"] == state["created_at"]
    # What is older than the job is not it.
    adapter, _ = bluesky(there(time_of(job(now=SENT)).replace("2026-11-22", "2026-11-21")))
    assert isinstance(adapter.find(work), CannotTell)


def test_names_that_are_all_taken():
    adapter, _ = bluesky(*[there("2020-01-01T00:00:00Z")] * 5)

    with pytest.raises(errors.Conflict):
        adapter.prepare(job())


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (refused("ExpiredToken"), errors.AuthExpired),
        (refused("InvalidToken"), errors.AuthExpired),
        (refused("AuthMissing", 401), errors.AuthExpired),
        (refused("AuthenticationRequired", 401), errors.AuthExpired),
        (refused("AccountDeactivated", 401), errors.Forbidden),
        (refused("PayloadTooLarge", 413), errors.MediaRejected),
        (answer("<html>413</html>", 413), errors.MediaRejected),
        (refused("InvalidMimeType"), errors.MediaRejected),
        (refused("InvalidRequest"), errors.MediaRejected),
        (refused("RateLimitExceeded", 429), errors.RateLimited),
        (refused("UpstreamTimeout", 504), errors.Transient),
        (refused("NotEnoughResources", 500), errors.Transient),
        (refused("MethodNotImplemented", 501), errors.Unsupported),
        (answer("<html>Cloudflare</html>", 403), errors.Transient),
        (answer("<html></html>", 404), errors.Unsupported),
        (answer({"blob": "bafkrei"}), errors.Transient),
        (answer({}), errors.Transient),
        (answer(b'{"blob": {'), errors.Transient),
        (AnswerLost("answer"), errors.Transient),
        (NotReached("unreachable"), errors.Transient),
    ],
)
def test_every_refusal_of_a_picture_is_understood(said, error):
    adapter, _ = bluesky(said)

    with pytest.raises(errors.AdapterError) as raised:
        adapter.prepare(job(variant=Variant(text="x", media=(PICTURE,))))
    assert type(raised.value) is error
    assert "Maaf" not in raised.value.detail


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"ratelimit_reset": "IN 90"}, 90), ({"retry_after": "30"}, 30), ({"ratelimit_reset": "1"}, 0),
        ({"ratelimit_reset": "999999999999"}, 86_400), ({"ratelimit_reset": "-5"}, None), ({}, None),
    ],
)  # fmt: skip
def test_when_it_may_ask_again(headers, seconds):
    now = datetime.now(UTC)
    headers = {k: str(int(now.timestamp()) + 90) if v == "IN 90" else v for k, v in headers.items()}
    adapter, _ = bluesky(refused("RateLimitExceeded", 429, **headers))

    with pytest.raises(errors.RateLimited) as raised:
        adapter.prepare(job(variant=Variant(text="x", media=(PICTURE,))))
    if seconds is None:
        assert raised.value.retry_at is None
    else:
        assert abs((raised.value.retry_at - now).total_seconds() - seconds) < 3


# The one call


def test_publishing_writes_the_record_under_its_name():
    adapter, http = bluesky(answer({"uri": URI, "cid": "bafy"}))

    receipt = adapter.commit(job(prepare_state={"rkey": NAME, "people": {}, "blobs": [], "created_at": OURS}))

    assert receipt.external_id == URI
    assert receipt.permalink == f"https://bsky.app/profile/kantor.bsky.social/post/{NAME}"
    assert len(receipt.answer_sha256) == 64
    assert http.last.path.endswith("com.atproto.repo.putRecord")
    assert http.last.json == {
        "repo": DID, "collection": "app.bsky.feed.post", "rkey": NAME,
        "swapRecord": None,
        "record": {
            "$type": "app.bsky.feed.post", "text": "Lelang perdana", "createdAt": OURS, "langs": ["id"],
        },
    }  # fmt: skip


def test_twice_the_same_bytes():
    work = job(
        prepare_state={"rkey": NAME, "blobs": [BLOB], "created_at": OURS},
        variant=Variant(text="a #b", media=(PICTURE,)),
    )
    done = answer({"uri": URI, "cid": "bafy"})
    adapter, http = bluesky(done, done)

    first = adapter.commit(work)
    second = adapter.commit(replace(work, now=SENT + timedelta(days=1), committing_at=SENT))

    assert first == second
    assert http.asked[0].content == http.asked[1].content


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (AnswerLost("too_slow"), errors.OutcomeUnknown),
        (answer("", 502), errors.OutcomeUnknown),
        (refused("InternalServerError", 500), errors.OutcomeUnknown),
        (answer("<html></html>"), errors.OutcomeUnknown),
        (answer({"uri": URI}), errors.OutcomeUnknown),
        (NotReached("unreachable"), errors.Transient),
        (refused("BlobNotFound"), errors.Transient),
        (refused("ExpiredToken"), errors.AuthExpired),
        (refused("InvalidRequest"), errors.Invalid),
        (refused("InvalidSwap"), errors.Transient),
        (refused("RateLimitExceeded", 429), errors.RateLimited),
    ],
)
def test_what_the_call_may_come_to(said, error):
    adapter, _ = bluesky(said)

    with pytest.raises(errors.AdapterError) as raised:
        adapter.commit(job(prepare_state={"rkey": NAME}))
    assert type(raised.value) is error


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (there(), Receipt), (there(OURS.replace("Z", "+00:00")), Receipt), (NOT_THERE, Absent),
        (there(later(1)), CannotTell), (there("kapan"), CannotTell),
        (there(OURS.removesuffix("Z")), CannotTell),
        (answer({"uri": URI, "cid": "b", "value": {"$type": "app.bsky.graph.block"}}), CannotTell),
    ],
)  # fmt: skip
def test_whether_it_is_there(said, found):
    adapter, _ = bluesky(said)

    assert isinstance(adapter.find(job(prepare_state={"rkey": NAME})), found)


@pytest.mark.parametrize(
    "said",
    [
        answer("", 500),
        answer("<html></html>"),
        refused("InvalidRequest"),
        answer("", 404),
        AnswerLost("answer"),
    ],
)
def test_only_the_servers_own_word_proves_absence(said):
    adapter, _ = bluesky(said)

    with pytest.raises(errors.AdapterError):
        adapter.find(job())


def test_the_name_needs_no_memory():
    adapter, http = bluesky(NOT_THERE)

    adapter.find(job())

    assert http.last.query["rkey"] == NAME


# Afterwards


def test_posts_cannot_be_edited():
    adapter, http = bluesky()

    assert not adapter.caps.can_edit
    with pytest.raises(errors.Unsupported):
        adapter.update(job(external_id=URI))
    assert http.asked == []


def test_taking_down_may_be_repeated():
    adapter, http = bluesky(answer({"commit": {}}), answer({}), NOT_THERE)

    for _time in range(3):
        adapter.retract(job(external_id=URI))
    assert http.last.json == {"repo": DID, "collection": "app.bsky.feed.post", "rkey": NAME}


@pytest.mark.parametrize(
    "uri", [None, "", "6", f"at://{DID}/app.bsky.graph.follow/{NAME}", f"at://{DID}/app.bsky.feed.post/x", f"at://did:plc:lain/app.bsky.feed.post/{NAME}"]
)  # fmt: skip
def test_only_a_post_of_this_account_is_taken_down(uri):
    adapter, http = bluesky()

    with pytest.raises(errors.Invalid):
        adapter.retract(job(external_id=uri))
    assert http.asked == []


def test_the_address_without_a_handle_that_works():
    adapter, _ = bluesky()

    assert adapter.permalink(Receipt(URI)) == f"https://bsky.app/profile/{DID}/post/{NAME}"
    assert adapter.permalink(Receipt(URI, "https://bsky.app/x")) == "https://bsky.app/x"
    assert adapter.permalink(Receipt("6")) is None
    adapter, _ = bluesky(there())
    found = adapter.find(job(account=replace(ACCOUNT, handle="handle.invalid")))
    assert found.permalink == f"https://bsky.app/profile/{DID}/post/{NAME}"


def test_numbers_come_from_the_appview():
    post = {"uri": URI, "likeCount": 3, "replyCount": 0, "repostCount": 2}
    adapter, http = bluesky(answer({"posts": [{"uri": "at://lain", "likeCount": 9}, post]}))

    found = adapter.metrics(Receipt(URI), ACCOUNT, at=SENT)

    assert {one.name: one.value for one in found} == {"likes": 3, "comments": 0, "shares": 2, "quotes": None}
    assert found[0] == Metric("likes", 3, "app.bsky.feed.getPosts", SENT)
    assert http.last.query == {"uris": URI}


@pytest.mark.parametrize(
    "said",
    [
        answer("", 502), answer("", 404), refused("MethodNotImplemented", 501), answer({"posts": []}), answer("<html>"),
        answer({"posts": [{"uri": URI, "likeCount": "3", "replyCount": -1, "repostCount": True}]}), NotReached("unreachable"),
    ],
)  # fmt: skip
def test_a_number_that_nobody_tells_is_unknown_and_never_zero(said):
    adapter, _ = bluesky(said)

    assert [one.value for one in adapter.metrics(Receipt(URI), ACCOUNT, at=SENT)] == [None] * 4


@pytest.mark.parametrize(
    ("said", "error"), [(refused("ExpiredToken"), errors.AuthExpired), (answer("", 429), errors.RateLimited)]
)
def test_numbers_that_may_be_had_later(said, error):
    adapter, _ = bluesky(said)

    with pytest.raises(error):
        adapter.metrics(Receipt(URI), ACCOUNT, at=SENT)


# The record


def test_pictures_with_their_words_and_shape():
    record = record_of(
        job(variant=Variant(text="x", media=(PICTURE, VIDEO), link="https://contoh.go.id")),
        at=OURS,
        people={},
        blobs=[BLOB],
    )

    assert record["embed"] == {
        "$type": "app.bsky.embed.images",
        "images": [{"alt": "Juru lelang", "image": BLOB, "aspectRatio": {"width": 1200, "height": 800}}],
    }  # fmt: skip
    assert record["text"] == "x\n\nhttps://contoh.go.id"


def test_a_picture_of_unknown_shape_claims_none():
    work = job(variant=Variant(text="x", media=(replace(PICTURE, width=0),)))

    assert "aspectRatio" not in record_of(work, at=OURS, people={}, blobs=[BLOB])["embed"]["images"][0]


def test_a_link_without_pictures_is_a_card():
    variant = Variant(title="Lelang\x00 perdana", text="x", link="https://contoh.go.id/a", summary="Ringkas")

    record = record_of(job(variant=variant), at=OURS, people={}, blobs=[])

    assert record["embed"] == {
        "$type": "app.bsky.embed.external",
        "external": {"uri": "https://contoh.go.id/a", "title": "Lelang perdana", "description": "Ringkas"},
    }  # fmt: skip
    untitled = record_of(job(variant=replace(variant, title="")), at=OURS, people={}, blobs=[])
    assert untitled["embed"]["external"]["title"] == "contoh.go.id"


def test_text_alone_has_no_embed():
    record = record_of(job(variant=Variant(text="x", language="")), at=OURS, people={}, blobs=[])
    assert not {"embed", "facets", "langs"} & set(record)


# Facets


def cut(text: str, people=None) -> list[tuple[str, str]]:
    """What each facet's bytes say, and what kind it is."""
    raw = text.encode()
    return [
        (
            raw[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode(),
            f["features"][0]["$type"].rpartition("#")[2],
        )
        for f in facets_of(text, people or {})
    ]


def test_facets_are_cut_by_bytes():
    text = "👨‍👩‍👧‍👦 Halo @warga.go.id, simak kantor.go.id/berita dan https://contoh.id. #lelang #è́tat"

    assert cut(text, {"warga.go.id": "did:plc:w"}) == [
        ("@warga.go.id", "mention"), ("kantor.go.id/berita", "link"), ("https://contoh.id", "link"), ("#lelang", "tag"),
        ("#è́tat", "tag"),
    ]  # fmt: skip
    whole = facets_of("kantor.go.id", {})[0]["features"][0]
    assert whole["uri"] == "https://kantor.go.id"


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@warga.go.id", ["warga.go.id"]),
        ("(@Warga.GO.id).", ["warga.go.id"]),
        ("@a.id @a.id @b.id", ["a.id", "b.id"]),
        ("humas@kantor.go.id", []),
        ("https://x.com/@warga.go.id", []),
        ("@warga", []),
        ("@warga.", []),
        ("@-a.id", []),
        ("@warga.go.id@mastodon.social", []),
        ("@" + "a" * 64 + ".id", []),
        ("@" + ".".join(["a" * 60] * 5) + ".id", []),
    ],
)
def test_mentions(text, handles):
    assert handles_in(text) == handles


def test_nobody_calls_out_to_everybody():
    assert len(find_mentions(" ".join(f"@a{n}.id" for n in range(50)))) == 20


def test_a_tag_that_is_too_long_stays_text():
    assert cut("#" + "a" * 65) == []
    assert cut("#" + "a" * 64) == [("#" + "a" * 64, "tag")]
    assert cut("#" + "日" * 64) == [("#" + "日" * 64, "tag")]


WILD = st.lists(
    st.sampled_from(
        [
            *"ab .,#@/:-()\n",
            "@a.id ",
            "#tag ",
            "https://b.id/x ",
            "kantor.go.id ",
            "👨‍👩‍👧‍👦",
            "è́",
            "\u202eאב",
            "日本",
            "🇮🇩",
        ]
    )
    | st.characters(exclude_categories=["Cs"]),
    max_size=40,
).map("".join)


@given(WILD)
def test_facets_are_whole_characters_in_order_and_apart(text):
    facets = facets_of(text, dict.fromkeys(handles_in(text), "did:plc:w"))
    raw, position = text.encode(), 0

    for facet in facets:
        start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        assert position <= start < end <= len(raw)
        piece = raw[start:end].decode()  # never half of a character
        feature = facet["features"][0]
        kind = feature["$type"].rpartition("#")[2]
        if kind == "tag":
            assert piece[1:] == feature["tag"]
        elif kind == "link":
            assert feature["uri"].endswith(piece)
        else:
            assert piece.startswith("@")
        position = end


@given(st.text(st.characters(), max_size=200))
def test_any_text_is_something_that_can_be_sent(text):
    record = record_of(
        job(variant=Variant(text=text, title=text, link="https://a.id")), at=OURS, people={}, blobs=[]
    )

    assert "\x00" not in text_of(Variant(text=text))
    json.dumps(record, ensure_ascii=False).encode()


# Names


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1)).map(lambda d: d.replace(tzinfo=UTC)), st.text(max_size=40),
    st.integers(0, 9),
)  # fmt: skip
def test_a_name_follows_from_the_job(created_at, key, turn):
    name = tid_of(created_at, key, turn=turn)

    assert is_tid(name)
    assert name == tid_of(created_at, key, turn=turn)
    number = 0
    for char in name:
        number = number << 5 | "234567abcdefghijklmnopqrstuvwxyz".index(char)
    assert (number >> 10) // 1_000_000 == int((created_at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())


def test_a_thousand_posts_of_one_instant_have_a_thousand_names():
    assert len({tid_of(SENT.replace(microsecond=0), f"post:{n}:1") for n in range(1000)}) == 1000
    assert NAME == "3n2umxik2ni3g", "a name that changes with a new release would publish a post twice"


def test_secrets_stay_out_of_errors_and_representations():
    for said in (answer({"error": token(), "message": token()}, 400), answer(token(), 400)):
        adapter, _ = bluesky(said)
        with pytest.raises(errors.AdapterError) as raised:
            adapter.prepare(job(variant=Variant(text="x", media=(PICTURE,))))
        assert token() not in str(raised.value)
    assert token() not in repr(ACCOUNT)
