"""Channels on which a person publishes: the product prepares everything and records what was done.

The same job, deadline and reminder as any other channel; only the irreversible step is a person's, who then records
address, time and screenshot. The product can therefore never publish here by accident.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from humasflow.channels.adapters.base import (
    Absent,
    AccountInfo,
    CannotTell,
    Caps,
    Done,
    Limits,
    Metric,
    Pending,
    Problem,
    Quota,
    Ready,
    Receipt,
    Tokens,
)
from humasflow.channels.adapters.errors import Unsupported
from humasflow.channels.adapters.validation import compose_text, validate_variant
from humasflow.channels.adapters.variant import Account, Job, MediaItem, Variant

# Addresses that open the platform with the text filled in; the person still presses the button.
_SHARE = {
    "whatsapp": "https://wa.me/?text={text}",
    "x": "https://x.com/intent/post?text={text}",
    "threads": "https://www.threads.com/intent/post?text={text}",
    "bluesky": "https://bsky.app/intent/compose?text={text}",
}


@dataclass(frozen=True, slots=True)
class CopyKit:
    """What the person needs at hand: texts to copy one by one, media in order, and a prefilled share address
    where the platform has one.
    """

    title: str
    text: str
    media: tuple[MediaItem, ...]
    share_url: str | None
    first_comment: str = ""


def copy_kit(variant: Variant, platform: str) -> CopyKit:
    """The copy-ready form of a variant for a platform (its key)."""
    text = compose_text(variant)
    template = _SHARE.get(platform)
    share_url = template.format(text=quote(text, safe="")) if template and text else None
    return CopyKit(variant.title.strip(), text, variant.media, share_url, variant.first_comment.strip())


class ManualAdapter:
    """A person publishes. Everything that would touch a channel raises Unsupported or says it cannot tell."""

    key = "manual"
    caps = Caps(by_hand=True)

    def validate(self, variant: Variant, limits: Limits) -> tuple[Problem, ...]:
        """By the limits of the account's platform; a missing alternative text warns."""
        return validate_variant(variant, limits, self.caps)

    def verify(self, account: Account) -> AccountInfo:
        """There is no connection that could be tested; the account is what people entered."""
        return AccountInfo(name=account.handle or account.host or account.platform, handle=account.handle)

    def refresh(self, account: Account) -> Tokens | None:
        """No credentials, nothing to refresh."""
        return None

    def quota(self, account: Account) -> Quota | None:
        """No limit known."""
        return None

    def prepare(self, job: Job) -> Ready | Pending:
        """The kit is ready; a person takes over."""
        return Ready({})

    def poll(self, job: Job) -> Ready | Pending | Done:
        """There is nothing to wait for but the person."""
        return Ready(job.prepare_state)

    def commit(self, job: Job) -> Receipt | Pending:
        """Never: raises Unsupported."""
        raise Unsupported("a person publishes on this channel")

    def find(self, job: Job) -> Receipt | Absent | CannotTell:
        """Only a person can look."""
        return CannotTell()

    def update(self, job: Job) -> Receipt:
        """Never: raises Unsupported."""
        raise Unsupported("a person corrects on this channel")

    def retract(self, job: Job) -> None:
        """Never: raises Unsupported."""
        raise Unsupported("a person retracts on this channel")

    def permalink(self, receipt: Receipt) -> str | None:
        """The address the person recorded."""
        return receipt.permalink

    def metrics(self, receipt: Receipt, account: Account, *, at: datetime) -> tuple[Metric, ...]:
        """Entered by hand, never fetched."""
        return ()
