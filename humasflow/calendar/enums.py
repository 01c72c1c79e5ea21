"""What the calendar shows, how, and for whom it is subscribed to."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class CalendarView(StrEnum):
    """How the plan is laid out. The values stand in addresses."""

    MONTH = "bulan"
    WEEK = "pekan"
    DAY = "hari"
    AGENDA = "daftar"
    CHANNELS = "kanal"
    SECTIONS = "seksi"
    QUARTER = "triwulan"

    @property
    def label(self) -> str:
        """For people."""
        return str(_VIEWS[self])


class ItemKind(StrEnum):
    """What stands on the calendar. The values stand in addresses."""

    POST = "publikasi"
    DEADLINE = "tenggat"
    EVENT = "agenda"
    CAMPAIGN = "kampanye"
    DAY = "hari"

    @property
    def label(self) -> str:
        """For people."""
        return str(_ITEMS[self])


class FeedKind(StrEnum):
    """Whose plan a subscription carries."""

    PERSON = "person"
    CHANNEL = "channel"
    OFFICE = "office"

    @property
    def label(self) -> str:
        """For people."""
        return str(_FEEDS[self])


class EntryKind(StrEnum):
    """What an entry of a subscription stands for."""

    POST = "post"
    DEADLINE = "assignment"
    EVENT = "event"
    COVERAGE = "coverage"  # the one occurrence of a repeating event that a story is about

    @property
    def label(self) -> str:
        """For people: the category in their calendar program."""
        return str(_ENTRIES[self])


class Decision(StrEnum):
    """What a meeting said about something."""

    TAKE = "take"
    PARK = "park"
    REJECT = "reject"
    NOTE = "note"

    @property
    def label(self) -> str:
        """For people."""
        return str(_DECISIONS[self])


_VIEWS = {
    CalendarView.MONTH: _l("Bulan"),
    CalendarView.WEEK: _l("Pekan"),
    CalendarView.DAY: _l("Hari"),
    CalendarView.AGENDA: _l("Daftar"),
    CalendarView.CHANNELS: _l("Per kanal"),
    CalendarView.SECTIONS: _l("Per seksi"),
    CalendarView.QUARTER: _l("Triwulan"),
}
_ITEMS = {
    ItemKind.POST: _l("Publikasi"),
    ItemKind.DEADLINE: _l("Tenggat"),
    ItemKind.EVENT: _l("Agenda"),
    ItemKind.CAMPAIGN: _l("Kampanye"),
    ItemKind.DAY: _l("Hari penting"),
}
_FEEDS = {
    FeedKind.PERSON: _l("Pekerjaan saya"),
    FeedKind.CHANNEL: _l("Satu kanal"),
    FeedKind.OFFICE: _l("Seluruh kantor"),
}
_ENTRIES = {
    EntryKind.POST: _l("Publikasi"),
    EntryKind.DEADLINE: _l("Tenggat"),
    EntryKind.EVENT: _l("Agenda"),
    EntryKind.COVERAGE: _l("Agenda"),
}
_DECISIONS = {
    Decision.TAKE: _l("Digarap"),
    Decision.PARK: _l("Disimpan"),
    Decision.REJECT: _l("Tidak dipakai"),
    Decision.NOTE: _l("Catatan"),
}
