"""What a story is, and what can be done with it."""

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
# Where nothing that went out is out any more, or ever will be.
GONE = frozenset({StoryState.CANCELLED, StoryState.WITHDRAWN})
OVER = GONE | {StoryState.ARCHIVED}


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
