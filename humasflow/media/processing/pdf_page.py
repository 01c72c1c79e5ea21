"""The program that looks at other people's PDF files: how many pages, and the first one as a picture.

Run by path in a confined process of its own, like ``decode`` (which says what confines it). Nothing in the file is
run: the renderer is built without JavaScript and without forms.
"""

import errno
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or __package__:
    from humasflow.media.processing import decode
else:
    sys.path.extend(sys.argv[1:])
    import decode

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships neither stubs nor a marker
from PIL import Image

LONGEST_SIDE = 1280
MAX_PAGES = 5000


def first_page(path: Path) -> tuple[Image.Image, int]:
    """The first page as a picture of at most ``LONGEST_SIDE``, and the number of pages."""
    try:
        document = pdfium.PdfDocument(path)
        count = len(document)
        if not 1 <= count <= MAX_PAGES:
            raise decode.Unreadable(f"{count} pages")
        page = document[0]
        width, height = page.get_size()
        if not (0 < width <= 20_000 and 0 < height <= 20_000):
            raise decode.Unreadable(f"page of {width} by {height} points")
        drawn = page.render(scale=LONGEST_SIDE / max(width, height), may_draw_forms=False).to_pil()
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise decode.Refused("locked") from error
        raise decode.Unreadable(str(error)[:300]) from error
    return drawn.convert("RGB"), count


def answer(job: dict[str, Any], folder: Path, budget: decode.Budget) -> dict[str, Any]:
    """Do one job. Every failure becomes an answer, with the cause for the log."""
    try:
        drawn, count = first_page(folder / job["source"])
        thumb = drawn.resize(decode.fitted(drawn.size, budget.thumb_side), Image.Resampling.LANCZOS)
        drawn.save(folder / f"{job['name']}.medium", "WEBP", quality=80, method=4)
        thumb.save(folder / f"{job['name']}.thumb", "WEBP", quality=75, method=4)
    except decode.Refused as refused:
        return {"refused": refused.code}
    except decode.Unreadable as error:
        return {"refused": "damaged_pdf", "detail": str(error)}
    except MemoryError:
        return {"refused": "too_complex", "detail": "out of memory"}
    except Exception as error:  # noqa: BLE001 - whatever hostile bytes make the renderer raise
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return {"no_space": True}
        return {"refused": "damaged_pdf", "detail": traceback.format_exc()[-4000:]}
    return {"pages": count, "size": drawn.size, "dominant": decode.dominant_colour(thumb)}


if __name__ == "__main__":
    decode.serve(answer)
