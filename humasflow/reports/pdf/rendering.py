"""Calls the process that turns HTML into PDF, and says why a machine cannot."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from ctypes.util import find_library
from pathlib import Path
from time import monotonic
from typing import Final

import structlog
from flask_babel import gettext as _

from humasflow.core.errors import UserError
from humasflow.media.storage import full_disk_reported

log = structlog.get_logger(__name__)

_CHILD: Final = Path(__file__).with_name("child.py")
_FONTS: Final = Path(__file__).with_name("fonts")
_NEEDED: Final = ("gobject-2.0", "pango-1.0", "harfbuzz", "fontconfig", "pangoft2-1.0")
PACKAGES: Final = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
SECONDS: Final = 600  # of the clock; the child has a limit of its own on processor time
_NO_LIBRARY: Final = 3
_LOOK_EVERY: Final = 1.0

_have: set[str] = set()  # what was found once stays


class CannotRender(UserError):
    """No PDF can be made on this machine, or not of this page; the message says what to do."""


def missing() -> str:
    """What has to be installed before PDFs can be made here, in a sentence; empty when nothing."""
    for name in _NEEDED:
        if name not in _have and find_library(name):
            _have.add(name)
    if _have.issuperset(_NEEDED):
        return ""
    return _(
        "PDF belum dapat dibuat di server ini: pustaka Pango belum terpasang. Pengelola server dapat memasangnya "
        "dengan: apt-get install %(packages)s",
        packages=PACKAGES,
    )


def font_names() -> dict[str, Path]:
    """The fonts that a page may name, and no other."""
    return {f"font/{path.name}": path for path in sorted(_FONTS.glob("*.ttf"))}


def render_pdf(
    html: str,
    out: Path,
    *,
    files: Mapping[str, Path] | None = None,
    waiting: Callable[[], None] | None = None,
) -> None:
    """Write the PDF of a page at ``out``. ``files``: what the page may show, by the name after ``humasflow:``.
    ``waiting`` is called every second; what it raises ends the rendering.

    No transaction should be open: a long report takes ten seconds or more. Raises CannotRender, StorageFull.
    """
    why = missing()
    if why:
        raise CannotRender(why)
    with tempfile.TemporaryDirectory(prefix="humasflow-pdf-") as folder, full_disk_reported():
        page, names = Path(folder, "page.html"), Path(folder, "names.json")
        page.write_text(html)
        paths = {name: str(path) for name, path in {**font_names(), **(files or {})}.items()}
        names.write_text(json.dumps(paths))
        command = [sys.executable, "-I", str(_CHILD), str(page), str(out), str(names)]
        with Path(folder, "errors").open("w+") as errors:
            code = _run(command, errors.fileno(), folder, waiting)
            errors.seek(0)
            said = errors.read(4000)
        if code or not out.is_file():
            log.error("rendering a PDF failed", code=code, said=said)
            raise CannotRender(_why(code))


def _run(command: list[str], errors: int, folder: str, waiting: Callable[[], None] | None) -> int:
    started = monotonic()
    child = subprocess.Popen(  # noqa: S603 - our own script, no word of it from outside
        command, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, env=_environment(folder), cwd=folder
    )
    try:
        while True:
            try:
                return child.wait(timeout=_LOOK_EVERY)
            except subprocess.TimeoutExpired:
                if monotonic() - started > SECONDS:
                    return -1
                if waiting is not None:
                    waiting()
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()


def _environment(folder: str) -> dict[str, str]:
    """Nothing of ours: keys and addresses stay here."""
    kept = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "FONTCONFIG_PATH")
    found = {name: os.environ[name] for name in kept if name in os.environ}
    cache = os.environ.get("XDG_CACHE_HOME") or (
        str(Path.home() / ".cache") if "HOME" in os.environ else folder
    )
    return {**found, "HOME": folder, "XDG_CACHE_HOME": cache}


def _why(code: int) -> str:
    if code == _NO_LIBRARY:
        return missing() or _("PDF belum dapat dibuat di server ini: pustaka Pango tidak dapat dimuat.")
    return _("PDF ini terlalu besar atau tidak dapat disusun. Coba periode yang lebih pendek.")
