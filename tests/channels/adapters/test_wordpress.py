"""The WordPress adapter against what a portal may answer. Real portals: tests/servers/test_wordpress.py."""

import json
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humasflow.channels.adapters import errors
from humasflow.channels.adapters.base import (
    Absent,
    CannotTell,
    Field,
    Limits,
    Pending,
    ProblemCode,
    Ready,
    Receipt,
    SigningIn,
)  # fmt: skip
from humasflow.channels.adapters.http import AnswerLost, NotReached
from humasflow.channels.adapters.variant import Account, Action, Job, MediaItem, MediaKind, Variant
from humasflow.channels.adapters.wordpress import WordPressAdapter, discovery
from humasflow.channels.adapters.wordpress.content import (
    Uploaded,
    as_title,
    body_of,
    file_slug,
    fingerprint,
    marker_of,
    pictures_of,
    slug_of,
)  # fmt: skip
from humasflow.channels.adapters.wordpress.discovery import sites_of
from tests.support.scripted import StoredFiles, answer, script

ROOT = "https://portal.go.id/wp-json"
PASSWORD = "abcd efgh ijkl mnop qrst uvwx"
ACCOUNT = Account(
    7,
    "website_portal",
    "humas",
    "https://portal.go.id",
    settings={"rest_root": ROOT},
    secrets={"password": PASSWORD},
)
SENT = datetime(2026, 11, 22, 3, 4, 5, 678000, tzinfo=UTC)
COVER, BESIDE, INSIDE = (
    MediaItem(
        n,
        filename=f"{n}.jpg",
        mime="image/jpeg",
        sha256=str(n) * 64,
        alt_text=f"Juru lelang {n}",
        credit="Budi",
    )
    for n in (1, 2, 3)
)
VIDEO = MediaItem(4, MediaKind.VIDEO, "lelang.mp4", "video/mp4")
STORY = Variant(title="Lelang perdana", text="<p>Lelang berjalan lancar.</p>", slug="lelang-perdana-42-1")


def job(**changes) -> Job:
    settings = {
        "post_id": 42, "generation": 1, "action": Action.PUBLISH, "idempotency_key": "post:42:1", "account": ACCOUNT,
        "variant": STORY, "created_at": SENT, "destination": {"base_url": "https://humas.go.id/"},
        "files": StoredFiles(), "now": SENT,
    }  # fmt: skip
    return Job(**(settings | changes))


def portal(*lines) -> tuple[WordPressAdapter, object]:
    http = script(*lines)
    return WordPressAdapter(http), http


def refused(code: str, status: int, **data):
    return answer({"code": code, "message": "Maaf.", "data": {"status": status, **data}}, status)


def post(number: int = 6, status: str = "publish", slug: str = "lelang-perdana-42-1", raw: str = ""):
    return {
        "id": number, "status": status, "slug": slug, "link": f"https://portal.go.id/2026/11/{slug}/",
        "content": {"raw": raw},
    }  # fmt: skip


def mine(status: str = "draft", **changes):
    """Our own post under its number."""
    return answer(post(6, status, raw=f"<p>x{marker_of(job())}</p>") | changes)


STRANGERS = answer(post(6, slug="pengumuman-lelang", raw="<p>Milik orang</p>"))


def ready(**state) -> Job:
    return job(prepare_state={"post": 6, "drafts": 1} | state)


# The account


INDEX = {
    "name": "Portal Kantor", "home": "https://portal.go.id", "namespaces": ["oembed/1.0", "wp/v2"],
    "authentication": {"application-passwords": {"endpoints": {}}},
}  # fmt: skip
ME = {
    "id": 2,
    "name": "Humas",
    "username": "humas",
    "capabilities": {"publish_posts": True, "upload_files": True},
}
NEW = replace(ACCOUNT, settings={}, host="portal.go.id/wp-admin/")


def test_it_signs_in_with_what_was_typed():
    adapter, http = portal(answer(INDEX), answer(ME))

    grant = adapter.sign_in(NEW)

    assert isinstance(adapter, SigningIn)
    assert grant.secrets == {"password": PASSWORD}
    assert [one.url for one in http.asked] == [f"{ROOT}/", f"{ROOT}/wp/v2/users/me?context=edit"]
    # Nobody learns the password before it is clear who asks for it.
    assert "Authorization" not in http.asked[0].headers
    assert (
        b64decode(http.last.headers["Authorization"].removeprefix("Basic ")) == f"humas:{PASSWORD}".encode()
    )


def test_the_account_says_what_the_portal_calls_it():
    adapter, _ = portal(answer(INDEX), answer(ME))

    info = adapter.verify(NEW)

    assert (info.name, info.handle, info.url) == ("Portal Kantor", "humas", "https://portal.go.id")
    assert info.settings == {"rest_root": ROOT, "user_id": 2}
    assert info.expires_at is None
    assert info.warnings == ()


@pytest.mark.parametrize(
    ("me", "error", "detail"),
    [
        (refused("rest_not_logged_in", 401), errors.AuthRevoked, "rest_not_logged_in"),
        (refused("incorrect_password", 401), errors.AuthRevoked, "incorrect_password"),
        (refused("invalid_username", 401), errors.AuthRevoked, "invalid_username"),
        (
            refused("application_passwords_disabled_for_user", 401),
            errors.AuthRevoked,
            "application_passwords_disabled_for_user",
        ),
        (answer(ME | {"capabilities": {"edit_posts": True}}), errors.Forbidden, "publish_posts"),
        (answer("<html><body>Masuk dulu</body></html>", 401), errors.Transient, "401 html"),
        (answer("<html>WAF</html>", 403), errors.Transient, "403 html"),
        (answer("<html>Sedang dirawat</html>", 503), errors.Transient, "status 503"),
        (answer([]), errors.Transient, "a success that says nothing"),
        (answer("<html>Beranda</html>"), errors.Transient, "a success that says nothing"),
        (NotReached("tls"), errors.Transient, "tls"),
        (AnswerLost("too_large"), errors.Transient, "too_large"),
    ],
)
def test_who_are_we_is_the_question_that_a_wrong_password_cannot_pass(me, error, detail):
    adapter, _ = portal(answer(INDEX), me)

    with pytest.raises(error) as raised:
        adapter.verify(NEW)

    assert type(raised.value) is error
    assert raised.value.detail == detail


def test_a_portal_that_takes_no_passwords_for_applications_says_so():
    adapter, _ = portal(answer(INDEX | {"authentication": []}), refused("rest_not_logged_in", 401))

    with pytest.raises(errors.Forbidden, match="application_passwords_off"):
        adapter.verify(NEW)


def test_who_may_write_but_not_upload_is_told():
    adapter, _ = portal(answer(INDEX), answer(ME | {"capabilities": {"publish_posts": True}}))

    assert adapter.verify(NEW).warnings == ("no_uploads",)


@pytest.mark.parametrize(("name", "password"), [("humas", " "), ("", PASSWORD)])
def test_without_name_or_password_nothing_is_asked(name, password):
    adapter, http = portal()

    with pytest.raises(errors.AuthRevoked):
        adapter.verify(replace(NEW, handle=name, secrets={"password": password}))
    assert http.asked == []


def test_a_password_never_ends_and_there_is_no_quota():
    adapter, _ = portal()

    assert adapter.refresh(ACCOUNT) is None
    assert adapter.quota(ACCOUNT) is None
    assert adapter.metrics(Receipt("6"), ACCOUNT, at=SENT) == ()


# Where the portal is


@pytest.mark.parametrize(
    ("typed", "sites"),
    [
        ("portal.go.id", ["https://portal.go.id", "https://www.portal.go.id"]),
        (" https://portal.go.id/wp-admin/edit.php?post_type=post ", ["https://portal.go.id", "https://www.portal.go.id"]),
        ("https://www.portal.go.id/wp-login.php", ["https://www.portal.go.id", "https://portal.go.id"]),
        (
            "https://kantor.go.id/berita/2026/11/",
            [f"https://{host}{path}" for host in ("kantor.go.id", "www.kantor.go.id")
             for path in ("/berita/2026/11", "/berita/2026", "/berita")],
        ),
        ("https://kantor.go.id/berita/wp-json/wp/v2", [f"https://{host}{path}" for host in ("kantor.go.id", "www.kantor.go.id") for path in ("/berita", "")]),
        ("http://portal.go.id", ["https://portal.go.id", "https://www.portal.go.id", "http://portal.go.id", "http://www.portal.go.id"]),
        ("http://127.0.0.1:8080/", ["http://127.0.0.1:8080"]),
        ("ftp://portal.go.id", []),
        ("https://humas:rahasia@portal.go.id", []),
        ("portal kantor", []),
        ("", []),
    ],
)  # fmt: skip
def test_any_address_of_the_portal_leads_to_it(typed, sites):
    assert sites_of(typed) == sites


def test_a_portal_in_a_folder_without_pretty_addresses_is_found():
    adapter, http = portal(
        answer("", 404), answer("", 404), answer("", 200),  # /berita has none of it
        answer("", 404), answer(INDEX), answer(ME),  # /?rest_route=/ does
    )  # fmt: skip

    info = adapter.verify(replace(NEW, host="https://portal.go.id/berita"))

    assert info.settings["rest_root"] == "https://portal.go.id/?rest_route="
    assert http.last.url == "https://portal.go.id/?rest_route=/wp/v2/users/me&context=edit"


def test_a_portal_says_on_its_front_page_where_its_api_is():
    link = (
        '<https://portal.go.id/x.css>; rel=preload, <https://www.portal.go.id/api/>; rel="https://api.w.org/"'
    )
    adapter, _ = portal(answer("", 404), answer("", 404), answer("", link=link), answer(INDEX), answer(ME))

    assert adapter.verify(NEW).settings["rest_root"] == "https://www.portal.go.id/api"


@pytest.mark.parametrize(
    "told", ["https://jahat.example/wp-json/", "http://portal.go.id/wp-json/", "javascript:1"]
)
def test_the_password_goes_to_no_other_site_and_not_in_the_clear(told):
    lost = [answer("", 404), answer("", 404), answer("", link=f'<{told}>; rel="https://api.w.org/"')]
    adapter, http = portal(*lost, *lost)

    with pytest.raises(errors.Unsupported, match="not_wordpress"):
        adapter.verify(NEW)
    assert all("Authorization" not in one.headers for one in http.asked)


@pytest.mark.parametrize(
    ("first", "error", "detail"),
    [
        (NotReached("unknown_host"), errors.Transient, "unknown_host"),
        (NotReached("private"), errors.Transient, "private"),
        (NotReached("tls"), errors.Transient, "tls"),
        (AnswerLost("redirects"), errors.Transient, "redirects"),
        (AnswerLost("too_slow"), errors.Transient, "too_slow"),
        (AnswerLost("too_large"), errors.Unsupported, "not_wordpress"),
        (answer("<html>Situs lain</html>"), errors.Unsupported, "not_wordpress"),
        (answer({"namespaces": ["oembed/1.0"]}), errors.Unsupported, "rest_closed"),
        (refused("forbidden_by_a_guard", 403), errors.Forbidden, "forbidden_by_a_guard"),
        (answer("", 503), errors.Transient, "status 503"),
        # WordPress's own words while a plugin breaks it, and a portal that is asked too often.
        (refused("internal_server_error", 500), errors.Transient, "status 500"),
        (refused("too_many_requests", 429), errors.Transient, "status 429"),
    ],
)
def test_why_no_portal_was_found(first, error, detail):
    adapter, _ = portal(*[first] * 6)

    with pytest.raises(error) as raised:
        adapter.verify(NEW)
    assert (type(raised.value), raised.value.detail) == (error, detail)


def test_an_api_for_members_only_is_asked_as_a_member():
    closed = refused("rest_not_logged_in", 401)
    adapter, http = portal(closed, answer(ME), answer(INDEX))

    info = adapter.verify(NEW)

    assert (info.name, info.settings["rest_root"]) == ("Portal Kantor", ROOT)
    assert "Authorization" not in http.asked[0].headers
    adapter, _ = portal(closed, answer(ME), AnswerLost("too_slow"))
    assert adapter.verify(NEW).name == "Humas"
    adapter, _ = portal(closed, refused("incorrect_password", 401), closed)
    with pytest.raises(errors.AuthRevoked, match="incorrect_password"):
        adapter.verify(NEW)


def test_a_connected_portal_is_asked_where_it_was_found():
    adapter, http = portal(answer(ME), answer(INDEX))

    assert adapter.verify(ACCOUNT).name == "Portal Kantor"
    assert http.asked[0].url == f"{ROOT}/wp/v2/users/me?context=edit"
    # It has moved its API: then it is looked for.
    adapter, _ = portal(answer("<html>404</html>", 404), answer("", 404), answer(INDEX), answer(ME))
    assert adapter.verify(ACCOUNT).settings["rest_root"] == "https://portal.go.id/?rest_route="


def test_a_portal_that_is_failing_for_a_while_is_connected_all_the_same():
    adapter, _ = portal(refused("internal_server_error", 500))

    with pytest.raises(errors.Transient):
        adapter.verify(ACCOUNT)


@pytest.mark.parametrize("reason", ["too_slow", "too_large"])
def test_a_server_that_never_answers_is_asked_once(reason):
    adapter, http = portal(*[AnswerLost(reason)] * 20)

    with pytest.raises(errors.AdapterError):
        adapter.verify(replace(NEW, host="https://portal.go.id/2026/11/judul"))
    assert [one.url.partition("/wp-json")[0] for one in http.asked] == [
        "https://portal.go.id/2026/11/judul", "https://www.portal.go.id/2026/11/judul",
    ]  # fmt: skip


def test_the_search_ends_while_a_person_waits(monkeypatch):
    hours = iter(range(100))
    monkeypatch.setattr(discovery, "monotonic", lambda: next(hours) * 3600)
    adapter, http = portal()

    with pytest.raises(errors.Transient, match="too_slow"):
        adapter.verify(NEW)
    assert http.asked == []


def test_no_address_is_no_portal():
    adapter, _ = portal()

    with pytest.raises(errors.Invalid, match="address"):
        adapter.verify(replace(NEW, host="bukan alamat"))


# What it refuses beforehand


def test_a_portal_takes_pictures_and_needs_a_title():
    adapter, _ = portal()

    found = adapter.validate(Variant(text="<p>Halo</p>", media=(COVER, VIDEO)), Limits())

    assert {(one.field, one.code, one.item) for one in found} == {
        (Field.TITLE, ProblemCode.REQUIRED, None), (Field.MEDIA, ProblemCode.WRONG_KIND, 1),
    }  # fmt: skip


# Step by step


def test_first_it_looks_for_a_draft_of_an_earlier_try():
    ours = post(5, "draft", raw=f"<p>x{marker_of(job())}</p>")
    adapter, http = portal(answer([post(4, "publish"), ours]))

    told = adapter.prepare(job())

    assert isinstance(told, Pending)
    assert told.state["post"] == 5
    assert http.last.query == {
        "slug": "lelang-perdana-42-1," + ",".join(f"lelang-perdana-42-1-{n}" for n in (2, 3, 4, 5)), "status": "any",
        "context": "edit", "per_page": "100",
    }  # fmt: skip


def test_a_draft_under_another_title_is_found_by_its_marker():
    adapter, http = portal(answer([]), answer([post(5, "draft", "judul-lama", marker_of(job()))]))

    assert adapter.prepare(job()).state["post"] == 5
    assert http.last.query["search"] == fingerprint(job())


def test_what_is_published_already_comes_before_a_draft():
    raw = marker_of(job())
    adapter, _ = portal(answer([post(5, "draft", raw=raw), post(9, slug="lelang-perdana-42-1-2", raw=raw)]))

    assert adapter.prepare(job()).state["post"] == 9


@pytest.mark.parametrize(
    "given",
    [
        [post(4)],  # a stranger with our very name
        [post(4, slug="lelang-perdana-42-1-2")],
        [post(4, slug="lain", raw=marker_of(job(created_at=SENT.replace(second=6))))],
        # The filter was not understood: everything there is comes back.
        [post(n, slug=f"berita-{n}") for n in range(1, 11)],
        [{"id": "6", "slug": "lelang-perdana-42-1", "content": {"raw": marker_of(job())}}],
        [{"id": 6, "slug": "lelang-perdana-42-1", "content": None}],
    ],
)
def test_a_strangers_post_is_never_taken_for_ours(given):
    adapter, http = portal(answer(given), answer(given), answer(post(11, "draft"), 201))

    assert adapter.prepare(job()).state["post"] == 11
    made = http.last.json
    assert (made["status"], made["slug"], made["title"]) == ("draft", "lelang-perdana-42-1", "Lelang perdana")
    assert marker_of(job()) in made["content"]
    assert "date" not in made
    assert "date_gmt" not in made


def upload_of(number: int, slug: str):
    sizes = {"large": {"source_url": f"https://portal.go.id/{number}-1024.jpg", "width": 1024, "height": 683}}
    return {
        "id": number,
        "slug": slug,
        "source_url": f"https://portal.go.id/{number}.jpg",
        "media_details": {"sizes": sizes},
    }


def test_one_step_a_call_until_only_the_text_is_left():
    work = ready(terms={"tags:lelang": 3})
    work = replace(work, variant=replace(STORY, media=(COVER,), hashtags=("#Lelang",)))
    slug = file_slug(work, COVER)
    left = {"id": 7, "slug": f"hf-{fingerprint(job())}-0123456789", "post": 6}
    twice = {"id": 9, "slug": f"{slug}-2", "post": None}
    elsewhere = {"id": 10, "slug": slug, "post": 99}
    adapter, http = portal(
        mine(), answer([]), answer(upload_of(8, slug), 201),
        mine(), answer(upload_of(8, slug)), answer(upload_of(8, slug)),
        mine(), answer([left, {"id": 8, "slug": slug, "post": 6}, {"id": 12, "slug": "logo", "post": 6}]), answer({"deleted": True}),
        mine(), answer([{"id": 8, "slug": slug, "post": 6}]),
        mine(), answer([elsewhere, twice, {"id": 8, "slug": slug, "post": 6}]), answer({"deleted": True}),
        mine(), answer([]),
        mine(), answer(post(6, "draft")),
    )  # fmt: skip

    told = adapter.prepare(work)
    assert isinstance(told, Pending)
    assert told.state["uploaded"][slug] == {
        "id": 8,
        "url": "https://portal.go.id/8-1024.jpg",
        "width": 1024,
        "height": 683,
    }
    sent = http.last
    assert sent.query == {"post": "6"}  # never shown by itself
    assert sent.headers["Content-Disposition"] == f'attachment; filename="{slug}.jpg"'
    assert (sent.headers["Content-Type"], sent.content) == ("image/jpeg", b"\xff\xd8picture")
    assert work.files.wished == [(1, 2_000_000, 2560)]

    told = adapter.prepare(replace(work, prepare_state=told.state))
    assert told.state["described"] == [slug]
    assert http.last.json == {"alt_text": "Juru lelang 1", "caption": "Budi", "post": 6}

    # What an earlier try left, and the second copy of a picture whose first answer came too late.
    for _time in range(4):
        told = adapter.prepare(replace(work, prepare_state=told.state))
        assert isinstance(told, Pending)
    assert [one.path for one in http.asked if one.method == "DELETE"] == [
        "/wp-json/wp/v2/media/7", "/wp-json/wp/v2/media/9",
    ]  # fmt: skip

    told = adapter.prepare(replace(work, prepare_state=told.state))
    assert isinstance(told, Ready)
    assert http.last.json["featured_media"] == 8
    assert http.last.json["tags"] == [3]
    assert "status" not in http.last.json
    assert json.loads(json.dumps(told.state)) == told.state


def test_hashtags_that_were_taken_out_are_taken_off_a_draft_that_was_found():
    adapter, http = portal(mine(), answer(post(6, "draft")))

    adapter.prepare(ready(swept=2))

    assert http.last.json["tags"] == []
    assert "categories" not in http.last.json


# A number is not enough


@pytest.mark.parametrize(
    "there", [STRANGERS, refused("rest_forbidden_context", 403), refused("rest_post_invalid_id", 404)]
)
def test_nothing_is_written_to_a_strangers_post_under_our_number(there):
    slug = file_slug(job(), COVER)
    kept = {slug: {"id": 8, "url": "https://portal.go.id/8.jpg", "width": 0, "height": 0}}
    work = replace(ready(uploaded=kept, described=[slug], swept=2), variant=replace(STORY, media=(COVER,)))
    adapter, http = portal(there)

    told = adapter.prepare(work)

    assert (told.state["post"], told.state["described"], told.state["swept"]) == (None, [], 0)
    assert [one.method for one in http.asked] == ["GET"]
    adapter, http = portal(there)
    with pytest.raises(errors.AdapterError):
        adapter.commit(work)
    assert [one.method for one in http.asked] == ["GET"]


def test_numbers_of_another_portal_are_none_here():
    slug = file_slug(job(), COVER)
    state = {
        "root": "https://uji.portal.go.id/wp-json", "post": 12, "drafts": 1, "terms": {"tags:a": 1},
        "uploaded": {slug: {"id": 8, "url": "https://uji/8.jpg", "width": 0, "height": 0}},
    }  # fmt: skip
    adapter, http = portal(answer([]), answer([]), answer(post(31, "draft"), 201))

    told = adapter.prepare(job(prepare_state=state))

    assert (told.state["post"], told.state["root"], told.state["uploaded"]) == (31, ROOT, {})
    assert [one.path for one in http.asked] == ["/wp-json/wp/v2/posts"] * 3
    with pytest.raises(errors.Transient):
        WordPressAdapter(script()).commit(job(prepare_state=state))


@pytest.mark.parametrize("there", [{"slug": "logo"}, {"slug": f"hf-{'a' * 16}-0123456789"}])
def test_a_strangers_picture_under_our_number_is_left_alone(there):
    slug = file_slug(job(), COVER)
    kept = {slug: {"id": 8, "url": "https://portal.go.id/8.jpg", "width": 0, "height": 0}}
    work = replace(ready(uploaded=kept), variant=replace(STORY, media=(COVER,)))
    adapter, http = portal(mine(), answer({"id": 8} | there))

    assert adapter.prepare(work).state["uploaded"] == {}
    assert {one.method for one in http.asked} == {"GET"}


def test_a_strangers_post_is_neither_corrected_nor_taken_down():
    for act in ("update", "retract"):
        adapter, http = portal(STRANGERS)
        with pytest.raises(errors.Conflict):
            getattr(adapter, act)(replace(ready(), external_id="6"))
        assert [one.method for one in http.asked] == ["GET"]
    adapter, _ = portal(STRANGERS)
    assert isinstance(adapter.find(ready()), CannotTell)


def test_a_post_whose_marker_somebody_edited_out_is_known_by_its_name():
    for slug in ("lelang-perdana-42-1", "lelang-perdana-42-1-2", f"judul-baru-{fingerprint(job())[:8]}"):
        adapter, _ = portal(answer(post(6, slug=slug, raw="<p>disunting</p>")))
        assert isinstance(adapter.find(ready()), Receipt)


def test_what_was_thrown_away_before_the_call_does_not_come_back():
    adapter, http = portal(mine("trash", slug="lelang-perdana-42-1__trashed"))

    with pytest.raises(errors.Transient):
        adapter.commit(ready())
    assert [one.method for one in http.asked] == ["GET"]


def test_a_picture_that_is_there_already_is_not_sent_again():
    work = replace(ready(), variant=replace(STORY, media=(COVER,)))
    slug = file_slug(work, COVER)
    adapter, http = portal(
        mine(), answer([upload_of(9, slug), upload_of(8, slug), upload_of(7, f"{slug}-1")])
    )

    assert adapter.prepare(work).state["uploaded"][slug]["id"] == 8
    assert [one.method for one in http.asked] == ["GET", "GET"]


def test_other_media_than_the_one_asked_for_are_no_picture_of_ours():
    work = replace(ready(), variant=replace(STORY, media=(COVER,)))
    adapter, http = portal(
        mine(), answer([upload_of(7, "logo"), upload_of(8, "hf-lain")]), answer(upload_of(9, "x"), 201)
    )

    assert adapter.prepare(work).state["uploaded"][file_slug(work, COVER)]["id"] == 9
    assert http.last.method == "POST"


def test_a_picture_that_somebody_deleted_is_sent_once_more_and_no_more():
    slug = file_slug(job(), COVER)
    kept = {slug: {"id": 8, "url": "https://portal.go.id/8.jpg", "width": 0, "height": 0}}
    work = replace(ready(uploaded=kept), variant=replace(STORY, media=(COVER,)))
    adapter, _ = portal(mine(), refused("rest_post_invalid_id", 404))

    state = adapter.prepare(work).state
    assert state["uploaded"] == {}
    adapter, _ = portal(mine(), refused("rest_post_invalid_id", 404))
    with pytest.raises(errors.Conflict):
        adapter.prepare(replace(work, prepare_state=state | {"uploaded": kept}))


def test_a_draft_that_somebody_threw_away_is_made_anew_a_few_times():
    adapter, _ = portal(answer(post(6, "trash")))
    assert adapter.prepare(ready()).state["post"] is None

    adapter, _ = portal(refused("rest_post_invalid_id", 404))
    assert adapter.prepare(ready()).state["post"] is None

    adapter, _ = portal(answer(post(6, "trash")))
    with pytest.raises(errors.Conflict):
        adapter.prepare(ready(drafts=3))


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ([answer({"id": 5, "name": "Lelang"}, 201)], 5),
        ([refused("term_exists", 400, term_id=2)], 2),
        (
            [
                refused("rest_cannot_create", 403),
                answer([{"id": 8, "name": "Lelang aset"}, {"id": 9, "name": "LELANG"}]),
            ],
            9,
        ),
    ],
)
def test_a_category_by_its_name(answers, found):
    work = replace(ready(), account=replace(ACCOUNT, settings={"rest_root": ROOT, "categories": ["Lelang"]}))
    adapter, http = portal(mine(), *answers)

    assert adapter.prepare(work).state["terms"] == {"categories:lelang": found}
    assert http.asked[1].json == {"name": "Lelang"}


def test_a_category_that_nobody_may_make_breaks_no_connection():
    work = replace(ready(), variant=replace(STORY, hashtags=("lelang",)))
    adapter, _ = portal(mine(), refused("rest_cannot_create", 403), answer([]))

    with pytest.raises(errors.Invalid, match="tags"):
        adapter.prepare(work)


REFUSALS = [
    (refused("rest_cannot_edit", 401), errors.AuthRevoked),
    (refused("rest_cannot_edit", 403), errors.Forbidden),
    (refused("rest_cannot_publish", 403), errors.Forbidden),
    (refused("rest_forbidden_context", 401), errors.AuthRevoked),
    (refused("incorrect_password", 401), errors.AuthRevoked),
    (refused("rest_not_logged_in", 401), errors.AuthRevoked),
    (refused("rest_invalid_param", 400, params={"title": "…", "<b>": "…"}), errors.Invalid),
    (refused("empty_content", 400), errors.Invalid),
    (refused("rest_no_route", 404), errors.Unsupported),
    (refused("rest_rate_limit_exceeded", 403), errors.RateLimited),
    (refused("whatever_a_plugin_says", 418), errors.Invalid),
    (refused("whatever_a_plugin_says", 404), errors.Conflict),
    (answer("Too many requests", 429, retry_after="30"), errors.RateLimited),
    (answer("<html>Request Entity Too Large</html>", 413), errors.Invalid),
    (answer("<html>Attention Required! | Cloudflare</html>", 403), errors.Transient),
    (answer("<html>Not Found</html>", 404), errors.Unsupported),
    # Passing: a portal in maintenance, an overloaded server, half of an answer.
    (answer("<html>Briefly unavailable for scheduled maintenance.</html>", 503), errors.Transient),
    (refused("db_update_error", 500), errors.Transient),
    (answer("<html>Fatal error</html>", 500), errors.Transient),
    (answer(b'{"id": 6, "sta'), errors.Transient),
    (answer("null"), errors.Transient),
    (NotReached("unreachable"), errors.Transient),
    (AnswerLost("too_slow"), errors.Transient),
]


@pytest.mark.parametrize(("said", "error"), REFUSALS)
def test_every_refusal_of_a_step_is_understood(said, error):
    adapter, _ = portal(said)

    with pytest.raises(errors.AdapterError) as raised:
        adapter.prepare(ready())
    assert type(raised.value) is error
    assert "Maaf" not in raised.value.detail
    assert "<b>" not in raised.value.detail


def test_an_error_in_a_success_is_an_error():
    body = {"code": "rest_cannot_edit", "message": "Maaf.", "data": {"status": 401}}
    adapter, _ = portal(answer(body, 200))

    with pytest.raises(errors.AuthRevoked):
        adapter.prepare(ready())


def test_a_stranger_hidden_in_an_invalid_parameter():
    def said(status):
        details = {"status": {"code": "rest_forbidden_status", "data": {"status": status}}}
        return refused("rest_invalid_param", 400, params={"status": "…"}, details=details)

    for status, error in ((401, errors.AuthRevoked), (403, errors.Forbidden)):
        adapter, _ = portal(said(status))
        with pytest.raises(error):
            adapter.prepare(job())


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (refused("rest_upload_sideload_error", 500), errors.MediaRejected),
        (refused("rest_upload_file_too_big", 400), errors.MediaRejected),
        (answer("<html>413</html>", 413), errors.MediaRejected),
        (refused("rest_cannot_create", 403), errors.Forbidden),
        (answer("<html>Out of memory</html>", 500), errors.Transient),
        (answer({"id": None}, 201), errors.Transient),
    ],
)
def test_a_picture_that_is_refused(said, error):
    adapter, _ = portal(mine(), answer([]), said)

    with pytest.raises(errors.AdapterError) as raised:
        adapter.prepare(replace(ready(), variant=replace(STORY, media=(COVER,))))
    assert type(raised.value) is error


def test_when_it_may_ask_again():
    for told, expected in (
        ("30", 30),
        ("9999999999999999", 86_400),
        ("Sun, 22 Nov 2026 03:05:05 GMT", None),
        ("besok", False),
        ("", False),
    ):
        adapter, _ = portal(answer("", 429, retry_after=told))
        with pytest.raises(errors.RateLimited) as raised:
            adapter.prepare(ready())
        moment = raised.value.retry_at
        if expected is False:
            assert moment is None
        else:
            assert moment.tzinfo is UTC
            left = (moment - datetime.now(UTC)).total_seconds()
            assert left < 86_401
            assert expected is None or abs(left - expected) < 5


# The one call


def test_publishing_is_publishing_the_draft():
    adapter, http = portal(mine(), answer(post(6)))

    receipt = adapter.commit(ready())

    assert receipt.external_id == "6"
    assert receipt.permalink == "https://portal.go.id/2026/11/lelang-perdana-42-1/"
    assert adapter.permalink(receipt) == receipt.permalink
    assert len(receipt.answer_sha256) == 64
    assert (http.last.method, http.last.path, http.last.json) == (
        "POST",
        "/wp-json/wp/v2/posts/6",
        {"status": "publish"},
    )


def test_without_a_draft_nothing_is_sent():
    adapter, http = portal()

    with pytest.raises(errors.Transient):
        adapter.commit(job())
    assert http.asked == []


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (AnswerLost("too_slow"), errors.OutcomeUnknown),
        (AnswerLost("answer"), errors.OutcomeUnknown),
        (answer("<html>Fatal error</html>", 500), errors.OutcomeUnknown),
        (answer("", 502), errors.OutcomeUnknown),
        (refused("db_update_error", 500), errors.OutcomeUnknown),
        (answer("<html>Selamat datang</html>"), errors.OutcomeUnknown),
        (answer({"status": "publish"}), errors.OutcomeUnknown),
        (NotReached("unreachable"), errors.Transient),
        (refused("rest_post_invalid_id", 404), errors.Transient),
        (refused("rest_cannot_publish", 403), errors.Forbidden),
        (refused("incorrect_password", 401), errors.AuthRevoked),
        (answer("", 429), errors.RateLimited),
        (answer(post(6, "private")), errors.Conflict),
        (answer(post(6, "draft")), errors.Conflict),
    ],
)
def test_what_the_call_may_come_to(said, error):
    adapter, _ = portal(mine(), said)

    with pytest.raises(errors.AdapterError) as raised:
        adapter.commit(ready())
    assert type(raised.value) is error


@pytest.mark.parametrize("status", ["future", "pending"])
def test_what_the_portal_puts_off_is_asked_about_and_no_no(status):
    """A moderator, or a date that the portal's people have set: it may appear by itself."""
    adapter, _ = portal(mine(), answer(post(6, status)))

    told = adapter.commit(ready())

    assert isinstance(told, Pending)
    assert told.retry_after > 0
    assert told.state == ready().prepare_state


# Afterwards


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (answer(post(6)), Receipt),
        (answer(post(6, "draft")), Absent),
        (answer(post(6, "future")), Pending),
        (answer(post(6, "pending")), Pending),
        (answer(post(6, "private")), CannotTell),
        (answer(post(6, "trash", "lelang-perdana-42-1__trashed")), CannotTell),
        (answer(post(7)), CannotTell),
        (refused("rest_post_invalid_id", 404), CannotTell),
    ],
)
def test_whether_it_is_there_by_its_number(said, found):
    adapter, http = portal(said)

    assert isinstance(adapter.find(ready()), found)
    assert http.last.query == {"context": "edit"}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ([post(6, raw=marker_of(job()))], Receipt),
        ([post(6, slug="lelang-perdana-42-1-2", raw=marker_of(job()))], Receipt),
        ([post(6, "draft", raw=marker_of(job()))], Absent),
        ([post(6)], Absent),
        ([post(n, slug=f"berita-{n}") for n in range(1, 11)], Absent),
        ([], Absent),
    ],
)
def test_whether_it_is_there_without_a_number(given, found):
    adapter, _ = portal(answer(given), answer([]))

    assert isinstance(adapter.find(job()), found)


@pytest.mark.parametrize(
    "said", [answer("<html></html>"), answer({}), answer("", 500), answer("", 403), AnswerLost("answer")]
)
def test_an_answer_that_is_none_proves_no_absence(said):
    for work in (ready(), job()):
        adapter, _ = portal(said)
        with pytest.raises(errors.Transient):
            adapter.find(work)


def test_with_a_withdrawn_password_absence_is_not_believed():
    adapter, _ = portal(refused("rest_forbidden_context", 401))

    with pytest.raises(errors.AuthRevoked):
        adapter.find(ready())


def test_a_correction_keeps_the_address_and_takes_old_pictures_away():
    new, old = file_slug(job(), COVER), file_slug(job(), BESIDE)
    kept = {
        slug: {"id": n, "url": f"https://portal.go.id/{n}.jpg", "width": 9, "height": 9}
        for slug, n in ((new, 8), (old, 9))
    }
    work = replace(
        ready(uploaded=kept, described=[new, old]), external_id="6",
        variant=replace(STORY, title="Lelang kedua", media=(replace(COVER, alt_text="Palu"),)),
    )  # fmt: skip
    theirs = {"id": 12, "slug": "logo", "post": 6}
    adapter, http = portal(
        mine("publish"), answer(upload_of(8, new)), answer(upload_of(8, new)), answer(post(6)),
        answer([{"id": 8, "slug": new, "post": 6}, {"id": 9, "slug": old, "post": 6}, theirs, {"id": 10, "slug": old, "post": 7}]),
        answer({"deleted": True}), answer([theirs]), answer([]),
    )  # fmt: skip

    receipt = adapter.update(work)

    assert receipt.external_id == "6"
    assert http.asked[2].json["alt_text"] == "Palu"  # words are written anew
    changed = http.asked[3].json
    assert "slug" not in changed
    assert "status" not in changed
    assert changed["title"] == "Lelang kedua"
    assert [(one.method, one.path) for one in http.asked[4:6]] == [
        ("GET", "/wp-json/wp/v2/media"), ("DELETE", "/wp-json/wp/v2/media/9"),
    ]  # fmt: skip
    assert [one.method for one in http.asked[6:]] == ["GET", "GET"]


@pytest.mark.parametrize(
    "said", [answer(post(6, "draft")), answer(post(6, "trash")), refused("rest_post_invalid_id", 404)]
)
def test_what_the_portals_people_took_down_is_not_corrected(said):
    adapter, _ = portal(said)

    with pytest.raises(errors.Conflict):
        adapter.update(replace(ready(), external_id="6"))


@pytest.mark.parametrize("number", [None, "", "enam", "6/../7"])
def test_only_a_post_of_a_portal_is_corrected_or_taken_down(number):
    adapter, http = portal()

    for act in (adapter.update, adapter.retract):
        with pytest.raises(errors.Invalid):
            act(replace(ready(), external_id=number))
    assert http.asked == []


@pytest.mark.parametrize(
    "answers",
    [
        [mine("publish"), answer(post(6, "trash"))],
        [mine("publish"), refused("rest_already_trashed", 410)],
        [mine("publish"), refused("rest_post_invalid_id", 404)],
        [mine("publish"), refused("rest_trash_not_supported", 501), answer(post(6, "draft"))],
        [mine("publish"), answer("<html>Method not allowed</html>", 405), answer(post(6, "draft"))],
        [mine("publish"), refused("rest_cannot_delete", 403), answer(post(6, "draft"))],
        [mine("trash")],
        [refused("rest_post_invalid_id", 404)],
    ],
)
def test_taking_down_may_be_repeated_and_needs_no_trash(answers):
    slug = file_slug(job(), COVER)
    adapter, http = portal(
        *answers,
        answer([{"id": 8, "slug": slug, "post": 6}]),
        answer({"deleted": True}),
        answer([]),
        answer([]),
    )

    adapter.retract(replace(ready(), external_id="6"))

    removed = [one for one in http.asked if one.method == "DELETE"][-1]
    assert (removed.path, removed.query) == ("/wp-json/wp/v2/media/8", {"force": "true"})


@pytest.mark.parametrize(
    "answers",
    [
        [mine(), answer({"id": 6, "status": "trash"})],
        [mine("trash")],
        [mine(), refused("rest_trash_not_supported", 501), mine()],
    ],
)
def test_what_is_not_to_go_out_leaves_no_draft_and_no_picture(answers):
    slug = file_slug(job(), COVER)
    adapter, http = portal(
        *answers,
        answer([{"id": 8, "slug": slug, "post": 6}]), answer({"deleted": True}), answer([]), answer([]),
    )  # fmt: skip

    adapter.discard(ready())

    removed = [one for one in http.asked if one.method == "DELETE"][-1]
    assert removed.path == "/wp-json/wp/v2/media/8"


@pytest.mark.parametrize(
    "there",
    [
        mine("publish"),
        mine("future"),
        mine("pending"),
        mine("private"),
        STRANGERS,
        refused("rest_post_invalid_id", 404),
    ],
)
def test_what_somebody_published_meanwhile_or_is_not_ours_stays(there):
    adapter, http = portal(there)

    adapter.discard(ready())

    assert [one.method for one in http.asked] == ["GET"]


def test_without_a_draft_nothing_is_asked():
    adapter, http = portal()

    adapter.discard(job())

    assert http.asked == []


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (refused("rest_cannot_delete", 401), errors.AuthRevoked),
        (refused("incorrect_password", 401), errors.AuthRevoked),
        (answer("", 500), errors.Transient),
        (AnswerLost("too_slow"), errors.Transient),
    ],
)
def test_taking_down_that_fails(said, error):
    adapter, _ = portal(mine("publish"), said)

    with pytest.raises(error):
        adapter.retract(replace(ready(), external_id="6"))


# What readers see


def uploaded(*items: MediaItem) -> dict[str, Uploaded]:
    return {
        file_slug(job(), item): Uploaded(item.asset_id + 10, f"https://portal.go.id/{item.asset_id}.jpg")
        for item in items
    }


def test_pictures_stand_where_the_text_wants_them():
    text = '<p>Satu</p><figure data-asset="3"></figure><p>Dua</p><figure data-asset="99"></figure>'
    work = job(variant=replace(STORY, text=text, media=(COVER, BESIDE, INSIDE)))

    html = body_of(work, uploaded(COVER, BESIDE, INSIDE))

    assert html.index("Satu") < html.index("/3.jpg") < html.index("Dua") < html.index("/2.jpg")
    assert "/1.jpg" not in html  # the featured picture
    assert "99" not in html
    assert html.count("<figure") == 2
    assert 'alt="Juru lelang 3"' in html
    assert "<figcaption>Budi</figcaption>" in html
    assert marker_of(work) in html


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>", '<img src="https://jahat.example/x.png" onerror="alert(1)">', "<iframe src=x></iframe>",
        '<a href="javascript:alert(1)">x</a>', '<p onclick="x()">y</p>', "<style>p{}</style>", "<svg onload=x>", "[x]<!-- wp:html -->",
    ],
)  # fmt: skip
def test_only_clean_html_leaves(evil):
    html = body_of(job(variant=replace(STORY, text=f"<p>Awal</p>{evil}<p>Akhir</p>")), {})

    for trace in (
        "script",
        "onerror",
        "onclick",
        "onload",
        "iframe",
        "javascript",
        "style",
        "jahat",
        "wp:html",
        "<img",
    ):
        assert trace not in html
    assert "Awal" in html
    assert "Akhir" in html


def test_words_around_a_picture_are_no_html():
    nasty = replace(INSIDE, alt_text='"><script>', credit="<b>Budi</b> & Ani")
    text = '<p>x</p><figure data-asset="3"></figure>'
    html = body_of(job(variant=replace(STORY, text=text, media=(COVER, nasty))), uploaded(COVER, nasty))

    assert 'alt="&quot;&gt;&lt;script&gt;"' in html
    assert "<figcaption>&lt;b&gt;Budi&lt;/b&gt; & Ani</figcaption>" in html


def test_plain_text_becomes_paragraphs():
    assert body_of(job(variant=replace(STORY, text="Satu < dua\n\nTiga")), {}).startswith(
        "<p>Satu &lt; dua</p><p>Tiga"
    )


def test_links_to_our_own_site_are_made_whole():
    html = body_of(
        job(variant=replace(STORY, text='<p><a href="/berita/x?a=1&amp;b=2">x</a> <a href="#y">y</a></p>')),
        {},
    )

    assert 'href="https://humas.go.id/berita/x?a=1&amp;b=2"' in html
    assert 'href="#y"' in html


def test_the_link_stands_once():
    link = "https://contoh.go.id/a?b=1&c=2"

    assert body_of(job(variant=replace(STORY, link=link)), {}).count("<a ") == 1
    text = '<p><a href="https://contoh.go.id/a?b=1&amp;c=2">a</a></p>'
    assert body_of(job(variant=replace(STORY, text=text, link=link)), {}).count("<a ") == 1


def test_the_marker_makes_no_paragraph_of_its_own():
    assert body_of(job(), {}) == f"<p>Lelang berjalan lancar.{marker_of(job())}</p>"


def test_pictures_once_each_in_order():
    again = replace(COVER, alt_text="lagi")
    assert pictures_of(Variant(media=(BESIDE, COVER, VIDEO, again))) == (BESIDE, COVER)


# Names


def test_the_names_follow_from_the_job_alone():
    assert fingerprint(job()) == fingerprint(
        job(now=None, prepare_state={"post": 1}, variant=Variant(text="lain"))
    )
    others = [job(idempotency_key="post:42:2"), job(created_at=SENT.replace(microsecond=1))]
    assert len({fingerprint(one) for one in [job(), *others]}) == 3
    assert (
        slug_of(job(variant=Variant(title="Lelang 👍 perdana"))) == f"lelang-perdana-{fingerprint(job())[:8]}"
    )
    assert slug_of(job(variant=Variant(title="拍卖"))) == f"berita-{fingerprint(job())[:8]}"


def test_another_crop_is_another_file():
    names = {
        file_slug(job(), item)
        for item in (COVER, replace(COVER, crop="1x1"), replace(COVER, sha256="9" * 64))
    }
    assert len(names) == 3
    assert all(name.startswith(f"hf-{fingerprint(job())}-") for name in names)


WILD = st.text(st.characters() | st.sampled_from(list('\x00\u202e\u200d👨\u0301<>&"\ud83d')), max_size=60)


@given(title=WILD, text=WILD, alt=WILD)
def test_any_text_is_something_that_can_be_sent(title, text, alt):
    item = replace(INSIDE, alt_text=alt, credit=title)
    variant = Variant(
        title=title, text=f'<p>{text}</p><figure data-asset="3"></figure>', media=(COVER, item), summary=text
    )
    work = job(variant=variant)

    html = body_of(work, uploaded(COVER, item))

    for part in (html, as_title(title), slug_of(work)):
        json.dumps(part, ensure_ascii=False).encode()
        assert "\x00" not in part
    assert html.count(marker_of(work)) == 1
    assert "<" not in as_title(title)


def test_secrets_stay_out_of_errors_and_representations():
    echo = f"humas:{PASSWORD}"
    for said in (
        refused(echo, 400),
        answer(echo, 400),
        refused("rest_invalid_param", 400, params={echo: "x"}),
    ):
        adapter, _ = portal(said)
        with pytest.raises(errors.AdapterError) as raised:
            adapter.prepare(ready())
        assert PASSWORD not in str(raised.value)
    assert PASSWORD not in repr(ACCOUNT)
