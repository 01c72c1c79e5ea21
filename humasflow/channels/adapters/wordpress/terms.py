"""Categories and tags of a portal, by their names."""

from html import unescape
from typing import Final

from humasflow.channels.adapters.errors import Forbidden, Invalid
from humasflow.channels.adapters.variant import Job
from humasflow.channels.adapters.wordpress.content import as_title
from humasflow.channels.adapters.wordpress.portal import Portal, thing_of
from humasflow.channels.adapters.wordpress.refusals import TERM_EXISTS, code_of, data_of, refusal

TAGS: Final = "tags"
KINDS: Final = ("categories", TAGS)
_LONGEST: Final = 200  # characters of a name


def wanted(job: Job) -> list[tuple[str, str]]:
    """Taxonomy and name: the account's categories, then the post's hashtags without their sign; each once."""
    given = job.account.settings.get("categories")
    names = given if isinstance(given, list) else []
    found = [("categories", as_title(str(name))[:_LONGEST]) for name in names]
    found += [("tags", as_title(tag.strip().lstrip("#＃"))[:_LONGEST]) for tag in job.variant.hashtags]
    unique = {(kind, name.casefold()): (kind, name) for kind, name in found if name}
    return list(unique.values())


def key(kind: str, name: str) -> str:
    """Under which a term's id is kept."""
    return f"{kind}:{name.casefold()}"


def resolve(portal: Portal, kind: str, name: str) -> int:
    """The id of a term, made when there is none of that name. Raises AdapterError.

    Making one that exists is refused with its id in the answer; who may not make any can still use what is there.
    """
    answer = portal.ask("POST", f"wp/v2/{kind}", values={"name": name})
    existing = data_of(answer).get("term_id")
    if code_of(answer) == TERM_EXISTS and isinstance(existing, int):
        return existing
    if code_of(answer) or not answer.is_ok:
        error = refusal(answer)
        if not isinstance(error, Forbidden):
            raise error
        found = _search(portal, kind, name)
        if found is None:  # about this name, not about the account: that may do everything else
            raise Invalid(f"{kind}: {error.detail}") from error
        return found
    return int(thing_of(answer)["id"])


def _search(portal: Portal, kind: str, name: str) -> int | None:
    for one in portal.list(f"wp/v2/{kind}", {"search": name, "per_page": "100"}):
        is_it = unescape(str(one.get("name"))).casefold() == unescape(name).casefold()
        if is_it and isinstance(one.get("id"), int):
            return int(one["id"])
    return None
