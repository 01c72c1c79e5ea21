"""States, moves and sources of a story."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class StoryState(StrEnum):
    """The life of a story. Open ones are in work."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    ON_HOLD = "on_hold"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """For people."""
        return str(_STATES[self])


OPEN = frozenset({StoryState.DRAFT, StoryState.IN_REVIEW, StoryState.APPROVED, StoryState.ON_HOLD})
OVER = frozenset({StoryState.CANCELLED, StoryState.WITHDRAWN, StoryState.ARCHIVED})


class StoryMove(StrEnum):
    """What can happen to a story."""

    SUBMIT = "submit"
    RECALL = "recall"  # the writer takes it back before a decision
    RETURN = "return"  # koreksi
    APPROVE = "approve"
    RELEASE = "release"  # let out unapproved because it is urgent
    VOID = "void"  # an edit after approval
    PUBLISH = "publish"  # its first post is live
    HOLD = "hold"
    RESUME = "resume"
    CANCEL = "cancel"
    WITHDRAW = "withdraw"
    ARCHIVE = "archive"

    @property
    def label(self) -> str:
        """The wording of the button."""
        return str(_MOVES[self])


class ChangeKind(StrEnum):
    """What happened to a story after readers had seen it."""

    CORRECTION = "correction"  # something was wrong
    UPDATE = "update"  # something has happened since
    WITHDRAWAL = "withdrawal"

    @property
    def label(self) -> str:
        """For people, readers included."""
        return str(_CHANGES[self])


class Lane(StrEnum):
    """The desk's columns: projections of the state. RETURNED is a draft that was sent back, SCHEDULED an approved story
    with a time. In the order of the work.
    """

    DRAFT = "draft"
    RETURNED = "returned"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ON_HOLD = "on_hold"

    @property
    def label(self) -> str:
        """For people."""
        return str(_LANES[self])


class DeskOrder(StrEnum):
    """What a list of stories is sorted by."""

    UPDATED = "baru"
    AGE = "umur"
    DUE = "tenggat"

    @property
    def label(self) -> str:
        """For people."""
        return str(_ORDERS[self])


class DueWithin(StrEnum):
    """How near the next work deadline is."""

    OVERDUE = "terlambat"
    TODAY = "hari-ini"
    WEEK = "minggu-ini"

    @property
    def label(self) -> str:
        """For people."""
        return str(_DUE_WITHIN[self])


class BulkAction(StrEnum):
    """What can be done to several stories at once."""

    ASSIGN = "serahkan"
    DUE = "tenggat"
    PILLAR = "pilar"
    PARK = "tunda"
    SEND_BACK = "kembalikan"
    APPROVE = "setujui"

    @property
    def label(self) -> str:
        """The wording of the button."""
        return str(_BULK_ACTIONS[self])


class StorySource(StrEnum):
    """Where the story comes from."""

    OWN = "own"
    SECTION = "section"
    AGENCY = "agency"
    CHILD_UNIT = "child_unit"
    MONITORING = "monitoring"

    @property
    def label(self) -> str:
        """For people."""
        return str(_SOURCES[self])


class AssignmentState(StrEnum):
    """How far a task is. Whether it was opened is a fact beside it, not a state."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DONE = "done"
    DECLINED = "declined"
    REPLACED = "replaced"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """For people."""
        return str(_ASSIGNMENT_STATES[self])


OPEN_ASSIGNMENT = frozenset({AssignmentState.OFFERED, AssignmentState.ACCEPTED})


class AssignmentMove(StrEnum):
    """What can happen to a task."""

    ACCEPT = "accept"
    DECLINE = "decline"
    FINISH = "finish"
    REOPEN = "reopen"  # finished too early: back to who had accepted it
    REOFFER = "reoffer"  # the same, when it had never been accepted
    REPLACE = "replace"  # somebody else does it
    CANCEL = "cancel"

    @property
    def label(self) -> str:
        """The wording of the button."""
        return str(_ASSIGNMENT_MOVES[self])


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


_STATES = {
    StoryState.DRAFT: _l("Draf"),
    StoryState.IN_REVIEW: _l("Menunggu reviu"),
    StoryState.APPROVED: _l("Disetujui"),
    StoryState.PUBLISHED: _l("Tayang"),
    StoryState.ARCHIVED: _l("Arsip"),
    StoryState.ON_HOLD: _l("Ditunda"),
    StoryState.CANCELLED: _l("Dibatalkan"),
    StoryState.WITHDRAWN: _l("Diturunkan"),
}
_MOVES = {
    StoryMove.SUBMIT: _l("Ajukan untuk disetujui"),
    StoryMove.RECALL: _l("Tarik kembali"),
    StoryMove.RETURN: _l("Kembalikan dengan alasan"),
    StoryMove.APPROVE: _l("Setujui"),
    StoryMove.RELEASE: _l("Terbitkan mendesak"),
    StoryMove.VOID: _l("Ubah sesudah disetujui"),
    StoryMove.PUBLISH: _l("Tayangkan"),
    StoryMove.HOLD: _l("Tunda"),
    StoryMove.RESUME: _l("Lanjutkan"),
    StoryMove.CANCEL: _l("Batalkan"),
    StoryMove.WITHDRAW: _l("Turunkan"),
    StoryMove.ARCHIVE: _l("Arsipkan"),
}
_CHANGES = {
    ChangeKind.CORRECTION: _l("Ralat"),
    ChangeKind.UPDATE: _l("Pembaruan"),
    ChangeKind.WITHDRAWAL: _l("Penurunan"),
}
_SOURCES = {
    StorySource.OWN: _l("Liputan sendiri"),
    StorySource.SECTION: _l("Usulan seksi"),
    StorySource.AGENCY: _l("Rilis unit atau instansi lain"),
    StorySource.CHILD_UNIT: _l("Kiriman unit di bawah"),
    StorySource.MONITORING: _l("Pemantauan isu"),
}
_ASSIGNMENT_STATES = {
    AssignmentState.OFFERED: _l("Belum diterima"),
    AssignmentState.ACCEPTED: _l("Diterima"),
    AssignmentState.DONE: _l("Selesai"),
    AssignmentState.DECLINED: _l("Ditolak"),
    AssignmentState.REPLACED: _l("Dialihkan"),
    AssignmentState.CANCELLED: _l("Dibatalkan"),
}
_ASSIGNMENT_MOVES = {
    AssignmentMove.ACCEPT: _l("Terima"),
    AssignmentMove.DECLINE: _l("Tolak"),
    AssignmentMove.FINISH: _l("Tandai selesai"),
    AssignmentMove.REOPEN: _l("Batalkan tanda selesai"),
    AssignmentMove.REOFFER: _l("Batalkan tanda selesai"),
    AssignmentMove.REPLACE: _l("Ganti orang"),
    AssignmentMove.CANCEL: _l("Batalkan tugas"),
}
_LANES = {
    Lane.DRAFT: _l("Draf"),
    Lane.RETURNED: _l("Perlu koreksi"),
    Lane.IN_REVIEW: _l("Menunggu reviu"),
    Lane.APPROVED: _l("Disetujui"),
    Lane.SCHEDULED: _l("Terjadwal"),
    Lane.PUBLISHED: _l("Tayang"),
    Lane.ON_HOLD: _l("Ditunda"),
}
_ORDERS = {
    DeskOrder.UPDATED: _l("Terakhir diubah"),
    DeskOrder.AGE: _l("Terlama dalam keadaannya"),
    DeskOrder.DUE: _l("Tenggat terdekat"),
}
_DUE_WITHIN = {
    DueWithin.OVERDUE: _l("Terlambat"),
    DueWithin.TODAY: _l("Hari ini"),
    DueWithin.WEEK: _l("Minggu ini"),
}
_BULK_ACTIONS = {
    BulkAction.ASSIGN: _l("Serahkan"),
    BulkAction.DUE: _l("Atur tenggat"),
    BulkAction.PILLAR: _l("Ubah pilar"),
    BulkAction.PARK: _l("Tunda"),
    BulkAction.SEND_BACK: _l("Kembalikan untuk dikoreksi"),
    BulkAction.APPROVE: _l("Setujui"),
}
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
