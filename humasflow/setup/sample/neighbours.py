"""Made-up offices above and below the sample office, and what goes between them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SampleNeighbour:
    """An office beside the sample office, with the one editor who answers for it."""

    name: str
    short_name: str
    editor: str
    email: str


UPPER = SampleNeighbour(
    "Kantor Wilayah Kekayaan Negara Contoh",
    "Kanwil Contoh",
    "Endah Nur Suryana",
    "humas@kanwil-contoh.example",
)
NORTH = SampleNeighbour(
    "Kantor Pelayanan Kekayaan Negara Contoh Utara", "KPKN Contoh Utara", "Hendri Ilham Koto",
    "humas@utara-contoh.example",
)  # fmt: skip
SOUTH = SampleNeighbour(
    "Kantor Pelayanan Kekayaan Negara Contoh Selatan", "KPKN Contoh Selatan", "Yohana Melati Nahak",
    "humas@selatan-contoh.example",
)  # fmt: skip
EAST = SampleNeighbour(
    "Kantor Pelayanan Kekayaan Negara Contoh Timur", "KPKN Contoh Timur", "Basri Fadhil Lengkong",
    "humas@timur-contoh.example",
)  # fmt: skip
LOWER = (NORTH, SOUTH, EAST)

RELEASE = (
    "<p>Kantor wilayah membuka pekan konsultasi aset bagi seluruh satuan kerja. Konsultasi berlangsung tatap muka dan "
    "daring, tanpa biaya.</p><h2>Yang dapat ditanyakan</h2><ul><li>Tata cara sewa dan pinjam pakai.</li><li>"
    "Penghapusan aset rusak berat.</li><li>Sertifikasi tanah.</li></ul><p>Satuan kerja mendaftar lewat kantor "
    "pelayanan terdekat.</p>"
)
SUBMISSION = (
    "<p>Kelompok perajin dari pesisir utara mengikuti lelang untuk pertama kali dan memenangi dua unit mesin jahit "
    "bekas kantor.</p><p>Mereka belajar dari penjelasan petugas loket, lalu mengajukan penawaran lewat gawai sendiri. "
    "Mesin itu sekarang dipakai enam keluarga.</p>"
)
