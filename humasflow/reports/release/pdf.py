"""The press release as a PDF."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup

from humasflow.core import unit_of_work
from humasflow.core.html import rendered_body
from humasflow.reports.pdf.heading import files_of
from humasflow.reports.pdf.rendering import render_pdf
from humasflow.reports.release.gathering import Release

_FIGURE = Markup('<figure><img src="humasflow:picture/{id}" alt="{alt}">{words}</figure>')


def release_pdf(release: Release) -> bytes:
    """The file. Nothing of the database is held while it is drawn. Raises CannotRender."""
    page = page_of(release)
    files: Mapping[str, Path] = files_of(release.heading) | {
        f"picture/{p.asset_id}": p.path for p in release.pictures.values()
    }
    with TemporaryDirectory() as folder, unit_of_work.let_go():
        out = Path(folder, "release.pdf")
        render_pdf(page, out, files=files)
        return out.read_bytes()


def page_of(release: Release) -> str:
    """The HTML of it."""
    return current_app.jinja_env.get_template("reports/pdf/release.html").render(
        release=release,
        head=release.heading,
        body=rendered_body(release.body, lambda id_: _figure(release, id_), dateline=release.dateline),
        foot=f"{release.office.name}",
    )


def _figure(release: Release, asset_id: int) -> str:
    picture = release.pictures.get(asset_id)
    if picture is None:
        return ""
    words = Markup("<figcaption>{}</figcaption>").format(picture.words) if picture.words else ""
    return _FIGURE.format(id=asset_id, alt=picture.alt or _("Foto"), words=words)
