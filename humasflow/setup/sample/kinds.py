"""The kinds of picture the sample office has, and how they are described to people who do not see them."""

from enum import StrEnum


class PictureKind(StrEnum):
    """One value per scene that ``pictures.draw_picture`` knows."""

    AUCTION = "auction"
    OFFICE = "office"
    PARCELS = "parcels"
    DOCUMENTS = "documents"
    HANDSHAKE = "handshake"
    LEDGER = "ledger"
    INFOGRAPHIC = "infographic"
    VALUATION = "valuation"


VARIATIONS = 4

PICTURE_TITLES: dict[PictureKind, str] = {
    PictureKind.AUCTION: "Palu lelang dan peserta",
    PictureKind.OFFICE: "Gedung kantor",
    PictureKind.PARCELS: "Peta bidang tanah",
    PictureKind.DOCUMENTS: "Dokumen dan stempel",
    PictureKind.HANDSHAKE: "Dua orang berjabat tangan",
    PictureKind.LEDGER: "Koin dan buku catatan",
    PictureKind.INFOGRAPHIC: "Kartu grafik",
    PictureKind.VALUATION: "Bangunan yang dinilai",
}

PICTURE_ALTS: dict[PictureKind, str] = {
    PictureKind.AUCTION: "Ilustrasi palu lelang di atas landasan dengan siluet peserta yang mengangkat papan nomor.",
    PictureKind.OFFICE: "Ilustrasi gedung kantor bertingkat dengan tiang bendera dan pepohonan di halaman.",
    PictureKind.PARCELS: "Ilustrasi peta bidang tanah dengan sungai, jalan, dan penanda lokasi.",
    PictureKind.DOCUMENTS: "Ilustrasi tumpukan dokumen dengan stempel dan pena di atas meja.",
    PictureKind.HANDSHAKE: "Ilustrasi dua orang berjabat tangan di depan jendela kantor.",
    PictureKind.LEDGER: "Ilustrasi tumpukan koin yang meninggi di samping buku catatan terbuka.",
    PictureKind.INFOGRAPHIC: "Ilustrasi kartu grafik dengan diagram batang, diagram lingkaran, dan garis tren.",
    PictureKind.VALUATION: "Ilustrasi rumah dan gedung dengan garis ukur serta kaca pembesar.",
}
