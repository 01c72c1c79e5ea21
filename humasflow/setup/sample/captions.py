"""Texts for the social channels, derived from a story and within each platform's limits."""

import re

from humasflow.channels.adapters.counters import count_weighted
from humasflow.setup.sample.bodies import Body
from humasflow.setup.sample.facts import LONG_NAME
from humasflow.setup.sample.headlines import PLAIN, Draft
from humasflow.setup.sample.office import FACEBOOK, INSTAGRAM, SHORT_NAME, X

MAX_X = 280
MAX_HASHTAGS = 5

_PILLAR_HASHTAGS = {
    "lelang": ("#LelangNegara", "#LelangTerbuka"),
    "bmn": ("#AsetNegara", "#BMN"),
    "piutang": ("#PiutangNegara", "#TertibBayar"),
    "penilaian": ("#Penilaian", "#AsetNegara"),
    "integritas": ("#Integritas", "#TolakGratifikasi"),
    "layanan": ("#LayananPublik", "#InfoLayanan"),
}
_MORE = "Baca selengkapnya di situs berita kantor kami."
_SENTENCE_END = re.compile(r"(?<=[.!?”])\s+(?=[A-Z“])")


def caption(account_key: str, draft: Draft, body: Body) -> str:
    """The text of a post: a caption for the social accounts, the lead for a website."""
    if account_key == FACEBOOK:
        return _facebook(draft, body)
    if account_key == INSTAGRAM:
        return _instagram(draft, body)
    if account_key == X:
        return _x(draft, body)
    return body.lead


def hashtags(draft: Draft) -> tuple[str, ...]:
    """At most five, the most telling first."""
    own = draft.subject.hashtags or (*_PILLAR_HASHTAGS[draft.subject.pillar], "#KPKNContoh")
    return own[:MAX_HASHTAGS]


def _facebook(draft: Draft, body: Body) -> str:
    if draft.code == PLAIN:
        return _join(draft.title, _short(body.lead), " ".join(hashtags(draft)[:3]))
    second = _short(body.paragraphs[1]) if len(body.paragraphs) > 1 else ""
    return _join(_short(body.lead), second, _MORE, " ".join(hashtags(draft)[:3]))


def _instagram(draft: Draft, body: Body) -> str:
    sentences = _SENTENCE_END.split(_short(body.lead))
    invitation = "" if draft.code == PLAIN else "Cerita lengkapnya ada di tautan pada profil kami."
    return _join(draft.title, *sentences[:2], invitation, " ".join(hashtags(draft)))


def _x(draft: Draft, body: Body) -> str:
    tags = " ".join(hashtags(draft)[:2])
    sentences = _SENTENCE_END.split(_short(body.lead))
    for count in range(len(sentences), 0, -1):
        text = f"{' '.join(sentences[:count])} {tags}"
        if count_weighted(text) <= MAX_X:
            return text
    return f"{draft.title}. {tags}"


def _short(text: str) -> str:
    return text.replace(LONG_NAME, SHORT_NAME)


def _join(*blocks: str) -> str:
    return "\n\n".join(block for block in blocks if block)
