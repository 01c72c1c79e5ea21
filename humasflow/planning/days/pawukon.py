"""The Pawukon, Bali's calendar of 210 days: thirty weeks (wuku) of seven days, beginning on a Sunday. Pure arithmetic.

The cycle has no years and no leap days, so one known day fixes it for ever: Galungan was on 17 June 2026.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

CYCLE: Final = 210
WUKU: Final = (
    "Sinta", "Landep", "Ukir", "Kulantir", "Tolu", "Gumbreg", "Wariga", "Warigadean", "Julungwangi", "Sungsang",
    "Dungulan", "Kuningan", "Langkir", "Medangsia", "Pujut", "Pahang", "Krulut", "Merakih", "Tambir", "Medangkungan",
    "Matal", "Uye", "Menail", "Prangbakat", "Bala", "Ugu", "Wayang", "Kelawu", "Dukut", "Watugunung",
)  # fmt: skip

_SUNDAY, _MONDAY, _TUESDAY, _WEDNESDAY, _THURSDAY, _FRIDAY, _SATURDAY = range(7)


def _on(wuku: str, weekday: int) -> int:
    return WUKU.index(wuku) * 7 + weekday


# Names are proper names, the same in every language.
HOLY_DAYS: Final[Mapping[int, str]] = MappingProxyType({
    _on("Sinta", _SUNDAY): "Banyu Pinaruh",
    _on("Sinta", _MONDAY): "Soma Ribek",
    _on("Sinta", _TUESDAY): "Sabuh Mas",
    _on("Sinta", _WEDNESDAY): "Pagerwesi",
    _on("Landep", _SATURDAY): "Tumpek Landep",
    _on("Wariga", _SATURDAY): "Tumpek Wariga",
    _on("Sungsang", _THURSDAY): "Sugihan Jawa",
    _on("Sungsang", _FRIDAY): "Sugihan Bali",
    _on("Dungulan", _TUESDAY): "Penampahan Galungan",
    _on("Dungulan", _WEDNESDAY): "Galungan",
    _on("Dungulan", _THURSDAY): "Umanis Galungan",
    _on("Kuningan", _FRIDAY): "Penampahan Kuningan",
    _on("Kuningan", _SATURDAY): "Kuningan",
    _on("Pahang", _WEDNESDAY): "Buda Kliwon Pegat Uwakan",
    _on("Krulut", _SATURDAY): "Tumpek Krulut",
    _on("Uye", _SATURDAY): "Tumpek Uye",
    _on("Wayang", _SATURDAY): "Tumpek Wayang",
    _on("Kelawu", _WEDNESDAY): "Buda Cemeng Kelawu",
    _on("Watugunung", _SATURDAY): "Saraswati",
})  # fmt: skip

_BEGINNING: Final = date(2026, 6, 17).toordinal() - _on("Dungulan", _WEDNESDAY)


def place_of(day: date) -> int:
    """The day's place in the cycle, 0 (Sunday of Sinta) to 209 (Saturday of Watugunung)."""
    return (day.toordinal() - _BEGINNING) % CYCLE


def holy_day_on(day: date) -> str | None:
    """The holy day that falls on it, if any."""
    return HOLY_DAYS.get(place_of(day))
