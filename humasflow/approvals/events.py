"""What approvals tell higher rooms."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PackageSubmitted:
    """A package waits for the approvers of its first step (or was agreed at once when the chain has no step)."""

    package_id: int
    story_id: int
    actor_id: int


@dataclass(frozen=True)
class PackageStepApproved:
    """One step agreed; the next one is asked now."""

    package_id: int
    story_id: int
    actor_id: int


@dataclass(frozen=True)
class PackageApproved:
    """All steps agreed: exactly these versions may go out."""

    package_id: int
    story_id: int
    actor_id: int


@dataclass(frozen=True)
class PackageReturned:
    """Sent back with a reason."""

    package_id: int
    story_id: int
    actor_id: int
    reason: str


@dataclass(frozen=True)
class PackageVoided:
    """Content changed: what was agreed is not what stands here any more."""

    package_id: int
    story_id: int
    actor_id: int
