"""Reading stories."""

from humasflow.stories.queries.desk import (
    NO_FILTER,
    RETURNED,
    SCHEDULED,
    DeskFilter,
    DeskRow,
    count_by_state,
    list_board,
    list_desk,
)
from humasflow.stories.queries.story import (
    edit_stamp,
    get_bodies,
    get_body,
    get_current_version,
    get_story,
    get_version,
    get_version_by_number,
    get_versions,
    list_versions,
)

__all__ = [
    "NO_FILTER",
    "RETURNED",
    "SCHEDULED",
    "DeskFilter",
    "DeskRow",
    "count_by_state",
    "edit_stamp",
    "get_bodies",
    "get_body",
    "get_current_version",
    "get_story",
    "get_version",
    "get_version_by_number",
    "get_versions",
    "list_board",
    "list_desk",
    "list_versions",
]
