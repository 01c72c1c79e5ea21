"""Writes docs/workflow.md from the transition tables: ``python scripts/workflow_page.py``."""

from pathlib import Path
from typing import Any

from humasflow.approvals.workflow import PACKAGE, URGENT
from humasflow.pitches.workflow import PITCH
from humasflow.planning.agenda.workflow import EVENT
from humasflow.planning.campaigns.workflow import OFFER
from humasflow.publishing.enums import DeliveryState, PostState
from humasflow.publishing.workflow import DELIVERY, shown_state
from humasflow.stories.workflow import ASSIGNMENT, HANDOVER, STORY, SUGGESTION, THREAD

PAGE = Path(__file__).resolve().parent.parent / "docs" / "workflow.md"
INTRO = """# The machines

Generated from the tables in the code (`make docs`); a test fails when this page and the tables differ. Each machine
has one table (`<room>/workflow.py`) and one function that moves it; buttons and services ask the same table.

"""
WHAT = {
    "pitch": "**Usulan** (`pitches.services`). An idea, from the moment it is sent until an editor has decided.",
    "story": "**Naskah** (`stories.services.move_story`). The piece of work. It is `published` when its first post is.",
    "assignment": "**Penugasan** (`stories.services.assignments`, `tasks`). One person's part in a story.",
    "package": "**Paket** (`approvals.services`). A story version with post versions, under one digest.",
    "urgent": "**Terbit mendesak** (`approvals.services.urgent`). "
    "What went out unapproved, flagged until somebody else\n"
    "agrees to it or it is taken down.",
    "delivery": "**Pengiriman** (`publishing.services`). One generation of a post on its way to its channel.",
    "agenda event": "**Agenda** (`planning.agenda.services`). Something dated to cover, or one occurrence of it.",
    "campaign offer": "**Ajakan kampanye** (`planning.campaigns.services`). A campaign shown to an office below.",
    "handover": "**Kiriman** (`stories.services.handing_over`). A story given to an office above or below.",
    "thread": "**Utas komentar** (`stories.services.comments`). A remark on a story with what was answered.",
    "suggestion": "**Usul perubahan** (`stories.services.suggestions`). "
    "Other words; the text itself makes the last two moves.",
}


def _table(machine: Any) -> str:
    rows = ["| move | from | to | reason |", "|---|---|---|---|"]
    for move, t in machine.table.items():
        sources = ", ".join(f"`{s}`" for s in sorted(t.sources))
        rows.append(f"| `{move}` | {sources} | `{t.target}` | {'required' if t.needs_reason else ''} |")
    return "\n".join(rows)


def _diagram(machine: Any) -> str:
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {machine.initial}"]
    lines += [f"    {s} --> {t.target}: {m}" for m, t in machine.table.items() for s in sorted(t.sources)]
    return "\n".join([*lines, "```"])


def _shown() -> str:
    rows = [
        "## What a post shows\n",
        "Derived by `publishing.workflow.shown_state`, stored nowhere. A delivery under way or ended decides;",
        "before that, approval and time do.\n",
        "| delivery | approved | waiting for approval | has a time | shown |",
        "|---|---|---|---|---|",
    ]
    for approved, pending, scheduled, words in (
        (False, False, False, ("no", "no", "any")), (False, True, False, ("no", "yes", "any")),
        (True, False, False, ("yes", "", "no")), (True, False, True, ("yes", "", "yes")),
    ):  # fmt: skip
        state = shown_state(delivery=None, approved=approved, pending=pending, scheduled=scheduled)
        rows.append(f"| none or `queued` | {words[0]} | {words[1]} | {words[2]} | `{state}` |")
    for delivery in DeliveryState:
        if delivery is not DeliveryState.QUEUED:
            shown = shown_state(delivery=delivery, approved=True, pending=False, scheduled=True)
            rows.append(f"| `{delivery}` | | | | `{shown}` |")
    missing = set(PostState) - {PostState(line.rsplit("`", 2)[1]) for line in rows[5:]}
    if missing:
        raise SystemExit(f"states that nothing shows: {missing}")
    return "\n".join(rows)


def render() -> str:
    """The page's text."""
    parts = [
        f"## {m.name}\n\n{WHAT[m.name]}\n\n{_diagram(m)}\n\n{_table(m)}\n"
        for m in (
            PITCH,
            STORY,
            ASSIGNMENT,
            THREAD,
            SUGGESTION,
            EVENT,
            HANDOVER,
            OFFER,
            PACKAGE,
            URGENT,
            DELIVERY,
        )
    ]
    return INTRO + "\n".join(parts) + "\n" + _shown() + "\n"


if __name__ == "__main__":
    PAGE.write_text(render())
