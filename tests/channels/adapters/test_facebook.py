"""The adapter of Facebook Pages against what Meta's own SDK states of its calls and fields."""

import json
import re
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
)
from humasflow.channels.adapters.http import AnswerLost
from humasflow.channels.adapters.meta.facebook import FacebookAdapter
from humasflow.channels.adapters.meta.graph import VERSION
from humasflow.channels.adapters.oauth import OF_THE_APP
from humasflow.channels.adapters.variant import Account, Action, AppKeys, Job, MediaItem, MediaKind, Variant
from tests.channels.adapters.test_meta_graph import refused
from tests.support.scripted import StoredFiles, answer, script

CONTRACT = json.loads((Path(__file__).parent / "recordings" / "meta.json").read_text())
ACCOUNT = Account(
    7, "facebook", settings={"page_id": "1001"}, secrets={"access_token": "P1"}, app=AppKeys("123", "sandi")
)  # fmt: skip
SENT = datetime(2026, 11, 22, 9, tzinfo=UTC)
PICTURE = MediaItem(1, filename="a.jpg", mime="image/jpeg", sha256="a" * 64, alt_text="Juru lelang")
OTHER = replace(PICTURE, asset_id=2, sha256="b" * 64, alt_text="")
VIDEO = MediaItem(3, MediaKind.VIDEO, "v.mp4", "video/mp4", size=6_000_000, sha256="c" * 64)


def job(**changes) -> Job:
    settings = {
        "post_id": 42, "generation": 1, "action": Action.PUBLISH, "idempotency_key": "kunci-42",
        "account": ACCOUNT, "variant": Variant(text="Lelang perdana", link="https://kantor.go.id/a"),
        "created_at": SENT, "committing_at": SENT, "now": SENT, "files": StoredFiles(b"v" * VIDEO.size),
    }  # fmt: skip
    return Job(**(settings | changes))


def prepared(adapter, post):
    """Every step until it is ready, the state stored in between."""
    for _step in range(20):
        answered = adapter.prepare(post)
        post = replace(post, prepare_state=json.loads(json.dumps(dict(answered.state))))
        if isinstance(answered, Ready):
            return post
        assert answered.retry_after == 0
    raise AssertionError("never ready")


def known(asked, call: str, *also: str):
    """The call is Meta's own, and sends nothing that it does not know."""
    stated = CONTRACT["calls"][call]
    sent = asked.query | (asked.form if asked.headers.get("Content-Type", "").endswith("urlencoded") else {})
    names = {re.sub(r"\[\d+\]$", "", name) for name in sent} - {
        "access_token",
        "appsecret_proof",
        "fields",
        "limit",
        *also,
    }
    assert asked.method == stated["method"] and asked.path.endswith(stated["endpoint"].rstrip("/"))
    assert names <= set(stated["params"]), names


def known_fields(asked, kind: str):
    """The fields are Meta's own; what stands in braces belongs to another kind."""
    names = asked.query["fields"]
    while "{" in names:
        names = re.sub(r"\{[^{}]*\}", "", names)
    own = {name.split(".")[0] for name in names.split(",")} - {
        "attachments",
        "comments",
        "likes",
        "reactions",
    }  # edges
    assert own <= set(CONTRACT["fields"][kind]), own


def test_it_is_every_kind_of_adapter_it_says_and_of_the_sdks_version():
    adapter = FacebookAdapter(script())

    assert isinstance(adapter, Authorizing) and isinstance(adapter, Commenting)
    assert CONTRACT["version"] == VERSION and not adapter.caps.is_proven and not adapter.caps.trusts_absence


# Connecting


def test_a_page_is_verified_with_the_life_of_its_token():
    token = {
        "is_valid": True,
        "expires_at": 0,
        "data_access_expires_at": 1_795_000_000,
        "scopes": list(FacebookAdapter.scopes),
    }
    http = script(
        answer({"data": token}),
        answer({"id": "1001", "name": "Kantor", "link": "https://www.facebook.com/kantor"}),
    )

    info = FacebookAdapter(http).verify(ACCOUNT)

    assert http.asked[0].query["access_token"] == "123|sandi" and http.asked[0].query["input_token"] == "P1"
    assert (
        info.name == "Kantor"
        and info.expires_at is None
        and info.settings["data_access_until"].startswith("2026-11-18")
    )
    known_fields(http.asked[1], "page")


@pytest.mark.parametrize(
    ("token", "error"),
    [
        (
            {"is_valid": False, "error": {"code": 190, "message": "Session P1 has been invalidated"}},
            errors.AuthRevoked,
        ),
        ({"is_valid": True, "scopes": ["pages_show_list", "pages_read_engagement"]}, errors.Forbidden),
        ("apa", errors.Transient),
    ],
)
def test_a_dead_or_weak_token_is_told(token, error):
    with pytest.raises(error) as told:
        FacebookAdapter(script(answer({"data": token}))).verify(ACCOUNT)

    assert "P1" not in told.value.detail


@pytest.mark.parametrize("subcode", [0, 460])
def test_wrong_keys_of_the_app_are_not_a_dead_token(subcode):
    """The question is signed with them; nothing is known of the account, so its connection must not end."""
    said = {"code": 190, "error_subcode": subcode, "message": "Invalid OAuth access token signature."}
    with pytest.raises(errors.Forbidden) as told:
        FacebookAdapter(script(answer({"error": said}, status=400))).verify(ACCOUNT)

    assert told.value.detail in OF_THE_APP


def test_a_pages_token_needs_no_refreshing():
    assert (
        FacebookAdapter(script()).refresh(ACCOUNT) is None
        and FacebookAdapter(script()).quota(ACCOUNT) is None
    )


# Publishing


def test_a_text_goes_out_with_its_link():
    http = script(answer({"id": "1001_5"}))
    adapter = FacebookAdapter(http)

    receipt = adapter.commit(prepared(adapter, job()))

    assert receipt.external_id == "1001_5" and receipt.permalink is None and len(receipt.answer_sha256) == 64
    assert http.last.path == f"/{VERSION}/1001/feed"
    assert http.last.form == {
        "message": "Lelang perdana\n\nhttps://kantor.go.id/a",
        "link": "https://kantor.go.id/a",
    }
    known(http.last, "page_feed")


def test_pictures_are_uploaded_unseen_one_a_call():
    http = script(answer({"id": "901"}), answer({"id": "902"}), answer({"id": "1001_5"}))
    adapter = FacebookAdapter(http)

    adapter.commit(prepared(adapter, job(variant=Variant(text="Lelang", media=(PICTURE, OTHER)))))

    assert b'name="published"\r\n\r\nfalse' in http.asked[0].content
    assert b'name="alt_text_custom"\r\n\r\nJuru lelang' in http.asked[0].content
    assert b"alt_text_custom" not in http.asked[1].content
    assert http.last.form["attached_media[0]"] == '{"media_fbid":"901"}' and "link" not in http.last.form
    known(http.asked[0], "page_photo")
    known(http.last, "page_feed")
    assert {"alt_text_custom", "published"} <= set(CONTRACT["calls"]["page_photo"]["params"])


def test_a_video_is_sent_in_parts_and_finished_last():
    http = script(
        answer({"upload_session_id": "77", "video_id": "900", "start_offset": "0", "end_offset": "5000000"}),
        answer({"start_offset": "4194304", "end_offset": "6000000"}),
        answer({"start_offset": "6000000", "end_offset": "6000000"}),
        answer({"success": True}),
    )
    adapter = FacebookAdapter(http)

    work = prepared(adapter, job(variant=Variant(title="Judul", text="Lelang", media=(VIDEO,))))
    going = adapter.commit(work)

    assert isinstance(going, Pending) and len(going.state["finished"]) == 64
    anew = FacebookAdapter(script(answer({}))).prepare  # a person tries again what Facebook made no video of
    with pytest.raises(errors.Transient, match="video_id"):
        anew(replace(work, prepare_state=dict(going.state)))
    assert http.asked[1].content.count(b"v" * 4_194_304) == 1
    assert http.last.form == {
        "upload_phase": "finish", "upload_session_id": "77", "description": "Lelang", "title": "Judul",
    }  # fmt: skip
    for asked in http.asked:
        known(asked, "page_video")
    assert {"start_offset", "upload_session_id", "video_file_chunk"} <= set(
        CONTRACT["calls"]["page_video"]["params"]
    )


def test_what_was_uploaded_for_other_content_is_not_used():
    adapter = FacebookAdapter(script(answer({"id": "901"}), answer({"id": "902"})))
    first = prepared(adapter, job(variant=Variant(text="A", media=(PICTURE,))))

    assert adapter.prepare(replace(first, variant=Variant(text="A", media=(OTHER,)))).state["photos"] == [
        "902"
    ]


@pytest.mark.parametrize(
    ("media", "problems"),
    [
        ((PICTURE, OTHER), set()),
        ((VIDEO,), set()),
        ((VIDEO, PICTURE), {"mixed_kinds"}),
        ((VIDEO, VIDEO), {"too_many"}),
        ((MediaItem(9, MediaKind.DOCUMENT),), {"wrong_kind"}),
    ],
)
def test_what_a_page_does_not_take(media, problems):
    found = FacebookAdapter(script()).validate(Variant(text="x", media=media), Limits())

    assert {p.code.value for p in found if p.severity.value == "error"} == problems


# Finding


def shown(message="Lelang perdana\n\nhttps://kantor.go.id/a", minutes=1, pictures=(), **more):
    post = {
        "id": "1001_5", "message": message, "permalink_url": "https://www.facebook.com/1001/posts/5",
        "created_time": (SENT + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S+0000"),
    }  # fmt: skip
    if pictures:
        several = {"data": [{"target": {"id": one}} for one in pictures]}
        post["attachments"] = {"data": [{"target": {"id": "album"}, "subattachments": several}]}
    return post | more


def test_a_post_is_found_by_its_words():
    http = script(answer({"data": [shown("Lain"), shown()]}))

    assert FacebookAdapter(http).find(job()) == Receipt("1001_5", "https://www.facebook.com/1001/posts/5")
    known(http.last, "page_posts")
    known_fields(http.last, "post")


def test_a_post_without_words_is_found_by_its_pictures():
    post = job(variant=Variant(media=(PICTURE,)), prepare_state={"photos": ["901"]})
    adapter = FacebookAdapter(
        script(answer({"data": [shown("", pictures=["899"]), shown("", pictures=["901"])]}))
    )

    assert adapter.find(post).external_id == "1001_5"


def test_another_post_of_ours_with_the_same_words_is_not_it():
    told = answer({"data": [shown()]})
    assert FacebookAdapter(script(told)).find(job(known_ids=frozenset({"1001_5"}))) == Absent()

    series = job(
        variant=Variant(text="Galeri", media=(PICTURE, OTHER)), prepare_state={"photos": ["901", "902"]}
    )
    others = shown("Galeri", pictures=["801", "802"])
    others["attachments"]["data"][0]["target"]["id"] = "801"
    assert FacebookAdapter(script(answer({"data": [others]}))).find(series) == Absent()


@pytest.mark.parametrize(
    ("posts", "kind"),
    [
        ([], Absent),
        ([shown("Lain sekali")], Absent),
        ([shown(minutes=-60)], Absent),
        ([shown("Lelang perdana.\n\nhttps://kantor.go.id/a")], CannotTell),
    ],
)
def test_what_is_not_it(posts, kind):
    assert isinstance(FacebookAdapter(script(answer({"data": posts}))).find(job()), kind)


def test_a_part_whose_answer_was_lost_goes_on_where_meta_says():
    kept = {"id": "900", "session": "77", "start": 0, "end": 5_000_000}
    told = {"error": {
        "code": 6000, "error_subcode": 1363037, "message": "offset",
        "error_data": {"start_offset": "4194304", "end_offset": "6000000"},
    }}  # fmt: skip
    post = job(variant=Variant(text="Lelang", media=(VIDEO,)))
    begun = FacebookAdapter(
        script(
            answer(
                {"upload_session_id": "77", "video_id": "900", "start_offset": "0", "end_offset": "5000000"}
            )
        )
    ).prepare(post)
    assert begun.state["video"] == kept
    post = replace(post, prepare_state=dict(begun.state))
    with pytest.raises(errors.Transient):
        FacebookAdapter(script(AnswerLost("cut"))).prepare(post)

    again = FacebookAdapter(script(answer(told, 400))).prepare(post)
    assert again.state["video"] == kept | {"start": 4_194_304, "end": 6_000_000}
    http = script(answer({"start_offset": "6000000", "end_offset": "6000000"}))
    done = FacebookAdapter(http).prepare(replace(post, prepare_state=dict(again.state)))
    assert isinstance(done, Ready) and b"4194304" in http.last.content
    del told["error"]["error_data"]
    assert "video" not in FacebookAdapter(script(answer(told, 400))).prepare(post).state


def test_a_video_tells_itself_whether_it_is_seen():
    post = job(variant=Variant(text="Lelang", media=(VIDEO,)), prepare_state={"video": {"id": "900"}})

    for published, kind in ((True, Receipt), (False, Absent), (None, CannotTell)):
        http = script(answer({"id": "900", "published": published, "permalink_url": "/kantor/videos/900/"}))
        found = FacebookAdapter(http).find(post)
        assert isinstance(found, kind)
        known_fields(http.last, "video")
        if published:
            assert found.permalink == "https://www.facebook.com/kantor/videos/900/"
    assert isinstance(FacebookAdapter(script(refused(100, 33))).find(post), CannotTell)


def seen(status, *, published=False):
    return answer({"id": "900", "published": published, "status": {"video_status": status}})


def test_a_duplicate_is_another_posts_when_the_page_shows_none_of_ours():
    refusal = refused(506, 1455006)
    going = FacebookAdapter(script(refusal)).commit(job())
    assert isinstance(going, Pending) and going.retry_after == 60.0
    # An earlier call of the same delivery may be hours old; one of a generation before, a person has judged.
    work = job(prepare_state=going.state, created_at=SENT - timedelta(hours=3))
    earlier = answer({"data": [shown(minutes=-100)]})

    assert FacebookAdapter(script(earlier)).find(work).external_id == "1001_5"
    with pytest.raises(errors.Invalid, match="duplicate_content") as told:
        FacebookAdapter(script(answer({"data": []}))).find(work)
    assert told.value.is_outcome
    assert FacebookAdapter(script(answer({"data": []}))).find(replace(work, generation=2)) == Absent()
    assert "duplicate" not in FacebookAdapter(script()).prepare(work).state


def test_a_video_is_live_when_facebook_has_made_one_of_it():
    """Told to finish, it works on the file first; until then nobody sees anything."""
    sent = {"video": {"id": "900"}, "finished": "a" * 64}
    post = job(variant=Variant(text="Lelang", media=(VIDEO,)), prepare_state=sent)

    for line in (
        seen("processing", published=True),
        seen("processing"),
        seen("uploading"),
        answer({"id": "900"}),
    ):
        assert FacebookAdapter(script(line)).find(post) == Pending(sent, 15.0)
    assert FacebookAdapter(script(seen("ready", published=True))).find(post) == Receipt("900", None, "a" * 64)
    for broken in ("error", "upload_failed"):
        with pytest.raises(errors.MediaRejected, match=broken) as refused_file:
            FacebookAdapter(script(seen(broken))).find(post)
        assert refused_file.value.is_outcome
    lost = replace(post, prepare_state={"video": {"id": "900"}})
    assert isinstance(FacebookAdapter(script(seen("processing"))).find(lost), Pending)
    assert FacebookAdapter(script(seen("uploading"))).find(lost) == Absent()


def test_the_address_of_a_known_post_is_asked_for():
    http = script(answer({"id": "1001_5", "permalink_url": "https://www.facebook.com/kantor/posts/5"}))

    assert (
        FacebookAdapter(http).find(job(external_id="1001_5")).permalink
        == "https://www.facebook.com/kantor/posts/5"
    )
    assert isinstance(FacebookAdapter(script(refused(100, 33))).find(job(external_id="1")), CannotTell)


# Afterwards


def test_words_are_changed_and_pictures_are_not():
    http = script(answer({"success": True}))
    state = {"media": [[PICTURE.sha256, ""]], "photos": ["901"]}
    edited = job(external_id="1001_5", prepare_state=state, variant=Variant(text="Ralat", media=(PICTURE,)))

    assert FacebookAdapter(http).update(edited).external_id == "1001_5" and http.last.form == {
        "message": "Ralat"
    }
    known(http.last, "post_update")
    with pytest.raises(errors.Unsupported):
        FacebookAdapter(script()).update(replace(edited, variant=Variant(text="Ralat", media=(OTHER,))))
    with pytest.raises(errors.Transient):
        FacebookAdapter(script(answer({}))).update(edited)


def test_a_post_is_deleted_and_one_that_is_gone_is_done():
    http = script(answer({"success": True}))
    FacebookAdapter(http).retract(job(external_id="1001_5"))
    known(http.last, "post_delete")
    gone = script(refused(100, 33), refused(100, 33), answer({"id": "1001"}))
    FacebookAdapter(gone).retract(job(external_id="1001_5"))
    with pytest.raises(errors.AuthRevoked):
        FacebookAdapter(script(refused(100, 33), refused(190, 460))).retract(job(external_id="1001_5"))


def test_a_video_has_its_own_numbers():
    http = script(answer({"views": 40, "likes": {"summary": {"total_count": 3}}}))
    found = FacebookAdapter(http).metrics(Receipt("900"), ACCOUNT, at=SENT)
    assert {m.name: m.value for m in found} == {"likes": 3, "comments": None, "views": 40}
    assert len(http.asked) == 1 and "shares" not in http.last.query["fields"]
    known_fields(http.last, "video")


def test_a_post_that_can_still_be_read_is_not_gone():
    """Meta says "does not exist" also where a permission is missing."""
    with pytest.raises(errors.Unsupported):
        FacebookAdapter(script(refused(100, 33), answer({"id": "1001_5"}))).retract(job(external_id="1001_5"))
    with pytest.raises(errors.Transient):
        FacebookAdapter(script(answer({"success": False}))).retract(job(external_id="1001_5"))


def test_without_an_id_nothing_is_asked():
    for act in (
        lambda a: a.retract(job()),
        lambda a: a.update(job()),
        lambda a: a.comment(job(), "x"),
        lambda a: a.find_comment(job(), "x"),
    ):
        http = script()
        with pytest.raises(errors.Unsupported):
            act(FacebookAdapter(http))
        assert not http.asked


def test_the_first_comment_is_written_once_and_found_again():
    http = script(answer({"id": "1001_5_1"}))
    post = job(external_id="1001_5")

    assert FacebookAdapter(http).comment(post, "Selengkapnya di situs kami") == "1001_5_1"
    known(http.last, "post_comment")
    with pytest.raises(errors.OutcomeUnknown):
        FacebookAdapter(script(AnswerLost("cut"))).comment(post, "x")
    rows = [
        {"id": "9", "message": "Selengkapnya di situs kami", "from": {"id": "55"}},
        {"id": "8", "message": "Selengkapnya di  situs kami", "from": {"id": "1001"}},
    ]
    http = script(answer({"data": rows}))
    assert FacebookAdapter(http).find_comment(post, "Selengkapnya di situs kami") == "8"
    known_fields(http.last, "comment")
    assert isinstance(FacebookAdapter(script(answer({"data": rows[:1]}))).find_comment(post, "x"), Absent)
    assert isinstance(FacebookAdapter(script(refused(100, 33))).find_comment(post, "x"), CannotTell)


def test_a_metric_that_meta_withdrew_hides_no_other():
    http = script(
        answer(
            {
                "id": "1",
                "reactions": {"summary": {"total_count": 7}},
                "comments": {"summary": {"total_count": 2}},
            }
        ),
        refused(100, message="(#100) The value must be a valid insights metric"),
        answer({"data": [{"name": "post_clicks", "values": [{"value": 4}]}]}),
        answer(
            {
                "data": [
                    {"name": "post_reactions_by_type_total", "values": [{"value": {"like": 6, "love": 1}}]}
                ]
            }
        ),
    )

    found = FacebookAdapter(http).metrics(Receipt("1001_5"), ACCOUNT, at=SENT)

    assert {m.name: m.value for m in found} == {
        "likes": 7, "comments": 2, "shares": None, "reach": None, "clicks": 4, "reactions_like": 6, "reactions_love": 1,
    }  # fmt: skip
    assert {m.api_version for m in found} == {VERSION}


def test_a_state_is_plain_json():
    answered = FacebookAdapter(script(answer({"id": "901"}))).prepare(
        job(variant=Variant(text="x", media=(PICTURE, OTHER)))
    )

    assert isinstance(answered, Pending) and json.loads(json.dumps(answered.state)) == answered.state
