"""Reading what an office asks of its texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.guidelines.checks.base import House, RuleChoice
from humasflow.guidelines.checks.catalogue import CATALOGUE, Rule
from humasflow.guidelines.enums import RuleCode, RuleLevel
from humasflow.guidelines.models import ChecklistItem, GlossaryWord, RuleSetting
from humasflow.planning.queries import get_offered, list_offered

WORDS_PER_PAGE = 200


@dataclass(frozen=True)
class RuleRow:
    """A rule as an admin sees it: what comes with the product, and what the office made of it."""

    rule: Rule
    setting: RuleSetting | None

    @property
    def level(self) -> RuleLevel:
        """What is in force."""
        return self.setting.level if self.setting else self.rule.level

    @property
    def options(self) -> dict[str, Any]:
        """The thresholds in force."""
        return {**self.rule.options, **(self.setting.options if self.setting else {})}

    @property
    def row_version(self) -> int:
        """0 while the office changed nothing."""
        return self.setting.row_version if self.setting else 0


def get_house(office_id: int) -> House:
    """Everything the checks need of an office, in two statements."""
    settings = db.session.scalars(select(RuleSetting).where(RuleSetting.office_id == office_id))
    rules = {s.code: RuleChoice(s.level.severity, s.options) for s in settings}
    words = db.session.scalars(select(GlossaryWord.folded).where(GlossaryWord.office_id == office_id))
    return House(rules, frozenset(words))


def list_rules(office_id: int) -> list[RuleRow]:
    """Every rule in the catalogue's order, one statement."""
    found = {
        s.code: s for s in db.session.scalars(select(RuleSetting).where(RuleSetting.office_id == office_id))
    }
    return [RuleRow(rule, found.get(code)) for code, rule in CATALOGUE.items()]


def get_rule(office_id: int, code: str) -> RuleRow:
    """One rule by its code, or "not found"."""
    if code not in set(RuleCode):
        raise NotFound
    setting = db.session.scalar(
        select(RuleSetting).where(RuleSetting.office_id == office_id, RuleSetting.code == RuleCode(code))
    )
    return RuleRow(CATALOGUE[RuleCode(code)], setting)


def list_items(office_id: int) -> Sequence[ChecklistItem]:
    """All items of an office in their order, also those switched off; one statement."""
    return list_offered(ChecklistItem, office_id, with_inactive=True)


def list_items_for(office_id: int, content_type_id: int) -> Sequence[ChecklistItem]:
    """What is asked of a text of this type: the items of all types first, then its own; one statement."""
    return db.session.scalars(
        select(ChecklistItem)
        .where(
            ChecklistItem.office_id == office_id,
            ChecklistItem.is_active.is_(True),
            or_(ChecklistItem.content_type_id.is_(None), ChecklistItem.content_type_id == content_type_id),
        )
        .order_by(ChecklistItem.content_type_id.is_not(None), ChecklistItem.position, ChecklistItem.id)
    ).all()


def get_item(office_id: int, item_id: int) -> ChecklistItem:
    """One of this office, or "not found"."""
    return get_offered(ChecklistItem, office_id, item_id)


def count_words(office_id: int) -> int:
    """How many words the glossary holds."""
    counted = select(func.count()).select_from(GlossaryWord).where(GlossaryWord.office_id == office_id)
    return db.session.scalar(counted) or 0


def list_words(
    office_id: int, *, q: str = "", after: str = "", size: int = WORDS_PER_PAGE
) -> tuple[Sequence[GlossaryWord], str | None]:
    """A page of the glossary in alphabetical order, and the word after which the next page begins; one statement."""
    statement = select(GlossaryWord).where(GlossaryWord.office_id == office_id)
    if q:
        statement = statement.where(
            or_(
                GlossaryWord.folded.contains(q.casefold(), autoescape=True),
                GlossaryWord.meaning.icontains(q, autoescape=True),
            )
        )
    if after:
        statement = statement.where(GlossaryWord.folded > after)
    found = db.session.scalars(statement.order_by(GlossaryWord.folded).limit(size + 1)).all()
    return (found, None) if len(found) <= size else (found[:size], found[size - 1].folded)
