"""Who is doing what on the stories in work, and who is away: through the services, at the times they would happen."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select

from humasflow.accounts.enums import AbsenceKind
from humasflow.accounts.services.absences import record_absence
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.localtime import from_local
from humasflow.planning.production_roles.queries import list_production_roles
from humasflow.setup.sample_office.cast import Cast
from humasflow.stories.enums import OPEN, StoryState
from humasflow.stories.models import Assignment, Story
from humasflow.stories.services import assignments, tasks


@dataclass(frozen=True, slots=True)
class _Task:
    """A task on the n-th story in work. Days and clock times are the office's, counted from today; ``steps`` are what
    became of it yesterday, in order.
    """

    story: int
    role: str
    person: str
    due: tuple[int, int] | None  # days from today, hour
    brief: str
    steps: tuple[str, ...] = ()
    said: str = ""  # the reason or the note of the last step
    then: tuple[str, tuple[str, ...]] | None = None  # who took over, and what they did


_TASKS = (
    _Task(0, "fotografer", "kontributor-umum", (1, 10), "Lima foto suasana dan satu foto pimpinan, unggah ke pustaka."),
    _Task(0, "penulis", "redaktur-1", (1, 16), "Utamakan manfaat bagi satuan kerja.", ("open", "accept")),
    _Task(0, "desainer", "kontributor-ki", (2, 12), "Sampul persegi untuk Instagram.", ("open",)),
    _Task(
        1, "peliput", "kontributor-pkn", (-1, 15), "Catat jumlah peserta dan satu kutipan narasumber.",
        ("open", "accept"),
    ),
    _Task(
        1, "fotografer", "kontributor-umum", (-1, 12), "Foto peserta dan narasumber.", ("open", "accept", "finish"),
        "9 foto sudah di pustaka media",
    ),
    _Task(
        2, "videografer", "kontributor-lelang", (1, 14), "Rekaman 60 detik, tegak.", ("open", "decline"),
        "Mendampingi pemeriksaan barang di luar kota sampai besok.",
    ),
    _Task(
        3, "fotografer", "kontributor-ki", (3, 11), "Foto ruang layanan, tanpa wajah pemohon.", ("open", "decline"),
        "Sedang menyusun laporan kepatuhan.", ("kontributor-umum", ("open", "accept")),
    ),
    _Task(
        4, "narasumber", "kontributor-piutang", (3, 15), "Angka penyelesaian berkas triwulan ini.", ("open", "accept")
    ),
    _Task(5, "editor", "redaktur-2", (0, 16), "Periksa nama dan jabatan.", ("open", "accept")),
    _Task(6, "admin_medsos", "redaktur-2", (6, 9), "Takarir untuk tiga kanal."),
    _Task(6, "peliput", "kontributor-penilaian", (4, 10), "", ("open", "cancel"), "Acara digabung kegiatan lain."),
    # For the weeks to come: the youngest stories, counted from the end.
    _Task(-3, "penulis", "redaktur-2", (22, 12), "Naskah lengkap sebelum diajukan.", ("open", "accept")),
    _Task(-2, "desainer", "kontributor-ki", (29, 15), "Grafik hasil survei, dua warna."),
    _Task(-1, "fotografer", "kontributor-umum", (35, 10), "Foto produk, latar polos."),
)  # fmt: skip

# Person, kind, first and last day from today, note.
_ABSENCES = (
    ("kontributor-piutang", AbsenceKind.LEAVE, 2, 6, "Cuti tahunan"),
    ("kontributor-lelang", AbsenceKind.DUTY, -1, 1, "Surat tugas pemeriksaan barang"),
    ("kontributor-penilaian", AbsenceKind.SICK, 0, 1, "Surat dokter menyusul"),
    ("penyetuju-umum", AbsenceKind.DUTY, 5, 7, "Rapat koordinasi"),
)


def write_tasks(cast: Cast) -> None:
    """Tasks in every state on what is in work, and absences; one of them lies over a due time. Flushes."""
    stories = db.session.scalars(
        select(Story)
        .where(Story.office_id == cast.office.id, Story.state.in_(sorted(OPEN - {StoryState.ON_HOLD})))
        .order_by(Story.created_at, Story.id)
    ).all()
    roles = {r.code: r.id for r in list_production_roles(cast.office.id)}
    for number, wanted in enumerate(_TASKS):
        _write(cast, stories, roles, wanted, minute=number)
    today = cast.plan.today
    for n, (key, kind, first, last, note) in enumerate(_ABSENCES):
        with _local(cast, -1, 15, 10 + n):
            record_absence(
                actor=cast.principal(key), office=cast.office, user_id=cast.users[key].id, kind=kind,
                starts_on=today + timedelta(days=first), ends_on=today + timedelta(days=last), note=note,
            )  # fmt: skip


def _write(
    cast: Cast, stories: Sequence[Story], roles: dict[str, int], wanted: _Task, *, minute: int
) -> None:
    if wanted.story >= len(stories):
        return
    editor = cast.principal("redaktur-1" if wanted.person != "redaktur-1" else "redaktur-2")
    with _local(cast, -3, 9, minute):
        made = assignments.assign(
            stories[wanted.story], actor=editor, person_id=cast.users[wanted.person].id, role_id=roles[wanted.role],
            due_at=_instant(cast, *wanted.due) if wanted.due else None, brief=wanted.brief,
        )  # fmt: skip
    _steps(cast, made, wanted.person, wanted.steps, wanted.said, minute)
    if wanted.then is not None:
        person, steps = wanted.then
        with _local(cast, -1, 11, minute):
            made = assignments.reassign(
                made, actor=editor, person_id=cast.users[person].id, due_at=made.due_at
            )
        _steps(cast, made, person, steps, "", minute, hour=13)


def _steps(
    cast: Cast, made: Assignment, person: str, steps: Sequence[str], said: str, minute: int, *, hour: int = 8
) -> None:
    """Not before yesterday morning, so that it reads as news; a late one not before it was due."""
    actor = cast.principal(person)
    for n, step in enumerate(steps):
        with _local(cast, -2 if hour == 8 and step != "finish" else -1, hour + n, minute):
            if step == "open":
                tasks.record_opened(made, actor=actor)
            elif step == "accept":
                tasks.accept_task(made, actor=actor)
            elif step == "decline":
                tasks.decline_task(made, actor=actor, reason=said)
            elif step == "finish":
                tasks.finish_task(made, actor=actor, note=said)
            else:
                tasks.cancel_task(made, actor=cast.principal("redaktur-1"), reason=said)


def _instant(cast: Cast, days: int, hour: int, minute: int = 0) -> datetime:
    return from_local(cast.plan.today + timedelta(days=days), time(hour, minute), cast.office.zone_name)


def _local(cast: Cast, days: int, hour: int, minute: int) -> AbstractContextManager[None]:
    return clock.moved_to(_instant(cast, days, hour, minute).astimezone(UTC))
