"""What the media library distinguishes."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class AssetKind(StrEnum):
    """What a file is, by its content."""

    IMAGE = "image"
    VIDEO = "video"
    PDF = "pdf"

    @property
    def label(self) -> str:
        """For people."""
        return str(_KINDS[self])


class Ratio(StrEnum):
    """Shapes that channels ask for; the value is width to height, as a path can carry it."""

    SQUARE = "1x1"
    PORTRAIT = "4x5"
    STORY = "9x16"
    WIDE = "16x9"

    @property
    def label(self) -> str:
        """Width to height, and where it is used."""
        return str(_RATIOS[self])

    @property
    def sides(self) -> tuple[int, int]:
        """Width and height in relation to each other."""
        width, _by, height = self.value.partition("x")
        return int(width), int(height)


class ConsentKind(StrEnum):
    """How a person who can be recognised agreed to be shown."""

    WRITTEN = "written"
    ORAL = "oral"
    GUARDIAN = "guardian"

    @property
    def label(self) -> str:
        """For people."""
        return str(_CONSENTS[self])


class BlockReason(StrEnum):
    """Why a file may not be used anew."""

    CONSENT_EXPIRED = "consent_expired"
    CONSENT_WITHDRAWN = "consent_withdrawn"

    @property
    def label(self) -> str:
        """For people."""
        return str(_BLOCKS[self])


class TakedownState(StrEnum):
    """A takedown is asked for and then done; it is never forgotten."""

    OPEN = "open"
    DONE = "done"
    LIFTED = "lifted"
    REPLACED = "replaced"

    @property
    def label(self) -> str:
        """For people."""
        return str(_TAKEDOWNS[self])


class UploadState(StrEnum):
    """Where a file in parts stands."""

    OPEN = "open"
    REFUSED = "refused"
    DONE = "done"

    @property
    def label(self) -> str:
        """For people."""
        return str(_UPLOADS[self])


class ConsentStanding(StrEnum):
    """What the consents of one file amount to today."""

    NONE = "none"
    GIVEN = "given"
    EXPIRING = "expiring"
    LAPSED = "lapsed"

    @property
    def label(self) -> str:
        """For people."""
        return str(_STANDINGS[self])


_KINDS = {
    AssetKind.IMAGE: _l("Foto"),
    AssetKind.VIDEO: _l("Video"),
    AssetKind.PDF: _l("PDF"),
}
_RATIOS = {
    Ratio.SQUARE: _l("1:1, kotak"),
    Ratio.PORTRAIT: _l("4:5, potret"),
    Ratio.STORY: _l("9:16, story dan reels"),
    Ratio.WIDE: _l("16:9, melebar"),
}
_CONSENTS = {
    ConsentKind.WRITTEN: _l("Tertulis"),
    ConsentKind.ORAL: _l("Lisan"),
    ConsentKind.GUARDIAN: _l("Anak, oleh orang tua atau wali"),
}
_BLOCKS = {
    BlockReason.CONSENT_EXPIRED: _l("izin seseorang di dalamnya sudah berakhir"),
    BlockReason.CONSENT_WITHDRAWN: _l("izin seseorang di dalamnya sudah dicabut"),
}
_TAKEDOWNS = {
    TakedownState.OPEN: _l("Perlu diturunkan"),
    TakedownState.DONE: _l("Sudah diturunkan"),
    TakedownState.LIFTED: _l("Izin diperpanjang"),
    TakedownState.REPLACED: _l("Digantikan permintaan baru"),
}
_UPLOADS = {
    UploadState.OPEN: _l("Sedang dikirim"),
    UploadState.REFUSED: _l("Tidak diterima"),
    UploadState.DONE: _l("Tersimpan"),
}
_STANDINGS = {
    ConsentStanding.NONE: _l("Belum ada izin"),
    ConsentStanding.GIVEN: _l("Ada izin"),
    ConsentStanding.EXPIRING: _l("Izin segera berakhir"),
    ConsentStanding.LAPSED: _l("Izin berakhir"),
}
