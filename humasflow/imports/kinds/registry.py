"""The kinds of import there are. Each is a module here that offers ``KIND``."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any, Final

from humasflow.accounts.policy import Principal
from humasflow.core.errors import NotFound
from humasflow.imports.kinds.base import Context, Kind, Option
from humasflow.orgs.models import Unit

_MODULES: Final = (
    "publications",
    "metrics",
    "calendar",
    "targets",
    "users",
    "units",
)  # in the order in which they are offered


@cache
def kinds() -> Mapping[str, Kind[Any]]:
    """By code."""
    found = {}
    for name in _MODULES:
        module = f"humasflow.imports.kinds.{name}"
        if find_spec(module) is not None:
            kind: Kind[Any] = import_module(module).KIND
            found[kind.code] = kind
    return MappingProxyType(found)


def get_kind(code: str) -> Kind[Any]:
    """Raises NotFound."""
    try:
        return kinds()[code]
    except KeyError:
        raise NotFound from None


def kinds_for(actor: Principal, office_id: int) -> list[Kind[Any]]:
    """Those that this person may import here."""
    return [kind for kind in kinds().values() if actor.can(kind.permission, office_id)]


def options_of(kind: Kind[Any]) -> Sequence[Option]:
    """What the kind asks beside the file."""
    return getattr(kind, "options", ())


def why_not(kind: Kind[Any], context: Context) -> str:
    """Why it cannot be imported with these options; empty when it can."""
    asked = getattr(kind, "why_not", None)
    return str(asked(context)) if asked is not None else ""


def undone_at_once(kind: Kind[Any], otherwise: int) -> int:
    """How many rows it takes back in one transaction."""
    return int(getattr(kind, "undone_at_once", otherwise))


def is_whole(kind: Kind[Any]) -> bool:
    """Whether its rows name each other, so that they are looked at together."""
    return bool(getattr(kind, "is_whole", False))


def guess_defaults(kind: Kind[Any], office: Unit) -> dict[str, str]:
    """Texts for columns that a file lacks."""
    asked = getattr(kind, "guess_defaults", None)
    return dict(asked(office)) if asked is not None else {}
