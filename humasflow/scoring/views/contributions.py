"""A period by section, pillar and person: what brought a number, never a ranking of people."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.models import User
from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import require_of_office
from humasflow.core.charts import Bar, BarChart, Part, bar_chart, show
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.forms import trimmed
from humasflow.core.guards import requires, signed_in
from humasflow.core.periods import Period
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.scoring import queries
from humasflow.scoring.models import Component, SchemeVersion, ScoreScheme
from humasflow.scoring.queries.contributions import Dimension, has_part_in, page_of_parts
from humasflow.scoring.services.attribution import Part as PartOfWork
from humasflow.scoring.standing.by_person import by_person, one_person
from humasflow.scoring.standing.by_pillar import by_part
from humasflow.scoring.standing.by_section import by_section
from humasflow.scoring.standing.sentences import joined
from humasflow.scoring.standing.tally import Cell, counting
from humasflow.scoring.views.asked import asked_period, asked_scheme, neighbour
from humasflow.scoring.views.blueprint import blueprint


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a scheme and a period of its type. ``version`` None: no rules were in effect."""

    office: Unit
    schemes: list[ScoreScheme]
    scheme: ScoreScheme | None
    period: Period
    version: SchemeVersion | None

    @property
    def component(self) -> Component | None:
        """The component that ``?komponen=`` names, else the weightiest that publications bring forward."""
        if self.version is None:
            return None
        components = counting(self.version)
        wanted = request.args.get("komponen", "")
        named = next((c for c in components if c.key == wanted), None)
        return named or max(components, key=lambda c: c.weight, default=None)

    def link(self, endpoint: str, **more: Any) -> str:
        """An address that keeps the scheme and the period."""
        period = request.args.get("periode") or request.args.get("tw")  # as links of earlier releases say it
        kept = {"periode": period, "skema": request.args.get("skema")}
        return url_for(endpoint, **(kept | more))


def asked() -> Asked:
    """Read the address for the office the person acts in. Aborts with 404 for what is no period."""
    office = acting_office(current_user)
    schemes = list(queries.list_schemes(office.id, with_inactive=True))
    scheme = asked_scheme(office, schemes)
    period = asked_period(office, scheme)
    version = queries.version_at(scheme, period.end) if scheme else None
    return Asked(office, [s for s in schemes if s.is_active], scheme, period, version)


def frame(wanted: Asked) -> dict[str, Any]:
    """What every page of these shows above its content."""
    return {
        "asked": wanted,
        "period": wanted.period,
        "scheme": wanted.scheme,
        "before": neighbour(wanted.period, -1),
        "after": neighbour(wanted.period, 1),
    }


@blueprint.get("/capaian/seksi")
@requires(Permission.SCORE_READ)
def sections() -> str:
    """What each section's stories brought, against its target."""
    wanted = asked()
    component = wanted.component
    if wanted.version is None or component is None:
        return render_template("scoring/sections.html", **frame(wanted), found=None)
    found = by_section(wanted.office, wanted.version, wanted.period)
    bars = [
        _bar(
            row.section.name if row.section else _("Tanpa seksi (termasuk penyesuaian)"),
            row.cell(component.key),
            _behind(wanted, component, seksi=row.section.id if row.section else queries.NOWHERE),
        )
        for row in found.rows
    ]
    return render_template(
        "scoring/sections.html",
        **frame(wanted), found=found, component=component,
        chart=_chart(bars, component, _("Seksi")), behind=partial(_behind, wanted), nowhere=queries.NOWHERE,
    )  # fmt: skip


@blueprint.get("/capaian/pilar")
@requires(Permission.SCORE_READ)
def pillars() -> str:
    """The office's publications by pillar, with ``?menurut=jenis`` by kind of content; a required mix beside them."""
    wanted = asked()
    component = wanted.component
    by_type = request.args.get("menurut") == "jenis"
    by = "jenis" if by_type else "pilar"
    if wanted.version is None or component is None:
        return render_template("scoring/pillars.html", **frame(wanted), found=None, by_type=by_type)
    found = by_part(
        wanted.office, wanted.version, wanted.period, Dimension.CONTENT_TYPE if by_type else Dimension.PILLAR
    )
    nameless = _("Penyesuaian") if by_type else _("Tanpa pilar (termasuk penyesuaian)")
    bars = [
        _bar(
            row.name or nameless,
            row.cell(component.key),
            _behind(wanted, component, **{by: row.id or queries.NOWHERE}),
        )
        for row in found.rows
        if row.cell(component.key).tally
        or row.cell(component.key).target  # the others are of other components
    ]
    return render_template(
        "scoring/pillars.html",
        **frame(wanted), found=found, component=component, by_type=by_type, nameless=nameless,
        joined=joined, behind=partial(_behind, wanted), by=by, nowhere=queries.NOWHERE,
        chart=_chart(bars, component, _("Jenis konten") if by_type else _("Pilar")),
    )  # fmt: skip


@blueprint.get("/capaian/orang")
@requires(Permission.CONTRIBUTION_READ)
def people() -> str:
    """The people of the office by name, with what each had a part in."""
    wanted = asked()
    if wanted.version is None:
        return render_template("scoring/people.html", **frame(wanted), found=None, q="")
    q = trimmed(request.args.get("q", ""))[:80]
    found = by_person(wanted.office, wanted.version, wanted.period, q=q, cursor=request.args.get("setelah"))
    return render_template("scoring/people.html", **frame(wanted), found=found, q=q)


@blueprint.get("/capaian/orang/<int:user_id>")
@signed_in
def person(user_id: int) -> str:
    """What one person had a part in: one's own, or another's by permission."""
    office = acting_office(current_user)
    if user_id != current_user.id and not current_user.can(Permission.CONTRIBUTION_READ, office.id):
        raise NotFound
    return _show_person(user_id, "scoring.person")


@blueprint.get("/capaian/saya")
@signed_in
def my_contribution() -> str:
    """One's own contribution."""
    return _show_person(current_user.id, "scoring.my_contribution")


def _show_person(user_id: int, endpoint: str) -> str:
    wanted = asked()
    someone = _person_of(wanted.office, user_id)
    row = parts = None
    key = request.args.get("komponen", "")
    if wanted.version is not None:
        row = one_person(wanted.office, wanted.version, wanted.period, someone)
        parts = page_of_parts(
            wanted.office.id, wanted.version.scheme_id, wanted.period.key, someone.id, reader_id=current_user.id,
            component_key=key, cursor=request.args.get("setelah"),
        )  # fmt: skip
    return render_template(
        "scoring/person.html",
        **frame(wanted), person=someone, row=row, parts=parts, key=key, endpoint=endpoint,
        own=someone.id == current_user.id, args={"user_id": user_id} if endpoint == "scoring.person" else {},
        part_labels={part.value: part.label for part in PartOfWork},
    )  # fmt: skip


def _person_of(office: Unit, user_id: int) -> User:
    """Someone who has or had a role in the office or a part in what it published. Raises NotFound."""
    if user_id >= 2**63:
        raise NotFound
    if not has_part_in(office.id, user_id):
        require_of_office(office, user_id)
    found = db.session.get(User, user_id)
    if found is None:
        raise NotFound
    return found


def _behind(wanted: Asked, component: Component, **narrowing: int) -> str:
    """The page of the lines behind a number."""
    return wanted.link(
        "scoring.component", key=component.key, periode=wanted.period.key,
        skema=wanted.scheme.id if wanted.scheme else None, **narrowing,
    )  # fmt: skip


def _bar(name: str, cell: Cell, url: str) -> Bar:
    parts = [Part(cell.tally.verified, "verified"), Part(cell.tally.unverified, "unverified")]
    number = show(cell.tally.verified)
    if cell.tally.unverified:  # beside what is verified, never added in silence
        number = f"{number} +{show(cell.tally.unverified)}"
    if cell.wanted is not None:
        number = _("%(n)s dari %(target)s", n=number, target=show(cell.wanted))
    return Bar(name, parts, target=cell.wanted, url=url, number=number)


def _chart(bars: list[Bar], component: Component, heading: str) -> BarChart:
    return bar_chart(bars, title=component.label, whole=True, heading=heading)
