"""The X adapter against the models of X's own Python package (contracts/x.json) and the refusals X documents."""

import base64
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
from humasflow.channels.adapters.validation import compose_text
from humasflow.channels.adapters.variant import Account, Action, AppKeys, Job, MediaItem, MediaKind, Variant
from humasflow.channels.adapters.x import XAdapter
from humasflow.channels.adapters.x.media import SEGMENT
from humasflow.channels.adapters.x.timeline import key_of, text_of
from humasflow.channels.presets.loader import get_platform
from tests.support.contract import Contract, parts_of
from tests.support.scripted import StoredFiles, answer, script

CONTRACT = Contract("x")
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
APP = AppKeys("kunci", "sandi-aplikasi")
ACCOUNT = Account(
    7, "x", "kantor", settings={"user_id": "99", "username": "kantor"},
    secrets={"access_token": "rahasia", "refresh_token": "rahasia-lagi"}, app=APP,
)  # fmt: skip
PICTURE = MediaItem(1, filename="a.jpg", mime="image/jpeg", alt_text=" Juru lelang ")
SILENT = MediaItem(3, filename="b.jpg", mime="image/jpeg")
VIDEO = MediaItem(2, MediaKind.VIDEO, "a.mp4", "video/mp4", size=SEGMENT * 2 + 5)
LIMITS = get_platform("x").limits


def job(**changes) -> Job:
    found = {
        "post_id": 42, "generation": 1, "action": Action.PUBLISH, "idempotency_key": "kunci-42", "account": ACCOUNT,
        "variant": Variant(text="Lelang & aset", link="https://kantor.go.id/berita/1?utm_source=x", hashtags=("BMN",)),
        "created_at": NOW, "now": NOW, "files": StoredFiles(b"v" * VIDEO.size),
    }  # fmt: skip
    return Job(**(found | changes))


def problem(kind, status=403, **more):
    return answer(
        {"type": f"https://api.x.com/2/problems/{kind}", "title": "No", "status": status} | more, status
    )


# Connecting


def test_it_is_connected_on_the_page_of_x():
    adapter = XAdapter(script())
    assert isinstance(adapter, Authorizing) and adapter.app_provider == "x" and adapter.uses_pkce
    asked = parse_qs(
        urlsplit(
            adapter.authorize_url(APP, redirect_uri="https://h.example/k", state="s", challenge="c")
        ).query
    )

    assert asked["scope"] == ["tweet.read tweet.write users.read media.write offline.access"]
    assert asked["code_challenge"] == ["c"] and asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["https://h.example/k"] and asked["state"] == ["s"]


def test_a_code_becomes_a_grant_and_a_grant_one_outlet():
    told = script(
        answer({"access_token": "a", "refresh_token": "r", "expires_in": 7200, "scope": "tweet.read"}),
        answer({"data": {"id": "99", "name": "Kantor", "username": "kantor"}}),
    )
    adapter = XAdapter(told)
    grant = adapter.exchange(APP, code="kode", redirect_uri="https://h.example/k", verifier="v")
    (outlet,) = adapter.outlets(APP, grant)

    sent = told.asked[0]
    assert sent.form == {
        "grant_type": "authorization_code", "code": "kode", "redirect_uri": "https://h.example/k", "code_verifier": "v",
    }  # fmt: skip
    assert sent.headers["Authorization"] == "Basic " + base64.b64encode(b"kunci:sandi-aplikasi").decode()
    assert grant.secrets == {"access_token": "a", "refresh_token": "r"}
    assert (outlet.external_id, outlet.handle, outlet.url) == ("99", "kantor", "https://x.com/kantor")
    assert told.last.headers["Authorization"] == "Bearer a"


def test_renewing_replaces_both_and_keeps_what_did_not_come():
    told = script(
        answer({"access_token": "a2", "refresh_token": "r2", "expires_in": 7200}),
        answer({"access_token": "a3", "refresh_token": ""}),
        answer(
            {"error": "invalid_request", "error_description": "Value passed for the token was invalid."}, 400
        ),
        answer("<html>", 503),
    )
    adapter = XAdapter(told)

    assert (adapter.refresh(ACCOUNT).access, told.last.form["refresh_token"]) == ("a2", "rahasia-lagi")
    assert adapter.refresh(ACCOUNT).refresh is None
    with pytest.raises(errors.AuthRevoked):
        adapter.refresh(ACCOUNT)
    with pytest.raises(errors.Transient):
        adapter.refresh(ACCOUNT)
    with pytest.raises(errors.AuthRevoked):
        adapter.refresh(replace(ACCOUNT, secrets={"access_token": "a"}))


def test_who_it_is_and_whether_anybody_can_read_it():
    me = {"id": "99", "name": "Kantor", "username": "kantor"}
    adapter = XAdapter(script(answer({"data": me}), answer({"data": me | {"protected": True}}), answer({})))

    assert adapter.verify(ACCOUNT).warnings == ()
    info = adapter.verify(ACCOUNT)
    assert info.warnings == ("followers_only",) and info.settings == {"user_id": "99", "username": "kantor"}
    with pytest.raises(errors.Transient):
        adapter.verify(ACCOUNT)


# Rules


@pytest.mark.parametrize(
    ("variant", "found"),
    [
        (Variant(text="a" * 280), set()),
        (Variant(text="a" * 281), {("error", "text", "too_long")}),
        (Variant(text="日" * 141), {("error", "text", "too_long")}),
        (Variant(text="a" * 250, link="https://kantor.go.id/" + "p" * 200), set()),
        (Variant(text="a", media=(VIDEO,)), set()),
        (Variant(text="a", media=(VIDEO, PICTURE)), {("error", "media", "mixed_kinds")}),
        (Variant(text="a", media=(VIDEO, VIDEO)), {("error", "media", "too_many")}),
        (Variant(text="a", media=(PICTURE,) * 4), set()),
        (Variant(text="a", media=(PICTURE,) * 5), {("error", "media", "too_many")}),
        (Variant(text="a", media=(replace(PICTURE, alt_text="x" * 1001),)), {("error", "alt_text", "too_long")}),
        (Variant(text="a", media=(replace(VIDEO, duration=141),)), {("error", "media", "too_long_video")}),
    ],
)  # fmt: skip
def test_what_x_takes(variant, found):
    problems = XAdapter(script()).validate(variant, LIMITS)

    assert {
        (p.severity.value, p.field.value, p.code.value) for p in problems if p.severity is Severity.ERROR
    } == found


def test_the_costs_are_told_with_their_date():
    adapter = XAdapter(script())

    assert "pay_per_use" in adapter.notes and "link_costs_more" in adapter.notes
    assert adapter.costs.post_with_link > adapter.costs.post and adapter.costs.as_of


# Publishing


def test_a_post_without_media():
    told = script(answer({"data": {"id": "1880", "text": "x"}}, 201))
    ready = XAdapter(told).prepare(job())
    receipt = XAdapter(told).commit(job(prepare_state=ready.state, committing_at=NOW))

    assert ready == Ready({})
    assert (told.last.method, told.last.path) == ("POST", "/2/tweets")
    assert told.last.json == {"text": "Lelang & aset\n\nhttps://kantor.go.id/berita/1?utm_source=x\n\n#BMN"}
    assert CONTRACT.faults("CreatePostsRequest", told.last.json) == []
    assert (receipt.external_id, receipt.permalink) == ("1880", "https://x.com/kantor/status/1880")
    assert len(receipt.answer_sha256) == 64


def through(adapter, first):
    """Call ``prepare`` and ``poll`` as the publisher does, the state stored between two calls."""
    current, states = first, []
    for _call in range(60):
        step = adapter.poll(current) if states and states[-1].poll else adapter.prepare(current)
        if isinstance(step, Ready):
            return step.state, states
        states.append(step)
        current = replace(current, prepare_state=dict(step.state))
    raise AssertionError("never ready")


def test_two_pictures_step_by_step():
    told = script(
        answer({"data": {"id": "11", "expires_after_secs": 86400}}),
        answer({"data": {"expires_at": 1}}),
        answer({"data": {"id": "11", "size": 9}}),
        answer({"data": {"id": "11"}}),
        answer({"data": {"id": "12", "expires_after_secs": 86400}}),
        answer({"data": {}}),
        answer({"data": {"id": "12"}}),
        answer({"data": {"id": "1"}}, 201),
    )
    adapter, work = XAdapter(told), job(variant=Variant(text="Aset", media=(PICTURE, SILENT)))
    state, states = through(adapter, work)
    adapter.commit(replace(work, prepare_state=state, committing_at=NOW))

    assert [one.path for one in told.asked] == [
        "/2/media/upload/initialize", "/2/media/upload/11/append", "/2/media/upload/11/finalize", "/2/media/metadata",
        "/2/media/upload/initialize", "/2/media/upload/12/append", "/2/media/upload/12/finalize", "/2/tweets",
    ]  # fmt: skip
    assert len(states) == 7  # one remote step, one stored state
    opened, appended, _closed, described = told.asked[:4]
    assert CONTRACT.faults("InitializeMediaUploadRequest", opened.json) == []
    assert opened.json == {"media_category": "tweet_image", "media_type": "image/jpeg", "total_bytes": 9}
    parts = parts_of(appended.content, appended.headers["Content-Type"])
    assert parts["media"][2] == b"\xff\xd8picture" and parts["segment_index"][2] == b"0"
    assert int(appended.headers["Content-Length"]) == len(appended.content)
    assert described.json == {"id": "11", "metadata": {"alt_text": {"text": "Juru lelang"}}}
    assert CONTRACT.faults("CreateMediaMetadataRequest", described.json) == []
    assert told.last.json["media"] == {"media_ids": ["11", "12"]}
    assert CONTRACT.faults("CreatePostsRequest", told.last.json) == []


def test_a_video_in_pieces_is_waited_for():
    told = script(
        answer({"data": {"id": "21", "expires_after_secs": 86400}}),
        answer({"data": {}}),
        answer({"data": {}}),
        answer({"data": {}}),
        answer({"data": {"id": "21", "processing_info": {"state": "pending", "check_after_secs": 7}}}),
        answer({"data": {"id": "21", "processing_info": {"state": "in_progress", "check_after_secs": 3}}}),
        answer({"data": {"id": "21", "processing_info": {"state": "succeeded"}}}),
    )
    video = bytes(range(256)) * (VIDEO.size // 256) + b"ujung"
    work = job(variant=Variant(text="Aset", media=(VIDEO,)), files=StoredFiles(video))
    state, states = through(XAdapter(told), work)

    sent = [
        parts_of(one.content, one.headers["Content-Type"])
        for one in told.asked
        if one.path.endswith("/append")
    ]
    assert b"".join(part["media"][2] for part in sent) == video
    assert [part["segment_index"][2] for part in sent] == [b"0", b"1", b"2"]
    assert [(one.retry_after, one.poll) for one in states if one.poll] == [(7.0, True), (3.0, True)]
    assert told.last.query == {"command": "STATUS", "media_id": "21"}
    assert state["media"][0]["stage"] == "done"


def test_a_video_that_x_cannot_read():
    state = {
        "media": [{"asset": 2, "id": "21", "size": 5, "sent": 5, "stage": "processing",
                   "expires_at": (NOW + timedelta(days=1)).isoformat()}]
    }  # fmt: skip
    told = script(answer({"data": {"id": "21", "processing_info": {"state": "failed"}}}))
    with pytest.raises(errors.MediaRejected):
        XAdapter(told).poll(job(variant=Variant(media=(VIDEO,)), prepare_state=state))
    for broken in (replace(VIDEO, mime="video/x-matroska"), replace(VIDEO, size=0)):
        with pytest.raises(errors.MediaRejected):
            XAdapter(script()).prepare(job(variant=Variant(media=(broken,))))
    work = job(variant=Variant(media=(VIDEO,)), files=StoredFiles(b""))
    with pytest.raises(errors.MediaRejected, match="ends early"):
        through(XAdapter(script(answer({"data": {"id": "21", "expires_after_secs": 9000}}))), work)


def test_what_x_forgot_meanwhile_is_sent_anew():
    old = {"asset": 1, "id": "11", "size": 9, "sent": 9, "stage": "done", "expires_at": NOW.isoformat()}
    told = script(answer({"data": {"id": "12", "expires_after_secs": 86400}}))
    step = XAdapter(told).prepare(job(variant=Variant(media=(PICTURE,)), prepare_state={"media": [old]}))

    assert isinstance(step, Pending) and step.state["media"][0]["id"] == "12"
    other = old | {"asset": 9, "expires_at": (NOW + timedelta(days=1)).isoformat()}
    told = script(answer({"data": {"id": "13"}}))
    step = XAdapter(told).prepare(job(variant=Variant(media=(PICTURE,)), prepare_state={"media": [other]}))
    assert step.state["media"][0]["id"] == "13"


@settings(deadline=None)
@given(st.integers(min_value=1, max_value=3 * SEGMENT + 2))
def test_every_size_arrives_whole(size):
    arrived = []

    def http(method, url, *, headers=None, content=None, timeout=None, max_bytes=0):
        if url.endswith("/append"):
            arrived.append(len(parts_of(b"".join(content), headers["Content-Type"])["media"][2]))
        return answer({"data": {"id": "5", "expires_after_secs": 86400}})

    item = replace(VIDEO, size=size)
    through(XAdapter(http), job(variant=Variant(media=(item,)), files=StoredFiles(b"\x00" * size)))

    assert sum(arrived) == size and all(0 < one <= SEGMENT for one in arrived)


# Refusals

LIMIT = {"x_rate_limit_reset": "1795316400"}


@pytest.mark.parametrize(
    ("line", "error", "detail"),
    [
        (problem("credits", 402, title="CreditsDepleted"), errors.QuotaExceeded, "credits_depleted"),
        (answer("", 402), errors.QuotaExceeded, "credits_depleted"),
        (problem("usage-capped", 429), errors.QuotaExceeded, "usage_capped"),
        (problem("client-forbidden", reason="client-not-enrolled"), errors.Forbidden, "client_not_enrolled"),
        (problem("client-forbidden"), errors.Forbidden, "client_forbidden"),
        (problem("invalid-request", 400, detail="Bad"), errors.Invalid, "Bad"),
        (problem("blank", detail="Your Tweet text is too long. …"), errors.Invalid, "too_long"),
        (problem("blank", 400, detail="Your media IDs are invalid."), errors.MediaRejected, "media_ids"),
        (problem("blank", detail="User has been suspended"), errors.Forbidden, "account_suspended"),
        (problem("not-authorized-for-resource"), errors.Forbidden, "not_authorized_for_resource"),
        (problem("blank", 401, title="Unauthorized"), errors.AuthExpired, "Unauthorized"),
        (problem("blank", 403, detail="You are not permitted"), errors.Forbidden, "You are not permitted"),
        (answer({"title": "Too Many Requests"}, 429, **LIMIT), errors.RateLimited, ""),
        (answer("<html>Attention</html>", 403), errors.Transient, "status 403"),
        (answer("", 400), errors.Invalid, "status 400"),
        (NotReached("unreachable"), errors.Transient, "unreachable"),
        (AnswerLost("too_slow"), errors.OutcomeUnknown, "too_slow"),
        (answer({}, 500), errors.OutcomeUnknown, "status 500"),
        (answer({}, 503), errors.OutcomeUnknown, "status 503"),
        (answer("<html>", 200), errors.OutcomeUnknown, "a success that says nothing"),
        (answer({"data": {}}, 201), errors.OutcomeUnknown, "a success that says nothing"),
    ],
)  # fmt: skip
def test_what_the_one_call_may_answer(line, error, detail):
    with pytest.raises(error) as refused:
        XAdapter(script(line)).commit(job(committing_at=NOW))

    assert refused.value.detail == detail
    assert "rahasia" not in str(refused.value)


SAME = problem("about:blank", detail="You are not allowed to create a Tweet with duplicate content.")
OLD = answer({"errors": [{"code": 187, "message": "Status is a duplicate."}]}, 403)


@pytest.mark.parametrize("line", [SAME, OLD])
def test_a_duplicate_is_another_posts_only_when_the_timeline_has_none_of_ours(line):
    """It may be the refusal of a second call whose first one arrived: then that one is the post."""
    steps = {"media": [{"id": "7"}]}
    told = script(line, answer({"data": []}), answer({"data": []}), answer({"data": []}))
    adapter, work = XAdapter(told), job(prepare_state=steps, committing_at=NOW)

    waits = []
    answered = adapter.commit(work)
    while isinstance(answered, Pending):
        assert answered.state["media"] == steps["media"]
        waits.append(answered.retry_after)
        work = replace(work, prepare_state=answered.state)
        if len(waits) == 3:
            with pytest.raises(errors.Invalid, match="duplicate_content") as refused:
                adapter.find(work)
            break
        answered = adapter.find(work)
    assert waits == [60.0, 120.0, 240.0] and refused.value.is_outcome

    ours = {"id": "9", "text": compose_text(work.variant)}
    found = XAdapter(script(answer({"data": [ours]}))).find(job(prepare_state={"duplicate_content": 0}))
    assert isinstance(found, Receipt) and found.external_id == "9"


def test_a_duplicate_after_a_person_said_no_is_looked_for_further_back():
    """They may have been mistaken about the try before; and what they said is not contradicted by guessing."""
    told = script(answer({"data": []}))
    work = job(prepare_state={"duplicate_content": 2}, generation=2, committing_at=NOW)
    assert XAdapter(told).find(work) == Absent()
    assert told.last.query["start_time"] == "2026-11-20T03:00:00Z"


def test_when_to_come_again():
    reset = datetime.fromtimestamp(1795316400, UTC)
    with pytest.raises(errors.RateLimited) as soon:
        XAdapter(script(answer({}, 429, **LIMIT))).verify(ACCOUNT)
    assert soon.value.retry_at == reset
    day = {"x_user_limit_24hour_remaining": "0", "x_user_limit_24hour_reset": "1795316400"}
    with pytest.raises(errors.QuotaExceeded) as later:
        XAdapter(script(answer({}, 429, **LIMIT, **day))).verify(ACCOUNT)
    assert later.value.resets_at == reset
    with pytest.raises(errors.RateLimited) as unsaid:
        XAdapter(script(answer({}, 429, x_rate_limit_reset="nanti"))).verify(ACCOUNT)
    assert unsaid.value.retry_at is None


def test_a_lost_answer_before_the_one_call_may_be_repeated():
    for line in (AnswerLost("too_slow"), answer({}, 500), answer("", 502), NotReached("tls")):
        with pytest.raises(errors.Transient):
            XAdapter(script(line)).prepare(job(variant=Variant(media=(PICTURE,))))


# Finding again

POSTED = {
    "id": "1880",
    "text": "Lelang &amp; aset\n\nhttps://t.co/abc123def4\n\n#BMN https://t.co/pic4567890",
    "entities": {
        "urls": [
            {"start": 0, "end": 1, "url": "https://t.co/abc123def4", "expanded_url": "https://kantor.go.id/berita/1?utm_source=x"},
            {"start": 0, "end": 1, "url": "https://t.co/pic4567890", "expanded_url": "https://x.com/kantor/status/1880/photo/1", "media_key": "3_1"},
        ]
    },
    "attachments": {"media_keys": ["3_1"]},
}  # fmt: skip


def test_it_is_found_in_the_own_timeline():
    work = job(variant=replace(job().variant, media=(PICTURE,)), committing_at=NOW)
    told = script(answer({"data": [{"id": "1", "text": "Lain"}, POSTED]}))
    found = XAdapter(told).find(work)

    assert isinstance(found, Receipt) and found.external_id == "1880"
    assert told.last.path == "/2/users/99/tweets"
    assert told.last.query["start_time"] == "2026-11-22T02:58:00Z"
    assert told.last.query["post.fields"] == "attachments,created_at,entities,note_post,text"


def test_a_server_that_knows_the_older_name_is_asked_with_it():
    told = script(problem("invalid-request", 400, detail="post.fields"), answer({"data": [POSTED]}))
    found = XAdapter(told).find(job(variant=replace(job().variant, media=(PICTURE,)), committing_at=NOW))

    assert isinstance(found, Receipt)
    assert "tweet.fields" in told.last.query and "post.fields" not in told.last.query


@pytest.mark.parametrize(
    "post",
    [
        POSTED | {"text": "Lelang &amp; aset"},
        POSTED | {"attachments": {}},
        {"id": "1", "text": ""},
        {},
    ],
)
def test_what_is_not_there_is_absent_but_not_trusted(post):
    work = job(variant=replace(job().variant, media=(PICTURE,)), committing_at=NOW)
    adapter = XAdapter(script(answer({"data": [post]}), answer({"meta": {"result_count": 0}})))

    assert adapter.find(work) == Absent()
    assert adapter.find(work) == Absent()
    assert not adapter.caps.trusts_absence


def test_what_cannot_be_told_apart_a_person_looks_at():
    told = script(answer({"data": [POSTED, POSTED | {"id": "1881"}]}))
    work = job(variant=replace(job().variant, media=(PICTURE,)), committing_at=NOW)

    assert XAdapter(told).find(work) == CannotTell()
    nobody = replace(ACCOUNT, settings={})
    assert XAdapter(script()).find(job(account=nobody, committing_at=NOW)) == CannotTell()


def test_another_post_of_ours_is_never_taken_for_it():
    work = job(
        variant=replace(job().variant, media=(PICTURE,)), committing_at=NOW, known_ids=frozenset({"1880"})
    )
    assert XAdapter(script(answer({"data": [POSTED]}))).find(work) == Absent()
    # One picture without a text may be any of them.
    assert XAdapter(script()).find(job(variant=Variant(media=(SILENT,)), committing_at=NOW)) == CannotTell()


def test_without_an_id_nothing_is_asked():
    told = script()
    with pytest.raises(errors.Unsupported):
        XAdapter(told).retract(job())
    assert not told.asked


@pytest.mark.parametrize("name", ["note_post", "note_tweet"])
def test_a_long_text_is_compared_whole(name):
    long = "Lelang aset negara. " * 30
    post = {"id": "9", "text": long[:270] + "…", name: {"text": long.strip()}}
    told = script(answer({"data": [post]}))

    found = XAdapter(told).find(job(variant=Variant(text=long), committing_at=NOW))
    assert isinstance(found, Receipt) and found.external_id == "9"


def test_a_duplicate_is_looked_for_since_the_delivery_was_made():
    told = script(answer({"data": []}))
    XAdapter(told).find(job(created_at=NOW - timedelta(hours=3), committing_at=NOW))
    assert told.last.query["start_time"] == "2026-11-21T23:58:00Z"


def test_a_link_keeps_its_signs():
    entity = {"url": "https://t.co/1", "expanded_url": "https://a.go.id/?a=1&copy=2"}
    assert text_of({"text": "&lt;b&gt; https://t.co/1", "entities": {"urls": [entity]}}) == (
        "<b> https://a.go.id/?a=1&copy=2"
    )
    assert key_of("simak kantor.go.id/a  ya") == key_of("simak https://kantor.go.id/a/ ya")
    assert text_of({"entities": {"urls": [None, {"url": ""}]}, "text": "a"}) == "a"


@given(st.text(max_size=200))
def test_any_text_is_found_again_as_x_shows_it(text):
    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert key_of(text_of({"text": shown})) == key_of(text)


# Afterwards


def test_it_can_be_deleted_twice_and_not_changed():
    told = script(answer({"data": {"deleted": True}}), problem("resource-not-found", 404))
    adapter = XAdapter(told)
    adapter.retract(job(external_id="1880"))
    adapter.retract(job(external_id="1880"))

    assert (told.last.method, told.last.path) == ("DELETE", "/2/tweets/1880")
    assert not adapter.caps.can_edit
    with pytest.raises(errors.Unsupported):
        adapter.update(job(external_id="1880"))
    assert adapter.permalink(Receipt("1880")) == "https://x.com/i/status/1880"


@pytest.mark.parametrize("line", [answer({"data": {"deleted": False}}), answer({}), answer("<html>")])
def test_it_is_gone_only_when_x_says_so(line):
    with pytest.raises(errors.Transient):
        XAdapter(script(line)).retract(job(external_id="1880"))


def test_numbers_that_are_not_told_stay_unknown():
    numbers = {
        "repost_count": 5,
        "like_count": 0,
        "reply_count": 2,
        "quote_count": 1,
        "impression_count": 100,
    }
    told = script(
        answer({"data": {"id": "1", "public_metrics": numbers}}),
        answer({"data": {"id": "1", "public_metrics": {"retweet_count": 3}}}),
        answer({"errors": [{"type": "https://api.x.com/2/problems/resource-not-found"}]}),
    )
    adapter = XAdapter(told)

    found = {metric.name: metric.value for metric in adapter.metrics(Receipt("1"), ACCOUNT, at=NOW)}
    assert found == {
        "likes": 0, "comments": 2, "shares": 5, "quotes": 1, "saves": None, "impressions": 100,
    }  # fmt: skip
    assert next(m.value for m in adapter.metrics(Receipt("1"), ACCOUNT, at=NOW) if m.name == "shares") == 3
    with pytest.raises(errors.Conflict):
        adapter.metrics(Receipt("1"), ACCOUNT, at=NOW)


def test_without_a_token_nothing_is_asked():
    with pytest.raises(errors.AuthRevoked):
        XAdapter(script()).verify(Account(1, "x"))
    assert XAdapter(script()).quota(ACCOUNT) is None
