"""Submitting, deciding, letting out urgently and agreeing afterwards."""

import re
from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, TextAreaField

from humasflow.approvals.services import Choice
from humasflow.approvals.services.deciding import REASON_LENGTH
from humasflow.approvals.services.submitting import NOTE_LENGTH
from humasflow.core.forms import BaseForm, Filled, MaxLength

# What a checkbox for several at once carries: package, step, digest.
_CHOICE = re.compile(r"([0-9]{1,15}):([1-3]):([0-9a-f]{64})")


class SubmitForm(BaseForm):
    """A word to the approver."""

    note = TextAreaField(_l("Pesan untuk penyetuju"), [MaxLength(NOTE_LENGTH)], render_kw={"rows": 3})


class DecideForm(BaseForm):
    """What every decision carries: the digest and the step of the page it was taken on."""

    digest = HiddenField(id="decide-digest")
    step = IntegerField()


class ReturnForm(DecideForm):
    """Sending back says why."""

    digest = HiddenField(id="return-digest")
    reason = TextAreaField(
        _l("Apa yang perlu diperbaiki?"),
        [
            Filled(_l("Tuliskan alasannya, supaya penulis tahu apa yang perlu diperbaiki.")),
            MaxLength(REASON_LENGTH),
        ],
        render_kw={"rows": 5},
    )


class UrgentForm(BaseForm):
    """Letting out without approval says why it could not wait."""

    digest = HiddenField(id="urgent-digest")
    reason = TextAreaField(
        _l("Mengapa tidak dapat menunggu persetujuan?"),
        [
            Filled(_l("Tuliskan alasannya. Alasan ini terbaca oleh semua yang melihat naskah.")),
            MaxLength(REASON_LENGTH),
        ],
        id="urgent-reason",
        render_kw={"rows": 4},
    )
    at_once = BooleanField(_l("Tayangkan sekarang juga"), default=True, id="urgent-at-once")


class ClearForm(BaseForm):
    """Agreeing afterwards."""

    digest = HiddenField(id="clear-digest")


class ObjectForm(BaseForm):
    """Not agreeing afterwards says why."""

    digest = HiddenField(id="object-digest")
    reason = TextAreaField(
        _l("Apa keberatan Anda?"),
        [
            Filled(_l("Tuliskan keberatan Anda, supaya yang menerbitkan tahu apa yang harus diperbaiki.")),
            MaxLength(REASON_LENGTH),
        ],
        id="object-reason",
        render_kw={"rows": 5},
    )


def read_choices(values: Iterable[str]) -> list[Choice]:
    """What was ticked for several at once; what is no choice of ours is left out."""
    found = (_CHOICE.fullmatch(value) for value in values)
    return [Choice(int(m[1]), int(m[2]), m[3]) for m in found if m]
