"""Rules of a scheme read back in plain sentences: "Berita Terbaru: 60% dari nilai; 60 berita per triwulan; lebih dari
target tidak menambah".
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import gettext as _

from humasflow.core.periods import PeriodType
from humasflow.scoring.calculation import CalculationError, read_bands, read_conversion, read_parameters
from humasflow.scoring.calculation import parameters as p
from humasflow.scoring.completeness import plain
from humasflow.scoring.enums import ComponentKind, Consolidation, Polarity
from humasflow.scoring.models import Component, SchemeVersion, Target
from humasflow.scoring.naming import SHORT, Names, listed
from humasflow.scoring.targeting import takes_target

NOTHING_NAMED = Names()
MONDAY = date(2026, 1, 5)
ANY = "*"  # in a table of points: every other one
NEWS = "berita_"  # codes of the content types that people simply call news


def describe(
    component: Component,
    target: Target | None,
    period_type: PeriodType,
    *,
    names: Names = NOTHING_NAMED,
    whole: bool = False,
) -> str:
    """One component in one sentence: what it weighs, what is to be reached, and what more or less than that brings.

    ``whole``: lists to their end, where the rules are read; else the rest of a long one is counted.
    """
    return (
        f"{component.label}: {'; '.join(phrases(component, target, period_type, names=names, whole=whole))}"
    )


def phrases(
    component: Component,
    target: Target | None,
    period_type: PeriodType,
    *,
    names: Names = NOTHING_NAMED,
    whole: bool = False,
) -> list[str]:
    """The parts of :func:`describe`, in its order."""
    said = [
        _weight(component),
        *_measure(component, names, _most(whole)),
        *_goal(component, target, period_type, names),
    ]
    return [phrase for phrase in [*said, *_direction(component), *_limits(component)] if phrase]


def _weight(component: Component) -> str:
    if component.weight > 0:
        return _("%(weight)s%% dari nilai", weight=plain(component.weight))
    if component.kind is ComponentKind.GATE:
        return _("syarat wajib")
    return _("ditampilkan, tidak dijumlahkan")


def _most(whole: bool) -> int | None:
    return None if whole else SHORT


def _measure(component: Component, names: Names, most: int | None) -> list[str]:
    """What is looked at, where that is more than a count of publications."""
    try:
        found = read_parameters(component.kind, component.parameters)
    except CalculationError as error:
        return [_("belum lengkap: %(why)s", why=str(error).rstrip("."))]
    said: list[str] = []
    match found:
        case p.CountParameters():
            if found.maximum is not None:
                said.append(_("paling banyak dapat dicapai %(n)s", n=plain(found.maximum)))
        case p.PointsParameters():
            said.append(_("poin %(table)s", table=listed(_points(found, names), most=most)))
            said += [_("jumlah poin langsung menjadi nilai")] if found.is_plain else []
        case p.CadenceParameters():
            said.append(_cadence(found))
        case p.ChecklistParameters():
            number = len(found.items)
            said.append(_("%(n)s butir bernilai 0, 1, atau 2, dibagi %(most)s", n=number, most=found.maximum))
        case p.RubricParameters():
            said.append(_("rata-rata nilai para penilai, 0 sampai 100"))
            said += (
                [_("dilihat dari %(aspects)s", aspects=listed(found.aspects, most=most))]
                if found.aspects
                else []
            )
        case p.RateParameters():
            said.append(_lower_first(found.formula.label))
            said += [_("semua angkanya harus diketahui")] if found.requires_all else []
        case p.GrowthParameters():
            what = _("pertumbuhan %(what)s", what=found.what) if found.what else _("pertumbuhan")
            said.append(_("%(what)s dibandingkan dengan periode sebelumnya", what=what))
        case p.RankParameters(formula=p.RankFormula.BEHIND):
            said.append(_("(N − peringkat + 1) ÷ N dari semua yang diperingkat"))
        case p.GateParameters():
            said += [_("“%(question)s”", question=found.question)] if found.question else []
            said.append(_("bila tidak terpenuhi, tidak ada nilai"))
    return said


def _points(found: p.PointsParameters, names: Names) -> list[str]:
    """Each entry of the table, in the words of what it is left to say beside the more exact ones."""
    table = found.table
    return [f"{_whereabouts(*pair, table, names)} {plain(points)}" for pair, points in table.items()]


def _whereabouts(type_: str, kind: str, table: Mapping[tuple[str, str], Decimal], names: Names) -> str:
    if (type_, kind) == (ANY, ANY):
        return _("selebihnya") if len(table) > 1 else _("tiap publikasi")
    if kind == ANY:
        apart = any(other == type_ and where != ANY for other, where in table)
        channel = _("kanal lain") if apart else _("semua kanal")
        return _("%(type)s di %(channel)s", type=names.type_of(type_), channel=channel)
    if type_ == ANY:
        apart = any(other != ANY and where in (kind, ANY) for other, where in table)
        what = _("jenis lain") if apart else _("semua jenis konten")
        return _("%(type)s di %(channel)s", type=what, channel=names.kind_of(kind))
    return _("%(type)s di %(channel)s", type=names.type_of(type_), channel=names.kind_of(kind))


def _cadence(found: p.CadenceParameters) -> str:
    if found.weekdays:
        days = listed([weekday_name(day) for day in found.weekdays], most=7)
        if found.unit is p.CadenceUnit.DAY:
            return _("paling sedikit %(n)s publikasi tiap hari %(days)s", n=found.minimum, days=days)
        return _("paling sedikit %(n)s publikasi tiap pekan pada hari %(days)s", n=found.minimum, days=days)
    return _("paling sedikit %(n)s publikasi tiap %(unit)s", n=found.minimum, unit=found.unit.label)


def weekday_name(day: int) -> str:
    """Monday is 0."""
    return format_date(MONDAY + timedelta(days=day), "EEEE", locale=get_locale() or "id")


def kind_hint(kind: ComponentKind) -> str:
    """What a kind is for, in one sentence, where a person chooses one."""
    return {
        ComponentKind.COUNT_RATIO: _("Berapa banyak yang tayang, dibandingkan dengan sasaran."),
        ComponentKind.POINTS: _("Tiap tayangan membawa poin menurut jenis konten dan kanalnya."),
        ComponentKind.CADENCE: _("Berapa bagian pekan atau hari yang mencapai jumlah minimum."),
        ComponentKind.CHECKLIST: _("Butir-butir yang diperiksa dan diberi nilai 0, 1, atau 2."),
        ComponentKind.RUBRIC: _("Nilai mutu 0 sampai 100 dari penilai, dengan catatannya."),
        ComponentKind.RATE: _("Interaksi dibagi jangkauan, pengikut, atau tayangan; rumusnya bernama."),
        ComponentKind.GROWTH: _("Naik berapa persen dari periode sebelumnya, misalnya pengikut."),
        ComponentKind.RANK: _("Peringkat yang diumumkan, misalnya nomor 19 dari 100."),
        ComponentKind.GATE: _("Harus terpenuhi; bila tidak, skema tidak memberi nilai sama sekali."),
    }[kind]


def _goal(component: Component, target: Target | None, period_type: PeriodType, names: Names) -> list[str]:
    if not takes_target(component):
        return []
    if target is None or target.is_withdrawn:
        return [_("target belum ditetapkan")]
    value = plain(target.value)
    if target.upper is not None:
        value = _("%(low)s sampai %(high)s", low=value, high=plain(target.upper))
    return [_goal_in_words(component, value, period_type, names)]


def _goal_in_words(component: Component, value: str, period_type: PeriodType, names: Names) -> str:
    per = period_type.adverb
    if component.kind is ComponentKind.RANK:
        return _("peringkat ke-%(place)s atau lebih baik", place=value)
    if component.kind in (ComponentKind.RATE, ComponentKind.GROWTH):
        return _("target %(value)s%%", value=value)
    noun = _("poin") if component.kind is ComponentKind.POINTS else noun_of(component, names)
    if component.polarity is Polarity.MINIMISE:
        return _("paling banyak %(value)s %(noun)s %(per)s", value=value, noun=noun, per=per)
    return f"{value} {noun} {per}"


def noun_of(component: Component, names: Names = NOTHING_NAMED) -> str:
    """What is counted, in a word: "berita" for the types of news, the type's own name for a single other one."""
    codes = list(component.content_types)
    if codes and all(code.startswith(NEWS) for code in codes):
        return _("berita")
    return names.type_of(codes[0]) if len(codes) == 1 else _("publikasi")


def _direction(component: Component) -> list[str]:
    if not takes_target(component) or component.polarity is Polarity.MAXIMISE:
        return []
    if component.kind is ComponentKind.RANK:
        return []  # a place is always the better the smaller
    return [_lower_first(component.polarity.label)]


def _limits(component: Component) -> list[str]:
    """What more than the target brings, and what less does. A share or a mark never passes 100 by itself."""
    said = []
    aims = takes_target(component)
    if aims and component.cap in (None, 100):
        said.append(_beyond(component))
    elif component.cap is not None and (
        aims or component.cap < 100 or component.kind is ComponentKind.POINTS
    ):
        said.append(_("paling tinggi %(cap)s%%", cap=plain(component.cap)))
    if aims and not component.partial_credit:
        said.append(
            _("kurang dari target tidak bernilai") if _way(component) is Polarity.MAXIMISE
            else _("tidak bernilai sampai target terpenuhi")
        )  # fmt: skip
    return said


def _way(component: Component) -> Polarity:
    """A place is always the better the smaller."""
    return Polarity.MINIMISE if component.kind is ComponentKind.RANK else component.polarity


def _beyond(component: Component) -> str:
    """What lies beyond the target, on the side that raises the value: nothing further, or more and more."""
    stops = component.cap is not None
    match _way(component):
        case Polarity.MINIMISE:
            return (
                _("lebih baik dari target tidak menambah")
                if stops
                else _("lebih baik dari target terus menambah")
            )
        case Polarity.STABILISE:
            return _("di atas rentang tidak menambah") if stops else _("di atas rentang terus menambah")
        case _:
            return _("lebih dari target tidak menambah") if stops else _("lebih dari target terus menambah")


def describe_selection(component: Component, names: Names = NOTHING_NAMED, *, whole: bool = False) -> str:
    """Which publications count for a component or are judged one by one, or whose numbers make its rate; empty for one
    that is measured otherwise. ``whole`` as in :func:`describe`.
    """
    if not component.kind.chooses_posts and component.kind is not ComponentKind.RATE:
        return ""
    most = _most(whole)
    types = listed([names.type_of(c) for c in component.content_types], most=most) or _("semua jenis konten")
    where = listed([names.kind_of(c) for c in component.channel_kinds], most=most) or _("semua kanal")
    is_rubric = component.kind is ComponentKind.RUBRIC
    match component.kind:
        case ComponentKind.RATE:
            said = [_("Dari angka %(types)s di %(channels)s.", types=types, channels=where)]
        case ComponentKind.RUBRIC:
            said = [_("Menilai %(types)s di %(channels)s.", types=types, channels=where)]
        case _:
            said = [_("Menghitung %(types)s di %(channels)s.", types=types, channels=where)]
    for label, ids, known in (
        (_("Akun"), component.account_ids, names.accounts), (_("Pilar"), component.pillar_ids, names.pillars),
        (_("Kampanye"), component.campaign_ids, names.campaigns),
        (_("Seksi"), component.section_ids, names.sections),
    ):  # fmt: skip
        if ids:
            said.append(f"{label}: {listed([known.get(i, f'#{i}') for i in ids], most=most)}.")
    if component.counts_unverified:
        said.append(_("Yang tayang langsung dihitung, sebelum diverifikasi."))
    if component.counts_reposts:
        said.append(
            _("Tayang ulang dengan tautan baru ikut dinilai.")
            if is_rubric
            else _("Tayang ulang dengan tautan baru ikut dihitung.")
        )
    return " ".join(said)


def describe_rules(version: SchemeVersion, period_type: PeriodType) -> list[str]:
    """What holds for a version as a whole, a sentence each."""
    said = [_("Dihitung %(per)s.", per=period_type.adverb)]
    if version.total_cap is not None:
        said.append(_("Nilai akhir paling tinggi %(cap)s.", cap=plain(version.total_cap)))
    said.append(_("Pembulatan: %(rule)s.", rule=version.rounding.label))
    said.append(
        _("Beberapa periode menjadi satu angka: %(how)s; periode tanpa data bukan nol.",
          how=_lower_first(version.consolidation.label))
        if version.consolidation is not Consolidation.SUM
        else _("Beberapa periode menjadi satu angka: dijumlahkan.")
    )  # fmt: skip
    return [*said, *_conversion(version), *_bands(version)]


def _conversion(version: SchemeVersion) -> list[str]:
    try:
        found = read_conversion(version.conversion)
    except (CalculationError, KeyError, ValueError):
        return [_("Konversinya belum lengkap.")]
    if found is None:
        return []
    said = [_("Nilai dikonversi menurut tabel %(n)s bagian.", n=len(found.segments))]
    if found.round_first is not None:
        said.append(_("Sebelum dikonversi: %(rule)s.", rule=found.round_first.label))
    unknown = [s for s in found.segments if s.slope is None]
    said += [
        _("Bagian mulai %(lower)s belum lengkap: hanya %(n)s titik yang diketahui.", lower=number_text(s.lower),
          n=len(s.known or {}))
        for s in unknown
    ]  # fmt: skip
    if found.when_maximum_met is not None:
        said.append(
            _("Sasaran setinggi yang dapat dicapai dan terpenuhi bernilai %(n)s.",
              n=number_text(found.when_maximum_met))
        )  # fmt: skip
    return said


def _bands(version: SchemeVersion) -> list[str]:
    try:
        bands = read_bands(version.bands)
    except (CalculationError, KeyError):
        return [_("Predikatnya belum lengkap.")]
    if not bands:
        return []
    listed_bands = "; ".join(
        _("%(label)s mulai %(lower)s", label=band.label, lower=number_text(band.lower))
        for band in reversed(bands)
    )
    return [_("Predikat: %(bands)s. Batas bawah yang menentukan.", bands=listed_bands)]


def number_text(value: Fraction) -> str:
    """An exact number that was written as a decimal, as people read it."""
    return plain(Decimal(value.numerator) / Decimal(value.denominator))


def describe_version(
    version: SchemeVersion, targets: Mapping[str, Target], period_type: PeriodType, *, names: Names
) -> list[str]:
    """A whole version: a sentence a component, then the rules around them."""
    return [
        *(describe(c, targets.get(c.key), period_type, names=names) for c in version.components),
        *describe_rules(version, period_type),
    ]


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
