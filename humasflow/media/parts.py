"""Parts of files that are still on their way, outside everything that is served.

Each part is written once, by the one request that received it, and counts only once the database says so: what two
requests send at the same time can never mix, and what a cut connection left behind is simply not there.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from werkzeug.exceptions import ClientDisconnected

from humasflow.media.storage import full_disk_reported

PART_BYTES = 8 * 1024 * 1024
"""As much as a crash can lose of what has arrived."""

_CHUNK = 64 * 1024
_KEY = re.compile(r"[A-Za-z0-9_-]{20,43}")
_NAME = re.compile(r"[A-Za-z0-9_]{1,40}\.part")


@dataclass(frozen=True)
class Part:
    """What one piece of a request's body became. ``ended``: nothing more will come from that request."""

    start: int
    size: int
    name: str
    ended: bool


class PartStore:
    """Files below ``root``, one folder an upload."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def folder(self, key: str) -> Path:
        """Where an upload's parts are. Raises ``ValueError`` for what is no key."""
        if not _KEY.fullmatch(key):
            raise ValueError("not the key of an upload")
        return self.root / key

    def path(self, key: str, name: str) -> Path:
        """Where a part is."""
        if not _NAME.fullmatch(name):
            raise ValueError("not the name of a part")
        return self.folder(key) / name

    def receive(self, stream: BinaryIO, key: str, *, start: int, limit: int) -> Part:
        """Read at most ``limit`` bytes into a new file, durably. A connection that breaks keeps what came before.

        Raises :class:`StorageFull`; then nothing of this part remains.
        """
        folder = self.folder(key)
        size, ended = 0, False
        with full_disk_reported():
            folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=folder, prefix=f"{start}_", suffix=".part")
            try:
                with os.fdopen(handle, "wb") as file:
                    while size < limit and not ended:
                        try:
                            chunk = stream.read(min(_CHUNK, limit - size))
                        except (ClientDisconnected, ConnectionError, TimeoutError):
                            chunk = b""
                        ended = not chunk
                        size += file.write(chunk)
                    file.flush()
                    os.fsync(file.fileno())
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        if not size:
            Path(name).unlink(missing_ok=True)
        return Part(start, size, Path(name).name, ended)

    def drop(self, key: str, name: str) -> None:
        """Remove one part that does not count."""
        self.path(key, name).unlink(missing_ok=True)

    def head(self, key: str, name: str, size: int) -> bytes:
        """The beginning of a part."""
        with self.path(key, name).open("rb") as file:
            return file.read(size)

    def join(self, key: str, names: Iterable[str], target: Path) -> None:
        """Write the parts one after the other into ``target``. Raises :class:`StorageFull`."""
        with full_disk_reported(), target.open("wb") as whole:
            for name in names:
                with self.path(key, name).open("rb") as part:
                    shutil.copyfileobj(part, whole, 1 << 20)

    def discard(self, key: str) -> None:
        """Remove everything of an upload."""
        shutil.rmtree(self.folder(key), ignore_errors=True)

    def list_keys(self, *, before: datetime) -> list[str]:
        """Uploads whose folder was last touched before that aware time."""
        found = []
        for folder in self.root.iterdir() if self.root.is_dir() else ():
            with suppress(FileNotFoundError):  # its upload has just ended
                touched = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
                if touched < before and _KEY.fullmatch(folder.name):
                    found.append(folder.name)
        return found

    def free_bytes(self) -> int:
        """Room left on the disk."""
        self.root.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self.root).free
