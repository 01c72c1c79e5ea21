"""Campaigns of the sample office: one that runs, one to come, one that is over; stories are filed under them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from humasflow.core.db import db
from humasflow.core.localtime import to_local
from humasflow.planning.campaigns.models import Campaign
from humasflow.planning.campaigns.services import CampaignContent, create_campaign
from humasflow.posts.models import Post
from humasflow.setup.sample_office.cast import Cast
from humasflow.setup.sample_office.timing import days_ago
from humasflow.stories.models import Story

AUCTION = "Lelang Itu Mudah"


@dataclass(frozen=True, slots=True)
class _Campaign:
    """``first`` and ``last`` are days from today; ``shares`` per cent by the key of the pillar."""

    name: str
    first: int
    last: int
    goal: str
    audience: str
    message: str
    hashtag: str
    target: int
    shares: Mapping[str, int] = field(default_factory=dict)


_CAMPAIGNS = (
    _Campaign(
        "Layanan Tanpa Gratifikasi", -80, -45, "Pemohon tahu bahwa semua layanan tidak dipungut biaya tambahan",
        "Pemohon layanan dan satuan kerja", "Cukup ucapkan terima kasih.", "#TanpaGratifikasi", 12,
        {"integritas": 70, "layanan": 30},
    ),
    _Campaign(
        AUCTION, -18, 24, "Warga berani ikut lelang dan mengenali penipuan yang mengatasnamakan lelang",
        "Pelaku usaha kecil dan warga yang belum pernah ikut lelang",
        "Lelang terbuka bagi siapa saja, dan tidak ada yang dapat menjamin pemenang.", "#LelangItuMudah", 24,
        {"lelang": 60, "layanan": 25, "integritas": 15},
    ),
    _Campaign(
        "Aset Tertib, Negara Untung", 20, 55, "Satuan kerja melapor lengkap sebelum batas waktu",
        "Pengelola aset di satuan kerja", "Yang tercatat dapat dimanfaatkan.", "#AsetTertib", 15,
        {"bmn": 70, "penilaian": 30},
    ),
)  # fmt: skip


def write_campaigns(cast: Cast) -> None:
    """The campaigns, and the stories whose pillar and days are theirs. Flushes."""
    editor = cast.principal("redaktur-1")
    for wanted in _CAMPAIGNS:
        first, last = (cast.plan.today + timedelta(days=n) for n in (wanted.first, wanted.last))
        with days_ago(cast, max(-wanted.first, 0) + 7):
            made = create_campaign(
                actor=editor, office_id=cast.office.id, content=CampaignContent(
                    name=wanted.name, goal=wanted.goal, audience=wanted.audience, starts_on=first, ends_on=last,
                    message=wanted.message, hashtag=wanted.hashtag, target=wanted.target,
                    shares={cast.pillars[key].id: percent for key, percent in wanted.shares.items()},
                ),
            )  # fmt: skip
        _file_under(cast, made, wanted.shares)
    db.session.flush()


def campaign_named(cast: Cast, name: str) -> Campaign:
    """One of the office's campaigns."""
    return db.session.scalars(
        select(Campaign).where(Campaign.office_id == cast.office.id, Campaign.name == name)
    ).one()


def _file_under(cast: Cast, campaign: Campaign, shares: Mapping[str, int]) -> None:
    """Straight into the table, as the history is: stories of its pillars with a post in its days."""
    pillars = [cast.pillars[key].id for key in shares]
    rows = db.session.execute(
        select(Story, Post.scheduled_at)
        .join(Post, Post.story_id == Story.id)
        .where(
            Story.office_id == cast.office.id, Story.pillar_id.in_(pillars), Story.campaign_id.is_(None),
            Post.scheduled_at.is_not(None),
        )
        .order_by(Story.id, Post.id)
    )  # fmt: skip
    for story, at in rows.all():
        day: date | None = to_local(at, cast.office.zone_name).date() if at is not None else None
        if day is not None and campaign.starts_on <= day <= campaign.ends_on:
            story.campaign_id = campaign.id
