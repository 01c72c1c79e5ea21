"""From the reader's HTML to title, kicker, lead and body. Works on the few forms that the reader writes."""

import html as stdlib_html
import re
from dataclasses import dataclass

from humasflow.core.html import clean_html, text_from_html

TITLE_LIMIT, LEAD_LIMIT, KICKER_LIMIT = 200, 500, 120
TITLE_AMONG = 5  # a heading further down is a section's, not the title

_BLOCK = re.compile(r"<(p|h[1-6]|ul|ol|table|blockquote)\b[^>]*>")
_PICTURE = re.compile(r'<img\b(?:\s+alt="(?P<alt>[^"]*)")?\s+src="(?P<src>[^"]*)"[^>]*>')
_LINE = re.compile(r"<(p|h[1-6])\b([^>]*)>(.*?)</\1>", re.DOTALL)
_NOTE_MARK = re.compile(r'<sup><a href="#(?:foot|end)note-\d+"[^>]*>(\[\d+\])</a></sup>')
_NOTES = re.compile(r'<ol><li id="(?:foot|end)note-.*?</ol>\s*$', re.DOTALL)
_NOTE = re.compile(r'<li id="(?:foot|end)note-\d+">(.*?)</li>', re.DOTALL)
_OUTER_PARAGRAPH = re.compile(r"^\s*<p>|</p>\s*$")
_BACK = re.compile(r'\s*<a href="#(?:foot|end)note-ref-\d+">.</a>')
_ANCHOR = re.compile(r'<a id="[^"]*"></a>')
_INTERNAL = re.compile(r'<a href="#[^"]*"[^>]*>(.*?)</a>', re.DOTALL)


@dataclass(frozen=True)
class Parts:
    """A document taken apart. ``body_html`` is clean; its pictures are numbered as in the file, from 1."""

    title: str
    kicker: str
    lead: str
    body_html: str
    alt_texts: dict[int, str]
    headings: int
    tables: int
    footnotes: int
    long_lead: bool  # the first paragraph was too long for a lead and stays in the body
    long_title: bool


def take_apart(html: str, fallback_title: str) -> Parts:
    """Title from the title's style, else the first heading, else a short first line, else ``fallback_title``."""
    alt_texts: dict[int, str] = {}
    html, footnotes = _footnotes(html)
    html = _INTERNAL.sub(r"\1", _ANCHOR.sub("", html))
    html = _pictures_apart(html, alt_texts)
    blocks = _blocks(html)
    title, kicker, long_title = _title(blocks)
    _shift_headings(blocks)
    lead, long_lead = _lead(blocks)
    body = clean_html("".join(blocks))
    return Parts(
        title=title or fallback_title, kicker=kicker, lead=lead, body_html=body, alt_texts=alt_texts,
        headings=len(re.findall(r"<h[23]>", body)), tables=body.count("<table>"), footnotes=footnotes,
        long_lead=long_lead, long_title=long_title,
    )  # fmt: skip


def _footnotes(html: str) -> tuple[str, int]:
    """Marks stay as "[1]"; the notes become paragraphs at the end, under a heading of their own."""
    html = _NOTE_MARK.sub(r"\1", html)
    found = _NOTES.search(html)
    if not found:
        return html, 0
    notes = [_BACK.sub("", n) for n in _NOTE.findall(found[0])]
    words = [_OUTER_PARAGRAPH.sub("", note.strip()) for note in notes]
    told = "".join(f"<p>[{number}] {note}</p>" for number, note in enumerate(words, 1))
    return f"{html[: found.start()]}<h2 class='notes'>Catatan</h2>{told}", len(notes)


def _pictures_apart(html: str, alt_texts: dict[int, str]) -> str:
    """A picture stands between paragraphs, not within one."""

    def place(match: re.Match[str]) -> str:
        number = re.fullmatch(r"picture-(\d+)", match["src"])
        if not number:
            return ""
        alt_texts[int(number[1])] = stdlib_html.unescape(match["alt"] or "").strip()[:1000]
        return f"\x1e{number[1]}\x1e"

    def part(match: re.Match[str]) -> str:
        name, attributes, inner = match[1], match[2], match[3]
        if "\x1e" not in inner:
            return match[0]
        pieces = re.split("\x1e(\\d+)\x1e", inner)
        words, numbers = pieces[::2], pieces[1::2]
        figures = [f'<figure data-asset="{n}"></figure>' for n in numbers]
        if name != "p":
            return _if_words(name, attributes, "".join(words)) + "".join(figures)
        out = [_if_words(name, attributes, words[0])]
        for figure, rest in zip(figures, words[1:], strict=True):
            out += [figure, _if_words(name, attributes, rest)]
        return "".join(out)

    html = _PICTURE.sub(place, html.replace("\x1e", ""))
    html = _LINE.sub(part, html)
    return re.sub("\x1e(\\d+)\x1e", r'<figure data-asset="\1"></figure>', html)


def _if_words(name: str, attributes: str, inner: str) -> str:
    return f"<{name}{attributes}>{inner.strip()}</{name}>" if text_from_html(inner).strip() else ""


def _blocks(html: str) -> list[str]:
    """The top-level blocks: paragraphs, headings, lists, tables, quotes, and figures between them."""
    blocks: list[str] = []
    position = 0
    while match := _BLOCK.search(html, position):
        if match.start() > position:
            blocks.append(html[position : match.start()])
        end = _end_of(html, match[1], match.start())
        blocks.append(html[match.start() : end])
        position = end
    if html[position:]:
        blocks.append(html[position:])
    return [b for b in blocks if b.strip()]


def _end_of(html: str, name: str, start: int) -> int:
    depth = 0
    for tag in re.finditer(rf"<(/?){name}\b[^>]*>", html[start:]):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return start + tag.end()
    return len(html)


def _title(blocks: list[str]) -> tuple[str, str, bool]:
    """Title and kicker, taken out of the blocks; whether the first line was too long to be one."""
    lines = [i for i, b in enumerate(blocks) if re.match(r"<(p|h[1-6])\b", b)]
    styled = next((i for i in lines if blocks[i].startswith('<h1 class="title"')), None)
    first = next((i for i in lines[:TITLE_AMONG] if blocks[i].startswith("<h1")), None)
    place = styled if styled is not None else first
    if place is None:
        place = lines[0] if lines else None
    if place is None:
        return "", "", False
    title = _one_line(blocks[place])
    if not title or len(title) > TITLE_LIMIT:
        return "", "", bool(title)
    above = [i for i in lines if i < place]
    kicker = ""
    # One short line above the title is its kicker: "SIARAN PERS Nomor 12/2026".
    if (
        len(above) == 1
        and blocks[above[0]].startswith("<p")
        and len(_one_line(blocks[above[0]])) <= KICKER_LIMIT
    ):
        kicker = _one_line(blocks[above[0]])
        blocks[above[0]] = ""
    blocks[place] = ""
    return title, kicker, False


def _lead(blocks: list[str]) -> tuple[str, bool]:
    """The first paragraph becomes the lead, whole or not at all: nothing is cut."""
    for i, block in enumerate(blocks):
        if not block or block.startswith("<figure"):
            continue
        if not block.startswith("<p"):
            return "", False
        words = _one_line(block)
        if len(words) > LEAD_LIMIT:
            return "", True
        blocks[i] = ""
        return words, False
    return "", False


def _shift_headings(blocks: list[str]) -> None:
    """Sections of the first order become h2; where the file has such below its title, the others follow."""
    by = 1 if any(b.startswith("<h1") for b in blocks) else 0
    for i, block in enumerate(blocks):
        found = re.match(r"<h([1-6])", block)
        if found and "class='notes'" not in block[:20]:
            level = f"h{min(max(int(found[1]) + by, 2), 3)}"
            inner = re.sub(r"^<h[1-6][^>]*>|</h[1-6]>$", "", block)
            blocks[i] = f"<{level}>{inner}</{level}>"


def _one_line(block: str) -> str:
    return " ".join(text_from_html(block).split())
