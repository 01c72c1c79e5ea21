"""Schemes, targets, the append-only ledger and the dated states of a point, measurements, closes, official results."""

from humasflow.scoring.models.closing import OfficialResult, PeriodClose
from humasflow.scoring.models.ledger import AttributionPolicy, LedgerEntry, Point, PointEvent, ScoreCount
from humasflow.scoring.models.measurements import Measurement
from humasflow.scoring.models.schemes import Component, SchemeVersion, ScoreScheme
from humasflow.scoring.models.targets import Target

__all__ = [
    "AttributionPolicy",
    "Component",
    "LedgerEntry",
    "Measurement",
    "OfficialResult",
    "PeriodClose",
    "Point",
    "PointEvent",
    "SchemeVersion",
    "ScoreCount",
    "ScoreScheme",
    "Target",
]
