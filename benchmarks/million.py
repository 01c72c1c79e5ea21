"""An office with a million posts, one without any, and one with thousands of repeating events: for the calendar.

Rows are as the services would leave them, written in bulk. The clock of the benchmark stands at :data:`NOW`, so that a
kept database is the same at every run. The ledger holds the present quarter only; all else is whole.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import func, insert, select, text

from benchmarks.desk import WORDS, office, production_role
from humasflow.accounts.queries import list_people_with, load_principal
from humasflow.approvals.enums import PackageState
from humasflow.approvals.models import Package, PackageItem
from humasflow.channels import queries as channels
from humasflow.channels import services as channel_services
from humasflow.core.db import Base, db
from humasflow.core.periods import Quarter
from humasflow.core.permissions import Permission
from humasflow.orgs import services as orgs
from humasflow.orgs.models import Unit
from humasflow.planning import queries as planning
from humasflow.planning import services as planning_services
from humasflow.planning.agenda.enums import EventState
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.campaigns.models import Campaign
from humasflow.posts.models import Post, PostVersion
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring.enums import Beneficiary, PointState
from humasflow.scoring.models import LedgerEntry, Point, PointEvent, ScoreCount
from humasflow.scoring.services import adding_up
from humasflow.scoring.services.schemes import ComponentSpec, create_scheme, create_scheme_version
from humasflow.scoring.services.targets import set_target
from humasflow.stories.enums import AssignmentState, StorySource, StoryState
from humasflow.stories.models import Assignment, Story, StoryVersion

NOW = datetime(2026, 11, 11, 2, tzinfo=UTC)  # a Wednesday, 09.00 WIB
BEGIN = datetime(1997, 1, 1, tzinfo=UTC)
QUARTER = Quarter(2026, 4)
# Posts of the quarter's months, from one day to another: 5,000, of which 800 on the 42 days of the month that is shown.
MONTHS = {10: (2000, 1, 25), 11: (800, 1, 30), 12: (2200, 7, 31)}
TASKS, SINGLE, WEEKLY = 100, 40, 10  # the six Tuesdays of the month's page: 200 items beside its 800 posts
POSTS = 1_000_000
GIVEN_UP = 20_000  # posts without a time, of stories that were cancelled
WAITING = 40  # posts without a time, of stories in work
REPEATING = 3_000
BATCH = 20_000
YEARS_BATCH = 200  # given up at one time


@dataclass(frozen=True)
class Offices:
    """Their numbers."""

    full: int
    empty: int
    repeating: int


def build() -> Offices:
    """Fill an empty database. Commits."""
    full, empty, repeating = (_office(slug) for slug in ("penuh", "kosong", "berulang"))
    db.session.commit()
    filling = _Filling(full)
    filling.history()
    filling.quarter()
    filling.undated()
    filling.plan()
    _repeat(repeating)
    db.session.commit()
    _settle()
    return Offices(full.id, empty.id, repeating.id)


def _office(slug: str) -> Unit:
    """The office of the desk's benchmark with sections, pillars, slots and targets."""
    made = office(slug)
    editor = list_people_with(Permission.STORY_WRITE, made)[0]
    for n in range(1, 5):
        orgs.create_section(made, actor=editor, name=f"Seksi {n}")
        planning_services.create_pillar(made.id, actor=editor, name=f"Pilar {n}")
    for account in channels.list_accounts(made.id):
        channel_services.set_slots(
            account, actor=None, slots=[(day, time(hour)) for day in range(5) for hour in (9, 13)],
            min_gap_minutes=30, weekly_quota=None,
        )  # fmt: skip
    scheme = create_scheme(made.id, actor=editor, name="Skema")
    create_scheme_version(scheme, actor=editor, effective_from=Quarter(2020, 1), components=[
        ComponentSpec("Situs", Decimal(100), channel_kinds=["website_own"]),
        ComponentSpec("Facebook", Decimal(0), channel_kinds=["facebook"]),
        ComponentSpec("Instagram", Decimal(0), channel_kinds=["instagram"]),
    ])  # fmt: skip
    for key in ("situs", "facebook", "instagram"):
        set_target(
            scheme, actor=editor, component_key=key, period=QUARTER, value=Decimal(2000), letter="ND-1"
        )
    return made


class _Filling:
    """Writes an office's million posts, two to a story. Numbers are given here, in the order of time."""

    def __init__(self, made: Unit) -> None:
        self.office, self.chance = made, random.Random(7)
        self.editors = [u.id for u in list_people_with(Permission.STORY_WRITE, made)]
        self.accounts = [a.id for a in channels.list_accounts(made.id)]
        self.kind = planning.list_content_types(made.id)[0].id
        self.sections = [
            *db.session.scalars(select(Unit.id).where(Unit.office_id == made.id, Unit.id != made.id))
        ]
        self.pillars = [p.id for p in planning.list_pillars(made.id)]
        self.sums: dict[adding_up.Key, adding_up.Sum] = {}
        self.story = self.post = self.coming = 0  # the last numbers given, and the first story to come

    def history(self) -> None:
        """Live posts, evenly from 1997 to the end of the quarter before."""
        number = POSTS - sum(number for number, _first, _last in MONTHS.values()) - GIVEN_UP - WAITING
        step = (datetime(2026, 9, 30, 12, tzinfo=UTC) - BEGIN) / number
        times = (BEGIN + step * n for n in range(number))
        while batch := list(islice(times, BATCH)):
            self._live(batch)

    def quarter(self) -> None:
        """The present quarter: live before now; after it agreed, asked for or being written."""
        for month, (number, first, last) in MONTHS.items():
            # From 05.00 to 21.00 at the office, so that no post of a month stands in another one.
            times = sorted(
                datetime(2026, month, self.chance.randint(first, last), tzinfo=UTC)
                + timedelta(hours=-2, minutes=self.chance.randrange(16 * 60))
                for _n in range(number)
            )
            gone = [at for at in times if at < NOW]
            self._live(gone, counts=True)
            self._coming([at for at in times if at >= NOW])
        _copy(ScoreCount, (
            {**key._asdict(), "number": total.number, "quantity": total.quantity} for key, total in self.sums.items()
        ))  # fmt: skip

    def undated(self) -> None:
        """What waits for a time, and much more that never got one: evenly over the years, as what went out."""
        step = (NOW - BEGIN) / (GIVEN_UP // YEARS_BATCH)
        for n in range(GIVEN_UP // YEARS_BATCH):
            self._undated(BEGIN + step * n, YEARS_BATCH, StoryState.CANCELLED)
        self._undated(NOW - timedelta(days=9), WAITING, StoryState.DRAFT)

    def _undated(self, at: datetime, number: int, state: StoryState) -> None:
        first = self._stories([at] * (number // 2), [state])
        self._posts(first, [None] * number, at)

    def _live(self, times: Sequence[datetime], *, counts: bool = False) -> None:
        first = self._stories(times[::2], [StoryState.PUBLISHED])
        begin = self._posts(first, times)
        _copy(Delivery, (
            {"id": begin + n, "office_id": self.office.id, "post_id": begin + n,
             "account_id": self.accounts[(begin + n) % len(self.accounts)], "story_id": first + n // 2,
             "content_type_id": self.kind, "generation": 1, "state": DeliveryState.PUBLISHED,
             "title": self._title(first + n // 2), "summary": "", "idempotency_key": f"post:{begin + n}:1",
             "permalink": f"https://penuh.example/{begin + n}", "canonical_url": f"https://penuh.example/{begin + n}",
             "published_at": at + timedelta(seconds=20), "retract_reason": "", "error": "", "created_at": at,
             "updated_at": at, "row_version": 1}
            for n, at in enumerate(times)
        ))  # fmt: skip
        if counts:
            self._count(begin, times)

    def _count(self, begin: int, times: Sequence[datetime]) -> None:
        from humasflow.scoring.queries import list_schemes, version_at  # noqa: PLC0415 - only here

        version = version_at(list_schemes(self.office.id)[0], QUARTER.end)
        if version is None:
            raise SystemExit("no scheme")
        posts = list(enumerate(times, begin))
        lines = [
            line for n, at in posts
            for line in self._lines(version.id, n, at, self.sections[(n - begin) // 2 % len(self.sections)])
        ]  # fmt: skip
        _copy(LedgerEntry, lines)
        _copy(PointEvent, (
            {"delivery_id": n, "state": PointState.VERIFIED, "at": at, "actor_label": "", "document": "", "note": ""}
            for n, at in posts
        ))  # fmt: skip
        _copy(Point, (
            {"delivery_id": n, "office_id": self.office.id, "state": PointState.VERIFIED,
             "live_at": at + timedelta(seconds=20), "since": at}
            for n, at in posts
        ))  # fmt: skip
        counted = ((cast(LedgerEntry, SimpleNamespace(**line)), PointState.VERIFIED) for line in lines)
        for key, brought in adding_up.add_up(counted).items():
            self.sums[key] = self.sums.get(key, adding_up.NOTHING).plus(brought)

    def _lines(self, version_id: int, post: int, at: datetime, section_id: int) -> Iterator[dict[str, Any]]:
        """The office's, and its section's beside it: who else made these is not known."""
        day = (at + timedelta(hours=7)).date()
        for beneficiary, ident, role in (
            (Beneficiary.OFFICE, self.office.id, ""), (Beneficiary.SECTION, section_id, "section"),
        ):  # fmt: skip
            yield {
                "office_id": self.office.id, "scheme_version_id": version_id, "delivery_id": post,
                "component_key": ("situs", "facebook", "instagram")[post % len(self.accounts)],
                "subject_key": f"https://penuh.example/{post}", "beneficiary": beneficiary, "beneficiary_id": ident,
                "role": role, "share": Decimal(100), "quantity": Decimal(1), "sequence": 1, "deciding_date": day,
                "period": QUARTER.key, "stands_alone": False, "reason": "", "created_at": at,
            }  # fmt: skip

    def _coming(self, times: Sequence[datetime]) -> None:
        """Seven of ten stories are agreed, one is asked for, two are being written."""
        if not times:
            return
        states = [StoryState.APPROVED] * 7 + [StoryState.IN_REVIEW] + [StoryState.DRAFT] * 2
        first = self.story + 1
        self.coming = self.coming or first
        self._stories([NOW - timedelta(days=3)] * len(times[::2]), states)
        begin = self._posts(first, times, NOW - timedelta(days=3))
        last = begin + len(times)
        digest, since = "0" * 64, NOW - timedelta(days=2)
        _copy(StoryVersion, (
            {"id": n, "story_id": n, "number": 1, "author_id": self.editors[0], "created_at": since, "saved_at": since,
             "sealed_at": since, "folds": 0, "tab": "", "tab_step": 0, "title": self._title(n), "words": 0,
             "source": StorySource.OWN, "digest": digest,
             **dict.fromkeys(("note", "lead", "source_note", "goal", "audience", "place", "people", "writer_credit",
                              "kicker", "agenda", "dateline", "contact", "claim", "claim_source", "fact_source",
                              "editor_credit"), "")}
            for n in range(first, self.story + 1)
        ))  # fmt: skip
        _copy(PostVersion, (
            {"id": n, "post_id": n, "number": 1, "author_id": self.editors[0], "created_at": since, "text": "",
             "link": "", "digest": digest}
            for n in range(begin, last)
        ))  # fmt: skip
        asked = [n for n in range(len(times[::2])) if states[n % 10] is not StoryState.DRAFT]
        db.session.execute(insert(Package), [
            {"id": first + n, "office_id": self.office.id, "story_id": first + n, "story_version_id": first + n,
             "covers_version_id": first + n, "digest": digest, "submitted_by": self.editors[0], "submitted_at": since,
             "step_since": since, "row_version": 1,
             "state": PackageState.APPROVED if states[n % 10] is StoryState.APPROVED else PackageState.PENDING}
            for n in asked
        ])  # fmt: skip
        db.session.execute(insert(PackageItem), [
            {"package_id": first + n, "post_id": post, "post_version_id": post, "covers_version_id": post}
            for n in asked for post in (begin + 2 * n, begin + 2 * n + 1) if post < last
        ])  # fmt: skip
        db.session.commit()

    def _stories(self, times: Sequence[datetime], states: Sequence[StoryState]) -> int:
        """One for each time, in these states by turns. Returns the number of the first."""
        first = self.story + 1
        self.story += len(times)
        _copy(Story, (
            {"id": first + n, "office_id": self.office.id, "section_id": self.sections[n % len(self.sections)],
             "content_type_id": self.kind, "pillar_id": self.pillars[n % len(self.pillars)],
             "title": self._title(first + n), "state": states[n % len(states)], "state_since": at, "returns": 0,
             "last_reason": "",
             "owner_id": self.editors[n % len(self.editors)], "is_confidential": False,
             "current_version_id": first + n, "created_by": self.editors[0], "created_at": at, "updated_at": at,
             "row_version": 1}
            for n, at in enumerate(times)
        ))  # fmt: skip
        return first

    def _posts(self, story: int, times: Sequence[datetime | None], created: datetime | None = None) -> int:
        """Two a story from this one on. Returns the number of the first."""
        first = self.post + 1
        self.post += len(times)
        _copy(Post, (
            {"id": first + n, "office_id": self.office.id, "story_id": story + n // 2,
             "account_id": self.accounts[(first + n) % len(self.accounts)], "content_type_id": self.kind,
             "current_version_id": first + n, "scheduled_at": at, "generation": 1, "created_by": self.editors[0],
             "created_at": created or at, "row_version": 1}
            for n, at in enumerate(times)
        ))  # fmt: skip
        return first

    def _title(self, story: int) -> str:
        chance = random.Random(story)
        return " ".join(chance.choices(WORDS, k=5)).capitalize() + f" {story}"

    def plan(self) -> None:
        """Deadlines, events and campaigns of the month."""
        role = production_role(self.office, load_principal(_editor(self.office), office_id=self.office.id))
        due = [datetime(2026, 11, 1 + n % 30, 8, tzinfo=UTC) for n in range(TASKS)]
        db.session.execute(insert(Assignment), [
            {"office_id": self.office.id, "story_id": self.coming + n, "role_id": role,
             "person_id": self.editors[n % len(self.editors)], "state": AssignmentState.ACCEPTED, "state_since": NOW,
             "created_at": NOW, "updated_at": NOW, "due_at": at, "row_version": 1}
            for n, at in enumerate(due)
        ])  # fmt: skip
        start = datetime(2026, 11, 1, 1, tzinfo=UTC)
        single = [(f"Kegiatan {n}", start + timedelta(days=n % 30), "") for n in range(SINGLE)]
        weekly = [
            (f"Rapat {n}", datetime(2020, 1, 7, 1 + n % 8, tzinfo=UTC), "FREQ=WEEKLY") for n in range(WEEKLY)
        ]
        _events(self.office.id, [*single, *weekly])
        db.session.execute(insert(Campaign), [
            {"office_id": self.office.id, "name": f"Kampanye {n}", "starts_on": date(2026, 11, 2 + n),
             "ends_on": date(2026, 11, 15 + n), "is_active": True, "created_at": NOW, "row_version": 1}
            for n in range(2)
        ])  # fmt: skip


def _editor(made: Unit) -> Any:
    return list_people_with(Permission.STORY_WRITE, made)[0]


def _repeat(made: Unit) -> None:
    """Thousands of events that go on for ever: one of ten weekly on two days, half of the others monthly on a weekday,
    half yearly.
    """
    rules = ["FREQ=WEEKLY;BYDAY=MO,TH", *["FREQ=MONTHLY;BYDAY=2TU", "FREQ=YEARLY"] * 5][:10]
    begin = datetime(2015, 1, 5, 1, tzinfo=UTC)
    _events(
        made.id,
        [
            (f"Berulang {n}", begin + timedelta(days=n % 365, hours=n % 9), rules[n % 10])
            for n in range(REPEATING)
        ],
    )


def _events(office_id: int, events: Iterable[tuple[str, datetime, str]]) -> None:
    db.session.execute(insert(AgendaEvent), [
        {"office_id": office_id, "uid": f"{office_id}-{n}@bench", "title": title, "starts_at": at,
         "ends_at": at + timedelta(hours=2), "zone": "Asia/Jakarta", "all_day": False, "rule": rule,
         "until_at": None if rule else at + timedelta(hours=2), "needs": ["photo"], "state": EventState.CONFIRMED,
         "created_at": NOW, "updated_at": NOW, "row_version": 1}
        for n, (title, at, rule) in enumerate(events)
    ])  # fmt: skip


def _copy(model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Write rows that name the same columns, the quickest way the database has; what they do not name is as the model
    has it by default. Commits.
    """
    table, usual = Base.metadata.tables[model.__tablename__], dict[str, Any]()
    for column in table.columns:
        given: Any = column.default
        if given is not None:
            usual[column.name] = given.arg(None) if given.is_callable else given.arg
    every = (usual | row for row in rows)
    head = next(every, None)
    if head is None:
        return
    connection = db.session.connection()
    names = list(head)
    change = [
        table.c[n].type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for n in names
    ]

    def plain() -> Iterator[tuple[Any, ...]]:
        for row in (head, *every):
            yield tuple(c(row[n]) if c else row[n] for n, c in zip(names, change, strict=True))

    columns = ", ".join(names)
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as sink:
            for row in plain():
                sink.write_row(row)
    else:
        marks = ", ".join("?" * len(names))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", list(plain()))
    db.session.commit()


def _settle() -> None:
    """What a database in use has: PostgreSQL its statistics, and sequences behind the numbers given here. SQLite has no
    statistics: the product never asks for them.
    """
    if db.engine.dialect.name != "postgresql":
        return
    for model in (Story, Post, Delivery, StoryVersion, PostVersion, Package):
        name = model.__tablename__
        last = db.session.scalar(select(func.max(model.id)))
        db.session.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {last})"))
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
        link.execute(text("VACUUM ANALYZE"))
