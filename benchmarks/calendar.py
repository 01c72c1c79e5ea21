"""``python -m benchmarks calendar [sqlite] [postgresql] [--keep FOLDER]``: the calendar beside a million posts.

A month with 1,000 items and a quarter with 5,000 beside an empty month of the same office and the same page of an
office without anything, asked of one process in interleaved rounds. Processor time of the web process and, because
PostgreSQL works elsewhere, the time until the answer. Read the ratios. Making the database takes minutes; with
``--keep`` it stays in the folder and is used again while no table changes.
"""

import argparse
import gzip
import hashlib
import json
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.schema import CreateTable
from werkzeug.test import TestResponse

from benchmarks import million
from benchmarks.__main__ import signed_in
from benchmarks.desk import counted
from config import base_config
from humasflow import create_app
from humasflow.accounts.models import User
from humasflow.accounts.queries import list_people_with
from humasflow.core import clock
from humasflow.core.db import Base, db
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit

KINDS = ("sqlite", "postgresql")
ROUNDS, REQUESTS = 5, 8
LIMIT = 3  # a page of the full month costs at most this many times the empty month's
MOVE_LIMIT = 2  # a move takes at most this many times the smallest POST that commits
MOST_BYTES = 100_000  # of the month's page, compressed
EMPTY_DAY = "hari=2031-05-14"
VIEWS = {
    "month": "bulan", "week": "pekan", "day": "hari", "list": "daftar", "lanes, channels": "kanal",
    "lanes, sections": "seksi", "quarter": "triwulan",
}  # fmt: skip


@contextmanager
def database(name: str, folder: Path) -> Iterator[str]:
    """The address of this kind's database in the folder, empty when it is new."""
    if name == "sqlite":
        yield f"sqlite:///{folder / 'million.db'}"
        return
    from tests.support.postgres import create_database, start_postgres, stop_postgres  # noqa: PLC0415 - heavy

    datadir = folder / "postgresql"
    known = (datadir / "PG_VERSION").exists()
    server = start_postgres(datadir, durable=True)
    try:
        yield server.replace("/postgres?", "/million?") if known else create_database(server, "million")
    finally:
        stop_postgres(server)


def fingerprint() -> str:
    """Of every table, of the clock and of what is filled in: a kept database of another one is of no use."""
    tables = "".join(str(CreateTable(t)) for t in Base.metadata.sorted_tables)
    indexes = sorted(str(i.name) for t in Base.metadata.sorted_tables for i in t.indexes)
    filled = Path(million.__file__).read_text()
    return hashlib.sha256(f"{tables}{indexes}{filled}".encode()).hexdigest()


@contextmanager
def place(name: str, keep: Path | None) -> Iterator[Path]:
    """A folder of its own for each kind; a kept one is emptied when it is not the present one's."""
    if keep is None:
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            folder.chmod(0o755)  # PostgreSQL runs as somebody else
            yield folder
        return
    folder = keep.resolve() / f"{name}-{fingerprint()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    yield folder


def make(folder: Path, url: str) -> tuple[Flask, million.Offices, Mapping[str, User]]:
    """The product with the three offices, and an editor of each."""
    app = create_app(
        base_config(folder, ["benchmark"], url) | {"TESTING": True, "PROPAGATE_EXCEPTIONS": True}
    )
    mark = folder / "ready.json"
    with app.app_context(), app.test_request_context():
        if mark.exists():
            offices = million.Offices(**json.loads(mark.read_text()))
        else:
            Base.metadata.drop_all(db.engine)
            Base.metadata.create_all(db.engine)
            begun = time.perf_counter()
            offices = million.build()
            print(f"filled in {time.perf_counter() - begun:.0f} s", flush=True)
            mark.write_text(json.dumps(asdict(offices)))
        editors = {
            slug: list_people_with(Permission.STORY_WRITE, db.session.get_one(Unit, ident))[0]
            for slug, ident in asdict(offices).items()
        }
        db.session.expunge_all()
    return app, offices, editors


def cost(get: Callable[[], Any], times: int = REQUESTS) -> tuple[float, float]:
    """Milliseconds per request: of this process, and until the answer."""
    begun, waited = time.process_time(), time.perf_counter()
    for _n in range(times):
        get()
    return (time.process_time() - begun) / times * 1000, (time.perf_counter() - waited) / times * 1000


class Bench:
    """One kind of database: prints its tables and collects what is not as promised."""

    def __init__(self, name: str, app: Flask, editors: Mapping[str, User]) -> None:
        self.name, self.app, self.missed = name, app, list[str]()
        self.clients: dict[str, FlaskClient] = {slug: signed_in(app, user) for slug, user in editors.items()}
        self.statements: list[str] = []
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", lambda *a: self.statements.append(a[2]))

    def promise(self, kept: bool, broken: str) -> None:
        """Note a promise that is broken."""
        if not kept:
            self.missed.append(f"{self.name}, {broken}")

    def pages(self) -> None:
        """Every view, full beside empty."""
        full, bare = self.clients["full"], self.clients["empty"]
        print(
            f"{'page':22} {'× empty month':>16} {'× empty office':>16} {'statements':>11} {'KiB':>5} {'gz KB':>6}"
        )
        for label, view in VIEWS.items():
            path = f"/kalender/?tampilan={view}"
            others = {"month": partial(full.get, f"{path}&{EMPTY_DAY}"), "office": partial(bare.get, path)}
            full.get(path)  # compiles the template, warms the plan
            answer, count = counted(full, path, self.statements)
            _answer, of_month = counted(full, f"{path}&{EMPTY_DAY}", self.statements)
            _answer, of_office = counted(bare, path, self.statements)
            ratios, floor = compare(partial(full.get, path), others)
            size = len(gzip.compress(answer.data, 6))
            print(
                f"{label:22} {of(ratios['month']):>16} {of(ratios['office']):>16} "
                f"{count:3} {of_month:3} {of_office:3} {len(answer.data) / 1024:5.0f} {size / 1000:6.1f}"
                f"   ({floor:.1f} ms)"
            )
            worst = max(ratios["month"])
            self.promise(worst <= LIMIT, f"{label}: {worst:.1f} times the page of an empty month")
            # The quarter of the empty month has no targets to read: what is the same is the office without posts.
            self.promise(count == of_office, f"{label}: {count} statements, {of_office} of an empty office")
            self.promise(label != "month" or size <= MOST_BYTES, f"month: {size} bytes compressed")

    def shortage(self) -> None:
        """The line above the month, asked for after it: it counts the whole quarter, and is held against the page."""
        full, bare = self.clients["full"], self.clients["empty"]
        path = "/kalender/kekurangan?tampilan=bulan"
        page = f"/kalender/?tampilan=bulan&{EMPTY_DAY}"
        full.get(path)  # compiles the template, warms the plan
        answer, count = counted(full, path, self.statements)
        _answer, of_office = counted(bare, path, self.statements)
        others = {"month": partial(full.get, page), "office": partial(bare.get, path)}
        ratios, floor = compare(partial(full.get, path), others)
        print(
            f"{'shortage of the month':22} {of(ratios['month']):>16} {of(ratios['office']):>16} "
            f"{count:7} {of_office:3} {len(answer.data) / 1024:5.0f}          ({floor:.1f} ms)"
        )
        worst = max(ratios["month"])
        self.promise(worst <= LIMIT, f"shortage: {worst:.1f} times the page of an empty month")
        self.promise(count == of_office, f"shortage: {count} statements, {of_office} of an empty office")

    def repeating(self) -> None:
        """Thousands of repeating events: the same pages."""
        many, bare = self.clients["repeating"], self.clients["empty"]
        for label in ("month", "list", "week"):
            path = f"/kalender/?tampilan={VIEWS[label]}"
            many.get(path)
            answer, count = counted(many, path, self.statements)
            ratios, floor = compare(partial(many.get, path), {"office": partial(bare.get, path)})
            print(
                f"{label + ', repeating':22} {'':16} {of(ratios['office']):>16} {count:11} "
                f"{len(answer.data) / 1024:5.0f}          ({floor:.1f} ms)"
            )

    def moving(self) -> None:
        """A move there and back beside the smallest POST of the product that commits: choosing light or dark, which
        reads the session, checks the token, changes one column of one row, records it and leads back.
        """
        hand = Hand(self.clients["full"])
        counts = []
        for once in (hand.move, hand.choose_theme):
            once()
            self.statements.clear()
            once()
            counts.append(len(self.statements))
        ratios, floor = compare(hand.move, {"post": hand.choose_theme})
        print(
            f"{'moving an item':22} {of(ratios['post']):>16} times POST /tema; statements {counts[0]} beside "
            f"{counts[1]}   ({floor:.1f} ms)"
        )
        self.promise(ratios["post"][1] <= MOVE_LIMIT, f"moving: {ratios['post'][1]:.1f} times an empty POST")


class Hand:
    """Somebody who moves one publication to and fro between two days where nothing is asked about it."""

    def __init__(self, client: FlaskClient) -> None:
        page = client.get("/kalender/?tampilan=pekan").get_data(as_text=True)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"|data-csrf="([^"]+)"', page)
        if token is None:
            raise SystemExit("the week's page has no token")
        self.client, self.token = client, token[1] or token[2]
        self.days, self.themes = cycle(("2026-11-26", "2026-11-25")), cycle(("dark", "light"))
        items = re.findall(r'data-kind="publikasi" data-id="(\d+)" data-v="(\d+)" data-t="[^"]+">', page)
        if not any(self._is_free(*item) for item in items):
            raise SystemExit("every post of the week has a neighbour")

    def _is_free(self, ident: str, version: str) -> bool:
        self.id, self.version = ident, version
        return self._ask().status_code == 200 and self._ask().status_code == 200

    def _ask(self) -> TestResponse:
        item = f"publikasi:{self.id}:{self.version}"
        answer = self.client.post(
            "/kalender/pindah",
            headers={"Accept": "application/json"},
            data={"item": item, "day": next(self.days), "csrf_token": self.token},
        )
        if answer.status_code == 200:
            self.version = answer.get_json()["items"][0]["row_version"]
        return answer

    def move(self) -> None:
        """To the other day."""
        answer = self._ask()
        if answer.status_code != 200:
            raise SystemExit(f"moving answered {answer.status_code}: {answer.get_data(as_text=True)[:300]}")

    def choose_theme(self) -> None:
        """The other one."""
        answer = self.client.post("/tema", data={"theme": next(self.themes), "csrf_token": self.token})
        if answer.status_code != 303:
            raise SystemExit(f"/tema answered {answer.status_code}")


def of(ratio: tuple[float, float]) -> str:
    """Processor and waiting."""
    return f"{ratio[0]:.2f} / {ratio[1]:.2f}"


def compare(
    get: Callable[[], Any], others: Mapping[str, Callable[[], Any]]
) -> tuple[dict[str, tuple[float, float]], float]:
    """How many times each of the others it costs, of the processor and until the answer: medians of rounds in turn;
    and the milliseconds of the last of the others.
    """
    rounds = []
    for _round in range(ROUNDS):
        own = cost(get)
        rounds.append((own, {name: cost(other) for name, other in others.items()}))
    ratios = {
        name: (
            statistics.median(own[0] / them[name][0] for own, them in rounds),
            statistics.median(own[1] / them[name][1] for own, them in rounds),
        )
        for name in others
    }
    last = list(others)[-1]
    return ratios, statistics.median(them[last][1] for _own, them in rounds)


def measure(name: str, keep: Path | None) -> list[str]:
    """Print the tables of one kind of database. Returns what is not as promised."""
    with place(name, keep) as folder, database(name, folder) as url, clock.moved_to(million.NOW):
        app, _offices, editors = make(folder, url)
        bench = Bench(name, app, editors)
        print(
            f"\n{name}: {million.POSTS:,} posts; processor / waited; statements full, empty month, empty office"
        )
        bench.pages()
        bench.shortage()
        bench.repeating()
        bench.moving()
        with app.app_context():
            db.engine.dispose()
        return bench.missed


def main(arguments: list[str] | None = None) -> None:
    """Print the tables; ends with an error when a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks calendar")
    parser.add_argument("kinds", nargs="*", metavar="sqlite|postgresql")
    parser.add_argument("--keep", type=Path, help="where the databases stay for the next run")
    given = parser.parse_args(arguments)
    kinds = given.kinds or KINDS
    if set(kinds) - set(KINDS):
        parser.error(f"only {' and '.join(KINDS)}")
    missed = [line for kind in kinds for line in measure(kind, given.keep)]
    if missed:
        raise SystemExit("not as promised:\n" + "\n".join(missed))


if __name__ == "__main__":
    main()
