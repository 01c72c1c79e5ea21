"""How far the offices below are in the running quarter, under the scheme they took over from the sample office."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from humasflow.channels import queries as channel_queries
from humasflow.channels import services as channels
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.orgs.models import Unit
from humasflow.planning import queries as planning_queries
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.publishing.services import record_past_publication
from humasflow.scoring.enums import PointState
from humasflow.scoring.models import ScoreScheme
from humasflow.scoring.services.ledger import note_state, score_delivery
from humasflow.scoring.services.schemes import activate_version, take_over
from humasflow.scoring.services.targets import set_target
from humasflow.setup.sample.neighbours import NORTH, SOUTH, SampleNeighbour
from humasflow.setup.sample_office.cast import Cast
from humasflow.setup.sample_office.timing import moment

DOCUMENT = "Rekap berita kantor (contoh)"
TITLES = (
    "Jadwal layanan loket pekan ini", "Tanya jawab pemindahtanganan aset", "Lelang terjadwal di balai kota",
    "Satuan kerja belajar menyewakan aset", "Piutang lunas, berkas dikembalikan", "Penilaian tanah sekolah selesai",
)  # fmt: skip


@dataclass(frozen=True)
class _Below:
    """One office: how much it should publish, and how much of that was recorded and confirmed."""

    of: SampleNeighbour
    wanted: int
    live: int
    verified: int


# The third office below has not taken the scheme over yet.
OFFICES = (_Below(NORTH, 15, 11, 9), _Below(SOUTH, 12, 4, 4))


def write_below(cast: Cast) -> None:
    """After the neighbours, who have the offices. Flushes."""
    if cast.scheme is None:
        raise RuntimeError("the scheme is made before it is taken over")
    quarter = Quarter.from_local_date(cast.plan.today)
    for below in OFFICES:
        office = db.session.scalars(
            select(Unit).where(Unit.parent_id == cast.office.id, Unit.short_name == below.of.short_name)
        ).one()
        account = _web(office)
        draft = take_over(office, cast.scheme, actor=cast.principal("admin"))
        activate_version(draft, actor=None, effective_from=quarter)
        _score_what_is_live(office)
        _targets(draft.scheme, quarter, below.wanted)
        _news(cast, below, office, account, quarter)


def _web(office: Unit) -> ChannelAccount:
    known = next((a for a in channel_queries.list_accounts(office.id) if a.kind.code == "website_own"), None)
    if known is not None:
        return known
    channels.seed_kinds(office.id)
    kinds = {k.code: k for k in channel_queries.list_kinds(office.id)}
    return channels.create_account(
        office.id, actor=None, kind=kinds["website_own"], name="Situs berita kantor", handle="", url="",
        assignee_id=None,
    )  # fmt: skip


def _score_what_is_live(office: Unit) -> None:
    """At once, as the job of the activation would."""
    live = select(Delivery).where(Delivery.office_id == office.id, Delivery.state == DeliveryState.PUBLISHED)
    for delivery in db.session.scalars(live.order_by(Delivery.id)).all():
        score_delivery(delivery)


def _targets(scheme: ScoreScheme, quarter: Quarter, news: int) -> None:
    """Small offices: a few of everything. What is only shown has no target there."""
    for key, value in (("berita-utama", 1), ("berita-terbaru", news), ("artikel", 1), ("profil-kantor", 1)):
        set_target(
            scheme, actor=None, component_key=key, period=quarter, value=Decimal(value),
            letter=f"ND-14/KPKN.01/{quarter.year}",
        )  # fmt: skip


def _news(cast: Cast, below: _Below, office: Unit, account: ChannelAccount, quarter: Quarter) -> None:
    """Evenly from the first day of the quarter to the day before today, as many as there is room for."""
    kinds = {t.code: t for t in planning_queries.list_content_types(office.id)}
    days = (cast.plan.today - quarter.start).days
    for number in range(min(below.live, days)):
        day = quarter.start + timedelta(days=number * days // below.live)
        at = moment(cast, day, 10)
        delivery, _new = record_past_publication(
            actor=None, office=office, account=account, content_type=kinds["berita_terbaru"],
            title=TITLES[number % len(TITLES)], published_at=at, document=DOCUMENT,
            url=f"https://{below.of.email.rpartition('@')[2]}/berita/{quarter.key.lower()}-{number + 1}",
        )  # fmt: skip
        if number < below.verified:
            note_state(
                delivery,
                PointState.VERIFIED,
                at=at + timedelta(hours=4),
                label=below.of.editor,
                document=DOCUMENT,
            )
