"""The press release as a Word document."""

from io import BytesIO
from pathlib import Path
from typing import Any, Final

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from flask_babel import gettext as _
from PIL import Image

from humasflow.core.localtime import show_date
from humasflow.reports.pdf.heading import Heading
from humasflow.reports.release.gathering import Release
from humasflow.reports.release.runs import Block, Run, Table, blocks_of

_FONT: Final = "Arial"
_STYLES: Final = {
    "h2": "Heading 2",
    "h3": "Heading 3",
    "ul": "List Bullet",
    "ol": "List Number",
    "quote": "Quote",
}
_BORDERS: Final = {"double": ("double", "6"), "single": ("single", "12")}


def release_docx(release: Release) -> bytes:
    """The file."""
    document = docx.Document()
    _page(document, release)
    _kop(document, release.heading, release.office.name)
    if release.is_draft:
        _line(document, _("DRAF: naskah ini belum disetujui"), bold=True, colour=RGBColor(0xB4, 0x24, 0x0F))
    _line(document, _("SIARAN PERS"), bold=True)
    for word, value in _facts(release):
        _line(document, f"{word}: {value}", size=9.5)
    document.add_heading(_storable(release.title), level=1)
    if release.lead:
        _line(document, release.lead, bold=True)
    _body(document, release)
    _line(document, "###", centre=True)
    for heading, text in ((_("Narahubung"), release.contact), (release.office.name, release.boilerplate)):
        if text:
            _line(document, heading, bold=True, size=9)
            _line(document, text, size=9)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _facts(release: Release) -> list[tuple[str, str]]:
    day = show_date(release.day, style="d MMMM yyyy")
    return [
        (_("Nomor"), release.number or "........................"),
        (_("Tanggal"), f"{release.place}, {day}" if release.place else day),
    ]


def _page(document: Any, release: Release) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(18), Mm(20)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(11)
    normal.paragraph_format.space_after = Pt(6)
    for name in ("Heading 1", "Heading 2", "Heading 3", "Title"):
        style = document.styles[name]
        style.font.name, style.font.color.rgb = _FONT, RGBColor(0, 0, 0)
        style.element.rPr.rFonts.set(qn("w:asciiTheme"), "")
        for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(attribute), None)
    core = document.core_properties
    core.title, core.author, core.language = (
        _storable(release.title)[:255],
        _storable(release.office.name)[:255],
        "id",
    )
    core.comments = ""


def _kop(document: Any, heading: Heading | None, office_name: str) -> None:
    lines: list[tuple[str, float, bool]] = []
    if heading is not None:
        lines += [
            (heading.ministry.upper(), 12, False), (heading.directorate.upper(), 11, True),
            (heading.region.upper(), 11, True),
        ]  # fmt: skip
    lines.append(((heading.office_line if heading else "") or office_name, 13, True))
    if heading is not None:
        lines += [(heading.address, 8.5, False), (heading.reach, 8.5, False)]
    if heading is not None and heading.logo is not None:
        picture = document.add_paragraph()
        picture.alignment = WD_ALIGN_PARAGRAPH.CENTER
        picture.add_run().add_picture(_png(heading.logo), height=Mm(18))
    shown = [line for line in lines if line[0]]
    for position, (text, size, bold) in enumerate(shown):
        paragraph = _line(document, text, bold=bold, size=size, centre=True)
        paragraph.paragraph_format.space_after = Pt(0)
        if position == len(shown) - 1:
            _rule(paragraph, heading.rule if heading else "single")
            paragraph.paragraph_format.space_after = Pt(14)


def _rule(paragraph: Any, rule: str) -> None:
    if rule not in _BORDERS:
        return
    kind, size = _BORDERS[rule]
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", kind), ("sz", size), ("space", "6"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)  # noqa: SLF001 - the library has no borders


def _body(document: Any, release: Release) -> None:
    dateline = release.dateline
    for block in blocks_of(release.body):
        if isinstance(block, Table):
            _table(document, block)
        elif block.kind == "figure":
            _picture(document, release, block)
        else:
            paragraph = document.add_paragraph(style=_STYLES.get(block.kind))
            if dateline:
                paragraph.add_run(_storable(f"{dateline} – ")).bold = True
                dateline = ""
            _runs(paragraph, block.runs)


def _picture(document: Any, release: Release, block: Block) -> None:
    found = release.pictures.get(block.asset_id)
    if found is not None:
        document.add_picture(_png(found.path), width=Mm(150))
        if found.words:
            _line(document, found.words, size=8.5)


def _table(document: Any, table: Table) -> None:
    columns = max((len(row) for row in table.rows), default=0)
    if not columns:
        return
    made = document.add_table(rows=0, cols=columns, style="Table Grid")
    for row in table.rows:
        cells = made.add_row().cells
        for cell, runs in zip(cells, row, strict=False):
            _runs(cell.paragraphs[0], runs)
    document.add_paragraph()


def _runs(paragraph: Any, runs: list[Run]) -> None:
    for run in runs:
        text = _storable(run.text)
        if run.url.startswith(("http://", "https://", "mailto:", "tel:")):
            _link(paragraph, text, run.url)
        else:
            added = paragraph.add_run(text)
            added.bold, added.italic = run.bold, run.italic


def _link(paragraph: Any, text: str, url: str) -> None:
    relation = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    added = paragraph.add_run(text)
    added.font.underline, added.font.color.rgb = True, RGBColor(0x0D, 0x5C, 0x6B)
    link.append(added._r)  # noqa: SLF001 - the library has no links
    paragraph._p.append(link)  # noqa: SLF001


def _line(
    document: Any,
    text: str,
    *,
    bold: bool = False,
    size: float = 11,
    centre: bool = False,
    colour: Any = None,
) -> Any:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(_storable(text))
    run.bold, run.font.size = bold, Pt(size)
    if colour is not None:
        run.font.color.rgb = colour
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def _storable(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(
        c
        for c in text
        if c in "\n\t" or (c >= " " and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff")
    )


def _png(path: Path) -> BytesIO:
    """Word knows no WebP."""
    out = BytesIO()
    with Image.open(path) as image:
        image.convert("RGBA").save(out, "PNG")
    out.seek(0)
    return out
