"""Pages of pitches: one's own, the office's pool, and deciding."""

from humasflow.pitches.views import own, triage
from humasflow.pitches.views.blueprint import blueprint

__all__ = ["blueprint", "own", "triage"]
