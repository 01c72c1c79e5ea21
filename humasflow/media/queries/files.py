"""One file, several by number, the same and the similar."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select

from humasflow.accounts.policy import Principal, require_here
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.media.enums import AssetKind
from humasflow.media.looks import MAX_DISTANCE, distance, slots_of
from humasflow.media.models import Asset, AssetBand, AssetFacts
from humasflow.media.policy import can_describe, is_listed_for
from humasflow.media.queries.scope import is_shown_to, library_of, shown_to

SIMILAR_SHOWN = 12
CANDIDATES = (
    4000  # more share a band only where pictures have next to nothing in them; the newest are compared
)


def get_asset(office_id: int, asset_id: int) -> Asset:
    """A file of this office, or "not found"."""
    found = db.session.get(Asset, asset_id)
    if found is None or found.office_id != office_id:
        raise NotFound
    return found


def get_viewable_asset(actor: Principal, asset_id: int) -> Asset:
    """A file of any office in which the person has a role today, or "not found".

    Pages of the whole office show pictures (a story, a publication), so looking at one asks for no more than that,
    except for a consent's document and for what only a confidential story uses.
    """
    found = db.session.get(Asset, asset_id)
    if found is None:
        raise NotFound
    require_here(actor, found.office_id)
    if found.is_restricted and not can_describe(actor, found):
        raise NotFound
    if not is_shown_to(actor.id, found):
        raise NotFound
    return found


def get_listed_asset(actor: Principal, asset_id: int) -> Asset:
    """A file whose page in the library the person may open, or "not found"."""
    found = get_viewable_asset(actor, asset_id)
    if not is_listed_for(actor, found):
        raise NotFound
    return found


def get_assets(
    office_id: int,
    asset_ids: Iterable[int],
    *,
    actor: Principal | None,
    kinds: Collection[AssetKind] = (AssetKind.IMAGE,),
) -> Sequence[Asset]:
    """The files with these ids that belong to the office, in the order asked for; others are left out, and so is
    what the person may not know of. What a story they may read shows already is never that. None is the product itself.

    Only pictures unless other ``kinds`` are asked for: a video or PDF cannot stand where a story shows pictures. A
    blocked one is among them, because what shows it already must be able to keep it (``policy.reasons_not_to_add``).
    """
    wanted = list(dict.fromkeys(asset_ids))
    if not wanted:
        return []
    statement = select(Asset).where(
        Asset.office_id == office_id,
        Asset.id.in_(wanted),
        Asset.kind.in_(list(kinds)),
        Asset.is_restricted.is_(False),
    )
    if actor is not None:
        statement = statement.where(shown_to(actor.id))
    found = {a.id: a for a in db.session.scalars(statement)}
    return [found[i] for i in wanted if i in found]


def get_facts(actor: Principal, asset: Asset) -> AssetFacts | None:
    """What the camera knew, for those who may edit the file; for everybody else there is nothing."""
    return db.session.get(AssetFacts, asset.id) if can_describe(actor, asset) else None


def find_uploads(office_id: int, uploader_id: int, source_sha256: Iterable[str]) -> dict[str, Asset]:
    """Files that this person already sent, by the hash of the bytes as sent; the earliest of each. One statement."""
    wanted = set(source_sha256)
    if not wanted:
        return {}
    statement = (
        select(Asset)
        .where(
            Asset.source_sha256.in_(wanted), Asset.office_id == office_id, Asset.uploaded_by == uploader_id,
            Asset.same_as_id.is_(None),
        )
        .order_by(Asset.id.desc())
    )  # fmt: skip
    return {a.source_sha256: a for a in db.session.scalars(statement)}


def find_twin(
    actor: Principal, office_id: int, source_sha256: str, *, but: int | None = None
) -> Asset | None:
    """The earliest file of the office with the very same bytes that this person may know of."""
    statement = (
        select(Asset)
        .where(
            library_of(actor, office_id), Asset.source_sha256 == source_sha256, Asset.same_as_id.is_(None),
            Asset.is_restricted.is_(False),
        )
        .order_by(Asset.id)
    )  # fmt: skip
    if but is not None:
        statement = statement.where(Asset.id != but)
    return db.session.scalars(statement.limit(1)).first()


def list_similar(actor: Principal, asset: Asset) -> Sequence[Asset]:
    """Pictures that look alike (at most six of 64 bits differ), the most alike first; at most two statements.

    Asks the index for those that share a band: with seven bands, six differing bits leave at least one untouched.
    """
    if not asset.look:
        return []
    sharing = (
        select(AssetBand.asset_id)
        .where(AssetBand.office_id == asset.office_id, AssetBand.slot.in_(slots_of(asset.look)))
        .distinct()
        .order_by(AssetBand.asset_id.desc())
        .limit(CANDIDATES)
        .subquery()
    )
    statement = select(Asset.id, Asset.look).join(sharing, sharing.c.asset_id == Asset.id)
    near = {
        row.id: distance(asset.look, row.look) for row in db.session.execute(statement) if row.id != asset.id
    }
    near = {ident: d for ident, d in near.items() if d <= MAX_DISTANCE}
    if not near:
        return []
    wanted = sorted(near, key=lambda ident: (near[ident], -ident))[: SIMILAR_SHOWN * 2]
    found = db.session.scalars(
        select(Asset).where(
            library_of(actor, asset.office_id), Asset.id.in_(wanted), Asset.same_as_id.is_(None),
            Asset.is_restricted.is_(False),
        )
    ).all()  # fmt: skip
    return sorted(found, key=lambda a: (near[a.id], -a.id))[:SIMILAR_SHOWN]
