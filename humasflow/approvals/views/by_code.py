"""From a mail's link to the decision without a password: the page that sends a code, and the one that takes it.

A GET changes nothing and sends nothing, whoever follows it: mail programs and gateways open every link.
"""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.services.codes import WrongCode
from humasflow.accounts.signin import device, enter
from humasflow.approvals import queries, services
from humasflow.approvals.contents import content_of
from humasflow.approvals.forms.by_code import AskCodeForm, CodeForm
from humasflow.approvals.models import Package
from humasflow.approvals.views.blueprint import blueprint
from humasflow.core import unit_of_work
from humasflow.core.db import db
from humasflow.core.errors import TooMany
from humasflow.core.guards import public
from humasflow.core.narrow import open_to_narrow

ASKED = "decision_code_for"  # in the browser's own session: which package, and which address was typed


@blueprint.route("/persetujuan/<int:package_id>/kode", methods=["GET", "POST"])
@public
def ask_code(package_id: int) -> Any:
    """Ask for a code. The answer is the same whoever asks for whatever."""
    if current_user.is_authenticated and not current_user.good_for:
        package = queries.get_package(current_user, package_id)
        return redirect(url_for("approvals.review", package_id=package.id), code=303)
    form = AskCodeForm()
    if not form.validate_on_submit():
        page = render_template("approvals/code_ask.html", form=form, package_id=package_id)
        return page, 422 if form.errors else 200
    unit_of_work.keep()  # the count of requests outlives a refusal
    try:
        services.ask_code(package_id, form.email.data or "", address=request.remote_addr or "")
    except TooMany as error:
        form.fail(form.email, error.message)
        page = render_template("approvals/code_ask.html", form=form, package_id=package_id)
        return page, error.status, {"Retry-After": str(error.retry_after)}
    session[ASKED] = [package_id, form.email.data]
    return redirect(url_for("approvals.type_code", package_id=package_id), code=303)


@blueprint.route("/persetujuan/<int:package_id>/kode/ketik", methods=["GET", "POST"])
@public
def type_code(package_id: int) -> Any:
    """Type the code; the right one opens the package."""
    if current_user.is_authenticated and not current_user.good_for:
        package = queries.get_package(current_user, package_id)
        return redirect(url_for("approvals.review", package_id=package.id), code=303)
    asked, email = (session.get(ASKED) or [0, ""])[:2]
    if asked != package_id:
        return redirect(url_for("approvals.ask_code", package_id=package_id), code=303)
    form = CodeForm()
    if not form.validate_on_submit():
        return _typing(form, package_id, email), 422 if form.errors else 200
    unit_of_work.keep()  # the count of tries outlives a refusal
    try:
        principal = services.enter_with_code(
            package_id, email, form.code.data or "", address=request.remote_addr or "", device=device()
        )
    except (WrongCode, TooMany) as error:
        form.fail(form.code, error.message)
        return _typing(form, package_id, email), error.status
    except services.NotAskedAnyMore as closed:
        return render_template("approvals/code_closed.html", closed=closed, email=email), closed.status
    enter(principal)
    opened = services.package_id_of(principal.good_for)
    if opened == package_id:
        flash(_("Kode cocok. Baca, lalu putuskan."), "success")
    else:
        flash(
            _(
                "Kode cocok. Yang Anda buka sudah digantikan pengajuan yang lebih baru; inilah yang menunggu Anda."
            )
        )
    return redirect(url_for("approvals.review", package_id=opened), code=303)


def _typing(form: CodeForm, package_id: int, email: str) -> str:
    return render_template("approvals/code_type.html", form=form, package_id=package_id, email=email)


def _is_in_package(good_for: str, arguments: Mapping[str, Any]) -> bool:
    """Whether a picture is part of the one package that the session opens."""
    package_id = services.package_id_of(good_for)
    package = db.session.get(Package, package_id) if package_id is not None else None
    if package is None:
        return False
    content = content_of(package)
    shown = [p.asset_id for p in content.story_version.pictures]
    shown += [p.asset_id for item in content.items for p in item.version.pictures]
    return arguments.get("asset_id") in shown


for endpoint in ("media.rendition", "media.crop"):
    open_to_narrow(endpoint, _is_in_package)
