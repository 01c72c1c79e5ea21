"""How a publication is divided: exactly 100, from a date on, shown on a real one, never dividing anew what is counted."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from humasflow.accounts.models import User
from humasflow.audit.enums import AuditAction
from humasflow.audit.models import AuditEntry
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, NotFound, UserError
from humasflow.publishing.models import Delivery
from humasflow.scoring.models import AttributionPolicy, LedgerEntry
from humasflow.scoring.queries.attribution import newest_policy_id
from humasflow.scoring.services.attribution import DEFAULT_SHARES, Part, divide, policy_at
from humasflow.scoring.services.attribution_policy import SharesRefused, set_policy, work_out
from humasflow.stories.enums import AssignmentState
from humasflow.stories.models import Assignment, Story
from tests.conftest import QueryCount
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme
from tests.factories.world import World
from tests.stories.tasks import role
from tests.support.forms import form_with
from tests.support.page import Browser

BrowserOf = Callable[[User], Browser]
At = Callable[[str], Any]
URL = "/pengaturan/pembagian"
NOW = "2026-11-20T02:00:00Z"
TODAY = date(2026, 11, 20)


def shares(*numbers: str) -> dict[Part, Decimal]:
    return {part: Decimal(n) for part, n in zip(Part, numbers, strict=True)}


HALVES = shares("0", "50", "0", "0", "50")


def save(
    world: World, parts: dict[Part, Decimal], day: date = TODAY, **more: Any
) -> AttributionPolicy | None:
    return set_policy(world.office, actor=world.as_(world.admin), shares=parts, effective_from=day, **more)


def made_by(world: World, delivery: Delivery) -> Delivery:
    """The contributor wrote it, for their section."""
    story = db.session.get_one(Story, delivery.story_id)
    story.section_id = world.section.id
    writing = Assignment(
        office_id=world.office.id, story_id=story.id, role_id=role(world, "penulis").id,
        person_id=world.contributor.id, state=AssignmentState.DONE, state_since=clock.now(), created_at=clock.now(),
        updated_at=clock.now(),
    )  # fmt: skip
    db.session.add(writing)
    db.session.flush()
    return delivery


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
class TestService:
    """What is written, and what is not."""

    @pytest.mark.parametrize(
        ("parts", "says"),
        [
            (shares("10", "40", "20", "20", "9.99"), "99,99%"), (shares("10", "40", "20", "20", "10.01"), "100,01%"),
            (shares("0", "0", "0", "0", "0"), "sekarang 0%"), (shares("-10", "60", "20", "20", "10"), "antara 0 dan 100 persen"),
            (shares("33.333", "33.333", "33.334", "0", "0"), "dua angka"),
        ],
    )  # fmt: skip
    def test_it_sums_to_exactly_a_hundred(self, world: World, at: At, parts: Any, says: str) -> None:
        with at(NOW), pytest.raises(SharesRefused, match=says):
            save(world, parts)
        assert db.session.scalar(select(func.count()).select_from(AttributionPolicy)) == 0

    def test_it_holds_from_its_date_on(self, world: World, at: At) -> None:
        with at(NOW):
            save(world, HALVES, date(2026, 12, 1), note="Nota dinas 7")
        assert policy_at(world.office.id, date(2026, 11, 30)) == DEFAULT_SHARES
        assert policy_at(world.office.id, date(2026, 12, 1)) == HALVES
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == AuditAction.ATTRIBUTION_SET)
        ).one()
        assert entry.detail["shares"]["writer"] == "50" and entry.detail["reason"] == "Nota dinas 7"

    def test_the_past_is_not_divided_anew(self, world: World, at: At) -> None:
        make_scheme(world)
        with at(NOW):
            delivery = live_post(world, at="2026-11-19T02:00Z")
            before = [(e.beneficiary_id, e.role, e.share) for e in db.session.scalars(select(LedgerEntry))]
            with pytest.raises(UserError, match="hari ini"):
                save(world, HALVES, date(2026, 11, 19))
            save(world, HALVES)
            after = [(e.beneficiary_id, e.role, e.share) for e in db.session.scalars(select(LedgerEntry))]
        assert before == after and delivery.id

    def test_the_same_again_writes_nothing(self, world: World, at: At) -> None:
        with at(NOW):
            assert save(world, HALVES) is not None
            assert save(world, HALVES) is None
            corrected = save(world, shares("20", "30", "20", "20", "10"))
        assert corrected is not None
        assert policy_at(world.office.id, TODAY)[Part.WRITER] == 30, "of the same day the newest holds"

    def test_two_people_at_once(self, world: World, at: At) -> None:
        seen = newest_policy_id(world.office.id)
        with at(NOW):
            save(world, HALVES, seen=seen)
            with pytest.raises(Conflict):
                save(world, shares("20", "30", "20", "20", "10"), seen=seen)

    def test_only_by_permission_and_for_ones_own_office(
        self, world: World, other_world: World, at: At
    ) -> None:
        with at(NOW):
            for actor in (world.as_(world.lead), world.as_(world.editor), other_world.as_(other_world.admin)):
                with pytest.raises((NotAllowed, NotFound)):
                    set_policy(world.office, actor=actor, shares=HALVES, effective_from=TODAY)

    def test_a_real_publication_is_worked_out_without_writing(self, world: World, at: At) -> None:
        with at(NOW):
            delivery = made_by(world, live_post(world, at="2026-11-19T02:00Z"))
            found = work_out(delivery, DEFAULT_SHARES)
        # Nobody pitched, photographed or edited it: 40 and 10 become 80 and 20.
        assert [(c.name, c.part, c.per_cent) for c in found] == [
            (world.contributor.name, Part.WRITER, Decimal(80)), (world.section.name, Part.SECTION, Decimal(20)),
        ]  # fmt: skip
        assert db.session.scalar(select(func.count()).select_from(AttributionPolicy)) == 0


@given(
    parts=st.lists(st.integers(0, 10_000), min_size=5, max_size=5).filter(any),
    makers=st.lists(st.lists(st.integers(1, 9), max_size=4, unique=True), min_size=5, max_size=5),
)
def test_whoever_made_it_the_shares_sum_to_exactly_a_hundred(
    parts: list[int], makers: list[list[int]]
) -> None:
    policy = {part: Decimal(n) / 100 for part, n in zip(Part, parts, strict=True)}
    who = {part: ids for part, ids in zip(Part, makers, strict=True) if ids}
    found = divide(who, policy)
    credited = sum(policy[part] for part in who)
    assert sum(s.per_cent for s in found) == (100 if credited else 0)
    assert len(found) == sum(len(ids) for ids in who.values())


def test_the_page_saves_shows_the_sum_and_keeps_what_was_typed(
    world: World, browser_of: BrowserOf, at: At
) -> None:
    with at(NOW):
        browser = browser_of(world.admin)
        page = browser.get(URL)
        assert "pembagian bawaan" in page.main and page.form()["writer"] == "40"
        wrong = browser.post(URL, page.form() | {"writer": "45,5"}, status=422)
        assert "Jumlahnya sekarang 105,5%" in wrong.main and wrong.form()["writer"] == "45,5"
        text = browser.post(URL, wrong.form() | {"writer": "banyak"}, status=422)
        assert "bukan angka" in text.main and text.form()["writer"] == "banyak"
        late = browser.post(URL, text.form() | {"writer": "40", "effective_from": "2026-11-01"}, status=422)
        assert "hari ini" in late.main
        good = late.form() | {
            "writer": "45,5",
            "editor": "14,5",
            "effective_from": "2026-12-01",
            "note": "ND-7",
        }
        done = browser.follow(browser.post(URL, good))
        assert "45,5" in done.main and "ND-7" in done.main and world.admin.name in done.main
        assert "berlaku pembagian berikutnya" in done.main  # what holds today is not what comes
        stale = browser.post(
            URL,
            page.form() | {"form_token": done.form()["form_token"], "writer": "30", "editor": "30"},
            status=409,
        )
        assert "diubah orang lain" in stale.main and stale.form()["writer"] == "30"


def test_a_refusal_does_not_hide_what_was_set_meanwhile(world: World, browser_of: BrowserOf, at: At) -> None:
    with at(NOW):
        browser = browser_of(world.admin)
        refused = browser.post(URL, browser.get(URL).form() | {"writer": "45"}, status=422)
        save(world, HALVES)
        db.session.commit()
        told = browser.post(URL, refused.form() | {"editor": "15"}, status=409)
        assert "diubah orang lain" in told.main
        browser.post(URL, told.form(), status=303)


def test_an_example_is_worked_out_on_a_real_publication(
    world: World, browser_of: BrowserOf, in_request: None, at: At
) -> None:
    with at(NOW):
        make_scheme(world)
        made_by(world, live_post(world, title="Panen raya", at="2026-11-18T02:00Z"))
        db.session.commit()
        browser = browser_of(world.admin)
        page = browser.get(URL)
        assert "Panen raya" in page.main and "80,00%" in page.main and "100,00%" in page.main
        total = page.soup.select_one(".credited tfoot tr")
        assert total is not None
        assert [c.text.strip() for c in total.find_all(["th", "td"])] == ["Jumlah", "100,00%"], (
            "no empty cell between"
        )
        data = form_with(page, "writer") | {"aksi": "contoh", "pitcher": "0", "writer": "50", "photographer": "0",
                                           "editor": "0", "section": "50"}  # fmt: skip
        tried = browser.post(URL, data, status=200)
        assert tried.main.count("50,00%") == 2
        assert db.session.scalar(select(func.count()).select_from(AttributionPolicy)) == 0


def test_only_who_manages_scoring_sees_it(world: World, browser_of: BrowserOf) -> None:
    for user in (world.lead, world.editor, world.contributor):
        browser_of(user).get(URL, status=403)


def test_a_fixed_number_of_statements(
    world: World, browser_of: BrowserOf, in_request: None, statements: QueryCount, at: At
) -> None:
    with at(NOW):
        make_scheme(world)
        live_post(world, at="2026-11-18T02:00Z")
        save(world, HALVES)
        db.session.commit()
        browser = browser_of(world.admin)
        browser.get(URL)
        statements.reset()
        browser.get(URL)
        few = len(statements)
        for number in range(3):
            live_post(world, at=f"2026-11-1{number}T02:00Z")
            save(world, HALVES, date(2026, 12, 1 + number))
        db.session.commit()
        statements.reset()
        browser.get(URL)
        assert len(statements) <= few
