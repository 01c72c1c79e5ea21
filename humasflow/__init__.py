"""humasflow: where a government office's public-relations team pitches, writes, approves, publishes and counts."""

from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import Babel
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from humasflow import registry
from humasflow.accounts.signin import init_sign_in
from humasflow.core.ahead import init_ahead, init_ahead_answers
from humasflow.core.compression import init_compression
from humasflow.core.converters import init_converters
from humasflow.core.csrf import csrf
from humasflow.core.db import db, init_db
from humasflow.core.error_pages import init_error_pages
from humasflow.core.form_tokens import init_form_tokens
from humasflow.core.guards import enforce
from humasflow.core.headers import init_headers
from humasflow.core.language import select_locale
from humasflow.core.logs import init_logs
from humasflow.core.rendering import init_rendering
from humasflow.core.static_files import init_static_files
from humasflow.core.timing import init_timing
from humasflow.core.unit_of_work import init_unit_of_work

ROOT = Path(__file__).resolve().parent.parent


def create_app(config: dict[str, Any] | None = None) -> Flask:
    """A ready application. Without ``config`` the settings of this installation are read (see ``config.py``)."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder="static")
    if config is None:
        from config import load  # the installation's own file: read only when nobody gave settings

        config = load()
    app.config.from_mapping(config)
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    init_logs(app)
    init_db(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    Babel(
        app,
        locale_selector=select_locale,
        default_translation_directories=str(ROOT / "humasflow/translations"),
    )
    init_timing(app)
    # after_request functions run in reverse: compression last of all, headers before it, the session's touch after the
    # unit of work's end.
    init_compression(app)
    init_headers(app)
    init_ahead_answers(app)
    init_sign_in(app)
    init_unit_of_work(app)
    csrf.init_app(app)
    # Ahead of the form tokens: a form that was turned away to the sign-in page has not been used.
    app.before_request(enforce)
    init_ahead(app)
    init_form_tokens(app)
    init_rendering(app)
    init_error_pages(app)
    init_converters(app)
    registry.register(app)
    init_static_files(app)
    return app
