"""Where files are used, told to the library: stories, publications, ideas, evidence, official results and
measurements, from each room's own tables.

A page that shows several rooms belongs here; the library binds these as its sources (``media/usage.py``). What is used
is counted for everybody, so that nobody takes a file for unused; a title and an address are for those who read the
story. Of a confidential story the files themselves stay with the people named for it (``kept_from``, ``open_to``).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    SQLColumnExpression,
    case,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from humasflow.accounts.policy import Principal
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.core.periods import parse_period
from humasflow.core.permissions import Permission
from humasflow.media.models import Asset, Consent
from humasflow.media.usage import Use, UseKind, hidden_from
from humasflow.pitches.models import Pitch, PitchPhoto
from humasflow.posts.models import Post, PostPicture, PostVersion
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery, Evidence
from humasflow.scoring.models import Measurement, OfficialResult
from humasflow.scoring.queries.official import label_at
from humasflow.stories.assigned import assigned_to
from humasflow.stories.models import Story, StoryPicture, StoryVersion
from humasflow.stories.visibility import visible_to

Counts = Mapping[int, int]
Places = Mapping[int, Sequence[Use]]


def _flag(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition as a column."""
    return case((condition, literal(value=True)), else_=literal(value=False))


def _story_facts(actor: Principal) -> tuple[ColumnElement[Any], ...]:
    """What :func:`_place` asks about a story: ``seen``, whether confidentiality allows it; ``own``, whether the person
    began it or works on it.
    """
    own = or_(Story.created_by == actor.id, assigned_to(actor.id, Story.id))
    return (
        Story.id.label("story_id"), Story.title.label("title"), Story.office_id.label("office_id"),
        _flag(visible_to(actor.id)).label("seen"), _flag(own).label("own"),
    )  # fmt: skip


def _place(actor: Principal, row: Row[Any], kind: UseKind, **facts: Any) -> Use:
    """Title and address for who reads the story (``stories.policy.can_read``), and for nobody else. Who reads it
    because of their own part in it is led to the story: the pages of publications are not for them.
    """
    if not row.seen:
        return Use(kind, _("Naskah rahasia"), "", **facts)
    if actor.can(Permission.STORY_READ, row.office_id) and kind is not UseKind.STORY:
        return Use(kind, row.title, url_for("publishing.detail", post_id=row.post_id), **facts)
    if actor.can(Permission.STORY_READ, row.office_id) or row.own:
        return Use(kind, row.title, url_for("pages.story", story_id=row.story_id), **facts)
    return Use(kind, _("Naskah redaksi"), "", **facts)


def _numbers(statement: Select[Any, int]) -> Counts:
    return {row[0]: row[1] for row in db.session.execute(statement)}


class _Source:
    """A room whose things are never confidential, nor open a confidential story's files to anybody."""

    def kept_from(self, reader_id: int, asset_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
        return false()

    def open_to(self, reader_id: int, asset_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
        return false()


class _Column(_Source):
    """Things that name a file in a column of their own."""

    def __init__(self, column: SQLColumnExpression[Any]) -> None:
        self.column = column

    def uses(self, asset_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
        return exists().where(self.column == asset_id)

    def count_uses(self, asset_ids: Sequence[int]) -> Counts:
        statement = select(self.column, func.count()).where(self.column.in_(asset_ids)).group_by(self.column)
        return _numbers(statement)


class StoryUses(_Source):
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
                StoryPicture.asset_id, Story.state, current.label("current"),
                func.max(StoryVersion.number).label("number"), *_story_facts(actor),
            )
            .join(StoryVersion, StoryVersion.id == StoryPicture.version_id)
            .join(Story, Story.id == StoryVersion.story_id)
            .where(StoryPicture.asset_id.in_(asset_ids))
            .group_by(StoryPicture.asset_id, Story.id)
            .order_by(Story.id.desc())
        )  # fmt: skip
        found = defaultdict(list)
        for row in db.session.execute(statement):
            past = _("hanya di versi lama, sampai versi %(n)s", n=row.number)
            found[row.asset_id].append(
                _place(
                    actor, row, UseKind.STORY, is_current=bool(row.current),
                    detail=row.state.label if row.current else past,
                )
            )  # fmt: skip
        return found

    def kept_from(self, reader_id: int, asset_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
        return self._of_stories(asset_id, not_(visible_to(reader_id)))

    def open_to(self, reader_id: int, asset_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
        return self._of_stories(asset_id, visible_to(reader_id))

    @staticmethod
    def _of_stories(
        asset_id: SQLColumnExpression[int], condition: ColumnElement[bool]
    ) -> ColumnElement[bool]:
        return (
            select(StoryPicture.asset_id)
            .join(StoryVersion, StoryVersion.id == StoryPicture.version_id)
            .join(Story, Story.id == StoryVersion.story_id)
            .where(StoryPicture.asset_id == asset_id, condition)
            .exists()
        )


class PostUses(_Source):
    """Pictures of publications, but for removed ones. These still belong to their story, whose confidentiality they
    share.
    """

    def uses(self, asset_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
        return self._of_posts(asset_id, Post.removed_at.is_(None))

    def count_uses(self, asset_ids: Sequence[int]) -> Counts:
        statement = (
            select(PostPicture.asset_id, func.count(Post.id.distinct()))
            .join(PostVersion, PostVersion.id == PostPicture.version_id)
            .join(Post, Post.id == PostVersion.post_id)
            .where(PostPicture.asset_id.in_(asset_ids), Post.removed_at.is_(None))
            .group_by(PostPicture.asset_id)
        )
        return _numbers(statement)

    def list_uses(self, actor: Principal, asset_ids: Sequence[int]) -> Places:
        current = func.max(case((PostVersion.id == Post.current_version_id, 1), else_=0))
        live = exists().where(Delivery.post_id == Post.id, Delivery.state == DeliveryState.PUBLISHED)
        statement = (
            select(
                PostPicture.asset_id, Post.id.label("post_id"), ChannelAccount.name.label("account"),
                current.label("current"), _flag(live).label("live"), *_story_facts(actor),
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
            found[row.asset_id].append(
                _place(
                    actor, row, UseKind.POST, is_current=bool(row.current), detail=row.account,
                    is_live=bool(row.current and row.live),
                )
            )  # fmt: skip
        return found

    def kept_from(self, reader_id: int, asset_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
        return self._of_posts(asset_id, not_(visible_to(reader_id)))

    def open_to(self, reader_id: int, asset_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
        return self._of_posts(asset_id, visible_to(reader_id))

    @staticmethod
    def _of_posts(asset_id: SQLColumnExpression[int], condition: ColumnElement[bool]) -> ColumnElement[bool]:
        return (
            select(PostPicture.asset_id)
            .join(PostVersion, PostVersion.id == PostPicture.version_id)
            .join(Post, Post.id == PostVersion.post_id)
            .join(Story, Story.id == Post.story_id)
            .where(PostPicture.asset_id == asset_id, condition)
            .exists()
        )


class PitchUses(_Column):
    """Photos of ideas."""

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


class EvidenceUses(_Column):
    """Screenshots that prove a publication."""

    def list_uses(self, actor: Principal, asset_ids: Sequence[int]) -> Places:
        statement = (
            select(Evidence.screenshot_id, Delivery.post_id, *_story_facts(actor))
            .join(Delivery, Delivery.id == Evidence.delivery_id)
            .join(Post, Post.id == Delivery.post_id)
            .join(Story, Story.id == Post.story_id)
            .where(Evidence.screenshot_id.in_(asset_ids))
            .order_by(Evidence.id.desc())
        )
        found = defaultdict(list)
        for row in db.session.execute(statement):
            found[row.screenshot_id].append(_place(actor, row, UseKind.EVIDENCE))
        return found


class ConsentUses(_Column):
    """Documents that prove a consent."""

    def list_uses(self, actor: Principal, asset_ids: Sequence[int]) -> Places:
        statement = (
            select(
                Consent.document_id, Consent.person, Asset.id, Asset.office_id, Asset.uploaded_by,
                _flag(hidden_from(actor.id, Asset.id)).label("hidden"),
            )
            .join(Asset, Asset.id == Consent.asset_id)
            .where(Consent.document_id.in_(asset_ids))
            .order_by(Consent.id.desc())
        )  # fmt: skip
        found = defaultdict(list)
        for row in db.session.execute(statement):
            edits = actor.can(Permission.STORY_WRITE, row.office_id) and not row.hidden
            opens = edits or row.uploaded_by == actor.id
            found[row.document_id].append(
                Use(
                    UseKind.CONSENT, row.person if opens else _("Izin seseorang"),
                    url_for("media.detail", asset_id=row.id) if opens else "",
                )
            )  # fmt: skip
        return found


class _RareColumn(_Column):
    """Of a table in which few rows have a file: they are read once, where ``exists`` would look for each file anew."""

    def uses(self, asset_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
        return asset_id.in_(select(self.column).where(self.column.is_not(None)))


class _EnteredUses(_RareColumn):
    """Documents behind what people entered about a period of a scheme. What was corrected keeps its own."""

    kind: UseKind
    table: type[OfficialResult] | type[Measurement]
    more: tuple[InstrumentedAttribute[Any], ...]  # what a name or an address needs besides

    def list_uses(self, actor: Principal, asset_ids: Sequence[int]) -> Places:
        table = self.table
        later = aliased(table)
        superseded = exists().where(later.supersedes_id == table.id)
        statement = (
            select(
                table.asset_id, table.id, table.office_id, table.scheme_id, table.period, table.component_key,
                label_at(table.scheme_id, table.component_key).label("name"), _flag(not_(superseded)).label("current"),
                *self.more,
            )
            .where(table.asset_id.in_(asset_ids))
            .order_by(table.id.desc())
        )  # fmt: skip
        found = defaultdict(list)
        for row in db.session.execute(statement):
            opens = actor.can(Permission.SCORE_READ, row.office_id)
            found[row.asset_id].append(
                Use(
                    self.kind, self.name_of(row, opens=opens), self.address_of(row) if opens else "",
                    is_current=bool(row.current), detail=parse_period(row.period).label,
                )
            )  # fmt: skip
        return found

    def name_of(self, row: Row[Any], *, opens: bool) -> str:
        """What it is called for who may open it, and for who may not."""
        raise NotImplementedError

    def address_of(self, row: Row[Any]) -> str:
        """Where it is shown."""
        raise NotImplementedError


class OfficialUses(_EnteredUses):
    """Documents behind what the head office announced."""

    kind, table, more = UseKind.OFFICIAL, OfficialResult, (OfficialResult.label,)

    def name_of(self, row: Row[Any], *, opens: bool) -> str:
        return (row.label or row.name or _("Nilai akhir")) if opens else _("Hasil resmi")

    def address_of(self, row: Row[Any]) -> str:
        return url_for("scoring.official", koreksi=row.id)


class MeasurementUses(_EnteredUses):
    """Documents behind measurements. Of a single publication the component is named, never the title."""

    kind, table, more = UseKind.MEASUREMENT, Measurement, (Measurement.post_id,)

    def name_of(self, row: Row[Any], *, opens: bool) -> str:
        return (row.name or row.component_key) if opens else _("Pengukuran")

    def address_of(self, row: Row[Any]) -> str:
        return url_for(
            "scoring.measure", key=row.component_key, periode=row.period, skema=row.scheme_id,
            publikasi=row.post_id if row.current else None,
        )  # fmt: skip


SOURCES = (
    StoryUses(), PostUses(), PitchUses(PitchPhoto.asset_id), EvidenceUses(Evidence.screenshot_id),
    ConsentUses(Consent.document_id), OfficialUses(OfficialResult.asset_id), MeasurementUses(Measurement.asset_id),
)  # fmt: skip
