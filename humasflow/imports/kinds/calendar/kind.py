"""The content calendar that an office kept in a spreadsheet: a row becomes what adding it to the calendar by hand would
make. The same title on the same day and channel is never planned twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.accounts.queries import people_ids_of
from humasflow.calendar.adding.planned import Planned, StoryPlan, add_plan, extend_plan
from humasflow.channels import queries as channels
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Refused, UserError
from humasflow.core.permissions import Permission
from humasflow.imports.kinds.base import Applied, Checked, Column, Context, Finding, Outcome, Severity
from humasflow.imports.kinds.calendar import reading
from humasflow.imports.kinds.calendar.known import Standing, Verdict, stories_of
from humasflow.imports.kinds.calendar.rows import PlannedRow, Prepared, Say
from humasflow.imports.kinds.calendar.undoing import take_back, to_undo
from humasflow.imports.kinds.calendar.words import channels_by_words, fold, people_by_words, read_progress
from humasflow.imports.kinds.words import looks_like_formula, types_by_words
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import list_sections
from humasflow.planning.production_roles.queries import list_production_roles
from humasflow.planning.queries import list_content_types, list_pillars
from humasflow.posts.services import PostExists
from humasflow.stories.models import Assignment, Story
from humasflow.stories.queries.assignments import is_open
from humasflow.stories.services.bulk import lock_stories

_LONGEST: Final = 200


class Calendar:
    """The kind."""

    code = "calendar"
    label = _l("Kalender konten")
    lead = _l(
        "Rencana konten: judul, tanggal, kanal, dan penanggung jawabnya masuk ke kalender sebagai draf."
    )
    permission = Permission.STORY_WRITE
    chunk = 40  # some 25 ms each
    columns = (
        Column(
            "tanggal", _l("Tanggal"),
            (
                "tanggal", "tgl", "tanggal tayang", "tgl tayang", "tanggal publikasi", "tanggal posting",
                "tanggal unggah", "jadwal tayang", "jadwal", "hari tanggal", "hari", "waktu tayang", "date",
            ),
            example="2026-12-31", hint=_l("Tanpa tanggal, naskahnya menunggu di “Belum dijadwalkan”."),
        ),
        Column(
            "jam", _l("Jam"), ("jam", "pukul", "jam tayang", "waktu", "jam posting", "time"), example="09.30",
            hint=_l("Menurut zona kantor. Tanpa jam dipilih jam tayang kanal yang masih kosong hari itu."),
        ),
        Column(
            "judul", _l("Judul"),
            (
                "judul", "topik", "judul topik", "judul konten", "konten", "tema konten", "materi", "ide konten",
                "headline", "nama konten", "title",
            ),
            is_required=True, example="Lelang aset tanah bulan Desember",
        ),
        Column(
            "jenis", _l("Jenis konten"),
            ("jenis konten", "jenis", "format", "format konten", "tipe konten", "bentuk konten", "bentuk", "kategori"),
            example="Berita terbaru",
        ),
        Column(
            "kanal", _l("Kanal"),
            ("kanal", "media", "platform", "channel", "akun", "media sosial", "medsos", "saluran"),
            example="Instagram, Facebook", hint=_l("Satu atau beberapa; nama kanal atau nama akunnya."),
        ),
        Column(
            "pic", _l("Penanggung jawab"),
            ("pic", "penanggung jawab", "pj", "petugas", "penulis", "pembuat", "pelaksana", "person in charge"),
            hint=_l("Nama atau alamat surel orang di kantor ini."),
        ),
        Column("pilar", _l("Pilar"), ("pilar", "pilar konten", "content pillar", "pillar", "tema")),
        Column("seksi", _l("Seksi"), ("seksi", "unit", "bidang", "bagian", "seksi unit")),
        Column("catatan", _l("Catatan"), ("catatan", "keterangan", "ket", "brief", "deskripsi", "caption", "notes")),
        Column(
            "tautan", _l("Tautan"), ("tautan", "link", "link desain", "link canva", "canva", "url", "link materi"),
            hint=_l("Desain atau dokumennya, contohnya alamat Canva."),
        ),
        Column(
            "status", _l("Status"), ("status", "progres", "progress", "status konten"), example="Rencana",
            hint=_l("Yang sudah tayang tidak diimpor di sini."),
        ),
    )  # fmt: skip

    def choices(self, office: Unit) -> Mapping[str, Sequence[str]]:
        """Accounts, content types, pillars, sections and people by name."""
        return {
            "jenis": [t.label for t in list_content_types(office.id)],
            "kanal": [a.name for a in channels.list_accounts(office.id)],
            "pic": [p.name for p in _people(office)],
            "pilar": [p.name for p in list_pillars(office.id)],
            "seksi": [s.name for s in list_sections(office.id)],
            "status": [_("Ide"), _("Rencana")],
        }

    def prepare(self, context: Context) -> Prepared:
        """Seven statements."""
        office = context.office
        types = list_content_types(office.id)
        return Prepared(
            channels=channels_by_words(channels.list_kinds(office.id), channels.list_accounts(office.id)),
            types={fold(w): t for w, t in types_by_words(types).items()},
            type_labels=tuple(t.label for t in types),
            first_type=types[0] if types else None,
            pillars={fold(p.name): (p.id, p.name) for p in list_pillars(office.id)},
            sections=_sections(office),
            people=people_by_words(_people(office)),
            has_role=bool(list_production_roles(office.id)),
            now=clock.now(),
        )

    def check(
        self, line: int, cells: Mapping[str, str], context: Context, prepared: Prepared
    ) -> Checked[PlannedRow]:
        """Understand a row."""
        found: list[Finding] = []

        def bad(column: str, message: str) -> None:
            found.append(Finding(column, Severity.ERROR, message))

        def warn(column: str, message: str) -> None:
            found.append(Finding(column, Severity.WARNING, message))

        def note(column: str, message: str) -> None:
            found.append(Finding(column, Severity.NOTE, message))

        title = " ".join(cells["judul"].split())
        if not title:
            bad("judul", _("judul kosong"))
        elif looks_like_formula(title):
            bad("judul", _("judul diawali “%(sign)s” seperti rumus", sign=title[0]))
        elif len(title) > _LONGEST:
            bad("judul", _("judul lebih dari 200 karakter"))
        when = reading.read_when(cells, context.office, prepared.now, bad, warn)
        accounts = reading.read_channels(cells["kanal"], prepared, bad)
        people = reading.read_people(cells["pic"], prepared, bad, note)
        content_type = reading.read_type(cells["jenis"], prepared, bad, warn)
        pillar_id = reading.read_named("pilar", cells["pilar"], prepared.pillars, bad)
        section_id = reading.read_named("seksi", cells["seksi"], prepared.sections, bad)
        reading.judge_progress(
            cells["status"], read_progress(cells["status"]), is_over=bool(when.was), bad=bad, note=note
        )
        self._may(context, bool(accounts), when.day is not None, bad)
        if when.day is not None and not accounts and not people and not prepared.has_role:
            bad("kanal", _("isi kanalnya: kantor ini belum punya peran produksi untuk tenggat tanpa kanal"))
        if when.day is None and not when.was and not reading.said(cells["tanggal"]):
            note("tanggal", _waits(bool(accounts)))
        brief = reading.read_brief(cells, when, warn)
        if content_type is None or any(f.severity is Severity.ERROR for f in found):
            return Checked(line, None, tuple(found))
        plan = StoryPlan(
            title, content_type.id, tuple(accounts), when.day, when.clock, section_id, pillar_id, tuple(people), brief,
            next(iter(people.values()), "") if len(people) == 1 else "",
        )  # fmt: skip
        day = when.day.isoformat() if when.day else when.was
        same_as = f"{fold(title)}\n{day}\n{','.join(map(str, sorted(accounts)))}"
        return Checked(line, PlannedRow(plan, accounts), tuple(found), same_as=same_as)

    def _may(self, context: Context, has_channel: bool, has_day: bool, bad: Say) -> None:
        """What adding it by hand needs beside the permission of the kind."""
        actor, office_id = context.actor, context.office.id
        if has_channel and not actor.can(Permission.POST_WRITE, office_id):
            bad("kanal", _("Peran Anda belum mencakup pembuatan publikasi."))
        elif has_channel and has_day and not actor.can(Permission.POST_SCHEDULE, office_id):
            bad("tanggal", _("Peran Anda belum mencakup penjadwalan publikasi."))

    def compare(
        self, rows: Sequence[Checked[PlannedRow]], context: Context, prepared: Prepared
    ) -> Mapping[int, Sequence[Finding]]:
        """What is planned already. Three statements at most."""
        values = [(row.line, row.value) for row in rows if row.value is not None]
        standing = Standing(context.office, context.actor.id, [v for _line, v in values])
        told: dict[int, list[Finding]] = {}
        for line, value in values:
            verdict = standing.judge(value)
            if verdict.is_known:
                told[line] = [Finding("", Severity.NOTE, _("sudah direncanakan begitu"))]
            elif verdict.story_id is not None:
                told[line] = [Finding("", Severity.NOTE, _joins(value, verdict))]
        return told

    def apply(
        self, rows: Sequence[Checked[PlannedRow]], context: Context, prepared: Prepared
    ) -> Sequence[Applied]:
        """Plan what is not planned yet, each row for itself."""
        # Two imports of one office stand in line: what both name, the second finds.
        lock(context.office, referable=True)
        values = [(row.line, row.value) for row in rows if row.value is not None]
        standing = Standing(context.office, context.actor.id, [v for _line, v in values])
        # Stories are held before anything is recorded: who works on one now waits for the record, which is ours then.
        lock_stories(filter(None, (standing.judge(v).story_id for _line, v in values)))
        return [_apply(line, value, standing, context) for line, value in values]

    def take_back(self, applied: Sequence[Applied], context: Context) -> Mapping[int, str]:
        """Stories that nobody touched are called off with their posts and tasks."""
        return take_back(applied, context)


def _apply(line: int, row: PlannedRow, standing: Standing, context: Context) -> Applied:
    verdict = standing.judge(row)
    if verdict.is_known:
        subject = ("story", verdict.story_id) if verdict.story_id else None
        return Applied(line, Outcome.KNOWN, subject, _("sudah direncanakan begitu"))
    try:
        joined = _join(row, verdict, context)
        made = joined or add_plan(context.office, row.plan, actor=context.actor)
    except Refused as refused:
        return Applied(line, Outcome.REFUSED, reason=" ".join(map(str, refused.reasons)))
    except UserError as error:
        return Applied(line, Outcome.REFUSED, reason=error.message or _("tidak ditemukan lagi"))
    standing.add(row, made.story.id, [p.account_id for p in made.posts])
    undo = to_undo(made, begun=joined is None)
    subject = ("story", made.story.id)
    if joined is not None:
        return Applied(line, Outcome.CHANGED, subject, _joins(row, verdict), undo)
    return Applied(line, Outcome.MADE, subject, undo=undo)


def _join(row: PlannedRow, verdict: Verdict, context: Context) -> Planned | None:
    """The channels that are missing beside those that the story has; None where a story of its own is to be begun."""
    if verdict.story_id is None:
        return None
    story = stories_of([verdict.story_id])[verdict.story_id]
    asked = _asked(story)
    plan = replace(
        row.plan,
        account_ids=verdict.missing,
        person_ids=tuple(p for p in row.plan.person_ids if p not in asked),
    )
    try:
        return extend_plan(story, plan, context.office, actor=context.actor)
    except PostExists:  # it goes out there on another day: this is another one of the same name
        return None


def _asked(story: Story) -> set[int]:
    """Who has an open task on it."""
    return set(
        db.session.scalars(select(Assignment.person_id).where(Assignment.story_id == story.id, is_open()))
    )


def _people(office: Unit) -> Sequence[User]:
    """Who may be asked here, by name."""
    return db.session.scalars(
        select(User).where(User.id.in_(people_ids_of(office))).order_by(User.name, User.id)
    ).all()


def _sections(office: Unit) -> dict[str, tuple[int, str]]:
    """By name and by short name."""
    found = list_sections(office.id)
    short = {fold(s.short_name): (s.id, s.name) for s in found if s.short_name}
    return short | {fold(s.name): (s.id, s.name) for s in found}


def _joins(row: PlannedRow, verdict: Verdict) -> str:
    names = ", ".join(row.accounts[a] for a in verdict.missing)
    return _("naskahnya sudah ada; ditambahkan %(names)s", names=names)


def _waits(has_channel: bool) -> str:
    if has_channel:
        return _("tanpa tanggal; menunggu di “Belum dijadwalkan”")
    return _("tanpa tanggal dan kanal; hanya menjadi draf di meja redaksi")


KIND = Calendar()
