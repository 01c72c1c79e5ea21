"""What a person does on the platform before an account can be connected, and what it costs and limits.

Menus as they are named in November 2026 (Indonesian where the platform has Indonesian menus).
"""

from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from humasflow.channels.connections.enums import AppProvider

Text = Any  # a lazy text: read in the language of whoever reads it


@dataclass(frozen=True)
class Guide:
    """``lead``: how this channel lets the product in. ``steps``: in order. ``notes``: what to know before one begins.
    ``link``: where the steps begin, with its name. ``address_step``: the number of the step (from 1) that asks for our
    address. ``names``: what the platform calls an app's number and its secret.
    """

    lead: Text
    steps: tuple[Text, ...]
    notes: tuple[Text, ...] = ()
    link: tuple[str, str] = ("", "")
    address_step: int = 0
    names: tuple[str, str] = ("", "")


NOTHING: Final = Guide(_l("Kanal ini tersambung langsung."), ())

_OWN_PAGE = _l(
    "Anda dibawa ke halaman kanalnya untuk masuk dan memberi izin, lalu kembali ke sini. "
    "Kata sandi akun tidak pernah diketik di humasflow."
)
_PUBLIC_PICTURES = _l(
    "Kanal ini mengambil gambar lewat alamat umum humasflow, jadi humasflow harus dapat dibuka dari internet."
)

ACCOUNT_GUIDES: dict[str, Guide] = {
    "wordpress": Guide(
        _l(
            "Portal WordPress disambungkan dengan kata sandi aplikasi: kata sandi khusus "
            "untuk humasflow yang dapat dicabut kapan saja tanpa mengganti kata sandi Anda."
        ),
        (
            _l(
                "Masuk ke dasbor portal (alamatnya berakhiran /wp-admin) sebagai pengguna "
                "berperan Editor. Sebaiknya pengguna khusus humas, bukan milik pribadi."
            ),
            _l("Buka Pengguna → Profil, lalu gulir ke bagian Kata Sandi Aplikasi."),
            _l("Pada nama aplikasi tulis humasflow, lalu tekan Tambahkan Kata Sandi Aplikasi Baru."),
            _l(
                "Salin kata sandi yang muncul. Portal hanya menampilkannya sekali; tempel di "
                "isian di bawah ini."
            ),
        ),
        (
            _l(
                "Bagian Kata Sandi Aplikasi tidak ada? Biasanya portal belum memakai https atau "
                "dimatikan plugin keamanan. Minta pengelola portal menyalakannya."
            ),
            _l(
                "Pengguna berperan Kontributor belum cukup: tulisannya masih menunggu ditayangkan orang lain."
            ),
        ),
    ),
    "bluesky": Guide(
        _l(
            "Bluesky disambungkan dengan kata sandi aplikasi: kata sandi khusus untuk "
            "humasflow yang dapat dicabut kapan saja."
        ),
        (
            _l("Masuk ke Bluesky dengan akun kantor."),
            _l(
                "Buka Pengaturan → Privasi dan keamanan → Kata sandi aplikasi, lalu tekan Tambah "
                "kata sandi aplikasi."
            ),
            _l("Beri nama humasflow. Akses ke pesan langsung tidak perlu dicentang."),
            _l("Salin kata sandi yang muncul, lalu tempel di isian di bawah ini."),
        ),
        (
            _l(
                "Jangan pakai kata sandi utama akun. Yang utama membuka semuanya dan tidak dapat "
                "dicabut sendiri."
            ),
        ),
        ("https://bsky.app/settings/app-passwords", "bsky.app"),
    ),
    "mastodon": Guide(
        _l(
            "Mastodon terdiri atas banyak server. Tulis alamat server tempat akun kantor "
            "terdaftar, lalu masuk dan beri izin di sana."
        ),
        (
            _l(
                "Tulis alamat server, contohnya mastodon.social. Itu bagian sesudah @ kedua dari "
                "nama akun (@kantor@mastodon.social)."
            ),
            _l(
                "Tekan Lanjut ke server. humasflow mendaftarkan dirinya sendiri di sana; tidak "
                "ada kunci yang perlu dibuat."
            ),
            _l("Masuk dengan akun kantor, lalu tekan Izinkan."),
        ),
    ),
    "telegram": Guide(
        _l("Telegram disambungkan lewat bot milik kantor yang menjadi admin di kanal."),
        (
            _l(
                "Di Telegram, buka percakapan dengan @BotFather yang bercentang biru, lalu kirim "
                "/newbot. Ikuti pertanyaannya."
            ),
            _l("Salin token yang diberikan BotFather; bentuknya angka, titik dua, lalu huruf acak."),
            _l(
                "Buka kanal kantor → Kelola kanal → Administrator → Tambah admin, lalu pilih bot "
                "itu. Cukup izin Kirim pesan, Sunting pesan, dan Hapus pesan."
            ),
            _l(
                "Tulis nama kanal (@namakanal) di isian di bawah ini. Kanal tertutup memakai "
                "nomor yang diawali -100."
            ),
        ),
        (
            _l(
                "Bot tidak dapat membaca isi kanal. Bila jawaban Telegram hilang di jalan, "
                "humasflow meminta orang melihat apakah sudah tayang."
            ),
            _l("Telegram tidak memberikan angka pembaca kepada bot; angka itu dicatat orang."),
        ),
        ("https://t.me/BotFather", "t.me/BotFather"),
    ),
    "facebook": Guide(
        _OWN_PAGE,
        (
            _l("Pastikan akun Facebook Anda berperan mengelola Halaman kantor dengan kendali penuh."),
            _l(
                "Tekan Lanjut ke Facebook, masuk, lalu pilih Halaman kantor. Biarkan semua izin "
                "yang diminta tercentang."
            ),
            _l("Kembali ke sini, pilih Halamannya, dan selesai."),
        ),
        (
            _l("Hanya Halaman yang dapat disambungkan. Profil pribadi dan grup tidak."),
            _l(
                "Sambungan putus bila kata sandi pemberi izin berganti atau perannya dicabut; "
                "humasflow memberi tahu saat itu terjadi."
            ),
        ),
    ),
    "instagram": Guide(
        _OWN_PAGE,
        (
            _l(
                "Jadikan akun Instagram kantor akun profesional (Bisnis atau Kreator), lalu "
                "hubungkan dengan Halaman Facebook kantor."
            ),
            _l("Tekan Lanjut ke Instagram, masuk, lalu biarkan semua izin yang diminta tercentang."),
            _l("Kembali ke sini, pilih akunnya, dan selesai."),
        ),
        (
            _PUBLIC_PICTURES,
            _l("Akun pribadi tidak dapat disambungkan."),
            _l(
                "Instagram membatasi jumlah unggahan lewat aplikasi dalam 24 jam; sisanya tampak "
                "di halaman akun."
            ),
        ),
    ),
    "threads": Guide(
        _OWN_PAGE,
        (
            _l("Masuk ke Threads dengan akun kantor di peramban ini."),
            _l("Tekan Lanjut ke Threads, lalu beri izin."),
            _l("Kembali ke sini, periksa akunnya, dan selesai."),
        ),
        (_PUBLIC_PICTURES, _l("Izinnya berlaku 60 hari dan diperpanjang sendiri selama humasflow berjalan.")),
    ),
    "x": Guide(
        _OWN_PAGE,
        (
            _l("Masuk ke X dengan akun kantor di peramban ini. Keluar dahulu dari akun pribadi."),
            _l("Tekan Lanjut ke X, lalu Izinkan aplikasi."),
            _l("Kembali ke sini, periksa akunnya, dan selesai."),
        ),
        (
            _l(
                "Berbayar per pemakaian: sekitar US$0,015 tiap unggahan, dan US$0,20 bila memuat "
                "tautan. Isi saldo di akun pengembang X."
            ),
            _l(
                "Bila kantor tidak membayar, biarkan akun ini diunggah orang; teks dan gambarnya "
                "tetap disiapkan."
            ),
        ),
    ),
    "youtube": Guide(
        _OWN_PAGE,
        (
            _l("Siapkan akun Google yang memiliki kanal YouTube kantor."),
            _l("Tekan Lanjut ke Google, pilih akun itu, lalu pilih kanalnya dan beri izin."),
            _l("Kembali ke sini, periksa kanalnya, dan selesai."),
        ),
        (
            _l(
                "Selama proyek Google kantor belum diverifikasi, setiap video yang diunggah "
                "lewat humasflow hanya terlihat oleh pemilik kanal. Sampai itu selesai, "
                "unggahlah lewat orang."
            ),
            _l("Selama layar persetujuan berstatus Testing, izin habis tiap 7 hari."),
            _l("Paling banyak 100 unggahan sehari."),
        ),
    ),
    "tiktok": Guide(
        _OWN_PAGE,
        (
            _l("Masuk ke TikTok dengan akun kantor di peramban ini."),
            _l("Tekan Lanjut ke TikTok, lalu beri izin."),
            _l("Kembali ke sini, periksa akunnya, dan selesai."),
        ),
        (
            _l(
                "Selama aplikasi kantor belum diaudit TikTok, unggahan hanya terlihat oleh "
                "pemilik akun. Sampai itu selesai, unggahlah lewat orang: biarkan akun ini tidak "
                "tersambung."
            ),
            _l("Alamat publik sebuah video baru ada sesudah dimoderasi TikTok, menit sampai jam kemudian."),
        ),
    ),
}

APP_GUIDES: dict[AppProvider, Guide] = {
    AppProvider.META: Guide(
        _l("Satu aplikasi Meta dipakai untuk Halaman Facebook dan Instagram kantor."),
        (
            _l(
                "Buka Meta for Developers dengan akun yang mengelola Halaman kantor, lalu My "
                "Apps → Create App, jenis Business."
            ),
            _l("Tambahkan produk Facebook Login for Business. Di Settings → Valid OAuth Redirect URIs:"),
            _l(
                "Minta izin di bawah ini lewat App Review, dan verifikasi badan usaha atau "
                "instansi di Business Settings."
            ),
            _l(
                "Di App settings → Basic, salin App ID dan App secret ke isian di sini, lalu "
                "alihkan aplikasi ke Live."
            ),
        ),
        (
            _l(
                "Sebelum lulus App Review, hanya orang yang terdaftar sebagai pengelola aplikasi "
                "yang dapat memberi izin."
            ),
            _l("Meta hanya menerima alamat kembali yang memakai https."),
        ),
        ("https://developers.facebook.com/apps/", "developers.facebook.com"),
        address_step=2,
        names=("App ID", "App secret"),
    ),
    AppProvider.THREADS: Guide(
        _l("Threads memakai aplikasi Meta tersendiri dengan nomor dan kunci sendiri."),
        (
            _l(
                "Buka Meta for Developers, My Apps → Create App, lalu pilih kasus pakai Access "
                "the Threads API."
            ),
            _l("Di Use cases → Threads API → Settings, pada Redirect Callback URLs:"),
            _l("Minta izin di bawah ini lewat App Review."),
            _l("Di App settings → Basic, salin Threads App ID dan Threads App secret ke isian di sini."),
        ),
        (
            _l(
                "Sebelum lulus App Review, akun Threads kantor harus ditambahkan dahulu sebagai "
                "Threads Tester."
            ),
        ),
        ("https://developers.facebook.com/apps/", "developers.facebook.com"),
        address_step=2,
        names=("Threads App ID", "Threads App secret"),
    ),
    AppProvider.X: Guide(
        _l("X memakai aplikasi pengembang dengan OAuth 2.0."),
        (
            _l("Buka portal pengembang X dengan akun kantor, lalu buat Project dan App."),
            _l(
                "Di User authentication settings pilih Read and write, jenis Web App, lalu pada Callback URI:"
            ),
            _l("Salin OAuth 2.0 Client ID dan Client Secret (bukan API Key) ke isian di sini."),
            _l("Isi saldo di Billing; tanpa saldo setiap unggahan ditolak."),
        ),
        (
            _l(
                "Berbayar per pemakaian: sekitar US$0,015 tiap unggahan, dan US$0,20 bila memuat "
                "tautan. Harga dapat berubah; lihat halaman Billing."
            ),
        ),
        ("https://developer.x.com/en/portal/dashboard", "developer.x.com"),
        address_step=2,
        names=("Client ID", "Client Secret"),
    ),
    AppProvider.GOOGLE: Guide(
        _l("YouTube memakai proyek Google Cloud milik kantor."),
        (
            _l(
                "Buka Google Cloud Console, buat Project, lalu di APIs & Services → Library "
                "nyalakan YouTube Data API v3."
            ),
            _l(
                "Di OAuth consent screen pilih External (atau Internal bila kantor memakai "
                "Google Workspace), isi nama kantor, lalu Publish app."
            ),
            _l(
                "Di Credentials → Create credentials → OAuth client ID, jenis Web application. "
                "Pada Authorized redirect URIs:"
            ),
            _l("Salin Client ID dan Client secret ke isian di sini."),
        ),
        (
            _l(
                "Sebelum proyek lulus audit YouTube API, video yang diunggah tetap privat. "
                "Ajukan audit di halaman YouTube API Services."
            ),
            _l("Status Testing membuat izin habis tiap 7 hari; pilih In production."),
        ),
        ("https://console.cloud.google.com/", "console.cloud.google.com"),
        address_step=3,
        names=("Client ID", "Client secret"),
    ),
    AppProvider.TIKTOK: Guide(
        _l("TikTok memakai aplikasi pengembang dengan Content Posting API."),
        (
            _l("Buka TikTok for Developers, Manage apps → Connect an app."),
            _l(
                "Tambahkan produk Login Kit dan Content Posting API dengan Direct Post menyala. "
                "Pada Redirect URI:"
            ),
            _l("Minta izin di bawah ini, lalu kirim aplikasi untuk ditinjau."),
            _l("Salin Client key dan Client secret ke isian di sini."),
        ),
        (_l("Sebelum aplikasi diaudit TikTok, unggahan hanya terlihat oleh pemilik akun."),),
        ("https://developers.tiktok.com/apps/", "developers.tiktok.com"),
        address_step=2,
        names=("Client key", "Client secret"),
    ),
}

WARNINGS: dict[str, Text] = {
    "followers_only": _l(
        "Akun ini dikunci, jadi yang tayang hanya terlihat oleh pengikutnya. Buka kuncinya di setelan akun."
    ),
    "no_uploads": _l(
        "Pengguna ini tidak boleh mengunggah gambar ke portal, jadi berita tayang tanpa "
        "gambar. Minta peran Editor."
    ),
    "no_edit": _l(
        "Bot tidak boleh menyunting pesan, jadi ralat menjadi tugas orang. Nyalakan izin "
        "Sunting pesan bila perlu."
    ),
    "no_retract": _l(
        "Bot tidak boleh menghapus pesan, jadi penurunan menjadi tugas orang. Nyalakan "
        "izin Hapus pesan bila perlu."
    ),
    "private_only": _l(
        "Yang tayang lewat sambungan ini hanya terlihat oleh pemilik akun, karena "
        "aplikasi kantor belum diverifikasi kanalnya. Selesaikan verifikasinya, atau "
        "putuskan sambungan supaya diunggah orang."
    ),
}
UNKNOWN_WARNING = _l("Kanal menyampaikan peringatan “%(code)s”. Periksa setelan akun di kanalnya.")


def warning(code: str) -> str:
    """What a warning of a channel means."""
    return str(WARNINGS.get(code) or UNKNOWN_WARNING % {"code": code})
