"""Shape and wording of what is typed around approvals."""

from humasflow.approvals.forms.chains import INHERIT, NONE, STEPS, ChainForm
from humasflow.approvals.forms.deciding import (
    ClearForm,
    DecideForm,
    ObjectForm,
    ReturnForm,
    SubmitForm,
    UrgentForm,
    read_choices,
)
from humasflow.approvals.forms.settings import EditPolicyForm, GroupForm, PatienceForm

__all__ = [
    "INHERIT",
    "NONE",
    "STEPS",
    "ChainForm",
    "ClearForm",
    "DecideForm",
    "EditPolicyForm",
    "GroupForm",
    "ObjectForm",
    "PatienceForm",
    "ReturnForm",
    "SubmitForm",
    "UrgentForm",
    "read_choices",
]
