"""What a person says about an event, checked and brought into one shape."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final

from flask_babel import gettext as _

from humasflow.core.db import db
from humasflow.core.errors import NotFound, UserError
from humasflow.orgs.queries import get_section
from humasflow.planning.agenda.enums import EventNeed
from humasflow.planning.agenda.queries import LONGEST
from humasflow.planning.agenda.recurrence import FIRST_YEAR, LAST_YEAR, BadRule, parse_rule
from humasflow.planning.agenda.series import Series
from humasflow.planning.campaigns.models import Campaign

TITLE: Final = 200
DESCRIPTION: Final = 20_000


class BadContent(UserError):
    """Something about the event cannot be. ``field`` names what: an attribute of :class:`EventContent`."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class EventContent:
    """An event in a person's words. Texts are plain text. ``starts_at`` to ``ends_at`` (exclusive) are instants."""

    title: str
    starts_at: datetime
    ends_at: datetime
    all_day: bool = False
    place: str = ""
    description: str = ""
    organizer: str = ""
    rule: str = ""
    needs: Sequence[EventNeed] = ()
    section_id: int | None = None
    campaign_id: int | None = None


def checked(content: EventContent, *, office_id: int, zone: str) -> EventContent:
    """The content as it is kept: texts tidied, an all-day event from midnight to midnight, the rule in one order.

    Raises :class:`BadContent`, BadRule, NotFound (a section or campaign of another office).
    """
    title = " ".join(content.title.replace("\x00", "").split())
    if not title:
        raise BadContent("title", _("Tulis nama agendanya."))
    tidy = replace(
        content,
        title=_short("title", title),
        place=_short("place", " ".join(content.place.split())),
        organizer=_short("organizer", " ".join(content.organizer.split())),
        description=_short("description", content.description.strip(), DESCRIPTION),
        needs=tuple(n for n in EventNeed if n in set(content.needs)),
        rule=str(parse_rule(content.rule)) if content.rule.strip() else "",
    )
    check_times(tidy.starts_at, tidy.ends_at)
    if tidy.all_day:
        tidy = _whole_days(tidy, zone)
    check_filing(office_id, tidy.section_id, tidy.campaign_id)
    return tidy


def check_filing(office_id: int, section_id: int | None, campaign_id: int | None) -> None:
    """Raise NotFound for a section or a campaign of another office."""
    if section_id is not None:
        get_section(office_id, section_id)
    if campaign_id is not None:
        campaign = db.session.get(Campaign, campaign_id)
        if campaign is None or campaign.office_id != office_id:
            raise NotFound


def check_times(starts_at: datetime, ends_at: datetime) -> None:
    """Raise :class:`BadContent` for times out of order, too long, or of another age."""
    for field, at in (("starts_at", starts_at), ("ends_at", ends_at)):
        if not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise BadContent(
                field,
                _("Tahun agenda antara %(first)s dan %(last)s.", first=str(FIRST_YEAR), last=str(LAST_YEAR)),
            )
    if ends_at <= starts_at:
        raise BadContent("ends_at", _("Selesainya lebih awal daripada mulainya, atau sama. Periksa jamnya."))
    if ends_at - starts_at > LONGEST:
        raise BadContent("ends_at", _("Satu agenda paling lama setahun. Periksa tanggal selesainya."))


def aligned(content: EventContent, zone: str) -> EventContent:
    """The same, beginning on the first day that its rule names. Raises BadRule when there is none."""
    if not content.rule:
        return content
    series = Series(content.starts_at, content.ends_at, zone, content.all_day, content.rule)
    first = series.first()
    if first is None:
        raise BadRule(
            _("Pengulangan ini tidak pernah jatuh pada hari mana pun. Periksa hari dan tanggal akhirnya.")
        )
    return replace(content, starts_at=first, ends_at=series.end_of(first))


def _whole_days(content: EventContent, zone: str) -> EventContent:
    series = Series(content.starts_at, content.ends_at, zone, True, "")
    first, last = series.local(content.starts_at), series.local(content.ends_at)
    end = last.date() if last.time() == time() else last.date() + timedelta(days=1)
    return replace(
        content, starts_at=series.instant(datetime.combine(first.date(), time())),
        ends_at=series.instant(datetime.combine(max(end, first.date() + timedelta(days=1)), time())),
    )  # fmt: skip


def _short(field: str, text: str, limit: int = TITLE) -> str:
    if len(text) > limit:
        raise BadContent(
            field, _("Paling panjang %(limit)s karakter; sekarang %(size)s.", limit=limit, size=len(text))
        )
    return text.replace("\x00", "")
