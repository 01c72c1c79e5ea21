"""Which devices can be reached."""

from collections.abc import Sequence

from sqlalchemy import Select, select

from humasflow.accounts.models import UserSession
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.notifications.push.models import PushDevice


def _alive() -> Select[PushDevice]:
    """Devices whose sign-in is neither over nor revoked."""
    return (
        select(PushDevice)
        .join(UserSession, UserSession.id == PushDevice.session_id)
        .where(
            UserSession.user_id == PushDevice.user_id,
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > clock.now(),
        )
    )


def list_devices(user_id: int) -> Sequence[PushDevice]:
    """A person's devices, the newest first."""
    return db.session.scalars(
        _alive().where(PushDevice.user_id == user_id).order_by(PushDevice.id.desc())
    ).all()


def reachable(_office_id: int) -> Select[int]:
    """Who has a device, whichever office they were in when they switched it on."""
    return _alive().with_only_columns(PushDevice.user_id).distinct()


def get_device(user_id: int, device_id: int) -> PushDevice | None:
    """One of the person's own devices."""
    device = db.session.get(PushDevice, device_id)
    return device if device is not None and device.user_id == user_id else None
