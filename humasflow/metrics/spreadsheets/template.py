"""The workbook to fill in, with the publications in it."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter  # type: ignore[import-untyped]
from flask_babel import gettext as _

from humasflow.channels.adapters.base import METRICS
from humasflow.core.localtime import show_instant
from humasflow.metrics.queries import Received
from humasflow.metrics.spreadsheets.rows import HEADINGS, MAX_ROWS
from humasflow.orgs.models import Unit

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the files that the publications of a period fill: the ``first`` and ``last`` one in it, counted from the
    oldest, so that a part stays what it is while others go live; ``offset`` counts from the newest.
    """

    first: int
    last: int
    offset: int

    @property
    def number(self) -> int:
        """How many publications are in it."""
        return self.last - self.first + 1


def parts_of(total: int) -> list[Part]:
    """The files of so many publications; a single empty one where there is none."""
    ends = [min(first + MAX_ROWS, total) for first in range(0, max(total, 1), MAX_ROWS)]
    return [Part(n * MAX_ROWS + 1, end, total - end) for n, end in enumerate(ends)]


def template(posts: Sequence[Received], office: Unit) -> bytes:
    """An XLSX with a row a publication and an empty cell for each number.

    Every text is written as text, so that a title that begins with ``=`` is shown and never run.
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )  # fmt: skip
    sheet = book.add_worksheet("Keterlibatan")
    bold, whole = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
    titles = [HEADINGS["id"][0], _("Judul"), _("Akun"), _("Tayang"), HEADINGS["url"][0]]
    for column, heading in enumerate([*titles, *(HEADINGS[name][0] for name in METRICS)]):
        sheet.write_string(0, column, heading, bold)
    for line, post in enumerate(posts, start=1):
        sheet.write_number(line, 0, post.delivery_id)
        texts = (
            post.title,
            post.account,
            show_instant(post.published_at, office.zone_name),
            post.permalink or "",
        )
        for column, text in enumerate(texts, start=1):
            sheet.write_string(line, column, text)
    sheet.set_column(1, 1, 48)
    sheet.set_column(2, 4, 22)
    sheet.set_column(len(titles), len(titles) + len(METRICS) - 1, 12, whole)
    sheet.freeze_panes(1, 2)
    book.close()
    return target.getvalue()
