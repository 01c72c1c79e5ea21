"""Reading pitches. Lists are plain rows in a constant number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.paging import Page, cut, newest_first
from humasflow.core.permissions import Permission
from humasflow.media import queries as media
from humasflow.media.models import Asset
from humasflow.orgs import queries as orgs
from humasflow.orgs.models import Unit
from humasflow.pitches.enums import PitchState
from humasflow.pitches.models import Pitch, PitchPhoto
from humasflow.pitches.policy import can_see
from humasflow.pitches.similarity import Described, Match, most_alike
from humasflow.pitches.tracking import Tracker, track
from humasflow.stories.enums import OPEN, StoryState
from humasflow.stories.models import Story, StoryVersion
from humasflow.stories.visibility import visible_to_all

PER_PAGE = 25
CANDIDATES = 300  # that many recent pitches, and as many open stories, are compared with a pitch
_TEXT_COMPARED = 400  # characters of "what happened" that take part


@dataclass(frozen=True)
class PitchRow:
    """A pitch as lists show it. The fields are in the order of the columns read."""

    id: int
    title: str
    what: str
    state: PitchState
    reason: str
    created_at: datetime
    happened_on: date | None
    place: str
    author_id: int
    author_name: str
    section_name: str | None
    decider_name: str | None
    story_id: int | None
    story_title: str | None
    story_state: StoryState | None
    row_version: int
    photo_count: int = 0
    cover_asset_id: int | None = None


@dataclass(frozen=True)
class PoolCounts:
    """How many pitches there are by state, and since when the oldest new one has been waiting."""

    by_state: Mapping[PitchState, int]
    waiting_since: datetime | None

    def __getitem__(self, state: PitchState) -> int:
        """Of a state; none counts as zero."""
        return self.by_state.get(state, 0)


@dataclass(frozen=True)
class OpenStory:
    """A story in work that a pitch may join."""

    id: int
    title: str
    state: StoryState
    created_at: datetime
    owner_name: str | None
    likeness: Match | None = None


@dataclass(frozen=True)
class SimilarPitch:
    """Another pitch that may be about the same thing."""

    id: int
    title: str
    state: PitchState
    created_at: datetime
    author_name: str
    likeness: Match


def get_pitch(actor: Principal, pitch_id: int) -> Pitch:
    """A pitch the person may see, with author, section, story and photos; or "not found". Two statements."""
    pitch = db.session.scalar(
        select(Pitch)
        .where(Pitch.id == pitch_id)
        .options(
            joinedload(Pitch.author, innerjoin=True), joinedload(Pitch.section),
            joinedload(Pitch.story).joinedload(Story.owner), selectinload(Pitch.photos),
        )
    )  # fmt: skip
    if pitch is None or not can_see(actor, pitch):
        raise NotFound
    return pitch


_decider = aliased(User)


def _rows() -> Select[Any]:
    return (
        select(
            Pitch.id, Pitch.title, func.substr(Pitch.what, 1, 200).label("what"), Pitch.state, Pitch.reason,
            Pitch.created_at, Pitch.happened_on, Pitch.place, Pitch.author_id, User.name.label("author_name"),
            Unit.short_name.label("section_name"), _decider.name.label("decider_name"), Pitch.story_id,
            case((visible_to_all(), Story.title)).label("story_title"), Story.state.label("story_state"),
            Pitch.row_version,
        )
        .join(User, User.id == Pitch.author_id)
        .outerjoin(Unit, Unit.id == Pitch.section_id)
        .outerjoin(_decider, _decider.id == Pitch.decided_by)
        .outerjoin(Story, Story.id == Pitch.story_id)
    )  # fmt: skip


def _page(statement: Select[Any], actor: Principal, cursor: str | None, size: int) -> Page[PitchRow]:
    """Two statements: the rows, and the photos of those shown."""
    rows = db.session.execute(newest_first(statement, Pitch.created_at, Pitch.id, cursor, size)).all()
    page: Page[Row[Any]] = cut(rows, lambda r: (r.created_at, r.id), size)
    photos = _photos_of(actor, [r.id for r in page.items])
    shown: list[list[Any]] = [[*row, *photos.get(row.id, (0, None))] for row in page.items]
    return Page([PitchRow(*values) for values in shown], page.next)


def list_photos_for(actor: Principal, pitch: Pitch) -> Sequence[PitchPhoto]:
    """The photos of a pitch that the person may see: what only a confidential story uses is not among them."""
    hidden = media.list_hidden(actor.id, [p.asset_id for p in pitch.photos])
    return [p for p in pitch.photos if p.asset_id not in hidden]


def _photos_of(actor: Principal, pitch_ids: Sequence[int]) -> dict[int, tuple[int, int | None]]:
    """Number of photos that the person may see and the first one, by pitch."""
    found: dict[int, tuple[int, int | None]] = {}
    if not pitch_ids:
        return found
    statement = (
        select(PitchPhoto.pitch_id, PitchPhoto.asset_id)
        .join(Asset, Asset.id == PitchPhoto.asset_id)
        .where(PitchPhoto.pitch_id.in_(pitch_ids), media.shown_to(actor.id))
        .order_by(PitchPhoto.pitch_id, PitchPhoto.position)
    )
    for pitch_id, asset_id in db.session.execute(statement):
        count, cover = found.get(pitch_id, (0, asset_id))
        found[pitch_id] = (count + 1, cover)
    return found


def list_mine(
    actor: Principal, *, state: PitchState | None = None, cursor: str | None = None, size: int = PER_PAGE
) -> Page[PitchRow]:
    """The person's own pitches in every office, newest first."""
    statement = _rows().where(Pitch.author_id == actor.id)
    if state is not None:
        statement = statement.where(Pitch.state == state)
    return _page(statement, actor, cursor, size)


def list_pool(
    actor: Principal,
    office_id: int,
    *,
    state: PitchState | None = PitchState.NEW,
    section_id: int | None = None,
    q: str = "",
    cursor: str | None = None,
    size: int = PER_PAGE,
) -> Page[PitchRow]:
    """The office's pitches, newest first. ``q`` is looked for in the title and in what happened, as it is typed."""
    statement = _rows().where(Pitch.office_id == office_id)
    if state is not None:
        statement = statement.where(Pitch.state == state)
    if section_id is not None:
        statement = statement.where(Pitch.section_id == section_id)
    if q:
        statement = statement.where(
            or_(Pitch.title.icontains(q, autoescape=True), Pitch.what.icontains(q, autoescape=True))
        )
    return _page(statement, actor, cursor, size)


def count_pool(office_id: int) -> PoolCounts:
    """The numbers on the pool's tabs; one statement."""
    rows = db.session.execute(
        select(Pitch.state, func.count(), func.min(Pitch.created_at))
        .where(Pitch.office_id == office_id)
        .group_by(Pitch.state)
    ).all()
    since = next((oldest for state, _count, oldest in rows if state is PitchState.NEW), None)
    return PoolCounts({state: count for state, count, _oldest in rows}, since)


def count_new(office_id: int) -> int:
    """How many pitches wait for a decision."""
    statement = select(func.count()).select_from(Pitch)
    return (
        db.session.scalar(statement.where(Pitch.office_id == office_id, Pitch.state == PitchState.NEW)) or 0
    )


def count_mine(actor: Principal) -> Mapping[PitchState, int]:
    """The person's own pitches by state."""
    statement = select(Pitch.state, func.count()).where(Pitch.author_id == actor.id).group_by(Pitch.state)
    return dict(db.session.execute(statement).all())


def pitcher_of(story_id: int) -> list[int]:
    """The users whose pitches became or joined the story, each once, in the order they pitched."""
    ids = db.session.scalars(select(Pitch.author_id).where(Pitch.story_id == story_id).order_by(Pitch.id))
    return list(dict.fromkeys(ids))


def list_of_story(story_id: int) -> Sequence[Pitch]:
    """The pitches behind a story with their authors, in the order they came."""
    return db.session.scalars(
        select(Pitch)
        .where(Pitch.story_id == story_id)
        .options(joinedload(Pitch.author, innerjoin=True))
        .order_by(Pitch.id)
    ).all()


def name_of_decider(pitch: Pitch) -> str:
    """Who decided about the pitch last; empty while nobody has."""
    return accounts.names_of([pitch.decided_by]).get(pitch.decided_by or 0, "")


def get_tracker(pitch: Pitch) -> Tracker:
    """Who holds the pitch and how far it is; at most three statements for a pitch from :func:`get_pitch`."""
    waiting = pitch.state is PitchState.NEW
    editors = (
        accounts.list_people_with(Permission.PITCH_TRIAGE, orgs.get_office(pitch.office_id))
        if waiting
        else ()
    )
    return track(pitch, decider=name_of_decider(pitch), editors=[e.name for e in editors])


def _described(pitch: Pitch) -> Described:
    return Described(pitch.title, pitch.what[:_TEXT_COMPARED], pitch.happened_on, pitch.place)


def list_similar_pitches(pitch: Pitch, *, limit: int = 5) -> list[SimilarPitch]:
    """Recent pitches of the office that may be about the same thing, the most alike first; one statement."""
    rows = db.session.execute(
        select(
            Pitch.id, Pitch.title, Pitch.state, Pitch.created_at, User.name.label("author_name"),
            func.substr(Pitch.what, 1, _TEXT_COMPARED).label("what"), Pitch.happened_on, Pitch.place,
        )
        .join(User, User.id == Pitch.author_id)
        .where(Pitch.office_id == pitch.office_id, Pitch.id != pitch.id)
        .order_by(Pitch.created_at.desc(), Pitch.id.desc())
        .limit(CANDIDATES)
    ).all()  # fmt: skip
    by_id = {r.id: r for r in rows}
    others = ((r.id, Described(r.title, r.what, r.happened_on, r.place)) for r in rows)
    return [
        SimilarPitch(
            key, by_id[key].title, by_id[key].state, by_id[key].created_at, by_id[key].author_name, match
        )
        for key, match in most_alike(_described(pitch), others, limit=limit)
    ]


def list_open_stories(pitch: Pitch) -> list[OpenStory]:
    """Stories of the office in work that the pitch may join, without confidential ones: the similar ones first, then
    the newest. One statement.
    """
    rows = db.session.execute(
        select(
            Story.id, Story.title, Story.state, Story.created_at, User.name.label("owner_name"),
            StoryVersion.lead, StoryVersion.event_date, StoryVersion.place,
        )
        .outerjoin(StoryVersion, StoryVersion.id == Story.current_version_id)
        .outerjoin(User, User.id == Story.owner_id)
        .where(Story.office_id == pitch.office_id, Story.state.in_(OPEN), visible_to_all())
        .order_by(Story.created_at.desc(), Story.id.desc())
        .limit(CANDIDATES)
    ).all()  # fmt: skip
    others = ((r.id, Described(r.title, r.lead or "", r.event_date, r.place or "")) for r in rows)
    likenesses = dict(most_alike(_described(pitch), others))
    stories = [
        OpenStory(r.id, r.title, r.state, r.created_at, r.owner_name, likenesses.get(r.id)) for r in rows
    ]
    return sorted(stories, key=lambda s: -s.likeness.score if s.likeness else 1)
