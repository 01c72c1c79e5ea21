"""Which content type a category of a site most likely is: what the office decided before, then the name."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from humasflow.core.db import db
from humasflow.imports.backfill.models import BackfillCategory
from humasflow.planning.models import ContentType

# The first word that is in the name of the category decides.
_WORDS = (
    ("siaran pers", "siaran_pers"), ("press release", "siaran_pers"), ("rilis", "siaran_pers"),
    ("pengumuman", "pengumuman"), ("announcement", "pengumuman"), ("infografi", "infografis"),
    ("infographic", "infografis"), ("videografi", "videografis"), ("video", "videografis"),
    ("hoaks", "klarifikasi_hoaks"), ("hoax", "klarifikasi_hoaks"), ("berita utama", "berita_utama"),
    ("headline", "berita_utama"), ("artikel", "artikel"), ("article", "artikel"), ("opini", "artikel"),
    ("berita", "berita_terbaru"), ("news", "berita_terbaru"), ("kegiatan", "berita_terbaru"),
)  # fmt: skip
USUAL = "berita_terbaru"


def key_of(category: str) -> str:
    """Under which a decision is remembered."""
    return category.casefold()[:120]


def remembered(office_id: int) -> dict[str, int | None]:
    """What the office decided: content type by category, None: not taken."""
    rows = db.session.execute(
        select(BackfillCategory.category, BackfillCategory.content_type_id).where(
            BackfillCategory.office_id == office_id
        )
    )
    return {row[0]: row[1] for row in rows}


def guess(category: str, types: Sequence[ContentType], known: Mapping[str, int | None]) -> int | None:
    """The content type to propose; None: not to be taken (a kind of post that is none of ours)."""
    key = key_of(category)
    offered = {t.id for t in types}
    if key in known and (known[key] is None or known[key] in offered):
        return known[key]
    for content_type in types:
        if key in (content_type.label.casefold(), content_type.code.replace("_", " ")):
            return content_type.id
    by_code = {t.code: t.id for t in types}
    for word, code in _WORDS:
        if word in key and code in by_code:
            return by_code[code]
    if key.startswith("["):
        return None
    return by_code.get(USUAL) or (types[0].id if types else None)


def remember(office_id: int, chosen: Mapping[str, int | None]) -> None:
    """Keep what was decided, for the next run. Flushes."""
    rows: Iterable[BackfillCategory] = db.session.scalars(
        select(BackfillCategory).where(BackfillCategory.office_id == office_id)
    )
    by_key = {row.category: row for row in rows}
    for category, type_id in chosen.items():
        key = key_of(category)
        if key in by_key:
            by_key[key].content_type_id = type_id
        else:
            by_key[key] = BackfillCategory(office_id=office_id, category=key, content_type_id=type_id)
            db.session.add(by_key[key])
    db.session.flush()
