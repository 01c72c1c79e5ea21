"""How far an office is in a period: facts, results, what is missing and what would close the gap."""

from humasflow.scoring.standing.office import (
    ComponentStanding,
    Standing,
    get_standing,
    standing_now,
    standing_of,
)

__all__ = ["ComponentStanding", "Standing", "get_standing", "standing_now", "standing_of"]
