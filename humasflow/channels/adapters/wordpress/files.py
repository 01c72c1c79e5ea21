"""Pictures on a portal: each is sent once, whatever happens on the way, and taken down with the post it came with."""

from collections.abc import Callable
from typing import Any, Final

from humasflow.channels.adapters.errors import Conflict
from humasflow.channels.adapters.http import repeatable
from humasflow.channels.adapters.variant import Job, MediaItem
from humasflow.channels.adapters.wordpress.content import (
    Uploaded,
    as_title,
    clean,
    file_prefix,
    file_slug,
)
from humasflow.channels.adapters.wordpress.portal import Portal, thing_of
from humasflow.channels.adapters.wordpress.refusals import NO_SUCH_POST, code_of, refusal

MAX_SIDE: Final = 2560  # pixels; a larger one WordPress scales down to this itself, and keeps both
MAX_BYTES: Final = 2_000_000  # what PHP takes where nobody has set it otherwise
_ENDINGS: Final = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def upload(portal: Portal, job: Job, item: MediaItem, post_id: int | None) -> Uploaded:
    """The picture as the portal has it; sent unless it is there already. It belongs to its post from the beginning: one
    that belongs to none is shown to everybody. Raises AdapterError.
    """
    name = file_slug(job, item)
    there = [one for one in portal.list("wp/v2/media", _by_slug(name)) if one.get("slug") == name]
    if there:
        return _uploaded(min(there, key=lambda one: int(one["id"])))
    content, mime = job.files.picture(item, max_bytes=MAX_BYTES, max_side=MAX_SIDE)
    told = {
        "Content-Type": mime,
        "Content-Disposition": f'attachment; filename="{name}.{_ENDINGS.get(mime, "jpg")}"',
    }
    of_post = {"post": str(post_id)} if post_id is not None else {}
    answer = portal.ask("POST", "wp/v2/media", query=of_post, content=content, headers=told, by=repeatable)
    return _uploaded(thing_of(answer, of_file=True))


def describe(portal: Portal, job: Job, item: MediaItem, uploaded: Uploaded, post_id: int) -> None:
    """Write down what is on the picture, who made it and which post it belongs to. Raises AdapterError; Conflict when
    it is gone, or its number is another picture's by now.
    """
    there = portal.read(f"wp/v2/media/{uploaded.id}", {"context": "edit"})
    if not str(there.get("slug")).startswith(file_slug(job, item)):
        raise Conflict(NO_SUCH_POST)
    portal.write(
        f"wp/v2/media/{uploaded.id}",
        {"alt_text": clean(item.alt_text).strip(), "caption": as_title(item.credit), "post": post_id},
    )


def sweep(portal: Portal, job: Job, post_id: int, keep: frozenset[int] = frozenset()) -> None:
    """Take away the pictures that came with a post and are not in ``keep`` (numbers): a file stays open to everybody
    who knows its address, also when the post is gone. Pictures that people put there themselves are not touched.
    """
    removed: frozenset[int] = frozenset()
    for way in range(len(WAYS)):
        while (one := sweep_one(portal, job, post_id, keep, way, removed)) is not None:
            removed |= {one}


def sweep_one(
    portal: Portal, job: Job, post_id: int, keep: frozenset[int], way: int, removed: frozenset[int]
) -> int | None:
    """Take away one such picture that is not in ``removed`` yet; its number, None when there is none. ``way``: of
    those to find them.
    """
    query = WAYS[way](job, post_id) | {"per_page": "100", "context": "edit"}
    for one in portal.list("wp/v2/media", query):
        number = one.get("id")
        # Of this delivery by its name, and of no other post: also the second copy, when a first one came late.
        is_ours = str(one.get("slug")).startswith(file_prefix(job)) and one.get("post") in (post_id, 0, None)
        if not is_ours or not isinstance(number, int) or number in keep or number in removed:
            continue
        answer = portal.ask("DELETE", f"wp/v2/media/{number}", query={"force": "true"})
        if not answer.is_ok and code_of(answer) != NO_SUCH_POST:
            raise refusal(answer)
        return number
    return None


WAYS: Final[tuple[Callable[[Job, int], dict[str, str]], ...]] = (
    lambda _job, post_id: {"parent": str(post_id)},
    lambda job, _post_id: {"search": file_prefix(job)},
)


def _by_slug(name: str) -> dict[str, str]:
    return {"slug": name, "per_page": "100", "context": "edit"}


def _uploaded(thing: dict[str, Any]) -> Uploaded:
    """From the portal's own words. The large size if it made one; the file as it is otherwise."""
    details = thing.get("media_details")
    details = details if isinstance(details, dict) else {}
    sizes = details.get("sizes")
    large = sizes.get("large") if isinstance(sizes, dict) else None
    chosen = large if isinstance(large, dict) and large.get("source_url") else details
    return Uploaded(
        int(thing["id"]),
        str(chosen.get("source_url") or thing.get("source_url") or ""),
        _pixels(chosen.get("width")),
        _pixels(chosen.get("height")),
    )


def _pixels(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0
