"""What can stand in the record: ``room.subject.verb``, with the sentence a timeline shows."""

from enum import StrEnum
from typing import Self

from flask_babel import lazy_gettext as _l


class AuditAction(StrEnum):
    """Alphabetical within a room. Sentences read after the actor's name: "Siti Rahma *mengirim usulan ini*"."""

    sentence: object

    def __new__(cls, name: str, sentence: object) -> Self:
        """The value is the name alone, which the database keeps."""
        made = str.__new__(cls, name)
        made._value_ = name
        made.sentence = sentence
        return made

    OFFICE_CREATED = "orgs.office.created", _l("menyiapkan kantor ini")
    OFFICE_CHANGED = "orgs.office.changed", _l("mengubah data kantor")
    SECRETS_ROTATED = "setup.secrets.rotated", _l("mengenkripsi ulang kata sandi dan izin dengan kunci baru")
    SAMPLE_WIPED = "orgs.sample.wiped", _l("menghapus kantor contoh")
    SECTION_CREATED = "orgs.section.created", _l("menambah seksi")
    SECTION_CHANGED = "orgs.section.changed", _l("mengubah seksi")

    USER_CREATED = "accounts.user.created", _l("menambah pengguna")
    USER_CHANGED = "accounts.user.changed", _l("mengubah data pengguna")
    USER_DISABLED = "accounts.user.disabled", _l("menonaktifkan pengguna")
    USER_ENABLED = "accounts.user.enabled", _l("mengaktifkan kembali pengguna")
    USER_INVITED = "accounts.user.invited", _l("mengirim undangan masuk")
    PASSWORD_CHANGED = "accounts.password.changed", _l("mengganti kata sandi")
    PROFILE_CHANGED = "accounts.profile.changed", _l("mengubah profil")
    ROLE_GRANTED = "accounts.role.granted", _l("memberi peran")
    ROLE_ENDED = "accounts.role.ended", _l("mengakhiri peran")
    ABSENCE_RECORDED = "accounts.absence.recorded", _l("mencatat ketidakhadiran")
    ABSENCE_CHANGED = "accounts.absence.changed", _l("mengubah ketidakhadiran")
    ABSENCE_REMOVED = "accounts.absence.removed", _l("menghapus ketidakhadiran")
    SIGNED_IN = "accounts.session.opened", _l("masuk")
    SIGNED_OUT = "accounts.session.closed", _l("keluar")
    SESSIONS_REVOKED = "accounts.sessions.revoked", _l("keluar dari semua perangkat")

    CONTENT_TYPE_CHANGED = "planning.content_type.changed", _l("mengubah jenis konten")
    CONTENT_TYPE_CREATED = "planning.content_type.created", _l("menambah jenis konten")
    PILLAR_CHANGED = "planning.pillar.changed", _l("mengubah pilar konten")
    PILLAR_CREATED = "planning.pillar.created", _l("menambah pilar konten")
    PRODUCTION_ROLE_CHANGED = "planning.production_role.changed", _l("mengubah peran produksi")
    PRODUCTION_ROLE_CREATED = "planning.production_role.created", _l("menambah peran produksi")
    AGENDA_CREATED = "planning.agenda.created", _l("menambah agenda")
    AGENDA_CHANGED = "planning.agenda.changed", _l("mengubah agenda")
    AGENDA_MOVED = "planning.agenda.moved", _l("memindahkan agenda")
    AGENDA_SPLIT = "planning.agenda.split", _l("memisahkan agenda mulai tanggal ini")
    AGENDA_CANCELLED = "planning.agenda.cancelled", _l("membatalkan agenda")
    AGENDA_POSTPONED = "planning.agenda.postponed", _l("menunda agenda")
    AGENDA_RESTORED = "planning.agenda.restored", _l("memulihkan agenda")
    AGENDA_REMOVED = "planning.agenda.removed", _l("menghapus agenda")
    DAY_CHANGED = "planning.day.changed", _l("mengubah hari penting")
    DAY_CREATED = "planning.day.created", _l("menambah hari penting")
    DAY_SETTINGS_CHANGED = "planning.day_settings.changed", _l("mengubah hari yang tampil di kalender")
    CALENDAR_FEED_CREATED = "calendar.feed.created", _l("membuat langganan kalender")
    CALENDAR_FEED_ROTATED = "calendar.feed.rotated", _l("mengganti alamat langganan kalender")
    CALENDAR_FEED_REVOKED = "calendar.feed.revoked", _l("mencabut langganan kalender")
    AGENDA_IMPORTED = "planning.agenda.imported", _l("mengimpor agenda dari file")
    AGENDA_FEED_ADDED = "planning.agenda_feed.added", _l("berlangganan kalender luar")
    AGENDA_FEED_REMOVED = "planning.agenda_feed.removed", _l("berhenti berlangganan kalender luar")
    SHARED_VIEW_CREATED = "calendar.shared_view.created", _l("membagikan kalender")
    SHARED_VIEW_REVOKED = "calendar.shared_view.revoked", _l("mencabut tautan kalender")
    MEETING_CHANGED = "calendar.meeting.changed", _l("mengubah peserta rapat redaksi")
    MEETING_CLOSED = "calendar.meeting.closed", _l("menutup rapat redaksi")
    MEETING_NOTE_WRITTEN = "calendar.meeting_note.written", _l("mencatat keputusan rapat redaksi")
    MEETING_NOTE_CHANGED = "calendar.meeting_note.changed", _l("mengubah catatan rapat redaksi")
    MEETING_NOTE_REMOVED = "calendar.meeting_note.removed", _l("menghapus catatan rapat redaksi")

    PUSH_DEVICE_ADDED = "notifications.push_device.added", _l("menyalakan pemberitahuan di perangkat")
    PUSH_DEVICE_REMOVED = "notifications.push_device.removed", _l("mematikan pemberitahuan di perangkat")
    TELEGRAM_BOT_SAVED = "notifications.telegram_bot.saved", _l("menyimpan bot Telegram kantor")
    TELEGRAM_BOT_REMOVED = "notifications.telegram_bot.removed", _l("melepas bot Telegram kantor")
    TELEGRAM_LINKED = "notifications.telegram_chat.linked", _l("menghubungkan Telegram")
    TELEGRAM_UNLINKED = "notifications.telegram_chat.unlinked", _l("memutus Telegram")

    CAMPAIGN_CREATED = "planning.campaign.created", _l("menyusun kampanye")
    CAMPAIGN_CHANGED = "planning.campaign.changed", _l("mengubah kampanye")
    CAMPAIGN_MOVED = "planning.campaign.moved", _l("memindahkan kampanye")
    CAMPAIGN_SWITCHED_OFF = "planning.campaign.switched_off", _l("menonaktifkan kampanye")
    CAMPAIGN_SWITCHED_ON = "planning.campaign.switched_on", _l("mengaktifkan lagi kampanye")
    CAMPAIGN_OFFERED = "planning.campaign.offered", _l("mengajak kantor di bawah mengikuti kampanye")
    CAMPAIGN_ADOPTED = "planning.campaign.adopted", _l("mengikuti kampanye kantor di atas")
    CAMPAIGN_DECLINED = "planning.campaign.declined", _l("tidak mengikuti kampanye kantor di atas")
    CAMPAIGN_OFFER_WITHDRAWN = "planning.campaign.offer_withdrawn", _l("menarik ajakan mengikuti kampanye")

    CHECKLIST_ITEM_CREATED = "guidelines.item.created", _l("menambah butir daftar periksa")
    CHECKLIST_ITEM_CHANGED = "guidelines.item.changed", _l("mengubah butir daftar periksa")
    GLOSSARY_CHANGED = "guidelines.glossary.changed", _l("mengubah kamus kantor")
    RULE_CHANGED = "guidelines.rule.changed", _l("mengubah aturan pemeriksaan")

    ASSET_UPLOADED = "media.asset.uploaded", _l("mengunggah file")
    ASSET_DESCRIBED = "media.asset.described", _l("melengkapi keterangan file")
    ASSET_FOCUSED = "media.asset.focused", _l("memindahkan titik fokus")
    ASSET_FACTS_FORGOTTEN = "media.asset.facts_forgotten", _l("menghapus fakta privat file")
    ASSET_CHILD_MARKED = "media.asset.child_marked", _l("menandai ada anak di dalamnya")
    ASSET_CHILD_UNMARKED = "media.asset.child_unmarked", _l("mencabut tanda ada anak")
    ASSET_FACES_BLURRED = "media.asset.faces_blurred", _l("memastikan wajah anak sudah disamarkan")
    ASSET_FACES_NOT_BLURRED = "media.asset.faces_not_blurred", _l("mencabut kepastian wajah disamarkan")
    ASSET_POSTER_SET = "media.asset.poster_set", _l("memasang gambar sampul video")
    ASSET_PUT_ASIDE = "media.asset.put_aside", _l("memakai file lain yang sama")
    ASSET_TAKEN_BACK = "media.asset.taken_back", _l("mengembalikan file ke pustaka")
    ASSET_RESTRICTED = "media.asset.restricted", _l("menjadikan file ini bukti izin")
    ASSET_UNRESTRICTED = "media.asset.unrestricted", _l("melepas file ini dari bukti izin")
    CONSENT_RECORDED = "media.consent.recorded", _l("mencatat izin")
    CONSENT_RENEWED = "media.consent.renewed", _l("memperpanjang izin")
    CONSENT_WITHDRAWN = "media.consent.withdrawn", _l("mencatat pencabutan izin")
    CONSENT_DOCUMENT_DETACHED = "media.consent.document_detached", _l("melepas bukti izin")
    TAKEDOWN_OPENED = "media.takedown.opened", _l("meminta penurunan")
    TAKEDOWN_DONE = "media.takedown.done", _l("menyelesaikan penurunan")
    TAKEDOWN_LIFTED = "media.takedown.lifted", _l("membatalkan penurunan karena izin diperpanjang")
    TAKEDOWN_REPLACED = "media.takedown.replaced", _l("mengganti permintaan penurunan karena izin dicabut")

    CHANNEL_ACCOUNT_CREATED = "channels.account.created", _l("menambah akun kanal")
    CHANNEL_ACCOUNT_CHANGED = "channels.account.changed", _l("mengubah akun kanal")
    CHANNEL_KIND_CHANGED = "channels.kind.changed", _l("mengubah batas kanal")
    CHANNEL_SLOTS_CHANGED = "channels.slots.changed", _l("mengatur slot tayang")
    CHANNEL_ACCOUNT_PAUSED = "channels.account.paused", _l("menjeda akun kanal")
    CHANNEL_ACCOUNT_RESUMED = "channels.account.resumed", _l("melanjutkan akun kanal")
    CHANNEL_APP_KEYS_SAVED = "channels.app_keys.saved", _l("menyimpan kunci aplikasi kanal")
    CHANNEL_APP_KEYS_REMOVED = "channels.app_keys.removed", _l("menghapus kunci aplikasi kanal")
    CHANNEL_CONNECTED = "channels.connection.made", _l("menyambungkan akun kanal")
    CHANNEL_CONNECTION_BROKEN = (
        "channels.connection.broken",
        _l("mencatat bahwa kanal menolak sambungan akun"),
    )
    CHANNEL_DISCONNECTED = "channels.connection.ended", _l("memutus sambungan akun kanal")

    PITCH_SENT = "pitches.pitch.sent", _l("mengirim usulan ini")
    PITCH_CHANGED = "pitches.pitch.changed", _l("melengkapi usulan")
    PITCH_ACCEPTED = "pitches.pitch.accepted", _l("menerima usulan")
    PITCH_PARKED = "pitches.pitch.parked", _l("menyimpan usulan untuk nanti")
    PITCH_REJECTED = "pitches.pitch.rejected", _l("menolak usulan")
    PITCH_REOPENED = "pitches.pitch.reopened", _l("membuka kembali usulan")

    STORY_CREATED = "stories.story.created", _l("membuat naskah")
    STORY_VERSION_AUTOSAVED = "stories.version.autosaved", _l("mulai menulis versi baru")
    STORY_VERSION_SAVED = "stories.version.saved", _l("menyimpan versi baru")
    STORY_DOCUMENT_TAKEN = "stories.version.from_document", _l("mengambil isi naskah dari dokumen Word")
    STORY_REFILED = "stories.story.refiled", _l("mengubah jenis, seksi, pilar, atau kampanye naskah")
    STORY_SUBMITTED = "stories.story.submitted", _l("mengajukan naskah untuk direviu")
    STORY_RECALLED = "stories.story.recalled", _l("menarik kembali pengajuan")
    STORY_APPROVED = "stories.story.approved", _l("menyetujui naskah")
    STORY_RETURNED = "stories.story.returned", _l("mengembalikan naskah untuk dikoreksi")
    STORY_RELEASED = "stories.story.released", _l("menerbitkan naskah tanpa persetujuan karena mendesak")
    STORY_APPROVAL_VOIDED = (
        "stories.story.approval_voided",
        _l("mengubah naskah sehingga persetujuannya gugur"),
    )
    STORY_PUBLISHED = "stories.story.published", _l("menayangkan naskah")
    STORY_HELD = "stories.story.held", _l("menunda naskah")
    STORY_RESUMED = "stories.story.resumed", _l("melanjutkan naskah")
    STORY_CANCELLED = "stories.story.cancelled", _l("membatalkan naskah")
    STORY_WITHDRAWN = "stories.story.withdrawn", _l("menurunkan naskah")
    STORY_ARCHIVED = "stories.story.archived", _l("mengarsipkan naskah")
    STORY_ASSIGNED = "stories.story.assigned", _l("menyerahkan naskah")
    COMMENT_WRITTEN = "stories.comment.written", _l("menulis komentar")
    COMMENT_ANSWERED = "stories.comment.answered", _l("membalas komentar")
    COMMENT_EDITED = "stories.comment.edited", _l("mengubah komentarnya")
    COMMENT_REMOVED = "stories.comment.removed", _l("menghapus komentarnya")
    COMMENT_RESOLVED = "stories.comment.resolved", _l("menandai komentar selesai")
    COMMENT_REOPENED = "stories.comment.reopened", _l("membuka kembali komentar")
    SUGGESTION_OFFERED = "stories.suggestion.offered", _l("mengusulkan perubahan")
    SUGGESTION_ACCEPTED = "stories.suggestion.accepted", _l("menerima usul perubahan")
    SUGGESTION_DECLINED = "stories.suggestion.declined", _l("tidak memakai usul perubahan")
    SUGGESTION_WITHDRAWN = "stories.suggestion.withdrawn", _l("menarik usul perubahannya")
    ASSIGNMENT_OFFERED = "stories.assignment.offered", _l("menugaskan")
    ASSIGNMENT_OPENED = "stories.assignment.opened", _l("membuka tugas")
    ASSIGNMENT_ACCEPTED = "stories.assignment.accepted", _l("menerima tugas")
    ASSIGNMENT_DECLINED = "stories.assignment.declined", _l("menolak tugas")
    ASSIGNMENT_DONE = "stories.assignment.done", _l("menandai tugas selesai")
    ASSIGNMENT_REOPENED = "stories.assignment.reopened", _l("membatalkan tanda selesai")
    ASSIGNMENT_REPLACED = "stories.assignment.replaced", _l("mengalihkan tugas")
    ASSIGNMENT_CANCELLED = "stories.assignment.cancelled", _l("membatalkan tugas")
    ASSIGNMENT_CHANGED = "stories.assignment.changed", _l("mengubah tugas")
    CHECKLIST_TICKED = "stories.checklist.ticked", _l("mencentang daftar periksa")
    CHECKLIST_UNTICKED = "stories.checklist.unticked", _l("membatalkan centang daftar periksa")
    FINDING_OVERRIDDEN = "stories.finding.overridden", _l("mengesampingkan temuan pemeriksaan")
    FINDING_RESTORED = "stories.finding.restored", _l("memberlakukan kembali temuan pemeriksaan")
    STORY_DECLARED = (
        "stories.declaration.made",
        _l("menyatakan naskah tidak memuat informasi yang dikecualikan"),
    )
    STORY_UNDECLARED = "stories.declaration.withdrawn", _l("mencabut pernyataan informasi yang dikecualikan")
    STORY_CLOSED = "stories.confidentiality.closed", _l("menjadikan naskah rahasia")
    STORY_OPENED = "stories.confidentiality.opened", _l("membuka naskah untuk kantor")
    STORY_READERS_CHANGED = (
        "stories.confidentiality.readers_changed",
        _l("mengubah siapa yang dapat membaca naskah rahasia"),
    )
    STORY_CORRECTION_PREPARED = "stories.change.prepared", _l("menyiapkan ralat")
    STORY_CORRECTION_DISCARDED = "stories.change.discarded", _l("membatalkan ralat")
    STORY_CORRECTED = "stories.change.published", _l("menayangkan ralat")
    STORY_EMBARGOED = "stories.embargo.set", _l("menetapkan embargo")
    STORY_EMBARGO_LIFTED = "stories.embargo.lifted", _l("mencabut embargo")
    STORY_EVENT_SET = "stories.event.set", _l("mencatat agenda yang diliput naskah ini")
    STORY_EVENT_MOVED = "stories.event.moved", _l("memindahkan agenda yang diliput naskah ini")
    STORY_EVENT_CANCELLED = "stories.event.cancelled", _l("membatalkan agenda yang diliput naskah ini")
    STORY_EVENT_POSTPONED = "stories.event.postponed", _l("menunda agenda yang diliput naskah ini")
    STORY_EVENT_RESTORED = (
        "stories.event.restored",
        _l("memastikan agenda yang diliput naskah ini jadi berlangsung"),
    )

    STORY_RECEIVED = "stories.handover.received", _l("menerima rilis dari luar kantor")
    STORY_HANDED_OVER = "stories.handover.offered", _l("meneruskan naskah ke kantor lain")
    HANDOVER_TAKEN = "stories.handover.taken", _l("mengambil naskah kiriman")
    HANDOVER_DECLINED = "stories.handover.declined", _l("tidak mengambil naskah kiriman")
    HANDOVER_WITHDRAWN = "stories.handover.withdrawn", _l("menarik naskah yang diteruskan")
    SOURCE_WITHDRAWN = (
        "stories.source.withdrawn",
        _l("mencatat bahwa kantor asal menurunkan atau membatalkan naskahnya"),
    )
    SOURCE_CORRECTED = "stories.source.corrected", _l("mencatat bahwa kantor asal membetulkan naskahnya")
    SOURCE_RENEWED = (
        "stories.source.renewed",
        _l("mencatat bahwa kantor asal menyetujui versi baru naskahnya"),
    )

    DESK_VIEW_SAVED = "stories.desk_view.saved", _l("menyimpan tampilan meja redaksi")
    DESK_VIEW_CHANGED = "stories.desk_view.changed", _l("mengubah tampilan meja redaksi")
    DESK_VIEW_REMOVED = "stories.desk_view.removed", _l("menghapus tampilan meja redaksi")

    POST_BASE_SAVED = "posts.base.saved", _l("mengubah teks dasar untuk semua kanal")
    POST_CREATED = "posts.post.created", _l("membuat publikasi")
    POST_REPOSTED = "posts.post.reposted", _l("menyiapkan tayang ulang")
    POST_VERSION_SAVED = "posts.version.saved", _l("mengubah isi publikasi")
    POST_REFILED = "posts.post.refiled", _l("mengubah jenis konten publikasi")
    POST_REMOVED = "posts.post.removed", _l("menghapus publikasi")
    POST_SCHEDULED = "posts.post.scheduled", _l("menjadwalkan publikasi")
    POST_UNSCHEDULED = "posts.post.unscheduled", _l("melepas jadwal publikasi")

    PACKAGE_SUBMITTED = "approvals.package.submitted", _l("mengajukan paket untuk disetujui")
    PACKAGE_STEP_APPROVED = "approvals.package.step_approved", _l("menyetujui satu langkah")
    PACKAGE_APPROVED = "approvals.package.approved", _l("menyetujui paket")
    PACKAGE_RETURNED = "approvals.package.returned", _l("mengembalikan paket dengan alasan")
    PACKAGE_VOIDED = "approvals.package.voided", _l("menggugurkan persetujuan karena isi berubah")
    PACKAGE_RECALLED = "approvals.package.recalled", _l("menarik kembali paket")
    PACKAGE_SEAT_APPROVED = "approvals.package.seat_approved", _l("menyetujui bagiannya")
    PACKAGE_RELEASED = "approvals.package.released", _l("menerbitkan paket tanpa persetujuan karena mendesak")
    APPROVAL_KEPT = "approvals.package.kept", _l("mengubah bagian yang tidak menggugurkan persetujuan")
    URGENT_CLEARED = "approvals.urgent.cleared", _l("mengesahkan yang tayang mendesak")
    URGENT_OBJECTED = "approvals.urgent.objected", _l("menyatakan keberatan atas yang tayang mendesak")
    URGENT_WITHDRAWN = (
        "approvals.urgent.withdrawn",
        _l("menutup catatan tayang mendesak karena sudah diturunkan"),
    )
    REVIEW_REMINDED = "approvals.package.reminded", _l("mengingatkan penyetuju")
    REVIEW_ESCALATED = "approvals.package.escalated", _l("meneruskan karena terlalu lama menunggu")
    CHAIN_CHANGED = "approvals.chain.changed", _l("mengubah alur persetujuan")
    APPROVAL_GROUP_CHANGED = "approvals.group.changed", _l("mengubah grup penyetuju")
    GUEST_CHANGED = "approvals.guest.changed", _l("mengubah data penyetuju tamu")
    GUEST_ASKED = "approvals.guest.asked", _l("meminta persetujuan lewat tautan")
    GUEST_LINK_REVOKED = "approvals.guest.link_revoked", _l("mencabut tautan persetujuan")
    GUEST_IDENTIFIED = "approvals.guest.identified", _l("membuka paket lewat tautan dengan kode")
    APPROVAL_SETTINGS_CHANGED = "approvals.settings.changed", _l("mengubah pengingat persetujuan")
    EDIT_POLICY_CHANGED = (
        "approvals.edit_policy.changed",
        _l("mengubah aturan penyuntingan sesudah disetujui"),
    )

    DELIVERY_HELD = "publishing.delivery.held", _l("menahan publikasi yang belum disetujui")
    DELIVERY_MANUAL_DUE = "publishing.delivery.manual_due", _l("meminta publikasi diunggah")
    DELIVERY_PUBLISHED = "publishing.delivery.published", _l("menayangkan publikasi")
    DELIVERY_FAILED = "publishing.delivery.failed", _l("gagal menayangkan publikasi")
    DELIVERY_UNCERTAIN = "publishing.delivery.uncertain", _l("belum dapat memastikan hasil publikasi")
    DELIVERY_WAITS = "publishing.delivery.waits", _l("menunda publikasi sampai kanalnya siap")
    DELIVERY_HANDED_OVER = "publishing.delivery.handed_over", _l("meminta publikasi diunggah sendiri")
    DELIVERY_LATE = "publishing.delivery.late", _l("menanyakan publikasi yang terlambat")
    DELIVERY_RETRIED = "publishing.delivery.retried", _l("mencoba lagi menayangkan")
    DELIVERY_RETRACTED = "publishing.delivery.retracted", _l("menurunkan publikasi")
    DELIVERY_CORRECTED = "publishing.delivery.corrected", _l("membetulkan publikasi yang tayang")
    DELIVERY_CORRECTION_DUE = "publishing.delivery.correction_due", _l("meminta unggahan dibetulkan")
    DELIVERY_REMOVAL_ASKED = (
        "publishing.delivery.removal_asked",
        _l("meminta publikasi diturunkan dari kanalnya"),
    )
    DELIVERY_REMOVAL_DUE = "publishing.delivery.removal_due", _l("meminta unggahan dihapus di kanalnya")
    DELIVERY_COMMENTED = "publishing.delivery.commented", _l("menulis komentar pertama")
    DELIVERY_LINK_GONE = "publishing.delivery.link_gone", _l("mencatat bahwa tautannya tidak terbuka lagi")
    DELIVERY_LINK_BACK = "publishing.delivery.link_back", _l("mencatat bahwa tautannya terbuka kembali")
    EVIDENCE_RECORDED = "publishing.evidence.recorded", _l("mencatat bukti tayang")
    METRICS_RECORDED = "metrics.snapshot.recorded", _l("mencatat angka keterlibatan")
    PAST_PUBLICATION_RECORDED = "publishing.past.recorded", _l("mencatat publikasi lampau")

    LEDGER_LINE_WRITTEN = "scoring.line.written", _l("mencatat nilai")
    LEDGER_LINE_REVERSED = "scoring.line.reversed", _l("membalik nilai")
    ADJUSTMENT_WRITTEN = "scoring.adjustment.written", _l("menulis penyesuaian nilai")
    PERIOD_CLOSED = "scoring.period.closed", _l("menutup periode")
    PERIOD_REOPENED = "scoring.period.reopened", _l("membuka kembali periode")
    MEASUREMENT_RECORDED = "scoring.measurement.recorded", _l("mencatat pengukuran")
    MEASUREMENT_TAKEN_BACK = "scoring.measurement.taken_back", _l("mencabut pengukuran")
    OFFICIAL_RECORDED = "scoring.official.recorded", _l("mencatat nilai resmi")
    OFFICIAL_TAKEN_BACK = "scoring.official.taken_back", _l("mencabut nilai resmi")
    POINT_VERIFIED = "scoring.point.verified", _l("memverifikasi publikasi")
    POINT_DISPUTED = "scoring.point.disputed", _l("mempertanyakan publikasi")
    POINT_TAKEN_BACK = "scoring.point.taken_back", _l("mengurungkan keputusan tentang publikasi")
    POINT_RECOUNTED = "scoring.point.recounted", _l("menghitung lagi publikasi")
    SCHEME_CHANGED = "scoring.scheme.changed", _l("mengubah skema penilaian")
    TARGET_SET = "scoring.target.set", _l("menetapkan sasaran")
    TARGET_WITHDRAWN = "scoring.target.withdrawn", _l("menarik sasaran")
    ATTRIBUTION_SET = "scoring.attribution.set", _l("mengubah pembagian nilai publikasi")

    MAIL_SETTINGS_CHANGED = "notifications.mail_settings.changed", _l("mengubah pengaturan surel")
    MAIL_TESTED = "notifications.mail_settings.tested", _l("menguji pengaturan surel")
    JOB_REVIVED = "outbox.job.revived", _l("menjalankan ulang pekerjaan yang gagal")
    IMPORT_RECORDED = "imports.list.recorded", _l("mengimpor daftar publikasi")

    @property
    def label(self) -> str:
        """The sentence after the actor's name."""
        return str(self.sentence)
