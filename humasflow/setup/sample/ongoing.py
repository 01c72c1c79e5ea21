"""What is on the desk today: ideas, drafts, reviews, and what goes out in the coming days."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from humasflow.pitches.enums import PitchState
from humasflow.setup.sample import worktime
from humasflow.setup.sample.bodies import Body
from humasflow.setup.sample.desk import Crew, Desk
from humasflow.setup.sample.facts import Facts, draw_facts
from humasflow.setup.sample.headlines import ANNOUNCEMENT, ARTICLE, FEATURED, INFOGRAPHIC, NEWS, HeadlineDeck
from humasflow.setup.sample.library import PitchText
from humasflow.setup.sample.model import SamplePitch, SamplePost, SamplePostState, SampleReview, SampleStory
from humasflow.setup.sample.office import FACEBOOK, INSTAGRAM, PORTAL, WEB, X
from humasflow.stories.enums import StoryState

# Working minutes before this morning; a working day has 510.
_DAY = worktime.WORKING_MINUTES


@dataclass(frozen=True, slots=True)
class _Work:
    """A story in work. ``age`` and ``submitted`` are working minutes before this morning, ``returns`` how often it
    came back, ``due`` days and hours from today for each account (empty: not scheduled).
    """

    code: str
    topic: str | None
    age: int
    accounts: tuple[str, ...]
    submitted: int | None = None
    approved: bool = False
    returns: int = 0
    due: tuple[tuple[int, int, int], ...] = ()
    calendar_days: bool = False
    pitched: bool = True


_DRAFTS = (
    _Work(NEWS, "sertifikasi", age=5 * _DAY + 130, accounts=(WEB, INSTAGRAM)),
    _Work(NEWS, "bimtek-bmn", age=2 * _DAY + 45, accounts=(WEB,)),
    _Work(ARTICLE, None, age=3 * _DAY + 210, accounts=(WEB,), pitched=False),
    _Work(FEATURED, "lelang-umkm", age=_DAY - 60, accounts=(WEB, PORTAL, FACEBOOK, INSTAGRAM)),
)
_RETURNED = (
    _Work(NEWS, "pemanfaatan", age=6 * _DAY, accounts=(WEB, FACEBOOK), submitted=2 * _DAY + 90, returns=2),
)
_IN_REVIEW = (
    _Work(NEWS, "pengurusan-piutang", age=5 * _DAY, accounts=(WEB,), submitted=3 * _DAY + 40),
    _Work(NEWS, "lelang-bmn", age=2 * _DAY, accounts=(WEB, FACEBOOK, X), submitted=230),
)
_APPROVED = (
    _Work(NEWS, "kunjungan", age=4 * _DAY, accounts=(WEB, INSTAGRAM), submitted=_DAY + 260, approved=True),
    _Work(
        INFOGRAPHIC,
        None,
        age=3 * _DAY,
        accounts=(INSTAGRAM, FACEBOOK),
        submitted=420,
        approved=True,
        pitched=False,
    ),
)
_SCHEDULED = (
    _Work(
        NEWS,
        "layanan-terpadu",
        age=3 * _DAY,
        accounts=(WEB, FACEBOOK),
        submitted=_DAY + 80,
        approved=True,
        due=((1, 10, 0), (1, 11, 30)),
    ),
    _Work(
        FEATURED,
        "serah-terima",
        age=4 * _DAY,
        accounts=(WEB, PORTAL, INSTAGRAM),
        submitted=_DAY + 300,
        approved=True,
        due=((2, 9, 0), (2, 10, 0), (2, 16, 0)),
    ),
    _Work(
        NEWS, "gratifikasi", age=2 * _DAY, accounts=(WEB,), submitted=400, approved=True, due=((3, 13, 30),)
    ),
    _Work(
        ARTICLE,
        None,
        age=6 * _DAY,
        accounts=(WEB, X),
        submitted=2 * _DAY,
        approved=True,
        due=((5, 8, 30), (5, 12, 0)),
        pitched=False,
    ),
)
_NOT_APPROVED_FOR_TOMORROW = _Work(
    NEWS,
    "survei-kepuasan",
    age=_DAY + 200,
    accounts=(WEB, INSTAGRAM),
    submitted=150,
    due=((1, 9, 0), (1, 10, 0)),
    calendar_days=True,
)
_DUE_TODAY_AT = (15, 0)


def _later(
    code: str, topic: str | None, age: int, days: int, at: tuple[tuple[str, int, int], ...], state: str
) -> _Work:
    """A story for the weeks to come: ``days`` working days from today, each account at its hour. ``state``: approved,
    waiting for its approval, or still a draft with a time.
    """
    return _Work(
        code, topic, age=age, accounts=tuple(account for account, _hour, _minute in at),
        submitted=None if state == "draft" else age - 60, approved=state == "approved",
        due=tuple((days, hour, minute) for _account, hour, minute in at), pitched=topic is not None,
    )  # fmt: skip


# Younger than everything else on the desk, so that they come after it.
_COMING = (
    _later(NEWS, "lelang-umkm", 390, 7, ((WEB, 9, 0), (INSTAGRAM, 11, 0)), "approved"),
    _later(NEWS, "bimtek-bmn", 370, 9, ((WEB, 10, 0), (FACEBOOK, 13, 0)), "approved"),
    _later(INFOGRAPHIC, None, 350, 10, ((INSTAGRAM, 9, 0), (FACEBOOK, 15, 0)), "approved"),
    _later(NEWS, "lelang-bmn", 330, 13, ((WEB, 9, 30), (X, 10, 30)), "review"),
    _later(NEWS, "pengurusan-piutang", 310, 16, ((WEB, 14, 0),), "approved"),
    _later(FEATURED, "sertifikasi", 290, 19, ((WEB, 9, 0), (PORTAL, 10, 0), (INSTAGRAM, 16, 0)), "draft"),
    _later(NEWS, "survei-kepuasan", 270, 23, ((WEB, 10, 0), (FACEBOOK, 11, 0)), "draft"),
    _later(NEWS, "lelang-umkm", 250, 27, ((WEB, 9, 0), (INSTAGRAM, 9, 0)), "draft"),
)


def build_ongoing(desk: Desk, deck: HeadlineDeck, today: date) -> list[SampleStory]:
    """Stories in work, and the one whose Facebook post somebody has to make by hand today."""
    works = (*_DRAFTS, *_RETURNED, *_IN_REVIEW, *_APPROVED, *_SCHEDULED, _NOT_APPROVED_FOR_TOMORROW)
    return [*(_in_work(desk, deck, work, today) for work in works), _manual_due(desk, deck, today)]


def build_coming(desk: Desk, deck: HeadlineDeck, today: date) -> list[SampleStory]:
    """What is planned for this month and the next, further away than the coming days."""
    return [_in_work(desk, deck, work, today) for work in _COMING]


def build_pool(desk: Desk, today: date) -> list[SamplePitch]:
    """The pool: five new ideas (the third resembles the second), one parked, one rejected."""
    talk = desk.library.talk
    morning = _morning(desk, today)
    facts = [draw_facts(desk.rng, today) for _ in talk.new]
    facts[2] = facts[1]
    ages = (60, 2 * _DAY + 30, _DAY + 110, 25, 190)
    senders = ("lelang", "umum", "ki", "ki", "penilaian")
    new = [
        _pitch(desk, text, fact, section, worktime.back(morning, age))
        for text, fact, section, age in zip(talk.new, facts, senders, ages, strict=True)
    ]
    # The first one announces an auction that is still to come, the third tells of the same day as the second.
    new[0] = replace(new[0], happened_on=worktime.workday_after(new[0].sent_at.date()))
    new[2] = replace(new[2], happened_on=new[1].happened_on, similar_to=new[1].key)
    parked = _decided(desk, talk.parked, "umum", PitchState.PARKED, talk.park[0], morning, age=9 * _DAY - 140)
    rejected = _decided(
        desk, talk.rejected, "piutang", PitchState.REJECTED, talk.reject[0], morning, age=4 * _DAY - 65
    )
    return [*new, replace(parked, happened_on=None), rejected]


def _pitch(desk: Desk, text: PitchText, facts: Facts, section: str, sent_at: datetime) -> SamplePitch:
    topic = desk.library.topics[text.topic]
    return SamplePitch(
        key=desk.next_pitch_key(),
        title=facts.fill(text.title),
        note=facts.fill(text.note),
        happened_on=sent_at.date(),
        place=facts.fill(text.place),
        people="",
        author=desk.contributor(section),
        section_key=section,
        sent_at=sent_at,
        state=PitchState.NEW,
        picture_keys=(f"{topic.pictures[0]}-{desk.rng.randint(1, 4)}",),
    )


def _decided(
    desk: Desk, text: PitchText, section: str, state: PitchState, reason: str, morning: datetime, *, age: int
) -> SamplePitch:
    pitch = _pitch(desk, text, draw_facts(desk.rng, morning.date()), section, worktime.back(morning, age))
    decided_at = worktime.back(morning, age - 200)
    return replace(
        pitch, state=state, reason=reason, decided_at=decided_at, decided_by=desk.crew(section).editor
    )


def _in_work(desk: Desk, deck: HeadlineDeck, work: _Work, today: date) -> SampleStory:
    morning = _morning(desk, today)
    created_at = worktime.back(morning, work.age)
    sent_at = worktime.back(created_at, desk.rng.randint(30, 300))
    draft = deck.news(sent_at.date(), work.code, work.topic) if work.topic else deck.piece(work.code, today)
    crew = desk.crew(draft.subject.section)
    body = desk.write(draft)
    return desk.story(
        draft,
        body,
        crew,
        state=_state(work),
        created_at=created_at,
        pitch=desk.accepted_pitch(draft, crew, sent_at, created_at) if work.pitched else None,
        reviews=_reviews(desk, crew, work, morning),
        posts=tuple(
            SamplePost(
                account_key=account,
                text=desk.text(account, draft, body),
                state=SamplePostState.SCHEDULED if work.due else SamplePostState.DRAFT,
                scheduled_at=_due_at(desk, work, index, today) if work.due else None,
                posted_by=desk.assignee(account),
            )
            for index, account in enumerate(work.accounts)
        ),
    )


def _state(work: _Work) -> StoryState:
    if work.approved:
        return StoryState.APPROVED
    return StoryState.IN_REVIEW if work.submitted is not None and not work.returns else StoryState.DRAFT


def _reviews(desk: Desk, crew: Crew, work: _Work, morning: datetime) -> tuple[SampleReview, ...]:
    if work.submitted is None:
        return ()
    talk = desk.library.talk
    sent_at = worktime.back(morning, work.submitted)
    if work.returns:
        reasons = desk.rng.sample(talk.send_back, work.returns)
        # Rounds a working day apart, the last one returned an hour and a half after it was submitted.
        submitted = [
            worktime.back(sent_at, _DAY * (work.returns - 1 - index)) for index in range(work.returns)
        ]
        return tuple(
            SampleReview(
                at,
                crew.writer,
                crew.approver,
                worktime.back(morning, work.submitted + _DAY * (work.returns - 1 - index) - 90),
                approved=False,
                note=reason,
            )
            for index, (at, reason) in enumerate(zip(submitted, reasons, strict=True))
        )
    if work.approved:
        decided_at = worktime.back(morning, work.submitted - 75)
        note = desk.rng.choice(talk.approve)
        return (SampleReview(sent_at, crew.writer, crew.approver, decided_at, approved=True, note=note),)
    return (SampleReview(sent_at, crew.writer, crew.approver),)


def _due_at(desk: Desk, work: _Work, index: int, today: date) -> datetime:
    days, hour, minute = work.due[index]
    day = today + timedelta(days=days) if work.calendar_days else worktime.workday_after(today, days)
    return worktime.at(day, hour, minute, desk.tz)


def _manual_due(desk: Desk, deck: HeadlineDeck, today: date) -> SampleStory:
    """An announcement: live on the own newsroom since the last working day, its Facebook post due this afternoon.

    Announcements belong to no component of the web score, so the counts of a quarter that just ended stay.
    """
    live_at = worktime.at(worktime.workday_before(today), 14, 0, desk.tz)
    approved_at = worktime.back(live_at, 65)
    submitted_at = worktime.back(approved_at, 140)
    draft = deck.piece(ANNOUNCEMENT, today)
    crew = desk.crew(draft.subject.section)
    body: Body = desk.write(draft)
    return desk.story(
        draft,
        body,
        crew,
        state=StoryState.PUBLISHED,
        created_at=worktime.back(submitted_at, 200),
        pitch=None,
        reviews=(SampleReview(submitted_at, crew.writer, crew.approver, approved_at, approved=True),),
        posts=(
            SamplePost(
                account_key=WEB,
                text=desk.text(WEB, draft, body),
                state=SamplePostState.PUBLISHED,
                scheduled_at=live_at,
                published_at=live_at + timedelta(seconds=21),
                readers=17,
            ),
            SamplePost(
                account_key=FACEBOOK,
                text=desk.text(FACEBOOK, draft, body),
                state=SamplePostState.MANUAL_DUE,
                scheduled_at=worktime.at(today, *_DUE_TODAY_AT, desk.tz),
                posted_by=desk.assignee(FACEBOOK),
            ),
        ),
    )


def _morning(desk: Desk, today: date) -> datetime:
    """The first minute of today: everything that has happened lies before it."""
    return worktime.at(today, 0, 0, desk.tz)
