"""Talking to TikTok: the request with the account's token, and what its refusals mean.

Every answer but that of the token call is ``{"data": …, "error": {"code": "ok" | …}}``, whatever its status.
"""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from humasflow.channels.adapters.errors import (
    AdapterError,
    AuthExpired,
    AuthRevoked,
    Conflict,
    Forbidden,
    Invalid,
    MediaRejected,
    QuotaExceeded,
    RateLimited,
    Transient,
    Unsupported,
)
from humasflow.channels.adapters.http import Http, HttpAnswer, json_body, repeatable
from humasflow.channels.adapters.oauth import access_of
from humasflow.channels.adapters.variant import Account
from humasflow.core import clock

API = "https://open.tiktokapis.com"
MINUTE = timedelta(minutes=1)  # the limits are 6 openings and 30 questions a minute

PRIVATE_ONLY = "private_only"

_CODES: dict[str, type[AdapterError]] = {
    "access_token_invalid": AuthExpired,
    "access_token_expired": AuthExpired,
    "auth_removed": AuthRevoked,
    "scope_not_authorized": Forbidden,
    "scope_permission_missed": Forbidden,
    "token_not_authorized_for_specified_publish_id": Forbidden,
    "spam_risk_user_banned_from_posting": Forbidden,
    "spam_risk_too_many_posts": QuotaExceeded,
    "spam_risk_too_many_pending_share": QuotaExceeded,
    "reached_active_user_cap": QuotaExceeded,
    "spam_risk": Invalid,
    "spam_risk_text": Invalid,
    "privacy_level_option_mismatch": Invalid,
    "invalid_param": Invalid,
    "invalid_params": Invalid,
    "invalid_publish_id": Conflict,
    "publish_cancelled": Conflict,
    "invalid_file_upload": MediaRejected,
    "file_format_check_failed": MediaRejected,
    "duration_check_failed": MediaRejected,
    "frame_rate_check_failed": MediaRejected,
    "picture_size_check_failed": MediaRejected,
    "video_pull_failed": MediaRejected,
    "photo_pull_failed": MediaRejected,
    "internal_error": Transient,
    "internal": Transient,
}


class TikTokApi:
    """One request each, with the account's token. ``base``: scheme and host."""

    def __init__(self, http: Http, base: str = API) -> None:
        self._http, self.base = http, base

    def get(self, account: Account, path: str) -> dict[str, Any]:
        """The data of an answer. Raises AdapterError."""
        return self._data(repeatable(lambda: self._send(account, "GET", path, None)))

    def post(self, account: Account, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The data of an answer to a call that may be made again. Raises AdapterError."""
        return self.ask(account, path, body)[0]

    def ask(self, account: Account, path: str, body: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
        """The same, and the sha256 (hex) of the raw answer, for what is kept as proof."""
        answer = repeatable(lambda: self._send(account, "POST", path, body))
        return self._data(answer), hashlib.sha256(answer.body).hexdigest()

    def _send(self, account: Account, method: str, path: str, body: Mapping[str, Any] | None) -> HttpAnswer:
        headers = {"Authorization": f"Bearer {access_of(account)}", "Accept": "application/json"}
        content = None
        if body is not None:
            content, _headers = json_body(dict(body))
            headers["Content-Type"] = "application/json; charset=UTF-8"
        return self._http(method, f"{self.base}{path}", headers=headers, content=content)

    @staticmethod
    def _data(answer: HttpAnswer) -> dict[str, Any]:
        found = answer.object()
        said = found.get("error")
        code = str(said.get("code", "")) if isinstance(said, dict) else ""
        data = found.get("data")
        if answer.is_ok and code in ("", "ok") and isinstance(data, dict):
            return data
        raise refusal(code, answer.status)


def refusal(code: str, status: int = 200) -> AdapterError:
    """What a code means (of an error, or why a publication failed); the status where it says nothing."""
    if code == "unaudited_client_can_only_post_to_private_accounts":
        return Unsupported(PRIVATE_ONLY)
    if code == "rate_limit_exceeded" or (status == 429 and code not in _CODES):
        return RateLimited(code or "status 429", retry_at=clock.now() + MINUTE)
    if code in _CODES:
        return _CODES[code](code)
    detail = code or f"status {status}"
    by_status: dict[int, type[AdapterError]] = {401: AuthExpired, 403: Forbidden, 404: Conflict}
    if not code and status in (403, 404):
        return Transient(detail)  # a page of something in between; it says nothing of the account
    if status in by_status:
        return by_status[status](detail)
    return Invalid(detail) if 400 <= status < 500 else Transient(detail)
