"""What a person should know before something is moved, and may decide to do all the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import and_, func, or_, select

from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import today_at
from humasflow.calendar.moving.kinds import MovableCampaign, MovableDeadline, MovablePost
from humasflow.calendar.moving.movable import Movable, long_day
from humasflow.calendar.moving.occasions import MovableEvent
from humasflow.calendar.pace.taken import CURRENT, takes_its_time
from humasflow.calendar.spans import Span
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.digests import canonical_digest
from humasflow.core.localtime import show_date, show_time, to_local
from humasflow.orgs.models import Unit
from humasflow.planning.agenda.enums import Extent
from humasflow.planning.campaigns.models import Campaign
from humasflow.planning.days.queries import list_days
from humasflow.posts.models import Post
from humasflow.publishing.models import Delivery
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to

Landing = tuple[Movable, datetime | None]


@dataclass(frozen=True)
class Caution:
    """One sentence to think about."""

    text: str


def find_cautions(actor: Principal, landings: Sequence[Landing], extent: Extent) -> list[Caution]:
    """Everything to think about, each sentence once. What stays on its day is not asked about that day again.

    The statements do not grow with the number of things, but for campaigns, of which each counts its publications, and
    agenda, of which each asks for what hangs on it.
    """
    moving = [(m, to) for m, to in landings if to is not None and to != m.at]
    texts = [
        *_closed_days(moving),
        *_past_days(moving),
        *_neighbours(actor, moving),
        *_outside_campaign(moving),
        *_after_publication(moving),
        *_left_behind(moving),
        *_costs(actor, moving, extent),
    ]
    return [Caution(text) for text in dict.fromkeys(texts)]


def digest_of(cautions: Sequence[Caution], landings: Sequence[Landing]) -> str:
    """What a person says yes to: these sentences, about these things in these places."""
    places = [[str(m.kind), m.subject[1], _iso(m.occurrence), _iso(to)] for m, to in landings]
    return canonical_digest([sorted(c.text for c in cautions), sorted(places, key=str)])[:32]


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at is not None else ""


def _day(movable: Movable, to: datetime) -> date:
    return to_local(to, movable.zone).date()


def _closed_days(landings: Sequence[tuple[Movable, datetime]]) -> list[str]:
    by_office: dict[int, set[date]] = {}
    for movable, to in landings:
        if not isinstance(movable, MovableCampaign) and _day(movable, to) != movable.day:
            by_office.setdefault(movable.office.id, set()).add(_day(movable, to))
    texts = []
    for office_id, days in by_office.items():
        marks = list_days(office_id, min(days), max(days) + timedelta(days=1))
        for day in sorted(days):
            closed = [m for m in marks.get(day, ()) if m.is_closed]
            if closed:
                names = "; ".join(
                    f"{m.name} {_('(perkiraan)')}" if m.is_estimate else m.name for m in closed
                )  # fmt: skip
                texts.append(
                    _(
                        "%(day)s: %(kind)s, %(names)s.",
                        day=long_day(day),
                        kind=closed[0].kind.label,
                        names=names,
                    )
                )
    return texts


def _past_days(landings: Sequence[tuple[Movable, datetime]]) -> list[str]:
    """Of agenda and campaigns, which are put right afterwards too. Work that is still to be done is refused there."""
    texts = []
    for movable, to in landings:
        if isinstance(movable, MovableCampaign):
            last = movable.campaign.ends_on + timedelta(days=movable.days_to(to))
            if last < today_at(movable.office) <= movable.campaign.ends_on:
                texts.append(
                    _("%(name)s sudah berakhir pada %(day)s bila dipindahkan.",
                      name=movable.name, day=show_date(last))
                )  # fmt: skip
        elif isinstance(movable, MovableEvent) and _day(movable, to) < today_at(movable.office):
            texts.append(_("%(day)s sudah lewat.", day=long_day(_day(movable, to))))
    return texts


def _neighbours(actor: Principal, landings: Sequence[tuple[Movable, datetime]]) -> list[str]:
    """Other publications of the same account nearer than it wants them; those that move along, where they move to."""
    mine = [
        (m, to) for m, to in landings if isinstance(m, MovablePost) and m.post.account.min_gap_minutes > 0
    ]
    if not mine:
        return []
    near = [
        and_(
            # The office is said as well: its posts are found by their time, an account's only one by one.
            Post.office_id == m.post.office_id, Post.account_id == m.post.account_id,
            Post.scheduled_at > to - _gap(m), Post.scheduled_at < to + _gap(m),
        )
        for m, to in mine
    ]  # fmt: skip
    rows = db.session.execute(
        select(Post.account_id, Post.scheduled_at, Story.title, visible_to(actor.id))
        .join(Story, Story.id == Post.story_id)
        .outerjoin(Delivery, CURRENT)
        .where(or_(*near), Post.id.not_in([m.post.id for m, _to in mine]), *takes_its_time())
        .order_by(Post.scheduled_at, Post.id)
    ).all()  # fmt: skip
    known = [(account, at, title if seen else "") for account, at, title, seen in rows if at is not None]
    texts = []
    for movable, to in mine:
        account_id = movable.post.account_id
        texts += [
            _near(movable, at, title)
            for account, at, title in known
            if account == account_id and abs(at - to) < _gap(movable)
        ]
        known.append(
            (account_id, to, movable.title)
        )  # those that follow may come too near to where this one goes
    return texts


def _gap(movable: MovablePost) -> timedelta:
    return timedelta(minutes=movable.post.account.min_gap_minutes)


def _near(movable: MovablePost, at: datetime, title: str) -> str:
    said = {
        "account": movable.name, "title": title, "time": show_time(at, movable.zone),
        "gap": movable.post.account.min_gap_minutes,
    }  # fmt: skip
    if title:
        return _(
            "%(account)s: “%(title)s” tayang pukul %(time)s, jaraknya kurang dari %(gap)s menit.", **said
        )
    return _("%(account)s: publikasi lain tayang pukul %(time)s, jaraknya kurang dari %(gap)s menit.", **said)


def _outside_campaign(landings: Sequence[tuple[Movable, datetime]]) -> list[str]:
    wanted: dict[int, list[tuple[Movable, date]]] = {}
    for movable, to in landings:
        campaign_id = None
        if isinstance(movable, MovablePost):
            campaign_id = movable.post.story.campaign_id
        elif isinstance(movable, MovableEvent):
            campaign_id = movable.event.campaign_id
        if campaign_id is not None:
            wanted.setdefault(campaign_id, []).append((movable, _day(movable, to)))
    if not wanted:
        return []
    texts = []
    for campaign in db.session.scalars(select(Campaign).where(Campaign.id.in_(wanted)).order_by(Campaign.id)):
        for movable, day in wanted[campaign.id]:
            if not campaign.starts_on <= day <= campaign.ends_on:
                texts.append(
                    _("%(day)s di luar kampanye “%(name)s” (%(first)s – %(last)s): “%(title)s”.",
                      day=long_day(day), name=campaign.name, title=movable.title,
                      first=show_date(campaign.starts_on), last=show_date(campaign.ends_on))
                )  # fmt: skip
    return texts


def _after_publication(landings: Sequence[tuple[Movable, datetime]]) -> list[str]:
    """A task that is handed over only after the first publication of its story."""
    tasks = [(m, to) for m, to in landings if isinstance(m, MovableDeadline)]
    if not tasks:
        return []
    rows = db.session.execute(
        select(Post.story_id, func.min(Post.scheduled_at))
        .join(Story, Story.id == Post.story_id)
        .outerjoin(Delivery, CURRENT)
        .where(
            Post.story_id.in_({m.first.story_id for m, _to in tasks}), Post.scheduled_at > clock.now(),
            *takes_its_time(),
        )
        .group_by(Post.story_id)
    )  # fmt: skip
    first: dict[int, datetime] = {story_id: at for story_id, at in rows if at is not None}
    return [
        _("%(name)s: publikasinya tayang %(when)s, sebelum tenggat ini.",
          name=m.name, when=m.when(first[m.first.story_id]))
        for m, to in tasks
        if m.first.story_id in first and first[m.first.story_id] < to
    ]  # fmt: skip


def _left_behind(landings: Sequence[tuple[Movable, datetime]]) -> list[str]:
    """Publications of a campaign that stand inside its days now and would not any longer."""
    texts = []
    for movable, to in landings:
        if not isinstance(movable, MovableCampaign):
            continue
        campaign, by = movable.campaign, timedelta(days=movable.days_to(to))
        now, then = (
            and_(Post.scheduled_at >= start, Post.scheduled_at < end)
            for start, end in (_span(campaign, movable.office), _span(campaign, movable.office, by))
        )
        count = db.session.scalar(
            select(func.count(Post.id))
            .join(Story, Story.id == Post.story_id)
            .outerjoin(Delivery, CURRENT)
            .where(
                Story.campaign_id == campaign.id,
                Post.scheduled_at > clock.now(),
                now,
                ~then,
                *takes_its_time(),
            )
        )
        if count:
            texts.append(
                _("%(n)s publikasi terjadwal jatuh di luar %(name)s yang baru; waktunya tidak ikut bergeser.",
                  n=count, name=movable.name)
            )  # fmt: skip
    return texts


def _costs(actor: Principal, landings: Sequence[tuple[Movable, datetime]], extent: Extent) -> list[str]:
    """What agenda would take from what hangs on it: times of publications, occurrences that were set by themselves."""
    return [
        text
        for movable, to in landings
        if isinstance(movable, MovableEvent)
        for text in movable.rehearse(to, actor=actor, extent=extent)
    ]


def _span(campaign: Campaign, office: Unit, by: timedelta = timedelta()) -> tuple[datetime, datetime]:
    days = Span(campaign.starts_on + by, campaign.ends_on + by + timedelta(days=1))
    return days.instants(office.zone_name)
