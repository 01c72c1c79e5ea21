"""What became of a mail that came in, and why a mailbox cannot be read."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Outcome(StrEnum):
    """What was made of one incoming mail."""

    BOUNCE = "bounce"
    FOREIGN_BOUNCE = "foreign_bounce"
    PITCH = "pitch"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    EXPIRED = "expired"
    GONE = "gone"
    REPLY = "reply"
    AUTOMATIC = "automatic"
    UNKNOWN_SENDER = "unknown_sender"
    NO_ROLE = "no_role"
    TOO_MANY = "too_many"
    TOO_LARGE = "too_large"
    NO_TITLE = "no_title"
    UNREADABLE = "unreadable"
    NOT_WANTED = "not_wanted"

    @property
    def label(self) -> str:
        """For people."""
        return str(_OUTCOMES[self])


class MailboxFault(StrEnum):
    """Why the mailbox could not be read."""

    UNKNOWN_HOST = "unknown_host"
    UNREACHABLE = "unreachable"
    NOT_A_MAILBOX = "not_a_mailbox"
    CERTIFICATE = "certificate"
    NO_ENCRYPTION = "no_encryption"
    PASSWORD = "password"
    NO_FOLDER = "no_folder"
    CUT_OFF = "cut_off"
    KEY_LOST = "key_lost"

    @property
    def label(self) -> str:
        """What happened and what to look at."""
        return str(_FAULTS[self])


O = Outcome  # noqa: E741 - a table of words
_OUTCOMES = {
    O.BOUNCE: _l("Surel kita terpental"),
    O.FOREIGN_BOUNCE: _l("Laporan tentang surel yang bukan dari sini"),
    O.PITCH: _l("Menjadi usulan"),
    O.WAITING: _l("Menunggu dibenarkan pengirim"),
    O.CONFIRMED: _l("Dibenarkan, sedang diolah"),
    O.EXPIRED: _l("Tidak dibenarkan pengirim"),
    O.GONE: _l("Sudah tidak ada di kotak surat"),
    O.REPLY: _l("Balasan atas surel kita"),
    O.AUTOMATIC: _l("Surel otomatis, dilewati"),
    O.UNKNOWN_SENDER: _l("Pengirim tidak dikenal"),
    O.NO_ROLE: _l("Pengirim tidak boleh mengusulkan"),
    O.TOO_MANY: _l("Terlalu banyak dalam satu jam"),
    O.TOO_LARGE: _l("Terlalu besar"),
    O.NO_TITLE: _l("Tanpa perihal dan isi"),
    O.UNREADABLE: _l("Tidak terbaca"),
    O.NOT_WANTED: _l("Bukan laporan pengiriman, dilewati"),
}
_FAULTS = {
    MailboxFault.UNKNOWN_HOST: _l("Nama server tidak ditemukan. Periksa ejaannya."),
    MailboxFault.UNREACHABLE: _l(
        "Server tidak dapat dihubungi. Periksa nama server, port, dan tembok api jaringan."
    ),
    MailboxFault.NOT_A_MAILBOX: _l(
        "Yang menjawab di port itu bukan server IMAP. Periksa port dan jenis pengamanannya."
    ),
    MailboxFault.CERTIFICATE: _l("Sertifikat server tidak dapat dipercaya atau bukan untuk nama server itu."),
    MailboxFault.NO_ENCRYPTION: _l("Server tidak menawarkan STARTTLS. Coba TLS langsung di port 993."),
    MailboxFault.PASSWORD: _l("Server menolak nama pengguna atau kata sandi."),
    MailboxFault.NO_FOLDER: _l("Folder itu tidak ada di kotak surat, atau tidak boleh dibuka."),
    MailboxFault.CUT_OFF: _l("Sambungan terputus di tengah jalan. Dicoba lagi dengan sendirinya."),
    MailboxFault.KEY_LOST: _l(
        "Kata sandi kotak surat tidak dapat dibuka dengan kunci sekarang. Ketik ulang kata sandinya."
    ),
}
