"""States of a package, verdicts, whom a step asks, and what happens when nobody answers."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class PackageState(StrEnum):
    """The life of a submitted package."""

    PENDING = "pending"
    APPROVED = "approved"
    RETURNED = "returned"
    VOIDED = "voided"  # content changed after submission or approval
    RECALLED = "recalled"
    RELEASED = "released"  # let out unapproved because it was urgent; somebody has yet to agree

    @property
    def label(self) -> str:
        """For people."""
        return str(_STATES[self])


class PackageMove(StrEnum):
    """What can happen to a package."""

    APPROVE = "approve"  # the last step agreed; or another person did after an urgent release
    RETURN = "return"
    VOID = "void"
    RECALL = "recall"
    RELEASE = "release"

    @property
    def label(self) -> str:
        """The wording of the act."""
        return str(_MOVES[self])


class Verdict(StrEnum):
    """One approver's decision on one step."""

    APPROVE = "approve"
    RETURN = "return"

    @property
    def label(self) -> str:
        """For people."""
        return str({Verdict.APPROVE: _l("Menyetujui"), Verdict.RETURN: _l("Mengembalikan")}[self])


class StepScope(StrEnum):
    """Whom an askee of a step stands for."""

    # An approver of the story's section; the office's approvers when the story has no section.
    SECTION = "section"
    OFFICE = "office"  # an approver of the office itself
    GROUP = "group"  # a named group of approvers
    PERSON = "person"
    GUEST = "guest"  # a named person without an account, asked through a link

    @property
    def label(self) -> str:
        """For people."""
        return str(_SCOPES[self])


class StepRule(StrEnum):
    """How many of a step's askees have to agree."""

    ANY = "any"
    ALL = "all"

    @property
    def label(self) -> str:
        """For people."""
        return str({StepRule.ANY: _l("Cukup salah satu"), StepRule.ALL: _l("Semuanya")}[self])


class UrgentState(StrEnum):
    """What became of something that went out unapproved."""

    OPEN = "open"
    OBJECTED = "objected"
    CLEARED = "cleared"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """For people."""
        return str(_URGENT[self])

    @property
    def is_flagged(self) -> bool:
        """Whether it is still shown everywhere."""
        return self in (UrgentState.OPEN, UrgentState.OBJECTED)


class UrgentMove(StrEnum):
    """What can happen to it."""

    CLEAR = "clear"
    OBJECT = "object"
    WITHDRAW = "withdraw"  # what went out was taken down

    @property
    def label(self) -> str:
        """The wording of the act."""
        return str(_URGENT_MOVES[self])


class ReminderKind(StrEnum):
    """Who called a waiting package to mind."""

    AUTOMATIC = "automatic"
    BY_HAND = "by_hand"
    ESCALATION = "escalation"

    @property
    def label(self) -> str:
        """For people."""
        return str(_REMINDERS[self])


class EscalateTo(StrEnum):
    """Who hears of it when a step waits too long."""

    NEXT_STEP = "next_step"
    LEAD = "lead"
    OFFICE = "office"  # the office's own approvers and acting heads, who may then decide in place

    @property
    def label(self) -> str:
        """For people."""
        return str(_ESCALATE[self])


class LinkState(StrEnum):
    """The life of a guest's link. That its time is over is worked out from the clock."""

    OPEN = "open"
    USED = "used"
    REVOKED = "revoked"

    @property
    def label(self) -> str:
        """For people."""
        return str(_LINKS[self])


class AgeBand(StrEnum):
    """How long something has waited, by the office's own figures."""

    FRESH = "fresh"
    DUE = "due"
    OVERDUE = "overdue"

    @property
    def label(self) -> str:
        """For people."""
        return str(_BANDS[self])


_STATES = {
    PackageState.PENDING: _l("Menunggu keputusan"),
    PackageState.APPROVED: _l("Disetujui"),
    PackageState.RETURNED: _l("Perlu koreksi"),
    PackageState.VOIDED: _l("Gugur karena isi berubah"),
    PackageState.RECALLED: _l("Ditarik kembali"),
    PackageState.RELEASED: _l("Tayang mendesak, belum disahkan"),
}
_MOVES = {
    PackageMove.APPROVE: _l("Setujui"),
    PackageMove.RETURN: _l("Kembalikan dengan alasan"),
    PackageMove.VOID: _l("Gugur"),
    PackageMove.RECALL: _l("Tarik kembali"),
    PackageMove.RELEASE: _l("Terbitkan mendesak"),
}
_SCOPES = {
    StepScope.SECTION: _l("Penyetuju di seksi naskah"),
    StepScope.OFFICE: _l("Penyetuju tingkat kantor"),
    StepScope.GROUP: _l("Grup penyetuju"),
    StepScope.PERSON: _l("Orang tertentu"),
    StepScope.GUEST: _l("Penyetuju tamu"),
}
_URGENT = {
    UrgentState.OPEN: _l("Mendesak, belum disahkan"),
    UrgentState.OBJECTED: _l("Mendesak, ditolak sesudah tayang"),
    UrgentState.CLEARED: _l("Disahkan sesudah tayang"),
    UrgentState.WITHDRAWN: _l("Mendesak, sudah diturunkan"),
}
_URGENT_MOVES = {
    UrgentMove.CLEAR: _l("Sahkan sesudah tayang"),
    UrgentMove.OBJECT: _l("Nyatakan keberatan"),
    UrgentMove.WITHDRAW: _l("Diturunkan"),
}
_REMINDERS = {
    ReminderKind.AUTOMATIC: _l("Pengingat otomatis"),
    ReminderKind.BY_HAND: _l("Diingatkan pengaju"),
    ReminderKind.ESCALATION: _l("Diteruskan karena terlalu lama"),
}
_ESCALATE = {
    EscalateTo.NEXT_STEP: _l("Penyetuju langkah berikutnya"),
    EscalateTo.LEAD: _l("Ketua tim atau pimpinan"),
    EscalateTo.OFFICE: _l(
        "Penyetuju tingkat kantor, termasuk Plh. dan Plt., yang boleh memutuskan menggantikan"
    ),
}
_LINKS = {
    LinkState.OPEN: _l("Berlaku"),
    LinkState.USED: _l("Sudah dipakai"),
    LinkState.REVOKED: _l("Dicabut"),
}
_BANDS = {
    AgeBand.FRESH: _l("Baru"),
    AgeBand.DUE: _l("Perlu segera"),
    AgeBand.OVERDUE: _l("Sudah terlalu lama"),
}
