"""Static files: an address that changes with the content, cached for a year; served by WhiteNoise, without nginx.

Scripts import each other by relative addresses, which carry no version. So they live below a folder that is named after
all of them together: whoever got one gets the others of the same release, and none is asked for twice.
"""

import hashlib
import re
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask, has_request_context, request, url_for
from whitenoise import WhiteNoise

from humasflow.core.ahead import MEDIA_TYPE, RULES
from humasflow.core.compression import with_compressed_copies
from humasflow.core.headers import CSP


def init_static_files(app: Flask) -> None:
    """Serve ``static/`` in front of the application and version each address by content."""
    root = Path(app.static_folder or "")
    versions: dict[str, str] = {}
    addresses: dict[tuple[str, str], str] = {}

    release = _release_of(root / "js")
    # Not behind WhiteNoise (tests): the same files below the same address.
    app.add_url_rule(
        f"{app.static_url_path}/{release}/<path:filename>", endpoint="static",
        view_func=app.view_functions["static"],
    )  # fmt: skip

    def static_url(filename: str) -> str:
        """The address of a static file with its content's version. Pages ask for it with every icon, so it is made once
        for each place that the application is mounted at.
        """
        mounted = (request.script_root, filename) if has_request_context() else None
        known = addresses.get(mounted) if mounted else None
        if known is not None:
            return known
        if filename.startswith("js/"):
            address = url_for("static", filename=f"{release}/{filename}")
        else:
            if filename not in versions:
                versions[filename] = hashlib.sha256((root / filename).read_bytes()).hexdigest()[:10]
            address = url_for("static", filename=filename, v=versions[filename])
        if mounted:
            addresses[mounted] = address
        return address

    imports = {path.name: _imports_of(path) for path in (root / "js").glob("*.js")}

    def module_urls(*names: str) -> list[str]:
        """Addresses of these scripts and of all that they import, each once: named in a page's head, they are fetched
        at once instead of one after the other.
        """
        found: dict[str, None] = {}
        wanted = list(names)
        while wanted:
            name = wanted.pop(0)
            if name not in found:
                found[name] = None
                wanted += imports[name]
        return [static_url(f"js/{name}") for name in found]

    app.jinja_env.globals["static_url"] = static_url
    app.jinja_env.globals["module_urls"] = module_urls

    def immutable(_path: str, url: str) -> bool:
        return "/vendor/" in url or "/fonts/" in url or f"/{release}/" in url or url.endswith(RULES)

    def add_headers(headers: Headers, _path: str, _url: str) -> None:
        """WhiteNoise answers before the application: what protects pages is said here again."""
        headers["Content-Security-Policy"] = CSP
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"

    if not app.config.get("TESTING"):
        files = with_compressed_copies(root, Path(app.config["DATA_DIR"]) / "static", _version_of(root))
        served = WhiteNoise(
            app.wsgi_app,
            root=str(files),
            prefix="static/",
            max_age=3600,
            immutable_file_test=immutable,
            add_headers_function=add_headers,
            mimetypes={RULES: MEDIA_TYPE},
        )
        served.add_files(str(files), prefix=f"static/{release}/")  # type: ignore[no-untyped-call]
        app.wsgi_app = served  # type: ignore[method-assign]


def _imports_of(script: Path) -> list[str]:
    return re.findall(r'^(?:import|export)\b[^"\n]*"\./([\w-]+\.js)"', script.read_text(), re.MULTILINE)


def _release_of(scripts: Path) -> str:
    return _digest(scripts, "*.js")


def _version_of(root: Path) -> str:
    return _digest(root, "*")


def _digest(folder: Path, pattern: str) -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob(pattern) if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:10]
