"""Whether what proves a publication is complete: its address opens, and a picture of it is on the disk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from humasflow.core.db import db
from humasflow.core.errors import Reason
from humasflow.media.models import Asset
from humasflow.media.services import storage
from humasflow.publishing.enums import LinkState
from humasflow.publishing.models import Delivery, Evidence
from humasflow.publishing.services.looking import is_ours


@dataclass(frozen=True)
class Proof:
    """The evidence of one publication: the newest row, the newest picture, and whether its file is there."""

    url: str | None
    newest: Evidence | None
    picture: Asset | None
    picture_sha256: str
    file_is_there: bool
    link: LinkState
    checked_at: datetime | None
    confirmed_at: datetime | None
    is_ours: bool
    recorded_by: frozenset[int]  # people who recorded a row of it
    last_recorded: int  # id of the newest row that a person recorded; 0 without any

    @property
    def link_is_good(self) -> bool:
        """Whether the address was seen: at the last check, once after it went out, or because we serve it ourselves."""
        if self.url is None:
            return False
        if self.is_ours or self.link is LinkState.ALIVE:
            return True
        return self.link is LinkState.UNKNOWN and self.confirmed_at is not None

    @property
    def file_is_lost(self) -> bool:
        """Whether a picture was recorded whose file nobody finds any more."""
        return self.picture is not None and not self.file_is_there

    @property
    def lacks(self) -> list[Reason]:
        """What is missing before many can be confirmed at once; empty when it is complete."""
        reasons = []
        if self.url is None:
            reasons.append(Reason("no_link", _("tautannya belum tercatat")))
        elif not self.link_is_good:
            text = (
                _("tautannya belum diperiksa") if self.link is LinkState.UNKNOWN
                else _("tautannya tidak terbuka pada pemeriksaan terakhir")
            )  # fmt: skip
            reasons.append(Reason("link", text))
        if self.picture is None:
            reasons.append(Reason("no_picture", _("belum ada tangkapan layar")))
        elif not self.file_is_there:
            reasons.append(Reason("lost_picture", _("berkas tangkapan layarnya tidak ditemukan")))
        return reasons


def proofs_of(delivery_ids: Iterable[int]) -> dict[int, Proof]:
    """The evidence of publications, in two statements, and one look at the disk for each picture."""
    wanted = list(delivery_ids)
    if not wanted:
        return {}
    rows: dict[int, list[Evidence]] = {}
    for row in db.session.scalars(
        select(Evidence)
        .where(Evidence.delivery_id.in_(wanted))
        .options(joinedload(Evidence.screenshot), joinedload(Evidence.captured_by_user))
        .order_by(Evidence.id)
    ):
        rows.setdefault(row.delivery_id, []).append(row)
    found = db.session.execute(
        select(
            Delivery.id,
            Delivery.permalink,
            Delivery.link_state,
            Delivery.link_checked_at,
            Delivery.confirmed_at,
        ).where(Delivery.id.in_(wanted))
    )
    return {row[0]: _proof(row[1], row[2], row[3], row[4], rows.get(row[0], [])) for row in found}


def _proof(
    url: str | None,
    link: LinkState,
    checked_at: datetime | None,
    confirmed_at: datetime | None,
    rows: list[Evidence],
) -> Proof:
    pictured = next((row for row in reversed(rows) if row.screenshot is not None), None)
    picture = pictured.screenshot if pictured else None
    return Proof(
        url=url, newest=rows[-1] if rows else None, picture=picture,
        picture_sha256=(pictured.file_sha256 or "") if pictured else "",
        file_is_there=picture is not None and _is_on_disk(picture), link=link, checked_at=checked_at,
        confirmed_at=confirmed_at, is_ours=url is not None and is_ours(url),
        recorded_by=frozenset(row.captured_by for row in rows if row.captured_by is not None),
        last_recorded=max((row.id for row in rows if row.captured_by is not None), default=0),
    )  # fmt: skip


def _is_on_disk(picture: Asset) -> bool:
    return storage().path(picture.original_key).is_file()
