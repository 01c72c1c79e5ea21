"""What a downloaded file is called."""

import re
import unicodedata
from typing import Final

from humasflow.reports.enums import ReportFormat, ReportKind
from humasflow.reports.facts import ReportFacts
from humasflow.reports.models import ReportRun
from humasflow.reports.spans import Span

_LONGEST: Final = 60  # characters of a name that a person typed


def file_name(facts: ReportFacts, run: ReportRun, format_: ReportFormat) -> str:
    """``laporan-kppn-makassar-2026-TW4.pdf``: plain letters, whatever a section or person is called."""
    first = "paket-bukti" if run.kind is ReportKind.PACK and format_ is ReportFormat.ZIP else "laporan"
    key = Span(run.span, run.start_on, run.end_on).key
    parts = [first, plain(facts.subject or facts.office_short_name), key]
    return "-".join(part for part in parts if part) + f".{format_.value}"


def plain(text: str) -> str:
    """Lower-case ASCII letters and digits with hyphens between."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text)[:_LONGEST].strip("-")
