"""The facts of a report are those of the page of the standing, for the very days that were asked for."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal

import pytest

from humasflow.accounts.enums import Acting
from humasflow.accounts.services.people import grant_role
from humasflow.core.db import db
from humasflow.core.permissions import Role
from humasflow.reports.enums import ReportScope, SpanKind
from humasflow.reports.facts import ReportFacts, gather
from humasflow.reports.facts import publications as listing
from humasflow.reports.pdf.report import page_of
from humasflow.reports.services import LetterheadContent, save_letterhead
from humasflow.reports.spans import Span, span_around, span_before
from humasflow.scoring.standing import get_standing, sentences
from humasflow.scoring.standing.by_section import by_section
from tests.factories import desk
from tests.factories.publications import live_post
from tests.factories.world import World
from tests.reports.made import QUARTER, TW1, days, order, quarter

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

At = Callable[[str], AbstractContextManager[None]]


def facts_of(world: World, **more: object) -> ReportFacts:
    """What an order of the lead would show."""
    return gather(order(world, **more))  # type: ignore[arg-type]


def test_the_same_numbers_as_the_page(world: World, at: At) -> None:
    with at("2026-03-20T02:00Z"):
        quarter(world)
        facts = facts_of(world)
        page = get_standing(world.office, TW1)
        assert page is not None
        (shown,) = facts.standings
        assert [
            (c.key, c.verified, c.unverified, c.gap, c.value, c.target, c.says) for c in shown.components
        ] == [
            (
                c.key,
                c.verified,
                c.unverified,
                c.gap,
                c.result.value,
                c.target and c.target.value,
                sentences.say(c, page),
            )
            for c in page.components
        ]
        assert shown.total == page.total.value and shown.headline == sentences.headline(page).text
        assert sum((c.points or 0 for c in shown.components), Decimal(0)) == page.total.subtotal
        sections = by_section(world.office, page.version, TW1)
        assert [[c.verified for c in row.cells] for row in shown.sections] == [
            [c.tally.verified for c in row.cells] for row in sections.rows
        ]
        assert facts.activity.total == len(list(facts.publications())) == 3
        assert shown.headline in facts.headline and "3" in facts.headline


def test_local_days_decide(world: World) -> None:
    """23.30 WIB on 31 March is the first quarter; half an hour later is not."""
    live_post(world, at="2026-03-31T16:30Z", title="Masih TW I")
    live_post(world, at="2026-03-31T17:00Z", title="Sudah TW II")
    assert [p.title.split()[0] for p in facts_of(world).publications()] == ["Masih"]
    day = Span(SpanKind.DAY, date(2026, 4, 1), date(2026, 4, 1))
    assert [p.title.split()[0] for p in facts_of(world, span=day).publications()] == ["Sudah"]


def test_periods_of_the_scheme_in_a_stretch(world: World, at: At) -> None:
    with at("2026-07-20T02:00Z"):
        quarter(world)
        year = span_around(SpanKind.YEAR, date(2026, 5, 1))
        assert [s.period_label for s in facts_of(world, span=year).standings] == [
            "Triwulan I 2026", "Triwulan II 2026", "Triwulan III 2026", "Triwulan IV 2026",
        ]  # fmt: skip
        month = span_around(SpanKind.MONTH, date(2026, 2, 1))
        (partial,) = facts_of(world, span=month).standings
        assert partial.is_partial and partial.period_label == "Triwulan I 2026"
        (whole,) = facts_of(world).standings
        assert not whole.is_partial
        assert facts_of(world, span=days(date(2019, 1, 1), date(2019, 3, 1))).standings == ()


def test_the_list_is_read_in_pieces(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for _n in range(5):
        live_post(world)
    monkeypatch.setattr(listing, "AT_ONCE", 2)
    found = list(facts_of(world).publications())
    assert [p.number for p in found] == [1, 2, 3, 4, 5] and len({p.delivery_id for p in found}) == 5


def test_people_are_named_only_to_who_may_know(world: World, at: At) -> None:
    with at("2026-03-20T02:00Z"):
        quarter(world)
        (seen,) = facts_of(world).standings
        (kept,) = gather(order(world, world.editor)).standings
        assert kept.people == () and kept.sections == seen.sections


def test_a_secret_is_in_no_report(world: World, at: At) -> None:
    with at("2026-03-20T02:00Z"):
        quarter(world)
        story = desk.story(world, title="Rencana yang sangat rahasia")
        story.is_confidential = True
        desk.post(world, story, "web", words="")
        db.session.flush()
        facts = facts_of(world)
        explained = facts.standings[0].explained
        assert explained is not None
        named = [item.title for lack in explained.shortfalls for r in lack.reasons for item in r.items]
        assert "Rencana yang sangat rahasia" not in named
        assert all("rahasia" not in p.title for p in facts.publications())


def test_a_section_and_a_person(world: World, at: At) -> None:
    with at("2026-03-20T02:00Z"):
        quarter(world)
        section = facts_of(world, scope=ReportScope.SECTION, subject_id=world.section.id)
        assert section.subject == "Seksi Pelayanan Lelang" and section.activity.total == 0
        person = facts_of(world, scope=ReportScope.PERSON, subject_id=world.contributor.id)
        assert person.person is not None and person.standings == ()
        assert (person.person.name, person.person.position, person.person.section) == (
            "Kontributor Satu", "Pelaksana", "Seksi Pelayanan Lelang",
        )  # fmt: skip
        assert person.superior is not None and person.superior.title == "Kepala Seksi Pelayanan Lelang"
        head = facts_of(world, scope=ReportScope.PERSON, subject_id=world.section_approver.id)
        assert head.superior == head.signer


def test_who_signs(world: World) -> None:
    assert facts_of(world).signer.name == "Ketua Tim" and facts_of(world).signer.capacity == "Kepala Kantor"
    save_letterhead(
        world.office, LetterheadContent(signer_name="Nama di Kop", signer_number="19700101", city="Makassar"),
        actor=world.as_(world.admin),
    )  # fmt: skip
    named = facts_of(world)
    assert (named.signer.name, named.signer.number, named.place) == ("Nama di Kop", "19700101", "Makassar")
    grant_role(
        world.approver, world.office, Role.LEAD, actor=None, position_title="Kepala Kantor", acting=Acting.PLH,
        valid_from=date(2019, 1, 1),
    )  # fmt: skip
    acting = facts_of(world).signer
    assert (acting.name, acting.capacity, acting.number) == ("Penyetuju Kantor", "Plh. Kepala Kantor", "")


def test_the_number_of_who_signs_and_of_whom_it_is_about(world: World) -> None:
    world.lead.nip, world.contributor.nip = "197501312000031001", "199002282015042002"
    db.session.flush()
    assert facts_of(world).signer.number == "197501312000031001"
    facts = facts_of(world, scope=ReportScope.PERSON, subject_id=world.contributor.id)
    assert facts.person is not None and facts.person.number == "199002282015042002"
    page = page_of(facts, None)
    assert "<dt>NIP</dt><dd>199002282015042002</dd>" in page and "NIP 199002282015042002" in page
    save_letterhead(
        world.office,
        LetterheadContent(signer_name="Ketua Tim", city="Makassar"),
        actor=world.as_(world.admin),
    )
    assert facts_of(world).signer.number == "197501312000031001"


def test_stretches() -> None:
    assert span_around(SpanKind.QUARTER, date(2026, 2, 3)) == QUARTER
    assert span_before(SpanKind.DAY, date(2026, 1, 1)) == Span(
        SpanKind.DAY, date(2025, 12, 31), date(2025, 12, 31)
    )
    assert span_before(SpanKind.SEMESTER, date(2026, 2, 1)).start == date(2025, 7, 1)
    assert days(date(2026, 1, 1), date(2026, 2, 15)).key == "2026-01-01_2026-02-15"
