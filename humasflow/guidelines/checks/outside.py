"""What the law wants to be stated, and what the channels accept."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from humasflow.channels.adapters.base import Caps, Field, Problem, ProblemCode
from humasflow.channels.adapters.validation import validate_variant
from humasflow.channels.adapters.variant import Variant
from humasflow.channels.presets.loader import UnknownPlatform, get_platform
from humasflow.channels.reaching import get_adapter
from humasflow.guidelines.checks.base import ChannelText, Hit, House, Options, Reading


def excluded_information(reading: Reading, _house: House, _options: Options) -> Iterator[Hit]:
    """Somebody stated, for exactly this text, that it holds no information that the law keeps from the public."""
    if not reading.manuscript.is_declared:
        texts = (f"{p.field}:{p.text}" for p in reading.public if not p.field.startswith("post:"))
        message = _l(
            "Belum ada pernyataan bahwa isinya tidak memuat informasi yang dikecualikan. Baca ulang, lalu nyatakan."
        )
        yield Hit("body", 0, 0, message, about=hashlib.sha256("\0".join(texts).encode()).hexdigest())


# Channel limits. Whether a post has pictures and alternative texts is asked where its pictures are.

_ABOUT_TEXT: Final = frozenset(
    {ProblemCode.TOO_LONG, ProblemCode.TOO_MANY, ProblemCode.FORBIDDEN_CHARACTER, ProblemCode.NOT_A_LINK}
)
_FIELDS: Final = frozenset({Field.TITLE, Field.TEXT, Field.HASHTAGS, Field.LINK, Field.ALT_TEXT})


def channel_limits(reading: Reading, _house: House, _options: Options) -> Iterator[Hit]:
    """Texts that a channel would cut or refuse, counted as it counts."""
    for post in reading.manuscript.posts:
        for problem in problems_of(post):
            message = _SENTENCES[problem.field, problem.code](problem, post.name)
            end = len(post.text) if problem.field is Field.TEXT else 0
            yield Hit(f"post:{post.key}", 0, end, message, about=_told_apart(problem, post), where=post.name)


def _told_apart(problem: Problem, post: ChannelText) -> str:
    """What a finding was judged by: each account has limits of its own."""
    if problem.field is Field.LINK:
        return f"{post.key}:link:{post.link}:{problem.actual or ''}"
    return f"{post.key}:{problem.field.value}:{problem.item or 0}:{problem.actual or ''}:{problem.detail}"


def problems_of(post: ChannelText) -> list[Problem]:
    """What the platform's adapter has against the words of a post."""
    try:
        platform = get_platform(post.platform)
    except UnknownPlatform:
        limits, caps = post.limits, Caps()
    else:
        limits, caps = post.limits or platform.limits, get_adapter(platform.adapter).caps
    if limits is None:
        return []
    if caps.text_is_html:
        return []  # its text is the story's own body
    variant = Variant(title=post.title, text=post.text, link=post.link.strip() or None, media=post.media)
    return [
        p for p in validate_variant(variant, limits, Caps()) if p.field in _FIELDS and p.code in _ABOUT_TEXT
    ]


def _long(of_title: bool) -> Callable[[Problem, str], Any]:
    def sentence(p: Problem, account: str) -> Any:
        facts = {
            "account": account, "limit": p.limit or 0, "actual": p.actual or 0,
            "over": (p.actual or 0) - (p.limit or 0),
        }  # fmt: skip
        if of_title:
            return _l(
                "Judul di %(account)s %(actual)s dari paling banyak %(limit)s; kurangi %(over)s.", **facts
            )
        return _l(
            "Teks di %(account)s %(actual)s dari paling banyak %(limit)s menurut hitungan kanalnya; kurangi %(over)s.",
            **facts,
        )

    return sentence


def _many(p: Problem, account: str) -> Any:
    many, facts = p.actual or 0, {"account": account, "limit": p.limit or 0}
    if p.field is Field.HASHTAGS:
        return lazy_ngettext(
            "%(account)s memuat %(num)s tagar; paling banyak %(limit)s.",
            "%(account)s memuat %(num)s tagar; paling banyak %(limit)s.", many, **facts,
        )  # fmt: skip
    return lazy_ngettext(
        "%(account)s memuat %(num)s tautan; paling banyak %(limit)s.",
        "%(account)s memuat %(num)s tautan; paling banyak %(limit)s.", many, **facts,
    )  # fmt: skip


def _forbidden(p: Problem, account: str) -> Any:
    return _l("Judul di %(account)s tidak boleh memuat %(found)s.", account=account, found=" ".join(p.detail))


def _long_alt(p: Problem, account: str) -> Any:
    return _l(
        "Teks alternatif foto ke-%(n)s di %(account)s %(actual)s karakter; paling banyak %(limit)s.",
        n=(p.item or 0) + 1, account=account, limit=p.limit or 0, actual=p.actual or 0,
    )  # fmt: skip


def _no_link(_p: Problem, account: str) -> Any:
    return _l(
        "Tautan untuk %(account)s belum lengkap, contohnya https://contoh.go.id/berita.", account=account
    )


_SENTENCES: Mapping[tuple[Field, ProblemCode], Callable[[Problem, str], Any]] = {
    (Field.TITLE, ProblemCode.TOO_LONG): _long(of_title=True),
    (Field.TEXT, ProblemCode.TOO_LONG): _long(of_title=False),
    (Field.TITLE, ProblemCode.FORBIDDEN_CHARACTER): _forbidden,
    (Field.HASHTAGS, ProblemCode.TOO_MANY): _many,
    (Field.LINK, ProblemCode.TOO_MANY): _many,
    (Field.LINK, ProblemCode.NOT_A_LINK): _no_link,
    (Field.ALT_TEXT, ProblemCode.TOO_LONG): _long_alt,
}
