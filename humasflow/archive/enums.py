"""Words of the room."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class ArchiveState(StrEnum):
    """How far an archive is."""

    QUEUED = "queued"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    REMOVED = "removed"  # its seven days are over, or somebody removed it

    @property
    def label(self) -> str:
        """For people."""
        return str(_LABELS[self])

    @property
    def is_open(self) -> bool:
        """Whether the worker still has something to do."""
        return self in {ArchiveState.QUEUED, ArchiveState.MAKING}


class ArchiveMove(StrEnum):
    """What can happen to it."""

    START = "start"
    FINISH = "finish"
    FAIL = "fail"
    REMOVE = "remove"

    @property
    def label(self) -> str:
        """For people."""
        return str(_MOVE_LABELS[self])


_LABELS = {
    ArchiveState.QUEUED: _l("menunggu"),
    ArchiveState.MAKING: _l("sedang dibuat"),
    ArchiveState.READY: _l("siap diunduh"),
    ArchiveState.FAILED: _l("gagal"),
    ArchiveState.REMOVED: _l("dihapus"),
}

_MOVE_LABELS = {
    ArchiveMove.START: _l("mulai dibuat"),
    ArchiveMove.FINISH: _l("selesai"),
    ArchiveMove.FAIL: _l("gagal"),
    ArchiveMove.REMOVE: _l("hapus"),
}
