"""Who may see, describe and use a file."""

from collections.abc import Iterable

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.core.errors import Reason
from humasflow.core.permissions import Permission
from humasflow.media.enums import BlockReason
from humasflow.media.models import Asset


def sees_whole_library(actor: Principal, office_id: int) -> bool:
    """Those who work on stories browse all files of the office; everybody else browses their own."""
    return actor.can(Permission.STORY_READ, office_id)


def is_listed_for(actor: Principal, asset: Asset) -> bool:
    """Whether the library shows this file's page to the person."""
    if asset.is_restricted:
        return can_describe(actor, asset)
    return sees_whole_library(actor, asset.office_id) or asset.uploaded_by == actor.id


def can_describe(actor: Principal, asset: Asset) -> bool:
    """Editors describe any file of the office, others their own. Whoever may also sees its private facts."""
    return actor.can(Permission.STORY_WRITE, asset.office_id) or asset.uploaded_by == actor.id


def can_take_down(actor: Principal, office_id: int) -> bool:
    """Editors say that something came down: they are the ones who can take it down."""
    return actor.can(Permission.STORY_WRITE, office_id)


def reasons_not_to_use(asset: Asset) -> list[Reason]:
    """Why a file may not be used anew. Where it is used already it stays until somebody takes it down."""
    reasons = []
    if asset.blocked_reason is not None:
        reasons.append(
            Reason(
                asset.blocked_reason.value,
                _(
                    "“%(name)s” tidak boleh dipakai: %(why)s.",
                    name=asset.filename,
                    why=asset.blocked_reason.label,
                ),
            )
        )
    if asset.same_as_id is not None:
        reasons.append(
            Reason("set_aside", _("“%(name)s” sudah digantikan berkas lain yang sama.", name=asset.filename))
        )
    return reasons


def refusal_of_blocked(reason: BlockReason) -> str:
    """What the sender of bytes reads that the library has and that may not be used."""
    return _("Berkas yang sama sudah ada di pustaka dan tidak boleh dipakai: %(why)s.", why=reason.label)


def reasons_not_to_add(assets: Iterable[Asset], *, used_before: Iterable[int] = ()) -> list[Reason]:
    """:func:`reasons_not_to_use` for all but those that the thing already shows."""
    known = set(used_before)
    return [reason for asset in assets if asset.id not in known for reason in reasons_not_to_use(asset)]


def cautions(asset: Asset) -> list[Reason]:
    """What should be settled before a file is published, all at once. Nothing here forbids anything."""
    found = []
    if asset.shows_child and asset.faces_blurred_at is None:
        found.append(
            Reason(
                "child",
                _(
                    "Ada anak di dalamnya dan belum dipastikan bahwa wajahnya sudah disamarkan. "
                    "Samarkan, unggah hasilnya, lalu pastikan di halaman ini."
                ),
            )
        )
    if not asset.credit:
        found.append(Reason("credit", _("Kreditnya belum diisi.")))
    if not asset.alt_text:
        found.append(Reason("alt_text", _("Teks alternatifnya belum diisi.")))
    return found
