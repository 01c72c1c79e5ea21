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
    STORY_MENTION = "story_mention"
    COMMENT_MENTION = "comment_mention"
    COMMENT_NEW = "comment_new"
    COMMENT_REPLY = "comment_reply"
    SUGGESTION_NEW = "suggestion_new"
    SUGGESTION_ACCEPTED = "suggestion_accepted"
    SUGGESTION_DECLINED = "suggestion_declined"
    TASK_OFFERED = "task_offered"
    TASK_DECLINED = "task_declined"
    TASK_DONE = "task_done"
    TASK_REOPENED = "task_reopened"
    TASK_REPLACED = "task_replaced"
    TASK_CANCELLED = "task_cancelled"
    TASK_DUE_CHANGED = "task_due_changed"
    TASK_DUE_SOON = "task_due_soon"
    TASK_OVERDUE = "task_overdue"
    TASK_LATE = "task_late"
    TASK_AWAY = "task_away"
    TASK_ESCALATED = "task_escalated"
    REVIEW_WANTED = "review_wanted"
    REVIEW_APPROVED = "review_approved"
    REVIEW_RETURNED = "review_returned"
    REVIEW_REMINDER = "review_reminder"
    REVIEW_ESCALATED = "review_escalated"
    APPROVAL_KEPT = "approval_kept"
    URGENT_RELEASED = "urgent_released"
    URGENT_CLEARED = "urgent_cleared"
    URGENT_OBJECTED = "urgent_objected"
    APPROVAL_VOIDED = "approval_voided"
    POST_HELD = "post_held"
    POST_LATE = "post_late"
    POST_FAILED = "post_failed"
    POST_UNCERTAIN = "post_uncertain"
    POST_WAITS = "post_waits"
    POST_NO_QUOTA = "post_no_quota"
    POST_LINK_GONE = "post_link_gone"
    POST_UNREADY = "post_unready"
    POINT_DISPUTED = "point_disputed"
    POINT_CLEARED = "point_cleared"
    POINT_SET_ASIDE = "point_set_aside"
    POINT_RECOUNTED = "point_recounted"
    FOLLOW_UP_FAILED = "follow_up_failed"
    POSTS_IN_TROUBLE = "posts_in_trouble"
    POST_LIVE = "post_live"
    MANUAL_DUE = "manual_due"
    MANUAL_LATE = "manual_late"
    BY_HAND_LATE = "by_hand_late"
    TAKEDOWN_WANTED = "takedown_wanted"
    TAKEDOWN_LATE = "takedown_late"
    CORRECTION_DUE = "correction_due"
    REMOVAL_DUE = "removal_due"
    CONNECTION_BROKEN = "connection_broken"
    CONNECTION_EXPIRING = "connection_expiring"
    ACCOUNT_PAUSED = "account_paused"
    ACCOUNT_RESUMED = "account_resumed"
    CAMPAIGN_OFFERED = "campaign_offered"
    CAMPAIGN_ADOPTED = "campaign_adopted"
    CAMPAIGN_DECLINED = "campaign_declined"
    CAMPAIGN_CHANGED = "campaign_changed"
    CAMPAIGN_STOPPED = "campaign_stopped"
    HANDOVER_OFFERED = "handover_offered"
    HANDOVER_TAKEN = "handover_taken"
    HANDOVER_DECLINED = "handover_declined"
    SOURCE_WITHDRAWN = "source_withdrawn"
    SOURCE_CORRECTED = "source_corrected"
    SOURCE_RENEWED = "source_renewed"
    SOURCE_EMBARGOED = "source_embargoed"
    AGENDA_MOVED = "agenda_moved"
    AGENDA_CANCELLED = "agenda_cancelled"
    AGENDA_POSTPONED = "agenda_postponed"
    AGENDA_RESTORED = "agenda_restored"
    POSTS_MOVED = "posts_moved"
    POSTS_UNDATED = "posts_undated"
    ADDRESS_BOUNCED = "address_bounced"
    REPORT_DELIVERY_FAILED = "report_delivery_failed"
    REPORT_READY = "report_ready"
    REPORT_FAILED = "report_failed"
    IMPORT_CHECKED = "import_checked"
    IMPORT_DONE = "import_done"
    IMPORT_FAILED = "import_failed"
    IMPORT_UNDONE = "import_undone"
    ARCHIVE_READY = "archive_ready"
    ARCHIVE_FAILED = "archive_failed"
    BRIEF_DAY = "brief_day"
    BRIEF_WEEK = "brief_week"

    @property
    def label(self) -> str:
        """The sentence, with placeholders ``title``, ``actor`` and ``reason``."""
        return str(_SENTENCES[self])

    @property
    def needs_action(self) -> bool:
        """Whether the person is asked to do something, so that it is also sent by e-mail at once."""
        return self in _ACTION

    @property
    def is_trouble(self) -> bool:
        """Whether its mail goes before other mail: a post stopped, and people are to hear of it within a minute."""
        return self in _TROUBLE


class MailState(StrEnum):
    """The life of a mail."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"  # taken by our server, given back by another
    HELD = "held"  # not sent: mail to this address came back

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


class MailFault(StrEnum):
    """Why a mail did not go out, as far as the sending side can tell."""

    UNKNOWN_HOST = "unknown_host"
    UNREACHABLE = "unreachable"
    NOT_A_MAIL_SERVER = "not_a_mail_server"
    CERTIFICATE = "certificate"
    NO_ENCRYPTION = "no_encryption"
    NO_SIGN_IN = "no_sign_in"
    SIGN_IN_WANTED = "sign_in_wanted"
    PASSWORD = "password"
    SENDER_REFUSED = "sender_refused"
    RECIPIENT_REFUSED = "recipient_refused"
    CONTENT_REFUSED = "content_refused"
    BUSY = "busy"
    CUT_OFF = "cut_off"
    UNCERTAIN = "uncertain"
    NO_SETTINGS = "no_settings"
    KEY_LOST = "key_lost"
    TEXT_GONE = "text_gone"
    BOUNCED_ADDRESS = "bounced_address"
    BOUNCED_FULL = "bounced_full"
    BOUNCED_REFUSED = "bounced_refused"
    DELAYED = "delayed"
    ADDRESS_HELD = "address_held"

    @property
    def label(self) -> str:
        """What happened and what to look at, in plain words."""
        return str(_FAULTS[self])

    @property
    def is_permanent(self) -> bool:
        """Whether trying again with the same mail cannot help."""
        return self in _PERMANENT

    @property
    def lies_in_settings(self) -> bool:
        """Whether a person has to change the settings first; tries are then far apart, so that no account is locked."""
        return self in _SETTINGS


F = MailFault
_PERMANENT = frozenset({
    F.SENDER_REFUSED, F.RECIPIENT_REFUSED, F.CONTENT_REFUSED, F.NO_SETTINGS, F.KEY_LOST, F.TEXT_GONE,
})  # fmt: skip
_SETTINGS = frozenset({
    F.UNKNOWN_HOST, F.NOT_A_MAIL_SERVER, F.CERTIFICATE, F.NO_ENCRYPTION, F.NO_SIGN_IN, F.SIGN_IN_WANTED, F.PASSWORD,
})  # fmt: skip
_FAULTS = {
    F.UNKNOWN_HOST: _l("Nama server tidak ditemukan. Periksa ejaannya."),
    F.UNREACHABLE: _l("Server tidak dapat dihubungi. Periksa nama server, port, dan tembok api jaringan."),
    F.NOT_A_MAIL_SERVER: _l(
        "Yang menjawab di port itu bukan server surel. Periksa port dan jenis pengamanannya."
    ),
    F.CERTIFICATE: _l("Sertifikat server tidak dapat dipercaya atau bukan untuk nama server itu."),
    F.NO_ENCRYPTION: _l("Server tidak menawarkan STARTTLS. Coba TLS langsung di port 465."),
    F.NO_SIGN_IN: _l(
        "Server tidak menerima nama pengguna di sambungan ini. Kosongkan, atau pakai pengamanan lain."
    ),
    F.SIGN_IN_WANTED: _l("Server meminta nama pengguna dan kata sandi."),
    F.PASSWORD: _l("Server menolak nama pengguna atau kata sandi."),
    F.SENDER_REFUSED: _l("Server menolak alamat pengirim."),
    F.RECIPIENT_REFUSED: _l("Server menolak alamat penerima."),
    F.CONTENT_REFUSED: _l("Server menolak isi surel."),
    F.BUSY: _l("Server sedang sibuk dan meminta kita mencoba lagi nanti."),
    F.CUT_OFF: _l("Sambungan terputus sebelum surel diterima."),
    F.UNCERTAIN: _l("Surel sudah diserahkan, tetapi server tidak memberi jawaban; mungkin sudah sampai."),
    F.NO_SETTINGS: _l("Pengaturan surel kantor belum ada."),
    F.KEY_LOST: _l(
        "Kata sandi surel tidak dapat dibuka dengan kunci sekarang. Ketik ulang di pengaturan surel."
    ),
    F.TEXT_GONE: _l("Tautan undangan dalam surel ini sudah dihapus demi keamanan. Kirim undangan baru."),
    F.BOUNCED_ADDRESS: _l("Alamat ini tidak ada atau tidak dapat menerima surel lagi."),
    F.BOUNCED_FULL: _l("Kotak surat penerima penuh atau surelnya terlalu besar untuknya."),
    F.BOUNCED_REFUSED: _l("Server penerima menolak surel ini."),
    F.DELAYED: _l("Belum sampai; server surel masih mencoba."),
    F.ADDRESS_HELD: _l("Tidak dikirim karena surel ke alamat ini pernah terpental."),
}

K = NoticeKind
_ACTION = frozenset({
    K.TAKEDOWN_WANTED, K.TAKEDOWN_LATE,
    K.REVIEW_REMINDER, K.REVIEW_ESCALATED, K.URGENT_RELEASED, K.URGENT_OBJECTED,
    K.REVIEW_WANTED, K.REVIEW_RETURNED, K.POST_HELD, K.POST_LATE, K.POST_FAILED, K.MANUAL_DUE, K.STORY_ASSIGNED,
    K.MANUAL_LATE, K.BY_HAND_LATE, K.POST_NO_QUOTA,
    K.POST_UNCERTAIN, K.POST_WAITS, K.POST_LINK_GONE, K.FOLLOW_UP_FAILED, K.POSTS_IN_TROUBLE, K.REMOVAL_DUE,
    K.CONNECTION_BROKEN, K.CONNECTION_EXPIRING,
    K.COMMENT_MENTION, K.CAMPAIGN_OFFERED, K.HANDOVER_OFFERED, K.POINT_DISPUTED,
    K.SOURCE_WITHDRAWN, K.SOURCE_CORRECTED, K.SOURCE_RENEWED, K.SOURCE_EMBARGOED,
    K.TASK_OFFERED, K.TASK_DECLINED, K.TASK_REPLACED, K.TASK_CANCELLED, K.TASK_DUE_CHANGED, K.TASK_DUE_SOON,
    K.TASK_OVERDUE, K.TASK_AWAY, K.TASK_ESCALATED, K.POST_UNREADY,
    K.AGENDA_MOVED, K.AGENDA_CANCELLED, K.AGENDA_POSTPONED, K.AGENDA_RESTORED, K.POSTS_UNDATED,
    K.CORRECTION_DUE, K.PITCH_REJECTED, K.PITCH_ACCEPTED, K.APPROVAL_VOIDED, K.REVIEW_APPROVED, K.PITCH_LIVE,
})  # fmt: skip
_TROUBLE = frozenset({
    K.POST_HELD, K.POST_LATE, K.POST_FAILED, K.POST_UNCERTAIN, K.POST_WAITS, K.POST_NO_QUOTA, K.POST_LINK_GONE,
    K.FOLLOW_UP_FAILED, K.POSTS_IN_TROUBLE, K.CONNECTION_BROKEN,
})  # fmt: skip
_SENTENCES = {
    K.REPORT_READY: _l("Siap diunduh: %(title)s. %(reason)s"),
    K.REPORT_FAILED: _l("Gagal dibuat: %(title)s. %(reason)s"),
    K.IMPORT_CHECKED: _l("Selesai dibaca dan siap diimpor: %(title)s"),
    K.IMPORT_DONE: _l("Impor selesai: %(title)s"),
    K.IMPORT_FAILED: _l("Impor terhenti: %(title)s. %(reason)s"),
    K.IMPORT_UNDONE: _l("Impor selesai dibatalkan: %(title)s"),
    K.BRIEF_DAY: _l("Kabar pagi: %(title)s"),
    K.BRIEF_WEEK: _l("Kabar mingguan: %(title)s"),
    K.ARCHIVE_READY: _l("Arsip kantor siap diunduh: %(title)s"),
    K.ARCHIVE_FAILED: _l("Arsip kantor gagal dibuat: %(title)s. %(reason)s"),
    K.REPORT_DELIVERY_FAILED: _l("Laporan terjadwal tidak terkirim: %(title)s. %(reason)s"),
    K.PITCH_NEW: _l("Usulan baru dari %(actor)s: %(title)s"),
    K.PITCH_ACCEPTED: _l("Usulan Anda diterima dan mulai digarap: %(title)s"),
    K.PITCH_PARKED: _l("Usulan Anda disimpan untuk nanti: %(title)s"),
    K.PITCH_REJECTED: _l("Usulan Anda belum dapat dipakai: %(title)s. Alasan: %(reason)s"),
    K.PITCH_REOPENED: _l("Usulan Anda dibuka kembali: %(title)s"),
    K.PITCH_LIVE: _l("Usulan Anda sudah tayang: %(title)s"),
    K.STORY_ASSIGNED: _l("%(actor)s menyerahkan naskah kepada Anda: %(title)s"),
    K.STORY_MENTION: _l("%(actor)s menyebut Anda dalam naskah: %(title)s"),
    K.COMMENT_MENTION: _l("%(actor)s menyebut Anda dalam komentar: %(title)s"),
    K.COMMENT_NEW: _l("%(actor)s mengomentari naskah Anda: %(title)s"),
    K.COMMENT_REPLY: _l("%(actor)s membalas komentar: %(title)s"),
    K.SUGGESTION_NEW: _l("%(actor)s mengusulkan perubahan pada naskah Anda: %(title)s"),
    K.SUGGESTION_ACCEPTED: _l("%(actor)s menerima usul perubahan Anda: %(title)s"),
    K.SUGGESTION_DECLINED: _l("%(actor)s tidak memakai usul perubahan Anda: %(title)s"),
    K.TASK_OFFERED: _l("%(actor)s menugaskan Anda: %(title)s"),
    K.TASK_DECLINED: _l("Butuh pengganti, %(actor)s menolak tugas: %(title)s. Alasan: %(reason)s"),
    K.TASK_DONE: _l("%(actor)s menandai tugas selesai: %(title)s"),
    K.TASK_REOPENED: _l("%(actor)s membuka lagi tugas: %(title)s"),
    K.TASK_REPLACED: _l("Tugas Anda dialihkan kepada orang lain: %(title)s"),
    K.TASK_CANCELLED: _l("Tugas Anda dibatalkan: %(title)s. Alasan: %(reason)s"),
    K.TASK_DUE_CHANGED: _l("Tenggat tugas Anda diubah: %(title)s. Sekarang %(reason)s"),
    K.TASK_DUE_SOON: _l("Tenggat kurang dari sehari lagi: %(title)s, %(reason)s"),
    K.TASK_OVERDUE: _l("Tenggat tugas Anda sudah lewat: %(title)s, %(reason)s"),
    K.TASK_LATE: _l("Tugas %(actor)s lewat tenggat: %(title)s"),
    K.TASK_AWAY: _l("Butuh pengganti? %(actor)s tidak di tempat saat tenggat (%(reason)s): %(title)s"),
    K.TASK_ESCALATED: _l("Tugas %(actor)s lewat tenggat %(reason)s: %(title)s"),
    K.POST_UNREADY: _l("Dijadwalkan %(reason)s: %(title)s"),
    K.REVIEW_WANTED: _l("Menunggu persetujuan Anda: %(title)s"),
    K.REVIEW_APPROVED: _l("Disetujui: %(title)s"),
    K.REVIEW_RETURNED: _l("Perlu koreksi: %(title)s. Alasan: %(reason)s"),
    K.REVIEW_REMINDER: _l("Masih menunggu persetujuan Anda: %(title)s"),
    K.REVIEW_ESCALATED: _l("Terlalu lama menunggu keputusan: %(title)s. Menunggu %(reason)s"),
    K.APPROVAL_KEPT: _l(
        "Berubah sesudah Anda setujui, persetujuan tetap berlaku: %(title)s. Yang berubah: %(reason)s"
    ),
    K.URGENT_RELEASED: _l(
        "Terbit mendesak tanpa persetujuan, perlu Anda sahkan: %(title)s. Alasan: %(reason)s"
    ),
    K.URGENT_CLEARED: _l("Yang terbit mendesak sudah disahkan: %(title)s"),
    K.URGENT_OBJECTED: _l("%(actor)s keberatan atas yang terbit mendesak: %(title)s. Alasan: %(reason)s"),
    K.APPROVAL_VOIDED: _l("Isi berubah, persetujuan gugur: %(title)s"),
    K.POST_HELD: _l("Tidak tayang karena belum disetujui: %(title)s"),
    K.POST_LATE: _l("Terlambat tayang, perlu keputusan Anda: %(title)s"),
    K.POST_FAILED: _l("Gagal tayang: %(title)s. %(reason)s"),
    K.POST_UNCERTAIN: _l("Belum pasti sudah tayang atau tidak, periksa di kanalnya: %(title)s"),
    K.POST_WAITS: _l("Belum tayang, akunnya perlu disambungkan ulang: %(title)s"),
    K.POST_NO_QUOTA: _l("Belum tayang, kuota kanalnya habis: %(title)s. %(reason)s"),
    K.POST_LINK_GONE: _l("Tautannya tidak terbuka lagi: %(title)s"),
    K.POINT_DISPUTED: _l("%(actor)s mempertanyakan nilai publikasi ini: %(title)s. Alasan: %(reason)s"),
    K.POINT_CLEARED: _l("%(actor)s sudah memeriksa, publikasi ini tidak dipertanyakan lagi: %(title)s"),
    K.POINT_SET_ASIDE: _l("%(actor)s memutuskan publikasi ini tidak dihitung: %(title)s. Alasan: %(reason)s"),
    K.POINT_RECOUNTED: _l("%(actor)s memutuskan publikasi ini dihitung lagi: %(title)s"),
    K.FOLLOW_UP_FAILED: _l("Sudah tayang, tetapi perlu Anda lihat: %(title)s. %(reason)s"),
    K.POSTS_IN_TROUBLE: "%(title)s",
    K.POST_LIVE: _l("Sudah tayang: %(title)s"),
    K.CORRECTION_DUE: _l("Ralat disetujui, betulkan unggahannya: %(title)s"),
    K.REMOVAL_DUE: _l("Perlu dihapus dari kanalnya: %(title)s"),
    K.MANUAL_DUE: _l("Saatnya mengunggah: %(title)s"),
    K.MANUAL_LATE: _l("Belum tercatat diunggah: %(title)s. %(reason)s"),
    K.BY_HAND_LATE: _l("Belum tercatat dibereskan di kanalnya: %(title)s. %(reason)s"),
    K.CONNECTION_BROKEN: _l("%(title)s perlu disambungkan ulang. %(reason)s"),
    K.CONNECTION_EXPIRING: _l("Izin %(title)s berakhir %(reason)s. Sambungkan ulang sebelum itu."),
    K.ACCOUNT_PAUSED: _l("%(actor)s menjeda %(title)s. Publikasinya menunggu sampai dilanjutkan. %(reason)s"),
    K.ACCOUNT_RESUMED: _l("%(actor)s melanjutkan %(title)s. Yang menunggu segera diproses."),
    K.CAMPAIGN_OFFERED: _l("%(actor)s mengajak kantor Anda mengikuti kampanye: %(title)s"),
    K.CAMPAIGN_ADOPTED: _l("%(actor)s mengikuti kampanye: %(title)s"),
    K.CAMPAIGN_DECLINED: _l("%(actor)s tidak mengikuti kampanye: %(title)s. Alasan: %(reason)s"),
    K.CAMPAIGN_CHANGED: _l(
        "%(actor)s mengubah kampanye yang kantor Anda ikuti: %(title)s. Yang berubah: %(reason)s"
    ),
    K.CAMPAIGN_STOPPED: _l("%(actor)s menonaktifkan kampanye yang kantor Anda ikuti: %(title)s"),
    K.HANDOVER_OFFERED: _l("Kiriman naskah dari %(actor)s: %(title)s"),
    K.HANDOVER_TAKEN: _l("%(actor)s mengambil naskah Anda: %(title)s"),
    K.HANDOVER_DECLINED: _l("%(actor)s tidak mengambil naskah Anda: %(title)s. Alasan: %(reason)s"),
    K.SOURCE_WITHDRAWN: _l(
        "%(actor)s menurunkan atau membatalkan naskah yang dikirim ke kantor Anda: %(title)s. %(reason)s"
    ),
    K.SOURCE_CORRECTED: _l("%(actor)s membetulkan naskah yang kantor Anda ambil: %(title)s. %(reason)s"),
    K.SOURCE_RENEWED: _l("%(actor)s menyetujui versi baru naskah yang kantor Anda ambil: %(title)s"),
    K.SOURCE_EMBARGOED: _l("%(actor)s mengubah embargo naskah yang kantor Anda ambil: %(title)s, %(reason)s"),
    K.TAKEDOWN_WANTED: _l("Perlu diturunkan dalam 72 jam: %(title)s. Alasan: %(reason)s"),
    K.TAKEDOWN_LATE: _l("Lewat 72 jam dan belum diturunkan: %(title)s. Alasan: %(reason)s"),
    K.AGENDA_MOVED: _l("Agenda yang diliput pindah waktu: %(title)s (%(reason)s)"),
    K.AGENDA_CANCELLED: _l("Agenda yang diliput dibatalkan: %(title)s (%(reason)s)"),
    K.AGENDA_POSTPONED: _l("Agenda yang diliput ditunda: %(title)s (%(reason)s)"),
    K.AGENDA_RESTORED: _l("Agenda yang diliput jadi berlangsung: %(title)s (%(reason)s)"),
    K.POSTS_MOVED: _l("Jadwal tayang mengikuti agenda: %(title)s, %(reason)s"),
    K.POSTS_UNDATED: _l("Jadwal tayang lepas karena agendanya berubah: %(title)s, %(reason)s"),
    K.ADDRESS_BOUNCED: _l("Surel ke %(title)s terpental: %(reason)s Surel berikutnya ke alamat itu ditahan."),
}
_MAIL = {
    MailState.QUEUED: _l("Menunggu dikirim"),
    MailState.SENT: _l("Terkirim"),
    MailState.FAILED: _l("Gagal terkirim"),
    MailState.BOUNCED: _l("Terpental"),
    MailState.HELD: _l("Ditahan"),
}
_SECURITY = {
    MailSecurity.STARTTLS: _l("STARTTLS"),
    MailSecurity.TLS: _l("TLS langsung"),
    MailSecurity.NONE: _l("Tanpa enkripsi (hanya di jaringan sendiri)"),
}
