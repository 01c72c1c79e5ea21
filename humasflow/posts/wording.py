"""The sentences for what an adapter finds wrong, the same in the editor, on the page and when submitting.

Adapters speak in codes and counts, because they know neither Flask nor a language. Each sentence names what is
wrong, by how much, and what would mend it.
"""

from collections.abc import Callable, Mapping

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from humasflow.channels.adapters.base import Counter, Field, Problem, ProblemCode, Severity
from humasflow.channels.adapters.x.costs import COSTS
from humasflow.core.rendering import number

COUNTED_AS: Mapping[Counter, object] = {
    Counter.CHARS: _l("Dihitung per karakter."),
    Counter.WEIGHTED: _l("Dihitung cara X: tautan 23, emoji 2, huruf biasa 1."),
    Counter.GRAPHEMES: _l("Dihitung per karakter; satu emoji satu."),
    Counter.UTF16: _l("Dihitung cara Telegram; emoji biasanya dua."),
    Counter.BYTES: _l("Dihitung dalam bita; huruf beraksen dan emoji lebih dari satu."),
    Counter.CHARS_EMOJI_BYTES: _l("Dihitung per karakter; emoji dihitung dalam bita."),
}


def _over(problem: Problem) -> int:
    return (problem.actual or 0) - (problem.limit or 0)


def _n(value: int | None) -> str:
    return number(value or 0)


def _title_required(_p: Problem, account: str) -> str:
    return _("%(account)s memerlukan judul.", account=account)


def _title_long(p: Problem, account: str) -> str:
    return _(
        "Judul di %(account)s paling panjang %(limit)s karakter; sekarang %(actual)s. Kurangi %(over)s.",
        account=account, limit=_n(p.limit), actual=_n(p.actual), over=_n(_over(p)),
    )  # fmt: skip


def _title_forbidden(p: Problem, account: str) -> str:
    return _("Judul di %(account)s tidak boleh memuat %(found)s.", account=account, found=" ".join(p.detail))


def _text_required(_p: Problem, account: str) -> str:
    return _("Teks untuk %(account)s masih kosong.", account=account)


def _text_long(p: Problem, account: str) -> str:
    return _(
        "Teks untuk %(account)s paling panjang %(limit)s karakter; sekarang %(actual)s. Kurangi %(over)s.",
        account=account, limit=_n(p.limit), actual=_n(p.actual), over=_n(_over(p)),
    )  # fmt: skip


def _hashtags(p: Problem, account: str) -> str:
    return _(
        "Tagar di %(account)s paling banyak %(limit)s; sekarang %(actual)s.",
        account=account, limit=_n(p.limit), actual=_n(p.actual),
    )  # fmt: skip


def _links(p: Problem, account: str) -> str:
    return _(
        "Tautan dalam teks untuk %(account)s paling banyak %(limit)s; sekarang %(actual)s.",
        account=account, limit=_n(p.limit), actual=_n(p.actual),
    )  # fmt: skip


def _not_a_link(_p: Problem, _account: str) -> str:
    return _("Tautan ini belum lengkap, contohnya https://contoh.go.id/berita.")


_FILES: Mapping[str, object] = {
    "image": _l("foto"),
    "video": _l("video"),
    "document": _l("dokumen"),
    "image video": _l("foto atau video"),
}


def _files(p: Problem) -> str:
    """What is too few or too many; ``detail`` names the kinds, sorted."""
    return str(_FILES.get(p.detail, _("berkas")))


def _media_few(p: Problem, account: str) -> str:
    if not p.actual:
        return _(
            "%(account)s memerlukan paling sedikit %(limit)s %(files)s.",
            account=account, limit=_n(p.limit), files=_files(p),
        )  # fmt: skip
    return _(
        "%(account)s memerlukan paling sedikit %(limit)s %(files)s; sekarang %(actual)s.",
        account=account, limit=_n(p.limit), files=_files(p), actual=_n(p.actual),
    )  # fmt: skip


def _media_many(p: Problem, account: str) -> str:
    return _(
        "%(account)s menerima paling banyak %(limit)s %(files)s; sekarang %(actual)s.",
        account=account, limit=_n(p.limit), files=_files(p), actual=_n(p.actual),
    )  # fmt: skip


def _media_kind(p: Problem, account: str) -> str:
    if p.detail == "video/webm":
        return _(
            "Berkas ke-%(n)s adalah video WebM, yang tidak diterima %(account)s. Ubah dahulu menjadi MP4.",
            n=(p.item or 0) + 1, account=account,
        )  # fmt: skip
    return _("%(account)s tidak menerima berkas ke-%(n)s.", account=account, n=(p.item or 0) + 1)


def _media_mixed(_p: Problem, account: str) -> str:
    return _("%(account)s tidak menerima foto dan video dalam satu unggahan.", account=account)


def _alt_missing(p: Problem, _account: str) -> str:
    return _(
        "Foto ke-%(n)s belum punya teks alternatif, yaitu isi foto bagi yang tidak melihatnya.",
        n=(p.item or 0) + 1,
    )


def _alt_long(p: Problem, account: str) -> str:
    return _(
        "Teks alternatif foto ke-%(n)s paling panjang %(limit)s karakter di %(account)s; sekarang %(actual)s.",
        n=(p.item or 0) + 1, limit=_n(p.limit), account=account, actual=_n(p.actual),
    )  # fmt: skip


def _ratio(p: Problem, account: str) -> str:
    facts = {
        "n": (p.item or 0) + 1, "account": account, "limit": _shape(p.limit), "actual": _shape(p.actual),
    }  # fmt: skip
    if _over(p) > 0:
        return _(
            "Foto ke-%(n)s terlalu lebar untuk %(account)s (%(actual)s, paling lebar %(limit)s). Pilih bentuk lain.",
            **facts,
        )
    return _(
        "Foto ke-%(n)s terlalu tinggi untuk %(account)s (%(actual)s, paling tinggi %(limit)s). Pilih bentuk lain.",
        **facts,
    )


def _shape(thousandths: int | None) -> str:
    return f"{number((thousandths or 0) / 1000, 2)}:1"


def _too_large(p: Problem, account: str) -> str:
    if p.item is None:
        return _(
            "Semua berkas bersama-sama %(actual)s MB; %(account)s menerima paling besar %(limit)s MB sekali unggah.",
            account=account, actual=_megabytes(p.actual), limit=_megabytes(p.limit),
        )  # fmt: skip
    return _(
        "Berkas ke-%(n)s %(actual)s MB; %(account)s menerima paling besar %(limit)s MB.",
        n=(p.item or 0) + 1, account=account, actual=_megabytes(p.actual), limit=_megabytes(p.limit),
    )  # fmt: skip


def _megabytes(size: int | None) -> str:
    return number((size or 0) / 1_000_000, 1)


def _video_long(p: Problem, account: str) -> str:
    return _(
        "Video ke-%(n)s %(actual)s detik; %(account)s menerima paling lama %(limit)s detik.",
        n=(p.item or 0) + 1, account=account, actual=_n(p.actual), limit=_n(p.limit),
    )  # fmt: skip


def _comment_long(p: Problem, account: str) -> str:
    return _(
        "Komentar pertama di %(account)s paling panjang %(limit)s karakter; sekarang %(actual)s. Kurangi %(over)s.",
        account=account, limit=_n(p.limit), actual=_n(p.actual), over=_n(_over(p)),
    )  # fmt: skip


def _comment_unsupported(_p: Problem, account: str) -> str:
    return _(
        "%(account)s tidak mengenal komentar pertama. Kosongkan, atau pindahkan ke teks.", account=account
    )


def _link_long(p: Problem, account: str) -> str:
    return _(
        "Tautan di %(account)s paling panjang %(limit)s karakter; sekarang %(actual)s.",
        account=account, limit=_n(p.limit), actual=_n(p.actual),
    )  # fmt: skip


def _text_forbidden(p: Problem, account: str) -> str:
    return _(
        "Teks untuk %(account)s tidak boleh memuat %(found)s.", account=account, found=" ".join(p.detail)
    )


def _hashtags_long(p: Problem, account: str) -> str:
    return _(
        "Semua tagar untuk %(account)s bersama-sama paling panjang %(limit)s karakter; sekarang %(actual)s. "
        "Kurangi %(over)s.",
        account=account, limit=_n(p.limit), actual=_n(p.actual), over=_n(_over(p)),
    )  # fmt: skip


def _media_unsupported(p: Problem, account: str) -> str:
    if p.detail == "public_url":
        return _(
            "%(account)s mengambil foto dan video dari alamat umum (https), yang belum dimiliki pemasangan ini. "
            "Mintalah admin mengatur alamat umumnya.",
            account=account,
        )  # fmt: skip
    return _unsupported(p, account)


# For pairs that no channel is known to report; a new adapter is never without words.


def _required(p: Problem, account: str) -> str:
    return _("%(account)s memerlukan %(part)s.", account=account, part=part_of(p.field))


def _long(p: Problem, account: str) -> str:
    return _(
        "Bagian %(part)s di %(account)s paling panjang %(limit)s; sekarang %(actual)s.",
        part=part_of(p.field), account=account, limit=_n(p.limit), actual=_n(p.actual),
    )  # fmt: skip


def _many(p: Problem, account: str) -> str:
    return _(
        "Bagian %(part)s di %(account)s paling banyak %(limit)s; sekarang %(actual)s.",
        part=part_of(p.field), account=account, limit=_n(p.limit), actual=_n(p.actual),
    )  # fmt: skip


def _few(p: Problem, account: str) -> str:
    return _(
        "Bagian %(part)s di %(account)s paling sedikit %(limit)s; sekarang %(actual)s.",
        part=part_of(p.field), account=account, limit=_n(p.limit), actual=_n(p.actual),
    )  # fmt: skip


def _forbidden(p: Problem, account: str) -> str:
    part = part_of(p.field)
    if not p.detail:
        return _(
            "Bagian %(part)s di %(account)s memuat karakter yang tidak diterima.", part=part, account=account
        )
    return _(
        "Bagian %(part)s di %(account)s tidak boleh memuat %(found)s.",
        part=part, account=account, found=" ".join(p.detail),
    )  # fmt: skip


def _unsupported(p: Problem, account: str) -> str:
    return _(
        "%(account)s tidak menerima %(part)s seperti ini. Kosongkan atau ubah bagian itu.",
        account=account, part=part_of(p.field),
    )  # fmt: skip


def part_of(field: Field) -> str:
    """A part of a post, in the middle of a sentence."""
    return str(_PARTS[field])


_PARTS: Mapping[Field, object] = {
    Field.TITLE: _l("judul"),
    Field.TEXT: _l("teks"),
    Field.LINK: _l("tautan"),
    Field.HASHTAGS: _l("tagar"),
    Field.MEDIA: _l("foto atau video"),
    Field.ALT_TEXT: _l("teks alternatif"),
    Field.COMMENT: _l("komentar pertama"),
}

_C, _F = ProblemCode, Field
SENTENCES: Mapping[tuple[Field, ProblemCode], Callable[[Problem, str], str]] = {
    (_F.TITLE, _C.REQUIRED): _title_required,
    (_F.TITLE, _C.TOO_LONG): _title_long,
    (_F.TITLE, _C.FORBIDDEN_CHARACTER): _title_forbidden,
    (_F.TEXT, _C.REQUIRED): _text_required,
    (_F.TEXT, _C.TOO_LONG): _text_long,
    (_F.HASHTAGS, _C.TOO_MANY): _hashtags,
    (_F.LINK, _C.TOO_MANY): _links,
    (_F.LINK, _C.NOT_A_LINK): _not_a_link,
    (_F.MEDIA, _C.TOO_FEW): _media_few,
    (_F.MEDIA, _C.TOO_MANY): _media_many,
    (_F.MEDIA, _C.WRONG_KIND): _media_kind,
    (_F.MEDIA, _C.MIXED_KINDS): _media_mixed,
    (_F.MEDIA, _C.WRONG_RATIO): _ratio,
    (_F.MEDIA, _C.TOO_LARGE): _too_large,
    (_F.MEDIA, _C.TOO_LONG_VIDEO): _video_long,
    (_F.MEDIA, _C.UNSUPPORTED): _media_unsupported,
    (_F.TEXT, _C.FORBIDDEN_CHARACTER): _text_forbidden,
    (_F.HASHTAGS, _C.TOO_LONG): _hashtags_long,
    (_F.LINK, _C.TOO_LONG): _link_long,
    (_F.ALT_TEXT, _C.MISSING_ALT_TEXT): _alt_missing,
    (_F.ALT_TEXT, _C.TOO_LONG): _alt_long,
    (_F.COMMENT, _C.TOO_LONG): _comment_long,
    (_F.COMMENT, _C.UNSUPPORTED): _comment_unsupported,
}
GENERAL: Mapping[ProblemCode, Callable[[Problem, str], str]] = {
    _C.REQUIRED: _required,
    _C.TOO_LONG: _long,
    _C.TOO_MANY: _many,
    _C.TOO_FEW: _few,
    _C.FORBIDDEN_CHARACTER: _forbidden,
    _C.WRONG_KIND: _unsupported,
    _C.MIXED_KINDS: _unsupported,
    _C.NOT_A_LINK: _not_a_link,
    _C.MISSING_ALT_TEXT: _alt_missing,
    _C.WRONG_RATIO: _ratio,
    _C.TOO_LARGE: _too_large,
    _C.TOO_LONG_VIDEO: _video_long,
    _C.UNSUPPORTED: _unsupported,
}


def sentence(problem: Problem, account: str) -> str:
    """What a person reads about one problem on an account (its name)."""
    words = SENTENCES.get((problem.field, problem.code)) or GENERAL[problem.code]
    return words(problem, account)


# What people are told beside a field


MENTIONS: Mapping[str, object] = {
    "x": _l("Sebut akun lain dengan @nama."),
    "instagram": _l("Sebut akun lain dengan @nama."),
    "threads": _l("Sebut akun lain dengan @nama."),
    "tiktok": _l("Sebut akun lain dengan @nama."),
    "youtube": _l("Sebut kanal lain dengan @nama."),
    "telegram": _l("Sebut kanal atau orang dengan @nama."),
    "mastodon": _l("Sebut akun lain dengan @nama@server, misalnya @kantor@sosial.go.id."),
    "bluesky": _l("Sebutan @nama.domain tampil sebagai teks biasa, tanpa tautan ke akunnya."),
    "facebook": _l("Sebutan @ tampil sebagai teks biasa, tanpa tautan ke halamannya."),
    "whatsapp": _l("*tebal*, _miring_, dan ~coret~ tampil sebagai huruf tebal, miring, dan tercoret."),
}


def mention_hint(platform: str) -> str:
    """How other accounts are named there; empty where nothing is to be known."""
    return str(MENTIONS.get(platform, ""))


def counted_as(counter: Counter) -> str:
    """How a platform counts, under the text field."""
    return str(COUNTED_AS[counter])


def cost_note(adapter: str) -> str:
    """What the channel takes for a post, where it takes something. Prices rot, so they carry their month."""
    if adapter != "x":
        return ""
    year, _dash, month = COSTS.as_of.partition("-")
    return _(
        "X menagih kantor sekitar %(plain)s dolar AS per unggahan, dan %(linked)s bila memuat tautan "
        "(harga %(month)s/%(year)s).",
        plain=format_decimal(COSTS.post, "0.00#"), linked=format_decimal(COSTS.post_with_link, "0.00#"),
        month=month, year=year,
    )  # fmt: skip


__all__ = [
    "COUNTED_AS", "GENERAL", "SENTENCES", "Severity", "cost_note", "counted_as", "mention_hint", "part_of", "sentence",
]  # fmt: skip
