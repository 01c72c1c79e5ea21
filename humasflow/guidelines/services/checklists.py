"""Checklist items: added, changed, moved up or down, switched off rather than deleted."""

from dataclasses import dataclass

from flask_babel import gettext as _

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.versions import expect_version
from humasflow.guidelines import queries
from humasflow.guidelines.enums import ItemLevel, Ticker
from humasflow.guidelines.models import ChecklistItem
from humasflow.planning import queries as planning
from humasflow.planning.offering import exchange, next_position, refuse_twin
from humasflow.planning.production_roles.queries import get_production_role

MAX_ITEMS = 40  # of one content type: a longer list is not read any more


@dataclass(frozen=True)
class ItemContent:
    """What is asked. ``production_role_id`` names the role that ticks it, with ``Ticker.ROLE`` only."""

    text: str
    help: str = ""
    level: ItemLevel = ItemLevel.RECOMMENDED
    ticker: Ticker = Ticker.WRITER
    production_role_id: int | None = None
    asked_again: bool = False


def create_item(
    office_id: int, *, actor: audit.Actor | None, content: ItemContent, content_type_id: int | None = None
) -> ChecklistItem:
    """Ask one thing more of a content type (None: of all). Raises UserError for a text that is asked already."""
    if content_type_id is not None:
        planning.get_content_type(office_id, content_type_id)
    content = _checked(office_id, content)
    beside = [i for i in queries.list_items(office_id) if i.content_type_id == content_type_id]
    _refuse_twin(content.text, beside)
    _refuse_too_many(beside)
    created = ChecklistItem(
        office_id=office_id, content_type_id=content_type_id, text=content.text, help=content.help,
        level=content.level, ticker=content.ticker, production_role_id=content.production_role_id,
        asked_again=content.asked_again, is_active=True, position=next_position(beside),
    )  # fmt: skip
    db.session.add(created)
    db.session.flush()
    _record(AuditAction.CHECKLIST_ITEM_CREATED, created, actor)
    return created


def change_item(
    item: ChecklistItem, *, actor: audit.Actor, content: ItemContent, row_version: int | None
) -> None:
    """Reword an item or ask it otherwise. What was ticked stays ticked: the item is the same."""
    expect_version(item, row_version)
    content = _checked(item.office_id, content)
    _refuse_twin(content.text, [i for i in _beside(item) if i.id != item.id])
    item.text, item.help, item.level = content.text, content.help, content.level
    item.ticker, item.production_role_id = content.ticker, content.production_role_id
    item.asked_again = content.asked_again
    db.session.flush()
    _record(AuditAction.CHECKLIST_ITEM_CHANGED, item, actor)


def switch_item(item: ChecklistItem, *, actor: audit.Actor, is_active: bool) -> None:
    """Stop asking, or ask again. Raises UserError where as much is asked already."""
    if item.is_active == is_active:
        return
    if is_active:
        _refuse_too_many(_beside(item))
    item.is_active = is_active
    db.session.flush()
    _record(AuditAction.CHECKLIST_ITEM_CHANGED, item, actor)


def move_item(item: ChecklistItem, *, actor: audit.Actor, up: bool) -> None:
    """Change places with the neighbour; at the end nothing happens."""
    if exchange(item, [i for i in _beside(item) if i.is_active], up=up):
        db.session.flush()
        _record(AuditAction.CHECKLIST_ITEM_CHANGED, item, actor)


def _checked(office_id: int, content: ItemContent) -> ItemContent:
    text, role_id = content.text.strip(), content.production_role_id
    if not text:
        raise UserError(_("Tulis apa yang diperiksa."))
    if content.ticker is not Ticker.ROLE:
        role_id = None
    elif role_id is None:
        raise UserError(_("Pilih peran penugasan yang mencentang butir ini."))
    else:
        get_production_role(office_id, role_id)
    return ItemContent(
        text[:200], content.help.strip()[:300], content.level, content.ticker, role_id, content.asked_again
    )


def _beside(item: ChecklistItem) -> list[ChecklistItem]:
    """The items of the same list, in order, with this one."""
    return [i for i in queries.list_items(item.office_id) if i.content_type_id == item.content_type_id]


def _refuse_too_many(beside: list[ChecklistItem]) -> None:
    if sum(i.is_active for i in beside) >= MAX_ITEMS:
        raise UserError(_("Satu daftar periksa memuat paling banyak %(n)s butir.", n=MAX_ITEMS))


def _refuse_twin(text: str, beside: list[ChecklistItem]) -> None:
    refuse_twin(text, beside, _("Butir “%(text)s” sudah ada di daftar ini.", text=text))


def _record(action: AuditAction, item: ChecklistItem, actor: audit.Actor | None) -> None:
    audit.record(
        action, ("checklist_item", item.id), office_id=item.office_id, actor=actor, label=item.text,
        content_type_id=item.content_type_id, level=item.level.value, ticker=item.ticker.value,
        production_role_id=item.production_role_id, asked_again=item.asked_again, is_active=item.is_active,
        position=item.position,
    )  # fmt: skip
