"""Reading people and roles."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from humasflow.accounts.models import RoleGrant, User, UserSession
from humasflow.accounts.policy import Held, Principal
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.localtime import to_local
from humasflow.core.permissions import ROLE_PERMISSIONS, Permission, Role
from humasflow.orgs.models import Unit


def today_at(office: Unit) -> date:
    """The local date at an office."""
    return to_local(clock.now(), office.timezone or "Asia/Jakarta").date()


def count_users() -> int:
    """How many people exist; zero means the product has not been set up."""
    return db.session.scalar(select(func.count()).select_from(User)) or 0


def get_user_by_email(email: str) -> User | None:
    """A person by address, in any case."""
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def load_principal(
    user: User, *, office_id: int | None = None, token: str = "", session_id: int | None = None
) -> Principal:
    """A person with the roles in force today. Two statements."""
    rows = db.session.execute(
        select(RoleGrant, Unit).join(Unit, RoleGrant.unit_id == Unit.id).where(RoleGrant.user_id == user.id)
    ).all()
    office_ids = {unit.office_id for _grant, unit in rows}
    offices = (
        db.session.scalars(
            select(Unit).where(Unit.id.in_(office_ids), Unit.is_active.is_(True)).order_by(Unit.path)
        ).all()
        if office_ids
        else []
    )
    by_id = {o.id: o for o in offices}
    held = [
        Held(
            role=grant.role,
            office_id=unit.office_id or 0,
            section_id=unit.id if unit.id != unit.office_id else None,
            path=unit.path,
            capacity=grant.capacity,
            acting=grant.acting,
        )
        for grant, unit in rows
        if unit.office_id in by_id and grant.in_force(today_at(by_id[unit.office_id]))
    ]
    usable = [o for o in offices if any(h.office_id == o.id for h in held)]
    chosen = next((o for o in usable if o.id == office_id), usable[0] if usable else None)
    return Principal(user=user, held=held, offices=usable, office=chosen, token=token, session_id=session_id)


def get_open_session(token_hash: str) -> UserSession | None:
    """A session that is neither revoked nor over, with its user."""
    now = clock.now()
    return db.session.scalar(
        select(UserSession)
        .options(joinedload(UserSession.user, innerjoin=True))
        .where(UserSession.token_hash == token_hash, UserSession.revoked_at.is_(None), UserSession.expires_at > now)
    )


def list_sessions(user_id: int) -> Sequence[UserSession]:
    """Open sessions of a person, last used first."""
    return db.session.scalars(
        select(UserSession)
        .where(
            UserSession.user_id == user_id, UserSession.revoked_at.is_(None), UserSession.expires_at > clock.now()
        )
        .order_by(UserSession.seen_at.desc())
    ).all()


def _grants_in(office: Unit, on: date) -> list[object]:
    return [
        Unit.office_id == office.id,
        RoleGrant.valid_from <= on,
        or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until >= on),
        User.is_active.is_(True),
    ]


def list_people_with(
    permission: Permission, office: Unit, *, section_id: int | None = None, roles: Iterable[Role] | None = None
) -> Sequence[User]:
    """Active people of an office whose roles carry a permission today; with ``section_id`` only those of a section."""
    carrying = [r for r in (roles or Role) if permission in ROLE_PERMISSIONS[r]]
    statement = (
        select(User)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .join(Unit, RoleGrant.unit_id == Unit.id)
        .where(*_grants_in(office, today_at(office)), RoleGrant.role.in_(carrying))  # type: ignore[arg-type]
        .order_by(User.name, User.id)
        .distinct()
    )
    if section_id is not None:
        statement = statement.where(RoleGrant.unit_id == section_id)
    return db.session.scalars(statement).all()


def list_people(office: Unit) -> Sequence[User]:
    """Everybody who has or had a role in the office, with all roles, by name."""
    ids = select(RoleGrant.user_id).join(Unit, RoleGrant.unit_id == Unit.id).where(Unit.office_id == office.id)
    return db.session.scalars(
        select(User)
        .where(User.id.in_(ids))
        .options(selectinload(User.grants).joinedload(RoleGrant.unit))
        .order_by(User.is_active.desc(), User.name, User.id)
    ).all()


def get_person(office: Unit, user_id: int) -> User:
    """A person of an office with roles, or "not found"."""
    person = next((p for p in list_people(office) if p.id == user_id), None)
    if person is None:
        raise NotFound
    return person


def names_of(user_ids: Iterable[int | None]) -> dict[int, str]:
    """Names by id, in one statement."""
    wanted = {i for i in user_ids if i}
    if not wanted:
        return {}
    return {i: n for i, n in db.session.execute(select(User.id, User.name).where(User.id.in_(wanted)))}
