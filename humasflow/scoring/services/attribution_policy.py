"""How an office divides a publication between those who made it: set for a date on, never changed afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal, require
from humasflow.accounts.queries import names_of, today_at
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, UserError
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import list_sections
from humasflow.publishing.models import Delivery
from humasflow.scoring.enums import Beneficiary
from humasflow.scoring.models import AttributionPolicy
from humasflow.scoring.queries.attribution import newest_policy_id, policy_in_force
from humasflow.scoring.services.attribution import Part, divide, makers_of

WHOLE = Decimal(100)
PLACES = 2


class SharesRefused(UserError):
    """The parts cannot be those of one whole. ``problems``: a sentence by part; the message: what is wrong with all."""

    def __init__(self, message: str, problems: Mapping[Part, str] | None = None) -> None:
        super().__init__(message)
        self.problems = dict(problems or {})


@dataclass(frozen=True, slots=True)
class Credited:
    """What somebody gets of a publication, with the name to show."""

    name: str
    part: Part
    per_cent: Decimal
    is_section: bool


def set_policy(
    office: Unit,
    *,
    actor: Principal,
    shares: Mapping[Part, Decimal],
    effective_from: date,
    note: str = "",
    seen: int | None = None,
) -> AttributionPolicy | None:
    """Divide publications like this from a local date on, today or later: what went out before keeps its division. The
    parts are per cent with at most two decimals and sum to exactly 100; a part that is missing gets 0. None when just
    that is in force from that date already. Flushes.

    ``seen``: the newest policy that the person was shown; a newer one raises Conflict. Raises SharesRefused,
    UserError for a date that is gone, NotAllowed without ``score:manage``.
    """
    require(actor, Permission.SCORE_MANAGE, office.id)
    audit.await_turn([office.id])
    whole = {part: shares.get(part, Decimal(0)) for part in Part}
    check_shares(whole)
    if effective_from < today_at(office):
        raise UserError(_("Pilih tanggal hari ini atau sesudahnya. Yang sudah tayang tidak dibagi ulang."))
    stored = {part.value: f"{per_cent.normalize():f}" for part, per_cent in whole.items()}
    before = policy_in_force(office.id, effective_from)
    if before is not None and before.shares == stored and before.effective_from == effective_from:
        return None
    newest = newest_policy_id(office.id)
    if seen is not None and newest != seen:
        raise Conflict(
            _("Pembagian ini diubah orang lain selagi Anda mengisi. Lihat yang terbaru, lalu simpan lagi.")
        )
    policy = AttributionPolicy(
        office_id=office.id, effective_from=effective_from, shares=stored, note=note,
        set_by=actor.id, set_at=clock.now(),
    )  # fmt: skip
    db.session.add(policy)
    db.session.flush()
    audit.record(
        AuditAction.ATTRIBUTION_SET, ("unit", office.id), office_id=office.id, actor=actor, shares=stored,
        effective_from=effective_from.isoformat(), reason=note, before=before.shares if before else None,
    )  # fmt: skip
    return policy


def check_shares(shares: Mapping[Part, Decimal]) -> None:
    """Raise SharesRefused unless the parts sum to exactly 100, each 0…100 with at most two decimals."""
    problems = {part: text for part, value in shares.items() if (text := _problem(value))}
    total = sum(shares.values(), Decimal(0))
    if problems:
        raise SharesRefused(next(iter(problems.values())), problems)
    if total != WHOLE:
        raise SharesRefused(
            _("Jumlahnya sekarang %(total)s%%, seharusnya tepat 100%%.", total=_number(total))
        )


def _problem(value: Decimal) -> str:
    if not 0 <= value <= WHOLE:
        return _("Tiap bagian antara 0 dan 100 persen.")
    if value != round(value, PLACES):
        return _("Paling banyak dua angka di belakang koma.")
    return ""


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


def work_out(delivery: Delivery, shares: Mapping[Part, Decimal]) -> list[Credited]:
    """Who would get how much of a publication under these shares, in the order of the parts; nothing is written. Eight
    statements at most.
    """
    found = divide(makers_of(delivery), shares)
    people = names_of(s.beneficiary_id for s in found if s.beneficiary is Beneficiary.PERSON)
    sections = {s.id: s.name for s in list_sections(delivery.office_id, with_inactive=True)}
    order = list(Part)
    return sorted(
        (
            Credited(
                (sections if s.beneficiary is Beneficiary.SECTION else people).get(s.beneficiary_id, ""),
                s.part, s.per_cent, s.beneficiary is Beneficiary.SECTION,
            )
            for s in found
        ),
        key=lambda c: (order.index(c.part), c.name),
    )  # fmt: skip
