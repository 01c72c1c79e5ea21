"""What is there without a network: the script in the background, a page that says so, and which pages may be kept."""

from pathlib import Path
from typing import Any

from flask import Response, current_app, render_template, request, send_file
from flask_babel import get_locale
from flask_login import current_user

from humasflow.core.guards import public
from humasflow.core.offline import HEADER, is_kept
from humasflow.pages.blueprint import blueprint
from humasflow.stories.queries.visibility import is_named_for_secrets


@blueprint.get("/pekerja.js")
@public
def worker() -> Any:
    """The script in the background: keeps pages, shows notices. It stands at the top, because it may only act for pages
    below its own address; the browser asks for it again and again, and takes a new one at once.
    """
    path = Path(current_app.static_folder or "") / "js" / "worker.js"
    answer = send_file(path, mimetype="text/javascript", conditional=True)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/luring")
@public
def offline() -> str:
    """Shown by the browser instead of a page that it could neither fetch nor had kept."""
    return render_template("pages/offline.html", back=False)


@blueprint.after_app_request
def _may_be_kept(response: Response) -> Response:
    """Name the person, the office and the looks that the page was made for: a page for another one replaces all."""
    if request.method != "GET" or response.status_code != 200 or request.endpoint is None:
        return response
    tells_stories = is_kept(current_app.view_functions.get(request.endpoint))
    if tells_stories is None or not current_user.is_authenticated or current_user.good_for:
        return response
    if tells_stories and is_named_for_secrets(current_user.id):
        return response
    office = current_user.office
    made_for = (current_user.id, office.id if office else 0, get_locale(), current_user.user.theme)
    response.headers[HEADER] = ".".join(str(part) for part in made_for)
    return response
