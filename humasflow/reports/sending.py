"""A finished document on its way to a browser. Who may have it is for the caller to say."""

from io import BytesIO
from pathlib import Path

from flask import Response, current_app, send_file

from humasflow.core.errors import NotFound
from humasflow.media.sending import safe
from humasflow.reports import storage
from humasflow.reports.models import ReportFile

NEVER = "private, no-store"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def send_report(file: ReportFile) -> Response:
    """A file of a run, to be saved and never kept by anybody between. Raises NotFound when the disk has lost it."""
    path = storage.path_of(file)
    if not path.is_file():
        current_app.logger.error("report file is missing", extra={"file": file.id})
        raise NotFound
    # Two gigabytes over a weak network arrive in pieces: a download that broke off goes on where it stopped.
    response = send_file(
        path,
        mimetype=file.media_type,
        as_attachment=True,
        download_name=file.name,
        conditional=True,
        etag=file.sha256,
    )
    return safe(response, NEVER, foreign=True)


def send_document(source: Path | bytes, name: str, media_type: str) -> Response:
    """A document under a name (RFC 6266), to be saved: nothing is sniffed, and nobody between keeps it."""
    content = BytesIO(source) if isinstance(source, bytes) else source
    response = send_file(
        content, mimetype=media_type, as_attachment=True, download_name=name, conditional=False, etag=False
    )
    return safe(response, NEVER, foreign=True)
