"""The sample office's agenda: the weekly roll call, an event that is covered, and events that do not take place."""

from dataclasses import dataclass
from datetime import date, timedelta

from humasflow.calendar.covering.services import Ask, cover
from humasflow.planning.agenda.enums import EventNeed, Extent
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.services import EventContent, cancel_event, create_event, postpone_event
from humasflow.planning.production_roles.queries import list_production_roles
from humasflow.setup.sample_office.campaigns import AUCTION, campaign_named
from humasflow.setup.sample_office.cast import Cast
from humasflow.setup.sample_office.timing import days_ago, moment, workday

PHOTO, NEWS, CAPTION, VIDEO = EventNeed.PHOTO, EventNeed.NEWS, EventNeed.CAPTION, EventNeed.VIDEO


@dataclass(frozen=True, slots=True)
class _Event:
    """An event on a working day from today, with its hours. ``off`` is why it does not take place."""

    title: str
    day: int
    begins: tuple[int, int]
    ends: tuple[int, int]
    place: str
    section: str | None = None
    needs: tuple[EventNeed, ...] = ()
    description: str = ""
    off: str = ""
    is_postponed: bool = False


_EVENTS = (
    _Event("Penyuluhan antigratifikasi", -4, (9, 0), (11, 0), "Aula kantor", "ki", (PHOTO, NEWS)),
    _Event("Rapat koordinasi humas wilayah", 2, (14, 0), (15, 30), "Daring", "hi"),
    _Event(
        "Kelas lelang bagi pelaku usaha kecil", 5, (9, 0), (11, 30), "Balai kelurahan", "lelang",
        (PHOTO, NEWS, CAPTION), "Tiga puluh peserta; ada praktik membuat akun.",
    ),
    _Event(
        "Lokakarya penilaian bersama kampus", 8, (9, 0), (12, 0), "Aula kantor", "penilaian", (PHOTO, NEWS),
        off="Narasumber berhalangan; kampus mengusulkan waktu lain bulan depan.",
    ),
    _Event(
        "Serah terima aset hibah", 11, (10, 0), (11, 0), "Kantor penerima", "pkn", (PHOTO, VIDEO),
        off="Berkasnya belum lengkap.", is_postponed=True,
    ),
    _Event(
        "Survei lapangan calon objek lelang", 14, (8, 0), (16, 0), "Luar kota", "lelang", (PHOTO, VIDEO)
    ),
    _Event("Temu pengguna layanan", 21, (13, 30), (15, 30), "Ruang layanan", "umum", (PHOTO, NEWS)),
)  # fmt: skip
_COVERED = "Kelas lelang bagi pelaku usaha kecil"
_ROLL_CALL_SINCE = 10  # weeks


def write_agenda(cast: Cast) -> None:
    """Everything by the editor who keeps the agenda. Flushes."""
    editor = cast.principal("redaktur-1")
    with days_ago(cast, 7 * _ROLL_CALL_SINCE):
        monday = _monday(cast.plan.today) - timedelta(weeks=_ROLL_CALL_SINCE - 1)
        create_event(
            actor=editor, office_id=cast.office.id, content=EventContent(
                "Apel pagi", moment(cast, monday, 7, 30), moment(cast, monday, 8), place="Halaman kantor",
                rule="FREQ=WEEKLY;BYDAY=MO", needs=(PHOTO,),
            ),
        )  # fmt: skip
    for wanted in _EVENTS:
        _write(cast, wanted)


def _write(cast: Cast, wanted: _Event) -> None:
    editor, day = cast.principal("redaktur-1"), workday(cast, wanted.day)
    covered = wanted.title == _COVERED
    with days_ago(cast, 10):
        event = create_event(
            actor=editor, office_id=cast.office.id, content=EventContent(
                wanted.title, moment(cast, day, *wanted.begins), moment(cast, day, *wanted.ends), place=wanted.place,
                description=wanted.description, needs=wanted.needs, section_id=cast.section_id(wanted.section),
                campaign_id=campaign_named(cast, AUCTION).id if covered else None,
            ),
        )  # fmt: skip
    with days_ago(cast, 1, 14):
        if wanted.is_postponed:
            postpone_event(event, actor=editor, occurrence=None, extent=Extent.ALL, reason=wanted.off)
        elif wanted.off:
            cancel_event(event, actor=editor, occurrence=None, extent=Extent.ALL, reason=wanted.off)
        elif covered:
            _cover(cast, event, day)


def _cover(cast: Cast, event: AgendaEvent, day: date) -> None:
    """A story about it, with two people who are asked for something."""
    roles = {r.code: r.id for r in list_production_roles(cast.office.id)}
    asks = [
        Ask(roles[role], cast.users[person].id)
        for role, person in (("fotografer", "kontributor-umum"), ("peliput", "kontributor-pkn"))
    ]
    cover(
        event, None, actor=cast.principal("redaktur-1"), content_type_id=cast.types["berita_terbaru"].id, asks=asks,
        due_at=moment(cast, day, 15), brief="Utamakan pengalaman peserta.", pillar_id=cast.pillars["lelang"].id,
    )  # fmt: skip


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
