"""Rates as facts, from the numbers that channels told of the publications that a component selects."""

from collections.abc import Iterable

from humasflow.core.localtime import zone
from humasflow.core.periods import Period
from humasflow.metrics.queries import rate_facts
from humasflow.orgs.models import Unit
from humasflow.scoring.calculation import Facts, RateFacts, read_parameters
from humasflow.scoring.calculation.parameters import RateParameters
from humasflow.scoring.models import Component


def rates_of(office: Unit, components: Iterable[Component], period: Period) -> dict[str, Facts | None]:
    """The facts of rates by component key; None where no channel told a number. One statement a component."""
    return {c.key: _rate(office, c, period) for c in components}


def _rate(office: Unit, component: Component, period: Period) -> RateFacts | None:
    rules = read_parameters(component.kind, component.parameters)
    assert isinstance(rules, RateParameters)  # noqa: S101 - the kind decides the type
    start, end = period.utc_bounds(zone(office.zone_name))
    numerator, denominator, unknown = rate_facts(
        office.id,
        start,
        end,
        account_ids=component.account_ids,
        channel_kinds=component.channel_kinds,
        content_types=component.content_types,
        pillar_ids=component.pillar_ids,
        campaign_ids=component.campaign_ids,
        section_ids=component.section_ids,
        formula=rules.formula,
        requires_all=rules.requires_all,
    )
    if numerator is None and denominator is None:
        return None
    return RateFacts(numerator, denominator, tuple(unknown))
