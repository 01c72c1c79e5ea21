"""Gathering a report's facts, in the language of the report. Reads only."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.decimals import write
from humasflow.orgs.queries import get_office, get_section
from humasflow.reports.enums import ReportScope
from humasflow.reports.facts.people import person_facts
from humasflow.reports.facts.publications import Stretch, activity_of, numbers_of, publications_of
from humasflow.reports.facts.roles import role_names
from humasflow.reports.facts.shapes import Activity, PersonFacts, ReportFacts, StandingFacts
from humasflow.reports.facts.signing import signer_of, superior_of
from humasflow.reports.facts.standings import scheme_for, standings_of, trend_until
from humasflow.reports.models import Letterhead, ReportRun
from humasflow.reports.spans import Span


def gather(run: ReportRun, *, made_at: datetime | None = None) -> ReportFacts:
    """Everything a report shows. Call it within the report's language (``language_of(run)``). Raises NotFound when the
    office has no such section or person.
    """
    office = get_office(run.office_id)
    span = Span(run.span, run.start_on, run.end_on)
    section = get_section(office.id, run.subject_id or 0) if run.scope is ReportScope.SECTION else None
    stretch = Stretch(office, run.start_on, run.end_on, run.scope, run.subject_id, role_names(office.id))
    scheme = scheme_for(office, span, run.options.get("scheme_id"))
    standings = standings_of(office, scheme, span, with_people=run.names_people) if scheme else ()
    letterhead = db.session.get(Letterhead, office.id)
    signer = signer_of(office, letterhead)
    person: PersonFacts | None = None
    superior = None
    if run.scope is ReportScope.PERSON:
        whole = standings[-1].standing if standings else None
        person, section_id = person_facts(office, run.subject_id or 0, stretch, whole)
        superior = superior_of(office, section_id, person.user_id, signer)
        standings = ()  # a person's own report says nothing of the office that they could not read elsewhere
    activity, numbers = activity_of(stretch), numbers_of(stretch)
    subject = section.name if section else person.name if person else ""
    return ReportFacts(
        office_id=office.id, office_name=office.name, office_short_name=office.short_name,
        zone_name=office.zone_name, zone_label=office.zone_label, language=language_of(run),
        scope=run.scope, subject_id=run.subject_id, subject=subject, span=run.span, start=run.start_on,
        end=run.end_on, period_label=span.label, title=run.options.get("title") or title_of(run.scope),
        headline=_headline(run.scope, span, activity, standings, person), made_at=made_at or clock.now(),
        requester=run.requester.name, activity=activity, standings=standings,
        trend=trend_until(office, scheme, span) if scheme and run.scope is ReportScope.OFFICE else None,
        person=person, signer=signer, superior=superior, place=_place(letterhead),
        publications=lambda: publications_of(stretch, numbers),
    )  # fmt: skip


def language_of(run: ReportRun) -> str:
    """Indonesian unless English was asked for."""
    return "en" if run.options.get("language") == "en" else "id"


def title_of(scope: ReportScope) -> str:
    """What stands over the report."""
    if scope is ReportScope.PERSON:
        return _("Laporan Kontribusi Kehumasan")
    if scope is ReportScope.SECTION:
        return _("Laporan Kehumasan Seksi")
    return _("Laporan Kinerja Kehumasan")


def _place(letterhead: Letterhead | None) -> str:
    """Where it is signed; empty when nobody said."""
    return letterhead.city if letterhead is not None else ""


def _headline(
    scope: ReportScope,
    span: Span,
    activity: Activity,
    standings: tuple[StandingFacts, ...],
    person: PersonFacts | None,
) -> str:
    """The one sentence on top."""
    told = ngettext(
        "%(n)s publikasi tayang pada %(period)s", "%(n)s publikasi tayang pada %(period)s", activity.total,
        n=write(activity.total), period=span.label,
    )  # fmt: skip
    if person is not None:
        return _(
            "%(name)s ikut membuat %(n)s publikasi pada %(period)s.", name=person.name, n=write(activity.total),
            period=span.label,
        )  # fmt: skip
    if scope is ReportScope.SECTION or not standings:
        return f"{told}."
    last = standings[-1]
    if last.is_partial:
        return _(
            "%(told)s. %(period)s: %(standing)s", told=told, period=last.period_label, standing=last.headline
        )
    return _("%(told)s. %(standing)s", told=told, standing=last.headline)
