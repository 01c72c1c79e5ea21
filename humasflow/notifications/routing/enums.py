"""Topics of notices, the ways to a person, how soon, and the states of a delivery."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from humasflow.notifications.enums import NoticeKind as K


class NoticeChannel(StrEnum):
    """The ways to a person."""

    IN_APP = "in_app"
    MAIL = "mail"
    PUSH = "push"
    TELEGRAM = "telegram"

    @property
    def label(self) -> str:
        """For people."""
        return str(_CHANNELS[self])


class NoticeMode(StrEnum):
    """How soon; from the most direct to none."""

    NOW = "now"
    DIGEST = "digest"
    OFF = "off"

    @property
    def label(self) -> str:
        """For people."""
        return str(_MODES[self])


class DeliveryState(StrEnum):
    """What became of telling somebody by one way. ``SKIPPED``: it was read or settled before its time, or nobody is to
    be reached any more.
    """

    WAITING = "waiting"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"

    @property
    def label(self) -> str:
        """For people."""
        return str(_STATES[self])


class NoticeTopic(StrEnum):
    """What people choose by. Every kind of notice belongs to exactly one."""

    PITCHES = "pitches"
    TASKS = "tasks"
    APPROVALS = "approvals"
    STORIES = "stories"
    COMMENTS = "comments"
    PUBLISHING = "publishing"
    TROUBLES = "troubles"
    CORRECTIONS = "corrections"
    AGENDA = "agenda"
    OFFICES = "offices"
    POINTS = "points"
    CHANNELS = "channels"
    SUMMARIES = "summaries"

    @property
    def label(self) -> str:
        """For people."""
        return str(_TOPICS[self][0])

    @property
    def hint(self) -> str:
        """What it is about."""
        return str(_TOPICS[self][1])


T = NoticeTopic
_CHANNELS = {
    NoticeChannel.IN_APP: _l("Di aplikasi"),
    NoticeChannel.MAIL: _l("Surel"),
    NoticeChannel.PUSH: _l("Layar perangkat"),
    NoticeChannel.TELEGRAM: _l("Telegram"),
}
_MODES = {
    NoticeMode.NOW: _l("Langsung"),
    NoticeMode.DIGEST: _l("Ringkasan harian"),
    NoticeMode.OFF: _l("Tidak"),
}
_STATES = {
    DeliveryState.WAITING: _l("Menunggu waktunya"),
    DeliveryState.SENT: _l("Disampaikan"),
    DeliveryState.SKIPPED: _l("Tidak perlu lagi"),
    DeliveryState.FAILED: _l("Gagal"),
}
_TOPICS = {
    T.PITCHES: (_l("Usulan"), _l("Usulan baru dan apa jadinya usulan Anda.")),
    T.TASKS: (_l("Tugas"), _l("Penugasan, tenggat, penolakan, dan pengganti.")),
    T.APPROVALS: (_l("Persetujuan"), _l("Yang menunggu keputusan, hasilnya, dan terbit mendesak.")),
    T.STORIES: (_l("Naskah"), _l("Naskah yang diserahkan atau menyebut Anda.")),
    T.COMMENTS: (_l("Komentar dan usul perubahan"), _l("Percakapan di dalam naskah.")),
    T.PUBLISHING: (_l("Publikasi"), _l("Yang tayang, dan yang perlu diunggah sendiri.")),
    T.TROUBLES: (_l("Gangguan publikasi"), _l("Yang tertahan, terlambat, gagal, atau belum pasti.")),
    T.CORRECTIONS: (_l("Ralat dan penurunan"), _l("Yang perlu dibetulkan atau diturunkan dari tempat tayangnya.")),
    T.AGENDA: (_l("Agenda"), _l("Agenda yang pindah atau batal, dan jadwal yang ikut.")),
    T.OFFICES: (_l("Kampanye dan kantor lain"), _l("Ajakan kampanye dan naskah antarkantor.")),
    T.POINTS: (_l("Nilai"), _l("Publikasi yang dipertanyakan atau dihitung lagi.")),
    T.CHANNELS: (_l("Akun kanal dan surel"), _l("Akun yang dijeda atau perlu disambungkan, surel yang terpental.")),
    T.SUMMARIES: (_l("Kabar berkala dan laporan"), _l("Kabar pagi, kabar mingguan, dan laporan yang selesai.")),
}  # fmt: skip
_KINDS: dict[NoticeTopic, tuple[str, ...]] = {
    T.PITCHES: (
        K.PITCH_NEW, K.PITCH_ACCEPTED, K.PITCH_PARKED, K.PITCH_REJECTED, K.PITCH_REOPENED, K.PITCH_LIVE,
    ),
    T.TASKS: (
        K.TASK_OFFERED, K.TASK_DECLINED, K.TASK_DONE, K.TASK_REOPENED, K.TASK_REPLACED, K.TASK_CANCELLED,
        K.TASK_DUE_CHANGED, K.TASK_DUE_SOON, K.TASK_OVERDUE, K.TASK_LATE, K.TASK_AWAY,
        K.TASK_ESCALATED,
    ),
    T.APPROVALS: (
        K.REVIEW_WANTED, K.REVIEW_APPROVED, K.REVIEW_RETURNED, K.REVIEW_REMINDER, K.REVIEW_ESCALATED, K.APPROVAL_KEPT,
        K.APPROVAL_VOIDED, K.URGENT_RELEASED, K.URGENT_CLEARED, K.URGENT_OBJECTED,
    ),
    T.STORIES: (K.STORY_ASSIGNED, K.STORY_MENTION),
    T.COMMENTS: (
        K.COMMENT_MENTION, K.COMMENT_NEW, K.COMMENT_REPLY, K.SUGGESTION_NEW, K.SUGGESTION_ACCEPTED,
        K.SUGGESTION_DECLINED,
    ),
    T.PUBLISHING: (K.POST_LIVE, K.POST_UNREADY, K.MANUAL_DUE, K.MANUAL_LATE),
    T.TROUBLES: (
        K.POST_HELD, K.POST_LATE, K.POST_FAILED, K.POST_UNCERTAIN, K.POST_WAITS, K.POST_NO_QUOTA, K.POST_LINK_GONE,
        K.FOLLOW_UP_FAILED, K.POSTS_IN_TROUBLE,
    ),
    T.CORRECTIONS: (
        K.CORRECTION_DUE, K.REMOVAL_DUE, K.BY_HAND_LATE, K.TAKEDOWN_WANTED, K.TAKEDOWN_LATE,
    ),
    T.AGENDA: (
        K.AGENDA_MOVED, K.AGENDA_CANCELLED, K.AGENDA_POSTPONED, K.AGENDA_RESTORED, K.POSTS_MOVED, K.POSTS_UNDATED,
    ),
    T.OFFICES: (
        K.CAMPAIGN_OFFERED, K.CAMPAIGN_ADOPTED, K.CAMPAIGN_DECLINED, K.CAMPAIGN_CHANGED, K.CAMPAIGN_STOPPED,
        K.HANDOVER_OFFERED, K.HANDOVER_TAKEN, K.HANDOVER_DECLINED, K.SOURCE_WITHDRAWN, K.SOURCE_CORRECTED,
        K.SOURCE_RENEWED, K.SOURCE_EMBARGOED,
    ),
    T.POINTS: (K.POINT_DISPUTED, K.POINT_CLEARED, K.POINT_SET_ASIDE, K.POINT_RECOUNTED),
    T.CHANNELS: (
        K.CONNECTION_BROKEN, K.CONNECTION_EXPIRING, K.ACCOUNT_PAUSED, K.ACCOUNT_RESUMED, K.ADDRESS_BOUNCED,
    ),
    T.SUMMARIES: (
        K.BRIEF_DAY, K.BRIEF_WEEK, K.IMPORT_CHECKED, K.IMPORT_DONE, K.IMPORT_FAILED, K.IMPORT_UNDONE,
        K.ARCHIVE_READY, K.ARCHIVE_FAILED, K.REPORT_READY, K.REPORT_FAILED, K.REPORT_DELIVERY_FAILED,
    ),
}  # fmt: skip
_TOPIC_OF = {K(kind): topic for topic, kinds in _KINDS.items() for kind in kinds}


def topic_of(kind: K) -> NoticeTopic:
    """The one topic of a kind. Raises KeyError for a kind that nobody gave one: it has to be chosen here."""
    return _TOPIC_OF[kind]


def kinds_of(topic: NoticeTopic) -> tuple[K, ...]:
    """The kinds of a topic, in the order in which they are shown."""
    return tuple(K(kind) for kind in _KINDS[topic])
