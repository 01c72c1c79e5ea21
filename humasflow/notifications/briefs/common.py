"""Parts that the brief of a day and that of a week share."""

from collections.abc import Iterable
from dataclasses import replace

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.approvals import queries as approvals
from humasflow.approvals.queries.ageing import ageing_of, in_words
from humasflow.core.db import db
from humasflow.notifications.briefs.content import Line, Section, section
from humasflow.notifications.briefs.shared import Shared
from humasflow.notifications.links import path_of
from humasflow.scoring.standing.sentences import headline
from humasflow.stories.models import Story
from humasflow.stories.visibility import is_closed


def standing_part(shared: Shared, outlook: str = "") -> Section | None:
    """The sentence about the running period, and what it would come to."""
    if shared.standing is None:
        return None
    path = path_of("scoring.standing")
    lines = [Line(headline(shared.standing).text, path=path)]
    if outlook:
        lines.append(Line(_("Perkiraan bila semuanya tayang"), outlook))
    return section(
        "standing",
        _("Keadaan %(period)s", period=shared.standing.period.label),
        lines,
        path=path,
        count=1,
        sums_up=True,
    )  # fmt: skip


def pending_part(person: Principal, shared: Shared) -> Section | None:
    """What waits for whom, and how long, longest first; not what waits for this person. A fixed few statements."""
    day = ageing_of(shared.office).working.day_length
    lines = [
        Line(
            row.title,
            _("%(step)s: %(names)s, %(waited)s", step=row.step_label,
              names=", ".join(row.deciders_names) or _("belum ada orangnya"), waited=in_words(row.waited, day)),
            path_of("approvals.review", package_id=row.package_id),
            row.story_id,
        )
        for row in approvals.list_pending(person)
    ]  # fmt: skip
    return section("pending", _("Menunggu keputusan orang lain"), lines, path=path_of("approvals.inbox"))


def marked(sections: Iterable[Section | None]) -> list[Section]:
    """The parts there are, with what is confidential marked. One statement."""
    found = [s for s in sections if s is not None]
    ids = {n.story_id for s in found for n in s.lines if n.story_id is not None}
    stories = db.session.scalars(select(Story).where(Story.id.in_(ids))) if ids else ()
    closed = {story.id for story in stories if is_closed(story)}
    return [
        replace(s, lines=[replace(n, is_secret=n.story_id in closed) for n in s.lines]) if closed else s
        for s in found
    ]
