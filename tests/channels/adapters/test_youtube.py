"""The YouTube adapter against Google's discovery document (contracts/youtube.json) and its resumable upload protocol."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from humasflow.channels.adapters import errors
from humasflow.channels.adapters.base import (
    Absent,
    Authorizing,
    CannotTell,
    Pending,
    Ready,
    Receipt,
    Severity,
)
from humasflow.channels.adapters.http import AnswerLost, NotReached
from humasflow.channels.adapters.variant import Account, Action, AppKeys, Job, MediaItem, MediaKind, Variant
from humasflow.channels.adapters.youtube import YouTubeAdapter
from humasflow.channels.adapters.youtube.api import API, next_quota_day
from humasflow.channels.adapters.youtube.upload import GRAIN, PIECE
from humasflow.channels.presets.loader import get_platform
from humasflow.core import clock
from tests.support.contract import Contract
from tests.support.scripted import StoredFiles, answer, script

CONTRACT = Contract("youtube")
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
APP = AppKeys("kunci", "sandi-aplikasi")
ACCOUNT = Account(
    7, "youtube", "kantor", settings={"channel_id": "UC1", "uploads": "UU1"},
    secrets={"access_token": "rahasia", "refresh_token": "rahasia-lagi"}, app=APP,
)  # fmt: skip
VIDEO = MediaItem(2, MediaKind.VIDEO, "a.mp4", "video/mp4", size=2 * PIECE + 77)
VARIANT = Variant(
    title="  Lelang   perdana ", text="Simak.", link="https://kantor.go.id/1", hashtags=("#BMN", "aset negara", "BMN", " "),
    media=(VIDEO,),
)  # fmt: skip
LIMITS = get_platform("youtube").limits
SESSION = f"{API}/upload/youtube/v3/videos?uploadType=resumable&upload_id=rahasia-sesi"
PUBLIC = {"id": "dQw4", "snippet": {"title": "Lelang perdana"}, "status": {"privacyStatus": "public"}}


def job(**changes) -> Job:
    found = {
        "post_id": 42, "generation": 1, "action": Action.PUBLISH, "idempotency_key": "kunci-42", "account": ACCOUNT,
        "variant": VARIANT, "created_at": NOW, "now": NOW, "files": StoredFiles(b"v" * VIDEO.size),
    }  # fmt: skip
    return Job(**(found | changes))


def state(offset=0, **more):
    return {"session": SESSION, "offset": offset, "size": VIDEO.size, "asset": 2} | more


def reason(word, status=403):
    return answer(
        {"error": {"code": status, "message": "…", "errors": [{"domain": "youtube", "reason": word}]}}, status
    )


def resume(received):
    return answer("", 308, **({"range": f"bytes=0-{received - 1}"} if received else {}))


# Connecting


def test_it_asks_for_what_it_needs_and_no_more():
    adapter = YouTubeAdapter(script())
    assert isinstance(adapter, Authorizing) and adapter.app_provider == "google"
    asked = parse_qs(
        urlsplit(
            adapter.authorize_url(APP, redirect_uri="https://h.example/k", state="s", challenge="c")
        ).query
    )

    assert asked["access_type"] == ["offline"] and asked["prompt"] == ["consent"]
    assert asked["code_challenge_method"] == ["S256"]
    for name, method in CONTRACT.all["methods"].items():
        assert set(adapter.scopes) & set(method["scopes"]), name


def test_a_code_becomes_a_grant_and_its_channels():
    channels = {
        "items": [
            {"id": "UC1", "snippet": {"title": "Kantor", "customUrl": "@kantor"},
             "contentDetails": {"relatedPlaylists": {"uploads": "UU1"}}},
            {"id": "UC2", "snippet": {"title": "Lain"}},
        ]
    }  # fmt: skip
    told = script(
        answer({"access_token": "a", "refresh_token": "r", "expires_in": 3599}),
        answer(channels),
        answer(channels),
    )
    adapter = YouTubeAdapter(told)
    grant = adapter.exchange(APP, code="kode", redirect_uri="https://h.example/k", verifier="v")
    one, other = adapter.outlets(APP, grant)

    assert told.asked[0].form["client_secret"] == "sandi-aplikasi"
    assert told.asked[0].form["code_verifier"] == "v"
    assert (one.external_id, one.handle, one.url) == ("UC1", "kantor", "https://www.youtube.com/@kantor")
    assert one.settings == {"channel_id": "UC1", "uploads": "UU1"}
    assert other.url == "https://www.youtube.com/channel/UC2"
    assert told.last.path == "/" + CONTRACT.all["methods"]["channels.list"]["path"]
    assert set(told.last.query) <= {*CONTRACT.all["methods"]["channels.list"]["parameters"]}
    info = adapter.verify(ACCOUNT)
    assert (info.name, info.settings["uploads"]) == ("Kantor", "UU1")


def test_a_permission_that_was_left_out_is_said_at_once():
    only = "https://www.googleapis.com/auth/youtube.readonly"
    told = script(answer({"access_token": "a", "refresh_token": "r", "expires_in": 3599, "scope": only}))
    with pytest.raises(errors.Forbidden, match="youtube.upload"):
        YouTubeAdapter(told).exchange(APP, code="kode", redirect_uri="https://h.example/k", verifier="v")
    with pytest.raises(errors.Forbidden):
        YouTubeAdapter(script()).verify(replace(ACCOUNT, settings={**ACCOUNT.settings, "scopes": [only]}))

    whole = " ".join(YouTubeAdapter.scopes)
    told = script(
        answer({"access_token": "a", "refresh_token": "r", "expires_in": 3599, "scope": whole}),
        answer({"items": [{"id": "UC1", "snippet": {}}]}),
    )
    adapter = YouTubeAdapter(told)
    grant = adapter.exchange(APP, code="kode", redirect_uri="https://h.example/k", verifier="v")
    assert adapter.outlets(APP, grant)[0].settings["scopes"] == list(YouTubeAdapter.scopes)


def test_a_token_that_opens_another_channel_is_refused():
    told = script(answer({"items": [{"id": "UC9", "snippet": {}}]}), answer({"items": []}))
    for _time in range(2):
        with pytest.raises(errors.Forbidden, match="no_channel"):
            YouTubeAdapter(told).verify(ACCOUNT)


@pytest.mark.parametrize("line", [answer("<html>Sebentar</html>"), answer(""), answer([])])
def test_a_page_instead_of_an_answer_says_nothing_of_the_channel(line):
    with pytest.raises(errors.Transient):
        YouTubeAdapter(script(line)).verify(ACCOUNT)
    with pytest.raises(errors.Transient):
        YouTubeAdapter(script(line)).metrics(Receipt("dQw4"), ACCOUNT, at=NOW)


def test_renewing():
    told = script(
        answer({"access_token": "a2", "expires_in": 3599, "refresh_token_expires_in": 604799}),
        answer({"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, 400),
    )
    with clock.moved_to(NOW):
        tokens = YouTubeAdapter(told).refresh(ACCOUNT)
    assert tokens.access == "a2" and tokens.refresh is None
    # A project in "Testing" lets its tokens die after a week, and says so.
    assert abs(tokens.refresh_expires_at - NOW - timedelta(days=7)) < timedelta(minutes=1)
    with pytest.raises(errors.AuthRevoked):
        YouTubeAdapter(told).refresh(ACCOUNT)


# Rules


@pytest.mark.parametrize(
    ("variant", "found"),
    [
        (VARIANT, set()),
        (replace(VARIANT, title=""), {("title", "required")}),
        (replace(VARIANT, title="a" * 101), {("title", "too_long")}),
        (replace(VARIANT, title="a<b"), {("title", "forbidden_character")}),
        (replace(VARIANT, text="a > b"), {("text", "forbidden_character")}),
        (replace(VARIANT, text="é" * 2501), {("text", "too_long")}),
        (replace(VARIANT, media=()), {("media", "too_few")}),
        (replace(VARIANT, media=(VIDEO, VIDEO)), {("media", "too_many")}),
        (replace(VARIANT, media=(MediaItem(1, alt_text="x"),)), {("media", "wrong_kind")}),
        (replace(VARIANT, hashtags=tuple(f"tagar{n:03}" + "x" * 20 for n in range(18))), {("hashtags", "too_long")}),
    ],
)  # fmt: skip
def test_what_youtube_takes(variant, found):
    problems = YouTubeAdapter(script()).validate(variant, LIMITS)

    assert {(p.field.value, p.code.value) for p in problems if p.severity is Severity.ERROR} == found


# Publishing


class Google:
    """The resumable protocol as Google's guide tells it, with its strictness: pieces in order, multiples of 256 KiB."""

    def __init__(self, size):
        self.size, self.got, self.video, self.calls = size, b"", None, []

    def __call__(self, method, url, *, headers=None, content=None, timeout=None, max_bytes=0):
        self.calls.append((method, urlsplit(url).path, headers))
        if method == "POST":
            return answer("", 200, location=SESSION)
        assert url == SESSION
        assert int(headers["Content-Length"]) == len(content)
        asked = re.fullmatch(r"bytes (?:\*|([0-9]+)-([0-9]+))/([0-9]+)", headers["Content-Range"])
        assert int(asked[3]) == self.size
        if asked[1] is not None:
            first, last = int(asked[1]), int(asked[2])
            assert first == len(self.got) and last - first + 1 == len(content) > 0
            assert len(content) % GRAIN == 0 or last == self.size - 1
            self.got += content
        if len(self.got) == self.size:
            self.video = PUBLIC
            return answer(PUBLIC, 201 if asked[1] is not None else 200)
        return resume(len(self.got))


def prepared(adapter, work):
    steps = 0
    while True:
        step = adapter.prepare(work)
        steps += 1
        work = replace(work, prepare_state=dict(step.state))
        if isinstance(step, Ready):
            return work, steps
        assert steps < 50


def test_a_video_piece_by_piece_and_nothing_public_before_the_last():
    video = bytes(range(256)) * (VIDEO.size // 256) + b"v" * (VIDEO.size % 256)
    google = Google(VIDEO.size)
    adapter = YouTubeAdapter(google)
    work, _steps = prepared(adapter, job(files=StoredFiles(video)))

    assert google.video is None and google.got == video[: 2 * PIECE]
    receipt = adapter.commit(replace(work, committing_at=NOW))
    assert google.got == video
    assert (receipt.external_id, receipt.permalink) == ("dQw4", "https://www.youtube.com/watch?v=dQw4")
    again = adapter.commit(replace(work, committing_at=NOW))
    assert again.external_id == "dQw4" and google.got == video
    assert adapter.find(replace(work, committing_at=NOW)).external_id == "dQw4"


def test_the_session_is_opened_as_the_contract_says():
    told = script(answer("", 200, location=SESSION))
    step = YouTubeAdapter(told).prepare(job())
    method = CONTRACT.all["methods"]["videos.insert"]

    assert told.last.url.startswith(CONTRACT.all["baseUrl"].rstrip("/") + method["upload"] + "?")
    assert told.last.method == method["httpMethod"]
    assert told.last.query == {"uploadType": "resumable", "part": "snippet,status"}
    assert told.last.headers["X-Upload-Content-Length"] == str(VIDEO.size)
    assert CONTRACT.faults("Video", told.last.json) == []
    assert told.last.json["snippet"] == {
        "title": "Lelang perdana", "description": "Simak.\n\nhttps://kantor.go.id/1\n\n#BMN #aset negara",
        "tags": ["BMN", "aset negara"], "categoryId": "25", "defaultLanguage": "id",
    }  # fmt: skip
    assert told.last.json["status"] == {"privacyStatus": "public", "selfDeclaredMadeForKids": False}
    assert step == Pending(state())
    chosen = replace(ACCOUNT, settings={"category_id": "22"})
    told = script(answer("", 200, location=SESSION))
    YouTubeAdapter(told).prepare(job(account=chosen))
    assert told.last.json["snippet"]["categoryId"] == "22"


@pytest.mark.parametrize(
    "location", ["", "https://jahat.example/upload", "http://youtube.googleapis.com/x", "https://a@youtube.googleapis.com/"]
)  # fmt: skip
def test_the_token_goes_nowhere_else(location):
    with pytest.raises(errors.Transient):
        YouTubeAdapter(script(answer("", 200, location=location))).prepare(job())
    with pytest.raises(errors.Conflict):
        YouTubeAdapter(script()).prepare(
            job(prepare_state=state(session=location or "https://jahat.example/"))
        )


def test_another_of_googles_names_is_google():
    told = script(answer("", 200, location="https://www.googleapis.com/upload/youtube/v3/videos?upload_id=1"))
    assert isinstance(YouTubeAdapter(told).prepare(job()), Pending)


class Faulty:
    """A way out on which uploads get lost before or after they arrived, or meet a server that is down."""

    def __init__(self, google, faults):
        self.google, self.waiting = google, list(faults)

    def __call__(self, method, url, **request):
        fault = self.waiting.pop() if self.waiting and method == "PUT" else ""
        if fault == "lost_before":
            raise NotReached("unreachable")
        if fault == "down":
            return reason("backendError", 503)
        found = self.google(method, url, **request)
        if fault == "lost_after":
            raise AnswerLost("too_slow")
        return found


def one_step(adapter, work):
    """What the publisher does next; the receipt, or the work with its new state."""
    try:
        if work.committing_at is None:
            step = adapter.prepare(work)
            ready = isinstance(step, Ready)
            return replace(work, prepare_state=dict(step.state), committing_at=NOW if ready else None)
        found = adapter.commit(work)
    except errors.Transient:
        return work
    except errors.OutcomeUnknown:
        found = asked(adapter, work)
    return replace(work, prepare_state=dict(found.state)) if isinstance(found, Pending) else found


def asked(adapter, work):
    while True:
        try:
            found = adapter.find(work)
        except errors.Transient:
            continue
        return work if isinstance(found, Absent) else found


@settings(deadline=None, max_examples=60)
@given(
    st.integers(min_value=1, max_value=3 * PIECE),
    st.lists(st.sampled_from(["lost_before", "lost_after", "down"]), max_size=6),
)
def test_whatever_is_lost_the_video_arrives_once_and_whole(size, faults):
    google = Google(size)
    adapter = YouTubeAdapter(Faulty(google, faults))
    item = replace(VIDEO, size=size)
    at = job(variant=replace(VARIANT, media=(item,)), files=StoredFiles(b"\x07" * size))
    for _step in range(60):
        at = one_step(adapter, at)
        if isinstance(at, Receipt):
            break

    assert isinstance(at, Receipt) and at.external_id == "dQw4"
    assert len(google.got) == size and sum(call[0] == "POST" for call in google.calls) == 1


def test_a_session_that_died_before_the_end_begins_anew():
    assert YouTubeAdapter(script(answer("", 404))).prepare(job(prepare_state=state(PIECE))) == Pending({})
    # Once the last piece may have been sent, nothing begins anew by itself.
    tried = job(prepare_state=state(PIECE), committing_at=NOW)
    assert YouTubeAdapter(script(answer("", 410))).prepare(tried) == Ready(state(PIECE))
    with pytest.raises(errors.OutcomeUnknown, match="session_gone"):
        YouTubeAdapter(script(answer("", 410))).commit(tried)


# Finding again


def test_an_upload_that_is_not_whole_is_no_video():
    work = job(prepare_state=state(), committing_at=NOW)

    assert YouTubeAdapter(script()).find(job(committing_at=NOW)) == Absent()
    assert YouTubeAdapter(script(resume(PIECE))).find(work) == Absent()
    assert YouTubeAdapter(script(resume(0))).find(work) == Absent()
    assert isinstance(YouTubeAdapter(script(resume(VIDEO.size))).find(work), Pending)
    told = script(answer(PUBLIC))
    assert YouTubeAdapter(told).find(work).external_id == "dQw4"
    assert told.last.headers["Content-Range"] == f"bytes */{VIDEO.size}" and told.last.content == b""
    assert YouTubeAdapter(script()).caps.trusts_absence


def uploaded(title="Lelang perdana", at="2026-11-22T03:01:00Z", video="dQw4", privacy="public"):
    snippet = {"title": title, "publishedAt": at, "resourceId": {"videoId": video}}
    return {"snippet": snippet, "status": {"privacyStatus": privacy}}


@pytest.mark.parametrize(
    ("items", "found"),
    [
        ([uploaded(), uploaded("Lain")], "dQw4"),
        ([], None),
        ([uploaded(at="2026-11-20T00:00:00Z")], None),
        ([uploaded(at="kapan-kapan")], None),
        ([uploaded(), uploaded(video="lain")], None),
        ([{"snippet": None}, {}], None),
    ],
)
def test_when_the_session_is_gone_the_uploads_are_searched(items, found):
    told = script(answer("", 404), answer({"items": items}))
    answered = YouTubeAdapter(told).find(job(prepare_state=state(), committing_at=NOW))

    assert told.last.query["playlistId"] == "UU1"
    assert set(told.last.query) <= {*CONTRACT.all["methods"]["playlistItems.list"]["parameters"]}
    assert answered == (Receipt(found, f"https://www.youtube.com/watch?v={found}") if found else CannotTell())


def test_a_video_of_another_delivery_with_the_same_title_is_not_this_one():
    """A series goes out under one title, and this call never arrived."""
    work = job(prepare_state=state(), committing_at=NOW, known_ids=frozenset({"lain"}))
    for items, found in (([uploaded(video="lain")], None), ([uploaded(video="lain"), uploaded()], "dQw4")):
        told = script(answer("", 404), answer({"items": items}))
        answered = YouTubeAdapter(told).find(work)
        assert (answered.external_id if isinstance(answered, Receipt) else None) == found


def test_without_the_uploads_only_a_person_can_look():
    unknown = replace(ACCOUNT, settings={})
    told = script(answer("", 404))
    assert YouTubeAdapter(told).find(job(account=unknown, prepare_state=state())) == CannotTell()


def test_what_youtube_keeps_private_is_not_published():
    hidden = PUBLIC | {"status": {"privacyStatus": "private"}}
    work = job(prepare_state=state(2 * PIECE), committing_at=NOW)
    with pytest.raises(errors.Unsupported, match="private_only"):
        YouTubeAdapter(script(resume(2 * PIECE), answer(hidden, 201))).commit(work)
    with pytest.raises(errors.Unsupported, match="private_only") as told:
        YouTubeAdapter(script(answer(hidden))).find(work)
    assert told.value.is_outcome
    with pytest.raises(errors.Unsupported, match="private_only"):
        YouTubeAdapter(script(answer("", 404), answer({"items": [uploaded(privacy="private")]}))).find(work)


# Refusals


@pytest.mark.parametrize(
    ("line", "error", "detail"),
    [
        (reason("quotaExceeded"), errors.QuotaExceeded, "quotaExceeded"),
        (reason("uploadLimitExceeded", 400), errors.QuotaExceeded, "uploadLimitExceeded"),
        (reason("rateLimitExceeded"), errors.RateLimited, "rateLimitExceeded"),
        (reason("authError", 401), errors.AuthExpired, "authError"),
        (reason("youtubeSignupRequired", 401), errors.Forbidden, "youtubeSignupRequired"),
        (reason("insufficientPermissions"), errors.Forbidden, "insufficientPermissions"),
        (reason("accessNotConfigured"), errors.Forbidden, "accessNotConfigured"),
        (reason("invalidTitle", 400), errors.Invalid, "invalidTitle"),
        (reason("invalidDescription", 400), errors.Invalid, "invalidDescription"),
        (reason("mediaBodyRequired", 400), errors.MediaRejected, "mediaBodyRequired"),
        (reason("backendError", 500), errors.Transient, "backendError"),
        (reason("somethingNew", 400), errors.Invalid, "somethingNew"),
        (answer({"error": {"status": "UNAUTHENTICATED"}}, 401), errors.AuthExpired, "UNAUTHENTICATED"),
        (answer({"error": {"code": 403, "details": [{"reason": "SERVICE_DISABLED"}]}}, 403), errors.Forbidden,
         "SERVICE_DISABLED"),
        (answer("<html>", 403), errors.Transient, "status 403"),
        (answer("", 413), errors.MediaRejected, "status 413"),
        (answer("", 429), errors.RateLimited, "status 429"),
        (answer("", 502), errors.Transient, "status 502"),
        (AnswerLost("cut"), errors.Transient, "cut"),
    ],
)  # fmt: skip
def test_refusals_by_their_reason_first(line, error, detail):
    with pytest.raises(error) as refused:
        YouTubeAdapter(script(line)).prepare(job())

    assert refused.value.detail == detail and "rahasia" not in str(refused.value)


@pytest.mark.parametrize(
    "line", [AnswerLost("too_slow"), answer({}, 500), answer("", 503), answer("<html>", 200), answer({}, 201)]
)
def test_the_last_piece_without_an_answer_is_asked_about(line):
    with pytest.raises(errors.OutcomeUnknown):
        YouTubeAdapter(script(resume(2 * PIECE), line)).commit(
            job(prepare_state=state(2 * PIECE), committing_at=NOW)
        )


def test_a_refused_last_piece_is_a_refusal():
    adapter = YouTubeAdapter(script(resume(2 * PIECE), reason("quotaExceeded")))
    with clock.moved_to(NOW), pytest.raises(errors.QuotaExceeded) as refused:
        adapter.commit(job(prepare_state=state(2 * PIECE), committing_at=NOW))
    assert refused.value.resets_at == datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "reset"),
    [
        ("2026-11-22T03:00:00+00:00", "2026-11-22T08:00:00+00:00"),  # winter: UTC-8
        ("2026-07-01T08:00:00+00:00", "2026-07-02T07:00:00+00:00"),  # summer: UTC-7
        ("2026-03-08T09:00:00+00:00", "2026-03-09T07:00:00+00:00"),  # the day of 23 hours
        ("2026-11-01T07:30:00+00:00", "2026-11-02T08:00:00+00:00"),  # the day of 25 hours
    ],
)
def test_the_day_of_the_quota_begins_in_california(now, reset):
    assert next_quota_day(datetime.fromisoformat(now)) == datetime.fromisoformat(reset)


# Afterwards


def test_words_change_and_a_video_does_not():
    told = script(answer(PUBLIC))
    receipt = YouTubeAdapter(told).update(job(external_id="dQw4", prepare_state=state()))

    assert receipt.external_id == "dQw4" and told.last.method == "PUT"
    assert told.last.json["id"] == "dQw4" and CONTRACT.faults("Video", told.last.json) == []
    other = replace(VARIANT, media=(replace(VIDEO, asset_id=9),))
    with pytest.raises(errors.Unsupported):
        YouTubeAdapter(script()).update(job(external_id="dQw4", prepare_state=state(), variant=other))
    with pytest.raises(errors.Conflict):
        YouTubeAdapter(script()).update(job())


def test_taking_it_down_hides_it_and_twice_is_no_error():
    hidden = answer(PUBLIC | {"status": {"privacyStatus": "private"}})
    told = script(hidden, reason("videoNotFound", 404))
    YouTubeAdapter(told).retract(job(external_id="dQw4"))
    assert told.last.json["status"]["privacyStatus"] == "private" and told.last.query == {"part": "status"}
    assert CONTRACT.faults("Video", told.last.json) == []
    YouTubeAdapter(told).retract(job(external_id="dQw4"))


@pytest.mark.parametrize("line", [answer(PUBLIC), answer({}), answer("<html>"), reason("conflict", 409)])
def test_it_is_down_only_when_youtube_says_so(line):
    with pytest.raises(errors.AdapterError):
        YouTubeAdapter(script(line)).retract(job(external_id="dQw4"))


def test_numbers_that_are_hidden_stay_unknown():
    told = script(
        answer({"items": [{"statistics": {"viewCount": "12", "commentCount": "0"}}]}), answer({"items": []})
    )
    adapter = YouTubeAdapter(told)

    assert {m.name: m.value for m in adapter.metrics(Receipt("dQw4"), ACCOUNT, at=NOW)} == {
        "views": 12, "likes": None, "comments": 0,
    }  # fmt: skip
    statistics = CONTRACT.all["$defs"]["VideoStatistics"]["properties"]
    assert {"viewCount", "likeCount", "commentCount"} <= statistics.keys()
    with pytest.raises(errors.Conflict):
        adapter.metrics(Receipt("dQw4"), ACCOUNT, at=NOW)
    assert adapter.permalink(Receipt("dQw4")) == "https://www.youtube.com/watch?v=dQw4"
    assert adapter.quota(ACCOUNT) is None


def test_a_job_without_its_video():
    for media, error in (((), errors.Invalid), ((replace(VIDEO, size=0),), errors.MediaRejected)):
        with pytest.raises(error):
            YouTubeAdapter(script()).prepare(job(variant=replace(VARIANT, media=media)))
    with pytest.raises(errors.MediaRejected, match="ends early"):
        YouTubeAdapter(script(resume(0))).prepare(job(prepare_state=state(), files=StoredFiles(b"")))
