"""Publications: what needs a hand, what comes, what went out; and one publication with its evidence."""

from humasflow.publishing.views import acts, detail, lists, manual, openings
from humasflow.publishing.views.blueprint import blueprint

__all__ = ["acts", "blueprint", "detail", "lists", "manual", "openings"]
