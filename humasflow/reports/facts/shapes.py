"""What all formats of a report show: plain values, exact numbers, words in the language of the report."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from humasflow.reports.enums import ReportScope, SpanKind
from humasflow.scoring.enums import PointState
from humasflow.scoring.standing import Standing
from humasflow.scoring.standing.shortfall import Explained
from humasflow.scoring.standing.trend import Trend


@dataclass(frozen=True, slots=True)
class Part:
    """What a person did for a publication: the role's name, and the share in per cent."""

    role: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication of the period. ``number`` counts from 1 in the order of time and is its number in every format.

    ``url`` is empty where none was recorded. ``state`` None: no scheme counts it. ``evidence`` says in words what
    proves it, ``is_proven`` whether both its address and a picture of it are recorded. ``quantity``: publications or
    points for the person of a person's report, None elsewhere.
    """

    number: int
    delivery_id: int
    post_id: int
    title: str
    account: str
    channel: str  # the kind of channel
    content_type: str
    section: str
    url: str
    published_at: datetime
    captured_at: datetime | None
    state: PointState | None
    evidence: str
    is_proven: bool
    verifier: str = ""
    makers: str = ""  # "Penulis: Sari; Fotografer: Budi"
    parts: tuple[Part, ...] = ()  # of the person of a person's report
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """One component of a standing, in words and numbers as the standing's page shows them. ``live`` holds
    ``verified`` and ``unverified``. ``value`` and ``weighted``: None while it cannot be worked out.
    """

    key: str
    label: str
    kind: str
    counts_posts: bool
    weight: Decimal
    target: Decimal | None
    target_upper: Decimal | None
    letter: str  # where the target comes from
    verified: Decimal
    unverified: Decimal
    disputed: Decimal
    gap: Decimal | None
    value: Decimal | None
    points: Decimal | None
    official: Decimal | None
    says: str

    @property
    def live(self) -> Decimal:
        """All that is live and not questioned."""
        return self.verified + self.unverified


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of a section or a person under a component, and the target, None without one."""

    key: str
    verified: Decimal
    unverified: Decimal
    target: Decimal | None


@dataclass(frozen=True, slots=True)
class Contribution:
    """A section or a person with one cell a component (``StandingFacts.counted`` names them)."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A line written by hand or about a closed period."""

    at: datetime
    component: str
    quantity: Decimal
    adjusts: str  # label of the closed period it speaks of; empty
    reason: str
    title: str  # of the publication, empty without one


@dataclass(frozen=True)
class StandingFacts:
    """The standing of one period of the scheme, as /capaian/ shows it. ``is_partial``: the reported days are only a
    part of that period. ``total`` is the estimate, ``official`` what was announced; never merged.
    """

    standing: Standing
    period_label: str
    is_partial: bool
    headline: str
    total: Decimal | None
    subtotal: Decimal | None
    places: int
    band: str
    official: Decimal | None
    official_document: str
    components: tuple[Component, ...]
    counted: tuple[tuple[str, str], ...]  # key and label of the components that publications bring forward
    sections: tuple[Contribution, ...]
    people: tuple[Contribution, ...]
    explained: Explained | None
    adjustments: tuple[Adjustment, ...]
    closed: str  # "Ditutup 5 Jan 2027 oleh …", empty while it is open
    digest: str  # of the lines that the close froze


@dataclass(frozen=True, slots=True)
class Count:
    """How many publications of the reported days something has."""

    name: str
    number: int


@dataclass(frozen=True)
class Activity:
    """Publications of the reported days, each counted once."""

    total: int
    proven: int
    channels: tuple[Count, ...]
    content_types: tuple[Count, ...]
    sections: tuple[Count, ...]


@dataclass(frozen=True)
class Signer:
    """Who signs. ``lead`` is what stands over the title: ``Plh.``, ``Plt.`` or nothing."""

    name: str
    title: str
    lead: str = ""
    number: str = ""  # NIP

    @property
    def capacity(self) -> str:
        """``Plh. Kepala Kantor``."""
        return f"{self.lead} {self.title}".strip()


@dataclass(frozen=True)
class RoleCount:
    """What a person did in one role: publications, and publications or points by share."""

    role: str
    number: int
    quantity: Decimal


@dataclass(frozen=True)
class PersonFacts:
    """A person's own report. ``cells`` are of the scheme's period ``period_label``; both empty without a scheme."""

    user_id: int
    name: str
    position: str
    section: str
    number: str  # NIP; empty where nobody recorded it
    roles: tuple[RoleCount, ...]
    quantity: Decimal
    cells: tuple[tuple[str, Decimal, Decimal | None], ...]  # component, number of publications, target
    period_label: str = ""


@dataclass(frozen=True)
class ReportFacts:
    """Everything. ``headline`` is the one sentence on top. ``publications()`` reads the list anew each time, in the
    order of time, 500 at a time; ``activity.total`` is how many there are.
    """

    office_id: int
    office_name: str
    office_short_name: str
    zone_name: str
    zone_label: str
    language: str
    scope: ReportScope
    subject_id: int | None
    subject: str  # name of the section or person, empty for the office
    span: SpanKind
    start: date
    end: date
    period_label: str
    title: str
    headline: str
    made_at: datetime
    requester: str
    activity: Activity
    standings: tuple[StandingFacts, ...]
    trend: Trend | None
    person: PersonFacts | None
    signer: Signer
    superior: Signer | None  # who signs a person's report beside the person
    place: str
    publications: Callable[[], Iterator[Publication]]
