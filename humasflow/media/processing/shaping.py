"""Cutting a stored picture to a shape."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from humasflow.media.processing import sandbox
from humasflow.media.processing.limits import ImageLimits
from humasflow.media.storage import StorageFull, full_disk_reported

_PROGRAM = Path(__file__).with_name("crop.py")


@dataclass(frozen=True)
class Cut:
    """What to cut: the target's sides in pixels (never enlarged to), the focal point in per mille, jpg or webp.

    ``quality`` in per cent as the format understands it; 0: the usual one.
    """

    width: int
    height: int
    focal_x: int
    focal_y: int
    suffix: str
    quality: int = 0


def cut_picture(source: Path, cuts: list[Cut]) -> list[bytes]:
    """The cuts of one picture, in order, made by one confined process. Raises :class:`StorageFull`."""
    with full_disk_reported(), tempfile.TemporaryDirectory(prefix="humasflow-media-") as name:
        folder = Path(name)
        jobs = [
            sandbox.Job(
                f"{number}", str(source.resolve()), cut.suffix,
                {
                    "width": cut.width, "height": cut.height, "focal_x": cut.focal_x, "focal_y": cut.focal_y,
                    "quality": cut.quality,
                },
            )
            for number, cut in enumerate(cuts)
        ]  # fmt: skip
        answers = sandbox.run(jobs, folder, ImageLimits(), program=_PROGRAM)
        for job in jobs:
            answer = answers.get(job.name, {"refused": "ended", "detail": "process ended"})
            if answer.get("no_space"):
                raise StorageFull
            if "refused" in answer:
                raise sandbox.SandboxBroken(f"a stored picture could not be cut: {answer.get('detail')}")
        return [(folder / f"{job.name}.crop").read_bytes() for job in jobs]
