"""Words of comments, suggestions and people in the same text."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class PresenceMode(StrEnum):
    """What somebody does with a story that they have open."""

    READING = "reading"
    EDITING = "editing"

    @property
    def label(self) -> str:
        """For people, after the name."""
        return str(_PRESENCE[self])


class AnchorState(StrEnum):
    """Whether the passage that a remark stands at is still what was chosen."""

    HELD = "held"
    CHANGED = "changed"  # rewritten; the place is known
    LOST = "lost"  # gone; it finds back when the words come back

    @property
    def label(self) -> str:
        """For people."""
        return str(_ANCHORS[self])


class ThreadKind(StrEnum):
    """What a thread of comments began with."""

    NOTE = "note"
    SUGGESTION = "suggestion"
    RETURN = "return"  # the reason with which the story was sent back

    @property
    def label(self) -> str:
        """For people."""
        return str(_THREAD_KINDS[self])


class ThreadState(StrEnum):
    """Whether a thread still asks for something."""

    OPEN = "open"
    RESOLVED = "resolved"

    @property
    def label(self) -> str:
        """For people."""
        return str(_THREAD_STATES[self])


class ThreadMove(StrEnum):
    """What can happen to a thread."""

    RESOLVE = "resolve"
    REOPEN = "reopen"

    @property
    def label(self) -> str:
        """The wording of the button."""
        return str(_THREAD_MOVES[self])


class SuggestionState(StrEnum):
    """What became of a suggested change."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    STALE = "stale"  # the passage is no longer what the change was meant for

    @property
    def label(self) -> str:
        """For people."""
        return str(_SUGGESTIONS[self])


class SuggestionMove(StrEnum):
    """What can happen to a suggested change. The last two are the product's: they follow the text."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    REVIVE = "revive"

    @property
    def label(self) -> str:
        """The wording of the button."""
        return str(_SUGGESTION_MOVES[self])


_PRESENCE = {PresenceMode.READING: _l("membaca"), PresenceMode.EDITING: _l("menyunting")}

_ANCHORS = {
    AnchorState.HELD: _l("Masih seperti saat dikomentari"),
    AnchorState.CHANGED: _l("Bagian ini sudah berubah"),
    AnchorState.LOST: _l("Bagian ini sudah tidak ada"),
}

_THREAD_KINDS = {
    ThreadKind.NOTE: _l("Komentar"),
    ThreadKind.SUGGESTION: _l("Usul perubahan"),
    ThreadKind.RETURN: _l("Alasan dikembalikan"),
}

_THREAD_STATES = {ThreadState.OPEN: _l("Terbuka"), ThreadState.RESOLVED: _l("Selesai")}

_THREAD_MOVES = {ThreadMove.RESOLVE: _l("Tandai selesai"), ThreadMove.REOPEN: _l("Buka kembali")}

_SUGGESTIONS = {
    SuggestionState.OFFERED: _l("Menunggu jawaban"),
    SuggestionState.ACCEPTED: _l("Diterima"),
    SuggestionState.DECLINED: _l("Tidak dipakai"),
    SuggestionState.WITHDRAWN: _l("Ditarik"),
    SuggestionState.STALE: _l("Bagiannya sudah berubah"),
}

_SUGGESTION_MOVES = {
    SuggestionMove.ACCEPT: _l("Terima"),
    SuggestionMove.DECLINE: _l("Tidak dipakai"),
    SuggestionMove.WITHDRAW: _l("Tarik usul"),
    SuggestionMove.EXPIRE: _l("Bagiannya berubah"),
    SuggestionMove.REVIVE: _l("Bagiannya kembali seperti semula"),
}
