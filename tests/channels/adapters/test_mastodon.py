"""The Mastodon adapter against what a real server answered (see recordings/mastodon.json)."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from humasflow.channels.adapters import errors
from humasflow.channels.adapters.base import (
    Absent,
    Authorizing,
    CannotTell,
    Commenting,
    Limits,
    Pending,
    Ready,
    Receipt,
    Registering,
    SigningIn,
)
from humasflow.channels.adapters.http import AnswerLost, NotReached
from humasflow.channels.adapters.mastodon import MastodonAdapter
from humasflow.channels.adapters.mastodon.server import instance_of
from humasflow.channels.adapters.matching import html_key, resembles, text_key
from humasflow.channels.adapters.variant import Account, Action, AppKeys, Job, MediaItem, MediaKind, Variant
from tests.support.scripted import StoredFiles, answer, script

RECORDED = json.loads((Path(__file__).parent / "recordings" / "mastodon.json").read_text())["exchanges"]
ACCOUNT = Account(
    7, "mastodon", "mastodonpy_test@localhost:3000", "http://localhost:3000/@mastodonpy_test",
    settings={"instance": "http://localhost:3000", "account_id": "117440810532227399"},
    secrets={"access_token": "rahasia-sekali"},
)  # fmt: skip
SENT = datetime(2026, 10, 14, 19, 5, 10, tzinfo=UTC)
PICTURE = MediaItem(1, filename="lelang.jpg", mime="image/jpeg", sha256="a" * 64, alt_text="Juru lelang")
VIDEO = MediaItem(2, MediaKind.VIDEO, "lelang.mp4", "video/mp4", size=2_500_000, sha256="b" * 64)
APP = AppKeys("kunci", "sandi", "http://localhost:3000")


def recorded(name: str, **changes):
    found = RECORDED[name]
    return answer(found["body"] | changes if changes else found["body"], found["status"], **found["headers"])


OWN = RECORDED["own_statuses"]["body"]
NEWEST = str(int(OWN[0]["id"]) - 1)  # as it was noted before the call: all that is recorded came afterwards


def status(number: int, text: str, *, minutes: int = 0, files: tuple[str, ...] = ()):
    """One of the account's own, as its server shows it."""
    return {
        "id": str(number), "url": f"http://localhost:3000/@k/{number}", "content": f"<p>{text}</p>",
        "created_at": (SENT + timedelta(minutes=minutes)).isoformat(), "media_attachments": [{"id": one} for one in files],
    }  # fmt: skip


def job(**changes) -> Job:
    settings = {
        "post_id": 42, "generation": 1, "action": Action.PUBLISH, "idempotency_key": "kunci-42",
        "account": ACCOUNT, "variant": Variant(text="LOL check this out"), "created_at": SENT,
        "committing_at": SENT, "now": SENT, "files": StoredFiles(b"v" * VIDEO.size),
    }  # fmt: skip
    return Job(**(settings | changes))


def test_it_is_every_kind_of_adapter_it_says():
    adapter = MastodonAdapter(script())

    assert all(isinstance(adapter, kind) for kind in (Authorizing, SigningIn, Registering))
    assert not isinstance(adapter, Commenting)


# Connecting


@pytest.mark.parametrize(
    "typed",
    [
        "mastodon.social",
        " https://Mastodon.Social/@kantor ",
        "@kantor@mastodon.social",
        "mastodon.social/@kantor",
    ],
)
def test_a_server_is_recognised_however_it_is_typed(typed):
    assert instance_of(typed) == "https://mastodon.social"


@pytest.mark.parametrize("typed", ["", "kantor kami", "javascript:alert(1)", "https://a:b@c.id", "@@"])
def test_what_is_no_server_is_refused(typed):
    with pytest.raises(errors.Invalid):
        instance_of(typed)


def test_app_keys_are_made_on_the_server():
    http = script(recorded("apps"))

    keys = MastodonAdapter(http).register_app(
        "http://localhost:3000/@kantor",
        redirect_uri="https://humas.id/balik",
        website="https://humas.id",
    )

    assert (
        keys.instance == "http://localhost:3000" and keys.client_id == RECORDED["apps"]["body"]["client_id"]
    )
    assert http.last.path == "/api/v1/apps"
    assert http.last.form["scopes"] == "read:accounts read:statuses write:media write:statuses"
    assert keys.client_secret not in repr(keys)


def test_a_code_becomes_a_token_and_the_token_an_outlet():
    http = script(recorded("token"), recorded("profile"))
    adapter = MastodonAdapter(http)

    url = adapter.authorize_url(APP, redirect_uri="https://humas.id/balik", state="s", challenge="c")
    grant = adapter.exchange(APP, code="kode", redirect_uri="https://humas.id/balik", verifier="v")
    (outlet,) = adapter.outlets(APP, grant)

    assert url.startswith("http://localhost:3000/oauth/authorize?") and "code_challenge_method=S256" in url
    assert http.asked[0].form["code_verifier"] == "v" and http.asked[0].path == "/oauth/token"
    assert grant.secrets == {"access_token": RECORDED["token"]["body"]["access_token"]}
    assert outlet.handle == "mastodonpy_test@localhost:3000"
    assert outlet.settings == {"instance": "http://localhost:3000", "account_id": "117440810532227399"}


def test_a_used_code_is_refused():
    http = script(answer({"error": "invalid_grant", "error_description": "The grant is invalid"}, 400))

    with pytest.raises(errors.AuthRevoked, match="The grant is invalid"):
        MastodonAdapter(http).exchange(APP, code="x", redirect_uri="https://humas.id", verifier=None)


def test_the_account_is_verified_with_the_limits_of_its_server():
    http = script(recorded("profile"), recorded("app"), answer([]), recorded("instance"))

    info = MastodonAdapter(http).verify(ACCOUNT)

    assert http.asked[0].headers["Authorization"] == "Bearer rahasia-sekali"
    assert info.limits == {
        "text": 500, "media_max": 4, "url_length": 23, "video_bytes": 103_809_024, "alt_text": 10_000,
    }  # fmt: skip
    assert info.settings["picture_bytes"] == 16_777_216 and info.expires_at is None


def test_an_older_server_is_asked_the_older_way():
    http = script(
        recorded("profile"), recorded("missing"), answer([]), recorded("missing"), answer({"configuration": None})
    )  # fmt: skip

    assert MastodonAdapter(http).verify(ACCOUNT).limits == {}
    assert [asked.path for asked in http.asked[3:]] == ["/api/v2/instance", "/api/v1/instance"]


def test_a_token_that_may_only_read_is_told_at_once():
    http = script(recorded("profile"), answer([]), recorded("app", scopes=["read"]))

    with pytest.raises(errors.Forbidden, match="write:statuses write:media"):
        MastodonAdapter(http).sign_in(ACCOUNT)


def test_a_token_that_may_only_write_is_told_at_once():
    for act in ("sign_in", "verify"):
        lines = [recorded("profile"), *([recorded("app")] if act == "verify" else [])]
        http = script(*lines, recorded("not_allowed"))
        with pytest.raises(errors.Forbidden, match="read:statuses"):
            getattr(MastodonAdapter(http), act)(ACCOUNT)


def test_what_a_server_repeats_of_a_trade_stands_in_no_record():
    http = script(
        answer({"error": "no: code=kode-rahasia client_secret=sandi code_verifier=pembuktian"}, 400)
    )

    with pytest.raises(errors.AuthRevoked) as told:
        MastodonAdapter(http).exchange(
            APP, code="kode-rahasia", redirect_uri="https://humas.id", verifier="pembuktian"
        )
    assert not any(secret in told.value.detail for secret in ("kode-rahasia", "sandi", "pembuktian"))


@pytest.mark.parametrize(
    ("first", "error"),
    [
        (recorded("unauthorized"), errors.AuthRevoked),
        (answer("<html>Selamat datang</html>"), errors.Invalid),
        (answer("<html>", 404), errors.Invalid),
        (answer("<html>", 403), errors.Transient),
        (answer("<html>", 503), errors.Transient),
        (AnswerLost("too_slow"), errors.Transient),
        (NotReached("tls"), errors.Transient),
    ],
)
def test_what_a_wrong_connection_says(first, error):
    with pytest.raises(error) as told:
        MastodonAdapter(script(first)).verify(ACCOUNT)

    assert "rahasia" not in str(told.value)


def test_without_a_token_nothing_is_sent():
    with pytest.raises(errors.AuthRevoked):
        MastodonAdapter(script()).verify(replace(ACCOUNT, secrets={}))


# Publishing


def test_media_are_sent_one_a_call_and_a_working_server_is_asked():
    post = job(variant=Variant(text="LOL check this out", media=(PICTURE, VIDEO)))
    http = script(
        recorded("media_at_once"),
        recorded("media_working"),
        answer([status(7, "Kabar kemarin")]),
        answer({"id": "1", "url": None}, 206),
        recorded("media_done"),
    )
    adapter = MastodonAdapter(http)

    first = adapter.prepare(post)
    second = adapter.prepare(replace(post, prepare_state=first.state))
    third = adapter.poll(replace(post, prepare_state=second.state))
    last = adapter.poll(replace(post, prepare_state=third.state))

    assert isinstance(first, Pending) and first.retry_after == 0 and not first.poll
    assert isinstance(second, Pending) and second.poll and isinstance(third, Pending) and third.poll
    assert isinstance(last, Ready)
    assert [one["id"] for one in last.state["media"]] == ["117440821640990441", "117440819877733537"]
    assert b'name="description"\r\n\r\nJuru lelang' in http.asked[0].content
    assert post.files.wished == [(1, 16_000_000, 3840)]
    assert len(http.asked[1].content) == int(http.asked[1].headers["Content-Length"])
    assert json.loads(json.dumps(last.state)) == last.state
    assert (last.state["newest"], last.state["account"]) == ("7", ACCOUNT.settings["account_id"])


def test_the_newest_status_is_noted_before_each_call():
    for shown, newest in (([status(7, "Kemarin"), status(6, "Dulu")], "7"), ([], None)):
        http = script(answer(shown))
        told = MastodonAdapter(http).prepare(job(prepare_state={"newest": "5"}))
        assert isinstance(told, Ready) and told.state["newest"] == newest
        assert http.last.path == "/api/v1/accounts/117440810532227399/statuses"


def test_one_video_stands_alone():
    adapter = MastodonAdapter(script())
    for media, problems in (
        ((VIDEO,), []), ((PICTURE, PICTURE), []), ((VIDEO, VIDEO), ["too_many"]), ((VIDEO, PICTURE), ["too_many"]),
    ):  # fmt: skip
        found = adapter.validate(Variant(text="a", media=media), Limits(media_max=4, media_mixed=True))
        assert [p.code.value for p in found] == problems
    assert (
        len(adapter.validate(Variant(text="a", media=(VIDEO,) * 5), Limits(media_max=4, media_mixed=True)))
        == 1
    )


def test_where_a_mentioned_person_lives_is_not_counted():
    text = "@humas@mastodon.kemenkeu.example halo"
    adapter = MastodonAdapter(script())

    assert adapter.validate(Variant(text=text), Limits(text=11)) == ()
    (problem,) = adapter.validate(Variant(text=text), Limits(text=10))
    assert problem.actual == 11


def test_what_was_uploaded_long_ago_is_uploaded_anew():
    post = job(variant=Variant(text="x", media=(PICTURE,)))
    state = MastodonAdapter(script(recorded("media_at_once"), answer([]))).prepare(post).state
    late = replace(post, prepare_state=state, now=SENT + timedelta(hours=21))
    http = script(recorded("media_at_once"), answer([]))

    with pytest.raises(errors.Transient):
        MastodonAdapter(script()).commit(late)
    assert isinstance(MastodonAdapter(http).prepare(late), Ready) and len(http.asked) == 2
    assert isinstance(MastodonAdapter(script(answer([]))).prepare(replace(post, prepare_state=state)), Ready)


@pytest.mark.parametrize(
    ("status", "error"), [(413, errors.MediaRejected), (422, errors.MediaRejected), (500, errors.Transient)]
)
def test_a_refused_file_is_told(status, error):
    with pytest.raises(error):
        MastodonAdapter(script(answer({"error": "File type is not supported"}, status))).prepare(
            job(variant=Variant(text="x", media=(PICTURE,)))
        )


def test_a_status_is_sent_with_its_key():
    http = script(recorded("status_posted"))
    receipt = MastodonAdapter(http).commit(
        job(
            prepare_state={"media": [{"id": "9", "sha256": "", "crop": "", "ready": True}]},
            variant=Variant(text="LOL check this out", link="https://kantor.go.id/a", language="id-ID"),
        )
    )

    assert len(http.last.headers["Idempotency-Key"]) == 64
    assert http.last.json == {
        "status": "LOL check this out\n\nhttps://kantor.go.id/a", "media_ids": ["9"], "visibility": "public", "language": "id",
    }  # fmt: skip
    assert receipt.external_id == "117440821197397638"
    assert receipt.permalink == "http://localhost:3000/@mastodonpy_test/117440821197397638"
    assert len(receipt.answer_sha256) == 64


def test_the_key_is_of_this_delivery_alone():
    def key_of(**changes):
        http = script(recorded("status_posted"))
        MastodonAdapter(http).commit(job(**changes))
        return http.last.headers["Idempotency-Key"]

    tries = [{}, {"now": SENT + timedelta(hours=3)}, {"committing_at": SENT + timedelta(hours=3)}]
    others = [
        {"created_at": SENT - timedelta(days=1)},
        {"idempotency_key": "post:43:1"},
        {"variant": Variant(text="Lain")},
    ]

    assert len({key_of(**changes) for changes in tries}) == 1
    assert len({key_of(**changes) for changes in [{}, *others]}) == 4


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (NotReached("unreachable"), errors.Transient),
        (AnswerLost("too_slow"), errors.OutcomeUnknown),
        (AnswerLost("redirects"), errors.OutcomeUnknown),
        (answer("<html>", 502), errors.OutcomeUnknown),
        (answer({"error": "x"}, 500), errors.OutcomeUnknown),
        (answer('{"id": "1174', 200), errors.OutcomeUnknown),
        (answer("<html>OK</html>", 200), errors.OutcomeUnknown),
        (recorded("empty_refused"), errors.Invalid),
        (recorded("unauthorized"), errors.AuthRevoked),
        (recorded("not_allowed"), errors.Forbidden),
        (answer({"error": "Too many requests"}, 429), errors.RateLimited),
    ],
)
def test_how_sending_can_end(line, error):
    with pytest.raises(error):
        MastodonAdapter(script(line)).commit(job())


def test_one_status_is_the_receipt_of_one_delivery():
    """Two deliveries of the same words, one of which never arrived, and both answers were lost: the other's status was
    taken for it. Then the key of that one has nothing left to show for it.
    """
    known = frozenset({RECORDED["status_posted"]["body"]["id"]})
    http = script(recorded("status_posted"), recorded("status_posted", id="200"))

    assert MastodonAdapter(http).commit(job(known_ids=known)).external_id == "200"
    first, second = (one.headers["Idempotency-Key"] for one in http.asked)
    assert first != second
    with pytest.raises(errors.OutcomeUnknown):
        MastodonAdapter(script(*[recorded("status_posted")] * 3)).commit(job(known_ids=known))


def test_a_limit_says_when_it_ends():
    for told in ("2026-10-14T21:00:00.319637Z", "1792011600"):
        with pytest.raises(errors.RateLimited) as limit:
            MastodonAdapter(script(answer({"error": "Too many"}, 429, x_ratelimit_reset=told))).commit(job())
        assert limit.value.retry_at is not None
        assert abs(limit.value.retry_at - datetime(2026, 10, 14, 21, tzinfo=UTC)) < timedelta(days=1)


def test_a_status_refused_for_unfinished_media_is_no_refusal():
    state = {"media": [{"id": "9", "sha256": "", "crop": "", "ready": True}]}
    http = script(recorded("empty_refused"), answer({"id": "9", "url": None}, 206))

    with pytest.raises(errors.Transient):
        MastodonAdapter(http).commit(job(prepare_state=state))


# Finding


def test_the_sent_status_is_found_by_its_words():
    shown = RECORDED["status_posted"]["body"] | {"media_attachments": []}
    http = script(answer([RECORDED["status_edited"]["body"], shown]), answer([]))

    receipt = MastodonAdapter(http).find(job())

    assert receipt.external_id == "117440821197397638"
    assert http.asked[0].path == "/api/v1/accounts/117440810532227399/statuses"
    assert http.asked[0].query == {"limit": "40", "exclude_reblogs": "true", "exclude_replies": "true"}


def noted(newest: str | None = NEWEST, **changes) -> Job:
    """Sent, with the note that was made before."""
    return job(**{"prepare_state": {"newest": newest}} | changes)


def test_older_statuses_with_the_same_words_are_not_it():
    post = noted(OWN[0]["id"], variant=Variant(text="Public account status"))

    assert isinstance(MastodonAdapter(script(answer(OWN))).find(post), Absent)
    # The one of the note may be gone by now: what is older still is not ours.
    later = [status(100, "Sama"), status(98, "Sama")]
    assert isinstance(
        MastodonAdapter(script(answer(later[1:]))).find(noted("99", variant=Variant(text="Sama"))), Absent
    )


@pytest.mark.parametrize("minutes", [-11, -65, -600, 0, 65, 600])
def test_no_clock_decides(minutes):
    """The server's or ours may be wrong, or set anew between the note and the call."""
    post = noted("99", variant=Variant(text="Lelang"))

    shown = [status(100, "Lelang", minutes=minutes), status(99, "Kemarin", minutes=-700)]
    found = MastodonAdapter(script(answer(shown))).find(post)

    assert isinstance(found, Receipt) and found.external_id == "100"


@pytest.mark.parametrize(
    ("minutes", "kind"), [(0, Receipt), (-9, Receipt), (-11, CannotTell), (-65, CannotTell), (-135, Absent)]
)
@pytest.mark.parametrize("newest", [None, "01HXYZ"])
def test_without_a_note_that_tells_the_time_alone_never_says_no(minutes, kind, newest):
    """Ids that are no numbers, an account without a status, or a delivery that was prepared by an earlier version."""
    post = noted(newest, variant=Variant(text="Lelang"))
    shown = [status(100, "Lelang", minutes=minutes) | {"id": "01HXZZ"}, status(1, "Lama", minutes=-9999)]

    assert isinstance(MastodonAdapter(script(answer(shown))).find(post), kind)


def test_the_status_of_another_delivery_is_never_ours():
    post = noted("99", variant=Variant(text="Layanan tutup hari ini."), known_ids=frozenset({"100"}))
    shown = [status(100, "Layanan tutup hari ini."), status(99, "Kemarin")]

    assert isinstance(MastodonAdapter(script(answer(shown))).find(post), Absent)


def test_of_several_with_the_same_words_the_oldest_is_ours():
    """As long as each takes the oldest that is left, none is left over."""
    shown = [status(n, "Layanan tutup hari ini.") for n in (103, 102, 101, 100)]

    def found(newest: str, *known: str) -> str:
        post = noted(newest, variant=Variant(text="Layanan tutup hari ini."), known_ids=frozenset(known))
        return MastodonAdapter(script(answer(shown), answer([]))).find(post).external_id

    assert found("100") == "101"
    assert found("100", "101") == "102"
    assert found("101", "103") == "102"


@pytest.mark.parametrize(
    ("files", "text", "kind"),
    [
        (("baru",), "", Receipt),
        (("baru",), "Disunting orang lain sejak itu", Receipt),
        (("lama",), "", CannotTell),  # the same words, and so many files, and not ours: whose?
        (("lama",), "Kabar lain", Absent),
        (("baru", "lagi"), "", Absent),
    ],
)
def test_files_are_known_by_their_ids(files, text, kind):
    state = {"newest": "99", "media": [{"id": "baru", "sha256": "", "crop": "", "ready": True}]}
    post = job(prepare_state=state, variant=Variant(media=(PICTURE,)))
    shown = [status(100, text, files=files), status(99, "Kemarin")]

    assert isinstance(MastodonAdapter(script(answer(shown))).find(post), kind)
    # A server that surely keeps the ids leaves no doubt.
    sure = replace(post, account=replace(ACCOUNT, settings=ACCOUNT.settings | {"keeps_ids": True}))
    expected = Absent if kind is CannotTell else kind
    assert isinstance(MastodonAdapter(script(answer(shown))).find(sure), expected)


@pytest.mark.parametrize(
    ("version", "keeps"),
    [
        ("4.7.3", True), ("4.3.0-alpha.3+glitch", True), ("2.7.2 (compatible; Akkoma 3.10)", False), ("0.17.3+git", False),
        ("", False), (None, False),
    ],
)  # fmt: skip
def test_what_a_server_does_with_the_ids_of_files(version, keeps):
    http = script(recorded("profile"), recorded("app"), answer([]), recorded("instance", version=version))

    assert MastodonAdapter(http).verify(ACCOUNT).settings["keeps_ids"] is keeps


def test_an_account_read_to_its_end_does_not_have_it():
    assert isinstance(MastodonAdapter(script(recorded("own_statuses"), answer([]))).find(job()), Absent)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (answer({"id": "1", "text": "Public account status"}), Absent),
        (answer({"id": "1", "text": "Public account statuses"}), Receipt),
        (recorded("missing"), CannotTell),
    ],
)
def test_one_that_is_almost_it_is_asked_how_it_was_written(source, kind):
    post = noted("1", variant=Variant(text="Public account statuses"))
    http = script(recorded("own_statuses"), source, answer([]))

    assert isinstance(MastodonAdapter(http).find(post), kind)
    assert http.asked[1].path == "/api/v1/statuses/117440813345128578/source"


def test_an_account_that_writes_too_much_leaves_it_to_a_person():
    page = [RECORDED["own_statuses"]["body"][0]] * 40

    assert isinstance(MastodonAdapter(script(*[answer(page)] * 5)).find(job()), CannotTell)


@pytest.mark.parametrize(
    "line", [answer("<html>"), answer([{"no": "status"}]), AnswerLost("cut"), answer("", 500)]
)
def test_a_list_that_is_none_proves_nothing(line):
    with pytest.raises(errors.Transient):
        MastodonAdapter(script(line)).find(job())


def test_what_another_account_published_is_not_touched():
    for act in ("update", "retract"):
        http = script()
        with pytest.raises(errors.Conflict):
            getattr(MastodonAdapter(http), act)(job(external_id="1", prepare_state={"account": "lain"}))
        assert http.asked == []


@pytest.mark.parametrize("name", ["link_posted", "mention_posted", "status_posted"])
def test_what_a_server_shows_has_the_key_of_what_was_sent(name):
    from urllib.parse import parse_qs

    sent = parse_qs(RECORDED[name]["sent"])["status"][0]

    assert html_key(RECORDED[name]["body"]["content"]) == text_key(sent)


def test_words_that_differ_have_other_keys():
    assert text_key("Lelang 12 Mei") != text_key("Lelang 13 Mei")
    assert text_key("halo @kantor@mastodon.social  👩‍👩‍👧") == text_key("Halo\n@kantor 👩👩👧")
    assert not resembles("", "") and resembles(text_key("Lelang hari Senin"), text_key("Lelang hari Senim"))


# Afterwards


def test_a_status_is_edited_with_the_pictures_it_has():
    http = script(recorded("status_edited"))
    state = {"media": [{"id": "9", "sha256": PICTURE.sha256, "crop": "", "ready": True}]}

    receipt = MastodonAdapter(http).update(
        job(
            external_id="117440831413709748",
            prepare_state=state,
            variant=Variant(text="Ralat", media=(PICTURE,)),
        )
    )

    assert http.last.method == "PUT" and http.last.json["media_ids"] == ["9"]
    assert http.last.json["media_attributes"] == [{"id": "9", "description": "Juru lelang"}]
    assert receipt.external_id == "117440831413709748"


def test_another_picture_is_sent_anew():
    http = script(recorded("media_at_once"), recorded("status_edited"))
    state = {"media": [{"id": "9", "sha256": "z" * 64, "crop": "", "ready": True}]}

    MastodonAdapter(http).update(
        job(external_id="1", prepare_state=state, variant=Variant(text="R", media=(PICTURE,)))
    )

    assert http.last.json["media_ids"] == ["117440821640990441"]


def test_another_video_is_a_persons_to_exchange():
    """Answered by 202, it would be sent anew at each try, and none of them could end."""
    http, state = script(), {"media": [{"id": "9", "sha256": "z" * 64, "crop": "", "ready": True}]}
    film = replace(PICTURE, kind=MediaKind.VIDEO, mime="video/mp4")
    with pytest.raises(errors.Unsupported):
        MastodonAdapter(http).update(
            job(external_id="1", prepare_state=state, variant=Variant(text="R", media=(film,)))
        )
    assert http.asked == []


def test_a_status_that_is_gone_cannot_be_edited_and_need_not_be_deleted():
    with pytest.raises(errors.Conflict):
        MastodonAdapter(script(recorded("missing"))).update(job(external_id="1"))
    MastodonAdapter(script(recorded("missing"))).retract(job(external_id="1"))
    MastodonAdapter(script(recorded("status_deleted"))).retract(job(external_id="1"))
    with pytest.raises(errors.AuthRevoked):
        MastodonAdapter(script(recorded("unauthorized"))).retract(job(external_id="1"))


def test_a_known_status_is_read_by_its_id():
    assert (
        MastodonAdapter(script(recorded("status_read"))).find(job(external_id="117440831413709748")).permalink
    )
    assert isinstance(MastodonAdapter(script(recorded("missing"))).find(job(external_id="1")), Absent)


def test_numbers_are_read_and_what_is_no_number_is_unknown():
    shown = RECORDED["status_read"]["body"] | {"favourites_count": 3, "reblogs_count": None}
    receipt = MastodonAdapter(script(recorded("status_posted"))).commit(job())

    found = MastodonAdapter(script(answer(shown))).metrics(receipt, ACCOUNT, at=SENT)

    assert {m.name: m.value for m in found} == {"likes": 3, "shares": None, "comments": 0}
