"""One real object of every kind in an office, made through the rooms' own services, and addresses that name them."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from sqlalchemy import MetaData, select
from werkzeug.routing import Rule

from humasflow.accounts import queries
from humasflow.accounts.enums import AbsenceKind
from humasflow.accounts.models import UserSession
from humasflow.accounts.services import sessions
from humasflow.accounts.services.absences import record_absence
from humasflow.approvals import services as approvals
from humasflow.approvals.models import Package
from humasflow.archive import storage as archives
from humasflow.archive.enums import ArchiveState
from humasflow.archive.models import ArchiveRun
from humasflow.calendar.enums import FeedKind
from humasflow.calendar.feeds.services import create_feed
from humasflow.calendar.meetings.services import write_note
from humasflow.calendar.sharing.services import share_view
from humasflow.channels.connections.enums import AppProvider
from humasflow.channels.connections.models import Authorization
from humasflow.channels.connections.services.app_keys import save_app_key
from humasflow.core import clock
from humasflow.core.db import Base, db
from humasflow.core.guards import guard_of
from humasflow.core.periods import Quarter
from humasflow.core.secrets import encrypt
from humasflow.guidelines.enums import ItemLevel, RuleCode
from humasflow.media import services as media
from humasflow.media.enums import ConsentKind
from humasflow.media.queries import list_open_takedowns
from humasflow.media.run_folders import seal
from humasflow.media.services.consents import ConsentContent
from humasflow.notifications.composing import Letter
from humasflow.notifications.enums import MailFault, MailSecurity, MailState, NoticeKind
from humasflow.notifications.mailbox.enums import Outcome
from humasflow.notifications.mailbox.models import IncomingMail, MailboxSettings
from humasflow.notifications.models import MailHold, MailMessage, MailSettings, Notification
from humasflow.notifications.push.models import PushDevice
from humasflow.notifications.services import notify
from humasflow.notifications.services.mailing import queue_mail
from humasflow.notifications.telegram.models import TelegramBot
from humasflow.orgs import services as orgs
from humasflow.orgs.enums import OfficeKind
from humasflow.outbox.enums import JobState
from humasflow.outbox.services import enqueue
from humasflow.pitches.services import PitchContent, send_pitch
from humasflow.planning import queries as planning_queries
from humasflow.planning import services as planning
from humasflow.planning.agenda import subscribing
from humasflow.planning.agenda.bringing import bring_file
from humasflow.planning.agenda.services import EventContent, create_event
from humasflow.planning.campaigns import services as campaigns
from humasflow.planning.campaigns.models import CampaignOffer
from humasflow.planning.campaigns.services import CampaignContent
from humasflow.planning.days.services import DayContent, create_day
from humasflow.posts import services as posts
from humasflow.publishing import queries as publishing
from humasflow.publishing.models import Delivery
from humasflow.reports.enums import ReportFormat, ReportKind, ReportScope, RunState, SpanKind
from humasflow.reports.models import ReportFile
from humasflow.reports.scheduling.enums import Rhythm
from humasflow.reports.scheduling.services import ScheduleContent, create_schedule
from humasflow.reports.services import Order, request_run
from humasflow.reports.spans import span_around
from humasflow.reports.storage import FOLDERS
from humasflow.scoring.calculation import RankFacts
from humasflow.scoring.enums import ResultKind
from humasflow.scoring.models import ScoreScheme
from humasflow.scoring.services.measuring import record_measurement
from humasflow.scoring.services.official import Announcement, Subject, record_official
from humasflow.scoring.services.schemes import start_draft
from humasflow.stories import queries as stories
from humasflow.stories.enums import BulkAction, HandoverKind, StoryState
from humasflow.stories.models import Story, StoryDocument, StoryHandover
from humasflow.stories.queries.guidelines import get_guidance
from humasflow.stories.services import begin_thread, create_story
from humasflow.stories.services.desk_views import keep_run, save_view
from humasflow.stories.services.guidelines import override_finding
from tests.factories import desk, guidelines, newsroom
from tests.factories.backfills import backfill_things
from tests.factories.imports import import_things
from tests.factories.measured import make_measured_scheme
from tests.factories.offices import put_below_office
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme
from tests.factories.world import World
from tests.stories.tasks import role, task

# A number that no test's database reaches and that still fits its columns.
NOBODY = 2_000_000_000
MONDAY = date(2026, 11, 16)  # of a week that has a meeting


def things_of(world: World) -> dict[str, Any]:
    """Route argument → value that names an object of this office. Commits."""
    editor = world.as_(world.editor)
    picture = newsroom.picture(world)
    shown = newsroom.shown(picture)
    story = desk.story(world, pictures=(desk.picture(picture),), title="Naskah rahasia kantor ini")
    post = desk.post(world, story, words="Teks rahasia kantor ini")
    desk.post(world, story, account="web")
    package = approvals.submit_package(story, actor=editor, note="Catatan rahasia")
    group = approvals.create_group(
        world.office.id,
        actor=world.as_(world.admin),
        name="Grup rahasia kantor ini",
        member_ids=[world.approver.id],
    )
    guest_id, link_id = guest_things(world, package)
    posts.schedule_post(post, actor=editor, due_at=clock.now() + timedelta(days=2))
    pitch = send_pitch(
        actor=world.as_(world.contributor), office_id=world.office.id, content=PitchContent("Usulan rahasia kantor ini"),
    )  # fmt: skip
    delivery = live_post(world)
    public = newsroom.publish(world, title="Berita yang sudah tayang", pictures=(shown,))
    scheme = make_scheme(world)
    result_id, measurement_id = results_of(world, scheme)
    draft = start_draft(scheme, actor=world.as_(world.admin))
    notify(
        [world.editor], NoticeKind.STORY_ASSIGNED, office_id=world.office.id, subject=("story", story.id),
        key="pemberitahuan-uji", title="Rahasia",
    )  # fmt: skip
    notice = db.session.scalars(select(Notification).where(Notification.user_id == world.editor.id)).first()
    assert notice is not None
    # The contributor reads what they work on: a story of its own keeps the other guards about the first one.
    assigned = task(world, desk.story(world, title="Naskah rahasia yang dikerjakan"), brief="Rahasia")
    absence = record_absence(
        actor=world.as_(world.contributor), office=world.office, user_id=world.contributor.id,
        kind=AbsenceKind.LEAVE, starts_on=queries.today_at(world.office), ends_on=queries.today_at(world.office),
        note="Rahasia",
    ).absence  # fmt: skip
    job = enqueue("publishing.publish", "0", office_id=world.office.id, key=f"uji:{world.office.id}")
    job.state, job.error, job.attempts = JobState.DEAD, "rahasia", job.max_attempts
    grant = world.contributor.grants[0]
    phone = sessions.open_session(world.editor, device="Chrome · Android").session_id
    reached = PushDevice(
        user_id=world.editor.id, session_id=phone, address_hash=f"{world.office.id:064}", address=encrypt("rahasia"),
        p256dh="rahasia", auth="rahasia", name="Ponsel rahasia", created_at=clock.now(),
    )  # fmt: skip
    db.session.add(reached)
    consent, takedown, upload = media_things(world)
    view = save_view(
        actor=editor,
        office_id=world.office.id,
        name="Tampilan rahasia",
        query="pemegang=saya",
        is_shared=True,
    )
    run = keep_run(actor=editor, office_id=world.office.id, action=BulkAction.PARK, lines=[])
    db.session.commit()
    return {
        "pitch_id": pitch.id, "story_id": story.id, "number": 1, "post_id": post.id, "package_id": package.id, "group_id": group.id,
        "delivery_id": delivery.id, "asset_id": picture.id, "account_id": world.facebook.id,
        "kind_id": world.facebook.kind_id, "content_type_id": world.news.id, "pillar_id": world.pillar.id,
        "section_id": world.section.id, "user_id": world.contributor.id, "grant_id": grant.id,
        "scheme_id": scheme.id, "draft_id": draft.id, "result_id": result_id, "measurement_id": measurement_id, "period": "2026-TW1", "key": "berita-utama", "notification_id": notice.id, "device_id": reached.id, "job_id": job.id, "mail_id": mail_of(world).id,
        "session_id": phone, "live_post_id": delivery.post_id, "public_post_id": public.post_id,
        "document_id": document_of(world, story.id), "slug": world.office.slug, "view_id": view.id, "run_id": run.id, "assignment_id": assigned.id, "production_role_id": role(world).id,
        "kind": "jenis-konten", "row_id": world.news.id,
        "guest_id": guest_id, "link_id": link_id, **calendars(world), "absence_id": absence.id, **answered(world), **remarked(world, story),
        **between_offices(world), "consent_id": consent, "task_id": takedown, "upload_key": upload, **met(world), "event_id": agenda_of(world),
        **connected(world), "hold_id": hold_of(world).id, **schedule_of(world), **report_of(world), **archive_of(world), **backfill_things(world), **import_things(world),
    }  # fmt: skip


def results_of(world: World, scheme: ScoreScheme) -> tuple[int, int]:
    """An announced score and an entered rank. Flushes."""
    lead, period = world.as_(world.lead), Quarter.from_local_date(queries.today_at(world.office))
    announced = record_official(
        world.office, Subject(scheme, period.previous(), ResultKind.SCORE),
        Announcement(Decimal(67), period.previous().end, "ND-1 rahasia"), actor=lead,
    )  # fmt: skip
    measured = make_measured_scheme(world, since=period, name="Skema terukur")
    entered = record_measurement(measured, "peringkat", period, actor=lead, facts=RankFacts(39, 87))
    assert announced is not None
    assert entered is not None
    return announced.id, entered.id


def met(world: World) -> dict[str, Any]:
    """A day of the office, a link to its calendar and the minutes of a meeting. Commits."""
    editor, office_id = world.as_(world.editor), world.office.id
    day = create_day(
        office_id, actor=world.as_(world.admin), content=DayContent("Hari rahasia kantor ini", 5, 4)
    )
    shared = share_view(office_id, actor=editor, title="Tautan rahasia", query="", days=7)
    note = write_note(office_id, MONDAY, actor=editor, text="Catatan rahasia rapat")
    db.session.commit()
    return {
        "day_id": day.id, "shared_view_id": shared.view.id, "week": MONDAY.isoformat(), "note_id": note.id,
    }  # fmt: skip


def schedule_of(world: World) -> dict[str, Any]:
    """A schedule of reports, and an address outside the office that waits for an admin. Commits."""
    made = create_schedule(
        world.office.id, actor=world.as_(world.lead),
        content=ScheduleContent(
            title="Jadwal rahasia", scope=ReportScope.OFFICE, subject_id=None, formats=(ReportFormat.XLSX,),
            rhythm=Rhythm.MONTHLY, day=1, hour=7, user_ids=(world.lead.id,), addresses=("rahasia@luar.example",),
        ),
    )  # fmt: skip
    outside = next(one for one in made.recipients if one.address)
    db.session.commit()
    return {"report_schedule_id": made.id, "report_recipient_id": outside.id}


def report_of(world: World) -> dict[str, Any]:
    """A report that the lead asked for, made and lying on the disk. Commits."""
    run = request_run(
        world.office.id, actor=world.as_(world.lead),
        order=Order(ReportKind.REPORT, span_around(SpanKind.QUARTER, date(2026, 2, 1)), (ReportFormat.PDF,)),
    )  # fmt: skip
    run.state, run.phrase = RunState.READY, "rahasia"
    run.finished_at, run.expires_at = clock.now(), clock.now() + timedelta(days=14)
    FOLDERS.begin(run.id)
    name = f"{run.id}/0.pdf"
    (FOLDERS.root() / name).write_bytes(b"%PDF-1.7 rahasia")
    size, digest = seal(FOLDERS.root() / name)
    run.files.append(
        ReportFile(
            format=ReportFormat.PDF,
            name="laporan.pdf",
            media_type="application/pdf",
            size=size,
            sha256=digest,
            path=name,
        )
    )
    db.session.commit()
    return {"report_id": run.id, "report_format": "pdf"}


def archive_of(world: World) -> dict[str, Any]:
    """An archive of the office, made and lying on the disk. Commits."""
    run = ArchiveRun(
        office_id=world.office.id, state=ArchiveState.READY, requested_by=world.admin.id, created_at=clock.now(),
        finished_at=clock.now(), expires_at=clock.now() + timedelta(days=7), name="arsip-rahasia.zip", size=3, sha256="0" * 64,
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    archives.FOLDERS.begin(run.id)
    archives.path_of(run.id).write_bytes(b"PK\x05")
    db.session.commit()
    return {"archive_id": run.id}


def connected(world: World) -> dict[str, Any]:
    """App keys of the office, and somebody who came back from a platform's page and has to choose. Commits."""
    key = save_app_key(
        world.office.id,
        AppProvider.X,
        actor=world.as_(world.admin),
        client_id="nomor-rahasia",
        client_secret="rahasia",
    )
    opened = {
        "grant": {"secrets": {}, "scopes": [], "expires_at": None, "refresh_expires_at": None},
        "outlets": [
            {
                "external_id": "1",
                "name": "Akun rahasia",
                "handle": "rahasia",
                "url": "",
                "secrets": {},
                "settings": {},
            }
        ],
    }
    begun = Authorization(
        office_id=world.office.id, account_id=world.x.id, user_id=world.admin.id, app_key_id=key.id,
        state_hash=f"rahasia-{world.office.id}", outlets=encrypt(json.dumps(opened)), created_at=clock.now(),
        expires_at=clock.now() + timedelta(hours=1), used_at=clock.now(),
    )  # fmt: skip
    db.session.add(begun)
    db.session.commit()
    return {"authorization_id": begun.id, "provider": "x"}


def calendars(world: World) -> dict[str, int]:
    """A calendar that the office follows, and one that somebody subscribed to. Commits."""
    editor = world.as_(world.editor)
    followed = subscribing.add_feed(
        world.office.id, actor=editor, name="Kalender rahasia", address="https://rahasia.example/agenda.ics"
    )
    feed = create_feed(world.office.id, actor=editor, kind=FeedKind.PERSON)
    file = (
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20261122T010000Z\r\nSUMMARY:Rapat rahasia\r\n"
        b"END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    brought = bring_file(world.office.id, actor=editor, filename="rahasia.ics", data=file)
    db.session.commit()
    return {"agenda_feed_id": followed.id, "feed_id": feed.id, "agenda_import_id": brought.id}


def agenda_of(world: World) -> int:
    """An event of the office's agenda. Commits."""
    start = clock.now().replace(microsecond=0) + timedelta(days=3)
    content = EventContent("Agenda rahasia kantor ini", start, start + timedelta(hours=1), rule="FREQ=WEEKLY")
    made = create_event(actor=world.as_(world.editor), office_id=world.office.id, content=content)
    db.session.commit()
    return made.id


def guest_things(world: World, package: Package) -> tuple[int, int]:
    """Somebody without an account who is asked about a package: the guest and their link."""
    told = approvals.GuestContent(
        "Tamu rahasia", "Kepala Kanwil rahasia", f"tamu{world.office.id}@kanwil.example"
    )
    guest = approvals.add_guest(world.office.id, actor=world.as_(world.admin), content=told)
    return guest.id, approvals.ask_guest(package, guest, actor=world.as_(world.editor)).link.id


def remarked(world: World, story: Story) -> dict[str, Any]:
    """A comment on a story. Commits."""
    thread = begin_thread(story, actor=world.as_(world.editor), text="Komentar rahasia")
    db.session.commit()
    return {"thread_id": thread.id, "comment_id": thread.comments[0].id}


def answered(world: World) -> dict[str, Any]:
    """A checklist item of the office, and a finding that somebody set aside. Commits."""
    item = guidelines.item(world, "Butir rahasia kantor ini", level=ItemLevel.RECOMMENDED)
    story = desk.story(world, title="Naskah yang yang rahasia")
    found = get_guidance(story, stories.get_current_version(story), desk.BODY).open_findings
    line = next(f for f in found if f.finding.code is RuleCode.DOUBLED_WORD)
    made = override_finding(
        story, actor=world.as_(world.editor), code="doubled_word", key=line.key, reason="Alasan rahasia"
    )
    db.session.commit()
    return {
        "item_id": item.id,
        "override_id": made.id,
        "overridden_story_id": story.id,
        "code": "nik",
        "lane": "draft",
    }


def between_offices(world: World) -> dict[str, Any]:
    """A campaign of the office, and what an office above gave it: an offer and a story. Commits."""
    upper = orgs.create_office(
        actor=None, name=f"Kantor atas rahasia {world.office.id}", short_name="Atas", office_kind=OfficeKind.SERVICE,
        timezone="Asia/Jakarta",
    )  # fmt: skip
    put_below_office(world, upper)
    planning.seed_content_types(upper.id, [("siaran_pers", "Siaran pers")])
    (kind,) = planning_queries.list_content_types(upper.id)
    said = CampaignContent("Kampanye rahasia", "Tujuan", "Khalayak", date(2026, 11, 1), date(2026, 11, 30))
    own = campaigns.create_campaign(actor=None, office_id=world.office.id, content=said)
    theirs = campaigns.create_campaign(actor=None, office_id=upper.id, content=said)
    offer = CampaignOffer(campaign_id=theirs.id, office_id=world.office.id, offered_at=clock.now())
    text = desk.text(title="Rilis rahasia dari atas")
    story = create_story(actor=None, office_id=upper.id, content=text, content_type_id=kind.id)
    given = StoryHandover(
        kind=HandoverKind.PUSH_DOWN, from_office_id=upper.id, to_office_id=world.office.id, story_id=story.id,
        version_id=story.current_version_id, offered_at=clock.now(),
    )  # fmt: skip
    db.session.add_all([offer, given])
    db.session.commit()
    return {"campaign_id": own.id, "offer_id": offer.id, "handover_id": given.id, "upper": upper}


def media_things(world: World) -> tuple[int, int, str]:
    """A consent, the takedown that its end asks for, and a file on its way: ids and a key. Commits."""
    editor = world.as_(world.editor)
    shown = newsroom.picture(world, colour="#885522")
    agreed = ConsentContent("Orang rahasia", ConsentKind.ORAL, queries.today_at(world.office))
    consent = media.record_consent(shown, agreed, actor=editor)
    media.withdraw_consent(consent, actor=editor, note="Rahasia")
    takedown = list_open_takedowns(world.as_(world.editor), world.office.id)[0]
    upload = media.open_upload(actor=editor, office_id=world.office.id, filename="rahasia.jpg", length=1000)
    db.session.commit()
    return consent.id, takedown.id, upload.key


def document_of(world: World, story_id: int) -> int:
    """A Word file that became a version of a story."""
    made = StoryDocument(
        story_id=story_id, version_number=1, filename="rahasia.docx", taken=["Rahasia"], left=[],
        created_by=world.editor.id, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made.id


def mail_of(world: World) -> MailMessage:
    """A mail of the office that could not be delivered. Commits."""
    settings = db.session.get(MailSettings, world.office.id)
    if settings is None:
        settings = MailSettings(
            office_id=world.office.id, host="surel.example", port=587, security=MailSecurity.STARTTLS,
            from_address="humas@kantor.example", from_name="Humas",
        )  # fmt: skip
        db.session.add(settings)
        db.session.flush()
    mail = queue_mail(
        settings, to="orang@kantor.example", user_id=world.editor.id, key=f"uji:{world.office.id}:{clock.now()}",
        letter=Letter(subject="Rahasia", text="rahasia", html="<p>rahasia</p>"),
    )  # fmt: skip
    mail.state, mail.error = MailState.FAILED, MailFault.UNREACHABLE.value
    mailbox_of(world)
    return mail


def hold_of(world: World) -> MailHold:
    """An address whose mail came back. Commits."""
    found = MailHold(
        office_id=world.office.id, address=f"rahasia{world.office.id}@kantor.example", since=clock.now(),
        fault=f"{MailFault.BOUNCED_ADDRESS.value} 5.1.1 rahasia",
    )  # fmt: skip
    db.session.add(found)
    db.session.commit()
    return found


def mailbox_of(world: World) -> None:
    """The office reads a mailbox, and one mail came in. Commits."""
    if db.session.get(MailboxSettings, world.office.id) is None:
        kept = MailboxSettings(
            office_id=world.office.id, host="imap.example", port=993, security=MailSecurity.TLS, username="rahasia",
            password_encrypted=encrypt("rahasia"), folder="INBOX", takes_pitches=True, box=1, last_uid=1,
        )  # fmt: skip
        came = IncomingMail(
            office_id=world.office.id, box=1, uid_validity=1, uid=1, message_id="<rahasia@x.example>", size=1,
            from_address="pengirim@rahasia.example", subject="Perihal rahasia kantor ini", detail="Catatan rahasia",
            outcome=Outcome.UNKNOWN_SENDER, seen_at=clock.now(),
        )  # fmt: skip
        db.session.add_all([kept, came])
    db.session.commit()


def bot_of(world: World) -> TelegramBot:
    """The office's bot, as Telegram knows it. Commits."""
    bot = db.session.get(TelegramBot, world.office.id) or TelegramBot(office_id=world.office.id, offset=0)
    bot.token_encrypted, bot.username, bot.saved_at = (
        encrypt("123456789:" + "A" * 35),
        "kabar_bot",
        clock.now(),
    )
    db.session.add(bot)
    db.session.commit()
    return bot


def story_in(world: World, state: StoryState) -> int:
    """The id of a story in a state. Commits."""
    return desk.story(world, state=state, commit=True).id


def guarded_rules(app: Flask) -> list[Rule]:
    """Every rule that asks for somebody signed in."""
    found = []
    for rule in app.url_map.iter_rules():
        guard = guard_of(app, rule.endpoint)
        assert guard is not None, f"{rule.endpoint} declares no guard"
        if guard.kind != "public":
            found.append(rule)
    return found


def address(app: Flask, rule: Rule, values: dict[str, Any]) -> str:
    """The rule filled in: ``values`` by argument name; an ``<any(…)>`` takes its first word."""
    filled = {}
    for argument in rule.arguments:
        words = getattr(rule._converters[argument], "items", None)
        filled[argument] = min(words) if words else values[argument]
    built = app.url_map.bind("localhost").build(rule.endpoint, filled)
    assert "?" not in built, f"{rule.endpoint}: {built}"
    return built


def row_counts(*, ignoring: frozenset[str] = frozenset({"form_submission", "rate_window"})) -> dict[str, int]:
    """How many rows each table has; what only guards against repetition is left out unless asked for."""
    db.session.rollback()
    tables = Base.metadata.tables
    return {
        name: len(db.session.execute(select(*table.primary_key.columns)).all())
        for name, table in tables.items()
        if name not in ignoring
    }


def contents(metadata: MetaData = Base.metadata) -> dict[str, list[Any]]:
    """Everything that stands in the database, for "nothing at all has changed"."""
    db.session.rollback()
    volatile = {"form_submission", "rate_window"}
    return {
        name: sorted(map(repr, db.session.execute(select(table)).all()))
        for name, table in metadata.tables.items()
        if name not in volatile
    }


def delivery_of(post_id: int) -> Delivery | None:
    """The newest delivery of a post."""
    return publishing.latest_delivery_of([post_id]).get(post_id)


def open_sessions(user_id: int) -> int:
    """How many sessions of a person are open."""
    db.session.rollback()
    found = db.session.scalars(
        select(UserSession).where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None))
    )
    return len(found.all())
