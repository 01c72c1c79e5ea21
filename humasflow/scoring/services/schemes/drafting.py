"""Drafts: rules that are written on, left half-done, tried and thrown away. Nothing counts by them.

A scheme has one draft at a time, so that two people never prepare two different next versions without knowing. Each
save carries the version the form was opened with; the component's own form shares the draft's.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm.attributes import flag_modified

from humasflow.accounts.queries import today_at
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotFound
from humasflow.core.versions import expect_version
from humasflow.orgs.queries import get_office
from humasflow.scoring import queries
from humasflow.scoring.completeness import problem_of_weight
from humasflow.scoring.enums import VersionState
from humasflow.scoring.models import Component, SchemeVersion, ScoreScheme
from humasflow.scoring.services.booking import hold_alone
from humasflow.scoring.services.schemes.specs import (
    MAX_COMPONENTS,
    ComponentSpec,
    RulesSpec,
    SchemeRefused,
    fill,
    new_key,
    rules_of,
    spec_of_component,
    write_rules,
)


def new_version(
    scheme: ScoreScheme, *, actor: audit.Actor | None, rules: RulesSpec, note: str = ""
) -> SchemeVersion:
    """An empty draft with the next number. Flushes."""
    hold_alone(scheme)  # two people who begin at the same moment come one after the other
    number = db.session.scalar(
        select(func.max(SchemeVersion.number)).where(SchemeVersion.scheme_id == scheme.id)
    )
    version = SchemeVersion(
        scheme_id=scheme.id, number=(number or 0) + 1, state=VersionState.DRAFT,
        effective_from=today_at(get_office(scheme.office_id)), note=note, created_by=actor.id if actor else None,
        created_at=clock.now(), components=[],
    )  # fmt: skip
    write_rules(version, rules)
    scheme.versions.append(version)
    db.session.flush()
    return version


def add_component(version: SchemeVersion, spec: ComponentSpec) -> Component:
    """A further component at the end. Flushes."""
    if len(version.components) >= MAX_COMPONENTS:
        raise SchemeRefused(_("Paling banyak %(n)s komponen dalam satu skema.", n=MAX_COMPONENTS))
    component = Component(version_id=version.id, key=new_key(version, spec), position=_next_position(version))
    fill(component, spec)
    version.components.append(component)
    db.session.flush()
    if component.cap != spec.cap:  # an INSERT takes None for "not said" and fills the column's default in
        component.cap = spec.cap
        db.session.flush()
    return component


def _next_position(version: SchemeVersion) -> int:
    return max((component.position for component in version.components), default=-1) + 1


def start_draft(
    scheme: ScoreScheme,
    *,
    actor: audit.Actor | None,
    components: Sequence[ComponentSpec] | None = None,
    rules: RulesSpec | None = None,
    note: str = "",
) -> SchemeVersion:
    """The draft of a scheme: the one there is, else a new one, a copy of the newest rules unless ``components`` say
    what it begins with. Safe to repeat. Flushes.
    """
    hold_alone(scheme)  # two people who begin at the same moment come one after the other
    found = queries.draft_of(scheme)
    if found is not None:
        return found
    newest = queries.newest_version(scheme)
    if components is None:
        components = [spec_of_component(c) for c in newest.components] if newest else []
    if rules is None:
        rules = rules_of(newest) if newest else RulesSpec()
    version = new_version(scheme, actor=actor, rules=rules, note=note)
    for spec in components:
        add_component(version, spec)
    _record(version, actor, "started")
    return version


def save_rules(
    version: SchemeVersion, rules: RulesSpec, *, actor: audit.Actor, row_version: int | None = None
) -> None:
    """Save what holds for the draft as a whole. Half-done is fine. Raises Conflict. Flushes."""
    _writable(version, row_version)
    if rules_of(version) == RulesSpec(
        rounding=rules.rounding, total_cap=rules.total_cap, consolidation=rules.consolidation,
        conversion=dict(rules.conversion), bands=[dict(b) for b in rules.bands],
    ):  # fmt: skip
        return
    write_rules(version, rules)
    db.session.flush()
    _record(version, actor, "rules")


def save_weights(
    version: SchemeVersion,
    weights: Mapping[str, Decimal],
    *,
    actor: audit.Actor,
    row_version: int | None = None,
) -> bool:
    """Save the weights by component key, in per cent; what is not named stays. True when something changed. They need
    not sum to 100 yet: that is asked when the draft is activated. Raises Conflict, SchemeRefused. Flushes.
    """
    _writable(version, row_version)
    _refuse_weights(weights.values())
    changed = False
    for component in version.components:
        wanted = weights.get(component.key)
        if wanted is not None and wanted != component.weight:
            component.weight, changed = wanted, True
    if changed:
        _touch(version)
        _record(version, actor, "weights", weights={k: str(w) for k, w in weights.items()})
    return changed


def save_component(
    version: SchemeVersion,
    spec: ComponentSpec,
    *,
    actor: audit.Actor,
    key: str | None = None,
    row_version: int | None = None,
) -> Component:
    """Save a component of a draft; with ``key`` None it is a new one. Half-done parameters are kept and told by
    ``completeness``. Raises Conflict, SchemeRefused, NotFound for a key that is not there. Flushes.
    """
    _writable(version, row_version)
    component = None if key is None else component_of(version, key)
    if any(c.label.casefold() == spec.label.casefold() and c.key != key for c in version.components):
        raise SchemeRefused(_("Dua komponen memakai nama yang sama. Bedakan namanya."))
    _refuse_weights([spec.weight])
    if component is None:
        component = add_component(version, spec)
    else:
        fill(component, spec)
    _touch(version)
    _record(version, actor, "component", component=component.key)
    return component


def component_of(version: SchemeVersion, key: str) -> Component:
    """A component of a version by its key, or NotFound."""
    found = next((c for c in version.components if c.key == key), None)
    if found is None:
        raise NotFound
    return found


def move_component(version: SchemeVersion, key: str, *, up: bool, actor: audit.Actor) -> None:
    """One place up or down; at the end of the list nothing changes. Flushes."""
    _writable(version, None)
    ordered = sorted(version.components, key=lambda c: (c.position, c.id))
    here = ordered.index(component_of(version, key))
    there = here + (-1 if up else 1)
    if not 0 <= there < len(ordered):
        return
    ordered[here], ordered[there] = ordered[there], ordered[here]
    for position, component in enumerate(ordered):
        component.position = position
    _touch(version)
    db.session.expire(version, ["components"])
    _record(version, actor, "order", component=key)


def remove_component(
    version: SchemeVersion, key: str, *, actor: audit.Actor, row_version: int | None = None
) -> None:
    """Take a component out of a draft. Versions that count keep theirs. Flushes."""
    _writable(version, row_version)
    component = component_of(version, key)
    version.components.remove(component)
    _touch(version)
    _record(version, actor, "component.removed", component=key, removed=component.label)


def discard_draft(version: SchemeVersion, *, actor: audit.Actor, row_version: int | None = None) -> bool:
    """Throw a draft away; nothing that counts goes with it. A scheme that never had rules goes too: True then.
    Flushes.
    """
    _writable(version, row_version)
    scheme = version.scheme
    _record(version, actor, "discarded", components=[c.label for c in version.components])
    scheme.versions.remove(version)
    db.session.delete(version)
    db.session.flush()
    if scheme.versions or queries.scheme_is_used(scheme.id):
        return False
    db.session.delete(scheme)
    db.session.flush()
    return True


def _writable(version: SchemeVersion, row_version: int | None) -> None:
    if version.state is not VersionState.DRAFT:
        raise Conflict(_("Versi ini sudah berlaku dan tidak berubah lagi. Mulailah konsep baru."))
    expect_version(version, row_version)


def _refuse_weights(weights: Iterable[Decimal]) -> None:
    for weight in weights:
        if problem := problem_of_weight(weight):
            raise SchemeRefused(problem)


def _touch(version: SchemeVersion) -> None:
    """A change of a component is a change of its version: the next stale save is told."""
    flag_modified(version, "note")
    db.session.flush()


def _record(version: SchemeVersion, actor: audit.Actor | None, what: str, **detail: Any) -> None:
    audit.record(
        AuditAction.SCHEME_CHANGED, ("score_scheme", version.scheme_id), office_id=version.scheme.office_id,
        actor=actor, label=version.scheme.name, version=version.number, draft=what, **detail,
    )  # fmt: skip
