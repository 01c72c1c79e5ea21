"""Views that people of the sample keep of their desk, and the search over what was written past the services."""

from humasflow.core.db import db
from humasflow.setup.sample_office.cast import Cast
from humasflow.stories.search import indexing
from humasflow.stories.services.desk_views import save_view

_VIEWS = (
    ("redaktur-1", "Tenggat pekan ini", "tenggat=minggu-ini", True),
    ("redaktur-1", "Terlama menunggu reviu", "keadaan=in_review&tampilan=daftar&urut=umur", True),
    ("redaktur-1", "Pekerjaan saya", "pemegang=saya", False),
    ("redaktur-2", "Belum ada pemegang", "pemegang=kosong", True),
)


def write_desk_views(cast: Cast) -> None:
    """Two editors with a few views each."""
    db.session.flush()
    indexing.index_missing()
    for person, name, query, is_shared in _VIEWS:
        save_view(
            actor=cast.principal(person),
            office_id=cast.office.id,
            name=name,
            query=query,
            is_shared=is_shared,
        )
