"""What people are told about, how urgently, and the states of a mail."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class NoticeKind(StrEnum):
    """One kind, one sentence. ``%(title)s`` is the title of the thing it is about."""

    PITCH_NEW = "pitch_new"
    PITCH_ACCEPTED = "pitch_accepted"
    PITCH_PARKED = "pitch_parked"
    PITCH_REJECTED = "pitch_rejected"
    PITCH_REOPENED = "pitch_reopened"
    PITCH_LIVE = "pitch_live"
    STORY_ASSIGNED = "story_assigned"
    REVIEW_WANTED = "review_wanted"
    REVIEW_APPROVED = "review_approved"
    REVIEW_RETURNED = "review_returned"
    APPROVAL_VOIDED = "approval_voided"
    POST_HELD = "post_held"
    POST_LATE = "post_late"
    POST_FAILED = "post_failed"
    POST_LIVE = "post_live"
    MANUAL_DUE = "manual_due"

    @property
    def label(self) -> str:
        """The sentence, with placeholders ``title``, ``actor`` and ``reason``."""
        return str(_SENTENCES[self])

    @property
    def needs_action(self) -> bool:
        """Whether the person is asked to do something, so that it is also sent by e-mail at once."""
        return self in _ACTION


class MailState(StrEnum):
    """The life of a mail."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"

    @property
    def label(self) -> str:
        """For people."""
        return str(_MAIL[self])


class MailSecurity(StrEnum):
    """How the connection to the mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"

    @property
    def label(self) -> str:
        """For people."""
        return str(_SECURITY[self])


K = NoticeKind
_ACTION = frozenset({
    K.REVIEW_WANTED, K.REVIEW_RETURNED, K.POST_HELD, K.POST_LATE, K.POST_FAILED, K.MANUAL_DUE, K.STORY_ASSIGNED,
    K.PITCH_REJECTED, K.PITCH_ACCEPTED, K.APPROVAL_VOIDED, K.REVIEW_APPROVED, K.PITCH_LIVE,
})  # fmt: skip
_SENTENCES = {
    K.PITCH_NEW: _l("Usulan baru dari %(actor)s: %(title)s"),
    K.PITCH_ACCEPTED: _l("Usulan Anda diterima dan mulai digarap: %(title)s"),
    K.PITCH_PARKED: _l("Usulan Anda disimpan untuk nanti: %(title)s"),
    K.PITCH_REJECTED: _l("Usulan Anda belum dapat dipakai: %(title)s. Alasan: %(reason)s"),
    K.PITCH_REOPENED: _l("Usulan Anda dibuka kembali: %(title)s"),
    K.PITCH_LIVE: _l("Usulan Anda sudah tayang: %(title)s"),
    K.STORY_ASSIGNED: _l("%(actor)s menyerahkan naskah kepada Anda: %(title)s"),
    K.REVIEW_WANTED: _l("Menunggu persetujuan Anda: %(title)s"),
    K.REVIEW_APPROVED: _l("Disetujui: %(title)s"),
    K.REVIEW_RETURNED: _l("Perlu koreksi: %(title)s. Alasan: %(reason)s"),
    K.APPROVAL_VOIDED: _l("Isi berubah, persetujuan gugur: %(title)s"),
    K.POST_HELD: _l("Tidak tayang karena belum disetujui: %(title)s"),
    K.POST_LATE: _l("Terlambat tayang, perlu keputusan Anda: %(title)s"),
    K.POST_FAILED: _l("Gagal tayang: %(title)s. %(reason)s"),
    K.POST_LIVE: _l("Sudah tayang: %(title)s"),
    K.MANUAL_DUE: _l("Saatnya mengunggah: %(title)s"),
}
_MAIL = {
    MailState.QUEUED: _l("Menunggu dikirim"),
    MailState.SENT: _l("Terkirim"),
    MailState.FAILED: _l("Gagal terkirim"),
}
_SECURITY = {
    MailSecurity.STARTTLS: _l("STARTTLS (biasanya port 587)"),
    MailSecurity.TLS: _l("TLS langsung (biasanya port 465)"),
    MailSecurity.NONE: _l("Tanpa enkripsi (hanya di jaringan sendiri)"),
}
