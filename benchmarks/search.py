"""``python -m benchmarks search [sqlite[=stories]] [postgresql[=stories]] [at=FOLDER]``: the search everywhere.

Over what :mod:`benchmarks.haystack` makes, asked by an editor, an administrator and a contributor of the full office
and by an editor of a small one. Three figures: processor time of the web process and the database together (what the
search costs, however busy the machine), the time until the answer, and what the database alone was waited for.
``at``: a folder that PostgreSQL's files stay in, so that the next run begins at once.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from flask import Flask
from sqlalchemy import event, inspect, text

from benchmarks import haystack
from benchmarks.__main__ import signed_in
from benchmarks.desk import counted
from config import base_config
from humasflow import create_app
from humasflow.core.db import Base, db

SIZES = {"sqlite": 100_000, "postgresql": 1_077_000}
ROUNDS, REQUESTS = 3, 5
LIMIT_MS, STATEMENTS = 100, 15
ASKED = {
    "nothing typed": "",
    "a word of every text": "yang",
    "common word": "lelang",
    "common words": "lelang aset",
    "never together": "selaras lintang",
    "begun, two letters": "pe",
    "begun, three letters": "pen",
    "begun, four letters": "lela",
    "words, one begun": "lelang aset pe",
    "seldom word": "kata4711",
    "seldom and begun": "kata4711 pe",
    "word of one story": "tunggal77",
    "common and seldom": "lelang kata4711",
    "common and nothing": "lelang zzzz",
    "nothing": "zzzz",
    "common long ago": "pandemi",
    "long ago and common": "pandemi aset",
    "phrase": '"barang milik"',
    "phrase in one story": '"sewa tanah laut"',
    "phrase nobody wrote": '"laut sewa negara lelang"',
    "person": "Siti Rahmawati",
    "person, begun": "siti rahm",
    "of other kinds": "rapat aula",
    "settings": "alur perse",
    "address": "https://penuh.example/77",
}
FOUND = {
    "tunggal77": "stories",
    '"sewa tanah laut"': "stories",
    "pandemi": "stories",
}  # whatever else is the case


@contextmanager
def database(name: str, folder: Path, kept: Path | None) -> Iterator[str]:
    """The address of a database of this kind."""
    if name == "sqlite":
        yield f"sqlite:///{(kept or folder) / 'search.db'}"
        return
    from tests.support.postgres import create_database, start_postgres, stop_postgres  # noqa: PLC0415 - heavy

    server = start_postgres(kept)
    try:
        yield server if kept else create_database(server)
    finally:
        stop_postgres(server)


def make(folder: Path, url: str, stories: int) -> tuple[Flask, haystack.People]:
    """The product with its offices."""
    app = create_app(
        base_config(folder, ["benchmark"], url) | {"TESTING": True, "PROPAGATE_EXCEPTIONS": True}
    )
    with app.app_context(), app.test_request_context():
        if inspect(db.engine).has_table("story_search"):
            who = haystack.find_people()
        else:
            Base.metadata.create_all(db.engine)
            who = haystack.build(stories)
        db.session.expunge_all()
    return app, who


class Meter:
    """Measures requests: of the processor in both processes, on the wall, and waiting for the database."""

    def __init__(self, app: Flask) -> None:
        self.statements: list[str] = []
        self._waited, self._begun = 0.0, 0.0
        with app.app_context():
            self._engine = db.engine
            event.listen(self._engine, "before_cursor_execute", self._before)
            event.listen(self._engine, "after_cursor_execute", self._after)

    def _before(self, _link: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        self.statements.append(statement)
        self._begun = time.perf_counter()

    def _after(self, *_more: Any) -> None:
        self._waited += time.perf_counter() - self._begun

    def _server(self) -> float:
        """Seconds of processor time that the database's processes have had."""
        if self._engine.dialect.name == "sqlite":
            return 0.0
        with self._engine.connect() as link:
            pids = (
                link.execute(text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()"))
                .scalars()
                .all()
            )
        parts = (Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in pids)
        return sum(int(p[11]) + int(p[12]) for p in parts) / os.sysconf("SC_CLK_TCK")

    def cost(self, get: Any) -> tuple[float, float, float]:
        """Milliseconds per request."""
        server = self._server()
        self._waited, spent, begun = 0.0, time.process_time(), time.perf_counter()
        for _n in range(REQUESTS):
            get()
        wall, spent, waited = time.perf_counter() - begun, time.process_time() - spent, self._waited
        return tuple(value / REQUESTS * 1000 for value in (spent + self._server() - server, wall, waited))  # type: ignore[return-value]


def measure(name: str, stories: int, kept: Path | None) -> list[str]:
    """Print the table of one kind of database. Returns what is not as promised."""
    missed: list[str] = []
    with tempfile.TemporaryDirectory() as place, database(name, Path(place), kept) as url:
        begun = time.perf_counter()
        app, who = make(Path(place), url, stories)
        print(f"\n{name}: {stories} stories, ready after {time.perf_counter() - begun:.0f} s")
        meter = Meter(app)
        for role in ("editor", "admin", "contributor", "elsewhere"):
            client = signed_in(app, getattr(who, role))
            print(
                f"\n{role:22} {'typed':28} {'cpu ms':>8} {'wall ms':>8} {'database':>8} {'statements':>10}  found"
            )
            for label, typed in ASKED.items():
                path = f"/cari?q={quote_plus(typed)}"
                client.get(path)  # compiles the template, warms the plan
                answer, count = counted(client, path, meter.statements)
                kinds = [k for k in KINDS if f'id="jenis-{k}"' in answer.text]
                rounds = [meter.cost(partial(client.get, path)) for _round in range(ROUNDS)]
                cpu, wall, waited = (statistics.median(figures) for figures in zip(*rounds, strict=True))
                print(
                    f"{label:22} {typed:28} {cpu:8.1f} {wall:8.1f} {waited:8.1f} {count:10}  {' '.join(kinds)}",
                    flush=True,
                )
                if min(cpu, wall) > LIMIT_MS:
                    missed.append(
                        f"{name}, {role}, {label}: {cpu:.0f} ms of the processor, {wall:.0f} ms waited"
                    )
                if count > STATEMENTS:
                    missed.append(f"{name}, {role}, {label}: {count} statements")
                if role in ("editor", "admin") and typed in FOUND and FOUND[typed] not in kinds:
                    missed.append(f"{name}, {role}, {label}: not found")
        with app.app_context():
            db.engine.dispose()
    return missed


KINDS = ("actions", "pages", "stories", "pitches", "publications", "events", "campaigns", "media", "people")


def main() -> None:
    """Print the tables; ends with an error when a promise is broken."""
    missed, kept = [], None
    sizes: dict[str, int] = {}
    for given in sys.argv[1:]:
        name, _equals, value = given.partition("=")
        if name == "at":
            kept = Path(value)
        else:
            sizes[name] = int(value or SIZES[name])
    for name, size in (sizes or SIZES).items():
        missed += measure(name, size, kept)
    if missed:
        raise SystemExit("slower than promised:\n" + "\n".join(missed))


if __name__ == "__main__":
    main()
