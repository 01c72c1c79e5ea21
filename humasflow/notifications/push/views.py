"""One's devices: switched on and off, tried out."""

from typing import Any

from flask import (
    Blueprint,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.signin import device as device_in_words
from humasflow.core import rate_limit
from humasflow.core.errors import TooMany, UserError
from humasflow.core.guards import signed_in
from humasflow.notifications.push import queries, services
from humasflow.notifications.push.jobs import TRIAL
from humasflow.outbox import services as outbox

blueprint = Blueprint("push", __name__)

TRIALS, TRIAL_SECONDS = 5, 600


@blueprint.get("/pemberitahuan/perangkat")
@signed_in
def devices() -> Any:
    """Where the person is reached, and a button for this device."""
    found = queries.list_devices(current_user.id)
    here = next((d for d in found if d.session_id == current_user.session_id), None)
    return render_template("notifications/push/devices.html", devices=found, here=here)


@blueprint.post("/pemberitahuan/perangkat/kunci")
@signed_in
def key() -> Any:
    """The public key that a browser binds a subscription to."""
    return jsonify(key=services.get_or_make_key().public)


@blueprint.post("/pemberitahuan/perangkat")
@signed_in
def subscribe() -> Any:
    """Take what the browser gave out. The answer is for a script: its status, and a sentence where it is refused."""
    given = services.Subscription(*(request.form.get(name, "") for name in ("address", "p256dh", "auth")))
    try:
        if "renew" in request.form:
            return jsonify(ok=services.renew(current_user, given))
        services.subscribe(current_user, given, device=device_in_words())
    except UserError as error:
        return jsonify(message=error.message), error.status
    return jsonify(ok=True)


@blueprint.post("/pemberitahuan/perangkat/<int:device_id>/lepas")
@signed_in
def remove(device_id: int) -> Any:
    """Stop reaching the person there."""
    services.remove_device(current_user, device_id)
    flash(_("Perangkat itu tidak dikabari lagi."), "success")
    return redirect(url_for("push.devices"), code=303)


@blueprint.post("/pemberitahuan/perangkat/uji")
@signed_in
def trial() -> Any:
    """Put a trial message to all own devices into the outbox."""
    if rate_limit.count("push.trial", str(current_user.id), per_seconds=TRIAL_SECONDS) > TRIALS:
        raise TooMany(_("Sudah beberapa kali dicoba. Tunggu beberapa menit."), retry_after=TRIAL_SECONDS)
    outbox.enqueue(
        TRIAL, f"{current_user.id}:{acting_office(current_user).id}", office_id=acting_office(current_user).id,
        max_attempts=3,
    )  # fmt: skip
    flash(_("Pesan percobaan dikirim. Biasanya muncul dalam beberapa detik."), "success")
    return redirect(url_for("push.devices"), code=303)
