"""What an office makes of a rule: how heavy its findings are, from which threshold, for which content types."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.core.errors import Conflict, UserError
from humasflow.guidelines import queries
from humasflow.guidelines.checks.catalogue import CONTENT_TYPES, Rule
from humasflow.guidelines.enums import RuleCode, RuleLevel
from humasflow.guidelines.models import RuleSetting

LONGEST_HEADLINE = 200  # what the title's column holds


def change_rule(
    office_id: int,
    code: RuleCode,
    *,
    actor: audit.Actor | None,
    level: RuleLevel,
    options: Mapping[str, Any] | None = None,
    row_version: int | None = None,
) -> RuleSetting:
    """Set a rule. ``options`` None keeps the thresholds; ``row_version`` is 0 for a rule that nobody set before.

    Raises Conflict when somebody else did meanwhile, UserError for thresholds that make no sense.
    """
    row = queries.get_rule(office_id, code.value)
    if row_version is not None and row.row_version != row_version:
        raise Conflict(_("Orang lain baru saja mengubah aturan ini. Muat ulang untuk melihat perubahannya."))
    wanted = _checked(row.rule, row.options if options is None else options)
    setting = row.setting
    if setting is None:
        setting = RuleSetting(office_id=office_id, code=code, level=level, options=wanted)
        db.session.add(setting)
    else:
        setting.level, setting.options = level, wanted
    db.session.flush()
    audit.record(
        AuditAction.RULE_CHANGED, ("rule_setting", setting.id), office_id=office_id, actor=actor,
        label=code.label, code=code.value, level=level.value, options=wanted,
    )  # fmt: skip
    return setting


def reset_rule(office_id: int, code: RuleCode, *, actor: audit.Actor) -> None:
    """Back to what comes with the product."""
    row = queries.get_rule(office_id, code.value)
    if row.setting is None:
        return
    setting_id = row.setting.id
    db.session.delete(row.setting)
    db.session.flush()
    audit.record(
        AuditAction.RULE_CHANGED, ("rule_setting", setting_id), office_id=office_id, actor=actor, label=code.label,
        code=code.value, level=row.rule.level.value, options=dict(row.rule.options), reset=True,
    )  # fmt: skip


def _checked(rule: Rule, options: Mapping[str, Any]) -> dict[str, Any]:
    """Only the options that the rule knows, with values it can work with."""
    wanted = {name: options.get(name, rule.options[name]) for name in rule.options}
    if "min" in wanted:
        least, most = int(wanted["min"]), int(wanted["max"])
        if not 0 <= least < most <= LONGEST_HEADLINE:
            raise UserError(
                _(
                    "Panjang terpendek harus lebih kecil daripada terpanjang, dan terpanjang paling banyak %(n)s.",
                    n=LONGEST_HEADLINE,
                )
            )
        wanted |= {"min": least, "max": most}
    if CONTENT_TYPES in wanted:
        wanted[CONTENT_TYPES] = sorted({str(code) for code in wanted[CONTENT_TYPES]})
    return wanted
