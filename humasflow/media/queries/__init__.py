"""Reading the library."""

from humasflow.media.queries.consents import (
    EXPIRED,
    count_open_takedowns,
    find_blocked,
    get_consent,
    get_takedown,
    is_document,
    lapse_of,
    list_closed_takedowns,
    list_consents,
    list_expired,
    list_open_takedowns,
    list_takedowns_of,
    standings,
)
from humasflow.media.queries.files import (
    find_twin,
    find_uploads,
    get_asset,
    get_assets,
    get_facts,
    get_listed_asset,
    get_viewable_asset,
    list_similar,
)
from humasflow.media.queries.library import (
    LibraryCounts,
    LibraryFilter,
    browse,
    count_library,
    list_attachable,
    list_documents,
    list_library,
    list_marked,
    list_uploaders,
)
from humasflow.media.queries.scope import is_shown_to, list_hidden, shown_to
from humasflow.media.queries.uploads import (
    count_open,
    get_upload,
    has_upload,
    list_left,
    list_parts,
    list_spent,
)

__all__ = [
    "EXPIRED", "LibraryCounts", "LibraryFilter", "browse", "count_library", "count_open",
    "count_open_takedowns", "find_blocked", "find_twin", "find_uploads", "get_asset", "get_assets",
    "get_consent", "get_facts", "get_listed_asset", "get_takedown", "get_upload", "get_viewable_asset",
    "has_upload", "is_document", "is_shown_to", "lapse_of", "list_attachable", "list_closed_takedowns",
    "list_consents", "list_documents", "list_expired", "list_hidden", "list_left", "list_library", "list_marked",
    "list_open_takedowns", "list_parts", "list_similar", "list_spent", "list_takedowns_of",
    "list_uploaders", "shown_to", "standings",
]  # fmt: skip
