"""Orders and finished reports, the letterhead, press releases, the plan of a day on paper."""

from humasflow.reports.views import day, letterhead, release, runs
from humasflow.reports.views.blueprint import blueprint

__all__ = ["blueprint", "day", "letterhead", "release", "runs"]
