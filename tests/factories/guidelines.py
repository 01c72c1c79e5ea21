"""Checklists, rules and manuscripts for tests, made through the room's own services."""

from typing import Any

from humasflow.guidelines import services
from humasflow.guidelines.checks.base import Finding, House, Manuscript
from humasflow.guidelines.checks.running import find_all
from humasflow.guidelines.enums import ItemLevel, RuleCode, RuleLevel, Ticker
from humasflow.guidelines.models import ChecklistItem, RuleSetting
from humasflow.guidelines.services import ItemContent
from tests.factories.world import World


def item(world: World, text: str = "Angka sudah dicocokkan", **changes: Any) -> ChecklistItem:
    """A required item that writers tick, asked of every content type unless told otherwise."""
    content_type_id = changes.pop("content_type_id", None)
    values: dict[str, Any] = {"level": ItemLevel.REQUIRED, "ticker": Ticker.WRITER}
    return services.create_item(
        world.office.id, actor=world.as_(world.admin), content=ItemContent(text, **values | changes),
        content_type_id=content_type_id,
    )  # fmt: skip


def rule(world: World, code: RuleCode, level: RuleLevel, **options: Any) -> RuleSetting:
    """What the office makes of a rule."""
    return services.change_rule(
        world.office.id, code, actor=world.as_(world.admin), level=level, options=options or None
    )


def manuscript(*paragraphs: str, **changes: Any) -> Manuscript:
    """A text of a type of which no structure is asked, so that only its words are looked at."""
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    values: dict[str, Any] = {
        "title": "Kantor membuka layanan baru",
        "body_html": body,
        "content_type": "unggahan",
    }
    return Manuscript(**values | changes)


def found(
    *paragraphs: str, code: RuleCode | None = None, house: House | None = None, **changes: Any
) -> list[Finding]:
    """What the checks find, of one rule when asked for."""
    every = find_all(manuscript(*paragraphs, **changes), house or House())
    return [f for f in every if code is None or f.code is code]
