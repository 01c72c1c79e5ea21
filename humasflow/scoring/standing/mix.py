"""The required mix: pillars or kinds of content that must be there beside the total."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from humasflow.core.periods import Period
from humasflow.orgs.models import Unit
from humasflow.planning.queries import list_content_types, list_pillars
from humasflow.scoring.enums import PointState, TargetScope
from humasflow.scoring.models import SchemeVersion, Target
from humasflow.scoring.queries.contributions import Dimension, counts_by
from humasflow.scoring.standing.figures import MixShown

_DIMENSIONS = {TargetScope.PILLAR: Dimension.PILLAR, TargetScope.CONTENT_TYPE: Dimension.CONTENT_TYPE}
_LIVE = (PointState.VERIFIED, PointState.LIVE_UNVERIFIED)


def mix_of(
    office: Unit, version: SchemeVersion, period: Period, wanted: Mapping[str, Sequence[Target]]
) -> dict[str, tuple[MixShown, ...]]:
    """What the mix asks for (``wanted``, by component key) and what is live of it. No statement without a mix, four at
    most.
    """
    if not wanted:
        return {}
    live: dict[tuple[TargetScope, int | None, str], Decimal] = {}
    names: dict[tuple[TargetScope, int], str] = {}
    for scope in {target.scope for targets in wanted.values() for target in targets}:
        names |= _names(office.id, scope)
        for row in counts_by(office.id, version.scheme_id, period.key, _DIMENSIONS[scope]):
            if row.state in _LIVE:
                key = (scope, row.part_id, row.component_key)
                live[key] = live.get(key, Decimal(0)) + row.quantity
    return {
        component: tuple(
            MixShown(
                names.get((t.scope, t.scope_id), ""),
                t.value,
                live.get((t.scope, t.scope_id, component), Decimal(0)),
            )
            for t in targets
        )
        for component, targets in wanted.items()
    }


def _names(office_id: int, scope: TargetScope) -> dict[tuple[TargetScope, int], str]:
    if scope is TargetScope.PILLAR:
        return {(scope, p.id): p.name for p in list_pillars(office_id, with_inactive=True)}
    return {(scope, t.id): t.label for t in list_content_types(office_id, with_inactive=True)}
