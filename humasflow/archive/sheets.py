"""The main things as sheets for people: what a spreadsheet opens. Reading back uses the rows of ``data/`` only."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, select

from humasflow.archive.selecting import Selection, table_named
from humasflow.core.localtime import to_local
from humasflow.reports.neutral import harmless

_BOM: Final = "\ufeff"  # so that a spreadsheet takes it for UTF-8
_ROWS: Final = 500
Make = Callable[[Selection], Select[Any]]


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its headings, and the statement whose columns stand below them in their order. The last column
    of the statement is the zone of the office and stays out.
    """

    name: str
    headings: tuple[str, ...]
    make: Make

    def lines(self, connection: Connection, selection: Selection) -> Iterator[str]:
        """The lines of the file, one row each."""
        yield _BOM + _line(self.headings)
        rows = connection.execution_options(yield_per=_ROWS).execute(self.make(selection))
        for row in rows:
            cells: list[Any] = list(row)
            zone = cells.pop() or "UTC"
            yield _line([_cell(value, zone) for value in cells])


def _line(cells: Any) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow(cells)
    return text.getvalue()


def _cell(value: Any, zone: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, datetime):
        return to_local(value.astimezone(UTC), zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", ",")
    if isinstance(value, StrEnum):
        return str(value.value)
    return harmless(str(value)) if isinstance(value, str) else str(value)


def _t(name: str) -> Table:
    return table_named(name)


def _publications(selection: Selection) -> Select[Any]:
    delivery, account, point = _t("delivery"), _t("channel_account"), _t("point")
    kind, office, evidence = _t("content_type"), _t("unit"), _t("evidence")
    proof = (
        select(evidence.c.file_sha256).where(evidence.c.delivery_id == delivery.c.id)
        .order_by(evidence.c.id.desc()).limit(1).scalar_subquery()
    )  # fmt: skip
    return (
        select(
            delivery.c.id, office.c.name, delivery.c.title, kind.c.label, account.c.name, delivery.c.state,
            delivery.c.published_at, delivery.c.permalink, point.c.state, proof, office.c.timezone,
        )
        .join(account, account.c.id == delivery.c.account_id)
        .join(kind, kind.c.id == delivery.c.content_type_id)
        .join(office, office.c.id == delivery.c.office_id)
        .join(point, point.c.delivery_id == delivery.c.id, isouter=True)
        .where(selection.own(delivery))
        .order_by(delivery.c.id)
    )  # fmt: skip


def _stories(selection: Selection) -> Select[Any]:
    story, kind, office, section, owner = (
        _t("story"),
        _t("content_type"),
        _t("unit"),
        _t("unit").alias(),
        _t("app_user"),
    )
    return (
        select(
            story.c.id, office.c.name, story.c.title, kind.c.label, story.c.state, section.c.name, owner.c.name,
            story.c.created_at, story.c.updated_at, office.c.timezone,
        )
        .join(kind, kind.c.id == story.c.content_type_id)
        .join(office, office.c.id == story.c.office_id)
        .join(section, section.c.id == story.c.section_id, isouter=True)
        .join(owner, owner.c.id == story.c.owner_id, isouter=True)
        .where(selection.own(story))
        .order_by(story.c.id)
    )  # fmt: skip


def _pitches(selection: Selection) -> Select[Any]:
    pitch, office, section, author = _t("pitch"), _t("unit"), _t("unit").alias(), _t("app_user")
    return (
        select(
            pitch.c.id, office.c.name, pitch.c.title, pitch.c.what, pitch.c.state, pitch.c.reason, section.c.name,
            author.c.name, pitch.c.created_at, pitch.c.story_id, office.c.timezone,
        )
        .join(office, office.c.id == pitch.c.office_id)
        .join(author, author.c.id == pitch.c.author_id)
        .join(section, section.c.id == pitch.c.section_id, isouter=True)
        .where(selection.own(pitch))
        .order_by(pitch.c.id)
    )  # fmt: skip


def _people(selection: Selection) -> Select[Any]:
    grant, person, unit, office = _t("role_grant"), _t("app_user"), _t("unit"), _t("unit").alias()
    return (
        select(
            person.c.id, person.c.name, person.c.email, unit.c.name, grant.c.role, grant.c.position_title,
            grant.c.valid_from, grant.c.valid_until, person.c.is_active, office.c.timezone,
        )
        .join(person, person.c.id == grant.c.user_id)
        .join(unit, unit.c.id == grant.c.unit_id)
        .join(office, office.c.id == unit.c.office_id)
        .where(selection.own(grant))
        .order_by(grant.c.id)
    )  # fmt: skip


def _targets(selection: Selection) -> Select[Any]:
    target, scheme, office = _t("target"), _t("score_scheme"), _t("unit")
    return (
        select(
            target.c.id, office.c.name, scheme.c.name, target.c.component_key, target.c.period, target.c.scope,
            target.c.scope_id, target.c.value, target.c.upper, target.c.is_withdrawn, target.c.letter, target.c.set_at,
            office.c.timezone,
        )
        .join(scheme, scheme.c.id == target.c.scheme_id)
        .join(office, office.c.id == target.c.office_id)
        .where(selection.own(target))
        .order_by(target.c.id)
    )  # fmt: skip


def _ledger(selection: Selection) -> Select[Any]:
    line, office = _t("ledger_entry"), _t("unit")
    return (
        select(
            line.c.id, office.c.name, line.c.period, line.c.component_key, line.c.delivery_id, line.c.subject_key,
            line.c.beneficiary, line.c.beneficiary_id, line.c.share, line.c.quantity, line.c.deciding_date,
            line.c.reverses_id, line.c.reason, line.c.created_at, office.c.timezone,
        )
        .join(office, office.c.id == line.c.office_id)
        .where(selection.own(line))
        .order_by(line.c.id)
    )  # fmt: skip


SHEETS: Final = (
    Sheet(
        "publikasi",
        ("nomor", "kantor", "judul", "jenis", "akun", "keadaan", "tayang", "alamat", "penilaian", "sidik_bukti"),
        _publications,
    ),
    Sheet(
        "naskah",
        ("nomor", "kantor", "judul", "jenis", "keadaan", "seksi", "penanggung_jawab", "dibuat", "diubah"),
        _stories,
    ),
    Sheet(
        "usulan",
        ("nomor", "kantor", "judul", "isi", "keadaan", "alasan", "seksi", "pengusul", "dibuat", "naskah"),
        _pitches,
    ),
    Sheet("orang", ("nomor", "nama", "surel", "unit", "peran", "jabatan", "mulai", "sampai", "aktif"), _people),
    Sheet(
        "sasaran",
        ("nomor", "kantor", "skema", "komponen", "periode", "untuk", "nomor_untuk", "nilai", "batas_atas", "ditarik",
         "surat", "ditetapkan"),
        _targets,
    ),
    Sheet(
        "buku-nilai",
        ("nomor", "kantor", "periode", "komponen", "publikasi", "pokok", "milik", "nomor_milik", "bagian", "jumlah",
         "tanggal", "membalik", "alasan", "ditulis"),
        _ledger,
    ),
)  # fmt: skip
