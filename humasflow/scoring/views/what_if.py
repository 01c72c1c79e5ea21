"""What if (Andai): tick or drop what is planned, make up numbers, and see the total. Read only, by GET."""

from decimal import Decimal

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.scoring import queries
from humasflow.scoring.forms.targets import read_target
from humasflow.scoring.models import Component, SchemeVersion
from humasflow.scoring.standing import standing_of
from humasflow.scoring.standing.sentences import amount
from humasflow.scoring.standing.what_if import MOST, choices, places_of, suppose, usual
from humasflow.scoring.views.asked import asked_period, asked_scheme
from humasflow.scoring.views.blueprint import blueprint

SHOWN = 200  # planned posts that can be ticked; further ones are counted as usual


@blueprint.get("/capaian/andai")
@requires(Permission.SCORE_READ)
def what_if() -> str:
    """The total as it would be. ``?lihat=1`` says that the form was sent: then only what is ticked counts."""
    office = acting_office(current_user)
    schemes = queries.list_schemes(office.id, with_inactive=True)
    scheme = asked_scheme(office, schemes)
    period = asked_period(office, scheme)
    found = standing_of(office, scheme, period, viewer_id=current_user.id) if scheme else None
    is_open = found is not None and found.close is None and not found.is_over
    posts, hidden, answer = [], 0, None
    typed: dict[str, str] = {}
    errors: dict[str, str] = {}
    if found is not None and is_open:
        every = choices(found)
        posts, hidden = every[:SHOWN], max(len(every) - SHOWN, 0)
        ticked = usual(every[SHOWN:]) | (_ticked() if request.args.get("lihat") else usual(posts))
        typed = {c.key: request.args.get(f"tambah-{c.key}", "").strip() for c in found.version.components}
        extra, errors = _numbers(found.version, typed)
        answer = suppose(found, ticked, extra)
    return render_template(
        "scoring/what_if.html",
        standing=found,
        scheme=scheme,
        period=period,
        many=sum(s.is_active for s in schemes) > 1,
        posts=posts,
        hidden=hidden,
        answer=answer,
        typed=typed,
        errors=errors,
    )


def _ticked() -> frozenset[int]:
    values = request.args.getlist("pos")
    return frozenset(int(v) for v in values if v.isascii() and v.isdigit() and len(v) < 19)


def _numbers(version: SchemeVersion, typed: dict[str, str]) -> tuple[dict[str, Decimal], dict[str, str]]:
    """The numbers that were made up, and what is wrong with those that are none: a wrong one counts as nothing."""
    extra, errors = {}, {}
    for component in version.components:
        text = typed[component.key]
        if not text:
            continue
        places = places_of(component)
        number = _read(text, component)
        if number is not None and 0 <= number <= MOST and number == round(number, places):
            extra[component.key] = number
        elif places:
            errors[component.key] = ngettext(
                "Isi dengan angka 0–%(most)s, paling banyak %(num)s angka di belakang koma, contohnya 2,5.",
                "Isi dengan angka 0–%(most)s, paling banyak %(num)s angka di belakang koma, contohnya 2,5.",
                places, most=amount(MOST),
            )  # fmt: skip
        else:
            errors[component.key] = _("Isi dengan bilangan bulat 0–%(most)s, contohnya 3.", most=amount(MOST))
    return extra, errors


def _read(text: str, component: Component) -> Decimal | None:
    """The number as people write it, None when it is none."""
    try:
        return read_target(text, component)
    except ValueError:
        return None
