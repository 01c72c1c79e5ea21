"""``python -m benchmarks.search [sqlite] [postgresql[=stories]]``: the search everywhere over a full office.

Two offices in one database, asked in the same process in interleaved rounds: one with everything, one with nothing of
its own, whose search has to pass over all that the other has (the worst case: shown, not promised). Beside each stands
the same address asked for a word that nothing has. Read the ratios; the milliseconds are of this machine, until the
answer. A publication to each story; a pitch, a file and an event to every tenth.
"""

import random
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, text

from benchmarks.__main__ import signed_in
from benchmarks.desk import WORDS, cost, counted, database, office
from benchmarks.million import _copy as copy_rows
from config import base_config
from humasflow import create_app
from humasflow.accounts.models import User
from humasflow.accounts.queries import list_people_with
from humasflow.channels import queries as channels
from humasflow.core import clock
from humasflow.core.db import Base, db
from humasflow.core.permissions import Permission
from humasflow.media.models import Asset
from humasflow.orgs.models import Unit
from humasflow.pitches.models import Pitch
from humasflow.planning import queries as planning
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story, StorySearch

SIZES = {"sqlite": 100_000, "postgresql": 150_000}
ROUNDS, BATCH, SELDOM = 3, 10_000, 5_000
LIMIT_MS, STATEMENTS = 100, 12
ASKED = {
    "nothing typed": "",
    "common word": "lelang",
    "two common words": "lelang aset",
    "four letters of it": "lela",
    "two letters": "le",
    "seldom word": "kata4711",
    "word of one story": "tunggal77",
    "common and seldom": "lelang kata4711",
    "phrase": '"sewa tanah"',
    "address": "https://penuh.example/77",
}
NOTHING = "zzzz"


def make(folder: Path, url: str, stories: int) -> tuple[Flask, User, User]:
    """The product with a full office and an empty one; an editor of each."""
    app = create_app(
        base_config(folder, ["benchmark"], url) | {"TESTING": True, "PROPAGATE_EXCEPTIONS": True}
    )
    with app.app_context(), app.test_request_context():
        Base.metadata.create_all(db.engine)
        full, empty = office("penuh"), office("kosong")
        db.session.commit()
        fill(full, stories)
        db.session.commit()
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
                link.execute(text("VACUUM ANALYZE"))
        else:
            db.session.execute(text("ANALYZE"))
            db.session.commit()
        editors = [list_people_with(Permission.STORY_WRITE, o)[0] for o in (full, empty)]
        db.session.expunge_all()
    return app, editors[0], editors[1]


def fill(made: Unit, stories: int) -> None:
    """Rows as the services would leave them, written in bulk."""
    numbers = iter(range(1, stories + 1))
    editors = [u.id for u in list_people_with(Permission.STORY_WRITE, made)]
    kind = planning.list_content_types(made.id)[0].id
    accounts = [a.id for a in channels.list_accounts(made.id)]
    begin = clock.now() - timedelta(minutes=stories)
    while batch := list(islice(numbers, BATCH)):
        titles = {n: " ".join(random.Random(n).choices(WORDS, k=5)).capitalize() + f" {n}" for n in batch}
        at = {n: begin + timedelta(minutes=n) for n in batch}
        copy_rows(Story, (
            {"id": n, "office_id": made.id, "content_type_id": kind, "title": titles[n], "state": StoryState.PUBLISHED,
             "state_since": at[n], "returns": 0, "last_reason": "", "owner_id": editors[n % len(editors)],
             "is_confidential": n % 50 == 0, "created_by": editors[0], "created_at": at[n], "updated_at": at[n],
             "row_version": 1}
            for n in batch
        ))  # fmt: skip
        copy_rows(StorySearch, (
            {"story_id": n, "title": titles[n], "names": f"Siti {n % 300}", "body": _body(n)} for n in batch
        ))  # fmt: skip
        copy_rows(Post, (
            {"id": n, "office_id": made.id, "story_id": n, "account_id": accounts[n % len(accounts)],
             "content_type_id": kind, "scheduled_at": at[n], "generation": 1, "created_by": editors[0],
             "created_at": at[n], "row_version": 1}
            for n in batch
        ))  # fmt: skip
        copy_rows(Delivery, (
            {"id": n, "office_id": made.id, "post_id": n, "account_id": accounts[n % len(accounts)], "story_id": n,
             "content_type_id": kind, "generation": 1, "state": DeliveryState.PUBLISHED, "title": titles[n],
             "summary": "", "idempotency_key": f"post:{n}:1", "permalink": f"https://penuh.example/{n}",
             "canonical_url": f"https://penuh.example/{n}", "published_at": at[n], "retract_reason": "", "error": "",
             "created_at": at[n], "updated_at": at[n], "row_version": 1}
            for n in batch
        ))  # fmt: skip
        _others(made, batch[::10], titles, editors[0])


def _body(number: int) -> str:
    chance = random.Random(number)
    return " ".join([*chance.choices(WORDS, k=25), f"kata{number % SELDOM}", f"tunggal{number}"])


def _others(made: Unit, numbers: list[int], titles: dict[int, str], editor: int) -> None:
    now = clock.now()
    copy_rows(Pitch, (
        {"id": n, "office_id": made.id, "author_id": editor, "title": titles[n], "what": titles[n], "place": "",
         "people": "", "state": "new", "reason": "", "created_at": now, "row_version": 1}
        for n in numbers
    ))  # fmt: skip
    copy_rows(Asset, (
        {"id": n, "office_id": made.id, "uploaded_by": editor, "created_at": now, "filename": f"foto-{n}.jpg",
         "original_key": f"{n}/a", "medium_key": f"{n}/m", "thumb_key": f"{n}/t", "sha256": f"{n:064x}",
         "source_sha256": f"{n:064x}", "width": 1600, "height": 900, "size": 250_000, "colour": "#446688",
         "credit": "Kantor", "alt_text": titles[n], "caption": "", "row_version": 1}
        for n in numbers
    ))  # fmt: skip
    copy_rows(AgendaEvent, (
        {"id": n, "office_id": made.id, "uid": f"{n}@x", "title": titles[n], "place": "Aula", "starts_at": now,
         "ends_at": now + timedelta(hours=1), "zone": "Asia/Jakarta", "needs": [], "created_by": editor,
         "created_at": now, "updated_at": now, "row_version": 1}
        for n in numbers
    ))  # fmt: skip


def measure(name: str, stories: int) -> list[str]:
    """Print the table of one kind of database. Returns what is not as promised."""
    missed: list[str] = []
    with tempfile.TemporaryDirectory() as place, database(name, Path(place)) as url:
        begun = time.perf_counter()
        app, busy, idle = make(Path(place), url, stories)
        full, empty = signed_in(app, busy), signed_in(app, idle)
        statements: list[str] = []
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
        print(f"\n{name}: {stories} stories, filled in {time.perf_counter() - begun:.0f} s")
        print(
            f"{'typed':20} {'full':>9} {'ratio':>6} {'empty':>9} {'ratio':>6} {'statements':>10} {'KiB':>5}"
        )
        floor_path = f"/cari?hanya=hasil&q={NOTHING}"
        for label, typed in ASKED.items():
            path = f"/cari?hanya=hasil&q={typed.replace(' ', '+')}"
            for client in (full, empty):
                for address in (path, floor_path):
                    client.get(address)  # compiles the template, warms the plan
            answer, count = counted(full, path, statements)
            took: dict[Any, list[float]] = {}
            for _round in range(ROUNDS):
                for key, client, address in (
                    ("full", full, path), ("floor", full, floor_path),
                    ("empty", empty, path), ("bare", empty, floor_path),
                ):  # fmt: skip
                    took.setdefault(key, []).append(cost(partial(client.get, address))[1])
            ms = {key: statistics.median(values) for key, values in took.items()}
            print(
                f"{label:20} {ms['full']:6.1f} ms {ms['full'] / ms['floor']:6.2f} {ms['empty']:6.1f} ms "
                f"{ms['empty'] / ms['bare']:6.2f} {count:10} {len(answer.data) / 1024:5.0f}",
                flush=True,
            )
            if ms["full"] > LIMIT_MS:
                missed.append(f"{name}, {label}: {ms['full']:.0f} ms")
            if count > STATEMENTS:
                missed.append(f"{name}, {label}: {count} statements")
        with app.app_context():
            db.engine.dispose()
    return missed


def main() -> None:
    """Print the tables; ends with an error when a promise is broken."""
    missed = []
    for given in sys.argv[1:] or SIZES:
        name, _equals, size = given.partition("=")
        missed += measure(name, int(size or SIZES[name]))
    if missed:
        raise SystemExit("slower than promised:\n" + "\n".join(missed))


if __name__ == "__main__":
    main()
