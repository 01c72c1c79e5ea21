"""What approvals tell higher rooms. ``actor_id`` None: a person without an account."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class PackageSubmitted:
    """A package waits for the approvers of its first step (or was agreed at once when the chain has no step)."""

    package_id: int
    story_id: int
    actor_id: int


@dataclass(frozen=True)
class PackageSeatApproved:
    """One of several who are asked at the same time agreed; the step still waits for the others."""

    package_id: int
    story_id: int
    actor_id: int | None


@dataclass(frozen=True)
class PackageStepApproved:
    """One step agreed; the next one is asked now."""

    package_id: int
    story_id: int
    actor_id: int | None


@dataclass(frozen=True)
class PackageApproved:
    """All steps agreed: exactly these versions may go out."""

    package_id: int
    story_id: int
    actor_id: int | None


@dataclass(frozen=True)
class PackageReturned:
    """Sent back with a reason."""

    package_id: int
    story_id: int
    actor_id: int | None
    reason: str


@dataclass(frozen=True)
class PackageVoided:
    """Content changed: what was agreed is not what stands here any more."""

    package_id: int
    story_id: int
    actor_id: int | None


@dataclass(frozen=True)
class GuestAsked:
    """A link was made for somebody without an account. ``url`` is a secret: it goes into a mail and nowhere else."""

    link_id: int
    url: str = field(repr=False)


@dataclass(frozen=True)
class GuestCodeWanted:
    """A guest asked for a code. ``code`` is a secret."""

    link_id: int
    code: str = field(repr=False)


@dataclass(frozen=True)
class ApprovalKept:
    """Content changed in fields that the office does not mark: the agreement holds, and who agreed has to know.
    ``post_id`` is None when the story's own text changed; ``fields`` are the names of what changed.
    """

    package_id: int
    story_id: int
    post_id: int | None
    version_id: int
    actor_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class PackageReleased:
    """Something unapproved may go out because it was urgent; another person has to agree afterwards."""

    package_id: int
    story_id: int
    actor_id: int
    reason: str


@dataclass(frozen=True)
class UrgentCleared:
    """Another person agreed afterwards to what went out."""

    package_id: int
    story_id: int
    actor_id: int


@dataclass(frozen=True)
class UrgentObjected:
    """Another person does not agree to what went out: it is to be taken down."""

    package_id: int
    story_id: int
    actor_id: int
    reason: str


@dataclass(frozen=True)
class ReviewReminded:
    """A waiting step is called to mind. ``actor_id`` None: the product did, by the office's figures."""

    package_id: int
    story_id: int
    reminder_id: int
    actor_id: int | None


@dataclass(frozen=True)
class ReviewEscalated:
    """A step waited too long; these people hear of it."""

    package_id: int
    story_id: int
    reminder_id: int
    user_ids: tuple[int, ...]
    may_decide: bool


@dataclass(frozen=True)
class DecisionCodeWanted:
    """Somebody who is to decide asked for a code to do so without signing in. ``code`` is a secret."""

    user_id: int
    package_id: int
    code_id: int
    code: str = field(repr=False)
