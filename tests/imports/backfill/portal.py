"""A portal on 127.0.0.1 that answers like WordPress, or with whatever a test puts at a path."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, Mapping[str, str], bytes]


@dataclass
class Portal:
    """``answers`` by path go before WordPress; a callable gets the query. ``asked``: every request, in order."""

    port: int = 0
    posts: list[dict[str, Any]] = field(default_factory=list)
    others: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    answers: dict[str, Answer | Callable[[dict[str, list[str]]], Answer]] = field(default_factory=dict)
    failures: list[Answer] = field(default_factory=list)  # given first, in order, to requests for posts
    asked: list[str] = field(default_factory=list)
    slow: float = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def add(self, number: int, **more: Any) -> dict[str, Any]:
        """A post as the REST API shows it to everybody."""
        post = {
            "id": number, "type": "post", "link": f"{self.url}/2026/01/berita-{number}/",
            "guid": {"rendered": f"{self.url}/?p={number}"}, "date": "2026-01-05T08:30:00",
            "date_gmt": "2026-01-05T00:30:00", "title": {"rendered": f"Lelang ke-{number} &#8211; berjalan tertib"},
            "excerpt": {"rendered": "<p>Peserta dari <b>30</b> satuan kerja.</p>\n"}, "category": "Berita", "picture": "",
        } | more  # fmt: skip
        category, picture = post.pop("category"), post.pop("picture")
        post["_embedded"] = {
            "wp:term": [
                [{"taxonomy": "category", "name": category}],
                [{"taxonomy": "post_tag", "name": "lelang"}],
            ]
        }
        if picture:
            post["_embedded"]["wp:featuredmedia"] = [{"source_url": picture}]
        self.posts.append(post)
        return post

    def answer(self, path: str, query: dict[str, list[str]]) -> Answer:
        special = self.answers.get(path)
        if special is not None:
            return special(query) if callable(special) else special
        if path == "/wp-json/":
            return _json({
                "name": "Kantor Uji", "timezone_string": "Asia/Makassar", "gmt_offset": 8,
                "namespaces": ["oembed/1.0", "wp/v2"],
            })  # fmt: skip
        if path == "/wp-json/wp/v2/types":
            kinds = {"post": "posts", "page": "pages", "attachment": "media", "wp_block": "blocks"}
            kinds |= {base: base for base in self.others}
            return _json(
                {slug: {"name": slug.capitalize(), "rest_base": base} for slug, base in kinds.items()}
            )
        base = path.removeprefix("/wp-json/wp/v2/")
        if base == "posts" or base in self.others:
            return self._page(self.posts if base == "posts" else self.others[base], query)
        return 404, {}, b"tidak ada"

    def _page(self, posts: list[dict[str, Any]], query: dict[str, list[str]]) -> Answer:
        if self.failures:
            return self.failures.pop(0)
        page, count = int(query["page"][0]), int(query["per_page"][0])
        pages = -(-len(posts) // count)
        if page > max(pages, 1):
            return 400, {}, b'{"code": "rest_post_invalid_page_number"}'
        status, headers, body = _json(posts[(page - 1) * count : page * count])
        return status, {**headers, "X-WP-Total": str(len(posts)), "X-WP-TotalPages": str(pages)}, body


def _json(value: Any) -> Answer:
    return 200, {"Content-Type": "application/json; charset=UTF-8"}, json.dumps(value).encode()


@contextmanager
def portal_running() -> Iterator[Portal]:
    portal = Portal()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            portal.asked.append(self.path)
            time.sleep(portal.slow)
            parts = urlsplit(self.path)
            status, headers, body = portal.answer(parts.path, parse_qs(parts.query))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    portal.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()
