"""What the parts are called that people play in making a publication."""

from humasflow.planning.production_roles.queries import list_production_roles
from humasflow.scoring.services.attribution import Part


def role_names(office_id: int) -> dict[str, str]:
    """By code: the parts that every office credits, and the office's own names for its production roles."""
    names = {part.value: part.label for part in Part}
    names |= {role.code: role.label for role in list_production_roles(office_id, with_inactive=True)}
    return names
