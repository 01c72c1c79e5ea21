"""What the open editor asks for while somebody writes: pictures of the library, people of the office."""

from typing import Any

from flask import render_template, request, url_for
from flask_login import current_user

from humasflow.accounts import queries as accounts
from humasflow.core.errors import NotFound
from humasflow.core.forms import trimmed
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.media import queries as media
from humasflow.media.models import Asset
from humasflow.orgs import queries as orgs
from humasflow.stories import queries
from humasflow.stories.forms import PictureRow
from humasflow.stories.views.blueprint import blueprint

SHOWN = 18  # pictures of one page of the dialog
PEOPLE = 8  # as many as a list under the caret can hold


@blueprint.get("/<int:story_id>/pustaka")
@requires(Permission.STORY_WRITE)
def library(story_id: int) -> Any:
    """A page of the pictures that the writer may use: ``?q=&setelah=``."""
    page = media.list_library(
        current_user, queries.get_story(current_user, story_id).office_id, q=trimmed(request.args.get("q", ""))[:100],
        cursor=request.args.get("setelah"), size=SHOWN,
    )  # fmt: skip
    return {"items": [picture_facts(a) for a in page.items], "next": page.next}


@blueprint.get("/<int:story_id>/pustaka/<int:asset_id>")
@requires(Permission.STORY_WRITE)
def library_picture(story_id: int, asset_id: int) -> Any:
    """One picture with the row in which its words are written."""
    office_id = queries.get_story(current_user, story_id).office_id
    found = media.get_assets(office_id, [asset_id], actor=current_user)
    if not found:
        raise NotFound
    (asset,) = found
    row = PictureRow(asset, asset.credit, asset.alt_text, asset.caption)
    return {"picture": picture_facts(asset), "row": render_template("stories/_received.html", rows=[row])}


@blueprint.get("/<int:story_id>/orang")
@requires(Permission.STORY_WRITE)
def people(story_id: int) -> Any:
    """People of the story's office whose name, address or position has the words of ``?q=``; the active ones."""
    office = orgs.get_office(queries.get_story(current_user, story_id).office_id)
    found = accounts.list_people(office, q=trimmed(request.args.get("q", ""))[:60])
    active = [p for p in found if p.is_active][:PEOPLE]
    return {"items": [{"id": p.id, "name": p.name, "position": _position(p, office.id)} for p in active]}


def _position(person: Any, office_id: int) -> str:
    """The first position the person holds in the office, for telling namesakes apart."""
    titles = (g.position_title for g in person.grants if g.unit.office_id == office_id and g.position_title)
    return next(titles, "")


def picture_facts(asset: Asset) -> dict[str, Any]:
    """What the editor shows of a picture."""
    return {
        "id": asset.id,
        "name": asset.filename,
        "thumb": url_for("media.rendition", asset_id=asset.id, size="thumb"),
        "src": url_for("media.rendition", asset_id=asset.id, size="medium"),
        "width": asset.width,
        "height": asset.height,
        "alt": asset.alt_text,
        "credit": asset.credit,
        "caption": asset.caption,
    }
