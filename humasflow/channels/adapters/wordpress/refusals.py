"""What a WordPress portal means when it says no: the code in the body first, the HTTP status second.

Only the code and the names of parameters are taken over into a detail. The message may repeat what we sent.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from humasflow.channels.adapters.errors import (
    AdapterError,
    AuthRevoked,
    Conflict,
    Forbidden,
    Invalid,
    MediaRejected,
    RateLimited,
    Transient,
    Unsupported,
)
from humasflow.channels.adapters.http import HttpAnswer
from humasflow.core import clock

# Never what a person may not do, always who the portal takes us for. A password that was withdrawn reads like a wrong
# one; a server that does not pass on the Authorization header reads like none at all.
_NOT_KNOWN: Final = frozenset({
    "application_passwords_disabled", "application_passwords_disabled_for_user", "incorrect_password", "invalid_email",
    "invalid_username", "rest_not_logged_in",
})  # fmt: skip
# The portal answers these with 500: a forbidden kind of file stays forbidden.
_REJECTED_FILES: Final = frozenset({
    "rest_image_not_edited", "rest_upload_file_too_big", "rest_upload_image_type_not_supported",
    "rest_upload_invalid_disposition",
    "rest_upload_limited_space", "rest_upload_no_content_disposition", "rest_upload_no_content_type",
    "rest_upload_no_data", "rest_upload_sideload_error", "rest_upload_unknown_error",
    "rest_upload_user_quota_exceeded",
})  # fmt: skip
_INVALID: Final = frozenset({
    "empty_content", "rest_invalid_field", "rest_invalid_json", "rest_invalid_param", "rest_missing_callback_param",
    "rest_post_exists", "rest_term_invalid",
})  # fmt: skip
_GONE: Final = frozenset({"rest_already_trashed", "rest_post_invalid_id"})
_TOO_FAST: Final = frozenset({"rest_rate_limit_exceeded", "rest_too_many_requests", "too_many_requests"})
_CLOSED: Final = frozenset({"rest_disabled", "rest_no_route"})
_MAY_NOT: Final = re.compile(r"rest_(?:cannot|forbidden|user_cannot)_?\w*|rest_login_required")
_MEANINGS: Final[tuple[tuple[frozenset[str], type[AdapterError]], ...]] = (
    (_NOT_KNOWN, AuthRevoked),
    (_REJECTED_FILES, MediaRejected),
    (_GONE, Conflict),
    (_CLOSED, Unsupported),
)
_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_MOST_SECONDS: Final = 86_400

TRASHED: Final = "rest_already_trashed"
NO_SUCH_POST: Final = "rest_post_invalid_id"
NOT_TO_EDIT: Final = "rest_forbidden_context"
TERM_EXISTS: Final = "term_exists"
NO_TRASH: Final = "rest_trash_not_supported"


def code_of(answer: HttpAnswer) -> str:
    """The code of an error body, empty where the body is none. A portal may send one with any status, also with 200."""
    body = answer.object()
    code = body.get("code")
    is_error = "message" in body and "id" not in body
    return code if is_error and isinstance(code, str) and _CODE.fullmatch(code) else ""


def data_of(answer: HttpAnswer) -> dict[str, Any]:
    """The ``data`` of an error body."""
    found = answer.object().get("data")
    return found if isinstance(found, dict) else {}


def refusal(answer: HttpAnswer, *, of_file: bool = False) -> AdapterError:
    """The error for an answer that is no success. ``of_file``: what was refused is a picture."""
    code = code_of(answer)
    if code:
        known = _by_code(code, _status_of(answer), answer)
        if known is not None:
            return known
    return _by_status(answer, code or _kind_of(answer), is_answer=bool(code), of_file=of_file)


def _status_of(answer: HttpAnswer) -> int:
    """The status that the error means: some servers in front turn every one into 200."""
    told = data_of(answer).get("status")
    return told if isinstance(told, int) and answer.is_ok else answer.status


def _by_code(code: str, status: int, answer: HttpAnswer) -> AdapterError | None:
    if code in _INVALID:
        told = _refused_status(answer)
        if told is None:
            return Invalid(" ".join([code, *_parameters(answer)]))
        return AuthRevoked(code) if told == 401 else Forbidden(code)
    if _MAY_NOT.fullmatch(code):
        # WordPress says 401 to somebody it does not know and 403 to somebody who may not.
        return AuthRevoked(code) if status == 401 else Forbidden(code)
    if code in _TOO_FAST:
        return RateLimited(code, retry_at=retry_at(answer))
    meant = next((kind for codes, kind in _MEANINGS if code in codes), None)
    return meant(code) if meant is not None else None


def _by_status(answer: HttpAnswer, told: str, *, is_answer: bool, of_file: bool) -> AdapterError:
    status = _status_of(answer)
    detail = f"{status} {told}"
    if status == 429:
        return RateLimited(detail, retry_at=retry_at(answer))
    if status == 413:
        return MediaRejected(detail) if of_file else Invalid(detail)
    if status in {404, 405, 410, 501}:
        return Conflict(detail) if is_answer else Unsupported(detail)
    if is_answer and status == 401:
        return AuthRevoked(detail)
    if is_answer and status == 403:
        return Forbidden(detail)
    if is_answer and 400 <= status < 500:
        return MediaRejected(detail) if of_file else Invalid(detail)
    # A page instead of an answer: the portal is being maintained, or a guard in front of it (a firewall, a second
    # password) stopped us. Neither says anything about the account.
    return Transient(detail)


def _kind_of(answer: HttpAnswer) -> str:
    return "html" if b"<html" in answer.body[:2000].lower() else "no answer of WordPress"


def _refused_status(answer: HttpAnswer) -> int | None:
    """401 or 403 where a parameter was refused because of who asks: drafts are shown to nobody who may not write, and
    with a wrong password we are nobody in particular. It says so inside a "400 invalid parameter: status".
    """
    details = data_of(answer).get("details")
    found = details.get("status") if isinstance(details, dict) else None
    if not isinstance(found, dict) or found.get("code") != "rest_forbidden_status":
        return None
    data = found.get("data")
    return 403 if isinstance(data, dict) and data.get("status") == 403 else 401


def _parameters(answer: HttpAnswer) -> list[str]:
    found = data_of(answer).get("params")
    return sorted(name for name in found if _CODE.fullmatch(name)) if isinstance(found, dict) else []


def retry_at(answer: HttpAnswer) -> datetime | None:
    """When ``Retry-After`` lets us come back, in UTC; seconds or a date (RFC 9110, 10.2.3)."""
    told = answer.headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        return clock.now() + timedelta(seconds=min(int(told[:9]), _MOST_SECONDS))
    try:
        found = parsedate_to_datetime(told)
    except ValueError:
        return None
    found = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    return min(found, clock.now() + timedelta(seconds=_MOST_SECONDS)).astimezone(UTC)


__all__ = [
    "NOT_TO_EDIT", "NO_SUCH_POST", "NO_TRASH", "TERM_EXISTS", "TRASHED", "code_of", "data_of", "refusal", "retry_at",
]  # fmt: skip
