"""The first start: an office with everything it needs to work, and its first administrator, or none of it."""

import hmac
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import text
from werkzeug.datastructures import FileStorage

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.accounts.services import invitations, people
from humasflow.approvals import services as approvals
from humasflow.approvals.enums import StepScope
from humasflow.approvals.services import AskeeContent, StepContent
from humasflow.archive.services import ReadBack, read_archive
from humasflow.audit import services as audit
from humasflow.channels import queries as channel_queries
from humasflow.channels import services as channels
from humasflow.channels.presets.loader import content_types
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, UserError
from humasflow.core.localtime import to_local
from humasflow.core.permissions import Role
from humasflow.core.secrets import keyed_hash
from humasflow.guidelines.services import seed_guidelines
from humasflow.media.storage import full_disk_reported
from humasflow.orgs import services as orgs
from humasflow.orgs.enums import OfficeKind
from humasflow.orgs.models import Unit
from humasflow.planning import services as planning
from humasflow.planning.days.services import seed_days
from humasflow.planning.production_roles.services import seed_production_roles

LINK_VALID_FOR = timedelta(hours=24)
SAMPLE_ZONE = "Asia/Jakarta"
SAMPLE_SEED = 45  # any number: the same one gives the same people and headlines on the same day

# Whom an office usually reports to: (kind of the parent, its zone; None for the same as the office's).
_ABOVE: dict[OfficeKind, tuple[OfficeKind, str | None]] = {
    OfficeKind.SERVICE: (OfficeKind.REGIONAL, None),
    OfficeKind.REGIONAL: (OfficeKind.CENTRAL, "Asia/Jakarta"),
    OfficeKind.CENTRAL: (OfficeKind.CENTRAL, "Asia/Jakarta"),
    OfficeKind.REGENCY: (OfficeKind.REGENCY, None),
    OfficeKind.OTHER: (OfficeKind.OTHER, None),
}


class AlreadySetUp(Conflict):
    """Somebody was first. There is an office and an administrator; nothing was added."""


@dataclass(frozen=True)
class OfficeWanted:
    """What the wizard asks about the office; ``timezone`` is an IANA name, ``parent_name`` may be empty, ``channels``
    are codes of the bundled kinds.
    """

    name: str
    short_name: str
    office_kind: OfficeKind
    timezone: str
    parent_name: str = ""
    sections: Sequence[str] = field(default_factory=tuple)
    channels: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class AdminWanted:
    """The first administrator."""

    name: str
    email: str
    password: str


def set_up(office: OfficeWanted, admin: AdminWanted) -> User:
    """Make the office, its sections, content types, channels, approval chain and administrator. Flushes.

    Raises :class:`AlreadySetUp` when anybody exists, ``WeakPassword`` for the password, ``UserError`` for a bad zone
    or a section named twice.
    """
    _claim_first_start()
    parent = None
    if office.parent_name:
        kind, zone = _ABOVE[office.office_kind]
        parent = orgs.create_office(
            actor=None, name=office.parent_name, short_name=office.parent_name[:60], office_kind=kind,
            timezone=zone or office.timezone,
        )  # fmt: skip
    unit = orgs.create_office(
        actor=None, name=office.name, short_name=office.short_name, office_kind=office.office_kind,
        timezone=office.timezone, parent=parent,
    )  # fmt: skip
    user = people.create_user(actor=None, office_id=unit.id, name=admin.name, email=admin.email)
    invitations.set_password(user, admin.password)
    people.grant_role(user, unit, Role.ADMIN, actor=user)
    for name in office.sections:
        orgs.create_section(unit, actor=user, name=name)
    planning.seed_content_types(unit.id, [(t.code, t.label) for t in content_types()])
    seed_production_roles(unit.id)
    seed_days(unit.id)
    channels.seed_kinds(unit.id)
    seed_guidelines(unit.id)
    _open_channels(unit, user, office.channels)
    _make_default_chain(unit, user)
    return user


def _open_channels(unit: Unit, user: User, wanted: Sequence[str]) -> None:
    """The newsroom, and an account of each kind that was ticked, by its kind's name; posted by hand until connected."""
    for kind in channel_queries.list_kinds(unit.id):
        if kind.code == "website_own":
            channels.create_account(unit.id, actor=user, kind=kind, name=_("Situs berita kantor"))
        elif kind.code in wanted:
            channels.create_account(unit.id, actor=user, kind=kind, name=kind.label)


def _make_default_chain(unit: Unit, user: User) -> None:
    """One step, asked of the office's own approvers. Nobody holds that role yet: the next steps say so."""
    admin = accounts.load_principal(user, office_id=unit.id)
    approvals.set_chain(
        unit.id,
        None,
        actor=admin,
        steps=[StepContent(_("Penyetuju kantor"), [AskeeContent(StepScope.OFFICE)])],
    )


def _claim_first_start() -> None:
    """Let one of several people who finish the wizard together through; the others learn that it is done."""
    if db.session.get_bind().dialect.name == "postgresql":
        # Waits for the other one's transaction to end. SQLite's write lock, taken with BEGIN, has done so already.
        db.session.execute(text("LOCK TABLE app_user IN SHARE ROW EXCLUSIVE MODE"))
    if accounts.count_users():
        raise AlreadySetUp(_("Kantor sudah disiapkan. Silakan masuk."))


def start_sample() -> None:
    """Build the sample office instead, up to today. Raises :class:`AlreadySetUp`."""
    _claim_first_start()
    # Loaded only when somebody asks for it: the generator and its pictures are no part of an ordinary start.
    from humasflow.setup.sample_office import create_sample_office  # noqa: PLC0415

    create_sample_office(to_local(clock.now(), SAMPLE_ZONE).date(), seed=SAMPLE_SEED)


def read_uploaded(upload: FileStorage) -> ReadBack:
    """Read the archive of an office into this empty installation. Flushes. Raises UserError with why it is refused;
    the caller rolls back.
    """
    folder = Path(current_app.config["DATA_DIR"])
    handle, name = tempfile.mkstemp(prefix="arsip-", suffix=".zip", dir=folder)
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file, full_disk_reported():
            upload.save(file)
        return read_archive(path)
    finally:
        path.unlink(missing_ok=True)


def confirmation_for(office: Unit) -> str:
    """What has to be typed before the sample office is wiped."""
    return office.short_name


def wipe_sample(office: Unit, *, actor: audit.Actor, typed: str) -> None:
    """Remove the sample office with everything in it. It cannot be undone, so its name has to be typed."""
    if typed.strip().casefold() != confirmation_for(office).casefold():
        raise UserError(_("Ketik “%(name)s” persis seperti tertulis.", name=confirmation_for(office)))
    from humasflow.setup.sample_office import wipe_sample_office  # noqa: PLC0415  # as above

    wipe_sample_office(actor)


# The link that `flask setup-link` prints: its end and a seal under the installation's secret. Nothing is stored, and
# it opens nothing any more once a user exists.


def make_link_key() -> str:
    """The ``kunci`` of a set-up link, good for 24 hours."""
    until = str(int((clock.now() + LINK_VALID_FOR).timestamp()))
    return f"{until}.{keyed_hash(until, purpose='setup-link')}"


def is_link_key(key: str) -> bool:
    """Whether a ``kunci`` is one of ours and still good."""
    until, _dot, seal = key.partition(".")
    if not until.isascii() or not until.isdigit() or len(until) > 12:
        return False
    if not hmac.compare_digest(seal.encode(), keyed_hash(until, purpose="setup-link").encode()):
        return False
    return datetime.fromtimestamp(int(until), UTC) > clock.now()


def link_address(path: str) -> str:
    """The whole set-up address for a path with its key, as far as the installation knows its own address."""
    return (str(current_app.config["PUBLIC_URL"]) or "http://127.0.0.1:8000").rstrip("/") + path
