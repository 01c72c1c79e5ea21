"""The office's own registrations with platforms."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.channels import reaching
from humasflow.channels.adapters.base import Authorizing
from humasflow.channels.connections import queries
from humasflow.channels.connections.enums import AppProvider
from humasflow.channels.connections.forms import AppKeyForm
from humasflow.channels.connections.services.app_keys import remove_app_key, save_app_key
from humasflow.channels.connections.views.blueprint import blueprint, public_url, return_address
from humasflow.channels.connections.wording.guides import APP_GUIDES
from humasflow.core.errors import Conflict, NotFound, UserError
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission

ICONS = {
    AppProvider.META: "brand-facebook", AppProvider.THREADS: "brand-threads", AppProvider.X: "brand-x",
    AppProvider.GOOGLE: "brand-youtube", AppProvider.TIKTOK: "brand-tiktok", AppProvider.MASTODON: "brand-mastodon",
}  # fmt: skip
PROVIDER = "<any(google, meta, threads, tiktok, x):provider>"  # those that a person registers with


@blueprint.get("/pengaturan/kanal/aplikasi")
@requires(Permission.CHANNEL_MANAGE)
def app_keys() -> Any:
    """With whom the office is registered, and what hangs on it."""
    known = queries.list_app_keys(acting_office(current_user).id)
    return render_template(
        "channels/connections/app_keys.html", providers=list(APP_GUIDES), icons=ICONS,
        keys={k.provider: k for k in known if k.provider in APP_GUIDES},
        servers=[k for k in known if k.provider is AppProvider.MASTODON],
        using=queries.accounts_using(k.id for k in known), return_address=return_address(),
    )  # fmt: skip


@blueprint.route(f"/pengaturan/kanal/aplikasi/{PROVIDER}", methods=["GET", "POST"])
@requires(Permission.CHANNEL_MANAGE)
def app_key(provider: str) -> Any:
    """What to make at the provider, and the keys that come of it. The secret is never shown again."""
    office, which = acting_office(current_user), AppProvider(provider)
    found = queries.find_app_key(office.id, which)
    form = AppKeyForm(obj=found if found is None else _Shown(found.client_id, found.row_version))
    status, saved_meanwhile = 200, False
    if form.validate_on_submit():
        try:
            save_app_key(
                office.id, which, actor=current_user, client_id=form.client_id.data or "",
                client_secret=form.client_secret.data or "", row_version=form.row_version.data if found else None,
            )  # fmt: skip
        except Conflict:
            form.row_version.data = found.row_version if found else None
            status, saved_meanwhile = 409, True
        except UserError as error:
            form.fail(form.client_secret, error.message)
        else:
            flash(_("Kunci aplikasi %(provider)s tersimpan.", provider=which.label), "success")
            return redirect(url_for("connections.app_keys"), code=303)
    page = render_template(
        "channels/connections/app_key.html", form=form, provider=which, guide=APP_GUIDES[which], key=found,
        scopes=_scopes(which), return_address=return_address(), is_safe=public_url().startswith("https://"),
        using=queries.accounts_using([found.id]).get(found.id, []) if found else [], saved_meanwhile=saved_meanwhile,
    )  # fmt: skip
    return page, 422 if form.errors else status


class _Shown:
    """What of app keys a form is filled with: never the secret."""

    def __init__(self, client_id: str, row_version: int) -> None:
        self.client_id, self.row_version = client_id, row_version


@blueprint.post(f"/pengaturan/kanal/aplikasi/{PROVIDER}/hapus")
@requires(Permission.CHANNEL_MANAGE)
def remove_app(provider: str) -> Any:
    """Forget app keys that no account is connected with."""
    found = queries.find_app_key(acting_office(current_user).id, AppProvider(provider))
    if found is None:
        raise NotFound
    remove_app_key(found, actor=current_user)
    flash(_("Kunci aplikasi %(provider)s dihapus.", provider=AppProvider(provider).label), "success")
    return redirect(url_for("connections.app_keys"), code=303)


def _scopes(provider: AppProvider) -> list[str]:
    """The permissions that all channels of this provider ask for, each once."""
    asked = [
        scope
        for adapter in reaching.adapters().values()
        if isinstance(adapter, Authorizing) and adapter.app_provider == provider
        for scope in adapter.scopes
    ]
    return list(dict.fromkeys(asked))
