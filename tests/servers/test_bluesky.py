"""A real personal data server of Bluesky's network, from the page that connects it to the deletion."""

from dataclasses import replace
from datetime import timedelta

import pytest

from humasflow.channels.adapters.base import Absent
from humasflow.channels.adapters.errors import Invalid, Transient
from humasflow.channels.connections.enums import ConnectionState
from humasflow.channels.connections.queries import get_connection_of
from humasflow.channels.connections.services.access import sealed, secrets_of
from humasflow.core import clock
from humasflow.core.db import db
from tests.servers.office import Office
from tests.servers.pds.server import Pds
from tests.servers.test_wordpress import adapter_and_job
from tests.support.faulty import Fault, FaultProxy, posting, scripted

PUT = "/xrpc/com.atproto.repo.putRecord"


@pytest.fixture(autouse=True)
def _reachable(pds, reachable):
    reachable(pds.port)


def saying(pds: Pds, words: str) -> list[dict]:
    """The account's posts with these words."""
    return [p for p in pds.posts() if words in p["value"]["text"]]


def test_text_pictures_and_their_words_are_there_once(office: Office, pds: Pds):
    account = office.bluesky(pds)
    words = "Lelang perdana 👨‍👩‍👧‍👦 bersama @warga.test dan @tidak.test, simak kantor.go.id #BMN"

    post = office.due(account, words=words, pictures=4)

    assert office.publish(post) == "published"
    found = saying(pds, "Lelang perdana 👨‍👩‍👧‍👦 bersama")
    assert len(found) == 1
    value, raw = found[0]["value"], found[0]["value"]["text"].encode()
    assert value["text"] == f"{words}\n\n#lelang"
    assert value["langs"] == ["id"]
    facets = [
        (raw[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode(), f["features"][0])
        for f in value["facets"]
    ]
    assert [piece for piece, _feature in facets] == ["@warga.test", "kantor.go.id", "#BMN", "#lelang"]
    assert facets[0][1]["did"] == pds.people["warga"]["did"]
    images = value["embed"]["images"]
    assert [i["alt"] for i in images] == [f"Juru lelang {n}" for n in range(4)]
    assert {tuple(i["aspectRatio"].values()) for i in images} <= {(1600, 900), (900, 1600)}
    assert all(len(pds.blob(i["image"]["ref"]["$link"])) == i["image"]["size"] for i in images)
    delivery = office.delivery(post)
    assert delivery.external_id == found[0]["uri"]
    assert (
        delivery.permalink == f"https://bsky.app/profile/humas.test/post/{found[0]['uri'].rpartition('/')[2]}"
    )


def test_a_wrong_password_connects_nothing(office: Office, pds: Pds):
    account = office.account("bluesky")

    refused = office.connect(
        account, status=422, host=pds.url, handle="humas.test", password="abcd-efgh-ijkl-mnop"
    )

    assert "tidak menerima nama akun atau kata sandi" in refused.main
    assert get_connection_of(account.id) is None


def spoil(account, **secrets: str) -> None:
    """Other tokens than the server gave."""
    found = get_connection_of(account.id)
    found.secrets = sealed(secrets_of(found) | secrets)
    db.session.commit()


def forged(token: str) -> str:
    """The token with a signature that is none."""
    return token.rpartition(".")[0] + ".ZGFsYW0"


@pytest.mark.parametrize("names", [("access_token",), ("access_token", "refresh_token")])
def test_tokens_that_have_ended_are_renewed_and_nobody_notices(office: Office, pds: Pds, names):
    account = office.bluesky(pds)
    kept = secrets_of(get_connection_of(account.id))
    spoil(account, **{name: forged(kept[name]) for name in names})
    post = office.due(account, words=f"Token ke-{len(pds.posts())}", pictures=1)

    assert office.publish(post) == "published"
    found = get_connection_of(account.id)
    assert found.state is ConnectionState.CONNECTED
    assert secrets_of(found)["access_token"] != forged(kept["access_token"])


def test_without_any_token_the_password_is_enough(office: Office, pds: Pds):
    account = office.bluesky(pds)
    spoil(account, access_token="", refresh_token="")

    assert office.publish(office.due(account, words="Tanpa token", pictures=0)) == "published"


def test_a_withdrawn_password_waits_for_a_person(office: Office, pds: Pds):
    account = office.bluesky(pds, label="dicabut")
    pds.revoke("dicabut")
    kept = secrets_of(get_connection_of(account.id))["access_token"]
    spoil(account, access_token=forged(kept))  # a real one would still open the door for two hours
    post = office.due(account, words="Tidak boleh tayang", pictures=0)

    assert office.publish(post) == "needs_reauth"
    assert saying(pds, "Tidak boleh tayang") == []
    assert get_connection_of(account.id).state is ConnectionState.NEEDS_REAUTH


@pytest.mark.parametrize(
    "fault", [Fault.DROP, Fault.CUT, Fault.BROKEN_AFTER, Fault.GARBAGE, Fault.RESET, Fault.BROKEN]
)
def test_a_lost_answer_is_asked_about(office: Office, pds: Pds, app, reachable, fault):
    app.config["ASK_AGAIN_AFTER"] = timedelta()
    with FaultProxy("localhost", pds.port) as proxy:
        reachable(proxy.port)
        account = office.bluesky(pds, port=proxy.port)
        words = f"Jawaban hilang ({fault.name})"
        post = office.due(account, words=words, pictures=1)
        proxy.plan = scripted(fault, only=posting(PUT))
        office.publish_in_time(post)

        assert fault in [a.fault for a in proxy.asked if a.path == PUT]
    assert office.state(post) == "published"
    assert len(saying(pds, words)) == 1


def test_a_deleted_post_is_absent_and_deleting_may_be_repeated(office: Office, pds: Pds):
    account = office.bluesky(pds)
    post = office.due(account, words="Akan dihapus", pictures=0)
    assert office.publish(post) == "published"
    adapter, job = adapter_and_job(office, post)
    assert adapter.find(job).external_id == job.external_id

    for _time in range(2):
        adapter.retract(job)

    assert saying(pds, "Akan dihapus") == []
    assert adapter.find(job) == Absent()


def test_another_post_under_our_name_is_never_overwritten(office: Office, pds: Pds):
    account = office.bluesky(pds)
    post = office.due(account, words="Nama yang sudah dipakai", pictures=0)
    assert office.publish(post) == "published"
    adapter, job = adapter_and_job(office, post)
    # The same instant and key, seen by another installation that knows nothing of the first: another record.
    stranger = {"$type": "app.bsky.feed.post", "text": "Milik orang", "createdAt": "2020-01-01T00:00:00Z"}
    rkey = job.external_id.rpartition("/")[2]
    put = {
        "repo": pds.people["humas"]["did"],
        "collection": "app.bsky.feed.post",
        "rkey": rkey,
        "record": stranger,
    }
    assert pds.ask("com.atproto.repo.putRecord", token=pds.session(), json=put).is_success

    again = adapter.prepare(replace(job, prepare_state={}))
    adapter.commit(replace(job, prepare_state=again.state))

    assert len(saying(pds, "Milik orang")) == len(saying(pds, "Nama yang sudah dipakai")) == 1
    # Prepared before the stranger came: the server refuses, and the name is looked at anew.
    with pytest.raises(Transient):
        adapter.commit(job)


def test_what_an_earlier_try_left_is_replaced_by_what_people_wrote_since(office: Office, pds: Pds):
    account = office.bluesky(pds)
    post = office.due(account, words="Kalimat pertama", pictures=0)
    assert office.publish(post) == "published"
    adapter, job = adapter_and_job(office, post)
    edited = replace(job, prepare_state={}, variant=replace(job.variant, text="Kalimat yang disunting"))

    ready = adapter.prepare(edited)
    for _time in range(2):
        assert adapter.commit(replace(edited, prepare_state=ready.state)).external_id == job.external_id

    assert saying(pds, "Kalimat pertama") == []
    assert len(saying(pds, "Kalimat yang disunting")) == 1


def test_numbers_without_an_appview_are_unknown(office: Office, pds: Pds):
    account = office.bluesky(pds)
    post = office.due(account, words="Angka", pictures=0)
    assert office.publish(post) == "published"
    adapter, job = adapter_and_job(office, post)

    found = adapter.metrics(adapter.find(job), job.account, at=clock.now())

    assert {m.name: m.value for m in found} == dict.fromkeys(adapter.caps.metrics)


@pytest.mark.parametrize(
    ("words", "accepted"),
    [
        ("é" * 300, True),
        ("👨‍👩‍👧‍👦" * 100, True),
        ("x" * 301, False),
        ("e\u0301" * 300, True),
        ("\u202eaבג\u202c \x00NUL", True),
    ],
)
def test_the_server_counts_as_we_do(office: Office, pds: Pds, words, accepted):
    account = office.bluesky(pds)
    post = office.due(account, words="Hitung", pictures=0)
    assert office.publish(post) == "published"
    adapter, job = adapter_and_job(office, post)
    other = replace(
        job, variant=replace(job.variant, text=words, hashtags=()), created_at=clock.now(), prepare_state={}
    )
    ready = adapter.prepare(other)
    if accepted:
        assert adapter.commit(replace(other, prepare_state=ready.state)).external_id
    else:
        with pytest.raises(Invalid):
            adapter.commit(replace(other, prepare_state=ready.state))
