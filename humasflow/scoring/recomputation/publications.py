"""The publications of an office with their lines: points, periods, shares, and what each should count for."""

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, tuple_

from humasflow.core.db import db
from humasflow.core.localtime import to_local
from humasflow.core.periods import period_of
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring.enums import Beneficiary, PointState
from humasflow.scoring.models import LedgerEntry, Point, PointEvent, ScoreScheme
from humasflow.scoring.recomputation.rules import Key, Rules
from humasflow.scoring.selection import facts_of
from humasflow.scoring.services import adding_up

BATCH = 500


@dataclass
class Seen:
    """What is kept of the lines that were looked at."""

    sums: dict[adding_up.Key, adding_up.Sum] = field(default_factory=dict)
    lines: int = 0
    points: int = 0
    superseded: dict[tuple[int, str, str], int] = field(default_factory=dict)

    def add(self, line: Any, state: PointState) -> None:
        """Count a line."""
        self.lines += 1
        key = adding_up.key_of(line, state)
        self.sums[key] = self.sums.get(key, adding_up.NOTHING).plus(adding_up.sum_of(line))


@dataclass
class Publication:
    """One of them: what it should bring, and its lines."""

    id: int
    address: str
    day: date | None  # local date; None when it is not live, or does not count
    wanted: dict[Key, Decimal]
    lines: list[Any]
    standing: list[Any] = field(init=False)  # the office's lines that were not taken back

    def __post_init__(self) -> None:
        reversed_ids = {line.reverses_id for line in self.lines if line.reverses_id is not None}
        self.standing = [
            line for line in self.lines
            if line.beneficiary is Beneficiary.OFFICE and line.reverses_id is None and line.id not in reversed_ids
        ]  # fmt: skip


def check_publications(rules: Rules, seen: Seen) -> Iterator[str]:
    """All that are live or were, in the order they went out."""
    shared = _shared_addresses(rules.office.id)
    together: dict[str, list[Publication]] = defaultdict(list)
    for state in DeliveryState:
        for batch in _batches(rules.office.id, state):
            for publication in (yield from _read(rules, batch, seen)):
                yield from _check_lines(rules, publication)
                if publication.address in shared:
                    together[publication.address].append(publication)
                else:
                    yield from _check_counting(rules, [publication])
    for members in together.values():
        yield from _check_counting(rules, sorted(members, key=lambda member: member.id))


def _shared_addresses(office_id: int) -> set[str]:
    addresses = db.session.scalars(
        select(Delivery.canonical_url)
        .where(Delivery.office_id == office_id, Delivery.canonical_url.is_not(None))
        .group_by(Delivery.canonical_url)
        .having(func.count() > 1)
    )
    return {address for address in addresses if address is not None}


def _batches(office_id: int, state: DeliveryState) -> Iterator[Sequence[Any]]:
    """Along the index of what went out; what never did has no line and is not asked for."""
    statement = (
        select(Delivery.id, Delivery.state, Delivery.published_at, Delivery.canonical_url)
        .where(
            Delivery.office_id == office_id, Delivery.state == state, Delivery.published_at.is_not(None)
        )
        .order_by(Delivery.published_at, Delivery.id)
        .limit(BATCH)
    )  # fmt: skip
    rows = db.session.execute(statement).all()
    while rows:
        yield rows
        after = tuple_(Delivery.published_at, Delivery.id) > tuple_(rows[-1].published_at, rows[-1].id)
        rows = db.session.execute(statement.where(after)).all()


def _read(rules: Rules, batch: Sequence[Any], seen: Seen) -> Generator[str, None, list[Publication]]:
    """The publications of a batch with their lines; their points are compared on the way."""
    ids = [row.id for row in batch]
    facts = facts_of(row.id for row in batch if row.state is DeliveryState.PUBLISHED)
    events = db.session.execute(
        select(PointEvent.delivery_id, PointEvent.state)
        .where(PointEvent.delivery_id.in_(ids))
        .order_by(PointEvent.id)
    )
    newest = {row[0]: row[1] for row in events}  # the last one of each stays
    points = db.session.execute(select(Point.delivery_id, Point.state).where(Point.delivery_id.in_(ids)))
    kept = {row[0]: row[1] for row in points}
    seen.points += len(kept)
    lines: dict[int, list[Any]] = defaultdict(list)
    for line in db.session.execute(
        select(*LedgerEntry.__table__.columns)
        .where(LedgerEntry.delivery_id.in_(ids))
        .order_by(LedgerEntry.id)
    ):
        lines[line.delivery_id].append(line)
    made = []
    for row in batch:
        if newest.get(row.id) is not kept.get(row.id):
            yield (
                f"the point of publication {row.id} is {kept.get(row.id)}, its events say {newest.get(row.id)}"
            )
        own, state = lines.get(row.id, []), newest.get(row.id)
        if own and state is None:
            yield f"publication {row.id} has lines and no point"
        always = adding_up.kept_by(own)
        for line in own:
            seen.add(line, PointState.VERIFIED if line.id in always else state or PointState.LIVE_UNVERIFIED)
        # What a person has decided against counts for nothing, although it is live.
        counts = row.state is DeliveryState.PUBLISHED and state is not PointState.REVERSED
        day = to_local(row.published_at, rules.office.zone_name).date() if counts else None
        wanted = rules.wanted(facts[row.id], day) if day is not None else {}
        made.append(Publication(row.id, row.canonical_url or "", day, wanted, own))
    return made


def _check_lines(rules: Rules, publication: Publication) -> Iterator[str]:
    """Each line by itself: where it is booked, what it reverses, and that the shares are whole."""
    by_id = {line.id: line for line in publication.lines}
    taken: set[int] = set()
    shares: dict[tuple[int, str, int], Decimal] = {}
    for line in publication.lines:
        scheme = rules.scheme_of.get(line.scheme_version_id)
        if line.office_id != rules.office.id or scheme is None:
            yield f"line {line.id} is under another office"
            continue
        if line.beneficiary is not Beneficiary.OFFICE and line.share:
            which = (line.scheme_version_id, line.component_key, line.sequence)
            shares[which] = shares.get(which, Decimal(0)) + line.share
        if line.reverses_id is None:
            own = period_of(scheme.period_type, line.deciding_date).key
            if own not in (line.period, line.adjusts) and line.beneficiary is Beneficiary.OFFICE:
                yield f"line {line.id} is booked in {line.period}, its date is in {own}"
            continue
        before = by_id.get(line.reverses_id)
        if before is None or line.reverses_id in taken or not _takes_back(line, before):
            yield f"line {line.id} does not take back line {line.reverses_id}"
        taken.add(line.reverses_id)
    for (_version, component, sequence), total in shares.items():
        if total != 100:
            yield f"the shares of publication {publication.id} for {component} (sequence {sequence}) sum to {total:f}"


def _takes_back(line: Any, before: Any) -> bool:
    same = (
        "scheme_version_id",
        "component_key",
        "subject_key",
        "beneficiary",
        "beneficiary_id",
        "role",
        "share",
    )
    return line.quantity == -before.quantity and all(getattr(line, n) == getattr(before, n) for n in same)


def _check_counting(rules: Rules, members: Sequence[Publication]) -> Iterator[str]:
    """An address counts once for each component that a live publication of it is for, and for nothing else.

    What a closed period froze stays as it was, whatever the publication is now.
    """
    frozen = {
        scheme.id
        for member in members
        for line in member.standing
        if (scheme := rules.scheme_of.get(line.scheme_version_id)) and _is_frozen(rules, scheme, line)
    }
    standing: dict[Key, list[tuple[Publication, Any]]] = defaultdict(list)
    for member in members:
        for line in member.standing:
            standing[line.scheme_version_id, line.component_key].append((member, line))
    for key in sorted(standing.keys() | {key for member in members for key in member.wanted}):
        scheme = rules.scheme_of.get(key[0])
        if scheme is None:
            continue
        yield from _check_key(
            key, members, standing[key], settled=scheme.id in frozen or not rules.is_judged(key[0])
        )


def _is_frozen(rules: Rules, scheme: ScoreScheme, line: Any) -> bool:
    return line.period in rules.closed.get(scheme.id, set())


def _check_key(
    key: Key, members: Iterable[Publication], found: list[tuple[Publication, Any]], *, settled: bool
) -> Iterator[str]:
    wanting = {member.id: member.wanted[key] for member in members if key in member.wanted}
    subject = ", ".join(str(number) for number in (wanting or [member.id for member, _line in found]))
    if len(found) > 1:
        yield f"publication {subject} counts {len(found)} times for {key[1]}"
    elif settled:
        return
    elif not found:
        yield f"publication {subject} should count for {key[1]} and does not"
    elif not wanting:
        yield f"publication {subject} counts for {key[1]} and should not"
    else:
        member, line = found[0]
        if wanting.get(member.id, line.quantity) != line.quantity:
            yield f"publication {member.id} counts {line.quantity:f} for {key[1]}, not {wanting[member.id]:f}"
        if member.day is not None and line.deciding_date != member.day:
            yield f"line {line.id} is dated {line.deciding_date}, its publication {member.day}"
