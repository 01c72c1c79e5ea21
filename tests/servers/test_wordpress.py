"""A real WordPress, from the page that connects it to the trash."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from humasflow.channels.adapters.errors import MediaRejected
from humasflow.channels.connections.enums import ConnectionState
from humasflow.channels.connections.queries import get_connection_of
from humasflow.channels.reaching import get_adapter
from humasflow.core.db import db
from humasflow.publishing.snapshots import job_of
from tests.servers.office import Office
from tests.servers.wordpress.server import WordPress
from tests.support.faulty import Fault, FaultProxy, posting, scripted


@pytest.fixture(autouse=True)
def _reachable(wordpress, reachable):
    reachable(wordpress.port)


def one(wordpress: WordPress, number: str | None) -> dict:
    """The post, as its editor sees it."""
    return wordpress.ask("GET", f"posts/{number}", params={"context": "edit"}).json()


def page(address: str) -> httpx.Response:
    return httpx.get(address, follow_redirects=True, trust_env=False, timeout=30)


def test_text_pictures_and_their_words_are_there_once(office: Office, wordpress: WordPress):
    account = office.portal(wordpress)
    before = {p["id"] for p in wordpress.posts()}
    files = {m["id"] for m in wordpress.media()}

    post = office.due(account, pictures=3, title="Lelang <perdana> & “aset” 👍")

    assert office.publish(post) == "published"
    new = [p for p in wordpress.posts() if p["id"] not in before]
    assert [p["status"] for p in new] == ["publish"]
    delivery = office.delivery(post)
    assert (delivery.external_id, delivery.permalink) == (str(new[0]["id"]), new[0]["link"])
    assert new[0]["title"]["raw"] == "Lelang &lt;perdana&gt; & “aset” 👍"
    pictures = [m for m in wordpress.media() if m["id"] not in files]
    assert [m["alt_text"] for m in pictures] == [f"Juru lelang {n}" for n in range(3)]
    assert {m["post"] for m in pictures} == {new[0]["id"]}
    assert new[0]["featured_media"] == pictures[0]["id"]
    shown = page(delivery.permalink).text
    assert "Peserta dari 30 satuan kerja" in shown
    assert [shown.count(f"wp-image-{m['id']}") for m in pictures[1:]] == [1, 1]
    assert page(pictures[1]["source_url"]).status_code == 200
    tags = wordpress.ask("GET", "tags", params={"post": str(new[0]["id"])}).json()
    assert [t["name"] for t in tags] == ["lelang"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"password": "abcd efgh ijkl mnop qrst uvwx"}, "tidak menerima nama pengguna atau kata sandi"),
        ({"username": "bukan.siapa-siapa"}, "tidak menerima nama pengguna atau kata sandi"),
        ({"username": "contributor"}, "belum boleh menayangkan"),
    ],
)
def test_who_may_not_publish_is_not_connected(office: Office, wordpress: WordPress, typed, says):
    account = office.account("website_portal")
    person = (
        wordpress.people[typed.get("username", "")]
        if typed.get("username") in wordpress.people
        else wordpress.people["editor"]
    )
    good = {"host": wordpress.url, "username": person["name"], "password": person["password"]}

    refused = office.connect(account, status=422, **(good | typed))

    assert says in refused.main
    assert get_connection_of(account.id) is None


def test_the_address_may_be_that_of_the_dashboard(office: Office, wordpress: WordPress):
    account, person = office.account("website_portal"), wordpress.people["author"]

    office.connect(
        account,
        host=f"{wordpress.url}/wp-admin/edit.php?post_type=page",
        username=person["name"],
        password=person["password"],
    )

    found = get_connection_of(account.id)
    assert (found.name, found.handle, found.state) == ("Portal Humas", "author", ConnectionState.CONNECTED)
    assert office.publish(office.due(account)) == "published"


def test_a_withdrawn_password_waits_for_a_person_and_nothing_is_half_there(
    office: Office, wordpress: WordPress
):
    account, person = office.portal(wordpress, role="author"), wordpress.people["author"]
    post = office.due(account)
    office.long_ago(account)
    before = len(wordpress.posts())
    admin = wordpress.ask("DELETE", f"users/me/application-passwords/{person['uuid']}", role="author")
    assert admin.is_success, admin.text

    assert office.publish(post) == "needs_reauth"

    assert len(wordpress.posts()) == before
    assert get_connection_of(account.id).state is ConnectionState.NEEDS_REAUTH


@pytest.mark.parametrize(
    "fault", [Fault.DROP, Fault.CUT, Fault.BROKEN_AFTER, Fault.GARBAGE, Fault.RESET, Fault.BROKEN]
)
def test_a_lost_answer_is_asked_about(office: Office, wordpress: WordPress, app, reachable, fault):
    app.config["ASK_AGAIN_AFTER"] = timedelta()
    title = f"Jawaban hilang {fault.name}"
    with FaultProxy("127.0.0.1", wordpress.port) as proxy:
        reachable(proxy.port)
        post = office.due(office.portal(wordpress, port=proxy.port), title=title)
        # The text is saved by the first of these calls and published by the second.
        proxy.plan = scripted(Fault.NONE, fault, only=posting("/wp-json/wp/v2/posts/"))
        office.publish_in_time(post)

        assert fault in [a.fault for a in proxy.asked]
    assert office.state(post) == "published"
    assert [p["title"]["raw"] for p in wordpress.posts()].count(title) == 1


def test_a_strangers_post_under_our_address_is_left_alone(office: Office, wordpress: WordPress):
    account = office.portal(wordpress)
    post = office.due(account, title="Alamat yang sudah dipakai")
    slug = f"alamat-yang-sudah-dipakai-{post.id}-{post.generation}"
    theirs = wordpress.ask(
        "POST", "posts", json={"title": "Milik orang", "slug": slug, "status": "publish"}
    ).json()
    assert theirs["slug"] == slug

    assert office.publish(post) == "published"

    delivery = office.delivery(post)
    assert delivery.external_id != str(theirs["id"])
    assert one(wordpress, delivery.external_id)["slug"] == f"{slug}-2"
    assert one(wordpress, str(theirs["id"]))["title"]["raw"] == "Milik orang"
    assert "Alamat yang sudah dipakai" in page(delivery.permalink).text


def adapter_and_job(office: Office, post):
    """The adapter and the job as the publisher gives it, for what is done after publication."""
    delivery = office.delivery(post)
    job = job_of(delivery)
    adapter = get_adapter(delivery.account.adapter)
    db.session.commit()
    return adapter, job


def test_a_correction_changes_the_post_and_a_withdrawal_takes_it_all_away(
    office: Office, wordpress: WordPress
):
    account = office.portal(wordpress)
    post = office.due(account, title="Yang akan dikoreksi", pictures=2)
    assert office.publish(post) == "published"
    adapter, job = adapter_and_job(office, post)
    address = office.delivery(post).permalink
    db.session.commit()
    files = [m for m in wordpress.media() if m["post"] == int(job.external_id)]
    assert len(files) == 2

    changed = replace(
        job, variant=replace(job.variant, title="Yang sudah dikoreksi", media=job.variant.media[1:])
    )
    for _time in range(2):
        assert adapter.update(changed).permalink == address
    assert "Yang sudah dikoreksi" in page(address).text
    assert page(files[0]["source_url"]).status_code == 404
    assert page(files[1]["source_url"]).status_code == 200

    for _time in range(2):
        adapter.retract(changed)
    assert page(address).status_code == 404
    assert page(files[1]["source_url"]).status_code == 404
    assert one(wordpress, job.external_id)["status"] == "trash"


def test_hostile_text_arrives_harmless(office: Office, wordpress: WordPress):
    account = office.portal(wordpress)
    body = "<p>Awal \u202eknil\u202c e\u0301 👨‍👩‍👧‍👦 <b>tebal</b></p><script>alert(1)</script><p onclick=x>Akhir</p>"
    post = office.due(account, title="Kata <script>alert(2)</script> dan 🇮🇩", body_html=body, pictures=0)

    assert office.publish(post) == "published"

    raw = one(wordpress, office.delivery(post).external_id)
    assert "script" not in raw["content"]["raw"]
    assert "onclick" not in raw["content"]["raw"]
    assert "\u202eknil" in raw["content"]["raw"]
    assert "👨‍👩‍👧‍👦" in raw["content"]["raw"]
    assert "<script>" not in raw["title"]["rendered"]


def test_a_file_that_the_portal_forbids_is_a_matter_of_that_file(office: Office, wordpress: WordPress):
    """500 with rest_upload_sideload_error: permanent, although it says 500."""

    class Forbidden:
        def picture(self, item, *, max_bytes=None, max_side=None):
            return b"<?php phpinfo();", "application/x-httpd-php"

    account = office.portal(wordpress)
    post = office.due(account)
    assert office.publish(post) == "published"
    adapter, job = adapter_and_job(office, post)
    item = replace(job.variant.media[0], sha256="f" * 64)
    with pytest.raises(MediaRejected):
        adapter.prepare(replace(job, variant=replace(job.variant, media=(item,)), files=Forbidden()))
