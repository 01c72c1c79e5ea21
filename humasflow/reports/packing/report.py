"""The pack of one run: the reports made before it, and the files that prove each publication on their list."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask_babel import force_locale
from flask_babel import gettext as _

from humasflow.core.localtime import show_instant, to_local, zone
from humasflow.reports.enums import ReportFormat, ReportScope
from humasflow.reports.evidence_files import StoredFile, documents_of
from humasflow.reports.facts import Publication, ReportFacts
from humasflow.reports.makers import Progress
from humasflow.reports.models import ReportRun
from humasflow.reports.packing.items import Item, Row
from humasflow.reports.packing.pack import write_pack
from humasflow.reports.packing.wording import Made
from humasflow.reports.problems import keep_problems
from humasflow.reports.storage import path_of
from humasflow.reports.xlsx.report import state_of, with_files

_SAID_EVERY: Final = 32 * 1024 * 1024  # bytes
_KILO: Final = 1024


@dataclass
class _Said:
    """What was last said of how far it is."""

    at: int = 0


def make(facts: ReportFacts, run: ReportRun, out: Path, progress: Progress) -> None:
    """Write the pack at ``out``. What is wrong with single files is kept with the run. Commits.

    Raises :class:`~humasflow.reports.packing.archive.NoRoom`.
    """
    rows, items = _gather(facts)
    reports = {
        f"laporan.{file.format.value}": path_of(file)
        for file in run.files
        if file.format in (ReportFormat.PDF, ReportFormat.XLSX)
    }
    said = _Said()

    def advance(done: int, total: int) -> None:
        if done - said.at >= _SAID_EVERY or done == total:
            said.at = done
            progress(done // _KILO, max(total // _KILO, 1), _("Mengemas bukti"))

    result = write_pack(out, _made(facts), reports=reports, rows=rows, items=items, progress=advance)
    with force_locale("id"):
        keep_problems(run, [one.sentence for one in result.problems])


def _gather(facts: ReportFacts) -> tuple[list[Row], list[Item]]:
    rows, items = [], []
    with force_locale("id"):
        for one, files in with_files(facts):
            rows.append(_row(facts, one))
            items += [_item(facts, one, file, part) for part, file in enumerate(files)]
        if facts.scope is ReportScope.OFFICE:
            for part, file in enumerate(documents_of(facts.office_id, facts.start, facts.end)):
                items.append(Item(0, file.path, file.sha256, None, "", file.title, part))
    return rows, items


def _row(facts: ReportFacts, one: Publication) -> Row:
    captured = show_instant(one.captured_at, facts.zone_name) if one.captured_at else ""
    return Row(
        one.number, one.title, one.channel, one.url, show_instant(one.published_at, facts.zone_name), captured,
        one.verifier, state_of(one),
    )  # fmt: skip


def _item(facts: ReportFacts, one: Publication, file: StoredFile, part: int) -> Item:
    day = to_local(one.published_at, zone(facts.zone_name).key).date()
    return Item(one.number, file.path, file.sha256, day, one.channel, one.title, part)


def _made(facts: ReportFacts) -> Made:
    with force_locale("id"):
        return Made(
            office=facts.office_name, title=facts.title, period=facts.period_label,
            made_at=show_instant(facts.made_at, facts.zone_name), publications=facts.activity.total,
        )  # fmt: skip
