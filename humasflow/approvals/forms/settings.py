"""Groups, what an edit does to an approval, and what happens as time passes."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField

from humasflow.accounts.models import User
from humasflow.approvals.enums import EscalateTo
from humasflow.approvals.models import ApprovalGroup, ApprovalSettings
from humasflow.approvals.services import PatienceContent
from humasflow.approvals.services.groups import NAME_LENGTH
from humasflow.approvals.services.settings import MOST_HOURS, MOST_UNREADY_HOURS
from humasflow.core.forms import BaseForm, Filled, LocalTimeField, MaxLength, WholeNumberField
from humasflow.stories.edit_fields import EditField
from humasflow.stories.models import EditPolicy

ANY_EDIT, MARKED = "any", "marked"


class GroupForm(BaseForm):
    """A group's name and its people."""

    name = StringField(
        _l("Nama grup"), [Filled(_l("Beri grup ini nama, misalnya “Tim Humas”.")), MaxLength(NAME_LENGTH)]
    )
    members = SelectMultipleField(_l("Anggota"), coerce=int, validate_choice=False)
    is_active = BooleanField(_l("Grup ini dipakai"), default=True)

    def __init__(self, group: ApprovalGroup | None, people: Sequence[User], **kwargs: Any) -> None:
        data = {
            "name": group.name if group else "",
            "members": [m.user_id for m in group.members] if group else [],
            "is_active": group.is_active if group else True,
        }
        super().__init__(data=data, **kwargs)
        known = {u.id: u.name for u in people}
        gone = [m.user for m in group.members if m.user_id not in known] if group else []
        self.members.choices = [
            *known.items(),
            *((u.id, _("%(name)s (tidak berperan Penyetuju lagi)", name=u.name)) for u in gone),
        ]


class PatienceForm(BaseForm):
    """Working hours until a reminder and until somebody else hears of it."""

    remind_hours = WholeNumberField(
        _l("Ingatkan penyetuju setiap (jam kerja)"), minimum=0, maximum=MOST_HOURS
    )
    escalate_hours = WholeNumberField(_l("Teruskan sesudah (jam kerja)"), minimum=0, maximum=MOST_HOURS)
    unready_hours = WholeNumberField(
        _l("Ingatkan yang belum disetujui, berapa jam sebelum tayang"), minimum=0, maximum=MOST_UNREADY_HOURS
    )
    escalate_to = RadioField(_l("Diteruskan kepada"))
    day_starts = LocalTimeField(_l("Jam masuk"))
    day_ends = LocalTimeField(_l("Jam pulang"))

    def __init__(self, settings: ApprovalSettings | None, **kwargs: Any) -> None:
        usual = PatienceContent()
        data = {
            name: getattr(settings, name) if settings else getattr(usual, name)
            for name in ("remind_hours", "escalate_hours", "unready_hours", "day_starts", "day_ends")
        }
        data["escalate_to"] = (settings.escalate_to if settings else usual.escalate_to).value
        super().__init__(data=data, **kwargs)
        self.escalate_to.choices = [(to.value, to.label) for to in EscalateTo]

    def content(self) -> PatienceContent | None:
        """The figures, or None after putting what is missing beside its field. An empty number is 0."""
        starts, ends = self.day_starts.data, self.day_ends.data
        for field in (self.day_starts, self.day_ends):
            if field.data is None:
                self.fail(field, _("Isi dengan jam, misalnya 07.30."))
        if starts is None or ends is None:
            return None
        return PatienceContent(
            self.remind_hours.data or 0, self.escalate_hours.data or 0, EscalateTo(self.escalate_to.data), starts, ends,
            self.unready_hours.data or 0,
        )  # fmt: skip


class EditPolicyForm(BaseForm):
    """What an edit after approval does."""

    mode = RadioField(_l("Bila isi diubah sesudah disetujui"))
    marked = SelectMultipleField(_l("Bagian yang menggugurkan persetujuan"))

    def __init__(self, policy: EditPolicy | None, **kwargs: Any) -> None:
        only_marked = policy is not None and policy.only_marked
        usual = [p.value for p in EditField if p not in (EditField.CREDITS, EditField.BRIEF)]
        data = {
            "mode": MARKED if only_marked else ANY_EDIT,
            "marked": policy.marked if policy and policy.marked else usual,
        }
        super().__init__(data=data, **kwargs)
        self.mode.choices = [
            (ANY_EDIT, _("Perubahan apa pun menggugurkan persetujuan")),
            (MARKED, _("Hanya perubahan pada bagian yang dipilih di bawah; penyetuju diberi tahu perubahan lainnya")),
        ]  # fmt: skip
        self.marked.choices = [(p.value, p.label) for p in EditField]

    @property
    def only_marked(self) -> bool:
        """Whether the second way was chosen."""
        return bool(self.mode.data == MARKED)

    @property
    def chosen(self) -> list[EditField]:
        """The marked parts."""
        return [EditField(value) for value in self.marked.data or ()]
