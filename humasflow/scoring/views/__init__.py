"""The standing, what is behind each number, verification, and the administration of what is counted."""

from humasflow.scoring.views import (
    adjustments,
    attribution,
    children,
    closing,
    contributions,
    measurements,
    official,
    scheme_drafts,
    scheme_trial,
    schemes,
    standing,
    target_copying,
    targets,
    trace,
    trend,
    verification,
    what_if,
)
from humasflow.scoring.views.blueprint import blueprint

__all__ = [
    "adjustments",
    "attribution",
    "blueprint",
    "children",
    "closing",
    "contributions",
    "measurements",
    "official",
    "scheme_drafts",
    "scheme_trial",
    "schemes",
    "standing",
    "target_copying",
    "targets",
    "trace",
    "trend",
    "verification",
    "what_if",
]
