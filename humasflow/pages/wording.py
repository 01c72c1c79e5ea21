"""What pages say in sentences: the greeting, the answer to "what should I do now?", what putting aside means."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

_WORDS = (
    _l("satu"),
    _l("dua"),
    _l("tiga"),
    _l("empat"),
    _l("lima"),
    _l("enam"),
    _l("tujuh"),
    _l("delapan"),
    _l("sembilan"),
    _l("sepuluh"),
)


@dataclass(frozen=True)
class Waiting:
    """One kind of work: how much, the sentence when it is the only kind, and its part in a list of several."""

    count: int
    sentence: str
    part: str


def number_word(n: int) -> str:
    """Up to ten in words, as they stand at the beginning of a sentence: "Dua"; beyond that in figures."""
    return str(_WORDS[n - 1]).capitalize() if 0 < n <= len(_WORDS) else str(n)


def greeting(local: datetime) -> str:
    """By the clock on the office's wall."""
    if 4 <= local.hour < 11:
        return _("Selamat pagi")
    if 11 <= local.hour < 15:
        return _("Selamat siang")
    if 15 <= local.hour < 19:
        return _("Selamat sore")
    return _("Selamat malam")


def headline(
    *, decisions: int, uploads: int, returned: int, trouble: int, new_pitches: int, tasks: int = 0
) -> str:
    """One sentence. A single kind of work is named; several are added up and listed, the most urgent first."""
    kinds = (
        _decisions(decisions),
        _uploads(uploads),
        _returned(returned),
        _tasks(tasks),
        _trouble(trouble),
        _new_pitches(new_pitches),
    )
    waiting = [kind for kind in kinds if kind.count]
    if not waiting:
        return _("Tidak ada yang menunggu Anda.")
    if len(waiting) == 1:
        return waiting[0].sentence
    total = sum(kind.count for kind in waiting)
    return _(
        "%(n)s hal menunggu Anda: %(list)s.", n=number_word(total), list=_listed([k.part for k in waiting])
    )


def _listed(texts: Sequence[str]) -> str:
    if len(texts) == 2:
        return _("%(first)s dan %(last)s", first=texts[0], last=texts[1])
    return _("%(first)s, dan %(last)s", first=", ".join(texts[:-1]), last=texts[-1])


def _decisions(n: int) -> Waiting:
    sentence = ngettext(
        "%(n)s hal menunggu keputusan Anda.", "%(n)s hal menunggu keputusan Anda.", n, n=number_word(n)
    )
    return Waiting(n, sentence, ngettext("%(num)s keputusan", "%(num)s keputusan", n))


def _uploads(n: int) -> Waiting:
    sentence = ngettext(
        "%(n)s publikasi menunggu Anda unggah.", "%(n)s publikasi menunggu Anda unggah.", n, n=number_word(n)
    )
    return Waiting(n, sentence, ngettext("%(num)s unggahan", "%(num)s unggahan", n))


def _returned(n: int) -> Waiting:
    sentence = ngettext(
        "%(n)s naskah perlu Anda koreksi.", "%(n)s naskah perlu Anda koreksi.", n, n=number_word(n)
    )
    return Waiting(n, sentence, ngettext("%(num)s koreksi", "%(num)s koreksi", n))


def _tasks(n: int) -> Waiting:
    sentence = ngettext("%(n)s tugas menunggu Anda.", "%(n)s tugas menunggu Anda.", n, n=number_word(n))
    return Waiting(n, sentence, ngettext("%(num)s tugas", "%(num)s tugas", n))


def _trouble(n: int) -> Waiting:
    sentence = ngettext(
        "%(n)s publikasi memerlukan keputusan.", "%(n)s publikasi memerlukan keputusan.", n, n=number_word(n)
    )
    return Waiting(n, sentence, ngettext("%(num)s publikasi bermasalah", "%(num)s publikasi bermasalah", n))


def _new_pitches(n: int) -> Waiting:
    sentence = ngettext(
        "%(n)s usulan baru menunggu dibaca.", "%(n)s usulan baru menunggu dibaca.", n, n=number_word(n)
    )
    return Waiting(n, sentence, ngettext("%(num)s usulan baru", "%(num)s usulan baru", n))


def hold_consequence() -> str:
    """What putting a submitted or approved story aside means, said before it is done."""
    return _(
        "Naskah keluar dari antrean dan tidak ada yang tayang sampai dilanjutkan. Persetujuannya tidak berlaku lagi."
    )
