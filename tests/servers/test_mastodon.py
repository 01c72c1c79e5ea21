"""A server that speaks Mastodon's API, from the page that connects an account to the deletion."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from humasflow.channels.adapters.base import Absent
from humasflow.channels.connections.enums import ConnectionState
from humasflow.channels.connections.queries import get_connection_of
from humasflow.channels.connections.services.access import sealed, secrets_of
from humasflow.channels.reaching import get_adapter
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.publishing.snapshots import job_of
from tests.servers.mastodon.server import Mastodon
from tests.servers.office import Office
from tests.support.faulty import Fault, FaultProxy, posting, scripted

STATUSES = "/api/v1/statuses"


@pytest.fixture(autouse=True)
def _reachable(mastodon, reachable):
    reachable(mastodon.port)


def adapter_and_job(office: Office, post):
    """As the product itself calls it, for what no page offers."""
    adapter, job = get_adapter("mastodon"), job_of(office.delivery(post))
    db.session.commit()
    return adapter, job


def is_picture(url: str) -> bool:
    return httpx.get(url, trust_env=False).content.startswith((b"\xff\xd8", b"RIFF"))


def test_a_pasted_token_connects_with_what_the_server_accepts(office: Office, mastodon: Mastodon):
    account = office.mastodon(mastodon)

    found = get_connection_of(account.id)
    assert found.state is ConnectionState.CONNECTED and found.expires_at is None
    assert found.handle.endswith(f"@127.0.0.1:{mastodon.port}")
    assert found.settings["instance"] == mastodon.url and found.settings["account_id"]


@pytest.mark.parametrize("typed", [{"access_token": "bukan-token"}, {"host": "http://127.0.0.1:9"}])
def test_a_wrong_token_or_address_connects_nothing(office: Office, mastodon: Mastodon, typed):
    account = office.account("mastodon")

    office.connect(account, status=422, **({"host": mastodon.url, "access_token": mastodon.token} | typed))

    assert get_connection_of(account.id) is None


def test_the_servers_own_page_gives_an_account(office: Office, mastodon: Mastodon):
    adapter = get_adapter("mastodon")
    back = "https://humas.kantor.go.id/kembali"
    db.session.commit()  # nothing stays open while a server is asked

    keys = adapter.register_app(mastodon.url, redirect_uri=back, website="https://humas.kantor.go.id")
    url = adapter.authorize_url(keys, redirect_uri=back, state="abc", challenge="x" * 43)
    assert httpx.get(url, trust_env=False).is_success
    brought = mastodon.grant(keys.client_id, back, "abc")
    grant = adapter.exchange(keys, code=brought["code"], redirect_uri=back, verifier="y" * 43)
    (outlet,) = adapter.outlets(keys, grant)

    assert brought["state"] == "abc" and set(grant.scopes) == set(adapter.scopes)
    assert outlet.external_id and outlet.settings["instance"] == mastodon.url


def test_words_and_pictures_are_there_once(office: Office, mastodon: Mastodon):
    account = office.mastodon(mastodon)
    words = "Lelang <perdana> & “aset” 👨‍👩‍👧‍👦 https://kantor.go.id/berita?a=1&b=2 #BMN"

    post = office.due(account, words=words, pictures=3)

    assert office.publish(post) == "published"
    (shown,) = mastodon.saying(words)
    delivery = office.delivery(post)
    assert (delivery.external_id, delivery.permalink) == (shown["id"], shown["url"])
    assert [m["description"] for m in shown["media_attachments"]] == [f"Juru lelang {n}" for n in range(3)]
    assert shown["language"] == "id" and shown["visibility"] == "public"
    assert all(is_picture(m["url"]) for m in shown["media_attachments"])


def test_a_withdrawn_token_waits_for_a_person(office: Office, mastodon: Mastodon):
    account = office.mastodon(mastodon)
    found = get_connection_of(account.id)
    found.secrets = sealed(secrets_of(found) | {"access_token": "dicabut"})
    db.session.commit()
    office.long_ago(account)
    post = office.due(account, words="Tidak boleh tayang", pictures=0)

    assert office.publish(post) == "needs_reauth"
    assert mastodon.saying("Tidak boleh tayang") == []
    assert get_connection_of(account.id).state is ConnectionState.NEEDS_REAUTH


@pytest.mark.parametrize(
    "fault",
    [Fault.DROP, Fault.CUT, Fault.BROKEN_AFTER, Fault.GARBAGE, Fault.RESET, Fault.BROKEN, Fault.BAD_GATEWAY],
)
@pytest.mark.parametrize("pictures", [0, 1])
def test_a_lost_answer_is_asked_about(office: Office, mastodon: Mastodon, app, reachable, fault, pictures):
    app.config["ASK_AGAIN_AFTER"] = timedelta()
    words = f"Jawaban hilang: {fault.name} dengan {pictures} foto, kata {clock.now().timestamp():.6f}"
    with FaultProxy("127.0.0.1", mastodon.port) as proxy:
        reachable(proxy.port)
        post = office.due(office.mastodon(mastodon, port=proxy.port), words=words, pictures=pictures)
        proxy.plan = scripted(fault, only=posting(STATUSES))
        office.publish_in_time(post)

        assert fault in [a.fault for a in proxy.asked if a.path == STATUSES]
    assert office.state(post) == "published"
    (shown,) = mastodon.saying(words)
    assert office.delivery(post).external_id == shown["id"]


def test_a_lost_upload_is_made_again(office: Office, mastodon: Mastodon, reachable):
    words = "Unggahan yang hilang"
    with FaultProxy("127.0.0.1", mastodon.port) as proxy:
        reachable(proxy.port)
        post = office.due(office.mastodon(mastodon, port=proxy.port), words=words, pictures=2)
        proxy.plan = scripted(Fault.DROP, Fault.TOO_MANY, Fault.CUT, only=posting("/api/v2/media"))
        # Each try comes later than the one before.
        for hours in range(6):
            with clock.moved_to(clock.now() + timedelta(hours=hours * 0.5)):
                if office.publish(post) == "published":
                    break

    (shown,) = mastodon.saying(words)
    assert [m["description"] for m in shown["media_attachments"]] == ["Juru lelang 0", "Juru lelang 1"]


def test_a_limit_is_waited_for(office: Office, mastodon: Mastodon):
    post = office.due(office.mastodon(mastodon), words="Terlalu cepat", pictures=0)
    mastodon.break_next("POST", STATUSES, type="ratelimit")

    assert office.publish(post) != "published"

    assert mastodon.saying("Terlalu cepat") == []
    delivery = office.delivery(post)
    assert delivery.next_at is None or delivery.next_at > clock.now()
    assert delivery.error_code == "rate_limited"


def test_an_edit_keeps_the_address_and_a_deletion_may_be_repeated(office: Office, mastodon: Mastodon):
    account = office.mastodon(mastodon)
    post = office.due(account, words="Akan diralat", pictures=1)
    assert office.publish(post) == "published"
    adapter, job = adapter_and_job(office, post)

    address = office.delivery(post).permalink
    db.session.commit()
    receipt = adapter.update(replace(job, variant=replace(job.variant, text="Sudah diralat")))

    assert receipt.external_id == job.external_id and receipt.permalink == address
    assert mastodon.saying("Akan diralat") == [] and len(mastodon.saying("Sudah diralat")) == 1
    assert adapter.find(job).permalink == receipt.permalink
    numbers = adapter.metrics(receipt, job.account, at=clock.now())
    assert {m.name: m.value for m in numbers} == {"likes": 0, "shares": 0, "comments": 0}
    for _time in range(2):
        adapter.retract(job)
    assert mastodon.saying("Sudah diralat") == [] and adapter.find(job) == Absent()


def test_the_same_key_is_the_same_status_and_what_is_not_there_is_absent(office: Office, mastodon: Mastodon):
    account = office.mastodon(mastodon)
    post = office.due(account, words="Kunci yang sama", pictures=0)
    assert office.publish(post) == "published"
    adapter, job = adapter_and_job(office, post)
    sent = replace(job, external_id=None, committing_at=clock.now())

    assert adapter.commit(sent).external_id == job.external_id
    assert adapter.find(sent).external_id == job.external_id
    assert adapter.find(replace(sent, variant=replace(job.variant, text="Tidak pernah dikirim"))) == Absent()
    assert len(mastodon.saying("Kunci yang sama")) == 1
