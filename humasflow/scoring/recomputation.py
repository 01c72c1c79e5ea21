"""The ledger again from scratch, by another way: for finding differences."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from sqlalchemy import select

from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import db
from humasflow.core.localtime import to_local
from humasflow.core.periods import Quarter
from humasflow.orgs.queries import list_offices
from humasflow.planning.models import ContentType
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring import queries
from humasflow.scoring.models import LedgerEntry, ScoreScheme
from humasflow.scoring.policy import matches

Key = tuple[int, str, str, str]  # scheme version, component, subject, quarter


def differences() -> Iterator[str]:
    """Each difference as a sentence for an administrator: what should count and does not, or the other way."""
    for office in list_offices():
        expected = _expected(office.id, office.zone_name)
        booked: dict[Key, Decimal] = {}
        for line in db.session.scalars(select(LedgerEntry).where(LedgerEntry.office_id == office.id)):
            key = (line.scheme_version_id, line.component_key, line.subject_key, line.quarter)
            booked[key] = booked.get(key, Decimal(0)) + line.quantity
        for key in sorted(expected - {k for k, n in booked.items() if n > 0}):
            yield f"office {office.id}: {key[2]} should count for {key[1]} in {key[3]} and does not"
        # Lines under a version that a newer one has replaced in their quarter stay as a record and are not in effect.
        schemes = queries.list_schemes(office.id)
        for key in sorted(
            k for k, n in booked.items() if n > 0 and k not in expected and _in_effect(k, schemes)
        ):
            yield f"office {office.id}: {key[2]} counts for {key[1]} in {key[3]} and should not"
        for key in sorted(k for k, n in booked.items() if n not in (0, 1)):
            yield f"office {office.id}: {key[2]} is booked {booked[key]} times for {key[1]} in {key[3]}"


def _in_effect(key: Key, schemes: Sequence[ScoreScheme]) -> bool:
    versions = (queries.version_at(s, Quarter.parse(key[3]).end) for s in schemes)
    return key[0] in {v.id for v in versions if v}


def _expected(office_id: int, timezone: str) -> set[Key]:
    """What the rules give for everything that is live: each address counts in the quarter it was first seen live."""
    rows = db.session.execute(
        select(Delivery, ContentType.code, ChannelKind.code, Post.repost_of_id)
        .join(ContentType, Delivery.content_type_id == ContentType.id)
        .join(ChannelAccount, Delivery.account_id == ChannelAccount.id)
        .join(ChannelKind, ChannelAccount.kind_id == ChannelKind.id)
        .join(Post, Delivery.post_id == Post.id)
        .where(Delivery.office_id == office_id, Delivery.state == DeliveryState.PUBLISHED)
        .order_by(Delivery.id)
    ).all()
    expected: dict[tuple[int, str, str], str] = {}
    schemes = queries.list_schemes(office_id)
    # A publication keeps the key it was booked with: its address may have been told later.
    booked = queries.booked_subjects(row[0].id for row in rows)
    at_address = {row[0].canonical_url: booked[row[0].id] for row in reversed(rows) if row[0].id in booked}
    for delivery, content_type, channel_kind, repost_of in rows:
        if delivery.published_at is None:
            continue
        day = to_local(delivery.published_at, timezone).date()
        for scheme in schemes:
            version = queries.version_at(scheme, day)
            if version is None:
                continue
            for component in version.components:
                if matches(
                    component, content_type=content_type, channel_kind=channel_kind,
                    is_repost=repost_of is not None,
                ):  # fmt: skip
                    address = delivery.canonical_url
                    by_address = at_address.get(address, address) if address else None
                    subject = booked.get(delivery.id) or by_address or f"post:{delivery.post_id}"
                    expected.setdefault(
                        (version.id, component.key, subject), Quarter.from_local_date(day).key
                    )
    return {(version_id, key, subject, quarter) for (version_id, key, subject), quarter in expected.items()}
