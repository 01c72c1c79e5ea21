"""The TikTok adapter against what TikTok's pages say of its chunks, states and codes.

The same adapter meets an emulator in tests/servers/test_tiktok.py.
"""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humasflow.channels.adapters import errors
from humasflow.channels.adapters.base import (
    Absent,
    Authorizing,
    CannotTell,
    Done,
    Pending,
    Ready,
    Receipt,
    Severity,
)
from humasflow.channels.adapters.http import AnswerLost, NotReached
from humasflow.channels.adapters.tiktok import TikTokAdapter
from humasflow.channels.adapters.tiktok.adapter import MODERATION
from humasflow.channels.adapters.tiktok.upload import ADDRESS_LIVES, PIECE, plan
from humasflow.channels.adapters.variant import Account, Action, AppKeys, Job, MediaItem, MediaKind, Variant
from humasflow.channels.presets.loader import get_platform
from humasflow.core import clock
from tests.support.scripted import StoredFiles, answer, script

MB = 1_000_000
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
APP = AppKeys("kunci", "sandi-aplikasi")
ACCOUNT = Account(
    7, "tiktok", "kantor", settings={"username": "kantor"},
    secrets={"access_token": "rahasia", "refresh_token": "rahasia-lagi"}, app=APP,
)  # fmt: skip
VIDEO = MediaItem(2, MediaKind.VIDEO, "a.mp4", "video/mp4", size=2 * PIECE + 77, duration=30)
VARIANT = Variant(text="Lelang perdana", hashtags=("BMN",), media=(VIDEO,))
LIMITS = get_platform("tiktok").limits
ADDRESS = "https://open-upload.tiktokapis.com/video/?upload_id=rahasia-sesi"
CREATOR = {
    "creator_username": "kantor", "creator_nickname": "Kantor", "comment_disabled": False, "duet_disabled": True,
    "privacy_level_options": ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"],
    "max_video_post_duration_sec": 600,
}  # fmt: skip


def ok(**data):
    return answer({"data": data, "error": {"code": "ok", "message": "", "log_id": "x"}})


def no(code, status=400):
    return answer({"data": {}, "error": {"code": code, "message": "…", "log_id": "x"}}, status)


def job(**changes) -> Job:
    found = {
        "post_id": 42, "generation": 1, "action": Action.PUBLISH, "idempotency_key": "kunci-42", "account": ACCOUNT,
        "variant": VARIANT, "created_at": NOW, "now": NOW, "files": StoredFiles(b"v" * VIDEO.size),
    }  # fmt: skip
    return Job(**(found | changes))


def state(sent=1, opened=NOW, **more):
    return {
        "username": "kantor", "publish_id": "v_pub~1", "upload_url": ADDRESS, "opened_at": opened.isoformat(),
        "size": VIDEO.size, "sent": sent,
    } | more  # fmt: skip


# Connecting


def test_it_asks_in_tiktoks_own_words():
    adapter = TikTokAdapter(script())
    assert isinstance(adapter, Authorizing) and adapter.app_provider == "tiktok" and not adapter.uses_pkce
    asked = parse_qs(
        urlsplit(
            adapter.authorize_url(APP, redirect_uri="https://h.example/k", state="s", challenge=None)
        ).query
    )

    assert asked == {
        "client_key": ["kunci"], "response_type": ["code"], "scope": ["user.info.basic,video.publish,video.list"],
        "redirect_uri": ["https://h.example/k"], "state": ["s"],
    }  # fmt: skip


def test_a_code_becomes_a_grant_of_a_year():
    tokens = {
        "access_token": "act.1", "expires_in": 86400, "open_id": "o1", "refresh_token": "rft.1",
        "refresh_expires_in": 31536000, "scope": "user.info.basic,video.publish", "token_type": "Bearer",
    }  # fmt: skip
    told = script(answer(tokens), ok(user={"open_id": "o1", "display_name": "Kantor"}), ok(**CREATOR))
    adapter = TikTokAdapter(told)
    with clock.moved_to(NOW):
        grant = adapter.exchange(APP, code="kode", redirect_uri="https://h.example/k", verifier=None)
    (outlet,) = adapter.outlets(APP, grant)

    assert told.asked[0].form["client_key"] == "kunci" and "client_id" not in told.asked[0].form
    assert grant.scopes == ("user.info.basic", "video.publish")
    assert abs(grant.refresh_expires_at - NOW - timedelta(days=365)) < timedelta(minutes=1)
    assert (outlet.external_id, outlet.handle, outlet.url) == (
        "o1",
        "kantor",
        "https://www.tiktok.com/@kantor",
    )


def test_renewing_rotates_both():
    told = script(
        answer({"access_token": "act.2", "refresh_token": "rft.2", "expires_in": 86400}),
        answer({"error": "invalid_grant", "error_description": "…", "log_id": "x"}, 200),
    )
    tokens = TikTokAdapter(told).refresh(ACCOUNT)
    assert (tokens.access, tokens.refresh) == ("act.2", "rft.2")
    assert told.last.form["refresh_token"] == "rahasia-lagi"
    with pytest.raises(errors.AuthRevoked):
        TikTokAdapter(told).refresh(ACCOUNT)


def test_an_account_on_which_nobody_would_see_it_warns():
    told = script(ok(**CREATOR), ok(**(CREATOR | {"privacy_level_options": ["SELF_ONLY"]})))
    info = TikTokAdapter(told).verify(ACCOUNT)
    assert (info.name, info.handle, info.warnings) == ("Kantor", "kantor", ())
    assert info.limits == {"video_seconds": 600}
    assert TikTokAdapter(told).verify(ACCOUNT).warnings == ("private_only",)


# Rules


@pytest.mark.parametrize(
    ("variant", "found"),
    [
        (VARIANT, set()),
        (replace(VARIANT, text="a" * 2201), {("text", "too_long")}),
        (replace(VARIANT, media=()), {("media", "too_few")}),
        (replace(VARIANT, media=(VIDEO, VIDEO)), {("media", "too_many")}),
        (replace(VARIANT, media=(MediaItem(1, alt_text="x"),)), {("media", "wrong_kind")}),
    ],
)
def test_what_tiktok_takes_of_a_program(variant, found):
    problems = TikTokAdapter(script()).validate(variant, LIMITS)

    assert {(p.field.value, p.code.value) for p in problems if p.severity is Severity.ERROR} == found


@given(st.integers(min_value=1, max_value=4_000 * MB))
def test_how_a_video_is_cut(size):
    """The media transfer guide: 5 to 64 MB a piece, the last up to 128, none smaller but the only one, at most 1,000."""
    cut = plan(size)
    bounds = [cut.bounds(index) for index in range(cut.count)]

    assert cut.count == size // cut.length and 1 <= cut.count <= 1000
    assert bounds[0][0] == 0 and sum(length for _start, length in bounds) == size
    assert all(start == index * cut.length for index, (start, _length) in enumerate(bounds))
    if cut.count > 1:
        assert all(5 * 1024 * 1024 <= length <= 64 * MB for _start, length in bounds[:-1])
        assert cut.length <= bounds[-1][1] <= 128 * MB
    else:
        assert size <= 64 * MB and cut.length == size


@pytest.mark.parametrize("size", [0, -1, PIECE * 1001])
def test_what_cannot_be_cut(size):
    with pytest.raises(errors.MediaRejected):
        plan(size)


# Publishing


def test_from_the_question_to_the_last_piece():
    video = bytes(range(256)) * (VIDEO.size // 256) + b"v" * (VIDEO.size % 256)
    last = ok(status="PUBLISH_COMPLETE", publicaly_available_post_id=[7301])
    told = script(
        ok(**CREATOR),
        ok(publish_id="v_pub~1", upload_url=ADDRESS),
        answer("", 206),
        answer("", 201),
        ok(status="PROCESSING_UPLOAD", uploaded_bytes=VIDEO.size),
        ok(status="PUBLISH_COMPLETE", publicaly_available_post_id=[]),
        last,
    )
    adapter, work, states = TikTokAdapter(told), job(files=StoredFiles(video)), []
    while not isinstance(step := adapter.prepare(work), Ready):
        work = replace(work, prepare_state=dict(step.state))
        states.append(dict(step.state))
    work = replace(work, prepare_state=dict(step.state), committing_at=NOW)

    asked, opened, first = told.asked
    assert asked.path == "/v2/post/publish/creator_info/query/"
    assert opened.json == {
        "post_info": {
            "title": "Lelang perdana\n\n#BMN", "privacy_level": "PUBLIC_TO_EVERYONE", "disable_comment": False,
            "disable_duet": True, "disable_stitch": False,
        },
        "source_info": {
            "source": "FILE_UPLOAD", "video_size": VIDEO.size, "chunk_size": PIECE, "total_chunk_count": 2,
        },
    }  # fmt: skip
    assert states[-1]["publish_id"] == "v_pub~1"  # stored before a byte was sent
    assert first.headers["Content-Range"] == f"bytes 0-{PIECE - 1}/{VIDEO.size}"
    assert "Authorization" not in first.headers and first.url == ADDRESS

    going = adapter.commit(work)
    assert told.last.headers["Content-Range"] == f"bytes {PIECE}-{VIDEO.size - 1}/{VIDEO.size}"
    assert first.content + told.last.content == video
    assert isinstance(going, Pending) and going.poll and going.retry_after > 0
    work = replace(work, prepare_state=dict(going.state))
    assert isinstance(adapter.poll(work), Pending)
    assert isinstance(adapter.poll(work), Pending)
    done = adapter.poll(work)
    sha256 = hashlib.sha256(last.body).hexdigest()
    assert done == Done(Receipt("7301", "https://www.tiktok.com/@kantor/video/7301", sha256))
    assert told.last.json == {"publish_id": "v_pub~1"}


@pytest.mark.parametrize(
    "lines",
    [
        [ok(**(CREATOR | {"privacy_level_options": ["SELF_ONLY"]}))],
        [ok(**CREATOR), no("unaudited_client_can_only_post_to_private_accounts", 403)],
    ],
)
def test_an_application_nobody_audited_leaves_it_to_people(lines):
    adapter, work = TikTokAdapter(script(*lines)), job()
    with pytest.raises(errors.Unsupported) as refused:  # noqa: PT012 (the second question needs the first)
        for _step in range(2):
            work = replace(work, prepare_state=dict(adapter.prepare(work).state))
    assert refused.value.detail == "private_only"


def test_a_video_longer_than_the_account_may_post():
    long = replace(VARIANT, media=(replace(VIDEO, duration=601),))
    with pytest.raises(errors.Invalid) as refused:
        TikTokAdapter(script(ok(**CREATOR))).prepare(job(variant=long))
    (problem,) = refused.value.problems
    assert (problem.code.value, problem.limit, problem.actual) == ("too_long_video", 600, 601)


def test_what_tiktok_refused_is_opened_anew_when_a_person_tries_again():
    assert TikTokAdapter(script()).prepare(job(prepare_state=state(is_sent=True))) == Pending({})


def test_an_address_that_died_begins_anew():
    old = state(0, NOW - ADDRESS_LIVES)
    assert TikTokAdapter(script()).prepare(job(prepare_state=old)) == Pending({})
    for status in (403, 416):
        told = script(answer("", status))
        assert TikTokAdapter(told).prepare(job(prepare_state=state(0))) == Pending({})


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (answer("", 400), errors.MediaRejected),
        (answer("", 429), errors.Transient),
        (answer("", 500), errors.Transient),
        (AnswerLost("cut"), errors.Transient),
    ],
)
def test_a_piece_that_did_not_arrive(line, error):
    with pytest.raises(error):
        TikTokAdapter(script(line)).prepare(job(prepare_state=state(0)))


@pytest.mark.parametrize("line", [AnswerLost("too_slow"), answer("", 500), answer("", 503)])
def test_the_last_piece_without_an_answer_is_asked_about(line):
    with pytest.raises(errors.OutcomeUnknown):
        TikTokAdapter(script(line)).commit(job(prepare_state=state(), committing_at=NOW))


def test_the_last_piece_that_never_left():
    with pytest.raises(errors.Transient):
        TikTokAdapter(script(NotReached("unreachable"))).commit(job(prepare_state=state(), committing_at=NOW))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (ok(status="PROCESSING_UPLOAD", uploaded_bytes=PIECE), errors.Transient),
        (ok(status="PROCESSING_UPLOAD", uploaded_bytes=VIDEO.size), Pending),
        (ok(status="PUBLISH_COMPLETE", publicaly_available_post_id=["9"]), Receipt),
        (ok(status="SEND_TO_USER_INBOX"), errors.OutcomeUnknown),
        (answer("", 500), errors.OutcomeUnknown),
        (no("access_token_invalid", 401), errors.OutcomeUnknown),
        (ok(status="FAILED", fail_reason="file_format_check_failed"), errors.MediaRejected),
    ],
)
def test_a_refused_last_piece_is_looked_into(status, outcome):
    adapter, work = (
        TikTokAdapter(script(answer("", 416), status)),
        job(prepare_state=state(), committing_at=NOW),
    )
    if issubclass(outcome, Exception):
        with pytest.raises(outcome):
            adapter.commit(work)
    else:
        assert isinstance(adapter.commit(work), outcome)


# Finding again


def test_what_was_never_opened_is_absent():
    assert TikTokAdapter(script()).find(job(committing_at=NOW)) == Absent()


@pytest.mark.parametrize(
    ("status", "after", "found"),
    [
        (ok(status="PROCESSING_UPLOAD", uploaded_bytes=PIECE), timedelta(), Pending),
        (ok(status="PROCESSING_UPLOAD", uploaded_bytes=PIECE), ADDRESS_LIVES, Absent),
        (ok(status="PROCESSING_UPLOAD", uploaded_bytes=VIDEO.size), ADDRESS_LIVES, Pending),
        (ok(status="PROCESSING_UPLOAD"), ADDRESS_LIVES, Pending),
        (ok(status="PUBLISH_COMPLETE", publicaly_available_post_id=[]), timedelta(hours=1), Pending),
        (ok(status="PUBLISH_COMPLETE"), MODERATION - timedelta(seconds=1), Pending),
        (ok(status="PUBLISH_COMPLETE"), MODERATION, CannotTell),  # nobody sees it: a person looks
        (ok(status="PUBLISH_COMPLETE", publicly_available_post_id=[5]), timedelta(), Receipt),
        (ok(status="SEND_TO_USER_INBOX"), timedelta(), CannotTell),
        (ok(), timedelta(), CannotTell),
    ],
)
def test_every_state_of_a_publication(status, after, found):
    work = job(prepare_state=state(), committing_at=NOW, now=NOW + after)
    assert isinstance(TikTokAdapter(script(status)).find(work), found)


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("file_format_check_failed", errors.MediaRejected),
        ("duration_check_failed", errors.MediaRejected),
        ("frame_rate_check_failed", errors.MediaRejected),
        ("picture_size_check_failed", errors.MediaRejected),
        ("spam_risk_text", errors.Invalid),
        ("spam_risk_user_banned_from_posting", errors.Forbidden),
        ("auth_removed", errors.AuthRevoked),
        ("publish_cancelled", errors.Conflict),
        ("spam_risk_too_many_posts", errors.Conflict),
        ("internal", errors.Conflict),
        ("something_new", errors.Conflict),
        ("", errors.Conflict),
    ],
)
def test_why_it_failed(reason, error):
    told = script(ok(status="FAILED", fail_reason=reason))
    with pytest.raises(error) as refused:
        TikTokAdapter(told).find(job(prepare_state=state(), committing_at=NOW))
    assert not refused.value.is_retryable and refused.value.is_outcome


# Refusals


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (no("access_token_invalid", 401), errors.AuthExpired),
        (no("scope_not_authorized", 401), errors.Forbidden),
        (no("rate_limit_exceeded", 429), errors.RateLimited),
        (answer("", 429), errors.RateLimited),
        (no("spam_risk_too_many_posts", 403), errors.QuotaExceeded),
        (no("reached_active_user_cap", 403), errors.QuotaExceeded),
        (no("spam_risk_user_banned_from_posting", 403), errors.Forbidden),
        (no("privacy_level_option_mismatch", 403), errors.Invalid),
        (no("invalid_param"), errors.Invalid),
        (no("invalid_file_upload"), errors.MediaRejected),
        (no("internal_error", 500), errors.Transient),
        (no("something_new", 400), errors.Invalid),
        (no("something_new", 403), errors.Forbidden),
        (answer("<html>", 403), errors.Transient),
        (answer("<html>", 200), errors.Transient),
        (answer("", 502), errors.Transient),
        (AnswerLost("cut"), errors.Transient),
    ],
)
def test_refusals_by_their_code_first(line, error):
    with pytest.raises(error) as refused:
        TikTokAdapter(script(line)).verify(ACCOUNT)
    assert "rahasia" not in str(refused.value)


def test_too_fast_is_over_in_a_minute():
    with clock.moved_to(NOW), pytest.raises(errors.RateLimited) as refused:
        TikTokAdapter(script(no("rate_limit_exceeded", 429))).verify(ACCOUNT)
    assert timedelta(0) < refused.value.retry_at - NOW < timedelta(minutes=2)


def test_what_tiktok_lets_nobody_do_by_program():
    adapter = TikTokAdapter(script())
    for call in (adapter.update, adapter.retract):
        with pytest.raises(errors.Unsupported):
            call(job(external_id="7301"))
    assert adapter.permalink(Receipt("v_pub~1")) is None and adapter.quota(ACCOUNT) is None


def test_a_job_without_a_video_tiktok_takes():
    for media, error in (
        ((), errors.Invalid),
        ((replace(VIDEO, mime="video/x-matroska"),), errors.MediaRejected),
        ((replace(VIDEO, size=0),), errors.MediaRejected),
    ):
        with pytest.raises(error):
            TikTokAdapter(script()).prepare(job(variant=replace(VARIANT, media=media)))
    with pytest.raises(errors.MediaRejected, match="ends early"):
        TikTokAdapter(script()).prepare(job(prepare_state=state(0), files=StoredFiles(b"x")))


# Numbers


def test_numbers_are_those_of_the_video_and_unknown_is_not_zero():
    other, mine = {"id": "1", "view_count": 9}, {"id": "7301", "view_count": 1200, "like_count": 0}
    told = script(ok(videos=[other, mine | {"comment_count": True}], cursor=0, has_more=False))
    numbers = TikTokAdapter(told).metrics(Receipt("7301"), ACCOUNT, at=NOW)

    assert {m.name: m.value for m in numbers} == {"views": 1200, "likes": 0, "comments": None, "shares": None}
    assert {(m.api_version, m.fetched_at) for m in numbers} == {("v2", NOW)}
    assert tuple(m.name for m in numbers) == TikTokAdapter.caps.metrics
    assert (told.last.method, told.last.path) == ("POST", "/v2/video/query/")
    assert told.last.query == {"fields": "id,view_count,like_count,comment_count,share_count"}
    assert told.last.json == {"filters": {"video_ids": ["7301"]}}


@pytest.mark.parametrize("videos", [[], None, [{"id": "1"}], ["7301"]])
def test_a_video_that_is_gone_has_no_numbers(videos):
    with pytest.raises(errors.Conflict):
        TikTokAdapter(script(ok(videos=videos))).metrics(Receipt("7301"), ACCOUNT, at=NOW)


@pytest.mark.parametrize("code", ["scope_not_authorized", "scope_permission_missed"])
def test_a_permission_left_out_leaves_the_numbers_to_people(code):
    """The account publishes all the same: nothing is wrong with it."""
    assert TikTokAdapter(script(no(code, 401))).metrics(Receipt("7301"), ACCOUNT, at=NOW) == ()
    with pytest.raises(errors.Forbidden):
        TikTokAdapter(script(no("spam_risk_user_banned_from_posting", 403))).metrics(
            Receipt("7301"), ACCOUNT, at=NOW
        )
