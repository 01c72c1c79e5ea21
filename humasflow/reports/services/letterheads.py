"""Keeping the letterhead of an office."""

from dataclasses import asdict, dataclass, replace
from typing import Final

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.core.errors import Conflict, UserError
from humasflow.core.permissions import Permission
from humasflow.core.versions import expect_version
from humasflow.media.models import Asset
from humasflow.media.services import receive
from humasflow.media.services.receiving import Upload
from humasflow.orgs.models import Unit
from humasflow.reports import queries
from humasflow.reports.models import Letterhead

RULES: Final = ("double", "single", "none")


@dataclass(frozen=True)
class LetterheadContent:
    """What an admin filled in; see :class:`Letterhead`."""

    ministry: str = ""
    directorate: str = ""
    region: str = ""
    office_line: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    site: str = ""
    city: str = ""
    rule: str = "double"
    signer_name: str = ""
    signer_title: str = ""
    signer_number: str = ""
    boilerplate: str = ""
    contact: str = ""


def save_letterhead(
    office: Unit,
    content: LetterheadContent,
    *,
    actor: Principal,
    logo: Upload | None = None,
    without_logo: bool = False,
    row_version: int | None = None,
) -> Letterhead:
    """Keep the letterhead; a new ``logo`` takes the place of the old one, ``without_logo`` takes it away. Flushes.

    Raises UserError when the file is no picture we can use, and Conflict for a stale form.
    """
    require(actor, Permission.OFFICE_MANAGE, office.id)
    content = replace(content, rule=content.rule if content.rule in RULES else RULES[0])
    picture = _received(office, logo, actor) if logo is not None else None
    letterhead = queries.get_letterhead(office.id)
    if letterhead is None:
        if row_version is not None:
            raise Conflict(_("Kop surat ini sudah tidak ada. Muat ulang halaman ini."))
        letterhead = Letterhead(office_id=office.id)
        db.session.add(letterhead)
    else:
        expect_version(letterhead, row_version)
    for name, value in asdict(content).items():
        setattr(letterhead, name, value)
    if picture is not None:
        letterhead.logo = picture
    elif without_logo:
        letterhead.logo = None
    db.session.flush()
    audit.record(
        AuditAction.LETTERHEAD_CHANGED, ("letterhead", office.id), office_id=office.id, actor=actor,
        office_line=content.office_line, signer=content.signer_name, logo=letterhead.logo_id,
    )  # fmt: skip
    return letterhead


def _received(office: Unit, logo: Upload, actor: Principal) -> Asset:
    kept, refused = receive([logo], actor=actor, office_id=office.id, limit=1)
    if refused:
        raise UserError(refused[0].message)
    return kept[0]
