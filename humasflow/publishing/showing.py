"""What a channel shows of a payload, and which of its words were written for that one post.

A correction changes the story. What a post says in words of its own, it leaves as it is: only a person can tell whether
they are wrong as well.
"""

from collections.abc import Mapping
from typing import Any

from humasflow.approvals import queries as approvals
from humasflow.channels.adapters.validation import compose_text
from humasflow.channels.models import ChannelAccount
from humasflow.posts import policy as post_policy
from humasflow.posts import queries as posts
from humasflow.posts.models import PostVersion
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.follow_ups import is_own
from humasflow.publishing.snapshots import Snapshot, variant_of_payload
from humasflow.stories import queries as stories


def differs(account: ChannelAccount, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a channel that shows the one would show something else with the other. The newsroom always does: it
    tells its readers what was changed.
    """
    return is_own(account) or _shown(account, before) != _shown(account, after)


def keeps_own_words(delivery: Delivery, after: Snapshot) -> bool:
    """Whether the post says something in words of its own that ``after``, which corrects it, leaves as it was."""
    account = delivery.account
    if is_own(account):
        return False
    if not post_policy.uses_story_body(account):
        return _words(delivery.payload or {}) == _words(after.payload)
    version, was = after.version, _words_before(delivery)
    before = stories.get_version(delivery.story_version_id) if delivery.story_version_id is not None else None
    if before is None:
        return bool(version.title or version.text.strip())
    title = _is_kept(version.title, was.title) and before.title != after.story_version.title
    return title or (_is_kept(version.text, was.text) and before.lead != after.story_version.lead)


def _is_kept(now: str, before: str) -> bool:
    return bool(now.strip()) and now.strip() == before.strip()


def _words_before(delivery: Delivery) -> PostVersion:
    """What the post itself says on its channel."""
    known = posts.get_versions([delivery.post_version_id] if delivery.post_version_id is not None else [])
    return known[0] if known else posts.get_current_version(delivery.post)


def agreed_words(delivery: Delivery) -> PostVersion:
    """What the post itself is to say: with a correction that waits, what was agreed to together with it; otherwise what
    it says on its channel. What was written since for the next correction is nobody's wish yet.
    """
    wanted = delivery.correcting_to_id
    agreed = approvals.agreed_post_version_id(wanted, delivery.post_id) if wanted is not None else None
    known = posts.get_versions([agreed] if agreed is not None else [])
    return known[0] if known else _words_before(delivery)


def _shown(account: ChannelAccount, payload: Mapping[str, Any]) -> tuple[Any, ...]:
    variant = variant_of_payload(payload)
    pictures = [(m.asset_id, m.sha256, m.crop, m.alt_text, m.credit) for m in variant.media]
    if post_policy.uses_story_body(account):
        return variant.title, variant.text, variant.summary, pictures
    return variant.title if post_policy.takes_title(account) else "", compose_text(variant), pictures


def _words(payload: Mapping[str, Any]) -> str:
    return compose_text(variant_of_payload(payload))
