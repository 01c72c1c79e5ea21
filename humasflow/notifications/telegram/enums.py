"""The life of a message to a chat."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class MessageState(StrEnum):
    """``UNCERTAIN``: it went out and no answer came; Telegram cannot tell, so it is not sent again."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"

    @property
    def label(self) -> str:
        """For people."""
        return str(_STATES[self])


class BotFault(StrEnum):
    """Why an office's bot does not work."""

    TOKEN = "token"
    ELSEWHERE = "elsewhere"
    UNREACHABLE = "unreachable"
    KEY_LOST = "key_lost"

    @property
    def label(self) -> str:
        """What happened and what to do."""
        return str(_FAULTS[self])


_STATES = {
    MessageState.QUEUED: _l("menunggu"),
    MessageState.SENT: _l("terkirim"),
    MessageState.FAILED: _l("gagal"),
    MessageState.UNCERTAIN: _l("belum pasti"),
}
_FAULTS = {
    BotFault.TOKEN: _l("Telegram tidak mengenal token ini. Salin lagi dari BotFather."),
    BotFault.ELSEWHERE: _l(
        "Bot ini sudah didengarkan oleh program lain, jadi orang tidak dapat menghubungkan diri. "
        "Buat bot baru untuk humasflow."
    ),
    BotFault.UNREACHABLE: _l(
        "Telegram tidak dapat dihubungi dari server ini. Dicoba lagi dengan sendirinya."
    ),
    BotFault.KEY_LOST: _l("Token tidak dapat dibuka dengan kunci pemasangan sekarang. Tempel lagi tokennya."),
}
