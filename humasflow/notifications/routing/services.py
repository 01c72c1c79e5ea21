"""Changing an office's rules and one's own wishes."""

import hashlib
import json
from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy import delete, select

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db, lock
from humasflow.core.errors import Conflict
from humasflow.core.permissions import Permission, Role
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.routing import queries
from humasflow.notifications.routing.choosing import allowed, of_office, usual
from humasflow.notifications.routing.enums import NoticeChannel, NoticeMode, NoticeTopic
from humasflow.notifications.routing.models import NoticeHabit, NoticePreference, NoticeRule
from humasflow.notifications.routing.quiet import Habits
from humasflow.orgs.models import Unit

Wanted = Mapping[tuple[NoticeKind, NoticeChannel], NoticeMode]
Wishes = Mapping[tuple[NoticeTopic, NoticeChannel], NoticeMode | None]


def stamp_of(rules: Mapping[tuple[NoticeKind, Role, NoticeChannel], NoticeMode], role: Role) -> str:
    """What a form about a role's rules was opened with, so that a stale save is noticed."""
    told = sorted((k, c, m) for (k, r, c), m in rules.items() if r is role)
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def change_rules(
    office: Unit, role: Role, wanted: Wanted, *, actor: Principal, stamp: str | None = None
) -> int:
    """Set how an office tells people of one role; what is as usual needs no row. Returns how many are different now.
    Flushes. Raises Conflict when somebody changed them since ``stamp`` was made.
    """
    require(actor, Permission.OFFICE_MANAGE, office.id)
    lock(office, referable=True)
    rules = queries.list_rules(office.id)
    if stamp is not None and stamp != stamp_of(rules, role):
        raise Conflict(
            _(
                "Admin lain baru saja mengubah aturan ini. Pilihan Anda masih di bawah; simpan lagi bila tetap."
            )
        )
    changed = {
        (kind, channel): mode
        for (kind, channel), given in wanted.items()
        if (mode := allowed(kind, channel, given)) is not of_office(kind, role, channel, rules)
    }
    if not changed:
        return 0
    known = {
        (rule.kind, rule.channel): rule
        for rule in db.session.scalars(
            select(NoticeRule).where(NoticeRule.office_id == office.id, NoticeRule.role == role)
        )
    }
    for (kind, channel), mode in changed.items():
        rule = known.get((kind, channel))
        if mode is usual(kind, role, channel):
            if rule is not None:
                db.session.delete(rule)
        elif rule is not None:
            rule.mode = mode
        else:
            db.session.add(NoticeRule(office_id=office.id, kind=kind, role=role, channel=channel, mode=mode))
    db.session.flush()
    _record(office, role, actor, {f"{k}.{c}": str(m) for (k, c), m in sorted(changed.items())})
    return len(changed)


def reset_rules(office: Unit, role: Role, *, actor: Principal) -> int:
    """Everything as usual again for a role. Returns how many rules are gone. Flushes."""
    require(actor, Permission.OFFICE_MANAGE, office.id)
    lock(office, referable=True)
    gone = db.session.execute(
        delete(NoticeRule)
        .where(NoticeRule.office_id == office.id, NoticeRule.role == role)
        .returning(NoticeRule.id)
    ).all()
    if gone:
        _record(office, role, actor, {"reset": str(len(gone))})
    return len(gone)


def _record(office: Unit, role: Role, actor: Principal, changes: dict[str, str]) -> None:
    audit.record(
        AuditAction.NOTICE_RULES_CHANGED, ("unit", office.id), office_id=office.id, actor=actor, role=str(role),
        changes=changes,
    )  # fmt: skip


def change_preferences(actor: Principal, wishes: Wishes, habits: Habits | None) -> list[str]:
    """One's own wishes (None: as the office says) and hours. The last save wins. Returns what is different. Flushes."""
    before = queries.list_wishes(actor.id)
    changed = {key: mode for key, mode in wishes.items() if before.get(key) is not mode}
    for (topic, channel), mode in changed.items():
        db.session.execute(
            delete(NoticePreference).where(
                NoticePreference.user_id == actor.id, NoticePreference.topic == topic,
                NoticePreference.channel == channel,
            )
        )  # fmt: skip
        if mode is not None:
            db.session.add(NoticePreference(user_id=actor.id, topic=topic, channel=channel, mode=mode))
    names = [f"{topic}.{channel}" for topic, channel in sorted(changed)]
    if habits is not None and habits != queries.get_habits(actor.id):
        _save_habits(actor.id, habits)
        names.append("hours")
    db.session.flush()
    if names:
        # Which topics, not what of them: how somebody wants to be told is nobody else's business.
        audit.record(
            AuditAction.NOTICE_PREFERENCES_CHANGED, ("user", actor.id),
            office_id=actor.office.id if actor.office else 0, actor=actor, fields=names,
        )  # fmt: skip
    return names


def _save_habits(user_id: int, habits: Habits) -> None:
    row = db.session.get(NoticeHabit, user_id)
    if row is None:
        row = NoticeHabit(user_id=user_id)
        db.session.add(row)
    first, last = habits.quiet_from, habits.quiet_until
    is_quiet = first is not None and last is not None
    row.quiet_from = f"{first:%H:%M}" if is_quiet else ""
    row.quiet_until = f"{last:%H:%M}" if is_quiet else ""
    row.quiet_days, row.digest_at = habits.quiet_days, f"{habits.digest_at:%H:%M}"
    row.brief_at = f"{habits.brief_at:%H:%M}"
    row.brief_day, row.brief_week = habits.brief_day, habits.brief_week
