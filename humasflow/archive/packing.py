"""Writing the ZIP of an archive member by member, each with its SHA-256, in a fixed amount of memory."""

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from humasflow.media.storage import full_disk_reported

CHUNK: Final = 1024 * 1024  # bytes
_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the first a ZIP can say: the same rows give the same bytes
_MODE: Final = 0o100644 << 16


@dataclass(frozen=True)
class Member:
    """A member that was written: its name, how many lines (of rows) or 0, its size and SHA-256."""

    name: str
    lines: int
    size: int
    sha256: str


class Pack:
    """A ZIP that is being written. Left by an error, nothing of it remains. Raises StorageFull."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.members: list[Member] = []

    def __enter__(self) -> Self:
        with full_disk_reported():
            self._file = self.path.open("wb")
            os.fchmod(self._file.fileno(), 0o600)
            self._zip = zipfile.ZipFile(self._file, "w", compression=zipfile.ZIP_DEFLATED, allowZip64=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                with full_disk_reported():
                    self._zip.close()
                    self._file.flush()
                    os.fsync(self._file.fileno())
                self._file.close()
                return
        except BaseException:
            self._abandon()
            raise
        self._abandon()

    def _abandon(self) -> None:
        self._zip.fp = None  # no index is written: it would need room that may not be there
        self._file.close()
        self.path.unlink(missing_ok=True)

    def add_lines(self, name: str, lines: Iterable[str], *, packed: bool = True) -> Member:
        """Text in UTF-8, each with its line end, made while it is written."""
        return self._add(name, (line.encode() for line in lines), packed=packed)

    def add_file(self, name: str, source: BinaryIO) -> Member:
        """An open file as it is: pictures and videos are compressed already."""
        return self._add(name, iter(lambda: source.read(CHUNK), b""), packed=False)

    def sums(self) -> Iterable[str]:
        """What ``sha256sum -c`` reads."""
        return (f"{member.sha256}  {member.name}\n" for member in self.members)

    def _add(self, name: str, pieces: Iterable[bytes], *, packed: bool) -> Member:
        info = zipfile.ZipInfo(name, _TIME)
        info.create_system, info.external_attr = 3, _MODE
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        digest, size, count = hashlib.sha256(), 0, 0
        with full_disk_reported(), self._zip.open(info, "w", force_zip64=True) as target:
            for piece in pieces:
                digest.update(piece)
                target.write(piece)
                size += len(piece)
                count += 1
        member = Member(name, count, size, digest.hexdigest())
        self.members.append(member)
        return member


Progress = Callable[[int, int, str], None]  # done, of how many, at what
