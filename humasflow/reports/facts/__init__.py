"""What is reported, gathered once and shown by every format alike: ``gather(run)`` → :class:`ReportFacts`."""

from humasflow.reports.facts.gathering import gather
from humasflow.reports.facts.shapes import (
    Activity,
    Adjustment,
    Cell,
    Component,
    Contribution,
    Count,
    Part,
    PersonFacts,
    Publication,
    ReportFacts,
    RoleCount,
    Signer,
    StandingFacts,
)

__all__ = [
    "Activity", "Adjustment", "Cell", "Component", "Contribution", "Count", "Part", "PersonFacts", "Publication",
    "ReportFacts", "RoleCount", "Signer", "StandingFacts", "gather",
]  # fmt: skip
