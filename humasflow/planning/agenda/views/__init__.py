"""The pages of the agenda."""

from humasflow.planning.agenda.views import editing, feeds, pages
from humasflow.planning.agenda.views.blueprint import blueprint

__all__ = ["blueprint", "editing", "feeds", "pages"]
