"""Answers travel compressed: pages with gzip as they are made, static files as copies that are made once a release.

A page holds a secret (the form token) beside words of a request. Whoever measures lengths could guess at it (BREACH),
so each answer gets a random number of bytes in the header of its gzip, where a file's name would stand ("Heal the
Breach", https://ieeexplore.ieee.org/document/9754554; Django's GZipMiddleware does it the same way).
"""

import gzip
import io
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import Final

from flask import Flask, Response, request
from whitenoise.compress import Compressor

SMALLEST: Final = 700  # bytes; below that there is nothing to win
MOST_PADDING: Final = 100  # bytes
LEVEL: Final = 5  # a page of 100 kB takes 2 ms
TYPES: Final = frozenset({
    "text/html", "text/plain", "text/css", "text/csv", "text/calendar", "text/javascript", "application/json",
    "application/xml", "application/atom+xml", "application/feed+json", "application/manifest+json", "image/svg+xml",
})  # fmt: skip


def _compress(response: Response) -> Response:
    response.vary.add("Accept-Encoding")
    if (
        response.direct_passthrough
        or response.is_streamed
        or response.mimetype not in TYPES
        or "Content-Encoding" in response.headers
        or not request.accept_encodings["gzip"]
        or (response.content_length or 0) < SMALLEST
    ):
        return response
    target = io.BytesIO()
    padding = "a" * secrets.randbelow(MOST_PADDING)
    with gzip.GzipFile(filename=padding, mode="wb", compresslevel=LEVEL, fileobj=target, mtime=0) as packed:
        packed.write(response.get_data())
    response.set_data(target.getvalue())
    response.headers["Content-Encoding"] = "gzip"
    etag, _is_weak = response.get_etag()
    if etag is not None:
        response.set_etag(etag, weak=True)  # the same page, not the same bytes
    return response


def init_compression(app: Flask) -> None:
    """Attach to the application, before whatever else looks at answers: this comes after all of it."""
    app.after_request(_compress)


def with_compressed_copies(root: Path, cache: Path, version: str) -> Path:
    """A folder below ``cache`` that holds the files of ``root`` and, where it is worth it, their compressed copies. It
    is made once a version, whole or not at all, however many processes begin at the same time; those of other versions
    go after a day. Returns ``root`` itself where nothing can be written, or the data folder is not there yet.
    """
    made = cache / version
    if made.is_dir():
        return made
    if not cache.parent.is_dir():
        return root
    try:
        cache.mkdir(exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=".part-", dir=cache))
        shutil.copytree(root, part, dirs_exist_ok=True)
        compressor = Compressor(quiet=True, use_brotli=False)  # type: ignore[no-untyped-call]
        for path in [p for p in part.rglob("*") if p.is_file()]:
            if compressor.should_compress(path.name):  # type: ignore[no-untyped-call]
                compressor.compress(str(path))  # type: ignore[no-untyped-call]
        part.chmod(0o755)
        try:
            part.rename(made)
        except OSError:  # another process was faster
            shutil.rmtree(part, ignore_errors=True)
    except OSError:
        return root
    for old in cache.iterdir():
        # A process of the release before may still serve from its folder: its names are only let go of a day later.
        if old != made and old.stat().st_mtime < made.stat().st_mtime - 86_400:
            shutil.rmtree(old, ignore_errors=True)
    return made if made.is_dir() else root
