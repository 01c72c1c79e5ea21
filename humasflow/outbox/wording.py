"""Jobs and their causes of death in plain words. Kinds are known by name only; an unknown one is shown as it is."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from humasflow.outbox.models import Job

_KINDS = {
    "publishing.publish": _l("Menerbitkan publikasi"),
    "publishing.announce": _l("Mengabarkan publikasi yang tayang"),
    "publishing.evidence": _l("Mencatat bukti tayang situs berita"),
    "notifications.send_mail": _l("Mengirim surel"),
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
