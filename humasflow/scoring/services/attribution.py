"""Who a publication is put down to: the policy of an office, who really made it, and their shares."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, bindparam, func, literal, select, union_all

from humasflow.approvals.models import Package
from humasflow.core.db import Id, db
from humasflow.pitches.models import Pitch
from humasflow.planning.production_roles.models import ProductionRole
from humasflow.publishing.models import Delivery
from humasflow.scoring.calculation import largest_remainder
from humasflow.scoring.enums import Beneficiary
from humasflow.scoring.models import AttributionPolicy
from humasflow.stories.enums import AssignmentState
from humasflow.stories.models import Assignment, Story, StoryVersion

PITCHED, WROTE, SUBMITTED = ":pitched", ":wrote", ":submitted"  # no role's code begins like this
WORKED = (AssignmentState.ACCEPTED, AssignmentState.DONE)


class Part(StrEnum):
    """A part in making a publication that an office may credit."""

    PITCHER = "pitcher"
    WRITER = "writer"
    PHOTOGRAPHER = "photographer"
    EDITOR = "editor"
    SECTION = "section"

    @property
    def label(self) -> str:
        """For people."""
        return str(_PARTS[self])


_PARTS = {
    Part.PITCHER: _l("Pengusul"),
    Part.WRITER: _l("Penulis"),
    Part.PHOTOGRAPHER: _l("Fotografer"),
    Part.EDITOR: _l("Editor"),
    Part.SECTION: _l("Seksi pemilik naskah"),
}
# Production roles by the part they are credited as; roles that an office made itself are credited as none.
_PART_OF_ROLE = {
    "peliput": Part.WRITER, "penulis": Part.WRITER, "fotografer": Part.PHOTOGRAPHER,
    "videografer": Part.PHOTOGRAPHER, "desainer": Part.PHOTOGRAPHER, "editor": Part.EDITOR,
}  # fmt: skip

DEFAULT_SHARES: Mapping[Part, Decimal] = {
    Part.PITCHER: Decimal(10), Part.WRITER: Decimal(40), Part.PHOTOGRAPHER: Decimal(20),
    Part.EDITOR: Decimal(20), Part.SECTION: Decimal(10),
}  # fmt: skip


class Share(NamedTuple):
    """What somebody gets of a publication, in per cent."""

    beneficiary: Beneficiary
    beneficiary_id: int
    part: Part
    per_cent: Decimal


def policy_at(office_id: int, local_date: date) -> Mapping[Part, Decimal]:
    """The office's shares by part on a date, summing to exactly 100; the bundled ones until it sets its own."""
    found = db.session.scalar(_POLICY, {"office_id": office_id, "day": local_date})
    if found is None:
        return DEFAULT_SHARES
    return {part: Decimal(str(found.get(part.value, "0"))) for part in Part}


_POLICY = (
    select(AttributionPolicy.shares)
    .where(
        AttributionPolicy.office_id == bindparam("office_id"),
        AttributionPolicy.effective_from <= bindparam("day"),
    )
    .order_by(AttributionPolicy.effective_from.desc(), AttributionPolicy.id.desc())
    .limit(1)
)


def shares_of(delivery: Delivery, local_date: date) -> list[Share]:
    """The shares of a publication, summing to exactly 100; none when nobody is known to have made it.

    Parts that nobody had give theirs to the others in proportion; several people in one part share it equally. The
    section is listed even where its share is 0, so that its publications are counted.
    """
    return divide(makers_of(delivery), policy_at(delivery.office_id, local_date))


def divide(makers: Mapping[Part, Sequence[int]], policy: Mapping[Part, Decimal]) -> list[Share]:
    """The shares of who had which part under a policy. Pure; the same rule as :func:`shares_of`."""
    wanted: dict[tuple[Beneficiary, int, Part], Fraction] = {}
    for part, ids in makers.items():
        kind = Beneficiary.SECTION if part is Part.SECTION else Beneficiary.PERSON
        for id_ in ids:
            wanted[kind, id_, part] = Fraction(policy.get(part, Decimal(0))) / len(ids)
    if not any(wanted.values()):
        return [Share(*key, Decimal(0)) for key in wanted]
    return [Share(*key, per_cent) for key, per_cent in largest_remainder(wanted).items()]


def makers_of(delivery: Delivery) -> dict[Part, list[int]]:
    """Who had which part: ids of people, and of the section, in a fixed order. Two statements at most."""
    story = db.session.get_one(Story, delivery.story_id)
    makers: dict[Part, list[int]] = {part: [] for part in Part}
    otherwise: dict[Part, int] = {}  # who it was, where nobody had the role
    for what, person in db.session.execute(_EVERYBODY, {"story": story.id}):
        part = _PART_OF_ROLE.get(what)
        if what == PITCHED:
            makers[Part.PITCHER].append(person)
        elif what == WROTE:
            otherwise[Part.WRITER] = person
        elif what == SUBMITTED:
            otherwise[Part.EDITOR] = person
        elif part is not None and person not in makers[part]:
            makers[part].append(person)
    for part, person in otherwise.items():
        makers[part] = makers[part] or [person]
    makers[Part.SECTION] = [] if story.section_id is None else [story.section_id]
    return {part: ids for part, ids in makers.items() if ids}


def _everybody() -> Select[str, int]:
    """Everybody who may be credited, in one statement: what they did and who they are, those who came first first."""
    story_id = bindparam("story", type_=Id)
    pitched = (
        select(literal(PITCHED).label("what"), Pitch.author_id.label("who"), func.min(Pitch.id).label("rank"))
        .where(Pitch.story_id == story_id)
        .group_by(Pitch.author_id)
    )
    worked = (
        select(ProductionRole.code, Assignment.person_id, Assignment.id)
        .join(ProductionRole, Assignment.role_id == ProductionRole.id)
        .where(Assignment.story_id == story_id, Assignment.state.in_(WORKED))
    )
    first = select(func.min(StoryVersion.id)).where(StoryVersion.story_id == story_id).scalar_subquery()
    wrote = select(literal(WROTE), StoryVersion.author_id, StoryVersion.id).where(
        StoryVersion.id == first, StoryVersion.author_id.is_not(None)
    )
    last = select(func.max(Package.id)).where(Package.story_id == story_id).scalar_subquery()
    submitted = select(literal(SUBMITTED), Package.submitted_by, Package.id).where(
        Package.id == last, Package.submitted_by.is_not(None)
    )
    every = union_all(pitched, worked, wrote, submitted).subquery()
    return select(every.c.what, every.c.who).order_by(every.c.rank, every.c.what)


_EVERYBODY = _everybody()  # made once: making it costs more than asking it
