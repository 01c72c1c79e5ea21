"""Where a story begins: its kind and a title, or a Word file; the editor opens on it at once."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core import unit_of_work
from humasflow.core.errors import UserError
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.planning import queries as planning
from humasflow.planning.enums import ContentTemplate
from humasflow.planning.models import ContentType
from humasflow.stories import queries, services
from humasflow.stories.contents import StoryContent
from humasflow.stories.documents.importing import Imported, import_document, record_document
from humasflow.stories.forms import StartForm
from humasflow.stories.models import Story
from humasflow.stories.views.blueprint import blueprint

ICONS = {
    "berita_utama": "star", "berita_terbaru": "newspaper", "artikel": "book", "siaran_pers": "send",
    "pengumuman": "bell", "infografis": "image", "videografis": "play", "reels": "camera", "story": "phone",
    "klarifikasi_hoaks": "shield", "unggahan": "share", "pembaruan_profil": "building",
}  # fmt: skip
_LINES = {
    "berita_utama": _l("Peristiwa yang ingin paling dahulu dilihat pembaca."),
    "berita_terbaru": _l("Kegiatan kantor, ditulis singkat dan segera."),
    "artikel": _l("Uraian atau opini yang tidak terikat waktu."),
    "siaran_pers": _l("Untuk media: bernomor, dengan tempat, tanggal, dan narahubung."),
    "pengumuman": _l("Kabar resmi bagi masyarakat, dengan tempat bertanya."),
    "infografis": _l("Gambar yang menjelaskan angka atau langkah."),
    "videografis": _l("Video penjelasan dengan naskah pendek."),
    "reels": _l("Video tegak yang singkat."),
    "story": _l("Tampil sehari di media sosial."),
    "klarifikasi_hoaks": _l("Klaim yang beredar, faktanya, dan sumbernya."),
    "unggahan": _l("Unggahan media sosial biasa."),
    "pembaruan_profil": _l("Perubahan isi halaman profil kantor."),
}
_BY_TEMPLATE = {
    ContentTemplate.ARTICLE: "desk", ContentTemplate.PRESS_RELEASE: "send", ContentTemplate.ANNOUNCEMENT: "bell",
    ContentTemplate.HOAX: "shield",
}  # fmt: skip


@blueprint.route("/baru", methods=["GET", "POST"])
@requires(Permission.STORY_WRITE)
def new() -> Any:
    """Begin a story."""
    office = acting_office(current_user)
    types = planning.list_content_types(office.id)
    form = StartForm()
    form.offer(types)
    if request.method == "GET":
        asked = request.args.get("jenis", "")
        form.content_type_id.data = next(
            (t.id for t in types if t.code == asked), types[0].id if types else None
        )
        return _page(form, types)
    if not form.validate():
        return _page(form, types), 422
    kind = next(t for t in types if t.id == form.content_type_id.data)
    if form.file:
        return _from_document(form, office, kind)
    story = _begin(office, kind, _skeleton(kind, form.title.data or ""))
    flash(_("Naskah tersimpan sebagai draf."), "success")
    return redirect(url_for("stories.edit", story_id=story.id), code=303)


def _from_document(form: StartForm, office: Unit, kind: ContentType) -> Any:
    office_id, kind_id = office.id, kind.id
    try:
        imported = import_document(
            form.file.stream, form.file.filename or "", actor=current_user, office_id=office_id,
            fallback_title=form.title.data or _("Naskah dari Word"),
        )  # fmt: skip
        office, kind = acting_office(current_user), planning.get_content_type(office_id, kind_id)
        story = _begin(office, kind, _titled(imported, form.title.data or ""))
    except UserError as error:
        form.fail(form.document, error.message)
        unit_of_work.keep()  # pictures that were fine stay in the library
        return _page(form, planning.list_content_types(office_id)), error.status
    version = queries.get_current_version(story)
    kept = record_document(story, version, imported, actor=current_user)
    return redirect(url_for("stories.document", story_id=story.id, document_id=kept.id), code=303)


def _titled(imported: Imported, title: str) -> StoryContent:
    """A title that was typed wins over the file's."""
    content = replace(imported.content, writer_credit=current_user.name[:120])
    return replace(content, title=title) if title else content


def _skeleton(kind: ContentType, title: str) -> StoryContent:
    return StoryContent(title=title, body_html=kind.body_template, writer_credit=current_user.name[:120])


def _begin(office: Unit, kind: ContentType, content: StoryContent) -> Story:
    return services.create_story(
        actor=current_user, office_id=office.id, content=content, content_type_id=kind.id
    )


def icon_of(kind: ContentType) -> str:
    """The picture on the card of a content type."""
    return ICONS.get(kind.code, _BY_TEMPLATE[kind.template])


def line_of(kind: ContentType) -> str:
    """What the card says under the name."""
    return str(_LINES.get(kind.code, kind.template.description))


def _page(form: StartForm, types: Sequence[ContentType]) -> str:
    return render_template("stories/new.html", form=form, types=types, icon_of=icon_of, line_of=line_of)
