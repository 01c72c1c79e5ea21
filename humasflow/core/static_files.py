"""Static files: an address that changes with the content, cached for a year; served by WhiteNoise, without nginx."""

import hashlib
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask, has_request_context, request, url_for
from whitenoise import WhiteNoise

from humasflow.core.headers import CSP


def init_static_files(app: Flask) -> None:
    """Serve ``static/`` in front of the application and version each address by content."""
    root = Path(app.static_folder or "")
    versions: dict[str, str] = {}
    addresses: dict[tuple[str, str], str] = {}

    def static_url(filename: str) -> str:
        """The address of a static file with its content's version. Pages ask for it with every icon, so it is made once
        for each place that the application is mounted at.
        """
        mounted = (request.script_root, filename) if has_request_context() else None
        known = addresses.get(mounted) if mounted else None
        if known is not None:
            return known
        if filename not in versions:
            versions[filename] = hashlib.sha256((root / filename).read_bytes()).hexdigest()[:10]
        address = url_for("static", filename=filename, v=versions[filename])
        if mounted:
            addresses[mounted] = address
        return address

    app.jinja_env.globals["static_url"] = static_url

    def immutable(_path: str, url: str) -> bool:
        return "/vendor/" in url or "/fonts/" in url

    def add_headers(headers: Headers, _path: str, _url: str) -> None:
        """WhiteNoise answers before the application: what protects pages is said here again."""
        headers["Content-Security-Policy"] = CSP
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"

    if not app.config.get("TESTING"):
        app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
            app.wsgi_app,
            root=str(root),
            prefix="static/",
            max_age=3600,
            immutable_file_test=immutable,
            add_headers_function=add_headers,
        )
