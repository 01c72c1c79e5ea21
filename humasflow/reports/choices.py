"""What can be reported on: the last periods of a kind, and sections and people as far as the reader may."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import list_people
from humasflow.core.periods import PeriodError, period_of
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import list_sections
from humasflow.reports.enums import ReportFormat, ReportScope, SpanKind
from humasflow.reports.makers import missing
from humasflow.reports.policy import may_make, may_name_people
from humasflow.reports.spans import TYPES
from humasflow.scoring.queries import list_schemes

SHOWN = {SpanKind.WEEK: 26, SpanKind.MONTH: 24, SpanKind.QUARTER: 12, SpanKind.SEMESTER: 8, SpanKind.YEAR: 6}

Offered = list[tuple[str, str]]


def periods_of(kind: SpanKind, today: date) -> Offered:
    """The running period and those before it, by key and name; none for a day and a free stretch."""
    if kind not in TYPES:
        return []
    found, period = [], period_of(TYPES[kind], today)
    for _n in range(SHOWN[kind]):
        found.append((period.key, period.label))
        try:
            period = period.previous()
        except PeriodError:
            break
    return found


def subjects_of(office: Unit, reader: Principal) -> dict[str, Offered]:
    """Whom the reader may have reported on, in groups: oneself always."""
    mine = [(f"{ReportScope.PERSON}:{reader.id}", _("%(name)s (saya)", name=reader.name))]
    if not may_make(reader, office.id):
        return {_("Saya"): mine}
    groups: dict[str, Offered] = {_("Kantor"): [(ReportScope.OFFICE.value, _("Seluruh kantor"))]}
    sections = [(f"{ReportScope.SECTION}:{s.id}", s.name) for s in list_sections(office.id)]
    if sections:
        groups[_("Seksi")] = sections
    if may_name_people(reader, office.id):
        mine += [
            (f"{ReportScope.PERSON}:{person.id}", person.name)
            for person in list_people(office)
            if person.id != reader.id
        ]
    groups[_("Pegawai")] = mine
    return groups


def schemes_of(office: Unit) -> Offered:
    """The schemes in use, where there is a choice."""
    found = list_schemes(office.id)
    return [(str(scheme.id), scheme.name) for scheme in found] if len(found) > 1 else []


def formats_for(office: Unit, reader: Principal) -> tuple[list[ReportFormat], list[str]]:
    """The formats this reader can have made on this machine, and why others cannot be."""
    able, reasons = [], []
    for format_ in ReportFormat:
        if format_ is ReportFormat.ZIP and not may_make(reader, office.id):
            continue
        why = missing(format_)
        if why:
            reasons.append(why)
        else:
            able.append(format_)
    return able, list(dict.fromkeys(reasons))


def kinds() -> Sequence[SpanKind]:
    """In the order of the tabs."""
    return tuple(SpanKind)
