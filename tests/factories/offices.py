"""Offices above and below each other."""

from humasflow.core.db import db
from humasflow.orgs.models import Unit
from tests.factories.world import World


def put_below(lower: World, upper: World) -> None:
    """Let an office stand below another, with its sections, as if it had been made there."""
    put_below_office(lower, upper.office)


def put_below_office(lower: World, upper: Unit) -> None:
    """The same below an office that is no world."""
    lower.office.parent_id = upper.id
    for unit in (lower.office, lower.section, lower.other_section):
        unit.path = upper.path + unit.path.removeprefix("/")
    db.session.flush()
