"""What can stand in the record: ``room.subject.verb``, with the sentence a timeline shows."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class AuditAction(StrEnum):
    """Alphabetical within a room. Sentences read after the actor's name: "Siti Rahma *mengirim usulan ini*"."""

    OFFICE_CREATED = "orgs.office.created"
    OFFICE_CHANGED = "orgs.office.changed"
    SAMPLE_WIPED = "orgs.sample.wiped"
    SECTION_CREATED = "orgs.section.created"
    SECTION_CHANGED = "orgs.section.changed"

    USER_CREATED = "accounts.user.created"
    USER_CHANGED = "accounts.user.changed"
    USER_DISABLED = "accounts.user.disabled"
    USER_ENABLED = "accounts.user.enabled"
    USER_INVITED = "accounts.user.invited"
    PASSWORD_CHANGED = "accounts.password.changed"
    PROFILE_CHANGED = "accounts.profile.changed"
    ROLE_GRANTED = "accounts.role.granted"
    ROLE_ENDED = "accounts.role.ended"
    ABSENCE_RECORDED = "accounts.absence.recorded"
    ABSENCE_CHANGED = "accounts.absence.changed"
    ABSENCE_REMOVED = "accounts.absence.removed"
    SIGNED_IN = "accounts.session.opened"
    SIGNED_OUT = "accounts.session.closed"
    SESSIONS_REVOKED = "accounts.sessions.revoked"

    CONTENT_TYPE_CHANGED = "planning.content_type.changed"
    CONTENT_TYPE_CREATED = "planning.content_type.created"
    PILLAR_CHANGED = "planning.pillar.changed"
    PILLAR_CREATED = "planning.pillar.created"
    PRODUCTION_ROLE_CHANGED = "planning.production_role.changed"
    PRODUCTION_ROLE_CREATED = "planning.production_role.created"

    CHECKLIST_ITEM_CREATED = "guidelines.item.created"
    CHECKLIST_ITEM_CHANGED = "guidelines.item.changed"
    GLOSSARY_CHANGED = "guidelines.glossary.changed"
    RULE_CHANGED = "guidelines.rule.changed"

    ASSET_UPLOADED = "media.asset.uploaded"
    ASSET_DESCRIBED = "media.asset.described"
    ASSET_FOCUSED = "media.asset.focused"
    ASSET_FACTS_FORGOTTEN = "media.asset.facts_forgotten"
    ASSET_CHILD_MARKED = "media.asset.child_marked"
    ASSET_CHILD_UNMARKED = "media.asset.child_unmarked"
    ASSET_FACES_BLURRED = "media.asset.faces_blurred"
    ASSET_FACES_NOT_BLURRED = "media.asset.faces_not_blurred"
    ASSET_POSTER_SET = "media.asset.poster_set"
    ASSET_PUT_ASIDE = "media.asset.put_aside"
    ASSET_TAKEN_BACK = "media.asset.taken_back"
    ASSET_RESTRICTED = "media.asset.restricted"
    ASSET_UNRESTRICTED = "media.asset.unrestricted"
    CONSENT_RECORDED = "media.consent.recorded"
    CONSENT_RENEWED = "media.consent.renewed"
    CONSENT_WITHDRAWN = "media.consent.withdrawn"
    CONSENT_DOCUMENT_DETACHED = "media.consent.document_detached"
    TAKEDOWN_OPENED = "media.takedown.opened"
    TAKEDOWN_DONE = "media.takedown.done"
    TAKEDOWN_LIFTED = "media.takedown.lifted"
    TAKEDOWN_REPLACED = "media.takedown.replaced"

    CHANNEL_ACCOUNT_CREATED = "channels.account.created"
    CHANNEL_ACCOUNT_CHANGED = "channels.account.changed"
    CHANNEL_KIND_CHANGED = "channels.kind.changed"

    PITCH_SENT = "pitches.pitch.sent"
    PITCH_CHANGED = "pitches.pitch.changed"
    PITCH_ACCEPTED = "pitches.pitch.accepted"
    PITCH_PARKED = "pitches.pitch.parked"
    PITCH_REJECTED = "pitches.pitch.rejected"
    PITCH_REOPENED = "pitches.pitch.reopened"

    STORY_CREATED = "stories.story.created"
    STORY_VERSION_AUTOSAVED = "stories.version.autosaved"
    STORY_VERSION_SAVED = "stories.version.saved"
    STORY_DOCUMENT_TAKEN = "stories.version.from_document"
    STORY_REFILED = "stories.story.refiled"
    STORY_SUBMITTED = "stories.story.submitted"
    STORY_RECALLED = "stories.story.recalled"
    STORY_APPROVED = "stories.story.approved"
    STORY_RETURNED = "stories.story.returned"
    STORY_RELEASED = "stories.story.released"
    STORY_APPROVAL_VOIDED = "stories.story.approval_voided"
    STORY_PUBLISHED = "stories.story.published"
    STORY_HELD = "stories.story.held"
    STORY_RESUMED = "stories.story.resumed"
    STORY_CANCELLED = "stories.story.cancelled"
    STORY_WITHDRAWN = "stories.story.withdrawn"
    STORY_ARCHIVED = "stories.story.archived"
    STORY_ASSIGNED = "stories.story.assigned"
    COMMENT_WRITTEN = "stories.comment.written"
    COMMENT_ANSWERED = "stories.comment.answered"
    COMMENT_EDITED = "stories.comment.edited"
    COMMENT_REMOVED = "stories.comment.removed"
    COMMENT_RESOLVED = "stories.comment.resolved"
    COMMENT_REOPENED = "stories.comment.reopened"
    SUGGESTION_OFFERED = "stories.suggestion.offered"
    SUGGESTION_ACCEPTED = "stories.suggestion.accepted"
    SUGGESTION_DECLINED = "stories.suggestion.declined"
    SUGGESTION_WITHDRAWN = "stories.suggestion.withdrawn"
    ASSIGNMENT_OFFERED = "stories.assignment.offered"
    ASSIGNMENT_OPENED = "stories.assignment.opened"
    ASSIGNMENT_ACCEPTED = "stories.assignment.accepted"
    ASSIGNMENT_DECLINED = "stories.assignment.declined"
    ASSIGNMENT_DONE = "stories.assignment.done"
    ASSIGNMENT_REOPENED = "stories.assignment.reopened"
    ASSIGNMENT_REPLACED = "stories.assignment.replaced"
    ASSIGNMENT_CANCELLED = "stories.assignment.cancelled"
    ASSIGNMENT_CHANGED = "stories.assignment.changed"
    CHECKLIST_TICKED = "stories.checklist.ticked"
    CHECKLIST_UNTICKED = "stories.checklist.unticked"
    FINDING_OVERRIDDEN = "stories.finding.overridden"
    FINDING_RESTORED = "stories.finding.restored"
    STORY_DECLARED = "stories.declaration.made"
    STORY_UNDECLARED = "stories.declaration.withdrawn"
    STORY_CLOSED = "stories.confidentiality.closed"
    STORY_OPENED = "stories.confidentiality.opened"
    STORY_READERS_CHANGED = "stories.confidentiality.readers_changed"
    STORY_CORRECTION_PREPARED = "stories.change.prepared"
    STORY_CORRECTION_DISCARDED = "stories.change.discarded"
    STORY_CORRECTED = "stories.change.published"
    STORY_EMBARGOED = "stories.embargo.set"
    STORY_EMBARGO_LIFTED = "stories.embargo.lifted"

    DESK_VIEW_SAVED = "stories.desk_view.saved"
    DESK_VIEW_CHANGED = "stories.desk_view.changed"
    DESK_VIEW_REMOVED = "stories.desk_view.removed"

    POST_CREATED = "posts.post.created"
    POST_VERSION_SAVED = "posts.version.saved"
    POST_REFILED = "posts.post.refiled"
    POST_REMOVED = "posts.post.removed"
    POST_SCHEDULED = "posts.post.scheduled"
    POST_UNSCHEDULED = "posts.post.unscheduled"

    PACKAGE_SUBMITTED = "approvals.package.submitted"
    PACKAGE_STEP_APPROVED = "approvals.package.step_approved"
    PACKAGE_APPROVED = "approvals.package.approved"
    PACKAGE_RETURNED = "approvals.package.returned"
    PACKAGE_VOIDED = "approvals.package.voided"
    PACKAGE_RECALLED = "approvals.package.recalled"
    PACKAGE_SEAT_APPROVED = "approvals.package.seat_approved"
    PACKAGE_RELEASED = "approvals.package.released"
    APPROVAL_KEPT = "approvals.package.kept"
    URGENT_CLEARED = "approvals.urgent.cleared"
    URGENT_OBJECTED = "approvals.urgent.objected"
    URGENT_WITHDRAWN = "approvals.urgent.withdrawn"
    REVIEW_REMINDED = "approvals.package.reminded"
    REVIEW_ESCALATED = "approvals.package.escalated"
    CHAIN_CHANGED = "approvals.chain.changed"
    APPROVAL_GROUP_CHANGED = "approvals.group.changed"
    GUEST_CHANGED = "approvals.guest.changed"
    GUEST_ASKED = "approvals.guest.asked"
    GUEST_LINK_REVOKED = "approvals.guest.link_revoked"
    GUEST_IDENTIFIED = "approvals.guest.identified"
    APPROVAL_SETTINGS_CHANGED = "approvals.settings.changed"
    EDIT_POLICY_CHANGED = "approvals.edit_policy.changed"

    DELIVERY_HELD = "publishing.delivery.held"
    DELIVERY_MANUAL_DUE = "publishing.delivery.manual_due"
    DELIVERY_PUBLISHED = "publishing.delivery.published"
    DELIVERY_FAILED = "publishing.delivery.failed"
    DELIVERY_LATE = "publishing.delivery.late"
    DELIVERY_RETRIED = "publishing.delivery.retried"
    DELIVERY_RETRACTED = "publishing.delivery.retracted"
    DELIVERY_CORRECTED = "publishing.delivery.corrected"
    DELIVERY_CORRECTION_DUE = "publishing.delivery.correction_due"
    EVIDENCE_RECORDED = "publishing.evidence.recorded"
    PAST_PUBLICATION_RECORDED = "publishing.past.recorded"

    LEDGER_LINE_WRITTEN = "scoring.line.written"
    LEDGER_LINE_REVERSED = "scoring.line.reversed"
    POINT_VERIFIED = "scoring.point.verified"
    POINT_DISPUTED = "scoring.point.disputed"
    SCHEME_CHANGED = "scoring.scheme.changed"
    TARGET_SET = "scoring.target.set"

    MAIL_SETTINGS_CHANGED = "notifications.mail_settings.changed"
    MAIL_TESTED = "notifications.mail_settings.tested"
    JOB_REVIVED = "outbox.job.revived"
    IMPORT_RECORDED = "imports.list.recorded"

    @property
    def label(self) -> str:
        """The sentence after the actor's name."""
        return str(LABELS[self])


A = AuditAction
LABELS = {
    A.OFFICE_CREATED: _l("menyiapkan kantor ini"),
    A.OFFICE_CHANGED: _l("mengubah data kantor"),
    A.SAMPLE_WIPED: _l("menghapus kantor contoh"),
    A.SECTION_CREATED: _l("menambah seksi"),
    A.SECTION_CHANGED: _l("mengubah seksi"),
    A.USER_CREATED: _l("menambah pengguna"),
    A.USER_CHANGED: _l("mengubah data pengguna"),
    A.USER_DISABLED: _l("menonaktifkan pengguna"),
    A.USER_ENABLED: _l("mengaktifkan kembali pengguna"),
    A.USER_INVITED: _l("mengirim undangan masuk"),
    A.PASSWORD_CHANGED: _l("mengganti kata sandi"),
    A.PROFILE_CHANGED: _l("mengubah profil"),
    A.ROLE_GRANTED: _l("memberi peran"),
    A.ROLE_ENDED: _l("mengakhiri peran"),
    A.ABSENCE_RECORDED: _l("mencatat ketidakhadiran"),
    A.ABSENCE_CHANGED: _l("mengubah ketidakhadiran"),
    A.ABSENCE_REMOVED: _l("menghapus ketidakhadiran"),
    A.SIGNED_IN: _l("masuk"),
    A.SIGNED_OUT: _l("keluar"),
    A.SESSIONS_REVOKED: _l("keluar dari semua perangkat"),
    A.CONTENT_TYPE_CHANGED: _l("mengubah jenis konten"),
    A.CONTENT_TYPE_CREATED: _l("menambah jenis konten"),
    A.PILLAR_CHANGED: _l("mengubah pilar konten"),
    A.PILLAR_CREATED: _l("menambah pilar konten"),
    A.PRODUCTION_ROLE_CHANGED: _l("mengubah peran produksi"),
    A.PRODUCTION_ROLE_CREATED: _l("menambah peran produksi"),
    A.CHECKLIST_ITEM_CREATED: _l("menambah butir daftar periksa"),
    A.CHECKLIST_ITEM_CHANGED: _l("mengubah butir daftar periksa"),
    A.GLOSSARY_CHANGED: _l("mengubah kamus kantor"),
    A.RULE_CHANGED: _l("mengubah aturan pemeriksaan"),
    A.ASSET_UPLOADED: _l("mengunggah file"),
    A.ASSET_DESCRIBED: _l("melengkapi keterangan file"),
    A.ASSET_FOCUSED: _l("memindahkan titik fokus"),
    A.ASSET_FACTS_FORGOTTEN: _l("menghapus fakta privat file"),
    A.ASSET_CHILD_MARKED: _l("menandai ada anak di dalamnya"),
    A.ASSET_CHILD_UNMARKED: _l("mencabut tanda ada anak"),
    A.ASSET_FACES_BLURRED: _l("memastikan wajah anak sudah disamarkan"),
    A.ASSET_FACES_NOT_BLURRED: _l("mencabut kepastian wajah disamarkan"),
    A.ASSET_POSTER_SET: _l("memasang gambar sampul video"),
    A.ASSET_PUT_ASIDE: _l("memakai file lain yang sama"),
    A.ASSET_TAKEN_BACK: _l("mengembalikan file ke pustaka"),
    A.ASSET_RESTRICTED: _l("menjadikan file ini bukti izin"),
    A.ASSET_UNRESTRICTED: _l("melepas file ini dari bukti izin"),
    A.CONSENT_RECORDED: _l("mencatat izin"),
    A.CONSENT_RENEWED: _l("memperpanjang izin"),
    A.CONSENT_WITHDRAWN: _l("mencatat pencabutan izin"),
    A.CONSENT_DOCUMENT_DETACHED: _l("melepas bukti izin"),
    A.TAKEDOWN_OPENED: _l("meminta penurunan"),
    A.TAKEDOWN_DONE: _l("menyelesaikan penurunan"),
    A.TAKEDOWN_LIFTED: _l("membatalkan penurunan karena izin diperpanjang"),
    A.TAKEDOWN_REPLACED: _l("mengganti permintaan penurunan karena izin dicabut"),
    A.CHANNEL_ACCOUNT_CREATED: _l("menambah akun kanal"),
    A.CHANNEL_ACCOUNT_CHANGED: _l("mengubah akun kanal"),
    A.CHANNEL_KIND_CHANGED: _l("mengubah batas kanal"),
    A.PITCH_SENT: _l("mengirim usulan ini"),
    A.PITCH_CHANGED: _l("melengkapi usulan"),
    A.PITCH_ACCEPTED: _l("menerima usulan"),
    A.PITCH_PARKED: _l("menyimpan usulan untuk nanti"),
    A.PITCH_REJECTED: _l("menolak usulan"),
    A.PITCH_REOPENED: _l("membuka kembali usulan"),
    A.STORY_CREATED: _l("membuat naskah"),
    A.STORY_VERSION_AUTOSAVED: _l("mulai menulis versi baru"),
    A.STORY_VERSION_SAVED: _l("menyimpan versi baru"),
    A.STORY_DOCUMENT_TAKEN: _l("mengambil isi naskah dari dokumen Word"),
    A.STORY_REFILED: _l("mengubah jenis, seksi, atau pilar naskah"),
    A.STORY_SUBMITTED: _l("mengajukan naskah untuk direviu"),
    A.STORY_RECALLED: _l("menarik kembali pengajuan"),
    A.STORY_APPROVED: _l("menyetujui naskah"),
    A.STORY_RETURNED: _l("mengembalikan naskah untuk dikoreksi"),
    A.STORY_RELEASED: _l("menerbitkan naskah tanpa persetujuan karena mendesak"),
    A.STORY_APPROVAL_VOIDED: _l("mengubah naskah sehingga persetujuannya gugur"),
    A.STORY_PUBLISHED: _l("menayangkan naskah"),
    A.STORY_HELD: _l("menunda naskah"),
    A.STORY_RESUMED: _l("melanjutkan naskah"),
    A.STORY_CANCELLED: _l("membatalkan naskah"),
    A.STORY_WITHDRAWN: _l("menurunkan naskah"),
    A.STORY_ARCHIVED: _l("mengarsipkan naskah"),
    A.STORY_ASSIGNED: _l("menyerahkan naskah"),
    A.COMMENT_WRITTEN: _l("menulis komentar"),
    A.COMMENT_ANSWERED: _l("membalas komentar"),
    A.COMMENT_EDITED: _l("mengubah komentarnya"),
    A.COMMENT_REMOVED: _l("menghapus komentarnya"),
    A.COMMENT_RESOLVED: _l("menandai komentar selesai"),
    A.COMMENT_REOPENED: _l("membuka kembali komentar"),
    A.SUGGESTION_OFFERED: _l("mengusulkan perubahan"),
    A.SUGGESTION_ACCEPTED: _l("menerima usul perubahan"),
    A.SUGGESTION_DECLINED: _l("tidak memakai usul perubahan"),
    A.SUGGESTION_WITHDRAWN: _l("menarik usul perubahannya"),
    A.ASSIGNMENT_OFFERED: _l("menugaskan"),
    A.ASSIGNMENT_OPENED: _l("membuka tugas"),
    A.ASSIGNMENT_ACCEPTED: _l("menerima tugas"),
    A.ASSIGNMENT_DECLINED: _l("menolak tugas"),
    A.ASSIGNMENT_DONE: _l("menandai tugas selesai"),
    A.ASSIGNMENT_REOPENED: _l("membatalkan tanda selesai"),
    A.ASSIGNMENT_REPLACED: _l("mengalihkan tugas"),
    A.ASSIGNMENT_CANCELLED: _l("membatalkan tugas"),
    A.ASSIGNMENT_CHANGED: _l("mengubah tugas"),
    A.CHECKLIST_TICKED: _l("mencentang daftar periksa"),
    A.CHECKLIST_UNTICKED: _l("membatalkan centang daftar periksa"),
    A.FINDING_OVERRIDDEN: _l("mengesampingkan temuan pemeriksaan"),
    A.FINDING_RESTORED: _l("memberlakukan kembali temuan pemeriksaan"),
    A.STORY_DECLARED: _l("menyatakan naskah tidak memuat informasi yang dikecualikan"),
    A.STORY_UNDECLARED: _l("mencabut pernyataan informasi yang dikecualikan"),
    A.STORY_CLOSED: _l("menjadikan naskah rahasia"),
    A.STORY_OPENED: _l("membuka naskah untuk kantor"),
    A.STORY_READERS_CHANGED: _l("mengubah siapa yang dapat membaca naskah rahasia"),
    A.STORY_CORRECTION_PREPARED: _l("menyiapkan ralat"),
    A.STORY_CORRECTION_DISCARDED: _l("membatalkan ralat"),
    A.STORY_CORRECTED: _l("menayangkan ralat"),
    A.STORY_EMBARGOED: _l("menetapkan embargo"),
    A.STORY_EMBARGO_LIFTED: _l("mencabut embargo"),
    A.DESK_VIEW_SAVED: _l("menyimpan tampilan meja redaksi"),
    A.DESK_VIEW_CHANGED: _l("mengubah tampilan meja redaksi"),
    A.DESK_VIEW_REMOVED: _l("menghapus tampilan meja redaksi"),
    A.POST_CREATED: _l("membuat publikasi"),
    A.POST_VERSION_SAVED: _l("mengubah isi publikasi"),
    A.POST_REFILED: _l("mengubah jenis konten publikasi"),
    A.POST_REMOVED: _l("menghapus publikasi"),
    A.POST_SCHEDULED: _l("menjadwalkan publikasi"),
    A.POST_UNSCHEDULED: _l("melepas jadwal publikasi"),
    A.PACKAGE_SUBMITTED: _l("mengajukan paket untuk disetujui"),
    A.PACKAGE_STEP_APPROVED: _l("menyetujui satu langkah"),
    A.PACKAGE_APPROVED: _l("menyetujui paket"),
    A.PACKAGE_RETURNED: _l("mengembalikan paket dengan alasan"),
    A.PACKAGE_VOIDED: _l("menggugurkan persetujuan karena isi berubah"),
    A.PACKAGE_RECALLED: _l("menarik kembali paket"),
    A.PACKAGE_SEAT_APPROVED: _l("menyetujui bagiannya"),
    A.PACKAGE_RELEASED: _l("menerbitkan paket tanpa persetujuan karena mendesak"),
    A.APPROVAL_KEPT: _l("mengubah bagian yang tidak menggugurkan persetujuan"),
    A.URGENT_CLEARED: _l("mengesahkan yang tayang mendesak"),
    A.URGENT_OBJECTED: _l("menyatakan keberatan atas yang tayang mendesak"),
    A.URGENT_WITHDRAWN: _l("menutup catatan tayang mendesak karena sudah diturunkan"),
    A.REVIEW_REMINDED: _l("mengingatkan penyetuju"),
    A.REVIEW_ESCALATED: _l("meneruskan karena terlalu lama menunggu"),
    A.CHAIN_CHANGED: _l("mengubah alur persetujuan"),
    A.APPROVAL_GROUP_CHANGED: _l("mengubah grup penyetuju"),
    A.GUEST_CHANGED: _l("mengubah data penyetuju tamu"),
    A.GUEST_ASKED: _l("meminta persetujuan lewat tautan"),
    A.GUEST_LINK_REVOKED: _l("mencabut tautan persetujuan"),
    A.GUEST_IDENTIFIED: _l("membuka paket lewat tautan dengan kode"),
    A.APPROVAL_SETTINGS_CHANGED: _l("mengubah pengingat persetujuan"),
    A.EDIT_POLICY_CHANGED: _l("mengubah aturan penyuntingan sesudah disetujui"),
    A.DELIVERY_HELD: _l("menahan publikasi yang belum disetujui"),
    A.DELIVERY_MANUAL_DUE: _l("meminta publikasi diunggah"),
    A.DELIVERY_PUBLISHED: _l("menayangkan publikasi"),
    A.DELIVERY_FAILED: _l("gagal menayangkan publikasi"),
    A.DELIVERY_LATE: _l("menanyakan publikasi yang terlambat"),
    A.DELIVERY_RETRIED: _l("mencoba lagi menayangkan"),
    A.DELIVERY_RETRACTED: _l("menurunkan publikasi"),
    A.DELIVERY_CORRECTED: _l("membetulkan publikasi yang tayang"),
    A.DELIVERY_CORRECTION_DUE: _l("meminta unggahan dibetulkan"),
    A.EVIDENCE_RECORDED: _l("mencatat bukti tayang"),
    A.PAST_PUBLICATION_RECORDED: _l("mencatat publikasi lampau"),
    A.LEDGER_LINE_WRITTEN: _l("mencatat nilai"),
    A.LEDGER_LINE_REVERSED: _l("membalik nilai"),
    A.POINT_VERIFIED: _l("memverifikasi publikasi"),
    A.POINT_DISPUTED: _l("mempertanyakan publikasi"),
    A.SCHEME_CHANGED: _l("mengubah skema penilaian"),
    A.TARGET_SET: _l("menetapkan sasaran"),
    A.MAIL_SETTINGS_CHANGED: _l("mengubah pengaturan surel"),
    A.MAIL_TESTED: _l("menguji pengaturan surel"),
    A.JOB_REVIVED: _l("menjalankan ulang pekerjaan yang gagal"),
    A.IMPORT_RECORDED: _l("mengimpor daftar publikasi"),
}
