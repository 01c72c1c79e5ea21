"""What several pages of publications share."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from typing import Any

from flask import request
from flask_login import current_user
from sqlalchemy import select

from humasflow.channels.adapters.manual import CopyKit, copy_kit
from humasflow.channels.adapters.registry import UnknownAdapter
from humasflow.channels.models import ChannelAccount
from humasflow.channels.policy import limits_of
from humasflow.channels.presets.loader import UnknownPlatform, get_platform
from humasflow.core.db import db
from humasflow.core.html import text_from_html
from humasflow.media.models import Asset
from humasflow.media.services import keep_images, uploads_from
from humasflow.posts.models import Post
from humasflow.posts.previewing import ChannelPreview
from humasflow.publishing import queries
from humasflow.publishing.models import Delivery
from humasflow.publishing.snapshots import take_snapshot, variant_of_payload

MIDNIGHT = time()


def get_post(post_id: int) -> Post:
    """The post that the signed-in person may see here, or "not found"."""
    return queries.get_post_for(current_user, post_id)


def payload_of(post: Post, delivery: Delivery | None) -> dict[str, Any]:
    """What went out, or is asked to be posted; before that what would go out now."""
    stored = queries.get_payload(delivery.id) if delivery is not None else {}
    imported = delivery is not None and delivery.published_at is not None
    return stored or ({} if imported else take_snapshot(post).payload)


def kit_of(account: ChannelAccount, payload: dict[str, Any]) -> CopyKit:
    """Texts and media ready to be copied, as the connection would send them: with link, hashtags and crops. A story's
    body comes as plain text.
    """
    variant = variant_of_payload(payload)
    body = str(payload.get("body_html") or "")
    if body:
        variant = replace(variant, text=text_from_html(body))
    elif limits_of(account).title is None:
        variant = replace(variant, title="")
    return copy_kit(variant, account.kind.code)


def looks_of(account: ChannelAccount, payload: dict[str, Any]) -> ChannelPreview | None:
    """A payload as its channel shows it, with link, hashtags and crops; None of a story's body. One statement."""
    if not payload or payload.get("body_html"):
        return None
    variant = variant_of_payload(payload)
    shown = db.session.scalars(select(Asset).where(Asset.id.in_([m.asset_id for m in variant.media])))
    posters = frozenset(asset.id for asset in shown if asset.has_poster)
    return ChannelPreview(account, variant, str(payload.get("lead") or ""), posters)


def platform_link(account: ChannelAccount) -> str:
    """Where the person posts: the account's own address, else the platform's front page; empty if neither is known."""
    if account.url.startswith(("https://", "http://")):
        return account.url
    try:
        hosts: Sequence[str] = get_platform(account.kind.code).hosts
    except (UnknownPlatform, UnknownAdapter):
        hosts = account.kind.hosts
    return f"https://{hosts[0]}/" if hosts else ""


class Screenshot:
    """The picture that came with a form, or with its refused first try. It is kept even if the form is not."""

    def __init__(self, office_id: int) -> None:
        self.asset: Asset | None = None
        self.error = ""
        self.is_new = False
        uploads = uploads_from(request.files.getlist("screenshot"))
        if uploads:
            kept, refused = keep_images(uploads[:1], office_id=office_id, actor=current_user)
            self.asset = kept[0] if kept else None
            self.error = refused[0].message if refused else ""
            self.is_new = bool(kept)
        else:
            self.asset = self._kept_before(office_id)

    @staticmethod
    def _kept_before(office_id: int) -> Asset | None:
        ident = request.form.get("kept_photos", "")
        if not (ident.isascii() and ident.isdigit() and len(ident) < 18):
            return None
        found = db.session.get(Asset, int(ident))
        if found is None or found.office_id != office_id or found.uploaded_by != current_user.id:
            return None
        return found

    @property
    def errors(self) -> list[str]:
        """What to say beside the field."""
        return [self.error] if self.error else []

    @property
    def kept(self) -> list[Asset]:
        """What need not be chosen again."""
        return [self.asset] if self.asset is not None else []
