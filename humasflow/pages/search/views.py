"""The page of the search; the dialog asks it for its results alone."""

from flask import Blueprint, render_template, request
from flask_login import current_user
from sqlalchemy.exc import DBAPIError

from humasflow.accounts import finding
from humasflow.accounts.policy import acting_office
from humasflow.core.db import db
from humasflow.core.forms import trimmed
from humasflow.core.fulltext import asking
from humasflow.core.guards import signed_in

blueprint = Blueprint("search", __name__)

LONGEST = 200  # characters that are read of what was typed, and kept in the box
ON_THE_PAGE, IN_THE_DIALOG = 8, 5  # of a kind
RESULTS = "hasil"


@blueprint.get("/cari")
@signed_in
def everywhere() -> str:
    """Everything the person may open that has the words; without any, what they had in hand last."""
    typed = trimmed(request.args.get("q", ""))[:LONGEST]
    asked = finding.ask(current_user, acting_office(current_user), typed)
    is_part = request.args.get("hanya") == RESULTS
    limit = IN_THE_DIALOG if is_part else ON_THE_PAGE
    took_too_long = False
    try:
        groups = finding.search(asked, limit=limit) if typed else finding.recent(asked, limit=limit)
    except DBAPIError as error:
        if not asking.took_too_long(error):
            raise
        db.session.rollback()
        groups, took_too_long = [], True
    if not typed:
        # What one had in hand comes before what one could begin.
        groups.sort(key=lambda group: group.key == "actions")
    return render_template(
        "pages/search/_options.html" if is_part else "pages/search/everywhere.html",
        typed=typed, groups=groups, found=sum(len(group.items) for group in groups),
        too_short=bool(typed) and not asked.terms,
        took_too_long=took_too_long, is_cut=bool(asked.cut),
    )  # fmt: skip
