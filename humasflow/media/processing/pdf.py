"""PDF files: the first page as a poster. The file itself is never opened by anything of ours but a confined process."""

import logging
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from humasflow.media.processing import sandbox
from humasflow.media.processing.errors import MediaRejected, RejectionCode
from humasflow.media.processing.limits import ImageLimits
from humasflow.media.storage import StorageFull, full_disk_reported

logger = logging.getLogger(__name__)

_PROGRAM = Path(__file__).with_name("pdf_page.py")


@dataclass(frozen=True)
class Poster:
    """Two sizes of a picture (WebP bytes), its sides in pixels, its colour; ``pages`` of the file it was made from."""

    medium: bytes
    thumb: bytes
    width: int
    height: int
    colour: str
    pages: int


def first_page(path: Path, filename: str, *, limits: ImageLimits | None = None) -> Poster:
    """Look at a PDF. Raises :class:`MediaRejected` when it is locked, damaged or too heavy, :class:`StorageFull`."""
    with full_disk_reported(), tempfile.TemporaryDirectory(prefix="humasflow-media-") as name:
        folder = Path(name)
        shutil.copyfile(path, folder / "upload")  # the process sees nothing but its own folder's name
        job = sandbox.Job("0", "upload", "PDF")
        answer = sandbox.run([job], folder, limits or ImageLimits(), program=_PROGRAM).get(
            "0", {"refused": RejectionCode.TOO_COMPLEX, "detail": "process ended"}
        )
        if answer.get("no_space"):
            raise StorageFull
        if "refused" in answer:
            code = RejectionCode(answer["refused"])
            logger.info("PDF refused: %s %s", code, answer.get("detail", ""))
            raise MediaRejected(code, filename=filename, detail=str(answer.get("detail", "")))
        width, height = answer["size"]
        return Poster(
            medium=(folder / "0.medium").read_bytes(),
            thumb=(folder / "0.thumb").read_bytes(),
            width=width,
            height=height,
            colour=answer["dominant"],
            pages=answer["pages"],
        )
