"""Turns one HTML file into one tagged PDF. A script of its own, with limits on memory and time.

It imports nothing of the product and reads nothing but what it was told of: arguments are the HTML, the PDF to write,
and a JSON file of names and paths. An address in the page is one of those names (``humasflow:name``); every other one,
on the network or on the disk, is refused.
"""

import gc
import json
import logging
import resource
import sys
from pathlib import Path

MEMORY = 3 * 1024 * 1024 * 1024  # bytes of address space
SECONDS = 300  # of processor time
NO_LIBRARY = 3  # the exit that says so
SCHEME = "humasflow:"
TYPES = {
    ".ttf": "font/ttf",
    ".css": "text/css",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
}


def main(page: str, out: str, names: str) -> int:
    """Render. Returns the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    gc.disable()  # one document, then the end: looking for garbage takes a third of the time
    try:
        from weasyprint import HTML  # type: ignore[import-untyped]  # noqa: PLC0415 - told, not raised
        from weasyprint.urls import URLFetcher, URLFetcherResponse  # type: ignore[import-untyped]  # noqa: PLC0415
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return NO_LIBRARY
    logging.getLogger("weasyprint").addHandler(logging.StreamHandler(sys.stderr))
    files: dict[str, str] = json.loads(Path(names).read_text())

    class Named(URLFetcher):  # type: ignore[misc]
        """Only what was handed over."""

        def fetch(self, url: str, headers: object = None) -> object:
            path = files.get(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else None
            if path is None:
                raise ValueError("not one of the handed files")
            found = Path(path)
            kind = TYPES.get(found.suffix, "application/octet-stream")
            return URLFetcherResponse(url, found.read_bytes(), {"Content-Type": kind})

    document = HTML(string=Path(page).read_text(), base_url=SCHEME, url_fetcher=Named())
    document.write_pdf(out, pdf_variant="pdf/ua-1")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
