"""A story's clean HTML as plain pieces for a word processor: blocks with runs of text."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from humasflow.core.html import clean_html, figure_assets, without_mentions

_BLOCKS: Final = {"p": "p", "h2": "h2", "h3": "h3", "blockquote": "quote", "figcaption": "p"}
_BOLD: Final = frozenset({"strong", "b", "th"})
_ITALIC: Final = frozenset({"em", "i"})


@dataclass(frozen=True)
class Run:
    """A piece of text that looks the same throughout."""

    text: str
    bold: bool = False
    italic: bool = False
    url: str = ""


@dataclass
class Block:
    """A paragraph, heading, item or picture. ``kind``: p, h2, h3, quote, ul, ol, figure; ``level`` from 0 of a list."""

    kind: str
    runs: list[Run] = field(default_factory=list)
    level: int = 0
    asset_id: int = 0


@dataclass
class Table:
    """Rows of cells, each a list of runs."""

    rows: list[list[list[Run]]] = field(default_factory=list)


def blocks_of(html: str) -> list[Block | Table]:
    """The pieces in order; what is empty is left out."""
    reader = _Reader(figure_assets(html))
    reader.feed(without_mentions(clean_html(html)))
    reader.close()
    return [
        b
        for b in reader.found
        if isinstance(b, Table) or b.kind == "figure" or any(r.text.strip() for r in b.runs)
    ]


class _Reader(HTMLParser):
    def __init__(self, assets: list[int]) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Block | Table] = []
        self._assets = iter(assets)
        self._bold = self._italic = self._quoted = 0
        self._urls: list[str] = []
        self._lists: list[str] = []
        self._table: Table | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in _BOLD:
            self._bold += 1
        if tag in _ITALIC:
            self._italic += 1
        elif tag == "a":
            self._urls.append(values.get("href") or "")
        elif tag in ("ul", "ol"):
            self._lists.append(tag)
        elif tag == "li":
            self._begin(self._lists[-1] if self._lists else "ul", max(len(self._lists) - 1, 0))
        elif tag == "table":
            self._table = Table()
            self.found.append(self._table)
        elif tag == "tr" and self._table is not None:
            self._table.rows.append([])
        elif tag in ("td", "th") and self._table is not None and self._table.rows:
            self._table.rows[-1].append([])
        elif tag == "figure":
            asset_id = next(self._assets, 0)
            self.found.append(Block("figure", asset_id=asset_id))
        elif tag == "br":
            self._say("\n")
        elif tag in _BLOCKS:
            self._block(tag)

    def _block(self, tag: str) -> None:
        if tag == "blockquote":
            self._quoted += 1
        if self._table is not None or (tag == "p" and self._lists):
            return
        self._begin("quote" if self._quoted else _BLOCKS[tag])

    def handle_endtag(self, tag: str) -> None:
        if tag in _BOLD:
            self._bold -= 1
        if tag in _ITALIC:
            self._italic -= 1
        elif tag == "a" and self._urls:
            self._urls.pop()
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "table":
            self._table = None
        elif tag == "blockquote":
            self._quoted -= 1

    def handle_data(self, data: str) -> None:
        self._say(" ".join(data.split("\n")))

    def _begin(self, kind: str, level: int = 0) -> None:
        self.found.append(Block(kind, level=level))

    def _say(self, text: str) -> None:
        run = Run(text, self._bold > 0, self._italic > 0, self._urls[-1] if self._urls else "")
        if self._table is not None:
            if self._table.rows and self._table.rows[-1]:
                self._table.rows[-1][-1].append(run)
            return
        last = self.found[-1] if self.found else None
        if not isinstance(last, Block) or last.kind == "figure":
            if not text.strip():
                return
            last = Block("p")
            self.found.append(last)
        last.runs.append(run)
