"""MP4 and QuickTime: a tree of boxes, each with its length (ISO/IEC 14496-12)."""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, NamedTuple

from humasflow.media.processing.containers import Found, Malformed, blank, read_at, write_at

EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
NEEDED = frozenset({b"ftyp", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"styp", b"wide", b"free", b"skip"})
KEPT_TRACKS = frozenset({b"vide", b"soun", b"text", b"sbtl", b"subt", b"clcp"})
# What plays a film; everything else beside it is somebody's note.
KEPT_IN_MOVIE = frozenset({b"mvhd", b"trak", b"mvex", b"iods"})
KEPT_IN_TRACK = frozenset({b"tkhd", b"tref", b"edts", b"mdia", b"tapt", b"load"})
MAX_TABLE = 1 << 20  # entries; a track of other data has one sample a frame


class Box(NamedTuple):
    """``body`` and ``end`` are positions in the file."""

    kind: bytes
    start: int
    body: int
    end: int


def clean(file: BinaryIO, size: int, found: Found) -> None:
    """Blank in place; see ``video``. What follows the last box is cut off. Raises :class:`Malformed`."""
    seen: dict[bytes, Box] = {}
    position = 0
    while position < size:
        try:
            box = _box(file, position, size)
        except Malformed:
            if b"moov" in seen and b"mdat" in seen:
                file.truncate(position)  # a tail that is no box: nothing plays it
                break
            raise
        found.count()
        if box.kind not in NEEDED or box.kind in {b"free", b"skip"}:
            _erase(file, box)
        if box.kind == b"moov" and b"moov" in seen:
            raise Malformed("two moov boxes")
        seen.setdefault(box.kind, box)
        position = box.end
    if next(iter(seen), b"") != b"ftyp" or b"moov" not in seen or not {b"mdat", b"moof"} & set(seen):
        raise Malformed("not a whole film")
    dropped = _movie(file, seen[b"moov"], found)
    if dropped and b"moof" in seen:
        raise Malformed(
            "the samples of a dropped track are in fragments, where only its own tables find them"
        )


def _box(file: BinaryIO, position: int, limit: int) -> Box:
    size, kind = struct.unpack(">I4s", read_at(file, position, 8))
    body = position + 8
    if size == 1:
        (size,) = struct.unpack(">Q", read_at(file, body, 8))
        body += 8
    end = limit if size == 0 else position + size
    if end < body or end > limit:
        raise Malformed(f"{kind!r} at {position} ends at {end} of {limit}")
    return Box(kind, position, body, end)


def _children(file: BinaryIO, parent: Box, found: Found) -> Iterator[Box]:
    position = parent.body
    while parent.end - position >= 8:
        box = _box(file, position, parent.end)
        found.count()
        yield box
        position = box.end


def _erase(file: BinaryIO, box: Box) -> None:
    write_at(file, box.start + 4, b"free")
    blank(file, box.body, box.end)


def _movie(file: BinaryIO, moov: Box, found: Found) -> bool:
    """Whether a track was dropped."""
    dropped = False
    for box in _children(file, moov, found):
        if box.kind == b"mvhd":
            _header(file, box, found)
        elif box.kind == b"trak":
            dropped = not _track(file, box, found) or dropped
        elif box.kind not in KEPT_IN_MOVIE:
            found.see_text(read_at(file, box.body, min(box.end - box.body, 1 << 20)))
            _erase(file, box)
    return dropped


def _header(file: BinaryIO, box: Box, found: Found) -> None:
    long = read_at(file, box.body, 1) == b"\x01"
    layout = ">QQIQ" if long else ">IIII"
    made, _changed, scale, duration = struct.unpack(
        layout, read_at(file, box.body + 4, struct.calcsize(layout))
    )
    if scale:
        found.see_duration(duration / scale)
    if 0 < made < 1 << 34:
        found.see_time(EPOCH + timedelta(seconds=made))
    _forget_times(file, box)


def _forget_times(file: BinaryIO, box: Box) -> None:
    """Creation and modification stand first in mvhd, tkhd and mdhd."""
    wide = 16 if read_at(file, box.body, 1) == b"\x01" else 8
    if box.end - box.body >= 4 + wide:
        blank(file, box.body + 4, box.body + 4 + wide)


def _track(file: BinaryIO, trak: Box, found: Found) -> bool:
    """Whether it stays."""
    parts = {box.kind: box for box in _children(file, trak, found)}
    for box in _children(file, trak, found):
        if box.kind not in KEPT_IN_TRACK:
            found.see_text(read_at(file, box.body, min(box.end - box.body, 1 << 20)))
            _erase(file, box)
    media = parts.get(b"mdia")
    if media is None:
        raise Malformed("a track without media")
    inside = {box.kind: box for box in _children(file, media, found)}
    handler = inside.get(b"hdlr")
    kind = read_at(file, handler.body + 8, 4) if handler and handler.end - handler.body >= 12 else b""
    if kind not in KEPT_TRACKS:
        _drop_samples(file, inside.get(b"minf"), found)
        _erase(file, trak)
        return False
    for timed in (parts.get(b"tkhd"), inside.get(b"mdhd")):
        if timed is not None:
            _forget_times(file, timed)
    header = parts.get(b"tkhd")
    if kind == b"vide" and header is not None and header.end - header.body >= 84:
        tail = struct.unpack(">9i2I", read_at(file, header.end - 44, 44))
        width, height = tail[9] >> 16, tail[10] >> 16
        turned = tail[0] == 0 and tail[4] == 0 and tail[1] != 0
        found.see_sides(*((height, width) if turned else (width, height)))
    return True


def _drop_samples(file: BinaryIO, minf: Box | None, found: Found) -> None:
    """Zero what a track of other data (a position each second, for example) has among the frames.

    All such tracks together have no more than the file: chunks that overlap would make us write without end.
    """
    tables: dict[bytes, Box] = {}
    for box in _children(file, minf, found) if minf else ():
        if box.kind == b"stbl":
            tables = {b.kind: b for b in _children(file, box, found)}
    offsets = _numbers(file, tables.get(b"stco"), 4) or _numbers(file, tables.get(b"co64"), 8)
    if not offsets:
        return
    sizes = _sizes(file, tables.get(b"stsz"))
    runs = _runs(file, tables.get(b"stsc"), len(offsets))
    file.seek(0, 2)
    limit = file.tell()
    at = 0
    for offset, count in zip(offsets, runs, strict=True):
        length = sum(sizes[at : at + count])
        at += count
        if not 0 <= offset <= offset + length <= limit:
            raise Malformed("a sample outside the file")
        found.dropped += length
        if found.dropped > limit:
            raise Malformed("samples that overlap")
        blank(file, offset, offset + length)


def _numbers(file: BinaryIO, box: Box | None, width: int) -> list[int]:
    if box is None:
        return []
    (count,) = struct.unpack(">I", read_at(file, box.body + 4, 4))
    if count > MAX_TABLE or box.body + 8 + count * width > box.end:
        raise Malformed("a table longer than its box")
    data = read_at(file, box.body + 8, count * width)
    return list(struct.unpack(f">{count}{'I' if width == 4 else 'Q'}", data))


def _sizes(file: BinaryIO, box: Box | None) -> list[int]:
    if box is None:
        return []
    each, count = struct.unpack(">II", read_at(file, box.body + 4, 8))
    if count > MAX_TABLE:
        raise Malformed("too many samples")
    if each:
        return [each] * count
    if box.body + 12 + count * 4 > box.end:
        raise Malformed("a table longer than its box")
    return list(struct.unpack(f">{count}I", read_at(file, box.body + 12, count * 4)))


def _runs(file: BinaryIO, box: Box | None, chunks: int) -> list[int]:
    """How many samples each chunk has: the table names the first chunk of each change."""
    if box is None:
        return [1] * chunks
    (count,) = struct.unpack(">I", read_at(file, box.body + 4, 4))
    if count > MAX_TABLE or box.body + 8 + count * 12 > box.end:
        raise Malformed("a table longer than its box")
    data = read_at(file, box.body + 8, count * 12)
    changes = [(first, samples) for first, samples, _kind in struct.iter_unpack(">III", data)]
    result: list[int] = []
    for (first, samples), (following, _more) in zip(changes, [*changes[1:], (chunks + 1, 0)], strict=True):
        if not 1 <= first <= following <= chunks + 1:
            raise Malformed("chunks out of order")
        result += [min(samples, MAX_TABLE)] * (following - first)
    return result + [0] * (chunks - len(result))
