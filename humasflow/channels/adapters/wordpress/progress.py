"""How far a post has come on its way to a portal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from humasflow.channels.adapters.variant import JsonObject
from humasflow.channels.adapters.wordpress.content import Uploaded


@dataclass(frozen=True, slots=True)
class Progress:
    """``root``: of which portal the numbers are; elsewhere they are those of other people's posts and pictures.
    ``described``: names of pictures that have their words; ``resent``: of those that were deleted on the portal
    meanwhile; ``terms``: ids by taxonomy and name; ``drafts``: how many were made; ``swept``: how many of the ways to
    find left-over pictures were gone; ``removed``: numbers of pictures that were taken away.
    """

    root: str = ""
    post: int | None = None
    drafts: int = 0
    uploaded: Mapping[str, Uploaded] = field(default_factory=dict)
    described: frozenset[str] = frozenset()
    resent: frozenset[str] = frozenset()
    terms: Mapping[str, int] = field(default_factory=dict)
    swept: int = 0
    removed: frozenset[int] = frozenset()

    @classmethod
    def of(cls, state: JsonObject, root: str) -> "Progress":
        """From what was stored, as far as it is of this portal."""
        kept = str(state.get("root", ""))
        if kept and kept != root:
            return cls(root=root)
        return cls(
            root=root,
            post=state.get("post"),
            drafts=int(state.get("drafts", 0)),
            uploaded={name: Uploaded(**kept) for name, kept in state.get("uploaded", {}).items()},
            described=frozenset(state.get("described", ())),
            resent=frozenset(state.get("resent", ())),
            terms=dict(state.get("terms", {})),
            swept=int(state.get("swept", 0)),
            removed=frozenset(state.get("removed", ())),
        )

    def to_state(self, **changes: Any) -> dict[str, Any]:
        """To be stored."""
        return {
            "root": self.root,
            "post": self.post,
            "drafts": self.drafts,
            "uploaded": {name: kept.to_state() for name, kept in self.uploaded.items()},
            "described": sorted(self.described),
            "resent": sorted(self.resent),
            "terms": dict(self.terms),
            "swept": self.swept,
            "removed": sorted(self.removed),
        } | changes
