"""Forms about campaigns: shape and wording. What may be saved is decided by the services."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    IntegerField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
    widgets,
)

from humasflow.core.forms import (
    BaseForm,
    Filled,
    LocalDateField,
    MaxLength,
    Optional,
    WholeNumberField,
    required,
)
from humasflow.orgs.models import Unit
from humasflow.planning.campaigns.models import Campaign
from humasflow.planning.campaigns.services import MAX_TARGET, CampaignContent
from humasflow.planning.models import Pillar


class CampaignForm(BaseForm):
    """Everything a campaign says but the shares, which are a field for each pillar (``bagian-<id>``)."""

    name = StringField(_l("Nama kampanye"), [Filled(_l("Beri kampanye ini nama.")), MaxLength(120)])
    goal = TextAreaField(_l("Tujuan"), [Filled(_l("Tuliskan tujuannya.")), MaxLength(300)])
    audience = TextAreaField(_l("Khalayak"), [Filled(_l("Tuliskan khalayaknya.")), MaxLength(300)])
    message = TextAreaField(_l("Pesan kunci"), [MaxLength(2000)])
    hashtag = StringField(_l("Tagar"), [MaxLength(80)])
    starts_on = LocalDateField(_l("Mulai"), [required(_l("Isi tanggal mulainya."))])
    ends_on = LocalDateField(_l("Sampai"), [required(_l("Isi tanggal akhirnya."))])
    target = WholeNumberField(_l("Sasaran publikasi"), [Optional()], minimum=1, maximum=MAX_TARGET)
    row_version = IntegerField(validators=[Optional()])

    def __init__(self, *args: Any, pillars: Sequence[Pillar] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pillars = pillars
        self.share_errors: list[str] = []
        self.typed_shares: dict[int, str] = {}
        if self.is_submitted():
            self.typed_shares = {
                p.id: request.form.get(f"bagian-{p.id}", "").replace("\x00", "").strip()[:20] for p in pillars
            }

    def show(self, campaign: Campaign) -> None:
        """Fill the fields from what stands."""
        for name in ("name", "goal", "audience", "message", "hashtag", "starts_on", "ends_on", "target"):
            self[name].data = getattr(campaign, name)
        self.row_version.data = campaign.row_version
        self.typed_shares = {s.pillar_id: str(s.percent) for s in campaign.shares}

    def validate(self, extra_validators: Any = None) -> bool:
        """Shares are whole numbers."""
        fine = super().validate(extra_validators)
        wrong = [
            v for v in self.typed_shares.values() if v and not (v.isascii() and v.isdecimal() and len(v) < 4)
        ]
        if wrong:
            self.share_errors = [_("Bagian tiap pilar diisi bilangan bulat dari 0 sampai 100.")]
        return bool(fine) and not wrong

    def content(self) -> CampaignContent:
        """What was typed, as the services take it."""
        if self.starts_on.data is None or self.ends_on.data is None:
            raise ValidationError(_("Isi tanggalnya."))
        return CampaignContent(
            name=self.name.data or "", goal=self.goal.data or "", audience=self.audience.data or "",
            message=self.message.data or "", hashtag=self.hashtag.data or "", starts_on=self.starts_on.data,
            ends_on=self.ends_on.data, target=self.target.data,
            shares={pillar: int(typed) for pillar, typed in self.typed_shares.items() if typed and int(typed)},
        )  # fmt: skip

    def refuse(self, part: str, message: str) -> None:
        """Put the service's answer beside the part it is about."""
        if part == "shares":
            self.share_errors = [message]
        else:
            self.fail(self[part], message)


class OfferForm(BaseForm):
    """Which offices below are asked."""

    office_ids = SelectMultipleField(
        _l("Kantor yang diajak"), coerce=int, widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )  # fmt: skip

    everyone = BooleanField(_l("Semua kantor di bawah"))

    def offer(self, offices: Sequence[Unit]) -> None:
        """Fill the choices."""
        self.offered = [o.id for o in offices]
        self.office_ids.choices = [(o.id, o.name) for o in offices]

    def chosen(self) -> list[int]:
        """The offices by number."""
        return self.offered if self.everyone.data else list(self.office_ids.data or [])
