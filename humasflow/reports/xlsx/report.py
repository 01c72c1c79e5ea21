"""The report as a workbook. Headings are fixed words, so that what goes out can be read back by the import."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from humasflow.core.localtime import show_instant, zone
from humasflow.media.storage import full_disk_reported
from humasflow.reports.evidence_files import StoredFile, files_of
from humasflow.reports.facts import Contribution, Publication, ReportFacts, StandingFacts
from humasflow.reports.makers import Progress
from humasflow.reports.models import ReportRun
from humasflow.reports.packing.names import evidence_name
from humasflow.reports.packing.pack import EVIDENCE
from humasflow.reports.xlsx.book import Book, Column, Kind
from humasflow.scoring.enums import ComponentKind

Row = Sequence[object]

_AT_ONCE: Final = 500
_SUMMARY: Final = (
    Column("bagian", width=22), Column("uraian", width=34), Column("isi", width=80), Column("angka", Kind.NUMBER, 14),
)  # fmt: skip
_COMPONENTS: Final = (
    Column("periode", width=18), Column("kode", width=20), Column("komponen", width=34), Column("jenis", width=20),
    Column("bobot", Kind.NUMBER, 10), Column("sasaran", Kind.NUMBER, 10), Column("sasaran_atas", Kind.NUMBER, 12),
    Column("terverifikasi", Kind.NUMBER, 13), Column("belum_diverifikasi", Kind.NUMBER, 18),
    Column("dipertanyakan", Kind.NUMBER, 14), Column("kekurangan", Kind.NUMBER, 12), Column("capaian", Kind.NUMBER, 12),
    Column("nilai_tertimbang", Kind.NUMBER, 16), Column("nilai_resmi", Kind.NUMBER, 12),
    Column("dasar_sasaran", width=24), Column("keterangan", width=60),
)  # fmt: skip
_PUBLICATIONS: Final = (
    Column("nomor", Kind.WHOLE, 8), Column("tanggal_tayang", Kind.MOMENT, 17), Column("zona", width=7),
    Column("kanal", width=16), Column("jenis", width=20), Column("judul", width=60), Column("url", Kind.LINK, 50),
    Column("akun", width=24), Column("seksi", width=26), Column("pembuat", width=44),
    Column("keadaan", width=20), Column("bukti", width=30), Column("pemeriksa", width=24),
    Column("jumlah", Kind.NUMBER, 10), Column("peran", width=34),
)  # fmt: skip
_CONTRIBUTIONS: Final = (
    Column("periode", width=18), Column("tingkat", width=10), Column("nama", width=34), Column("kode", width=20),
    Column("komponen", width=34), Column("terverifikasi", Kind.NUMBER, 13),
    Column("belum_diverifikasi", Kind.NUMBER, 18), Column("sasaran", Kind.NUMBER, 10),
)  # fmt: skip
_SHORT: Final = (
    Column("periode", width=18), Column("komponen", width=34), Column("kekurangan", Kind.NUMBER, 12),
    Column("sebab", width=34), Column("jumlah", Kind.NUMBER, 10), Column("judul", width=60),
    Column("pada_siapa", width=28), Column("sejak", Kind.MOMENT, 17), Column("keterangan", width=50),
)  # fmt: skip
_ADJUSTMENTS: Final = (
    Column("periode", width=18), Column("waktu", Kind.MOMENT, 17), Column("komponen", width=34),
    Column("jumlah", Kind.NUMBER, 10), Column("tentang_periode", width=20), Column("alasan", width=60),
    Column("publikasi", width=50),
)  # fmt: skip
_EVIDENCE: Final = (
    Column("nomor", Kind.WHOLE, 8), Column("judul", width=60), Column("kanal", width=16),
    Column("tautan", Kind.LINK, 50), Column("waktu_tayang", Kind.MOMENT, 17),
    Column("waktu_tangkapan", Kind.MOMENT, 17), Column("zona", width=7), Column("bukti", width=30),
    Column("berkas", width=60), Column("jumlah_berkas", Kind.WHOLE, 14), Column("sha256", width=66),
    Column("keadaan", width=20), Column("pemeriksa", width=24),
)  # fmt: skip

# As the page of the standing calls them.
_REASONS: Final = {
    "scheduled": _l("Terjadwal"),
    "ready": _l("Disetujui, belum dijadwalkan"),
    "review": _l("Menunggu reviu"),
    "returned": _l("Dikembalikan untuk dilengkapi"),
    "writing": _l("Sedang ditulis"),
    "held": _l("Ditunda"),
    "stuck": _l("Belum berhasil tayang"),
    "called_off": _l("Dibatalkan atau ditarik"),
    "unproposed": _l("Belum ada usulannya"),
}


def make(facts: ReportFacts, _run: ReportRun, out: Path, progress: Progress) -> None:
    """Write the workbook at ``out``."""
    number = facts.activity.total
    cells = number * (len(_PUBLICATIONS) + len(_EVIDENCE)) + 2000
    steps = _Steps(2 * number, progress)
    with full_disk_reported(), Book(
        out, zone=zone(facts.zone_name), title=f"{facts.title} {facts.period_label}", author=facts.office_name,
        made_at=facts.made_at, cells=cells,
    ) as book:  # fmt: skip
        book.sheet("Ringkasan", _SUMMARY, _summary(facts))
        book.sheet("Komponen", _COMPONENTS, _components(facts))
        book.sheet("Publikasi", _PUBLICATIONS, _publications(facts), progress=steps.add)
        book.sheet("Kontribusi", _CONTRIBUTIONS, _contributions(facts))
        book.sheet("Kekurangan", _SHORT, _short(facts))
        book.sheet("Penyesuaian", _ADJUSTMENTS, _adjustments(facts))
        book.sheet("Daftar bukti", _EVIDENCE, _evidence(facts), progress=steps.add)


class _Steps:
    """Says how far it is, every so many rows."""

    def __init__(self, total: int, progress: Progress) -> None:
        self.total, self.done, self.progress = total, 0, progress

    def add(self, rows: int) -> None:
        self.done += rows
        if self.done % _AT_ONCE == 0 or self.done == self.total:
            self.progress(self.done, self.total, _("Menulis lembar kerja"))


def _summary(facts: ReportFacts) -> Iterator[Row]:
    about = _("Tentang laporan")
    yield (about, _("Kantor"), facts.office_name, None)
    yield (about, _("Judul"), facts.title, None)
    if facts.subject:
        yield (about, facts.scope.label, facts.subject, None)
    yield (about, _("Periode"), facts.period_label, None)
    yield (about, _("Ringkasan"), facts.headline, None)
    yield (about, _("Dibuat"), show_instant(facts.made_at, facts.zone_name), None)
    yield (about, _("Atas permintaan"), facts.requester, None)
    yield (about, _("Zona waktu"), facts.zone_label, None)
    for standing in facts.standings:
        yield from _headlines(standing)
    posts = _("Publikasi")
    yield (posts, _("Jumlah"), None, Decimal(facts.activity.total))
    yield (posts, _("Buktinya lengkap"), None, Decimal(facts.activity.proven))
    for part, counts in (
        (_("Per kanal"), facts.activity.channels),
        (_("Per jenis konten"), facts.activity.content_types),
        (_("Per seksi"), facts.activity.sections),
    ):
        for count in counts:
            yield (part, count.name, None, Decimal(count.number))
    if facts.person is not None:
        yield (facts.person.name, _("Jabatan"), facts.person.position, None)
        for role in facts.person.roles:
            yield (facts.person.name, role.role, None, Decimal(role.number))
        yield (facts.person.name, _("Jumlah menurut bagian"), None, facts.person.quantity)


def _headlines(standing: StandingFacts) -> Iterator[Row]:
    part = _("Capaian %(period)s", period=standing.period_label)
    yield (part, _("Ringkasan"), standing.headline, None)
    if standing.is_partial:
        yield (
            part,
            _("Catatan"),
            _("Laporan ini hanya memuat sebagian hari dari periode penilaian itu."),
            None,
        )
    yield (part, _("Estimasi nilai"), standing.band, standing.total)
    if standing.subtotal is not None:
        yield (part, _("Jumlah komponen yang sudah dapat dihitung"), None, standing.subtotal)
    if standing.official is not None:
        yield (part, _("Nilai resmi"), standing.official_document, standing.official)
    if standing.closed:
        yield (part, _("Penutupan"), standing.closed, None)
        yield (part, _("Sidik baris buku nilai (SHA-256)"), standing.digest, None)


def _components(facts: ReportFacts) -> Iterator[Row]:
    for standing in facts.standings:
        for one in standing.components:
            yield (
                standing.period_label, one.key, one.label, ComponentKind(one.kind).label, one.weight,
                one.target, one.target_upper,
                one.verified, one.unverified, one.disputed, one.gap, one.value, one.points, one.official, one.letter,
                one.says,
            )  # fmt: skip


def _publications(facts: ReportFacts) -> Iterator[Row]:
    for one in facts.publications():
        yield (
            one.number, one.published_at, facts.zone_label, one.channel, one.content_type, one.title, one.url,
            one.account, one.section, one.makers, state_of(one), one.evidence, one.verifier, one.quantity,
            "; ".join(f"{part.role} {part.share.normalize():f}%" for part in one.parts),
        )  # fmt: skip


def state_of(publication: Publication) -> str:
    """The state of its point in words; empty where no scheme counts it."""
    return publication.state.label if publication.state is not None else ""


def _contributions(facts: ReportFacts) -> Iterator[Row]:
    for standing in facts.standings:
        labels = dict(standing.counted)
        yield from _of(standing, _("seksi"), standing.sections, labels)
        yield from _of(standing, _("orang"), standing.people, labels)


def _of(
    standing: StandingFacts, level: str, rows: Sequence[Contribution], labels: dict[str, str]
) -> Iterator[Row]:
    for one in rows:
        for cell in one.cells:
            label = labels.get(cell.key, cell.key)
            yield (
                standing.period_label, level, one.name, cell.key, label, cell.verified, cell.unverified, cell.target
            )  # fmt: skip


def _short(facts: ReportFacts) -> Iterator[Row]:
    for standing in facts.standings:
        for one in standing.explained.shortfalls if standing.explained else ():
            label = one.row.label
            gap = one.row.gap
            for reason in one.reasons:
                word = str(_REASONS.get(reason.code, reason.code))
                for item in reason.items:
                    title = item.title or _("Naskah rahasia")
                    yield (
                        standing.period_label, label, gap, word, Decimal(1), title, item.who, item.since, item.why
                    )  # fmt: skip
                if reason.number > len(reason.items):
                    rest = Decimal(reason.number - len(reason.items))
                    yield (standing.period_label, label, gap, word, rest, _("(lainnya)"), "", None, "")
            if one.unproposed:
                word = str(_REASONS["unproposed"])
                yield (standing.period_label, label, gap, word, one.unproposed, "", "", None, "")


def _adjustments(facts: ReportFacts) -> Iterator[Row]:
    for standing in facts.standings:
        for one in standing.adjustments:
            yield (
                standing.period_label, one.at, one.component, one.quantity, one.adjusts, one.reason, one.title
            )  # fmt: skip


def _evidence(facts: ReportFacts) -> Iterator[Row]:
    for one, files in with_files(facts):
        newest = files[0] if files else None
        name = ""
        if newest is not None:
            day = one.published_at.astimezone(zone(facts.zone_name)).date()
            name = evidence_name(one.number, day, one.channel, one.title, newest.path.suffix)
        yield (
            one.number, one.title, one.channel, one.url, one.published_at, one.captured_at, facts.zone_label,
            one.evidence, f"{EVIDENCE}/{name}" if name else "", len(files), newest.sha256 if newest else "",
            state_of(one), one.verifier,
        )  # fmt: skip


def with_files(facts: ReportFacts) -> Iterator[tuple[Publication, list[StoredFile]]]:
    """Each publication with its stored files, 500 at a time."""
    several: list[Publication] = []
    for one in facts.publications():
        several.append(one)
        if len(several) == _AT_ONCE:
            yield from _filed(several)
            several = []
    yield from _filed(several)


def _filed(several: list[Publication]) -> Iterator[tuple[Publication, list[StoredFile]]]:
    files = files_of([one.delivery_id for one in several]) if several else {}
    for one in several:
        yield one, files.get(one.delivery_id, [])
