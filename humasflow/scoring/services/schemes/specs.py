"""What a component and the rules around it should be, as forms, presets and imports tell it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from humasflow.core.errors import UserError
from humasflow.core.slugs import slugify
from humasflow.scoring.calculation import RoundingRule
from humasflow.scoring.enums import ComponentKind, Consolidation, Polarity
from humasflow.scoring.models import Component, SchemeVersion

MAX_COMPONENTS = 40
KEY_LENGTH = 50


class SchemeRefused(UserError):
    """The scheme does not add up; the message says how."""


@dataclass(frozen=True)
class ComponentSpec:
    """What a component should be. ``key`` empty: a new component, named after its label. ``weight`` and ``cap`` in per
    cent (``cap`` None: none); ``parameters`` as ``calculation.read_parameters`` reads them; an empty list means all.
    """

    label: str
    weight: Decimal
    key: str = ""
    content_types: Sequence[str] = ()
    channel_kinds: Sequence[str] = ()
    cap: Decimal | None = Decimal(100)
    partial_credit: bool = True
    counts_reposts: bool = False
    kind: ComponentKind = ComponentKind.COUNT_RATIO
    polarity: Polarity = Polarity.MAXIMISE
    parameters: Mapping[str, Any] = field(default_factory=dict)
    account_ids: Sequence[int] = ()
    pillar_ids: Sequence[int] = ()
    campaign_ids: Sequence[int] = ()
    section_ids: Sequence[int] = ()
    counts_unverified: bool = False


@dataclass(frozen=True)
class RulesSpec:
    """What holds for a version as a whole. ``total_cap`` in per cent, None: none; ``conversion`` and ``bands`` as
    ``calculation.read_conversion`` and ``read_bands`` read them.
    """

    rounding: RoundingRule = RoundingRule.HALF_UP_2
    total_cap: Decimal | None = None
    consolidation: Consolidation = Consolidation.AVERAGE
    conversion: Mapping[str, Any] = field(default_factory=dict)
    bands: Sequence[Mapping[str, Any]] = ()


def fill(component: Component, spec: ComponentSpec) -> None:
    """Write a spec into a component; its key, version and position are the caller's."""
    chooses = spec.kind.chooses_posts
    component.label, component.kind, component.weight = spec.label, spec.kind, spec.weight
    component.cap, component.polarity, component.partial_credit = spec.cap, spec.polarity, spec.partial_credit
    component.parameters = dict(spec.parameters)
    # What is measured otherwise chooses no publication: a selection left over from another kind would only confuse.
    selects = chooses or spec.kind is ComponentKind.RATE
    component.content_types = list(spec.content_types) if selects else []
    component.channel_kinds = list(spec.channel_kinds) if selects else []
    component.account_ids = list(spec.account_ids) if selects else []
    component.pillar_ids = list(spec.pillar_ids) if chooses else []
    component.campaign_ids = list(spec.campaign_ids) if chooses else []
    component.section_ids = list(spec.section_ids) if chooses else []
    component.counts_reposts = chooses and spec.counts_reposts
    component.counts_unverified = spec.kind.counts_posts and spec.counts_unverified


def spec_of_component(component: Component) -> ComponentSpec:
    """A component as a spec, for a draft that begins as a copy."""
    return ComponentSpec(
        label=component.label, weight=component.weight, key=component.key,
        content_types=list(component.content_types), channel_kinds=list(component.channel_kinds),
        cap=component.cap, partial_credit=component.partial_credit, counts_reposts=component.counts_reposts,
        kind=component.kind, polarity=component.polarity, parameters=dict(component.parameters),
        account_ids=list(component.account_ids), pillar_ids=list(component.pillar_ids),
        campaign_ids=list(component.campaign_ids), section_ids=list(component.section_ids),
        counts_unverified=component.counts_unverified,
    )  # fmt: skip


def rules_of(version: SchemeVersion) -> RulesSpec:
    """The rules of a version as a spec."""
    return RulesSpec(
        rounding=version.rounding, total_cap=version.total_cap, consolidation=version.consolidation,
        conversion=dict(version.conversion), bands=[dict(band) for band in version.bands],
    )  # fmt: skip


def write_rules(version: SchemeVersion, rules: RulesSpec) -> None:
    """Write rules into a version."""
    version.rounding, version.total_cap = rules.rounding, rules.total_cap
    version.consolidation = rules.consolidation
    version.conversion = dict(rules.conversion)
    version.bands = [dict(band) for band in rules.bands]


def new_key(version: SchemeVersion, spec: ComponentSpec) -> str:
    """The spec's own key, or one after its label that the version does not have yet."""
    taken = {component.key for component in version.components}
    base = spec.key or slugify(spec.label, limit=KEY_LENGTH, fallback="komponen")
    key, number = base, 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key
