"""Workers killed at every line, and a network that loses, cuts, delays and invents answers, before real servers: what is
to be published is there once, and the product says so only then.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.models import Delivery
from humasflow.publishing.services import asking, attempt
from tests.servers import killing
from tests.servers.mastodon.server import Mastodon
from tests.servers.office import Office
from tests.servers.pds.server import Pds
from tests.servers.wordpress.server import WordPress
from tests.support.faulty import Fault, FaultProxy, at_random, posting, scripted

LINES = 140  # killed at, of each adapter, at most
LEAST = 300  # kills in all
POSTS = 30  # of each adapter, sent through a bad network
ALIKE = 8  # posts of the same words on one account
SHARE = 0.3  # of the requests that something happens to
LATE = 2.0  # seconds; longer than a call may take
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Target:
    """A server: how an account is connected to it (by way of a port), and what everybody sees there: the words of each
    post with the ids under which they stand.
    """

    server: Any
    host: str
    connect: Callable[..., ChannelAccount]
    shown: Callable[[], list[tuple[str, str]]]


def on_wordpress(server: WordPress) -> list[tuple[str, str]]:
    return [(p["title"]["raw"], str(p["id"])) for p in server.published()]


def on_bluesky(server: Pds) -> list[tuple[str, str]]:
    return [(label(p["value"]["text"]), p["uri"]) for p in server.posts()]


def on_mastodon(server: Mastodon) -> list[tuple[str, str]]:
    me = server.ask("GET", "v1/accounts/verify_credentials").json()["id"]
    found: list[tuple[str, str]] = []
    last: dict[str, str] = {}
    while page := server.ask("GET", f"v1/accounts/{me}/statuses", params={"limit": "40"} | last).json():
        found += [(label(s["content"].removeprefix("<p>")), s["id"]) for s in page]
        last = {"max_id": page[-1]["id"]}
    return found


@pytest.fixture
def targets(
    office: Office, wordpress: WordPress, pds: Pds, mastodon: Mastodon, reachable
) -> dict[str, Target]:
    reachable(wordpress.port, pds.port, mastodon.port)
    return {
        "wordpress": Target(wordpress, "127.0.0.1", office.portal, lambda: on_wordpress(wordpress)),
        "bluesky": Target(pds, "localhost", office.bluesky, lambda: on_bluesky(pds)),
        "mastodon": Target(mastodon, "127.0.0.1", office.mastodon, lambda: on_mastodon(mastodon)),
    }


def label(text: str) -> str:
    """The sentence that tells the posts apart."""
    return text.partition(".")[0] + "."


def unlike(name: str) -> str:
    """Words that no other post has: where a server is asked for a post by its text, one that merely resembles it is for
    people to look at.
    """
    digits = hashlib.sha256(name.encode()).hexdigest()
    return " ".join(digits[start : start + 6] for start in range(0, 60, 6))


def due_posts(
    office: Office, accounts: dict[str, ChannelAccount], count: int, name: str
) -> dict[str, list[Post]]:
    """So many posts on each, with words that stand nowhere else."""
    return {
        key: [
            office.due(
                account, words=f"{name} {key} {n:03}. {unlike(f'{name}{key}{n}')}", title=f"{name} {key} {n:03}.",
                pictures=n % 2, width=320,
            )
            for n in range(count)
        ]
        for key, account in accounts.items()
    }  # fmt: skip


def check(targets: dict[str, Target], posts: dict[str, list[Post]], name: str) -> None:
    """Nothing twice, nothing lost, nothing said that is not so."""
    db.session.expire_all()
    for key, target in targets.items():
        shown = [(words, ident) for words, ident in target.shown() if words.startswith(f"{name} {key} ")]
        wanted = {f"{name} {key} {n:03}." for n in range(len(posts[key]))}
        assert [
            words for words, times in Counter(words for words, _id in shown).items() if times > 1
        ] == [], key
        assert {words for words, _id in shown} == wanted, key
        numbers = {post.id for post in posts[key]}
        deliveries = db.session.scalars(select(Delivery).where(Delivery.post_id.in_(numbers))).all()
        assert {d.post_id for d in deliveries} == numbers, key
        assert {d.state for d in deliveries} == {S.PUBLISHED}, key
        assert {d.external_id for d in deliveries} == {ident for _words, ident in shown}, key


def test_killed_at_every_line_everything_is_there_once(
    office: Office, targets: dict[str, Target], database_url: str, tmp_path: Path
):
    accounts = {key: target.connect(target.server) for key, target in targets.items()}
    posts = due_posts(office, accounts, LINES + 2, "Mati")
    numbers = {key: [post.id for post in some] for key, some in posts.items()}
    db.session.remove()

    ports = ",".join(str(target.server.port) for target in targets.values())
    done = subprocess.run(
        [sys.executable, "-m", "tests.servers.killing", database_url, str(tmp_path), ports, str(LINES), json.dumps(numbers)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=1500, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout.splitlines()[-1])
    print("lines and kills:", said)
    kills = {key: said[key][1] for key in targets}
    assert min(kills.values()) >= LEAST // len(kills) - 10, kills
    assert sum(kills.values()) >= LEAST, kills
    check(targets, posts, "Mati")
    # Of a WordPress draft too there is one: a killed worker's is found and used.
    titles = Counter(p["title"]["raw"] for p in targets["wordpress"].server.posts())
    assert max(titles.values()) == 1


@pytest.fixture
def bad_network(targets: dict[str, Target], reachable) -> Iterator[dict[str, FaultProxy]]:
    """Between the product and each server; quiet until its plan is changed."""
    with ExitStack() as open_:
        found = {
            key: open_.enter_context(FaultProxy(target.host, target.server.port, seconds=LATE))
            for key, target in targets.items()
        }
        reachable(*(proxy.port for proxy in found.values()))
        yield found


def test_a_bad_network_loses_nothing_and_doubles_nothing(
    office: Office, app, targets: dict[str, Target], bad_network: dict[str, FaultProxy], monkeypatch
):
    app.config["OUTBOX_LEASE"], app.config["ASK_AGAIN_AFTER"] = killing.LEASE, killing.WAIT
    for owner, name in ((attempt, "pause_before"), (attempt, "TRIES"), (asking, "LONGEST_PAUSE")):
        monkeypatch.setattr(owner, name, getattr(owner, name))  # put back at the end
    killing.hurry()
    accounts = {
        key: targets[key].connect(targets[key].server, port=proxy.port) for key, proxy in bad_network.items()
    }
    posts = due_posts(office, accounts, POSTS, "Putus")
    for number, proxy in enumerate(bad_network.values()):
        proxy.asked.clear()
        proxy.plan = at_random(2026 + number, SHARE)

    until = time.monotonic() + 900
    while time.monotonic() < until:
        ran = office.work()
        states = set(db.session.scalars(select(Delivery.state)))
        db.session.rollback()
        if not ran and not states & set(killing.UNDER_WAY):
            break
        time.sleep(0 if ran else 0.05)

    for proxy in bad_network.values():
        proxy.plan = lambda _asked: Fault.NONE
    time.sleep(LATE)  # what is delayed comes, too late
    injected = {
        key: Counter(a.fault.value for a in proxy.asked if a.fault is not Fault.NONE)
        for key, proxy in bad_network.items()
    }
    print("faults:", {key: dict(some) for key, some in injected.items()})
    assert all(some.total() >= POSTS // 2 for some in injected.values()), injected
    check(targets, posts, "Putus")


def test_posts_of_the_same_words_are_each_there_once(office: Office, app, mastodon: Mastodon, reachable):
    """Where a server is asked for a post by its text. With the real number of tries and the real pauses, in moved time."""
    app.config["ASK_AGAIN_AFTER"] = killing.WAIT
    words = f"Layanan tutup hari ini {time.time_ns()}."
    lost = [Fault.DROP, Fault.RESET, Fault.CUT, Fault.BROKEN, Fault.BROKEN_AFTER, Fault.GARBAGE]
    with FaultProxy("127.0.0.1", mastodon.port) as proxy:
        reachable(mastodon.port, proxy.port)
        account = office.mastodon(mastodon, port=proxy.port)
        posts = [office.due(account, words=words, pictures=n % 2, width=320) for n in range(ALIKE)]
        proxy.plan = scripted(*lost, only=posting("/api/v1/statuses"))

        for post in posts:  # one after the other, as the account's lane has them
            assert office.publish_in_time(post) == "published"

        assert set(lost) <= {a.fault for a in proxy.asked}
    shown = [ident for text, ident in on_mastodon(mastodon) if text == words]
    found = [office.delivery(post).external_id for post in posts]
    assert len(shown) == len(set(found)) == ALIKE
    assert set(shown) == set(found)
