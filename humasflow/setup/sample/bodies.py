"""Bodies: a headline's facts told in paragraphs, and what goes with a story (goal, audience, pitch, picture text)."""

import html
from dataclasses import dataclass
from random import Random

from humasflow.setup.sample.headlines import ANNOUNCEMENT, ARTICLE, HOAX, INFOGRAPHIC, PLAIN, PROFILE, Draft
from humasflow.setup.sample.library import Piece, Topic

MAX_LEAD = 500

_PIECE_PURPOSE: dict[str, tuple[str, str]] = {
    ARTICLE: (
        "Pembaca memahami topik ini dan tahu langkah yang dapat diambil.",
        "Masyarakat umum dan pengguna layanan",
    ),
    ANNOUNCEMENT: (
        "Pengguna layanan memperoleh kabar yang benar sebelum datang.",
        "Pengguna layanan di wilayah kerja",
    ),
    INFOGRAPHIC: (
        "Informasi pokok dapat dipahami dalam satu menit dan mudah dibagikan.",
        "Pengikut media sosial kantor",
    ),
    HOAX: (
        "Masyarakat tidak terkecoh dan tahu ke mana harus memeriksa.",
        "Masyarakat umum, terutama penerima pesan berantai",
    ),
    PROFILE: (
        "Halaman profil kantor tetap mutakhir.",
        "Pengguna layanan dan kantor pusat",
    ),
    PLAIN: ("Pengikut merasa dekat dengan kantor dan layanannya.", "Pengikut media sosial kantor"),
}

_PIECE_PITCHES = (
    ("Usul bahan: {title}", "Banyak yang tanya soal ini di loket. Saya bisa bantu bahannya."),
    ("{title}", "Drafnya ada di saya, masih kasar. Silakan dirapikan."),
    ("Tolong dibuatkan: {title}", "Diminta Kasi, kalau bisa tayang pekan ini."),
)

_SPECIAL_NOTES = (
    "Fotonya ada tiga, mohon dipilih yang paling jelas.",
    "Saya ikut di lokasi, kalau perlu keterangan tinggal telepon.",
    "Kegiatannya {hari}. Data lengkapnya menyusul sore ini ya.",
    "Sudah izin Kasi. Tolong dibuatkan beritanya.",
    "Menurut saya bagus, warga di {tempat} pasti perlu tahu.",
    "Bahan mentah dulu, nanti angka saya cocokkan lagi.",
)


@dataclass(frozen=True, slots=True)
class Body:
    """``paragraphs`` are plain text; ``html`` is the same, escaped, in p elements, with the place before the first.
    ``lead`` is the first paragraph without the place.
    """

    lead: str
    paragraphs: tuple[str, ...]
    html: str


def write_body(draft: Draft, rng: Random) -> Body:
    """Four to seven paragraphs of news, or the piece as it is written."""
    if isinstance(draft.subject, Piece):
        paragraphs = tuple(draft.facts.fill(text) for text in draft.subject.paragraphs)
        return Body(paragraphs[0][:MAX_LEAD], paragraphs, _as_html(paragraphs))
    paragraphs = _news_paragraphs(draft, draft.subject, rng)
    return Body(paragraphs[0][:MAX_LEAD], paragraphs, _as_html(paragraphs, place=draft.facts.place))


def _news_paragraphs(draft: Draft, topic: Topic, rng: Random) -> tuple[str, ...]:
    details = _in_order(topic.details, rng.choice((2, 3, 3)), rng)
    quotes = _in_order(topic.quotes, rng.choice((1, 1, 2)), rng)
    middle = [details[0], quotes[0], *details[1:], *quotes[1:]]
    texts = (draft.lead or rng.choice(topic.leads), *middle, rng.choice(topic.closings))
    return tuple(draft.facts.fill(text) for text in texts)


def _in_order(texts: tuple[str, ...], count: int, rng: Random) -> list[str]:
    """Some of the texts, in the order they were written."""
    chosen = sorted(rng.sample(range(len(texts)), min(count, len(texts))))
    return [texts[index] for index in chosen]


def _as_html(paragraphs: tuple[str, ...], place: str = "") -> str:
    first, *rest = (html.escape(text, quote=False) for text in paragraphs)
    if place:
        first = f"<strong>{html.escape(place, quote=False)}</strong> — {first}"
    return "\n".join(f"<p>{text}</p>" for text in (first, *rest))


def purpose(draft: Draft) -> tuple[str, str]:
    """The goal and the audience of a story."""
    if isinstance(draft.subject, Topic):
        return draft.subject.goal, draft.subject.audience
    return _PIECE_PURPOSE[draft.code]


def pitch_text(draft: Draft, rng: Random) -> tuple[str, str]:
    """Title and note of the pitch that led to a story, as somebody types them on a phone."""
    if isinstance(draft.subject, Topic):
        # A headline with its own lead tells something special, which the subject's usual pitches would miss.
        special = (draft.template.lower(), rng.choice(_SPECIAL_NOTES))
        title, note = special if draft.lead else rng.choice(draft.subject.notes)
        title = draft.facts.fill(title)
        return title[0].upper() + title[1:], draft.facts.fill(note)
    title, note = rng.choice(_PIECE_PITCHES)
    return title.format(title=draft.title.removeprefix("Infografis: ")), note


def photo_caption(draft: Draft, rng: Random) -> str:
    """What the caption below the first picture says."""
    if isinstance(draft.subject, Topic):
        return draft.facts.fill(rng.choice(draft.subject.photos))
    return "Ilustrasi: tim humas KPKN Contoh."
