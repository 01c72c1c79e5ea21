"""The public site. Every page is the same for everybody and may be kept by a shared cache for a minute."""

import json
from typing import Any, cast

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    send_file,
)
from flask_babel import force_locale
from werkzeug.exceptions import NotFound as NoSuchAddress

from humasflow.core.csrf import csrf
from humasflow.core.errors import NotFound
from humasflow.core.guards import public
from humasflow.core.localtime import show_date
from humasflow.core.paging import decode_cursor
from humasflow.core.urls import is_http_url
from humasflow.media.services import storage
from humasflow.metrics.queries import readers_of
from humasflow.newsroom import feeds, queries, services
from humasflow.newsroom.addresses import absolute, article_path, article_url, own_origins
from humasflow.newsroom.bodies import article_body
from humasflow.newsroom.content import Newsroom, Retraction, Section
from humasflow.newsroom.policy import comes_from_own_page, is_bot
from humasflow.newsroom.public import (
    LANGUAGE,
    PAGE_SECONDS,
    PICTURE_SECONDS,
    SITEMAP_SECONDS,
    leave_cookies_alone,
    same_for_all,
)  # fmt: skip
from humasflow.newsroom.share_card import share_card
from humasflow.orgs import queries as orgs

FRONT_PAGE = 13  # one large, then rows of three
FEED_PAGE = 20
SITEMAP_PAGE = 5_000  # the protocol allows 50,000; a tenth is made in a blink
CARD_SECONDS = 24 * 3600  # a new name of the office is seen a day later
EMBED_DEFAULT, EMBED_MOST = 5, 20

ATOM_TYPE = "application/atom+xml; charset=utf-8"
JSON_TYPE = "application/feed+json; charset=utf-8"
XML_TYPE = "application/xml; charset=utf-8"
PICTURE_TYPES = {"jpg": "image/jpeg", "webp": "image/webp"}

# The one page that other sites may show in a frame. It has no forms and knows nobody, so there is nothing to steal.
EMBED_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "frame-ancestors *; base-uri 'none'; form-action 'none'"
)

blueprint = Blueprint("newsroom", __name__)
blueprint.record_once(lambda state: leave_cookies_alone(cast(Flask, state.app)))


@blueprint.context_processor
def _helpers() -> dict[str, Any]:
    return {
        "absolute": absolute,
        "article_path": article_path,
        "article_url": article_url,
        "article_body": article_body,
    }


@blueprint.errorhandler(NotFound)
@blueprint.errorhandler(NoSuchAddress)
def _missing(_error: Exception) -> Any:
    """A reader who lost the way is shown the way back, without a word about signing in."""
    with force_locale(LANGUAGE):
        page = render_template("newsroom/missing.html", newsroom=g.get("newsroom"), sections=[])
    return page, 404, {"Cache-Control": f"public, max-age={PAGE_SECONDS}"}


def _enter(slug: str) -> Newsroom:
    newsroom = queries.get_newsroom(slug)
    g.newsroom = newsroom
    return newsroom


def _asked_section(newsroom: Newsroom) -> Section | None:
    code = request.args.get("jenis")
    return queries.get_section(newsroom, code) if code else None


# Pages


@blueprint.get("/berita/<slug>/")
@public
@same_for_all()
def index(slug: str) -> Any:
    """The front page: the newest story large, the others below."""
    return _list(_enter(slug), None)


@blueprint.get("/berita/<slug>/jenis/<code>")
@public
@same_for_all()
def by_type(slug: str, code: str) -> Any:
    """One section."""
    return _list(_enter(slug), code)


def _list(newsroom: Newsroom, code: str | None) -> str:
    sections = queries.list_sections(newsroom)
    section = next((s for s in sections if s.code == code), None)
    if code is not None and section is None:
        raise NotFound
    cursor = request.args.get("setelah")
    page = queries.list_stories(newsroom, section=section, cursor=cursor, size=FRONT_PAGE)
    return render_template(
        "newsroom/index.html", newsroom=newsroom, sections=sections, section=section, page=page, cursor=cursor
    )


@blueprint.get("/berita/<slug>/<int(max=9223372036854775807):post_id>/<title_slug>")
@public
@same_for_all()
def article(slug: str, post_id: int, title_slug: str) -> Any:
    """A story at its one address; at a former one, the way to it; taken down, a plain word about that."""
    newsroom = _enter(slug)
    found = queries.find_article(newsroom, post_id)
    if found is None:
        raise NotFound
    if isinstance(found, Retraction):
        return _gone(newsroom, found)
    if title_slug != found.title_slug:
        return redirect(article_path(slug, found), code=301)
    before, after = queries.list_neighbours(newsroom, found)
    return render_template(
        "newsroom/article.html", newsroom=newsroom, sections=queries.list_sections(newsroom), article=found,
        before=before, after=after, readers=readers_of([found.story_id])[found.story_id],
        link=found.link if is_http_url(found.link) else "",
        event_day=show_date(found.event_date, style="EEEE, d MMMM yyyy") if found.event_date else "",
    )  # fmt: skip


def _gone(newsroom: Newsroom, retraction: Retraction) -> tuple[str, int]:
    sections = queries.list_sections(newsroom)
    page = render_template("newsroom/gone.html", newsroom=newsroom, sections=sections, retraction=retraction)
    return page, 410


@blueprint.get("/berita/<slug>/<int(max=9223372036854775807):post_id>")
@public
@same_for_all()
def article_short(slug: str, post_id: int) -> Any:
    """The address without a title, as people shorten it."""
    newsroom = _enter(slug)
    found = queries.find_article(newsroom, post_id)
    if found is None:
        raise NotFound
    if isinstance(found, Retraction):
        return _gone(newsroom, found)
    return redirect(article_path(slug, found), code=301)


@blueprint.post("/berita/<slug>/<int(max=9223372036854775807):post_id>/dibaca")
@public
@csrf.exempt  # no session stands behind it; where it comes from is checked here
def read(slug: str, post_id: int) -> Any:
    """A reader has the story before them for some seconds (static/js/reading.js). Nothing about them is kept."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if not comes_from_own_page(site, origin, own_origins()):
        abort(403)
    user_agent = request.headers.get("User-Agent", "")
    if not is_bot(user_agent):
        services.count_read(_enter(slug), post_id, address=request.remote_addr or "", user_agent=user_agent)
    return "", 204, {"Cache-Control": "no-store"}


@blueprint.get(
    "/berita/<slug>/gambar/<int(max=9223372036854775807):asset_id>/<any(thumb, medium, original):size>"
)
@public
def picture(slug: str, asset_id: int, size: str) -> Any:
    """A picture of a live story. Newly encoded by us when it came in, so it is safe to show as it is."""
    asset = queries.find_public_picture(_enter(slug), asset_id)
    if asset is None:
        raise NotFound
    key: str = getattr(asset, f"{size}_key")
    path = storage().path(key)
    if not path.is_file():
        current_app.logger.error("picture file is missing", extra={"asset": asset_id, "key": key})
        raise NotFound
    suffix = key.rpartition(".")[2]
    answer = send_file(
        path, mimetype=PICTURE_TYPES[suffix], conditional=True, etag=key.rpartition("/")[2],
        download_name=f"foto-{asset_id}.{suffix}",
    )  # fmt: skip
    # The bytes never change; a week and not for ever, so that a picture taken down leaves the caches too.
    answer.headers["Cache-Control"] = f"public, max-age={PICTURE_SECONDS}, immutable"
    answer.headers["Cross-Origin-Resource-Policy"] = (
        "cross-origin"  # portals and previews show it in their pages
    )
    return answer


# For other sites


@blueprint.get("/berita/<slug>/kartu.png")
@public
@same_for_all(CARD_SECONDS)
def card(slug: str) -> Any:
    """What is shown beside a link to a page without a picture of its own: the office's name."""
    answer = Response(share_card(_enter(slug).name), content_type="image/png")
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@blueprint.get("/berita/<slug>/sematan")
@public
@same_for_all()
def embed(slug: str) -> Any:
    """The newest stories as a plain list for a frame on another site: ?jumlah=5&jenis=…&tema=terang|gelap."""
    newsroom = _enter(slug)
    size = min(max(request.args.get("jumlah", EMBED_DEFAULT, type=int), 1), EMBED_MOST)
    section = _asked_section(newsroom)
    page = queries.list_stories(newsroom, section=section, size=size)
    theme = {"terang": "light", "gelap": "dark"}.get(request.args.get("tema", ""))
    html = render_template(
        "newsroom/embed.html", newsroom=newsroom, section=section, page=page, fixed_theme=theme
    )
    return html, {"Content-Security-Policy": EMBED_CSP, "Cross-Origin-Resource-Policy": "cross-origin"}


@blueprint.get("/berita/<slug>/sematan/pasang")
@public
@same_for_all()
def embed_guide(slug: str) -> Any:
    """How a portal shows or takes over this newsroom."""
    newsroom = _enter(slug)
    return render_template(
        "newsroom/embed_guide.html", newsroom=newsroom, sections=queries.list_sections(newsroom),
        script=absolute("static", filename="js/embed.js"),
    )  # fmt: skip


@blueprint.get("/berita/<slug>/feed.xml")
@public
@same_for_all()
def atom(slug: str) -> Any:
    """Atom; ?jenis=… for one section, further pages by the feed's own "next" link."""
    newsroom = _enter(slug)
    section, cursor = _asked_section(newsroom), request.args.get("setelah")
    page = queries.list_articles(newsroom, section=section, cursor=cursor, size=FEED_PAGE)
    return _open_data(feeds.atom(newsroom, page, section=section, cursor=cursor), ATOM_TYPE)


@blueprint.get("/berita/<slug>/feed.json")
@public
@same_for_all()
def json_feed(slug: str) -> Any:
    """JSON Feed; the same stories as the Atom feed."""
    newsroom = _enter(slug)
    section, cursor = _asked_section(newsroom), request.args.get("setelah")
    page = queries.list_articles(newsroom, section=section, cursor=cursor, size=FEED_PAGE)
    document = feeds.json_feed(newsroom, page, section=section, cursor=cursor)
    return _open_data(json.dumps(document, ensure_ascii=False).encode(), JSON_TYPE)


def _open_data(body: bytes, content_type: str) -> Response:
    """Meant to be read by other sites' programs."""
    answer = Response(body, content_type=content_type)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


# For search engines


@blueprint.get("/berita/<slug>/sitemap.xml")
@public
@same_for_all(SITEMAP_SECONDS)
def sitemap(slug: str) -> Any:
    """Every story; from a number on, a list of such lists."""
    newsroom = _enter(slug)
    page = queries.list_addresses(newsroom, size=SITEMAP_PAGE)
    if page.next is None:
        return Response(feeds.sitemap(newsroom, page.items, with_home=True), content_type=XML_TYPE)
    starts = ["awal", *queries.iter_cursors(newsroom, size=SITEMAP_PAGE)]
    return Response(feeds.sitemap_index(newsroom, starts), content_type=XML_TYPE)


@blueprint.get("/berita/<slug>/sitemap-<cursor>.xml")
@public
@same_for_all(SITEMAP_SECONDS)
def sitemap_page(slug: str, cursor: str) -> Any:
    """A part of a long sitemap. It lies beside the first one, because a sitemap speaks for its own folder only."""
    newsroom = _enter(slug)
    is_first = cursor == "awal"
    if not is_first and decode_cursor(cursor) is None:
        raise NotFound
    page = queries.list_addresses(newsroom, size=SITEMAP_PAGE, cursor=None if is_first else cursor)
    return Response(feeds.sitemap(newsroom, page.items, with_home=is_first), content_type=XML_TYPE)


@blueprint.get("/robots.txt")
@public
@same_for_all(SITEMAP_SECONDS)
def robots() -> Any:
    """Only the newsrooms are for search engines."""
    lines = ["User-agent: *", "Allow: /berita/", "Allow: /static/", "Disallow: /", ""]
    lines += [f"Sitemap: {absolute('newsroom.sitemap', slug=o.slug)}" for o in orgs.list_offices()]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
