"""States of a package, verdicts, and whom a step asks."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class PackageState(StrEnum):
    """The life of a submitted package."""

    PENDING = "pending"
    APPROVED = "approved"
    RETURNED = "returned"
    VOIDED = "voided"  # content changed after submission or approval
    RECALLED = "recalled"

    @property
    def label(self) -> str:
        """For people."""
        return str(_STATES[self])


class PackageMove(StrEnum):
    """What can happen to a package."""

    APPROVE = "approve"  # the last step agreed
    RETURN = "return"
    VOID = "void"
    RECALL = "recall"

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
    """Whom a step asks."""

    SECTION = (
        "section"  # an approver of the story's section; the office's approvers when the story has no section
    )
    OFFICE = "office"  # an approver of the office itself
    PERSON = "person"

    @property
    def label(self) -> str:
        """For people."""
        return str(_SCOPES[self])


_STATES = {
    PackageState.PENDING: _l("Menunggu keputusan"),
    PackageState.APPROVED: _l("Disetujui"),
    PackageState.RETURNED: _l("Perlu koreksi"),
    PackageState.VOIDED: _l("Gugur karena isi berubah"),
    PackageState.RECALLED: _l("Ditarik kembali"),
}
_MOVES = {
    PackageMove.APPROVE: _l("Setujui"),
    PackageMove.RETURN: _l("Kembalikan dengan alasan"),
    PackageMove.VOID: _l("Gugur"),
    PackageMove.RECALL: _l("Tarik kembali"),
}
_SCOPES = {
    StepScope.SECTION: _l("Penyetuju di seksi naskah"),
    StepScope.OFFICE: _l("Penyetuju tingkat kantor"),
    StepScope.PERSON: _l("Orang tertentu"),
}
