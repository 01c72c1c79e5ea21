"""What every template knows: language, theme, local times, permissions."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import Flask, g, request
from flask_babel import format_timedelta, get_locale, get_translations
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from humasflow.core import clock, html, localtime, public_url, whatsapp
from humasflow.core.decimals import write
from humasflow.core.permissions import Permission

THEME_COOKIE = "theme"


def _context() -> dict[str, Any]:
    signed_in = current_user.is_authenticated
    theme = current_user.user.theme if signed_in else request.cookies.get(THEME_COOKIE, "auto")
    return {
        "locale": str(get_locale() or "id"),
        "theme": theme if theme in ("light", "dark") else "auto",
        "office": current_user.office if signed_in else None,
        "offices": current_user.offices if signed_in else [],
        "sample_office": bool(signed_in and current_user.office and current_user.office.is_sample),
        "Permission": Permission,
        "now": clock.now(),
    }


def number(value: Any, places: int | None = None) -> str:
    """``1.234,5`` in Indonesian; ``places`` fixes the decimals; a missing number is a dash."""
    if value is None:
        return "—"
    exact = value if isinstance(value, int | Decimal) else Decimal(str(value))
    return write(exact) if places is None else write(exact, least=places, most=places)


def _instant(value: datetime, office: localtime.HasZone | str, full: bool = False) -> str:
    return localtime.show_instant(value, office, full=full)


def _ago(value: datetime) -> str:
    """How long ago, in words; below a minute "kurang dari semenit"."""
    if clock.now() - value < timedelta(minutes=1):
        return str(_("kurang dari semenit"))
    return str(format_timedelta(clock.now() - value, granularity="minute", add_direction=False))


def _trusted(value: str) -> Markup:
    return html.rendered_body(
        value, lambda asset_id: f"<p>[{_('Gambar %(n)s', n=asset_id)}]</p>", table_label=_("Tabel")
    )


def _words() -> Any:
    """The translations of the reader's language, looked up once a request: a page asks hundreds of times."""
    locale = get_locale()
    known = g.get("words")
    if known is None or known[0] is not locale:
        known = g.words = (locale, get_translations())
    return known[1]


def init_rendering(app: Flask) -> None:
    """Attach to the application, after Babel, whose words templates then have more quickly."""
    app.context_processor(_context)
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.filters.update(
        instant=_instant,
        time=localtime.show_time,
        day=localtime.show_date,
        number=number,
        ago=_ago,
        clean=_trusted,
        plain=html.text_from_html,
    )
    env.globals.update(date=date, whatsapp_link=whatsapp.link_to, absolute=public_url.absolute)
    env.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension that Babel adds
        gettext=lambda text: _words().ugettext(text),
        ngettext=lambda one, many, number: _words().ungettext(one, many, number),
        newstyle=True,
        pgettext=lambda context, text: _words().upgettext(context, text),
        npgettext=lambda context, one, many, number: _words().unpgettext(context, one, many, number),
    )
