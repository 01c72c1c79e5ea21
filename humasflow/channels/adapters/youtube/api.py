"""Talking to YouTube: the request with the account's token, and what its refusals mean."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from humasflow.channels.adapters.errors import (
    AdapterError,
    AuthExpired,
    Conflict,
    Forbidden,
    Invalid,
    MediaRejected,
    QuotaExceeded,
    RateLimited,
    Transient,
)
from humasflow.channels.adapters.http import Http, HttpAnswer, json_body, repeatable
from humasflow.channels.adapters.oauth import access_of
from humasflow.channels.adapters.variant import Account
from humasflow.core import clock

API = "https://youtube.googleapis.com"
VERSION = "v3"
# Google counts days by this clock (developers.google.com/youtube/v3/getting-started#quota).
QUOTA_ZONE = ZoneInfo("America/Los_Angeles")

_QUOTA = frozenset({"quotaExceeded", "dailyLimitExceeded", "uploadLimitExceeded", "dailyLimitExceededUnreg"})
_TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "concurrentLimitExceeded"})
_TOKEN = frozenset({"authError", "required", "invalidCredentials"})
_PASSING = frozenset({"backendError", "internalError", "processingFailure", "SERVICE_UNAVAILABLE"})
_FORBIDDEN = frozenset({
    "forbidden", "insufficientPermissions", "accessNotConfigured", "youtubeSignupRequired", "channelClosed",
    "channelSuspended", "accountDelegationForbidden", "authenticatedUserAccountClosed",
    "authenticatedUserAccountSuspended", "forbiddenPrivacySetting", "forbiddenLicenseSetting",
})  # fmt: skip
_OF_CONTENT = frozenset({
    "invalidTitle", "invalidDescription", "invalidTags", "invalidCategoryId", "invalidVideoMetadata",
    "invalidPublishAt", "invalidRecordingDetails", "invalidVideoGameRating", "defaultLanguageNotSet",
})  # fmt: skip


class YouTubeApi:
    """One request each, with the account's token. ``base``: scheme and host."""

    def __init__(self, http: Http, base: str = API) -> None:
        self._http, self.base = http, base

    def ask(
        self,
        account: Account,
        method: str,
        path: str,
        *,
        query: Mapping[str, str],
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> HttpAnswer:
        """A call that may be made again. Raises AdapterError for anything but a success."""
        told = {"Authorization": f"Bearer {access_of(account)}", "Accept": "application/json"}
        told |= dict(headers or {})
        content = None
        if body is not None:
            content, body_headers = json_body(body)
            told |= {"Content-Type": f"{body_headers['Content-Type']}; charset=UTF-8"}
        where = f"{self.base}{path}?{urlencode(query)}"
        answer = repeatable(lambda: self._http(method, where, headers=told, content=content))
        if not answer.is_ok:
            raise refusal(answer)
        return answer

    def items(self, account: Account, resource: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
        """The items of a list of ``resource`` (``videos``, ``channels``, ``playlistItems``). Only Google's own answer
        can say that there are none: raises Transient for any other.
        """
        told = self.ask(account, "GET", f"/youtube/v3/{resource}", query=query).object()
        if not told:
            raise Transient("a success that says nothing")
        found = told.get("items")
        return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def refusal(answer: HttpAnswer) -> AdapterError:
    """What a refusal means: the reason in the body first, the status second."""
    said = answer.object().get("error")
    said = said if isinstance(said, dict) else {}
    listed = said.get("errors")
    first = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else {}
    details = said.get("details")
    info = details[0] if isinstance(details, list) and details and isinstance(details[0], dict) else {}
    reason = str(first.get("reason") or info.get("reason") or said.get("status") or "")
    if answer.status in (403, 404) and not said:
        return Transient(
            f"status {answer.status}"
        )  # a page of something in between; it says nothing of the account
    return _by_reason(reason) or _by_status(answer.status, reason)


def _by_reason(reason: str) -> AdapterError | None:
    if reason in _QUOTA:
        return QuotaExceeded(reason, resets_at=next_quota_day(clock.now()))
    if reason in {"videoNotFound", "playlistNotFound", "playlistItemNotFound", "notFound"}:
        return Conflict("not_found")
    kinds: tuple[tuple[frozenset[str], type[AdapterError]], ...] = (
        (_TOO_FAST, RateLimited),
        (_TOKEN, AuthExpired),
        (_PASSING, Transient),
        (_FORBIDDEN, Forbidden),
        (_OF_CONTENT, Invalid),
        (frozenset({"mediaBodyRequired", "invalidFilename", "uploadTooLarge"}), MediaRejected),
    )
    return next((kind(reason) for reasons, kind in kinds if reason in reasons), None)


def _by_status(status: int, reason: str) -> AdapterError:
    detail = reason or f"status {status}"
    kinds: dict[int, type[AdapterError]] = {
        401: AuthExpired, 403: Forbidden, 404: Conflict, 409: Conflict, 412: Conflict, 413: MediaRejected,
        429: RateLimited,
    }  # fmt: skip
    if status in kinds:
        return kinds[status](detail)
    return Invalid(detail) if 400 <= status < 500 else Transient(detail)


def next_quota_day(now: datetime) -> datetime:
    """The midnight in California after ``now``, in UTC: then the day's numbers begin anew."""
    there = now.astimezone(QUOTA_ZONE)
    midnight = datetime.combine(there.date() + timedelta(days=1), time(), QUOTA_ZONE)
    return midnight.astimezone(now.tzinfo)
