"""Forms about content types and pillars: shape and wording only."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, StringField

from humasflow.core.forms import BaseForm, Filled, MaxLength, Optional


class ContentTypeForm(BaseForm):
    """A content type: its name, and where it shows."""

    label = StringField(_l("Nama jenis konten"), [Filled(_l("Tulis nama jenis konten.")), MaxLength(80)])
    on_newsroom = BooleanField(_l("Tampil sebagai bagian di situs berita"), default=True)
    row_version = IntegerField(validators=[Optional()])


class PillarForm(BaseForm):
    """A pillar: its name, and what belongs under it."""

    name = StringField(_l("Nama pilar"), [Filled(_l("Tulis nama pilar.")), MaxLength(80)])
    description = StringField(_l("Penjelasan"), [MaxLength(300)])
    row_version = IntegerField(validators=[Optional()])
