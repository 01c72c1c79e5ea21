"""The words of a mail. Nothing confidential: a title, what is asked, and a link that asks to sign in first.

A reason that somebody wrote stays in the product: mail is read on lock screens and forwarded.
"""

from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from humasflow.accounts.models import User
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.links import absolute, path_of, path_of_subject
from humasflow.orgs.models import Unit

K = NoticeKind


@dataclass(frozen=True)
class Letter:
    """A finished mail: subject, plain text, HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class _Wording:
    """Subject (with ``title``), what it is about (with ``actor``), and the button."""

    subject: str
    asks: str
    button: str


_WORDS = {
    K.REVIEW_WANTED: _Wording(
        _l("Perlu persetujuan: %(title)s"),
        _l("%(actor)s mengajukan naskah ini dan menunggu keputusan Anda."),
        _l("Baca dan putuskan"),
    ),
    K.REVIEW_RETURNED: _Wording(
        _l("Perlu koreksi: %(title)s"),
        _l("%(actor)s mengembalikan naskah ini dengan catatan untuk Anda."),
        _l("Lihat catatannya"),
    ),
    K.REVIEW_APPROVED: _Wording(
        _l("Disetujui: %(title)s"),
        _l("%(actor)s sudah menyetujui. Publikasinya siap tayang sesuai jadwal."),
        _l("Buka naskah"),
    ),
    K.APPROVAL_VOIDED: _Wording(
        _l("Persetujuan gugur: %(title)s"),
        _l("%(actor)s mengubah isinya sesudah diajukan, jadi yang disetujui bukan lagi yang ada sekarang."),
        _l("Lihat naskah"),
    ),
    K.STORY_ASSIGNED: _Wording(
        _l("Naskah untuk Anda: %(title)s"),
        _l("%(actor)s menyerahkan naskah ini kepada Anda."),
        _l("Buka naskah"),
    ),
    K.MANUAL_DUE: _Wording(
        _l("Saatnya mengunggah: %(title)s"),
        _l("Teks dan gambarnya sudah siap disalin. Sesudah mengunggah, catat tautannya."),
        _l("Buka bahan unggahan"),
    ),
    K.POST_HELD: _Wording(
        _l("Tertahan: %(title)s"),
        _l("Waktunya sudah tiba, tetapi publikasi ini belum disetujui, jadi tidak tayang."),
        _l("Lihat publikasi"),
    ),
    K.POST_LATE: _Wording(
        _l("Terlambat: %(title)s"),
        _l("Waktu tayangnya sudah lewat terlalu lama. Tentukan: tayangkan sekarang atau batalkan."),
        _l("Tentukan"),
    ),
    K.POST_FAILED: _Wording(
        _l("Gagal tayang: %(title)s"),
        _l("Publikasi ini belum berhasil tayang. Sebab dan langkah berikutnya ada di halamannya."),
        _l("Lihat sebabnya"),
    ),
    K.PITCH_ACCEPTED: _Wording(
        _l("Usulan diterima: %(title)s"), _l("%(actor)s mulai menggarap usulan Anda."), _l("Lihat usulan")
    ),
    K.PITCH_REJECTED: _Wording(
        _l("Usulan belum dapat dipakai: %(title)s"),
        _l("%(actor)s menuliskan alasannya untuk Anda."),
        _l("Baca alasannya"),
    ),
    K.PITCH_LIVE: _Wording(
        _l("Sudah tayang: %(title)s"), _l("Usulan Anda sudah tayang. Terima kasih."), _l("Lihat hasilnya")
    ),
}


def compose_notice(
    kind: NoticeKind, *, title: str, actor_name: str, subject: tuple[str, int], user: User, office: Unit
) -> Letter:
    """A mail about one thing, in the language in force. Raises KeyError for a kind that is not mailed."""
    words = _WORDS[kind]
    line = str(words.subject) % {"title": title}
    return _render(
        "notice",
        line,
        user=user,
        office=office,
        title=title,
        asks=str(words.asks) % {"actor": actor_name or _("humasflow")},
        button_text=str(words.button),
        url=absolute(path_of_subject(*subject)),
    )


def compose_invitation(*, user: User, office: Unit, url: str) -> Letter:
    """The mail with which a person sets a password for the first time."""
    return _render(
        "invitation",
        _("Undangan memakai humasflow %(office)s", office=office.name),
        user=user,
        office=office,
        url=url,
    )


def compose_test(*, user: User, office: Unit) -> Letter:
    """The mail that shows an admin that mail works."""
    return _render(
        "test", _("Uji surel humasflow %(office)s", office=office.name), user=user, office=office, url=""
    )


def _render(name: str, subject: str, *, user: User, office: Unit, **context: str) -> Letter:
    """Both forms. Rendered without the pages' context: there may be no request, and no signed-in person."""
    env = current_app.jinja_env
    values = {
        **context,
        "subject": subject,
        "user": user,
        "office": office,
        "locale": user.locale,
        "profile_url": absolute(path_of("accounts.profile")),
    }
    return Letter(
        subject,
        env.get_template(f"notifications/mail/{name}.txt").render(values).strip() + "\n",
        env.get_template(f"notifications/mail/{name}.html").render(values),
    )
