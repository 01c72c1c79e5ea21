"""Langkah pertama: what this person may do here, and what the facts say was done already. One statement for all."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, exists, or_, select

from humasflow.accounts.models import RoleGrant
from humasflow.accounts.policy import Principal
from humasflow.approvals.models import Decision, Package
from humasflow.channels.connections.models import Connection
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.media.models import Asset
from humasflow.notifications.models import MailSettings
from humasflow.notifications.routing.models import NoticeHabit, NoticePreference
from humasflow.orgs.models import Unit
from humasflow.pitches.models import Pitch
from humasflow.publishing.models import Delivery, Evidence
from humasflow.reports.models import ReportRun
from humasflow.scoring.enums import PointState, VersionState
from humasflow.scoring.models import PeriodClose, Point, PointEvent, SchemeVersion, ScoreScheme, Target
from humasflow.stories.models import Story, StoryVersion

Fact = Callable[[int, int], ColumnElement[bool]]  # person, office → whether it was done


@dataclass(frozen=True)
class Step:
    """One thing worth doing once; ``topic`` is the slug of the text about it."""

    label: str
    text: str
    url: str
    icon: str
    topic: str
    is_done: bool


@dataclass(frozen=True)
class _Kind:
    label: str
    text: str
    endpoint: str
    icon: str
    topic: str
    needs: Permission
    fact: Fact


_KINDS = (
    _Kind(
        _l("Undang rekan"),
        _l("Redaktur, penyetuju, ketua tim, dan kontributor; tiap orang mendapat tautan sendiri."),
        "accounts.people", "users", "hari-pertama-admin", Permission.ACCOUNT_MANAGE,
        lambda me, office: exists().where(
            RoleGrant.unit_id == Unit.id, Unit.office_id == office, RoleGrant.user_id != me
        ),
    ),
    _Kind(
        _l("Sambungkan satu kanal"),
        _l("Supaya publikasinya tayang sendiri; tanpa sambungan pun kanal dapat diunggah dengan tangan."),
        "channels.accounts", "link", "kanal", Permission.CHANNEL_MANAGE,
        lambda _me, office: exists().where(Connection.office_id == office),
    ),
    _Kind(
        _l("Berlakukan skema penilaian"),
        _l("Salin komponen dan bobotnya dari surat penetapan, atau mulai dari skema baku."),
        "scoring.schemes", "list", "skema-dan-sasaran", Permission.SCORE_MANAGE,
        lambda _me, office: exists().where(
            SchemeVersion.scheme_id == ScoreScheme.id, ScoreScheme.office_id == office,
            SchemeVersion.state == VersionState.ACTIVE,
        ),
    ),
    _Kind(
        _l("Isi sasaran"),
        _l("Angka tiap komponen untuk satu periode, beserta nomor suratnya."),
        "scoring.targets", "target", "skema-dan-sasaran", Permission.SCORE_MANAGE,
        lambda _me, office: exists().where(Target.office_id == office, Target.is_withdrawn.is_(False)),
    ),
    _Kind(
        _l("Siapkan surel kantor"),
        _l("Supaya undangan dan pemberitahuan juga sampai lewat surel."),
        "notifications.mail_settings", "mail", "hari-pertama-admin", Permission.OFFICE_MANAGE,
        lambda _me, office: exists().where(MailSettings.office_id == office),
    ),
    _Kind(
        _l("Putuskan satu persetujuan"),
        _l("Baca paketnya sampai selesai, lalu setujui atau kembalikan dengan alasan."),
        "approvals.inbox", "eye", "reviu-dan-persetujuan", Permission.STORY_APPROVE,
        lambda me, office: exists().where(
            Decision.package_id == Package.id, Package.office_id == office, Decision.approver_id == me
        ),
    ),
    _Kind(
        _l("Putuskan satu usulan"),
        _l("Terima, simpan untuk nanti, atau tolak dengan alasan."),
        "pitches.pool", "idea", "meja-redaksi", Permission.PITCH_TRIAGE,
        lambda me, office: exists().where(Pitch.office_id == office, Pitch.decided_by == me),
    ),
    _Kind(
        _l("Tulis satu naskah"),
        _l("Mulai dari judul atau dokumen Word; tulisan Anda tersimpan sendiri."),
        "stories.new", "pen", "menulis-naskah", Permission.STORY_WRITE,
        lambda me, office: exists().where(
            StoryVersion.story_id == Story.id, Story.office_id == office,
            or_(StoryVersion.author_id == me, Story.created_by == me),
        ),
    ),
    _Kind(
        _l("Ajukan satu naskah"),
        _l("Susun publikasinya, lalu ajukan supaya dapat disetujui."),
        "pages.desk", "send", "reviu-dan-persetujuan", Permission.STORY_WRITE,
        lambda me, office: exists().where(Package.office_id == office, Package.submitted_by == me),
    ),
    _Kind(
        _l("Catat satu bukti tayang"),
        _l("Tempel tautannya dan lampirkan tangkapan layar."),
        "publishing.index", "camera", "menayangkan-dan-bukti", Permission.EVIDENCE_RECORD,
        lambda me, office: exists().where(
            Evidence.delivery_id == Delivery.id, Delivery.office_id == office, Evidence.captured_by == me
        ),
    ),
    _Kind(
        _l("Verifikasi satu publikasi"),
        _l("Cocokkan buktinya; sejak itu publikasinya masuk estimasi."),
        "scoring.verification", "check", "verifikasi", Permission.EVIDENCE_VERIFY,
        lambda me, office: exists().where(
            PointEvent.delivery_id == Point.delivery_id, Point.office_id == office,
            PointEvent.actor_id == me, PointEvent.state == PointState.VERIFIED,
        ),
    ),
    _Kind(
        _l("Tutup satu periode"),
        _l("Periksa yang masih terbuka, lalu tandatangani."),
        "scoring.closing", "lock", "penutupan-triwulan", Permission.SCORE_CLOSE,
        lambda _me, office: exists().where(PeriodClose.office_id == office),
    ),
    _Kind(
        _l("Buat satu laporan"),
        _l("Pilih periodenya, lalu unduh PDF, Excel, atau paket bukti."),
        "reports.index", "doc", "laporan-dan-paket-bukti", Permission.REPORT_MAKE,
        lambda me, office: exists().where(ReportRun.office_id == office, ReportRun.requested_by == me),
    ),
    _Kind(
        _l("Kirim satu usulan"),
        _l("Cukup judul. Foto boleh menyusul."),
        "pitches.new", "idea", "kirim-usulan", Permission.PITCH_CREATE,
        lambda me, office: exists().where(Pitch.office_id == office, Pitch.author_id == me),
    ),
    _Kind(
        _l("Unggah satu foto"),
        _l("Beri kredit dan teks alternatif, supaya siapa pun dapat memakainya."),
        "media.library", "image", "foto-dan-persetujuannya", Permission.MEDIA_UPLOAD,
        lambda me, office: exists().where(Asset.office_id == office, Asset.uploaded_by == me),
    ),
    _Kind(
        _l("Pilih cara Anda dikabari"),
        _l("Lewat mana, seberapa cepat, dan kapan Anda tidak ingin diganggu."),
        "routing.preferences", "bell", "pemberitahuan", Permission.PITCH_CREATE,
        lambda me, _office: or_(
            exists().where(NoticePreference.user_id == me), exists().where(NoticeHabit.user_id == me)
        ),
    ),
)  # fmt: skip


def first_steps(person: Principal) -> list[Step]:
    """What this person may do in the office they are in, in the order it is worth doing; nothing without an office."""
    if person.office is None:
        return []
    kinds = [kind for kind in _KINDS if person.can(kind.needs)]
    if not kinds:
        return []
    row = db.session.execute(select(*(kind.fact(person.id, person.office.id) for kind in kinds))).one()
    return [
        Step(str(k.label), str(k.text), url_for(k.endpoint), k.icon, k.topic, bool(done))
        for k, done in zip(kinds, row, strict=True)
    ]
