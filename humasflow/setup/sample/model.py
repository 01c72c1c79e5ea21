"""What a plan of the sample office is made of: plain frozen records that refer to each other by key.

Instants are aware and on the office's own clock. Everything that "has happened" lies before the start of ``today``;
only due and scheduled times may lie after it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from humasflow.core.periods import OfficeZone, Quarter
from humasflow.pitches.enums import PitchState
from humasflow.stories.enums import StorySource, StoryState


class SampleRole(StrEnum):
    """What a sample person does in the product; one sign-in per role is shown while the office is a sample."""

    CONTRIBUTOR = "contributor"
    EDITOR = "editor"
    APPROVER = "approver"
    LEAD = "lead"
    ADMIN = "admin"


class SamplePostState(StrEnum):
    """How far a post of the sample is."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    MANUAL_DUE = "manual_due"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class SampleSection:
    """A section below the office. ``head`` is the title of the person who leads it."""

    key: str
    name: str
    short_name: str
    head: str


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """A made-up member of staff. ``position`` is the official title (jabatan); ``section_key`` None: head of office."""

    key: str
    name: str
    email: str
    role: SampleRole
    position: str
    section_key: str | None


@dataclass(frozen=True, slots=True)
class SamplePillar:
    key: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """A channel account. ``platform`` is a key of the platform presets; ``host`` is where its made-up posts live."""

    key: str
    platform: str
    name: str
    handle: str
    url: str
    host: str
    is_manual: bool
    assignee: str | None


@dataclass(frozen=True, slots=True)
class SampleOffice:
    name: str
    short_name: str
    slug: str
    kind: str
    zone: OfficeZone
    address: str
    email: str
    description: str
    sections: tuple[SampleSection, ...]
    pillars: tuple[SamplePillar, ...]
    accounts: tuple[SampleAccount, ...]


@dataclass(frozen=True, slots=True)
class SampleComponent:
    """A count_ratio component. Empty ``content_codes`` means every content type; weight 0 is shown, not summed."""

    key: str
    name: str
    weight: Decimal
    content_codes: tuple[str, ...]
    account_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleTarget:
    """What a component should reach in a quarter, and the letter that says so."""

    component_key: str
    quarter: Quarter
    count: int
    letter: str
    letter_date: date


@dataclass(frozen=True, slots=True)
class SampleOfficial:
    """What kantor pusat announced: a score out of 100 (``rank`` None), or a rank of ``rank_of`` offices."""

    quarter: Quarter
    name: str
    score: Decimal | None
    rank: int | None
    rank_of: int | None
    announced_on: date
    document: str


@dataclass(frozen=True, slots=True)
class SamplePicture:
    """A picture of the library; ``draw_picture(kind, seed)`` gives its bytes."""

    key: str
    kind: str
    seed: int
    filename: str
    title: str
    alt_text: str
    credit: str
    uploader: str


@dataclass(frozen=True, slots=True)
class SamplePitch:
    """An idea. ``reason`` is filled for a rejected or parked one; ``similar_to`` is the key of the pitch or story
    it deliberately resembles.
    """

    key: str
    title: str
    note: str
    happened_on: date | None
    place: str
    people: str
    author: str
    section_key: str
    sent_at: datetime
    state: PitchState
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str = ""
    picture_keys: tuple[str, ...] = ()
    similar_to: str | None = None


@dataclass(frozen=True, slots=True)
class SampleReview:
    """One round of approval. ``approved`` None: still waiting; False: sent back, and ``note`` is the reason."""

    submitted_at: datetime
    submitted_by: str
    approver: str
    decided_at: datetime | None = None
    approved: bool | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SamplePost:
    """One story on one account. ``url`` is set for published posts of manual accounts only: the own newsroom gives
    its own addresses. ``readers`` is for the own newsroom. A published post without ``verified_at`` is live,
    unverified.
    """

    account_key: str
    text: str
    state: SamplePostState
    scheduled_at: datetime | None = None
    published_at: datetime | None = None
    url: str | None = None
    posted_by: str | None = None
    verified_at: datetime | None = None
    verified_by: str | None = None
    verification_note: str = ""
    readers: int = 0


@dataclass(frozen=True, slots=True)
class SampleStory:
    """A story with everything that became of it. ``reviews`` are in order; the last one may be undecided.
    ``lead`` is at most 500 characters; ``body_html`` uses p, h2, ul, li only.
    """

    key: str
    content_code: str
    state: StoryState
    title: str
    lead: str
    body_html: str
    section_key: str
    pillar_key: str
    source: StorySource
    source_note: str
    goal: str
    audience: str
    event_date: date | None
    place: str
    people: str
    writer: str
    editor: str
    photographer: str
    created_at: datetime
    pitch: SamplePitch | None
    reviews: tuple[SampleReview, ...]
    posts: tuple[SamplePost, ...]
    picture_keys: tuple[str, ...]
    photo_caption: str

    @property
    def approved_at(self) -> datetime | None:
        """When the last round ended in approval."""
        last = self.reviews[-1] if self.reviews else None
        return last.decided_at if last and last.approved else None

    @property
    def published_at(self) -> datetime | None:
        """When its first post went live."""
        return min((p.published_at for p in self.posts if p.published_at), default=None)

    @property
    def returns(self) -> int:
        """How often it was sent back."""
        return sum(1 for review in self.reviews if review.approved is False)


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """The whole sample office. ``quarters`` are the three before and the current one, oldest first. ``pitches`` are
    those that belong to no story; a story carries its own. ``pictures`` holds only what is used.
    """

    today: date
    seed: int
    office: SampleOffice
    people: tuple[SamplePerson, ...]
    quarters: tuple[Quarter, ...]
    components: tuple[SampleComponent, ...]
    targets: tuple[SampleTarget, ...]
    officials: tuple[SampleOfficial, ...]
    pictures: tuple[SamplePicture, ...]
    stories: tuple[SampleStory, ...]
    pitches: tuple[SamplePitch, ...]

    def person(self, key: str) -> SamplePerson:
        """One person. Raises KeyError for an unknown key."""
        return {person.key: person for person in self.people}[key]

    def people_in(self, role: SampleRole) -> tuple[SamplePerson, ...]:
        """Everybody with a role, in a stable order."""
        return tuple(person for person in self.people if person.role is role)

    def posts_of(
        self, component: SampleComponent, quarter: Quarter
    ) -> Iterator[tuple[SampleStory, SamplePost]]:
        """Published posts that a component counts in a quarter, by local date."""
        for story in self.stories:
            if component.content_codes and story.content_code not in component.content_codes:
                continue
            for post in story.posts:
                at = post.published_at
                if post.account_key in component.account_keys and at and at.date() in quarter:
                    yield story, post
