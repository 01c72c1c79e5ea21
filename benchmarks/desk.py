"""``python -m benchmarks.desk [sqlite] [postgresql]``: the desk with 10,000 open stories beside the same with none.

Two offices in one database, so that both pages are asked of the same process, in interleaved rounds. Processor time of
the web process and, because PostgreSQL works elsewhere, the time until the answer. Read the ratios.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert, select, text
from werkzeug.test import TestResponse

from benchmarks.__main__ import signed_in
from config import base_config
from humasflow import create_app
from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import list_people_with, load_principal, today_at
from humasflow.accounts.services import people
from humasflow.channels import queries as channels
from humasflow.channels import services as channel_services
from humasflow.core import clock
from humasflow.core.db import Base, db
from humasflow.core.permissions import Permission, Role
from humasflow.orgs import services as orgs
from humasflow.orgs.enums import OfficeKind
from humasflow.orgs.models import Unit
from humasflow.planning import queries as planning
from humasflow.planning import services as planning_services
from humasflow.posts.models import Post
from humasflow.stories.enums import AssignmentState, StorySource, StoryState
from humasflow.stories.models import Assignment, Story, StoryBody, StorySearch, StoryVersion

STORIES, ROUNDS, REQUESTS = 10_000, 3, 10
LIMIT = 10  # a page of the full office costs at most this many times the empty one
OF_CARDS = 2  # statements for what cards show beside themselves, which a page without any does not ask
PAGES = {
    "board": "/naskah/",
    "board, mine": "/naskah/?pemegang=saya",
    "board, one channel": "/naskah/?kanal={account}",
    "board, nothing fits": "/naskah/?jenis=999999",
    "more of a column": "/naskah/kolom/draft?setelah=1700000000000000~1",
    "list": "/naskah/?tampilan=daftar",
    "list by age": "/naskah/?tampilan=daftar&urut=umur",
    "list by deadline": "/naskah/?tampilan=daftar&urut=tenggat",
    "list, overdue": "/naskah/?tampilan=daftar&tenggat=terlambat",
    "search, common word": "/naskah/?tampilan=daftar&q=lelang",
    "search, rare word": "/naskah/?tampilan=daftar&q=kata4711",
    "board, searched": "/naskah/?q=lelang",
}
WORDS = (
    "lelang",
    "aset",
    "negara",
    "sosialisasi",
    "satuan",
    "kerja",
    "penilaian",
    "piutang",
    "sewa",
    "tanah",
)
STATES = (
    [StoryState.DRAFT] * 5 + [StoryState.IN_REVIEW] * 2 + [StoryState.APPROVED] * 2 + [StoryState.ON_HOLD]
)


def make(folder: Path, url: str) -> tuple[Flask, User, User, int]:
    """The product with an office of 10,000 open stories and one without any; an editor of each."""
    app = create_app(
        base_config(folder, ["benchmark"], url) | {"TESTING": True, "PROPAGATE_EXCEPTIONS": True}
    )
    with app.app_context(), app.test_request_context():
        Base.metadata.create_all(db.engine)
        full, empty = office("penuh"), office("kosong")
        account = fill(full)
        db.session.commit()
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
                link.execute(text("VACUUM ANALYZE"))
        else:
            db.session.execute(text("ANALYZE"))
            db.session.commit()
        editors = [list_people_with(Permission.STORY_WRITE, o)[0] for o in (full, empty)]
        db.session.expunge_all()
    return app, editors[0], editors[1], account


def office(slug: str) -> Unit:
    """An office with an editor, content types and three channels."""
    made = orgs.create_office(
        actor=None,
        name=slug,
        short_name=slug,
        office_kind=OfficeKind.SERVICE,
        timezone="Asia/Jakarta",
        slug=slug,
    )
    for n in range(10):
        person = people.create_user(
            actor=None, office_id=made.id, name=f"Redaktur {n}", email=f"r{n}@{slug}.example"
        )
        people.grant_role(
            person, made, Role.EDITOR, actor=None, position_title="Pranata Humas", valid_from=today_at(made)
        )
    planning_services.seed_content_types(
        made.id, [("berita_terbaru", "Berita terbaru"), ("artikel", "Artikel")]
    )
    channel_services.seed_kinds(made.id)
    kinds = {k.code: k for k in channels.list_kinds(made.id)}
    for code in ("website_own", "facebook", "instagram"):
        channel_services.create_account(
            made.id, actor=None, kind=kinds[code], name=code.title(), handle="", assignee_id=None
        )
    return made


def fill(made: Unit) -> int:
    """Rows as the services would leave them, written in bulk. Returns one of the accounts."""
    chance, now = random.Random(7), clock.now()
    editors = list_people_with(Permission.STORY_WRITE, made)
    types, accounts = planning.list_content_types(made.id), channels.list_accounts(made.id)
    role = production_role(made, load_principal(editors[0], office_id=made.id))
    stories, versions, bodies, words, posts, tasks = [], [], [], [], [], []
    for n in range(1, STORIES + 1):
        since = now - timedelta(minutes=chance.randrange(60 * 24 * 90))
        title = " ".join(chance.choices(WORDS, k=5)).capitalize() + f" {n}"
        body = " ".join(chance.choices(WORDS, k=150)) + f" kata{n}"
        returned = chance.random() < 0.1
        stories.append({
            "id": n, "office_id": made.id, "content_type_id": chance.choice(types).id, "title": title,
            "state": chance.choice(STATES), "state_since": since, "returns": int(returned),
            "last_reason": "Lengkapi" if returned else "", "owner_id": chance.choice(editors).id,
            "is_confidential": chance.random() < 0.02, "current_version_id": n, "created_by": editors[0].id,
            "created_at": since, "updated_at": since, "row_version": 1,
        })  # fmt: skip
        versions.append({
            "id": n, "story_id": n, "number": 1, "author_id": editors[0].id, "created_at": since, "title": title,
            "source": StorySource.OWN, "digest": "0" * 64, "saved_at": since, "sealed_at": since,
        })  # fmt: skip
        bodies.append({"version_id": n, "html": f"<p>{body}</p>"})
        words.append(
            {"story_id": n, "office_id": made.id, "title": title, "names": f"Siti {n}", "body": body}
        )
        for account in chance.sample(list(accounts), k=2):
            at = now + timedelta(hours=chance.randrange(1, 700)) if chance.random() < 0.3 else None
            posts.append({
                "office_id": made.id, "story_id": n, "account_id": account.id, "content_type_id": types[0].id,
                "scheduled_at": at, "generation": 1, "created_at": since, "row_version": 1,
            })  # fmt: skip
        if chance.random() < 0.5:
            tasks.append({
                "office_id": made.id, "story_id": n, "role_id": role, "person_id": chance.choice(editors).id,
                "state": AssignmentState.ACCEPTED, "state_since": since, "created_at": since, "updated_at": since,
                "due_at": now + timedelta(hours=chance.randrange(-100, 600)), "row_version": 1,
            })  # fmt: skip
    for model, rows in (
        (Story, stories), (StoryVersion, versions), (StoryBody, bodies), (StorySearch, words), (Post, posts),
        (Assignment, tasks),
    ):  # fmt: skip
        db.session.execute(insert(model), rows)
    return accounts[0].id


def production_role(made: Unit, actor: Principal) -> int:
    """A role to give tasks in."""
    from humasflow.planning.production_roles.models import ProductionRole  # noqa: PLC0415 - only here

    known = db.session.scalar(select(ProductionRole.id).where(ProductionRole.office_id == made.id).limit(1))
    if known is None:
        role = ProductionRole(office_id=made.id, code="penulis", label=f"Penulis, {actor.name}")
        db.session.add(role)
        db.session.flush()
        known = role.id
    return known


def cost(get: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds per request: of this process, and until the answer."""
    begun, waited = time.process_time(), time.perf_counter()
    for _n in range(REQUESTS):
        get()
    return (
        (time.process_time() - begun) / REQUESTS * 1000,
        (time.perf_counter() - waited) / REQUESTS * 1000,
    )


@contextmanager
def database(name: str, folder: Path) -> Iterator[str]:
    """The address of an empty database of this kind."""
    if name == "sqlite":
        yield f"sqlite:///{folder / 'desk.db'}"
        return
    from tests.support.postgres import create_database, start_postgres, stop_postgres  # noqa: PLC0415 - heavy

    server = start_postgres()
    try:
        yield create_database(server)
    finally:
        stop_postgres(server)


def measure(name: str) -> list[str]:
    """Print the table of one kind of database. Returns what is not as promised."""
    missed: list[str] = []
    with tempfile.TemporaryDirectory() as place, database(name, Path(place)) as url:
        app, busy, idle, account = make(Path(place), url)
        full, empty = signed_in(app, busy), signed_in(app, idle)
        statements: list[str] = []
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
        print(f"\n{name}: {STORIES} open stories beside none")
        print(f"{'page':22} {'cpu':>6} {'waited':>7} {'statements':>10} {'KiB':>5}   (the empty page)")
        for label, pattern in PAGES.items():
            path = pattern.format(account=account)
            for client in (full, empty):
                client.get(path)  # compiles the template, warms the plan
            answer, count = counted(full, path, statements)
            _empty, bare = counted(empty, path, statements)
            rounds = [(cost(partial(full.get, path)), cost(partial(empty.get, path))) for _r in range(ROUNDS)]
            cpu = statistics.median(f[0] / e[0] for f, e in rounds)
            wall = statistics.median(f[1] / e[1] for f, e in rounds)
            floor = statistics.median(e[1] for _f, e in rounds)
            print(
                f"{label:22} {cpu:6.2f} {wall:7.2f} {count:10} {len(answer.data) / 1024:5.0f}   ({floor:.1f} ms)"
            )
            if max(cpu, wall) > LIMIT:
                missed.append(f"{name}, {label}: {max(cpu, wall):.1f} times the empty page")
            if count > bare + OF_CARDS:
                missed.append(f"{name}, {label}: {count} statements, {bare} of the empty page")
        with app.app_context():
            db.engine.dispose()
    return missed


def counted(client: FlaskClient, path: str, statements: list[str]) -> tuple[TestResponse, int]:
    """The page, and how many statements read for it."""
    statements.clear()
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    return answer, sum(s.split(maxsplit=1)[0] in ("SELECT", "WITH") for s in statements)


def main() -> None:
    """Print the tables; ends with an error when a promise is broken."""
    missed = [line for kind in sys.argv[1:] or ("sqlite", "postgresql") for line in measure(kind)]
    if missed:
        raise SystemExit("slower than promised:\n" + "\n".join(missed))


if __name__ == "__main__":
    main()
