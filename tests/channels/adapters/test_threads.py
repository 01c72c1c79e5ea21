"""The Threads adapter against what Meta's pages state of its calls (see recordings/threads.json)."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from humasflow.channels.adapters import errors
from humasflow.channels.adapters.base import (
    Absent,
    Authorizing,
    Commenting,
    Limits,
    Pending,
    ProblemCode,
    Quota,
    Receipt,
)
from humasflow.channels.adapters.http import AnswerLost
from humasflow.channels.adapters.meta.graph import THREADS_VERSION
from humasflow.channels.adapters.meta.threads import ThreadsAdapter
from humasflow.channels.adapters.variant import AppKeys, MediaItem, MediaKind, Variant
from humasflow.channels.presets.loader import get_platform
from humasflow.core import clock
from tests.channels.adapters.test_instagram import ACCOUNT as INSTAGRAM
from tests.channels.adapters.test_instagram import LIVE, OTHER, PICTURE, SENT, through
from tests.channels.adapters.test_instagram import job as any_job
from tests.channels.adapters.test_meta_graph import refused
from tests.support.scripted import answer, script

CONTRACT = json.loads((Path(__file__).parent / "recordings" / "threads.json").read_text())
ACCOUNT = replace(INSTAGRAM, platform="threads", settings={"user_id": "55"}, secrets={"access_token": "THAA"})
APP = AppKeys("9", "sandi-threads")
FINISHED = answer({"id": "c1", "status": "FINISHED"})
VIDEO = MediaItem(
    3, MediaKind.VIDEO, "v.mp4", "video/mp4", size=9, sha256="c" * 64, public_url="https://humas.id/m/3.mp4"
)


def job(**changes):
    return any_job(
        **(
            {"account": ACCOUNT, "variant": Variant(text="Lelang perdana", link="https://kantor.go.id/a")}
            | changes
        )
    )


def known(asked):
    assert set(asked.form) <= set(CONTRACT["create"]) and asked.form["media_type"] in CONTRACT["media_type"]


def test_it_is_every_kind_of_adapter_it_says():
    adapter = ThreadsAdapter(script())

    assert isinstance(adapter, Authorizing) and not isinstance(adapter, Commenting)
    assert CONTRACT["version"] == THREADS_VERSION and set(CONTRACT["delete_scopes"]) <= set(adapter.scopes)


# Connecting


def test_a_code_becomes_a_token_of_sixty_days_and_is_renewed():
    http = script(
        answer({"access_token": "pendek", "user_id": 55}),
        answer({"access_token": "panjang", "token_type": "bearer", "expires_in": 5_184_000}),
        answer({"id": "55", "username": "kantor", "name": "Kantor"}),
        answer({"access_token": "baru", "expires_in": 5_184_000}),
    )
    adapter = ThreadsAdapter(http)

    with clock.moved_to(datetime(2026, 11, 22, tzinfo=UTC)):
        grant = adapter.exchange(APP, code="kode", redirect_uri="https://humas.id/b", verifier=None)
        (outlet,) = adapter.outlets(APP, grant)
        tokens = adapter.refresh(ACCOUNT)

    assert http.asked[0].method == "POST" and http.asked[0].form["code"] == "kode"
    assert http.asked[1].query == {
        "grant_type": "th_exchange_token",
        "client_secret": "sandi-threads",
        "access_token": "pendek",
    }
    assert grant.expires_at is not None and (grant.expires_at - datetime(2026, 11, 22, tzinfo=UTC)).days == 60
    assert (outlet.external_id, outlet.handle, outlet.settings) == ("55", "kantor", {"user_id": "55"})
    assert tokens.access == "baru" and tokens.refresh is None and tokens.expires_at is not None
    assert http.last.path == "/refresh_access_token" and http.last.query["grant_type"] == "th_refresh_token"


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (refused(190, 463), errors.AuthExpired),
        (refused(190, 460), errors.AuthRevoked),
        (answer({"expires_in": 5}), errors.Transient),
        (AnswerLost("cut"), errors.Transient),
    ],
)
def test_an_empty_answer_is_no_token(line, error):
    with pytest.raises(error):
        ThreadsAdapter(script(line)).refresh(ACCOUNT)


def test_a_used_code_keeps_no_secret():
    with pytest.raises(errors.AuthRevoked) as told:
        ThreadsAdapter(script(refused(100, message="sandi-threads: code used"))).exchange(
            APP, code="x", redirect_uri="https://humas.id", verifier=None
        )

    assert "sandi-threads" not in told.value.detail


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("Matching code was not found or was already used", errors.AuthRevoked),
        ("Error validating client secret.", errors.Forbidden),
    ],
)
def test_the_token_call_says_no_without_the_usual_wrapping(message, error):
    said = {"error_type": "OAuthException", "code": 400, "error_message": message}
    with pytest.raises(error):
        ThreadsAdapter(script(answer(said, 400))).exchange(
            APP, code="x", redirect_uri="https://humas.id", verifier=None
        )


def test_a_token_that_may_not_publish_is_found_out():
    with pytest.raises(errors.Forbidden):
        ThreadsAdapter(script(refused(10))).verify(ACCOUNT)


def test_the_number_a_day_is_read():
    http = script(
        answer({"data": [{"quota_usage": 3, "config": {"quota_total": 250, "quota_duration": 86400}}]})
    )

    assert ThreadsAdapter(http).quota(ACCOUNT) == Quota(3, 250, None)
    assert http.last.path == "/v1.0/55/threads_publishing_limit"
    assert set(http.last.query["fields"].split(",")) <= set(CONTRACT["limit_fields"])
    assert "appsecret_proof" not in http.last.query


# Publishing


def test_a_text_goes_out_in_two_steps_with_its_link():
    http = script(answer({"id": "c1"}), answer({"status": "IN_PROGRESS"}), FINISHED, answer({"id": "18"}))
    adapter = ThreadsAdapter(http)

    receipt = adapter.commit(through(adapter, job())[0])

    assert receipt.external_id == "18"
    assert http.asked[0].form == {
        "media_type": "TEXT", "text": "Lelang perdana\n\nhttps://kantor.go.id/a", "link_attachment": "https://kantor.go.id/a",
    }  # fmt: skip
    known(http.asked[0])
    assert set(http.asked[1].query["fields"].split(",")) <= set(CONTRACT["container_fields"])
    assert set(http.last.form) == set(CONTRACT["publish"]) and http.last.path == "/v1.0/55/threads_publish"


def test_media_are_fetched_from_our_address():
    http = script(
        answer({"id": "k0"}), answer({"id": "k1"}), FINISHED, FINISHED, answer({"id": "c1"}), FINISHED
    )

    through(ThreadsAdapter(http), job(variant=Variant(text="x", media=(PICTURE, VIDEO))))

    assert http.asked[0].form == {
        "media_type": "IMAGE", "image_url": "https://humas.id/m/1.jpg", "alt_text": "Juru lelang", "is_carousel_item": "true",
    }  # fmt: skip
    assert http.asked[4].form == {"media_type": "CAROUSEL", "children": "k0,k1", "text": "x"}
    for made in (http.asked[0], http.asked[1], http.asked[4]):
        known(made)
    http = script(answer({"id": "c1"}), FINISHED)
    through(ThreadsAdapter(http), job(variant=Variant(text="x", media=(OTHER,))))
    assert http.asked[0].form == {"media_type": "IMAGE", "image_url": "https://humas.id/m/2.jpg", "text": "x"}


@pytest.mark.parametrize("said", CONTRACT["error_message"])
def test_what_a_failed_container_says_decides(said):
    failed = answer({"id": "c1", "status": "ERROR", "error_message": said})
    adapter = ThreadsAdapter(script(failed))

    if said.startswith("INVALID"):
        with pytest.raises(errors.MediaRejected, match=said):
            adapter.poll(job(prepare_state=LIVE))
    else:
        assert adapter.poll(job(prepare_state=LIVE)) == Pending({"tries": 1}, 30)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (refused(24, 4279009), errors.Transient),
        (refused(4, 2207051), errors.OutcomeUnknown),
        (AnswerLost("cut"), errors.OutcomeUnknown),
        (answer({}), errors.OutcomeUnknown),
    ],
)
def test_how_publishing_can_end(line, error):
    with pytest.raises(error):
        ThreadsAdapter(script(line)).commit(job(prepare_state=LIVE))


# Finding, and afterwards


def test_the_post_is_found_by_its_words():
    at = (SENT + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%S+0000")
    post = {
        "id": "18",
        "text": "Lelang perdana\n\nhttps://kantor.go.id/a",
        "timestamp": at,
        "permalink": "https://www.threads.com/@kantor/post/x",
    }
    http = script(answer({"status": "PUBLISHED"}), answer({"data": [post]}))

    assert ThreadsAdapter(http).find(job(prepare_state=LIVE)) == Receipt(
        "18", "https://www.threads.com/@kantor/post/x"
    )
    assert http.last.path == "/v1.0/55/threads"
    assert isinstance(
        ThreadsAdapter(script(FINISHED, answer({"data": []}))).find(job(prepare_state=LIVE)), Absent
    )


def test_a_post_is_deleted_and_not_changed():
    ThreadsAdapter(script(answer({"success": True, "deleted_id": "18"}))).retract(job(external_id="18"))
    ThreadsAdapter(script(refused(100, 33), refused(100, 33), answer({"id": "55"}))).retract(
        job(external_id="18")
    )
    with pytest.raises(errors.Unsupported):  # it can still be read: it is still there
        ThreadsAdapter(script(refused(100, 33), answer({"id": "18"}))).retract(job(external_id="18"))
    unasked = script()
    with pytest.raises(errors.Unsupported):
        ThreadsAdapter(unasked).retract(job())
    assert not unasked.asked
    with pytest.raises(errors.Unsupported):
        ThreadsAdapter(script(refused(10))).retract(job(external_id="18"))
    with pytest.raises(errors.Unsupported):
        ThreadsAdapter(script()).update(job(external_id="18"))


def test_numbers_that_are_not_told_are_unknown():
    told = [{"name": "views", "values": [{"value": 40}]}, {"name": "replies", "values": [{"value": 1}]}]

    found = ThreadsAdapter(script(answer({"data": told}))).metrics(Receipt("18"), ACCOUNT, at=SENT)

    assert {m.name: m.value for m in found if m.value is not None} == {"views": 40, "comments": 1}
    assert len(found) == 6
    closed = ThreadsAdapter(script(refused(10))).metrics(Receipt("18"), ACCOUNT, at=SENT)
    assert all(m.value is None for m in closed)


def test_a_number_that_was_withdrawn_does_not_hide_the_others():
    one = answer({"data": [{"name": "views", "values": [{"value": 40}]}]})
    http = script(refused(100), one, *[refused(100)] * 5)

    found = ThreadsAdapter(http).metrics(Receipt("18"), ACCOUNT, at=SENT)

    assert {m.name: m.value for m in found if m.value is not None} == {"views": 40} and len(http.asked) == 7


def test_what_threads_does_not_take():
    limits = get_platform("threads").limits
    adapter = ThreadsAdapter(script())
    links = " ".join(f"https://a{n}.go.id" for n in range(6))

    assert {p.code.value for p in adapter.validate(Variant(text="x" * 497 + "👨‍👩‍👧"), limits)} == {
        "too_long"
    }
    assert {(p.field.value, p.code.value) for p in adapter.validate(Variant(text=links), limits)} == {
        ("link", "too_many")
    }
    assert [p.severity.value for p in adapter.validate(Variant(text="#a #b"), limits)] == ["warning"]
    assert {p.code.value for p in adapter.validate(Variant(text="x", first_comment="y"), limits)} == {
        "unsupported"
    }


def test_a_video_that_meta_cannot_read_is_told_beforehand():
    for mime, found in (("video/mp4", []), ("video/quicktime", []), ("", []), ("video/webm", [0])):
        item = MediaItem(1, MediaKind.VIDEO, mime=mime)
        told = ThreadsAdapter(script()).validate(Variant(text="x", media=(item,)), Limits())
        assert [p.item for p in told if p.code is ProblemCode.WRONG_KIND] == found
