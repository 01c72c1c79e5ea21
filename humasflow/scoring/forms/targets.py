"""Forms about targets."""

import re
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField, StringField

from humasflow.core.forms import BaseForm, CheckboxesField, Filled, MaxLength
from humasflow.scoring.enums import TargetScope
from humasflow.scoring.models import Component
from humasflow.scoring.targeting import is_whole

_GROUPED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]{1,8})?")
_PLAIN = re.compile(r"[0-9]{1,12}(?:,[0-9]{1,8})?")


class TargetsForm(BaseForm):
    """Letter and reason shared by what is changed at once; the numbers are in ``value-<cell>`` and ``upper-<cell>``."""

    letter = StringField(_l("Nomor surat atau dokumen dasar"), [MaxLength(200)])
    reason = StringField(_l("Alasan, bila mengubah atau menarik yang sudah ditetapkan"), [MaxLength(300)])
    letter_for_all = BooleanField(_l("Surat ini juga dasar untuk angka yang tidak berubah"))


class CopyTargetsForm(BaseForm):
    """What of an earlier period to take over, and the letter it rests on now."""

    scopes: SelectMultipleField = CheckboxesField(_l("Yang disalin"), choices=[], coerce=TargetScope)
    letter = StringField(_l("Nomor surat atau dokumen dasar"), [Filled(), MaxLength(200)])


def read_target(text: str, component: Component, scope: TargetScope = TargetScope.OFFICE) -> Decimal | None:
    """A number as people write it, ``60``, ``1.250`` or ``12,5``; None for nothing. Raises ValueError with a sentence
    for the person who typed it. Whether the number can be a target is asked elsewhere.
    """
    plain = text.replace("\u00a0", "").replace("\x00", "").strip().removesuffix("%").strip()
    if not plain:
        return None
    sign, digits = ("-", plain[1:]) if plain[0] in "-−" else ("", plain)
    if not (digits.isascii() and (_GROUPED.fullmatch(digits) or _PLAIN.fullmatch(digits))):
        raise ValueError(
            _("“%(text)s” bukan bilangan bulat. Contoh: 60.", text=plain[:20])
            if is_whole(component, scope)
            else _("“%(text)s” bukan angka. Contoh: 60 atau 12,5.", text=plain[:20])
        )
    return Decimal(sign + digits.replace(".", "").replace(",", "."))
