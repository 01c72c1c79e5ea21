"""The hours of a person; and reading grids of choices."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from humasflow.core.errors import UserError
from humasflow.core.forms import BaseForm, LocalTimeField, Optional, required
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.routing.enums import NoticeChannel, NoticeMode, NoticeTopic
from humasflow.notifications.routing.quiet import BRIEF_AT, DIGEST_AT, USUAL_QUIET, Habits
from humasflow.notifications.routing.shown import Grid, Wishing


class HabitsForm(BaseForm):
    """Quiet hours and the time of the digest."""

    is_quiet = BooleanField(_l("Jangan ganggu saya pada jam tenang"))
    quiet_from = LocalTimeField(_l("Mulai pukul"), [Optional()])
    quiet_until = LocalTimeField(_l("Sampai pukul"), [Optional()])
    quiet_days = BooleanField(_l("Tenang juga pada akhir pekan dan hari libur"))
    digest_at = LocalTimeField(
        _l("Ringkasan harian dikirim pukul"), [required(_l("Tulis jamnya, misalnya 07.30."))]
    )
    brief_day = BooleanField(_l("Kirim kabar pagi pada hari kerja"))
    brief_week = BooleanField(_l("Kirim kabar mingguan pada hari kerja pertama"))
    brief_at = LocalTimeField(_l("Kabar dikirim pukul"), [required(_l("Tulis jamnya, misalnya 07.15."))])

    @classmethod
    def of(cls, habits: Habits) -> "HabitsForm":
        """Filled with what holds now."""
        is_quiet = habits.quiet_from is not None
        return cls(
            is_quiet=is_quiet, quiet_from=habits.quiet_from or USUAL_QUIET[0],
            quiet_until=habits.quiet_until or USUAL_QUIET[1], quiet_days=habits.quiet_days,
            digest_at=habits.digest_at, brief_day=habits.brief_day, brief_week=habits.brief_week,
            brief_at=habits.brief_at,
        )  # fmt: skip

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Quiet hours need both ends, and they differ."""
        is_fine = super().validate(extra_validators)
        if not self.is_quiet.data:
            return is_fine
        for field in (self.quiet_from, self.quiet_until):
            if field.data is None and not field.errors:
                self.fail(field, _("Tulis jamnya, misalnya 21.00."))
                is_fine = False
        if is_fine and self.quiet_from.data == self.quiet_until.data:
            self.fail(self.quiet_until, _("Mulai dan sampai tidak boleh sama."))
            is_fine = False
        return is_fine

    @property
    def habits(self) -> Habits:
        """What was filled in."""
        first: time | None = self.quiet_from.data if self.is_quiet.data else None
        last: time | None = self.quiet_until.data if self.is_quiet.data else None
        return Habits(
            first, last, bool(self.quiet_days.data), self.digest_at.data or DIGEST_AT,
            self.brief_at.data or BRIEF_AT, bool(self.brief_day.data), bool(self.brief_week.data),
        )  # fmt: skip


def _mode(told: str) -> NoticeMode:
    try:
        return NoticeMode(told)
    except ValueError:
        raise UserError(_("Pilihan itu tidak tersedia.")) from None


def read_rules(given: Mapping[str, str], grid: Grid) -> dict[tuple[NoticeKind, NoticeChannel], NoticeMode]:
    """What is wanted: a choice for a whole topic holds for all its events, otherwise each event's own. What was not
    sent stays. Raises UserError for a mode that does not exist.
    """
    wanted: dict[tuple[NoticeKind, NoticeChannel], NoticeMode] = {}
    for row in grid.rows:
        for cell in row.cells:
            told = given.get(cell.name, "")
            whole = _mode(told) if told else None
            if whole is cell.mode:
                whole = None
            for event in row.events:
                single = next(c for c in event.cells if c.channel is cell.channel)
                own = given.get(single.name, "")
                if whole is not None:
                    wanted[event.kind, cell.channel] = whole
                elif own:
                    wanted[event.kind, cell.channel] = _mode(own)
    return wanted


def read_wishes(
    given: Mapping[str, str], rows: Iterable[Wishing]
) -> dict[tuple[NoticeTopic, NoticeChannel], NoticeMode | None]:
    """What a person wants; an empty choice: as the office says. Raises UserError for what is not to be chosen."""
    wishes: dict[tuple[NoticeTopic, NoticeChannel], NoticeMode | None] = {}
    for row in rows:
        for choice in row.choices:
            told = given.get(choice.name)
            if told is None:
                continue
            mode = _mode(told) if told else None
            if mode is not None and mode not in choice.modes:
                raise UserError(_("Pilihan itu tidak tersedia."))
            wishes[row.topic, choice.channel] = mode
    return wishes
