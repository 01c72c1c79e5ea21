"""What the rules of an office give, asked in another way than when lines are written."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from humasflow.orgs.models import Unit
from humasflow.scoring import queries
from humasflow.scoring.models import SchemeVersion, ScoreScheme
from humasflow.scoring.selection import PostFacts, counts_for
from humasflow.scoring.services.booking import closed_periods

Key = tuple[int, str]  # scheme version and component


@dataclass
class Rules:
    """The schemes of an office, and what is closed of them."""

    office: Unit
    schemes: list[ScoreScheme] = field(init=False)
    scheme_of: dict[int, ScoreScheme] = field(init=False)  # by version, retired schemes too
    closed: dict[int, set[str]] = field(init=False)  # by scheme

    def __post_init__(self) -> None:
        every = queries.list_schemes(self.office.id, with_inactive=True)
        self.schemes = [scheme for scheme in every if scheme.is_active]
        self.scheme_of = {version.id: scheme for scheme in every for version in scheme.versions}
        self.closed = {scheme.id: closed_periods(scheme.id) for scheme in every}

    def versions_on(self, day: date) -> Iterator[tuple[ScoreScheme, SchemeVersion]]:
        """The rules that count on a local date."""
        for scheme in self.schemes:
            version = queries.version_at(scheme, day)
            if version is not None:
                yield scheme, version

    def wanted(self, facts: PostFacts, day: date) -> dict[Key, Decimal]:
        """What a publication of that local date should bring, by version and component."""
        return {
            (version.id, component.key): quantity
            for _scheme, version in self.versions_on(day)
            for component in version.components
            if (quantity := counts_for(component, facts))
        }

    def is_judged(self, version_id: int) -> bool:
        """Whether lines under a version are still brought up to date: those of a retired scheme stay as they are."""
        scheme = self.scheme_of.get(version_id)
        return scheme is not None and scheme.is_active
