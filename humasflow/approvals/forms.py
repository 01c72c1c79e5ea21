"""Shape and wording of what is typed around approvals."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, StringField, TextAreaField

from humasflow.accounts.models import User
from humasflow.approvals.enums import StepScope
from humasflow.approvals.models import ApprovalChain
from humasflow.approvals.services import StepContent
from humasflow.approvals.services.chains import LABEL_LENGTH, MAX_STEPS
from humasflow.approvals.services.deciding import REASON_LENGTH
from humasflow.approvals.services.submitting import NOTE_LENGTH
from humasflow.core.forms import BaseForm, ChoiceField, Filled, MaxLength, int_or_none

INHERIT, NONE, STEPS = "inherit", "none", "steps"


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


class ChainForm(BaseForm):
    """The steps of a content type, or of the office."""

    mode = RadioField(_l("Cara memutuskan"))
    label_1 = StringField(_l("Nama langkah 1"), [MaxLength(LABEL_LENGTH)])
    scope_1 = ChoiceField(_l("Yang diminta"))
    person_1 = ChoiceField(_l("Orangnya"), coerce=int_or_none)
    label_2 = StringField(_l("Nama langkah 2"), [MaxLength(LABEL_LENGTH)])
    scope_2 = ChoiceField(_l("Yang diminta"))
    person_2 = ChoiceField(_l("Orangnya"), coerce=int_or_none)
    label_3 = StringField(_l("Nama langkah 3"), [MaxLength(LABEL_LENGTH)])
    scope_3 = ChoiceField(_l("Yang diminta"))
    person_3 = ChoiceField(_l("Orangnya"), coerce=int_or_none)

    def __init__(
        self, chain: ApprovalChain | None, people: Sequence[User], *, is_default: bool, **kwargs: Any
    ) -> None:
        super().__init__(data=_typed(chain, is_default=is_default), **kwargs)
        self.mode.choices = [] if is_default else [(INHERIT, _("Ikuti alur bawaan kantor"))]
        self.mode.choices += [
            (STEPS, _("Dengan persetujuan, satu sampai tiga langkah")),
            (NONE, _("Tanpa persetujuan")),
        ]
        scopes = [("", _("Tidak dipakai")), *((s.value, s.label) for s in StepScope)]
        # A person who left keeps the place until somebody else is chosen, so that saving loses nothing unnoticed.
        known = {u.id for u in people}
        gone = {s.user_id for s in (chain.steps if chain else [])} - known - {None}
        persons: list[tuple[int | str, str]] = [("", _("Tidak ada"))]
        persons += [(u.id, u.name) for u in people]
        persons += [(i, _("Tidak berperan Penyetuju lagi")) for i in sorted(i for i in gone if i)]
        for _label, scope, person in self.rows:
            scope.choices, person.choices = scopes, persons

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The fields step by step."""
        return [
            (self[f"label_{n}"], self[f"scope_{n}"], self[f"person_{n}"]) for n in range(1, MAX_STEPS + 1)
        ]

    def steps(self) -> list[StepContent] | None:
        """The described steps in order, or None after putting what is missing beside its field."""
        found: list[StepContent] = []
        complete = True
        for label, scope, person in self.rows:
            if not scope.data:
                if label.data:
                    self.fail(scope, _("Pilih siapa yang diminta, atau kosongkan nama langkahnya."))
                    complete = False
                continue
            chosen = StepScope(scope.data)
            if not label.data:
                self.fail(label, _("Beri langkah ini nama, misalnya jabatan yang memutuskan."))
                complete = False
            if chosen is StepScope.PERSON and person.data is None:
                self.fail(person, _("Pilih orangnya."))
                complete = False
            found.append(StepContent(label.data, chosen, person.data if chosen is StepScope.PERSON else None))
        if complete and not found:
            self.fail(self.mode, _("Isi sedikitnya satu langkah, atau pilih “Tanpa persetujuan”."))
            complete = False
        return found if complete else None


def _typed(chain: ApprovalChain | None, *, is_default: bool) -> dict[str, Any]:
    if chain is None:
        return {"mode": NONE if is_default else INHERIT}
    data: dict[str, Any] = {"mode": STEPS if chain.steps else NONE}
    for step in chain.steps:
        data[f"label_{step.position}"] = step.label
        data[f"scope_{step.position}"] = step.scope.value
        data[f"person_{step.position}"] = step.user_id
    return data
