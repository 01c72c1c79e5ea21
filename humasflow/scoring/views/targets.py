"""The administration of targets: for the office, its sections and people, and what must be among the publications."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from humasflow.accounts.models import User
from humasflow.accounts.policy import acting_office, require
from humasflow.core.errors import NotAllowed, UserError
from humasflow.core.forms import trimmed
from humasflow.core.guards import requires
from humasflow.core.paging import Page
from humasflow.core.periods import Period, parse_period
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.scoring import queries
from humasflow.scoring.enums import TargetScope
from humasflow.scoring.forms.targets import TargetsForm, read_target
from humasflow.scoring.models import PeriodClose, SchemeVersion, ScoreScheme
from humasflow.scoring.policy import may_see_persons_targets
from humasflow.scoring.queries.targets import (
    key_of,
    list_targets,
    newest_period_before,
    newest_target_id,
    page_of_people,
    page_of_revisions,
)
from humasflow.scoring.services import targets as service
from humasflow.scoring.services.booking import close_of
from humasflow.scoring.target_grid import Grid, TargetPart, build_grid, owner_names, people_of
from humasflow.scoring.targeting import problem_of, unit_of
from humasflow.scoring.views.asked import asked_period, asked_scheme, neighbour
from humasflow.scoring.views.blueprint import blueprint

PEOPLE_EACH = 25  # a page: each has a field for every component
_OF_PERSON = re.compile(r"value-.{1,60}-o([0-9]{1,9})")  # see Cell.name


class Shown(NamedTuple):
    """What a page of targets is about."""

    office: Unit
    scheme: ScoreScheme
    version: SchemeVersion
    period: Period
    close: PeriodClose | None

    @property
    def may_change(self) -> bool:
        """Whether the reader can save here."""
        return self.close is None and current_user.can(Permission.SCORE_MANAGE, self.office.id)


@blueprint.route("/pengaturan/sasaran", methods=["GET", "POST"])
@requires(Permission.SCORE_MANAGE, Permission.SCORE_READ)
def targets() -> Any:
    """The targets of a period with the letters they come from; who may not set them reads them."""
    shown, schemes = asked_targets()
    if shown is None:
        return render_template("scoring/no_scheme.html", sets=current_user.can(Permission.SCORE_MANAGE))
    part = _asked_part()
    sees_persons = may_see_persons_targets(current_user, shown.office.id)
    if part is TargetPart.PERSONS and not sees_persons:
        raise NotAllowed(_("Sasaran perorangan hanya terlihat oleh yang bersangkutan dan yang mengaturnya."))
    if part is TargetPart.HISTORY:
        return _page(shown, schemes, part, sees_persons, history=_history(shown, sees_persons))
    people, status = _people(shown, part), 200
    seen = newest_target_id(shown.office.id, shown.scheme.id, shown.period.key)
    grid = _grid(shown, part, people.items)
    form = TargetsForm()
    if form.is_submitted():
        require(current_user, Permission.SCORE_MANAGE, shown.office.id)
        seen = _seen_number()
        before = list_targets(shown.office.id, shown.scheme.id, shown.period.key, part.scopes, up_to=seen)
        asked = _grid(shown, part, people.items, before=before)
        status = _save(form, shown, asked)
        if not status:
            return redirect(url_for("scoring.targets", **_address(shown, part)), code=303)
        if status == service.TargetsMoved.status:  # they are told what stands now, and go on from there
            seen = newest_target_id(shown.office.id, shown.scheme.id, shown.period.key)
            _bring_up_to_date(asked, shown)
        grid = asked
    return _page(
        shown, schemes, part, sees_persons, grid=grid, form=form, people=people, sums=_sums(shown, grid), seen=seen,
    ), status  # fmt: skip


def asked_targets() -> tuple[Shown | None, Sequence[ScoreScheme]]:
    """The scheme and period that the address names, and every scheme in use; None where no rules are in effect."""
    office = acting_office(current_user)
    schemes = queries.list_schemes(office.id)
    scheme = asked_scheme(office, schemes)
    period = asked_period(office, scheme)
    version = service.version_for_targets(scheme, period) if scheme else None
    if scheme is None or version is None:
        return None, schemes
    return Shown(office, scheme, version, period, close_of(scheme.id, period.key)), schemes


def _asked_part() -> TargetPart:
    wanted = request.args.get("bagian", "")
    return TargetPart(wanted) if wanted in set(TargetPart) else TargetPart.OFFICE


def _address(shown: Shown, part: TargetPart) -> dict[str, Any]:
    """The arguments of this very page."""
    return {
        "periode": shown.period.key, "skema": shown.scheme.id,
        "bagian": None if part is TargetPart.OFFICE else part.value,
        "q": request.args.get("q") or None, "setelah": request.args.get("setelah") or None,
    }  # fmt: skip


def _people(shown: Shown, part: TargetPart) -> Page[User]:
    """Whose rows to show: a page by name, or, in what was sent, those who stood in the form."""
    if part is not TargetPart.PERSONS:
        return Page([], None)
    if request.method == "POST":
        sent = {int(found[1]) for name in request.form if (found := _OF_PERSON.fullmatch(name))}
        return Page(people_of(shown.office, sorted(sent)[: 4 * PEOPLE_EACH]), None)
    return page_of_people(
        shown.office, shown.scheme.id, shown.period.key, q=trimmed(request.args.get("q", ""))[:100],
        cursor=request.args.get("setelah"), size=PEOPLE_EACH,
    )  # fmt: skip


def _grid(shown: Shown, part: TargetPart, people: Sequence[User], *, before: Any = None) -> Grid:
    office_id, scheme_id = shown.office.id, shown.scheme.id
    narrowed = [p.id for p in people] if part is TargetPart.PERSONS else None
    now = (
        list_targets(office_id, scheme_id, shown.period.key, part.scopes, scope_ids=narrowed)
        if before is None
        else before
    )
    earlier = neighbour(shown.period, -1)
    previous = (
        list_targets(office_id, scheme_id, earlier.key, part.scopes, scope_ids=narrowed) if earlier else []
    )
    return build_grid(part, shown.office, shown.version.components, now, previous, people)


def _sums(shown: Shown, grid: Grid) -> dict[TargetScope, Any]:
    """What sections, pillars and kinds of content add up to, beside the office's own."""
    if grid.part not in (TargetPart.SECTIONS, TargetPart.MIX):
        return {}
    office = queries.targets_of(shown.office.id, shown.scheme.id, shown.period.key)
    return {scope: grid.sums(office, scope) for scope in grid.part.scopes}


def _save(form: TargetsForm, shown: Shown, grid: Grid) -> int:
    """Save what differs from what was shown. Returns 0, or the status with which the form comes back, with every
    problem beside its cell and everything that was typed.
    """
    form.validate()
    changes = _changes(grid, request.form, whole=bool(form.letter_for_all.data))
    if left_out := _without_cell(grid, request.form):
        text = _(
            "Sebagian baris atau komponen tidak ada lagi di sini, jadi isinya belum disimpan: %(values)s. "
            "Periksa, lalu simpan lagi.",
            values=", ".join(left_out),
        )
        form.form_errors = [*form.form_errors, text]
    letter, reason = form.letter.data or "", form.reason.data or ""
    cells = {cell.key: cell for cell in grid.cells}
    status = 422 if form.errors or any(cell.error for cell in grid.cells) else 0
    try:
        if status:
            service.check_targets(
                shown.scheme, period=shown.period, changes=changes, letter=letter, reason=reason
            )
        else:
            made = service.set_targets(
                shown.scheme, actor=current_user, period=shown.period, changes=changes, letter=letter,
                reason=reason, seen=_seen_number(), letter_for_all=bool(form.letter_for_all.data),
            )  # fmt: skip
            flash(_done(shown, made), "success")
            return 0
    except service.TargetsMoved as moved:
        status = moved.status
        for key, text in moved.problems.items():
            cells[key].error = text
    except service.TargetsRefused as refused:
        status = refused.status
        for key, text in refused.problems.items():
            cells[key].error = text
        for field, text in ((form.letter, refused.letter), (form.reason, refused.reason)):
            if text and not field.errors:
                form.fail(field, text)
    except UserError as refused:  # the period was closed meanwhile: what was typed stays on the page
        status = refused.status
        form.form_errors = [*form.form_errors, refused.message]
    return status


def _without_cell(grid: Grid, sent: MultiDict[str, str]) -> list[str]:
    """What was typed for a row or component that went out of use while the form was open."""
    known = {f"value-{cell.name}" for cell in grid.cells}
    gone = (text for name, text in sent.items() if name.startswith("value-") and name not in known)
    return [text.strip()[:20] for text in gone if text.strip()][:10]


def _bring_up_to_date(grid: Grid, shown: Shown) -> None:
    """Cells that nobody typed in show what is in force now: sent again, they undo nothing of what others set."""
    now = list_targets(shown.office.id, shown.scheme.id, shown.period.key, grid.part.scopes)
    in_force = {key_of(target): target for target in now}
    for cell in grid.cells:
        cell.target = in_force.get(cell.key)


def _seen_number() -> int:
    text = request.form.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _changes(grid: Grid, sent: MultiDict[str, str], *, whole: bool) -> list[service.TargetChange]:
    """What a person changed of what they were shown, or with ``whole`` everything; a cell that cannot be read carries
    its error.
    """
    changes = []
    for cell in grid.cells:
        if f"value-{cell.name}" not in sent:
            continue
        cell.typed, cell.typed_upper = sent.get(f"value-{cell.name}", ""), sent.get(f"upper-{cell.name}")
        try:
            value = read_target(cell.typed, cell.component, cell.key.scope)
            upper = read_target(cell.typed_upper or "", cell.component, cell.key.scope)
        except ValueError as error:
            cell.error = str(error)
            continue
        if value is None and upper is not None:
            cell.error = _("Isi juga batas bawahnya.")
            continue
        change = service.TargetChange(cell.key, value, upper)
        if change.is_as(cell.target):
            cell.typed = cell.typed_upper = None
            if not whole:
                continue  # somebody else may have set it meanwhile: that stands
        elif value is not None:
            cell.error = problem_of(cell.component, value, upper, cell.key.scope)
        if not cell.error:
            changes.append(change)
    return changes


def _done(shown: Shown, made: Sequence[Any]) -> str:
    taken_back = sum(t.is_withdrawn for t in made)
    if not made:
        return _("Tidak ada yang berubah.")
    if not taken_back:
        return _("Sasaran %(period)s disimpan: %(n)s ditetapkan.", period=shown.period.label, n=len(made))
    return _(
        "Sasaran %(period)s disimpan: %(n)s ditetapkan, %(back)s ditarik.",
        period=shown.period.label, n=len(made) - taken_back, back=taken_back,
    )  # fmt: skip


def _history(shown: Shown, sees_persons: bool) -> dict[str, Any]:
    page = page_of_revisions(
        shown.office.id, shown.scheme.id, shown.period.key, with_persons=sees_persons,
        cursor=request.args.get("setelah"),
    )  # fmt: skip
    return {"page": page, "owners": owner_names(shown.office.id, [r.target for r in page.items])}


def _page(
    shown: Shown, schemes: Sequence[ScoreScheme], part: TargetPart, sees_persons: bool, **more: Any
) -> str:
    manages = shown.may_change
    source = newest_period_before(shown.scheme, shown.period.key) if manages else None
    return render_template(
        "scoring/targets.html",
        shown=shown,
        schemes=schemes,
        shows=part,
        parts=[p for p in TargetPart if sees_persons or p is not TargetPart.PERSONS],
        labels={c.key: c.label for v in shown.scheme.versions for c in v.components},
        copies_from=_label_of(source),
        earlier=neighbour(shown.period, -1),
        later=neighbour(shown.period, 1),
        address=_address(shown, part),
        shown_value=service.shown_value,
        unit_of=unit_of,
        **more,
    )


def _label_of(key: str | None) -> str:
    return parse_period(key).short_label if key else ""
