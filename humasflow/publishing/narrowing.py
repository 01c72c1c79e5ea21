"""By what the lists of publications can be narrowed."""

from dataclasses import dataclass

from sqlalchemy import literal, select, union_all

from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.planning.models import ContentType


@dataclass(frozen=True)
class Option:
    """A channel account or a content type by which lists can be narrowed."""

    id: int
    label: str
    is_active: bool


def list_options(office_id: int) -> tuple[list[Option], list[Option]]:
    """The office's accounts and content types, in its own order, switched-off ones too. One statement."""
    accounts = select(
        literal("account"), ChannelAccount.id, ChannelAccount.name, ChannelAccount.is_active,
        ChannelAccount.position,
    ).where(ChannelAccount.office_id == office_id)  # fmt: skip
    types = select(
        literal("type"), ContentType.id, ContentType.label, ContentType.is_active, ContentType.position
    ).where(ContentType.office_id == office_id)
    found: dict[str, list[tuple[int, Option]]] = {"account": [], "type": []}
    for kind, ident, label, is_active, position in db.session.execute(union_all(accounts, types)):
        found[kind].append((position, Option(ident, label, is_active)))
    in_order = {k: [o for _p, o in sorted(v, key=lambda x: (x[0], x[1].id))] for k, v in found.items()}
    return in_order["account"], in_order["type"]
