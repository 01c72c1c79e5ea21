"""Videos on YouTube.

A video exists once the last byte of its upload is there, and the upload's session can be asked how far it got for a
week: that is the key and the lookup in one. Only where the session is gone, the channel's own uploads are searched.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

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
from humasflow.channels.adapters.errors import (
    Conflict,
    Forbidden,
    OutcomeUnknown,
    Transient,
    Unsupported,
)
from humasflow.channels.adapters.http import Http
from humasflow.channels.adapters.oauth import app_of, authorize_address, call_for_tokens, refresh_of
from humasflow.channels.adapters.validation import compose_text, validate_variant
from humasflow.channels.adapters.variant import Account, AppKeys, Job, MediaItem, MediaKind, Variant
from humasflow.channels.adapters.youtube.api import API, VERSION, YouTubeApi
from humasflow.channels.adapters.youtube.content import (
    resource_of,
    tags_length,
    tags_of,
    title_of,
    video_of,
)
from humasflow.channels.adapters.youtube.upload import PIECE, Progress, Uploads

SIGN_IN = "https://accounts.google.com/o/oauth2/v2/auth"
TOKENS = "https://oauth2.googleapis.com/token"
TAGS_TOTAL = 500  # characters of all tags; one with a space costs its two quotation marks as well
FORBIDDEN = "<>"  # in title and description
CLOCKS_APART = timedelta(minutes=10)
_SCOPE = "https://www.googleapis.com/auth/youtube"
_NEEDED = (f"{_SCOPE}.upload", f"{_SCOPE}.force-ssl")  # to publish, and to correct or withdraw
_METRICS = {"views": "viewCount", "likes": "likeCount", "comments": "commentCount"}


class YouTubeAdapter:
    """Publishes to one YouTube channel. ``base``: scheme and host of the interface; ``tokens``: of the token call."""

    key = "youtube"
    caps = Caps(
        needs_title=True,
        two_step=True,
        can_find=True,
        trusts_absence=True,
        can_edit=True,
        can_retract=True,
        metrics=tuple(_METRICS),
    )
    app_provider = "google"
    scopes = (f"{_SCOPE}.upload", f"{_SCOPE}.readonly", f"{_SCOPE}.force-ssl")
    uses_pkce = True
    notes = ("unverified_project_private", "testing_project_expires_7_days", "uploads_a_day")
    """Codes of what an administrator should know before connecting."""

    def __init__(self, http: Http, base: str = API, tokens: str = TOKENS) -> None:
        self._http, self._tokens_at = http, tokens
        self._api = YouTubeApi(http, base)
        self._uploads = Uploads(http, self._api)

    # Connecting

    def authorize_url(self, app: AppKeys, *, redirect_uri: str, state: str, challenge: str | None) -> str:
        """Asks for consent each time: only then Google hands out a token that renews."""
        return authorize_address(
            SIGN_IN,
            {
                "response_type": "code", "client_id": app.client_id, "redirect_uri": redirect_uri,
                "scope": " ".join(self.scopes), "state": state, "access_type": "offline", "prompt": "consent",
                "code_challenge": challenge, "code_challenge_method": "S256" if challenge else None,
            },
        )  # fmt: skip

    def exchange(self, app: AppKeys, *, code: str, redirect_uri: str, verifier: str | None) -> Grant:
        """An hour of access, and a token to renew it. Raises Forbidden where the person left a permission out: Google
        shows a tick for each.
        """
        values = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri,
            "client_id": app.client_id, "client_secret": app.client_secret,
        }  # fmt: skip
        if verifier:
            values["code_verifier"] = verifier
        granted = call_for_tokens(self._http, self._tokens_at, values)
        _check_scopes(granted.scopes)
        return granted.as_grant()

    def outlets(self, app: AppKeys, grant: Grant) -> tuple[Outlet, ...]:
        """The channels of the person who granted (Google lets them choose one while signing in)."""
        account = Account(0, self.key, secrets=grant.secrets, app=app)
        kept = {"scopes": list(grant.scopes)} if grant.scopes else {}
        found = [_outlet(channel) for channel in self._channels(account) if channel.get("id")]
        return tuple(replace(outlet, settings={**outlet.settings, **kept}) for outlet in found)

    def verify(self, account: Account) -> AccountInfo:
        """The channel that the token opens. Raises Forbidden where it is none, another one than was chosen, or the
        person did not grant what publishing needs.
        """
        _check_scopes(account.settings.get("scopes") or ())
        channels = [_outlet(channel) for channel in self._channels(account) if channel.get("id")]
        wanted = account.settings.get("channel_id")
        found = next((outlet for outlet in channels if wanted in (None, outlet.external_id)), None)
        if found is None:
            raise Forbidden("no_channel")
        return AccountInfo(name=found.name, handle=found.handle, url=found.url, settings=found.settings)

    def refresh(self, account: Account) -> Tokens | None:
        """A new access token; the one that renews stays. Raises AuthRevoked when that is dead."""
        app = app_of(account)
        values = {
            "grant_type": "refresh_token", "refresh_token": refresh_of(account), "client_id": app.client_id,
            "client_secret": app.client_secret,
        }  # fmt: skip
        return call_for_tokens(self._http, self._tokens_at, values).as_tokens()

    def quota(self, account: Account) -> Quota | None:
        """Google tells what is used up only by refusing."""
        return None

    def _channels(self, account: Account) -> list[dict[str, Any]]:
        return self._api.items(
            account, "channels", {"part": "id,snippet,contentDetails", "mine": "true", "maxResults": "50"}
        )

    # Before publishing

    def validate(self, variant: Variant, limits: Limits) -> tuple[Problem, ...]:
        """A title, one video, no angle brackets, and tags that are not too many together."""
        problems = [*validate_variant(variant, limits, self.caps)]
        brackets = "".join(sign for sign in FORBIDDEN if sign in compose_text(variant))
        if brackets:
            problems.append(
                Problem(Severity.ERROR, Field.TEXT, ProblemCode.FORBIDDEN_CHARACTER, detail=brackets)
            )
        title = "".join(sign for sign in FORBIDDEN if sign in variant.title)
        codes = {(problem.field, problem.code) for problem in problems}
        if title and (Field.TITLE, ProblemCode.FORBIDDEN_CHARACTER) not in codes:
            problems.append(
                Problem(Severity.ERROR, Field.TITLE, ProblemCode.FORBIDDEN_CHARACTER, detail=title)
            )
        length = tags_length(tags_of(variant))
        if length > TAGS_TOTAL:
            problems.append(Problem(Severity.ERROR, Field.HASHTAGS, ProblemCode.TOO_LONG, TAGS_TOTAL, length))
        if not any(item.kind is MediaKind.VIDEO for item in variant.media) and not any(
            problem.field is Field.MEDIA for problem in problems
        ):
            problems.append(Problem(Severity.ERROR, Field.MEDIA, ProblemCode.TOO_FEW, 1, 0))
        return tuple(sorted(problems, key=lambda problem: problem.severity is not Severity.ERROR))

    def prepare(self, job: Job) -> Ready | Pending:
        """Opens the session, then sends piece after piece up to the last. Asks first how far it got: an answer that
        was lost does not tell.
        """
        item = video_of(job.variant)
        state = dict(job.prepare_state)
        if not state.get("session"):
            return Pending(_opened(item, self._uploads.open(job.account, item, resource_of(job))))
        session = str(state["session"])
        progress = self._uploads.progress(job.account, session, item.size)
        if progress.is_gone and job.committing_at is None:
            return Pending({})  # a week old, and the last piece was never sent: from the beginning
        if progress.is_gone or progress.video is not None:
            return Ready(state)  # the commit finds out
        if item.size - progress.offset > PIECE:
            progress = self._uploads.send(job.account, session, job.files, item, progress.offset)
        state["offset"] = progress.offset
        return Ready(state) if item.size - progress.offset <= PIECE else Pending(state)

    def carried(self, variant: Variant) -> int:
        """The last piece of the video."""
        return min(PIECE, sum(item.size for item in variant.media))

    def poll(self, job: Job) -> Ready | Pending | Done:
        """There is nothing to wait for."""
        return self.prepare(job)

    # Publishing

    def commit(self, job: Job) -> Receipt | Pending:
        """The last piece. What the session already finished is not sent again."""
        item, state = video_of(job.variant), dict(job.prepare_state)
        session = str(state.get("session", ""))
        progress = self._uploads.progress(job.account, session, item.size)
        if progress.video is None and not progress.is_gone and progress.offset < item.size:
            progress = self._uploads.finish(job.account, session, job.files, item, progress.offset)
        if progress.video is not None:
            return _receipt(progress)
        if progress.is_gone:
            raise OutcomeUnknown("session_gone")
        waits = 5.0 if progress.offset >= item.size else 0.0  # it has all of it and is thinking
        return Pending(state | {"offset": progress.offset}, retry_after=waits)

    def find(self, job: Job) -> Receipt | Absent | CannotTell | Pending:
        """The session knows; an upload that is not whole is no video."""
        session = str(job.prepare_state.get("session", ""))
        if not session:
            return Absent()
        item = video_of(job.variant)
        progress = self._uploads.progress(job.account, session, item.size)
        if progress.video is not None:
            return _receipt(progress)
        if progress.is_gone:
            return self._among_uploads(job)
        if progress.offset >= item.size:
            return Pending(job.prepare_state, retry_after=5.0)
        return Absent()

    def _among_uploads(self, job: Job) -> Receipt | CannotTell:
        """A video with exactly this title, uploaded since the job began, that no other delivery became."""
        uploads = str(job.account.settings.get("uploads", ""))
        if not uploads:
            return CannotTell()
        since = job.created_at - CLOCKS_APART
        found = self._api.items(
            job.account,
            "playlistItems",
            {"part": "snippet,status", "playlistId": uploads, "maxResults": "50"},
        )
        same = {
            video: item.get("status")
            for item in found
            if _is_same(item, title_of(job.variant), since)
            and (video := _video_id(item))
            and video not in job.known_ids
        }
        if len(same) != 1:
            return CannotTell()
        ((video, status),) = same.items()
        return _receipt(Progress(video={"id": video, "status": status}))

    def update(self, job: Job) -> Receipt:
        """New title, description and tags. Raises Unsupported for another video: YouTube never exchanges one."""
        video = _id_of(job)
        asset = job.prepare_state.get("asset")
        if asset is not None and asset != video_of(job.variant).asset_id:
            raise Unsupported("video_replaced")
        body = {"id": video, "snippet": resource_of(job)["snippet"]}
        self._api.ask(job.account, "PUT", "/youtube/v3/videos", query={"part": "snippet"}, body=body)
        return Receipt(video, _address(video))

    def retract(self, job: Job) -> None:
        """Makes it private: nobody sees it, nothing is lost, and a person may decide to delete it. Raises Transient
        where the answer does not say that it is.
        """
        body = {"id": _id_of(job), "status": {"privacyStatus": "private", "selfDeclaredMadeForKids": False}}
        try:
            answer = self._api.ask(
                job.account, "PUT", "/youtube/v3/videos", query={"part": "status"}, body=body
            )
        except Conflict as error:
            if error.detail == "not_found":
                return  # it is gone already
            raise
        status = answer.object().get("status")
        if not isinstance(status, Mapping) or status.get("privacyStatus") != "private":
            raise Transient("a success that says nothing")

    def permalink(self, receipt: Receipt) -> str | None:
        """The address of the video."""
        return receipt.permalink or _address(receipt.external_id)

    def metrics(self, receipt: Receipt, account: Account, *, at: datetime) -> tuple[Metric, ...]:
        """Views, likes and comments; what the channel hides stays unknown. Raises Conflict when the video is gone."""
        found = self._api.items(account, "videos", {"part": "statistics", "id": receipt.external_id})
        if not found:
            raise Conflict("not_found")
        numbers = found[0].get("statistics")
        numbers = numbers if isinstance(numbers, dict) else {}
        return tuple(Metric(name, _count(numbers.get(key)), VERSION, at) for name, key in _METRICS.items())


def _opened(item: MediaItem, session: str) -> dict[str, Any]:
    return {"session": session, "offset": 0, "size": item.size, "asset": item.asset_id}


# What comes back


def _receipt(progress: Progress) -> Receipt:
    """Raises Unsupported when YouTube keeps private what was to be public: nobody sees it, so it is not published."""
    video = progress.video or {}
    status = video.get("status")
    if isinstance(status, Mapping) and status.get("privacyStatus") == "private":
        raise Unsupported("private_only").as_outcome()
    sha256 = hashlib.sha256(progress.answer.body).hexdigest() if progress.answer else None
    return Receipt(str(video["id"]), _address(str(video["id"])), sha256)


def _check_scopes(granted: Iterable[str]) -> None:
    """Raises Forbidden where it is known what was granted, and what publishing needs is not among it."""
    known = set(granted)
    missing = [scope for scope in _NEEDED if known and scope not in known]
    if missing:
        raise Forbidden(f"the token lacks {' '.join(missing)}")


def _outlet(channel: Mapping[str, Any]) -> Outlet:
    snippet, details = channel.get("snippet") or {}, channel.get("contentDetails") or {}
    channel_id, handle = str(channel["id"]), str(snippet.get("customUrl") or "").lstrip("@")
    return Outlet(
        external_id=channel_id,
        name=str(snippet.get("title") or channel_id),
        handle=handle,
        url=f"https://www.youtube.com/@{handle}"
        if handle
        else f"https://www.youtube.com/channel/{channel_id}",
        settings={
            "channel_id": channel_id,
            "uploads": str((details.get("relatedPlaylists") or {}).get("uploads") or ""),
        },
    )


def _is_same(item: Mapping[str, Any], title: str, since: datetime) -> bool:
    snippet = item.get("snippet")
    if not isinstance(snippet, Mapping) or str(snippet.get("title", "")) != title:
        return False
    try:
        published = datetime.fromisoformat(str(snippet.get("publishedAt")))
    except ValueError:
        return False
    return (published if published.tzinfo else published.replace(tzinfo=UTC)) >= since


def _video_id(item: Mapping[str, Any]) -> str:
    resource = item["snippet"].get("resourceId")
    return str(resource.get("videoId") or "") if isinstance(resource, Mapping) else ""


def _id_of(job: Job) -> str:
    if not job.external_id:
        raise Conflict("no video is known")
    return job.external_id


def _address(video: str) -> str:
    return f"https://www.youtube.com/watch?v={video}"


def _count(value: object) -> int | None:
    """A number written as text; None for anything else."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else None


__all__ = ["YouTubeAdapter"]
