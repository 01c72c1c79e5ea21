"""Removing the sample office with everything in it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, ForeignKeyConstraint, delete, or_, select, tuple_

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import unit_of_work
from humasflow.core.db import Base, db
from humasflow.media.models import Asset
from humasflow.media.services import storage
from humasflow.orgs.models import Unit


def wipe_sample_office(actor: audit.Actor) -> None:
    """Delete every row that belongs to sample offices and their people, children before parents.

    This is the one place where published things are deleted: nothing here was ever real. The installation's own record
    says that it happened. Picture files go once the deletion is in the database. Flushes.
    """
    office_ids = db.session.scalars(
        select(Unit.id).where(Unit.is_sample.is_(True), Unit.office_id == Unit.id)
    ).all()
    if not office_ids:
        return
    assets = db.session.scalars(select(Asset).where(Asset.office_id.in_(office_ids))).all()
    keys = {key for a in assets for key in (a.original_key, a.medium_key, a.thumb_key) if key}
    audit.record(AuditAction.SAMPLE_WIPED, ("unit", office_ids[0]), office_id=0, actor=None, by=actor.name)
    db.session.expunge_all()
    doomed = _doomed(office_ids)
    for table in reversed(Base.metadata.sorted_tables):
        if table.name in doomed:
            db.session.execute(delete(table).where(doomed[table.name]))
    unit_of_work.after_commit(lambda: _remove_files(keys))


def _doomed(office_ids: Sequence[int]) -> dict[str, ColumnElement[bool]]:
    """For each table, which rows belong to the offices: by their office, or by a doomed row they point at."""
    found: dict[str, ColumnElement[bool]] = {}
    for table in Base.metadata.sorted_tables:
        conditions: list[ColumnElement[bool]] = []
        if "office_id" in table.c:
            conditions.append(table.c.office_id.in_(office_ids))
        if table.name == "app_user":
            conditions.append(table.c.is_sample.is_(True))
        if "office_id" not in table.c:
            parents = ((key, key.referred_table) for key in table.foreign_key_constraints)
            conditions += [
                _points_at(key, found[parent.name])
                for key, parent in parents
                if parent.name in found and parent is not table
            ]
        if conditions:
            found[table.name] = or_(*conditions)
    return found


def _points_at(key: ForeignKeyConstraint, doomed: ColumnElement[bool]) -> ColumnElement[bool]:
    """A row points at a doomed one with all columns of the key together."""
    own, theirs = [e.parent for e in key.elements], [e.column for e in key.elements]
    wanted = select(*theirs).where(doomed)
    return own[0].in_(wanted) if len(own) == 1 else tuple_(*own).in_(wanted)


def _remove_files(keys: set[str]) -> None:
    store = storage()
    # A real office may have kept a picture with the same content: the store is shared by content.
    still_used = {
        key
        for a in db.session.scalars(select(Asset).where(Asset.original_key.in_(keys)))
        for key in (a.original_key, a.medium_key, a.thumb_key)
    }
    for key in keys - still_used:
        store.delete(key)
