"""The life of an event and what public relations owes it."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext


class EventState(StrEnum):
    """Whether an event takes place. A postponed one waits for a new time; with one it is moved, and takes place."""

    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """For people."""
        return str(_STATES[self])


class EventMove(StrEnum):
    """What can become of an event."""

    CANCEL = "cancel"
    POSTPONE = "postpone"
    RESTORE = "restore"
    RETIME = "retime"

    @property
    def label(self) -> str:
        """For people."""
        return str(_MOVES[self])


class EventNeed(StrEnum):
    """What public relations is asked to bring home from an event. The values are codes of production roles."""

    PHOTO = "photo"
    VIDEO = "video"
    NEWS = "news"
    CAPTION = "caption"

    @property
    def label(self) -> str:
        """For people."""
        return str(_NEEDS[self])


class Extent(StrEnum):
    """How much of a repeating event a change is about."""

    ONE = "one"
    FUTURE = "future"
    ALL = "all"

    @property
    def label(self) -> str:
        """For people."""
        return str(_EXTENTS[self])


class FeedState(StrEnum):
    """How the last look at a subscribed calendar went."""

    WAITING = "waiting"
    FINE = "fine"
    FAILED = "failed"
    PAUSED = "paused"  # it failed again and again; a person starts it again

    @property
    def label(self) -> str:
        """For people."""
        return str(_FEEDS[self])


class ImportState(StrEnum):
    """How far a calendar file is that a person brought."""

    WAITING = "waiting"  # to be read
    READ = "read"  # the person looks at what it would do
    CONFIRMED = "confirmed"  # to be taken
    TAKEN = "taken"
    REFUSED = "refused"


_STATES = {
    EventState.CONFIRMED: _l("Pasti"),
    EventState.TENTATIVE: _l("Belum pasti"),
    EventState.POSTPONED: lazy_pgettext("agenda", "Ditunda"),
    EventState.CANCELLED: _l("Dibatalkan"),
}
_MOVES = {
    EventMove.CANCEL: _l("Batalkan agenda"),
    EventMove.POSTPONE: _l("Tunda agenda"),
    EventMove.RESTORE: _l("Pulihkan agenda"),
    EventMove.RETIME: _l("Beri waktu baru"),
}
_NEEDS = {
    EventNeed.PHOTO: _l("Foto"),
    EventNeed.VIDEO: _l("Video"),
    EventNeed.NEWS: _l("Berita"),
    EventNeed.CAPTION: _l("Takarir"),
}
_EXTENTS = {
    Extent.ONE: _l("Yang ini saja"),
    Extent.FUTURE: _l("Yang ini dan sesudahnya"),
    Extent.ALL: _l("Semua"),
}
_FEEDS = {
    FeedState.WAITING: _l("Belum dibaca"),
    FeedState.FINE: _l("Terbaca"),
    FeedState.FAILED: _l("Gagal dibaca"),
    FeedState.PAUSED: _l("Dijeda"),
}
