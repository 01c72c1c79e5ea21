"""The words for the numbers that channels tell."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from humasflow.channels.adapters.base import METRICS

NAMES = {
    "likes": _l("Suka"),
    "comments": _l("Komentar"),
    "shares": _l("Dibagikan"),
    "saves": _l("Disimpan"),
    "clicks": _l("Klik"),
    "views": _l("Tayangan"),
    "reach": _l("Jangkauan"),
    "impressions": _l("Impresi"),
    "followers": _l("Pengikut"),
}


def name_of(metric: str) -> str:
    """The word for a number; the channel's own name, readable, where we have none."""
    return str(NAMES[metric]) if metric in NAMES else metric.replace("_", " ")


def in_order(metrics: Sequence[str]) -> list[str]:
    """The numbers we have words for first, in our order."""
    return [m for m in METRICS if m in metrics] + sorted(m for m in metrics if m not in METRICS)
