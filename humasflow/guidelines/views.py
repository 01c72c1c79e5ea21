"""Pedoman, for the office's admin: checklists, rules, and the office's own words."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core.converters import row_number
from humasflow.core.errors import Conflict, UserError
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.guidelines import queries, services
from humasflow.guidelines.enums import RuleLevel
from humasflow.guidelines.forms import ItemForm, RuleForm, WordsForm
from humasflow.planning import queries as planning
from humasflow.planning.production_roles.queries import list_production_roles

blueprint = Blueprint("guidelines", __name__, url_prefix="/pengaturan/pedoman")


@blueprint.get("")
@requires(Permission.OFFICE_MANAGE)
def index() -> Any:
    """The three parts: which checklists there are, every rule with its weight, how many words the office has."""
    office = acting_office(current_user)
    counts: dict[int | None, int] = {}
    for item in queries.list_items(office.id):
        if item.is_active:
            counts[item.content_type_id] = counts.get(item.content_type_id, 0) + 1
    return render_template(
        "guidelines/index.html", rules=queries.list_rules(office.id), counts=counts,
        types=planning.list_content_types(office.id), words=queries.count_words(office.id),
    )  # fmt: skip


# Checklists


@blueprint.route("/daftar-periksa", methods=["GET", "POST"])
@blueprint.route("/daftar-periksa/<int:content_type_id>", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def checklist(content_type_id: int | None = None) -> Any:
    """What is asked of a content type (or of all), and a form to ask one thing more."""
    office = acting_office(current_user)
    content_type = (
        planning.get_content_type(office.id, content_type_id) if content_type_id is not None else None
    )
    form = ItemForm()
    form.offer(list_production_roles(office.id))
    if request.method == "GET":
        form.level.data, form.asked_of.data = "recommended", "writer"
    elif form.validate():
        try:
            services.create_item(
                office.id, actor=current_user, content=form.content, content_type_id=content_type_id
            )
        except UserError as error:
            form.fail(form.text, error.message)
        else:
            flash(_("Butir ditambahkan."), "success")
            return redirect(url_for("guidelines.checklist", content_type_id=content_type_id), code=303)
    every = queries.list_items(office.id)
    own = [i for i in every if i.content_type_id == content_type_id]
    general = [i for i in every if i.content_type_id is None and i.is_active] if content_type else []
    page = render_template(
        "guidelines/checklist.html", form=form, content_type=content_type, general=general,
        active=[i for i in own if i.is_active], inactive=[i for i in own if not i.is_active],
    )  # fmt: skip
    return page, 422 if form.errors else 200


@blueprint.route("/butir/<int:item_id>", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def item(item_id: int) -> Any:
    """Reword an item, or ask it otherwise."""
    office = acting_office(current_user)
    found = queries.get_item(office.id, item_id)
    content_type = (
        planning.get_content_type(office.id, found.content_type_id) if found.content_type_id else None
    )
    form = ItemForm()
    form.offer(list_production_roles(office.id), item=found)
    page: dict[str, Any] = {"form": form, "item": found, "content_type": content_type}
    if request.method == "GET":
        form.show(found)
        return render_template("guidelines/item.html", **page)
    if not form.validate():
        return render_template("guidelines/item.html", **page), 422
    try:
        services.change_item(
            found, actor=current_user, content=form.content, row_version=form.row_version.data
        )
    except Conflict:
        form.row_version.data = found.row_version
        return render_template("guidelines/item.html", **page, saved_meanwhile=True), 409
    except UserError as error:
        form.fail(form.text, error.message)
        return render_template("guidelines/item.html", **page), 422
    flash(_("Perubahan tersimpan."), "success")
    return redirect(url_for("guidelines.checklist", content_type_id=found.content_type_id), code=303)


@blueprint.post("/butir/<int:item_id>/<any(naik, turun, nonaktifkan, aktifkan):what>")
@requires(Permission.OFFICE_MANAGE)
def arrange_item(item_id: int, what: str) -> Any:
    """Move an item up or down, stop asking it, or ask it again."""
    found = queries.get_item(acting_office(current_user).id, item_id)
    if what in ("naik", "turun"):
        services.move_item(found, actor=current_user, up=what == "naik")
    else:
        services.switch_item(found, actor=current_user, is_active=what == "aktifkan")
        flash(
            _("Butir ditanyakan lagi.") if found.is_active else _("Butir tidak ditanyakan lagi."), "success"
        )
    return redirect(url_for("guidelines.checklist", content_type_id=found.content_type_id), code=303)


# Rules


@blueprint.route("/aturan/<code>", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def rule(code: str) -> Any:
    """How heavy a rule's findings are, from which threshold, for which content types."""
    office = acting_office(current_user)
    row = queries.get_rule(office.id, code)
    form = RuleForm()
    form.offer(row, planning.list_content_types(office.id))
    if request.method == "GET":
        form.show(row)
        return render_template("guidelines/rule.html", form=form, row=row)
    if not form.validate():
        return render_template("guidelines/rule.html", form=form, row=row), 422
    try:
        services.change_rule(
            office.id, row.rule.code, actor=current_user, level=RuleLevel(form.level.data), options=form.options(row),
            row_version=form.row_version.data,
        )  # fmt: skip
    except Conflict:
        form.row_version.data = row.row_version
        return render_template("guidelines/rule.html", form=form, row=row, saved_meanwhile=True), 409
    except UserError as error:
        form.fail(form.most if "min" in row.options else form.level, error.message)
        return render_template("guidelines/rule.html", form=form, row=row), 422
    flash(_("Aturan “%(name)s” tersimpan.", name=row.rule.code.label), "success")
    return redirect(url_for("guidelines.index", _anchor="aturan"), code=303)


@blueprint.post("/aturan/<code>/bawaan")
@requires(Permission.OFFICE_MANAGE)
def reset_rule(code: str) -> Any:
    """Back to what comes with the product."""
    office = acting_office(current_user)
    row = queries.get_rule(office.id, code)
    services.reset_rule(office.id, row.rule.code, actor=current_user)
    flash(_("Aturan “%(name)s” kembali ke bawaan.", name=row.rule.code.label), "success")
    return redirect(url_for("guidelines.index", _anchor="aturan"), code=303)


# The office's own words


@blueprint.route("/kamus", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def glossary() -> Any:
    """The words that are never flagged, found by search, and a field to paste many."""
    office = acting_office(current_user)
    form = WordsForm()
    refused: tuple[str, ...] = ()
    if form.validate_on_submit():
        try:
            result = services.add_words(office.id, form.words.data or "", actor=current_user)
        except UserError as error:
            form.fail(form.words, error.message)
        else:
            flash(_told(result), "success")
            if not result.refused:
                return redirect(url_for("guidelines.glossary"), code=303)
            refused, form.words.data = result.refused, "\n".join(result.refused)
    q = request.args.get("q", "").replace("\x00", "").strip()[:80]
    after = request.args.get("sesudah", "").replace("\x00", "")[:160]
    words, following = queries.list_words(office.id, q=q, after=after)
    page = render_template(
        "guidelines/glossary.html", form=form, words=words, following=following, q=q, after=after, refused=refused,
        total=queries.count_words(office.id),
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _told(result: services.WordsAdded) -> str:
    told = [ngettext("%(num)s kata ditambahkan.", "%(num)s kata ditambahkan.", result.added)]
    if result.explained:
        told.append(ngettext("%(num)s arti diganti.", "%(num)s arti diganti.", result.explained))
    if result.known:
        told.append(ngettext("%(num)s sudah ada.", "%(num)s sudah ada.", result.known))
    return " ".join(told)


@blueprint.post("/kamus/hapus")
@requires(Permission.OFFICE_MANAGE)
def remove_words() -> Any:
    """Take the chosen words out."""
    chosen = request.form.getlist("word", type=row_number)
    removed = services.remove_words(acting_office(current_user).id, chosen, actor=current_user)
    if removed:
        flash(ngettext("%(num)s kata dihapus.", "%(num)s kata dihapus.", removed), "success")
    else:
        flash(_("Pilih dahulu kata yang akan dihapus."), "info")
    q = request.form.get("q", "")[:80] or None
    return redirect(url_for("guidelines.glossary", q=q), code=303)
