"""Reading stories."""

from humasflow.stories.queries.changes import (
    being_corrected,
    get_change_to,
    get_prepared_change,
    list_changes,
    list_public_changes,
)
from humasflow.stories.queries.comments import count_threads
from humasflow.stories.queries.desk import Pressing, count_pressing, list_board, list_desk, list_lane
from humasflow.stories.queries.desk_rows import (
    COUNTED,
    NO_FILTER,
    PER_LANE,
    DeskFilter,
    DeskRow,
    LaneRows,
    rows_of,
)
from humasflow.stories.queries.documents import get_document
from humasflow.stories.queries.presence import Present, list_present
from humasflow.stories.queries.story import (
    Stamp,
    VersionRow,
    count_versions,
    edit_stamp,
    get_base_version,
    get_bodies,
    get_body,
    get_current_version,
    get_story,
    get_version,
    get_version_by_number,
    get_versions,
    list_left,
    list_version_rows,
    read_stamp,
)
from humasflow.stories.queries.visibility import list_readers, readable

__all__ = [
    "COUNTED",
    "NO_FILTER",
    "PER_LANE",
    "DeskFilter",
    "DeskRow",
    "LaneRows",
    "Present",
    "Pressing",
    "Stamp",
    "VersionRow",
    "being_corrected",
    "count_pressing",
    "count_threads",
    "count_versions",
    "edit_stamp",
    "get_base_version",
    "get_bodies",
    "get_body",
    "get_change_to",
    "get_current_version",
    "get_document",
    "get_prepared_change",
    "get_story",
    "get_version",
    "get_version_by_number",
    "get_versions",
    "list_board",
    "list_changes",
    "list_desk",
    "list_lane",
    "list_left",
    "list_present",
    "list_public_changes",
    "list_readers",
    "list_version_rows",
    "read_stamp",
    "readable",
    "rows_of",
]
