"""Every rule: what it checks, how heavy it is unless the office says otherwise, why, and where that comes from.

Only what endangers somebody blocks by itself. Sources name a law or a guideline, with an article or criterion only
where it is beyond doubt.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from flask_babel import lazy_gettext as _l

from humasflow.guidelines.checks import outside, personal, pictures, prepositions, structure, voices, wording
from humasflow.guidelines.checks.base import Check, Hit, House, Options, Reading, Sentence
from humasflow.guidelines.enums import RuleCode, RuleLevel

CONTENT_TYPES: Final = "content_types"  # the option that narrows a rule to codes of content types
REPORTS: Final = ("berita_utama", "berita_terbaru", "artikel", "siaran_pers")


@dataclass(frozen=True)
class Rule:
    """``explanation`` is one sentence for people. ``options`` are the starting values of what the office may set;
    one named ``content_types`` narrows the rule to texts of these types.
    """

    code: RuleCode
    level: RuleLevel
    check: Check
    explanation: Sentence
    source: Sentence
    options: Options = field(default_factory=dict)

    def concerns(self, content_type: str, options: Options) -> bool:
        """Whether the rule, as the office set it, is about texts of this type."""
        wanted = options.get(CONTENT_TYPES)
        return wanted is None or content_type in wanted

    def run(self, reading: Reading, house: House, options: Options) -> Iterator[Hit]:
        """What the check finds; nothing where the rule is not about this content type."""
        if not self.concerns(reading.manuscript.content_type, options):
            return iter(())
        return self.check(reading, house, options)


_PDP = _l("UU 27/2022 tentang Pelindungan Data Pribadi")
_EYD = _l("EYD Edisi V")

_RULES: Final = (
    Rule(
        RuleCode.NIK, RuleLevel.BLOCK, personal.national_ids,
        _l("NIK mengenali satu orang dan membuka banyak layanan atas namanya, jadi tidak ikut tayang."), _PDP,
    ),
    Rule(
        RuleCode.NPWP, RuleLevel.BLOCK, personal.tax_ids,
        _l("NPWP terhubung dengan data keuangan pemiliknya, jadi tidak ikut tayang."), _PDP,
    ),
    Rule(
        RuleCode.BANK_ACCOUNT, RuleLevel.BLOCK, personal.bank_accounts,
        _l("Nomor rekening termasuk data keuangan; yang tayang tanpa sengaja mudah disalahgunakan penipu."), _PDP,
    ),
    Rule(
        RuleCode.PHONE, RuleLevel.WARN, personal.phone_numbers,
        _l("Nomor telepon pribadi hanya tayang atas izin pemiliknya; nomor kantor dicatat di kamus kantor."), _PDP,
    ),
    Rule(
        RuleCode.CHILD_FACE, RuleLevel.BLOCK, pictures.child_faces,
        _l("Identitas anak dilindungi; wajahnya disamarkan dan seseorang memastikannya sebelum foto tayang."),
        _l("UU 35/2014 tentang Perlindungan Anak; UU 11/2012 tentang SPPA; Pedoman Pemberitaan Ramah Anak, Dewan Pers"),
    ),
    Rule(
        RuleCode.CONSENT, RuleLevel.WARN, pictures.consents,
        _l("Orang yang dapat dikenali dalam foto menyetujui pemakaiannya, dan persetujuan itu masih berlaku."), _PDP,
    ),
    Rule(
        RuleCode.EXCLUDED_INFORMATION, RuleLevel.OFF, outside.excluded_information,
        _l("Sebelum tayang, seseorang menyatakan bahwa isinya tidak memuat informasi yang dikecualikan."),
        _l("UU 14/2008 tentang Keterbukaan Informasi Publik"), {CONTENT_TYPES: ["siaran_pers"]},
    ),
    Rule(
        RuleCode.QUOTE_UNNAMED, RuleLevel.WARN, voices.quotes_unnamed,
        _l("Kutipan langsung menyebut siapa yang berbicara, supaya sumbernya jelas dan dapat diperiksa."),
        _l("Kode Etik Jurnalistik dan Pedoman Pemberitaan Media Siber, Dewan Pers"),
    ),
    Rule(
        RuleCode.DATELINE, RuleLevel.WARN, structure.dateline,
        _l("Siaran pers dimulai dengan tempat dan tanggal, supaya redaksi media tahu asal dan kebaruannya."),
        _l("Kelaziman penulisan siaran pers"), {CONTENT_TYPES: ["siaran_pers"]},
    ),
    Rule(
        RuleCode.HEADLINE_LENGTH, RuleLevel.WARN, structure.headline_length,
        _l("Judul yang cukup pendek terbaca utuh di ponsel, hasil pencarian, dan pratinjau tautan."),
        _l("Pedoman kantor; angkanya diatur di halaman ini"), {"min": 15, "max": 110},
    ),
    Rule(
        RuleCode.FIVE_W, RuleLevel.INFO, structure.five_w,
        _l("Berita yang lengkap menjawab apa, siapa, kapan, di mana, mengapa, dan bagaimana."),
        _l("Unsur berita 5W+1H"), {CONTENT_TYPES: list(REPORTS)},
    ),
    Rule(
        RuleCode.PHOTO_CREDIT, RuleLevel.WARN, pictures.photo_credits,
        _l("Pembuat foto berhak disebut namanya, dan pembaca berhak tahu asal gambar."),
        _l("UU 28/2014 tentang Hak Cipta; Kode Etik Jurnalistik"),
    ),
    Rule(
        RuleCode.ALTERNATIVE_TEXT, RuleLevel.WARN, pictures.alternative_texts,
        _l("Teks alternatif membuat isi foto sampai kepada pembaca yang tidak melihatnya."),
        _l("WCAG 2.2, kriteria 1.1.1"),
    ),
    Rule(
        RuleCode.CHANNEL_LIMIT, RuleLevel.WARN, outside.channel_limits,
        _l("Teks yang melewati batas kanal terpotong atau ditolak saat ditayangkan."),
        _l("Batas resmi tiap kanal, dengan tanggalnya di Pengaturan, Batas kanal"),
    ),
    Rule(
        RuleCode.ACRONYM, RuleLevel.INFO, voices.acronyms,
        _l("Singkatan ditulis kepanjangannya pada penyebutan pertama, supaya dipahami semua pembaca."),
        _l("Kaidah ragam tulis jurnalistik; penulisan singkatan dan akronim menurut EYD Edisi V"),
    ),
    Rule(
        RuleCode.DOUBLED_WORD, RuleLevel.WARN, wording.doubled_words,
        _l("Kata yang sama berturut-turut biasanya salah ketik; bentuk ulang ditulis dengan tanda hubung."), _EYD,
    ),
    Rule(
        RuleCode.DI_KE, RuleLevel.WARN, prepositions.di_ke,
        _l("Kata depan di dan ke ditulis terpisah, sedangkan awalan di- ditulis serangkai."), _EYD,
    ),
    Rule(
        RuleCode.SPELLING, RuleLevel.INFO, wording.nonstandard_spellings,
        _l("Bentuk baku memudahkan pembaca dan menjaga keseragaman tulisan kantor."), _l("KBBI; EYD Edisi V"),
    ),
)  # fmt: skip

CATALOGUE: Final[Mapping[RuleCode, Rule]] = MappingProxyType({rule.code: rule for rule in _RULES})
