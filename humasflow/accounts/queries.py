"""Reading people and roles."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from humasflow.accounts.models import RoleGrant, User, UserSession
from humasflow.accounts.policy import Held, Principal
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.localtime import to_local
from humasflow.core.paging import Page
from humasflow.core.permissions import ROLE_PERMISSIONS, Permission, Role
from humasflow.orgs.models import Unit


def today_at(office: Unit) -> date:
    """The local date at an office."""
    return to_local(clock.now(), office.zone_name).date()


def count_users() -> int:
    """How many people exist; zero means the product has not been set up."""
    return db.session.scalar(select(func.count()).select_from(User)) or 0


def get_user_by_email(email: str) -> User | None:
    """A person by address, in any case."""
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def load_principal(
    user: User,
    *,
    office_id: int | None = None,
    token: str = "",
    session_id: int | None = None,
    good_for: str = "",
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
    return Principal(
        user=user, held=held, offices=usable, office=chosen, token=token, session_id=session_id, good_for=good_for
    )  # fmt: skip


def get_open_session(token_hash: str) -> UserSession | None:
    """A session that is neither revoked nor over, with its user."""
    now = clock.now()
    return db.session.scalar(
        select(UserSession)
        .options(joinedload(UserSession.user, innerjoin=True))
        .where(
            UserSession.token_hash == token_hash,
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > now,
        )
    )


def list_sessions(user_id: int) -> Sequence[UserSession]:
    """Open sessions of a person, last used first."""
    return db.session.scalars(
        select(UserSession)
        .where(
            UserSession.user_id == user_id,
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > clock.now(),
        )
        .order_by(UserSession.seen_at.desc())
    ).all()


def in_force_at(office: Unit, on: date) -> list[ColumnElement[bool]]:
    """Conditions on RoleGrant joined with Unit and User: a role of an active person in the office on this date."""
    return [
        Unit.office_id == office.id,
        RoleGrant.valid_from <= on,
        or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until >= on),
        User.is_active.is_(True),
    ]


def list_people_with(
    permission: Permission,
    office: Unit,
    *,
    section_id: int | None = None,
    roles: Iterable[Role] | None = None,
) -> Sequence[User]:
    """Active people of an office whose roles carry a permission today; with ``section_id`` only those of a section."""
    carrying = [r for r in (roles or Role) if permission in ROLE_PERMISSIONS[r]]
    statement = (
        select(User)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .join(Unit, RoleGrant.unit_id == Unit.id)
        .where(*in_force_at(office, today_at(office)), RoleGrant.role.in_(carrying))
        .order_by(User.name, User.id)
        .distinct()
    )
    if section_id is not None:
        statement = statement.where(RoleGrant.unit_id == section_id)
    return db.session.scalars(statement).all()


def _of_office(office: Unit) -> Select[int]:
    return (
        select(RoleGrant.user_id).join(Unit, RoleGrant.unit_id == Unit.id).where(Unit.office_id == office.id)
    )


def belongs_to(office: Unit) -> ColumnElement[bool]:
    """The condition on User that the person has or had a role in the office."""
    return User.id.in_(_of_office(office))


def list_people(office: Unit, *, q: str = "") -> Sequence[User]:
    """Everybody who has or had a role in the office, with all roles: the active first, then by name.

    ``q`` narrows by a part of the name, the address or a position held here. Ask :func:`grants_in` for the roles to
    show: ``grants`` holds those of other offices too.
    """
    return db.session.scalars(_people(office, q)).all()


def page_of_people(office: Unit, *, q: str = "", cursor: str | None = None, size: int = 50) -> Page[User]:
    """The people of :func:`list_people` in the same order, ``size`` at a time.

    A cursor that is no number starts from the top.
    """
    statement, name = _people(office, q), func.lower(User.name)
    if cursor and cursor.isascii() and cursor.isdigit() and len(cursor) < 19:
        last = aliased(User)
        of_last = (last.id == int(cursor), last.id.in_(_of_office(office)))
        active = select(last.is_active).where(*of_last).scalar_subquery()
        passed = select(func.lower(last.name)).where(*of_last).scalar_subquery()
        later = or_(name > passed, (name == passed) & (User.id > int(cursor)))
        statement = statement.where(or_(User.is_active < active, (User.is_active == active) & later))
    found = db.session.scalars(statement.limit(size + 1)).all()
    return Page(found[:size], str(found[size - 1].id) if len(found) > size else None)


def _people(office: Unit, q: str) -> Select[User]:
    statement = (
        select(User)
        .where(User.id.in_(_of_office(office)))
        .options(selectinload(User.grants).joinedload(RoleGrant.unit))
        .order_by(User.is_active.desc(), func.lower(User.name), User.id)
    )
    for word in q.split()[:5]:
        titled = _of_office(office).where(RoleGrant.position_title.icontains(word, autoescape=True))
        statement = statement.where(
            or_(
                User.name.icontains(word, autoescape=True), User.email.icontains(word, autoescape=True),
                User.id.in_(titled),
            )
        )  # fmt: skip
    return statement


def people_ids_of(office: Unit) -> Select[int]:
    """The ids of active people with a role in force in the office today, as a subquery."""
    return (
        select(RoleGrant.user_id)
        .join(Unit, RoleGrant.unit_id == Unit.id)
        .join(User, RoleGrant.user_id == User.id)
        .where(*in_force_at(office, today_at(office)))
    )


def get_person(office: Unit, user_id: int) -> User:
    """A person of an office with roles, or "not found"."""
    person = db.session.scalar(
        select(User)
        .where(User.id == user_id, User.id.in_(_of_office(office)))
        .options(selectinload(User.grants).joinedload(RoleGrant.unit))
    )
    if person is None:
        raise NotFound
    return person


def require_of_office(office: Unit, user_id: int) -> None:
    """Raise "not found" unless the person has or had a role in the office."""
    if db.session.scalar(_of_office(office).where(RoleGrant.user_id == user_id).limit(1)) is None:
        raise NotFound


def grants_in(office: Unit, user: User) -> list[RoleGrant]:
    """Of a loaded person's roles those of this office, the ones in force and to come first."""
    today = today_at(office)
    mine = [g for g in user.grants if g.unit.office_id == office.id]
    return sorted(
        mine, key=lambda g: (g.valid_until is not None and g.valid_until < today, g.valid_from, g.id)
    )


def list_grants(user: User, office: Unit) -> Sequence[RoleGrant]:
    """A person's roles in an office, read afresh."""
    return db.session.scalars(
        select(RoleGrant)
        .join(Unit, RoleGrant.unit_id == Unit.id)
        .where(RoleGrant.user_id == user.id, Unit.office_id == office.id)
        .order_by(RoleGrant.id)
    ).all()


def get_grant(office: Unit, user_id: int, grant_id: int) -> RoleGrant:
    """A role of this person in this office, or "not found"."""
    grant = db.session.scalar(
        select(RoleGrant)
        .join(Unit, RoleGrant.unit_id == Unit.id)
        .where(RoleGrant.id == grant_id, RoleGrant.user_id == user_id, Unit.office_id == office.id)
    )
    if grant is None:
        raise NotFound
    return grant


def works_elsewhere(user: User, office: Unit) -> bool:
    """Whether the person has a role, now or to come, in an office other than this one."""
    ahead = or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until >= today_at(office))
    found = db.session.scalar(
        select(RoleGrant.id)
        .join(Unit, RoleGrant.unit_id == Unit.id)
        .where(RoleGrant.user_id == user.id, Unit.office_id != office.id, ahead)
        .limit(1)
    )
    return found is not None


def list_sample_sign_ins() -> list[RoleGrant]:
    """One person for each role of the sample office (with user and unit loaded); empty when there is none."""
    rows = db.session.scalars(
        select(RoleGrant)
        .join(Unit, RoleGrant.unit_id == Unit.id)
        .join(User, RoleGrant.user_id == User.id)
        .where(
            User.is_sample.is_(True),
            User.is_active.is_(True),
            Unit.office_id.in_(select(Unit.id).where(Unit.is_sample.is_(True), Unit.is_active.is_(True))),
        )
        .options(joinedload(RoleGrant.user, innerjoin=True), joinedload(RoleGrant.unit, innerjoin=True))
        .order_by(RoleGrant.id)
    ).all()
    today = to_local(clock.now(), "Asia/Jakarta").date()
    first: dict[Role, RoleGrant] = {}
    for grant in rows:
        if grant.in_force(today):
            first.setdefault(grant.role, grant)
    return [first[role] for role in Role if role in first]


def names_of(user_ids: Iterable[int | None]) -> dict[int, str]:
    """Names by id, in one statement."""
    wanted = {i for i in user_ids if i}
    if not wanted:
        return {}
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    return {row[0]: row[1] for row in rows}


def users_of(user_ids: Iterable[int | None], *, but: Iterable[int | None] = ()) -> Sequence[User]:
    """The people with these ids in their order, without some, in one statement; in none where nobody is asked for."""
    wanted = {i for i in user_ids if i} - set(but)
    if not wanted:
        return []
    return db.session.scalars(select(User).where(User.id.in_(wanted)).order_by(User.id)).all()


def name_of(user_id: int | None) -> str:
    """A person's name; empty for nobody, and for somebody who is not there."""
    user = db.session.get(User, user_id) if user_id else None
    return user.name if user else ""
