"""What the codes and ids of a scheme's selections are called in an office: read once, used by every sentence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from humasflow.channels.queries import list_accounts, list_kinds
from humasflow.orgs.queries import list_sections
from humasflow.planning.campaigns.queries import names_of as campaign_names_of
from humasflow.planning.queries import list_content_types, list_pillars
from humasflow.scoring.models import SchemeVersion

SHORT = 4  # names in a sentence, where the rest can be opened


@dataclass(frozen=True)
class Names:
    """Labels by code, names by id. What is missing is shown as its code, so that nothing is hidden."""

    types: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[int, str] = field(default_factory=dict)
    pillars: Mapping[int, str] = field(default_factory=dict)
    campaigns: Mapping[int, str] = field(default_factory=dict)
    sections: Mapping[int, str] = field(default_factory=dict)

    def type_of(self, code: str) -> str:
        """A content type in the middle of a sentence."""
        return self.types.get(code, code.replace("_", " ")).lower()

    def kind_of(self, code: str) -> str:
        """A channel kind; its name keeps its capitals."""
        return self.kinds.get(code, code.replace("_", " "))


def names_in(office_id: int, versions: Iterable[SchemeVersion | None]) -> Names:
    """The names that the components of these versions may need; a fixed number of statements."""
    chosen = {i for v in versions if v is not None for c in v.components for i in c.campaign_ids}
    return Names(
        types={t.code: t.label for t in list_content_types(office_id, with_inactive=True)},
        kinds={k.code: k.label for k in list_kinds(office_id)},
        accounts={a.id: a.name for a in list_accounts(office_id, with_inactive=True)},
        pillars={p.id: p.name for p in list_pillars(office_id, with_inactive=True)},
        campaigns=campaign_names_of(chosen),
        sections={s.id: s.name for s in list_sections(office_id, with_inactive=True)},
    )


def listed(names: Sequence[str], *, most: int | None = SHORT) -> str:
    """A list in a sentence; what is more than ``most`` is counted, None: nothing is left out."""
    if most is None or len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} +{len(names) - most}"
