"""What the office has published: four quarters, each with its own standing at the end."""

from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from humasflow.core.periods import Quarter
from humasflow.setup.sample import worktime
from humasflow.setup.sample.bodies import Body
from humasflow.setup.sample.desk import ACCOUNT_ORDER, Crew, Desk
from humasflow.setup.sample.headlines import (
    ANNOUNCEMENT,
    ARTICLE,
    FEATURED,
    HOAX,
    INFOGRAPHIC,
    NEWS,
    PLAIN,
    PROFILE,
    Draft,
    HeadlineDeck,
)
from humasflow.setup.sample.library import Commemoration
from humasflow.setup.sample.model import SamplePost, SamplePostState, SampleReview, SampleStory
from humasflow.setup.sample.office import FACEBOOK, INSTAGRAM, PORTAL, WEB, X
from humasflow.stories.enums import StoryState


@dataclass(frozen=True, slots=True)
class QuarterShape:
    """How much is published in a whole quarter, by content type and by social account."""

    news: int
    featured: int
    articles: int
    profile: int
    facebook: int
    instagram: int
    x: int
    announcements: int = 4
    infographics: int = 3
    hoaxes: int = 1
    plain: int = 20


# Against the targets 3/45/3/1 with weights 10/60/20/10 these come to 88.00, 100.00 and 93.33: first short of news and
# an article, then complete, then short of news alone. The last one is the current quarter were it to run its course.
SHAPES = (
    QuarterShape(news=41, featured=3, articles=2, profile=1, facebook=22, instagram=19, x=12),
    QuarterShape(news=47, featured=4, articles=3, profile=1, facebook=30, instagram=28, x=14),
    QuarterShape(news=40, featured=3, articles=3, profile=1, facebook=25, instagram=24, x=13),
    QuarterShape(news=46, featured=3, articles=3, profile=1, facebook=27, instagram=27, x=14),
)

# Which accounts plain posts go to, in turn.
_PLAIN_ACCOUNTS = ((FACEBOOK, INSTAGRAM), (INSTAGRAM,), (FACEBOOK, INSTAGRAM, X), (FACEBOOK,), (INSTAGRAM, X))
_WEEKEND_SHARE = 0.08
_RETURN_SHARE = 0.14
_UNVERIFIED_DAYS = 6
_UNVERIFIED_SHARE = 0.05
_READERS = {NEWS: (45, 320), FEATURED: (180, 720), ARTICLE: (120, 540), PROFILE: (60, 210)}
_READERS_OTHER = (35, 260)
_PITCHED_SHARE = {NEWS: 0.82, FEATURED: 0.9, ARTICLE: 0.6, ANNOUNCEMENT: 0.5, INFOGRAPHIC: 0.2}


@dataclass(slots=True)
class _Slot:
    """One publication to come: what, when (local date) and where."""

    code: str
    day: date
    accounts: set[str]
    commemoration: Commemoration | None = None


def build_past(
    desk: Desk, deck: HeadlineDeck, quarters: tuple[Quarter, ...], today: date
) -> list[SampleStory]:
    """Stories published before ``today`` in the four quarters, oldest first."""
    stories: list[SampleStory] = []
    for quarter, shape in zip(quarters, SHAPES, strict=True):
        slots = _slots(desk, quarter, shape)
        _spread(slots, shape)
        stories += [_publish(desk, deck, slot, today) for slot in slots if slot.day < today]
    return stories


def _slots(desk: Desk, quarter: Quarter, shape: QuarterShape) -> list[_Slot]:
    rng = desk.rng
    counts = {
        NEWS: shape.news,
        FEATURED: shape.featured,
        ARTICLE: shape.articles,
        PROFILE: shape.profile,
        ANNOUNCEMENT: shape.announcements,
        INFOGRAPHIC: shape.infographics,
        HOAX: shape.hoaxes,
    }
    slots = [_Slot(code, day, {WEB}) for code, count in counts.items() for day in _days(rng, quarter, count)]
    days = [(entry, date(quarter.year, entry.month, entry.day)) for entry in desk.library.commemorations]
    marked = [_Slot(PLAIN, day, set(), entry) for entry, day in days if day in quarter]
    rest = _days(rng, quarter, shape.plain - len(marked), weekend_share=_WEEKEND_SHARE)
    slots += marked + [_Slot(PLAIN, day, set()) for day in rest]
    return sorted(slots, key=lambda slot: slot.day)


def _days(rng: Random, quarter: Quarter, count: int, *, weekend_share: float = 0.0) -> list[date]:
    """Days of a quarter, later ones a little more likely: the end of a quarter is always busier."""
    days = list(quarter.days())
    weights = [
        (0.75 + 0.6 * index / len(days)) * (1.0 if worktime.is_workday(day) else weekend_share)
        for index, day in enumerate(days)
    ]
    # One draw in each equal share of the weight, so that a quarter still running is never far ahead or behind.
    upper = list(accumulate(weights))
    draws = [(share + rng.random()) / count * upper[-1] for share in range(count)]
    return [days[min(bisect(upper, draw), len(days) - 1)] for draw in draws]


def _spread(slots: list[_Slot], shape: QuarterShape) -> None:
    """Give every slot its accounts so that each social account ends with exactly its count."""
    plain = [slot for slot in slots if slot.code == PLAIN]
    for index, slot in enumerate(plain):
        slot.accounts |= set(_PLAIN_ACCOUNTS[index % len(_PLAIN_ACCOUNTS)])
    for slot in slots:
        if slot.code == HOAX:
            slot.accounts |= {FACEBOOK, INSTAGRAM, X}
        if slot.code == FEATURED:
            slot.accounts.add(PORTAL)
    for account, wanted in ((FACEBOOK, shape.facebook), (INSTAGRAM, shape.instagram), (X, shape.x)):
        have = sum(account in slot.accounts for slot in slots)
        free = [slot for slot in slots if account not in slot.accounts and slot.code != PLAIN]
        # Featured stories and infographics are what social accounts want first; the rest comes evenly.
        wished = [slot for slot in free if slot.code in {FEATURED, INFOGRAPHIC}]
        others = [slot for slot in free if slot.code not in {FEATURED, INFOGRAPHIC}]
        open_places = max(0, wanted - have)
        for slot in [*wished[:open_places], *_evenly(others, open_places - len(wished))]:
            slot.accounts.add(account)


def _evenly(slots: list[_Slot], count: int) -> list[_Slot]:
    """So many of the slots, spread over the whole list."""
    if count <= 0:
        return []
    step = len(slots) / count
    return [slots[int((index + 0.5) * step)] for index in range(count)]


def _publish(desk: Desk, deck: HeadlineDeck, slot: _Slot, today: date) -> SampleStory:
    rng = desk.rng
    live_at = _live_at(desk, slot)
    approved_at = worktime.back(live_at, rng.randint(15, 240))
    rounds = _rounds(rng, approved_at)
    created_at = worktime.back(rounds[0][0], rng.randint(60, 420))
    sent_at = worktime.back(created_at, rng.randint(15, 500))
    draft = _draft(deck, slot, event=sent_at.date(), live=live_at.date())
    crew = desk.crew(draft.subject.section)
    body = desk.write(draft)
    pitched = rng.random() < _PITCHED_SHARE.get(slot.code, 0.0)
    pitch = desk.accepted_pitch(draft, crew, sent_at, created_at) if pitched else None
    return desk.story(
        draft,
        body,
        crew,
        state=StoryState.PUBLISHED,
        created_at=created_at,
        pitch=pitch,
        reviews=_reviews(desk, crew, rounds),
        posts=_posts(desk, draft, body, crew, slot, live_at, today),
    )


def _live_at(desk: Desk, slot: _Slot) -> datetime:
    """On a five-minute mark; plain posts also in the evening, when followers are about."""
    last_hour = 19 if slot.code == PLAIN else 15
    minute = desk.rng.choice(range(0, 60, 5))
    return worktime.at(slot.day, desk.rng.randint(9, last_hour), minute, desk.tz)


def _draft(deck: HeadlineDeck, slot: _Slot, *, event: date, live: date) -> Draft:
    if slot.commemoration is not None:
        return deck.commemoration(slot.commemoration, live)
    if slot.code in {NEWS, FEATURED}:
        return deck.news(event, slot.code)
    return deck.piece(slot.code, live)


def _rounds(rng: Random, approved_at: datetime) -> list[tuple[datetime, datetime]]:
    """(submitted, decided) of each round, first to last; the last one is the approval."""
    submitted_at = worktime.back(approved_at, rng.randint(40, 420))
    rounds = [(submitted_at, approved_at)]
    if rng.random() < _RETURN_SHARE:
        returned_at = worktime.back(submitted_at, rng.randint(60, 400))
        rounds.insert(0, (worktime.back(returned_at, rng.randint(40, 300)), returned_at))
    return rounds


def _reviews(desk: Desk, crew: Crew, rounds: list[tuple[datetime, datetime]]) -> tuple[SampleReview, ...]:
    talk = desk.library.talk
    *returned, (submitted_at, approved_at) = rounds
    back = [
        SampleReview(
            sent, crew.writer, crew.approver, decided, approved=False, note=desk.rng.choice(talk.send_back)
        )
        for sent, decided in returned
    ]
    note = desk.rng.choice(talk.approve)
    return (
        *back,
        SampleReview(submitted_at, crew.writer, crew.approver, approved_at, approved=True, note=note),
    )


def _posts(
    desk: Desk, draft: Draft, body: Body, crew: Crew, slot: _Slot, live_at: datetime, today: date
) -> tuple[SamplePost, ...]:
    rng = desk.rng
    posts: list[SamplePost] = []
    for account in _ordered(slot.accounts):
        scheduled_at = live_at if not posts else live_at + timedelta(minutes=5 * rng.randint(2, 24))
        lag = rng.randint(5, 55) if account == WEB else rng.randint(60, 840)
        published_at = scheduled_at + timedelta(seconds=lag)
        verified_at = _verified_at(desk, published_at, today)
        posts.append(
            SamplePost(
                account_key=account,
                text=desk.text(account, draft, body),
                state=SamplePostState.PUBLISHED,
                scheduled_at=scheduled_at,
                published_at=published_at,
                url=desk.address(account),
                posted_by=desk.assignee(account),
                verified_at=verified_at,
                verified_by=desk.second_pair_of_eyes(account, crew) if verified_at else None,
                verification_note=rng.choice(desk.library.talk.verify) if verified_at else "",
                readers=_readers(rng, slot, today) if account == WEB else 0,
            )
        )
    return tuple(posts)


def _ordered(accounts: Iterable[str]) -> list[str]:
    return sorted(accounts, key=ACCOUNT_ORDER.index)


def _verified_at(desk: Desk, published_at: datetime, today: date) -> datetime | None:
    """Within three working days, before today. The newest of the current quarter are still to be looked at."""
    rng = desk.rng
    day = published_at.date()
    if day in Quarter.from_local_date(today) and (
        (today - day).days <= _UNVERIFIED_DAYS or rng.random() < _UNVERIFIED_SHARE
    ):
        return None
    planned = worktime.at(
        worktime.workday_after(day, rng.randint(1, 3)), rng.randint(8, 15), rng.randint(0, 59), desk.tz
    )
    return planned if planned.date() < today else published_at + timedelta(minutes=25)


def _readers(rng: Random, slot: _Slot, today: date) -> int:
    """Readers so far; most come in the first two weeks."""
    expected = rng.randint(*_READERS.get(slot.code, _READERS_OTHER))
    return max(3, expected * min(14, (today - slot.day).days) // 14)
