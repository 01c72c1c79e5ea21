"""The workbook to fill in for a kind: headings, drop-downs, a sheet that explains them. Every text is written as text,
so that one that begins with ``=`` is shown and never run.
"""

import io
from typing import Any, Final

import xlsxwriter  # type: ignore[import-untyped]
from flask_babel import gettext as _

from humasflow.imports.kinds.base import Kind
from humasflow.orgs.models import Unit

TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS: Final = 5_000  # that have drop-downs
_SHEET, _WORDS = "Isian", "Pilihan"


def make_template(kind: Kind[Any], office: Unit) -> bytes:
    """An XLSX of three sheets: to fill in, what each column is, and the words of the drop-downs."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    sheet = book.add_worksheet(_SHEET)
    guide = book.add_worksheet(_("Petunjuk"))
    words = book.add_worksheet(_WORDS)
    words.hide()
    bold = book.add_format({"bold": True, "bottom": 1})
    must = book.add_format({"bold": True, "bottom": 1, "bg_color": "#FFF2CC"})
    text, wrapped = (
        book.add_format({"num_format": "@"}),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    choices = kind.choices(office)
    for place, column in enumerate(kind.columns):
        sheet.write_string(0, place, column.headings[0], must if column.is_required else bold)
        sheet.set_column(place, place, max(16, min(40, len(column.example) + 4)), text)
        offered = [str(c) for c in choices.get(column.key, ())]
        words.write_string(0, place, column.headings[0], bold)
        for line, word in enumerate(offered, start=1):
            words.write_string(line, place, word)
        if offered:
            name = xlsxwriter.utility.xl_col_to_name(place, col_abs=True)
            sheet.data_validation(1, place, ROWS, place, {
                "validate": "list", "source": f"={_WORDS}!{name}$2:{name}${len(offered) + 1}",
                "error_type": "warning", "error_title": _("Periksa lagi"),
                "error_message": _("Kata ini tidak ada dalam daftar pilihan."),
            })  # fmt: skip
    sheet.freeze_panes(1, 0)
    _explain(guide, kind, bold, wrapped)
    book.close()
    return target.getvalue()


def _explain(guide: Any, kind: Kind[Any], bold: Any, wrapped: Any) -> None:
    for place, heading in enumerate((_("Kolom"), _("Perlu diisi"), _("Contoh"), _("Keterangan"))):
        guide.write_string(0, place, heading, bold)
    for line, column in enumerate(kind.columns, start=1):
        told = (column.headings[0], _("ya") if column.is_required else "", column.example, str(column.hint))
        for place, words in enumerate(told):
            guide.write_string(line, place, words, wrapped)
    guide.set_column(0, 2, 24)
    guide.set_column(3, 3, 60)
