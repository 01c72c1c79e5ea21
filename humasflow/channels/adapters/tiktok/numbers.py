"""How a video on TikTok is doing."""

from datetime import datetime
from typing import Any

from humasflow.channels.adapters.base import Metric, Receipt
from humasflow.channels.adapters.errors import Conflict, Forbidden
from humasflow.channels.adapters.tiktok.api import TikTokApi
from humasflow.channels.adapters.variant import Account

VERSION = "v2"
_NAMES = {"views": "view_count", "likes": "like_count", "comments": "comment_count", "shares": "share_count"}
NAMES = tuple(_NAMES)
# The person who connected the account left the permission out.
_NOT_GRANTED = frozenset({"scope_not_authorized", "scope_permission_missed"})


def numbers_of(api: TikTokApi, receipt: Receipt, account: Account, *, at: datetime) -> tuple[Metric, ...]:
    """Views, likes, comments, shares; none where nobody allowed reading them. Raises Conflict when the video is gone,
    and AdapterError.
    """
    fields = ",".join(("id", *_NAMES.values()))
    wanted = {"filters": {"video_ids": [receipt.external_id]}}
    try:
        found = _video(api.post(account, f"/v2/video/query/?fields={fields}", wanted), receipt.external_id)
    except Forbidden as error:
        if error.detail in _NOT_GRANTED:
            return ()  # no trouble of the account: everything else works
        raise
    return tuple(Metric(name, _count(found.get(key)), VERSION, at) for name, key in _NAMES.items())


def _video(data: dict[str, Any], ident: str) -> dict[str, Any]:
    videos = data.get("videos")
    for video in videos if isinstance(videos, list) else ():
        if isinstance(video, dict) and str(video.get("id")) == ident:
            return video
    raise Conflict("not_found")


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
