"""Correct Indonesian is left alone, and what is wrong is found, with the right suggestion."""

import pytest

from humasflow.guidelines.checks.base import House
from humasflow.guidelines.enums import RuleCode as R
from tests.factories.guidelines import found

LANGUAGE = {
    R.DI_KE,
    R.DOUBLED_WORD,
    R.SPELLING,
    R.QUOTE_UNNAMED,
    R.ACRONYM,
    R.NIK,
    R.NPWP,
    R.BANK_ACCOUNT,
    R.PHONE,
}

CORRECT = [
    "Anak-anak bermain di halaman kantor, lalu masuk ke aula.",
    "Kegiatan dilaksanakan di rumah dinas dan dihadiri kepala seksi.",
    "Peserta keluar dari ruangan pukul 10.00 WIB.",
    "Warga diminta tidak keluar rumah sesudah pukul 22.00, dan pegawai tidak keluar kantor.",
    "Pemeran utamanya Leonardo DiCaprio, dan KeMitraan adalah nama aplikasinya.",
    "Rombongan berangkat ke luar negeri pada hari Senin.",
    "Ke depan, pelayanan akan makin cepat.",
    "Hati-hati terhadap penipuan yang mengatasnamakan kantor.",
    "Di antara peserta, ada yang datang dari luar kota.",
    "Kedua belah pihak sepakat, dan kemudian menandatangani berita acara.",
    "Buku itu dirumahkan sementara; para pegawai dikantorkan kembali.",
    "Ia ditempatkan di tempat yang tepat.",
    "Kepada seluruh peserta disampaikan terima kasih.",
    "Di balik keberhasilan itu ada kerja keras tim.",
    "Rapat di pekan ini membahas rencana kerja.",
    "Pameran di pelantikan pejabat berlangsung meriah.",
    "Kapal itu berlabuh di lepas pantai Makassar.",
    "Barang Milik Negara (BMN) dikelola dengan tertib; BMN harus produktif.",
    "KPKNL (Kantor Pelayanan Kekayaan Negara dan Lelang) membuka loket baru.",
    "Pemenang lelang menyetor Rp1.234.567.890 ke kas negara.",
    "Nilai limitnya Rp 12.500.000.000 dengan jaminan 20 persen.",
    "Penetapan itu bernomor ND-123/KNL.1202/2026 tanggal 3 Maret 2026.",
    "Pegawai ber-NIP 198001012005011001 menerima penghargaan.",
    "“Kami berharap layanan ini bermanfaat bagi masyarakat,” ujar Kepala Kantor, Siti Rahma, di Makassar.",
    "Menurut Budi Santoso, “Pelayanan kini jauh lebih cepat daripada tahun lalu.”",
    "Seminar bertema “Sinergi Membangun Negeri yang Maju dan Sejahtera” dibuka pukul 09.00.",
    "Sosialisasi berjudul “cara mudah mengikuti lelang daring dari rumah” diikuti 30 orang.",
    "Bank Indonesia mencatat pertumbuhan 5,2 persen pada 2026.",
    "Sebanyak 1.250.000 orang mengunjungi laman itu sepanjang 2025.",
    "Kupu-kupu, laba-laba, dan undang-undang ditulis dengan tanda hubung.",
    "Kata sandi tidak pernah diminta lewat telepon, pesan, atau surel.",
    "Jalan di depan kantor ditutup; kendaraan dialihkan ke samping gedung.",
    "Kesempatan itu tidak datang dua kali, kata pepatah lama.",
    "Diskusi berlangsung hangat, keluhan dicatat, dan kebijakan dijelaskan.",
    "Lihat https://www.contoh.go.id/dimana/analisa dan surel dirumah@contoh.go.id untuk rinciannya.",
    "Kelas itu dibagi dua: kelas pagi dan kelas sore.",
    "Kerja sama itu dijalin di bidang pelatihan.",
    "Ia tinggal di Balikpapan, lalu pindah ke Palu.",
    "Pelaku diserang massa ketika dipalu gelombang protes.",
    "Keluarga besar itu berkumpul di kebun kelapa.",
    "Tim penilai bekerja di persimpangan jalan, di tikungan, dan di belokan.",
    "Petugas menerangkan langkah demi langkah, dari hari ke hari.",
]

FAULTY: list[tuple[str, R, str, str | None]] = [
    ("Kegiatan di laksanakan pada hari Senin.", R.DI_KE, "di laksanakan", "dilaksanakan"),
    ("Surat itu di tulis oleh kepala seksi.", R.DI_KE, "di tulis", "ditulis"),
    ("Acara di hadiri 30 peserta.", R.DI_KE, "di hadiri", "dihadiri"),
    ("Lelang di umumkan besok.", R.DI_KE, "di umumkan", "diumumkan"),
    ("Program ini di realisasikan tahun depan.", R.DI_KE, "di realisasikan", "direalisasikan"),
    ("Rapat di pimpin kepala kantor.", R.DI_KE, "di pimpin", "dipimpin"),
    ("Di sampaikan bahwa layanan tutup.", R.DI_KE, "Di sampaikan", "Disampaikan"),
    ("Pelayanan di mulainya pukul delapan.", R.DI_KE, "di mulainya", "dimulainya"),
    ("Ia bekerja dirumah.", R.DI_KE, "dirumah", "di rumah"),
    ("Silakan datang kesini.", R.DI_KE, "kesini", "ke sini"),
    ("Mereka pergi kesana.", R.DI_KE, "kesana", "ke sana"),
    ("Disana ada loket baru.", R.DI_KE, "Disana", "Di sana"),
    ("Kedepannya layanan lebih cepat.", R.DI_KE, "Kedepannya", "Ke depannya"),
    ("Loket ada dilantai dua.", R.DI_KE, "dilantai", "di lantai"),
    ("Uang disimpan didalam brankas.", R.DI_KE, "didalam", "di dalam"),
    ("Ia melihat keatas.", R.DI_KE, "keatas", "ke atas"),
    ("Peserta tersebar dimana-mana.", R.DI_KE, "dimana-mana", "di mana-mana"),
    ("Kantor itu ada diMakassar.", R.DI_KE, "diMakassar", "di Makassar"),
    ("Rombongan menuju kejakarta.", R.DI_KE, "kejakarta", "ke Jakarta"),
    ("Mereka bertugas keluar negeri.", R.DI_KE, "keluar", "ke luar"),
    ("Terima kasih ke pada semua peserta.", R.DI_KE, "ke pada", "kepada"),
    ("PENGUMUMAN DIKANTOR KAMI", R.DI_KE, "DIKANTOR", "DI KANTOR"),
    ("Diantaranya ada tiga pegawai.", R.DI_KE, "Diantaranya", "Di antaranya"),
    ("Kegiatan yang yang penting.", R.DOUBLED_WORD, "yang yang", "yang"),
    ("Ia datang dari dari kota.", R.DOUBLED_WORD, "dari dari", "dari"),
    ("Kami hati hati di jalan.", R.DOUBLED_WORD, "hati hati", "hati-hati"),
    ("Anak anak bermain.", R.DOUBLED_WORD, "Anak anak", "Anak-anak"),
    ("Hasil analisa menunjukkan kenaikan.", R.SPELLING, "analisa", "analisis"),
    ("Analisanya tepat.", R.SPELLING, "Analisanya", "Analisisnya"),
    ("AKTIFITAS WARGA", R.SPELLING, "AKTIFITAS", "AKTIVITAS"),
    ("Rapat pada bulan pebruari.", R.SPELLING, "pebruari", "Februari"),
    ("Silahkan antri.", R.SPELLING, "Silahkan", "Silakan"),
    ("“Kami sangat terbantu oleh layanan ini.”", R.QUOTE_UNNAMED, "“Kami sangat terbantu oleh layanan ini.”", None),
    (
        'Sesudah itu terdengar "kami tidak akan pernah berhenti melayani semua warga" dari kejauhan.',
        R.QUOTE_UNNAMED, '"kami tidak akan pernah berhenti melayani semua warga"', None,
    ),
    ("Pelatihan SIMAN dibuka hari ini.", R.ACRONYM, "SIMAN", None),
    ("NIK pemohon 7371091212900001 dicatat.", R.NIK, "7371091212900001", None),
    ("Nomornya 7371 0952 1290 0001 tertera.", R.NIK, "7371 0952 1290 0001", None),
    ("Ber-KTP 9999999999999999.", R.NIK, "9999999999999999", None),
    ("NPWP 01.234.567.8-901.000 milik perusahaan.", R.NPWP, "01.234.567.8-901.000", None),
    ("Nomor NPWP: 0012345678901000.", R.NPWP, "0012345678901000", None),
    ("NPWP 123456789012345.", R.NPWP, "123456789012345", None),
    ("Setor ke rekening 1234-01-000123-50-1.", R.BANK_ACCOUNT, "1234-01-000123-50-1", None),
    ("Transfer ke Bank Mandiri 1520012345678 a.n. Budi.", R.BANK_ACCOUNT, "1520012345678", None),
    ("No. rek 12345678 BRI.", R.BANK_ACCOUNT, "12345678", None),
    ("Hubungi 0812-3456-7890 untuk daftar.", R.PHONE, "0812-3456-7890", None),
    ("Telepon +62 812 3456 7890.", R.PHONE, "+62 812 3456 7890", None),
    ("Kantor di (021) 3449230.", R.PHONE, "(021) 3449230", None),
    ("Pesan ke wa.me/6281234567890 ya.", R.PHONE, "6281234567890", None),
]  # fmt: skip


def test_there_are_enough_of_both() -> None:
    assert len(CORRECT) >= 30 and len(FAULTY) >= 40


@pytest.mark.parametrize("sentence", CORRECT)
def test_what_is_right_is_left_alone(sentence: str) -> None:
    wrong = [(f.code.value, f.quote) for f in found(sentence) if f.code in LANGUAGE]
    assert wrong == []


@pytest.mark.parametrize(("sentence", "code", "quote", "suggestion"), FAULTY, ids=lambda v: str(v)[:40])
def test_what_is_wrong_is_found(sentence: str, code: R, quote: str, suggestion: str | None) -> None:
    hits = [(f.quote, f.suggestion) for f in found(sentence, code=code)]
    assert (quote, suggestion) in hits, hits
    text = sentence
    for f in found(sentence):
        if f.field == "body" and f.end > f.start:
            assert text[f.start : f.end] == f.quote


def test_the_offices_own_words_are_never_flagged() -> None:
    words = House(
        glossary=frozenset({"siman", "analisa", "hati hati", "dirumah", "(021) 3449230", "0812 3456 7890"})
    )
    text = "Hasil analisa SIMAN: hati hati dirumah. Hubungi (021) 3449230 atau 0812-3456-7890."
    assert [f for f in found(text, house=words) if f.code in LANGUAGE] == []
    assert len([f for f in found(text) if f.code in LANGUAGE]) == 6


@pytest.mark.parametrize("noted", ["+62 411 872634", "(0411) 872634", "0411-872634", "62411872634"])
def test_a_number_of_the_office_is_known_however_it_is_written(noted: str) -> None:
    words = House(glossary=frozenset({noted}))
    for typed in ("0411-872634", "+62 411 872634", "(0411) 872634"):
        assert found(f"Telepon {typed}.", code=R.PHONE), typed
        assert not found(f"Telepon {typed}.", code=R.PHONE, house=words), typed


def test_the_glossary_never_hides_what_endangers_somebody() -> None:
    words = House(glossary=frozenset({"7371091212900001"}))
    assert found("NIK 7371091212900001", code=R.NIK, house=words)
