"""Readable address parts."""

import re
import unicodedata


def slugify(text: str, *, limit: int = 60, fallback: str = "tanpa-judul") -> str:
    """Lower-case ASCII words joined by hyphens, cut at a word; ``fallback`` when nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(slug) > limit:
        slug = slug[: limit + 1].rsplit("-", 1)[0][:limit]
    return slug or fallback
