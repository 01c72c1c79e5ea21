"""The contract between the publisher and a channel: capabilities, problems, answers and the adapter protocol.

Errors are in :mod:`humasflow.channels.adapters.errors`, what is carried in ``variant``.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from humasflow.channels.adapters.variant import Account, Job, JsonObject, MediaKind, Variant


class Counter(StrEnum):
    """How a platform counts the length of a text (see :mod:`humasflow.channels.adapters.counters`)."""

    WEIGHTED = "weighted"
    GRAPHEMES = "graphemes"
    UTF16 = "utf16"
    BYTES = "bytes"
    CHARS = "chars"
    CHARS_EMOJI_BYTES = "chars_emoji_bytes"


class Severity(StrEnum):
    """An error keeps a post from going out; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Field(StrEnum):
    """The part of a post a problem is about; also the name of the form field."""

    TITLE = "title"
    TEXT = "text"
    LINK = "link"
    HASHTAGS = "hashtags"
    MEDIA = "media"
    ALT_TEXT = "alt_text"


class ProblemCode(StrEnum):
    """What is wrong. The sentence for a person is written where people read it."""

    REQUIRED = "required"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    TOO_FEW = "too_few"
    FORBIDDEN_CHARACTER = "forbidden_character"
    WRONG_KIND = "wrong_kind"
    MIXED_KINDS = "mixed_kinds"
    NOT_A_LINK = "not_a_link"
    MISSING_ALT_TEXT = "missing_alt_text"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. ``limit`` and ``actual`` are counts in the platform's own unit; ``item`` is the index of
    the medium it is about; ``detail`` the offending characters or kind, for the sentence.
    """

    severity: Severity
    field: Field
    code: ProblemCode
    limit: int | None = None
    actual: int | None = None
    item: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform (or one account on it) accepts. None means: no limit known.

    ``text`` in the unit of ``counter``, ``text_with_media`` instead of it when media are attached, ``text_bytes``
    as well as it (UTF-8). ``url_length`` is what any link costs, where the platform counts all links alike.
    ``advisory`` names fields whose limits the platform does not enforce: exceeding them warns.
    """

    counter: Counter = Counter.CHARS
    title: int | None = None
    title_counter: Counter = Counter.CHARS
    title_forbidden: str = ""
    text: int | None = None
    text_with_media: int | None = None
    text_bytes: int | None = None
    url_length: int | None = None
    hashtags: int | None = None
    links: int | None = None
    media_min: int = 0
    media_max: int | None = None
    media_kinds: frozenset[MediaKind] = frozenset(MediaKind)
    media_mixed: bool = True
    alt_text: int | None = None
    advisory: frozenset[Field] = frozenset()


@dataclass(frozen=True, slots=True)
class Caps:
    """What an adapter can do and needs. ``by_hand``: a person performs the irreversible step."""

    needs_title: bool = False
    needs_text: bool = False
    needs_alt_text: bool = False
    text_is_html: bool = False
    needs_public_url: bool = False
    two_step: bool = False
    idempotent: bool = False
    by_hand: bool = False
    can_find: bool = False
    can_edit: bool = False
    can_retract: bool = False
    metrics: tuple[str, ...] = ()


# Answers


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that it is on the channel."""

    external_id: str
    permalink: str | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything reversible is done; the irreversible call may be made. ``state`` is to be stored first."""

    state: JsonObject


@dataclass(frozen=True, slots=True)
class Pending:
    """The channel is still working; ask again after ``retry_after`` seconds. ``state`` is to be stored."""

    state: JsonObject
    retry_after: float


@dataclass(frozen=True, slots=True)
class Done:
    """Found finished while polling: the receipt is there already."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Absent:
    """The channel was asked, its answer can be trusted, and it is not there."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The channel has no way to answer; a person has to look."""


@dataclass(frozen=True, slots=True)
class AccountInfo:
    """Who the channel says we are. ``expires_at`` is the end of the permission, in UTC, None if it has none."""

    name: str
    handle: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """New credentials. An adapter never returns an empty one: it raises or returns None (nothing to refresh)."""

    access: str
    refresh: str | None
    expires_at: datetime | None

    def __repr__(self) -> str:
        return f"Tokens(expires_at={self.expires_at!r})"


@dataclass(frozen=True, slots=True)
class Quota:
    """How many publications the channel still takes until ``resets_at`` (UTC)."""

    used: int
    total: int
    resets_at: datetime | None


@dataclass(frozen=True, slots=True)
class Metric:
    """A number as the channel names it; ``value`` None means unknown, never 0."""

    name: str
    value: int | None
    api_version: str
    fetched_at: datetime


class Adapter(Protocol):
    """One kind of channel. Stateless: everything it needs comes in, everything to be kept goes out.

    Every method may raise an ``errors.AdapterError``; ``validate`` and ``permalink`` never do. Only ``commit`` is
    irreversible, and the caller has stored that it is about to be called. All others may be repeated at will.
    """

    @property
    def key(self) -> str:
        """The stable name under which it is registered."""

    @property
    def caps(self) -> Caps:
        """What it can do."""

    def validate(self, variant: Variant, limits: Limits) -> tuple[Problem, ...]:
        """Everything wrong with it at once; pure, the same in the editor and before publishing."""

    def verify(self, account: Account) -> AccountInfo:
        """Who the account is to the channel; raises if it cannot be used."""

    def refresh(self, account: Account) -> Tokens | None:
        """New credentials, or None where there is nothing to refresh."""

    def quota(self, account: Account) -> Quota | None:
        """What the channel still accepts, or None where it sets no number."""

    def prepare(self, job: Job) -> Ready | Pending:
        """Everything that can be done beforehand."""

    def poll(self, job: Job) -> Ready | Pending | Done:
        """How the preparation is getting on; reads only."""

    def commit(self, job: Job) -> Receipt | Pending:
        """The one irreversible call."""

    def find(self, job: Job) -> Receipt | Absent | CannotTell:
        """Whether it is on the channel after all."""

    def update(self, job: Job) -> Receipt:
        """Replace what is published by the job's variant."""

    def retract(self, job: Job) -> None:
        """Take it off the channel; doing so twice is not an error."""

    def permalink(self, receipt: Receipt) -> str | None:
        """The public address, if it is known."""

    def metrics(self, receipt: Receipt, account: Account, *, at: datetime) -> tuple[Metric, ...]:
        """The channel's numbers at the instant ``at``; empty where it publishes none."""
