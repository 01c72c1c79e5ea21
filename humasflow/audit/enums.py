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
    SIGNED_IN = "accounts.session.opened"
    SIGNED_OUT = "accounts.session.closed"
    SESSIONS_REVOKED = "accounts.sessions.revoked"

    CONTENT_TYPE_CHANGED = "planning.content_type.changed"
    CONTENT_TYPE_CREATED = "planning.content_type.created"
    PILLAR_CHANGED = "planning.pillar.changed"
    PILLAR_CREATED = "planning.pillar.created"

    ASSET_UPLOADED = "media.asset.uploaded"
    ASSET_DESCRIBED = "media.asset.described"

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
    STORY_VERSION_SAVED = "stories.version.saved"
    STORY_REFILED = "stories.story.refiled"
    STORY_SUBMITTED = "stories.story.submitted"
    STORY_RECALLED = "stories.story.recalled"
    STORY_APPROVED = "stories.story.approved"
    STORY_RETURNED = "stories.story.returned"
    STORY_APPROVAL_VOIDED = "stories.story.approval_voided"
    STORY_PUBLISHED = "stories.story.published"
    STORY_HELD = "stories.story.held"
    STORY_RESUMED = "stories.story.resumed"
    STORY_CANCELLED = "stories.story.cancelled"
    STORY_WITHDRAWN = "stories.story.withdrawn"
    STORY_ARCHIVED = "stories.story.archived"
    STORY_ASSIGNED = "stories.story.assigned"

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
    CHAIN_CHANGED = "approvals.chain.changed"

    DELIVERY_HELD = "publishing.delivery.held"
    DELIVERY_MANUAL_DUE = "publishing.delivery.manual_due"
    DELIVERY_PUBLISHED = "publishing.delivery.published"
    DELIVERY_FAILED = "publishing.delivery.failed"
    DELIVERY_LATE = "publishing.delivery.late"
    DELIVERY_RETRIED = "publishing.delivery.retried"
    DELIVERY_RETRACTED = "publishing.delivery.retracted"
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
    A.SIGNED_IN: _l("masuk"),
    A.SIGNED_OUT: _l("keluar"),
    A.SESSIONS_REVOKED: _l("keluar dari semua perangkat"),
    A.CONTENT_TYPE_CHANGED: _l("mengubah jenis konten"),
    A.CONTENT_TYPE_CREATED: _l("menambah jenis konten"),
    A.PILLAR_CHANGED: _l("mengubah pilar konten"),
    A.PILLAR_CREATED: _l("menambah pilar konten"),
    A.ASSET_UPLOADED: _l("mengunggah foto"),
    A.ASSET_DESCRIBED: _l("melengkapi keterangan foto"),
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
    A.STORY_VERSION_SAVED: _l("menyimpan versi baru"),
    A.STORY_REFILED: _l("mengubah jenis, seksi, atau pilar naskah"),
    A.STORY_SUBMITTED: _l("mengajukan naskah untuk direviu"),
    A.STORY_RECALLED: _l("menarik kembali pengajuan"),
    A.STORY_APPROVED: _l("menyetujui naskah"),
    A.STORY_RETURNED: _l("mengembalikan naskah untuk dikoreksi"),
    A.STORY_APPROVAL_VOIDED: _l("mengubah naskah sehingga persetujuannya gugur"),
    A.STORY_PUBLISHED: _l("menayangkan naskah"),
    A.STORY_HELD: _l("menunda naskah"),
    A.STORY_RESUMED: _l("melanjutkan naskah"),
    A.STORY_CANCELLED: _l("membatalkan naskah"),
    A.STORY_WITHDRAWN: _l("menurunkan naskah"),
    A.STORY_ARCHIVED: _l("mengarsipkan naskah"),
    A.STORY_ASSIGNED: _l("menyerahkan naskah"),
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
    A.CHAIN_CHANGED: _l("mengubah alur persetujuan"),
    A.DELIVERY_HELD: _l("menahan publikasi yang belum disetujui"),
    A.DELIVERY_MANUAL_DUE: _l("meminta publikasi diunggah"),
    A.DELIVERY_PUBLISHED: _l("menayangkan publikasi"),
    A.DELIVERY_FAILED: _l("gagal menayangkan publikasi"),
    A.DELIVERY_LATE: _l("menanyakan publikasi yang terlambat"),
    A.DELIVERY_RETRIED: _l("mencoba lagi menayangkan"),
    A.DELIVERY_RETRACTED: _l("menurunkan publikasi"),
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
