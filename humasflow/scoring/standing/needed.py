"""How many publications would close what is missing: one may fill several components at once."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from humasflow.scoring.enums import ComponentKind
from humasflow.scoring.models import Component
from humasflow.scoring.standing.office import ComponentStanding

Chosen = Mapping[str, frozenset[object]]  # by what a selection looks at; nothing chosen means all

_LOOKED_AT = ("content_types", "channel_kinds", "account_ids", "pillar_ids", "campaign_ids", "section_ids")


def publications_needed(short: Sequence[ComponentStanding]) -> Fraction:
    """What is missing of counted publications, all components together. Components that one and the same publication
    counts for ask for the largest of their gaps, not for the sum.
    """
    together: list[tuple[Chosen, Fraction]] = []
    found = [(c.component, Fraction(c.gap)) for c in short if c.gap and c.kind is ComponentKind.COUNT_RATIO]
    for component, gap in sorted(found, key=lambda pair: -pair[1]):  # the first of a group is its largest
        mine = _chosen(component)
        for n, (chosen, largest) in enumerate(together):
            common = _common(chosen, mine)
            if common is not None:
                together[n] = (common, largest)
                break
        else:
            together.append((mine, gap))
    return sum((largest for _chosen_by, largest in together), Fraction(0))


def _chosen(component: Component) -> Chosen:
    return {name: frozenset(getattr(component, name)) for name in _LOOKED_AT}


def _common(one: Chosen, other: Chosen) -> Chosen | None:
    """What a publication has to be like to count for both; None when none can."""
    if _is_unknown(one, other) or _is_unknown(other, one):
        return None
    found = {}
    for name in _LOOKED_AT:
        both = one[name] & other[name] if one[name] and other[name] else one[name] | other[name]
        if not both and (one[name] or other[name]):
            return None
        found[name] = both
    return found


def _is_unknown(one: Chosen, other: Chosen) -> bool:
    """Whether accounts stand beside kinds of channels: nothing here tells which account is of which kind."""
    return bool(one["account_ids"] and not other["account_ids"] and other["channel_kinds"])
