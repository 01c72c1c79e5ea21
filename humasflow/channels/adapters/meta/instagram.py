"""Instagram, for professional accounts linked to a Facebook Page.

Captions cannot be changed through the API. A post can be deleted (since December 2025) where the office's app was
granted ``instagram_manage_contents``; where it was not, a person deletes it.
"""

from datetime import datetime
from typing import Final

from humasflow.channels.adapters.base import (
    Absent,
    AccountInfo,
    CannotTell,
    Caps,
    Grant,
    Limits,
    Metric,
    Outlet,
    Problem,
    Receipt,
    Tokens,
)
from humasflow.channels.adapters.errors import Conflict, Forbidden, Invalid, Unsupported
from humasflow.channels.adapters.matching import text_key
from humasflow.channels.adapters.meta.containers import (
    Containers,
    Names,
    address_of,
    check_count,
    check_videos,
)
from humasflow.channels.adapters.meta.graph import (
    TOKEN,
    VERSION,
    Graph,
    graph_of,
    id_of,
    insights_of,
    instant_from,
    take_away,
    whole,
)
from humasflow.channels.adapters.meta.login import FacebookLogin
from humasflow.channels.adapters.posted import posted_id
from humasflow.channels.adapters.validation import compose_text, validate_variant
from humasflow.channels.adapters.variant import Account, AppKeys, Job, MediaItem, MediaKind, Variant

CAROUSEL: Final = 10
_INSIGHTS: Final = {
    "views": "views", "reach": "reach", "saves": "saved", "likes": "likes", "comments": "comments", "shares": "shares",
    "total_interactions": "total_interactions",
}  # fmt: skip
_FIELDS: Final = {"likes": "like_count", "comments": "comments_count"}


class InstagramAdapter(FacebookLogin, Containers):
    """``account.settings``: ``user_id`` (of the Instagram account), ``page_id``; ``secrets``: ``access_token`` (of the
    Page).
    """

    key = "instagram"
    caps = Caps(
        needs_public_url=True,
        two_step=True,
        can_find=True,
        trusts_absence=True,
        can_retract=True,
        has_first_comment=True,
        metrics=tuple(_INSIGHTS),
    )
    names = Names(
        create="media", publish="media_publish", posts="media", limit="content_publishing_limit",
        status="status_code", error="status", words="caption",
    )  # fmt: skip
    scopes: tuple[str, ...] = (
        "instagram_basic", "instagram_content_publish", "instagram_manage_comments", "instagram_manage_insights",
        "instagram_manage_contents", "pages_show_list", "pages_read_engagement", "business_management",
    )  # fmt: skip
    spared: frozenset[str] = frozenset(
        {
            "instagram_manage_comments",
            "instagram_manage_insights",
            "instagram_manage_contents",
            "business_management",
        }
    )

    def outlets(self, app: AppKeys, grant: Grant) -> tuple[Outlet, ...]:
        """The Instagram accounts of the person's Pages."""
        found = []
        for page in self._pages(app, grant, "instagram_business_account{id,username,name}"):
            linked = page.get("instagram_business_account")
            if not isinstance(linked, dict) or not linked.get("id"):
                continue
            handle = str(linked.get("username") or "")
            found.append(
                Outlet(
                    str(linked["id"]), str(linked.get("name") or handle), handle, _address(handle),
                    secrets={TOKEN: str(page[TOKEN])},
                    settings={"user_id": str(linked["id"]), "page_id": str(page["id"])},
                )
            )  # fmt: skip
        return tuple(found)

    def verify(self, account: Account) -> AccountInfo:
        """Whether the token lives and may publish, and whose it is."""
        data = self._check_token(account)
        who = self._graph(account).get(self._me(account), fields="id,username,name")
        handle = str(who.get("username") or "")
        return AccountInfo(
            str(who.get("name") or handle), handle, _address(handle),
            expires_at=instant_from(data.get("expires_at")), settings=self._kept_of(data),
        )  # fmt: skip

    def refresh(self, account: Account) -> Tokens | None:
        """A Page's token does not end by itself, and nothing revives one that was withdrawn."""
        return None

    def validate(self, variant: Variant, limits: Limits) -> tuple[Problem, ...]:
        """By the account's limits, never more media than a carousel holds, and videos that Meta can read."""
        own = (*check_count(variant, limits, CAROUSEL), *check_videos(variant))
        return (*own, *validate_variant(variant, limits, self.caps))

    def update(self, job: Job) -> Receipt:
        """Never: raises Unsupported."""
        raise Unsupported("Instagram changes no caption through its API")

    def retract(self, job: Job) -> None:
        """Deletes the post; one that is gone already is done. Raises Unsupported where a person has to do it."""
        post = id_of(posted_id(job))
        try:
            take_away(self._graph(job.account), post, self._me(job.account))
        except (Forbidden, Invalid) as refused:
            raise Unsupported(refused.detail) from refused

    def comment(self, job: Job, text: str) -> str:
        """Writes a comment under the post."""
        path = f"{id_of(posted_id(job))}/comments"
        found, _digest = self._graph(job.account).publish(path, {"message": text}, "id")
        return str(found["id"])

    def find_comment(self, job: Job, text: str) -> str | Absent | CannotTell:
        """Looks through the newest comments for one with these words by the account itself."""
        path = f"{id_of(posted_id(job))}/comments"
        own = str(
            self._graph(job.account).get(self._me(job.account), fields="username").get("username") or ""
        )
        try:
            for one in self._graph(job.account).items(path, fields="id,text,username", limit="50"):
                if one.get("username") == own and text_key(str(one.get("text") or "")) == text_key(text):
                    return str(one["id"])
        except Conflict:
            return CannotTell()
        return Absent()

    def metrics(self, receipt: Receipt, account: Account, *, at: datetime) -> tuple[Metric, ...]:
        """Insights, and the counts every post shows where insights are closed to us. What is not told is unknown."""
        graph, post = self._graph(account), id_of(receipt.external_id)
        shown = graph.get(post, fields=f"id,{','.join(_FIELDS.values())}")
        told = insights_of(graph, post, _INSIGHTS.values())
        found = []
        for name, metric in _INSIGHTS.items():
            value = whole(told.get(metric))
            if value is None and name in _FIELDS:
                value = whole(shown.get(_FIELDS[name]))
            found.append(Metric(name, value, VERSION, at))
        return tuple(found)

    def _graph(self, account: Account) -> Graph:
        return graph_of(self._http, account)

    def _me(self, account: Account) -> str:
        return id_of(account.settings.get("user_id"))

    def _alone(self, variant: Variant) -> dict[str, str]:
        values = {"caption": compose_text(variant)}
        if not variant.media:
            raise Invalid("a post without a picture")
        item = variant.media[0]
        if item.kind is MediaKind.VIDEO:
            return values | {"media_type": "REELS", "video_url": address_of(item), "share_to_feed": "true"}
        return values | _picture(item)

    def _child(self, item: MediaItem) -> dict[str, str]:
        if item.kind is MediaKind.VIDEO:
            return {"media_type": "VIDEO", "video_url": address_of(item), "is_carousel_item": "true"}
        return _picture(item) | {"is_carousel_item": "true"}

    def _several(self, variant: Variant, children: list[str]) -> dict[str, str]:
        return {"media_type": "CAROUSEL", "children": ",".join(children), "caption": compose_text(variant)}


def _picture(item: MediaItem) -> dict[str, str]:
    alt_text = item.alt_text.strip()
    return {"image_url": address_of(item)} | ({"alt_text": alt_text} if alt_text else {})


def _address(handle: str) -> str:
    return f"https://www.instagram.com/{handle}/" if handle else ""
