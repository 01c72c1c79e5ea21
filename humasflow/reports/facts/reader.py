"""For whose eyes a report is written: nobody in particular, so that it holds nothing that is kept from anybody."""

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit

NOBODY = 0  # no person's number


def anyone_of(office: Unit) -> Principal:
    """Somebody of the office who reads its stories and is named for no confidential one. Never stored."""
    may = frozenset({Permission.STORY_READ, Permission.SCORE_READ})
    return Principal(
        user=User(id=NOBODY, name="", email=""), held=(), offices=(office,), office=office,
        _by_office={office.id: may},
    )  # fmt: skip
