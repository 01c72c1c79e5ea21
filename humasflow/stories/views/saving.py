"""What the open editor says to the server by itself: text to keep, "I am here", and "am I still signed in?".

All answers are JSON. Pages work without any of it.
"""

import re
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from humasflow.core.errors import Conflict, NotFound, Refused, UserError
from humasflow.core.guards import requires, signed_in
from humasflow.core.localtime import show_instant, show_time
from humasflow.core.permissions import Permission
from humasflow.media import queries as media
from humasflow.orgs import queries as orgs
from humasflow.stories import queries, services
from humasflow.stories.comparison import compare_contents
from humasflow.stories.contents import cleaned, content_of
from humasflow.stories.enums import PresenceMode
from humasflow.stories.forms import MAX_PICTURES, PictureRow, StoryForm, read_pictures
from humasflow.stories.models import Story, StoryVersion
from humasflow.stories.views.blueprint import blueprint
from humasflow.stories.views.editing import story_form

_TAB = re.compile(r"[a-z0-9-]{8,32}")


@blueprint.post("/<int:story_id>/simpan-otomatis")
@requires(Permission.STORY_WRITE)
def autosave(story_id: int) -> Any:
    """Keep what was typed so far."""
    story = queries.get_story(current_user, story_id)
    form = story_form(story.office_id, story)
    rows = _rows(story, form)
    wrong = [m for messages in form.errors.values() for m in messages] if not form.validate() else []
    wrong += [message for row in rows for message in row.errors]
    if wrong:
        return {"code": "invalid", "error": str(wrong[0])}, 422
    try:
        kept = services.autosave(
            story, actor=current_user, content=form.content(rows), stamp=form.stamp.data or "", tab=_tab(),
            step=_step(), content_type_id=form.content_type_id.data, section_id=form.section_id.data,
            pillar_id=form.pillar_id.data, campaign_id=form.campaign_id.data,
        )  # fmt: skip
    except Conflict:
        return {"code": "stale", **_current(story)}, 409
    except Refused as refused:
        # A story that is closed to typing stays so; a file that may not be used is taken off, and typing goes on.
        closed = services.reasons_not_to_autosave(current_user, story)
        return {"code": refused.reasons[0].code, "error": refused.message}, 409 if closed else 422
    zone = orgs.get_office(story.office_id).zone_name
    return {"stamp": kept.stamp, "number": kept.number, "at": show_time(kept.saved_at, zone)}


@blueprint.post("/<int:story_id>/hadir")
@signed_in
def presence(story_id: int) -> Any:
    """Say "I am here, doing this, at this place"; the answer is who else is, and what stands now."""
    g.pop("touch_session", None)  # a page left open is nobody at work: it must not keep the session alive
    story = queries.get_story(current_user, story_id)
    tab = _tab()
    if request.form.get("pergi"):
        services.leave(story, actor=current_user, tab=tab)
        return {}
    writes = request.form.get("mode") == PresenceMode.EDITING and current_user.can(
        Permission.STORY_WRITE, story.office_id
    )
    services.note_presence(
        story, actor=current_user, tab=tab, place=request.form.get("tempat", "").replace("\x00", ""),
        mode=PresenceMode.EDITING if writes else PresenceMode.READING,
    )  # fmt: skip
    answer: dict[str, Any] = {
        "others": [
            {
                "name": p.name,
                "initials": p.initials,
                "mode": p.mode.value,
                "doing": p.mode.label,
                "place": p.place,
            }
            for p in queries.list_present(story.id, without=current_user.id)
        ]
    }
    opened = queries.read_stamp(request.form.get("stamp", ""))
    current = queries.get_current_version(story)
    if opened is not None and (opened.version_id, opened.folds) != (current.id, current.folds):
        answer["saved"] = _current(story) | {"tab": current.tab}
    return answer


@blueprint.get("/<int:story_id>/tanda")
@signed_in
def pulse(story_id: int) -> Any:
    """Who is signed in here now, and the token their forms need. Asked when the network or the sign-in came back."""
    queries.get_story(current_user, story_id)  # who may not read it is told that it is not there
    return {"user": current_user.id, "name": current_user.name, "csrf": generate_csrf()}


@blueprint.post("/<int:story_id>/banding-simpanan")
@requires(Permission.STORY_WRITE)
def compare_kept(story_id: int) -> Any:
    """What a text that the browser kept would change in what stands now. Saves nothing."""
    story = queries.get_story(current_user, story_id)
    form = story_form(story.office_id, story)
    form.validate()  # brings dates and choices into shape; what does not fit is compared as it is
    if form.source.errors:
        raise UserError(_("Simpanan ini tidak dapat dibandingkan, tetapi masih dapat dipakai."))
    rows = _rows(story, form)
    version = queries.get_current_version(story)
    known = content_of(version, queries.get_body(version.id))
    kept = cleaned(form.content(rows), known)
    names = {p.asset_id: p.asset.filename for p in version.pictures} | {
        r.asset.id: r.asset.filename for r in rows
    }
    differences = compare_contents(known, kept, names)
    return {"html": render_template("stories/_changes.html", differences=differences)}


@blueprint.get("/<int:story_id>/baris-foto")
@requires(Permission.STORY_WRITE)
def picture_lines(story_id: int) -> Any:
    """Rows of the editor for pictures that a kept text names and the page does not have."""
    story = queries.get_story(current_user, story_id)
    wanted = [int(v) for v in request.args.getlist("id") if v.isascii() and v.isdecimal() and len(v) < 19]
    assets = media.get_assets(story.office_id, wanted[:MAX_PICTURES], actor=current_user)
    rows = [PictureRow(a, a.credit, a.alt_text, a.caption) for a in assets]
    return {"rows": render_template("stories/_received.html", rows=rows)}


@blueprint.get("/tersambung")
@signed_in
def signed_in_again() -> str:
    """Where signing in from an open editor ends: the text waits in the window before."""
    return render_template("stories/signed_in.html")


def _rows(story: Story, form: StoryForm) -> list[PictureRow]:
    order = read_pictures(request.form)
    form.take_out(order.dropped)
    return order.rows(media.get_assets(story.office_id, order.ids, actor=current_user))


def _tab() -> str:
    tab = request.form.get("tab", "")
    if not _TAB.fullmatch(tab):
        raise NotFound
    return tab


def _step() -> int:
    step = request.form.get("langkah", "")
    return int(step) if step.isascii() and step.isdecimal() and len(step) < 9 else 0


def _current(story: Story) -> dict[str, Any]:
    """What stands now, and who wrote it."""
    version: StoryVersion = queries.get_current_version(story)
    zone = orgs.get_office(story.office_id).zone_name
    return {
        "number": version.number, "who": version.author.name if version.author else _("Sistem"),
        "own": version.author_id == current_user.id, "at": show_instant(version.saved_at, zone),
        "time": show_time(version.saved_at, zone),
        "url": url_for("stories.version", story_id=story.id, number=version.number),
    }  # fmt: skip
