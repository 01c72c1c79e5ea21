"""Forms about checklists, rules and the glossary: shape and wording only."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from humasflow.core.forms import BaseForm, ChoiceField, Filled, MaxLength, Optional
from humasflow.guidelines.enums import ItemLevel, RuleLevel, Ticker
from humasflow.guidelines.models import ChecklistItem
from humasflow.guidelines.queries import RuleRow
from humasflow.guidelines.services import ItemContent
from humasflow.planning.models import ContentType, ProductionRole


class ItemForm(BaseForm):
    """A checklist item. ``asked_of`` is a group, or ``role:<id>``."""

    text = StringField(_l("Yang diperiksa"), [Filled(_l("Tulis apa yang diperiksa.")), MaxLength(200)])
    help = StringField(_l("Penjelasan"), [MaxLength(300)])
    level = ChoiceField(_l("Sifat"))
    asked_of = ChoiceField(_l("Dicentang oleh"))
    asked_again = BooleanField(_l("Tanyakan lagi bila isi naskah berubah"))
    row_version = IntegerField(validators=[Optional()])

    def offer(self, roles: Sequence[ProductionRole], *, item: ChecklistItem | None = None) -> None:
        """Fill the choices. The role that an item is asked of stays on offer even if it was switched off since."""
        self.level.choices = [(level.value, level.label) for level in ItemLevel]
        offered = {r.id: r.label for r in roles}
        if item is not None and item.production_role is not None:
            offered.setdefault(item.production_role.id, item.production_role.label)
        self.asked_of.choices = [
            (Ticker.WRITER.value, Ticker.WRITER.label), (Ticker.APPROVER.value, Ticker.APPROVER.label),
            *((f"role:{i}", _("Yang ditugasi: %(role)s", role=label)) for i, label in offered.items()),
        ]  # fmt: skip

    def show(self, item: ChecklistItem) -> None:
        """Fill the fields from what stands now."""
        self.text.data, self.help.data, self.level.data = item.text, item.help, item.level.value
        role = item.production_role_id
        self.asked_of.data = f"role:{role}" if item.ticker is Ticker.ROLE else item.ticker.value
        self.asked_again.data, self.row_version.data = item.asked_again, item.row_version

    @property
    def content(self) -> ItemContent:
        """What was typed, as the services take it."""
        kind, _colon, role = (self.asked_of.data or "").partition(":")
        return ItemContent(
            self.text.data or "", self.help.data or "", ItemLevel(self.level.data), Ticker(kind),
            int(role) if role else None, bool(self.asked_again.data),
        )  # fmt: skip


class RuleForm(BaseForm):
    """What the office makes of a rule; the fields that it does not know are taken off."""

    level = ChoiceField(_l("Bobot temuan"))
    least = IntegerField(
        _l("Paling pendek (karakter)"), [NumberRange(0, 200, _l("Isi angka antara 0 dan 200."))]
    )
    most = IntegerField(
        _l("Paling panjang (karakter)"), [NumberRange(1, 200, _l("Isi angka antara 1 dan 200."))]
    )
    content_types = SelectMultipleField(
        _l("Berlaku untuk jenis konten"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    row_version = IntegerField(validators=[Optional()])

    def offer(self, row: RuleRow, content_types: Sequence[ContentType]) -> None:
        """Keep only what the rule knows, and fill the choices."""
        self.level.choices = [(level.value, level.label) for level in RuleLevel]
        if "min" not in row.options:
            del self.least, self.most
        if "content_types" in row.options:
            self.content_types.choices = [(t.code, t.label) for t in content_types]
        else:
            del self.content_types

    def show(self, row: RuleRow) -> None:
        """Fill the fields from what is in force."""
        self.level.data, self.row_version.data = row.level.value, row.row_version
        if "min" in row.options:
            self.least.data, self.most.data = row.options["min"], row.options["max"]
        if "content_types" in row.options:
            self.content_types.data = row.options["content_types"]

    def options(self, row: RuleRow) -> dict[str, Any]:
        """The thresholds that were typed."""
        typed: dict[str, Any] = {}
        if "min" in row.options:
            typed |= {"min": self.least.data, "max": self.most.data}
        if "content_types" in row.options:
            typed["content_types"] = self.content_types.data or []
        return typed


class WordsForm(BaseForm):
    """Words to add, one a line."""

    words = TextAreaField(
        _l("Kata yang ditambahkan"), [Filled(_l("Tempelkan paling sedikit satu kata.")), MaxLength(200_000)]
    )
