"""Content-addressed files on the local disk: the name of a file is the SHA-256 of its bytes.

The same bytes are therefore stored once, a stored file never changes, and nothing that a person typed (a file name,
a title) ever becomes part of a path. Whether a file may still be deleted is the caller's question: two records may
share one key.
"""

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from flask_babel import gettext as _

from humasflow.core.errors import UserError

_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")
_KEY = re.compile(r"(?P<a>[0-9a-f]{2})/(?P<b>[0-9a-f]{2})/(?P<digest>[0-9a-f]{64})\.[a-z0-9]{1,5}")
_TEMPORARY = ".tmp"
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


class StorageFull(UserError):
    """The disk (or the quota on it) has no room left. Nothing of the refused file remains."""

    status = 507

    def __init__(self) -> None:
        super().__init__(
            _(
                "Ruang penyimpanan di server penuh, jadi berkas ini belum tersimpan. Berkas yang sudah ada tetap aman. "
                "Beri tahu admin, lalu coba lagi."
            )
        )


class InvalidKey(ValueError):
    """The text is not a key this storage could have given out (for example ``../../etc/passwd``)."""


@contextmanager
def full_disk_reported() -> Iterator[None]:
    """Turn the operating system's "no room left" into :class:`StorageFull`; other errors pass unchanged."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StorageFull from error
        raise


class MediaStorage:
    """Files below ``root``, which is created when the first file is put.

    A key looks like ``"ab/cd/abcd….jpg"``. Every method that takes a key raises :class:`InvalidKey` for anything
    else, so a key read from a URL cannot leave ``root``.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def put(self, data: bytes, suffix: str) -> str:
        """Store ``data`` durably and return its key.

        ``suffix`` is a lower-case extension with its dot. When this returns, bytes and directory entry have been
        flushed to the disk; when it raises, nothing is left behind. Raises :class:`StorageFull`.
        """
        if not _SUFFIX.fullmatch(suffix):
            raise ValueError(f"not a file suffix: {suffix!r}")
        digest = hashlib.sha256(data).hexdigest()
        key = f"{digest[:2]}/{digest[2:4]}/{digest}{suffix}"
        target = self.path(key)
        # The size is compared because a copy restored from a broken backup must heal on the next upload.
        if target.is_file() and target.stat().st_size == len(data):
            return key
        with full_disk_reported():
            self._write(target, data)
        return key

    @contextmanager
    def temporary(self) -> Iterator[Path]:
        """A new empty file on the same file system, for :meth:`adopt`; gone afterwards if it was not adopted."""
        _make_directory(self.root / _TEMPORARY)
        handle, name = tempfile.mkstemp(dir=self.root / _TEMPORARY)
        os.close(handle)
        try:
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)

    def adopt(self, source: Path, suffix: str) -> str:
        """Take over a file from :meth:`temporary`, however large, and return its key. As durable as :meth:`put`."""
        if not _SUFFIX.fullmatch(suffix):
            raise ValueError(f"not a file suffix: {suffix!r}")
        with source.open("r+b") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        key = f"{digest[:2]}/{digest[2:4]}/{digest}{suffix}"
        target = self.path(key)
        with full_disk_reported():
            _make_directory(target.parent)
            source.replace(target)
            _flush_directory(target.parent)
        return key

    def open(self, key: str) -> BinaryIO:
        """The stored file, open for reading. Raises ``FileNotFoundError``."""
        return self.path(key).open("rb")

    def path(self, key: str) -> Path:
        """Where the file of ``key`` is, or would be."""
        match = _KEY.fullmatch(key)
        if match is None or not match["digest"].startswith(match["a"] + match["b"]):
            raise InvalidKey(key[:100])
        return self.root / key

    def exists(self, key: str) -> bool:
        return self.path(key).is_file()

    def delete(self, key: str) -> bool:
        """Remove the file; False when there was none."""
        target = self.path(key)
        try:
            target.unlink()
        except FileNotFoundError:
            return False
        _flush_directory(target.parent)
        return True

    def remove_abandoned(self, *, before: datetime) -> int:
        """Remove temporary files last touched before that aware time and return how many.

        A process that is killed while writing cannot clean up; a periodic job calls this.
        """
        removed = 0
        folder = self.root / _TEMPORARY
        for leftover in folder.iterdir() if folder.is_dir() else ():
            with suppress(FileNotFoundError):  # its writer has just finished
                if datetime.fromtimestamp(leftover.stat().st_mtime, UTC) < before:
                    leftover.unlink()
                    removed += 1
        return removed

    def _write(self, target: Path, data: bytes) -> None:
        # On the same file system as the target, otherwise the rename would not be atomic.
        _make_directory(self.root / _TEMPORARY)
        handle, name = tempfile.mkstemp(dir=self.root / _TEMPORARY)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            _make_directory(target.parent)
            temporary.replace(target)
            _flush_directory(target.parent)
        finally:
            temporary.unlink(missing_ok=True)


def _make_directory(folder: Path) -> None:
    """Create ``folder`` with its parents durably. Never undone: another upload may be about to use it."""
    if folder.is_dir():
        return
    _make_directory(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir()
    _flush_directory(folder.parent)


def _flush_directory(folder: Path) -> None:
    """Make a new, renamed or removed entry survive a power cut. Windows cannot and need not open a directory."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
