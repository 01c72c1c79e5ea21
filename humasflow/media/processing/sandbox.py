"""Starts the decoding process and reads its answers, whatever becomes of it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from humasflow.media.processing.limits import ImageLimits

# Run by path and never imported here: the web process has no use for Pillow.
_HERE = Path(__file__).resolve().parent
_PROGRAM = _HERE / "decode.py"
_START_SECONDS = 15
_KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH", "SYSTEMROOT")


class SandboxBroken(RuntimeError):
    """The decoding process does not even start: the installation is at fault, not the picture."""


@dataclass(frozen=True, slots=True)
class Job:
    """Decode ``source``, a file name in the work folder, with the decoder ``kind``, into ``<name>.<rendition>``."""

    name: str
    source: str
    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)


def run(
    jobs: Sequence[Job], folder: Path, limits: ImageLimits, *, program: Path | None = None
) -> dict[str, dict[str, Any]]:
    """Do ``jobs`` in order in one process; answers by job name. ``program`` is the decoder unless said otherwise.

    A job that brings the process down has no answer, and neither have those after it. Raises :class:`SandboxBroken`.
    """
    request = {
        "folder": str(folder.resolve()),
        "budget": asdict(limits),
        "jobs": [asdict(job) for job in jobs],
    }
    complaints = folder / "stderr"
    with complaints.open("wb") as stderr:
        # -I and -S: no environment variables, user packages or .pth files take part in the start.
        process = subprocess.Popen(  # noqa: S603 - fixed program and arguments; file content goes by file only
            [sys.executable, "-I", "-S", "-B", str(program or _PROGRAM), _pillow_home(), str(_HERE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            cwd=folder,
            env={name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ},
        )
        try:
            # The process ends itself per job; this is for systems without such alarms.
            allowed = _START_SECONDS + len(jobs) * (limits.wall_seconds + 1)
            output, _unused = process.communicate(json.dumps(request).encode(), timeout=allowed)
        except subprocess.TimeoutExpired:
            process.kill()
            output, _unused = process.communicate()
        except BaseException:
            process.kill()
            process.wait()
            raise
    answers = _read(output)
    if answers.pop("", None) is None:
        raise SandboxBroken(complaints.read_text(errors="replace")[-2000:])
    return answers


def _read(output: bytes) -> dict[str, dict[str, Any]]:
    """Answers by job name, and under ``""`` that the process was ready. A line cut off by its death is dropped."""
    answers: dict[str, dict[str, Any]] = {}
    for line in output.splitlines():
        try:
            reply = json.loads(line)
        except ValueError:
            continue
        if isinstance(reply, dict):
            answers[str(reply.get("name", ""))] = reply
    return answers


@cache
def _pillow_home() -> str:
    """The folder that Pillow is installed in, wherever this process found it."""
    spec = find_spec("PIL")
    if spec is None or spec.origin is None:
        raise SandboxBroken("Pillow is not installed")
    return str(Path(spec.origin).parents[1])
