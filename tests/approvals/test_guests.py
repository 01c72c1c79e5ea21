"""Approvers without an account: the link, the code, the decision, and everybody who is not them."""

import logging
import multiprocessing
import re
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from humasflow.approvals import policy, queries, services
from humasflow.approvals.enums import LinkState, PackageState, StepRule
from humasflow.approvals.models import Decision, GuestApprover, GuestLink, GuestVisit, Package
from humasflow.approvals.services import GuestContent, StepContent
from humasflow.approvals.services.guests import GuestRefused, WrongCode, begin_visit, identify
from humasflow.approvals.services.guests.visits import MOST_CODES
from humasflow.audit.queries import list_timeline
from humasflow.core import clock
from humasflow.core.db import Base, db
from humasflow.core.errors import Conflict, NotAllowed, NotFound, Refused, TooMany, UserError
from humasflow.core.secrets import hash_token
from humasflow.notifications.models import MailMessage, Notification
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from tests.approvals.desk import OFFICE, TEXT, Desk, person, together
from tests.approvals.guests import EMAIL, Visitor, asked, asks, guest_of, last_code, mails, path_of, with_mail
from tests.conftest import make_app
from tests.factories.world import World
from tests.guards.things import contents
from tests.support.page import Browser, Page

pytestmark = pytest.mark.db


# Asking


def test_a_chain_that_asks_a_guest_mails_them_a_personal_link(desk: Desk, app: Flask) -> None:
    with_mail(desk)
    guest = guest_of(desk)
    desk.chain(StepContent("Kanwil", [asks(guest)]))
    package = desk.submit(desk.ready())
    link = db.session.scalars(select(GuestLink)).one()
    mail = db.session.scalars(select(MailMessage).where(MailMessage.key.like("guest-link:%"))).one()
    assert mail.to_address == EMAIL
    assert mail.sealed
    letter = mails("guest-link")[0]
    assert TEXT.title in letter
    assert "Kepala Kantor Wilayah" in letter
    token = re.search(r"/tamu/(\S+)", letter)
    assert token
    assert len(token[1]) >= 22  # 128 bits and more
    assert link.token_hash == hash_token(token[1])
    assert link.expires_at - link.created_at == timedelta(hours=72)
    reasons = policy.reasons_not_to_decide(desk.approver, package)
    assert [r.code for r in reasons] == ["not_asked"]
    assert "Rahmi Tamu (tamu, lewat tautan)" in reasons[0].message


def test_the_next_step_asks_its_guest_only_when_it_is_its_turn(desk: Desk) -> None:
    with_mail(desk)
    guest = guest_of(desk)
    desk.chain(StepContent("Kantor", [OFFICE]), StepContent("Kanwil", [asks(guest)]))
    package = desk.submit(desk.ready())
    assert mails("guest-link") == []
    desk.approve(package)
    assert len(mails("guest-link")) == 1


def test_the_letter_quotes_nobody_and_does_not_name_what_is_confidential(desk: Desk, app: Flask) -> None:
    with_mail(desk)
    guest = guest_of(desk)
    story = desk.ready()
    story.is_confidential = True
    from humasflow.stories.models import StoryReader

    db.session.merge(
        StoryReader(
            story_id=story.id,
            user_id=desk.world.editor.id,
            added_by=desk.world.editor.id,
            added_at=clock.now(),
        )
    )
    db.session.flush()
    package = desk.submit(story, note="Catatan yang tidak boleh ikut")
    made = services.ask_guest(package, guest, actor=desk.editor)
    db.session.commit()
    letter, subject = mails("guest-link")[0], db.session.scalars(select(MailMessage.subject)).all()
    assert TEXT.title not in letter + " ".join(subject)
    assert "Catatan yang" not in letter
    visitor = Visitor(app, made.url)
    page = visitor.get()
    assert TEXT.title not in page.html
    assert TEXT.title in visitor.enter().html


def test_only_editors_make_links_and_only_for_their_office(
    desk: Desk, other_world: World, browser_of: Callable[[Any], Browser]
) -> None:
    package, _url = asked(desk)
    guest = db.session.scalars(select(GuestApprover)).one()
    with pytest.raises(NotAllowed):
        services.ask_guest(package, guest, actor=desk.as_(desk.world.contributor))
    with pytest.raises(NotFound):
        services.ask_guest(package, guest, actor=other_world.as_(other_world.editor))
    theirs = services.add_guest(
        other_world.office.id,
        actor=other_world.as_(other_world.admin),
        content=GuestContent("A", "B", "a@b.example"),
    )
    db.session.commit()
    with pytest.raises(UserError, match="masih dipakai kantor ini"):
        services.ask_guest(package, theirs, actor=desk.editor)
    with pytest.raises(NotFound):
        queries.get_guest(desk.world.office.id, theirs.id)
    ident, link_id = package.id, db.session.scalars(select(GuestLink.id)).one()
    stranger = browser_of(other_world.editor)
    stranger.get(f"/persetujuan/{ident}/tautan", status=404)
    stranger.post(f"/persetujuan/{ident}/tautan/{link_id}/cabut", status=404)
    browser_of(other_world.admin).get(f"/pengaturan/penyetuju-tamu/{guest.id}", status=404)


def test_the_editor_sees_the_link_once_and_can_revoke_it(
    desk: Desk, app: Flask, browser_of: Callable[[Any], Browser]
) -> None:
    with_mail(desk)
    guest = guest_of(desk)
    package = desk.submit(desk.ready())
    db.session.commit()
    editor, url = browser_of(desk.world.editor), f"/persetujuan/{package.id}/tautan"
    form = editor.get(url).form("tautan") | {"guest": str(guest.id)}
    page = editor.follow(editor.post(url, form))
    link = page.soup.find(id="tautan-baru")
    assert link
    shown = link.get_text()
    assert shown in mails("guest-link")[0]
    share = page.link("Bagikan lewat WhatsApp")
    assert share.startswith("https://wa.me/6281234567890?text=")
    assert shown not in editor.get(url).html
    assert Visitor(app, shown).get().status == 200
    link_id = db.session.scalars(select(GuestLink.id)).one()
    editor.post(f"{url}/{link_id}/cabut")
    assert Visitor(app, shown).get().status == 404
    assert db.session.get_one(GuestLink, link_id).state is LinkState.REVOKED
    told = [e.action.value for e in list_timeline(("package", package.id))]
    assert "approvals.guest.asked" in told
    assert "approvals.guest.link_revoked" in told


def test_a_new_link_ends_the_earlier_one_and_its_visits(desk: Desk, app: Flask) -> None:
    package, url = asked(desk)
    visitor = Visitor(app, url)
    assert visitor.enter().form("/tamu/setujui")
    package = db.session.get_one(Package, package.id)
    guest = db.session.scalars(select(GuestApprover)).one()
    services.ask_guest(package, guest, actor=desk.editor)
    db.session.commit()
    assert Visitor(app, url).get().status == 404
    assert "Buka lagi tautan" in visitor.get("/tamu/baca").h1


# Identifying and deciding


def test_a_guest_reads_exactly_what_was_submitted_and_agrees(desk: Desk, app: Flask) -> None:
    package, url = asked(desk)
    ident, story_id = package.id, package.story_id
    visitor = Visitor(app, url)
    first = visitor.get()
    assert "r***@kanwil.example" in first.main
    assert "Peserta 30 satuan kerja" not in first.html
    page = visitor.enter()
    assert "Peserta 30 satuan kerja" in page.main
    assert "Sosialisasi aset. #BMN" in page.main
    answer = visitor.press(page, "/tamu/setujui")
    assert answer.status == 303, answer.main
    decision = db.session.scalars(select(Decision).where(Decision.package_id == ident)).one()
    assert decision.guest_name == "Rahmi Tamu"
    assert decision.approver_id is None
    signed = "Rahmi Tamu, Kepala Kantor Wilayah (lewat tautan, kode terkirim ke r***@kanwil.example)"
    assert decision.decided_as == signed
    assert db.session.get_one(Package, ident).state is PackageState.APPROVED
    assert db.session.get_one(Story, story_id).state is StoryState.APPROVED
    told = list_timeline(("package", ident))
    assert signed in [e.actor_label for e in told if e.action.value == "approvals.package.approved"]
    notice = db.session.scalars(select(Notification).where(Notification.kind == "review_approved")).first()
    assert notice is not None
    assert notice.params["actor"] == "Rahmi Tamu"
    after = visitor.get("/tamu/baca")
    assert "Terima kasih" in after.h1
    again = Visitor(app, url).get()
    assert "Terima kasih" in again.h1
    assert TEXT.title not in again.html
    assert "Kirim kode" not in again.main


def test_sending_back_needs_a_reason_and_reaches_the_writer(
    desk: Desk, app: Flask, browser_of: Callable[[Any], Browser]
) -> None:
    package, url = asked(desk)
    ident, story_id = package.id, package.story_id
    visitor = Visitor(app, url)
    page = visitor.enter()
    empty = visitor.press(page, "/tamu/kembalikan", alasan="  ")
    assert empty.status == 422
    assert "Tuliskan alasannya" in empty.main
    long = visitor.press(page, "/tamu/kembalikan", alasan="x" * 2001)
    assert long.status == 422
    assert "x" * 2001 in long.html
    assert visitor.press(page, "/tamu/kembalikan", alasan="Jumlah satker keliru").status == 303
    assert db.session.get_one(Package, ident).state is PackageState.RETURNED
    assert db.session.get_one(Story, story_id).state is StoryState.DRAFT
    story = browser_of(desk.world.editor).get(f"/naskah/{story_id}")
    assert "Jumlah satker keliru" in story.main
    assert "Rahmi Tamu" in story.main


def test_four_eyes_hold_for_a_guest_by_address(desk: Desk, app: Flask) -> None:
    with_mail(desk)
    own = guest_of(desk, email=desk.world.editor.email)
    package = desk.submit(desk.ready())
    with pytest.raises(Refused, match="yang mengajukan paket ini"):
        services.ask_guest(package, own, actor=desk.editor)
    # The address becomes that of a person who wrote, after the link was made.
    other = guest_of(desk, "Lain", "lain@kanwil.example")
    made = services.ask_guest(package, other, actor=desk.editor)
    db.session.commit()
    visitor = Visitor(app, made.url)
    page = visitor.enter()
    user = db.session.get_one(type(desk.world.editor), desk.world.editor.id)
    user.email = "lain@kanwil.example"
    db.session.commit()
    refused = visitor.press(page, "/tamu/setujui")
    assert refused.status == 403
    assert db.session.scalar(select(func.count(Decision.id))) == 0


def test_one_guest_does_not_fill_two_seats_nor_one_person_as_both(desk: Desk) -> None:
    with_mail(desk)
    guest = guest_of(desk, email=desk.world.approver.email)
    desk.chain(StepContent("Kanwil", [asks(guest)]), StepContent("Kantor", [OFFICE]))
    package = desk.submit(desk.ready())
    link = db.session.scalars(select(GuestLink)).one()
    opened = begin_visit(link)
    visit = identify(opened.visit, last_code()).visit
    services.approve_as_guest(visit, digest=package.digest, step=1)
    assert "as_guest" in [r.code for r in policy.reasons_not_to_decide(desk.approver, package)]
    with pytest.raises(Refused, match="sudah memutuskan bagian lain"):
        services.ask_guest(package, guest, actor=desk.editor)


def test_a_parallel_step_waits_for_guest_and_account(desk: Desk) -> None:
    with_mail(desk)
    guest = guest_of(desk)
    desk.chain(together("Bersama", asks(guest), person(desk.world.approver)))
    package = desk.submit(desk.ready())
    desk.approve(package)
    assert package.state is PackageState.PENDING
    link = db.session.scalars(select(GuestLink)).one()
    visit = identify(begin_visit(link).visit, last_code()).visit
    services.approve_as_guest(visit, digest=package.digest, step=1)
    assert package.state is PackageState.APPROVED
    assert link.state is LinkState.USED


def test_where_any_is_enough_the_slower_reads_who_was_quicker(desk: Desk, app: Flask) -> None:
    package, url = asked(desk)
    visitor = Visitor(app, url)
    page = visitor.enter()
    desk.approve(db.session.get_one(Package, package.id))
    db.session.commit()
    late = visitor.press(page, "/tamu/setujui")
    assert late.status == 409
    assert "sudah disetujui oleh" in late.main
    assert "Tidak ada yang perlu diputuskan lagi" in Visitor(app, url).get().h1
    assert db.session.scalar(select(func.count(Decision.id))) == 1


def test_guest_and_account_at_once_end_in_one_decision(
    desk: Desk, app: Flask, browser_of: Callable[[Any], Browser]
) -> None:
    package, url = asked(desk)
    ident, visitor = package.id, Visitor(app, url)
    page = visitor.enter()
    account = browser_of(desk.world.approver)
    form = account.get(f"/persetujuan/{ident}").form("setujui")
    data = page.form("/tamu/setujui")
    db.session.remove()
    answers: list[Page] = []
    acts = [
        threading.Thread(
            target=lambda: answers.append(Page(visitor.client.post("/tamu/setujui", data=data)))
        ),
        threading.Thread(
            target=lambda: answers.append(
                Page(account.client.post(f"/persetujuan/{ident}/setujui", data=form))
            )
        ),
    ]
    for act in acts:
        act.start()
    for act in acts:
        act.join(60)
    assert sorted(a.status for a in answers) == [303, 409]
    assert db.session.scalar(select(func.count(Decision.id))) == 1


@pytest.mark.parametrize("what", ["recalled", "changed", "voided"])
def test_what_was_taken_back_or_changed_says_so(desk: Desk, app: Flask, what: str) -> None:
    package, url = asked(desk)
    ident, visitor = package.id, Visitor(app, url)
    page = visitor.enter()
    package = db.session.get_one(Package, ident)
    if what == "recalled":
        services.recall(package, actor=desk.editor)
    elif what == "voided":
        package.state = PackageState.VOIDED
    else:
        db.session.execute(text("UPDATE package SET digest = :d WHERE id = :i"), {"d": "0" * 64, "i": ident})
    db.session.commit()
    late = visitor.press(page, "/tamu/setujui")
    assert late.status == 409
    assert db.session.scalar(select(func.count(Decision.id))) == 0
    if what == "changed":
        assert "Isi sudah berubah" in visitor.get("/tamu/baca").main
    else:
        words = {"recalled": "ditarik kembali", "voided": "Isinya berubah"}[what]
        assert words in Visitor(app, url).get().main


# Scanners and strangers


def test_a_storm_of_gets_changes_nothing_and_sends_nothing(desk: Desk, app: Flask) -> None:
    _package, url = asked(desk)
    before = contents()
    client, path = app.test_client(), path_of(url)
    for _turn in range(20):
        for method in ("GET", "HEAD", "OPTIONS"):
            db.session.remove()
            assert client.open(path, method=method).status_code == 200
        for other in ("/tamu/kode", "/tamu/baca"):
            assert client.get(other).status_code == 200
        assert client.get("/tamu/setujui").status_code in (404, 405)
    assert contents() == before


def test_a_scanner_that_posts_the_first_form_gets_no_content_and_decides_nothing(
    desk: Desk, app: Flask
) -> None:
    package, url = asked(desk)
    ident, visitor = package.id, Visitor(app, url)
    page = visitor.ask()  # with cookies and all: it sends a code to the guest's own mailbox
    assert "Peserta 30 satuan kerja" not in page.html
    assert "Peserta" not in visitor.get("/tamu/baca").html
    key = page.form("/tamu/kode")["csrf_token"]
    for action in ("/tamu/setujui", "/tamu/kembalikan"):
        answer = visitor.client.post(
            action, data={"csrf_token": key, "alasan": "x", "digest": package.digest}
        )
        assert answer.status_code == 403
    assert db.session.get_one(Package, ident).state is PackageState.PENDING
    assert visitor.get("/tamu/gambar/1/thumb").status == 404


@pytest.mark.parametrize("form_key", ["", "x", "0" * 64, "ü"])
def test_a_post_without_our_cookie_is_refused(desk: Desk, app: Flask, form_key: str) -> None:
    _package, url = asked(desk)
    before = contents()
    for path in (
        path_of(url),
        "/tamu/kode",
        "/tamu/kode/lagi",
        "/tamu/setujui",
        "/tamu/kembalikan",
        "/tamu/keluar",
    ):
        for cookie in ("", "x", "x.y", "ü.ü"):
            client = app.test_client()
            if cookie:
                client.set_cookie("guest_form", cookie, path="/tamu")
                client.set_cookie("guest", cookie, path="/tamu")
            db.session.remove()
            assert client.post(path, data={"csrf_token": form_key}).status_code == 400
    assert contents() == before


def test_unknown_expired_and_revoked_links_answer_alike(desk: Desk, app: Flask) -> None:
    _package, url = asked(desk)
    _same = app.test_client().get("/tamu/" + "x" * 43)
    link = db.session.scalars(select(GuestLink)).one()
    with clock.moved_to(link.expires_at + timedelta(seconds=1)):
        expired = app.test_client().get(path_of(url))
    link = db.session.scalars(select(GuestLink)).one()
    services.revoke_link(link, actor=desk.editor)
    db.session.commit()
    revoked = app.test_client().get(path_of(url))
    bodies = [r.get_data(as_text=True) for r in (_same, expired, revoked)]
    plain = [
        re.sub(r'href="/tamu/[^"?]+\?', 'href="?', b) for b in bodies
    ]  # its own address, for the other language
    assert plain[0] == plain[1] == plain[2]
    assert {r.status_code for r in (_same, expired, revoked)} == {404}


def test_addresses_tried_at_random_are_answered_no_more(desk: Desk, app: Flask) -> None:
    _package, url = asked(desk)
    client = app.test_client()
    statuses = [client.get(f"/tamu/{'y' * 40}{n}").status_code for n in range(32)]
    assert statuses[:30] == [404] * 30
    assert statuses[30:] == [429, 429]
    assert client.get(path_of(url)).status_code == 429


def test_every_page_is_private_and_sets_no_session(desk: Desk, app: Flask) -> None:
    _package, url = asked(desk)
    visitor = Visitor(app, url)
    pages = [visitor.get(), visitor.get("/tamu/x")]
    pages.append(visitor.enter())
    for page in pages:
        headers = page.response.headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]
    for name in ("guest", "guest_form"):
        cookie = visitor.client.get_cookie(name, path="/tamu")
        assert cookie is not None
        assert cookie.path == "/tamu"
        assert cookie.http_only
        assert cookie.same_site == "Strict"
    assert visitor.client.get_cookie("humasflow") is None


def test_no_token_and_no_code_stand_in_a_log_or_readable_in_the_database(
    desk: Desk, app: Flask, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    _package, url = asked(desk)
    visitor = Visitor(app, url)
    page = visitor.ask()
    code = last_code()
    visitor.press(page, "/tamu/kode", kode="1")
    visitor.press(visitor.get("/tamu/kode"), "/tamu/kode", kode=code)
    visit = visitor.client.get_cookie("guest", path="/tamu")
    assert visit is not None
    out = capfd.readouterr()
    logged = caplog.text + out.out + out.err
    stored = "".join(
        repr(db.session.execute(select(table)).all())
        for table in Base.metadata.sorted_tables
        if table.name != "rate_window"
    )
    for secret in (url.rpartition("/")[2], visit.value.partition(".")[0]):
        assert secret not in logged
        assert secret not in stored
    assert code not in logged
    assert code not in "".join(db.session.scalars(select(MailMessage.subject)))


# Codes


def test_a_code_is_good_once_and_for_ten_minutes(desk: Desk, app: Flask) -> None:
    _package, url = asked(desk)
    visitor = Visitor(app, url)
    page = visitor.ask()
    code = last_code()
    with clock.moved_to(clock.now() + timedelta(minutes=10, seconds=1)):
        late = visitor.press(page, "/tamu/kode", kode=code)
        assert late.status == 422
        assert "tidak berlaku lagi" in late.main
        assert visitor.press(late, "/tamu/kode/lagi").status == 303
        fresh = last_code()
        assert visitor.press(visitor.get("/tamu/kode"), "/tamu/kode", kode=fresh).status == 303
        other = Visitor(app, url)
        again = other.press(other.ask(), "/tamu/kode", kode=fresh)
        assert again.status == 422


def test_a_second_code_waits_a_minute(desk: Desk, app: Flask) -> None:
    _package, url = asked(desk)
    visitor = Visitor(app, url)
    page = visitor.ask()
    early = visitor.press(page, "/tamu/kode/lagi")
    assert early.status == 429
    Visitor(app, url).ask()  # from another browser neither
    assert len(mails("guest-code")) == 1
    with clock.moved_to(clock.now() + timedelta(seconds=61)):
        assert visitor.press(early, "/tamu/kode/lagi").status == 303
    assert len(mails("guest-code")) == 2


def test_a_link_sends_ten_codes_in_all_its_life(desk: Desk) -> None:
    package, _url = asked(desk)
    link = db.session.scalars(select(GuestLink).where(GuestLink.package_id == package.id)).one()
    start = clock.now()
    for n in range(MOST_CODES):
        with clock.moved_to(start + timedelta(minutes=2 * n)):
            begin_visit(link)
    with clock.moved_to(start + timedelta(hours=2)), pytest.raises(TooMany):
        begin_visit(link)


def guess(url: str, data: str, visit_id: int, wrong: str) -> list[str]:
    """Five guesses by a process of its own."""
    app, judged = make_app(url, Path(data)), []
    with app.app_context(), app.test_request_context():
        for _turn in range(5):
            try:
                identify(db.session.get_one(GuestVisit, visit_id), wrong)
            except WrongCode as error:
                judged.append(error.message)
                db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return judged


def test_guesses_from_four_processes_get_five_tries_together(
    desk: Desk, app: Flask, database_url: str, tmp_path: Path
) -> None:
    package, _url = asked(desk)
    link = db.session.scalars(select(GuestLink).where(GuestLink.package_id == package.id)).one()
    visit_id = begin_visit(link).visit.id
    right = last_code()
    db.session.commit()
    db.session.remove()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    with ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("spawn")) as pool:
        tries = [pool.submit(guess, database_url, str(tmp_path), visit_id, wrong) for _n in range(4)]
        judged = [message for one in tries for message in one.result(120)]
    assert len(judged) == 20
    assert sum("tidak cocok" in m for m in judged) == 5
    with pytest.raises(WrongCode):  # the right one comes too late
        identify(db.session.get_one(GuestVisit, visit_id), right)


def test_a_visit_ends_after_half_an_hour_and_by_the_button(desk: Desk, app: Flask) -> None:
    _package, url = asked(desk)
    visitor = Visitor(app, url)
    page = visitor.enter()
    with clock.moved_to(clock.now() + timedelta(minutes=31)):
        assert "Buka lagi tautan" in visitor.get("/tamu/baca").h1
        assert visitor.press(page, "/tamu/setujui").status == 403
    assert visitor.press(page, "/tamu/keluar").status == 303
    assert "Buka lagi tautan" in visitor.get("/tamu/baca").h1


def test_a_decision_is_not_taken_twice_by_the_same_form(desk: Desk, app: Flask) -> None:
    _package, url = asked(desk)
    visitor = Visitor(app, url)
    page = visitor.enter()
    assert visitor.press(page, "/tamu/setujui").status == 303
    assert visitor.press(page, "/tamu/setujui").status == 303  # the first one's answer
    replay = visitor.press(page, "/tamu/setujui", form_token="lain")
    assert replay.status == 409
    assert db.session.scalar(select(func.count(Decision.id))) == 1


def test_a_revoked_link_ends_a_visit_in_the_middle(desk: Desk, app: Flask) -> None:
    _package, url = asked(desk)
    visitor = Visitor(app, url)
    page = visitor.enter()
    services.revoke_link(db.session.scalars(select(GuestLink)).one(), actor=desk.editor)
    db.session.commit()
    assert visitor.press(page, "/tamu/setujui").status == 403
    assert db.session.scalar(select(func.count(Decision.id))) == 0


def test_without_mail_the_page_says_that_no_code_can_be_sent(desk: Desk, app: Flask) -> None:
    package = desk.submit(desk.ready())
    made = services.ask_guest(package, guest_of(desk), actor=desk.editor)
    db.session.commit()
    visitor = Visitor(app, made.url)
    answer = visitor.press(visitor.get(), visitor.path)
    assert answer.status == 409
    assert "belum dapat mengirim surel" in answer.main
    assert db.session.scalars(select(GuestLink.codes)).one() == 0


def test_english_by_the_address(desk: Desk, app: Flask) -> None:
    _package, url = asked(desk)
    page = Visitor(app, url).get(path_of(url) + "?bahasa=en")
    assert page.soup.html is not None
    assert page.soup.html["lang"] == "en"


# The register


def test_guests_are_kept_by_admins(desk: Desk, browser_of: Callable[[Any], Browser]) -> None:
    admin = browser_of(desk.world.admin)
    form = admin.get("/pengaturan/penyetuju-tamu/baru").form() | {
        "name": "Sari  Dewi", "position_title": "Kepala Kanwil", "email": "Sari@Kanwil.Example", "phone": "081234567890",
    }  # fmt: skip
    admin.post("/pengaturan/penyetuju-tamu/baru", form)
    guest = db.session.scalars(select(GuestApprover)).one()
    assert (guest.name, guest.email, guest.phone) == ("Sari Dewi", "sari@kanwil.example", "+6281234567890")
    twice = admin.post("/pengaturan/penyetuju-tamu/baru", form | {"form_token": "lain"}, status=422)
    assert "sudah dipakai Sari Dewi" in twice.main
    assert (
        "Nomor ini tidak dikenal"
        in admin.post(
            "/pengaturan/penyetuju-tamu/baru",
            form | {"form_token": "x", "email": "b@b.example", "phone": "12"},
            status=422,
        ).main
    )
    hours = admin.get("/pengaturan/penyetuju-tamu").form() | {"hours": "24"}
    admin.post("/pengaturan/penyetuju-tamu", hours)
    assert queries.link_hours(desk.world.office.id) == 24
    browser_of(desk.world.editor).get("/pengaturan/penyetuju-tamu", status=403)


def test_another_address_or_switching_off_ends_the_links(desk: Desk, app: Flask) -> None:
    asked(desk)
    guest = db.session.scalars(select(GuestApprover)).one()
    told = GuestContent(guest.name, guest.position_title, guest.email, guest.phone)
    admin = desk.as_(desk.world.admin)
    services.change_guest(guest, actor=admin, content=replace(told, name="Nama Lain"))
    assert db.session.scalars(select(GuestLink)).one().state is LinkState.OPEN
    services.change_guest(guest, actor=admin, content=replace(told, email="baru@kanwil.example"))
    assert db.session.scalars(select(GuestLink)).one().state is LinkState.REVOKED
    desk.chain(StepContent("Kanwil", [asks(guest), OFFICE], StepRule.ANY))
    with pytest.raises(GuestRefused, match="masih diminta"):
        services.change_guest(guest, actor=admin, content=told, is_active=False)


def test_a_chain_with_a_guest_is_read_back_and_kept_by_its_form(
    desk: Desk, browser_of: Callable[[Any], Browser]
) -> None:
    guest = guest_of(desk)
    db.session.commit()
    admin = browser_of(desk.world.admin)
    page = admin.get("/pengaturan/persetujuan")
    url = page.link("Ubah")
    form = admin.get(url).form() | {"mode": "steps", "label_1": "", "askee_1_1": f"guest:{guest.id}"}
    admin.post(url, form)
    assert "Rahmi Tamu" in admin.get("/pengaturan/persetujuan").main
    chain = queries.get_chain(desk.world.office.id, None)
    assert chain is not None
    assert chain.steps[0].askees[0].guest_id == guest.id


def test_an_account_that_is_asked_beside_a_guest_is_not_told_that_nobody_is_there(desk: Desk) -> None:
    guest = guest_of(desk)
    desk.chain(together("Bersama", asks(guest), person(desk.second_approver())))
    package = desk.submit(desk.ready())
    reasons = policy.reasons_not_to_decide(desk.approver, package)
    assert [r.code for r in reasons] == ["not_asked"]
    with pytest.raises(Conflict):
        services.approve(package, actor=desk.approver, digest="0" * 64)
