"""What can be done to a post before it is out."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class PostChange(StrEnum):
    """A change of a post that something may stand against."""

    EDIT = "edit"
    SCHEDULE = "schedule"
    REMOVE = "remove"

    @property
    def label(self) -> str:
        """The act, in words."""
        return str(_CHANGES[self])


_CHANGES = {
    PostChange.EDIT: _l("Sunting publikasi"),
    PostChange.SCHEDULE: _l("Ubah jadwal"),
    PostChange.REMOVE: _l("Hapus publikasi"),
}
