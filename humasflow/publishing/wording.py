"""Why a channel did not take a post, for the person who has to do something: one sentence, one next step.

What the channel itself said stands in the record, for whoever looks after the installation.
"""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from humasflow.channels.adapters.errors import AdapterError, Invalid
from humasflow.posts.wording import sentence

_SENTENCES = {
    "invalid": _l("%(account)s menolak isi publikasi ini. Sunting isinya, lalu ajukan lagi."),
    "media_rejected": _l("%(account)s menolak gambar atau videonya. Ganti medianya, lalu ajukan lagi."),
    "forbidden": _l(
        "%(account)s tidak mengizinkan humasflow menayangkan ini. Minta admin memeriksa sambungannya."
    ),
    "unsupported": _l(
        "%(account)s tidak menerima publikasi seperti ini lewat sambungan. Unggah sendiri, lalu tandai tayang."
    ),
    "conflict": _l(
        "Di %(account)s sudah ada unggahan lain di tempat publikasi ini. Periksa kanalnya, lalu coba lagi."
    ),
    "transient": _l("%(account)s tidak dapat dihubungi setelah dicoba berkali-kali. Coba lagi nanti."),
    "rate_limited": _l("%(account)s terus meminta jeda setelah dicoba berkali-kali. Coba lagi nanti."),
    "too_slow": _l(
        "%(account)s tidak selesai menyiapkan publikasi ini dalam sehari. Coba lagi, atau unggah sendiri."
    ),
    "auth_expired": _l(
        "%(account)s tidak lagi mengizinkan humasflow masuk. Minta admin menyambungkannya ulang."
    ),
    "auth_revoked": _l(
        "%(account)s tidak lagi mengizinkan humasflow masuk. Minta admin menyambungkannya ulang."
    ),
    "quota_exceeded": _l(
        "Kuota %(account)s habis. Publikasi ini tayang dengan sendirinya setelah kuotanya pulih."
    ),
    "no_public_address": _l(
        "%(account)s mengambil gambar dari alamat umum humasflow, tetapi alamat itu belum diatur ke situs https yang "
        "terbuka di internet. Minta pengelola server mengaturnya."
    ),
}
# What a code alone would say wrongly, by what the adapter adds to it (``AdapterError.detail``).
_CLOSER = {
    "duplicate_content": _l(
        "%(account)s menolak karena kata-katanya sama dengan unggahan lain di sana. Ubah kata-katanya, lalu ajukan "
        "lagi."
    ),
    "credits_depleted": _l(
        "Saldo %(account)s habis dan tidak pulih sendiri. Minta admin mengisinya di konsol pengembang; setelah terisi, "
        "publikasi ini tayang dengan sendirinya."
    ),
}
_REFUSED = _l("%(account)s menolak publikasi ini. Periksa isinya dan pengaturan kanal.")


def refusal(error: AdapterError, account: str) -> str:
    """What the refusal means, and the one thing to do. What is wrong with the content is named where it is known."""
    if isinstance(error, Invalid) and error.problems:
        return " ".join(sentence(problem, account) for problem in error.problems)
    words = _CLOSER.get(error.detail) or _SENTENCES.get(error.code, _REFUSED)
    return str(words) % {"account": account}


def too_slow(account: str) -> str:
    """The channel never finished what it had to do beforehand."""
    return str(_SENTENCES["too_slow"]) % {"account": account}


def passing(account: str) -> str:
    """While it is tried again by itself."""
    return _("%(account)s sedang tidak dapat dihubungi. Dicoba lagi dengan sendirinya.", account=account)


def being_asked(account: str) -> str:
    """While it is not known whether it arrived."""
    return _(
        "%(account)s belum menjawab apakah publikasi ini sudah tayang. Sedang ditanyakan lagi.",
        account=account,
    )


def not_found(account: str) -> str:
    """A person was asked whether it arrived, and by now the channel has said that it did not."""
    return _(
        "%(account)s sudah menjawab: publikasi ini tidak ditemukan di sana. Bila Anda juga tidak melihatnya, pilih "
        "“Tidak tayang”, lalu coba lagi.",
        account=account,
    )
