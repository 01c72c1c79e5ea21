"""Where finished reports lie: a folder a run below the data folder, readable by the product's own user only."""

import hashlib
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from flask import current_app

from humasflow.media.storage import full_disk_reported
from humasflow.reports.models import ReportFile, ReportRun

_FOLDER: Final = "reports"


def root() -> Path:
    """The folder of all runs."""
    return Path(current_app.config["DATA_DIR"]) / _FOLDER


def folder_of(run: ReportRun) -> Path:
    """The folder of a run; nothing that a person typed is part of it."""
    return root() / str(run.id)


def path_of(file: ReportFile) -> Path:
    """Where a file is."""
    return root() / file.path


def begin(run: ReportRun) -> Path:
    """An empty folder for a run; what an earlier try left is gone. Raises StorageFull."""
    folder = folder_of(run)
    with full_disk_reported():
        root().mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
    return folder


def seal(path: Path) -> tuple[int, str]:
    """Flush a finished file to the disk, for its owner only. Returns its size and SHA-256."""
    with full_disk_reported(), path.open("rb+") as file:
        os.fchmod(file.fileno(), 0o600)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return path.stat().st_size, digest


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
        if folder.name.isascii()
        and folder.name.isdigit()
        and datetime.fromtimestamp(folder.stat().st_mtime, UTC) < before
    ]
