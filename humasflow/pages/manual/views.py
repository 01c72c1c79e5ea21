"""The help: its front with a search and first steps, a topic, the table of shortcuts."""

from typing import Any

from flask import abort, render_template, request
from flask_babel import get_locale
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core.forms import trimmed
from humasflow.core.guards import signed_in
from humasflow.pages.blueprint import blueprint
from humasflow.pages.manual import first_steps, library, shortcuts, terms, tour
from humasflow.pages.manual.search import LONGEST, search

SUGGESTED = ("kirim-usulan", "menulis-naskah", "menayangkan-dan-bukti", "capaian", "pemberitahuan")


def _language() -> str:
    return str(get_locale() or library.LANGUAGES[0])


@blueprint.get("/bantuan/")
@signed_in
def manual() -> str:
    """First steps and all topics; with ``?q=`` what was found."""
    topics = library.topics(_language())
    query = trimmed(request.args.get("q", ""))[:LONGEST]
    groups = [(label, [topics[slug] for slug in slugs]) for label, slugs in library.GROUPS]
    return render_template(
        "pages/manual/index.html",
        query=query,
        found=search(topics.values(), query) if query else None,
        suggested=[topics[slug] for slug in SUGGESTED],
        groups=groups,
        steps=[] if query else first_steps.first_steps(current_user),
        longest=LONGEST,
    )


@blueprint.get("/bantuan/pintasan")
@signed_in
def manual_shortcuts() -> str:
    """Every shortcut there is."""
    return render_template("pages/manual/shortcuts.html", places=shortcuts.PLACES)


@blueprint.get("/bantuan/tur")
@signed_in
def manual_tour() -> str:
    """The way through the sample office; "not found" in any other."""
    if not acting_office(current_user).is_sample:
        abort(404)
    return render_template("pages/manual/tour.html", stops=tour.stops(current_user))


@blueprint.get("/bantuan/<key>")
@signed_in
def manual_topic(key: str) -> str:
    """One topic."""
    topic = library.topics(_language()).get(key)
    if topic is None:
        abort(404)
    return render_template(
        "pages/manual/topic.html",
        topic=topic,
        terms=terms.terms_of(key),
        neighbours=library.neighbours(key, _language()),
    )


@blueprint.app_context_processor
def _functions() -> dict[str, Any]:
    return {"term": terms.TERMS.__getitem__, "tour_here": tour.here}
