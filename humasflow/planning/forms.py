"""Forms about content types, pillars and production roles: shape and wording only."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, IntegerField, StringField, TextAreaField, ValidationError

from humasflow.core.forms import BaseForm, ChoiceField, Filled, MaxLength, Optional
from humasflow.core.html import body_from_form
from humasflow.planning.credits import DEFAULT_CREDITS, NAMES, unknown_names
from humasflow.planning.enums import ContentTemplate


class ContentTypeForm(BaseForm):
    """A content type: its name, where it shows, and what a text of it starts from."""

    label = StringField(_l("Nama jenis konten"), [Filled(_l("Tulis nama jenis konten.")), MaxLength(80)])
    on_newsroom = BooleanField(_l("Tampil sebagai bagian di situs berita"), default=True)
    template = ChoiceField(_l("Bentuk naskah"), default=ContentTemplate.ARTICLE.value)
    credit_template = StringField(_l("Pola kredit"), [MaxLength(200)], default=DEFAULT_CREDITS)
    body_template = TextAreaField(_l("Kerangka isi"), [MaxLength(20_000)])
    row_version = IntegerField(validators=[Optional()])

    def offer(self) -> None:
        """Fill the choices."""
        self.template.choices = [(t.value, f"{t.label}. {t.description}") for t in ContentTemplate]

    def validate_credit_template(self, field: Field) -> None:
        """Only the names that are known are in braces."""
        if unknown := unknown_names(field.data or ""):
            raise ValidationError(
                _(
                    "Nama %(unknown)s tidak dikenal. Yang tersedia: %(known)s.",
                    unknown=", ".join(f"{{{n}}}" for n in unknown), known=", ".join(f"{{{n}}}" for n in NAMES),
                )
            )  # fmt: skip

    @property
    def chosen_template(self) -> ContentTemplate:
        """The genre that was picked."""
        return ContentTemplate(self.template.data)

    @property
    def skeleton(self) -> str:
        """The skeleton as clean HTML."""
        return body_from_form(self.body_template.data or "")


class PillarForm(BaseForm):
    """A pillar: its name, and what belongs under it."""

    name = StringField(_l("Nama pilar"), [Filled(_l("Tulis nama pilar.")), MaxLength(80)])
    description = StringField(_l("Penjelasan"), [MaxLength(300)])
    row_version = IntegerField(validators=[Optional()])


class ProductionRoleForm(BaseForm):
    """A production role: its name, and what is expected of whoever has it."""

    label = StringField(_l("Nama peran"), [Filled(_l("Tulis nama peran.")), MaxLength(80)])
    hint = StringField(_l("Yang diharapkan"), [MaxLength(300)])
    row_version = IntegerField(validators=[Optional()])
