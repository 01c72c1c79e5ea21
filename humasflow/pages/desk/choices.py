"""What the desk offers: content types, pillars, sections, accounts and people to narrow it by, and the saved views. All
of it is read in one statement, because every page of the desk needs it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import and_, case, literal, or_, select, union_all

from humasflow.accounts.models import RoleGrant, User
from humasflow.accounts.queries import today_at
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.core.permissions import ROLE_PERMISSIONS, Permission, Role
from humasflow.orgs.enums import UnitKind
from humasflow.orgs.models import Unit
from humasflow.planning.models import ContentType, Pillar
from humasflow.stories.enums import ViewPlace
from humasflow.stories.models import DeskDefault, DeskView

_NO_VIEW = (literal("").label("query"), literal("").label("shared_by"))
_WRITING = [r for r in Role if Permission.STORY_WRITE in ROLE_PERMISSIONS[r]]


@dataclass(frozen=True)
class Choice:
    """Something that can be chosen. Of a view: its address's query, and who shares it ("" for one's own)."""

    kind: str
    id: int
    name: str
    position: int
    query: str = ""
    shared_by: str = ""

    @property
    def is_default(self) -> bool:
        """Of a view: the desk opens with it."""
        return self.position < 0


@dataclass(frozen=True)
class Choices:
    """Everything that can be chosen, in the office's own order."""

    every: Sequence[Choice]

    def of(self, kind: str) -> list[Choice]:
        """One kind: type, pillar, section, account, person, view."""
        return [c for c in self.every if c.kind == kind]

    @property
    def views(self) -> list["Choice"]:
        """Saved views, the one to begin with first, then one's own."""
        return sorted(self.of("view"), key=lambda v: (v.position, bool(v.shared_by), v.name.casefold(), v.id))

    def name(self, kind: str, ident: str | int) -> str:
        """The name for a filter that is on; what is no longer offered is still said to be filtered by."""
        found = next((c.name for c in self.every if c.kind == kind and str(c.id) == str(ident)), None)
        return found or _("yang tidak lagi dipilih")


def list_choices(office: Unit, user_id: int) -> Choices:
    """What is offered to a person in an office today. One statement."""
    today = today_at(office)
    people = (
        select(literal("person").label("kind"), User.id, User.name, literal(0).label("position"), *_NO_VIEW)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .join(Unit, RoleGrant.unit_id == Unit.id)
        .where(
            Unit.office_id == office.id, User.is_active.is_(True), RoleGrant.role.in_(_WRITING),
            RoleGrant.valid_from <= today, or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until >= today),
        )
        .distinct()
    )  # fmt: skip
    views = (
        select(
            literal("view"), DeskView.id, DeskView.name, case((DeskDefault.user_id.is_not(None), -1), else_=0),
            DeskView.query, case((DeskView.owner_id == user_id, ""), else_=User.name),
        )
        .join(User, User.id == DeskView.owner_id)
        .outerjoin(DeskDefault, and_(DeskDefault.view_id == DeskView.id, DeskDefault.user_id == user_id))
        .where(
            DeskView.office_id == office.id, DeskView.place == ViewPlace.DESK, DeskView.removed_at.is_(None),
            or_(DeskView.owner_id == user_id, DeskView.is_shared.is_(True)),
        )
    )  # fmt: skip
    rows = db.session.execute(
        union_all(
            views,
            select(literal("type"), ContentType.id, ContentType.label, ContentType.position, *_NO_VIEW).where(
                ContentType.office_id == office.id, ContentType.is_active.is_(True)
            ),
            select(literal("pillar"), Pillar.id, Pillar.name, Pillar.position, *_NO_VIEW).where(
                Pillar.office_id == office.id, Pillar.is_active.is_(True)
            ),
            select(literal("section"), Unit.id, Unit.name, literal(0), *_NO_VIEW).where(
                Unit.office_id == office.id, Unit.kind == UnitKind.SECTION, Unit.is_active.is_(True)
            ),
            select(
                literal("account"), ChannelAccount.id, ChannelAccount.name, ChannelAccount.position, *_NO_VIEW
            ).where(ChannelAccount.office_id == office.id, ChannelAccount.is_active.is_(True)),
            people,
        )
    )
    every = [Choice(*row) for row in rows]
    return Choices(sorted(every, key=lambda c: (c.kind, c.position, c.name.casefold(), c.id)))
