"""The page that takes a list of past publications."""

from typing import Any

from flask import Blueprint, render_template
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core import unit_of_work
from humasflow.core.errors import UserError
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.imports.forms import PublicationListForm
from humasflow.imports.publication_list import COLUMNS
from humasflow.imports.services.publications import ImportResult, import_publications

blueprint = Blueprint("imports", __name__)


@blueprint.route("/pengaturan/impor", methods=["GET", "POST"])
@requires(Permission.IMPORT_RUN)
def publications() -> Any:
    """Take a list and show, row by row, what became of it. The answer is a page of its own kind: it can be sent again
    without harm, because a known address adds nothing.
    """
    office = acting_office(current_user)
    form = PublicationListForm()
    result: ImportResult | None = None
    if form.validate_on_submit() and form.file.data is not None:
        try:
            result = import_publications(
                form.file.data.read(),
                office=office,
                actor=current_user,
                verified_by=current_user if form.vouched.data else None,
                document=form.document.data or "",
                all_or_nothing=bool(form.all_or_nothing.data),
            )
            unit_of_work.keep()
        except UserError as error:
            form.fail(
                form.document if form.vouched.data and not form.document.data else form.file, error.message
            )
    failed = bool(form.errors) or (result is not None and bool(result.refused))
    return render_template(
        "imports/publications.html", form=form, result=result, columns=list(COLUMNS)
    ), 422 if failed else 200
