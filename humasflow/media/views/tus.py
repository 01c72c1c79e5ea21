"""Uploads in parts: the tus protocol 1.0.0 with its extensions creation, expiration and termination.

Source: https://tus.io/protocols/resumable-upload (core protocol, Upload-Length, Upload-Metadata, Upload-Expires). A cut
connection keeps what arrived; the next request asks where to go on. A part is read from the network while the
database is free, and counts once it is committed.
"""

import base64
import binascii
from datetime import UTC
from email.utils import format_datetime
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core import unit_of_work
from humasflow.core.errors import UserError
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.media import queries, services
from humasflow.media.enums import AssetKind, UploadState
from humasflow.media.models import Asset, PendingUpload
from humasflow.media.parts import PART_BYTES
from humasflow.media.views.blueprint import blueprint

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination"
CONTENT_TYPE = "application/offset+octet-stream"
MAX_METADATA = 4096
_ENDPOINTS = {"media.tus", "media.tus_upload"}


class _Protocol(UserError):
    """The request is not what the protocol asks for. Only a program can cause this."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@blueprint.after_request
def _name_version(response: Response) -> Response:
    if request.endpoint in _ENDPOINTS:
        response.headers["Tus-Resumable"] = VERSION
        response.headers["Cache-Control"] = "no-store"
        if response.status_code == 412:
            response.headers["Tus-Version"] = VERSION
    return response


@blueprint.route("/unggahan", methods=["OPTIONS", "POST"], provide_automatic_options=False)
@requires(Permission.MEDIA_UPLOAD)
def tus() -> Any:
    """What is spoken here, and announcing a file."""
    if request.method == "OPTIONS":
        largest = max(services.max_bytes(kind) for kind in AssetKind)
        headers = {"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Max-Size": str(largest)}
        return Response(status=204, headers=headers)
    _expect_version()
    if "Upload-Defer-Length" in request.headers:
        raise _Protocol(400, "Upload-Defer-Length is not supported.")
    upload = services.open_upload(
        actor=current_user, office_id=acting_office(current_user).id,
        filename=_metadata().get("filename", ""), length=_whole_number("Upload-Length"),
    )  # fmt: skip
    headers = {"Location": url_for("media.tus_upload", upload_key=upload.key), **_expiry(upload)}
    return Response(status=201, headers=headers)


@blueprint.route(
    "/unggahan/<upload_key>", methods=["HEAD", "PATCH", "DELETE", "POST"], provide_automatic_options=False
)
@requires(Permission.MEDIA_UPLOAD)
def tus_upload(upload_key: str) -> Any:
    """Where a file stands, its next part, or taking it back. POST carries one of them through a narrow proxy."""
    _expect_version()
    method = request.method
    if method == "POST":
        method = request.headers.get("X-HTTP-Method-Override", "")
    upload = services.usable_upload(current_user, upload_key)
    if method == "HEAD":
        return _stand(upload)
    if method == "PATCH":
        return _receive(upload)
    if method == "DELETE":
        services.abandon_upload(upload)
        return Response(status=204)
    raise _Protocol(405, "HEAD, PATCH or DELETE.")


@blueprint.post("/unggahan/<upload_key>/selesai")
@requires(Permission.MEDIA_UPLOAD)
def finish(upload_key: str) -> Any:
    """After the last byte: what became of the file. Safe to repeat."""
    upload = services.usable_upload(current_user, upload_key)
    outcome = services.finish_upload(
        upload, actor=current_user, keep_twin=request.form.get("kembar") == "simpan"
    )
    if outcome.refusal:
        return {"state": "refused", "message": outcome.refusal}
    if outcome.twin is not None:
        return {"state": "twin", "asset": _told(outcome.twin)}
    if outcome.asset is None:
        raise LookupError(f"upload {upload_key} has no outcome")
    unit_of_work.after_commit(lambda: services.part_store().discard(upload_key))
    similar = queries.list_similar(current_user, outcome.asset)
    return {"state": "done", "asset": _told(outcome.asset), "similar": len(similar)}


def _told(asset: Asset) -> dict[str, Any]:
    wants_poster = asset.kind is AssetKind.VIDEO and not asset.has_poster
    return {
        "id": asset.id, "kind": asset.kind.value, "filename": asset.filename,
        "url": url_for("media.detail", asset_id=asset.id),
        "thumb": url_for("media.rendition", asset_id=asset.id, size="thumb") if asset.has_poster else "",
        "poster": url_for("media.poster", asset_id=asset.id) if wants_poster else "",
    }  # fmt: skip


def _stand(upload: PendingUpload) -> Response:
    if upload.state is UploadState.REFUSED:
        raise services.UploadGone
    headers = {"Upload-Offset": str(upload.received), "Upload-Length": str(upload.length), **_expiry(upload)}
    return Response(status=200, headers=headers)


def _receive(upload: PendingUpload) -> Any:
    if request.mimetype != CONTENT_TYPE:
        raise _Protocol(415, f"Content-Type must be {CONTENT_TYPE}.")
    start, key, length = _whole_number("Upload-Offset"), upload.key, upload.length
    if upload.state is UploadState.REFUSED:
        return _refusal(upload)
    if start != upload.received:
        raise services.OffsetConflict(upload.received)
    if (request.content_length or 0) > length - start:
        raise _Protocol(413, "More bytes than announced.")
    request.max_content_length = length  # the file's own limit holds, not the one for forms
    store = services.part_store()
    ended = start == length
    while not ended:
        with unit_of_work.let_go():
            part = store.receive(request.stream, key, start=start, limit=min(PART_BYTES, length - start))  # type: ignore[arg-type]
        if part.size:
            upload = services.usable_upload(current_user, key)
            services.keep_part(upload, part)
            unit_of_work.checkpoint()
            if upload.state is UploadState.REFUSED:
                return _refusal(upload)
        start += part.size
        ended = part.ended or start == length
    upload = services.usable_upload(current_user, key)
    return Response(status=204, headers={"Upload-Offset": str(upload.received), **_expiry(upload)})


def _refusal(upload: PendingUpload) -> Any:
    services.part_store().discard(upload.key)
    return {"error": upload.refusal, "reasons": []}, 415


def _expect_version() -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise _Protocol(412, _("Cara mengirim berkas ini belum didukung. Perbarui peramban, lalu coba lagi."))


def _whole_number(header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise _Protocol(400, f"{header} must be a whole number.")
    return int(text)


def _metadata() -> dict[str, str]:
    """Pairs of a key and a value in base64, separated by commas. What cannot be read is left out."""
    found: dict[str, str] = {}
    text = request.headers.get("Upload-Metadata", "")
    if len(text) > MAX_METADATA:
        raise _Protocol(400, "Upload-Metadata is too long.")
    for pair in text.split(","):
        key, _space, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode("utf-8", errors="replace")
        except (binascii.Error, ValueError):
            continue
    return found


def _expiry(upload: PendingUpload) -> dict[str, str]:
    if upload.is_complete:
        return {}
    return {"Upload-Expires": format_datetime(upload.expires_at.astimezone(UTC), usegmt=True)}
