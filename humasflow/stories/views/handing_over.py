"""Stories between offices: what came, what was given, and a release from another agency."""

from collections import Counter
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core import unit_of_work
from humasflow.core.errors import NotFound, Refused, UserError
from humasflow.core.forms import RefusalForm
from humasflow.core.guards import requires
from humasflow.core.html import body_from_form
from humasflow.core.permissions import Permission
from humasflow.media.sending import ASK_AGAIN, send_rendition
from humasflow.media.services.copying import Passing
from humasflow.orgs import queries as orgs
from humasflow.orgs.models import Unit
from humasflow.planning import queries as planning
from humasflow.planning.campaigns.queries import count_open_offers
from humasflow.stories import queries
from humasflow.stories.contents import StoryContent
from humasflow.stories.documents.importing import import_document, record_document
from humasflow.stories.enums import HandoverState
from humasflow.stories.handover_forms import HandOverForm, ReleaseForm, TakeForm
from humasflow.stories.handover_policy import (
    is_open_to_taker,
    reasons_not_to_offer_at_all,
    reasons_not_to_take,
)
from humasflow.stories.models import Story, StoryHandover
from humasflow.stories.policy import can_read
from humasflow.stories.queries import handovers
from humasflow.stories.queries.sources import source_now
from humasflow.stories.services import handing_over
from humasflow.stories.views.blueprint import blueprint


@blueprint.get("/kiriman")
@requires(Permission.STORY_READ)
def handovers_in() -> str:
    """What waits for an answer, what was answered, and with ``?arah=keluar`` what this office gave."""
    office = acting_office(current_user)
    outgoing = request.args.get("arah") == "keluar"
    cursor = request.args.get("setelah")
    page = (
        handovers.list_given(current_user, office.id, cursor=cursor)
        if outgoing
        else handovers.list_answered(office.id, cursor=cursor)
    )
    return render_template(
        "stories/handovers.html", outgoing=outgoing, page=page,
        waiting=[] if outgoing or cursor else handovers.list_waiting(office.id),
        count=handovers.count_waiting(office.id), offers=count_open_offers(office.id),
        can_write=current_user.can(Permission.STORY_WRITE),
    )  # fmt: skip


@blueprint.get("/kiriman/<int:handover_id>")
@requires(Permission.STORY_READ)
def handover(handover_id: int) -> str:
    """What was given to this office, with the forms to take or to decline it."""
    found = handovers.get_incoming(current_user, handover_id)
    return _incoming(found, _taking(found), RefusalForm())


@blueprint.get("/kiriman/<int:handover_id>/foto/<int:asset_id>")
@requires(Permission.STORY_READ)
def handover_picture(handover_id: int, asset_id: int) -> Any:
    """A picture of what was given, before it is taken: only one that would come along."""
    found = handovers.get_incoming(current_user, handover_id)
    passing = handovers.pictures_of(found)
    asset = next((a for a in passing.going if a.id == asset_id), None)
    if asset is None:
        raise NotFound
    # Not for long: once it is taken back or a person in it agrees no longer, it is not shown any more.
    return send_rendition(asset, "medium", cache=ASK_AGAIN)


@blueprint.post("/kiriman/<int:handover_id>/ambil")
@requires(Permission.STORY_WRITE)
def take_handover(handover_id: int) -> Any:
    """Make it a story of this office."""
    found = handovers.get_incoming(current_user, handover_id, answering=True)
    form = _taking(found)
    if not form.validate() or form.content_type_id.data is None:
        return _incoming(found, form, RefusalForm(formdata=None)), 422
    try:
        taken = handing_over.take(
            found, actor=current_user, content_type_id=form.content_type_id.data, section_id=form.section_id.data,
            pillar_id=form.pillar_id.data,
        )  # fmt: skip
    except Refused as refused:
        return _incoming(found, form, RefusalForm(formdata=None), refused=refused, typed="ambil"), 409
    flash(_("Naskah diambil sebagai draf kantor ini; asalnya tetap disebut."), "success")
    if taken.left:
        why = " ".join(r.message for r in taken.left)
        flash(_("Foto yang tidak ikut: %(why)s", why=why), "warning")
    return redirect(url_for("stories.edit", story_id=taken.story.id), code=303)


@blueprint.post("/kiriman/<int:handover_id>/tolak")
@requires(Permission.STORY_WRITE)
def decline_handover(handover_id: int) -> Any:
    """Say no, and why."""
    found = handovers.get_incoming(current_user, handover_id, answering=True)
    form = RefusalForm()
    if not form.validate():
        return _incoming(found, _taking(found, fresh=True), form), 422
    try:
        handing_over.decline(found, actor=current_user, reason=form.reason.data or "")
    except Refused as refused:
        return _incoming(found, _taking(found, fresh=True), form, refused=refused, typed="tolak"), 409
    flash(_("Jawaban tersimpan. Kantor pengirim membaca alasannya."), "success")
    return redirect(url_for("stories.handovers_in"), code=303)


@blueprint.post("/kiriman/<int:handover_id>/tarik")
@requires(Permission.STORY_WRITE)
def withdraw_handover(handover_id: int) -> Any:
    """Take back what nobody answered yet."""
    found = handovers.get_outgoing(current_user, handover_id)
    queries.get_story(current_user, found.story_id)
    handing_over.withdraw(found, actor=current_user)
    flash(_("Kiriman ditarik."), "success")
    return redirect(url_for("stories.hand_over", story_id=found.story_id), code=303)


@blueprint.route("/<int:story_id>/teruskan", methods=["GET", "POST"])
@requires(Permission.STORY_WRITE)
def hand_over(story_id: int) -> Any:
    """Give a story to offices below or above."""
    story = queries.get_story(current_user, story_id)
    office = orgs.get_office(story.office_id)
    above, below = orgs.list_offices_above(office), orgs.list_offices_below(office)
    form = HandOverForm()
    form.offer(above, below)
    if request.method == "GET" or not form.validate():
        return _giving(story, office, form), 422 if form.errors else 200
    try:
        made = handing_over.hand_over(
            story, actor=current_user, office_ids=form.chosen(), note=form.note.data or ""
        )
    except Refused as refused:
        return _giving(story, office, form, refused), 409
    except UserError as error:
        form.fail(form.office_ids, error.message)
        return _giving(story, office, form), error.status
    if made:
        flash(_("Naskah diteruskan ke %(n)s kantor.", n=len(made)), "success")
    else:
        flash(_("Kantor itu sudah menerima versi ini; tidak ada yang dikirim lagi."), "info")
    return redirect(url_for("stories.hand_over", story_id=story.id), code=303)


@blueprint.route("/terima-rilis", methods=["GET", "POST"])
@requires(Permission.STORY_WRITE)
def receive_release() -> Any:
    """A release from another agency becomes a story that names it."""
    office = acting_office(current_user)
    types = planning.list_content_types(office.id)
    form = ReleaseForm()
    form.offer(types)
    if request.method == "GET":
        release = next((t.id for t in types if t.code == "siaran_pers"), types[0].id if types else None)
        form.content_type_id.data = release
        return render_template("stories/receive.html", form=form)
    if not form.validate() or form.content_type_id.data is None:
        return render_template("stories/receive.html", form=form), 422
    return _received(form, office.id, form.content_type_id.data)


def _received(form: ReleaseForm, office_id: int, kind_id: int) -> Any:
    imported = None
    try:
        if form.file:
            imported = import_document(
                form.file.stream, form.file.filename or "", actor=current_user, office_id=office_id,
                fallback_title=form.title.data or _("Rilis dari %(agency)s", agency=form.agency.data)[:200],
            )  # fmt: skip
            content = imported.content
            content = replace(content, title=form.title.data) if form.title.data else content
        else:
            content = StoryContent(
                title=form.title.data or "", body_html=body_from_form(form.body.data or "")
            )
        story = handing_over.receive_release(
            actor=current_user, office_id=office_id, content=content, agency=form.agency.data or "",
            letter=form.letter.data or "", content_type_id=kind_id,
        )  # fmt: skip
    except UserError as error:
        form.fail(form.document if form.file else form.body, error.message)
        unit_of_work.keep()  # pictures that were fine stay in the library
        return render_template("stories/receive.html", form=form), error.status
    if imported is not None:
        kept = record_document(story, queries.get_current_version(story), imported, actor=current_user)
        return redirect(url_for("stories.document", story_id=story.id, document_id=kept.id), code=303)
    flash(_("Rilis tersimpan sebagai draf, asalnya disebut."), "success")
    return redirect(url_for("stories.edit", story_id=story.id), code=303)


def _taking(found: StoryHandover, *, fresh: bool = False) -> TakeForm:
    types = planning.list_content_types(found.to_office_id)
    posted = request.method == "POST" and not fresh
    form = TakeForm() if posted else TakeForm(formdata=None)
    pillars = planning.list_pillars(found.to_office_id)
    form.offer(types, orgs.list_sections(found.to_office_id), pillars)
    if not posted:
        source = _source(found)
        code, pillar = source.content_type.code, source.pillar.name.casefold() if source.pillar else ""
        form.content_type_id.data = next((t.id for t in types if t.code == code), None)
        form.pillar_id.data = next((p.id for p in pillars if p.name.casefold() == pillar), None)
    return form


def _source(found: StoryHandover) -> Story:
    """The story it is about, of an office the person need not belong to: the handover lets them read it."""
    return handovers.source_of(found)


def _incoming(
    found: StoryHandover,
    form: TakeForm,
    declining: RefusalForm,
    *,
    refused: Refused | None = None,
    typed: str = "",
) -> str:
    """``typed``: the form whose answer came too late; what stands in it stays readable."""
    source = _source(found)
    shown = is_open_to_taker(source) and found.state is not HandoverState.WITHDRAWN
    version = queries.get_version(found.version_id)
    own = handovers.taken_as(found)
    earlier = handovers.taken_earlier(found)
    now = source_now(found)
    newer = queries.get_version(now.newer_version_id) if now.newer_version_id else None
    return render_template(
        "stories/handover.html", handover=found, giver=orgs.get_office(found.from_office_id), form=form,
        declining=declining, version=version if shown else None, body=queries.get_body(version.id) if shown else "",
        passing=handovers.pictures_of(found) if shown else Passing(), where=orgs.get_office(found.to_office_id),
        reasons=refused.reasons if refused else reasons_not_to_take(current_user, found, source), typed=typed,
        own=own if own is not None and can_read(current_user, own) else None, source_now=now,
        earlier=earlier if earlier is not None and can_read(current_user, earlier) else None,
        newer=newer, newer_body=queries.get_body(newer.id) if newer else "",
        embargo=source.embargo_until if shown else None, offer=handovers.offer_of(found) if shown else None,
        campaign=handovers.campaign_of(found, source) if shown else None,
    )  # fmt: skip


def _giving(story: Story, office: Unit, form: HandOverForm, refused: Refused | None = None) -> str:
    version = handovers.version_to_give(story)
    lines = handovers.list_handovers_of(story)
    counts = Counter(line.state for line in lines)
    return render_template(
        "stories/hand_over.html", story=story, form=form, version=version, lines=lines, counts=counts,
        reasons=refused.reasons if refused else reasons_not_to_offer_at_all(current_user, story, version),
        where=office,
    )  # fmt: skip
