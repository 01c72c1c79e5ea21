"""From a mail to a pitch: who wrote it, what it says, its files into the library."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import ngettext

from humasflow.accounts.policy import Principal
from humasflow.core.errors import UserError
from humasflow.core.permissions import Permission
from humasflow.media import queries as media_queries
from humasflow.media import services as media
from humasflow.media.enums import AssetKind
from humasflow.media.models import Asset
from humasflow.media.policy import refusal_of_blocked
from humasflow.media.processing import MediaRejected, RejectionCode, sniff
from humasflow.notifications.links import absolute, path_of
from humasflow.notifications.mailbox.parsing import Attachment, Mail, attachments_of, text_of
from humasflow.pitches.models import Pitch
from humasflow.pitches.services import MAX_PHOTOS, PitchContent, send_pitch

MAX_FILES = 20  # of one mail; the rest is named and refused unread
MAX_OTHER = 5  # videos and PDFs
MAX_TITLE = 200
MAX_LISTED = 15  # refusals with their sentence


@dataclass
class Files:
    """What became of the files of a mail."""

    photo_ids: list[int] = field(default_factory=list)
    others: list[Asset] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def kept(self) -> int:
        """How many were taken."""
        return len(self.photo_ids) + len(self.others)


@dataclass(frozen=True)
class Made:
    """A pitch, and what became of its files."""

    pitch: Pitch
    files: Files


def title_of(mail: Mail) -> str:
    """What the pitch is called: the subject, else the first line of the text; empty when there is neither."""
    if mail.title:
        return mail.title[:MAX_TITLE]
    return next((line.strip() for line in text_of(mail).splitlines() if line.strip()), "")[:MAX_TITLE]


def make_pitch(mail: Mail, *, actor: Principal, office_id: int) -> Made:
    """The mail as a pitch of its author. Flushes. Decodes pictures first, while the database is free: call it before
    anything is written. Raises UserError.
    """
    files = _keep_files(attachments_of(mail), actor=actor, office_id=office_id)
    what = "\n\n".join(filter(None, [text_of(mail), _named(files.others)]))
    content = PitchContent(title=title_of(mail), what=what[:10_000])
    pitch = send_pitch(actor=actor, office_id=office_id, content=content, photo_ids=files.photo_ids)
    return Made(pitch, files)


def _named(others: Sequence[Asset]) -> str:
    """Where the files are that stand beside no pitch: only pictures do."""
    return "\n".join(
        _("Lampiran: %(name)s", name=a.filename) + " " + absolute(path_of("media.detail", asset_id=a.id))
        for a in others
    )


def _keep_files(attached: Sequence[Attachment], *, actor: Principal, office_id: int) -> Files:
    files = Files()
    if not attached:
        return files
    if not actor.can(Permission.MEDIA_UPLOAD, office_id):
        files.refused = [_("Peran Anda belum mencakup pengunggahan berkas.")]
        return files
    pictures: list[media.Upload] = []
    others: list[tuple[Attachment, bytes]] = []
    for one in attached[:MAX_FILES]:
        data = one.data()
        kind = sniff.identify_media(data[: sniff.HEAD_BYTES])
        if kind is AssetKind.IMAGE and len(pictures) < MAX_PHOTOS:
            pictures.append(media.Upload(one.filename, io.BytesIO(data)))
        elif isinstance(kind, AssetKind) and kind is not AssetKind.IMAGE and len(others) < MAX_OTHER:
            others.append((one, data))
        elif isinstance(kind, RejectionCode):
            _refuse(files, one.filename, MediaRejected(kind, filename=one.filename).message)
        else:
            _refuse(files, one.filename, _("Belum diolah karena jumlahnya melebihi batas."))
    received, refusals = media.receive(pictures, actor=actor, office_id=office_id, limit=MAX_PHOTOS)
    files.photo_ids = [a.id for a in received]
    for refusal in refusals:
        _refuse(files, refusal.filename, refusal.message)
    for one, data in others:
        _keep_other(files, one, data, actor=actor, office_id=office_id)
    if left := attached[MAX_FILES:]:
        files.refused.insert(
            0,
            ngettext("%(num)s lampiran lagi tidak diolah.", "%(num)s lampiran lagi tidak diolah.", len(left)),
        )
    return files


def _keep_other(files: Files, one: Attachment, data: bytes, *, actor: Principal, office_id: int) -> None:
    digest = hashlib.sha256(data).hexdigest()
    blocked = media_queries.find_blocked(office_id, [digest])
    if digest in blocked:
        _refuse(files, one.filename, refusal_of_blocked(blocked[digest]))
        return
    known = media_queries.find_uploads(office_id, actor.id, [digest]).get(digest)
    if known is not None:
        files.others.append(known)
        return
    try:
        files.others.append(media.keep_file(data, one.filename, office_id=office_id, actor=actor))
    except (MediaRejected, UserError) as refused:
        _refuse(files, one.filename, refused.message)


def _refuse(files: Files, filename: str, why: str) -> None:
    if len(files.refused) < MAX_LISTED:
        files.refused.append(f"{filename}: {why}")
