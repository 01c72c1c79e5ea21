"""Taking the targets of an earlier period over: shown first, then set, never over what is there already."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from humasflow.accounts.policy import Principal
from humasflow.core.periods import Period
from humasflow.scoring.enums import TargetScope
from humasflow.scoring.models import ScoreScheme, Target
from humasflow.scoring.queries.targets import key_of, list_targets
from humasflow.scoring.services.booking import hold_alone
from humasflow.scoring.services.targets import (
    TargetChange,
    owners_of,
    problem_with,
    set_targets,
    version_for_targets,
)


class Fate(StrEnum):
    """What becomes of a target of the earlier period."""

    NEW = "new"
    KEPT = "kept"
    IMPOSSIBLE = "impossible"

    @property
    def label(self) -> str:
        """For people."""
        return str(_FATES[self])


_FATES = {
    Fate.NEW: _l("akan ditetapkan"),
    Fate.KEPT: _l("sudah ditetapkan, tidak diubah"),
    Fate.IMPOSSIBLE: _l("tidak disalin"),
}


@dataclass(frozen=True, slots=True)
class Copied:
    """A target of the earlier period, what is in force now, and what becomes of it; ``why``: of one not taken over."""

    source: Target
    present: Target | None
    fate: Fate
    why: str = ""


def plan_copy(scheme: ScoreScheme, *, source: Period, into: Period) -> list[Copied]:
    """What copying would do, in the order of the targets. Nothing is written; at most seven statements."""
    office_id = scheme.office_id
    present = {key_of(t): t for t in list_targets(office_id, scheme.id, into.key)}
    found = list_targets(office_id, scheme.id, source.key)
    version = version_for_targets(scheme, into)
    components = {c.key: c for c in version.components} if version else {}
    owners = owners_of(office_id, {t.scope for t in found})
    planned = []
    for target in found:
        now = present.get(key_of(target))
        change = TargetChange(key_of(target), target.value, target.upper)
        why = "" if now else problem_with(change, components, owners)
        fate = Fate.KEPT if now else Fate.IMPOSSIBLE if why else Fate.NEW
        planned.append(Copied(target, now, fate, why))
    order = list(TargetScope)
    return sorted(planned, key=lambda c: order.index(c.source.scope))


def copy_targets(
    scheme: ScoreScheme,
    *,
    actor: Principal,
    source: Period,
    into: Period,
    scopes: Collection[TargetScope],
    letter: str,
) -> Sequence[Target]:
    """Set in a period what an earlier one has and this one has not, of the scopes chosen. Safe to repeat: what is there
    stays. Returns the new rows. Raises what :func:`services.targets.set_targets` raises. Flushes.
    """
    hold_alone(scheme)  # what somebody sets meanwhile is there, and stays
    changes = [
        TargetChange(key_of(c.source), c.source.value, c.source.upper)
        for c in plan_copy(scheme, source=source, into=into)
        if c.fate is Fate.NEW and c.source.scope in scopes
    ]
    return set_targets(
        scheme, actor=actor, period=into, changes=changes, letter=letter,
        reason=_("Disalin dari %(period)s.", period=source.label),
    )  # fmt: skip
