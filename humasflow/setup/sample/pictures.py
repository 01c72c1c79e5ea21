"""Pictures of the sample office, drawn by code."""

from collections.abc import Callable
from random import Random

from humasflow.setup.sample.art.auction import draw_auction
from humasflow.setup.sample.art.canvas import Canvas
from humasflow.setup.sample.art.documents import draw_documents
from humasflow.setup.sample.art.handshake import draw_handshake
from humasflow.setup.sample.art.infographic import draw_infographic
from humasflow.setup.sample.art.ledger import draw_ledger
from humasflow.setup.sample.art.office import draw_office
from humasflow.setup.sample.art.palette import PALETTES, Palette
from humasflow.setup.sample.art.parcels import draw_parcels
from humasflow.setup.sample.art.valuation import draw_valuation
from humasflow.setup.sample.kinds import PictureKind

DEFAULT_SIZE = (1600, 1067)

_SCENES: dict[PictureKind, Callable[[Canvas, Palette, Random], None]] = {
    PictureKind.AUCTION: draw_auction,
    PictureKind.OFFICE: draw_office,
    PictureKind.PARCELS: draw_parcels,
    PictureKind.DOCUMENTS: draw_documents,
    PictureKind.HANDSHAKE: draw_handshake,
    PictureKind.LEDGER: draw_ledger,
    PictureKind.INFOGRAPHIC: draw_infographic,
    PictureKind.VALUATION: draw_valuation,
}


def draw_picture(kind: str, seed: int, size: tuple[int, int] = DEFAULT_SIZE) -> bytes:
    """A JPEG of a scene, ``size`` in pixels. The seed chooses the palette (seed modulo 4) and the details.

    Raises ValueError for a kind that is no PictureKind.
    """
    scene = _SCENES[PictureKind(kind)]
    palette = PALETTES[seed % len(PALETTES)]
    canvas = Canvas(size, palette.sky, palette.haze)
    scene(canvas, palette, Random(seed))
    return canvas.jpeg()
