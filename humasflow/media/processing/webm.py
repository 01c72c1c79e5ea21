"""WebM: elements with an id and a length (EBML, RFC 8794; Matroska, RFC 9559)."""

import struct
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, NamedTuple

from humasflow.media.processing.containers import Found, Malformed, blank, read_at, write_at

EPOCH = datetime(2001, 1, 1, tzinfo=UTC)
HEADER, DOC_TYPE, SEGMENT = 0x1A45DFA3, 0x4282, 0x18538067
INFO, SCALE, DURATION, DATE = 0x1549A966, 0x2AD7B1, 0x4489, 0x4461
TRACKS, ENTRY, PICTURE, WIDTH, HEIGHT = 0x1654AE6B, 0xAE, 0xE0, 0xB0, 0xBA
CLUSTER, VOID = 0x1F43B675, 0xEC
FORGOTTEN = frozenset({0x1254C367, 0x1941A469, VOID})  # tags, attached files, space
KNOWN_INFO = frozenset({SCALE, DURATION, 0x4D80, 0x5741})  # the latter two name the program that wrote it
# What may stand in a segment, and in a cluster of unknown length, which is simply walked through.
EXPECTED = frozenset(
    {0x114D9B74, INFO, TRACKS, CLUSTER, 0x1C53BB6B, 0x1043A770, 0xE7, 0xA3, 0xA0, 0xA7, 0xAB, 0x5854, 0xBF, *FORGOTTEN}
)  # fmt: skip


class Element(NamedTuple):
    """``body`` and ``end`` are positions in the file; ``end`` is None for an unknown length."""

    ident: int
    start: int
    body: int
    end: int | None


def clean(file: BinaryIO, size: int, found: Found) -> None:
    """Blank in place; see ``video``. What follows the last element is cut off. Raises :class:`Malformed`."""
    header = _element(file, 0, size)
    if header.ident != HEADER or header.end is None or not _is_webm(file, header, found):
        raise Malformed("not WebM")
    segment = _element(file, header.end, size)
    if segment.ident != SEGMENT:
        raise Malformed("no segment")
    limit = size if segment.end is None else segment.end
    position, clusters = segment.body, 0
    while position < limit:
        try:
            element = _expected(file, position, limit)
        except Malformed:
            if clusters:
                limit = position
                break
            raise
        found.count()
        clusters += element.ident == CLUSTER
        position = _step(file, element, found)
    if not clusters or not found.width:
        raise Malformed("no pictures inside")
    if limit < size:
        file.truncate(limit)


def _expected(file: BinaryIO, position: int, limit: int) -> Element:
    element = _element(file, position, limit)
    if element.ident not in EXPECTED:
        raise Malformed(f"{element.ident:x} in the segment")
    return element


def _step(file: BinaryIO, element: Element, found: Found) -> int:
    """Look at one element and say where the next one begins."""
    if element.end is None:
        if element.ident != CLUSTER:
            raise Malformed("an unknown length where none may be")
        return element.body
    if element.ident in FORGOTTEN:
        _erase(file, element, element.end, found)
    elif element.ident == INFO:
        _info(file, element, element.end, found)
    elif element.ident == TRACKS:
        _tracks(file, element, element.end, found)
    return element.end


def _number(file: BinaryIO, position: int, *, marker: bool) -> tuple[int, int]:
    """A number of one to eight bytes, whose first bits say how many, and where it ends."""
    first = read_at(file, position, 1)[0]
    length = 9 - first.bit_length()
    if length > 8:
        raise Malformed("not a number")
    value = int.from_bytes(read_at(file, position, length), "big")
    return (value if marker else value & ((1 << 7 * length) - 1)), position + length


def _element(file: BinaryIO, position: int, limit: int) -> Element:
    ident, after = _number(file, position, marker=True)
    length, body = _number(file, after, marker=False)
    if length == (1 << 7 * (body - after)) - 1:
        return Element(ident, position, body, None)
    if body + length > limit:
        raise Malformed(f"{ident:x} at {position} ends behind its parent")
    return Element(ident, position, body, body + length)


def _children(file: BinaryIO, parent: Element, end: int, found: Found) -> list[Element]:
    position, children = parent.body, []
    while position < end:
        child = _element(file, position, end)
        if child.end is None:
            raise Malformed("an unknown length inside")
        found.count()
        children.append(child)
        position = child.end
    return children


def _unsigned(file: BinaryIO, element: Element) -> int:
    length = (element.end or element.body) - element.body
    if length > 8:
        raise Malformed("a number too long")
    return int.from_bytes(read_at(file, element.body, length), "big")


def _is_webm(file: BinaryIO, header: Element, found: Found) -> bool:
    return any(
        child.ident == DOC_TYPE
        and read_at(file, child.body, (child.end or 0) - child.body).rstrip(b"\0") == b"webm"
        for child in _children(file, header, header.end or 0, found)
    )


def _info(file: BinaryIO, info: Element, end: int, found: Found) -> None:
    scale, duration = 1_000_000, 0.0
    for child in _children(file, info, end, found):
        length = (child.end or child.body) - child.body
        if child.ident == SCALE:
            scale = _unsigned(file, child)
        elif child.ident == DURATION and length in (4, 8):
            (duration,) = struct.unpack(">f" if length == 4 else ">d", read_at(file, child.body, length))
        elif child.ident == DATE and length == 8:
            (nanoseconds,) = struct.unpack(">q", read_at(file, child.body, 8))
            found.see_time(EPOCH + timedelta(seconds=nanoseconds / 1e9))
        if child.ident not in KNOWN_INFO:
            blank(file, child.body, child.body + length)  # date, title, names of neighbouring files
    found.see_duration(duration * scale / 1e9)


def _tracks(file: BinaryIO, tracks: Element, end: int, found: Found) -> None:
    for entry in _children(file, tracks, end, found):
        for child in _children(file, entry, entry.end or 0, found) if entry.ident == ENTRY else ():
            if child.ident == PICTURE:
                sides = {c.ident: _unsigned(file, c) for c in _children(file, child, child.end or 0, found)
                         if c.ident in (WIDTH, HEIGHT)}  # fmt: skip
                found.see_sides(sides.get(WIDTH, 0), sides.get(HEIGHT, 0))


def _erase(file: BinaryIO, element: Element, end: int, found: Found) -> None:
    """Into empty space of the same length."""
    found.see_text(read_at(file, element.body, min(end - element.body, 1 << 20)))
    total = end - element.start
    if total >= 9:
        write_at(file, element.start, bytes((VOID, 0x01)) + (total - 9).to_bytes(7, "big"))
        blank(file, element.start + 9, end)
    else:
        write_at(file, element.start, bytes((VOID, 0x80 | (total - 2))))
        blank(file, element.start + 2, end)
