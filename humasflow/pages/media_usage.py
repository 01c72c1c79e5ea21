"""Where files are used, told to the library: stories, publications, ideas and evidence, from each room's own tables.

A page that shows several rooms belongs here; the library binds these as its sources (``media/usage.py``). A
confidential story is counted, so that nobody takes a file for unused, but its title stays with the people named for it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case, exists, func, literal, or_, select

from humasflow.accounts.policy import Principal
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.media.models import Asset, Consent
from humasflow.media.usage import Use, UseKind
from humasflow.pitches.models import Pitch, PitchPhoto
from humasflow.posts.models import Post, PostPicture, PostVersion
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery, Evidence
from humasflow.stories.models import Story, StoryPicture, StoryVersion
from humasflow.stories.visibility import visible_to

Counts = Mapping[int, int]
Places = Mapping[int, Sequence[Use]]


def _sees(actor: Principal) -> ColumnElement[bool]:
    """Stories that the person may open, as a column: 1 or 0."""
    return case((visible_to(actor.id), literal(value=True)), else_=literal(value=False))


def _numbers(statement: Select[Any, int]) -> Counts:
    return {row[0]: row[1] for row in db.session.execute(statement)}


class StoryUses:
    """Pictures of stories: of the current version, or of an earlier one."""

    def uses(self, asset_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
        return exists().where(StoryPicture.asset_id == asset_id)

    def count_uses(self, asset_ids: Sequence[int]) -> Counts:
        statement = (
            select(StoryPicture.asset_id, func.count(StoryVersion.story_id.distinct()))
            .join(StoryVersion, StoryVersion.id == StoryPicture.version_id)
            .where(StoryPicture.asset_id.in_(asset_ids))
            .group_by(StoryPicture.asset_id)
        )
        return _numbers(statement)

    def list_uses(self, actor: Principal, asset_ids: Sequence[int]) -> Places:
        current = func.max(case((StoryVersion.id == Story.current_version_id, 1), else_=0))
        statement = (
            select(
                StoryPicture.asset_id, Story.id, Story.title, Story.state, Story.office_id, current.label("current"),
                _sees(actor).label("seen"), func.max(StoryVersion.number).label("number"),
            )
            .join(StoryVersion, StoryVersion.id == StoryPicture.version_id)
            .join(Story, Story.id == StoryVersion.story_id)
            .where(StoryPicture.asset_id.in_(asset_ids))
            .group_by(StoryPicture.asset_id, Story.id)
            .order_by(Story.id.desc())
        )  # fmt: skip
        found = defaultdict(list)
        for row in db.session.execute(statement):
            opens = row.seen and actor.can(Permission.STORY_READ, row.office_id)
            found[row.asset_id].append(
                Use(
                    UseKind.STORY, row.title if row.seen else _("Naskah rahasia"),
                    url_for("pages.story", story_id=row.id) if opens else "", is_current=bool(row.current),
                    detail=row.state.label
                    if row.current
                    else _("hanya di versi lama, sampai versi %(n)s", n=row.number),
                )
            )  # fmt: skip
        return found


class PostUses:
    """Pictures of publications."""

    def uses(self, asset_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
        return or_(
            exists().where(PostPicture.asset_id == asset_id),
            exists().where(Delivery.cover_asset_id == asset_id),
        )

    def count_uses(self, asset_ids: Sequence[int]) -> Counts:
        statement = (
            select(PostPicture.asset_id, func.count(PostVersion.post_id.distinct()))
            .join(PostVersion, PostVersion.id == PostPicture.version_id)
            .where(PostPicture.asset_id.in_(asset_ids))
            .group_by(PostPicture.asset_id)
        )
        return _numbers(statement)

    def list_uses(self, actor: Principal, asset_ids: Sequence[int]) -> Places:
        current = func.max(case((PostVersion.id == Post.current_version_id, 1), else_=0))
        live = exists().where(Delivery.post_id == Post.id, Delivery.state == DeliveryState.PUBLISHED)
        statement = (
            select(
                PostPicture.asset_id, Post.id, Story.title, ChannelAccount.name.label("account"), Story.office_id,
                current.label("current"), _sees(actor).label("seen"),
                case((live, literal(value=True)), else_=literal(value=False)).label("live"),
            )
            .join(PostVersion, PostVersion.id == PostPicture.version_id)
            .join(Post, Post.id == PostVersion.post_id)
            .join(Story, Story.id == Post.story_id)
            .join(ChannelAccount, ChannelAccount.id == Post.account_id)
            .where(PostPicture.asset_id.in_(asset_ids), Post.removed_at.is_(None))
            .group_by(PostPicture.asset_id, Post.id, Story.id, ChannelAccount.id)
            .order_by(Post.id.desc())
        )  # fmt: skip
        found = defaultdict(list)
        for row in db.session.execute(statement):
            opens = row.seen and actor.can(Permission.STORY_READ, row.office_id)
            found[row.asset_id].append(
                Use(
                    UseKind.POST, row.title if row.seen else _("Naskah rahasia"),
                    url_for("publishing.detail", post_id=row.id) if opens else "", is_current=bool(row.current),
                    is_live=bool(row.current and row.live), detail=row.account,
                )
            )  # fmt: skip
        return found


class PitchUses:
    """Photos of ideas."""

    def uses(self, asset_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
        return exists().where(PitchPhoto.asset_id == asset_id)

    def count_uses(self, asset_ids: Sequence[int]) -> Counts:
        statement = (
            select(PitchPhoto.asset_id, func.count())
            .where(PitchPhoto.asset_id.in_(asset_ids))
            .group_by(PitchPhoto.asset_id)
        )
        return _numbers(statement)

    def list_uses(self, actor: Principal, asset_ids: Sequence[int]) -> Places:
        statement = (
            select(PitchPhoto.asset_id, Pitch.id, Pitch.title, Pitch.state, Pitch.office_id, Pitch.author_id)
            .join(Pitch, Pitch.id == PitchPhoto.pitch_id)
            .where(PitchPhoto.asset_id.in_(asset_ids))
            .order_by(Pitch.id.desc())
        )
        found = defaultdict(list)
        for row in db.session.execute(statement):
            opens = row.author_id == actor.id or actor.can(Permission.PITCH_READ_ALL, row.office_id)
            found[row.asset_id].append(
                Use(
                    UseKind.PITCH, row.title if opens else _("Usulan rekan"),
                    url_for("pitches.detail", pitch_id=row.id) if opens else "", detail=row.state.label,
                )
            )  # fmt: skip
        return found


class EvidenceUses:
    """Screenshots that prove a publication."""

    def uses(self, asset_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
        return exists().where(Evidence.screenshot_id == asset_id)

    def count_uses(self, asset_ids: Sequence[int]) -> Counts:
        statement = (
            select(Evidence.screenshot_id, func.count())
            .where(Evidence.screenshot_id.in_(asset_ids))
            .group_by(Evidence.screenshot_id)
        )
        return _numbers(statement)

    def list_uses(self, actor: Principal, asset_ids: Sequence[int]) -> Places:
        statement = (
            select(
                Evidence.screenshot_id,
                Delivery.post_id,
                Story.title,
                Story.office_id,
                _sees(actor).label("seen"),
            )
            .join(Delivery, Delivery.id == Evidence.delivery_id)
            .join(Post, Post.id == Delivery.post_id)
            .join(Story, Story.id == Post.story_id)
            .where(Evidence.screenshot_id.in_(asset_ids))
            .order_by(Evidence.id.desc())
        )
        found = defaultdict(list)
        for row in db.session.execute(statement):
            opens = row.seen and actor.can(Permission.STORY_READ, row.office_id)
            found[row.screenshot_id].append(
                Use(
                    UseKind.EVIDENCE, row.title if row.seen else _("Naskah rahasia"),
                    url_for("publishing.detail", post_id=row.post_id) if opens else "",
                )
            )  # fmt: skip
        return found


class ConsentUses:
    """Documents that prove a consent."""

    def uses(self, asset_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
        return exists().where(Consent.document_id == asset_id)

    def count_uses(self, asset_ids: Sequence[int]) -> Counts:
        statement = (
            select(Consent.document_id, func.count())
            .where(Consent.document_id.in_(asset_ids))
            .group_by(Consent.document_id)
        )
        return _numbers(statement)

    def list_uses(self, actor: Principal, asset_ids: Sequence[int]) -> Places:
        statement = (
            select(Consent.document_id, Consent.person, Asset.id, Asset.office_id, Asset.uploaded_by)
            .join(Asset, Asset.id == Consent.asset_id)
            .where(Consent.document_id.in_(asset_ids))
            .order_by(Consent.id.desc())
        )
        found = defaultdict(list)
        for row in db.session.execute(statement):
            opens = row.uploaded_by == actor.id or actor.can(Permission.STORY_WRITE, row.office_id)
            found[row.document_id].append(
                Use(
                    UseKind.CONSENT, row.person if opens else _("Izin seseorang"),
                    url_for("media.detail", asset_id=row.id) if opens else "",
                )
            )  # fmt: skip
        return found


SOURCES = (StoryUses(), PostUses(), PitchUses(), EvidenceUses(), ConsentUses())
