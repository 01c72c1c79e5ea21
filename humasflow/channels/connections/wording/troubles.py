"""What a channel's refusal means for a person: what happened, and the one thing to do next."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from humasflow.channels.adapters.errors import AdapterError
from humasflow.channels.adapters.oauth import OF_THE_APP

Text = Any


@dataclass(frozen=True)
class Trouble:
    """Two sentences: what happened, and what to do now."""

    what: str
    next: str

    def __str__(self) -> str:
        return f"{self.what} {self.next}"


_Pair = tuple[Text, Text]

# Reasons that the network gives (see adapters.http), whatever the channel.
_NETWORK: dict[str, _Pair] = {
    "address": (
        _l("Alamat itu bukan alamat web yang dapat dibuka."),
        _l("Periksa penulisannya, contohnya https://portal.kantor.go.id."),
    ),
    "private": (
        _l("Alamat itu menuju jaringan dalam, jadi tidak dibuka."),
        _l("Pakai alamat di internet umum, atau minta pengelola server mengizinkannya."),
    ),
    "unknown_host": (
        _l("Server dengan nama itu tidak ditemukan di internet."),
        _l("Periksa ejaan alamatnya."),
    ),
    "unreachable": (
        _l("Servernya tidak dapat dihubungi."),
        _l("Coba lagi beberapa menit lagi; bila tetap, tanyakan kepada pengelola servernya."),
    ),
    "too_slow": (_l("Servernya terlalu lama menjawab."), _l("Coba lagi beberapa menit lagi.")),
    "too_large": (
        _l("Jawaban servernya terlalu besar untuk sebuah jawaban kanal."),
        _l("Pastikan alamatnya alamat kanal itu sendiri."),
    ),
    "redirects": (
        _l("Servernya mengalihkan ke alamat lain, dan pengalihan tidak diikuti demi keamanan kata sandi."),
        _l("Buka alamat itu di peramban, lalu salin alamat yang akhirnya tampil."),
    ),
    "tls": (
        _l("Sertifikat keamanan servernya tidak dapat dipercaya."),
        _l("Minta pengelola server memasang sertifikat yang sah."),
    ),
    "answer": (
        _l("Jawaban servernya tidak dapat dibaca."),
        _l("Pastikan alamatnya benar; bila benar, coba lagi nanti."),
    ),
}

# A whole answer that is not what a channel says: a page for people, half an object.
_NO_ANSWER = frozenset({"a success that says nothing", "a list that is none", "a grant without a token"})

_CODES: dict[str, _Pair] = {
    "invalid": (_l("Kanal tidak mengenali yang diketik."), _l("Periksa lagi setiap isian.")),
    "media_rejected": (_l("Kanal menolak sebuah gambar atau video."), _l("Ganti berkasnya, lalu coba lagi.")),
    "auth_expired": (_l("Izin dari kanal sudah habis."), _l("Sambungkan ulang akun ini.")),
    "auth_revoked": (
        _l("Kanal tidak lagi menerima kata sandi atau izin yang tersimpan."),
        _l("Sambungkan ulang akun ini."),
    ),
    "forbidden": (
        _l("Akun ini dapat masuk, tetapi tidak berwenang menayangkan."),
        _l("Minta wewenangnya kepada pengelola kanal, lalu sambungkan ulang."),
    ),
    "rate_limited": (
        _l("Kanal meminta jeda karena terlalu banyak permintaan."),
        _l("Tunggu beberapa menit; humasflow mencoba lagi sendiri."),
    ),
    "quota_exceeded": (
        _l("Jatah publikasi di kanal ini sudah habis untuk sementara."),
        _l("Tunggu sampai jatahnya kembali; yang terjadwal menyusul sendiri."),
    ),
    "conflict": (
        _l("Yang ada di kanal tidak seperti yang tercatat di sini."),
        _l("Lihat publikasinya di kanal, lalu putuskan."),
    ),
    "transient": (
        _l("Kanal sedang bermasalah atau jawabannya tidak lengkap."),
        _l("Coba lagi beberapa menit lagi."),
    ),
    "outcome_unknown": (
        _l("Jawaban kanal hilang di jalan."),
        _l("Lihat di kanal apakah publikasinya sudah tayang."),
    ),
    "unsupported": (
        _l("Kanal ini tidak menyediakan yang diperlukan."),
        _l("Pastikan alamat dan jenis akunnya benar."),
    ),
}
_OTHER: _Pair = (_l("Kanal menjawab dengan pesan kesalahan yang belum dikenal."), _l("Coba lagi nanti."))

# What adapters say in more detail than their code.
_KEYS_REFUSED: _Pair = (  # of an account that is connected
    _l("Kunci aplikasi kantor untuk kanal ini ditolak."),
    _l("Periksa nomor dan kunci rahasianya di Kunci aplikasi; akunnya tidak perlu disambungkan ulang."),
)
_DETAILS: dict[str, _Pair] = {
    "application_passwords_off": (
        _l("Portal ini mematikan kata sandi aplikasi."),
        _l(
            "Minta pengelola portal menyalakannya; biasanya dimatikan plugin keamanan atau "
            "karena portal belum memakai https."
        ),
    ),
    "publish_posts": (
        _l("Pengguna ini belum boleh menayangkan tulisan di portal."),
        _l("Minta admin portal memberinya peran Editor."),
    ),
    "rest_closed": (
        _l("Portal ini menutup REST API, pintu yang dipakai humasflow."),
        _l("Minta pengelola portal membukanya untuk pengguna yang masuk."),
    ),
    "not_wordpress": (
        _l("Di alamat itu tidak ditemukan WordPress."),
        _l("Buka portalnya di peramban, lalu salin alamat halaman depannya."),
    ),
    "not_a_channel": (
        _l("Itu bukan kanal Telegram, atau bot belum ada di sana."),
        _l("Periksa nama kanalnya, dan tambahkan bot sebagai admin."),
    ),
    "cannot_post": (
        _l("Bot itu belum boleh mengirim di kanal."),
        _l("Di Administrator kanal, nyalakan izin Kirim pesan untuk bot."),
    ),
    "chat_moved": (
        _l("Kanal Telegram itu sudah pindah nomor."),
        _l("Sambungkan ulang dengan nama kanalnya."),
    ),
    "account_suspended": (
        _l("Akun ini sedang ditangguhkan oleh kanalnya."),
        _l("Masuk ke kanalnya dan selesaikan pemberitahuannya."),
    ),
    "no_app_keys": (
        _l("Kunci aplikasi kantor untuk kanal ini tidak ada lagi."),
        _l("Isi kunci aplikasinya, lalu sambungkan ulang."),
    ),
    "no_channel": (
        _l("Akun Google itu tidak memiliki kanal YouTube."),
        _l("Masuk dengan akun yang memiliki kanal kantor."),
    ),
    "secrets cannot be opened": (
        _l("Kata sandi dan izin yang tersimpan tidak dapat dibuka, karena kunci pemasangan berganti."),
        _l("Kembalikan kunci lamanya, atau sambungkan ulang akun ini."),
    ),
}

# While a person is connecting: the same refusals, said about what they have just typed or granted.
_TYPED: dict[tuple[str, str], _Pair] = {
    ("wordpress", "auth_revoked"): (
        _l("Portal tidak menerima nama pengguna atau kata sandi aplikasi itu."),
        _l("Salin lagi kata sandi aplikasinya; kata sandi untuk masuk dasbor tidak berlaku di sini."),
    ),
    ("wordpress", "forbidden"): (
        _l("Pengguna ini belum boleh menayangkan tulisan di portal."),
        _l("Minta admin portal memberinya peran Editor."),
    ),
    ("wordpress", "unsupported"): (
        _l("Di alamat itu tidak ditemukan WordPress yang dapat disambungkan."),
        _l("Buka portalnya di peramban, salin alamatnya, dan pastikan REST API tidak dimatikan."),
    ),
    ("wordpress", "answer"): (
        _l("Alamat itu menjawab dengan halaman web biasa, bukan dengan WordPress yang dapat disambungkan."),
        _l("Periksa alamatnya, dan pastikan REST API portal tidak dimatikan plugin keamanan."),
    ),
    ("bluesky", "auth_revoked"): (
        _l("Bluesky tidak menerima nama akun atau kata sandi aplikasi itu."),
        _l("Periksa nama akunnya, lalu salin lagi kata sandi aplikasinya."),
    ),
    ("mastodon", "auth_revoked"): (
        _l("Server tidak menerima token itu."),
        _l("Salin lagi token aksesnya, atau masuk lewat server."),
    ),
    ("mastodon", "forbidden"): (
        _l("Token itu tidak membawa semua izin yang diperlukan."),
        _l("Buat aplikasi baru di server dengan izin yang tertulis di halaman ini."),
    ),
    ("mastodon", "invalid"): (
        _l("Alamat itu bukan alamat server Mastodon."),
        _l("Periksa bagian sesudah @ kedua dari nama akun kantor."),
    ),
    ("telegram", "auth_revoked"): (
        _l("Telegram tidak mengenali token bot itu."),
        _l("Salin lagi tokennya dari BotFather."),
    ),
    ("telegram", "forbidden"): (
        _l("Bot itu belum menjadi admin yang boleh mengirim di kanal."),
        _l("Tambahkan bot sebagai admin kanal dengan izin Kirim pesan."),
    ),
    ("telegram", "invalid"): (
        _l("Kanal Telegram itu tidak ditemukan oleh bot."),
        _l("Periksa nama kanalnya, dan pastikan bot sudah ditambahkan sebagai admin."),
    ),
}
_CONNECTING: dict[str, _Pair] = {
    "auth_revoked": (
        _l("Kanal tidak menerima kata sandi, token, atau izin itu."),
        _l("Periksa lagi, lalu ulangi."),
    ),
    "auth_expired": (_l("Izinnya sudah habis sebelum selesai dipakai."), _l("Mulailah lagi.")),
    "forbidden": (
        _l("Izin yang diberikan belum cukup untuk menayangkan, atau kunci aplikasi kantor ditolak."),
        _l("Ulangi dengan semua izin tercentang; bila tetap, periksa kunci aplikasinya."),
    ),
    "unsupported": (
        _l("Akun itu tidak membawa apa pun yang dapat dipakai menayangkan."),
        _l("Masuk dengan akun yang mengelola kanal kantor, lalu beri semua izin yang diminta."),
    ),
}

# What a platform sends back with a person who did not get through (RFC 6749, section 4.1.2.1).
_RETURNS: dict[str, _Pair] = {
    "access_denied": (
        _l("Izin tidak diberikan di halaman kanal."),
        _l("Bila tidak sengaja, mulailah lagi dan setujui izinnya."),
    ),
    "invalid_scope": (
        _l("Aplikasi kantor belum diizinkan meminta semua yang diperlukan."),
        _l("Tambahkan izin yang tertulis di halaman kunci aplikasi, lalu mulai lagi."),
    ),
    "unauthorized_client": (
        _l("Kanal tidak mengizinkan aplikasi kantor memakai cara masuk ini."),
        _l("Periksa setelan aplikasi di halaman pengembang kanal."),
    ),
    "redirect_uri_mismatch": (
        _l("Alamat kembali yang terdaftar di kanal tidak sama dengan alamat di sini."),
        _l("Salin alamat kembali dari halaman kunci aplikasi, persis seperti adanya."),
    ),
    "temporarily_unavailable": (
        _l("Halaman masuk kanal sedang bermasalah."),
        _l("Coba lagi beberapa menit lagi."),
    ),
    "server_error": (_l("Halaman masuk kanal sedang bermasalah."), _l("Coba lagi beberapa menit lagi.")),
}
_OTHER_RETURN: _Pair = (
    _l("Kanal tidak menyelesaikan pemberian izin."),
    _l("Mulailah lagi; bila tetap, periksa setelan aplikasi di halaman pengembang kanal."),
)


def trouble(code: str, detail: str) -> Trouble:
    """What a stored error means, of an account that is connected."""
    keys = _KEYS_REFUSED if code == "forbidden" and detail in OF_THE_APP else None
    return _said(keys, _DETAILS.get(detail), _of_network(code, detail), _CODES.get(code))


def trouble_while_connecting(connector: str, error: AdapterError) -> Trouble:
    """What a refusal means for what a person has just typed or granted."""
    network = _of_network(error.code, error.detail)
    typed = _TYPED.get((connector, "answer")) if network is _NETWORK["answer"] else None
    return _said(
        typed,
        _DETAILS.get(error.detail),
        network,
        _TYPED.get((connector, error.code)),
        _CONNECTING.get(error.code),
        _CODES.get(error.code),
    )


def trouble_on_return(error: str) -> Trouble:
    """What the platform's own page sent back instead of a code."""
    return _said(_RETURNS.get(error), _OTHER_RETURN)


def _of_network(code: str, detail: str) -> _Pair | None:
    """What happened on the way, whatever the channel."""
    if code not in ("transient", "outcome_unknown", "invalid"):
        return None
    return _NETWORK["answer"] if detail in _NO_ANSWER else _NETWORK.get(detail)


def _said(*pairs: _Pair | None) -> Trouble:
    found = next((pair for pair in pairs if pair is not None), _OTHER)
    return Trouble(str(found[0]), str(found[1]))
