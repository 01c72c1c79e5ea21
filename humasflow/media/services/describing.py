"""What people say about a file: words, focal point, children in it, and which of two equal files is the one."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotAllowed, NotFound, UserError
from humasflow.core.versions import expect_version
from humasflow.media import queries
from humasflow.media.models import Asset, AssetFacts
from humasflow.media.policy import can_describe
from humasflow.media.services.following import mark_child_everywhere


def _may_describe(actor: Principal, asset: Asset) -> None:
    if not can_describe(actor, asset):
        raise NotAllowed(_("Keterangan berkas ini dilengkapi oleh redaktur atau pengunggahnya."))


def _record(action: AuditAction, asset: Asset, actor: Principal, **detail: Any) -> None:
    db.session.flush()
    audit.record(action, ("asset", asset.id), office_id=asset.office_id, actor=actor, **detail)


def describe_asset(
    asset: Asset, *, actor: Principal, credit: str, alt_text: str, caption: str, row_version: int | None
) -> None:
    """Say who took it, what it shows (for those who cannot see it) and the caption."""
    _may_describe(actor, asset)
    expect_version(asset, row_version)
    if (asset.credit, asset.alt_text, asset.caption) == (credit, alt_text, caption):
        return
    asset.credit, asset.alt_text, asset.caption = credit, alt_text, caption
    _record(AuditAction.ASSET_DESCRIBED, asset, actor)


def describe_many(
    assets: Sequence[Asset], *, actor: Principal, credit: str, caption: str, overwrite: bool = False
) -> tuple[list[Asset], list[Asset]]:
    """One credit and one caption for many; an empty one says nothing. Returns what changed and what was left alone.

    What somebody has written stays, unless ``overwrite``. Files that the person may not describe are left alone. An
    alternative text says what one picture shows, so it is never given to many.
    """
    changed: list[Asset] = []
    for asset in assets:
        if not can_describe(actor, asset):
            continue
        before = (asset.credit, asset.caption)
        if credit and (overwrite or not asset.credit):
            asset.credit = credit
        if caption and (overwrite or not asset.caption):
            asset.caption = caption
        if before != (asset.credit, asset.caption):
            changed.append(asset)
            _record(AuditAction.ASSET_DESCRIBED, asset, actor)
    return changed, [a for a in assets if a not in changed]


def set_focus(asset: Asset, *, actor: Principal, x: int, y: int, row_version: int | None) -> None:
    """What crops are made around: per mille from the left and from the top."""
    _may_describe(actor, asset)
    expect_version(asset, row_version)
    if not asset.is_image:
        raise UserError(_("Titik fokus hanya untuk foto."))
    if not (0 <= x <= 1000 and 0 <= y <= 1000):
        raise UserError(_("Titik fokus harus berada di dalam foto."))
    if (asset.focal_x, asset.focal_y) != (x, y):
        asset.focal_x, asset.focal_y = x, y
        _record(AuditAction.ASSET_FOCUSED, asset, actor)


def forget_facts(asset: Asset, *, actor: Principal) -> None:
    """Delete what the camera wrote: time, place and device. Cannot be undone; the record says only that."""
    _may_describe(actor, asset)
    facts = db.session.get(AssetFacts, asset.id)
    if facts is not None:
        db.session.delete(facts)
        _record(AuditAction.ASSET_FACTS_FORGOTTEN, asset, actor)


def mark_child(asset: Asset, *, actor: Principal, shows_child: bool, row_version: int | None = None) -> None:
    """Say whether a child can be recognised; that is said of every copy that other offices were handed as well. Taking
    the mark away takes the confirmation with it, here only.
    """
    _may_describe(actor, asset)
    expect_version(asset, row_version)
    if asset.shows_child == shows_child:
        return
    if shows_child:
        mark_child_everywhere(asset, actor)
        return
    asset.shows_child = False
    asset.faces_blurred_at = asset.faces_blurred_by = None
    _record(AuditAction.ASSET_CHILD_UNMARKED, asset, actor)


def confirm_blurred(asset: Asset, *, actor: Principal, blurred: bool) -> None:
    """Vouch, by name, that children's faces cannot be recognised in this file; or take that back."""
    _may_describe(actor, asset)
    if not asset.shows_child:
        raise UserError(_("Tandai dahulu bahwa ada anak di dalamnya."))
    if (asset.faces_blurred_at is not None) == blurred:
        return
    asset.faces_blurred_at = clock.now() if blurred else None
    asset.faces_blurred_by = actor.id if blurred else None
    _record(AuditAction.ASSET_FACES_BLURRED if blurred else AuditAction.ASSET_FACES_NOT_BLURRED, asset, actor)


def put_aside(asset: Asset, *, actor: Principal, same_as_id: int) -> Asset:
    """Use the other one: this file leaves the library for one that is the same or looks the same. Nothing is deleted.

    Where this file is used already it stays. Returns the other one.
    """
    _may_describe(actor, asset)
    other = queries.get_listed_asset(actor, same_as_id)
    if other.office_id != asset.office_id or other.id == asset.id:
        raise NotFound
    if other.same_as_id is not None or other.is_restricted or asset.is_restricted:
        raise UserError(_("Berkas itu tidak dapat menggantikan berkas ini."))
    asset.same_as_id = other.id
    _record(AuditAction.ASSET_PUT_ASIDE, asset, actor, label=other.filename)
    return other


def take_back(asset: Asset, *, actor: Principal) -> None:
    """Back into the library."""
    _may_describe(actor, asset)
    if asset.same_as_id is not None:
        asset.same_as_id = None
        _record(AuditAction.ASSET_TAKEN_BACK, asset, actor)
