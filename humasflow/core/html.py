"""HTML from people: cleaned on every write, with one allow-list; plain text helpers beside it."""

import html as stdlib_html
import re

import nh3
from markupsafe import Markup

ALLOWED_TAGS = {"p", "br", "h2", "h3", "strong", "em", "ul", "ol", "li", "blockquote", "a", "hr"}
_RENAMED = (("<b>", "<strong>"), ("</b>", "</strong>"), ("<i>", "<em>"), ("</i>", "</em>"))


def clean_html(value: str) -> str:
    """Only the allowed structure survives; links are http(s) or mailto and carry ``rel="noopener noreferrer"``."""
    for old, new in _RENAMED:
        value = value.replace(old, new)
    cleaned = nh3.clean(
        value,
        tags=ALLOWED_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return cleaned.strip()


def html_from_text(value: str) -> str:
    """Paragraphs from plain text: a blank line parts paragraphs, a single line break stays one."""
    parts = [p.strip() for p in re.split(r"\n\s*\n", value.replace("\r\n", "\n")) if p.strip()]
    return "".join(f"<p>{stdlib_html.escape(p, quote=False).replace(chr(10), '<br>')}</p>" for p in parts)


def body_from_form(value: str) -> str:
    """The story body as it arrives: HTML from the editor, plain text when scripts are off. Returns clean HTML."""
    looks_like_html = re.search(r"</?(p|h2|h3|ul|ol|li|blockquote|br|strong|em|a)\b", value, re.IGNORECASE)
    return clean_html(value if looks_like_html else html_from_text(value))


def text_from_html(value: str) -> str:
    """Readable plain text: paragraphs parted by blank lines, list items marked, no tags, entities resolved."""
    value = re.sub(r"<li[^>]*>", "\n• ", value)
    value = re.sub(r"<br\s*/?>", "\n", value)
    value = re.sub(r"</(p|h2|h3|blockquote|ul|ol)>", "\n\n", value)
    value = stdlib_html.unescape(nh3.clean(value, tags=set()))
    return re.sub(r"\n{3,}", "\n\n", value).strip()


def trusted(value: str) -> Markup:
    """Mark HTML that :func:`clean_html` made as safe to print. Cleaned again: the database is not believed blindly."""
    return Markup(clean_html(value))  # noqa: S704


def word_count(value: str) -> int:
    """Words in the text of some HTML."""
    return len(text_from_html(value).split())
