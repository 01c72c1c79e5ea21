"""A Word file as the beginning of a story, or as its next version; what was taken and what was left is recorded."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import BinaryIO

from flask_babel import gettext as _
from flask_babel import ngettext

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock, unit_of_work
from humasflow.core.db import db
from humasflow.core.html import figure_assets, without_figures, word_count
from humasflow.media import services as media
from humasflow.media.models import Asset
from humasflow.media.services import Refusal, Upload
from humasflow.stories.contents import PictureContent, StoryContent
from humasflow.stories.documents.reading import Document, read_document
from humasflow.stories.models import Story, StoryDocument, StoryVersion

MAX_PICTURES = 60


@dataclass(frozen=True)
class Imported:
    """A file as content, the pictures being in the library already. ``taken`` and ``left`` are sentences."""

    filename: str
    sha256: str
    content: StoryContent
    taken: tuple[str, ...]
    left: tuple[str, ...]


def import_document(
    stream: BinaryIO, filename: str, *, actor: Principal, office_id: int, fallback_title: str = ""
) -> Imported:
    """Read a .docx and keep its pictures in the library (needs ``media:upload`` when it has any). Flushes.

    Raises ``DocumentRejected``. The database is let go of while the file is read.
    """
    stream.seek(0)
    digest = _sha256(stream)
    stream.seek(0)
    with unit_of_work.let_go():
        document = read_document(stream, filename)
    parts = document.parts
    assets, refusals = _keep_pictures(document, filename, actor, office_id)
    body = _placed(parts.body_html, assets)
    pictures = tuple(
        PictureContent(a.id, a.credit, a.alt_text or parts.alt_texts.get(number, ""), a.caption)
        for number, a in _first_of_each(assets)
    )
    content = StoryContent(
        title=parts.title or fallback_title,
        kicker=parts.kicker,
        lead=parts.lead,
        body_html=body,
        pictures=pictures,
    )
    return Imported(
        filename[-200:] or "naskah.docx",
        digest,
        content,
        tuple(_taken(document, content)),
        tuple(_left(document, refusals)),
    )


def record_document(
    story: Story, version: StoryVersion, imported: Imported, *, actor: Principal
) -> StoryDocument:
    """Remember where a version's text came from. Flushes."""
    kept = StoryDocument(
        story_id=story.id, version_number=version.number, filename=imported.filename,
        taken=list(imported.taken), left=list(imported.left), created_by=actor.id, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(kept)
    db.session.flush()
    audit.record(
        AuditAction.STORY_DOCUMENT_TAKEN, ("story", story.id), office_id=story.office_id, actor=actor,
        label=imported.filename, version=version.number, sha256=imported.sha256,
    )  # fmt: skip
    return kept


def replaced_by(known: StoryContent, imported: Imported) -> StoryContent:
    """The content with title, kicker, lead and body from the file; facts and the pictures beside the text stay."""
    new = imported.content
    text_before = set(figure_assets(known.body_html))
    beside = tuple(p for p in known.pictures if p.asset_id not in text_before)
    listed = {p.asset_id for p in beside}
    return replace(
        known, title=new.title or known.title, kicker=new.kicker or known.kicker, lead=new.lead,
        body_html=new.body_html, pictures=(*beside, *(p for p in new.pictures if p.asset_id not in listed)),
    )  # fmt: skip


def _sha256(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := stream.read(256 * 1024):
        digest.update(chunk)
    return digest.hexdigest()


def _keep_pictures(
    document: Document, filename: str, actor: Principal, office_id: int
) -> tuple[dict[int, Asset], Sequence[tuple[int, Refusal]]]:
    """Assets by number; and refusals with their number."""
    if not document.pictures:
        return {}, []
    stem = filename.rpartition(".")[0][-80:] or "naskah"
    names = {number: f"{stem}-{number}" for number in document.pictures}
    uploads = [Upload(names[n], BytesIO(data)) for n, data in document.pictures.items()]
    kept, refused = media.receive(uploads, actor=actor, office_id=office_id, limit=MAX_PICTURES)
    by_hash = {a.source_sha256: a for a in kept}
    found = {
        n: by_hash[h]
        for n, data in document.pictures.items()
        if (h := hashlib.sha256(data).hexdigest()) in by_hash
    }
    numbers = {name: n for n, name in names.items()}
    return found, [(numbers.get(r.filename, 0), r) for r in refused]


def _first_of_each(assets: dict[int, Asset]) -> list[tuple[int, Asset]]:
    seen: set[int] = set()
    return [(n, a) for n, a in sorted(assets.items()) if not (a.id in seen or seen.add(a.id))]  # type: ignore[func-returns-value]


def _placed(body: str, assets: dict[int, Asset]) -> str:
    """Numbers of the file become those of the library; a picture that was refused leaves its place."""
    numbers = figure_assets(body)
    body = without_figures(body, {n for n in numbers if n not in assets})
    for number in sorted((n for n in numbers if n in assets), reverse=True):
        body = body.replace(f'<figure data-asset="{number}">', f'<figure data-asset="@{assets[number].id}">')
    return body.replace('data-asset="@', 'data-asset="')


def _taken(document: Document, content: StoryContent) -> list[str]:
    parts, counts = document.parts, document.counts
    words = word_count(content.body_html) + len(content.lead.split())
    told = [ngettext("%(num)s kata", "%(num)s kata", words)]
    if parts.title:
        told.append(_("Judul: %(title)s", title=parts.title))
    if parts.kicker:
        told.append(_("Kicker: %(text)s", text=parts.kicker))
    if parts.lead:
        told.append(_("Paragraf pertama menjadi teras."))
    if parts.headings:
        told.append(ngettext("%(num)s judul bagian", "%(num)s judul bagian", parts.headings))
    if parts.tables:
        told.append(ngettext("%(num)s tabel", "%(num)s tabel", parts.tables))
    if content.pictures:
        told.append(
            ngettext("%(num)s gambar, di tempatnya dan di pustaka media",
                     "%(num)s gambar, di tempatnya dan di pustaka media", len(content.pictures))
        )  # fmt: skip
    if parts.footnotes:
        told.append(
            ngettext("%(num)s catatan kaki, sebagai teks di akhir naskah",
                     "%(num)s catatan kaki, sebagai teks di akhir naskah", parts.footnotes)
        )  # fmt: skip
    if counts.get("inserted") or counts.get("deleted"):
        told.append(_("Perubahan yang dilacak (Track Changes) dianggap diterima."))
    return told


def _left(document: Document, refusals: Sequence[tuple[int, Refusal]]) -> list[str]:
    counts, parts = document.counts, document.parts
    told = []
    if parts.long_title:
        told.append(
            _("Baris pertama terlalu panjang untuk judul, jadi tetap di isi. Judul diambil dari nama berkas.")
        )
    if parts.long_lead:
        told.append(
            _("Paragraf pertama lebih dari 500 karakter, jadi tetap utuh di isi dan teras dikosongkan.")
        )
    told += [
        _("Gambar ke-%(n)s: %(why)s", n=number, why=refusal.message) if number else refusal.message
        for number, refusal in refusals
    ]
    if n := document.lost_pictures:
        told.append(
            ngettext("%(num)s gambar tidak tersimpan di dalam berkas atau melebihi batas 60 gambar.",
                     "%(num)s gambar tidak tersimpan di dalam berkas atau melebihi batas 60 gambar.", n)
        )  # fmt: skip
    if n := counts.get("comments", 0):
        told.append(ngettext("%(num)s komentar Word tidak ikut.", "%(num)s komentar Word tidak ikut.", n))
    if n := counts.get("equations", 0):
        told.append(
            ngettext("%(num)s rumus tidak ikut; sisipkan sebagai gambar.",
                     "%(num)s rumus tidak ikut; sisipkan sebagai gambar.", n)
        )  # fmt: skip
    if n := counts.get("charts", 0):
        told.append(
            ngettext("%(num)s grafik atau diagram tidak ikut; sisipkan sebagai gambar.",
                     "%(num)s grafik atau diagram tidak ikut; sisipkan sebagai gambar.", n)
        )  # fmt: skip
    if n := counts.get("objects", 0):
        told.append(ngettext("%(num)s objek sematan tidak ikut.", "%(num)s objek sematan tidak ikut.", n))
    if counts.get("headers"):
        told.append(_("Kepala dan kaki halaman tidak ikut."))
    if counts.get("macros"):
        told.append(_("Makro diabaikan dan tidak pernah dijalankan."))
    return told
