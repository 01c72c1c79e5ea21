"""``python -m benchmarks scoring [sqlite] [postgresql]``: a million ledger lines over two hundred offices.

A unit with a hundred children that took over its scheme, and ninety-nine offices beside them; five years of
publications, each with a line for the office, its section and two people. The standing of an office and the children of
the unit beside the emptiest page of the app, asked of one process in interleaved rounds; what scoring adds to the
transaction in which a publication goes live; and ``flask scoring verify`` over everything, in a process of its own.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from flask import Flask
from sqlalchemy import event, func, select, text

from benchmarks.__main__ import signed_in
from benchmarks.calendar import compare, of
from benchmarks.desk import counted
from benchmarks.ledgers import CHILDREN, NOW, OFFICES, build
from config import base_config
from humasflow import create_app
from humasflow.accounts.models import User
from humasflow.channels import queries as channels
from humasflow.core import clock, garbage
from humasflow.core.db import Base, db
from humasflow.orgs.models import Unit
from humasflow.planning import queries as planning
from humasflow.publishing.models import Delivery
from humasflow.publishing.services import past, record_past_publication
from humasflow.scoring.models import LedgerEntry
from humasflow.scoring.recomputation import at_one_moment, differences
from humasflow.scoring.services.ledger import score_delivery

KINDS = ("sqlite", "postgresql")
SCORED = 60
STANDING_LIMIT, CHILDREN_LIMIT = 3, 5  # times the emptiest page
SCORING_LIMIT = 5.0  # milliseconds over the transaction alone
MEMORY_LIMIT = 200  # MiB that verifying everything may add to the process
EMPTY = "/pemberitahuan/"


@contextmanager
def database(name: str, folder: Path) -> Iterator[str]:
    """The address of an empty database of this kind."""
    if name == "sqlite":
        yield f"sqlite:///{folder / 'ledger.db'}"
        return
    from tests.support.postgres import create_database, start_postgres, stop_postgres  # noqa: PLC0415 - heavy

    server = start_postgres(folder / "postgresql", durable=True)
    try:
        yield create_database(server, "ledger")
    finally:
        stop_postgres(server)


def application(folder: Path, url: str) -> Flask:
    """The product on a database, settled as the web server does before it forks."""
    app = create_app(
        base_config(folder, ["benchmark"], url) | {"TESTING": True, "PROPAGATE_EXCEPTIONS": True}
    )
    garbage.settle()
    return app


def pages(name: str, app: Flask, lead: User, boss: User) -> list[str]:
    """The standing of a child, and the children of the unit, beside the emptiest page."""
    missed = []
    statements: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    for label, path, user, limit in (
        ("standing of an office", "/capaian/", boss, STANDING_LIMIT),
        (f"{CHILDREN} children of a unit", "/capaian/unit", lead, CHILDREN_LIMIT),
    ):
        client = signed_in(app, user)
        client.get(path)  # compiles the template, warms the plan
        client.get(EMPTY)
        answer, count = counted(client, path, statements)
        if answer.status_code != 200:
            missed.append(f"{name}, {path} answered {answer.status_code}")
            continue
        ratios, floor = compare(partial(client.get, path), {"empty": partial(client.get, EMPTY)})
        ratio = ratios["empty"]
        print(
            f"  {label:26} {of(ratio)} times an empty page ({floor:.1f} ms), {count} statements, "
            f"{len(answer.data) / 1024:.0f} KiB",
            flush=True,
        )
        if max(ratio) > limit:
            missed.append(f"{name}, {label}: {max(ratio):.1f} times an empty page")
    return missed


def scoring(name: str, app: Flask) -> list[str]:
    """What scoring adds to the transaction in which a publication goes live, by turns with and without it."""
    took: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    with app.app_context(), app.test_request_context():
        setattr(past, "emit", lambda _event: None)  # noqa: B010 - scoring is called here, and timed
        office = db.session.scalars(select(Unit).where(Unit.slug == f"kantor-{CHILDREN}")).one()
        for n in range(2 * SCORED):
            worked, waited = time.process_time(), time.perf_counter()
            delivery = _live(office.id, n)
            if n % 2:
                score_delivery(delivery)
            db.session.commit()
            took[bool(n % 2)].append((time.process_time() - worked, time.perf_counter() - waited))
        db.session.remove()
    more = [
        1000 * (statistics.median(t[n] for t in took[True]) - statistics.median(t[n] for t in took[False]))
        for n in (0, 1)
    ]
    print(
        f"  scoring one publication    {more[0]:.1f} / {more[1]:.1f} ms over the transaction alone",
        flush=True,
    )
    return [f"{name}, scoring one publication takes {more[0]:.1f} ms more"] if more[0] > SCORING_LIMIT else []


def _live(office_id: int, n: int) -> Delivery:
    office = db.session.get_one(Unit, office_id)
    delivery, _created = record_past_publication(
        actor=None, office=office, account=channels.list_accounts(office_id)[0],
        content_type=planning.list_content_types(office_id)[0], title=f"Baru {n}", published_at=clock.now(),
        url=f"https://{office.slug}.example/baru/{n}",
    )  # fmt: skip
    return delivery


def verifying(name: str, url: str, folder: Path) -> list[str]:
    """Everything, in a process of its own: seconds, and what it holds at the most."""
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.scoring", "--verify", url, str(folder)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    found, seconds, before, most = told.stdout.split()[-4:]
    print(
        f"  verify everything          {float(seconds):.0f} s, {found} differences, {float(most):.0f} MiB at the most "
        f"({float(before):.0f} before)",
        flush=True,
    )
    grown = float(most) - float(before)
    missed = [f"{name}, verify grew by {grown:.0f} MiB"] if grown > MEMORY_LIMIT else []
    return missed + ([f"{name}, verify found {found} differences"] if found != "0" else [])


def verify(url: str, folder: Path) -> None:
    """Prints how many differences there are, the seconds, and MiB before and at the most."""
    app = application(folder, url)
    with app.app_context(), app.test_request_context(), clock.moved_to(NOW):
        db.session.execute(text("SELECT 1"))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        begun = time.perf_counter()
        found = 0
        with at_one_moment():
            for difference in differences():
                found += 1
                print(difference)
        seconds = time.perf_counter() - begun
    print(found, seconds, before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measure(name: str) -> list[str]:
    """Print the figures of one kind of database. Returns what is not as promised."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)  # PostgreSQL runs as somebody else
        with database(name, folder) as url, clock.moved_to(NOW):
            app = application(folder, url)
            begun = time.perf_counter()
            with app.app_context(), app.test_request_context():
                Base.metadata.create_all(db.engine)
                lead, boss = build()
                lines = db.session.scalar(select(func.count()).select_from(LedgerEntry))
                for user in (lead, boss):
                    db.session.refresh(user)
                db.session.expunge_all()
            print(
                f"\n{name}: {lines:,} lines of {OFFICES} offices ({time.perf_counter() - begun:.0f} s to fill)"
            )
            missed = pages(name, app, lead, boss)
            with app.app_context():
                db.engine.dispose()
            missed += verifying(name, url, folder)
            missed += scoring(name, app)
            with app.app_context():
                db.engine.dispose()
            return missed


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures; ends with an error when a promise is broken."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["--verify"]:
        verify(given[1], Path(given[2]))
        return
    missed = [line for kind in given or KINDS for line in measure(kind)]
    if missed:
        raise SystemExit("not as promised:\n" + "\n".join(missed))


if __name__ == "__main__":
    main()
