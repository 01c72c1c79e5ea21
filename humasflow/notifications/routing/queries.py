"""Everything that decides how some people are told something, in one statement; and reading rules and wishes."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from flask import current_app
from sqlalchemy import Select, String, case, cast, func, literal, or_, select, type_coerce, union_all

from humasflow.accounts.enums import AbsenceKind
from humasflow.accounts.models import Absence, RoleGrant
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.localtime import to_local
from humasflow.core.permissions import Role
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import MailSettings
from humasflow.notifications.reaching import REACHES
from humasflow.notifications.routing.choosing import Rules
from humasflow.notifications.routing.enums import (
    DeliveryState,
    NoticeChannel,
    NoticeMode,
    NoticeTopic,
    topic_of,
)
from humasflow.notifications.routing.models import NoticeDelivery, NoticeHabit, NoticePreference, NoticeRule
from humasflow.notifications.routing.quiet import BRIEF_AT, DIGEST_AT, Habits
from humasflow.orgs.models import Unit

# Who is on duty elsewhere reads and decides from there.
AWAY = tuple(kind for kind in AbsenceKind if kind is not AbsenceKind.DUTY)


@dataclass
class Facts:
    """What was found about some people, an office and a kind of notice."""

    roles: dict[int, list[Role]] = field(default_factory=lambda: defaultdict(list))
    rules: dict[tuple[NoticeKind, Role, NoticeChannel], NoticeMode] = field(default_factory=dict)
    wishes: dict[tuple[int, NoticeChannel], NoticeMode] = field(default_factory=dict)
    habits: dict[int, Habits] = field(default_factory=dict)
    away: dict[int, list[tuple[date, date]]] = field(default_factory=lambda: defaultdict(list))
    reached: dict[NoticeChannel, set[int]] = field(default_factory=lambda: defaultdict(set))
    has_mail: bool = False

    def habits_of(self, user_id: int) -> Habits:
        """Their own hours, or the usual ones."""
        return self.habits.get(user_id) or usual_habits()

    def is_away(self, user_id: int, day: date) -> bool:
        """Whether the person is absent on this local date and not on duty elsewhere."""
        return any(first <= day <= last for first, last in self.away.get(user_id, ()))


def usual_habits() -> Habits:
    """What holds for people who chose nothing."""
    usual = current_app.config["QUIET_HOURS"]
    first, last = (time.fromisoformat(usual[0]), time.fromisoformat(usual[1])) if usual else (None, None)
    return Habits(first, last)


def habits_from(quiet_from: str, quiet_until: str, digest_at: str, *, quiet_days: bool) -> Habits:
    """A row in the words of :mod:`quiet`."""
    at = NoticeHabit.clock
    return Habits(at(quiet_from), at(quiet_until), quiet_days, at(digest_at) or DIGEST_AT)


def find_facts(office: Unit, kind: NoticeKind, user_ids: Collection[int]) -> Facts:
    """One statement, whatever the number of people."""
    ids, today = list(user_ids), to_local(clock.now(), office.zone_name).date()
    parts = [
        _part("role", RoleGrant.user_id, RoleGrant.role)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(
            Unit.office_id == office.id, RoleGrant.user_id.in_(ids), RoleGrant.valid_from <= today,
            or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until >= today),
        ),
        _part("rule", literal(0), NoticeRule.role, NoticeRule.channel, NoticeRule.mode).where(
            NoticeRule.office_id == office.id, NoticeRule.kind == kind
        ),
        _part("wish", NoticePreference.user_id, NoticePreference.channel, NoticePreference.mode).where(
            NoticePreference.user_id.in_(ids), NoticePreference.topic == topic_of(kind)
        ),
        _part(
            "habit", NoticeHabit.user_id, NoticeHabit.quiet_from, NoticeHabit.quiet_until, NoticeHabit.digest_at,
            case((NoticeHabit.quiet_days, "yes"), else_=""),
        ).where(NoticeHabit.user_id.in_(ids)),
        _part("away", Absence.user_id, cast(Absence.starts_on, String), cast(Absence.ends_on, String)).where(
            Absence.user_id.in_(ids), Absence.ends_on >= today, Absence.kind.in_(AWAY)
        ),
        _part("mail", literal(0)).where(MailSettings.office_id == office.id),
    ]  # fmt: skip
    for channel, reach in REACHES.items():
        reached = reach.reachable(office.id).subquery()
        parts.append(_part("reach", reached.c[0], literal(channel.value)).where(reached.c[0].in_(ids)))
    facts = Facts()
    for row in db.session.execute(union_all(*parts)):
        _take(facts, kind, *row)
    return facts


def _part(what: str, user_id: Any, *columns: Any) -> Select[Any]:
    texts = [type_coerce(c, String) for c in columns] + [literal("")] * (4 - len(columns))
    return select(literal(what), user_id, *texts)


def _take(facts: Facts, kind: NoticeKind, what: str, user_id: int, a: str, b: str, c: str, d: str) -> None:
    if what == "role":
        facts.roles[user_id].append(Role(a))
    elif what == "rule":
        facts.rules[kind, Role(a), NoticeChannel(b)] = NoticeMode(c)
    elif what == "wish":
        facts.wishes[user_id, NoticeChannel(a)] = NoticeMode(b)
    elif what == "habit":
        facts.habits[user_id] = habits_from(a, b, c, quiet_days=bool(d))
    elif what == "away":
        facts.away[user_id].append((date.fromisoformat(a), date.fromisoformat(b)))
    elif what == "reach":
        facts.reached[NoticeChannel(a)].add(user_id)
    else:
        facts.has_mail = True


def list_rules(office_id: int) -> Rules:
    """Where an office does otherwise than the product."""
    rows = db.session.execute(
        select(NoticeRule.kind, NoticeRule.role, NoticeRule.channel, NoticeRule.mode)
        .where(NoticeRule.office_id == office_id)
        .order_by(NoticeRule.id)
    )
    return {(kind, role, channel): mode for kind, role, channel, mode in rows}


def list_wishes(user_id: int) -> dict[tuple[NoticeTopic, NoticeChannel], NoticeMode]:
    """What a person chose."""
    rows = db.session.execute(
        select(NoticePreference.topic, NoticePreference.channel, NoticePreference.mode)
        .where(NoticePreference.user_id == user_id)
        .order_by(NoticePreference.id)
    )
    return {(topic, channel): mode for topic, channel, mode in rows}


def get_habits(user_id: int) -> Habits:
    """A person's hours; the usual ones where they chose none."""
    row = db.session.get(NoticeHabit, user_id)
    if row is None:
        return usual_habits()
    hours = habits_from(row.quiet_from, row.quiet_until, row.digest_at, quiet_days=row.quiet_days)
    at = NoticeHabit.clock(row.brief_at) or BRIEF_AT
    return replace(hours, brief_at=at, brief_day=row.brief_day, brief_week=row.brief_week)


def reached_by(office_id: int, user_id: int) -> set[NoticeChannel]:
    """On which of the further ways a person is reached in an office. One statement a way."""
    found = set()
    for channel, reach in REACHES.items():
        reached = reach.reachable(office_id).subquery()
        if db.session.scalar(select(reached.c[0]).where(reached.c[0] == user_id).limit(1)) is not None:
            found.add(channel)
    return found


def has_mail(office_id: int) -> bool:
    """Whether an office sends mail."""
    return db.session.get(MailSettings, office_id) is not None


def count_deliveries(office_id: int, since: datetime) -> dict[tuple[NoticeChannel, DeliveryState], int]:
    """How many deliveries of an office stand how, by way: for whoever looks after it, without a name."""
    rows: Iterable[Any] = db.session.execute(
        select(NoticeDelivery.channel, NoticeDelivery.state, func.count())
        .where(NoticeDelivery.office_id == office_id, NoticeDelivery.created_at >= since)
        .group_by(NoticeDelivery.channel, NoticeDelivery.state)
    )
    return {(channel, state): count for channel, state, count in rows}
