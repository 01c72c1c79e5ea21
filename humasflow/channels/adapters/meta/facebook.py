"""A Facebook Page.

Pictures and videos are uploaded unseen beforehand; the call that publishes only names them. There is no key against
doing it twice, so when its outcome is open the Page's newest posts are read. What is found there is proof; that
nothing is found is none, because the list may lag behind: then a person is asked.
"""

from datetime import datetime
from typing import Any, Final

from humasflow.channels.adapters.base import (
    Absent,
    AccountInfo,
    CannotTell,
    Caps,
    Done,
    Field,
    Grant,
    Limits,
    Metric,
    Outlet,
    Pending,
    Problem,
    ProblemCode,
    Quota,
    Ready,
    Receipt,
    Severity,
    Tokens,
)
from humasflow.channels.adapters.errors import Conflict, Forbidden, Invalid, Transient, Unsupported
from humasflow.channels.adapters.matching import earliest, instant_of, resembles, text_key
from humasflow.channels.adapters.meta import video
from humasflow.channels.adapters.meta.graph import (
    TOKEN,
    VERSION,
    Graph,
    as_json,
    graph_of,
    id_of,
    insights,
    instant_from,
    take_away,
    whole,
)
from humasflow.channels.adapters.meta.login import FacebookLogin
from humasflow.channels.adapters.meta.refusals import Duplicate
from humasflow.channels.adapters.multipart import FilePart
from humasflow.channels.adapters.posted import posted_id
from humasflow.channels.adapters.validation import compose_text, validate_variant
from humasflow.channels.adapters.variant import (
    Account,
    AppKeys,
    Job,
    MediaItem,
    MediaKind,
    Variant,
    payload_digest,
)
from humasflow.core.urls import is_http_url

PICTURE_BYTES: Final = 4_000_000  # Meta advises against more for a picture of this size
PICTURE_SIDE: Final = 2048
RECENT: Final = 50  # posts of the Page
SHOWN_AFTER: Final = 60.0  # seconds in which the Page surely shows what was posted
# What Meta counts by another name has a name of ours. The names on the right are those of version 26; the older
# ``*_impressions*`` are gone and answer with an error.
_INSIGHTS: Final = {"reach": "post_total_media_view_unique", "clicks": "post_clicks"}
_REACTIONS: Final = "post_reactions_by_type_total"


class FacebookAdapter(FacebookLogin):
    """``account.settings``: ``page_id``; ``secrets``: ``access_token`` (of the Page)."""

    key = "facebook"
    caps = Caps(
        can_find=True,
        can_edit=True,
        can_retract=True,
        has_first_comment=True,
        metrics=("likes", "comments", "shares", *_INSIGHTS),
    )
    scopes: tuple[str, ...] = (
        "pages_show_list", "pages_read_engagement", "pages_manage_posts", "pages_manage_engagement", "read_insights",
        "business_management",
    )  # fmt: skip
    spared: frozenset[str] = frozenset({"pages_manage_engagement", "read_insights", "business_management"})

    # Connecting

    def outlets(self, app: AppKeys, grant: Grant) -> tuple[Outlet, ...]:
        """The Pages on which the person may publish."""
        return tuple(
            Outlet(
                str(page["id"]),
                *_who(page),
                secrets={TOKEN: str(page[TOKEN])},
                settings={"page_id": str(page["id"])},
            )
            for page in self._pages(app, grant, "username,link")
        )

    def verify(self, account: Account) -> AccountInfo:
        """Whether the token lives and may publish, and whose it is."""
        data = self._check_token(account)
        page = self._graph(account).get(_page_of(account), fields="id,name,username,link")
        ends = instant_from(data.get("expires_at"))
        return AccountInfo(*_who(page), expires_at=ends, settings=self._kept_of(data))

    def refresh(self, account: Account) -> Tokens | None:
        """A Page's token does not end by itself, and nothing revives one that was withdrawn."""
        return None

    def quota(self, account: Account) -> Quota | None:
        """Meta sets no number of posts."""
        return None

    # Publishing

    def validate(self, variant: Variant, limits: Limits) -> tuple[Problem, ...]:
        """By the account's limits; a video stands alone."""
        own = [
            Problem(Severity.ERROR, Field.MEDIA, ProblemCode.WRONG_KIND, item=index, detail=item.kind.value)
            for index, item in enumerate(variant.media)
            if item.kind is MediaKind.DOCUMENT and item.kind in limits.media_kinds
        ]
        kinds = [item.kind for item in variant.media]
        if MediaKind.VIDEO in kinds and MediaKind.IMAGE in kinds and limits.media_mixed:
            own.append(Problem(Severity.ERROR, Field.MEDIA, ProblemCode.MIXED_KINDS))
        if kinds.count(MediaKind.VIDEO) > 1:
            own.append(Problem(Severity.ERROR, Field.MEDIA, ProblemCode.TOO_MANY, 1, len(kinds)))
        return (*own, *validate_variant(variant, limits, self.caps))

    def prepare(self, job: Job) -> Ready | Pending:
        """Uploads one picture, or one part of a video, a call; none is seen by anybody yet."""
        state = _standing(job)
        media = job.variant.media
        if not media:
            return Ready(state)
        if media[0].kind is MediaKind.VIDEO:
            return video.prepare(self._http, job, state)
        photos: list[str] = list(state.get("photos", ()))
        if len(photos) < len(media):
            photos.append(self._upload(job, media[len(photos)]))
            state["photos"] = photos
        return Ready(state) if len(photos) == len(media) else Pending(state)

    def poll(self, job: Job) -> Ready | Pending | Done:
        """There is nothing to wait for: an upload that was answered is there."""
        return Ready(job.prepare_state)

    def commit(self, job: Job) -> Receipt | Pending:
        """Publishes the post, or has the uploaded video made. Pending for a "duplicate": the Page's posts tell whose it
        is.
        """
        if "video" in job.prepare_state:
            return video.commit(self._http, job)
        values = {"message": compose_text(job.variant)}
        for index, photo in enumerate(job.prepare_state.get("photos", ())):
            values[f"attached_media[{index}]"] = as_json({"media_fbid": photo})
        if not job.variant.media and job.variant.link:
            values["link"] = job.variant.link.strip()
        try:
            found, digest = self._graph(job.account).publish(f"{_page_of(job.account)}/feed", values, "id")
        except Duplicate:
            return Pending({**job.prepare_state, "duplicate": True}, SHOWN_AFTER)
        return Receipt(str(found["id"]), None, digest)

    def find(self, job: Job) -> Receipt | Absent | CannotTell | Pending:
        """Looks through the Page's posts since it was sent: by the pictures that were uploaded for it, or its words.
        Raises Invalid, as what became of it, when it was refused as a duplicate and the other post is not ours.
        """
        graph = self._graph(job.account)
        if job.external_id is not None:
            return _by_id(graph, job.external_id)
        if "video" in job.prepare_state:
            return video.find(graph, job)
        is_duplicate = "duplicate" in job.prepare_state
        since = earliest(job.created_at if is_duplicate else job.committing_at or job.created_at)
        wanted, photos = text_key(compose_text(job.variant)), set(job.prepare_state.get("photos", ()))
        fields = "id,message,created_time,permalink_url,attachments{target{id},subattachments{target{id}}}"
        is_doubtful = False
        for number, post in enumerate(
            graph.items(f"{_page_of(job.account)}/published_posts", fields=fields, limit=str(RECENT))
        ):
            made = instant_of(post.get("created_time"))
            if number >= RECENT or (made is not None and made < since):
                break
            if str(post.get("id")) in job.known_ids:
                continue
            targets = _targets(post)
            if photos and targets and not photos & targets:
                continue  # it shows other pictures: another post, whatever its words
            shown = text_key(str(post.get("message") or ""))
            if photos & targets or (wanted and shown == wanted and not photos):
                return Receipt(str(post["id"]), _link(post.get("permalink_url")))
            is_doubtful = is_doubtful or resembles(shown, wanted)
        if is_duplicate and not is_doubtful and job.generation == 1:
            raise Invalid("duplicate_content").as_outcome()
        return CannotTell() if is_doubtful else Absent()

    def update(self, job: Job) -> Receipt:
        """Changes the words. Raises Unsupported where the pictures differ: those cannot be changed."""
        post = id_of(posted_id(job))
        if job.prepare_state.get("media") != _media_of(job.variant):
            raise Unsupported("pictures of a published post cannot be changed")
        field = "description" if "video" in job.prepare_state else "message"
        found = self._graph(job.account).post(post, {field: compose_text(job.variant)})
        if found.get("success") is not True:
            raise Transient("a success that says nothing")
        return Receipt(str(job.external_id))

    def retract(self, job: Job) -> None:
        """Deletes the post; one that is gone already is done. Raises Unsupported where a person has to do it."""
        take_away(self._graph(job.account), id_of(posted_id(job)), _page_of(job.account))

    def permalink(self, receipt: Receipt) -> str | None:
        """Known once it was asked for."""
        return receipt.permalink

    # Afterwards

    def comment(self, job: Job, text: str) -> str:
        """Writes a comment under the post, as the Page."""
        path = f"{id_of(posted_id(job))}/comments"
        found, _digest = self._graph(job.account).publish(path, {"message": text}, "id")
        return str(found["id"])

    def find_comment(self, job: Job, text: str) -> str | Absent | CannotTell:
        """Looks through the post's comments for one with these words by the Page itself."""
        path, page = f"{id_of(posted_id(job))}/comments", _page_of(job.account)
        params = {
            "fields": "id,message,from{id}",
            "filter": "stream",
            "order": "reverse_chronological",
            "limit": "50",
        }
        try:
            for one in self._graph(job.account).items(path, **params):
                author = one.get("from")
                is_own = isinstance(author, dict) and str(author.get("id")) == page
                if is_own and text_key(str(one.get("message") or "")) == text_key(text):
                    return str(one["id"])
        except Conflict:
            return CannotTell()
        return Absent()

    def metrics(self, receipt: Receipt, account: Account, *, at: datetime) -> tuple[Metric, ...]:
        """The counts every post shows, then insights, each asked for alone: Meta withdraws names, and one that is
        gone must not hide the others. What is not told is unknown.
        """
        graph, post = self._graph(account), id_of(receipt.external_id)
        if "_" not in receipt.external_id:
            return _of_video(graph, post, at)
        shown = graph.get(
            post,
            fields="shares,comments.limit(0).summary(total_count),reactions.limit(0).summary(total_count)",
        )
        found = {
            "likes": _total(shown, "reactions"),
            "comments": _total(shown, "comments"),
            "shares": whole((shown.get("shares") or {}).get("count")),
        }
        for name, metric in _INSIGHTS.items():
            found[name] = whole(_insight(graph, post, metric))
        by_type = _insight(graph, post, _REACTIONS)
        if isinstance(by_type, dict):
            found |= {f"reactions_{kind}": whole(count) for kind, count in sorted(by_type.items())}
        return tuple(Metric(name, value, VERSION, at) for name, value in found.items())

    def _graph(self, account: Account) -> Graph:
        return graph_of(self._http, account)

    def _upload(self, job: Job, item: MediaItem) -> str:
        content, mime = job.files.picture(item, max_bytes=PICTURE_BYTES, max_side=PICTURE_SIDE)
        values = {"published": "false"}
        if item.alt_text.strip():
            values["alt_text_custom"] = item.alt_text.strip()
        part = FilePart.of("source", f"picture.{mime.rpartition('/')[2]}", mime, content)
        found = self._graph(job.account).upload(f"{_page_of(job.account)}/photos", values, part)
        if not found.get("id"):
            raise Transient("a picture without an id")
        return str(found["id"])


def _page_of(account: Account) -> str:
    return id_of(account.settings.get("page_id"))


def _who(page: dict[str, Any]) -> tuple[str, str, str]:
    """Name, handle and address."""
    return str(page.get("name") or ""), str(page.get("username") or ""), _link(page.get("link")) or ""


def _standing(job: Job) -> dict[str, Any]:
    """What earlier steps left, while it is of the same content."""
    content = payload_digest(job.variant.to_payload())
    kept = dict(job.prepare_state)
    if kept.get("content") != content:
        return {"content": content, "media": _media_of(job.variant)}
    if kept.pop("finished", None) is not None:
        del kept["video"]  # Facebook could make no video of it: that session is used up
    kept.pop("duplicate", None)
    return kept


def _media_of(variant: Variant) -> list[list[str]]:
    """Which files in which shape, as a JSON column keeps it."""
    return [[item.sha256, item.crop] for item in variant.media]


def _by_id(graph: Graph, external_id: str) -> Receipt | CannotTell:
    """A post by its id. A "no" may also mean that it is not ours to see: nobody can tell."""
    try:
        found = graph.get(id_of(external_id), fields="id,permalink_url")
    except Conflict:
        return CannotTell()
    return Receipt(external_id, _link(found.get("permalink_url")))


def _targets(post: dict[str, Any]) -> set[str]:
    """The pictures of a post."""
    found: set[str] = set()
    for one in (post.get("attachments") or {}).get("data") or ():
        for part in (one, *((one.get("subattachments") or {}).get("data") or ())):
            target = (part.get("target") or {}).get("id")
            if target:
                found.add(str(target))
    return found


def _of_video(graph: Graph, video_id: str, at: datetime) -> tuple[Metric, ...]:
    """The counts of a video: it has the id of the video and not of a post, and knows neither shares nor insights."""
    shown = graph.get(
        video_id, fields="views,comments.limit(0).summary(total_count),likes.limit(0).summary(total_count)"
    )
    found = {
        "likes": _total(shown, "likes"),
        "comments": _total(shown, "comments"),
        "views": whole(shown.get("views")),
    }
    return tuple(Metric(name, value, VERSION, at) for name, value in found.items())


def _insight(graph: Graph, post: str, metric: str) -> Any:
    try:
        return insights(graph.get(f"{post}/insights", metric=metric)).get(metric)
    except (Invalid, Forbidden):
        return None


def _total(shown: dict[str, Any], name: str) -> int | None:
    return whole(((shown.get(name) or {}).get("summary") or {}).get("total_count"))


def _link(value: object) -> str | None:
    """An address of the platform; the path alone gets its host."""
    if isinstance(value, str) and value.startswith("/") and not value.startswith("//"):
        value = f"https://www.facebook.com{value}"
    return value if isinstance(value, str) and is_http_url(value) else None
