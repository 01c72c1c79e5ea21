"""``make bench``: the sample office's main pages beside a floor page that reads and prints the same kind of rows bare.
With a name (``python -m benchmarks calendar``): that benchmark instead.

Three interleaved rounds, processor time per request, medians; read the ratios, not the milliseconds.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask, render_template_string
from sqlalchemy import event, text

from config import base_config
from humasflow import create_app
from humasflow.accounts.models import User
from humasflow.accounts.queries import list_people_with, today_at
from humasflow.accounts.services.sessions import open_session
from humasflow.core.db import Base, db
from humasflow.core.guards import public
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.setup.sample_office import create_sample_office

ROUNDS, REQUESTS = 3, 12
PAGES = {
    "calendar, this month": "/kalender/",
    "desk, board": "/naskah/",
    "desk, list": "/naskah/?tampilan=daftar",
    "publications": "/publikasi/",
    "standing": "/capaian/",
    "home": "/",
    "newsroom": "/berita/kantor-contoh/",
}
FLOOR = "<title>x</title>{% for r in rows %}<div><b>{{ r[0] }}</b> {{ r[1] }} {{ r[2] }}</div>{% endfor %}"


def make(folder: Path) -> tuple[Flask, User]:
    """The product with the sample office, and an editor of it."""
    config = base_config(folder, ["benchmark"], f"sqlite:///{folder / 'bench.db'}")
    app = create_app(config | {"TESTING": True, "PROPAGATE_EXCEPTIONS": True})

    @app.get("/floor")
    @public
    def floor() -> str:
        """440 rows, read and printed without anything around them."""
        rows = db.session.execute(
            text("SELECT title, summary, published_at FROM delivery ORDER BY id LIMIT 440")
        )
        return render_template_string(FLOOR, rows=rows.all())

    with app.app_context(), app.test_request_context():
        Base.metadata.create_all(db.engine)
        office = create_sample_office(today_at(Unit(timezone="Asia/Jakarta")), seed=1)
        db.session.commit()
        editor = list_people_with(Permission.STORY_WRITE, office)[0]
        db.session.expunge_all()
    return app, editor


def signed_in(app: Flask, user: User) -> Any:
    """A client with a session."""
    client = app.test_client()
    with app.app_context(), app.test_request_context():
        token = open_session(db.session.get_one(User, user.id), device="benchmark").get_id()
        db.session.commit()
    with client.session_transaction() as session:
        session["_user_id"] = token
    return client


def cost(get: Callable[[], Any]) -> float:
    """Milliseconds of processor time per request."""
    begun = time.process_time()
    for _n in range(REQUESTS):
        get()
    return (time.process_time() - begun) / REQUESTS * 1000


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        app, editor = make(Path(name))
        client = signed_in(app, editor)
        counted: dict[str, int] = {}
        statements: list[str] = []
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
        sizes: dict[str, int] = {}
        for label, path in PAGES.items():
            client.get(path)  # compiles the template
            statements.clear()
            answer = client.get(path)
            if answer.status_code != 200:
                raise SystemExit(f"{path} answered {answer.status_code}")
            counted[label] = sum(s.split(maxsplit=1)[0] in ("SELECT", "WITH") for s in statements)
            sizes[label] = len(answer.data)
        times: dict[str, list[float]] = {label: [] for label in [*PAGES, "floor"]}
        client.get("/floor")
        for _round in range(ROUNDS):
            times["floor"].append(cost(lambda: client.get("/floor")))
            for label, path in PAGES.items():
                times[label].append(cost(partial(client.get, path)))
        floor = statistics.median(times["floor"])
        print(f"{'page':24} {'cpu/floor':>9} {'statements':>10} {'KiB':>6}   (floor {floor:.1f} ms)")
        for label in PAGES:
            ratio = statistics.median(times[label]) / floor
            print(f"{label:24} {ratio:9.2f} {counted[label]:10} {sizes[label] / 1024:6.0f}")


if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1] in (
        "calendar",
        "desk",
        "editor",
        "queue",
        "publishing",
        "faults",
        "scoring",
        "packs",
        "imports",
        "reports",
        "phone",
        "felt",
        "search",
    ):
        name = sys.argv.pop(1)
        import_module(f"benchmarks.{name}").main()
    else:
        main()
