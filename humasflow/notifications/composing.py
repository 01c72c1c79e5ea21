"""The words of a mail. Nothing confidential: a title, what is asked, and a link that asks to sign in first.

A reason that somebody wrote stays in the product: mail is read on lock screens and forwarded.
"""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from humasflow.accounts.models import User
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.letters import Letter, compose_invitation, compose_test, render
from humasflow.notifications.links import absolute, path_of_subject
from humasflow.notifications.routing.enums import topic_of
from humasflow.notifications.unsubscribe import address_of
from humasflow.orgs.models import Unit

__all__ = ["Letter", "compose_invitation", "compose_notice", "compose_test"]

K = NoticeKind


@dataclass(frozen=True)
class _Wording:
    """Subject (with ``title``), what it is about (with ``actor`` and ``says``), and the button."""

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
    K.REVIEW_REMINDER: _Wording(
        _l("Masih menunggu Anda: %(title)s"),
        _l(
            "Naskah dari %(actor)s ini belum Anda putuskan. Bacanya sebentar; tombol keputusannya ada di bawahnya."
        ),
        _l("Baca dan putuskan"),
    ),
    K.REVIEW_ESCALATED: _Wording(
        _l("Terlalu lama menunggu: %(title)s"),
        _l("Naskah dari %(actor)s ini menunggu keputusan lebih lama daripada yang ditetapkan kantor."),
        _l("Lihat menunggu siapa"),
    ),
    K.URGENT_RELEASED: _Wording(
        _l("Perlu disahkan sesudah tayang: %(title)s"),
        _l(
            "%(actor)s menerbitkan ini tanpa persetujuan karena mendesak. Baca, lalu sahkan atau nyatakan keberatan."
        ),
        _l("Baca dan sahkan"),
    ),
    K.URGENT_OBJECTED: _Wording(
        _l("Ada keberatan: %(title)s"),
        _l("%(actor)s keberatan atas yang terbit mendesak dan meminta publikasinya diturunkan."),
        _l("Baca keberatannya"),
    ),
    K.STORY_ASSIGNED: _Wording(
        _l("Naskah untuk Anda: %(title)s"),
        _l("%(actor)s menyerahkan naskah ini kepada Anda."),
        _l("Buka naskah"),
    ),
    K.TASK_OFFERED: _Wording(
        _l("Tugas untuk Anda: %(title)s"),
        _l("%(actor)s meminta Anda mengerjakan tugas ini. Terima, atau tolak dengan alasan."),
        _l("Buka tugas"),
    ),
    K.TASK_DECLINED: _Wording(
        _l("Butuh pengganti: %(title)s"),
        _l("%(actor)s menolak tugas ini dan menuliskan alasannya."),
        _l("Pilih pengganti"),
    ),
    K.TASK_REPLACED: _Wording(
        _l("Tugas dialihkan: %(title)s"),
        _l("%(actor)s mengalihkan tugas ini kepada orang lain. Tidak ada yang perlu Anda kerjakan lagi."),
        _l("Lihat tugas"),
    ),
    K.TASK_CANCELLED: _Wording(
        _l("Tugas dibatalkan: %(title)s"),
        _l("Tugas ini tidak perlu dikerjakan lagi. Alasannya ada di halamannya."),
        _l("Lihat alasannya"),
    ),
    K.TASK_DUE_CHANGED: _Wording(
        _l("Tenggat diubah: %(title)s"),
        _l("%(actor)s mengubah tenggat tugas Anda."),
        _l("Lihat tenggat"),
    ),
    K.TASK_DUE_SOON: _Wording(
        _l("Tenggat sudah dekat: %(title)s"),
        _l("Tenggat tugas ini kurang dari sehari lagi."),
        _l("Buka tugas"),
    ),
    K.TASK_OVERDUE: _Wording(
        _l("Lewat tenggat: %(title)s"),
        _l("Tugas ini belum ditandai selesai. Bila ada kendala, kabari redaktur lewat halaman tugasnya."),
        _l("Buka tugas"),
    ),
    K.TASK_AWAY: _Wording(
        _l("Butuh pengganti? %(title)s"),
        _l("%(actor)s tidak di tempat pada hari tenggat tugas ini."),
        _l("Lihat tugas"),
    ),
    K.TAKEDOWN_WANTED: _Wording(
        _l("Perlu diturunkan: %(title)s"),
        _l(
            "Izin seseorang di dalam berkas ini berakhir. Turunkan dari tempat tayangnya dalam 72 jam, lalu catat."
        ),
        _l("Lihat di mana dipakai"),
    ),
    K.TAKEDOWN_LATE: _Wording(
        _l("Lewat 72 jam: %(title)s"),
        _l("Izin seseorang di dalam berkas ini sudah berakhir dan penurunannya belum dicatat."),
        _l("Lihat di mana dipakai"),
    ),
    K.COMMENT_MENTION: _Wording(
        _l("Anda disebut dalam komentar: %(title)s"),
        _l("%(actor)s menyebut Anda dalam komentar dan menunggu jawaban."),
        _l("Baca komentarnya"),
    ),
    K.MANUAL_DUE: _Wording(
        _l("Saatnya mengunggah: %(title)s"),
        _l("Teks dan gambarnya sudah siap disalin. Sesudah mengunggah, catat tautannya."),
        _l("Buka bahan unggahan"),
    ),
    K.MANUAL_LATE: _Wording(
        _l("Belum tercatat diunggah: %(title)s"),
        _l(
            "Waktunya sudah lewat. Bila sudah diunggah, catat tautannya; bila belum, bahannya tetap siap disalin."
        ),
        _l("Buka bahan unggahan"),
    ),
    K.BY_HAND_LATE: _Wording(
        _l("Belum tercatat dibereskan: %(title)s"),
        _l("%(says)s Bila sudah dikerjakan di kanalnya, catat di halaman publikasinya."),
        _l("Buka publikasi"),
    ),
    K.CORRECTION_DUE: _Wording(
        _l("Perlu dibetulkan: %(title)s"),
        _l("Ralatnya sudah disetujui. Betulkan unggahannya di kanal, lalu catat."),
        _l("Buka publikasi"),
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
        "%(says)s",
        _l("Buka publikasi"),
    ),
    K.POST_UNCERTAIN: _Wording(
        _l("Belum pasti tayang: %(title)s"),
        _l(
            "Kanal tidak menjawab apakah publikasi ini sudah tayang. Periksa di kanalnya, lalu catat: ini tautannya, "
            "atau tidak tayang. Sebelum itu humasflow tidak mengirimnya lagi."
        ),
        _l("Catat hasilnya"),
    ),
    K.POST_WAITS: _Wording(
        _l("Menunggu akun disambungkan: %(title)s"),
        _l(
            "Kanal tidak lagi mengizinkan humasflow masuk. Minta admin menyambungkan ulang akunnya; sesudah itu "
            "publikasi ini tayang dengan sendirinya."
        ),
        _l("Buka publikasi"),
    ),
    K.POST_NO_QUOTA: _Wording(
        _l("Kuota kanal habis: %(title)s"),
        _l("%(says)s Bila mendesak, unggah sendiri dari halaman publikasinya."),
        _l("Buka publikasi"),
    ),
    K.POST_LINK_GONE: _Wording(
        _l("Tautan tidak terbuka: %(title)s"),
        _l("Sudah sepekan tautannya tidak terbuka. Periksa di kanalnya: pindah alamat, atau sudah dihapus?"),
        _l("Buka publikasi"),
    ),
    K.POINT_DISPUTED: _Wording(
        _l("Nilainya dipertanyakan: %(title)s"),
        _l(
            "%(actor)s mempertanyakan nilai publikasi ini dan menuliskan alasannya. Lengkapi atau betulkan buktinya."
        ),
        _l("Baca alasannya"),
    ),
    K.FOLLOW_UP_FAILED: _Wording(
        _l("Perlu Anda lihat: %(title)s"),
        _l("Publikasi ini sudah tayang dan tetap tayang. %(says)s"),
        _l("Buka publikasi"),
    ),
    K.POSTS_IN_TROUBLE: _Wording(
        "%(title)s",
        _l(
            "Semuanya ada di bagian atas daftar publikasi, masing-masing dengan sebab dan langkah berikutnya. "
            "Publikasi lain berjalan seperti biasa."
        ),
        _l("Buka daftar publikasi"),
    ),
    K.REMOVAL_DUE: _Wording(
        _l("Perlu dihapus: %(title)s"),
        _l("Publikasi ini diturunkan. Hapus unggahannya di kanal, lalu catat bahwa sudah dihapus."),
        _l("Buka publikasi"),
    ),
    K.CONNECTION_BROKEN: _Wording(
        _l("Perlu disambungkan ulang: %(title)s"),
        _l(
            "Kanal tidak lagi mengizinkan humasflow masuk. Sambungkan ulang akun ini; sesudah itu yang menunggu "
            "diproses dengan sendirinya. %(says)s"
        ),
        _l("Sambungkan ulang"),
    ),
    K.CONNECTION_EXPIRING: _Wording(
        _l("Izin segera berakhir: %(title)s"),
        _l(
            "Izin humasflow di akun ini berakhir %(says)s. Sambungkan ulang sebelum itu, agar tidak ada yang tertahan."
        ),
        _l("Sambungkan ulang"),
    ),
    K.CAMPAIGN_OFFERED: _Wording(
        _l("Ajakan kampanye: %(title)s"),
        _l("%(actor)s mengajak kantor Anda mengikuti kampanye ini. Ikuti, atau jawab dengan alasan."),
        _l("Baca dan jawab"),
    ),
    K.HANDOVER_OFFERED: _Wording(
        _l("Kiriman naskah: %(title)s"),
        _l("%(actor)s mengirim naskah ini untuk kantor Anda. Ambil, atau jawab dengan alasan."),
        _l("Baca dan jawab"),
    ),
    K.SOURCE_WITHDRAWN: _Wording(
        _l("Diturunkan di kantor asal: %(title)s"),
        _l(
            "%(actor)s menurunkan atau membatalkan naskah ini. Periksa naskah kantor Anda: masih benar, atau ikut "
            "diturunkan?"
        ),
        _l("Lihat kiriman"),
    ),
    K.SOURCE_CORRECTED: _Wording(
        _l("Dibetulkan di kantor asal: %(title)s"),
        _l("%(actor)s membetulkan naskah ini. Periksa apakah naskah kantor Anda perlu dibetulkan juga."),
        _l("Lihat pembetulannya"),
    ),
    K.SOURCE_RENEWED: _Wording(
        _l("Ada versi baru: %(title)s"),
        _l(
            "%(actor)s menyetujui versi baru naskah ini. Periksa apakah naskah kantor Anda perlu mengikutinya."
        ),
        _l("Lihat versi baru"),
    ),
    K.SOURCE_EMBARGOED: _Wording(
        _l("Embargo berubah: %(title)s"),
        _l("%(actor)s mengubah embargo naskah ini. Naskah kantor Anda mengikutinya."),
        _l("Lihat waktunya"),
    ),
    K.PITCH_ACCEPTED: _Wording(
        _l("Usulan diterima: %(title)s"), _l("%(actor)s mulai menggarap usulan Anda."), _l("Lihat usulan")
    ),
    K.PITCH_REJECTED: _Wording(
        _l("Usulan belum dapat dipakai: %(title)s"),
        _l("%(actor)s menuliskan alasannya untuk Anda."),
        _l("Baca alasannya"),
    ),
    K.AGENDA_MOVED: _Wording(
        _l("Agenda pindah waktu: %(title)s"),
        _l(
            "Agenda yang diliput naskah ini pindah waktu, dan tenggat tugasnya ikut. Waktu barunya ada di halamannya."
        ),
        _l("Lihat waktu barunya"),
    ),
    K.AGENDA_CANCELLED: _Wording(
        _l("Agenda dibatalkan: %(title)s"),
        _l("Agenda yang diliput naskah ini dibatalkan. Tunggu kabar redaktur sebelum berangkat."),
        _l("Lihat alasannya"),
    ),
    K.AGENDA_POSTPONED: _Wording(
        _l("Agenda ditunda: %(title)s"),
        _l("Agenda yang diliput naskah ini ditunda. Tunggu kabar redaktur sebelum berangkat."),
        _l("Lihat alasannya"),
    ),
    K.AGENDA_RESTORED: _Wording(
        _l("Agenda jadi berlangsung: %(title)s"),
        _l("Agenda yang diliput naskah ini jadi berlangsung. Periksa lagi tenggat dan jadwal tayangnya."),
        _l("Lihat naskah"),
    ),
    K.POSTS_UNDATED: _Wording(
        _l("Perlu jadwal baru: %(title)s"),
        _l("Agendanya berubah, jadi publikasinya tidak tayang sebelum diberi waktu baru."),
        _l("Atur jadwal"),
    ),
    K.TASK_ESCALATED: _Wording(
        _l("Masih lewat tenggat: %(title)s"),
        _l("Tugas %(actor)s belum selesai. Tanyakan, pindahkan tenggatnya, atau cari pengganti."),
        _l("Buka tugas"),
    ),
    K.POST_UNREADY: _Wording(
        _l("Belum siap tayang: %(title)s"),
        _l("Dijadwalkan %(says)s. Tanpa persetujuan, publikasi ini tidak tayang."),
        _l("Buka publikasi"),
    ),
    K.BRIEF_DAY: _Wording(
        _l("Kabar pagi: %(title)s"), _l("Yang menunggu Anda hari ini."), _l("Buka hari ini")
    ),
    K.BRIEF_WEEK: _Wording(
        _l("Kabar mingguan: %(title)s"), _l("Keadaan triwulan dan pekan ini."), _l("Buka pekan ini")
    ),
    K.PITCH_LIVE: _Wording(
        _l("Sudah tayang: %(title)s"), _l("Usulan Anda sudah tayang. Terima kasih."), _l("Lihat hasilnya")
    ),
}

# What those are told who cannot do it themselves: they are led to the publications, not to the account.
_TO_OTHERS = {
    K.CONNECTION_BROKEN: _Wording(
        _l("Perlu disambungkan ulang: %(title)s"),
        _l(
            "Kanal tidak lagi mengizinkan humasflow masuk. Sesudah admin menyambungkannya ulang, yang menunggu "
            "diproses dengan sendirinya. %(says)s"
        ),
        _l("Lihat yang menunggu"),
    ),
}


def has_words(kind: NoticeKind) -> bool:
    """Whether a kind has a mail of its own; otherwise it stands in a digest, by its sentence."""
    return kind in _WORDS


def subject_of(kind: NoticeKind, title: str) -> str:
    """The subject of its mail, in the language in force. Raises KeyError where it has none."""
    return str(_WORDS[kind].subject) % {"title": title}


def compose_notice(
    kind: NoticeKind,
    *,
    title: str,
    actor_name: str,
    subject: tuple[str, int],
    user: User,
    office: Unit,
    says: str = "",
) -> Letter:
    """A mail about one thing, in the language in force. ``says``: the product's own words about it, where there are
    any that may be read on a lock screen. Raises KeyError for a kind that is not mailed.
    """
    words = _TO_OTHERS.get(kind, _WORDS[kind]) if subject[0] == "publications" else _WORDS[kind]
    line = str(words.subject) % {"title": title}
    return render(
        "notice",
        line,
        user=user,
        office=office,
        title=title,
        asks=str(words.asks)
        % {
            "actor": actor_name or _("humasflow"),
            "says": says or _("Sebab dan langkah berikutnya ada di halamannya."),
        },
        button_text=str(words.button),
        url=absolute(path_of_subject(*subject)),
        stops=address_of(user.id, topic_of(kind).value),
    )
