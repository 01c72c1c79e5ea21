"""Words of scheduled delivery."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Rhythm(StrEnum):
    """How often a report goes out."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"

    @property
    def label(self) -> str:
        """For people."""
        return str(_RHYTHMS[self])


_RHYTHMS = {
    Rhythm.DAILY: _l("Setiap hari, tentang kemarin"),
    Rhythm.WEEKLY: _l("Setiap pekan, tentang pekan sebelumnya"),
    Rhythm.MONTHLY: _l("Setiap bulan, tentang bulan sebelumnya"),
    Rhythm.QUARTERLY: _l("Setiap triwulan, tentang triwulan sebelumnya"),
}


class DeliveryState(StrEnum):
    """What became of one turn of a schedule."""

    WAITING = "waiting"
    MAKING = "making"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"

    @property
    def label(self) -> str:
        """For people."""
        return str(_STATES[self])

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self in (DeliveryState.SENT, DeliveryState.SKIPPED, DeliveryState.FAILED)


_STATES = {
    DeliveryState.WAITING: _l("Menunggu giliran"),
    DeliveryState.MAKING: _l("Laporan sedang dibuat"),
    DeliveryState.SENT: _l("Terkirim"),
    DeliveryState.SKIPPED: _l("Dilewati"),
    DeliveryState.FAILED: _l("Gagal"),
}
