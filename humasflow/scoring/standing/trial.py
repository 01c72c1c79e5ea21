"""A draft tried on what really happened: the publications of a period under the draft beside the rules in force.

Nothing is written. Both sides are worked out from the same publications by the same functions that write the ledger
and evaluate a version, so that every difference comes from the rules. A fixed number of statements a thousand
publications.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from humasflow.accounts.queries import today_at
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.core.localtime import to_local, zone
from humasflow.core.periods import Period
from humasflow.orgs.models import Unit
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring import queries
from humasflow.scoring.calculation import CalculationError, ComponentResult, Facts, Goal, TotalResult
from humasflow.scoring.enums import ComponentKind, PointState
from humasflow.scoring.models import Component, Point, SchemeVersion
from humasflow.scoring.queries.judged import count_judged
from humasflow.scoring.selection import PostFacts, counts_for, facts_of
from humasflow.scoring.standing.evaluating import evaluate_components, evaluate_version
from humasflow.scoring.standing.facts import Gathered, counted
from humasflow.scoring.standing.rates import rates_of
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to

BATCH = 1000
MAX_SHOWN = 50
NONE = Decimal(0)
EDGE = timedelta(days=6)


@dataclass(frozen=True)
class TrialPost:
    """A publication that the two versions count differently; labels of the components it counts for. ``title`` is empty
    where confidentiality hides it from the reader.
    """

    post_id: int
    title: str
    account: str
    day: date
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class TrialSide:
    """A component under one version. ``counted``: publications or points by its minimum state; ``waiting``: what is
    live and would count once it is verified. ``judged``: of a rubric the publications that get a mark one by one; None
    for other kinds.
    """

    component: Component
    counted: Decimal
    waiting: Decimal
    goal: Goal | None
    result: ComponentResult
    judged: int | None = None


@dataclass(frozen=True)
class TrialRow:
    """A component under both versions; ``now`` None: it is new, ``draft`` None: it is gone."""

    key: str
    label: str
    draft: TrialSide | None
    now: TrialSide | None


@dataclass(frozen=True)
class Trial:
    """What a period would be. ``total`` None: the weights do not sum to 100 yet, so there is none to show.

    ``changed`` counts the publications that the versions count differently; ``posts`` are the first of them.
    """

    period: Period
    rows: tuple[TrialRow, ...]
    total: TotalResult | None
    now_total: TotalResult | None
    now: SchemeVersion | None
    published: int
    changed: int
    posts: tuple[TrialPost, ...]


@dataclass(frozen=True, slots=True)
class _Live:
    delivery_id: int
    post_id: int
    address: str
    account: str
    title: str
    day: date
    state: PointState
    facts: PostFacts


def try_version(
    office: Unit,
    draft: SchemeVersion,
    period: Period,
    goals: Mapping[str, Goal | None],
    *,
    reader_id: int,
    now: SchemeVersion | None = None,
    as_verified: bool = False,
) -> Trial:
    """The draft over a period, beside ``now`` (the rules in force then, if any). ``goals`` by component key, for both
    sides. ``as_verified``: as if everything live were verified. Writes nothing.

    Raises CalculationError for parameters of the draft that make no sense yet.
    """
    drafts, nows = _Sums(draft), _Sums(now)
    published = changed = 0
    posts: list[TrialPost] = []
    for live in _published(office, period, reader_id):
        after, before = drafts.take(live, period), nows.take(live, period)
        if live.day not in period:
            continue  # a week at the edge only
        published += 1
        if now is not None and after != before:
            changed += 1
            if len(posts) < MAX_SHOWN:
                posts.append(TrialPost(live.post_id, live.title, live.account, live.day, before, after))
    mine = drafts.sides(office, period, goals, as_verified=as_verified)
    theirs = nows.sides(office, period, goals, as_verified=as_verified)
    return Trial(
        period=period,
        rows=tuple(_rows(mine, theirs)),
        total=drafts.total(mine, goals),
        now_total=nows.total(theirs, goals),
        now=now,
        published=published,
        changed=changed,
        posts=tuple(posts),
    )


class _Sums:
    """What a version's components have gathered so far; the same address counts once a component."""

    def __init__(self, version: SchemeVersion | None) -> None:
        self.version = version
        self.components: Sequence[Component] = version.components if version else ()
        self.counts: dict[str, dict[PointState, Decimal]] = {c.key: {} for c in self.components}
        self.days: dict[str, dict[date, dict[PointState, Decimal]]] = {c.key: {} for c in self.components}
        self.seen: dict[str, set[str]] = {c.key: set() for c in self.components}
        self.facts: Mapping[str, Facts | None] = {}

    def take(self, live: _Live, period: Period) -> tuple[str, ...]:
        """Add a publication up; the labels of the components that it counts for."""
        labels = []
        for component in self.components:
            quantity = counts_for(component, live.facts)
            if not quantity or live.address in self.seen[component.key]:
                continue
            self.seen[component.key].add(live.address)
            labels.append(component.label)
            on_day = self.days[component.key].setdefault(live.day, {})
            on_day[live.state] = on_day.get(live.state, NONE) + 1
            if live.day in period:
                by_state = self.counts[component.key]
                by_state[live.state] = by_state.get(live.state, NONE) + quantity
        return tuple(labels)

    def sides(
        self, office: Unit, period: Period, goals: Mapping[str, Goal | None], *, as_verified: bool
    ) -> dict[str, TrialSide]:
        """Each component with its result; empty without a version."""
        if self.version is None:
            return {}
        measured = _measured(office, self.version, period)
        gathered = Gathered(self.version, period, today_at(office), self.counts, self.days, measured)
        self.facts = gathered.facts(live=as_verified)
        results = evaluate_components(self.version, self.facts, goals)
        bounds = period.utc_bounds(zone(office.zone_name))
        found = {}
        for c in self.components:
            amount = counted(c, self.counts[c.key], live=as_verified)
            everything = counted(c, self.counts[c.key], live=True)
            judged = count_judged(office.id, c, bounds) if c.kind is ComponentKind.RUBRIC else None
            found[c.key] = TrialSide(c, amount, everything - amount, goals.get(c.key), results[c.key], judged)
        return found

    def total(self, sides: Mapping[str, TrialSide], goals: Mapping[str, Goal | None]) -> TotalResult | None:
        """The total; None without a version, or while a draft's weights, conversion or bands do not make one."""
        if self.version is None or not sides:
            return None
        try:
            return evaluate_version(self.version, self.facts, goals).total
        except (CalculationError, KeyError):
            return None


def _measured(office: Unit, version: SchemeVersion, period: Period) -> dict[str, Facts | None]:
    """What was measured for the components of the same name, as the standing reads it."""
    rows = queries.measurements_of(office.id, version.scheme_id, period.key)
    found = {c.key: queries.facts_from(c.kind, rows.get(c.key, ())) for c in version.components}
    silent = [c for c in version.components if c.kind is ComponentKind.RATE and found[c.key] is None]
    return found | rates_of(office, silent, period)


def _rows(mine: Mapping[str, TrialSide], theirs: Mapping[str, TrialSide]) -> Iterator[TrialRow]:
    for key, side in mine.items():
        yield TrialRow(key, side.component.label, side, theirs.get(key))
    for key, side in theirs.items():
        if key not in mine:
            yield TrialRow(key, side.component.label, None, side)


def _published(office: Unit, period: Period, reader_id: int) -> Iterator[_Live]:
    """What is live and not questioned, in the order in which it was recorded: the first of an address counts. With the
    days around the period, because a week may reach over its edge.
    """
    start, end = period.utc_bounds(zone(office.zone_name))
    start, end = start - EDGE, end + EDGE
    last = 0
    while True:
        rows = db.session.execute(
            select(
                Delivery.id, Delivery.post_id, Delivery.canonical_url, Delivery.published_at, ChannelAccount.name,
                Story.title, Point.state, visible_to(reader_id),
            )
            .join(ChannelAccount, ChannelAccount.id == Delivery.account_id)
            .join(Story, Story.id == Delivery.story_id)
            .outerjoin(Point, Point.delivery_id == Delivery.id)
            .where(
                Delivery.office_id == office.id, Delivery.state == DeliveryState.PUBLISHED,
                Delivery.published_at >= start, Delivery.published_at < end, Delivery.id > last,
            )
            .order_by(Delivery.id)
            .limit(BATCH)
        ).all()  # fmt: skip
        if not rows:
            return
        last = rows[-1][0]
        facts = facts_of(row[0] for row in rows)
        for delivery_id, post_id, address, published_at, account, title, state, visible in rows:
            if state in (PointState.DISPUTED, PointState.REVERSED) or published_at is None:
                continue
            yield _Live(
                delivery_id, post_id, address or f"post:{post_id}", account,
                title if visible else "", to_local(published_at, office.zone_name).date(),
                state or PointState.LIVE_UNVERIFIED, facts[delivery_id],
            )  # fmt: skip
