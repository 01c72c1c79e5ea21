"""Films and PDF files made by code: small, whole, and carrying what a phone writes into them."""

import io
import struct
from collections.abc import Iterable

PLACE = b"+06.1754+106.8272/"  # what must never be served
MADE = 3_849_984_000  # seconds since 1904: 31 December 2025, 00.00 UTC


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def full(kind: bytes, *parts: bytes) -> bytes:
    return box(kind, bytes(4), *parts)


def _track(
    handler: bytes, *, width: int = 0, height: int = 0, turned: bool = False, table: bytes = b""
) -> bytes:
    matrix = (
        (0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
        if turned
        else (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    )
    header = struct.pack(">IIIIQ", MADE, MADE, 1, 0, 0) + bytes(12) + struct.pack(">9i", *matrix)
    header += struct.pack(">II", width << 16, height << 16)
    return box(
        b"trak",
        full(b"tkhd", header),
        box(b"udta", box(b"name", b"Kamera" + PLACE)),
        box(
            b"mdia",
            full(b"mdhd", struct.pack(">IIIIHH", MADE, MADE, 1000, 5000, 0, 0)),
            full(b"hdlr", bytes(4) + handler + bytes(12) + b"penangan\0"),
            box(b"minf", box(b"stbl", table)),
        ),
    )


def mp4(
    *,
    brand: bytes = b"isom",
    size: int = 4000,
    turned: bool = False,
    tail: bytes = b"",
    positions: bool = True,
    chunks: int = 1,
    tracks: int = 1,
    fragment: bytes = b"",
) -> bytes:
    """A film of five seconds, 640 × 360, with a place in three spots and a track of positions among the frames.

    ``chunks``, ``tracks``: how often those tracks name the same bytes; ``fragment``: further boxes at the end.
    """
    head = box(b"ftyp", brand, bytes(4), brand, b"mp42")
    film = bytes(i % 251 for i in range(size))
    secret = PLACE * 4
    start = len(head) + 8 + len(film)
    table = (
        full(b"stsc", struct.pack(">IIII", 1, 1, 2, 1))
        + full(b"stsz", struct.pack(">II", len(secret) // 2, 2 * chunks))
        + full(b"stco", struct.pack(">I", chunks), struct.pack(">I", start) * chunks)
    )
    movie = box(
        b"moov",
        full(b"mvhd", struct.pack(">IIII", MADE, MADE, 1000, 5000) + bytes(80)),
        _track(b"vide", width=640, height=360, turned=turned),
        *([_track(b"meta", table=table)] * tracks if positions else []),
        box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(PLACE), 0) + PLACE)),
        box(b"meta", b"com.apple.quicktime.location.ISO6709" + PLACE),
    )
    return (
        head
        + box(b"mdat", film, secret if positions else b"")
        + movie
        + box(b"uuid", bytes(16) + PLACE)
        + fragment
        + tail
    )


def element(ident: int, *parts: bytes, unknown: bool = False) -> bytes:
    body = b"".join(parts)
    name = ident.to_bytes((ident.bit_length() + 7) // 8, "big")
    length = b"\x01" + b"\xff" * 7 if unknown else b"\x01" + len(body).to_bytes(7, "big")
    return name + length + body


def webm(*, unknown: bool = False, tail: bytes = b"") -> bytes:
    """A film of two seconds, 320 × 240, with tags, a title and a date. ``unknown``: as browsers record it."""
    return (
        element(0x1A45DFA3, element(0x4282, b"webm"))
        + element(
            0x18538067,
            element(
                0x1549A966, element(0x2AD7B1, (1_000_000).to_bytes(3, "big")), element(0x4489, struct.pack(">d", 2000.0)),
                element(0x7BA9, b"Rumah saya " + PLACE), element(0x4461, struct.pack(">q", 788_918_400 * 10**9)),
            ),
            element(
                0x1654AE6B,
                element(0xAE, element(0xE0, element(0xB0, b"\x01\x40"), element(0xBA, b"\xf0"))),
            ),
            element(0x1F43B675, element(0xE7, b"\0"), element(0xA3, bytes(300)), unknown=unknown),
            element(0x1254C367, b"LOCATION" + PLACE),
            unknown=unknown,
        )
        + tail
    )  # fmt: skip


def pdf(pages: int = 1, *, script: bool = False) -> bytes:
    """A small document; ``script``: it wants to run something when it is opened."""
    kids = " ".join(f"{3 + n} 0 R" for n in range(pages))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R"
        + (" /OpenAction << /S /JavaScript /JS (app.alert(1)) >>" if script else "")
        + " >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        *("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>" for n in range(pages)),
    ]
    return _pdf_of(objects)


def _pdf_of(objects: Iterable[str]) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode())
    start = out.tell()
    out.write(f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode())
    for place in places:
        out.write(f"{place:010d} 00000 n \n".encode())
    out.write(f"trailer << /Size {len(places) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()
