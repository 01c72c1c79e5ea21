"""Why a request to another server came to nothing, in words for programs and for people."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from humasflow.core.errors import UserError


class Fault(StrEnum):
    """Why a request came to nothing."""

    ADDRESS = "address"  # not an address of a web server
    PRIVATE = "private"  # a machine that is not on the public internet
    UNKNOWN_HOST = "unknown_host"
    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    REDIRECTS = "redirects"
    TLS = "tls"
    ANSWER = "answer"  # not what HTTP allows
    DENIED = "denied"
    GONE = "gone"
    STATUS = "status"  # any other refusal


class FetchFailed(UserError):
    """A request that came to nothing. ``fault`` for programs, ``message`` for people; ``status_code`` of the answer.

    ``retry_after``: seconds that the answer asked us to wait, if it did.
    ``may_pass``: trying again later can help. ``sent``: the other side may have read the request (told by
    ``outbound.exchange`` only).
    """

    def __init__(self, fault: Fault, host: str = "", *, status_code: int | None = None) -> None:
        super().__init__(str(_SENTENCES[fault]) % {"host": host, "code": status_code})
        self.fault, self.host, self.status_code = fault, host, status_code
        self.sent = False
        self.retry_after: int | None = None

    @property
    def may_pass(self) -> bool:
        """Whether the same request may well succeed later."""
        return self.fault in {
            Fault.UNKNOWN_HOST,
            Fault.UNREACHABLE,
            Fault.TOO_SLOW,
            Fault.STATUS,
            Fault.ANSWER,
        }


_SENTENCES = {
    Fault.ADDRESS: _l(
        "Alamat ini bukan alamat web yang dapat dibuka. Contoh: https://contoh.go.id/agenda.ics."
    ),
    Fault.PRIVATE: _l("Alamat ini menuju jaringan dalam, jadi tidak dibuka. Pakai alamat di internet umum."),
    Fault.UNKNOWN_HOST: _l("Nama %(host)s tidak ditemukan di internet. Periksa ejaannya."),
    Fault.UNREACHABLE: _l("%(host)s belum dapat dihubungi. Coba lagi nanti."),
    Fault.TOO_SLOW: _l("%(host)s terlalu lama menjawab. Coba lagi nanti."),
    Fault.TOO_LARGE: _l("Jawaban %(host)s terlalu besar."),
    Fault.REDIRECTS: _l("%(host)s mengalihkan ke alamat lain yang tidak dapat diikuti."),
    Fault.TLS: _l("Sambungan aman ke %(host)s gagal: sertifikatnya tidak dapat dipercaya."),
    Fault.ANSWER: _l("Jawaban %(host)s tidak dapat dibaca."),
    Fault.DENIED: _l("%(host)s menolak permintaan ini. Periksa apakah alamatnya masih berlaku."),
    Fault.GONE: _l("Alamat ini tidak ada lagi di %(host)s."),
    Fault.STATUS: _l("%(host)s sedang bermasalah (kode %(code)s). Coba lagi nanti."),
}
