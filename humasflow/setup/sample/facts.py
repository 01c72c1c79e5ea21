"""The facts of one story: drawn once, then told in the headline, the body, the captions and the pitch alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from humasflow.core.periods import Quarter
from humasflow.setup.sample.library import Topic
from humasflow.setup.sample.office import NAME, SHORT_NAME
from humasflow.setup.sample.worktime import month_name, news_day

PLACES = (
    "Kisaran",
    "Tanjungbalai",
    "Batu Bara",
    "Labuhanbatu",
    "Rantauprapat",
    "Simalungun",
    "Asahan",
    "Labuhanbatu Utara",
    "Labuhanbatu Selatan",
    "Pematangsiantar",
    "Tebing Tinggi",
    "Serdang Bedagai",
    "Toba",
    "Samosir",
    "Humbang Hasundutan",
    "Dairi",
)

LONG_NAME = f"{NAME} ({SHORT_NAME})"

_VENUES = (f"di aula {SHORT_NAME}", "secara daring", f"di ruang rapat {SHORT_NAME}")
_GENERAL_COUNT = (24, 140)
_MILLIONS_PER_BILLION = 1000


@dataclass(frozen=True, slots=True)
class Facts:
    """``day`` is when it happened. ``thing`` and ``thing_title`` are the same object in a sentence and a headline."""

    day: date
    place: str
    venue: str
    count: int
    amount: str
    percent: int
    high_percent: int
    thing: str
    thing_title: str
    partner: str

    def fill(self, text: str) -> str:
        """The text with every slot filled. Raises KeyError for a slot that does not exist."""
        quarter = Quarter.from_local_date(self.day)
        return text.format_map(
            {
                "kantor": SHORT_NAME,
                "kantor_panjang": LONG_NAME,
                "tempat": self.place,
                "lokasi": self.venue,
                "hari": news_day(self.day),
                "bulan": month_name(self.day),
                "tahun": self.day.year,
                "tw": f"Triwulan {quarter.roman}",
                "n": self.count,
                "nilai": self.amount,
                "Nilai": self.amount.title(),
                "persen": self.percent,
                "persen_tinggi": self.high_percent,
                "objek": self.thing,
                "Objek": self.thing_title,
                "mitra": self.partner,
            }
        )


def draw_facts(rng: Random, day: date, topic: Topic | None = None, places: Sequence[str] = PLACES) -> Facts:
    """Facts for a day; within the ranges of a topic when there is one."""
    place = rng.choice(places)
    thing, thing_title = rng.choice(topic.objects) if topic and topic.objects else ("", "")
    partner = rng.choice(topic.partners).format(tempat=place) if topic and topic.partners else "satuan kerja"
    return Facts(
        day=day,
        place=place,
        venue=rng.choice(_VENUES),
        count=rng.randint(*(topic.count if topic else _GENERAL_COUNT)),
        amount=_rupiah(rng, topic.amount if topic else (40, 900)),
        percent=rng.randint(4, 38),
        high_percent=rng.choice((60, 65, 70, 75, 80, 85, 90)),
        thing=thing,
        thing_title=thing_title,
        partner=partner,
    )


def _rupiah(rng: Random, millions: tuple[int, int]) -> str:
    """An amount as news writes it: ``482,6 juta`` or ``1,24 miliar``."""
    amount = rng.randint(millions[0] * 10, millions[1] * 10) / 10
    if amount >= _MILLIONS_PER_BILLION:
        return f"{amount / _MILLIONS_PER_BILLION:.2f} miliar".replace(".", ",")
    return f"{amount:.1f} juta".replace(".", ",").replace(",0 ", " ")
