"""Switching a device on and off, and the installation's key."""

import base64
import binascii
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask_babel import gettext as _
from py_vapid import Vapid02
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from humasflow.accounts.models import UserSession
from humasflow.accounts.policy import Principal, acting_office
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotAllowed, NotFound, UserError
from humasflow.core.secrets import decrypt, encrypt, hash_token
from humasflow.notifications.push import queries
from humasflow.notifications.push.models import PushDevice, PushKey

MOST_DEVICES = 10  # of a person; the oldest gives way
LONGEST_ADDRESS = 2000  # characters
POINT = 65  # bytes of an uncompressed P-256 point
SECRET = 16  # bytes
FORGOTTEN = timedelta(days=60)


@dataclass(frozen=True)
class Subscription:
    """What a browser gives out: an address, its public key and its secret, the latter two in unpadded base64url."""

    address: str
    p256dh: str
    auth: str


def get_or_make_key() -> PushKey:
    """The installation's key; made when the first person asks for it, also when two do so at once. Flushes."""
    key = db.session.get(PushKey, 1)
    if key is not None:
        return key
    pair = Vapid02()
    pair.generate_keys()
    point = pair.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    made = PushKey(
        id=1,
        private=encrypt(pair.private_pem().decode()),
        public=base64.urlsafe_b64encode(point).rstrip(b"=").decode(),
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return db.session.scalars(select(PushKey)).one()
    return made


def signer() -> Vapid02:
    """The installation's key, ready to sign. Raises ValueError when it fits none of the configured secrets."""
    return Vapid02.from_pem(decrypt(get_or_make_key().private).encode())


def subscribe(person: Principal, given: Subscription, *, device: str) -> PushDevice:
    """Reach the person on this device from now on. Repeated, nothing changes; where somebody else had switched it on
    before, it is theirs no longer. Flushes. Raises UserError for what no browser gives out.
    """
    acting_office(person)  # whoever has no part in any office is told nothing
    if person.session_id is None:
        raise NotAllowed(_("Masuk dahulu di perangkat ini."))
    _check(given)
    hashed = hash_token(given.address)
    known = db.session.scalar(select(PushDevice).where(PushDevice.address_hash == hashed))
    if known is not None and known.user_id == person.id:
        known.session_id, known.p256dh, known.auth = person.session_id, given.p256dh, given.auth
        known.name, known.problem = device, ""
        db.session.flush()
        return known
    if known is not None:
        db.session.delete(known)
        db.session.flush()
    made = PushDevice(
        user_id=person.id, session_id=person.session_id, address_hash=hashed, address=encrypt(given.address),
        p256dh=given.p256dh, auth=given.auth, name=device, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    _drop_oldest(person.id)
    _record(AuditAction.PUSH_DEVICE_ADDED, person, device)
    return made


def renew(person: Principal, given: Subscription) -> bool:
    """A browser in which the person signed in anew says that it is still there; whether it is to be reached. What was
    removed, or belongs to somebody else, stays so. Flushes. Raises UserError for what no browser gives out.
    """
    _check(given)
    hashed = hash_token(given.address)
    known = db.session.scalar(select(PushDevice).where(PushDevice.address_hash == hashed))
    if known is None or known.user_id != person.id or person.session_id is None:
        return False
    known.session_id = person.session_id
    db.session.flush()
    return True


def remove_device(person: Principal, device_id: int) -> None:
    """Stop reaching the person on one of their devices. Flushes. Raises NotFound for what is not theirs."""
    device = queries.get_device(person.id, device_id)
    if device is None:
        raise NotFound
    _record(AuditAction.PUSH_DEVICE_REMOVED, person, device.name)
    db.session.delete(device)
    db.session.flush()


def forget_signed_out() -> int:
    """Delete devices on which nobody has signed in again for long. Returns how many. Flushes."""
    until = clock.now() - FORGOTTEN
    ended = select(UserSession.id).where((UserSession.revoked_at < until) | (UserSession.expires_at < until))
    gone = db.session.execute(
        delete(PushDevice)
        .where(PushDevice.session_id.in_(ended))
        .returning(PushDevice.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def _drop_oldest(user_id: int) -> None:
    ids = db.session.scalars(
        select(PushDevice.id).where(PushDevice.user_id == user_id).order_by(PushDevice.id.desc())
    ).all()
    if len(ids) > MOST_DEVICES:
        db.session.execute(delete(PushDevice).where(PushDevice.id.in_(ids[MOST_DEVICES:])))


def _record(action: AuditAction, person: Principal, device: str) -> None:
    office = acting_office(person)
    audit.record(action, ("user", person.id), office_id=office.id, actor=person, device=device)


def _check(given: Subscription) -> None:
    parts = urlsplit(given.address)
    is_address = len(given.address) <= LONGEST_ADDRESS and parts.scheme == "https" and bool(parts.hostname)
    if not is_address or not _is_point(given.p256dh) or len(_bytes_of(given.auth)) != SECRET:
        raise UserError(_("Peramban ini memberi alamat pemberitahuan yang tidak dapat dipakai."))


def _is_point(text: str) -> bool:
    data = _bytes_of(text)
    if len(data) != POINT:
        return False
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data)
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True


def _bytes_of(text: str) -> bytes:
    """Base64url as bytes; empty for anything else."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
