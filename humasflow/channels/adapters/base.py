"""The contract between the publisher and a channel: capabilities, problems, answers and the adapter protocol.

Errors are in :mod:`humasflow.channels.adapters.errors`, what is carried in ``variant``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from humasflow.channels.adapters.variant import Account, AppKeys, Job, JsonObject, MediaKind, Variant


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
    COMMENT = "first_comment"


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
    WRONG_RATIO = "wrong_ratio"  # of a picture; limit and actual in thousandths of width to height
    TOO_LARGE = "too_large"  # of a file; limit and actual in bytes
    TOO_LONG_VIDEO = "too_long_video"  # limit and actual in seconds
    UNSUPPORTED = "unsupported"  # the channel has no such thing


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
    ratio_min: int | None = None  # of a picture: width to height in thousandths
    ratio_max: int | None = None
    video_bytes: int | None = None
    video_seconds: int | None = None
    first_comment: int | None = None
    advisory: frozenset[Field] = frozenset()


@dataclass(frozen=True, slots=True)
class Caps:
    """What an adapter can do and needs.

    ``by_hand``: a person performs the irreversible step. ``needs_public_url``: the channel fetches media itself.
    ``idempotent``: the same commit twice is one publication, for as long as a job lives. ``can_find``: it can be asked
    whether a post is there; ``trusts_absence``: its "no" is a no, so that a post may be sent again after two of them.
    ``has_first_comment``: see :class:`Commenting`. ``is_proven``: tried against the real service or a faithful copy.
    """

    needs_title: bool = False
    needs_text: bool = False
    needs_alt_text: bool = False
    text_is_html: bool = False
    needs_public_url: bool = False
    two_step: bool = False
    idempotent: bool = False
    by_hand: bool = False
    can_find: bool = False
    trusts_absence: bool = False
    can_edit: bool = False
    can_retract: bool = False
    has_first_comment: bool = False
    is_proven: bool = False
    metrics: tuple[str, ...] = ()


# Answers


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that it is on the channel."""

    external_id: str
    permalink: str | None = None
    answer_sha256: str | None = None  # of the raw answer that said so


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything reversible is done; the irreversible call may be made. ``state`` is to be stored first."""

    state: JsonObject


@dataclass(frozen=True, slots=True)
class Pending:
    """A step is done, more is needed. ``state`` is to be stored; after ``retry_after`` seconds (0: at once) the same
    method is called again, or ``poll`` where ``poll`` is set: then only the channel is working.
    """

    state: JsonObject
    retry_after: float = 0.0
    poll: bool = False


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
    """Who the channel says we are. ``expires_at`` is the end of the permission, in UTC, None if it has none.

    ``settings`` are facts to keep with the connection (ids, the instance's own limits); ``limits`` what the channel
    itself says it accepts, by the names of :class:`Limits`; ``warnings`` are codes of what works only in part
    (``private_only``: what is published is seen by nobody but the owner).
    """

    name: str
    handle: str = ""
    url: str = ""
    expires_at: datetime | None = None
    settings: JsonObject = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tokens:
    """New credentials. An adapter never returns an empty one: it raises or returns None (nothing to refresh).

    ``refresh`` None: the one in use stays. Both instants in UTC, None where they are not known.
    """

    access: str
    refresh: str | None
    expires_at: datetime | None
    refresh_expires_at: datetime | None = None

    def __repr__(self) -> str:
        return f"Tokens(expires_at={self.expires_at!r})"


@dataclass(frozen=True, slots=True)
class Quota:
    """How many publications the channel still takes until ``resets_at`` (UTC)."""

    used: int
    total: int
    resets_at: datetime | None


METRICS = (
    "likes", "comments", "shares", "saves", "clicks", "views", "reach", "impressions", "followers",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Metric:
    """A number; ``value`` None means unknown, never 0. ``name`` is one of METRICS where the meaning fits, else the
    channel's own name.
    """

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
        """Everything that can be done beforehand, one remote step a call: Pending with ``retry_after`` 0 asks for the
        next one after its state has been stored.
        """

    def poll(self, job: Job) -> Ready | Pending | Done:
        """How the preparation is getting on; reads only."""

    def commit(self, job: Job) -> Receipt | Pending:
        """The one irreversible call."""

    def find(self, job: Job) -> Receipt | Absent | CannotTell | Pending:
        """Whether it is on the channel after all; Pending while the channel itself is still at work on it.

        A refusal marked ``as_outcome`` is the channel's word that nothing was or will be published.
        """

    def update(self, job: Job) -> Receipt:
        """Replace what is published by the job's variant."""

    def retract(self, job: Job) -> None:
        """Take it off the channel; doing so twice is not an error."""

    def permalink(self, receipt: Receipt) -> str | None:
        """The public address, if it is known."""

    def metrics(self, receipt: Receipt, account: Account, *, at: datetime) -> tuple[Metric, ...]:
        """The channel's numbers at the instant ``at``; empty where it publishes none."""


# What only some adapters are


@runtime_checkable
class Commenting(Protocol):
    """A channel on which the account can write the first comment under its own post."""

    def comment(self, job: Job, text: str) -> str:
        """Write it; its external id. The call is irreversible: raises Transient only when nothing was sent."""

    def find_comment(self, job: Job, text: str) -> str | Absent | CannotTell:
        """Whether the account has written it under the post of ``job.external_id``."""


@runtime_checkable
class Discarding(Protocol):
    """A channel on which preparing leaves what others could come across."""

    def discard(self, job: Job) -> None:
        """Take away what the steps in ``job.prepare_state`` left, unless it has been published. May be repeated."""


@runtime_checkable
class Carrying(Protocol):
    """A channel whose one irreversible call carries files, and so may take longer than others."""

    def carried(self, variant: Variant) -> int:
        """How many bytes of files that call carries at most."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a person granted. ``secrets`` by name: ``access_token`` and ``refresh_token`` are the ones that
    :class:`Tokens` renews, any other is the adapter's own (``password``, ``token``).
    """

    secrets: Mapping[str, str] = field(repr=False)
    expires_at: datetime | None = None
    refresh_expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlet:
    """One of the things a grant opens (a Page, a channel, a profile); a person chooses which one is this account."""

    external_id: str
    name: str
    handle: str = ""
    url: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    settings: JsonObject = field(default_factory=dict)


@runtime_checkable
class Authorizing(Protocol):
    """A channel that is connected on the platform's own page (OAuth 2, authorization code)."""

    app_provider: str
    """Whose app keys it needs (``meta``, ``threads``, ``x``, ``google``, ``tiktok``, ``mastodon``)."""
    scopes: tuple[str, ...]
    uses_pkce: bool

    def authorize_url(self, app: AppKeys, *, redirect_uri: str, state: str, challenge: str | None) -> str:
        """Where the person is sent. ``challenge`` is the S256 code challenge (RFC 7636)."""

    def exchange(self, app: AppKeys, *, code: str, redirect_uri: str, verifier: str | None) -> Grant:
        """The code for a grant. Raises AdapterError."""

    def outlets(self, app: AppKeys, grant: Grant) -> tuple[Outlet, ...]:
        """What the grant opens; empty when nothing that could publish."""


@runtime_checkable
class SigningIn(Protocol):
    """A channel that is connected with what a person types (a password for applications, a token)."""

    def sign_in(self, account: Account) -> Grant:
        """Turn what was typed into what is kept. Raises AdapterError.

        Typed: ``account.host`` the server (WordPress, Bluesky, Mastodon; also ``settings["host"]``), the user name
        ``settings["username"]`` (WordPress) or ``account.handle`` (Bluesky), ``settings["chat"]`` (Telegram);
        ``secrets["password"]`` (WordPress, Bluesky), ``["access_token"]`` (Mastodon), ``["token"]`` (Telegram).
        """


@runtime_checkable
class Registering(Protocol):
    """A channel whose servers each hand out app keys by themselves (Mastodon)."""

    def register_app(self, instance: str, *, redirect_uri: str, website: str) -> AppKeys:
        """New app keys of that server (its address). Raises AdapterError."""
