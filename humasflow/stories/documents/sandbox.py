"""Starts the process that reads a Word file, whatever becomes of it."""

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_PROGRAM = Path(__file__).resolve().with_name("convert.py")
_START_SECONDS = 15
_KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH", "SYSTEMROOT")
MEBIBYTE = 1024 * 1024


class SandboxBroken(RuntimeError):
    """The reading process does not even start: the installation is at fault, not the file."""


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """What a Word file may be, and what reading it may cost."""

    max_bytes: int = 20 * MEBIBYTE
    max_parts: int = 3000
    max_unpacked_bytes: int = 120 * MEBIBYTE
    max_part_bytes: int = 12 * MEBIBYTE
    """The text of a novel is about 3 MB of XML, which takes some twenty times as much memory to read."""

    max_pictures: int = 60
    max_picture_bytes: int = 20 * MEBIBYTE
    address_space_bytes: int = 700 * MEBIBYTE
    memory_bytes: int = 280 * MEBIBYTE
    cpu_seconds: int = 25
    wall_seconds: int = 40


def run(source: str, folder: Path, limits: DocumentLimits) -> dict[str, Any] | None:
    """The program's answer for the file ``source`` in ``folder``; None when the file brought the process down.

    Raises :class:`SandboxBroken`.
    """
    request = {"folder": str(folder.resolve()), "source": source, "budget": asdict(limits)}
    complaints = folder / "stderr"
    with complaints.open("wb") as stderr:
        # -I and -S: no environment variables, user packages or .pth files take part in the start.
        process = subprocess.Popen(  # noqa: S603 - fixed program and arguments; file content goes by file only
            [sys.executable, "-I", "-S", "-B", str(_PROGRAM), _packages()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            cwd=folder,
            env={name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ},
        )
        try:
            # The process ends itself; this is for systems without such alarms.
            output, _unused = process.communicate(
                json.dumps(request).encode(), timeout=_START_SECONDS + limits.wall_seconds
            )
        except subprocess.TimeoutExpired:
            process.kill()
            output, _unused = process.communicate()
        except BaseException:
            process.kill()
            process.wait()
            raise
    lines = output.splitlines()
    if not lines or b"ready" not in lines[0]:
        raise SandboxBroken(complaints.read_text(errors="replace")[-2000:])
    try:
        found = json.loads(lines[1])
    except (IndexError, ValueError):
        return None
    return found if isinstance(found, dict) else None


@cache
def _packages() -> str:
    """The folder that the reader of Word files is installed in, wherever this process found it."""
    spec = find_spec("mammoth")
    if spec is None or spec.origin is None:
        raise SandboxBroken("mammoth is not installed")
    return str(Path(spec.origin).parents[1])
