"""Guests between two people: revoked while they type, reminded, not told of secrets, and the same person twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from humasflow.approvals import policy, queries, services
from humasflow.approvals.enums import LinkState, StepRule
from humasflow.approvals.models import Decision, GuestApprover, GuestLink, GuestVisit, Package
from humasflow.approvals.services import GuestContent, StepContent
from humasflow.approvals.services.guests import begin_visit, identify
from humasflow.approvals.services.guests import links as guest_links
from humasflow.audit import services as audit_services
from humasflow.audit.queries import list_timeline
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.guidelines.enums import Ticker
from humasflow.stories.services import make_confidential
from tests.approvals.desk import OFFICE, SECTION, Desk, together
from tests.approvals.guests import Visitor, asked, asks, guest_of, last_code, mails, with_mail
from tests.factories import guidelines
from tests.publishing.desk import hours
from tests.support.page import Browser

pytestmark = pytest.mark.db


def the_link() -> GuestLink:
    return db.session.scalars(select(GuestLink).where(GuestLink.state == LinkState.OPEN)).one()


# Revoked meanwhile


@pytest.mark.parametrize("change", [{"state": LinkState.REVOKED}, {"expires_at": clock.now() - hours(200)}])
def test_what_is_revoked_while_the_code_is_judged_opens_nothing(desk: Desk, change: dict[str, Any]) -> None:
    asked(desk)
    link = the_link()
    visit = begin_visit(link).visit
    code = last_code()
    # By somebody else, after this request has read the link.
    db.session.execute(update(GuestLink).values(**change).execution_options(synchronize_session=False))
    assert link.state is LinkState.OPEN, "as this request still believes"
    with pytest.raises(NotFound):
        identify(visit, code)
    assert (
        db.session.scalar(select(func.count(GuestVisit.id)).where(GuestVisit.identified_at.is_not(None))) == 0
    )


def test_a_visit_of_a_revoked_link_is_no_visit(desk: Desk) -> None:
    asked(desk)
    opened = identify(begin_visit(the_link()).visit, last_code())
    assert queries.find_visit(opened.token) is not None
    db.session.execute(update(GuestLink).values(state=LinkState.REVOKED))
    assert queries.find_visit(opened.token) is None


def test_a_closed_package_sends_no_codes_and_opens_nothing(desk: Desk, app: Flask) -> None:
    package, url = asked(desk)
    ident, late, early = package.id, Visitor(app, url), Visitor(app, url)
    page, code_page = late.get(), early.ask()
    code, sent = last_code(), len(mails("guest-code"))
    desk.approve(db.session.get_one(Package, ident))
    db.session.commit()
    with clock.moved_to(clock.now() + timedelta(minutes=2)):
        for visitor, shown, action, typed in (
            (late, page, late.path, {}),
            (early, code_page, "/tamu/kode/lagi", {}),
            (early, code_page, "/tamu/kode", {"kode": code}),
        ):
            answer = visitor.press(shown, action, **typed)
            assert "Tidak ada yang perlu diputuskan lagi" in answer.h1
    assert len(mails("guest-code")) == sent
    assert (
        db.session.scalar(select(func.count(GuestVisit.id)).where(GuestVisit.identified_at.is_not(None))) == 0
    )


def test_every_story_and_link_is_held_before_the_first_write(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_mail(desk)
    guest = guest_of(desk)
    packages = [desk.submit(desk.ready("web")) for _ in range(2)]
    for package in reversed(packages):
        services.ask_guest(package, guest, actor=desk.editor)
    done: list[str] = []
    held, written = guest_links.lock_package, audit_services.record

    def lock_package(package: Package) -> Package:
        done.append(f"lock {package.story_id}")
        return held(package)

    def record(*given: Any, **named: Any) -> None:
        done.append("record")
        written(*given, **named)

    monkeypatch.setattr(guest_links, "lock_package", lock_package)
    monkeypatch.setattr(audit_services, "record", record)
    told = GuestContent(guest.name, guest.position_title, "baru@kanwil.example", "")
    services.change_guest(guest, actor=desk.as_(desk.world.admin), content=told)
    assert done[: done.index("record")][:2] == [f"lock {p.story_id}" for p in packages]
    assert db.session.scalars(select(GuestLink.state)).all() == [LinkState.REVOKED] * 2


# Reminders


def test_a_reminder_brings_the_guest_a_new_link(desk: Desk) -> None:
    with_mail(desk)
    guest = guest_of(desk)
    desk.chain(StepContent("Kanwil", [asks(guest)]))
    package = desk.submit(desk.ready())
    first = the_link()
    with clock.moved_to(clock.now() + hours(5)):
        services.remind(package, actor=desk.editor)
    assert len(mails("guest-link")) == 2
    assert first.state is LinkState.REVOKED
    assert the_link().id != first.id


def test_a_reminder_leaves_alone_who_is_reading(desk: Desk) -> None:
    with_mail(desk)
    guest = guest_of(desk)
    desk.chain(StepContent("Kanwil", [asks(guest)]))
    package = desk.submit(desk.ready())
    with clock.moved_to(clock.now() + hours(5)):
        identify(begin_visit(the_link()).visit, last_code())
        services.remind(package, actor=desk.editor)
    assert len(mails("guest-link")) == 1
    assert the_link().state is LinkState.OPEN


# Confidential


def test_the_chain_sends_no_link_to_what_is_confidential(
    desk: Desk, browser_of: Callable[[Any], Browser]
) -> None:
    with_mail(desk)
    guest = guest_of(desk)
    desk.chain(StepContent("Kanwil", [asks(guest)]))
    story = desk.ready()
    make_confidential(story, actor=desk.editor, reader_ids=[])
    package = desk.submit(story)
    with clock.moved_to(clock.now() + hours(5)):
        services.remind(package, actor=desk.editor)
    assert mails("guest-link") == []
    db.session.commit()
    ident, guest_id = package.id, guest.id
    editor = browser_of(desk.world.editor)
    assert "tidak dikirim dengan sendirinya" in editor.get(f"/persetujuan/{ident}").main
    assert "tidak dikirim dengan sendirinya" in editor.get(f"/persetujuan/{ident}/tautan").main
    package, guest = db.session.get_one(Package, ident), db.session.get_one(GuestApprover, guest_id)
    services.ask_guest(package, guest, actor=desk.editor)
    db.session.commit()
    assert len(mails("guest-link")) == 1
    assert "tidak dikirim dengan sendirinya" not in editor.get(f"/persetujuan/{ident}").main


# What a guest confirms, and who a guest is


def test_what_a_guest_confirmed_stands_in_the_record(
    desk: Desk, browser_of: Callable[[Any], Browser]
) -> None:
    item = guidelines.item(desk.world, "Sejalan dengan arahan", ticker=Ticker.APPROVER)
    package, _url = asked(desk)
    visit = identify(begin_visit(the_link()).visit, last_code()).visit
    services.approve_as_guest(visit, digest=package.digest, step=1, confirmed=[item.id])
    (entry,) = [
        e for e in list_timeline(("package", package.id)) if e.action.value == "approvals.package.approved"
    ]
    assert entry.detail["items"] == [item.id]
    assert entry.detail["confirmed"] == "Sejalan dengan arahan"
    db.session.commit()
    page = browser_of(desk.world.editor).get(f"/naskah/{package.story_id}")
    assert "Memastikan: Sejalan dengan arahan" in page.main


def test_whoever_decided_as_a_guest_is_not_asked_again_with_their_account(desk: Desk) -> None:
    with_mail(desk)
    guest = guest_of(desk, email=desk.world.approver.email)
    desk.chain(together("Bersama", asks(guest), OFFICE), StepContent("Seksi", [SECTION], StepRule.ANY))
    package = desk.submit(desk.ready())
    assert [r.package_id for r in queries.list_waiting_for(desk.approver)] == [package.id]
    visit = identify(begin_visit(the_link()).visit, last_code()).visit
    services.approve_as_guest(visit, digest=package.digest, step=1)
    assert db.session.scalar(select(func.count(Decision.id))) == 1
    assert queries.list_waiting_for(desk.approver) == []
    assert queries.count_waiting_for(desk.approver) == 0
    assert desk.world.approver.id not in policy.asked_now(package, desk.world.office)
