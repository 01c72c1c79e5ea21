"""What rooms above show on the page of a publication: asked by this room, answered by them.

A room that has something to say about a live publication offers ``publication_page.PANELS``, and ``QUESTIONS`` for what
somebody has to decide, which stands above everything else. The registry binds them here, as it binds handlers to
events, so that nobody has to be imported from below.
"""

from collections.abc import Callable, Iterable

from markupsafe import Markup

from humasflow.publishing.models import Delivery

Panel = Callable[[Delivery], Markup]
"""Renders a ``<section class="panel">`` about a publication that is or was live, in a constant number of statements."""

_panels: list[Panel] = []
_questions: list[Panel] = []


def bind(panels: Iterable[Panel], questions: Iterable[Panel] = ()) -> None:
    """Replace all bindings (the registry calls it once per application)."""
    _panels[:], _questions[:] = panels, questions


def questions_of(delivery: Delivery | None) -> list[Markup]:
    """What somebody has to decide about what is live; empty ones left out."""
    if delivery is None or delivery.published_at is None:
        return []
    return [asked for asked in (question(delivery) for question in _questions) if asked]


def panels_of(delivery: Delivery | None) -> list[Markup]:
    """What there is to show, in the rooms' order; nothing for what was never live."""
    if delivery is None or delivery.published_at is None:
        return []
    return [panel(delivery) for panel in _panels]
