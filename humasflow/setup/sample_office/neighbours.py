"""Offices above and below the sample office: campaigns that are asked and answered, stories that go both ways."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import load_principal
from humasflow.accounts.services import people
from humasflow.channels import queries as channel_queries
from humasflow.channels import services as channels
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.permissions import Role
from humasflow.orgs import services as orgs
from humasflow.orgs.enums import OfficeKind
from humasflow.orgs.models import Unit
from humasflow.planning import queries as planning_queries
from humasflow.planning import services as planning
from humasflow.planning.campaigns.models import Campaign
from humasflow.planning.campaigns.services import (
    CampaignContent,
    adopt_offer,
    create_campaign,
    decline_offer,
    offer_campaign,
)
from humasflow.planning.models import ContentType
from humasflow.posts.services import PostContent, create_post
from humasflow.publishing.services import backfill_published
from humasflow.setup.sample.neighbours import (
    EAST,
    LOWER,
    NORTH,
    RELEASE,
    SOUTH,
    SUBMISSION,
    UPPER,
    SampleNeighbour,
)
from humasflow.setup.sample_office.campaigns import AUCTION, campaign_named
from humasflow.setup.sample_office.cast import Cast
from humasflow.setup.sample_office.timing import days_ago, moment, workday
from humasflow.stories.contents import StoryContent
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.models import Story
from humasflow.stories.services import create_story, move_story, set_embargo
from humasflow.stories.services.handing_over import hand_over, take


@dataclass(frozen=True)
class _Neighbour:
    """An office with its editor and the type its stories are of."""

    office: Unit
    editor: Principal
    kind: ContentType

    def story(self, content: StoryContent, *moves: StoryMove) -> Story:
        """A story of its editor, brought so far."""
        made = create_story(
            actor=self.editor, office_id=self.office.id, content=replace(content, writer_credit=self.editor.name),
            content_type_id=self.kind.id,
        )  # fmt: skip
        for move in moves:
            move_story(made, move, actor=None)
        return made


def write_neighbours(cast: Cast) -> None:
    """The offices, then what goes between them, oldest first. Flushes."""
    since = date(cast.plan.quarters[0].start.year - 1, 1, 1)
    upper = _people(cast.upper, UPPER, since)
    lower = {
        wanted: _people(
            orgs.create_office(
                actor=None, name=wanted.name, short_name=wanted.short_name, office_kind=OfficeKind.SERVICE,
                timezone=cast.office.zone_name, parent=cast.office, is_sample=True,
            ), wanted, since,
        )
        for wanted in LOWER
    }  # fmt: skip
    _own_campaign(cast, lower)
    _campaigns_from_above(cast, upper)
    _stories(cast, upper, lower)


def _people(office: Unit, wanted: SampleNeighbour, since: date) -> _Neighbour:
    user = people.create_user(
        actor=None, office_id=office.id, name=wanted.editor, email=wanted.email, is_sample=True
    )
    people.grant_role(user, office, Role.EDITOR, actor=None, position_title="Pranata Humas", valid_from=since)
    planning.seed_content_types(
        office.id, [("berita_terbaru", "Berita terbaru"), ("siaran_pers", "Siaran pers")]
    )
    kinds = {t.code: t for t in planning_queries.list_content_types(office.id)}
    kind = kinds["siaran_pers" if wanted is UPPER else "berita_terbaru"]
    return _Neighbour(office, load_principal(user, office_id=office.id), kind)


def _own_campaign(cast: Cast, lower: dict[SampleNeighbour, _Neighbour]) -> None:
    """The running one is offered to the offices below: one follows it, one declines, one has not answered."""
    campaign = campaign_named(cast, AUCTION)
    with days_ago(cast, 15):
        offers = offer_campaign(
            campaign, actor=cast.principal("redaktur-1"), office_ids=[n.office.id for n in lower.values()]
        )
    by_office = {offer.office_id: offer for offer in offers}
    north, south = lower[NORTH], lower[SOUTH]
    with days_ago(cast, 13):
        own = adopt_offer(
            by_office[north.office.id], actor=north.editor,
            content=replace(_said(campaign), name="Lelang Itu Mudah di Pesisir", target=6),
        )  # fmt: skip
    with days_ago(cast, 12):
        decline_offer(
            by_office[south.office.id], actor=south.editor,
            reason="Tenaga humas tersita pindah gedung sampai akhir bulan.",
        )  # fmt: skip
    channels.seed_kinds(north.office.id)
    kinds = {k.code: k for k in channel_queries.list_kinds(north.office.id)}
    web = channels.create_account(
        north.office.id, actor=None, kind=kinds["website_own"], name="Situs berita kantor", handle="", url="",
        assignee_id=None,
    )  # fmt: skip
    for days, title in (
        (9, "Tiga langkah ikut lelang dari gawai"),
        (4, "Loket lelang kini buka sampai sore"),
    ):
        with days_ago(cast, days):
            story = north.story(_short(title), StoryMove.SUBMIT, StoryMove.APPROVE)
            story.campaign_id = own.id
            post = create_post(
                story, actor=north.editor, account_id=web.id, content_type_id=north.kind.id,
                content=PostContent(text=""),
            )  # fmt: skip
            backfill_published(post, published_at=clock.now(), url=None, captured_by=None)


def _said(campaign: Campaign) -> CampaignContent:
    return CampaignContent(
        campaign.name, campaign.goal, campaign.audience, campaign.starts_on, campaign.ends_on, campaign.message,
        campaign.hashtag,
    )  # fmt: skip


def _short(title: str) -> StoryContent:
    return StoryContent(
        title=title, body_html=f"<p>{title}. Penjelasan lengkapnya tersedia di loket.</p>",
        goal="Warga berani ikut lelang", audience="Warga pesisir utara",
    )  # fmt: skip


def _campaigns_from_above(cast: Cast, upper: _Neighbour) -> None:
    """One is followed with an own version, another waits for an answer."""
    today = cast.plan.today
    said = CampaignContent(
        "Pekan Konsultasi Aset", "Satuan kerja berani bertanya sebelum salah mencatat",
        "Pengelola aset di satuan kerja", today + timedelta(days=3), today + timedelta(days=17),
        message="Bertanya itu gratis.", hashtag="#KonsultasiAset", target=40,
    )  # fmt: skip
    with days_ago(cast, 8):
        consulting = create_campaign(actor=upper.editor, office_id=upper.office.id, content=said)
        (offer,) = offer_campaign(consulting, actor=upper.editor, office_ids=[cast.office.id])
    with days_ago(cast, 6):
        adopt_offer(
            offer, actor=cast.principal("redaktur-1"),
            content=replace(said, target=8, shares={cast.pillars["bmn"].id: 60, cast.pillars["layanan"].id: 40}),
        )  # fmt: skip
    with days_ago(cast, 1):
        friendly = create_campaign(
            actor=upper.editor, office_id=upper.office.id, content=CampaignContent(
                "Ramah Sejak Loket Pertama", "Pemohon merasa dilayani dengan hormat", "Pemohon layanan",
                today + timedelta(days=30), today + timedelta(days=60), hashtag="#RamahSejakLoket", target=20,
            ),
        )  # fmt: skip
        offer_campaign(friendly, actor=upper.editor, office_ids=[cast.office.id])


def _stories(cast: Cast, upper: _Neighbour, lower: dict[SampleNeighbour, _Neighbour]) -> None:
    """A release from above under embargo and a submission from below wait; what went down was taken by one office."""
    ready = (StoryMove.SUBMIT, StoryMove.APPROVE)
    with days_ago(cast, 2):
        release = upper.story(
            StoryContent(
                title="Pekan konsultasi aset dibuka serentak", lead="Konsultasi tatap muka dan daring, tanpa biaya.",
                body_html=RELEASE, goal="Satuan kerja mendaftar konsultasi", audience="Pengelola aset di satuan kerja",
            ), *ready,
        )  # fmt: skip
        set_embargo(release, actor=upper.editor, until=moment(cast, workday(cast, 3), 9))
        hand_over(
            release, actor=upper.editor, office_ids=[cast.office.id], note="Tayang serentak sesudah embargo."
        )
    with days_ago(cast, 1, 11):
        north = lower[NORTH]
        submission = north.story(
            StoryContent(
                title="Perajin pesisir menang lelang mesin jahit", lead="Ikut lelang untuk pertama kali, lewat gawai.",
                body_html=SUBMISSION, goal="Warga berani ikut lelang", audience="Pelaku usaha kecil",
            )
        )  # fmt: skip
        hand_over(
            submission,
            actor=north.editor,
            office_ids=[cast.office.id],
            note="Barangkali layak untuk situs kantor.",
        )
    with days_ago(cast, 3):
        live = db.session.scalars(
            select(Story)
            .where(
                Story.office_id == cast.office.id,
                Story.state == StoryState.PUBLISHED,
                Story.state_since < clock.now(),
            )
            .order_by(Story.state_since.desc(), Story.id.desc())
            .limit(1)
        ).one()
        given = hand_over(
            live, actor=cast.principal("redaktur-1"), office_ids=[lower[n].office.id for n in (NORTH, EAST)]
        )
    with days_ago(cast, 2, 14):
        first = next(h for h in given if h.to_office_id == north.office.id)
        take(first, actor=north.editor, content_type_id=north.kind.id)
