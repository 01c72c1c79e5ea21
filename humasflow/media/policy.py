"""Who may see and describe a picture."""

from humasflow.accounts.policy import Principal
from humasflow.core.permissions import Permission
from humasflow.media.models import Asset


def sees_whole_library(actor: Principal, office_id: int) -> bool:
    """Those who work on stories browse all pictures of the office; everybody else browses their own."""
    return actor.can(Permission.STORY_READ, office_id)


def is_listed_for(actor: Principal, asset: Asset) -> bool:
    """Whether the library shows this picture's page to the person."""
    return sees_whole_library(actor, asset.office_id) or asset.uploaded_by == actor.id


def can_describe(actor: Principal, asset: Asset) -> bool:
    """Editors describe any picture of the office, others their own."""
    return actor.can(Permission.STORY_WRITE, asset.office_id) or asset.uploaded_by == actor.id
