"""What a file is, by its first bytes. A name or a declared type proves nothing and is not asked."""

import codecs

import filetype

from humasflow.media.enums import AssetKind
from humasflow.media.processing import video
from humasflow.media.processing.errors import RejectionCode

HEAD_BYTES = 8192
"""How much of the start of a file :func:`identify` wants to see."""

ALLOWED = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/apng": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
}
"""Content type to the one decoder that may then read the file."""

_HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)
_STILL_BRANDS = frozenset({b"avif", b"avis", b"crx ", b"jxl "})
_OFFICE_PARTS = (b"[Content_Types].xml", b"word/", b"xl/", b"ppt/", b"mimetypeapplication/vnd.oasis")
_OFFICE_TYPES = ("application/msword", "application/rtf", "application/vnd.ms-", "application/vnd.o")
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WEB_MARKS = ("<!doctype html", "<html", "<head", "<body", "<script", "<iframe", "<meta", "<title")
_ARCHIVE_TYPES = frozenset(
    {
        "application/epub+zip",
        "application/gzip",
        "application/vnd.ms-cab-compressed",
        "application/x-7z-compressed",
        "application/x-brotli",
        "application/x-bzip2",
        "application/x-compress",
        "application/x-lz4",
        "application/x-lzip",
        "application/x-lzop",
        "application/x-rar-compressed",
        "application/x-tar",
        "application/x-xz",
        "application/zip",
        "application/zstd",
    }
)


def identify(head: bytes) -> str | RejectionCode:
    """The decoder for an allowed picture (``"JPEG"``…), or why a file that starts like this is refused."""
    if not head:
        return RejectionCode.EMPTY
    kind = filetype.guess(head)
    mime: str = kind.mime if kind is not None else ""
    if mime in ALLOWED:
        return ALLOWED[mime]
    return _container(head) or _text(head) or _by_type(mime, head)


def _container(head: bytes) -> RejectionCode | None:
    """HEIC, AVIF, camera raw and MP4 share one container; the brands in its first box tell them apart."""
    if head[4:8] != b"ftyp":
        return None
    length = min(int.from_bytes(head[:4], "big"), 256, len(head))
    brands = [head[8:12], *(head[i : i + 4] for i in range(16, length, 4))]
    if brands[0] in _STILL_BRANDS or _STILL_BRANDS.intersection(brands[1:]):
        return RejectionCode.OTHER_IMAGE  # before HEIF: AVIF files name mif1 as well
    if _HEIF_BRANDS.intersection(brands):
        return RejectionCode.HEIC
    return RejectionCode.VIDEO


def _text(head: bytes) -> RejectionCode | None:
    encoding = "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    text = head.decode(encoding, errors="replace").lstrip().lower()
    if not text.startswith("<"):
        return None
    marks = [at for mark in _WEB_MARKS if (at := text.find(mark)) >= 0]
    drawing = text.find("<svg")
    if drawing >= 0 and (not marks or drawing < min(marks)):
        return RejectionCode.SVG
    return RejectionCode.WEB_PAGE if marks else None


def _by_type(mime: str, head: bytes) -> RejectionCode:
    if mime == "application/pdf" or b"%PDF-" in head[:1024]:
        return RejectionCode.PDF
    if mime.startswith("image/"):
        return RejectionCode.OTHER_IMAGE
    if mime.startswith(("video/", "audio/")):
        return RejectionCode.VIDEO
    if mime.startswith(_OFFICE_TYPES) or head.startswith(_OLE_MAGIC):
        return RejectionCode.DOCUMENT
    if mime in _ARCHIVE_TYPES:
        return (
            RejectionCode.DOCUMENT if any(part in head for part in _OFFICE_PARTS) else RejectionCode.ARCHIVE
        )
    return RejectionCode.NOT_AN_IMAGE


def identify_media(head: bytes) -> AssetKind | RejectionCode:
    """As :func:`identify`, for a place that takes videos and PDF files too."""
    answer = identify(head)
    if not isinstance(answer, RejectionCode):
        return AssetKind.IMAGE
    if answer is RejectionCode.PDF and head.startswith(b"%PDF-"):
        return AssetKind.PDF
    if video.suffix_of(head) is not None:
        return AssetKind.VIDEO
    return _ELSEWHERE.get(answer, answer)


_ELSEWHERE = {
    RejectionCode.PDF: RejectionCode.DAMAGED_PDF,  # something else stands before its beginning
    RejectionCode.VIDEO: RejectionCode.OTHER_VIDEO,
    RejectionCode.NOT_AN_IMAGE: RejectionCode.NOT_MEDIA,
}
