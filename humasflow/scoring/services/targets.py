"""Setting targets: each from a letter, each change with its reason, each revision a further row.

A closed period takes none. Two people who set the same target at once are told of each other; what neither of them
touched stays.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal, require
from humasflow.accounts.queries import names_of, people_ids_of
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, UserError
from humasflow.core.periods import Period
from humasflow.core.permissions import Permission
from humasflow.orgs.queries import get_office, list_sections
from humasflow.planning.queries import list_content_types, list_pillars
from humasflow.scoring import queries
from humasflow.scoring.enums import TargetScope, VersionState
from humasflow.scoring.models import Component, SchemeVersion, ScoreScheme, Target
from humasflow.scoring.queries.targets import TargetKey, key_of, list_targets
from humasflow.scoring.services.booking import close_of, hold_alone
from humasflow.scoring.targeting import problem_of, takes_scope


@dataclass(frozen=True, slots=True)
class TargetChange:
    """What one target should be from now on. ``value`` None: taken back; ``upper``: the end of a range."""

    key: TargetKey
    value: Decimal | None
    upper: Decimal | None = None

    def is_as(self, target: Target | None) -> bool:
        """Whether it asks for what is in force already."""
        if target is None or self.value is None:
            return target is None and self.value is None
        return (target.value, target.upper) == (self.value, self.upper)


class TargetsRefused(UserError):
    """Nothing was written. ``problems``: a sentence by target; ``letter`` and ``reason``: what those fields lack."""

    def __init__(self, problems: Mapping[TargetKey, str], *, letter: str = "", reason: str = "") -> None:
        self.problems = dict(problems)
        self.letter, self.reason = letter, reason
        super().__init__(next((text for text in (*self.problems.values(), letter, reason) if text), ""))


class TargetsMoved(Conflict):
    """Somebody else set some of the same targets meanwhile: a sentence by target says what stands now."""

    def __init__(self, problems: Mapping[TargetKey, str]) -> None:
        self.problems = dict(problems)
        super().__init__(next(iter(self.problems.values())))


def set_target(
    scheme: ScoreScheme,
    *,
    actor: audit.Actor | None,
    component_key: str,
    period: Period,
    value: Decimal,
    letter: str,
    reason: str = "",
    upper: Decimal | None = None,
    scope: TargetScope = TargetScope.OFFICE,
    scope_id: int = 0,
) -> Target | None:
    """Set one target and the letter it comes from; the office's own unless a scope is given. None when that number from
    that letter is in force already. Changing one needs a reason. For imports and the product itself: whoever calls it
    has decided that the actor may. Raises TargetsRefused, UserError for a closed period. Flushes.
    """
    change = TargetChange(TargetKey(component_key, scope, scope_id), value, upper)
    made = _set(
        scheme, actor, period, [change], letter=letter.strip(), reason=reason.strip(), letter_counts=True
    )
    return made[0] if made else None


def set_targets(
    scheme: ScoreScheme,
    *,
    actor: Principal,
    period: Period,
    changes: Sequence[TargetChange],
    letter: str,
    reason: str = "",
    seen: int | None = None,
    letter_for_all: bool = False,
) -> list[Target]:
    """Set, revise and take back several targets at once: all or nothing. Returns the new rows, none when everything is
    so already; safe to repeat. Flushes.

    ``seen``: the newest row that the person was shown (:func:`queries.targets.newest_target_id`); a target that
    somebody else set since raises TargetsMoved. ``letter_for_all``: a change of the letter alone is a revision too.
    Raises TargetsRefused with every problem at once, NotAllowed without ``score:manage``, UserError for a closed
    period.
    """
    require(actor, Permission.SCORE_MANAGE, scheme.office_id)
    return _set(
        scheme,
        actor,
        period,
        changes,
        letter=letter.strip(),
        reason=reason.strip(),
        letter_counts=letter_for_all,
        seen=seen,
    )


def check_targets(
    scheme: ScoreScheme,
    *,
    period: Period,
    changes: Sequence[TargetChange],
    letter: str,
    reason: str = "",
) -> None:
    """Raise what :func:`set_targets` would raise, without writing: so that a form tells all problems at once."""
    wanted, current = _wanted(scheme, period, changes, letter.strip(), letter_counts=False)
    if wanted:
        _refuse(scheme, period, wanted, current, letter.strip(), reason.strip())


def version_for_targets(scheme: ScoreScheme, period: Period) -> SchemeVersion | None:
    """The version whose components have targets in a period: the one in effect at its end; before the first the first,
    so that targets of the past can be kept. Never a draft.
    """
    in_effect = queries.version_at(scheme, period.end)
    active = (v for v in scheme.versions if v.state is VersionState.ACTIVE)
    return in_effect or min(active, key=lambda v: (v.effective_from, v.number), default=None)


def ensure_period_open(scheme: ScoreScheme, period: Period) -> None:
    """Raise UserError when the period is signed: its targets are part of what was signed."""
    if close_of(scheme.id, period.key) is not None:
        raise UserError(
            _(
                "%(period)s sudah ditutup, jadi sasarannya tidak berubah lagi. "
                "Bila memang keliru, periode itu dibuka kembali dahulu.",
                period=period.label,
            )
        )


def _set(
    scheme: ScoreScheme,
    actor: audit.Actor | None,
    period: Period,
    changes: Sequence[TargetChange],
    *,
    letter: str,
    reason: str,
    letter_counts: bool,
    seen: int | None = None,
) -> list[Target]:
    hold_alone(scheme)
    wanted, current = _wanted(scheme, period, changes, letter, letter_counts=letter_counts)
    if not wanted:
        return []
    _refuse_moved(scheme, period, wanted, current, seen)
    _refuse(scheme, period, wanted, current, letter, reason)
    made = [_row(scheme, actor, period, change, current.get(change.key), letter, reason) for change in wanted]
    db.session.add_all(made)
    db.session.flush()
    _record(scheme, actor, period, made, current, letter, reason)
    return made


def _wanted(
    scheme: ScoreScheme,
    period: Period,
    changes: Sequence[TargetChange],
    letter: str,
    *,
    letter_counts: bool,
) -> tuple[list[TargetChange], dict[TargetKey, Target]]:
    """What differs from what is in force, and that."""
    ensure_period_open(scheme, period)
    if period.type is not scheme.period_type:
        raise UserError(
            _("Skema ini dihitung %(per)s; %(period)s bukan periodenya.",
              per=scheme.period_type.adverb, period=period.label)
        )  # fmt: skip
    current = {key_of(t): t for t in list_targets(scheme.office_id, scheme.id, period.key)}
    return [
        change
        for change in changes
        if not change.is_as(current.get(change.key))
        or (letter_counts and change.value is not None and current[change.key].letter != letter)
    ], current


def _refuse_moved(
    scheme: ScoreScheme,
    period: Period,
    wanted: Iterable[TargetChange],
    current: Mapping[TargetKey, Target],
    seen: int | None,
) -> None:
    if seen is None:
        return
    shown = {key_of(t): t.id for t in list_targets(scheme.office_id, scheme.id, period.key, up_to=seen)}
    moved = [
        change.key
        for change in wanted
        if (current[change.key].id if change.key in current else None) != shown.get(change.key)
    ]
    if not moved:
        return
    names = names_of(current[key].set_by for key in moved if key in current)
    raise TargetsMoved({key: _meanwhile(current.get(key), names) for key in moved})


def _meanwhile(now: Target | None, names: Mapping[int, str]) -> str:
    if now is None:
        return _("Selagi Anda mengisi, sasaran ini ditarik. Simpan lagi bila angka Anda yang dipakai.")
    return _(
        "Selagi Anda mengisi, %(name)s menetapkan %(value)s. Simpan lagi bila angka Anda yang dipakai.",
        name=names.get(now.set_by or 0, "humasflow"), value=shown_value(now),
    )  # fmt: skip


def shown_value(target: Target) -> str:
    """A target as people write it: ``60``, ``12,5`` or ``80–90``."""
    numbers = [target.value, *([] if target.upper is None else [target.upper])]
    return "–".join(f"{n.normalize():f}".replace(".", ",") for n in numbers)


def _refuse(
    scheme: ScoreScheme,
    period: Period,
    wanted: Sequence[TargetChange],
    current: Mapping[TargetKey, Target],
    letter: str,
    reason: str,
) -> None:
    version = version_for_targets(scheme, period)
    components = {c.key: c for c in version.components} if version else {}
    owners = owners_of(scheme.office_id, {change.key.scope for change in wanted})
    problems = {c.key: text for c in wanted if (text := problem_with(c, components, owners))}
    no_letter = (
        "" if letter or not any(c.value is not None for c in wanted)
        else _("Tulis nomor surat atau dokumen dasar sasaran ini.")
    )  # fmt: skip
    revised = [c for c in wanted if c.key in current]
    no_reason = (
        "" if reason or not revised
        else _("Ada sasaran yang sudah ditetapkan dan kini berubah atau ditarik. Tulis alasan perubahannya.")
    )  # fmt: skip
    too_long = _("Paling panjang %(limit)s karakter.", limit=200) if len(letter) > 200 else ""
    too_long_reason = _("Paling panjang %(limit)s karakter.", limit=300) if len(reason) > 300 else ""
    if problems or no_letter or no_reason or too_long or too_long_reason:
        raise TargetsRefused(problems, letter=no_letter or too_long, reason=no_reason or too_long_reason)


def problem_with(
    change: TargetChange, components: Mapping[str, Component], owners: Mapping[TargetScope, set[int]]
) -> str:
    if change.value is None:
        return ""  # what is gone can always be taken back
    component = components.get(change.key.component_key)
    if component is None:
        return _("Komponen ini tidak ada di skema pada periode itu.")
    if not takes_scope(component, change.key.scope):
        return _("Komponen ini dinilai tanpa sasaran seperti itu.")
    if change.key.scope is TargetScope.OFFICE:
        known = change.key.scope_id == 0
    else:
        known = change.key.scope_id in owners[change.key.scope]
    if not known:
        return _("Seksi, orang, pilar, atau jenis konten ini tidak aktif lagi di kantor Anda.")
    return problem_of(component, change.value, change.upper, change.key.scope)


def owners_of(office_id: int, scopes: set[TargetScope]) -> dict[TargetScope, set[int]]:
    """The ids that targets of these scopes may be of; one statement a scope."""
    found: dict[TargetScope, set[int]] = {}
    if TargetScope.SECTION in scopes:
        found[TargetScope.SECTION] = {s.id for s in list_sections(office_id)}
    if TargetScope.PERSON in scopes:
        found[TargetScope.PERSON] = set(db.session.scalars(people_ids_of(get_office(office_id))))
    if TargetScope.PILLAR in scopes:
        found[TargetScope.PILLAR] = {p.id for p in list_pillars(office_id)}
    if TargetScope.CONTENT_TYPE in scopes:
        found[TargetScope.CONTENT_TYPE] = {t.id for t in list_content_types(office_id)}
    return found


def _row(
    scheme: ScoreScheme,
    actor: audit.Actor | None,
    period: Period,
    change: TargetChange,
    before: Target | None,
    letter: str,
    reason: str,
) -> Target:
    taken_back = change.value is None
    value = change.value if change.value is not None else before.value if before else Decimal(0)
    return Target(
        office_id=scheme.office_id, scheme_id=scheme.id, component_key=change.key.component_key,
        period=period.key, scope=change.key.scope, scope_id=change.key.scope_id, value=value, upper=change.upper,
        is_withdrawn=taken_back, letter=letter or (before.letter if before else ""), reason=reason,
        set_by=actor.id if actor else None, set_at=clock.now(),
    )  # fmt: skip


def _record(
    scheme: ScoreScheme,
    actor: audit.Actor | None,
    period: Period,
    made: Sequence[Target],
    current: Mapping[TargetKey, Target],
    letter: str,
    reason: str,
) -> None:
    for action, rows in (
        (AuditAction.TARGET_SET, [t for t in made if not t.is_withdrawn]),
        (AuditAction.TARGET_WITHDRAWN, [t for t in made if t.is_withdrawn]),
    ):
        if rows:
            audit.record(
                action, ("score_scheme", scheme.id), office_id=scheme.office_id, actor=actor, period=period.key,
                letter=letter, reason=reason, targets=[_told(t, current.get(key_of(t))) for t in rows],
            )  # fmt: skip


def _told(target: Target, before: Target | None) -> dict[str, str | int | None]:
    told: dict[str, str | int | None] = {
        "component": target.component_key,
        "value": None if target.is_withdrawn else shown_value(target),
        "before": shown_value(before) if before else None,
    }
    if target.scope is not TargetScope.OFFICE:
        told |= {"scope": target.scope.value, "scope_id": target.scope_id}
    return told
