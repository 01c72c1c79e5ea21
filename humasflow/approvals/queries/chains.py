"""The steps an office asks for, and whom they would ask today."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from humasflow.accounts import queries as accounts
from humasflow.approvals.asking import asked, list_approvers
from humasflow.approvals.enums import PackageState
from humasflow.approvals.models import ApprovalChain, ApprovalStep, Package, PackageStep
from humasflow.core.db import db
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import list_sections


def get_chain(office_id: int, content_type_id: int | None) -> ApprovalChain | None:
    """The chain made for a content type, or (None) the office's default."""
    same = (
        ApprovalChain.content_type_id.is_(None)
        if content_type_id is None
        else ApprovalChain.content_type_id == content_type_id
    )
    return db.session.scalar(
        select(ApprovalChain)
        .where(ApprovalChain.office_id == office_id, same)
        .options(selectinload(ApprovalChain.steps))
    )


def list_chains(office_id: int) -> dict[int | None, ApprovalChain]:
    """All chains of an office by content type; None is the default. Two statements."""
    found = db.session.scalars(
        select(ApprovalChain)
        .where(ApprovalChain.office_id == office_id)
        .options(selectinload(ApprovalChain.steps))
    )
    return {c.content_type_id: c for c in found}


def steps_for(office_id: int, content_type_id: int) -> Sequence[ApprovalStep]:
    """The steps in force for a content type: its own chain's, else the office default's, else none."""
    chains = list_chains(office_id)
    chain = chains.get(content_type_id) or chains.get(None)
    return chain.steps if chain else []


def preview_steps(
    office: Unit,
    steps: Sequence[ApprovalStep | PackageStep],
    section_id: int | None,
    *,
    barred: frozenset[int],
) -> list[tuple[ApprovalStep | PackageStep, list[str]]]:
    """Each step with the names of whom it would ask today. Two statements."""
    approvers = list_approvers(office)
    ids = [asked(s, section_id, approvers, barred=barred) for s in steps]
    names = accounts.names_of(i for people in ids for i in people)
    return [(s, [names[i] for i in people if i in names]) for s, people in zip(steps, ids, strict=True)]


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
    approvers = list_approvers(office)
    names = accounts.names_of(a.user_id for a in approvers)
    own = tuple(dict.fromkeys(names[a.user_id] for a in approvers if a.section_id is None))
    found = [Asked("", own)]
    for section in list_sections(office.id):
        mine = tuple(dict.fromkeys(names[a.user_id] for a in approvers if a.section_id == section.id))
        found.append(Asked(section.name, mine or own, is_fallback=not mine))
    return found


def preview_chains(office: Unit) -> dict[int | None, list[tuple[ApprovalStep, list[str]]]]:
    """Every chain of an office by content type, each step with the names of whom it would ask today for a story without
    a section. Four statements.
    """
    approvers = list_approvers(office)
    every = list_chains(office.id)
    ids = {s: asked(s, None, approvers) for chain in every.values() for s in chain.steps}
    names = accounts.names_of(i for people in ids.values() for i in people)
    return {
        type_id: [(s, [names[i] for i in ids[s] if i in names]) for s in chain.steps]
        for type_id, chain in every.items()
    }
