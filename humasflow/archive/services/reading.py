"""Reading an archive into an empty installation: wholly, or not at all."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from flask_babel import gettext as _
from sqlalchemy import JSON, Table, bindparam, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import RoleGrant, User
from humasflow.accounts.services import invitations, people
from humasflow.archive.catalogue import exported
from humasflow.archive.checking import BadArchive, Opened, broken, opened
from humasflow.archive.packing import CHUNK
from humasflow.archive.rows import BadValue, columns_of, decoder
from humasflow.archive.selecting import key_of, table_named, target_of
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.audit.models import AuditHead
from humasflow.audit.queries import check_chain
from humasflow.core.db import Base, db
from humasflow.core.errors import Conflict
from humasflow.core.permissions import Role
from humasflow.media.services import storage
from humasflow.media.storage import MediaStorage, full_disk_reported
from humasflow.orgs.models import Unit
from humasflow.scoring.services.schemes import score_again

_ROWS: Final = 500  # rows a statement
_INSTALLATION: Final = 0  # the office number of the installation's own record


class NotEmpty(Conflict):
    """There is an office here already; an archive is read into an empty installation only."""


@dataclass(frozen=True)
class ReadBack:
    """What came in: the office, how many rows and files, files that the archive itself lacked, and the admin with the
    token of a link to set a password.
    """

    office: Unit
    rows: int
    files: int
    lost: tuple[str, ...]
    admin: User
    token: str


def read_archive(path: Path) -> ReadBack:
    """Check the archive at ``path`` and read it. Flushes; the caller commits, and nothing is there before.

    Raises :class:`BadArchive` with a sentence for anything that is not right, :class:`NotEmpty`, and StorageFull; then
    nothing was written: the caller rolls back, files that were put are removed.
    """
    _require_empty()
    with opened(path) as archive:
        _claim()
        rows = 0
        with _refused_rows():
            _defer()
            for name in _in_order():
                rows += _insert(archive, name)
            for name in _in_order():
                _point_ahead(archive, name)
            _check_references()
            _set_sequences()
        db.session.expire_all()
        _check_records(archive)
        with _kept_files(archive):
            return _finish(archive, rows)


def _require_empty() -> None:
    # The installation's own record and its machinery may hold something: what wiping a sample office leaves.
    for name in exported():
        table = table_named(name)
        wanted = select(key_of(table)).limit(1)
        if name in {"audit_entry", "audit_head"}:
            wanted = wanted.where(table.c.office_id != _INSTALLATION)
        if db.session.scalar(wanted) is not None:
            raise NotEmpty(
                _(
                    "Di humasflow ini sudah ada kantor. Arsip hanya dibaca ke humasflow yang masih kosong; "
                    "tidak ada yang berubah."
                )
            )


def _claim() -> None:
    """Of several who set the installation up together, one goes on; the others learn that it is done."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE app_user IN SHARE ROW EXCLUSIVE MODE"))
    _require_empty()


def _in_order() -> list[str]:
    """Parents before children."""
    wanted = set(exported())
    return [table.name for table in Base.metadata.sorted_tables if table.name in wanted]


def _defer() -> None:
    if db.session.get_bind().dialect.name == "sqlite":
        db.session.execute(text("PRAGMA defer_foreign_keys = ON"))


@contextmanager
def _refused_rows() -> Iterator[None]:
    """What the database itself refuses (two rows of one id, a reference to nothing) is a changed archive."""
    try:
        yield
    except BadValue as error:
        raise BadArchive(
            _("Sebuah catatan di dalam arsip tidak dapat dibaca (%(where)s).", where=str(error))
        ) from error
    except (IntegrityError, DBAPIError) as error:
        db.session.rollback()
        raise BadArchive(
            _("Catatan di dalam arsip tidak cocok satu sama lain. Arsip ini berubah sesudah dibuat.")
        ) from error


def _ahead(table: Table) -> list[str]:
    """Columns that point at rows of the same table."""
    return [c.name for c in columns_of(table) if target_of(c) is table]


def _insert(archive: Opened, name: str) -> int:
    """Write the rows of a table, a portion at a time. What points at a later row of the same table comes afterwards."""
    table, decode = table_named(name), decoder(name)
    statement = insert(table).values(
        {
            # None is nothing here, not the word "null" of JSON.
            c.name: bindparam(c.name, type_=JSON(none_as_null=True))
            if isinstance(c.type, JSON)
            else bindparam(c.name)
            for c in columns_of(table)
        }
    )
    ahead, key, count = _ahead(table), key_of(table).name, 0
    portion: list[dict[str, Any]] = []
    for line in archive.lines(name):
        row = decode(line)
        for column in ahead:
            if row[column] is not None and row[column] > row[key]:
                row[column] = None
        portion.append(row)
        count += 1
        if len(portion) >= _ROWS:
            db.session.execute(statement, portion)
            portion = []
    if portion:
        db.session.execute(statement, portion)
    if count != archive.manifest["tables"][name]["rows"]:
        raise broken()
    return count


def _point_ahead(archive: Opened, name: str) -> None:
    """Second reading: references to later rows of the same table, now that these are there."""
    table = table_named(name)
    ahead, key = _ahead(table), key_of(table)
    if not ahead:
        return
    decode = decoder(name)
    for line in archive.lines(name):
        row = decode(line)
        late = {
            column: row[column] for column in ahead if row[column] is not None and row[column] > row[key.name]
        }
        if late:
            db.session.execute(update(table).where(key == row[key.name]).values(late))


def _check_references() -> None:
    """On SQLite references are looked at only now: all at once, so that what is refused is refused here."""
    if (
        db.session.get_bind().dialect.name == "sqlite"
        and db.session.execute(text("PRAGMA foreign_key_check")).first()
    ):
        raise BadArchive(
            _("Catatan di dalam arsip tidak cocok satu sama lain. Arsip ini berubah sesudah dibuat.")
        )


def _set_sequences() -> None:
    """PostgreSQL counts on from the highest id; SQLite does so by itself."""
    if db.session.get_bind().dialect.name != "postgresql":
        return
    for name in exported():
        table = table_named(name)
        key = key_of(table)
        sequence = (
            db.session.scalar(select(func.pg_get_serial_sequence(f'"{name}"', key.name)))
            if "id" in table.c
            else None
        )
        highest = db.session.scalar(select(func.max(key))) if sequence else None
        if sequence and highest is not None:
            db.session.execute(select(func.setval(sequence, highest)))


def _check_records(archive: Opened) -> None:
    """The record of each office must hold, and end where the archive says that it ended."""
    for office in archive.offices:
        head = db.session.get(AuditHead, office["id"])
        found = (head.seq, head.hash) if head else (None, None)
        if check_chain(office["id"]) or found != (office.get("seq"), office.get("hash")):
            db.session.rollback()
            raise BadArchive(
                _(
                    "Jejak audit %(office)s tidak utuh: arsip ini berubah sesudah dibuat.",
                    office=office["name"][:80],
                )
            )


@contextmanager
def _kept_files(archive: Opened) -> Iterator[None]:
    """Put the stored files; those that were not there before go again if what follows fails."""
    store, fresh = storage(), []
    try:
        for name in archive.files:
            key = f"{name[:2]}/{name[2:4]}/{name}"
            if not store.exists(key):
                _put(archive, store, name)
                fresh.append(key)
        yield
    except BaseException:
        for key in fresh:
            store.delete(key)
        raise


def _put(archive: Opened, store: MediaStorage, name: str) -> None:
    with store.temporary() as path:
        with full_disk_reported(), archive.zip.open(f"files/{name}") as source, path.open("wb") as target:
            while piece := source.read(CHUNK):
                target.write(piece)
        store.adopt(path, name[name.index(".") :])


def _finish(archive: Opened, rows: int) -> ReadBack:
    office = db.session.get(Unit, archive.manifest["office_id"])
    if office is None or office.office_id != office.id:
        raise broken()
    admin, where = _first_admin([office, *(o for o in _others(archive, office))])
    token = invitations.invite(admin, actor=admin, office_id=where.id, told=False)
    for one in archive.offices:
        audit.record(
            AuditAction.ARCHIVE_READ, ("unit", one["id"]), office_id=one["id"], actor=None, sha256=archive.sha256,
            made_at=str(archive.manifest.get("made_at", ""))[:40], rows=rows, files=len(archive.files),
        )  # fmt: skip
        score_again(one["id"])
    return ReadBack(office, rows, len(archive.files), tuple(sorted(archive.lost)), admin, token)


def _others(archive: Opened, office: Unit) -> Sequence[Unit]:
    """The offices below, from the top down."""
    ids = [one["id"] for one in archive.offices if one["id"] != office.id]
    return db.session.scalars(select(Unit).where(Unit.id.in_(ids)).order_by(Unit.path)).all()


def _first_admin(offices: Sequence[Unit]) -> tuple[User, Unit]:
    """Who gets the link, and where: an active admin of today, of the uppermost office that has one; where every such
    role has ended meanwhile, the last one, given anew.
    """
    last: tuple[User, Unit] | None = None
    for office in offices:
        today = accounts.today_at(office)
        grants = db.session.scalars(
            select(RoleGrant)
            .join(User, User.id == RoleGrant.user_id)
            .where(RoleGrant.unit_id == office.id, RoleGrant.role == Role.ADMIN, User.is_active.is_(True))
            .order_by(RoleGrant.id)
        ).all()
        for grant in grants:
            if grant.in_force(today):
                return grant.user, office
        if grants and last is None:
            last = (grants[-1].user, office)
    if last is None:
        raise BadArchive(_("Dalam arsip ini tidak ada admin kantor, jadi tidak ada yang dapat masuk."))
    people.grant_role(last[0], last[1], Role.ADMIN, actor=last[0])
    return last
