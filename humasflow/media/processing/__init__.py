"""From a file that somebody sent to pictures that are safe to store and show.

Nothing here knows the database or the request: bytes in, :class:`ProcessedImage` or :class:`MediaRejected` out. What
kind of file it is, its bytes decide, never its name. The hostile part, decoding, runs in a short-lived process with
hard limits (``sandbox`` starts it, ``decode`` is what it runs); what is stored is always newly encoded from pixels,
so no metadata, script or appended file survives.
"""

from humasflow.media.processing.errors import MediaRejected, RejectionCode
from humasflow.media.processing.limits import ImageLimits
from humasflow.media.processing.pipeline import process_image, process_many
from humasflow.media.processing.results import Incoming, PrivateFacts, ProcessedImage, Rendition

__all__ = [
    "ImageLimits",
    "Incoming",
    "MediaRejected",
    "PrivateFacts",
    "ProcessedImage",
    "RejectionCode",
    "Rendition",
    "process_image",
    "process_many",
]
