"""Where a campaign stands, and what becomes of one that an office hands down."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Stage(StrEnum):
    """Where a campaign stands on a day. One that was switched off is over."""

    RUNNING = "berjalan"
    COMING = "akan-datang"
    OVER = "selesai"

    @property
    def label(self) -> str:
        """For people."""
        return str(_STAGES[self])


class OfferState(StrEnum):
    """What the office below made of it."""

    OFFERED = "offered"
    ADOPTED = "adopted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """For people."""
        return str(_OFFERS[self])


class OfferMove(StrEnum):
    """What is done with an offer."""

    ADOPT = "adopt"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    RENEW = "renew"

    @property
    def label(self) -> str:
        """For people."""
        return str(_OFFER_MOVES[self])


_STAGES = {
    Stage.RUNNING: _l("Berjalan"),
    Stage.COMING: _l("Akan datang"),
    Stage.OVER: _l("Selesai"),
}
_OFFERS = {
    OfferState.OFFERED: _l("Menunggu jawaban"),
    OfferState.ADOPTED: _l("Diikuti"),
    OfferState.DECLINED: _l("Tidak diikuti"),
    OfferState.WITHDRAWN: _l("Ditarik"),
}
_OFFER_MOVES = {
    OfferMove.ADOPT: _l("Ikuti"),
    OfferMove.DECLINE: _l("Jawab tidak mengikuti"),
    OfferMove.WITHDRAW: _l("Tarik"),
    OfferMove.RENEW: _l("Ajak lagi"),
}
# The parts of what a campaign says, as people call them.
PARTS = {
    "name": _l("nama"),
    "message": _l("pesan kunci"),
    "goal": _l("tujuan"),
    "audience": _l("khalayak"),
    "hashtag": _l("tagar"),
    "starts_on": _l("tanggal mulai"),
    "ends_on": _l("tanggal akhir"),
    "target": _l("sasaran"),
    "shares": _l("bagian tiap pilar"),
}
