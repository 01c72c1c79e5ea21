"""The Instagram adapter against what Meta's own SDK states of its calls and fields."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from humasflow.channels.adapters import errors
from humasflow.channels.adapters.base import (
    Absent,
    Authorizing,
    CannotTell,
    Commenting,
    Done,
    Limits,
    Pending,
    ProblemCode,
    Quota,
    Ready,
    Receipt,
)
from humasflow.channels.adapters.http import AnswerLost
from humasflow.channels.adapters.meta.graph import VERSION
from humasflow.channels.adapters.meta.instagram import InstagramAdapter
from humasflow.channels.adapters.variant import Account, Action, AppKeys, Job, MediaItem, MediaKind, Variant
from humasflow.channels.presets.loader import get_platform
from tests.channels.adapters.test_facebook import CONTRACT, known, known_fields
from tests.channels.adapters.test_meta_graph import refused
from tests.support.scripted import answer, script

ACCOUNT = Account(
    7, "instagram", "kantor", settings={"user_id": "1784", "page_id": "1001"}, secrets={"access_token": "P1"},
    app=AppKeys("123", "sandi"),
)  # fmt: skip
SENT = datetime(2026, 11, 22, 9, tzinfo=UTC)
PICTURE = MediaItem(
    1, filename="a.jpg", mime="image/jpeg", width=1080, height=1350, sha256="a" * 64, alt_text="Juru lelang",
    public_url="https://humas.id/m/1.jpg",
)  # fmt: skip
OTHER = replace(PICTURE, asset_id=2, sha256="b" * 64, alt_text="", public_url="https://humas.id/m/2.jpg")
VIDEO = MediaItem(
    3, MediaKind.VIDEO, "v.mp4", "video/mp4", size=9, sha256="c" * 64, public_url="https://humas.id/m/3.mp4"
)
FINISHED = answer({"id": "c1", "status_code": "FINISHED"})
WORKING = answer({"id": "c1", "status_code": "IN_PROGRESS"})
LIVE = {"container": "c1", "made_at": SENT.isoformat()}


def job(**changes) -> Job:
    settings = {
        "post_id": 42, "generation": 1, "action": Action.PUBLISH, "idempotency_key": "kunci-42",
        "account": ACCOUNT, "variant": Variant(text="Lelang perdana @kpknl", media=(PICTURE,)),
        "created_at": SENT, "committing_at": SENT, "now": SENT,
    }  # fmt: skip
    return Job(**(settings | changes))


def through(adapter, post):
    """From the first step to readiness, as the publisher goes: the state stored in between. How often it had to wait."""
    waits, polls = 0, False
    for _step in range(30):
        answered = adapter.poll(post) if polls else adapter.prepare(post)
        if isinstance(answered, Done):
            return answered, waits
        post = replace(post, prepare_state=json.loads(json.dumps(dict(answered.state))))
        if isinstance(answered, Ready):
            return post, waits
        polls, waits = answered.poll, waits + bool(answered.retry_after)
    raise AssertionError("never ready")


def test_it_is_every_kind_of_adapter_it_says():
    adapter = InstagramAdapter(script())

    assert isinstance(adapter, Authorizing) and isinstance(adapter, Commenting)
    assert adapter.caps.needs_public_url and adapter.caps.can_retract and not adapter.caps.can_edit


# Connecting


def test_the_accounts_linked_to_pages_are_the_outlets():
    rows = [
        {"id": "1001", "name": "Kantor", "access_token": "P1", "instagram_business_account": {"id": "1784", "username": "kantor", "name": "Kantor Kami"}},
        {"id": "1002", "name": "Tanpa Instagram", "access_token": "P2"},
    ]  # fmt: skip
    http = script(answer({"access_token": "a"}), answer({"access_token": "b"}), answer({"data": rows}))
    adapter = InstagramAdapter(http)

    (outlet,) = adapter.outlets(
        ACCOUNT.app, adapter.exchange(ACCOUNT.app, code="x", redirect_uri="https://h.id", verifier=None)
    )

    assert (outlet.external_id, outlet.handle, outlet.url) == (
        "1784",
        "kantor",
        "https://www.instagram.com/kantor/",
    )
    assert outlet.settings == {"user_id": "1784", "page_id": "1001"} and outlet.secrets == {
        "access_token": "P1"
    }


def test_an_account_is_verified_without_what_it_can_spare():
    scopes = sorted(set(InstagramAdapter.scopes) - InstagramAdapter.spared)
    http = script(
        answer({"data": {"is_valid": True, "scopes": scopes}}), answer({"id": "1784", "username": "kantor"})
    )

    assert InstagramAdapter(http).verify(ACCOUNT).handle == "kantor"
    known_fields(http.last, "ig_user")


def test_the_number_a_day_is_read_and_never_assumed():
    http = script(
        answer({"data": [{"quota_usage": 2, "config": {"quota_total": 100, "quota_duration": 86400}}]})
    )

    assert InstagramAdapter(http).quota(ACCOUNT) == Quota(2, 100, None)
    known(http.last, "ig_limit")
    known_fields(http.last, "ig_limit")
    assert InstagramAdapter(script(answer({"data": [{"quota_usage": 2}]}))).quota(ACCOUNT) is None


# Publishing


def test_a_picture_goes_out_in_two_steps():
    http = script(answer({"id": "c1"}), WORKING, FINISHED, answer({"id": "17"}))
    adapter = InstagramAdapter(http)

    ready, waits = through(adapter, job())
    receipt = adapter.commit(ready)

    assert waits == 2 and receipt.external_id == "17"
    assert http.asked[0].form == {
        "image_url": "https://humas.id/m/1.jpg", "alt_text": "Juru lelang", "caption": "Lelang perdana @kpknl",
    }  # fmt: skip
    known(http.asked[0], "ig_media")
    known_fields(http.asked[1], "ig_container")
    known(http.last, "ig_publish")
    assert http.last.form == {"creation_id": "c1"} and http.last.path == f"/{VERSION}/1784/media_publish"


def test_a_reel_and_a_carousel_are_made_of_their_own_containers():
    http = script(answer({"id": "c1"}), FINISHED)
    through(InstagramAdapter(http), job(variant=Variant(text="x", media=(VIDEO,))))
    assert http.asked[0].form["media_type"] == "REELS" and http.asked[0].form["video_url"].endswith("3.mp4")
    known(http.asked[0], "ig_media")

    http = script(
        *[answer({"id": f"k{n}"}) for n in range(3)],
        FINISHED,
        FINISHED,
        WORKING,
        FINISHED,
        answer({"id": "c1"}),
        FINISHED,
    )
    ready, _waits = through(
        InstagramAdapter(http), job(variant=Variant(text="x", media=(PICTURE, OTHER, VIDEO)))
    )
    assert [asked.form.get("is_carousel_item") for asked in http.asked[:3]] == ["true"] * 3
    assert http.asked[2].form["media_type"] == "VIDEO" and "caption" not in http.asked[0].form
    assert http.asked[7].form == {"media_type": "CAROUSEL", "children": "k0,k1,k2", "caption": "x"}
    assert ready.prepare_state["container"] == "c1"


def test_without_a_public_address_nothing_is_sent():
    for url in (None, "http://humas.id/m/1.jpg", "https://"):
        with pytest.raises(errors.Invalid):
            InstagramAdapter(script()).prepare(
                job(variant=Variant(text="x", media=(replace(PICTURE, public_url=url),)))
            )
    with pytest.raises(errors.Invalid):
        InstagramAdapter(script()).prepare(job(variant=Variant(text="x")))


def test_a_container_is_used_again_while_it_lives_and_is_for_this_content():
    adapter = InstagramAdapter(script(answer({"id": "c1"}), answer({"id": "c2"}), answer({"id": "c3"})))
    first = adapter.prepare(job()).state

    assert adapter.prepare(job(prepare_state=first)).state["container"] == "c1"
    assert (
        adapter.prepare(job(prepare_state=first, now=SENT + timedelta(hours=24))).state["container"] == "c2"
    )
    assert (
        adapter.prepare(job(prepare_state=first, variant=Variant(text="y", media=(PICTURE,)))).state[
            "container"
        ]
        == "c3"
    )


def test_a_new_public_address_needs_no_new_container():
    state = InstagramAdapter(script(answer({"id": "c1"}))).prepare(job()).state
    moved = Variant(
        text="Lelang perdana @kpknl", media=(replace(PICTURE, public_url="https://humas.id/m/99.jpg"),)
    )

    assert (
        InstagramAdapter(script()).prepare(job(prepare_state=state, variant=moved)).state["container"] == "c1"
    )


@pytest.mark.parametrize("status", ["EXPIRED", "ERROR"])
def test_a_container_that_came_to_nothing_is_made_anew_a_few_times(status):
    lines = []
    for _try in range(4):
        lines += [
            answer({"id": "c"}),
            answer(
                {
                    "id": "c",
                    "status_code": status,
                    "status": "Error: Media upload has failed with error code 2207052",
                }
            ),
        ]

    with pytest.raises(errors.MediaRejected):
        through(InstagramAdapter(script(*lines)), job())
    assert through(InstagramAdapter(script(*lines[:2], answer({"id": "c"}), FINISHED)), job())[1] > 0


def test_a_medium_that_is_refused_is_refused_at_once():
    http = script(
        answer({"id": "c"}),
        answer({"id": "c", "status_code": "ERROR", "status": "Error: unsupported format 2207026"}),
    )

    with pytest.raises(errors.MediaRejected, match="2207026"):
        through(InstagramAdapter(http), job())


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (refused(9007, 2207027), errors.Transient),
        (refused(4, 2207051), errors.OutcomeUnknown),
        (refused(9, 2207042), errors.QuotaExceeded),
        (AnswerLost("cut"), errors.OutcomeUnknown),
        (answer("", 500), errors.OutcomeUnknown),
    ],
)
def test_how_publishing_can_end(line, error):
    with pytest.raises(error):
        InstagramAdapter(script(line)).commit(job(prepare_state=LIVE))


def test_an_old_container_is_not_published():
    with pytest.raises(errors.Transient):
        InstagramAdapter(script()).commit(job(prepare_state=LIVE, now=SENT + timedelta(hours=23, minutes=1)))
    with pytest.raises(errors.Transient):
        InstagramAdapter(script()).commit(job())


# Finding


def shown(caption="Lelang perdana kpknl", minutes=1, **more):
    at = (SENT + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S+0000")
    return {
        "id": "17",
        "caption": caption,
        "timestamp": at,
        "permalink": "https://www.instagram.com/p/abc/",
    } | more


def status(code):
    return answer({"id": "c1", "status_code": code})


NEWER = shown("Foto lain", minutes=3, id="18")


@pytest.mark.parametrize("code", ["PUBLISHED", "FINISHED", "ERROR"])
def test_the_post_is_found_by_its_words_whatever_the_container_says(code):
    http = script(status(code), answer({"data": [NEWER, shown()]}))

    assert InstagramAdapter(http).find(job(prepare_state=LIVE)) == Receipt(
        "17", "https://www.instagram.com/p/abc/"
    )
    known(http.last, "ig_posts")
    known_fields(http.last, "ig_media")


@pytest.mark.parametrize(
    ("first", "posts", "kind"),
    [
        (status("FINISHED"), [NEWER], Absent),
        (status("EXPIRED"), [], Absent),
        (status("ERROR"), [], Absent),
        (status("IN_PROGRESS"), [], Pending),
        (status("PUBLISHED"), [NEWER], Pending),  # the newest is not taken for it
        (refused(100, 33), [], CannotTell),
        (refused(100, 33), [shown()], Receipt),
        (status("FINISHED"), [shown(minutes=-60)], Absent),
        (status("FINISHED"), [shown("Lelang perdana kpknl!")], Absent),
        (refused(100, 33), [shown("Lelang perdana kpknl!")], CannotTell),
        (status(""), [], CannotTell),
    ],
)
def test_what_the_container_and_the_posts_say_together(first, posts, kind):
    found = InstagramAdapter(script(first, answer({"data": posts}))).find(job(prepare_state=LIVE))

    assert isinstance(found, kind)


def test_a_container_that_meta_lost_is_made_anew():
    lost = InstagramAdapter(script(refused(100, 33))).poll(job(prepare_state=LIVE))
    assert isinstance(lost, Pending) and not lost.poll and "container" not in lost.state


def test_another_post_of_ours_is_never_taken_for_it():
    """One went out, the call for the other was lost: same words, or none at all."""
    posts = answer({"data": [shown()]})
    same = job(prepare_state=LIVE, known_ids=frozenset({"17"}))
    assert InstagramAdapter(script(status("FINISHED"), posts)).find(same) == Absent()

    silent = job(prepare_state=LIVE, variant=Variant(media=(PICTURE,)))
    without = answer({"data": [shown("")]})
    assert InstagramAdapter(script(status("FINISHED"), without)).find(silent) == Absent()
    assert isinstance(InstagramAdapter(script(status("PUBLISHED"), without)).find(silent), Pending)


def test_a_published_container_whose_post_never_shows_is_a_persons():
    state, asked = dict(LIVE), 0
    while True:
        found = InstagramAdapter(script(status("PUBLISHED"), answer({"data": []}))).find(
            job(prepare_state=state)
        )
        if isinstance(found, CannotTell):
            break
        state, asked = dict(found.state), asked + 1
    assert asked == 5


def test_while_polling_a_published_container_is_done():
    adapter = InstagramAdapter(
        script(status("PUBLISHED"), answer({"data": [shown()]}), status("PUBLISHED"), answer({"data": []}))
    )

    assert adapter.poll(job(prepare_state=LIVE)).receipt.external_id == "17"
    assert isinstance(adapter.poll(job(prepare_state=LIVE)), Pending)


def test_a_list_that_cannot_be_read_proves_nothing():
    with pytest.raises(errors.Transient):
        InstagramAdapter(script(status("FINISHED"), answer("<html>", 502))).find(job(prepare_state=LIVE))


# Afterwards


def test_a_post_is_deleted_where_the_app_may_and_by_a_person_where_not():
    http = script(answer({"success": True}))
    InstagramAdapter(http).retract(job(external_id="17"))
    known(http.last, "ig_delete")
    gone = script(refused(100, 33), refused(100, 33), answer({"id": "1784"}))
    InstagramAdapter(gone).retract(job(external_id="17"))
    with pytest.raises(errors.Unsupported):  # it can still be read: it is still there
        InstagramAdapter(script(refused(100, 33), answer({"id": "17"}))).retract(job(external_id="17"))
    with pytest.raises(errors.Transient):
        InstagramAdapter(script(answer({"success": False}))).retract(job(external_id="17"))
    unasked = script()
    with pytest.raises(errors.Unsupported):
        InstagramAdapter(unasked).retract(job())
    with pytest.raises(errors.Unsupported):
        InstagramAdapter(unasked).comment(job(), "x")
    assert not unasked.asked
    for line in (refused(10), refused(200), refused(100)):
        with pytest.raises(errors.Unsupported):
            InstagramAdapter(script(line)).retract(job(external_id="17"))
    with pytest.raises(errors.AuthRevoked):
        InstagramAdapter(script(refused(190, 460))).retract(job(external_id="17"))
    with pytest.raises(errors.Unsupported):
        InstagramAdapter(script()).update(job(external_id="17"))


def test_the_first_comment_is_written_and_found():
    http = script(answer({"id": "c9"}))
    assert InstagramAdapter(http).comment(job(external_id="17"), "Selengkapnya") == "c9"
    known(http.last, "ig_comment")
    rows = [
        {"id": "1", "text": "Selengkapnya", "username": "orang"},
        {"id": "2", "text": "Selengkapnya", "username": "kantor"},
    ]
    http = script(answer({"id": "1784", "username": "kantor"}), answer({"data": rows}))
    assert InstagramAdapter(http).find_comment(job(external_id="17"), "Selengkapnya") == "2"
    known_fields(http.last, "ig_comment")


def test_numbers_come_from_insights_or_from_what_the_post_shows():
    told = [{"name": "reach", "values": [{"value": 90}]}, {"name": "likes", "values": [{"value": 9}]}]
    http = script(answer({"id": "17", "like_count": 8, "comments_count": 2}), answer({"data": told}))

    found = {m.name: m.value for m in InstagramAdapter(http).metrics(Receipt("17"), ACCOUNT, at=SENT)}

    assert found == {
        "views": None,
        "reach": 90,
        "saves": None,
        "likes": 9,
        "comments": 2,
        "shares": None,
        "total_interactions": None,
    }
    assert set(http.last.query["metric"].split(",")) <= set(CONTRACT["ig_metrics"])
    known(http.last, "ig_insights")
    http = script(answer({"id": "17", "like_count": 8}), refused(10))
    assert {m.name: m.value for m in InstagramAdapter(http).metrics(Receipt("17"), ACCOUNT, at=SENT)}[
        "likes"
    ] == 8


@pytest.mark.parametrize(
    ("size", "problem"),
    [
        ((1080, 1350), None),
        ((1080, 566), None),
        ((1080, 1351), (800, 799)),
        ((1910, 999), (1910, 1912)),
        ((0, 0), None),
    ],
)
def test_the_shape_of_a_picture_is_measured(size, problem):
    picture = replace(PICTURE, width=size[0], height=size[1])
    found = InstagramAdapter(script()).validate(
        Variant(text="x", media=(picture,)), get_platform("instagram").limits
    )

    assert [(p.limit, p.actual) for p in found if p.code.value == "wrong_ratio"] == (
        [problem] if problem else []
    )


def test_what_instagram_does_not_take_is_said_at_once():
    many = Variant(text="#a #b #c #d #e #f " + "x" * 2200, media=(PICTURE,) * 11, first_comment="ya")
    long = Variant(text="x", media=(replace(VIDEO, duration=900.2, size=300_000_001),))
    limits = get_platform("instagram").limits
    adapter = InstagramAdapter(script())

    codes = {(p.field.value, p.code.value) for p in adapter.validate(many, limits)}
    assert codes == {("text", "too_long"), ("hashtags", "too_many"), ("media", "too_many")}
    assert {(p.code.value, p.actual) for p in adapter.validate(long, limits)} == {
        ("too_large", 300_000_001),
        ("too_long_video", 901),
    }
    assert {p.code.value for p in adapter.validate(Variant(text="x"), limits)} == {"too_few"}
    assert [p.limit for p in adapter.validate(many, Limits()) if p.code.value == "too_many"] == [10]


def test_a_video_that_meta_cannot_read_is_told_beforehand():
    for mime, found in (("video/mp4", []), ("video/quicktime", []), ("", []), ("video/webm", [0])):
        item = MediaItem(1, MediaKind.VIDEO, mime=mime)
        told = InstagramAdapter(script()).validate(Variant(text="x", media=(item,)), Limits())
        assert [p.item for p in told if p.code is ProblemCode.WRONG_KIND] == found


def test_a_container_that_waited_too_long_is_made_anew():
    adapter = InstagramAdapter(script(FINISHED, FINISHED))
    assert adapter.poll(job(prepare_state=LIVE)) == Ready(LIVE)
    assert adapter.poll(job(prepare_state=LIVE, now=SENT + timedelta(hours=24))) == Pending({})
