"""Isi angka: many publications on one page, typed or pasted."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.channels.adapters.base import METRICS
from humasflow.core import clock
from humasflow.core.guards import requires
from humasflow.core.localtime import from_local, to_local
from humasflow.core.paging import Page, cut, decode_cursor
from humasflow.core.periods import Period
from humasflow.core.permissions import Permission
from humasflow.metrics import services
from humasflow.metrics.forms import GridForm
from humasflow.metrics.grid import GridRow, build_grid, paste, read_paste
from humasflow.metrics.queries import Received, list_received, list_received_of, titles_of
from humasflow.metrics.services import TOLERANCE, Entry, NothingRecorded, Recorded, WrongTime
from humasflow.metrics.spreadsheets.cells import Unreadable
from humasflow.metrics.spreadsheets.exports import as_ours
from humasflow.metrics.views.asked import Filters, asked_filters, asked_period, bounds, neighbour
from humasflow.metrics.views.blueprint import blueprint
from humasflow.metrics.wording import name_of
from humasflow.orgs.models import Unit

LONGEST = 1_000  # characters of the list of rows that were sent
NAMED = 5  # titles in one message
EACH = 25  # rows a page: each has a field for every number


@blueprint.route("/keterlibatan/isi", methods=["GET", "POST"])
@requires(Permission.METRIC_RECORD)
def enter() -> Any:
    """The grid of a period's publications. A paste is put into the grid first, so that it is seen before it is kept."""
    office = acting_office(current_user)
    period, filters = asked_period(office), asked_filters(office)
    sent = _sent()
    page = _page(office, period, filters, sent)
    local = to_local(clock.now(), office.zone_name)
    form = GridForm(seen_on=local.date(), seen_time=local.time().replace(second=0, microsecond=0))
    rows = build_grid(page.items, request.form if form.is_submitted() else None)
    complaints: list[str] = []
    address = {"periode": period.key, "setelah": request.args.get("setelah") or None, **filters.address}
    if form.is_submitted() and request.form.get("aksi") == "tempel":
        complaints = _paste(form, rows)
    elif form.is_submitted():
        kept = _save(form, rows, office)
        if kept is not None:
            say(kept, office)
            return redirect(url_for("metrics.enter", **address), code=303)
    wrong = [cell for row in rows for cell in row.cells if cell.error]
    html = render_template(
        "metrics/enter.html", form=form, rows=rows, wrong=wrong, complaints=complaints, page=page, where=office,
        period=period, earlier=neighbour(period, -1), later=neighbour(period, 1), filters=filters,
        address=address, names=METRICS, name_of=name_of, kept_as=_kept_as(address),
    )  # fmt: skip
    return html, 422 if wrong or complaints or form.errors else 200


def _kept_as(address: Mapping[str, Any]) -> str:
    """Under which name a browser keeps what is typed: another page of the grid never writes over it."""
    return ".".join(("angka", *(str(address[name] or "") for name in sorted(address))))


def say(kept: Recorded, office: Unit) -> None:
    """What became of what was sent."""
    text = (
        _("%(n)s publikasi dicatat.", n=kept.written) if kept.written else _("Tidak ada angka yang berubah.")
    )
    if kept.written and kept.known:
        text += " " + _("%(n)s lainnya sudah tercatat sama.", n=kept.known)
    flash(text, "success")
    if kept.left_out:
        names = titles_of(office.id, kept.left_out[:NAMED], reader_id=current_user.id)
        if more := len(kept.left_out) - len(names):
            names.append(_("dan %(n)s lainnya", n=more))
        flash(
            _(
                "%(n)s dilewati: sudah tidak tayang, atau tayang sesudah waktu angkanya dilihat. %(names)s",
                n=len(kept.left_out), names="; ".join(names),
            ),
            "warning",
        )  # fmt: skip


def _sent() -> list[int]:
    """The rows of the grid that was sent, in its order."""
    found = request.form.get("baris", "")[:LONGEST].split(",")
    return [int(i) for i in found if i.isascii() and i.isdigit() and len(i) < 19][:EACH]


def _page(office: Unit, period: Period, filters: Filters, sent: list[int]) -> Page[Received]:
    """A page of the newest first. What was sent is put into the rows that were sent, whatever happened since."""
    reader_id, chosen = current_user.id, filters.chosen
    if request.method == "POST":
        return Page(list_received_of(office.id, sent, reader_id=reader_id, chosen=chosen), None)
    after = decode_cursor(request.args.get("setelah"))
    posts = list_received(
        office.id, *bounds(period, office), chosen, reader_id=reader_id, after=after, limit=EACH + 1
    )
    return cut(posts, lambda p: (p.published_at, p.delivery_id), EACH)


def _paste(form: GridForm, rows: Sequence[GridRow]) -> list[str]:
    text = request.form.get("tempelan", "")  # an empty first line is a place of its own
    if not text.strip():
        form.fail(form.tempelan, _("Tempelkan dahulu barisnya di sini."))
        return []
    try:
        table, _service = as_ours(read_paste(text))
        return paste(rows, table)
    except Unreadable as error:
        form.fail(form.tempelan, error.message)
        return []


def _save(form: GridForm, rows: Sequence[GridRow], office: Unit) -> Recorded | None:
    """What was kept; None when something is wrong, which then stands beside its cell or field."""
    day, hour = (form.seen_on.data, form.seen_time.data) if form.validate() else (None, None)
    if day is None or hour is None or any(cell.error for row in rows for cell in row.cells):
        return None
    seen_at = from_local(day, hour, office.zone_name)
    late = [
        row.post for row in rows
        if row.post.is_live and row.post.published_at > seen_at + TOLERANCE
        and any(cell.value is not None for cell in row.cells)
    ]  # fmt: skip
    if late:  # refused and not left out, so that the typing stays
        names = "; ".join(post.title or post.account for post in late[:NAMED])
        form.fail(
            form.seen_time,
            _("Ada yang tayang sesudah waktu ini: %(names)s. Periksa tanggal dan jamnya.", names=names),
        )
        return None
    entries = [Entry(row.post.delivery_id, {c.metric: c.value for c in row.cells}) for row in rows]
    try:
        return services.record_grid(office.id, entries, actor=current_user, seen_at=seen_at)
    except WrongTime as error:
        form.fail(form.seen_time, error.message)
    except NothingRecorded as error:
        form.fail(form.seen_on, error.message)
    return None
