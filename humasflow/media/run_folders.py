"""Files that a job makes for a person to fetch: a folder a run, below the data folder, for the product's own user only,
until the run is over.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from flask import current_app

from humasflow.core import clock
from humasflow.media.storage import full_disk_reported

STRAY_AFTER: Final = timedelta(days=1)


class RunFolders:
    """The folders of one kind of run, by the runs' ids; nothing that a person typed is part of a path."""

    def __init__(self, name: str) -> None:
        self.name = name

    def root(self) -> Path:
        """The folder of all runs."""
        return Path(current_app.config["DATA_DIR"]) / self.name

    def folder_of(self, run_id: int) -> Path:
        """The folder of a run, whether it is there or not."""
        return self.root() / str(run_id)

    def begin(self, run_id: int) -> Path:
        """An empty folder for a run; what an earlier try left is gone. Raises StorageFull."""
        folder = self.folder_of(run_id)
        with full_disk_reported():
            self.root().mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
        return folder

    def remove(self, run_id: int) -> None:
        """Remove the folder of a run, if it is there."""
        shutil.rmtree(self.folder_of(run_id), ignore_errors=True)

    def tidy(self, known: Callable[[Collection[int]], Collection[int]]) -> int:
        """Remove folders, untouched for a day, that no run knows: a worker that died cannot clean up. ``known`` says
        which of the given runs still need theirs. Returns how many were removed.
        """
        if not self.root().is_dir():
            return 0
        before = clock.now() - STRAY_AFTER
        found = [
            int(folder.name)
            for folder in self.root().iterdir()
            if folder.name.isascii() and folder.name.isdigit()
            and datetime.fromtimestamp(folder.stat().st_mtime, UTC) < before
        ]  # fmt: skip
        gone = set(found) - set(known(found))
        for run_id in gone:
            self.remove(run_id)
        return len(gone)


def seal(path: Path) -> tuple[int, str]:
    """Flush a finished file to the disk, for its owner only. Returns size in bytes and SHA-256. Raises StorageFull."""
    with full_disk_reported(), path.open("rb+") as file:
        os.fchmod(file.fileno(), 0o600)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return path.stat().st_size, digest
