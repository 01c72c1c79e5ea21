"""Where past posts come from, how far a run is, and what became of each post."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Source(StrEnum):
    """Where a run reads."""

    WORDPRESS = "wordpress"  # the REST API of a site
    WXR = "wxr"  # an export file of WordPress
    FEED = "feed"  # RSS, Atom or JSON Feed

    @property
    def label(self) -> str:
        """For people."""
        return str(_SOURCES[self])


class RunState(StrEnum):
    """How far a run is. One that met a problem stays where it is and has ``problem``."""

    FETCHING = "fetching"
    READY = "ready"  # a person looks at it
    APPLYING = "applying"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"

    @property
    def label(self) -> str:
        """For people."""
        return str(_RUNS[self])

    @property
    def is_working(self) -> bool:
        """Whether the worker has something to do."""
        return self in (RunState.FETCHING, RunState.APPLYING, RunState.UNDOING)


class ItemState(StrEnum):
    """What became of a post."""

    FOUND = "found"
    KNOWN = "known"  # recorded before, here or further up in the same run
    REFUSED = "refused"
    LEFT_OUT = "left_out"  # outside the dates, or of a category that is not taken
    ADDED = "added"
    UNDONE = "undone"
    KEPT = "kept"  # added, and not taken back by the undo: see the reason

    @property
    def label(self) -> str:
        """For people."""
        return str(_ITEMS[self])


class PictureState(StrEnum):
    """What became of the picture of a post that was added."""

    NONE = "none"
    WANTED = "wanted"
    KEPT = "kept"
    FAILED = "failed"


_SOURCES = {
    Source.WORDPRESS: _l("Situs WordPress"),
    Source.WXR: _l("Berkas ekspor WordPress"),
    Source.FEED: _l("Umpan RSS, Atom, atau JSON"),
}
_RUNS = {
    RunState.FETCHING: _l("Sedang dibaca"),
    RunState.READY: _l("Menunggu Anda periksa"),
    RunState.APPLYING: _l("Sedang dicatat"),
    RunState.DONE: _l("Selesai dicatat"),
    RunState.UNDOING: _l("Sedang dibatalkan"),
    RunState.UNDONE: _l("Dibatalkan"),
}
_ITEMS = {
    ItemState.FOUND: _l("baru"),
    ItemState.KNOWN: _l("sudah ada"),
    ItemState.REFUSED: _l("tidak dapat dicatat"),
    ItemState.LEFT_OUT: _l("tidak diambil"),
    ItemState.ADDED: _l("dicatat"),
    ItemState.UNDONE: _l("dibatalkan"),
    ItemState.KEPT: _l("tetap tercatat"),
}
