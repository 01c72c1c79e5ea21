"""The sentences for what an adapter finds wrong, the same in the editor, on the page and when submitting.

Adapters speak in codes and counts, because they know neither Flask nor a language. Each sentence names what is
wrong, by how much, and what would mend it.
"""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from humasflow.channels.adapters.base import Counter, Field, Problem, ProblemCode, Severity
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


def _media_few(p: Problem, account: str) -> str:
    if not p.actual:
        return _("%(account)s memerlukan paling sedikit %(limit)s foto.", account=account, limit=_n(p.limit))
    return _(
        "%(account)s memerlukan paling sedikit %(limit)s foto; sekarang %(actual)s.",
        account=account, limit=_n(p.limit), actual=_n(p.actual),
    )  # fmt: skip


def _media_many(p: Problem, account: str) -> str:
    return _(
        "%(account)s menerima paling banyak %(limit)s foto; sekarang %(actual)s.",
        account=account, limit=_n(p.limit), actual=_n(p.actual),
    )  # fmt: skip


def _media_kind(p: Problem, account: str) -> str:
    return _("%(account)s tidak menerima file ke-%(n)s.", account=account, n=(p.item or 0) + 1)


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
    (_F.ALT_TEXT, _C.MISSING_ALT_TEXT): _alt_missing,
    (_F.ALT_TEXT, _C.TOO_LONG): _alt_long,
}


def sentence(problem: Problem, account: str) -> str:
    """What a person reads about one problem on an account (its name)."""
    return SENTENCES[problem.field, problem.code](problem, account)


def counted_as(counter: Counter) -> str:
    """How a platform counts, under the text field."""
    return str(COUNTED_AS[counter])


__all__ = ["COUNTED_AS", "SENTENCES", "Severity", "counted_as", "sentence"]
