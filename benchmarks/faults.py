"""``python -m benchmarks faults FOLDER [FAULTS]``: thousands of faults between the publisher and its channel.

In process: rounds of posts on a channel that loses answers before and after it acted, acts long after its caller gave
up, refuses, breaks down and talks nonsense, while the worker dies at random lines of the publisher; the clock is moved,
so nothing waits. After each round these numbers must be zero: posts that are on the channel twice, posts that are lost
(neither live nor visibly failed), states that are wrong (live that the channel does not show, or the other way round),
posts that failed before their tries or six hours were over, and posts that are uncertain without need.

A post is uncertain for good reason when the channel would not say for five minutes whether it arrived: then a person is
asked, and what the channel says afterwards answers for them only if the post is there ("not there" never sends it again
by itself). ``asked`` counts these. Once the network is good, the person looks: what is not on the channel is said to be
so and sent again, and has to be there, once, like everything else.

A death here is an exception that nothing catches: ``finally`` and ``with`` still run, which is milder than SIGKILL.
What that does to real processes is in tests/publishing/test_killed_workers.py.

FOLDER keeps the sum of all rounds (``faults.json``): stopped at any time, the next start goes on after the last whole
round, until FAULTS (5,000 unless said otherwise) are reached. A round that went wrong ends it and is not kept: the
next start plays it again.
"""

import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from contextvars import copy_context
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from sqlalchemy import select

from humasflow.audit.enums import AuditAction
from humasflow.audit.models import AuditEntry
from humasflow.channels import reaching
from humasflow.channels.adapters.http import AnswerLost, HttpAnswer, NotReached
from humasflow.channels.adapters.manual import ManualAdapter
from humasflow.channels.adapters.web import WebAdapter
from humasflow.core import clock
from humasflow.core.db import Base, db
from humasflow.outbox import runner
from humasflow.posts import services as posts
from humasflow.publishing import services
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.models import Delivery
from humasflow.publishing.progress import progress_of
from humasflow.publishing.services.attempt import TRIED_FOR, TRIES
from humasflow.publishing.services.sending import UNHEARD
from tests.conftest import make_app
from tests.factories.world import build_world
from tests.publishing.channel import connect
from tests.publishing.desk import NewsDesk
from tests.publishing.killing import WATCHED
from tests.publishing.outlets import outlets
from tests.support.loopback import LoopbackAdapter

GOAL = 5_000
STORIES, OUTLETS = 10, 10  # of a round
FAULTY_FOR = 40  # looks of the worker in which faults happen; then the network is good and nobody dies
SHARE, DEATHS = 0.5, 0.4  # of requests that go wrong; of looks in which the worker dies
MAY_NOT_BE = ("doubled", "lost", "wrong", "too_soon", "uncertain")
LATEST = (
    140  # seconds after the call at which what is late arrives: before it is asked about for the second time
)
LINES = 600  # at most so many lines after the beginning of a look


class Killed(BaseException):
    """The worker is dead: no handler of errors runs, and what was not committed never happened."""


class Network:
    """The loopback channel in memory, behind a network with dice. :class:`humasflow.channels.adapters.http.Http`."""

    KINDS = (
        "not reached", "lost before", "lost after", "429", "500 before", "500 after", "502", "nonsense after",
        "half after", "late",
    )  # fmt: skip

    def __init__(self, dice: random.Random, counted: Counter[str]) -> None:
        self.posts: list[dict[str, str]] = []
        self.is_faulty = True
        self._dice, self._counted = dice, counted
        self._on_their_way: list[tuple[datetime, dict[str, str]]] = []

    def __call__(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | Iterable[bytes] | None = None,
        timeout: float | None = None,
        max_bytes: int = 2_000_000,
    ) -> HttpAnswer:
        """One request."""
        self.arrive()
        fault = self._dice.choice(self.KINDS) if self.is_faulty and self._dice.random() < SHARE else ""
        if fault:
            self._counted[fault] += 1
        match fault:
            case "not reached":
                raise NotReached("unreachable")
            case "lost before":
                raise AnswerLost("too_slow")
            case "late":
                if method == "POST" and isinstance(content, bytes) and urlsplit(url).path == "/posts":
                    at = clock.now() + timedelta(seconds=self._dice.uniform(1, LATEST))
                    self._on_their_way.append((at, {"ref": json.loads(content)["ref"]}))
                raise AnswerLost("too_slow")
            case "429" | "500 before" | "502":
                return HttpAnswer(int(fault[:3]), {}, b"{}")
        answer = self._act(method, url, content)
        match fault:
            case "lost after":
                raise AnswerLost("answer")
            case "500 after":
                return HttpAnswer(500, {}, b"{}")
            case "nonsense after":
                return HttpAnswer(200, {}, b"<html>Please sign in to the network</html>")
            case "half after":
                return HttpAnswer(answer.status, {}, answer.body[: len(answer.body) // 2])
        return answer

    def arrive(self) -> None:
        """What was on its way is there by now."""
        now = clock.now()
        there = [post for at, post in self._on_their_way if at <= now]
        self._on_their_way = [(at, post) for at, post in self._on_their_way if at > now]
        for post in there:
            self.posts.append({"id": f"p{len(self.posts) + 1}", **post})

    def _act(self, method: str, url: str, content: bytes | Iterable[bytes] | None) -> HttpAnswer:
        parts = urlsplit(url)
        body = json.loads(content) if isinstance(content, bytes) else {}
        if method == "POST" and parts.path == "/posts":
            made = {"id": f"p{len(self.posts) + 1}", "ref": body["ref"]}
            self.posts.append(made)
            return self._says(201, self._shown(made))
        if method == "POST":
            return self._says(202, {"id": f"m-{body['ref']}", "ready": False})
        if parts.path == "/posts":
            ref = parse_qs(parts.query)["ref"][0]
            return self._says(200, {"posts": [self._shown(p) for p in self.posts if p["ref"] == ref]})
        return self._says(200, {"ready": True})

    @staticmethod
    def _shown(post: Mapping[str, str]) -> dict[str, str]:
        return {**post, "url": f"https://kanal.example/p/{post['id']}"}

    @staticmethod
    def _says(status: int, body: Any) -> HttpAnswer:
        return HttpAnswer(status, {}, json.dumps(body).encode())


class _Death:
    """Within it, the thread dies after so many lines of the watched files."""

    def __init__(self, lines: int) -> None:
        self._left = lines

    def __enter__(self) -> None:
        sys.settrace(self._enter)

    def __exit__(self, *_error: object) -> None:
        sys.settrace(None)

    def _enter(self, frame: FrameType, _event: str, _arg: object) -> Any:
        return self._line if frame.f_code.co_filename in WATCHED else None

    def _line(self, _frame: FrameType, event: str, _arg: object) -> Any:
        if event == "line":
            self._left -= 1
            if self._left == 0:
                sys.settrace(None)
                raise Killed
        return self._line


def play(app: Flask, seed: int, counted: Counter[str]) -> dict[str, int]:
    """One round on an empty database: what came of it."""
    dice = random.Random(seed)
    random.seed(seed)
    network = Network(dice, counted)
    known = {a.key: a for a in (WebAdapter(), ManualAdapter(), LoopbackAdapter(network))}
    reaching.adapters = lambda: known  # type: ignore[assignment]
    with app.app_context(), app.test_request_context():
        Base.metadata.drop_all(db.engine)
        Base.metadata.create_all(db.engine)
        desk = NewsDesk(build_world())
        _schedule(desk)
        at = clock.now()
        for look in range(FAULTY_FOR * 4):
            network.is_faulty = look < FAULTY_FOR
            at += timedelta(seconds=dice.choice((5, 40, 95, 200)))
            _look(at, dice, counted, may_die=network.is_faulty)
            if not network.is_faulty and _is_over(network):
                break
        asked = _answer(desk, at)
        for _look_again in range(FAULTY_FOR):
            at += timedelta(seconds=95)
            _look(at, dice, counted, may_die=False)
        return {"asked": asked, **_judge(network)}


def _schedule(desk: NewsDesk) -> None:
    accounts = outlets(desk.world, OUTLETS)
    for account in accounts:
        account.grace_minutes = 10_000
        connect(account, "loopback", base="https://kanal.example")
    for _story in range(STORIES):
        story = desk.story()
        made = [
            posts.create_post(
                story, actor=desk.editor, account_id=a.id, content_type_id=desk.world.social.id,
                content=posts.PostContent("Sosialisasi aset. #BMN"),
            )
            for a in accounts
        ]  # fmt: skip
        desk.approve(desk.submit(story))
        for post in made:
            desk.schedule(post, clock.now())
    db.session.commit()


def _look(at: datetime, dice: random.Random, counted: Counter[str], *, may_die: bool) -> None:
    with clock.moved_to(at):
        try:
            if may_die and dice.random() < DEATHS:
                # In a context of its own: the dead leave nothing behind that would be the next one's lease.
                with _Death(dice.randrange(1, LINES)):
                    copy_context().run(runner.run_due, limit=2)
            runner.run_due()
        except Killed:
            counted["killed"] += 1
            db.session.rollback()
        services.sweep()
        db.session.commit()
        db.session.expire_all()


def _is_over(network: Network) -> bool:
    """Nothing is under way, and what is there has been found."""
    there = [post["ref"] for post in network.posts]
    waits = Delivery.state.in_((S.QUEUED, S.PREPARING, S.PREPARED, S.COMMITTING))
    unseen = (Delivery.state == S.UNKNOWN) & Delivery.idempotency_key.in_(there)
    over = db.session.scalar(select(Delivery.id).where(waits | unseen).limit(1)) is None
    db.session.rollback()
    return over


def _answer(desk: NewsDesk, at: datetime) -> int:
    """A person looks at the channel for what is uncertain with good reason, and has it sent again. How many."""
    told = select(AuditEntry).where(AuditEntry.action == AuditAction.DELIVERY_UNCERTAIN)
    with_reason = {e.subject_id for e in db.session.scalars(told) if e.detail.get("detail") == UNHEARD}
    with clock.moved_to(at):
        every = db.session.scalars(select(Delivery).where(Delivery.state == S.UNKNOWN)).all()
        asked = [d for d in every if d.post_id in with_reason]
        for delivery in asked:
            services.deny(delivery, actor=desk.editor)
            services.retry(delivery.post, actor=desk.editor)
        db.session.commit()
    return len(asked)


def _judge(network: Network) -> dict[str, int]:
    """What must be zero, and what became of the posts."""
    network.arrive()
    on_channel = Counter(p["ref"] for p in network.posts)
    by_post = Counter(ref.rsplit(":", 1)[0] for ref in on_channel.elements())
    every = db.session.scalars(select(Delivery).order_by(Delivery.generation)).all()
    states = Counter({d.post_id: d.state for d in every}.values())
    total = STORIES * OUTLETS
    ended = states[S.PUBLISHED] + states[S.FAILED] + states[S.UNKNOWN]
    wrong = sum(
        d.state is not S.UNKNOWN and (d.state is S.PUBLISHED) != (d.idempotency_key in on_channel)
        for d in every
    )
    too_soon = sum(d.state is S.FAILED and d.error_code != "absent" and not _was_tried(d) for d in every)
    return {
        "posts": total, "doubled": sum(n - 1 for n in by_post.values()), "lost": total - ended, "wrong": wrong,
        "uncertain": states[S.UNKNOWN], "too_soon": too_soon,
        "published": states[S.PUBLISHED], "failed": states[S.FAILED],
    }  # fmt: skip


def _was_tried(delivery: Delivery) -> bool:
    """Whether everything was done that is to be done before a post has failed. The next try would have been too late:
    the longest pause is an hour.
    """
    begun = delivery.first_tried_at or delivery.created_at
    is_over = delivery.updated_at - begun > TRIED_FOR - timedelta(hours=1.5)
    return is_over or delivery.attempts >= TRIES or progress_of(delivery).lost >= TRIES


def main() -> None:
    """Rounds until the goal is reached."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="humasflow-faults-"))
    goal = int(sys.argv[2]) if len(sys.argv) > 2 else GOAL
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "faults.json"
    done: dict[str, Any] = (
        json.loads(kept.read_text()) if kept.exists() else {"rounds": 0, "kinds": {}, "sums": {}}
    )
    if any(done["sums"].get(bad) for bad in MAY_NOT_BE):
        raise SystemExit(f"{kept} holds rounds that went wrong: {done['sums']}. Start in another folder.")
    print(f"progress in {kept}")
    begun = time.monotonic()
    # The database is thrown away after each round, so it need not reach a disk.
    place = Path("/dev/shm") if Path("/dev/shm").is_dir() else folder
    with tempfile.TemporaryDirectory(prefix="humasflow-faults-", dir=place) as name:
        app = make_app(f"sqlite:///{name}/faults.db", Path(name))
        while sum(done["kinds"].values()) < goal:
            counted: Counter[str] = Counter()
            result = play(app, done["rounds"] + 1, counted)
            if any(result[bad] for bad in MAY_NOT_BE):  # not kept: the next start plays the same round again
                raise SystemExit(f"round {done['rounds'] + 1} went wrong: {result}")
            done["rounds"] += 1
            done["kinds"] = dict(Counter(done["kinds"]) + counted)
            done["sums"] = {key: done["sums"].get(key, 0) + value for key, value in result.items()}
            kept.write_text(json.dumps(done, indent=1))
            faults = sum(done["kinds"].values())
            print(
                f"round {done['rounds']}: {faults} faults, {result}, {time.monotonic() - begun:.0f} s",
                flush=True,
            )
    print(json.dumps(done, indent=1))


if __name__ == "__main__":
    main()
