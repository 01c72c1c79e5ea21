"""An office is written to a file, the database becomes an empty one, and the file is read back."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from humasflow.archive.services import ReadBack, read_archive, write_for_command
from humasflow.core.db import Base, db
from humasflow.orgs.models import Unit
from tests.conftest import make_app


def export(office: Unit, path: Path, *, with_below: bool = False) -> Path:
    """The archive of an office."""
    db.session.commit()
    written, _digest = write_for_command(office, path, with_below=with_below)
    assert not written.missing
    return path


@contextmanager
def empty_installation(folder: Path, url: str = "") -> Iterator[Flask]:
    """Another installation with nothing in it, with its own folder, on SQLite unless ``url`` says otherwise. Its
    context is pushed.
    """
    folder.mkdir(parents=True)
    app = make_app(url or f"sqlite:///{folder / 'other.db'}", folder)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        with app.test_request_context():
            yield app
        db.session.remove()
        db.engine.dispose()


def read(path: Path) -> ReadBack:
    """Read it and commit."""
    found = read_archive(path)
    db.session.commit()
    return found


def data_of(path: Path) -> dict[str, bytes]:
    """Every table of an archive."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.startswith("data/")}
