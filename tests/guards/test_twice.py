"""A double click, a retry or the back button: every form, sent twice with one form token, does its work once."""

import io
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from humasflow.accounts import queries
from humasflow.accounts.enums import AbsenceKind
from humasflow.accounts.services import invitations
from humasflow.accounts.services.absences import record_absence
from humasflow.approvals import services as approvals
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.guidelines.enums import RuleCode, RuleLevel
from humasflow.guidelines.queries import list_words
from humasflow.guidelines.services import glossary
from humasflow.media.models import Asset
from humasflow.orgs import services as orgs
from humasflow.orgs.enums import OfficeKind
from humasflow.outbox import runner
from humasflow.pitches.enums import PitchMove
from humasflow.pitches.models import Pitch
from humasflow.pitches.services import PitchContent, move_pitch, send_pitch
from humasflow.planning.agenda import subscribing
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.posts import services as posts
from humasflow.publishing.enums import DeliveryState, FollowUp
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.moving import current_or_new
from humasflow.scoring.calculation import RankFacts
from humasflow.scoring.enums import ResultKind
from humasflow.scoring.services.closing import close_period
from humasflow.scoring.services.measuring import record_measurement
from humasflow.scoring.services.official import Announcement, Subject, record_official
from humasflow.scoring.services.reconsidering import reverse_point
from humasflow.scoring.services.schemes import start_draft
from humasflow.scoring.services.verification import dispute_point
from humasflow.scoring.services.verifying_many import verify_many
from humasflow.stories import services as stories
from humasflow.stories.enums import ChangeKind, ViewPlace
from humasflow.stories.models import DeskView, Story
from humasflow.stories.services.desk_views import remove_view, save_view
from humasflow.stories.services.tasks import finish_task
from tests.factories import desk, guidelines, imports, newsroom, word
from tests.factories.backfills import backfill_of, backfill_things
from tests.factories.measured import make_measured_scheme
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme, set_targets
from tests.factories.world import PASSWORD, World
from tests.guards.things import (
    MONDAY,
    agenda_of,
    answered,
    between_offices,
    bot_of,
    calendars,
    contents,
    mail_of,
    met,
    report_of,
    schedule_of,
    things_of,
)
from tests.media.files import jpeg
from tests.scoring.judging import proven
from tests.stories.tasks import role, task
from tests.support.forms import form_with
from tests.support.page import Browser, Page, _fields

TOKEN = "token-uji-dua-kali"


@dataclass
class Form:
    """A form as it is filled in: who sends it, the page it stands on, a field of it, what is typed, where it goes."""

    who: str
    page: str
    part: str = ""
    typed: dict[str, Any] = field(default_factory=dict)
    to: str = ""


# What a person sends, by endpoint.
Maker = Callable[[World], Form]
FORMS: dict[str, Maker] = {}


def form(endpoint: str) -> Callable[[Maker], Maker]:
    def note(make: Maker) -> Maker:
        FORMS[endpoint] = make
        return make

    return note


# Nothing is made by these: they end, read or choose something, and doing so twice is the same as once.
NOTHING_MADE = {
    "accounts.set_language", "accounts.set_theme", "accounts.choose_office", "accounts.sign_out",
    "accounts.sign_out_everywhere", "accounts.revoke_session", "notifications.read_all", "newsroom.read",
    "posts.check", "stories.check",
    "metrics.upload",  # reads the file and shows it; what is kept is kept by metrics.keep_upload
    "pages.switch_campaign", "pages.withdraw_campaign_offer", "stories.withdraw_handover",
    # A script's, without a form: what stands there already is left alone; so is what was taken back already.
    "calendar.move", "calendar.undo_move",
    "stories.task_opened", "approvals.package_opened",  # a script's, without a form: seen twice is seen once
    "media.tus", "media.tus_upload", "media.finish",  # a script's: an upload's own address and offset guard it
    "media.focus", "media.forget_facts", "media.child", "media.poster", "media.put_aside", "media.take_back",
    "media.renew_consent", "media.withdraw_consent", "media.detach_document", "media.takedown", "media.describe_many",
    # Scripts', without a form: a window counts its savings, says again that it is there, or saves nothing at all.
    "stories.autosave", "stories.presence", "stories.compare_kept", "stories.merge",
    "stories.pictures",  # a script's, without a form: the same bytes are the same picture
    # Before there is anybody (the whole installation is the guard: it can be set up once) and after the sample office.
    "setup.wizard", "setup.create_sample", "setup.archive", "setup.wipe", "accounts.sign_in_sample",
    # Without an account or a session: sent twice, they are in tests/approvals/test_guests.py with a browser of their own.
    "approvals.guest_send_code", "approvals.guest_identify", "approvals.guest_resend", "approvals.guest_approve",
    "approvals.guest_send_back", "approvals.guest_leave",
    # Within the minute no second code is sent, and a code is good once: tests/approvals/test_by_code.py.
    "approvals.ask_code", "approvals.type_code",
    "approvals.revoke_guest_link",
    "feeds.revoke", "agenda.stop_following", "agenda.drop_import",
    # They end, confirm or switch: twice is once.
    "routing.reset", "days.arrange", "days.pawukon", "sharing.revoke", "meetings.close", "meetings.remove",
    "connections.resume", "connections.end", "connections.remove_app",
    "report_schedules.confirm", "reports.cancel", "archive.remove",
    "backfill.go_on", "backfill.undo", "backfill.drop", "imports.go_on", "imports.undo", "imports.drop",  # a job that runs again finds nothing left to do
    # Scripts', without a form: the same device is the same row, and there is one key.
    "push.key", "push.subscribe",
    "push.remove", "telegram.unlink", "telegram.remove_bot",
    # Stopped twice is stopped, and one mail becomes one pitch: tests/notifications/mailbox.
    "mailbox.stop", "mailbox.confirmed", "mailbox.remove", "mailbox.release_address",
    # They ask a channel: sent twice, they are in tests/channels/test_connect_*.py with channels of their own.
    "connections.connect_account", "connections.begin", "connections.choose", "connections.test",
}  # fmt: skip


def _pitch(world: World) -> int:
    made = send_pitch(
        actor=world.as_(world.contributor), office_id=world.office.id, content=PitchContent("Lelang laku semua")
    )  # fmt: skip
    return made.id


def _package(world: World) -> Any:
    story = desk.story(world)
    desk.post(world, story)
    return approvals.submit_package(story, actor=world.as_(world.editor))


def _group(world: World) -> int:
    made = approvals.create_group(
        world.office.id, actor=world.as_(world.admin), name="Tim Humas", member_ids=[world.approver.id]
    )
    return made.id


def _released(world: World) -> int:
    package = _package(world)
    made = approvals.release_urgently(
        package.story,
        actor=world.as_(world.editor),
        digest=package.digest,
        reason="Peringatan dini banjir malam ini.",
    )
    return made.package_id


def _approved(world: World, account: str = "facebook") -> int:
    story = desk.story(world)
    made = desk.post(world, story, account=account)
    package = approvals.submit_package(story, actor=world.as_(world.editor))
    approvals.approve(package, actor=world.as_(world.approver), digest=package.digest)
    posts.schedule_post(made, actor=world.as_(world.editor), due_at=clock.now() + timedelta(minutes=1))
    return made.id


def _due(world: World) -> int:
    """Approved, due, and waiting for the person who posts by hand."""
    post_id = _approved(world)
    db.session.commit()
    with clock.moved_to(clock.now() + timedelta(minutes=2)):
        runner.run_due()
    return post_id


def _in_state(world: World, state: DeliveryState) -> int:
    post_id = _approved(world, "web" if state is DeliveryState.FAILED else "facebook")
    made = current_or_new(db.session.get_one(posts.Post, post_id))
    made.state = state
    return post_id


@form("accounts.sign_in")
def _(world: World) -> Form:
    return Form("", "/masuk", "email", {"email": world.editor.email, "password": PASSWORD})


@form("accounts.accept_invitation")
def _(world: World) -> Form:
    token = invitations.invite(world.other_editor, actor=world.admin, office_id=world.office.id)
    words = "empat kuda makan bakso"
    return Form("", f"/undangan/{token}", "password", {"password": words, "again": words})


@form("accounts.profile")
def _(world: World) -> Form:
    return Form("editor", "/profil", "wants_email", {"name": "Nama Baru"})


@form("accounts.change_password")
def _(world: World) -> Form:
    words = "empat kuda makan bakso"
    return Form(
        "editor", "/profil", "old", {"old": PASSWORD, "password": words, "again": words}, "/profil/kata-sandi"
    )


@form("accounts.new_person")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/pengguna/baru", "email", {
        "name": "Orang Baru", "email": "baru@kantor.example", "role": "editor",
    })  # fmt: skip


@form("accounts.person")
def _(world: World) -> Form:
    return Form("admin", f"/pengaturan/pengguna/{world.editor.id}", "email", {"name": "Nama Lain"})


@form("accounts.add_role")
def _(world: World) -> Form:
    return Form("admin", f"/pengaturan/pengguna/{world.editor.id}/peran", "role", {"role": "lead"})


@form("accounts.end_role")
def _(world: World) -> Form:
    person = f"/pengaturan/pengguna/{world.editor.id}"
    return Form("admin", person, to=f"{person}/peran/{world.editor.grants[0].id}/akhiri")


@form("accounts.invite_person")
def _(world: World) -> Form:
    person = f"/pengaturan/pengguna/{world.editor.id}"
    return Form("admin", person, to=f"{person}/undang")


@form("accounts.disable_person")
def _(world: World) -> Form:
    person = f"/pengaturan/pengguna/{world.editor.id}"
    return Form("admin", person, to=f"{person}/nonaktifkan")


@form("accounts.enable_person")
def _(world: World) -> Form:
    world.editor.is_active = False
    person = f"/pengaturan/pengguna/{world.editor.id}"
    return Form("admin", person, to=f"{person}/aktifkan")


@form("orgs.office")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/kantor", "timezone", {"name": "Kantor Uji Baru"})


@form("orgs.sections")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/seksi", "name", {"name": "Seksi Baru"})


@form("orgs.section")
def _(world: World) -> Form:
    return Form("admin", f"/pengaturan/seksi/{world.section.id}", "name", {"name": "Seksi Lain"})


@form("orgs.close_section")
def _(world: World) -> Form:
    from humasflow.orgs.services import create_section

    empty = create_section(world.office, actor=world.admin, name="Seksi Kosong")
    return Form("admin", "/pengaturan/seksi", to=f"/pengaturan/seksi/{empty.id}/tutup")


@form("orgs.reopen_section")
def _(world: World) -> Form:
    from humasflow.orgs.services import create_section

    empty = create_section(world.office, actor=world.admin, name="Seksi Kosong")
    empty.is_active = False
    return Form("admin", "/pengaturan/seksi", to=f"/pengaturan/seksi/{empty.id}/buka")


@form("planning.content_types")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/jenis-konten", "label", {"label": "Jenis baru"})


@form("planning.content_type")
def _(world: World) -> Form:
    return Form("admin", f"/pengaturan/jenis-konten/{world.news.id}", "label", {"label": "Nama lain"})


@form("planning.arrange")
def _(world: World) -> Form:
    to = f"/pengaturan/jenis-konten/{world.headline.id}/nonaktifkan"
    return Form("admin", "/pengaturan/jenis-konten", to=to)


@form("agenda.new")
def _(world: World) -> Form:
    return Form("editor", "/agenda/baru", "title", {"title": "Agenda baru", "starts_on": "2099-11-02"})


@form("agenda.edit")
def _(world: World) -> Form:
    return Form(
        "editor", f"/agenda/{agenda_of(world)}/sunting", "title", {"title": "Lain", "extent": "future"}
    )


@form("agenda.settle")
def _(world: World) -> Form:
    return Form(
        "editor", f"/agenda/{agenda_of(world)}/batal", "reason", {"reason": "Hujan", "extent": "future"}
    )


@form("calendar.cover_event")
def _(world: World) -> Form:
    event = db.session.get_one(AgendaEvent, agenda_of(world))
    saat = event.starts_at.strftime("%Y%m%dT%H%M%SZ")
    return Form("editor", f"/kalender/liput/{event.id}?saat={saat}", "title", {"title": "Liputan apel"})


@form("planning.pillars")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/pilar", "name", {"name": "Pilar baru"})


@form("planning.pillar")
def _(world: World) -> Form:
    return Form("admin", f"/pengaturan/pilar/{world.pillar.id}", "name", {"name": "Nama lain"})


@form("days.index")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/hari", "on", {"name": "Hari jadi kantor", "on": "2026-05-04"})


@form("days.edit")
def _(world: World) -> Form:
    day = met(world)["day_id"]
    return Form("admin", f"/pengaturan/hari/{day}", "on", {"name": "Nama lain", "on": "2026-05-05"})


@form("sharing.index")
def _(world: World) -> Form:
    return Form("editor", "/kalender/bagikan", "title", {"title": "Untuk pimpinan", "days": "7"})


@form("meetings.write")
def _(world: World) -> Form:
    url = f"/rapat/{MONDAY}"
    return Form("editor", url, typed={"text": "Diputuskan"}, to=f"{url}/catatan")


@form("meetings.change")
def _(world: World) -> Form:
    url, note = f"/rapat/{MONDAY}", met(world)["note_id"]
    return Form("editor", url, typed={"text": "Ditulis ulang"}, to=f"{url}/catatan/{note}")


@form("meetings.decide")
def _(world: World) -> Form:
    url, pitch = f"/rapat/{MONDAY}", _pitch(world)
    return Form("editor", url, typed={"putusan": "simpan", "text": "Nanti"}, to=f"{url}/usulan/{pitch}")


@form("meetings.attend")
def _(world: World) -> Form:
    url = f"/rapat/{MONDAY}"
    return Form("editor", url, typed={"attendees": "Siti, Budi"}, to=f"{url}/peserta")


@form("channels.new_account")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/kanal/baru", "name", {"name": "Akun baru", "kind_id": world.x.kind_id})


@form("channels.account")
def _(world: World) -> Form:
    return Form("admin", f"/pengaturan/kanal/{world.x.id}", "name", {"name": "Nama lain"})


@form("channels.set_slots")
def _(world: World) -> Form:
    return Form("admin", f"/pengaturan/kanal/{world.x.id}", "slots", {"slots": "Sen 09.00"})


@form("channels.kind")
def _(world: World) -> Form:
    return Form(
        "admin", f"/pengaturan/kanal/batas/{world.x.kind_id}", "limits_source", {"limits_source": "Halaman"}
    )


@form("connections.pause")
def _(world: World) -> Form:
    return Form("admin", f"/pengaturan/kanal/{world.x.id}/jeda", "reason", {"reason": "Menunggu arahan"})


@form("connections.app_key")
def _(world: World) -> Form:
    return Form(
        "admin", "/pengaturan/kanal/aplikasi/x", "client_id", {"client_id": "1", "client_secret": "2"}
    )


@form("approvals.default_chain")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/persetujuan/bawaan", "mode", {"mode": "none"})


@form("approvals.type_chain")
def _(world: World) -> Form:
    return Form("admin", f"/pengaturan/persetujuan/jenis/{world.news.id}", "mode", {"mode": "none"})


@form("approvals.new_group")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/persetujuan/grup/baru", "name", {
        "name": "Tim Humas", "members": str(world.approver.id),
    })  # fmt: skip


@form("approvals.group")
def _(world: World) -> Form:
    return Form("admin", f"/pengaturan/persetujuan/grup/{_group(world)}", "name", {"name": "Tim Publikasi"})


@form("approvals.edit_policy")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/persetujuan/sesudah-disetujui", "mode", {"mode": "marked"})


def _guest(world: World) -> int:
    told = approvals.GuestContent("Rahmi Tamu", "Kepala Kanwil", "rahmi.tamu@kanwil.example")
    return approvals.add_guest(world.office.id, actor=world.as_(world.admin), content=told).id


@form("approvals.new_guest")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/penyetuju-tamu/baru", "name", {
        "name": "Rahmi Tamu", "position_title": "Kepala Kanwil", "email": "rahmi@kanwil.example",
    })  # fmt: skip


@form("approvals.guest")
def _(world: World) -> Form:
    return Form("admin", f"/pengaturan/penyetuju-tamu/{_guest(world)}", "name", {"name": "Rahmi Lain"})


@form("approvals.guests")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/penyetuju-tamu", "hours", {"hours": "24"})


@form("approvals.guest_links")
def _(world: World) -> Form:
    guest, package = _guest(world), _package(world).id
    return Form("editor", f"/persetujuan/{package}/tautan", "guest", {"guest": str(guest)})


@form("approvals.patience")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/persetujuan/pengingat", "remind_hours", {"remind_hours": "4"})


@form("pitches.new")
def _(world: World) -> Form:
    return Form("contributor", "/usulan/kirim", "title", {
        "title": "Lelang UMKM laku semua", "photos": (io.BytesIO(jpeg()), "a.jpg"),
    })  # fmt: skip


@form("pitches.edit")
def _(world: World) -> Form:
    return Form("contributor", f"/usulan/{_pitch(world)}/sunting", "title", {"title": "Judul lain"})


@form("pitches.accept")
def _(world: World) -> Form:
    pitch = _pitch(world)
    return Form("editor", f"/usulan/{pitch}", "content_type_id", {}, f"/usulan/{pitch}/terima")


@form("pitches.join")
def _(world: World) -> Form:
    pitch, story = _pitch(world), desk.story(world)
    return Form("editor", f"/usulan/{pitch}", typed={"story_id": story.id}, to=f"/usulan/{pitch}/gabung")


@form("pitches.park")
def _(world: World) -> Form:
    pitch = _pitch(world)
    return Form("editor", f"/usulan/{pitch}", typed={"reason": "Nanti"}, to=f"/usulan/{pitch}/simpan")


@form("pitches.reject")
def _(world: World) -> Form:
    pitch = _pitch(world)
    return Form("editor", f"/usulan/{pitch}", typed={"reason": "Sudah ada"}, to=f"/usulan/{pitch}/tolak")


@form("pitches.reopen")
def _(world: World) -> Form:
    pitch = db.session.get_one(Pitch, _pitch(world))
    move_pitch(pitch, PitchMove.REJECT, actor=world.as_(world.editor), reason="Sudah ada")
    return Form("editor", f"/usulan/{pitch.id}", to=f"/usulan/{pitch.id}/buka-kembali")


def _view(world: World, owner: str = "editor") -> int:
    return save_view(
        actor=world.as_(getattr(world, owner)), office_id=world.office.id, name="Tampilan", query="q=a",
        is_shared=owner != "editor",
    ).id  # fmt: skip


@form("pages.desk_move")
def _(world: World) -> Form:
    page = f"/naskah/{desk.story(world).id}/pindah"
    return Form("editor", page, "ke", {"ke": "on_hold", "dari": "draft"}, to=page)


@form("pages.desk_bulk")
def _(world: World) -> Form:
    page = f"/naskah/massal?tindakan=tunda&id={desk.story(world).id}"
    return Form("editor", page, "tindakan", to="/naskah/massal")


@form("pages.desk_views_page")
def _(world: World) -> Form:
    return Form("editor", "/naskah/tampilan?q=lelang", "name", {"name": "Lelang"}, to="/naskah/tampilan")


@form("pages.desk_view")
def _(world: World) -> Form:
    return Form("editor", "/naskah/tampilan", "name", {"name": "Lain"}, to=f"/naskah/tampilan/{_view(world)}")


@form("pages.desk_view_default")
def _(world: World) -> Form:
    shared = _view(world, "other_editor")
    return Form("editor", "/naskah/tampilan", typed={"mau": "1"}, to=f"/naskah/tampilan/{shared}/awal")


@form("pages.desk_view_remove")
def _(world: World) -> Form:
    return Form("editor", "/naskah/tampilan", to=f"/naskah/tampilan/{_view(world)}/hapus")


@form("pages.desk_view_restore")
def _(world: World) -> Form:
    view_id = _view(world)
    remove_view(db.session.get_one(DeskView, view_id), actor=world.as_(world.editor))
    return Form("editor", f"/naskah/tampilan?dihapus={view_id}", to=f"/naskah/tampilan/{view_id}/pulihkan")


def _calendar_view(world: World, owner: str = "editor") -> int:
    view = save_view(
        actor=world.as_(getattr(world, owner)), office_id=world.office.id, name="Kalender saya",
        query="tampilan=pekan", is_shared=True, place=ViewPlace.CALENDAR,
    )  # fmt: skip
    db.session.commit()
    return view.id


@form("calendar.views_page")
def _(world: World) -> Form:
    page = "/kalender/tampilan?tampilan=pekan"
    return Form("editor", page, "name", {"name": "Pekan"}, to="/kalender/tampilan")


@form("calendar.change_view")
def _(world: World) -> Form:
    view = _calendar_view(world)
    return Form("editor", "/kalender/tampilan", "name", {"name": "Lain"}, to=f"/kalender/tampilan/{view}")


@form("calendar.default_view")
def _(world: World) -> Form:
    shared = _calendar_view(world, "other_editor")
    return Form("editor", "/kalender/tampilan", typed={"mau": "1"}, to=f"/kalender/tampilan/{shared}/awal")


@form("calendar.remove_view")
def _(world: World) -> Form:
    return Form("editor", "/kalender/tampilan", to=f"/kalender/tampilan/{_calendar_view(world)}/hapus")


@form("calendar.restore_view")
def _(world: World) -> Form:
    view_id = _calendar_view(world)
    remove_view(db.session.get_one(DeskView, view_id), actor=world.as_(world.editor))
    where = f"/kalender/tampilan?dihapus={view_id}"
    return Form("editor", where, to=f"/kalender/tampilan/{view_id}/pulihkan")


@form("reports.order")
def _(world: World) -> Form:
    period = Quarter.from_local_date(queries.today_at(world.office))
    return Form("lead", "/laporan/", "about", {"about": "office", "formats": "pdf", "period": period.key})


@form("archive.order")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/arsip", "password", {"password": PASSWORD})


@form("reports.again")
def _(world: World) -> Form:
    report = report_of(world)["report_id"]
    return Form("lead", f"/laporan/{report}", to=f"/laporan/{report}/lagi")


@form("reports.letterhead")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/kop-surat", "office_line", {"office_line": "Kop baru"})


@form("report_schedules.create")
def _(world: World) -> Form:
    typed = {"title": "Untuk pimpinan", "people": str(world.lead.id)}
    return Form("lead", "/laporan/jadwal/baru", "title", typed)


@form("report_schedules.edit")
def _(world: World) -> Form:
    url = f"/laporan/jadwal/{schedule_of(world)['report_schedule_id']}"
    return Form("lead", url, "title", {"title": "Nama lain"})


@form("report_schedules.act")
def _(world: World) -> Form:
    url = f"/laporan/jadwal/{schedule_of(world)['report_schedule_id']}"
    return Form("lead", url, to=f"{url}/kirim")


@form("stories.new")
def _(world: World) -> Form:
    return Form("editor", "/naskah/baru", "title", {"title": "Naskah baru", "content_type_id": world.news.id})


@form("stories.replace_from_document")
def _(world: World) -> Form:
    story = desk.story(world).id
    return Form(
        "editor",
        f"/naskah/{story}/dokumen",
        "stamp",
        {"document": (io.BytesIO(word.press_release()), "a.docx")},
    )


@form("stories.edit")
def _(world: World) -> Form:
    return Form("editor", f"/naskah/{desk.story(world).id}/sunting", "title", {"title": "Judul lain"})


@form("stories.restore")
def _(world: World) -> Form:
    story = desk.story(world)
    stories.save_version(story, actor=world.as_(world.editor), content=desk.text(title="Judul kedua"))
    return Form("editor", f"/naskah/{story.id}/versi/1", to=f"/naskah/{story.id}/versi/1/pulihkan")


@form("stories.move")
def _(world: World) -> Form:
    story = desk.story(world).id
    return Form(
        "editor", f"/naskah/{story}", typed={"move": "hold", "reason": "Nanti"}, to=f"/naskah/{story}/gerak"
    )


@form("stories.set_readers")
def _(world: World) -> Form:
    url = f"/naskah/{desk.story(world).id}"
    return Form("editor", f"{url}/kerahasiaan", "mode", {"mode": "named"}, to=f"{url}/pembaca")


@form("stories.embargo")
def _(world: World) -> Form:
    story = desk.story(world).id
    day = (clock.now() + timedelta(days=3)).date().isoformat()
    return Form(
        "editor",
        f"/naskah/{story}/kerahasiaan",
        "day",
        {"day": day, "time": "09:00"},
        to=f"/naskah/{story}/embargo",
    )


@form("stories.discard_correction")
def _(world: World) -> Form:
    story = live_post(world).post.story
    content = desk.text(title="Judul yang benar")
    change = stories.ChangeContent(ChangeKind.CORRECTION, "Judul semula keliru.", "")
    stories.save_correction(story, actor=world.as_(world.editor), content=content, change=change)
    return Form("editor", f"/naskah/{story.id}", to=f"/naskah/{story.id}/ralat/batalkan")


@form("publishing.confirm_correction")
def _(world: World) -> Form:
    delivery = live_post(world, account=world.facebook, url="https://www.facebook.com/kantoruji/posts/10")
    story = delivery.post.story
    change = stories.ChangeContent(ChangeKind.CORRECTION, "Judul semula keliru.", "")
    stories.save_correction(
        story, actor=world.as_(world.editor), content=desk.text(title="Judul yang benar"), change=change
    )
    stories.publish_change(story)
    delivery.correcting_to_id = story.current_version_id
    post = delivery.post_id
    return Form(
        "editor",
        f"/publikasi/{post}",
        typed={"corrected-note": "Sudah"},
        to=f"/publikasi/{post}/sudah-dibetulkan",
    )


def _thread(world: World, **suggested: str) -> Any:
    story = desk.story(world)
    if suggested:
        return stories.suggest_change(
            story, actor=world.as_(world.approver), passage=stories.Passage(quote="sosialisasi"), **suggested
        )
    return stories.begin_thread(story, actor=world.as_(world.editor), text="Mohon diperiksa")


@form("stories.begin_comment")
def _(world: World) -> Form:
    page = f"/naskah/{desk.story(world).id}"
    return Form(
        "editor", page, "quote", {"text": "Mohon diperiksa", "quote": "sosialisasi"}, f"{page}/komentar"
    )


@form("stories.reply_comment")
def _(world: World) -> Form:
    thread = _thread(world)
    page = f"/naskah/{thread.story_id}"
    return Form("editor", page, typed={"text": "Sudah"}, to=f"{page}/komentar/{thread.id}/balas")


@form("stories.move_thread")
def _(world: World) -> Form:
    thread = _thread(world)
    page = f"/naskah/{thread.story_id}"
    return Form("editor", page, to=f"{page}/komentar/{thread.id}/status")


@form("stories.decide_suggestion")
def _(world: World) -> Form:
    thread = _thread(world, replacement="penyuluhan")
    page = f"/naskah/{thread.story_id}"
    return Form("editor", page, typed={"move": "accept"}, to=f"{page}/komentar/{thread.id}/usul")


@form("stories.edit_comment")
def _(world: World) -> Form:
    thread = _thread(world)
    to = f"/naskah/komentar/{thread.comments[0].id}/sunting"
    return Form("editor", f"/naskah/{thread.story_id}", typed={"text": "Mohon diperiksa lagi"}, to=to)


@form("stories.remove_comment")
def _(world: World) -> Form:
    thread = _thread(world)
    to = f"/naskah/komentar/{thread.comments[0].id}/hapus"
    return Form("editor", f"/naskah/{thread.story_id}", to=to)


@form("stories.assign")
def _(world: World) -> Form:
    story = desk.story(world).id
    typed = {"owner_id": world.other_editor.id}
    return Form("editor", f"/naskah/{story}", typed=typed, to=f"/naskah/{story}/serahkan")


@form("guidelines.checklist")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/pedoman/daftar-periksa", "asked_of", {"text": "Angka dicocokkan"})


@form("guidelines.item")
def _(world: World) -> Form:
    page = f"/pengaturan/pedoman/butir/{guidelines.item(world).id}"
    return Form("admin", page, "asked_of", {"text": "Nama dicocokkan"})


@form("guidelines.arrange_item")
def _(world: World) -> Form:
    item = guidelines.item(world)
    page = "/pengaturan/pedoman/daftar-periksa"
    return Form("admin", page, to=f"/pengaturan/pedoman/butir/{item.id}/nonaktifkan")


@form("guidelines.rule")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/pedoman/aturan/di_ke", "level", {"level": "block"})


@form("guidelines.reset_rule")
def _(world: World) -> Form:
    guidelines.rule(world, RuleCode.DI_KE, RuleLevel.OFF)
    page = "/pengaturan/pedoman/aturan/di_ke"
    return Form("admin", page, to=f"{page}/bawaan")


@form("guidelines.glossary")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/pedoman/kamus", "words", {"words": "KPKNL\nBMN"})


@form("guidelines.remove_words")
def _(world: World) -> Form:
    glossary.add_words(world.office.id, "KPKNL\nBMN", actor=world.as_(world.admin))
    word = list_words(world.office.id)[0][0]
    page = "/pengaturan/pedoman/kamus"
    return Form("admin", page, "word", {"word": str(word.id)}, to=f"{page}/hapus")


@form("stories.tick")
def _(world: World) -> Form:
    item = guidelines.item(world)
    page = f"/naskah/{desk.story(world).id}"
    return Form(
        "editor", page, "shown", {"shown": str(item.id), "item": str(item.id)}, to=f"{page}/daftar-periksa"
    )


@form("stories.override_finding")
def _(world: World) -> Form:
    page = f"/naskah/{desk.story(world, title='Naskah yang yang dua kali').id}"
    return Form("editor", page, "key", {"reason": "Judul kutipan"}, to=f"{page}/kesampingkan")


@form("stories.restore_finding")
def _(world: World) -> Form:
    made = answered(world)
    page = f"/naskah/{made['overridden_story_id']}"
    return Form("editor", page, to=f"{page}/kesampingkan/{made['override_id']}/cabut")


@form("stories.declare")
def _(world: World) -> Form:
    guidelines.rule(world, RuleCode.EXCLUDED_INFORMATION, RuleLevel.BLOCK, content_types=[world.news.code])
    page = f"/naskah/{desk.story(world).id}"
    return Form("editor", page, "setuju", {"setuju": "1"}, to=f"{page}/pernyataan/buat")


@form("planning.production_roles")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/peran-produksi", "label", {"label": "Penerjemah"})


@form("planning.production_role")
def _(world: World) -> Form:
    return Form("admin", f"/pengaturan/peran-produksi/{role(world).id}", "label", {"label": "Juru foto"})


def _days(**more: Any) -> dict[str, Any]:
    return {"kind": "leave", "starts_on": queries.today_at(more.pop("office")).isoformat(), **more}


@form("accounts.own_absences")
def _(world: World) -> Form:
    return Form("contributor", "/profil/ketidakhadiran", "starts_on", _days(office=world.office))


@form("accounts.office_absences")
def _(world: World) -> Form:
    typed = _days(office=world.office, user_id=world.contributor.id)
    return Form("editor", "/pengguna/ketidakhadiran", "starts_on", typed)


def _absence(world: World) -> str:
    today = queries.today_at(world.office)
    made = record_absence(
        actor=world.as_(world.contributor), office=world.office, user_id=world.contributor.id,
        kind=AbsenceKind.LEAVE, starts_on=today, ends_on=today,
    )  # fmt: skip
    return f"/ketidakhadiran/{made.absence.id}"


@form("accounts.absence")
def _(world: World) -> Form:
    return Form("contributor", _absence(world), "starts_on", {"kind": "duty"})


@form("accounts.remove_absence")
def _(world: World) -> Form:
    page = _absence(world)
    return Form("contributor", page, to=f"{page}/hapus")


@form("pages.assign")
def _(world: World) -> Form:
    typed = {"role_id": role(world).id, "orang": world.contributor.id}
    return Form("editor", f"/naskah/{desk.story(world).id}/tugaskan", "role_id", typed)


@form("pages.replace")
def _(world: World) -> Form:
    return Form("editor", f"/tugas/{task(world).id}/ganti", "due_day", {"orang": world.lead.id})


@form("pages.change_task")
def _(world: World) -> Form:
    return Form("editor", f"/tugas/{task(world).id}/ubah", "brief", {"brief": "Lima foto"})


@form("stories.accept_task")
def _(world: World) -> Form:
    made = task(world).id
    return Form("contributor", f"/tugas/{made}", to=f"/naskah/tugas/{made}/terima")


@form("stories.decline_task")
def _(world: World) -> Form:
    return Form("contributor", f"/naskah/tugas/{task(world).id}/tolak", "reason", {"reason": "Dinas"})


@form("stories.finish_task")
def _(world: World) -> Form:
    made = task(world, to=world.editor).id
    return Form("editor", f"/tugas/{made}", "note", to=f"/naskah/tugas/{made}/selesai")


@form("stories.reopen_task")
def _(world: World) -> Form:
    made = task(world, to=world.editor)
    finish_task(made, actor=world.as_(world.editor))
    return Form("editor", f"/tugas/{made.id}", to=f"/naskah/tugas/{made.id}/buka-lagi")


@form("stories.cancel_task")
def _(world: World) -> Form:
    return Form("editor", f"/naskah/tugas/{task(world).id}/batalkan", "reason", {"reason": "Tidak jadi"})


@form("posts.new")
def _(world: World) -> Form:
    story = desk.story(world).id
    return Form("editor", f"/naskah/{story}/publikasi/baru?akun={world.x.id}", "text", {"text": "Teks"})


@form("posts.edit")
def _(world: World) -> Form:
    made = desk.post(world, desk.story(world))
    return Form("editor", f"/publikasi/{made.id}/sunting", "text", {"text": "Teks lain"})


@form("posts.compose")
def _(world: World) -> Form:
    story = desk.story(world).id
    return Form("editor", f"/naskah/{story}/publikasi", "dasar-text", {"pakai": str(world.x.id)})


@form("posts.repost")
def _(world: World) -> Form:
    made = live_post(world).post_id
    return Form("editor", f"/publikasi/{made}/sunting", to=f"/publikasi/{made}/tayang-ulang")


@form("posts.remove")
def _(world: World) -> Form:
    made = desk.post(world, desk.story(world))
    return Form("editor", f"/naskah/{made.story_id}", to=f"/publikasi/{made.id}/hapus")


@form("approvals.submit")
def _(world: World) -> Form:
    story = desk.story(world)
    desk.post(world, story)
    return Form("editor", f"/naskah/{story.id}/ajukan", "note", {"note": "Mohon diperiksa"})


@form("approvals.approve")
def _(world: World) -> Form:
    package = _package(world).id
    return Form("approver", f"/persetujuan/{package}", "digest", to=f"/persetujuan/{package}/setujui")


@form("approvals.send_back")
def _(world: World) -> Form:
    package = _package(world).id
    return Form(
        "approver",
        f"/persetujuan/{package}",
        "reason",
        {"reason": "Perbaiki"},
        f"/persetujuan/{package}/kembalikan",
    )


@form("approvals.remind")
def _(world: World) -> Form:
    with clock.moved_to(clock.now() - timedelta(hours=6)):
        package = _package(world).id
    return Form("editor", f"/persetujuan/{package}", to=f"/persetujuan/{package}/ingatkan")


@form("approvals.approve_several")
def _(world: World) -> Form:
    package = _package(world)
    package.allows_bulk = True
    value = f"{package.id}:{package.step}:{package.digest}"
    return Form("approver", "/persetujuan/", "package", {"package": value}, "/persetujuan/setujui-sekaligus")


@form("approvals.release")
def _(world: World) -> Form:
    story = desk.story(world)
    desk.post(world, story)
    return Form("editor", f"/naskah/{story.id}/terbitkan-mendesak", "reason", {
        "reason": "Peringatan dini banjir harus keluar malam ini juga.",
    })  # fmt: skip


@form("approvals.clear")
def _(world: World) -> Form:
    package = _released(world)
    return Form("approver", f"/persetujuan/{package}", to=f"/persetujuan/{package}/sahkan")


@form("approvals.object_to")
def _(world: World) -> Form:
    package = _released(world)
    return Form(
        "approver",
        f"/persetujuan/{package}",
        "reason",
        {"reason": "Datanya belum sah"},
        f"/persetujuan/{package}/keberatan",
    )


@form("approvals.recall")
def _(world: World) -> Form:
    package = _package(world).id
    return Form("editor", f"/persetujuan/{package}", to=f"/persetujuan/{package}/tarik")


CAMPAIGN = {
    "name": "Bulan Lelang", "goal": "Warga tahu", "audience": "Warga", "starts_on": "2026-11-01",
    "ends_on": "2026-11-30",
}  # fmt: skip


@form("pages.new_campaign")
def _(world: World) -> Form:
    return Form("editor", "/kampanye/baru", "goal", CAMPAIGN)


@form("pages.edit_campaign")
def _(world: World) -> Form:
    campaign = between_offices(world)["campaign_id"]
    return Form("editor", f"/kampanye/{campaign}/sunting", "goal", {"goal": "Lain"})


@form("pages.offer_campaign")
def _(world: World) -> Form:
    campaign = between_offices(world)["campaign_id"]
    lower = orgs.create_office(
        actor=None, name="Kantor bawah", short_name="Bawah", office_kind=OfficeKind.SERVICE,
        timezone="Asia/Jakarta", parent=world.office,
    )  # fmt: skip
    typed = {"office_ids": str(lower.id)}
    return Form("editor", f"/kampanye/{campaign}", typed=typed, to=f"/kampanye/{campaign}/ajak")


@form("pages.adopt_campaign")
def _(world: World) -> Form:
    offer = between_offices(world)["offer_id"]
    to = f"/kampanye/tawaran/{offer}/ikuti"
    return Form("editor", f"/kampanye/tawaran/{offer}", "goal", {"name": "Versi kami"}, to)


@form("pages.decline_campaign")
def _(world: World) -> Form:
    offer = between_offices(world)["offer_id"]
    to = f"/kampanye/tawaran/{offer}/tolak"
    return Form("editor", f"/kampanye/tawaran/{offer}", "reason", {"reason": "Tenaga habis"}, to)


@form("stories.hand_over")
def _(world: World) -> Form:
    upper = between_offices(world)["upper"].id
    story = desk.story(world).id
    return Form("editor", f"/naskah/{story}/teruskan", "note", {"office_ids": str(upper)})


@form("stories.take_handover")
def _(world: World) -> Form:
    given = between_offices(world)["handover_id"]
    return Form("editor", f"/naskah/kiriman/{given}", "content_type_id", to=f"/naskah/kiriman/{given}/ambil")


@form("stories.decline_handover")
def _(world: World) -> Form:
    given = between_offices(world)["handover_id"]
    to = f"/naskah/kiriman/{given}/tolak"
    return Form("editor", f"/naskah/kiriman/{given}", "reason", {"reason": "Bukan wilayah kami"}, to)


@form("stories.receive_release")
def _(world: World) -> Form:
    typed = {"agency": "Pemkot", "title": "Pasar dibuka", "body": "Senin."}
    return Form("editor", "/naskah/terima-rilis", "agency", typed)


@form("calendar.add_item")
def _(world: World) -> Form:
    day = (clock.now() + timedelta(days=3)).date().isoformat()
    typed = {"title": "Sekali saja", "day": day, "account_id": world.web.id}
    return Form("editor", "/kalender/tambah", "title", typed)


@form("calendar.relocate")
def _(world: World) -> Form:
    made = desk.post(world, desk.story(world))
    day = (clock.now() + timedelta(days=3)).date().isoformat()
    page = f"/kalender/pindahkan?item=publikasi:{made.id}:{made.row_version}"
    return Form("editor", page, "day", {"day": day, "time": "09:00", "tetap": "1"})


@form("publishing.publish_now")
def _(world: World) -> Form:
    post = _approved(world)
    return Form("editor", f"/publikasi/{post}", to=f"/publikasi/{post}/terbitkan")


@form("publishing.mark_live")
def _(world: World) -> Form:
    post = _due(world)
    return Form("other_editor", f"/publikasi/{post}/tandai-tayang", "url", {
        "url": "https://www.facebook.com/kantoruji/posts/1234567", "screenshot": (io.BytesIO(jpeg()), "layar.jpg"),
    })  # fmt: skip


@form("publishing.add_evidence")
def _(world: World) -> Form:
    post = live_post(world, account=world.facebook, url="https://www.facebook.com/kantoruji/posts/9").post_id
    return Form("editor", f"/publikasi/{post}", typed={"note": "Masih tayang"}, to=f"/publikasi/{post}/bukti")


@form("publishing.retry")
def _(world: World) -> Form:
    post = _in_state(world, DeliveryState.FAILED)
    return Form("editor", f"/publikasi/{post}", to=f"/publikasi/{post}/coba-lagi")


@form("publishing.cancel")
def _(world: World) -> Form:
    post = _approved(world)
    return Form("editor", f"/publikasi/{post}", typed={"reason": "Tunda"}, to=f"/publikasi/{post}/batalkan")


@form("publishing.retract")
def _(world: World) -> Form:
    post = newsroom.publish(world).post_id
    return Form("editor", f"/publikasi/{post}", typed={"reason": "Keliru"}, to=f"/publikasi/{post}/turunkan")


@form("publishing.deny")
def _(world: World) -> Form:
    post = _in_state(world, DeliveryState.UNKNOWN)
    return Form("editor", f"/publikasi/{post}", to=f"/publikasi/{post}/tidak-tayang")


def _live_on_x(world: World) -> Delivery:
    """Live on an account that is connected: what follows can be tried again by the connection."""
    world.x.adapter = "mastodon"
    delivery = live_post(world, account=world.x, url="https://x.com/kantoruji/status/11")
    delivery.external_id = "11"
    return delivery


@form("publishing.hand_over")
def _(world: World) -> Form:
    post = _in_state(world, DeliveryState.FAILED)
    return Form("editor", f"/publikasi/{post}", to=f"/publikasi/{post}/unggah-sendiri")


@form("publishing.correct_again")
def _(world: World) -> Form:
    delivery = _live_on_x(world)
    world.x.adapter = "wordpress"  # shows the story's body, which a correction changes
    story = delivery.post.story
    change = stories.ChangeContent(ChangeKind.CORRECTION, "Judul semula keliru.", "")
    stories.save_correction(
        story, actor=world.as_(world.editor), content=desk.text(title="Judul yang benar"), change=change
    )
    stories.publish_change(story)
    delivery.correcting_to_id, delivery.correct_state = story.current_version_id, FollowUp.BY_HAND
    post = delivery.post_id
    return Form("editor", f"/publikasi/{post}", to=f"/publikasi/{post}/ralat-lagi")


@form("publishing.retract_again")
def _(world: World) -> Form:
    delivery = _live_on_x(world)
    delivery.retract_state, delivery.retract_reason = FollowUp.BY_HAND, "Keliru"
    post = delivery.post_id
    return Form("editor", f"/publikasi/{post}", to=f"/publikasi/{post}/turunkan-lagi")


@form("publishing.confirm_removal")
def _(world: World) -> Form:
    delivery = live_post(world, account=world.facebook, url="https://www.facebook.com/kantoruji/posts/12")
    delivery.retract_state, delivery.retract_reason = FollowUp.BY_HAND, "Keliru"
    post = delivery.post_id
    return Form("editor", f"/publikasi/{post}", to=f"/publikasi/{post}/sudah-dihapus")


@form("publishing.settle_comment")
def _(world: World) -> Form:
    delivery = _live_on_x(world)
    delivery.comment_state = FollowUp.UNKNOWN
    delivery.payload = {
        "pictures": [],
        "text": "x",
        "link": "",
        "title": "x",
        "first_comment": "Selengkapnya di situs.",
    }
    post = delivery.post_id
    return Form("editor", f"/publikasi/{post}", to=f"/publikasi/{post}/komentar-pertama")


@form("metrics.record")
def _(world: World) -> Form:
    post = live_post(world, account=world.facebook, url="https://www.facebook.com/kantoruji/posts/13").post_id
    return Form("editor", f"/publikasi/{post}/angka", "likes", {"likes": "12"})


@form("metrics.enter")
def _(world: World) -> Form:
    post = live_post(world)
    return Form("editor", "/keterlibatan/isi?periode=2026-TW1", "seen_on", {f"n-{post.id}-likes": "12"})


@form("metrics.keep_upload")
def _(world: World) -> Form:
    rows = f"[[{live_post(world).id},[12,null,null,null,null,null,null,null,null]]]"
    typed = {"rows": rows, "seen_on": "2026-11-01", "seen_time": "09:00"}
    return Form("editor", "/keterlibatan/unggah", "file", typed, to="/keterlibatan/unggah/simpan")


@form("scoring.new_scheme")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/skema/baru", "name", {"start": "djkn_situs", "name": "Skema baru"})


@form("scoring.edit_scheme")
def _(world: World) -> Form:
    scheme = make_scheme(world)
    return Form("admin", f"/pengaturan/skema/{scheme.id}/keterangan", "name", {"name": "Nama lain"})


@form("scoring.start_draft")
def _(world: World) -> Form:
    scheme = make_scheme(world).id
    return Form("admin", "/pengaturan/skema", to=f"/pengaturan/skema/{scheme}/konsep")


def _draft(world: World) -> str:
    """The address of a draft that could be activated."""
    draft = start_draft(make_scheme(world), actor=world.as_(world.admin))
    return f"/pengaturan/skema/konsep/{draft.id}"


@form("scoring.draft")
def _(world: World) -> Form:
    return Form("admin", _draft(world), "row_version", {"weight-artikel": "15"})


@form("scoring.draft_rules")
def _(world: World) -> Form:
    return Form("admin", f"{_draft(world)}/aturan", "rounding", {"rounding": "half_up_0"})


@form("scoring.new_component")
def _(world: World) -> Form:
    page = f"{_draft(world)}/komponen?jenis=gate"
    return Form("admin", page, "label", {"label": "Terdaftar", "question": "Sudah terdaftar?"})


@form("scoring.draft_component")
def _(world: World) -> Form:
    return Form("admin", f"{_draft(world)}/komponen/artikel", "label", {"label": "Artikel panjang"})


@form("scoring.move_component")
def _(world: World) -> Form:
    page = _draft(world)
    return Form("admin", page, to=f"{page}/komponen/artikel/urut?arah=naik")


@form("scoring.remove_component")
def _(world: World) -> Form:
    page = _draft(world)
    return Form("admin", page, to=f"{page}/komponen/artikel/hapus")


@form("scoring.discard_draft")
def _(world: World) -> Form:
    page = _draft(world)
    return Form("admin", page, to=f"{page}/buang")


@form("scoring.activate_draft")
def _(world: World) -> Form:
    return Form("admin", f"{_draft(world)}/berlakukan", "effective_from", {"note": "ND-1/2026"})


@form("scoring.toggle_scheme")
def _(world: World) -> Form:
    scheme = make_scheme(world).id
    return Form("admin", "/pengaturan/skema", typed={"aktif": "0"}, to=f"/pengaturan/skema/{scheme}/aktif")


@form("scoring.targets")
def _(world: World) -> Form:
    make_scheme(world)
    return Form(
        "admin", "/pengaturan/sasaran", "letter", {"letter": "ND-1/2026", "value-berita-terbaru": "60"}
    )


@form("scoring.copy_targets")
def _(world: World) -> Form:
    set_targets(make_scheme(world), world, "2020-TW1", berita_terbaru=60)
    return Form("admin", "/pengaturan/sasaran/salin", "letter", {"letter": "ND-1/2026"})


@form("scoring.attribution")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/pembagian", "writer", {"writer": "50", "editor": "10"})


@form("scoring.verify")
def _(world: World) -> Form:
    make_scheme(world)
    delivery = live_post(world).id
    return Form("lead", "/capaian/verifikasi", to=f"/capaian/verifikasi/{delivery}")


@form("scoring.dispute")
def _(world: World) -> Form:
    make_scheme(world)
    delivery = live_post(world).id
    to = f"/capaian/verifikasi/{delivery}/pertanyakan"
    return Form("lead", "/capaian/verifikasi", typed={"reason": "Tautannya mati"}, to=to)


def _questioned(world: World) -> Delivery:
    make_scheme(world)
    delivery = live_post(world)
    dispute_point(delivery, actor=world.as_(world.lead), reason="Diragukan")
    return delivery


@form("scoring.reverse")
def _(world: World) -> Form:
    to = f"/capaian/verifikasi/{_questioned(world).id}/balik"
    page = "/capaian/verifikasi?tampilan=dipertanyakan"
    return Form("lead", page, typed={"reason": "Bukan karya kantor ini"}, to=to)


@form("scoring.undo")
def _(world: World) -> Form:
    delivery = _questioned(world).id
    return Form(
        "lead", f"/capaian/verifikasi?putusan={delivery}", to=f"/capaian/verifikasi/{delivery}/urungkan"
    )


@form("scoring.recount")
def _(world: World) -> Form:
    delivery = _questioned(world)
    reverse_point(delivery, actor=world.as_(world.lead), reason="Ganda")
    to = f"/capaian/verifikasi/{delivery.id}/hitung-lagi"
    return Form("lead", f"/capaian/publikasi/{delivery.id}", to=to)


@form("scoring.verify_many")
def _(world: World) -> Form:
    make_scheme(world)
    delivery = proven(world).id
    typed = {"pilih": str(delivery)}
    return Form(
        "lead", "/capaian/verifikasi?tampilan=daftar", "pilih", typed, to="/capaian/verifikasi/banyak"
    )


@form("scoring.undo_many")
def _(world: World) -> Form:
    make_scheme(world)
    decisions = verify_many([proven(world).id, proven(world).id], actor=world.as_(world.lead)).decisions
    page = f"/capaian/verifikasi?tampilan=daftar&bersama={','.join(str(id_) for id_ in decisions)}"
    return Form("lead", page, "bersama", to="/capaian/verifikasi/banyak/urungkan")


@form("scoring.sign_close")
def _(world: World) -> Form:
    make_scheme(world)
    typed = {"agreed": "y", "password": PASSWORD, "answer-targets": "Diketahui"}
    return Form("lead", "/capaian/penutupan/2026-TW1", "agreed", typed)


@form("scoring.reopen_period")
def _(world: World) -> Form:
    scheme = make_scheme(world)
    answers = {"targets": "Diketahui"}
    close_period(scheme, Quarter.parse("2026-TW1"), actor=world.as_(world.lead), answers=answers)
    page = "/capaian/penutupan/2026-TW1"
    return Form("admin", page, "reason", {"reason": "Ada yang tertinggal"}, to=f"{page}/buka")


@form("scoring.adjust")
def _(world: World) -> Form:
    make_scheme(world)
    typed = {"component": "berita-terbaru", "adjusts": "", "quantity": "1", "reason": "Tidak terhitung"}
    return Form("lead", "/capaian/penyesuaian", "quantity", typed)


@form("scoring.save_official")
def _(world: World) -> Form:
    make_scheme(world)
    return Form("lead", "/capaian/resmi", "value", {"value": "67", "document": "ND-55/KN.2/2026"})


def _announced(world: World) -> int:
    period = Quarter.parse("2026-TW1")
    made = record_official(
        world.office, Subject(make_scheme(world), period, ResultKind.SCORE),
        Announcement(Decimal(67), period.end, "ND-55/KN.2/2026"), actor=world.as_(world.lead),
    )  # fmt: skip
    assert made is not None
    return made.id


@form("scoring.take_back_result")
def _(world: World) -> Form:
    result = _announced(world)
    to = f"/capaian/resmi/{result}/cabut"
    return Form("lead", f"/capaian/resmi?koreksi={result}", "reason", {"reason": "Milik kantor lain"}, to=to)


@form("scoring.save_measure")
def _(world: World) -> Form:
    make_measured_scheme(world)
    typed = {"position": "39", "out_of": "87"}
    return Form("editor", "/capaian/pengukuran/peringkat", "position", typed)


@form("scoring.take_back_measure")
def _(world: World) -> Form:
    scheme = make_measured_scheme(world)
    period = Quarter.from_local_date(queries.today_at(world.office))
    entered = record_measurement(
        scheme, "peringkat", period, actor=world.as_(world.lead), facts=RankFacts(39)
    )
    assert entered is not None
    to = f"/capaian/pengukuran/{entered.id}/cabut"
    return Form("lead", "/capaian/pengukuran/peringkat", "reason", {"reason": "Salah periode"}, to=to)


@form("media.upload")
def _(world: World) -> Form:
    files = [(io.BytesIO(jpeg()), "a.jpg"), (io.BytesIO(jpeg(400)), "b.jpg")]
    return Form("editor", "/media/", typed={"photos": files}, to="/media/unggah")


@form("media.add_consent")
def _(world: World) -> Form:
    picture = newsroom.picture(world).id
    agreed = {"person": "Bu Rina", "kind": "written", "given_on": "2026-01-01"}
    return Form("editor", f"/media/{picture}/keterangan", "person", agreed, to=f"/media/{picture}/izin")


@form("media.detail")
def _(world: World) -> Form:
    return Form(
        "editor", f"/media/{newsroom.picture(world).id}/keterangan", "credit", {"credit": "Fotografer"}
    )


@form("imports.upload")
def _(world: World) -> Form:
    rows = f"{imports.HEAD}\n{imports.GOOD}\n".encode()
    return Form("editor", "/impor/baru/publications", "file", {"file": (io.BytesIO(rows), "a.csv")})


def _table(world: World) -> str:
    rows = f"{imports.HEAD}\n{imports.GOOD}\n{imports.GOOD}4\n".encode()
    return f"/impor/{imports.uploaded(world, rows).id}"


@form("imports.match")
def _(world: World) -> Form:
    page = _table(world)
    return Form("editor", page, "kolom-judul", to=f"{page}/kolom")


@form("imports.choose_heading")
def _(world: World) -> Form:
    page = _table(world)
    return Form("editor", page, "line", {"line": "2"}, to=f"{page}/judul")


@form("imports.choose_sheet")
def _(world: World) -> Form:
    batch = imports.uploaded(world, imports.two_sheets())
    return Form("editor", f"/impor/{batch.id}", "sheet", {"sheet": "Lain"}, to=f"/impor/{batch.id}/lembar")


@form("imports.fix")
def _(world: World) -> Form:
    made = imports.import_things(world)
    page = f"/impor/{made['import_batch_id']}"
    to = f"{page}/baris/{made['import_row_id']}"
    return Form("editor", page, "isi-tanggal_tayang", {"isi-tanggal_tayang": "1 Feb 2020"}, to=to)


@form("imports.apply")
def _(world: World) -> Form:
    page = f"/impor/{imports.import_things(world)['import_batch_id']}"
    return Form("editor", page, "all_or_nothing", to=f"{page}/terapkan")


@form("notifications.mail_settings")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/surel", "host", {
        "host": "surel.example", "port": "587", "security": "starttls", "from_address": "humas@kantor.example",
    })  # fmt: skip


@form("mailbox.settings")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/surel/kotak-masuk", "host", {
        "host": "imap.example", "port": "993", "security": "tls", "username": "humas", "password": "rahasia",
        "folder": "INBOX",
    })  # fmt: skip


@form("mailbox.test")
def _(world: World) -> Form:
    mail_of(world)
    return Form("admin", "/pengaturan/surel/kotak-masuk", to="/pengaturan/surel/kotak-masuk/uji")


@form("notifications.test_mail")
def _(world: World) -> Form:
    mail_of(world)
    return Form("admin", "/pengaturan/surel", to="/pengaturan/surel/uji")


@form("notifications.resend")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/surel", to=f"/pengaturan/surel/{mail_of(world).id}/kirim-ulang")


@form("notifications.read")
def _(world: World) -> Form:
    notice = things_of(world)["notification_id"]
    return Form("editor", "/pemberitahuan/", to=f"/pemberitahuan/{notice}/baca")


@form("notifications.mark")
def _(world: World) -> Form:
    notice = things_of(world)["notification_id"]
    return Form("editor", "/pemberitahuan/", to=f"/pemberitahuan/{notice}/tandai")


@form("routing.rules")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/pemberitahuan", "stamp", {"topic:pitches:mail": "now"})


@form("routing.preferences")
def _(world: World) -> Form:
    return Form("editor", "/akun/pemberitahuan", "digest_at", {"digest_at": "08.15"})


@form("push.trial")
def _(world: World) -> Form:
    things_of(world)
    return Form("editor", "/pemberitahuan/perangkat", to="/pemberitahuan/perangkat/uji")


@form("telegram.bot")
def _(world: World) -> Form:
    return Form("admin", "/pengaturan/telegram", "token", {"token": "123456789:" + "A" * 35})


@form("telegram.invite")
def _(world: World) -> Form:
    bot_of(world)
    return Form("editor", "/pemberitahuan/telegram", to="/pemberitahuan/telegram")


@form("outbox.revive")
def _(world: World) -> Form:
    job = things_of(world)["job_id"]
    return Form("admin", "/pengaturan/pekerjaan", to=f"/pengaturan/pekerjaan/{job}/ulangi")


@form("feeds.subscriptions")
def _(world: World) -> Form:
    return Form("editor", "/kalender/langganan", "what", {"what": "office"})


@form("agenda.import_file")
def _(world: World) -> Form:
    data = (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20261122T010000Z\r\n"
        b"SUMMARY:Rapat\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    return Form("editor", "/agenda/impor", "file", {"file": (io.BytesIO(data), "agenda.ics")})


@form("agenda.confirm_import")
def _(world: World) -> Form:
    made = calendars(world)["agenda_import_id"]
    page = f"/agenda/impor/{made}"
    return Form("editor", page, "row_version", to=f"{page}/ambil")


@form("feeds.rotate")
def _(world: World) -> Form:
    made = calendars(world)["feed_id"]
    return Form("editor", "/kalender/langganan", to=f"/kalender/langganan/{made}/ganti")


@form("agenda.followed")
def _(world: World) -> Form:
    return Form(
        "editor",
        "/agenda/langganan",
        "name",
        {"name": "Kanwil", "address": "https://contoh.example/agenda.ics"},
    )


@form("agenda.read_followed")
def _(world: World) -> Form:
    made = subscribing.add_feed(
        world.office.id, actor=world.as_(world.editor), name="Kanwil", address="https://contoh.example/a.ics"
    )
    return Form("editor", "/agenda/langganan", to=f"/agenda/langganan/{made.id}/baca")


@form("backfill.start")
def _(world: World) -> Form:
    return Form("editor", "/pengaturan/impor/situs/", "source", {"address": "https://kantor.example"})


@form("backfill.record")
def _(world: World) -> Form:
    page = f"/pengaturan/impor/situs/{backfill_of(world).id}"
    return Form("editor", page, "account", to=f"{page}/catat")


@form("backfill.date_item")
def _(world: World) -> Form:
    made = backfill_things(world)
    page = f"/pengaturan/impor/situs/{made['backfill_run_id']}"
    to = f"{page}/kiriman/{made['backfill_item_id']}/tanggal"
    return Form("editor", page, "day", {"day": "2026-01-05"}, to=to)


def test_every_form_is_written_down(app: Flask) -> None:
    """A new POST endpoint needs a form here, or a word why it makes nothing."""
    found = {r.endpoint for r in app.url_map.iter_rules() if "POST" in (r.methods or ())}
    assert found - set(FORMS) - NOTHING_MADE == set()
    assert (set(FORMS) | NOTHING_MADE) - found == set(), "gone since"


def _fresh(value: Any) -> Any:
    """A file field can be sent once only: the second sending needs its own stream."""
    if isinstance(value, list):
        return [_fresh(v) for v in value]
    return (io.BytesIO(value[0].getvalue()), value[1]) if isinstance(value, tuple) else value


def _filled(browser: Browser, sent: Form) -> dict[str, Any]:
    page = browser.get(sent.page)
    known = form_with(page, sent.part) if sent.part else {}
    if not sent.part:
        exactly = [f for f in page.soup.find_all("form") if str(f.get("action", "")).endswith(sent.to)]
        assert exactly, f"no form for {sent.to} on {sent.page}"
        known = _fields(exactly[0])
    return known | sent.typed | {"form_token": TOKEN}


@pytest.mark.parametrize("endpoint", sorted(FORMS))
def test_sent_twice_it_works_once(app: Flask, world: World, endpoint: str) -> None:
    with app.test_request_context():
        sent = FORMS[endpoint](world)
        db.session.commit()
    browser = Browser(app)
    if sent.who:
        browser.sign_in(getattr(world, sent.who))
    data = _filled(browser, sent)
    url = sent.to or sent.page
    before = contents()

    def send() -> Page:
        browser._forget()
        files = {key: _fresh(value) for key, value in data.items()}
        return Page(browser.client.post(url, data=files, headers={"Referer": "http://localhost" + sent.page}))

    first = send()
    assert first.status < 400, f"{first.status} {first.main[:500]}"
    after_one = contents()
    assert {t for t in before if before[t] != after_one[t]}, f"{endpoint}: the form did nothing"
    second = send()
    after_two = contents()
    assert {t for t in after_one if after_one[t] != after_two[t]} == set(), f"{endpoint}: done twice"
    assert second.status == 303, second.main[:300]
    if first.status == 303:
        assert second.location == first.location
    else:
        assert second.location == sent.page, "a page that is no redirect leads back to where the form stood"


def test_a_form_that_was_refused_can_be_sent_again(app: Flask, world: World) -> None:
    """The token of a refused form is not used up: correct it, send it, it works."""
    browser = Browser(app).sign_in(world.contributor)
    data = browser.get("/usulan/kirim").form() | {"form_token": TOKEN, "title": ""}
    browser.post("/usulan/kirim", data, status=422)
    photo = {"photos": (io.BytesIO(jpeg()), "a.jpg")}
    browser.post("/usulan/kirim", data | photo, status=422)  # the photo is kept, the form is not
    assert db.session.scalar(select(func.count()).select_from(Asset)) == 1
    browser.post("/usulan/kirim", data | {"title": "Sekarang lengkap"})
    assert db.session.scalar(select(func.count()).select_from(Pitch)) == 1


def test_a_form_that_was_turned_away_to_the_sign_in_page_can_be_sent_again(app: Flask, world: World) -> None:
    """The session ended while somebody wrote. After signing in, the browser's back button and the same form again:
    it must arrive, although its token was seen before.
    """
    browser = Browser(app).sign_in(world.contributor)
    data = browser.get("/usulan/kirim").form() | {"title": "Ditulis lama sekali"}
    with clock.moved_to(clock.now() + timedelta(hours=9)):
        turned_away = browser.post("/usulan/kirim", data)
        assert turned_away.location.startswith("/masuk")
        assert db.session.scalar(select(func.count()).select_from(Pitch)) == 0
        browser.sign_in(world.contributor)
        page = browser.follow(browser.post("/usulan/kirim", data))
        assert "Ditulis lama sekali" in page.main
    assert db.session.scalar(select(func.count()).select_from(Pitch)) == 1


@pytest.mark.db
def test_three_clicks_at_once_make_one(app: Flask, world: World) -> None:
    """Really at the same time, in threads: one row, one answer."""
    browser = Browser(app).sign_in(world.contributor)
    rounds = 5
    for n in range(rounds):
        data = browser.get("/usulan/kirim").form() | {"title": f"Usulan {n}"}
        contributor = {c.key: c.value for c in browser.client._cookies.values()}
        answers: list[tuple[int, str]] = []
        start = threading.Barrier(3)

        def click(
            cookies: dict[str, str] = contributor, data: dict[str, Any] = data,
            answers: list[tuple[int, str]] = answers, start: threading.Barrier = start,
        ) -> None:  # fmt: skip
            client = app.test_client()
            for key, value in cookies.items():
                client.set_cookie(key, value, domain="localhost")
            start.wait()
            response = client.post("/usulan/kirim", data=data)
            answers.append((response.status_code, response.headers.get("Location", "")))

        clicks = [threading.Thread(target=click) for _ in range(3)]
        for thread in clicks:
            thread.start()
        for thread in clicks:
            thread.join()
        assert len(set(answers)) == 1, answers
        assert answers[0][0] == 303
        assert answers[0][1].startswith("/usulan/")
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Pitch)) == rounds


def test_the_second_answer_never_leads_to_another_site(app: Flask, world: World) -> None:
    """The first answer was a page; where the second leads is taken from the Referer only if that is ours."""
    post = live_post(world)
    db.session.commit()
    rows = f"tautan,suka\n{post.permalink},5\n".encode()
    address = "/keterlibatan/unggah"
    browser = Browser(app).sign_in(world.editor)
    known = form_with(browser.get(address), "file")
    for n, (referer, leads_to) in enumerate([
        ("https://jahat.example/", "/"), ("//jahat.example/x", "/"), ("http://localhost//jahat.example", "/"),
        ("javascript:alert(1)", "/"), ("http://[", "/"), ("", "/"), (f"http://localhost{address}", address),
    ]):  # fmt: skip
        for expected in (200, 303):
            page = browser.post(
                address, known | {"file": (io.BytesIO(rows), "a.csv"), "form_token": f"uji-{n}"},
                status=expected, headers={"Referer": referer},
            )  # fmt: skip
        assert page.location == leads_to, referer


def test_the_back_button_after_a_story_is_made(app: Flask, world: World) -> None:
    """Back, change a word, send: the old form leads to what it made, and makes nothing new."""
    browser = Browser(app).sign_in(world.editor)
    data = form_with(browser.get("/naskah/baru"), "title") | {
        "title": "Pertama",
        "content_type_id": world.news.id,
    }
    made = browser.post("/naskah/baru", data)
    again = browser.post("/naskah/baru", data | {"title": "Pertama, diubah"})
    assert again.location == made.location
    assert form_with(browser.follow(again), "title")["title"] == "Pertama"
    assert db.session.scalar(select(func.count()).select_from(Story)) == 1


def test_a_delivery_stays_one(app: Flask, world: World) -> None:
    """Marking live from two devices with two different forms records one publication."""
    with app.test_request_context():
        post = _due(world)
        db.session.commit()
    url, typed = (
        f"/publikasi/{post}/tandai-tayang",
        {"url": "https://www.facebook.com/kantoruji/posts/1234567"},
    )
    phone, desktop = (Browser(app).sign_in(world.other_editor) for _ in range(2))
    on_phone, on_desktop = (form_with(b.get(url), "url") | typed for b in (phone, desktop))
    phone.post(url, on_phone)
    page = desktop.follow(desktop.post(url, on_desktop))
    assert "sudah ditandai tayang" in page.text
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 1
