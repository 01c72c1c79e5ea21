"""The content of the sample office: the same every time, complete, plausible, never ahead of its day."""

import re
import string
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from humasflow.channels.adapters.counters import count_weighted, find_hashtags
from humasflow.core.html import clean_html, text_from_html
from humasflow.core.periods import Quarter
from humasflow.pitches.enums import PitchState
from humasflow.setup.sample.facts import draw_facts
from humasflow.setup.sample.kinds import PictureKind
from humasflow.setup.sample.library import Piece, Topic, load_library
from humasflow.setup.sample.model import (
    SamplePlan,
    SamplePost,
    SamplePostState,
    SampleRole,
    SampleStory,
)
from humasflow.setup.sample.people import build_people
from humasflow.setup.sample.pictures import draw_picture
from humasflow.setup.sample.plan import build_plan
from humasflow.setup.sample.worktime import back, is_workday, workday_after
from humasflow.stories.enums import StoryState

TODAY = date(2026, 11, 18)
SEED = 20
ZONE = build_plan(TODAY, SEED).office.zone.tz
WHOLE_QUARTERS = (
    {
        "berita-utama": 3,
        "berita-terbaru": 41,
        "artikel": 2,
        "profil-kantor": 1,
        "facebook": 22,
        "instagram": 19,
    },
    {
        "berita-utama": 4,
        "berita-terbaru": 47,
        "artikel": 3,
        "profil-kantor": 1,
        "facebook": 30,
        "instagram": 28,
    },
    {
        "berita-utama": 3,
        "berita-terbaru": 40,
        "artikel": 3,
        "profil-kantor": 1,
        "facebook": 25,
        "instagram": 24,
    },
)
NONSTANDARD = ("aktifitas", "analisa", "antri", "dimana", "himbau", "hoax", "ijin", "jadual", "kwitansi", "merubah",
               "online", "offline", "praktek", "resiko", "silahkan", "sistim", "sertipikat")  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> SamplePlan:
    return build_plan(TODAY, SEED)


def all_posts(plan: SamplePlan) -> Iterator[tuple[SampleStory, SamplePost]]:
    for story in plan.stories:
        for post in story.posts:
            yield story, post


def counts(plan: SamplePlan, quarter: Quarter) -> dict[str, int]:
    return {component.key: len(list(plan.posts_of(component, quarter))) for component in plan.components}


def score(plan: SamplePlan, quarter: Quarter) -> Decimal:
    targets = {target.component_key: target.count for target in plan.targets if target.quarter == quarter}
    done = counts(plan, quarter)
    return sum(
        (c.weight * min(Decimal(1), Decimal(done[c.key]) / targets[c.key]) for c in plan.components),
        Decimal(0),
    ).quantize(Decimal("0.01"))


# The same every time


def test_same_seed_and_day_give_the_same_plan(plan: SamplePlan) -> None:
    assert build_plan(TODAY, SEED) == plan


def test_another_seed_gives_other_stories_and_the_same_standing(plan: SamplePlan) -> None:
    other = build_plan(TODAY, SEED + 1)
    assert [story.title for story in other.stories] != [story.title for story in plan.stories]
    assert [counts(other, quarter) for quarter in other.quarters[:3]] == list(WHOLE_QUARTERS)


# The standing


def test_past_quarters_have_the_intended_counts_and_scores(plan: SamplePlan) -> None:
    assert [counts(plan, quarter) for quarter in plan.quarters[:3]] == list(WHOLE_QUARTERS)
    assert [score(plan, quarter) for quarter in plan.quarters[:3]] == [
        Decimal("88.00"),
        Decimal("100.00"),
        Decimal("93.33"),
    ]


def test_current_quarter_is_a_little_behind_the_calendar(plan: SamplePlan) -> None:
    current = plan.quarters[-1]
    elapsed = current.days_elapsed(TODAY) / current.length_days
    share = counts(plan, current)["berita-terbaru"] / 45
    assert elapsed - 0.2 < share < elapsed + 0.02


def test_current_quarter_has_verified_and_unverified_posts(plan: SamplePlan) -> None:
    current = plan.quarters[-1]
    states = Counter(
        post.verified_at is not None for c in plan.components for _, post in plan.posts_of(c, current)
    )
    assert states[True] > states[False] > 0


def test_past_quarters_are_verified_by_somebody_else(plan: SamplePlan) -> None:
    for quarter in plan.quarters[:3]:
        for component in plan.components:
            for _, post in plan.posts_of(component, quarter):
                assert post.verified_at is not None
                assert post.verified_by != post.posted_by


def test_targets_name_their_letter_and_officials_were_announced(plan: SamplePlan) -> None:
    assert {t.letter for t in plan.targets} == {"ND-12/KPKN.01/2026"}
    assert {t.letter_date for t in plan.targets} == {date(2025, 12, 19)}
    assert len(plan.targets) == 4 * len(plan.components)
    assert {official.quarter for official in plan.officials} == set(plan.quarters[:3])
    assert all((o.score is None) != (o.rank is None) for o in plan.officials)


def test_nothing_is_announced_before_its_time() -> None:
    assert {o.quarter for o in build_plan(date(2026, 10, 1), SEED).officials} == {
        Quarter(2026, 1),
        Quarter(2026, 2),
    }


# Today's desk


def test_desk_of_today(plan: SamplePlan) -> None:
    later = {story.key for story in plan.stories if is_later(story)}
    open_stories = [s for s in plan.stories if s.state is not StoryState.PUBLISHED and s.key not in later]
    drafts = [s for s in open_stories if s.state is StoryState.DRAFT]
    waiting = [s for s in open_stories if s.state is StoryState.IN_REVIEW]
    approved = [s for s in open_stories if s.state is StoryState.APPROVED]
    assert sorted(story.returns for story in drafts) == [0, 0, 0, 0, 2]
    assert len(waiting) == 3
    assert len([s for s in approved if s.posts[0].state is SamplePostState.DRAFT]) == 2
    assert len([s for s in approved if s.posts[0].state is SamplePostState.SCHEDULED]) == 4
    (unapproved,) = [s for s in waiting if s.posts[0].state is SamplePostState.SCHEDULED]
    first = unapproved.posts[0].scheduled_at
    assert first is not None
    assert first.date() == TODAY + timedelta(days=1)
    due = [post for _, post in all_posts(plan) if post.state is SamplePostState.MANUAL_DUE]
    assert [post.scheduled_at.date() for post in due if post.scheduled_at] == [TODAY]


def is_later(story: SampleStory) -> bool:
    """Planned for the weeks after the coming one."""
    first = min((post.scheduled_at for post in story.posts if post.scheduled_at), default=None)
    return first is not None and first.date() > workday_after(TODAY, 6)


def test_the_weeks_to_come_hold_posts_in_several_states(plan: SamplePlan) -> None:
    later = [story for story in plan.stories if is_later(story)]
    assert Counter(story.state for story in later) == {
        StoryState.APPROVED: 4, StoryState.IN_REVIEW: 1, StoryState.DRAFT: 3,
    }  # fmt: skip
    days = {post.scheduled_at.date() for story in later for post in story.posts if post.scheduled_at}
    assert min(days) > TODAY
    assert max(days) > TODAY + timedelta(days=31)
    assert {post.account_key for story in later for post in story.posts} == {
        a.key for a in plan.office.accounts
    }


def test_pool(plan: SamplePlan) -> None:
    assert Counter(pitch.state for pitch in plan.pitches) == {
        PitchState.NEW: 5,
        PitchState.PARKED: 1,
        PitchState.REJECTED: 1,
    }
    by_key = {pitch.key: pitch for pitch in plan.pitches}
    (twin,) = [pitch for pitch in plan.pitches if pitch.similar_to]
    original = by_key[str(twin.similar_to)]
    assert twin.happened_on == original.happened_on
    shared = set(twin.title.lower().split()) & set(original.title.lower().split())
    assert len(shared) >= 5
    assert all(pitch.reason for pitch in plan.pitches if pitch.state is not PitchState.NEW)


# People


def test_one_of_every_role_and_no_shared_address(plan: SamplePlan) -> None:
    roles = Counter(person.role for person in plan.people)
    assert roles == {
        SampleRole.CONTRIBUTOR: 6,
        SampleRole.EDITOR: 2,
        SampleRole.APPROVER: 2,
        SampleRole.LEAD: 1,
        SampleRole.ADMIN: 1,
    }
    contributors = plan.people_in(SampleRole.CONTRIBUTOR)
    assert len({person.section_key for person in contributors}) == 6
    assert plan.person("ketua-tim").position == "Kepala Kantor"


@pytest.mark.parametrize("seed", range(40))
def test_names_and_addresses_never_collide(seed: int) -> None:
    people = build_people(Random(seed))
    assert len({person.name for person in people}) == len(people) == 12
    assert len({person.email for person in people}) == len(people)
    assert all(re.fullmatch(r"[a-z.]+@kantor-contoh\.example", person.email) for person in people)


def test_four_eyes(plan: SamplePlan) -> None:
    for story in plan.stories:
        assert story.writer != story.editor
        for review in story.reviews:
            assert review.approver not in {story.writer, review.submitted_by}
            assert review.note or review.approved is not False


# Texts


def test_bodies_are_news_and_survive_cleaning(plan: SamplePlan) -> None:
    for story in plan.stories:
        assert clean_html(story.body_html) == story.body_html
        paragraphs = story.body_html.count("<p>")
        if story.content_code in {"berita_utama", "berita_terbaru", "artikel"}:
            assert 4 <= paragraphs <= 7, story.title
        assert paragraphs >= 1
        assert len(story.title) <= 200
        assert 20 < len(story.lead) < 500
        assert len(story.goal) <= 300
        assert len(story.audience) <= 300


def test_no_slot_is_left_open_and_no_word_is_nonstandard(plan: SamplePlan) -> None:
    texts = [text_from_html(story.body_html) for story in plan.stories]
    texts += [story.title for story in plan.stories] + [post.text for _, post in all_posts(plan)]
    nonstandard = re.compile(rf"\b({'|'.join(NONSTANDARD)})\b", re.IGNORECASE)
    for text in texts:
        assert "{" not in text
        assert "  " not in text
        assert not nonstandard.search(text), text
        assert text[0].isupper() or text[0].isdigit() or text[0] == "“", text


def test_every_slot_in_the_library_is_known() -> None:
    library = load_library()
    formatter = string.Formatter()
    for topic in library.topics.values():
        facts = draw_facts(Random(1), TODAY, topic)
        texts = [text for pair in (*topic.headlines, *topic.notes) for text in pair]
        for text in (*texts, *topic.leads, *topic.details, *topic.quotes, *topic.closings, *topic.photos):
            filled = facts.fill(text)
            names = {name for _, name, _, _ in formatter.parse(text) if name}
            # A text that speaks of an object or a partner needs a topic that has one.
            assert names.isdisjoint({"objek", "Objek"}) or topic.objects, (topic.key, text)
            assert "mitra" not in names or topic.partners, (topic.key, text)
            assert "{" not in filled
    for pieces in library.pieces.values():
        for piece in pieces:
            for text in (piece.title, *piece.paragraphs):
                assert "{" not in draw_facts(Random(1), TODAY).fill(text)


def test_headline_and_lead_tell_the_same_facts(plan: SamplePlan) -> None:
    for story in plan.stories:
        if story.place and story.place in story.title:
            assert story.place in text_from_html(story.body_html)


def test_library_refers_to_things_that_exist(plan: SamplePlan) -> None:
    library = load_library()
    sections = {section.key for section in plan.office.sections}
    pillars = {pillar.key for pillar in plan.office.pillars}
    subjects: list[Topic | Piece] = list(library.topics.values())
    for pieces in library.pieces.values():
        subjects += pieces
    for subject in subjects:
        assert subject.section in sections
        assert subject.pillar in pillars
        assert set(subject.pictures) <= set(PictureKind)
    assert all(entry.topic in library.topics for entry in library.talk.new)


def test_social_texts_keep_the_limits(plan: SamplePlan) -> None:
    seen: set[str] = set()
    for _, post in all_posts(plan):
        seen.add(post.account_key)
        hashtags = find_hashtags(post.text)
        if post.account_key == "x":
            assert count_weighted(post.text) <= 280
        if post.account_key == "instagram":
            assert 1 <= len(hashtags) <= 5
            assert len(post.text) <= 2200
    assert seen == {"web", "portal", "facebook", "instagram", "x"}


def test_addresses_are_made_up_and_unique(plan: SamplePlan) -> None:
    hosts = {account.key: account.host for account in plan.office.accounts}
    urls = [post.url for _, post in all_posts(plan) if post.url]
    assert len(urls) == len(set(urls))
    for _, post in all_posts(plan):
        if post.state is SamplePostState.PUBLISHED and post.account_key != "web":
            assert post.url is not None
            assert post.url.startswith(f"https://{hosts[post.account_key]}/")
            assert hosts[post.account_key].endswith(".example")
        else:
            assert post.url is None


def test_pictures_that_are_used_exist(plan: SamplePlan) -> None:
    keys = {picture.key for picture in plan.pictures}
    assert {key for story in plan.stories for key in story.picture_keys} <= keys
    assert {key for pitch in plan.pitches for key in pitch.picture_keys} <= keys
    assert len({(picture.kind, picture.seed) for picture in plan.pictures}) == len(plan.pictures) <= 32
    assert all(
        story.picture_keys and len(set(story.picture_keys)) == len(story.picture_keys)
        for story in plan.stories
    )


# Any day


@settings(max_examples=60, deadline=None)
@given(today=st.dates(date(2020, 1, 1), date(2040, 12, 31)), seed=st.integers(0, 10_000))
@example(today=date(2028, 2, 29), seed=1)
@example(today=date(2026, 1, 1), seed=1)
@example(today=date(2027, 4, 1), seed=1)
@example(today=date(2026, 12, 31), seed=1)
@example(today=date(2026, 8, 17), seed=1)
def test_any_day_gives_a_valid_plan(today: date, seed: int) -> None:
    plan = build_plan(today, seed)
    assert 245 <= len(plan.stories) + len(plan.pitches) <= 345
    assert [counts(plan, quarter) for quarter in plan.quarters[:3]] == list(WHOLE_QUARTERS)
    titles = [story.title.casefold() for story in plan.stories]
    assert len(titles) == len(set(titles))
    assert len({story.key for story in plan.stories}) == len(plan.stories)
    pitches = [*plan.pitches, *(story.pitch for story in plan.stories if story.pitch)]
    assert len({pitch.key for pitch in pitches}) == len(pitches)
    for story in plan.stories:
        assert_in_order(story, today)
    for pitch in plan.pitches:
        assert pitch.sent_at.date() < today
        assert pitch.decided_at is None or pitch.sent_at < pitch.decided_at
        assert pitch.decided_at is None or pitch.decided_at.date() < today


def assert_in_order(story: SampleStory, today: date) -> None:
    """What happened to a story happened in order and before today; what is to come lies ahead."""
    moments: list[datetime] = [story.pitch.sent_at] if story.pitch else []
    moments.append(story.created_at)
    for review in story.reviews:
        moments.append(review.submitted_at)
        moments += [review.decided_at] if review.decided_at else []
    assert all(is_workday(moment.date()) and 8 <= moment.hour <= 16 for moment in moments)
    if story.state is StoryState.PUBLISHED:
        assert story.approved_at is not None
        assert story.published_at is not None
        moments.append(story.published_at)
    assert moments == sorted(moments), story.key
    assert len(set(moments)) == len(moments), story.key
    assert moments[-1].date() < today
    assert story.event_date is None or story.event_date < today
    for post in story.posts:
        assert (post.state is SamplePostState.PUBLISHED) == (post.published_at is not None)
        if post.published_at and post.scheduled_at:
            assert post.scheduled_at <= post.published_at
            assert post.scheduled_at.date() == post.published_at.date() < today
            assert post.verified_at is None or post.published_at < post.verified_at
            assert post.verified_at is None or post.verified_at.date() < today
        elif post.scheduled_at:
            assert post.scheduled_at.date() >= today


# Working time


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.integers(0, 5000))
def test_counting_back_lands_in_office_hours(moment: datetime, minutes: int) -> None:
    result = back(moment.replace(second=0, microsecond=0, tzinfo=ZONE), minutes)
    assert is_workday(result.date())
    assert (8, 0) <= (result.hour, result.minute) <= (16, 30)


def test_counting_back_over_a_weekend() -> None:
    monday = datetime(2026, 11, 23, 8, 30, tzinfo=ZONE)
    assert back(monday, 60) == datetime(2026, 11, 20, 16, 0, tzinfo=ZONE)
    assert workday_after(date(2026, 12, 24)) == date(2026, 12, 28)


# Pictures


@pytest.mark.parametrize("kind", list(PictureKind))
def test_every_kind_is_drawn_the_same_twice(kind: PictureKind) -> None:
    first = draw_picture(kind, 5, (320, 214))
    assert first == draw_picture(kind.value, 5, (320, 214))
    assert first != draw_picture(kind, 6, (320, 214))
    with Image.open(BytesIO(first)) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (320, 214))
        colours = image.getcolors(320 * 214)
        assert colours is not None
        assert len(colours) > 2000


@pytest.mark.parametrize("size", [(400, 400), (360, 640), (641, 333)])
def test_other_shapes_are_filled_to_the_edge(size: tuple[int, int]) -> None:
    with Image.open(BytesIO(draw_picture("office", 0, size))) as image:
        assert image.size == size
        corners = [image.getpixel((x, y)) for x in (0, size[0] - 1) for y in (0, size[1] - 1)]
    assert all(isinstance(corner, tuple) and sum(corner) > 60 for corner in corners)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="clouds"):
        draw_picture("clouds", 1)
