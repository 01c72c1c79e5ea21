"""A quarter at a glance: thirteen weeks by channel account, each against its quota, and what is missing in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import today_at
from humasflow.calendar.pace.counting import Tally, Within, list_tallies
from humasflow.calendar.pace.quotas import NO_QUOTA, Quota, office_quota, quota_of
from humasflow.calendar.pace.sharing import Part, bears, share_out
from humasflow.calendar.pace.weeks import Week, week_at, weeks_of
from humasflow.channels.models import ChannelAccount
from humasflow.channels.queries import list_accounts
from humasflow.core.localtime import from_local
from humasflow.core.periods import Quarter
from humasflow.orgs.models import Unit
from humasflow.scoring.remaining import Planned, plan_quarter

_NAMED_WEEKS = 3  # that many empty weeks are named one by one


class Level(StrEnum):
    """How a week stands against its quota; also the class that colours its cell."""

    PLAIN = "plain"
    EMPTY = "empty"
    SHORT = "short"
    MET = "met"
    OVER = "over"

    @property
    def label(self) -> str:
        """For people."""
        return str(_LEVELS[self])


_LEVELS = {
    Level.PLAIN: _l("tanpa kuota"),
    Level.EMPTY: _l("kosong"),
    Level.SHORT: _l("kurang"),
    Level.MET: _l("cukup"),
    Level.OVER: _l("lebih"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One account in one week. ``quota`` None: nothing is asked of it."""

    week: Week
    live: int
    planned: int
    quota: int | None
    is_over: bool  # the week has ended

    @property
    def number(self) -> int:
        """Live and still to come."""
        return self.live + self.planned

    @property
    def missing(self) -> int:
        """How many the week lacks."""
        return max((self.quota or 0) - self.number, 0)

    @property
    def level(self) -> Level:
        """Against its quota."""
        if not self.quota:
            return Level.PLAIN
        if self.number == 0:
            return Level.EMPTY
        if self.missing:
            return Level.SHORT
        return Level.MET if self.number == self.quota else Level.OVER

    @property
    def word(self) -> str:
        """What the colour says."""
        if self.level is Level.SHORT:
            return _("kurang %(n)s", n=self.missing)
        if self.level is Level.OVER:
            return _("lebih %(n)s", n=self.number - (self.quota or 0))
        if self.level is Level.PLAIN:
            if not self.number:
                return _("tidak ada") if self.is_over else _("belum ada")
            return _("tayang") if self.is_over or not self.planned else _("rencana")
        return self.level.label


@dataclass(frozen=True)
class AccountPace:
    """One row. ``target``: what the quarter asks of the account, None when nothing; ``missing``: what is neither live
    nor planned of it.
    """

    account: ChannelAccount
    quota: Quota
    cells: tuple[Cell, ...]
    target: int | None
    missing: int

    @property
    def number(self) -> int:
        """Live and planned in the whole quarter."""
        return sum(c.number for c in self.cells)

    @property
    def gaps(self) -> list[Cell]:
        """Weeks that are not over and lack something."""
        return [c for c in self.cells if not c.is_over and c.missing]

    @property
    def sentence(self) -> str:
        """What is missing, in words: "IG kosong pekan ke-3; butuh 2 lagi untuk 26". Empty when nothing is."""
        empty = [c.week.number for c in self.gaps if c.level is Level.EMPTY]
        name = self.account.name
        if empty and self.missing:
            return _("%(name)s kosong %(weeks)s; butuh %(n)s lagi untuk %(target)s",
                     name=name, weeks=_weeks_text(empty), n=self.missing, target=self.target)  # fmt: skip
        if self.missing:
            return _(
                "%(name)s butuh %(n)s lagi untuk %(target)s", name=name, n=self.missing, target=self.target
            )
        if empty:
            return _("%(name)s kosong %(weeks)s", name=name, weeks=_weeks_text(empty))
        return ""

    def missing_in(self, weeks: Sequence[Week]) -> int:
        """What some open weeks lack, never more than the whole quarter does."""
        return min(sum(c.missing for c in self.gaps if c.week in weeks), self.missing)

    def sentence_of(self, weeks: Sequence[Week]) -> str:
        """The same of some weeks only: "IG kosong pekan ke-6; butuh 2 lagi". Empty when they lack nothing."""
        empty = [c.week.number for c in self.gaps if c.level is Level.EMPTY and c.week in weeks]
        name, missing = self.account.name, self.missing_in(weeks)
        if empty and missing:
            return _(
                "%(name)s kosong %(weeks)s; butuh %(n)s lagi", name=name, weeks=_weeks_text(empty), n=missing
            )
        if missing:
            return _("%(name)s butuh %(n)s lagi", name=name, n=missing)
        return _("%(name)s kosong %(weeks)s", name=name, weeks=_weeks_text(empty)) if empty else ""


def _weeks_text(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return _("pekan ke-%(n)s", n=numbers[0])
    if len(numbers) > _NAMED_WEEKS and numbers[-1] - numbers[0] == len(numbers) - 1:
        return _("pekan ke-%(first)s sampai ke-%(last)s", first=numbers[0], last=numbers[-1])
    if len(numbers) > _NAMED_WEEKS:
        named = ", ".join(_("ke-%(n)s", n=n) for n in numbers[:_NAMED_WEEKS])
        return _("pekan %(weeks)s, dan %(n)s pekan lain", weeks=named, n=len(numbers) - _NAMED_WEEKS)
    *first, last = [_("ke-%(n)s", n=n) for n in numbers]
    return _("pekan %(weeks)s dan %(last)s", weeks=", ".join(first), last=last)


@dataclass(frozen=True)
class QuarterPace:
    """The grid."""

    quarter: Quarter
    today: date
    weeks: tuple[Week, ...]
    rows: tuple[AccountPace, ...]
    is_narrowed: bool = False  # not everything was counted, so nothing is held against a quota
    unborne: tuple[str, ...] = ()  # targets that miss something and that no account in use can fill
    elsewhere: tuple[
        tuple[int, str, str], ...
    ] = ()  # schemes that count by another period: id, name, by which
    scheme_id: int | None = None  # the first one that counts by quarters: whose targets are asked

    @property
    def present(self) -> Week | None:
        """The week that runs now, if it is one of these."""
        return week_at(self.weeks, self.today)

    @property
    def is_over(self) -> bool:
        """Whether the quarter has ended."""
        return self.today > self.quarter.end

    @property
    def has_quotas(self) -> bool:
        """Whether anything is asked of any account."""
        return any(r.target is not None for r in self.rows)

    @property
    def short_rows(self) -> list[AccountPace]:
        """Accounts of which something is missing; of a quarter that is over nothing can be filled any more."""
        return [] if self.is_over else [r for r in self.rows if r.sentence]


def get_quarter_pace(
    actor: Principal,
    office: Unit,
    quarter: Quarter,
    *,
    account_ids: Sequence[int] = (),
    pillar_ids: Sequence[int] = (),
    campaign_ids: Sequence[int] = (),
    section_ids: Sequence[int] = (),
) -> QuarterPace:
    """The quarter of an office as the actor may see it. ``account_ids``: only these rows (quotas are shared among all
    accounts just the same); the others: only posts of such stories, and then without quotas. A constant number of
    statements.
    """
    within = Within(pillar_ids, campaign_ids, section_ids)
    today = today_at(office)
    weeks = weeks_of(quarter)
    since = (week_at(weeks, today) or weeks[0]).start
    opened = [] if today > quarter.end else [w for w in weeks if w.start >= since]
    accounts = list_accounts(office.id)
    midnight = from_local(today, time(), office.zone_name)
    tallies = list_tallies(actor.id, office.id, office.zone_name, weeks, today=midnight, within=within)
    by_account: dict[int, list[Tally]] = {}
    for tally in tallies:
        by_account.setdefault(tally.account_id, []).append(tally)
    parts: dict[int, list[Part]] = {}
    unborne: tuple[str, ...] = ()
    planned = Planned()
    if not within:
        planned = plan_quarter(office.id, quarter, before=since)
        remaining = planned.remaining
        first = next(w.number for w in weeks if w.start == since)
        parts = share_out(accounts, remaining, _since(tallies, first), len(weeks) - first + 1)
        unborne = tuple(
            r.component.label
            for r in remaining
            if r.missing and not any(bears(a, r.component) for a in accounts)
        )
    rows = tuple(
        _row(
            a,
            NO_QUOTA if within else _quota_of(a, parts, weeks, opened),
            weeks,
            by_account.get(a.id, []),
            today,
        )
        for a in accounts
        if not account_ids or a.id in account_ids
    )
    elsewhere = tuple((s.id, s.name, s.period_type.adverb) for s in planned.elsewhere)
    scheme_id = next((s.id for s in planned.asking), None)
    return QuarterPace(quarter, today, weeks, rows, bool(within), unborne, elsewhere, scheme_id)


def _quota_of(
    account: ChannelAccount,
    parts: Mapping[int, Sequence[Part]],
    weeks: Sequence[Week],
    opened: Sequence[Week],
) -> Quota:
    if account.weekly_quota is not None:
        return office_quota(account.weekly_quota, weeks)
    return quota_of(parts.get(account.id, ()), weeks, opened)


def _since(tallies: Sequence[Tally], first: int) -> dict[int, dict[str, int]]:
    """What is live or planned from a week on, by account and kind of content."""
    found: dict[int, dict[str, int]] = {}
    for tally in tallies:
        if tally.week >= first:
            types = found.setdefault(tally.account_id, {})
            types[tally.content_type] = types.get(tally.content_type, 0) + tally.number
    return found


def _row(
    account: ChannelAccount, quota: Quota, weeks: Sequence[Week], tallies: list[Tally], today: date
) -> AccountPace:
    filling = [t for t in tallies if quota.counts(t.content_type)]
    cells = tuple(
        Cell(
            week=week,
            live=sum(t.number for t in filling if t.week == week.number and t.is_live),
            planned=sum(t.number for t in filling if t.week == week.number and not t.is_live),
            quota=quota.asked_in(week),
            is_over=week.end <= today,
        )
        for week in weeks
    )
    missing = quota.missing(sum(t.number for t in filling))
    return AccountPace(account, quota, cells, quota.target, missing)
