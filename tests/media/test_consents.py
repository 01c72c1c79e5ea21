"""Consent of the people in a file: recorded, renewed, withdrawn; what follows within 72 hours."""

import io
from datetime import date, timedelta

import pytest

from humasflow.accounts.queries import today_at
from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, NotFound, Refused, UserError
from humasflow.media import jobs, queries, services
from humasflow.media.enums import BlockReason, ConsentKind, ConsentStanding, TakedownState
from humasflow.media.models import Asset, Consent, TakedownTask
from humasflow.media.policy import cautions, reasons_not_to_add, reasons_not_to_use
from humasflow.media.services.consents import ConsentContent, ConsentRefused
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import Notification
from humasflow.posts import services as posts
from humasflow.posts.services import PostContent
from humasflow.stories import services as stories
from tests.factories import desk as desk_factory
from tests.factories import newsroom
from tests.media.files import jpeg
from tests.media.films import pdf
from tests.media.sending import outcome_of, sent
from tests.pitches.ideas import photo_of

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
NOW = "2026-11-21T02:00:00+00:00"  # Saturday, 09.00 WIB


@pytest.fixture
def photo(world, at):
    with at(NOW):
        return photo_of(world, world.editor)


def agreed(
    asset: Asset, world, *, expires_on: date | None = None, person: str = "Bu Rina", **more
) -> Consent:
    content = ConsentContent(person, ConsentKind.WRITTEN, date(2026, 11, 1), expires_on, **more)
    consent = services.record_consent(asset, content, actor=world.as_(world.editor))
    db.session.commit()
    return consent


def tasks() -> list[TakedownTask]:
    return list(db.session.query(TakedownTask).order_by(TakedownTask.id))


def notices(user, kind: NoticeKind) -> int:
    return db.session.query(Notification).filter_by(user_id=user.id, kind=kind).count()


def run_job() -> None:
    jobs.check_consents()
    db.session.commit()


def test_a_consent_is_recorded(world, photo, at):
    with at(NOW):
        consent = agreed(photo, world, expires_on=date(2027, 1, 31), note="Izin lewat surat")
        assert queries.standings([photo.id], today_at(world.office)) == {photo.id: ConsentStanding.GIVEN}
        assert list(queries.list_consents(photo.id)) == [consent]
        entry = audit.list_timeline(("asset", photo.id))[0]
        assert entry.detail["label"] == "Bu Rina"
        run_job()
        assert tasks() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"given_on": date(2026, 11, 22)}, {"expires_on": date(2026, 11, 20)}, {"person": "  "}, {"person": "x" * 201},
        {"note": "x" * 2001}, {"document_id": 10**9},
    ],
)  # fmt: skip
def test_what_cannot_be_recorded(world, photo, at, wrong):
    values = {"person": "Bu Rina", "kind": ConsentKind.ORAL, "given_on": date(2026, 11, 1)} | wrong
    with at(NOW), pytest.raises((UserError, NotFound)):
        services.record_consent(photo, ConsentContent(**values), actor=world.as_(world.editor))


def test_who_records(world, photo, at):
    content = ConsentContent("Bu Rina", ConsentKind.ORAL, date(2026, 11, 1))
    with at(NOW):
        for user in (world.approver, world.contributor, world.admin):
            with pytest.raises(NotAllowed):
                services.record_consent(photo, content, actor=world.as_(user))
        own = photo_of(world, world.contributor, width=500)
        services.record_consent(own, content, actor=world.as_(world.contributor))


def test_the_last_day_is_the_offices_last_day(world, other_world, at):
    """In WIT the day ends two hours earlier than in WIB."""
    with at(NOW):
        west, east = photo_of(world, world.editor), photo_of(other_world, other_world.editor)
        agreed(west, world, expires_on=date(2026, 11, 30))
        agreed(east, other_world, expires_on=date(2026, 11, 30))
    with at("2026-11-30T14:59:00+00:00"):
        run_job()
        assert tasks() == []
    with at("2026-11-30T15:01:00+00:00"):  # 00.01 WIT, 22.01 WIB
        run_job()
        assert [t.asset_id for t in tasks()] == [east.id]
    with at("2026-11-30T17:01:00+00:00"):
        run_job()
        assert [t.asset_id for t in tasks()] == [east.id, west.id]


def test_an_expired_consent_asks_for_a_takedown_in_72_hours(world, photo, at):
    with at(NOW):
        agreed(photo, world, expires_on=date(2026, 11, 30))
    with at("2026-11-30T18:00:00+00:00"):
        for _unused in range(3):
            run_job()
        (task,) = tasks()
        assert task.due_at - task.opened_at == timedelta(hours=72)
        assert (task.state, task.reason) == (TakedownState.OPEN, BlockReason.CONSENT_EXPIRED)
        db.session.expire_all()
        assert photo.blocked_reason is BlockReason.CONSENT_EXPIRED
        assert "tidak boleh dipakai" in reasons_not_to_use(photo)[0].message
        assert reasons_not_to_add([photo], used_before=[photo.id]) == []
        assert notices(world.editor, NoticeKind.TAKEDOWN_WANTED) == 1
        assert notices(world.contributor, NoticeKind.TAKEDOWN_WANTED) == 0
        assert len(queries.list_library(world.as_(world.editor), world.office.id)) == 0, (
            "not offered any more"
        )
        assert queries.count_open_takedowns(world.as_(world.editor), world.office.id) == 1
    with at("2026-12-03T17:59:00+00:00"):
        run_job()
        assert notices(world.editor, NoticeKind.TAKEDOWN_LATE) == 0
    with at("2026-12-03T18:01:00+00:00"):
        run_job()
        run_job()
        assert notices(world.editor, NoticeKind.TAKEDOWN_LATE) == 1
    with at("2026-12-04T18:02:00+00:00"):
        run_job()
        assert notices(world.editor, NoticeKind.TAKEDOWN_LATE) == 2, "again each day"
        services.close_takedown(task, actor=world.as_(world.editor), note="Dihapus dari situs")
        db.session.commit()
        run_job()
    with at("2026-12-06T18:02:00+00:00"):
        run_job()
    db.session.expire_all()
    assert [t.state for t in tasks()] == [TakedownState.DONE]
    assert notices(world.editor, NoticeKind.TAKEDOWN_LATE) == 2
    assert db.session.query(Notification).filter(Notification.read_at.is_(None)).count() == 0
    assert photo.blocked_at is not None, "taken down is not allowed again"
    assert services.storage().exists(photo.original_key), "nothing is deleted"


def test_withdrawing_asks_at_once(world, photo, at):
    with at(NOW):
        consent = agreed(photo, world)
        services.withdraw_consent(consent, actor=world.as_(world.editor), note="Lewat telepon")
        db.session.commit()
        (task,) = tasks()
        assert task.reason is BlockReason.CONSENT_WITHDRAWN
        assert photo.blocked_reason is BlockReason.CONSENT_WITHDRAWN
        services.withdraw_consent(consent, actor=world.as_(world.editor), note="Lagi")
        run_job()
        assert len(tasks()) == 1


def test_withdrawing_after_an_expiry_leaves_one_task_with_the_earlier_limit(world, photo, at):
    with at(NOW):
        consent = agreed(photo, world, expires_on=date(2026, 11, 30))
    with at("2026-11-30T18:00:00+00:00"):
        run_job()
        limit = tasks()[0].due_at
    with at("2026-12-02T18:00:00+00:00"):
        services.withdraw_consent(consent, actor=world.as_(world.editor), note="Lewat telepon")
        db.session.commit()
        run_job()
        assert [t.state for t in tasks()] == [TakedownState.REPLACED, TakedownState.OPEN]
        assert tasks()[1].due_at == limit, "withdrawing gives nobody more time"
        assert queries.count_open_takedowns(world.as_(world.editor), world.office.id) == 1
        unread = db.session.query(Notification).filter(Notification.read_at.is_(None))
        assert unread.filter_by(user_id=world.editor.id).count() == 1


def test_what_has_ended_is_not_read_again(world, at, statements):
    """Every quarter of an hour, for years: the job asks as much after thirty ended consents as after none."""
    with at(NOW):
        for number in range(3):
            asset = photo_of(world, world.editor, width=400 + number)
            agreed(asset, world, expires_on=date(2026, 11, 30))
        withdrawn = agreed(asset, world, person="Pak Budi")
        services.withdraw_consent(withdrawn, actor=world.as_(world.editor), note="x")
        db.session.commit()
        db.session.expire_all()
        statements.reset()
        run_job()
        before = len(statements)
    with at("2026-12-01T18:00:00+00:00"):
        run_job()
        assert len(tasks()) == 4
        assert list(queries.list_expired(world.office.id, today_at(world.office))) == []
        db.session.expire_all()
        statements.reset()
        run_job()
        assert len(statements) == before


def test_agreeing_again_lifts_it_and_ending_again_asks_again(world, photo, at):
    actor = world.as_(world.editor)
    with at(NOW):
        consent = agreed(photo, world)
        services.withdraw_consent(consent, actor=actor, note="Lewat telepon")
        services.renew_consent(
            consent, actor=actor, given_on=date(2026, 11, 21), expires_on=date(2026, 12, 1)
        )
        db.session.commit()
        assert [t.state for t in tasks()] == [TakedownState.LIFTED]
        assert photo.blocked_at is None
    with at("2026-12-02T00:00:00+00:00"):
        run_job()
        db.session.expire_all()
        assert [t.state for t in tasks()] == [TakedownState.LIFTED, TakedownState.OPEN]
        assert photo.blocked_reason is BlockReason.CONSENT_EXPIRED


def test_one_of_two_people_ends(world, photo, at):
    with at(NOW):
        first, second = agreed(photo, world), agreed(photo, world, person="Pak Budi")
        services.withdraw_consent(first, actor=world.as_(world.editor), note="x")
        services.withdraw_consent(second, actor=world.as_(world.editor), note="x")
        services.renew_consent(
            first, actor=world.as_(world.editor), given_on=date(2026, 11, 21), expires_on=None
        )
        assert photo.blocked_reason is BlockReason.CONSENT_WITHDRAWN, "the other one still does not agree"


def test_stale_saves_are_refused(world, photo, at):
    with at(NOW):
        consent = agreed(photo, world)
        stale = consent.row_version
        services.withdraw_consent(consent, actor=world.as_(world.editor), note="x", row_version=stale)
        with pytest.raises(Conflict):
            services.renew_consent(
                consent,
                actor=world.as_(world.editor),
                given_on=date(2026, 11, 21),
                expires_on=None,
                row_version=stale,
            )


def test_who_says_that_it_came_down(world, photo, at):
    with at(NOW):
        services.withdraw_consent(agreed(photo, world), actor=world.as_(world.editor), note="x")
        (task,) = tasks()
        for user in (world.contributor, world.approver, world.lead):
            with pytest.raises(NotAllowed):
                services.close_takedown(task, actor=world.as_(user), note="sudah")
        with pytest.raises(UserError):
            services.close_takedown(task, actor=world.as_(world.editor), note="  ")


def test_a_document_is_seen_by_few(browser_of, world, photo, at):
    letter = sent(world, world.editor, pdf(), "izin.pdf")
    with at(NOW):
        agreed(photo, world, document_id=letter.id)
    for user, status in (
        (world.editor, 200),
        (world.approver, 404),
        (world.lead, 404),
        (world.contributor, 404),
    ):
        reader = browser_of(user)
        reader.get(f"/media/{letter.id}/original", status=status, buffered=True)
        reader.get(f"/media/{letter.id}/keterangan", status=status)
        assert ("izin.pdf" in reader.get("/media/").html) is (status == 200)
    assert list(queries.get_assets(world.office.id, [letter.id], actor=None)) == []


def test_a_document_is_recorded_and_can_be_let_go(browser_of, world, photo, at):
    """The wrong file was chosen: it comes back for everybody, once no consent rests on it."""
    letter = sent(world, world.editor, pdf(), "izin.pdf")
    with at(NOW):
        first = agreed(photo, world, document_id=letter.id)
        second = agreed(photo, world, person="Pak Budi", document_id=letter.id)
        actions = [e.action for e in audit.list_timeline(("asset", letter.id))]
        assert actions.count(AuditAction.ASSET_RESTRICTED) == 1
        desk = browser_of(world.editor)
        page = desk.get(f"/media/{photo.id}/keterangan")
        desk.post(f"/media/izin/{first.id}/lepas-bukti", page.form(f"/{first.id}/lepas-bukti"))
        browser_of(world.approver).get(f"/media/{letter.id}/keterangan", status=404)
        page = desk.get(f"/media/{photo.id}/keterangan")
        page = desk.follow(
            desk.post(f"/media/izin/{second.id}/lepas-bukti", page.form(f"/{second.id}/lepas-bukti"))
        )
        assert "lepas-bukti" not in page.html
        browser_of(world.approver).get(f"/media/{letter.id}/keterangan")
        assert audit.list_timeline(("asset", letter.id))[0].action is AuditAction.ASSET_UNRESTRICTED
        with pytest.raises(NotAllowed):
            services.detach_document(first, actor=world.as_(world.approver))


def test_what_is_shown_somewhere_is_no_document(browser_of, world, photo, at):
    """As a document it would vanish for everybody else, and every story that shows it could not be saved."""
    with at(NOW):
        shown = photo_of(world, world.editor, width=500, name="tayang.jpg")
        story = desk_factory.story(world, pictures=(desk_factory.picture(shown),))
        db.session.commit()
        assert shown not in queries.list_documents(world.as_(world.editor), photo)
        with pytest.raises(ConsentRefused, match="dipakai di naskah") as refused:
            agreed(photo, world, document_id=shown.id)
        assert refused.value.field == "document_id"
        db.session.rollback()
        assert not shown.is_restricted
        kept = desk_factory.text(title="Judul lain", pictures=(desk_factory.picture(shown),))
        assert stories.save_version(story, actor=world.as_(world.editor), content=kept) is not None
        db.session.commit()
        desk = browser_of(world.editor)
        form = desk.get(f"/media/{photo.id}/keterangan").form("/izin")
        assert (
            "tayang.jpg" not in desk.get(f"/media/{photo.id}/keterangan").soup.select_one("#document_id").text
        )
        filled = {"person": "Bu Rina", "kind": "oral", "given_on": "2027-11-01", "expires_on": "2027-12-01"}
        page = desk.post(f"/media/{photo.id}/izin", form | filled, status=422)
        assert page.soup.select_one("#given_on")["aria-invalid"] == "true", (
            "the message stands beside its field"
        )
        assert page.soup.select_one("#expires_on").get("aria-invalid") is None


def test_only_ones_own_files_become_documents(world, at):
    """Somebody who may read the library cannot take a colleague's file out of it."""
    with at(NOW):
        own, foreign = photo_of(world, world.approver), sent(world, world.editor, pdf(), "izin.pdf")
        content = ConsentContent("Bu Rina", ConsentKind.ORAL, date(2026, 11, 1), document_id=foreign.id)
        with pytest.raises(NotAllowed):
            services.record_consent(own, content, actor=world.as_(world.approver))
        assert not foreign.is_restricted


def test_a_full_list_of_people_is_said_above_the_form(browser_of, world, photo, at, monkeypatch):
    monkeypatch.setattr("humasflow.media.services.consents.MAX_PEOPLE", 1)
    with at(NOW):
        agreed(photo, world)
        desk = browser_of(world.editor)
        form = desk.get(f"/media/{photo.id}/keterangan").form("/izin")
        filled = {"person": "Pak Budi", "kind": "oral", "given_on": "2026-11-01"}
        page = desk.post(f"/media/{photo.id}/izin", form | filled, status=422)
        assert "Sudah 1 orang tercatat" in page.main
        assert page.soup.select_one("#given_on").get("aria-invalid") is None


def test_the_same_bytes_are_refused_while_they_are_blocked(world, photo, at):
    """The withdrawal holds for the bytes, whoever sends them, by whichever door."""
    actor, data = world.as_(world.editor), jpeg(width=320)
    with at(NOW):
        consent = agreed(photo, world)
        services.withdraw_consent(consent, actor=actor, note="x")
        db.session.commit()
        ours = services.storage().path(photo.original_key).read_bytes()
        for user in (world.editor, world.contributor):
            for bytes_ in (data, ours):
                outcome = outcome_of(world, user, bytes_, "lagi.jpg", keep_twin=True)
                assert "sudah dicabut" in outcome.refusal
            upload = services.Upload("lagi.jpg", io.BytesIO(data))
            kept, refused = services.receive([upload], actor=world.as_(user), office_id=world.office.id)
            assert kept == []
            assert "sudah dicabut" in refused[0].message
        assert db.session.query(Asset).count() == 1
        services.renew_consent(consent, actor=actor, given_on=date(2026, 11, 21), expires_on=None)
        db.session.commit()
        assert outcome_of(world, world.editor, data, "lagi.jpg").asset == photo


def test_a_child_and_its_blurred_face(world, photo, at):
    actor = world.as_(world.editor)
    with at(NOW):
        with pytest.raises(UserError):
            services.confirm_blurred(photo, actor=actor, blurred=True)
        agreed(photo, world)
        content = ConsentContent("Anak berbaju biru", ConsentKind.GUARDIAN, date(2026, 11, 1))
        services.record_consent(photo, content, actor=actor)
        assert photo.shows_child, "a guardian agrees for a child"
        assert "child" in [r.code for r in cautions(photo)]
        services.confirm_blurred(photo, actor=actor, blurred=True)
        assert (photo.faces_blurred_by, photo.faces_blurred_at) == (actor.id, photo.faces_blurred_at)
        assert abs(photo.faces_blurred_at - clock.now()) < timedelta(seconds=30)
        assert "child" not in [r.code for r in cautions(photo)]
        services.mark_child(photo, actor=actor, shows_child=False)
        assert photo.faces_blurred_at is None
        stale = photo.row_version
        services.mark_child(photo, actor=actor, shows_child=True)
        assert "child" in [r.code for r in cautions(photo)], "confirmed for what was seen then, not for ever"
        with pytest.raises(Conflict):
            services.mark_child(photo, actor=actor, shows_child=False, row_version=stale)


def test_through_the_pages(browser_of, world, photo, at):
    with at(NOW):
        newsroom.publish(world, title="Rapat di aula", pictures=(newsroom.shown(photo),))
        desk = browser_of(world.editor)
        url = f"/media/{photo.id}/keterangan"
        assert "Belum ada izin tercatat" in desk.get(url).main
        form = desk.get(url).form("/izin")
        filled = {
            "person": "Bu Rina",
            "kind": "written",
            "given_on": "2026-11-01",
            "expires_on": "2026-11-19",
        }
        refused = desk.post(f"/media/{photo.id}/izin", form | filled, status=422)
        assert "Izin itu sudah berakhir" in refused.main
        assert refused.form(f"/media/{photo.id}/izin")["person"] == "Bu Rina", "nothing is lost"
        filled["expires_on"] = "2026-12-05"
        page = desk.follow(desk.post(f"/media/{photo.id}/izin", form | filled | {"form_token": "lain"}))
        assert "Izin segera berakhir" in page.main
        assert len(desk.get("/media/?tampil=izin-berakhir").soup.select(".media-card")) == 1
        consent = db.session.query(Consent).one()
        withdraw = page.form("/cabut")
        page = desk.follow(desk.post(f"/media/izin/{consent.id}/cabut", withdraw | {"note": "Lewat surat"}))
        assert "Tidak boleh dipakai" in page.main
        due = desk.get("/media/penurunan")
        assert "Rapat di aula" in due.main
        assert "Tayang" in due.main
        assert "perlu diturunkan" in desk.get("/media/").main
        assert "1 media perlu diturunkan" in desk.get("/").main
        (task,) = tasks()
        page = desk.get(f"/media/penurunan/{task.id}")
        assert desk.post(f"/media/penurunan/{task.id}", page.form(), status=422).h1 == "Turunkan berkas ini"
        desk.post(
            f"/media/penurunan/{task.id}", page.form() | {"note": "Diganti foto lain", "form_token": "b"}
        )
        done = desk.get("/media/penurunan")
        assert "Diganti foto lain" in done.main
        assert "media perlu diturunkan" not in desk.get("/").main
        for user in (world.approver, world.lead, world.contributor):
            reader = browser_of(user)
            reader.get("/media/penurunan", status=403)
            reader.get(f"/media/penurunan/{task.id}", status=403)
            reader.post(f"/media/penurunan/{task.id}", {"note": "x"}, status=403)


def test_another_office_finds_nothing(browser_of, world, other_world, photo, at):
    with at(NOW):
        consent = agreed(photo, world)
        services.withdraw_consent(consent, actor=world.as_(world.editor), note="x")
        db.session.commit()
        (task,) = tasks()
        stranger = browser_of(other_world.editor)
        stranger.get(f"/media/penurunan/{task.id}", status=404)
        stranger.post(f"/media/penurunan/{task.id}", {"note": "x"}, status=404)
        stranger.post(f"/media/izin/{consent.id}/cabut", {"note": "x"}, status=404)
        stranger.post(f"/media/izin/{consent.id}/perpanjang", {"given_on": "2026-11-01"}, status=404)
        assert "foto.jpg" not in stranger.get("/media/penurunan").main


def test_the_list_of_takedowns_asks_the_same_number_of_statements(browser_of, world, at, statements):
    with at(NOW):
        desk = browser_of(world.editor)
        counts = []
        for number in range(3):
            asset = photo_of(world, world.editor, width=400 + number)
            services.withdraw_consent(agreed(asset, world), actor=world.as_(world.editor), note="x")
            db.session.commit()
            desk.get("/media/penurunan")
            statements.reset()
            desk.get("/media/penurunan")
            counts.append(len(statements))
        assert len(set(counts)) == 1


def test_what_is_blocked_is_not_used_anew_and_stays_where_it_is(world, photo, at):
    """New stories and publications refuse it; those that show it already can still be saved until it comes down."""
    actor = world.as_(world.editor)
    with at(NOW):
        story = desk_factory.story(world, pictures=(desk_factory.picture(photo),))
        shown = newsroom.shown(photo)
        post = desk_factory.post(world, story)
        services.withdraw_consent(agreed(photo, world), actor=actor, note="x")
        db.session.commit()
        with pytest.raises(Refused, match="tidak boleh dipakai"):
            desk_factory.story(world, pictures=(desk_factory.picture(photo),))
        with pytest.raises(Refused, match="tidak boleh dipakai"):
            posts.save_post_version(post, actor=actor, content=PostContent("Teks", pictures=(shown,)))
        db.session.rollback()
        kept = desk_factory.text(title="Judul lain", pictures=(desk_factory.picture(photo),))
        assert stories.save_version(story, actor=actor, content=kept) is not None
        stories.save_version(story, actor=actor, content=desk_factory.text(title="Tanpa foto"))
        with pytest.raises(Refused, match="tidak boleh dipakai"):
            stories.save_version(story, actor=actor, content=kept)
