"""What a content type asks of a text."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class ContentTemplate(StrEnum):
    """The genre of a content type: which facts stand beside the text, and what is shown with it to the reader."""

    ARTICLE = "article"
    PRESS_RELEASE = "press_release"  # siaran pers: number above the title, dateline, contact
    ANNOUNCEMENT = "announcement"  # pengumuman: contact
    HOAX = (
        "hoax"  # klarifikasi hoaks: verdict above the title, claim, where it went round, source of the fact
    )

    @property
    def label(self) -> str:
        """For people."""
        return str(_LABELS[self])

    @property
    def description(self) -> str:
        """One sentence about what it asks."""
        return str(_DESCRIPTIONS[self])


_LABELS = {
    ContentTemplate.ARTICLE: _l("Berita dan artikel"),
    ContentTemplate.PRESS_RELEASE: _l("Siaran pers"),
    ContentTemplate.ANNOUNCEMENT: _l("Pengumuman"),
    ContentTemplate.HOAX: _l("Klarifikasi hoaks"),
}
_DESCRIPTIONS = {
    ContentTemplate.ARTICLE: _l("Judul, teras, isi, dan fakta kegiatan."),
    ContentTemplate.PRESS_RELEASE: _l("Ditambah nomor, tempat dan tanggal rilis, serta narahubung."),
    ContentTemplate.ANNOUNCEMENT: _l("Ditambah narahubung."),
    ContentTemplate.HOAX: _l("Ditambah putusan, klaim yang beredar, tempat beredarnya, dan sumber fakta."),
}

# The facts that a genre asks for besides those that every text has.
EXTRA_FACTS: dict[ContentTemplate, tuple[str, ...]] = {
    ContentTemplate.ARTICLE: (),
    ContentTemplate.PRESS_RELEASE: ("dateline", "contact"),
    ContentTemplate.ANNOUNCEMENT: ("contact",),
    ContentTemplate.HOAX: ("claim", "claim_source", "fact_source"),
}

VERDICTS = ("HOAKS", "DISINFORMASI", "MISINFORMASI", "MALINFORMASI")
"""What a clarification may put above its title: the words of the ministry's own clarifications (Komdigi, formerly
Kominfo, "Laporan Isu Hoaks"). They are published, so they are not translated."""
