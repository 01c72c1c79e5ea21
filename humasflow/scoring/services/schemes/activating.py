"""A draft begins to count, from the first day of a period on."""

from datetime import date, timedelta
from itertools import count, takewhile

from flask_babel import gettext as _

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, Reason
from humasflow.core.periods import Period, parse_period, period_of
from humasflow.core.versions import expect_version
from humasflow.outbox import services as outbox
from humasflow.scoring import queries
from humasflow.scoring.completeness import problems_of
from humasflow.scoring.enums import VersionState
from humasflow.scoring.models import SchemeVersion, ScoreScheme
from humasflow.scoring.services.booking import closed_periods, hold_alone
from humasflow.scoring.services.schemes.specs import SchemeRefused

RESCORE = "scoring.rescore"


def activate_version(
    version: SchemeVersion,
    *,
    actor: audit.Actor | None,
    effective_from: Period,
    note: str = "",
    row_version: int | None = None,
) -> SchemeVersion:
    """Let a draft count from a period on, and score what is live since then by a job. Older periods and the lines under
    earlier versions stay as they are. Raises SchemeRefused with every reason, Conflict. Flushes.
    """
    if version.state is not VersionState.DRAFT:
        raise Conflict(_("Versi ini sudah berlaku."))
    expect_version(version, row_version)
    scheme = version.scheme
    hold_alone(scheme)  # nobody closes a period, or activates other rules, meanwhile
    if effective_from.type is not scheme.period_type:
        raise SchemeRefused(_("Skema ini dihitung %(per)s.", per=scheme.period_type.adverb))
    refused = [problem.sentence for problem in problems_of(version)]
    refused += [str(reason) for reason in reasons_not_to_begin(scheme, effective_from)]
    if refused:
        raise SchemeRefused(" ".join(refused))
    version.state, version.effective_from = VersionState.ACTIVE, effective_from.start
    version.note = note  # what the draft was told to complete is no reason for the rules
    version.activated_by, version.activated_at = (actor.id if actor else None), clock.now()
    db.session.flush()
    audit.record(
        AuditAction.SCHEME_CHANGED, ("score_scheme", scheme.id), office_id=scheme.office_id, actor=actor,
        label=scheme.name, version=version.number, effective_from=effective_from.key,
        components=[{"label": c.label, "weight": str(c.weight)} for c in version.components], reason=version.note,
    )  # fmt: skip
    outbox.enqueue(RESCORE, version.id, office_id=scheme.office_id, key=f"{RESCORE}:{version.id}")
    return version


def reasons_not_to_begin(scheme: ScoreScheme, period: Period) -> list[Reason]:
    """Why rules of this scheme cannot begin with this period: it, or a later one, is closed; or rules that count begin
    later. From the same period on newer rules take the place of older ones.
    """
    reasons = []
    closed = [key for key in closed_periods(scheme.id) if parse_period(key).start >= period.start]
    if closed:
        last = parse_period(max(closed))
        reasons.append(
            Reason("closed", _("%(period)s sudah ditutup; aturan baru berlaku paling cepat %(first)s.",
                               period=last.label, first=last.next().label))
        )  # fmt: skip
    later = [v for v in queries.active_versions(scheme) if v.effective_from > period.start]
    if later:
        newest = max(later, key=lambda v: (v.effective_from, v.number))
        reasons.append(
            Reason("overlap", _("Versi %(n)s sudah berlaku mulai %(period)s; aturan baru tidak dapat mendahuluinya.",
                                n=newest.number, period=period_of(scheme.period_type, newest.effective_from).label))
        )  # fmt: skip
    return reasons


def replaced_by(scheme: ScoreScheme, period: Period) -> SchemeVersion | None:
    """The rules that new ones from this period on would take the place of from the same day, if any."""
    same = [v for v in queries.active_versions(scheme) if v.effective_from == period.start]
    return max(same, key=lambda v: v.number, default=None)


def possible_starts(scheme: ScoreScheme, today: date, *, back: int = 8) -> list[Period]:
    """The periods that rules can begin with: up to the end of next year, so that next year's rules are ready before it
    begins, and up to ``back`` before this one; newest first, without those that :func:`reasons_not_to_begin` refuses.
    One statement, however many.
    """
    first = period_of(scheme.period_type, today).shift(-back)
    found = takewhile(lambda p: p.start.year <= today.year + 1, (first.shift(n) for n in count()))
    taken = [parse_period(key).start for key in closed_periods(scheme.id)]
    earliest = max([start + timedelta(days=1) for start in taken]
                   + [v.effective_from for v in queries.active_versions(scheme)], default=first.start)  # fmt: skip
    return [p for p in found if p.start >= earliest][::-1]
