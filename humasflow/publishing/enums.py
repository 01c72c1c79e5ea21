"""States of a delivery, and what a post shows to people."""

from enum import StrEnum
from typing import Final

from flask_babel import lazy_gettext as _l

# The code of a wait for a quota of which the channel does not say when it comes back: perhaps a person has to pay.
QUOTA_WITHOUT_END: Final = "quota_without_end"


class DeliveryState(StrEnum):
    """From due to live, with every way to stop on the way."""

    QUEUED = "queued"
    HELD = "held"  # came due without approval
    LATE = "late"  # came due too long ago: a person decides
    PAUSED = "paused"  # came due while its account is paused
    PREPARING = "preparing"
    PREPARED = "prepared"
    NEEDS_REAUTH = "needs_reauth"  # the channel lets us in no longer
    QUOTA_WAIT = "quota_wait"  # the channel takes no more for now
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
    GET_READY = "get_ready"
    ASK_PERSON = "ask_person"  # hand to the person who posts by hand
    COMMIT = "commit"
    RECEIVE = "receive"  # the receipt is in
    RECORD = "record"  # a person recorded the address
    LOSE = "lose"  # outcome unknown
    START_OVER = "start_over"  # asked twice, and it is not there
    PAUSE = "pause"
    ASK_SIGN_IN = "ask_sign_in"
    AWAIT_QUOTA = "await_quota"
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
    PAUSED = "paused"
    NEEDS_REAUTH = "needs_reauth"
    QUOTA_WAIT = "quota_wait"
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


class FollowUp(StrEnum):
    """Something more that a live post needs on its channel: a correction, its removal, the first comment."""

    NONE = "none"
    WAITING = "waiting"  # a job does it
    CALLING = "calling"  # the call that cannot be taken back was about to be made
    DONE = "done"
    BY_HAND = "by_hand"  # a person does it
    FAILED = "failed"
    UNKNOWN = "unknown"  # it may be there; a person looks

    @property
    def label(self) -> str:
        """For people."""
        return str(_FOLLOW_UPS[self])


class LinkState(StrEnum):
    """What the last look at a post's address found."""

    UNKNOWN = "unknown"
    ALIVE = "alive"
    DOUBTFUL = "doubtful"  # not there once or twice: it is looked at again
    GONE = "gone"

    @property
    def label(self) -> str:
        """For people."""
        return str(_LINKS[self])


_FOLLOW_UPS = {
    FollowUp.NONE: _l("Tidak ada"),
    FollowUp.WAITING: _l("Menunggu giliran"),
    FollowUp.CALLING: _l("Sedang dikirim"),
    FollowUp.DONE: _l("Selesai"),
    FollowUp.BY_HAND: _l("Dikerjakan orang"),
    FollowUp.FAILED: _l("Gagal"),
    FollowUp.UNKNOWN: _l("Belum pasti"),
}
_LINKS = {
    LinkState.UNKNOWN: _l("Belum diperiksa"),
    LinkState.ALIVE: _l("Terbuka"),
    LinkState.DOUBTFUL: _l("Sempat tidak terbuka"),
    LinkState.GONE: _l("Tidak terbuka lagi"),
}
_DELIVERY = {
    DeliveryState.QUEUED: _l("Menunggu giliran"),
    DeliveryState.HELD: _l("Tertahan, belum disetujui"),
    DeliveryState.LATE: _l("Terlambat, perlu keputusan"),
    DeliveryState.PAUSED: _l("Menunggu, akun dijeda"),
    DeliveryState.PREPARING: _l("Sedang disiapkan"),
    DeliveryState.PREPARED: _l("Siap dikirim"),
    DeliveryState.NEEDS_REAUTH: _l("Menunggu akun disambungkan ulang"),
    DeliveryState.QUOTA_WAIT: _l("Menunggu kuota kanal"),
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
    DeliveryMove.GET_READY: _l("Siap dikirim"),
    DeliveryMove.ASK_PERSON: _l("Minta diunggah"),
    DeliveryMove.COMMIT: _l("Kirim"),
    DeliveryMove.RECEIVE: _l("Catat tayang"),
    DeliveryMove.RECORD: _l("Tandai tayang"),
    DeliveryMove.LOSE: _l("Hasil tidak diketahui"),
    DeliveryMove.START_OVER: _l("Siapkan lagi"),
    DeliveryMove.PAUSE: _l("Tunggu jeda akun"),
    DeliveryMove.ASK_SIGN_IN: _l("Minta akun disambungkan ulang"),
    DeliveryMove.AWAIT_QUOTA: _l("Tunggu kuota"),
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
    PostState.PAUSED: _l("Akun dijeda"),
    PostState.NEEDS_REAUTH: _l("Akun perlu disambungkan"),
    PostState.QUOTA_WAIT: _l("Menunggu kuota"),
    PostState.SENDING: _l("Sedang dikirim"),
    PostState.MANUAL_DUE: _l("Perlu diunggah"),
    PostState.UNKNOWN: _l("Hasil belum pasti"),
    PostState.FAILED: _l("Gagal tayang"),
    PostState.PUBLISHED: _l("Tayang"),
    PostState.WITHDRAWN: _l("Diturunkan"),
    PostState.CANCELLED: _l("Dibatalkan"),
}
