"""Words of the room: what is made, about whom, for which stretch of time, as which file, and the states of a run."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class ReportKind(StrEnum):
    """What a run makes."""

    REPORT = "report"
    PACK = "pack"  # the report, the files of its evidence and their digests, in one ZIP

    @property
    def label(self) -> str:
        """For people."""
        return str(_KINDS[self])


class ReportScope(StrEnum):
    """About whom it is; ``ReportRun.subject_id`` is the section or the person, None for the office."""

    OFFICE = "office"
    SECTION = "section"
    PERSON = "person"

    @property
    def label(self) -> str:
        """For people."""
        return str(_SCOPES[self])


class SpanKind(StrEnum):
    """How long the stretch of a report is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    SEMESTER = "semester"
    YEAR = "year"
    FREE = "free"

    @property
    def label(self) -> str:
        """For people."""
        return str(_SPANS[self])


class ReportFormat(StrEnum):
    """The files of a run, in the order in which they are made: a pack takes in those before it."""

    PDF = "pdf"
    XLSX = "xlsx"
    ZIP = "zip"

    @property
    def label(self) -> str:
        """For people."""
        return str(_FORMATS[self])

    @property
    def media_type(self) -> str:
        """As the browser is told."""
        return _MEDIA_TYPES[self]


class RunState(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """For people."""
        return str(_STATES[self])

    @property
    def is_open(self) -> bool:
        """Whether something will still happen to it by itself."""
        return self in (RunState.QUEUED, RunState.MAKING)


class RunMove(StrEnum):
    """What can happen to a run."""

    START = "start"
    FINISH = "finish"
    FAIL = "fail"
    CANCEL = "cancel"
    EXPIRE = "expire"

    @property
    def label(self) -> str:
        """For people."""
        return str(_MOVES[self])


_KINDS = {ReportKind.REPORT: _l("Laporan"), ReportKind.PACK: _l("Paket bukti")}
_SCOPES = {
    ReportScope.OFFICE: _l("Kantor"),
    ReportScope.SECTION: _l("Seksi"),
    ReportScope.PERSON: _l("Pegawai"),
}
_SPANS = {
    SpanKind.DAY: _l("Harian"),
    SpanKind.WEEK: _l("Mingguan"),
    SpanKind.MONTH: _l("Bulanan"),
    SpanKind.QUARTER: _l("Triwulan"),
    SpanKind.SEMESTER: _l("Semester"),
    SpanKind.YEAR: _l("Tahunan"),
    SpanKind.FREE: _l("Bebas (dari–sampai)"),
}
_FORMATS = {
    ReportFormat.PDF: _l("PDF dengan kop surat"),
    ReportFormat.XLSX: _l("Lembar kerja (XLSX)"),
    ReportFormat.ZIP: _l("Paket bukti (ZIP)"),
}
_MEDIA_TYPES = {
    ReportFormat.PDF: "application/pdf",
    ReportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ReportFormat.ZIP: "application/zip",
}
_STATES = {
    RunState.QUEUED: _l("Menunggu giliran"),
    RunState.MAKING: _l("Sedang dibuat"),
    RunState.READY: _l("Siap diunduh"),
    RunState.FAILED: _l("Gagal dibuat"),
    RunState.EXPIRED: _l("Sudah dihapus"),
    RunState.CANCELLED: _l("Dibatalkan"),
}
_MOVES = {
    RunMove.START: _l("Mulai membuat"),
    RunMove.FINISH: _l("Selesai"),
    RunMove.FAIL: _l("Gagal"),
    RunMove.CANCEL: _l("Batalkan"),
    RunMove.EXPIRE: _l("Hapus karena masa simpan habis"),
}
