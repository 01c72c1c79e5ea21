"""Jobs and their causes of death in plain words. Kinds are known by name only; an unknown one is shown as it is."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from humasflow.outbox.claiming import WORKER_DIED
from humasflow.outbox.models import Job

_KINDS = {
    "publishing.publish": _l("Menerbitkan publikasi"),
    "publishing.correct": _l("Memperbaiki publikasi yang sudah tayang"),
    "publishing.retract": _l("Menarik publikasi dari kanalnya"),
    "publishing.comment": _l("Menulis komentar pertama"),
    "publishing.evidence": _l("Mencatat bukti tayang"),
    "publishing.announce": _l("Mengabarkan publikasi yang tayang"),
    "publishing.discard": _l("Membersihkan yang sudah disiapkan di kanal"),
    "publishing.check_link": _l("Memeriksa tautan publikasi"),
    "publishing.picture": _l("Mengambil gambar halaman sebagai bukti tayang"),
    "metrics.fetch": _l("Mengambil angka capaian dari kanal"),
    "media.finish": _l("Menyelesaikan berkas yang diunggah"),
    "agenda.read_feed": _l("Membaca kalender langganan"),
    "agenda.leave_feed": _l("Melepas kalender langganan"),
    "agenda.look_at_file": _l("Memeriksa berkas kalender"),
    "agenda.take_file": _l("Memasukkan berkas kalender"),
    "outbox.timetable": _l("Pekerjaan berkala"),
    "notifications.check_mailbox": _l("Menguji kotak masuk"),
    "notifications.take_confirmed_mail": _l("Usulan lewat surel"),
    "notifications.check_telegram_bot": _l("Menanyai bot Telegram"),
    "notifications.say_in_telegram": _l("Mengabari lewat Telegram"),
    "notifications.try_push": _l("Mencoba pemberitahuan perangkat"),
    "notifications.send_mail": _l("Mengirim surel"),
    "notifications.deliver": _l("Menyampaikan pemberitahuan"),
    "notifications.tell_troubles": _l("Mengabarkan publikasi yang terhambat"),
    "imports.backfill.fetch": _l("Membaca berita lampau"),
    "imports.backfill.apply": _l("Mencatat berita lampau"),
    "imports.backfill.picture": _l("Mengambil gambar berita lampau"),
    "imports.backfill.undo": _l("Membatalkan pengambilan berita lampau"),
    "imports.read": _l("Membaca tabel yang diunggah"),
    "imports.check": _l("Memeriksa tabel yang diunggah"),
    "imports.apply": _l("Mengimpor tabel"),
    "imports.undo": _l("Membatalkan impor tabel"),
    "notifications.send_briefs": _l("Mengirim kabar pagi dan mingguan"),
    "reports.make": _l("Membuat laporan"),
    "reports.deliver": _l("Mengirim laporan terjadwal"),
    "archive.make": _l("Membuat arsip kantor"),
    "scoring.rescore": _l("Menghitung ulang nilai"),
}
_CONNECTION = re.compile(r"^(Connection\w*Error|TimeoutError|gaierror|socket\.|OSError|SMTP\w*)")
_DATABASE = re.compile(r"^(OperationalError|InterfaceError|StaleDataError|IntegrityError)")


def kind_label(kind: str) -> str:
    """What a job does."""
    return str(_KINDS.get(kind, kind))


def cause(job: Job) -> str:
    """Why a job stopped, for a person. The technical text stands beside it."""
    error = job.error or ""
    if not error:
        return _("Belum diketahui penyebabnya.")
    if error.startswith(WORKER_DIED):
        return _("Prosesnya berhenti setiap kali mengerjakan ini, misalnya karena kehabisan memori.")
    if error.startswith("UnknownKind"):
        return _("Jenis pekerjaan ini tidak dikenal oleh versi aplikasi yang sedang berjalan.")
    if _CONNECTION.match(error):
        return _("Sambungan keluar gagal atau tidak dijawab.")
    if _DATABASE.match(error):
        return _("Basis data sedang sibuk atau berubah bersamaan. Biasanya selesai bila dijalankan ulang.")
    if re.match(r"^\w+(Error|Exception|Warning)\b", error):
        return _(
            "Gangguan di dalam aplikasi. Bila berulang, kirim rincian di bawah kepada pengelola aplikasi."
        )
    return error
