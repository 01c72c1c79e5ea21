"""HTML from people: cleaned on every write, with one allow-list; what a reader gets from it; plain text helpers.

The stored form of a text is small and regular. A picture stands as ``<figure data-asset="12"></figure>``: address,
alternative text, caption and credit are filled in where the text is shown (:func:`rendered_body`) and are never taken
from a browser. A mention of a person is ``<span data-mention-user="5" class="mention">@Name</span>``.
"""

import html as stdlib_html
import re
from collections.abc import Callable

import nh3
from markupsafe import Markup

ALLOWED_TAGS = {
    "p", "br", "h2", "h3", "strong", "em", "ul", "ol", "li", "blockquote", "a", "hr", "table", "tbody", "tr", "th",
    "td", "figure", "figcaption", "span",
}  # fmt: skip
_ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),  # by default the cleaner lets "title" and "lang" through everywhere
    "a": {"href", "title"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "figure": {"data-asset"},
    "span": {"data-mention-user"},
}  # fmt: skip
_SCHEMES = {"http", "https", "mailto", "tel"}
_SAME = {
    "b": "strong",
    "i": "em",
    "h1": "h2",
    "h4": "h3",
    "h5": "h3",
    "h6": "h3",
    "thead": "tbody",
    "tfoot": "tbody",
}
_RENAMED = re.compile(r"<(/?)(b|i|h1|h4|h5|h6|thead|tfoot)(?=[\s/>])", re.IGNORECASE)
_SAFE_HREF = re.compile(r"(?:https?://|mailto:|tel:)[^\s\x00-\x1f]|/(?![/\\])|#", re.IGNORECASE)
_SPAN_OF_CELLS = re.compile(r"[2-9]|[1-4][0-9]|50")
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_TAG = re.compile(
    r'<(/?)([a-z0-9]+)((?: [a-z-]+="[^"]*")*)>'
)  # as the cleaner writes it, and in no other way
_FIGURE = re.compile(r'<figure data-asset="([0-9]+)"></figure>')
_MENTION = re.compile(r'<span data-mention-user="([0-9]+)" class="mention">(.*?)</span>', re.DOTALL)
_PASSES = 4

WORDS_PER_MINUTE = 200
"""Silent reading of prose. Brysbaert (2019), Journal of Memory and Language 109, finds 238 words a minute for English
and fewer in languages with longer words; Indonesian words are about a fifth longer."""


def clean_html(value: str) -> str:
    """Only the allowed structure survives; links are http(s), mailto, tel or of this site and carry
    ``rel="noopener noreferrer"``. Cleaning what is clean changes nothing.
    """
    value = value.replace("\x00", "")
    for _pass in range(_PASSES):
        cleaned = _clean_once(value)
        if cleaned == value:
            return cleaned
        value = cleaned
    # Markup that parses differently each time it is written out has something to hide: its words are enough.
    return html_from_text(text_from_html(value))


def _clean_once(value: str) -> str:
    value = _RENAMED.sub(lambda m: f"<{m[1]}{_SAME[m[2].lower()]}", value)
    cleaned = nh3.clean(
        value, tags=ALLOWED_TAGS, attributes=_ATTRIBUTES, attribute_filter=_attribute, url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    )  # fmt: skip
    if "<figure" in cleaned or "<figcaption" in cleaned or "<span" in cleaned:
        cleaned = _Regular(cleaned).text()
    return cleaned.strip()


def _attribute(_tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if _SAFE_HREF.match(value) else None
    if name in ("data-asset", "data-mention-user"):
        return value if _NUMBER.fullmatch(value) else None
    if name in ("colspan", "rowspan"):
        return value if _SPAN_OF_CELLS.fullmatch(value) else None
    return value


class _Regular:
    """Brings figures and mentions of cleaned HTML to their stored form; others of these elements lose their tags."""

    def __init__(self, cleaned: str) -> None:
        self.out: list[str] = []
        self.spans: list[bool] = []
        self.figures: list[bool] = []
        self.captions = 0  # depth of captions being left out
        position = 0
        for tag in _TAG.finditer(cleaned):
            self._write(cleaned[position : tag.start()])
            self._tag(tag[0], bool(tag[1]), tag[2], tag[3])
            position = tag.end()
        self._write(cleaned[position:])

    def text(self) -> str:
        """The result."""
        return "".join(self.out)

    def _write(self, text: str) -> None:
        if not self.captions:
            self.out.append(text)

    def _tag(self, whole: str, closes: bool, name: str, attributes: str) -> None:
        if name == "figcaption":
            self._caption(closes)
        elif name == "figure":
            self._figure(closes, attributes)
        elif name == "span":
            self._span(closes, attributes)
        else:
            self._write(whole)

    def _caption(self, closes: bool) -> None:
        if self.captions or (not closes and any(self.figures)):
            self.captions += -1 if closes else 1
        else:
            self._write("</p>" if closes else "<p>")

    def _figure(self, closes: bool, attributes: str) -> None:
        if closes:
            if self.figures:
                self.figures.pop()
            return
        self.figures.append(bool(attributes))
        if attributes:
            self._write(f"<figure{attributes}></figure>")

    def _span(self, closes: bool, attributes: str) -> None:
        if closes:
            if self.spans and self.spans.pop():
                self._write("</span>")
            return
        # A mention within a mention is none.
        kept = bool(attributes) and not any(self.spans)
        self.spans.append(kept)
        if kept:
            self._write(f'<span{attributes} class="mention">')


# Shown


def rendered_body(
    value: str,
    figure: Callable[[int], str],
    *,
    table_label: str = "",
    mentions: bool = False,
    dateline: str = "",
) -> Markup:
    """HTML that :func:`clean_html` made, as a page shows it. Cleaned again: the database is not believed blindly.

    ``figure`` gives the HTML of a picture by the id of its asset, empty for one that does not belong here.
    ``table_label`` names the box in which a wide table is moved sideways on a phone; without it tables stand alone.
    ``mentions`` keeps mentions as such; otherwise a name is left, without the "@". ``dateline`` opens the first
    paragraph.
    """
    body = clean_html(value)
    if not mentions:
        body = without_mentions(body)
    if dateline:
        body = _with_dateline(body, dateline)
    if "<table>" in body:
        body = _TABLE.sub(lambda m: _shown_table(m[0], table_label), body)
    body = _FIGURE.sub(lambda m: figure(int(m[1])), body)
    return Markup(body)  # noqa: S704


def trusted(value: str) -> Markup:
    """The text without its pictures, fit to print."""
    return rendered_body(value, lambda _asset_id: "")


def _with_dateline(body: str, dateline: str) -> str:
    # data-not-text: passages of the text are counted without it.
    opening = f'<strong class="dateline" data-not-text>{stdlib_html.escape(dateline)} –</strong> '
    if body.startswith("<p>"):
        return f"<p>{opening}{body[3:]}"
    return f"<p>{opening.replace(' –', '').rstrip()}</p>{body}"


_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)


def _shown_table(table: str, label: str) -> str:
    """Headings say what they head, and the whole can be moved sideways, also by keyboard."""
    rows = iter(range(1_000_000))

    def row(match: re.Match[str]) -> str:
        scope = "col" if next(rows) == 0 else "row"
        return match[0].replace("<th", f'<th scope="{scope}"')

    table = _ROW.sub(row, table)
    if not label:
        return table
    name = stdlib_html.escape(label)
    return f'<div class="table-scroll" role="region" tabindex="0" aria-label="{name}">{table}</div>'


def without_mentions(body: str) -> str:
    """A clean text with people's names in place of mentions: what leaves the desk."""
    return _MENTION.sub(lambda m: m[2].removeprefix("@"), body)


def figure_assets(value: str) -> list[int]:
    """The assets whose pictures stand in a clean text, each once, in their order."""
    return list(dict.fromkeys(int(m) for m in _FIGURE.findall(value)))


def has_figures(value: str) -> bool:
    """Whether pictures may stand in a text, clean or not."""
    return "<figure" in value.lower()


def has_stored_figures(value: str) -> bool:
    """Whether every picture of a text is in the stored form already."""
    return value.lower().count("<figure") == len(_FIGURE.findall(value))


def without_figures(value: str, asset_ids: set[int]) -> str:
    """A clean text without the pictures of these assets."""
    return _FIGURE.sub(lambda m: "" if int(m[1]) in asset_ids else m[0], value)


def mentioned_users(value: str) -> list[int]:
    """The people mentioned in a clean text, each once, in their order."""
    return list(dict.fromkeys(int(m[0]) for m in _MENTION.findall(value)))


# Plain text


def html_from_text(value: str) -> str:
    """Paragraphs from plain text: a blank line parts paragraphs, a single line break stays one."""
    parts = [p.strip() for p in re.split(r"\n\s*\n", value.replace("\r\n", "\n")) if p.strip()]
    return "".join(f"<p>{stdlib_html.escape(p, quote=False).replace(chr(10), '<br>')}</p>" for p in parts)


_LOOKS_LIKE_HTML = re.compile(
    r"</?(p|h2|h3|ul|ol|li|blockquote|br|strong|em|a|table|figure|span)\b", re.IGNORECASE
)


def body_from_form(value: str) -> str:
    """The story body as it arrives: HTML from the editor, plain text when scripts are off. Returns clean HTML."""
    return clean_html(value if _LOOKS_LIKE_HTML.search(value) else html_from_text(value))


_NEXT_CELL = re.compile(r"(?:</p>\s*)?</t[dh]>\s*<t[dh][^>]*>(?:\s*<p>)?")


def text_from_html(value: str) -> str:
    """Readable plain text: paragraphs parted by blank lines, list items marked, cells of a row parted by bars, people
    by their names, no tags, entities resolved.
    """
    return _plain(_NEXT_CELL.sub(" | ", value), bullet="• ")


def _plain(value: str, *, bullet: str) -> str:
    value = without_mentions(value)
    value = re.sub(r"<li[^>]*>(?:\s*<p>)?", f"\n{bullet}", value)
    value = re.sub(r"<br\s*/?>", "\n", value)
    value = re.sub(r"(?:</p>\s*)?</li>", "", value)
    value = re.sub(r"(?:</p>\s*)?</tr>", "\n", value)
    value = re.sub(r"<(?=(?:p|h2|h3|blockquote|ul|ol|table)>)", "\n\n<", value)
    value = re.sub(r"</(p|h2|h3|blockquote|ul|ol|td|th|table)>", "\n\n", value)
    value = stdlib_html.unescape(nh3.clean(value, tags=set()))
    return re.sub(r"\n{3,}", "\n\n", value).strip()


def word_count(value: str) -> int:
    """Words in the text of some HTML; the marks of lists and tables are none."""
    return len(_plain(value, bullet="").split())


def reading_minutes(words: int) -> int:
    """How long a text is read, in whole minutes, at least one."""
    return max(1, round(words / WORDS_PER_MINUTE))
