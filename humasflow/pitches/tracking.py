"""Where a pitch stands, for its author: who holds it, what was done, what comes next. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import ngettext

from humasflow.pitches.enums import PitchState
from humasflow.pitches.models import Pitch
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story


class StepState(StrEnum):
    """How far a step is."""

    DONE = "done"
    CURRENT = "current"
    STOPPED = "stopped"
    AHEAD = "ahead"

    @property
    def label(self) -> str:
        """For those who do not see the mark beside it."""
        return {
            StepState.DONE: _("selesai"),
            StepState.CURRENT: _("sedang berjalan"),
            StepState.STOPPED: _("berhenti di sini"),
            StepState.AHEAD: _("belum"),
        }[self]


@dataclass(frozen=True)
class Step:
    """One step: what it is called, how far, a sentence, and when it was done (UTC)."""

    label: str
    state: StepState
    text: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Tracker:
    """``holder`` answers "who holds it?" in one sentence; then the steps in order."""

    holder: str
    steps: tuple[Step, ...]


_LIVE = frozenset({StoryState.PUBLISHED, StoryState.ARCHIVED})


def track(pitch: Pitch, *, decider: str, editors: Sequence[str]) -> Tracker:
    """The way of a pitch. ``decider`` is who decided last, ``editors`` those who can decide now."""
    sent = Step(_("Terkirim"), StepState.DONE, "", pitch.created_at)
    decision = _decision(pitch, decider, editors)
    if pitch.story is None:
        ahead = (Step(_("Ditulis"), StepState.AHEAD), Step(_("Tayang"), StepState.AHEAD))
        stopped = pitch.state is PitchState.REJECTED
        return Tracker(decision.text, (sent, decision) if stopped else (sent, decision, *ahead))
    writing, live = _writing(pitch.story), _live(pitch.story)
    holder = live.text if live.state in (StepState.DONE, StepState.STOPPED) else writing.text
    return Tracker(holder, (sent, decision, writing, live))


def _names(names: Sequence[str]) -> str:
    if len(names) > 2:
        return ngettext(
            "%(first)s, %(second)s, dan %(num)s orang lain", "%(first)s, %(second)s, dan %(num)s orang lain",
            len(names) - 2, first=names[0], second=names[1],
        )  # fmt: skip
    return _(" atau ").join(names)


def _decision(pitch: Pitch, decider: str, editors: Sequence[str]) -> Step:
    who = decider or _("redaktur")
    if pitch.state is PitchState.ACCEPTED:
        return Step(_("Diterima"), StepState.DONE, _("Diterima oleh %(who)s.", who=who), pitch.decided_at)
    if pitch.state is PitchState.REJECTED:
        return Step(_("Ditolak"), StepState.STOPPED, _("Ditolak oleh %(who)s.", who=who), pitch.decided_at)
    if pitch.state is PitchState.PARKED:
        text = _("Disimpan oleh %(who)s untuk waktu yang pas.", who=who)
        return Step(_("Disimpan untuk nanti"), StepState.CURRENT, text, pitch.decided_at)
    if editors:
        text = _("Menunggu dibaca oleh %(names)s.", names=_names(editors))
    else:
        text = _("Menunggu dibaca. Kantor ini belum punya redaktur; beri tahu admin.")
    return Step(_("Dibaca redaktur"), StepState.CURRENT, text)


def _writing(story: Story) -> Step:
    owner = story.owner.name if story.owner else _("redaktur")
    label = _("Ditulis")
    if story.state is StoryState.DRAFT:
        return Step(label, StepState.CURRENT, _("Sedang ditulis oleh %(who)s.", who=owner))
    if story.state is StoryState.IN_REVIEW:
        text = _("Sudah ditulis %(who)s dan sedang direviu penyetuju.", who=owner)
        return Step(_("Direviu"), StepState.CURRENT, text)
    if story.state is StoryState.APPROVED:
        return Step(
            _("Disetujui"), StepState.DONE, _("Sudah disetujui, menunggu jadwal tayang."), story.state_since
        )
    if story.state is StoryState.ON_HOLD:
        return Step(_("Ditunda"), StepState.CURRENT, _("Naskahnya sedang ditunda oleh redaktur."))
    if story.state is StoryState.CANCELLED:
        return Step(
            _("Dibatalkan"), StepState.STOPPED, _("Naskahnya dibatalkan: %(why)s", why=story.last_reason)
        )
    return Step(label, StepState.DONE, _("Ditulis oleh %(who)s.", who=owner))


def _live(story: Story) -> Step:
    if story.state in _LIVE:
        return Step(
            _("Tayang"), StepState.DONE, _("Sudah tayang. Terima kasih sudah mengusulkan!"), story.state_since
        )
    if story.state is StoryState.WITHDRAWN:
        text = _("Pernah tayang, lalu diturunkan: %(why)s", why=story.last_reason)
        return Step(_("Diturunkan"), StepState.STOPPED, text, story.state_since)
    if story.state is StoryState.APPROVED:
        return Step(_("Tayang"), StepState.CURRENT)
    return Step(_("Tayang"), StepState.AHEAD)
