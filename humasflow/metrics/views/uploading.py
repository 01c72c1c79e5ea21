"""Unggah: numbers from a spreadsheet. The file is read and shown first; what was found is kept by a second step."""

import io
import json
from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.channels.adapters.base import METRICS
from humasflow.core import clock
from humasflow.core.guards import requires
from humasflow.core.localtime import from_local, to_local
from humasflow.core.permissions import Permission
from humasflow.core.urls import NotHttpUrl, canonical_url
from humasflow.metrics import services
from humasflow.metrics.forms import FileForm, KeepForm
from humasflow.metrics.numbers import LARGEST
from humasflow.metrics.queries import addresses_of, count_received, list_received
from humasflow.metrics.services import Entry, NothingRecorded, WrongTime
from humasflow.metrics.spreadsheets.cells import MAX_BYTES, Cell, Unreadable, read_cells
from humasflow.metrics.spreadsheets.exports import as_ours
from humasflow.metrics.spreadsheets.rows import HEADINGS, MAX_ROWS, Read, Sheet, find_headings, read_sheet
from humasflow.metrics.spreadsheets.template import TYPE, parts_of, template
from humasflow.metrics.views.asked import asked_filters, asked_period, bounds
from humasflow.metrics.views.blueprint import blueprint
from humasflow.metrics.views.entering import say
from humasflow.orgs.models import Unit

SHOWN = 100  # rows and findings on the page


@blueprint.route("/keterlibatan/unggah", methods=["GET", "POST"])
@requires(Permission.METRIC_RECORD)
def upload() -> Any:
    """Read a file and show what is in it. Nothing is kept yet, so it can be sent again without harm."""
    office = acting_office(current_user)
    form = FileForm()
    sheet: Sheet | None = None
    keep: KeepForm | None = None
    if form.validate_on_submit() and form.file.data is not None:
        try:
            sheet = _read(form.file.data.read(MAX_BYTES + 1), office)
        except Unreadable as error:
            form.fail(form.file, error.message)
        else:
            keep = _keep_form(office, sheet.rows)
    status = 422 if form.errors or (sheet is not None and sheet.findings) else 200
    return _page(office, form, keep, sheet), status


@blueprint.post("/keterlibatan/unggah/simpan")
@requires(Permission.METRIC_RECORD)
def keep_upload() -> Any:
    """Keep the rows that were shown. The same rows twice write nothing twice."""
    office = acting_office(current_user)
    form = KeepForm()
    entries = _entries(form.rows.data or "")
    if entries is None:
        flash(_("Barisnya tidak lengkap diterima. Unggah berkasnya sekali lagi."), "error")
        return redirect(url_for("metrics.upload"), code=303)
    day, hour = (form.seen_on.data, form.seen_time.data) if form.validate() else (None, None)
    if day is not None and hour is not None:
        try:
            kept = services.record_grid(
                office.id, entries, actor=current_user, source="file",
                seen_at=from_local(day, hour, office.zone_name),
            )  # fmt: skip
        except (WrongTime, NothingRecorded) as error:
            form.fail(form.seen_time, error.message)
        else:
            say(kept, office)
            return redirect(url_for("metrics.engagement"), code=303)
    rows = [Read(0, entry.delivery_id, entry.numbers) for entry in entries]
    return _page(office, FileForm(formdata=None), form, Sheet({}, rows, [], 0)), 422


@blueprint.get("/keterlibatan/unggah/templat")
@requires(Permission.METRIC_RECORD)
def upload_template() -> Any:
    """The workbook to fill in, with the publications of a period, or the ``?bagian=`` (1…) of them that fits a file."""
    office = acting_office(current_user)
    period = asked_period(office)
    chosen, span = asked_filters(office).chosen, bounds(period, office)
    parts = parts_of(count_received(office.id, *span, chosen))
    asked = request.args.get("bagian", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0
    if not 1 <= number <= len(parts):
        abort(404)
    part = parts[number - 1]
    posts = list_received(
        office.id, *span, chosen, reader_id=current_user.id, offset=part.offset, limit=part.number
    )
    of_several = f"-bagian-{number}-dari-{len(parts)}" if len(parts) > 1 else ""
    return send_file(
        io.BytesIO(template(posts, office)), mimetype=TYPE, as_attachment=True,
        download_name=f"keterlibatan-{period.key}{of_several}.xlsx", max_age=0,
    )  # fmt: skip


def _page(office: Unit, form: FileForm, keep: KeepForm | None, sheet: Sheet | None) -> str:
    period = asked_period(office)
    total = count_received(office.id, *bounds(period, office))
    return render_template(
        "metrics/upload.html", form=form, keep=keep, sheet=sheet, shown=SHOWN, where=office, period=period,
        names=METRICS, headings=HEADINGS, most=MAX_ROWS, total=total, parts=parts_of(total),
    )  # fmt: skip


def _read(data: bytes, office: Unit) -> Sheet:
    cells, _service = as_ours(read_cells(data))
    addresses, ids = _named(cells)
    live = addresses_of(office.id, addresses, ids)
    by_url: dict[str, int] = {}
    for ident, address in live.items():
        if address:
            by_url.setdefault(address, ident)  # a repost under one address: the first of it
    return read_sheet(cells, by_url, live)


def _named(cells: Sequence[Sequence[Cell]]) -> tuple[set[str], set[int]]:
    """Every cell that may be an address or a number of a publication; which column it is, is decided later."""
    start, places = find_headings(cells) or (len(cells), {})
    addresses: set[str] = set()
    ids: set[int] = set()
    for row in cells[start + 1 :]:
        for name, place in places.items():
            text = str(row[place]).strip() if place < len(row) else ""
            if name == "id" and text.isascii() and text.isdigit() and len(text) < 19:
                ids.add(int(text))
            elif name == "url" and text:
                try:
                    addresses.add(canonical_url(text))
                except NotHttpUrl:
                    continue
    return addresses, ids


def _keep_form(office: Unit, rows: Sequence[Read]) -> KeepForm:
    local = to_local(clock.now(), office.zone_name)
    packed = [[row.delivery_id, [row.numbers.get(name) for name in METRICS]] for row in rows]
    return KeepForm(
        formdata=None, seen_on=local.date(), seen_time=local.time().replace(second=0, microsecond=0),
        rows=json.dumps(packed, separators=(",", ":")),
    )  # fmt: skip


def _entries(packed: str) -> list[Entry] | None:
    """The rows of the hidden field, checked as anything from outside; None when they are none of ours."""
    try:
        rows = json.loads(packed)
        if not isinstance(rows, list) or not 0 < len(rows) <= MAX_ROWS:
            return None
        return [_entry(ident, values) for ident, values in rows]
    except (ValueError, TypeError, RecursionError):
        return None


def _entry(ident: object, values: object) -> Entry:
    if type(ident) is not int or not 0 < ident < 2**63 or not isinstance(values, list):
        raise ValueError("no publication")
    if any(v is not None and (type(v) is not int or not 0 <= v <= LARGEST) for v in values):
        raise ValueError("no number of a channel")
    return Entry(ident, dict(zip(METRICS, values, strict=True)))
