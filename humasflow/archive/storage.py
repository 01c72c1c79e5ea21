"""Where archives lie until they are fetched: a folder a run below the data folder, for the product's own user only."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app

from humasflow.media.storage import full_disk_reported

FILE = "arsip.zip"


def root() -> Path:
    """The folder of all archives."""
    return Path(current_app.config["DATA_DIR"]) / "archives"


def path_of(run_id: int) -> Path:
    """Where the file of a run is."""
    return root() / str(run_id) / FILE


def begin(run_id: int) -> Path:
    """An empty folder for a run; what an earlier try left is gone. Raises StorageFull."""
    folder = root() / str(run_id)
    with full_disk_reported():
        root().mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
    return folder


def remove(run_id: int) -> None:
    """Remove the folder of a run, if it is there."""
    shutil.rmtree(root() / str(run_id), ignore_errors=True)


def list_folders(*, before: datetime) -> list[int]:
    """Runs that have a folder last touched before an instant."""
    if not root().is_dir():
        return []
    return [
        int(folder.name)
        for folder in root().iterdir()
        if folder.name.isascii() and folder.name.isdigit()
        and datetime.fromtimestamp(folder.stat().st_mtime, UTC) < before
    ]  # fmt: skip
