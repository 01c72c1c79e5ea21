"""What readers see, as plain values: the site, its sections, a story in a list and in full."""

from dataclasses import dataclass
from datetime import date, datetime

from humasflow.core.html import figure_assets
from humasflow.core.slugs import slugify
from humasflow.media.processing import ImageLimits
from humasflow.planning.credits import DEFAULT_CREDITS, credit_line

_LIMITS = ImageLimits()


@dataclass(frozen=True)
class Newsroom:
    """An office as readers know it. ``account_ids`` are its channel accounts that this site shows."""

    id: int
    name: str
    short_name: str
    slug: str
    timezone: str
    account_ids: tuple[int, ...]


@dataclass(frozen=True)
class Section:
    """A content type as a part of the site. ``is_filled``: something of it is live."""

    id: int
    code: str
    label: str
    is_filled: bool


@dataclass(frozen=True)
class Picture:
    """A picture with its words as they were published. Width and height of the largest size, in pixels."""

    asset_id: int
    width: int
    height: int
    alt_text: str
    credit: str = ""
    caption: str = ""

    def width_at(self, size: str) -> int:
        """How wide it is in one of its sizes, in pixels."""
        limit = {"thumb": _LIMITS.thumb_side, "medium": _LIMITS.medium_side}.get(size, _LIMITS.original_side)
        return max(1, round(self.width * min(1.0, limit / max(self.width, self.height, 1))))


class Titled:
    """Anything with a title has a readable end of its address."""

    title: str

    @property
    def title_slug(self) -> str:
        """The title as a part of an address."""
        return slugify(self.title)


@dataclass(frozen=True)
class Teaser(Titled):
    """A story in a list."""

    post_id: int
    title: str
    summary: str
    published_at: datetime
    type_code: str
    type_label: str
    cover: Picture | None


@dataclass(frozen=True)
class PublicChange:
    """A correction or an update, as readers are told: the word for it, since when, and what was changed."""

    label: str
    at: datetime
    note: str


@dataclass(frozen=True)
class Article(Titled):
    """A story as it was published."""

    delivery_id: int
    post_id: int
    story_id: int
    title: str
    lead: str
    body_html: str
    link: str
    pictures: tuple[Picture, ...]
    writer_credit: str
    place: str
    event_date: date | None
    source_note: str  # whose release it is; empty for own coverage
    published_at: datetime
    updated_at: datetime
    type_code: str
    type_label: str
    has_section: bool
    changes: tuple[PublicChange, ...] = ()  # corrections, oldest first
    kicker: str = ""
    dateline: str = ""
    contact: str = ""
    claim: str = ""
    claim_source: str = ""
    fact_source: str = ""
    credit_line: str = ""

    @property
    def cover(self) -> Picture | None:
        """The first picture."""
        return self.pictures[0] if self.pictures else None

    @property
    def beside(self) -> tuple[Picture, ...]:
        """The pictures that do not stand in the text: the first above it, the others below."""
        inside = set(figure_assets(self.body_html))
        return tuple(p for p in self.pictures if p.asset_id not in inside)

    @property
    def credits(self) -> str:
        """Who made it, by the office's pattern; what was published before patterns existed is told plainly."""
        if self.credit_line:
            return self.credit_line
        return credit_line(DEFAULT_CREDITS, writer=self.writer_credit, photographers=self.photo_credits)

    @property
    def photo_credits(self) -> tuple[str, ...]:
        """Everybody who took a picture, each once."""
        return tuple(dict.fromkeys(p.credit for p in self.pictures if p.credit))


@dataclass(frozen=True)
class Retraction:
    """What is left of a story that was taken down."""

    post_id: int
    retracted_at: datetime | None
    note: str = ""  # what the office says in its place


@dataclass(frozen=True)
class Address(Titled):
    """A story in the sitemap."""

    post_id: int
    title: str
    updated_at: datetime
