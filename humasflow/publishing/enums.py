"""States of a delivery, and what a post shows to people."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class DeliveryState(StrEnum):
    """From due to live, with every way to stop on the way."""

    QUEUED = "queued"
    HELD = "held"  # came due without approval
    LATE = "late"  # came due too long ago: a person decides
    PREPARING = "preparing"
    COMMITTING = "committing"
    UNKNOWN = "unknown"
    MANUAL_DUE = "manual_due"
    PUBLISHED = "published"
    FAILED = "failed"
    CANCELLED = "cancelled"
    RETRACTED = "retracted"

    @property
    def label(self) -> str:
        """For people."""
        return str(_DELIVERY[self])


class DeliveryMove(StrEnum):
    """What can happen to a delivery."""

    PREPARE = "prepare"
    ASK_PERSON = "ask_person"  # hand to the person who posts by hand
    COMMIT = "commit"
    RECEIVE = "receive"  # the receipt is in
    RECORD = "record"  # a person recorded the address
    LOSE = "lose"  # outcome unknown
    FAIL = "fail"
    HOLD = "hold"
    DELAY = "delay"
    REQUEUE = "requeue"
    CANCEL = "cancel"
    RETRACT = "retract"

    @property
    def label(self) -> str:
        """The wording of the act."""
        return str(_MOVES[self])


class PostState(StrEnum):
    """What people see on a post; derived from approval and delivery, stored nowhere."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    READY = "ready"
    SCHEDULED = "scheduled"
    HELD = "held"
    LATE = "late"
    SENDING = "sending"
    MANUAL_DUE = "manual_due"
    UNKNOWN = "unknown"
    FAILED = "failed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """For people."""
        return str(_POST[self])


_DELIVERY = {
    DeliveryState.QUEUED: _l("Menunggu giliran"),
    DeliveryState.HELD: _l("Tertahan, belum disetujui"),
    DeliveryState.LATE: _l("Terlambat, perlu keputusan"),
    DeliveryState.PREPARING: _l("Sedang disiapkan"),
    DeliveryState.COMMITTING: _l("Sedang dikirim"),
    DeliveryState.UNKNOWN: _l("Hasil belum pasti"),
    DeliveryState.MANUAL_DUE: _l("Perlu diunggah"),
    DeliveryState.PUBLISHED: _l("Tayang"),
    DeliveryState.FAILED: _l("Gagal tayang"),
    DeliveryState.CANCELLED: _l("Dibatalkan"),
    DeliveryState.RETRACTED: _l("Diturunkan"),
}
_MOVES = {
    DeliveryMove.PREPARE: _l("Siapkan"),
    DeliveryMove.ASK_PERSON: _l("Minta diunggah"),
    DeliveryMove.COMMIT: _l("Kirim"),
    DeliveryMove.RECEIVE: _l("Catat tayang"),
    DeliveryMove.RECORD: _l("Tandai tayang"),
    DeliveryMove.LOSE: _l("Hasil tidak diketahui"),
    DeliveryMove.FAIL: _l("Gagal"),
    DeliveryMove.HOLD: _l("Tahan"),
    DeliveryMove.DELAY: _l("Tanyakan"),
    DeliveryMove.REQUEUE: _l("Terbitkan sekarang"),
    DeliveryMove.CANCEL: _l("Batalkan"),
    DeliveryMove.RETRACT: _l("Turunkan"),
}
_POST = {
    PostState.DRAFT: _l("Draf"),
    PostState.IN_REVIEW: _l("Menunggu reviu"),
    PostState.READY: _l("Siap"),
    PostState.SCHEDULED: _l("Terjadwal"),
    PostState.HELD: _l("Tertahan"),
    PostState.LATE: _l("Terlambat"),
    PostState.SENDING: _l("Sedang dikirim"),
    PostState.MANUAL_DUE: _l("Perlu diunggah"),
    PostState.UNKNOWN: _l("Hasil belum pasti"),
    PostState.FAILED: _l("Gagal tayang"),
    PostState.PUBLISHED: _l("Tayang"),
    PostState.WITHDRAWN: _l("Diturunkan"),
    PostState.CANCELLED: _l("Dibatalkan"),
}
