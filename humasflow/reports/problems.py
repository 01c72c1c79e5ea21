"""What is wrong with single files of a pack, kept with its run: ``options["problems"]``."""

from collections.abc import Sequence
from typing import Final

from flask_babel import ngettext
from sqlalchemy import update

from humasflow.core.db import db, is_read_only, set_read_only
from humasflow.reports.models import ReportRun

_KEY: Final = "problems"
_TOLD: Final = 20


def keep_problems(run: ReportRun, sentences: Sequence[str]) -> None:
    """Write down how many there are, and the first of them. In a short transaction of its own, for a maker only reads.
    Commits.
    """
    run_id, kept = run.id, {key: value for key, value in run.options.items() if key != _KEY}
    if sentences:
        kept[_KEY] = {"number": len(sentences), "first": list(sentences[:_TOLD])}
    if kept == run.options:
        return
    before = is_read_only()
    db.session.rollback()
    set_read_only(False)
    try:
        db.session.execute(
            update(ReportRun)
            .where(ReportRun.id == run_id)
            .values(options=kept)
            .execution_options(synchronize_session=False)
        )
        db.session.commit()
    finally:
        db.session.rollback()
        set_read_only(before)


def problems_of(run: ReportRun) -> tuple[int, list[str]]:
    """How many files of a pack are not as they were recorded, and a sentence for each of the first twenty."""
    found = run.options.get(_KEY) or {}
    return int(found.get("number", 0)), [str(one) for one in found.get("first", ())]


def warning_of(run: ReportRun) -> str:
    """One sentence about them for a notice or a mail, in the language in force; empty where nothing is wrong."""
    number, _first = problems_of(run)
    if not number:
        return ""
    return ngettext(
        "%(num)s berkas bukti hilang atau berubah; rinciannya ada di MASALAH.txt.",
        "%(num)s berkas bukti hilang atau berubah; rinciannya ada di MASALAH.txt.",
        number,
    )
