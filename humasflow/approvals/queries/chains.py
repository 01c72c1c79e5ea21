"""The steps an office asks for, and whom they would ask today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from humasflow.accounts import queries as accounts
from humasflow.approvals.asking import Roster, asked, load_roster
from humasflow.approvals.enums import PackageState, StepRule, StepScope
from humasflow.approvals.models import (
    ApprovalAskee,
    ApprovalChain,
    ApprovalGroup,
    ApprovalSettings,
    ApprovalStep,
    GuestApprover,
    Package,
)
from humasflow.approvals.seats import fillable
from humasflow.approvals.wording import askee_words, chain_sentence, step_sentence
from humasflow.core.db import db
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import list_sections

_STEPS = selectinload(ApprovalChain.steps).selectinload(ApprovalStep.askees)


def get_chain(office_id: int, content_type_id: int | None) -> ApprovalChain | None:
    """The chain made for a content type, or (None) the office's default."""
    same = (
        ApprovalChain.content_type_id.is_(None)
        if content_type_id is None
        else ApprovalChain.content_type_id == content_type_id
    )
    return db.session.scalar(
        select(ApprovalChain).where(ApprovalChain.office_id == office_id, same).options(_STEPS)
    )


def list_chains(office_id: int) -> dict[int | None, ApprovalChain]:
    """All chains of an office by content type; None is the default. Three statements."""
    found = db.session.scalars(
        select(ApprovalChain).where(ApprovalChain.office_id == office_id).options(_STEPS)
    )
    return {c.content_type_id: c for c in found}


def chain_for(office_id: int, content_type_id: int) -> ApprovalChain | None:
    """The chain in force for a content type: its own, else the office's default, else none."""
    chains = list_chains(office_id)
    return chains.get(content_type_id) or chains.get(None)


def steps_for(office_id: int, content_type_id: int) -> Sequence[ApprovalStep]:
    """The steps in force for a content type; none when nobody is asked."""
    chain = chain_for(office_id, content_type_id)
    return chain.steps if chain else []


def get_settings(office_id: int) -> ApprovalSettings | None:
    """How an office reminds and escalates; None when it never said."""
    return db.session.get(ApprovalSettings, office_id)


@dataclass(frozen=True)
class SeatContent:
    """A seat as it would be made for a package now. ``name`` is the person's or the group's; empty for the others."""

    askee: int
    seat: int
    scope: StepScope
    user_id: int | None
    group_id: int | None
    name: str
    guest_id: int | None = None


@dataclass(frozen=True)
class Seating:
    """Everything needed to seat steps and say it in words, read once for any number of steps."""

    office: Unit
    roster: Roster
    people: dict[int, str]
    groups: dict[int, str]
    guests: dict[int, str]

    def _name_of(self, askee: ApprovalAskee) -> str:
        return self.people.get(askee.user_id or 0, "") or self.guests.get(askee.guest_id or 0, "")

    def words_of(self, askee: ApprovalAskee) -> str:
        """Whom it stands for."""
        return askee_words(
            askee.scope, self._name_of(askee), self.groups.get(askee.group_id or 0, ""),
            everyone=askee.everyone,
        )  # fmt: skip

    def seats_of(self, step: ApprovalStep) -> list[SeatContent]:
        """One seat an askee; a group that is asked as a whole has one a member (of today)."""
        found = []
        for askee in step.askees:
            members = sorted(self.roster.groups.get(askee.group_id or 0, ())) if askee.everyone else []
            if members:
                found += [
                    SeatContent(askee.number, n, StepScope.PERSON, i, None, self.people.get(i, ""))
                    for n, i in enumerate(members, start=1)
                ]
            else:
                name = self._name_of(askee) or self.groups.get(askee.group_id or 0, "")
                found.append(
                    SeatContent(
                        askee.number, 1, askee.scope, askee.user_id, askee.group_id, name, guest_id=askee.guest_id
                    )
                )  # fmt: skip
        return found

    def preview(self, step: ApprovalStep, section_id: int | None, barred: frozenset[int]) -> "StepPreview":
        """The step with whom it would ask today."""
        seats = self.seats_of(step)
        ids = {(s.askee, s.seat): asked(s, section_id, self.roster, barred=barred) for s in seats}
        askees = []
        enough = []
        for askee in step.askees:
            mine = {place: people for place, people in ids.items() if place[0] == askee.number}
            found = dict.fromkeys(i for people in mine.values() for i in people)
            names = tuple(self.people[i] for i in found if i in self.people)
            if askee.scope is StepScope.GUEST:
                # A guest who is there is always enough; nobody's account can stand in for them or be short.
                names = tuple(n for n in (self.guests.get(askee.guest_id or 0),) if n)
                if names:
                    mine = {}
                    ids = {place: people for place, people in ids.items() if place[0] != askee.number}
            askees.append(AskeePreview(self.words_of(askee), names))
            enough.append(self._enough(mine))
        complete = any(enough) if step.rule is StepRule.ANY else all(enough) and self._enough(ids)
        return StepPreview(step.position, step.label, step.rule, tuple(askees), complete)

    def _enough(self, people: dict[tuple[int, int], tuple[int, ...]]) -> bool:
        if not self.office.four_eyes:
            return all(people.values())
        return fillable(people) == len(people)


def seat(office: Unit, steps: Iterable[ApprovalStep]) -> Seating:
    """Read what seats these steps. At most five statements."""
    askees = [a for s in steps for a in s.askees]
    roster = load_roster(office, group_ids=(a.group_id for a in askees))
    people = accounts.names_of(
        [
            *(a.user_id for a in askees), *(a.user_id for a in roster.approvers),
            *(i for members in roster.groups.values() for i in members),
        ]
    )  # fmt: skip
    wanted = {a.group_id for a in askees if a.group_id is not None}
    groups: dict[int, str] = {}
    if wanted:
        rows = db.session.execute(
            select(ApprovalGroup.id, ApprovalGroup.name).where(ApprovalGroup.id.in_(wanted))
        )
        groups = dict(rows.all())
    invited = {a.guest_id for a in askees if a.guest_id is not None}
    guests: dict[int, str] = {}
    if invited:
        known = select(GuestApprover.id, GuestApprover.name)
        guests = dict(
            db.session.execute(known.where(GuestApprover.id.in_(invited), GuestApprover.is_active)).all()
        )
    return Seating(office, roster, people, groups, guests)


@dataclass(frozen=True)
class AskeePreview:
    """An askee in words, and the names of whom it would ask today."""

    words: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class StepPreview:
    """A step as it would be asked today. ``enough``: whether there are people enough to complete it."""

    position: int
    label: str
    rule: StepRule
    askees: tuple[AskeePreview, ...]
    enough: bool

    @property
    def is_parallel(self) -> bool:
        """Several are asked at the same time, and all have to agree."""
        return self.rule is StepRule.ALL and len(self.askees) > 1

    @property
    def sentence(self) -> str:
        """The step in words."""
        return step_sentence(self.label, self.rule, [a.words for a in self.askees])


def told(steps: Sequence[StepPreview]) -> str:
    """A chain in one plain sentence."""
    return chain_sentence([s.sentence for s in steps])


def preview_steps(
    office: Unit,
    steps: Sequence[ApprovalStep],
    section_id: int | None,
    *,
    barred: frozenset[int] = frozenset(),
) -> list[StepPreview]:
    """Each step with whom it would ask today. At most four statements."""
    seating = seat(office, steps)
    return [seating.preview(s, section_id, barred) for s in steps]


def preview_chains(office: Unit) -> dict[int | None, list[StepPreview]]:
    """Every chain of an office by content type, each step with the names of whom it would ask today for a story without
    a section. A constant number of statements.
    """
    every = list_chains(office.id)
    seating = seat(office, [s for chain in every.values() for s in chain.steps])
    return {
        type_id: [seating.preview(s, None, frozenset()) for s in chain.steps]
        for type_id, chain in every.items()
    }


def count_in_flight(office_id: int) -> int:
    """How many packages wait in an office: what a change of the chains leaves alone. One statement."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Package)
            .where(Package.office_id == office_id, Package.state == PackageState.PENDING)
        )
        or 0
    )


@dataclass(frozen=True)
class Asked:
    """Whom a kind of step would ask today. ``section`` is empty for the office's own approvers."""

    section: str
    names: tuple[str, ...]
    is_fallback: bool = False


def preview_scopes(office: Unit) -> list[Asked]:
    """The office's approvers, then each section's (or the fallback). Three statements."""
    approvers = load_roster(office).approvers
    names = accounts.names_of(a.user_id for a in approvers)
    own = tuple(dict.fromkeys(names[a.user_id] for a in approvers if a.section_id is None))
    found = [Asked("", own)]
    for section in list_sections(office.id):
        mine = tuple(dict.fromkeys(names[a.user_id] for a in approvers if a.section_id == section.id))
        found.append(Asked(section.name, mine or own, is_fallback=not mine))
    return found
