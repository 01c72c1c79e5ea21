"""A way out that goes nowhere: it answers from a script and remembers what was asked."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from humasflow.channels.adapters.http import HttpAnswer


@dataclass(frozen=True)
class Asked:
    """One request as it was made, its body read to the end."""

    method: str
    url: str
    headers: dict[str, str]
    content: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.content.decode(), keep_blank_values=True))

    @property
    def json(self) -> Any:
        return json.loads(self.content)


@dataclass
class Script:
    """Answers the requests in order; an exception in the script is raised instead. More requests than lines fail."""

    lines: list[HttpAnswer | Exception] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def __call__(self, method, url, *, headers=None, content=None, timeout=None, max_bytes=2_000_000):
        body = content if isinstance(content, bytes) else b"".join(content or ())
        self.asked.append(Asked(method, url, dict(headers or {}), body))
        assert self.lines, f"not in the script: {method} {url}"
        line = self.lines.pop(0)
        if isinstance(line, Exception):
            raise line
        return line

    @property
    def last(self) -> Asked:
        return self.asked[-1]


def answer(body: Any = None, status: int = 200, **headers: str) -> HttpAnswer:
    """An answer with a JSON body; text and bytes as they are. Header names with ``_`` for ``-``."""
    raw = (
        body
        if isinstance(body, bytes)
        else body.encode()
        if isinstance(body, str)
        else json.dumps(body).encode()
    )
    return HttpAnswer(status, {name.replace("_", "-").lower(): value for name, value in headers.items()}, raw)


def script(*lines: HttpAnswer | Exception) -> Script:
    """A script of these answers."""
    return Script(list(lines))


class StoredFiles:
    """Files that are what they are called: pictures are one small JPEG, videos the bytes given."""

    def __init__(self, video: bytes = b"") -> None:
        self.video, self.wished = video, []

    def picture(self, item, *, max_bytes=None, max_side=None):
        self.wished.append((item.asset_id, max_bytes, max_side))
        return b"\xff\xd8picture", "image/jpeg"

    def part(self, item, start, size):
        return self.video[start : start + size]
