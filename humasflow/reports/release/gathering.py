"""What stands in a press release: the approved text of a story, or the present one, marked as a draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import today_at
from humasflow.approvals.queries import last_approved_package
from humasflow.media.services import storage
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.reports import queries
from humasflow.reports.models import Letterhead
from humasflow.reports.pdf.heading import Heading, heading_of
from humasflow.stories import queries as stories
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story, StoryPicture, StoryVersion

FINAL = frozenset({StoryState.APPROVED, StoryState.PUBLISHED, StoryState.ARCHIVED})


@dataclass(frozen=True)
class Picture:
    """A picture that stands in the text."""

    asset_id: int
    path: Path
    alt: str
    words: str


@dataclass(frozen=True)
class Release:
    """Everything of it. ``is_draft``: nobody has approved this text."""

    office: Unit
    heading: Heading | None
    title: str
    kicker: str
    lead: str
    body: str  # clean HTML
    dateline: str
    number: str
    place: str
    day: date
    writer: str
    contact: str
    boilerplate: str
    is_draft: bool
    pictures: dict[int, Picture]
    version_number: int


def gather_release(
    story_id: int, *, reader: Principal, number: str = "", day: date | None = None, place: str = ""
) -> tuple[Story, Release]:
    """The story and its release. Raises NotFound for a story that the reader may not read."""
    story = stories.get_story(reader, story_id)
    version, is_draft = _version(story)
    office = get_office(story.office_id)
    letterhead = queries.get_letterhead(office.id)
    return story, Release(
        office=office, heading=heading_of(letterhead), title=version.title, kicker=version.kicker, lead=version.lead,
        body=stories.get_body(version.id), dateline=version.dateline, number=number,
        place=place or (letterhead.city if letterhead else "") or "", day=day or today_at(office),
        writer=version.writer_credit, contact=_contact(version, letterhead),
        boilerplate=letterhead.boilerplate if letterhead else "", is_draft=is_draft,
        pictures=_pictures(version.pictures), version_number=version.number,
    )  # fmt: skip


def _version(story: Story) -> tuple[StoryVersion, bool]:
    if story.state in FINAL:
        package = last_approved_package(story.id)
        if package is not None:
            return stories.get_version(package.story_version_id), False
        # Recorded from a list, or let out because it was urgent: what is live is what there is.
        return stories.get_version(story.current_version_id or 0), story.state is StoryState.APPROVED
    return stories.get_version(story.current_version_id or 0), True


def _contact(version: StoryVersion, letterhead: Letterhead | None) -> str:
    return version.contact or (letterhead.contact if letterhead else "")


def _pictures(rows: Sequence[StoryPicture]) -> dict[int, Picture]:
    """Those in the text whose file is there and which anybody may see."""
    found = {}
    for row in rows:
        path = storage().path(row.asset.medium_key)
        if row.in_text and not row.asset.is_restricted and path.is_file():
            found[row.asset_id] = Picture(row.asset_id, path, row.alt_text, row.caption)
    return found
