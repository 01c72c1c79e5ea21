"""Words of the desk: lanes, orders, bulk actions, saved views."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Lane(StrEnum):
    """The desk's columns: projections of the state. RETURNED is a draft that was sent back, SCHEDULED an approved story
    with a time. In the order of the work.
    """

    DRAFT = "draft"
    RETURNED = "returned"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ON_HOLD = "on_hold"

    @property
    def label(self) -> str:
        """For people."""
        return str(_LANES[self])


class DeskOrder(StrEnum):
    """What a list of stories is sorted by."""

    UPDATED = "baru"
    AGE = "umur"
    DUE = "tenggat"

    @property
    def label(self) -> str:
        """For people."""
        return str(_ORDERS[self])


class DueWithin(StrEnum):
    """How near the next work deadline is."""

    OVERDUE = "terlambat"
    TODAY = "hari-ini"
    WEEK = "minggu-ini"

    @property
    def label(self) -> str:
        """For people."""
        return str(_DUE_WITHIN[self])


class BulkAction(StrEnum):
    """What can be done to several stories at once."""

    ASSIGN = "serahkan"
    DUE = "tenggat"
    PILLAR = "pilar"
    PARK = "tunda"
    SEND_BACK = "kembalikan"
    APPROVE = "setujui"

    @property
    def label(self) -> str:
        """The wording of the button."""
        return str(_BULK_ACTIONS[self])


class ViewPlace(StrEnum):
    """Which page a saved view belongs to."""

    DESK = "desk"
    CALENDAR = "calendar"

    @property
    def label(self) -> str:
        """For people."""
        return str(_PLACES[self])


_LANES = {
    Lane.DRAFT: _l("Draf"),
    Lane.RETURNED: _l("Perlu koreksi"),
    Lane.IN_REVIEW: _l("Menunggu reviu"),
    Lane.APPROVED: _l("Disetujui"),
    Lane.SCHEDULED: _l("Terjadwal"),
    Lane.PUBLISHED: _l("Tayang"),
    Lane.ON_HOLD: _l("Ditunda"),
}

_ORDERS = {
    DeskOrder.UPDATED: _l("Terakhir diubah"),
    DeskOrder.AGE: _l("Terlama dalam keadaannya"),
    DeskOrder.DUE: _l("Tenggat terdekat"),
}

_DUE_WITHIN = {
    DueWithin.OVERDUE: _l("Terlambat"),
    DueWithin.TODAY: _l("Hari ini"),
    DueWithin.WEEK: _l("Pekan ini"),
}

_BULK_ACTIONS = {
    BulkAction.ASSIGN: _l("Serahkan"),
    BulkAction.DUE: _l("Atur tenggat"),
    BulkAction.PILLAR: _l("Ubah pilar"),
    BulkAction.PARK: _l("Tunda"),
    BulkAction.SEND_BACK: _l("Kembalikan untuk dikoreksi"),
    BulkAction.APPROVE: _l("Setujui"),
}

_PLACES = {ViewPlace.DESK: _l("Meja redaksi"), ViewPlace.CALENDAR: _l("Kalender")}
