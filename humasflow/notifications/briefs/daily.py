"""The brief of a day: each person gets the parts that their permissions make theirs, the most urgent first."""

from datetime import timedelta
from typing import Final

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, or_, select

from humasflow.accounts.policy import Principal
from humasflow.approvals import queries as approvals
from humasflow.approvals.queries.ageing import ageing_of, in_words
from humasflow.core.db import db
from humasflow.core.localtime import show_date, show_instant, show_time, to_local
from humasflow.core.permissions import Permission
from humasflow.notifications.briefs.common import marked, pending_part, standing_part
from humasflow.notifications.briefs.content import Brief, Line, Section, section
from humasflow.notifications.briefs.shared import Shared
from humasflow.notifications.links import path_of
from humasflow.pitches.enums import PitchState
from humasflow.pitches.models import Pitch
from humasflow.planning.agenda.queries import Occurrence
from humasflow.posts import queries as posts
from humasflow.publishing import queries as publishing
from humasflow.publishing.enums import DeliveryState, PostState
from humasflow.stories.enums import OVER, StoryState
from humasflow.stories.models import Assignment, Story
from humasflow.stories.queries import assignments
from humasflow.stories.visibility import visible_to

_DAY: Final = timedelta(days=1)
GAPS_LOOKED_FOR: Final = 3  # working days
NOT_APPROVED: Final = frozenset({PostState.DRAFT, PostState.IN_REVIEW})
_WAIT_ELSEWHERE: Final = frozenset({DeliveryState.MANUAL_DUE})  # not a trouble: its assignee has it as a task


def build_day(person: Principal, shared: Shared) -> Brief:
    """What today holds. A fixed number of statements for a set of permissions; what all share is asked for once."""
    can = person.can
    parts = [
        _decisions(person, shared) if can(Permission.STORY_APPROVE) else None,
        _uploads(person),
        _tasks(person, shared),
        _troubles(person, shared) if can(Permission.DELIVERY_RESOLVE) else None,
        _returned(person, shared) if can(Permission.STORY_WRITE) else None,
        _today(person, shared) if can(Permission.POST_SCHEDULE) else None,
        _gaps(person, shared) if can(Permission.POST_SCHEDULE) else None,
        pending_part(person, shared) if can(Permission.STORY_WRITE) or can(Permission.SCORE_CLOSE) else None,
        _new_pitches(shared) if can(Permission.PITCH_TRIAGE) else None,
        _agenda(person, shared) if can(Permission.STORY_WRITE) else None,
        _own_pitches(person, shared) if can(Permission.PITCH_CREATE) else None,
        _broken(shared) if can(Permission.CHANNEL_MANAGE) else None,
        _office_troubles(person, shared),
        standing_part(shared) if can(Permission.SCORE_CLOSE) else None,
    ]
    return Brief(shared.today, marked(parts))


def _decisions(person: Principal, shared: Shared) -> Section | None:
    day = ageing_of(shared.office).working.day_length
    lines = [
        Line(
            row.title,
            _("dari %(name)s, %(waited)s", name=row.submitter, waited=in_words(row.waited, day)),
            path_of("approvals.review", package_id=row.package_id),
            row.story_id,
        )
        for row in approvals.list_waiting_for(person)
    ]
    return section("decisions", _("Menunggu keputusan Anda"), lines, path=path_of("approvals.inbox"))


def _uploads(person: Principal) -> Section | None:
    lines = [
        Line(row.title, row.account_name, path_of("publishing.detail", post_id=row.post_id), row.story_id)
        for row in publishing.list_manual_due(person)
        if row.assignee_id == person.id
    ]
    return section("uploads", _("Perlu Anda unggah"), lines)


def _tasks(person: Principal, shared: Shared) -> Section | None:
    """One's own that are due today or late; a story on hold presses nobody."""
    rows = assignments.read_tasks(
        assignments.task_rows()
        .where(
            assignments.of_person(person.id, shared.office.id), assignments.is_open(), visible_to(person.id),
            Story.state != StoryState.ON_HOLD,
            Assignment.due_at < shared.start_of(shared.today + _DAY),
        )
        .order_by(Assignment.due_at, Assignment.id)
        .limit(100)
    )  # fmt: skip
    zone = shared.office.zone_name
    lines = []
    for row in rows:
        if row.due_at is None:
            continue
        if row.due_at < shared.now:
            says = _("%(role)s, lewat tenggat %(when)s", role=row.role, when=show_instant(row.due_at, zone))
        else:
            says = _("%(role)s, hari ini pukul %(time)s", role=row.role, time=show_time(row.due_at, zone))
        lines.append(Line(row.title, says, path_of("pages.task", assignment_id=row.id), row.story_id))
    return section("tasks", _("Tugas Anda"), lines, path=path_of("pages.tasks"))


def _troubles(person: Principal, shared: Shared) -> Section | None:
    lines = [
        Line(
            row.title, f"{row.account_name}, {row.shown.label.lower()}",
            path_of("publishing.detail", post_id=row.post_id), row.story_id,
        )
        for row in publishing.list_needing_a_hand(person, shared.office.id)
        if row.state not in _WAIT_ELSEWHERE
    ]  # fmt: skip
    return section("troubles", _("Publikasi perlu ditangani"), lines, path=path_of("publishing.index"))


def _returned(person: Principal, shared: Shared) -> Section | None:
    rows = db.session.execute(
        select(Story.id, Story.title, Story.last_reason)
        .where(
            Story.office_id == shared.office.id, Story.state == StoryState.DRAFT, Story.returns > 0,
            Story.last_reason != "", visible_to(person.id),
            or_(Story.owner_id == person.id, Story.owner_id.is_(None)),
        )
        .order_by(Story.state_since, Story.id)
        .limit(50)
    )  # fmt: skip
    lines = [
        Line(
            title, path=path_of("stories.edit", story_id=story_id), story_id=story_id,
            reason=" ".join(reason.split())[:120],
        )
        for story_id, title, reason in rows
    ]  # fmt: skip
    return section("returned", _("Dikembalikan, perlu koreksi"), lines)


def _today(person: Principal, shared: Shared) -> Section | None:
    rows = posts.list_between(
        person, shared.office.id, shared.start_of(shared.today), shared.start_of(shared.today + _DAY)
    )
    states = publishing.states_of(rows)
    lines = []
    for row in rows:
        if row.scheduled_at is None:
            continue
        state, at = states[row.id], show_time(row.scheduled_at, shared.office.zone_name)
        said = _("belum disetujui") if state in NOT_APPROVED else state.label.lower()
        lines.append(
            Line(
                row.story_title, _("pukul %(time)s, %(account)s, %(state)s", time=at, account=row.account_name,
                state=said), path_of("publishing.detail", post_id=row.id), row.story_id,
            )
        )  # fmt: skip
    return section("today", _("Tayang hari ini"), lines, path=path_of("publishing.index"))


def _gaps(person: Principal, shared: Shared) -> Section | None:
    """The next working days for which nothing is planned. One statement."""
    days = [day for day, _n in zip(shared.working_days(), range(GAPS_LOOKED_FOR), strict=False)]
    if not days:
        return None
    rows = posts.list_between(
        person, shared.office.id, shared.start_of(days[0]), shared.start_of(days[-1] + _DAY)
    )
    zone = shared.office.zone_name
    planned = {to_local(row.scheduled_at, zone).date() for row in rows if row.scheduled_at}
    lines = [
        Line(show_date(day, style="EEEE, d MMMM"), _("belum ada yang dijadwalkan"))
        for day in days
        if day not in planned
    ]
    return section("gaps", _("Hari kosong"), lines, path=path_of("publishing.index"))


def _new_pitches(shared: Shared) -> Section | None:
    count = shared.pool[PitchState.NEW]
    if not count:
        return None
    words = ngettext("%(num)s usulan belum dijawab", "%(num)s usulan belum dijawab", count)
    since = shared.pool.waiting_since
    when = show_instant(since, shared.office.zone_name) if since else ""
    lines = [
        Line(words, _("yang paling lama sejak %(when)s", when=when) if when else "", path_of("pitches.pool"))
    ]
    return section(
        "pitches", _("Usulan baru"), lines, path=path_of("pitches.pool"), count=count, sums_up=True
    )


def _agenda(person: Principal, shared: Shared) -> Section | None:
    """What takes place today and nobody covers. One statement beside the shared one."""
    events = {one.event_id for one in shared.agenda}
    covered: set[object] = set()
    if events:
        rows = db.session.execute(
            select(Story.event_id, Story.occurrence).where(
                Story.event_id.in_(events), Story.state.not_in(sorted(OVER)), visible_to(person.id)
            )
        )
        covered = {(event_id, at) for event_id, at in rows}
    lines = [
        Line(one.title, _when(one, shared), path_of("agenda.event", event_id=one.event_id))
        for one in shared.agenda
        if not _is_covered(one, covered)
    ]
    return section("agenda", _("Agenda yang belum diliput"), lines, path=path_of("agenda.index"))


def _is_covered(one: Occurrence, covered: set[object]) -> bool:
    keys = {(one.event_id, one.occurrence)} | (set() if one.repeats else {(one.event_id, None)})
    return bool(keys & covered)


def _when(one: Occurrence, shared: Shared) -> str:
    start = _("sepanjang hari") if one.all_day else show_time(one.starts_at, shared.office.zone_name)
    return f"{start}, {one.place}" if one.place else start


def _own_pitches(person: Principal, shared: Shared) -> Section | None:
    """What became of one's own ideas since the last working day, and which of them went out."""
    since = shared.start_of(shared.last_working_day)
    rows = db.session.execute(
        select(Pitch.id, Pitch.title, Pitch.state, Story.state)
        .outerjoin(Story, Story.id == Pitch.story_id)
        .where(
            Pitch.author_id == person.id, Pitch.office_id == shared.office.id,
            or_(
                Pitch.decided_at >= since,
                (Story.state == StoryState.PUBLISHED) & (Story.state_since >= since),
            ),
        )
        .order_by(func.coalesce(Pitch.decided_at, Pitch.created_at).desc(), Pitch.id.desc())
        .limit(50)
    ).all()  # fmt: skip
    return section(
        "news", _("Kabar usulan Anda"), [_news(*row) for row in rows], path=path_of("pitches.mine")
    )


def _news(pitch_id: int, title: str, state: PitchState, story_state: StoryState | None) -> Line:
    is_live = story_state is StoryState.PUBLISHED
    said = _("sudah tayang") if is_live else state.label.lower()
    return Line(title, said, path_of("pitches.detail", pitch_id=pitch_id))


def _broken(shared: Shared) -> Section | None:
    lines = [
        Line(name, _("perlu disambungkan ulang"), path_of("channels.account", account_id=account_id))
        for account_id, name in shared.broken_accounts
    ]
    return section("broken", _("Akun kanal terputus"), lines)


def _office_troubles(person: Principal, shared: Shared) -> Section | None:
    lines = []
    if person.can(Permission.JOB_READ) and (dead := shared.dead_jobs):
        words = ngettext("%(num)s pekerjaan menyerah", "%(num)s pekerjaan menyerah", dead)
        lines.append(Line(words, _("coba lagi atau baca sebabnya"), path_of("outbox.jobs")))
    if person.can(Permission.OFFICE_MANAGE) and (held := shared.held_addresses):
        words = ngettext("%(num)s alamat surel ditahan", "%(num)s alamat surel ditahan", held)
        lines.append(Line(words, _("surelnya pernah terpental"), path_of("notifications.mail_settings")))
    return section("office", _("Perlu diurus di kantor"), lines)
