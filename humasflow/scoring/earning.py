"""From a publication to what it earned: which components count it, for whom, by which rules; and why others do not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select

from humasflow.channels.queries import list_accounts, list_kinds
from humasflow.core.db import db
from humasflow.core.localtime import to_local
from humasflow.core.periods import Period, parse_period
from humasflow.orgs.queries import get_office, list_sections
from humasflow.planning.campaigns.queries import names_of as campaign_names
from humasflow.planning.queries import list_content_types, list_pillars
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring import queries
from humasflow.scoring.enums import Beneficiary, PointState
from humasflow.scoring.models import Component, LedgerEntry, SchemeVersion, ScoreScheme
from humasflow.scoring.selection import PostFacts, facts_of, matches, quantity_of
from humasflow.scoring.services.attribution import Part


class Slice(NamedTuple):
    """What one person or section has of it. ``per_cent`` 0: it is counted there without a share."""

    beneficiary: Beneficiary
    beneficiary_id: int
    name: str
    part: str
    per_cent: Decimal


@dataclass(frozen=True)
class Earning:
    """One component that the publication was booked for."""

    scheme: ScoreScheme
    version: SchemeVersion
    component: Component | None  # None: the rules no longer know the key
    key: str
    lines: tuple[LedgerEntry, ...]  # of the office, in order
    slices: tuple[Slice, ...]  # of the lines that stand

    @property
    def label(self) -> str:
        """What the component is called."""
        return self.component.label if self.component else self.key

    @property
    def quantity(self) -> Decimal:
        """What is left of it: 0 after it was taken back."""
        return sum((line.quantity for line in self.lines), Decimal(0))

    @property
    def takes_unverified(self) -> bool:
        """Whether the component counts it before anybody has confirmed it."""
        return self.component is not None and self.component.counts_unverified

    @property
    def period(self) -> Period:
        """Where it was booked first."""
        return parse_period(self.lines[0].period)

    @property
    def adjusts(self) -> Period | None:
        """The closed period it should have gone to."""
        closed = self.lines[0].adjusts
        return parse_period(closed) if closed else None


class Elsewhere(NamedTuple):
    """Another publication at the same address, which counts instead."""

    post_id: int
    title: str


@dataclass(frozen=True)
class Missed:
    """One component that does not count it, and every reason."""

    scheme: ScoreScheme
    component: Component
    reasons: tuple[str, ...]
    elsewhere: Elsewhere | None = None
    is_near: bool = False  # its selection takes it, and something else stands against it


@dataclass(frozen=True)
class Earned:
    """Everything there is to say about one publication."""

    local_date: date
    state: PointState | None
    earnings: tuple[Earning, ...]
    missed: tuple[Missed, ...]
    has_rules: bool  # whether any scheme is in effect on its date

    @property
    def counts(self) -> bool:
        """Whether anything is left of what it was booked for."""
        return any(e.quantity > 0 for e in self.earnings)


def earned_by(delivery: Delivery) -> Earned:
    """What a publication that is or was live earned, and why not more. A fixed number of statements."""
    assert delivery.published_at is not None  # noqa: S101 - asked of what was live only
    office = get_office(delivery.office_id)
    local_date = to_local(delivery.published_at, office.zone_name).date()
    schemes = queries.list_schemes(office.id, with_inactive=True)
    lines = queries.list_lines_of_delivery(delivery.id)
    earnings = _earnings(schemes, lines)
    in_effect = [
        (s, version)
        for s in schemes
        if s.is_active and (version := queries.version_at(s, local_date)) is not None
    ]
    booked = {(e.version.id, e.key) for e in earnings}
    return Earned(
        local_date=local_date, state=queries.point_state_of([delivery.id]).get(delivery.id),
        earnings=tuple(earnings), missed=tuple(_missed(delivery, in_effect, booked)), has_rules=bool(in_effect),
    )  # fmt: skip


def _earnings(schemes: Sequence[ScoreScheme], lines: Sequence[LedgerEntry]) -> list[Earning]:
    versions = {v.id: (s, v) for s in schemes for v in s.versions}
    taken_back = {line.reverses_id for line in lines}
    names = queries.names_of((line.beneficiary, line.beneficiary_id) for line in lines)
    grouped: dict[tuple[int, str], list[LedgerEntry]] = {}
    for line in lines:
        grouped.setdefault((line.scheme_version_id, line.component_key), []).append(line)
    found = []
    for (version_id, key), group in grouped.items():
        of_office = tuple(line for line in group if line.beneficiary is Beneficiary.OFFICE)
        if version_id not in versions or not of_office:
            continue
        scheme, version = versions[version_id]
        standing = [line for line in group if line.id not in taken_back and line.reverses_id is None]
        component = next((c for c in version.components if c.key == key), None)
        slices = tuple(_slices(standing, names))
        found.append(Earning(scheme, version, component, key, of_office, slices))
    return found


def _slices(lines: Iterable[LedgerEntry], names: Mapping[tuple[Beneficiary, int], str]) -> Iterable[Slice]:
    parts = {part.value: part.label for part in Part}
    for line in lines:
        if line.beneficiary is not Beneficiary.OFFICE:
            name = names.get((line.beneficiary, line.beneficiary_id), "")
            yield Slice(
                line.beneficiary, line.beneficiary_id, name, parts.get(line.role, line.role), line.share
            )


def _missed(
    delivery: Delivery, in_effect: Sequence[tuple[ScoreScheme, SchemeVersion]], booked: set[tuple[int, str]]
) -> Iterable[Missed]:
    facts = facts_of([delivery.id])[delivery.id]
    words = Words.of(delivery.office_id, facts)
    elsewhere = _elsewhere(delivery)
    is_live = delivery.state is DeliveryState.PUBLISHED
    for scheme, version in in_effect:
        for component in version.components:
            if not component.kind.counts_posts or (version.id, component.key) in booked:
                continue
            reasons = why_not(component, facts, words)
            other = elsewhere.get((version.id, component.key)) if not reasons else None
            if other is not None:
                near = _("alamatnya sama dengan publikasi lain yang sudah dihitung")
            elif not is_live:
                near = _("publikasi ini tidak tayang lagi")
            else:
                near = _("belum tercatat; dihitung pada penghitungan ulang berikutnya")
            yield Missed(scheme, component, tuple(reasons or [near]), other, is_near=not reasons)


def _elsewhere(delivery: Delivery) -> dict[tuple[int, str], Elsewhere]:
    """Who counts at the same address, by version and component."""
    if not delivery.canonical_url:
        return {}
    rows = db.session.execute(
        select(
            LedgerEntry.scheme_version_id, LedgerEntry.component_key, Delivery.post_id, Delivery.title
        )
        .join(Delivery, Delivery.id == LedgerEntry.delivery_id)
        .where(
            Delivery.office_id == delivery.office_id, Delivery.canonical_url == delivery.canonical_url,
            Delivery.id != delivery.id, LedgerEntry.beneficiary == Beneficiary.OFFICE,
        )
        .group_by(
            LedgerEntry.scheme_version_id, LedgerEntry.component_key, Delivery.post_id, Delivery.title
        )
        .having(func.sum(queries.signed_quantity()) > 0)
    )  # fmt: skip
    return {(row[0], row[1]): Elsewhere(row[2], row[3]) for row in rows}


# Which criterion fails


@dataclass(frozen=True)
class Words:
    """The office's own names for what selections are made of."""

    types: Mapping[str, str]
    channels: Mapping[str, str]
    accounts: Mapping[int, str]
    pillars: Mapping[int, str]
    campaigns: Mapping[int, str]
    sections: Mapping[int, str]

    @classmethod
    def of(cls, office_id: int, facts: PostFacts) -> "Words":
        """Six statements at most."""
        return cls(
            types={t.code: t.label for t in list_content_types(office_id, with_inactive=True)},
            channels={k.code: k.label for k in list_kinds(office_id)},
            accounts={a.id: a.name for a in list_accounts(office_id, with_inactive=True)},
            pillars={p.id: p.name for p in list_pillars(office_id, with_inactive=True)},
            campaigns=campaign_names([facts.campaign_id]),
            sections={s.id: s.name for s in list_sections(office_id, with_inactive=True)},
        )


def why_not(component: Component, facts: PostFacts, words: Words) -> list[str]:
    """Every criterion of the component's selection that a post with these facts fails, as sentences; empty when it
    counts.
    """
    if matches(component, facts):
        return [] if quantity_of(component, facts) else [_("belum ada poin untuk jenis dan kanal ini")]
    found = [
        _("%(what)s %(own)s, yang dihitung %(wanted)s", what=what, own=own, wanted=wanted)
        for what, own, wanted in _failing(component, facts, words)
    ]
    if component.campaign_ids and facts.campaign_id not in component.campaign_ids:
        found.append(_("bukan bagian kampanye yang dihitung"))
    if facts.is_repost and not component.counts_reposts:
        found.append(_("tayang ulang tidak dihitung di komponen ini"))
    return found


def _failing(component: Component, facts: PostFacts, words: Words) -> Iterable[tuple[str, str, str]]:
    """What the criterion is about, what the post has, and what is wanted."""
    checks: list[tuple[str, Sequence[Any], Any, Mapping[Any, str]]] = [
        (_("jenisnya"), component.content_types, facts.content_type, words.types),
        (_("kanalnya"), component.channel_kinds, facts.channel_kind, words.channels),
        (_("akunnya"), component.account_ids, facts.account_id, words.accounts),
        (_("pilarnya"), component.pillar_ids, facts.pillar_id, words.pillars),
        (_("seksinya"), component.section_ids, facts.section_id, words.sections),
    ]
    for what, wanted, own, names in checks:
        if wanted and own not in wanted:
            yield what, names.get(own, _("tidak ada")), ", ".join(names.get(id_, str(id_)) for id_ in wanted)
