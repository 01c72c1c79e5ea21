"""The required mix: pillars or kinds of content that must be there beside the total."""

from collections.abc import Mapping, Sequence

from humasflow.core.periods import Period
from humasflow.orgs.models import Unit
from humasflow.planning.queries import list_content_types, list_pillars
from humasflow.scoring.enums import TargetScope
from humasflow.scoring.models import SchemeVersion, Target
from humasflow.scoring.queries.contributions import Dimension, counts_by
from humasflow.scoring.standing.figures import MixShown
from humasflow.scoring.standing.tally import EMPTY, Tally, tallies

_DIMENSIONS = {TargetScope.PILLAR: Dimension.PILLAR, TargetScope.CONTENT_TYPE: Dimension.CONTENT_TYPE}


def mix_of(
    office: Unit, version: SchemeVersion, period: Period, wanted: Mapping[str, Sequence[Target]]
) -> dict[str, tuple[MixShown, ...]]:
    """What the mix asks for (``wanted``, by component key) and what is there of it, verified and not. No statement
    without a mix, four at most.
    """
    if not wanted:
        return {}
    found: dict[tuple[TargetScope, int | None, str], Tally] = {}
    names: dict[tuple[TargetScope, int], str] = {}
    for scope in {target.scope for targets in wanted.values() for target in targets}:
        names |= _names(office.id, scope)
        found |= tallies(
            ((scope, row.part_id, row.component_key), row.state, row.quantity)
            for row in counts_by(office.id, version.scheme_id, period.key, _DIMENSIONS[scope])
        )
    return {
        component: tuple(
            _shown(
                names.get((t.scope, t.scope_id), ""), t, found.get((t.scope, t.scope_id, component), EMPTY)
            )
            for t in targets
        )
        for component, targets in wanted.items()
    }


def _shown(label: str, target: Target, tally: Tally) -> MixShown:
    return MixShown(label, target.value, tally.live, tally.unverified)


def _names(office_id: int, scope: TargetScope) -> dict[tuple[TargetScope, int], str]:
    if scope is TargetScope.PILLAR:
        return {(scope, p.id): p.name for p in list_pillars(office_id, with_inactive=True)}
    return {(scope, t.id): t.label for t in list_content_types(office_id, with_inactive=True)}
