"""The forms of an import. Those whose fields depend on the table are read by hand in the views."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from humasflow.core.forms import BaseForm


class UploadForm(BaseForm):
    """A table in whatever form it has."""

    file = FileField(_l("Berkas"), [FileRequired(_l("Pilih berkasnya."))])


class ApplyForm(BaseForm):
    """What to do about bad rows."""

    all_or_nothing = BooleanField(_l("Semua atau tidak sama sekali"))
