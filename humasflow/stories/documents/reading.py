"""From a file as it arrived to its parts and pictures. Nothing is stored."""

import logging
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from humasflow.media.storage import full_disk_reported
from humasflow.stories.documents import sandbox
from humasflow.stories.documents.errors import DocumentRejected, DocumentRejection
from humasflow.stories.documents.sandbox import DocumentLimits
from humasflow.stories.documents.structure import TITLE_LIMIT, Parts, take_apart

logger = logging.getLogger(__name__)

MAX_CHARACTERS = 600_000
_CHUNK = 256 * 1024
_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # OLE: .doc, and every file that Word encrypts


@dataclass(frozen=True)
class Document:
    """What is in a file. ``pictures``: number in the text → bytes. ``counts``: what is told about it, by kind."""

    parts: Parts
    pictures: dict[int, bytes]
    lost_pictures: int
    counts: dict[str, int]


def read_document(stream: BinaryIO, filename: str, *, limits: DocumentLimits | None = None) -> Document:
    """Read a .docx. Raises :class:`DocumentRejected` with a sentence for the sender, ``StorageFull`` when the disk for
    temporary files is full. Takes up to ``wall_seconds``; uses no database.
    """
    bounds = limits or DocumentLimits()
    with full_disk_reported(), tempfile.TemporaryDirectory(prefix="humasflow-docx-") as name:
        folder = Path(name)
        _copy(stream, folder / "source.docx", bounds)
        answer = sandbox.run("source.docx", folder, bounds)
        if answer is None:
            raise DocumentRejected(DocumentRejection.TOO_COMPLEX, "process ended")
        if "refused" in answer:
            detail = str(answer.get("detail", ""))
            logger.info("document refused: %s %s", answer["refused"], detail)
            raise DocumentRejected(DocumentRejection(answer["refused"]), detail)
        if len(answer["html"]) > MAX_CHARACTERS:
            raise DocumentRejected(DocumentRejection.TOO_LONG)
        parts = take_apart(answer["html"], title_from_filename(filename))
        if not (parts.body_html or parts.lead):
            raise DocumentRejected(DocumentRejection.NO_TEXT)
        pictures = {int(n): (folder / f"picture-{int(n)}").read_bytes() for n in answer["pictures"]}
    return Document(parts, pictures, int(answer["lost"]), answer["counts"])


def _copy(stream: BinaryIO, target: Path, limits: DocumentLimits) -> None:
    size, head = 0, b""
    with target.open("wb") as copy:
        while chunk := stream.read(_CHUNK):
            head = head or chunk[:8]
            size += len(chunk)
            if size > limits.max_bytes:
                raise DocumentRejected(DocumentRejection.TOO_LARGE)
            copy.write(chunk)
    if not size:
        raise DocumentRejected(DocumentRejection.EMPTY)
    if head.startswith(_OLD_WORD):
        raise DocumentRejected(DocumentRejection.OLD_WORD)
    if head.startswith(b"%PDF"):
        raise DocumentRejected(DocumentRejection.PDF)
    if not head.startswith(b"PK"):
        raise DocumentRejected(DocumentRejection.NOT_WORD)


def title_from_filename(filename: str) -> str:
    """The file's name as a title: ``siaran-pers_lelang.docx`` → ``Siaran pers lelang``."""
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", filename.replace("\\", "/").rpartition("/")[2])
    words = " ".join(re.sub(r"[\x00-\x1f_-]+", " ", stem).split())[:TITLE_LIMIT].strip()
    return words[:1].upper() + words[1:]
