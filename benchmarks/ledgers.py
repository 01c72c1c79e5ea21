"""Two hundred offices with a million ledger lines, rows as the services would leave them."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import func, select, text

from benchmarks.million import _copy as in_bulk
from humasflow.accounts.models import User
from humasflow.accounts.services import people
from humasflow.channels import queries as channels
from humasflow.channels import services as channel_services
from humasflow.core.db import Base, db
from humasflow.core.periods import Quarter
from humasflow.core.permissions import Role
from humasflow.orgs import services as orgs
from humasflow.orgs.enums import OfficeKind
from humasflow.orgs.models import Unit
from humasflow.planning import queries as planning
from humasflow.planning import services as planning_services
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring.enums import Beneficiary, PointState
from humasflow.scoring.models import LedgerEntry, Point, PointEvent, ScoreCount
from humasflow.scoring.services import adding_up
from humasflow.scoring.services.schemes import ComponentSpec, create_scheme, create_scheme_version
from humasflow.scoring.services.targets import set_target
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story

NOW = datetime(2026, 11, 11, 2, tzinfo=UTC)  # a Wednesday, 09.00 WIB
QUARTER = Quarter(2026, 4)
BEGIN = datetime(2022, 1, 1, tzinfo=UTC)
OFFICES, CHILDREN, LINES_OF_EACH = 200, 100, 5000
WHO = 4  # lines of a publication: office, section, writer, editor
SHARES = (Decimal(100), Decimal(20), Decimal(50), Decimal(30))
COMPONENTS = [
    ComponentSpec("Situs", Decimal(60), channel_kinds=["website_own"]),
    ComponentSpec("Facebook", Decimal(20), channel_kinds=["facebook"]),
    ComponentSpec("Instagram", Decimal(20), channel_kinds=["instagram"]),
]


@dataclass(frozen=True)
class Place:
    """One office, as far as filling it goes."""

    office: Unit
    section: int
    people: tuple[int, int]
    accounts: tuple[int, ...]
    kind: int
    version: int


def build() -> tuple[User, User]:
    """Two hundred offices with their ledgers. Returns who leads the unit above, and who leads the last child."""
    above, lead = _office("kanwil", None)
    scheme = above.version
    every, last = [above], lead
    origin = db.session.scalar(text("SELECT scheme_id FROM scheme_version WHERE id = :id"), {"id": scheme})
    for n in range(1, OFFICES):
        child = n <= CHILDREN
        made, boss = _office(f"kantor-{n}", above.office if child else None, origin=origin if child else None)
        every.append(made)
        last = boss if child else last
    db.session.commit()
    filling = _Filling()
    for place in every:
        filling.fill(place)
    _settle()
    return lead, last


def _office(slug: str, parent: Unit | None, origin: int | None = None) -> tuple[Place, User]:
    made = orgs.create_office(
        actor=None, name=slug, short_name=slug, office_kind=OfficeKind.SERVICE, timezone="Asia/Jakarta", slug=slug,
        parent=parent,
    )  # fmt: skip
    persons = []
    for role in (Role.LEAD, Role.EDITOR):
        person = people.create_user(
            actor=None, office_id=made.id, name=f"{role} {slug}", email=f"{role}@{slug}.example"
        )
        people.grant_role(
            person,
            made,
            role,
            actor=None,
            position_title="Kepala Kantor",
            valid_from=NOW.date() - timedelta(days=900),
        )
        persons.append(person)
    section = orgs.create_section(made, actor=None, name="Seksi")
    planning_services.seed_content_types(made.id, [("berita_terbaru", "Berita terbaru")])
    channel_services.seed_kinds(made.id)
    kinds = {k.code: k for k in channels.list_kinds(made.id)}
    accounts = [
        channel_services.create_account(
            made.id, actor=None, kind=kinds[code], name=code.title(), handle="", assignee_id=None
        ).id
        for code in ("website_own", "facebook", "instagram")
    ]
    scheme = create_scheme(made.id, actor=persons[0], name="Skema")
    scheme.origin_id = origin
    version = create_scheme_version(
        scheme, actor=persons[0], components=COMPONENTS, effective_from=Quarter(2022, 1)
    )
    for component in version.components:
        set_target(
            scheme,
            actor=persons[0],
            component_key=component.key,
            period=QUARTER,
            value=Decimal(30),
            letter="ND-1",
        )
    kind = planning.list_content_types(made.id)[0].id
    place = Place(made, section.id, (persons[0].id, persons[1].id), tuple(accounts), kind, version.id)
    return place, persons[0]


def _copy(model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Write rows in bulk; what they do not name is as the model has it by default."""
    columns = Base.metadata.tables[model.__tablename__].columns
    usual: dict[str, Any] = {}
    for column in columns:
        given: Any = column.default
        if given is not None:
            usual[column.name] = given.arg(None) if given.is_callable else given.arg
    in_bulk(model, (usual | row for row in rows))


class _Filling:
    """Writes an office's publications, rows as the services would leave them. Numbers are given here."""

    def __init__(self) -> None:
        self.number = 0
        self.line = 0

    def fill(self, place: Place) -> None:
        """All of an office, evenly from the first day to now; the newest of them are not verified yet."""
        count = LINES_OF_EACH // WHO
        step = (NOW - BEGIN) / count
        times = [BEGIN + step * n for n in range(count)]
        first = self.number + 1
        self.number += count
        every = list(enumerate(times, first))
        base = f"https://{place.office.slug}.example/"
        who = place.people[0]
        _copy(Story, (
            {"id": n, "office_id": place.office.id, "section_id": place.section, "content_type_id": place.kind,
             "title": f"Berita {n}", "state": StoryState.PUBLISHED, "state_since": at, "returns": 0, "last_reason": "",
             "is_confidential": False, "created_by": who, "created_at": at, "updated_at": at, "row_version": 1}
            for n, at in every
        ))  # fmt: skip
        _copy(Post, (
            {"id": n, "office_id": place.office.id, "story_id": n, "account_id": place.accounts[n % 3],
             "content_type_id": place.kind, "scheduled_at": at, "generation": 1, "created_by": who, "created_at": at,
             "row_version": 1}
            for n, at in every
        ))  # fmt: skip
        _copy(Delivery, (
            {"id": n, "office_id": place.office.id, "post_id": n, "account_id": place.accounts[n % 3], "story_id": n,
             "content_type_id": place.kind, "state": DeliveryState.PUBLISHED, "title": f"Berita {n}",
             "idempotency_key": f"post:{n}:1", "permalink": f"{base}{n}", "canonical_url": f"{base}{n}",
             "published_at": at, "created_at": at, "updated_at": at, "row_version": 1}
            for n, at in every
        ))  # fmt: skip
        states = {n: _state(at, n) for n, at in every}
        _copy(PointEvent, (
            {"delivery_id": n, "state": states[n], "at": at, "actor_label": "", "document": "", "note": ""}
            for n, at in every
        ))  # fmt: skip
        _copy(Point, (
            {"delivery_id": n, "office_id": place.office.id, "state": states[n], "live_at": at, "since": at}
            for n, at in every
        ))  # fmt: skip
        lines = [line for n, at in every for line in self._lines(place, n, at, f"{base}{n}")]
        _copy(LedgerEntry, lines)
        sums = adding_up.add_up(
            (cast(LedgerEntry, SimpleNamespace(**line)), states[line["delivery_id"]]) for line in lines
        )
        _copy(ScoreCount, (
            {**key._asdict(), "number": total.number, "quantity": total.quantity} for key, total in sums.items()
        ))  # fmt: skip

    def _lines(self, place: Place, n: int, at: datetime, address: str) -> Iterator[dict[str, Any]]:
        whose = (
            (Beneficiary.OFFICE, place.office.id, ""), (Beneficiary.SECTION, place.section, "section"),
            (Beneficiary.PERSON, place.people[0], "writer"), (Beneficiary.PERSON, place.people[1], "editor"),
        )  # fmt: skip
        day = (at + timedelta(hours=7)).date()
        for (beneficiary, ident, role), share in zip(whose, SHARES, strict=True):
            self.line += 1
            yield {
                "id": self.line, "office_id": place.office.id, "scheme_version_id": place.version,
                "component_key": ("situs", "facebook", "instagram")[n % 3], "delivery_id": n, "subject_key": address,
                "beneficiary": beneficiary, "beneficiary_id": ident, "role": role, "share": share,
                "quantity": Decimal(1), "sequence": 1, "deciding_date": day,
                "period": Quarter.from_local_date(day).key, "stands_alone": False, "reason": "", "created_at": at,
            }  # fmt: skip


def _state(at: datetime, n: int) -> PointState:
    if NOW - at > timedelta(days=10):
        return PointState.VERIFIED
    return random.Random(n).choice([PointState.LIVE_UNVERIFIED, PointState.DISPUTED])


def _settle() -> None:
    """Statistics, and sequences behind the numbers given here (PostgreSQL)."""
    if db.engine.dialect.name != "postgresql":
        return
    for model in (Story, Post, Delivery, LedgerEntry):
        last = db.session.scalar(select(func.max(model.id)))
        name = model.__tablename__
        db.session.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {last})"))
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
        link.execute(text("VACUUM ANALYZE"))
