"""Looking at an archive before anything of it is believed: its shape, its size, every digest.

It may come from anybody. Names are compared with what an archive can hold, so nothing in it chooses a path; sizes are
judged before anything is unpacked; every byte is hashed once before the first row is written.
"""

import hashlib
import json
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from flask_babel import gettext as _

from humasflow.archive.catalogue import exported
from humasflow.archive.packing import CHUNK
from humasflow.archive.versions import schema_revision
from humasflow.archive.writing import FORMAT, FORMAT_VERSION, MANIFEST, README, SUMS
from humasflow.core.errors import UserError

_FILE: Final = re.compile(r"files/(?P<digest>[0-9a-f]{64})\.[a-z0-9]{1,5}")
_SHEET: Final = re.compile(r"csv/[a-z-]{1,40}\.csv")
_SUM: Final = re.compile(r"([0-9a-f]{64})  (\S+)")
_DATA: Final = re.compile(r"data/(?P<table>[a-z_]{1,60})\.jsonl")
_SMALL: Final = 128 * 1024 * 1024  # bytes of the manifest and of the sums
_PRESSED: Final = 400  # times smaller: nothing that we write is squeezed further
_FREE_OF_DOUBT: Final = 32 * 1024 * 1024  # bytes that may be squeezed as far as they go
_MOST: Final = 2_000_000  # members
SPARE: Final = 64 * 1024 * 1024  # bytes that stay free beside what is read
LONGEST_LINE: Final = 256 * 1024 * 1024  # bytes of a row


class BadArchive(UserError):
    """The archive is refused, with a sentence that says why. Nothing was written."""


@dataclass(frozen=True)
class Opened:
    """An archive whose every byte was checked. ``files``: keys' names of stored files; ``lost``: what it says that it
    lacks.
    """

    zip: zipfile.ZipFile
    manifest: dict[str, Any]
    files: tuple[str, ...]
    lost: frozenset[str]
    sha256: str

    @property
    def offices(self) -> list[dict[str, Any]]:
        """Id, name and end of the record of each office in it."""
        return list(self.manifest["offices"])

    def lines(self, table: str) -> Iterator[bytes]:
        """The lines of a table, one in memory at a time."""
        with self.zip.open(f"data/{table}.jsonl") as source:
            while line := source.readline(LONGEST_LINE):
                if not line.endswith(b"\n"):
                    raise broken()
                yield line


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Check an archive from end to end and keep it open. Raises :class:`BadArchive`."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        with zipfile.ZipFile(path) as archive:
            infos = _members(archive, path)
            manifest = _manifest(archive, infos)
            lost = frozenset(manifest["missing_files"])
            _digests(archive, infos, manifest, lost)
            files = tuple(name.removeprefix("files/") for name in infos if name.startswith("files/"))
            yield Opened(archive, manifest, tuple(f for f in files if f not in lost), lost, digest)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OverflowError,
    ) as error:
        raise broken() from error
    except OSError as error:
        raise BadArchive(_("Arsip tidak dapat dibaca: %(why)s.", why=error.strerror or "?")) from error


def broken() -> BadArchive:
    """What is said of an archive that is damaged."""
    return BadArchive(_("Arsip ini rusak atau tidak lengkap. Unduh atau salin lagi dari tempat asalnya."))


def _members(archive: zipfile.ZipFile, path: Path) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > _MOST:
        raise broken()
    tables = set(exported())
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        if info.filename in found:
            raise _changed(info.filename)
        if not _is_ours(info, tables):
            raise BadArchive(
                _(
                    "Arsip ini memuat “%(name)s”, yang tidak dikenal. Tidak ada yang dibaca.",
                    name=info.filename[:80],
                )
            )
        if info.file_size > _FREE_OF_DOUBT and info.file_size > info.compress_size * _PRESSED:
            raise _too_large(info.file_size)
        found[info.filename] = info
    if sum(info.compress_size for info in infos) > path.stat().st_size:
        raise broken()  # members that lie over each other
    needed = sum(info.file_size for info in infos)
    if needed + SPARE > shutil.disk_usage(path.parent).free:
        raise _too_large(needed)
    for name in (MANIFEST, SUMS, README, *(f"data/{table}.jsonl" for table in tables)):
        if name not in found:
            if name.startswith("data/") and MANIFEST in found:
                _require_revision(_json(archive, found[MANIFEST]))  # an older product has other tables
            raise BadArchive(_("Dalam arsip ini tidak ada “%(name)s”. Tidak ada yang dibaca.", name=name))
    return found


def _is_ours(info: zipfile.ZipInfo, tables: set[str]) -> bool:
    name, mode = info.filename, info.external_attr >> 16
    if info.flag_bits & 0x1 or stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        return False
    data = _DATA.fullmatch(name)
    if data is not None:
        return data["table"] in tables
    return name in {MANIFEST, SUMS, README} or bool(_FILE.fullmatch(name) or _SHEET.fullmatch(name))


def _too_large(size: int) -> BadArchive:
    return BadArchive(
        _(
            "Isi arsip ini %(size)s MB, lebih besar daripada yang wajar atau daripada ruang di server.",
            size=size // 10**6,
        )
    )


def _changed(name: str) -> BadArchive:
    return BadArchive(
        _(
            "“%(name)s” di dalam arsip tidak sesuai dengan sidiknya: arsip ini berubah sesudah dibuat.",
            name=name[:80],
        )
    )


def _json(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> dict[str, Any]:
    if info.file_size > _SMALL:
        raise broken()
    try:
        found = json.loads(archive.read(info))
    except (ValueError, RecursionError) as error:
        raise broken() from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise BadArchive(_("Ini bukan arsip humasflow."))
    return found


def _require_revision(manifest: dict[str, Any]) -> None:
    revision = str(manifest.get("schema_revision", "?"))
    if manifest.get("format_version") != FORMAT_VERSION or revision != schema_revision():
        raise BadArchive(
            _(
                "Arsip ini dibuat oleh humasflow %(version)s dengan susunan tabel %(theirs)s; humasflow di sini "
                "memakai susunan %(ours)s. Pasang versi yang sama, baca arsipnya, lalu perbarui.",
                version=str(manifest.get("product_version", "?"))[:20],
                theirs=revision[:20],
                ours=schema_revision(),
            )
        )


def _manifest(archive: zipfile.ZipFile, infos: dict[str, zipfile.ZipInfo]) -> dict[str, Any]:
    manifest = _json(archive, infos[MANIFEST])
    _require_revision(manifest)
    offices, tables, lost = manifest.get("offices"), manifest.get("tables"), manifest.get("missing_files")
    whole = (
        isinstance(offices, list) and offices
        and all(isinstance(o, dict) and type(o.get("id")) is int and isinstance(o.get("name"), str) for o in offices)
        and isinstance(lost, list) and all(isinstance(name, str) for name in lost)
        and isinstance(tables, dict) and tables.keys() == set(exported())
        and all(isinstance(t, dict) and type(t.get("rows")) is int for t in tables.values())
        and any(o["id"] == manifest.get("office_id") for o in offices)
    )  # fmt: skip
    if not whole:
        raise broken()
    return manifest


def _digests(
    archive: zipfile.ZipFile,
    infos: dict[str, zipfile.ZipInfo],
    manifest: dict[str, Any],
    lost: frozenset[str],
) -> None:
    """Every byte against SHA256SUMS, tables against the manifest as well, files against their own names."""
    if infos[SUMS].file_size > _SMALL:
        raise broken()
    told: dict[str, str] = {}
    for line in archive.read(SUMS).decode("utf-8", "replace").splitlines():
        match = _SUM.fullmatch(line)
        if match is None or match[2] in told:
            raise _changed(SUMS)
        told[match[2]] = match[1]
    for name in infos.keys() ^ (told.keys() | {SUMS}):
        if name in told:
            raise BadArchive(
                _("Dalam arsip ini tidak ada “%(name)s”. Tidak ada yang dibaca.", name=name[:80])
            )
        raise _changed(name)
    for name, info in infos.items():
        if name == SUMS:
            continue
        found = _digest(archive, info)
        file = _FILE.fullmatch(name)
        data = _DATA.fullmatch(name)
        right = found == told[name]
        if file is not None and name.removeprefix("files/") not in lost:
            right = right and found == file["digest"]
        if data is not None:
            right = right and found == manifest["tables"][data["table"]].get("sha256")
        if not right:
            raise _changed(name)


def _digest(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    digest = hashlib.sha256()
    with archive.open(info) as source:
        while piece := source.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()
