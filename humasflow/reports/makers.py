"""Which function makes which file.

A maker is ``make(facts, run, out, progress)``: it writes the file at ``out`` (a :class:`~pathlib.Path` that does not
exist yet) and returns nothing. It may call ``progress(done, total, phrase)`` as often as it likes: that keeps the
lease of the job, shows how far it is, commits, and raises :class:`Cancelled` when a person has called the run off.
Formats are made in the order of :class:`~humasflow.reports.enums.ReportFormat`; the files finished before are
``run.files``, at ``storage.path_of(file)``. A maker raises UserError with a sentence for the person when it cannot.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final, cast

from humasflow.reports.enums import ReportFormat
from humasflow.reports.facts import ReportFacts
from humasflow.reports.models import ReportRun

Progress = Callable[[int, int, str], None]
Maker = Callable[[ReportFacts, ReportRun, Path, Progress], None]

# Named and not imported: what makes one format is loaded where that format is made.
MAKERS: Final[dict[ReportFormat, str]] = {
    ReportFormat.PDF: "humasflow.reports.pdf.report",
    ReportFormat.XLSX: "humasflow.reports.xlsx.report",
    ReportFormat.ZIP: "humasflow.reports.packing.report",
}


class Cancelled(Exception):
    """A person has called the run off while it was made."""


def maker_of(format_: ReportFormat) -> Maker:
    """The function ``make`` of the module that makes a format."""
    return cast(Maker, import_module(MAKERS[format_]).make)


def missing(format_: ReportFormat) -> str:
    """Why a format cannot be made on this machine, in a sentence; empty where it can."""
    module = import_module(MAKERS[format_])
    return str(module.missing()) if hasattr(module, "missing") else ""
