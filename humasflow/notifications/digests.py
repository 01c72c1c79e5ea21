"""The words of several notices at once: a mail grouped by topic, or a few lines for a small screen.

Nothing confidential, and no reason that somebody wrote: both are read in the product.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import ngettext

from humasflow.accounts.models import User
from humasflow.notifications.composing import has_words, subject_of
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.letters import Letter, render
from humasflow.notifications.links import absolute, path_of, path_of_subject
from humasflow.notifications.routing.enums import NoticeTopic, topic_of
from humasflow.notifications.unsubscribe import address_of
from humasflow.orgs.models import Unit

MOST: Final = 60  # lines of one digest; the inbox has the rest
_REASON: Final = "%(reason)s"


@dataclass(frozen=True)
class Item:
    """One thing in a digest. ``title``: empty where it must not be named."""

    kind: NoticeKind
    title: str
    actor: str
    subject: tuple[str, int]

    @property
    def line(self) -> str:
        """What it says, in the language in force."""
        title = self.title or _("naskah rahasia")
        if has_words(self.kind):
            return subject_of(self.kind, title)
        said = without_reason(self.kind.label) % {"title": title, "actor": self.actor, "reason": ""}
        return said.strip()


def without_reason(sentence: str) -> str:
    """A kind's sentence up to where its reason begins."""
    head, found, _rest = sentence.partition(_REASON)
    if not found:
        return sentence
    cut = max(head.rfind(". "), head.rfind(", "), head.rfind(" ("))
    return (head[:cut] if cut > 0 else head).rstrip(" :(,.")


def compose_digest(items: Sequence[Item], *, user: User, office: Unit) -> Letter:
    """A mail about all of them, grouped by topic in the order of topics, in the language in force."""
    shown = items[:MOST]
    groups = [
        (topic.label, [(i.line, absolute(path_of_subject(*i.subject))) for i in mine])
        for topic in NoticeTopic
        if (mine := [i for i in shown if topic_of(i.kind) is topic])
    ]
    facts: dict[str, Any] = {
        "groups": groups,
        "further": len(items) - len(shown),
        "url": absolute(path_of("notifications.inbox")),
    }
    return render("digest", heading_of(items), user=user, office=office, stops=address_of(user.id), **facts)


def heading_of(items: Sequence[Item]) -> str:
    """How many there are; of one thing what it says."""
    if len(items) == 1:
        return items[0].line
    return ngettext("%(num)s kabar untuk Anda", "%(num)s kabar untuk Anda", len(items))
