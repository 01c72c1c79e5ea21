"""A standing in words: one sentence for the whole period, one for each component. Numbers as people write them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import ngettext

from humasflow.core.decimals import write
from humasflow.core.localtime import show_date
from humasflow.scoring.calculation import (
    ChecklistFacts,
    GateFacts,
    GrowthFacts,
    Outcome,
    RankFacts,
    RateFacts,
    RoundingRule,
    RubricFacts,
    per_week_whole,
    read_parameters,
)
from humasflow.scoring.calculation.parameters import ChecklistParameters, RateParameters
from humasflow.scoring.enums import ComponentKind, Polarity
from humasflow.scoring.selection import counts_for
from humasflow.scoring.standing.figures import Figures, TargetShown
from humasflow.scoring.standing.needed import publications_needed
from humasflow.scoring.standing.office import ComponentStanding, Standing

NAMED = 3  # components that the first sentence names
DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Headline:
    """Where a period stands: ``opening``, what is missing ("4 Berita Terbaru"), and what belongs to it."""

    opening: str
    missing: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole sentence."""
        return "".join(words for words, _is_missing in self.pieces)

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The sentence cut up: words, and whether they name something that is missing, which a page may stress."""
        found = [(self.opening, False)]
        for n, lack in enumerate(self.missing):
            found += [(_between(n, len(self.missing)) if n else " ", False), (lack, True)]
        return [*found, ("".join(f"; {clause}" for clause in self.clauses) + ".", False)]


def joined(parts: Sequence[str]) -> str:
    """``a``, ``a dan b``, ``a, b, dan c``."""
    return "".join(f"{_between(n, len(parts)) if n else ''}{part}" for n, part in enumerate(parts))


def _between(position: int, number: int) -> str:
    """What stands before the part at a position, from 1, of so many."""
    if position < number - 1:
        return ", "
    if number == 2:
        return _("%(first)s dan %(last)s", first="", last="")
    return _("%(first)s, dan %(last)s", first="", last="")


def amount(value: Decimal | Fraction | int, places: int | None = None) -> str:
    """``1.234,5`` in the reader's language; a fraction is cut to two decimals by the usual rule."""
    shown = RoundingRule.HALF_UP_2.apply(value) if isinstance(value, Fraction) else value
    return write(shown) if places is None else write(shown, least=places, most=places)


def headline(standing: Standing) -> Headline:
    """The sentence on top: what is missing, what is on its way, and how fast the rest would have to come."""
    clauses = _obstacles(standing)
    if not standing.has_targets and not any(c.kind.counts_posts for c in standing.components if c.units):
        opening = (
            _("Sasaran %(period)s belum ditetapkan", period=standing.period.label)
            if _asks_for_targets(standing)
            else _("Belum ada yang dapat dihitung")
        )
        return Headline(opening, clauses=clauses)
    if not standing.short:
        return Headline(_met(standing), clauses=clauses)
    named = [_lack(c) for c in standing.short[:NAMED]]
    more = len(standing.short) - len(named)
    if more:
        named.append(ngettext("%(num)s komponen lain", "%(num)s komponen lain", more))
    if standing.is_over:
        return Headline(_("Berakhir dengan kekurangan"), tuple(named), clauses)
    return Headline(_("Kurang"), tuple(named), (*_what_comes(standing), *clauses))


def _asks_for_targets(standing: Standing) -> bool:
    return any(c.result.outcome is Outcome.NO_TARGET for c in standing.components)


def _met(standing: Standing) -> str:
    if not standing.has_begun:
        return _("%(period)s belum dimulai", period=standing.period.label)
    counting = [c for c in standing.components if c.weight > 0]
    if not all(c.is_met for c in counting):
        return _("Tidak ada publikasi yang kurang")
    if not all(c.is_settled for c in counting):
        return _("Semua sasaran tercapai bila yang sudah tayang terverifikasi")
    return _("Semua sasaran sudah tercapai")


def _lack(row: Figures) -> str:
    missing = row.gap or Decimal(0)
    if row.kind is ComponentKind.POINTS:
        return _("%(n)s poin %(label)s", n=amount(missing), label=row.label)
    return f"{amount(missing)} {row.label}"


def _what_comes(standing: Standing) -> list[str]:
    clauses = []
    short = [c.component for c in standing.short]
    scheduled = sum(
        post.bucket == "scheduled" and any(counts_for(c, post.facts) for c in short)
        for post in standing.coming
    )
    if scheduled:
        clauses.append(ngettext("%(num)s sudah terjadwal", "%(num)s sudah terjadwal", scheduled))
    pace = pace_of(standing)
    if pace:
        clauses.append(pace)
    return clauses


def pace_of(standing: Standing) -> str:
    """How fast what is missing would have to come, all components together; empty when nothing can be said."""
    return pace_in_words(publications_needed(standing.short), standing.days_left)


def pace_in_words(missing: Fraction, days_left: int) -> str:
    """``perlu 2 per pekan``; "one every n weeks" where that is enough, days in the last week."""
    if missing <= 0 or days_left <= 0:
        return ""
    if days_left <= DAYS_A_WEEK:
        return ngettext(
            "perlu %(n)s dalam %(num)s hari ini",
            "perlu %(n)s dalam %(num)s hari",
            days_left,
            n=amount(missing),
        )
    weeks = Fraction(days_left, DAYS_A_WEEK)
    each = int(weeks / missing)
    if each > 1:
        return _("perlu satu tiap %(n)s pekan", n=each)
    return _("perlu %(n)s per pekan", n=per_week_whole(missing, weeks))


def _obstacles(standing: Standing) -> tuple[str, ...]:
    clauses = [
        _("syarat wajib belum terpenuhi: %(label)s", label=row.label)
        for row in standing.components
        if row.result.outcome is Outcome.GATE_FAILED
    ]
    if not standing.is_over:
        for row in standing.components:
            unit = row.running_unit
            if (
                row.kind is ComponentKind.CADENCE
                and unit
                and unit.start <= standing.today
                and unit.live < row.minimum
            ):
                lack = row.minimum - unit.live
                text = (
                    _("hari ini perlu %(n)s lagi untuk %(label)s", n=lack, label=row.label)
                    if row.unit_is_day
                    else _("pekan ini perlu %(n)s lagi untuk %(label)s", n=lack, label=row.label)
                )
                clauses.append(text)
    unmeasured = sum(
        c.is_unmeasured and (c.weight > 0 or c.kind is ComponentKind.GATE) for c in standing.components
    )
    if unmeasured:
        clauses.append(ngettext("%(num)s komponen belum diukur", "%(num)s komponen belum diukur", unmeasured))
    return tuple(clauses)


def say(row: ComponentStanding, standing: Standing) -> str:
    """One line under a component's bar: what is missing and how fast it would have to come, or what was measured."""
    if row.kind is ComponentKind.CADENCE:
        return _cadence(row)
    if not row.kind.counts_posts:
        return _measured(row)
    if row.target is None:
        plain = row.result.outcome is Outcome.SCORED
        return _("%(n)s poin", n=amount(row.live)) if plain else _("belum ada sasaran")
    return _beyond(row, row.target) or _missing(row, standing)


def _beyond(row: Figures, target: TargetShown) -> str:
    """What is said where more is not better; empty where it is, or the range is kept."""
    if row.polarity is Polarity.MINIMISE:
        return _("%(n)s; sebaiknya tidak lebih dari %(most)s", n=amount(row.live), most=amount(target.value))
    if target.upper is not None and row.is_above_range:
        return _("di atas rentang %(low)s–%(high)s", low=amount(target.value), high=amount(target.upper))
    return ""


def _missing(row: Figures, standing: Standing) -> str:
    if row.is_met:
        return _("tercapai") if row.is_settled else _("tercapai bila yang tayang terverifikasi")
    lack = _("kurang %(n)s", n=_lacking(row))
    if standing.is_over or row.kind is ComponentKind.POINTS:
        return lack
    pace = pace_in_words(Fraction(row.gap or 0), standing.days_left)
    return f"{lack}, {pace}" if pace else lack


def _lacking(row: Figures) -> str:
    missing = row.gap or Decimal(0)
    return _("%(n)s poin", n=amount(missing)) if row.kind is ComponentKind.POINTS else amount(missing)


def _cadence(row: Figures) -> str:
    every = (
        _("paling sedikit %(n)s per hari", n=row.minimum)
        if row.unit_is_day
        else _("paling sedikit %(n)s per pekan", n=row.minimum)
    )
    if not row.units_counted:
        return _("belum ada yang genap; %(rule)s", rule=every)
    number, settled = row.units_settled
    every_one = settled or row.units_counted
    met = (
        _("%(n)s dari %(all)s hari memenuhi", n=number, all=every_one)
        if row.unit_is_day
        else _("%(n)s dari %(all)s pekan memenuhi", n=number, all=every_one)
    )
    if row.units_met > number:
        met = _("%(met)s, %(n)s lagi menunggu verifikasi", met=met, n=row.units_met - number)
    unit = row.running_unit
    if unit is None or unit.live >= row.minimum:
        return f"{met}; {every}"
    begins = show_date(unit.start)
    return "; ".join(
        (met, _("mulai %(day)s baru %(n)s dari %(least)s", day=begins, n=unit.live, least=row.minimum))
    )


def _measured(row: ComponentStanding) -> str:
    facts = row.result.explanation.facts
    match facts:
        case RateFacts():
            return _rate(row, row.result.explanation.realised)
        case GateFacts(passed=bool(passed), why=why):
            return _gate(passed, why)
        case _ if row.is_unmeasured:
            return _("belum diukur")
        case RankFacts(position=place, out_of=of):
            return (
                _("peringkat %(n)s", n=place)
                if of is None
                else _("peringkat %(n)s dari %(of)s", n=place, of=of)
            )
        case GrowthFacts(previous=before, current=after) if before is not None and after is not None:
            return _("dari %(before)s menjadi %(after)s", before=amount(before), after=amount(after))
        case RubricFacts(marks=marks):
            return ngettext("rata-rata %(num)s penilaian", "rata-rata %(num)s penilaian", len(marks))
        case ChecklistFacts(marks=marks):
            return _checked(row, sum(marks.values()))
    return row.result.outcome.label


def _gate(passed: bool, why: str) -> str:
    if passed:
        return _("terpenuhi")
    return _("belum terpenuhi: %(why)s", why=why) if why else _("belum terpenuhi")


def _checked(row: ComponentStanding, marks: int) -> str:
    rules = read_parameters(row.component.kind, row.component.parameters)
    most = rules.maximum if isinstance(rules, ChecklistParameters) else 0
    return _("%(n)s dari paling banyak %(most)s", n=marks, most=most)


def _rate(row: ComponentStanding, realised: Fraction | None) -> str:
    rules = read_parameters(row.component.kind, row.component.parameters)
    name = rules.formula.label if isinstance(rules, RateParameters) else ""
    if realised is None:
        return _("— (%(formula)s)", formula=name)
    return _("%(n)s%% (%(formula)s)", n=amount(realised), formula=name)


def projection(standing: Standing) -> str:
    """``6 terjadwal, 3 direviu → 91,67``: what the projected total stands on; empty when nothing is on its way or
    there is no total to project.
    """
    if standing.is_over or standing.close is not None or standing.projected_total.value is None:
        return ""
    agreed = [
        post for post in standing.coming
        if post.bucket and any(counts_for(c, post.facts) for c in standing.version.components if c.weight > 0)
    ]  # fmt: skip
    scheduled = sum(post.bucket == "scheduled" for post in agreed)
    parts = [
        _("%(n)s terjadwal", n=scheduled) if scheduled else "",
        _("%(n)s direviu atau siap", n=len(agreed) - scheduled) if len(agreed) > scheduled else "",
    ]
    said = ", ".join(part for part in parts if part)
    if not said:
        return ""
    total = standing.projected_total
    return f"{said} → {amount(total.value or Decimal(0), total.rounding.places)}"
