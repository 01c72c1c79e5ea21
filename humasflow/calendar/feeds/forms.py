"""Choosing what to subscribe to."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from humasflow.calendar.enums import FeedKind
from humasflow.channels.models import ChannelAccount
from humasflow.core.forms import BaseForm, ChoiceField


class FeedForm(BaseForm):
    """One's own plan, the office's, or that of one account."""

    what = ChoiceField(_l("Yang dilanggan"))

    def offer(self, accounts: Sequence[ChannelAccount]) -> None:
        """The choices of this office."""
        self.what.choices = [
            (FeedKind.PERSON.value, FeedKind.PERSON.label),
            (FeedKind.OFFICE.value, FeedKind.OFFICE.label),
            *((f"{FeedKind.CHANNEL.value}:{a.id}", a.name) for a in accounts),
        ]

    def chosen(self) -> tuple[FeedKind, int | None]:
        """The kind and, for a channel, its account."""
        kind, _sign, account = str(self.what.data).partition(":")
        return FeedKind(kind), int(account) if account else None
