"""Who does what: the people around one story, its pictures, and the text of its posts."""

from dataclasses import dataclass
from datetime import datetime
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

from humasflow.pitches.enums import PitchState
from humasflow.setup.sample.bodies import Body, photo_caption, pitch_text, purpose, write_body
from humasflow.setup.sample.captions import caption
from humasflow.setup.sample.headlines import FEATURED, HOAX, PLAIN, Draft
from humasflow.setup.sample.kinds import VARIATIONS
from humasflow.setup.sample.library import Library
from humasflow.setup.sample.model import (
    SampleOffice,
    SamplePerson,
    SamplePitch,
    SamplePost,
    SampleReview,
    SampleRole,
    SampleStory,
)
from humasflow.setup.sample.office import FACEBOOK, INSTAGRAM, PORTAL, WEB, X
from humasflow.stories.enums import StorySource, StoryState

ACCOUNT_ORDER = (WEB, PORTAL, FACEBOOK, INSTAGRAM, X)
_INSTAGRAM_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Crew:
    """Keys of the people of one story. The writer never approves and the editor is the other redaktur."""

    author: str
    writer: str
    editor: str
    photographer: str
    approver: str


class Desk:
    """Casts people, numbers things and puts stories together. Every choice comes from the one ``rng``."""

    def __init__(
        self, rng: Random, library: Library, office: SampleOffice, people: tuple[SamplePerson, ...]
    ) -> None:
        self.rng = rng
        self.library = library
        self.tz: ZoneInfo = office.zone.tz
        self._office = office
        self._contributors = {p.section_key: p.key for p in people if p.role is SampleRole.CONTRIBUTOR}
        self._editors = [p.key for p in people if p.role is SampleRole.EDITOR]
        self._approvers = {p.section_key: p.key for p in people if p.role is SampleRole.APPROVER}
        self._assignees = {account.key: account.assignee for account in office.accounts}
        self._story_numbers = count(1)
        self._pitch_numbers = count(1)
        self._portal_numbers = count(20417)

    def crew(self, section_key: str) -> Crew:
        """People for a story of a section."""
        rng = self.rng
        writer, editor = rng.sample(self._editors, 2)
        author = self.contributor(section_key)
        photographer = author if rng.random() < 0.7 else self.contributor()
        head_approves = section_key == "umum" or rng.random() < 0.2
        return Crew(author, writer, editor, photographer, self._approvers["umum" if head_approves else "hi"])

    def contributor(self, section_key: str | None = None) -> str:
        """The contributor of a section, or anyone when the section has none."""
        return self._contributors.get(section_key) or self.rng.choice(list(self._contributors.values()))

    def section_of(self, contributor: str) -> str:
        """Where a contributor works."""
        return next(str(section) for section, key in self._contributors.items() if key == contributor)

    def assignee(self, account_key: str) -> str | None:
        """Who posts by hand on an account; None for the own newsroom."""
        return self._assignees[account_key]

    def second_pair_of_eyes(self, account_key: str, crew: Crew) -> str:
        """Who verifies a post: an editor other than the one who posted it."""
        return crew.editor if self.assignee(account_key) != crew.editor else crew.writer

    def next_pitch_key(self) -> str:
        return f"p{next(self._pitch_numbers):03d}"

    def pictures(self, draft: Draft) -> tuple[str, ...]:
        """Keys of one to three pictures that fit the subject."""
        kinds = draft.subject.pictures
        wanted = 1 if draft.code == PLAIN else min(len(kinds), 2)
        keys = [f"{kind}-{self.rng.randint(1, VARIATIONS)}" for kind in self.rng.sample(kinds, wanted)]
        if draft.code == FEATURED:
            extra = f"{kinds[0]}-{self.rng.randint(1, VARIATIONS)}"
            keys += [extra] if extra not in keys else []
        return tuple(keys)

    def address(self, account_key: str) -> str | None:
        """A made-up address of a post on an account; None for the own newsroom, which makes its own."""
        rng = self.rng
        base = {account.key: account.url for account in self._office.accounts}[account_key]
        match account_key:
            case "facebook":
                return f"{base}/posts/{rng.randrange(10**14, 10**15)}"
            case "instagram":
                return f"{base}/p/{''.join(rng.choices(_INSTAGRAM_ALPHABET, k=11))}"
            case "x":
                return f"{base}/status/{rng.randrange(10**17, 10**18)}"
            case "portal":
                return f"{base}/berita/{next(self._portal_numbers)}"
            case _:
                return None

    def accepted_pitch(
        self, draft: Draft, crew: Crew, sent_at: datetime, decided_at: datetime
    ) -> SamplePitch:
        """The pitch that became this story."""
        title, note = pitch_text(draft, self.rng)
        return SamplePitch(
            key=self.next_pitch_key(),
            title=title,
            note=note,
            happened_on=draft.facts.day if draft.topic else None,
            place=draft.facts.place if draft.topic else "",
            people=_people(draft),
            author=crew.author,
            section_key=self.section_of(crew.author),
            sent_at=sent_at,
            state=PitchState.ACCEPTED,
            decided_at=decided_at,
            decided_by=crew.writer,
        )

    def write(self, draft: Draft) -> Body:
        """The body of a draft."""
        return write_body(draft, self.rng)

    def story(
        self,
        draft: Draft,
        body: Body,
        crew: Crew,
        *,
        state: StoryState,
        created_at: datetime,
        pitch: SamplePitch | None,
        reviews: tuple[SampleReview, ...],
        posts: tuple[SamplePost, ...],
    ) -> SampleStory:
        """The story with everything that is derived from its draft."""
        goal, audience = purpose(draft)
        source, source_note = self._source(draft, pitch)
        return SampleStory(
            key=f"s{next(self._story_numbers):03d}",
            content_code=draft.code,
            state=state,
            title=draft.title,
            lead=body.lead,
            body_html=body.html,
            section_key=draft.subject.section,
            pillar_key=draft.subject.pillar,
            source=source,
            source_note=source_note,
            goal=goal,
            audience=audience,
            event_date=draft.facts.day if draft.topic else None,
            place=draft.facts.place if draft.topic else "",
            people=_people(draft),
            writer=crew.writer,
            editor=crew.editor,
            photographer=crew.photographer,
            created_at=created_at,
            pitch=pitch,
            reviews=reviews,
            posts=posts,
            picture_keys=self.pictures(draft),
            photo_caption=photo_caption(draft, self.rng),
        )

    def text(self, account_key: str, draft: Draft, body: Body) -> str:
        """The text of a post on an account."""
        return caption(account_key, draft, body)

    def _source(self, draft: Draft, pitch: SamplePitch | None) -> tuple[StorySource, str]:
        if draft.code == HOAX:
            return StorySource.MONITORING, "Pantauan pesan berantai dan kolom komentar"
        if pitch is None:
            return StorySource.OWN, ""
        names = {section.key: section.name for section in self._office.sections}
        return StorySource.SECTION, names[pitch.section_key]


def _people(draft: Draft) -> str:
    if draft.topic is None or not draft.topic.partners:
        return ""
    return f"Kepala kantor dan perwakilan {draft.facts.partner}"
