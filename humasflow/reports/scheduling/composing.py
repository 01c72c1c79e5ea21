"""The mail with which a scheduled report is announced: what it says in a sentence and numbers, and where it is.

Only sums leave the building this way. No title, no name of a person, no file: a mail is read on lock screens and
forwarded, and the page behind the link asks who is there.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from humasflow.accounts.models import User
from humasflow.core.decimals import write
from humasflow.core.localtime import show_instant
from humasflow.notifications.composing import Letter
from humasflow.notifications.links import absolute, path_of
from humasflow.orgs.models import Unit
from humasflow.reports.enums import ReportScope
from humasflow.reports.facts import Component, ReportFacts

MOST_LINES = 12


@dataclass(frozen=True)
class Announced:
    """What a mail about one delivery says. ``late_since``: when it had been due, where that is long ago."""

    schedule: str
    owner: str
    run_id: int
    facts: ReportFacts
    warning: str
    late_since: datetime | None
    expires_at: datetime | None


def compose_delivery(announced: Announced, *, office: Unit, user: User | None) -> Letter:
    """For a person of the office in their language; for an address outside it in Indonesian and without a link."""
    locale = user.locale if user is not None else "id"
    facts = announced.facts
    with force_locale(locale):
        title = _("%(title)s: %(period)s", title=facts.title, period=facts.period_label)
        late = until = ""
        if announced.late_since is not None:
            late = _(
                "Terlambat dikirim: seharusnya %(when)s. Isinya keadaan saat surel ini dibuat.",
                when=show_instant(announced.late_since, office.zone_name),
            )
        if announced.expires_at is not None:
            until = _(
                "Berkasnya dapat diunduh sampai %(when)s; sesudah itu dapat dibuat lagi.",
                when=show_instant(announced.expires_at, office.zone_name),
            )
        values = {
            "title": title, "subject": title, "late": late, "until": until,
            "warning": announced.warning, "is_outside": user is None, "office": office,
            "url": absolute(path_of("reports.run", report_id=announced.run_id)) if user is not None else "",
            "locale": locale, "schedule_title": announced.schedule, "owner": announced.owner,
        }  # fmt: skip
        # What one person brought is read by those who may, and they are asked for at the page.
        personal = facts.scope is ReportScope.PERSON
        values |= {
            "sentence": _("Laporannya sudah jadi.") if personal else facts.headline,
            "lines": [] if personal else _lines(facts),
        }
        env = current_app.jinja_env
        text = env.get_template("reports/mail/delivery.txt").render(values)
        return Letter(
            _("%(title)s – %(office)s", title=title, office=office.short_name),
            _tidy(text),
            env.get_template("reports/mail/delivery.html").render(values),
        )


def _lines(facts: ReportFacts) -> list[str]:
    counted = [one for standing in facts.standings for one in standing.components if one.counts_posts]
    return [_line(one, one.target) for one in counted if one.target is not None][:MOST_LINES]


def _line(one: Component, target: Decimal) -> str:
    said = {"label": one.label, "live": write(one.live, most=2), "target": write(target, most=2)}
    if one.gap:
        return _("%(label)s: %(live)s dari %(target)s, kurang %(gap)s", gap=write(one.gap, most=2), **said)
    return _("%(label)s: %(live)s dari %(target)s", **said)


def _tidy(text: str) -> str:
    """No more than one empty line at a time."""
    kept: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (kept and kept[-1]):
            kept.append(line.rstrip() if line != "-- " else line)
    return "\n".join(kept) + "\n"
