"""The states of an import, and what moves it."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class BatchState(StrEnum):
    """Where the import of one file stands."""

    UPLOADED = "uploaded"
    READING = "reading"
    TO_MAP = "to_map"
    CHECKING = "checking"
    CHECKED = "checked"
    APPLYING = "applying"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"
    DISCARDED = "discarded"
    FAILED = "failed"

    @property
    def label(self) -> str:
        """For people."""
        return str(_LABELS[self])

    @property
    def is_working(self) -> bool:
        """Whether the worker is at it."""
        return self in (S.UPLOADED, S.READING, S.CHECKING, S.APPLYING, S.UNDOING)


S = BatchState


class BatchMove(StrEnum):
    """What brings it on."""

    READ = "read"
    READ_DONE = "read_done"
    CHECK = "check"
    CHECK_DONE = "check_done"
    APPLY = "apply"
    APPLY_DONE = "apply_done"
    UNDO = "undo"
    UNDO_DONE = "undo_done"
    DISCARD = "discard"
    FAIL = "fail"

    @property
    def label(self) -> str:
        """For people."""
        return str(_MOVES[self])


_LABELS = {
    S.UPLOADED: _l("Menunggu dibaca"),
    S.READING: _l("Sedang dibaca"),
    S.TO_MAP: _l("Cocokkan kolomnya"),
    S.CHECKING: _l("Sedang diperiksa"),
    S.CHECKED: _l("Siap diimpor"),
    S.APPLYING: _l("Sedang diimpor"),
    S.APPLIED: _l("Selesai diimpor"),
    S.UNDOING: _l("Sedang dibatalkan"),
    S.UNDONE: _l("Dibatalkan"),
    S.DISCARDED: _l("Dibuang"),
    S.FAILED: _l("Terhenti"),
}

_MOVES = {
    BatchMove.READ: _l("Baca"),
    BatchMove.READ_DONE: _l("Selesai dibaca"),
    BatchMove.CHECK: _l("Periksa"),
    BatchMove.CHECK_DONE: _l("Selesai diperiksa"),
    BatchMove.APPLY: _l("Impor"),
    BatchMove.APPLY_DONE: _l("Selesai diimpor"),
    BatchMove.UNDO: _l("Batalkan impor"),
    BatchMove.UNDO_DONE: _l("Selesai dibatalkan"),
    BatchMove.DISCARD: _l("Buang"),
    BatchMove.FAIL: _l("Gagal"),
}
