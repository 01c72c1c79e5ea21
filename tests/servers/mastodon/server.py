"""A server that speaks Mastodon's API and keeps what it is told, on the loopback interface: ``mastodon-mock``, which
nobody here wrote. It shortens: pictures are never worked on for long, and ids are not a real server's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from humasflow.channels.adapters.matching import html_key, text_key
from tests.servers.programs import Program, ensure_venv, free_port

PACKAGE = "mastodon-mock==0.6.1"
TOKEN = "mock_token"


@dataclass(frozen=True)
class Mastodon:
    """``token``: of the account that it begins with."""

    url: str
    port: int
    token: str = TOKEN

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Around the product."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.request(
            method, f"{self.url}/api/{path}", headers=headers, timeout=30, trust_env=False, **more
        )

    def statuses(self) -> list[dict[str, Any]]:
        """The account's own, newest first."""
        me = self.ask("GET", "v1/accounts/verify_credentials").json()["id"]
        found: list[dict[str, Any]] = self.ask(
            "GET", f"v1/accounts/{me}/statuses", params={"limit": 40}
        ).json()
        return found

    def saying(self, words: str) -> list[dict[str, Any]]:
        """Those that begin with these words."""
        return [s for s in self.statuses() if html_key(s["content"]).startswith(text_key(words))]

    def break_next(self, method: str, path: str, **effect: Any) -> None:
        """Let the server itself do something else with the next such request."""
        rule = {"match": {"methods": [method], "path": path}, "effect": effect, "count": 1}
        assert self.ask("POST", "v1/_mock/faults", json=rule).is_success

    def grant(self, client_id: str, redirect_uri: str, state: str) -> dict[str, str]:
        """What a person's browser brings back after they agreed."""
        chosen = {
            "username": self._name(),
            "client_id": client_id,
            "redirect_uri": redirect_uri,
            "state": state,
        }
        answer = httpx.post(f"{self.url}/oauth/authorize", data=chosen, trust_env=False, timeout=30)
        return dict(httpx.URL(answer.headers["location"]).params)

    def _name(self) -> str:
        return str(self.ask("GET", "v1/accounts/verify_credentials").json()["username"])


@contextmanager
def mastodon_running() -> Iterator[Mastodon]:
    """Installed when it is not there yet, started, and stopped at the end."""
    venv = ensure_venv("mastodon", PACKAGE)
    port = free_port()
    argv = [
        str(venv / "bin/mastodon_mock"),
        "serve",
        "--in-memory",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with Program("mastodon", argv) as program:
        program.wait_for_port(port)
        yield Mastodon(f"http://127.0.0.1:{port}", port)
