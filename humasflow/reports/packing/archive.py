"""Writing a ZIP file by file, with the SHA-256 of each, in a fixed amount of memory.

What is inside stands there with one fixed time, so that the same files give the same bytes. Pictures and videos are
stored as they are: they are compressed already, and a damaged pack gives them back more easily.
"""

import errno
import hashlib
import os
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from flask_babel import gettext as _

from humasflow.core.errors import UserError
from humasflow.reports.packing.names import safe

CHUNK: Final = 1024 * 1024  # bytes
MANIFEST: Final = "SHA256SUMS"
_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the first a ZIP can say
_MODE: Final = 0o100644 << 16
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
SPARE: Final = 64 * 1024 * 1024  # bytes that stay free for the database beside a pack
_LARGE: Final = 2**31 - 2**20  # bytes of a file from which on its size needs 64 bits in a ZIP
_ENTRY: Final = 512  # bytes a ZIP spends on a name, twice

# Of these there is nothing left to squeeze.
_PRESSED = frozenset(
    {".png", ".jpg", ".jpeg", ".webp", ".gif", ".mp4", ".mov", ".webm", ".pdf", ".xlsx", ".docx", ".zip"}
)

Advance = Callable[[int], object]  # bytes that were dealt with since the last call


class NoRoom(UserError):
    """The disk has no room for the pack. Nothing of it remains."""

    status = 507

    def __init__(self, needed: int = 0, free: int = 0) -> None:
        if needed:
            text = _(
                "Ruang penyimpanan di server tidak cukup untuk paket ini: perlu %(needed)s MB, tersisa %(free)s MB. "
                "Tidak ada yang tertinggal. Kosongkan ruang, lalu buat lagi.",
                needed=-(-needed // 10**6), free=free // 10**6,
            )  # fmt: skip
        else:
            text = _(
                "Ruang penyimpanan di server habis saat paket ini ditulis. Tidak ada yang tertinggal. "
                "Kosongkan ruang, lalu buat lagi."
            )
        super().__init__(text)


@dataclass(frozen=True)
class Written:
    """One file in the pack: its name there, how many bytes, and their SHA-256."""

    name: str
    size: int
    sha256: str


class Archive:
    """A ZIP that is being written at ``path``. Left by an error, it removes what it wrote.

    Raises :class:`NoRoom` when the disk is full; other errors pass unchanged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written: list[Written] = []
        self._names: set[str] = set()
        self._zip: zipfile.ZipFile | None = None

    def __enter__(self) -> Self:
        with _room_reported():
            self._zip = zipfile.ZipFile(
                self.path, "w", compression=zipfile.ZIP_DEFLATED, allowZip64=True, strict_timestamps=True
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                with _room_reported():
                    self._to.close()
                    _flush(self.path)
                return
        except BaseException:
            self._abandon()
            raise
        self._abandon()
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise NoRoom from error

    def add_text(self, name: str, text: str) -> Written:
        """A text in UTF-8. Raises ValueError for a name that is there already."""
        return self.add_bytes(name, text.encode())

    def add_bytes(self, name: str, data: bytes) -> Written:
        """Bytes that are small enough to be held."""
        info = self._info(name, len(data))
        with self._to.open(info, "w") as target:
            target.write(data)
        return self._note(name, len(data), hashlib.sha256(data).hexdigest())

    def add_lines(self, name: str, lines: Iterable[str]) -> Written:
        """A text in UTF-8 that is made while it is written."""
        digest, size = hashlib.sha256(), 0
        with self._to.open(self._info(name, 0), "w") as target:
            for line in lines:
                data = line.encode()
                digest.update(data)
                target.write(data)
                size += len(data)
        return self._note(name, size, digest.hexdigest())

    def add_file(self, name: str, source: BinaryIO, *, advance: Advance | None = None) -> Written:
        """An open file, copied piece by piece. What is noted is the digest of the bytes that were copied."""
        size = os.fstat(source.fileno()).st_size
        digest, copied = hashlib.sha256(), 0
        with self._to.open(self._info(name, size), "w", force_zip64=size >= _LARGE) as target:
            while piece := source.read(CHUNK):
                digest.update(piece)
                target.write(piece)
                copied += len(piece)
                if advance is not None:
                    advance(len(piece))
        return self._note(name, copied, digest.hexdigest())

    def sums(self) -> str:
        """What ``sha256sum -c`` reads: a digest, two blanks, a name; one file a line, in the order of the pack."""
        return "".join(f"{one.sha256}  {one.name}\n" for one in self.written)

    @property
    def _to(self) -> zipfile.ZipFile:
        if self._zip is None:
            raise ValueError("an Archive is written inside its with block")
        return self._zip

    def _info(self, name: str, size: int) -> zipfile.ZipInfo:
        if safe(name).lower() in self._names:  # Windows and macOS take two spellings for one file
            raise ValueError(f"twice in one pack: {name}")
        self._names.add(name.lower())
        info = zipfile.ZipInfo(name, _TIME)
        info.create_system = 3
        info.external_attr = _MODE
        info.file_size = size
        pressed = Path(name).suffix.lower() in _PRESSED
        info.compress_type = zipfile.ZIP_STORED if pressed else zipfile.ZIP_DEFLATED
        return info

    def _note(self, name: str, size: int, sha256: str) -> Written:
        self.written.append(Written(name, size, sha256))
        return self.written[-1]

    def _abandon(self) -> None:
        """Let go without writing an index: it would need room that may not be there."""
        if self._zip is not None and self._zip.fp is not None:
            self._zip.fp.close()
            self._zip.fp = None
        self.path.unlink(missing_ok=True)


def digest_of(source: BinaryIO) -> str:
    """The SHA-256 of an open file from where it stands; it is put back to its beginning."""
    digest = hashlib.sha256()
    while piece := source.read(CHUNK):
        digest.update(piece)
    source.seek(0)
    return digest.hexdigest()


def check_room(folder: Path, size: int, files: int) -> None:
    """Pass when a pack of so many bytes and files fits beside the database. Raises :class:`NoRoom`."""
    needed = size + files * _ENTRY + SPARE
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise NoRoom(needed, free)


@contextmanager
def _room_reported() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise NoRoom from error
        raise


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
