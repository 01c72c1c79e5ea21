"""Starting other people's programs for tests: where they are kept, on which port, until when.

    with Program("mastodon", [str(venv / "bin/mastodon_mock"), "serve", "--port", str(port)]) as program:
        program.wait_for_port(port)

What is installed stays in a cache folder (``HUMASFLOW_SERVERS``, otherwise ``humasflow-servers`` in the user's cache)
and is used again; what a server writes while tests run is thrown away at its next start.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self


class Missing(RuntimeError):
    """Something that the tests need is not on this computer; the message says what and how to get it."""


class DidNotStart(RuntimeError):
    """A program ended, or gave no sign of life in time; the message ends with what it wrote."""


def cache_folder(name: str) -> Path:
    """The folder of one server; made when it is not there."""
    chosen = os.environ.get("HUMASFLOW_SERVERS")
    base = (
        Path(chosen)
        if chosen
        else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "humasflow-servers"
    )
    folder = base / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def alone(folder: Path, *, seconds: float = 900) -> Iterator[None]:
    """Nobody else uses the folder meanwhile, whichever process they are. Raises Missing after ``seconds``."""
    deadline = time.monotonic() + seconds
    with (folder / "lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Missing(f"{folder} is used by another run of the tests") from None
                time.sleep(0.5)
            else:
                break
        yield


def free_port() -> int:
    """A port of the loopback interface on which nobody listens just now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def find_program(*names: str, package: str) -> str:
    """The first of these programs on this computer. Raises Missing, naming Debian's package."""
    for name in names:
        found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
        if found:
            return found
    raise Missing(f"{names[0]} is not installed (Debian: {package}). `make test-channels` installs it.")


def run(
    argv: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    seconds: float = 900,
) -> str:
    """Run a program to its end; what it printed. Raises DidNotStart with the end of what it wrote."""
    done = subprocess.run(
        argv, cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, text=True, timeout=seconds, check=False
    )  # fmt: skip
    if done.returncode:
        raise DidNotStart(f"{argv[0]} ended with {done.returncode}:\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


def ensure_venv(name: str, *requirements: str, at_least: tuple[int, int] = (3, 11)) -> Path:
    """A virtual environment of its own with these packages, made once for each list of them. Its folder.

    For programs that must not share the product's libraries, or need a newer Python than it: ``at_least``.
    """
    python = find_python(at_least)
    told = "\n".join([python, *requirements])
    folder = cache_folder("venvs") / f"{name}-{hashlib.sha256(told.encode()).hexdigest()[:10]}"
    with alone(cache_folder("venvs")):
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            run([python, "-m", "venv", str(folder)])
            pip = [
                str(folder / "bin/python"),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ]
            run([*pip, *requirements])
            (folder / "complete").write_text(told)
    return folder


def find_python(at_least: tuple[int, int]) -> str:
    """A Python that is new enough. Raises Missing."""
    named = [f"python3.{minor}" for minor in range(at_least[1], at_least[1] + 6)]
    kept = sorted(Path.home().glob(".pyenv/versions/3.*/bin/python3"))
    for candidate in [sys.executable, *named, "python3", *map(str, kept)]:
        path = shutil.which(candidate)
        if path and _is_new_enough(path, at_least):
            return path
    raise Missing(f"Python {at_least[0]}.{at_least[1]} or newer is not installed.")


def _is_new_enough(path: str, at_least: tuple[int, int]) -> bool:
    question = f"import sys, venv, ensurepip; sys.exit(sys.version_info < {at_least})"
    return subprocess.run([path, "-c", question], capture_output=True, check=False).returncode == 0


class Program:
    """A program that runs as long as the ``with`` around it, with all that it starts itself."""

    def __init__(
        self, name: str, argv: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> None:
        self.name, self._argv, self._cwd, self._env = name, list(argv), cwd, {**os.environ, **(env or {})}
        self.log = cache_folder("logs") / f"{name}-{os.getpid()}.log"
        self._note = self.log.with_suffix(".pid")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        _end_orphans(self.name)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                self._argv, cwd=self._cwd, env=self._env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,  # some servers leave workers behind: the whole group is stopped
            )  # fmt: skip
        self._note.write_text(f"{self._process.pid} {self._argv[0]}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End it: kindly, then for good."""
        process, self._process = self._process, None
        self._note.unlink(missing_ok=True)
        if process is None:
            return
        for sign, seconds in ((signal.SIGTERM, 15), (signal.SIGKILL, 5)):
            try:
                os.killpg(process.pid, sign)
                process.wait(seconds)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        process.wait()
        try:
            os.killpg(process.pid, signal.SIGKILL)  # workers that outlived their parent
        except ProcessLookupError:
            return

    def said(self) -> str:
        """The end of what it wrote."""
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""

    def wait_for_port(self, port: int, *, seconds: float = 60) -> None:
        """Until somebody listens there. Raises DidNotStart."""
        self.wait_until(lambda: _listens(port), seconds=seconds)

    def wait_until(self, is_ready: Callable[[], bool], *, seconds: float = 60) -> None:
        """Until it is ready. Raises DidNotStart."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            ended = self._process is None or self._process.poll() is not None
            if ended or time.monotonic() > deadline:
                raise DidNotStart(f"{self.name} did not start:\n{self.said()}")
            time.sleep(0.1)


def _end_orphans(name: str) -> None:
    """What a run of the tests that was killed left behind: it holds files that the next one needs."""
    for note in cache_folder("logs").glob(f"{name}-*.pid"):
        owner = note.stem.rpartition("-")[2]
        if Path(f"/proc/{owner}").exists():
            continue
        pid, _, program = note.read_text().partition(" ")
        command = Path(f"/proc/{pid}/cmdline")
        if pid and command.exists() and command.read_bytes().split(b"\0")[0] == program.encode():
            with suppress(ProcessLookupError):
                os.killpg(int(pid), signal.SIGTERM)
            deadline = time.monotonic() + 15
            while command.exists() and time.monotonic() < deadline:
                time.sleep(0.1)
        note.unlink(missing_ok=True)


def _listens(port: int) -> bool:
    with socket.socket() as door:
        door.settimeout(1)
        return door.connect_ex(("127.0.0.1", port)) == 0
