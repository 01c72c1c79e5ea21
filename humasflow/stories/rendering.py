"""A story's text on pages of signed-in people: pictures where they stand, with the words that this version has."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from humasflow.core.html import figure_assets, rendered_body

_FIGURE = Markup(
    '<figure data-not-text><img src="{src}" alt="{alt}" width="{width}" height="{height}" loading="lazy" '
    'decoding="async">{words}</figure>'
)


def story_body(body: str, pictures: Iterable[Any] = (), dateline: str = "") -> Markup:
    """The text with its pictures. ``pictures`` are those of the version, or of a delivery's snapshot; one that is not
    among them is left out, and its address always comes from here.
    """
    known = {_of(p, "asset_id"): p for p in pictures}

    def figure(asset_id: int) -> str:
        return _figure(known[asset_id]) if asset_id in known else ""

    return rendered_body(body, figure, table_label=_("Tabel"), mentions=True, dateline=dateline)


def beside_text(pictures: Iterable[Any], body: str) -> list[Any]:
    """The pictures that do not stand in the text already."""
    inside = set(figure_assets(body))
    return [p for p in pictures if _of(p, "asset_id") not in inside]


def _figure(picture: Any) -> Markup:
    asset = picture if isinstance(picture, Mapping) else picture.asset
    caption, credit = _of(picture, "caption"), _of(picture, "credit")
    told = [caption, _("Foto: %(name)s", name=credit) if credit else ""]
    words = " ".join(t for t in told if t)
    return _FIGURE.format(
        src=url_for("media.rendition", asset_id=_of(picture, "asset_id"), size="medium"),
        alt=_of(picture, "alt_text"), width=_of(asset, "width"), height=_of(asset, "height"),
        words=Markup("<figcaption>{}</figcaption>").format(words) if words else "",
    )  # fmt: skip


def _of(thing: Any, name: str) -> Any:
    return thing[name] if isinstance(thing, Mapping) else getattr(thing, name)
