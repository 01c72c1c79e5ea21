"""Whether the product still waits to be set up, and what is left to do afterwards."""

from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import gettext as _

from humasflow.accounts import queries as accounts

_DONE = "humasflow.set_up"


def is_set_up(*, afresh: bool = False) -> bool:
    """Whether somebody exists who can sign in. A yes is remembered by this process; a no is asked again each time.

    ``afresh`` asks the database in any case: after a sample office was wiped, other processes still remember the yes.
    """
    known: dict[str, bool] = current_app.extensions.setdefault(_DONE, {"yes": False})
    if afresh or not known["yes"]:
        known["yes"] = accounts.count_users() > 0
    return known["yes"]


@dataclass(frozen=True)
class Step:
    """One thing worth doing after the first start."""

    title: str
    text: str
    url: str
    icon: str


def list_next_steps() -> list[Step]:
    """In the order in which an office needs them."""
    return [
        Step(
            _("Undang rekan"),
            _("Tambahkan redaktur, penyetuju, ketua tim, dan kontributor. Tiap orang mendapat tautan sendiri."),
            url_for("accounts.new_person"), "users",
        ),
        Step(
            _("Hubungkan kanal"),
            _("Situs berita kantor sudah siap. Tambahkan akun Facebook, Instagram, X, dan lainnya."),
            url_for("channels.accounts"), "send",
        ),
        Step(
            _("Bawa masuk tabel lama"),
            _("Sasaran dan publikasi yang sudah tayang, dari Excel. Capaian langsung terbaca sesudahnya."),
            url_for("imports.index"), "upload",
        ),
        Step(
            _("Periksa alur persetujuan"),
            _("Sekarang satu langkah: penyetuju tingkat kantor. Ubah bila kantor memakai lebih banyak langkah."),
            url_for("approvals.chains"), "check",
        ),
        Step(
            _("Tetapkan skema dan sasaran"),
            _("Salin bobot dan sasaran triwulan dari surat kantor pusat agar capaian dapat dihitung."),
            url_for("scoring.targets"), "target",
        ),
        Step(
            _("Siapkan surel"),
            _("Supaya undangan dan pemberitahuan juga sampai lewat surel."),
            url_for("notifications.mail_settings"), "mail",
        ),
    ]  # fmt: skip
