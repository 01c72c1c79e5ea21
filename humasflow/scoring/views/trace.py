"""From a number to its lines and posts, and from a post to what it earned."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import render_template, request, url_for
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.core.errors import NotFound
from humasflow.core.guards import requires
from humasflow.core.localtime import zone
from humasflow.core.periods import Period, parse_period
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office, list_sections
from humasflow.planning.queries import list_content_types, list_pillars
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.publishing.queries import get_delivery
from humasflow.scoring import queries
from humasflow.scoring.earning import earned_by
from humasflow.scoring.enums import Beneficiary, ComponentKind, PointState
from humasflow.scoring.forms.verification import DisputeForm, ReverseForm
from humasflow.scoring.in_progress import ComingPost, list_coming
from humasflow.scoring.models import Component, SchemeVersion, ScoreScheme
from humasflow.scoring.proof import proofs_of
from humasflow.scoring.selection import counts_for
from humasflow.scoring.services.attribution import Part
from humasflow.scoring.services.booking import close_of
from humasflow.scoring.services.reconsidering import undoable
from humasflow.scoring.services.verification import why_not_dispute, why_not_verify
from humasflow.scoring.views.asked import asked_number, asked_period, asked_scheme
from humasflow.scoring.views.blueprint import blueprint

# What the address may ask for besides the state of a point, and which stages of the work that is.
COMING = {
    "scheduled": ("scheduled",), "review": ("review",), "writing": ("writing", "returned", "held"),
    "stuck": ("stuck",),
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """What the page of a component is about."""

    scheme: ScoreScheme
    version: SchemeVersion
    component: Component
    period: Period

    @property
    def has_points(self) -> bool:
        """Whether its number is what publications bring, not how many there are."""
        return self.component.kind is ComponentKind.POINTS


@blueprint.get("/capaian/komponen/<key>")
@requires(Permission.SCORE_READ)
def component(key: str) -> str:
    """The lines behind a number with their posts or measurements, and what is on its way to it."""
    office = acting_office(current_user)
    shown = _shown(office, key)
    behind = _behind(office, shown)
    asked = request.args.get("keadaan", "")
    state = PointState(asked) if asked in set(PointState) else None
    closed = close_of(shown.scheme.id, shown.period.key)
    types = list_content_types(office.id, with_inactive=True)
    on_the_way = [] if closed else _coming(office, shown, behind, {t.code: t.id for t in types})
    if asked in COMING:
        coming, lines = [p for p in on_the_way if p.stage in COMING[asked]], None
    else:
        coming = [p for p in on_the_way if p.bucket] if not asked else []
        lines = queries.list_lines(
            behind, reader_id=current_user.id, state=state, cursor=request.args.get("setelah")
        )
    counts = queries.count_lines(behind)
    return render_template(
        "scoring/component.html",
        shown=shown, behind=behind, asked=asked, state=state, lines=lines, coming=coming, counts=counts,
        numbers={s: counts.get(s, (0, Decimal(0)))[int(shown.has_points)] for s in PointState},
        target=queries.targets_of(office.id, shown.scheme.id, shown.period.key).get(key),
        sections=list_sections(office.id, with_inactive=True),
        pillars=list_pillars(office.id, with_inactive=True), types=types,
        whose=queries.names_of([behind.beneficiary]).get(behind.beneficiary, ""),
        coming_counts=_by_stage(shown, on_the_way), closed=closed, PointState=PointState,
        parse_period=parse_period, parts={part.value: part.label for part in Part}, args=_args(shown, behind),
    )  # fmt: skip


def _shown(office: Unit, key: str) -> Shown:
    scheme = asked_scheme(office)
    if scheme is None:
        raise NotFound
    period = asked_period(office, scheme)
    version = queries.version_at(scheme, period.end)
    component = next((c for c in version.components if c.key == key), None) if version else None
    if version is None or component is None:
        raise NotFound
    return Shown(scheme, version, component, period)


def _behind(office: Unit, shown: Shown) -> queries.Behind:
    """The narrowing that the address asks for. One's own lines anybody may see, those of others not."""
    person = asked_number("orang")
    if person not in (None, current_user.id) and not current_user.can(
        Permission.CONTRIBUTION_READ, office.id
    ):
        raise NotFound
    return queries.Behind(
        office.id, shown.scheme.id, shown.component.key, shown.period.key, section_id=asked_number("seksi"),
        person_id=person, pillar_id=asked_number("pilar"), type_id=asked_number("jenis"),
    )  # fmt: skip


def _args(shown: Shown, behind: queries.Behind) -> dict[str, Any]:
    """What links on the page carry on; what is empty is left out of an address by itself."""
    return {
        "key": shown.component.key, "periode": shown.period.key, "skema": asked_number("skema"),
        "seksi": behind.section_id, "pilar": behind.pillar_id, "orang": behind.person_id,
        "jenis": behind.type_id,
    }  # fmt: skip


def _coming(office: Unit, shown: Shown, behind: queries.Behind, types: Mapping[str, int]) -> list[ComingPost]:
    """Posts on their way, narrowed in the same way; nobody has a share in them yet."""
    if behind.person_id is not None:
        return []
    start, end = shown.period.utc_bounds(zone(office.zone_name))
    current = today_at(office) in shown.period
    posts = list_coming(office.id, start, end, with_undated=current, reader_id=current_user.id)
    wanted: list[tuple[int | None, Callable[[ComingPost], int | None]]] = [
        (behind.pillar_id, lambda p: p.pillar_id), (behind.section_id, lambda p: p.section_id),
        (behind.type_id, lambda p: types.get(p.content_type)),
    ]  # fmt: skip
    return [
        p for p in posts
        if counts_for(shown.component, p.facts)
        and all(id_ in (None, part(p) or queries.NOWHERE) for id_, part in wanted)
    ]  # fmt: skip


def _by_stage(shown: Shown, posts: list[ComingPost]) -> dict[str, Decimal]:
    """The same numbers as on the standing: publications, or the points they will bring."""
    return {
        name: sum((counts_for(shown.component, p.facts) for p in posts if p.stage in stages), Decimal(0))
        for name, stages in COMING.items()
    }


@blueprint.get("/capaian/publikasi/<int:delivery_id>")
@requires(Permission.SCORE_READ)
def publication_trace(delivery_id: int) -> str:
    """What a publication earned, for whom and by which rules; or why it did not."""
    delivery = get_delivery(current_user, delivery_id)
    if delivery.published_at is None:
        raise NotFound
    return trace_page(delivery)


def trace_page(
    delivery: Delivery, *, reasoned: DisputeForm | ReverseForm | None = None, onward: str = ""
) -> str:
    """The page of one that is or was live, with what may be decided about it. ``reasoned``: a form that could not be
    taken as it was sent; it stands there again, and leads to ``onward`` once it can.
    """
    where = get_office(delivery.office_id)
    events = queries.list_events_of(delivery.id)
    is_live = delivery.state is DeliveryState.PUBLISHED
    verifies = is_live and bool(events) and current_user.can(Permission.EVIDENCE_VERIFY, delivery.office_id)
    here = url_for("scoring.publication_trace", delivery_id=delivery.id)
    return render_template(
        "scoring/publication.html",
        delivery=delivery, where=where, earned=earned_by(delivery), proof=proofs_of([delivery.id])[delivery.id],
        events=events, is_live=is_live, verifies=verifies, here=here, onward=onward or here,
        seen=events[-1].id if events else "",
        reasons=why_not_verify(current_user, delivery) if verifies else (),
        reasons_to_leave=why_not_dispute(current_user, delivery) if verifies else (),
        dispute_form=reasoned if isinstance(reasoned, DisputeForm) else DisputeForm(formdata=None),
        reverse_form=reasoned if isinstance(reasoned, ReverseForm) else ReverseForm(formdata=None),
        reasoned=reasoned, slip=undoable(current_user, delivery) if verifies and not reasoned else None,
        sees_people=current_user.can(Permission.CONTRIBUTION_READ, delivery.office_id), Beneficiary=Beneficiary,
        PointState=PointState,
    )  # fmt: skip
