"""Words that are ours, each explained in one sentence: beside where it stands ("?") and in the help."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Term:
    """``asks`` names the mark beside the word; ``topic`` is the slug of the text that says more."""

    name: str
    asks: str
    says: str
    topic: str


TERMS: dict[str, Term] = {
    "estimasi": Term(
        _l("Estimasi"),
        _l("Apa itu estimasi?"),
        _l(
            "Nilai yang dihitung humasflow menurut skema kantor; bukan nilai resmi, dan tidak dicampur dengannya."
        ),
        "capaian",
    ),
    "terverifikasi": Term(
        _l("Terverifikasi"),
        _l("Apa itu terverifikasi?"),
        _l("Publikasi yang buktinya sudah dicocokkan, biasanya oleh orang lain daripada yang mencatatnya."),
        "verifikasi",
    ),
    "sasaran": Term(
        _l("Sasaran"),
        _l("Apa itu sasaran?"),
        _l("Banyaknya yang harus dicapai sebuah komponen dalam satu periode, menurut surat penetapannya."),
        "skema-dan-sasaran",
    ),
    "laju": Term(
        _l("Laju"),
        _l("Apa itu laju?"),
        _l(
            "Berapa publikasi per pekan yang masih diperlukan agar sasaran tercapai sebelum periode berakhir."
        ),
        "capaian",
    ),
    "selisih": Term(
        _l("Selisih"),
        _l("Apa itu selisih?"),
        _l("Nilai resmi dikurangi estimasi. Tanda minus berarti nilai resminya lebih rendah."),
        "capaian",
    ),
    "bukti": Term(
        _l("Bukti tayang"),
        _l("Apa itu bukti tayang?"),
        _l("Tautan, waktu tayang, dan tangkapan layar yang menunjukkan bahwa publikasi benar-benar tayang."),
        "menayangkan-dan-bukti",
    ),
    "paket": Term(
        _l("Paket persetujuan"),
        _l("Apa itu paket persetujuan?"),
        _l("Satu versi naskah beserta teks dan foto tiap publikasinya; yang disetujui hanya persis isi itu."),
        "reviu-dan-persetujuan",
    ),
    "embargo": Term(
        _l("Embargo"),
        _l("Apa itu embargo?"),
        _l("Waktu paling awal sebuah naskah boleh tayang. Sebelum itu tidak ada kanal yang menayangkannya."),
        "naskah-rahasia",
    ),
    "rahasia": Term(
        _l("Naskah rahasia"),
        _l("Apa itu naskah rahasia?"),
        _l("Naskah yang sampai tayang hanya dapat dibaca oleh orang yang disebut namanya."),
        "naskah-rahasia",
    ),
    "pilar": Term(
        _l("Pilar konten"),
        _l("Apa itu pilar konten?"),
        _l("Tema besar yang ditetapkan kantor, supaya terlihat tema mana yang sering atau jarang diangkat."),
        "skema-dan-sasaran",
    ),
}


def terms_of(topic: str) -> list[Term]:
    """The words that a topic explains at more length."""
    return [term for term in TERMS.values() if term.topic == topic]
