"""The evidence pack: one ZIP that anybody can check without this product (docs/evidence-pack.md, ADR 37)."""

from humasflow.reports.packing.archive import Archive, NoRoom, Written, check_room
from humasflow.reports.packing.items import Item, Problem, ProblemKind, Row
from humasflow.reports.packing.pack import Packed, write_pack
from humasflow.reports.packing.wording import Made

__all__ = [
    "Archive",
    "Item",
    "Made",
    "NoRoom",
    "Packed",
    "Problem",
    "ProblemKind",
    "Row",
    "Written",
    "check_room",
    "write_pack",
]
