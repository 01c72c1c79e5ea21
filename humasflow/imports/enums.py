"""What became of a row."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class RowOutcome(StrEnum):
    """One row of an imported list."""

    ADDED = "added"
    KNOWN = "known"
    VOUCHED = "vouched"  # known before, and confirmed by this run
    CORRECTED = "corrected"  # known before, and counted as another type from now on
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """For people."""
        return str(_LABELS[self])


_LABELS = {
    RowOutcome.ADDED: _l("dicatat"),
    RowOutcome.KNOWN: _l("sudah tercatat sebelumnya"),
    RowOutcome.VOUCHED: _l("sudah tercatat, kini terverifikasi"),
    RowOutcome.CORRECTED: _l("sudah tercatat, jenisnya dibetulkan"),
    RowOutcome.REFUSED: _l("tidak dapat dicatat"),
}
