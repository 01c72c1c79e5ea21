"""The text of an article with its pictures: on its page in the size that fits, in feeds with full addresses."""

from collections.abc import Callable

from flask import get_template_attribute
from flask_babel import gettext as _
from markupsafe import Markup

from humasflow.core.html import rendered_body
from humasflow.newsroom.addresses import absolute
from humasflow.newsroom.content import Article, Newsroom, Picture

_SIZES = "(min-width:45rem) 42rem, 100vw"


def article_body(newsroom: Newsroom, article: Article) -> Markup:
    """For the article's own page."""

    def figure(picture: Picture) -> Markup:
        shown = get_template_attribute("newsroom/_parts.html", "picture")(newsroom.slug, picture, _SIZES)
        words = get_template_attribute("newsroom/_parts.html", "words")(picture)
        return Markup("<figure>{}{}</figure>").format(Markup(shown), Markup(words))  # noqa: S704

    return _rendered(article, figure, table_label=_("Tabel"))


def feed_body(newsroom: Newsroom, article: Article) -> Markup:
    """For other sites: no classes, nothing that needs a style."""

    def figure(picture: Picture) -> Markup:
        address = absolute("newsroom.picture", slug=newsroom.slug, asset_id=picture.asset_id, size="medium")
        told = [picture.caption, _("Foto: %(name)s", name=picture.credit) if picture.credit else ""]
        words = " ".join(t for t in told if t)
        return Markup('<figure><img src="{}" alt="{}" width="{}">{}</figure>').format(
            address, picture.alt_text, picture.width_at("medium"),
            Markup("<figcaption>{}</figcaption>").format(words) if words else "",
        )  # fmt: skip

    return _rendered(article, figure, table_label="")


def _rendered(article: Article, figure: Callable[[Picture], Markup], *, table_label: str) -> Markup:
    known = {p.asset_id: p for p in article.pictures}
    return rendered_body(
        article.body_html, lambda asset_id: figure(known[asset_id]) if asset_id in known else "",
        table_label=table_label, dateline=article.dateline,
    )  # fmt: skip
