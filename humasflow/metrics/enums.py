"""Named formulas of engagement."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class RateFormula(StrEnum):
    """What interactions are divided by. Formulas are never mixed in one component or one chart."""

    BY_REACH = "by_reach"
    BY_FOLLOWERS = "by_followers"
    BY_IMPRESSIONS = "by_impressions"
    MEAN_BY_REACH = "mean_by_reach"

    @property
    def label(self) -> str:
        """For people: the formula's name and what it is."""
        return str(_RATE_FORMULAS[self])


_RATE_FORMULAS = {
    RateFormula.BY_REACH: _l("Tingkat keterlibatan menurut jangkauan (interaksi ÷ jangkauan)"),
    RateFormula.BY_FOLLOWERS: _l("Tingkat keterlibatan menurut pengikut (interaksi ÷ pengikut)"),
    RateFormula.BY_IMPRESSIONS: _l("Tingkat keterlibatan menurut tayangan (interaksi ÷ tayangan)"),
    RateFormula.MEAN_BY_REACH: _l("Rata-rata akun dari tingkat keterlibatan tiap unggahan menurut jangkauan"),
}
