"""The topics: committed HTML fragments, one a language, cleaned and read once per process.

A file begins with ``<h1>`` (the title) and ``<p>`` (the summary); then come short parts, each under an ``<h2>``.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from humasflow.core.html import clean_html, text_from_html, trusted
from humasflow.core.slugs import slugify

FOLDER = Path(__file__).parent / "topics"
LANGUAGES = ("id", "en")

# The order of the work; the same slugs in every language, so that an address survives the language switch.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (_l("Usulan dan tugas"), ("kirim-usulan", "tugas-saya", "foto-dan-persetujuannya", "pemberitahuan")),
    (
        _l("Dari naskah sampai tayang"),
        (
            "meja-redaksi",
            "menulis-naskah",
            "reviu-dan-persetujuan",
            "memutuskan-dari-ponsel",
            "naskah-rahasia",
            "kalender",
            "menayangkan-dan-bukti",
        ),
    ),
    (_l("Nilai dan laporan"), ("capaian", "verifikasi", "penutupan-triwulan", "laporan-dan-paket-bukti")),
    (
        _l("Mengurus kantor"),
        ("hari-pertama-admin", "kanal", "skema-dan-sasaran", "impor-tabel", "impor-situs", "arsip-kantor"),
    ),
)
ORDER = tuple(slug for _label, slugs in GROUPS for slug in slugs)

_TOP = re.compile(r"<h1>(.*?)</h1>\s*<p>(.*?)</p>(.*)", re.DOTALL)
_HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
_BLOCK = re.compile(r"<(h2|p|li)>(.*?)</\1>", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A heading or a paragraph in plain words; ``anchor`` is that of the part it stands in ("" before the first)."""

    text: str
    anchor: str
    is_heading: bool


@dataclass(frozen=True)
class Topic:
    """One text. ``body`` is clean HTML without title and summary; ``blocks`` are its words for the search."""

    slug: str
    title: str
    summary: str
    body: Markup
    blocks: tuple[Block, ...]

    @property
    def headings(self) -> list[str]:
        """The titles of its parts."""
        return [b.text for b in self.blocks if b.is_heading]


@cache
def topics(language: str) -> dict[str, Topic]:
    """Every topic of a language by its slug, in the order of the work. An unknown language reads Indonesian."""
    folder = FOLDER / (language if language in LANGUAGES else LANGUAGES[0])
    return {slug: _read(slug, (folder / f"{slug}.html").read_text(encoding="utf-8")) for slug in ORDER}


def _read(slug: str, source: str) -> Topic:
    parts = _TOP.fullmatch(source.strip())
    if parts is None:
        raise ValueError(f"{slug}: a topic begins with <h1> and a summary in <p>")
    title, summary = text_from_html(parts[1]).strip(), text_from_html(parts[2]).strip()
    body = clean_html(parts[3])
    blocks, anchor = [], ""
    for tag, inner in _BLOCK.findall(body):
        text = " ".join(text_from_html(inner).split())
        if tag == "h2":
            anchor = slugify(text)
        blocks.append(Block(text, anchor, tag == "h2"))
    # Anchors are ours: the cleaner lets none through.
    anchored = _HEADING.sub(lambda m: f'<h2 id="{slugify(text_from_html(m[1]))}">{m[1]}</h2>', body)
    return Topic(slug, title, summary, trusted(anchored), tuple(blocks))


def neighbours(slug: str, language: str) -> list[Topic]:
    """The other topics of its group."""
    known = topics(language)
    for _label, slugs in GROUPS:
        if slug in slugs:
            return [known[other] for other in slugs if other != slug]
    return []
