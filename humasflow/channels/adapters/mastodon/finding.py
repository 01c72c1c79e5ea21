"""Whether a status is there after all: told from every other one of the account, also from one with the same words.

Nothing hangs on two clocks going alike. Before it sends, the adapter notes the account's newest status: what the server
shows above it was written afterwards. Of what stands there, a status that belongs to another delivery is never ours,
and one with files is known by the ids of its files. Where words alone speak for a status and something else against
it, a person has to look.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import Enum
from typing import Any, Final

from humasflow.channels.adapters.base import Absent, CannotTell, Receipt
from humasflow.channels.adapters.errors import Transient
from humasflow.channels.adapters.http import HttpAnswer, body_or_transient
from humasflow.channels.adapters.mastodon import media
from humasflow.channels.adapters.mastodon.refusals import accepted
from humasflow.channels.adapters.mastodon.server import Server, id_in_path
from humasflow.channels.adapters.matching import earliest, html_key, instant_of, resembles, text_key
from humasflow.channels.adapters.validation import compose_text
from humasflow.channels.adapters.variant import Job
from humasflow.core.urls import is_http_url

PAGES: Final = 5  # of the account's own statuses, PER_PAGE each
PER_PAGE: Final = 40
NEWEST: Final = "newest"  # under which the note stands in the state
_LOOKED_AT: Final = 5  # statuses that are read to find the newest: some servers leave some out after counting
_JUMP: Final = timedelta(hours=2)  # as far as a clock may have been set in the wrong moment

Listed = Iterator[tuple[dict[str, Any] | None, HttpAnswer]]


class _Written(Enum):
    """When a status was written, seen from the call: before, after, or nobody can say."""

    BEFORE = -1
    PERHAPS = 0
    AFTER = 1


def newest_of(server: Server, account_id: object) -> str | None:
    """The id of the account's newest status; None where it shows none. Raises AdapterError."""
    for status, _answer in _page(server, account_id, _LOOKED_AT, ""):
        return str(status["id"])
    return None


def find(server: Server, account_id: object, job: Job) -> Receipt | Absent | CannotTell:
    """Looks through the account's own statuses, newest first, back to the one that was the newest before the call.
    Raises AdapterError.

    Of several that read like it, the oldest. Another delivery of the same words may be asked about at the same time: as
    each takes the oldest that is left, none of the statuses ends up with nobody, to be sent once more.
    """
    wanted = (text_key(compose_text(job.variant)), len(job.variant.media))
    uploads = {str(one["id"]) for one in media.uploads_in(job.prepare_state)}
    keeps_ids = bool(job.account.settings.get("keeps_ids"))
    found: Receipt | None = None
    is_end_reached, is_doubtful = False, False
    for status, answer in _own(server, account_id):
        written = _written(status, job) if status is not None else _Written.BEFORE
        if status is None or written is _Written.BEFORE:
            is_end_reached = True
            break
        if str(status["id"]) in job.known_ids:
            continue
        if uploads and _files_of(status) == uploads:
            return receipt_of(status, answer)
        if uploads and keeps_ids:
            continue
        is_it = _reads_like(server, status, wanted)
        if is_it and not uploads and written is _Written.AFTER:
            found = receipt_of(status, answer)
        elif is_it is not False:
            is_doubtful = True
    if found is not None:
        return found
    return Absent() if is_end_reached and not is_doubtful else CannotTell()


def receipt_of(status: Mapping[str, Any], answer: HttpAnswer) -> Receipt:
    """What proves a status."""
    return Receipt(str(status["id"]), address_of(status), hashlib.sha256(answer.body).hexdigest())


def address_of(found: Mapping[str, Any]) -> str | None:
    """The web address of a status or of an account; an address that is none never becomes a link."""
    url = found.get("url") or found.get("uri")
    return url if isinstance(url, str) and is_http_url(url) else None


def _written(status: Mapping[str, Any], job: Job) -> _Written:
    ident, newest = str(status["id"]), job.prepare_state.get(NEWEST)
    if ident == newest:
        return _Written.BEFORE
    if (
        newest and ident.isdecimal() and str(newest).isdecimal()
    ):  # Mastodon's ids grow with the server's own clock
        return _Written.AFTER if int(ident) > int(newest) else _Written.BEFORE
    made = instant_of(status.get("created_at"))
    if made is None:
        raise Transient("a status without its time")
    since = earliest(job.committing_at or job.created_at)
    if made >= since:
        return _Written.AFTER
    return _Written.PERHAPS if made >= since - _JUMP else _Written.BEFORE


def _reads_like(server: Server, status: Mapping[str, Any], wanted: tuple[str, int]) -> bool | None:
    """Whether a status has these words and so many files; None where the server does not tell how it was written."""
    words, files = html_key(str(status.get("content") or "")), len(status.get("media_attachments") or ())
    if files != wanted[1]:
        return False
    if words == wanted[0]:
        return True
    if not resembles(words, wanted[0]):
        return False
    source = _source_key(server, status)
    return None if source is None else source == wanted[0]


def _source_key(server: Server, status: Mapping[str, Any]) -> str | None:
    """The key of a status as it was written, for one that only looks much like it. None: older servers do not tell."""
    answer = server.get(f"/api/v1/statuses/{id_in_path(status['id'])}/source")
    if answer.status in (403, 404, 410):
        return None
    return text_key(str(body_or_transient(accepted(answer), "text")["text"]))


def _files_of(status: Mapping[str, Any]) -> set[str]:
    attached = status.get("media_attachments")
    return (
        {str(one.get("id")) for one in attached if isinstance(one, dict)}
        if isinstance(attached, list)
        else set()
    )


def _own(server: Server, account_id: object) -> Listed:
    """Newest first, each with the answer it stood in; None after the very last. Ends early after PAGES pages."""
    before = ""
    for _number in range(PAGES):
        page = list(_page(server, account_id, PER_PAGE, before))
        yield from page
        if not page:
            yield None, HttpAnswer(200, {}, b"")
            return
        before = f"&max_id={id_in_path(page[-1][0]['id'])}"


def _page(
    server: Server, account_id: object, limit: int, before: str
) -> Iterator[tuple[dict[str, Any], HttpAnswer]]:
    query = f"limit={limit}&exclude_reblogs=true&exclude_replies=true{before}"
    answer = accepted(server.get(f"/api/v1/accounts/{id_in_path(account_id)}/statuses?{query}"))
    page = answer.json()
    if not isinstance(page, list) or not all(isinstance(one, dict) and "id" in one for one in page):
        raise Transient("a list that is none")
    yield from ((one, answer) for one in page)
