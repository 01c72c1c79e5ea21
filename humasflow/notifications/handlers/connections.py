"""Who hears how the connections of accounts are doing: who can mend them, and the editors whose posts wait."""

from collections.abc import Callable, Sequence
from itertools import groupby

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.channels.connections.events import (
    AccountPaused,
    AccountResumed,
    ConnectionBroken,
    ConnectionExpiring,
    ConnectionMade,
)
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.notifications import services
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.services.troubles import key_of_break, keys_of
from humasflow.orgs.models import Unit
from humasflow.publishing.services.telling import count_waiting

ASKING_TO_CONNECT = (K.CONNECTION_BROKEN, K.CONNECTION_EXPIRING)


def on_broken(event: ConnectionBroken) -> None:
    """Who manages channels connects it anew; editors learn what waits for it."""
    account = db.session.get_one(ChannelAccount, event.account_id)
    count = count_waiting(account.id)

    def waiting() -> str:
        if not count:
            return _("Belum ada publikasi yang menunggu.")
        return ngettext("%(num)s publikasi menunggu.", "%(num)s publikasi menunggu.", count)

    key = key_of_break(account.id, clock.now().isoformat())
    managers, others = _managers_and_editors(account)
    _tell(K.CONNECTION_BROKEN, account, managers, key=key, reason=waiting)
    _tell(K.CONNECTION_BROKEN, account, others, key=key, reason=waiting, to_publications=True)


def on_expiring(event: ConnectionExpiring) -> None:
    """Who manages channels connects it anew in time."""
    account = db.session.get_one(ChannelAccount, event.account_id)
    managers, _others = _managers_and_editors(account)
    _tell(
        K.CONNECTION_EXPIRING, account, managers,
        key=f"{keys_of(account.id)}expiring:{event.days}:{clock.now().isoformat()}",
        reason=lambda: ngettext("dalam %(num)s hari", "dalam %(num)s hari", event.days),
    )  # fmt: skip


def on_made(event: ConnectionMade) -> None:
    """Nobody is asked any longer."""
    account = db.session.get_one(ChannelAccount, event.account_id)
    services.settle_keys(ASKING_TO_CONNECT, account.office_id, keys_of(account.id))


def on_paused(event: AccountPaused) -> None:
    """Editors learn that nothing goes out there for now, and why."""
    account = db.session.get_one(ChannelAccount, event.account_id)
    why = account.pause_reason
    _tell_editors(
        K.ACCOUNT_PAUSED, account, event.actor_id, lambda: _("Alasan: %(reason)s", reason=why) if why else ""
    )


def on_resumed(event: AccountResumed) -> None:
    """Editors learn that it goes on."""
    account = db.session.get_one(ChannelAccount, event.account_id)
    _tell_editors(K.ACCOUNT_RESUMED, account, event.actor_id, str)


def _tell_editors(kind: K, account: ChannelAccount, actor_id: int, reason: Callable[[], str]) -> None:
    actor = db.session.get(User, actor_id)
    office = db.session.get_one(Unit, account.office_id)
    editors = [u for u in accounts.list_people_with(Permission.DELIVERY_RESOLVE, office) if u.id != actor_id]
    _tell(
        kind, account, editors, key=f"account:{account.id}:{kind}:{clock.now().isoformat()}", reason=reason,
        actor_name=actor.name if actor else "", to_publications=True,
    )  # fmt: skip


def _managers_and_editors(account: ChannelAccount) -> tuple[Sequence[User], Sequence[User]]:
    """Who manages the office's channels, and the editors who do not."""
    office = db.session.get_one(Unit, account.office_id)
    managers = accounts.list_people_with(Permission.CHANNEL_MANAGE, office)
    known = {u.id for u in managers}
    editors = accounts.list_people_with(Permission.DELIVERY_RESOLVE, office)
    return managers, [u for u in editors if u.id not in known]


def _tell(
    kind: K,
    account: ChannelAccount,
    people: Sequence[User],
    *,
    key: str,
    reason: Callable[[], str],
    actor_name: str = "",
    to_publications: bool = False,
) -> None:
    """Each in their own language. Whoever cannot open the account's page is led to the publications."""
    subject = ("publications", account.office_id) if to_publications else ("channel_account", account.id)
    for locale, users in groupby(sorted(people, key=lambda u: (u.locale, u.id)), key=lambda u: u.locale):
        with force_locale(locale):
            said = reason()
            services.notify(
                users, kind, office_id=account.office_id, subject=subject, key=key, title=account.name,
                actor_name=actor_name, reason=said, says=said,
            )  # fmt: skip


HANDLERS = [
    (ConnectionBroken, on_broken),
    (ConnectionExpiring, on_expiring),
    (ConnectionMade, on_made),
    (AccountPaused, on_paused),
    (AccountResumed, on_resumed),
]
