"""Incoming files to processed pictures: receive, identify, decode elsewhere, collect."""

import hashlib
import io
import logging
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from humasflow.media.processing import checking, sandbox, sniff
from humasflow.media.processing.errors import MediaRejected, RejectionCode
from humasflow.media.processing.limits import ImageLimits
from humasflow.media.processing.results import Incoming, ProcessedImage, Rendition
from humasflow.media.storage import StorageFull, full_disk_reported

logger = logging.getLogger(__name__)

_CHUNK = 256 * 1024
_FORMATS = {
    "original": (".jpg", "image/jpeg"),
    "medium": (".webp", "image/webp"),
    "thumb": (".webp", "image/webp"),
}


def process_image(
    data: bytes | Path | BinaryIO, filename: str, *, limits: ImageLimits | None = None
) -> ProcessedImage:
    """Turn one incoming file into a safe picture in three sizes.

    ``data`` is the content, a path, or a binary stream, which is read from where it stands. Raises
    :class:`MediaRejected` with a sentence for the sender, :class:`StorageFull` when the disk for temporary files is
    full, ``OSError`` when ``data`` cannot be read. Nothing is stored; temporary files are gone on return.
    """
    (result,) = process_many([Incoming(data, filename)], limits=limits)
    if isinstance(result, MediaRejected):
        raise result
    return result


def process_many(
    items: Sequence[Incoming], *, limits: ImageLimits | None = None
) -> list[ProcessedImage | MediaRejected]:
    """Several files in one decoding process; one outcome per item, in the same order.

    A refused file does not touch the others, even if decoding it brings the process down. Otherwise as
    :func:`process_image`, except that rejections are returned.
    """
    bounds = limits or ImageLimits()
    with full_disk_reported(), tempfile.TemporaryDirectory(prefix="humasflow-media-") as name:
        folder = Path(name)
        received = [_receive(item, f"{number}", folder, bounds) for number, item in enumerate(items)]
        jobs = [entry.job for entry in received if isinstance(entry, _Received)]
        answers = _decode(jobs, folder, bounds)
        return [
            entry
            if isinstance(entry, MediaRejected)
            else _collect(entry, answers.get(entry.job.name), folder)
            for entry in received
        ]


@dataclass(frozen=True, slots=True)
class _Received:
    filename: str
    size: int
    sha256: str
    job: sandbox.Job


def _receive(item: Incoming, name: str, folder: Path, limits: ImageLimits) -> _Received | MediaRejected:
    """Copy the file next to where it will be decoded: hashed once, never whole in memory, and nobody can swap it."""
    if isinstance(item.data, Path):
        with item.data.open("rb") as stream:
            return _receive(Incoming(stream, item.filename), name, folder, limits)
    source = io.BytesIO(item.data) if isinstance(item.data, bytes) else item.data
    job_file = f"{name}.upload"
    digest = hashlib.sha256()
    size = 0
    kind: str | RejectionCode = RejectionCode.EMPTY
    with (folder / job_file).open("wb") as copy:
        head = b""
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > limits.max_bytes:
                kind = RejectionCode.TOO_LARGE
                break
            if len(head) < sniff.HEAD_BYTES:
                head += chunk[: sniff.HEAD_BYTES - len(head)]
            digest.update(chunk)
            copy.write(chunk)
        else:
            kind = sniff.identify(head)
    if isinstance(kind, RejectionCode):
        (folder / job_file).unlink()
        facts = {"max": limits.max_megabytes} if kind is RejectionCode.TOO_LARGE else None
        return MediaRejected(kind, filename=item.filename, facts=facts)
    return _Received(item.filename, size, digest.hexdigest(), sandbox.Job(name, job_file, kind))


def _decode(jobs: Sequence[sandbox.Job], folder: Path, limits: ImageLimits) -> dict[str, dict[str, Any]]:
    """Answers by job name. The first job without one brought the process down: it gets a process of its own, once."""
    answers: dict[str, dict[str, Any]] = {}
    waiting = list(jobs)
    while waiting:
        answers |= sandbox.run(waiting, folder, limits)
        waiting = [job for job in waiting if job.name not in answers]
        if waiting:
            suspect = waiting.pop(0)
            # It may only have suffered from what the jobs before it left in memory.
            answers |= sandbox.run([suspect], folder, limits)
            answers.setdefault(
                suspect.name, {"refused": RejectionCode.TOO_COMPLEX, "detail": "process ended"}
            )
    return answers


def _collect(entry: _Received, answer: dict[str, Any] | None, folder: Path) -> ProcessedImage | MediaRejected:
    if answer is None:
        raise sandbox.SandboxBroken(f"no answer for {entry.job.name}")
    if answer.get("no_space"):
        raise StorageFull
    if "refused" in answer:
        code, detail = RejectionCode(answer["refused"]), str(answer.get("detail", ""))
        level = logging.ERROR if code is RejectionCode.FAILED else logging.INFO
        logger.log(
            level, "picture refused: %s (%s, sha256 %s) %s", code, entry.job.kind, entry.sha256, detail
        )
        return MediaRejected(code, filename=entry.filename, facts=answer.get("facts"), detail=detail)
    renditions = {}
    for name, (suffix, mime_type) in _FORMATS.items():
        width, height = answer["sizes"][name]
        data = (folder / f"{entry.job.name}.{name}").read_bytes()
        renditions[name] = Rendition(data, width, height, suffix, mime_type)
    return ProcessedImage(
        filename=entry.filename,
        source_format=entry.job.kind.lower(),
        source_bytes=entry.size,
        source_sha256=entry.sha256,
        dominant_colour=answer["dominant"],
        look=checking.look(answer.get("look")),
        private=checking.facts(answer.get("private")),
        **renditions,
    )
