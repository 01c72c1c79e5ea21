"""Pictures that another office hands over: copied as files of the office that takes them, where consent allows.

The bytes are shared (they are stored by their content); everything else is the taking office's own from then on. What
people in a picture agreed to goes with it and stays tied to where they were asked, so that it ends there too. Where the
camera was does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import today_at
from humasflow.core.db import db
from humasflow.core.errors import Reason
from humasflow.media import queries
from humasflow.media.models import Asset, Consent
from humasflow.media.policy import reasons_not_to_use
from humasflow.media.processing import PrivateFacts
from humasflow.media.services.following import bring_consents, keep_origin
from humasflow.media.services.keeping import add_asset
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office

_COLUMNS = (
    "kind", "original_key", "medium_key", "thumb_key", "sha256", "source_sha256", "look", "width", "height",
    "duration_ms", "page_count", "size", "colour",
)  # fmt: skip
_DESCRIBED = ("credit", "alt_text", "caption", "focal_x", "focal_y", "shows_child", "faces_blurred_at")


@dataclass(frozen=True)
class Copied:
    """What came of it: the new file for each old number, and a sentence for each that stayed behind."""

    assets: dict[int, Asset] = field(default_factory=dict)
    left: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Passing:
    """What would come of it now: the files that go along, and a sentence for each that would stay behind."""

    going: tuple[Asset, ...] = ()
    left: tuple[Reason, ...] = ()


def reasons_not_to_pass_on(asset: Asset, consents: Sequence[Consent], giver: Unit) -> list[Reason]:
    """Why a picture does not go to another office: it may not be used anew, a person in it agreed no longer, or a child
    can be recognised.
    """
    reasons = reasons_not_to_use(asset)
    lapse = queries.lapse_of(consents, today_at(giver))
    if lapse is not None and asset.blocked_reason is None:
        reasons.append(Reason(lapse.value, _("“%(name)s”: %(why)s.", name=asset.filename, why=lapse.label)))
    if asset.shows_child and asset.faces_blurred_at is None:
        reasons.append(
            Reason("child", _("“%(name)s”: ada anak yang wajahnya belum disamarkan.", name=asset.filename))
        )
    if asset.is_restricted or not asset.is_image:
        reasons.append(Reason("kind", _("“%(name)s” bukan foto yang dapat diteruskan.", name=asset.filename)))
    return reasons


def passing_to(assets: Sequence[Asset], office_id: int) -> Passing:
    """Which files of another office this one may have now, and why not the others. At most three statements."""
    going, left = _sorted_out(assets, _consents_of(assets), office_id)
    return Passing(tuple(going), tuple(left))


def copy_assets(assets: Sequence[Asset], *, office_id: int, actor: Principal) -> Copied:
    """Copy files of another office into this one's library. Asks for no permission: the caller knows why they
    are handed over. A picture whose bytes the library has already is not kept twice. Flushes.
    """
    consents = _consents_of(assets)
    going, left = _sorted_out(assets, consents, office_id)
    copied: dict[int, Asset] = {}
    for asset in going:
        giver = get_office(asset.office_id)
        made = queries.find_twin(actor, office_id, asset.source_sha256)
        made = made or _copy(asset, giver, office_id=office_id, actor=actor)
        keep_origin(made, asset)
        bring_consents(made, consents[asset.id], giver, actor)
        copied[asset.id] = made
    return Copied(copied, tuple(left))


def _consents_of(assets: Sequence[Asset]) -> dict[int, list[Consent]]:
    consents: dict[int, list[Consent]] = {a.id: [] for a in assets}
    if consents:
        found = select(Consent).where(Consent.asset_id.in_(list(consents))).order_by(Consent.id)
        for consent in db.session.scalars(found):
            consents[consent.asset_id].append(consent)
    return consents


def _sorted_out(
    assets: Sequence[Asset], consents: dict[int, list[Consent]], office_id: int
) -> tuple[list[Asset], list[Reason]]:
    if not assets:
        return [], []
    blocked = queries.find_blocked(office_id, [d for a in assets for d in (a.sha256, a.source_sha256)])
    going: list[Asset] = []
    left: list[Reason] = []
    for asset in assets:
        reasons = reasons_not_to_pass_on(asset, consents[asset.id], get_office(asset.office_id))
        if not reasons and (asset.sha256 in blocked or asset.source_sha256 in blocked):
            reasons = [
                Reason("blocked", _("“%(name)s” tidak boleh dipakai di kantor ini.", name=asset.filename))
            ]
        left += reasons
        if not reasons:
            going.append(asset)
    return going, left


def _copy(asset: Asset, giver: Unit, *, office_id: int, actor: Principal) -> Asset:
    made = add_asset(
        office_id=office_id, actor=actor, filename=asset.filename, private=PrivateFacts(),
        **{name: getattr(asset, name) for name in _COLUMNS},
    )  # fmt: skip
    for name in _DESCRIBED:
        setattr(made, name, getattr(asset, name))
    made.credit = made.credit or giver.name[:120]
    db.session.flush()
    return made
