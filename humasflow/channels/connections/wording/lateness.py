"""What becomes of publications whose time passed while an account could not take them."""

from flask_babel import gettext as _
from flask_babel import ngettext


def late_note(grace_minutes: int) -> str:
    """That what is too late is asked about first, in the account's own measure."""
    if not grace_minutes:
        return _("Yang sudah lewat waktunya ditanyakan dahulu, tidak langsung tayang.")
    return _(
        "Yang lewat lebih dari %(grace)s ditanyakan dahulu, tidak langsung tayang.",
        grace=_long(grace_minutes),
    )


def _long(minutes: int) -> str:
    if minutes % 60:
        return ngettext("%(num)s menit", "%(num)s menit", minutes)
    return ngettext("%(num)s jam", "%(num)s jam", minutes // 60)
