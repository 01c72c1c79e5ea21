"""Kinds of component and states of a point."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class ComponentKind(StrEnum):
    """How a component turns facts into a value."""

    COUNT_RATIO = "count_ratio"
    POINTS = "points"
    CADENCE = "cadence"
    CHECKLIST = "checklist"
    RUBRIC = "rubric"
    RATE = "rate"
    GROWTH = "growth"
    RANK = "rank"
    GATE = "gate"

    @property
    def label(self) -> str:
        """For people."""
        return str(_KINDS[self])

    @property
    def counts_posts(self) -> bool:
        """Whether publications bring it forward; the others are measured."""
        return self in (ComponentKind.COUNT_RATIO, ComponentKind.POINTS, ComponentKind.CADENCE)

    @property
    def chooses_posts(self) -> bool:
        """Whether its lists choose single publications: to count them, or to have each of them judged."""
        return self.counts_posts or self is ComponentKind.RUBRIC


class Polarity(StrEnum):
    """Which way a realisation R is good against its target T."""

    MAXIMISE = "maximise"
    MINIMISE = "minimise"
    STABILISE = "stabilise"

    @property
    def label(self) -> str:
        """For people."""
        return str(_POLARITIES[self])


class Consolidation(StrEnum):
    """How the values of several periods become one. A period without data is no zero."""

    SUM = "sum"
    AVERAGE = "average"
    LAST = "last"

    @property
    def label(self) -> str:
        """For people."""
        return str(_CONSOLIDATIONS[self])


class VersionState(StrEnum):
    """Whether the rules count yet."""

    DRAFT = "draft"
    ACTIVE = "active"

    @property
    def label(self) -> str:
        """For people."""
        return str({VersionState.DRAFT: _l("Konsep"), VersionState.ACTIVE: _l("Berlaku")}[self])


class TargetScope(StrEnum):
    """Whose target it is, or which part of the office's publications it asks for beside the total."""

    OFFICE = "office"
    SECTION = "section"
    PERSON = "person"
    PILLAR = "pillar"
    CONTENT_TYPE = "content_type"

    @property
    def label(self) -> str:
        """For people."""
        return str(_SCOPES[self])

    @property
    def is_mix(self) -> bool:
        """Whether it asks for a part of the total rather than dividing it between people."""
        return self in (TargetScope.PILLAR, TargetScope.CONTENT_TYPE)


class ResultKind(StrEnum):
    """What the head office announced."""

    SCORE = "score"
    RANK = "rank"

    @property
    def label(self) -> str:
        """For people."""
        return str({ResultKind.SCORE: _l("Nilai"), ResultKind.RANK: _l("Peringkat")}[self])


class PointState(StrEnum):
    """What is known of a publication that counts. Only verified is the official-looking number."""

    LIVE_UNVERIFIED = "live_unverified"
    VERIFIED = "verified"
    DISPUTED = "disputed"
    REVERSED = "reversed"

    @property
    def label(self) -> str:
        """For people."""
        return str(_POINTS[self])


class Beneficiary(StrEnum):
    """Whose count a ledger line is."""

    OFFICE = "office"
    SECTION = "section"
    PERSON = "person"

    @property
    def label(self) -> str:
        """For people."""
        return str(_BENEFICIARIES[self])


_KINDS = {
    ComponentKind.COUNT_RATIO: _l("Jumlah tayang dibagi sasaran"),
    ComponentKind.POINTS: _l("Poin per jenis dan kanal"),
    ComponentKind.CADENCE: _l("Keajekan per pekan atau hari"),
    ComponentKind.CHECKLIST: _l("Daftar periksa"),
    ComponentKind.RUBRIC: _l("Penilaian mutu"),
    ComponentKind.RATE: _l("Tingkat keterlibatan"),
    ComponentKind.GROWTH: _l("Pertumbuhan"),
    ComponentKind.RANK: _l("Peringkat"),
    ComponentKind.GATE: _l("Syarat wajib"),
}
_POLARITIES = {
    Polarity.MAXIMISE: _l("Makin besar makin baik"),
    Polarity.MINIMISE: _l("Makin kecil makin baik"),
    Polarity.STABILISE: _l("Sebaiknya di dalam rentang"),
}
_CONSOLIDATIONS = {
    Consolidation.SUM: _l("Dijumlahkan"),
    Consolidation.AVERAGE: _l("Dirata-rata"),
    Consolidation.LAST: _l("Diambil yang terakhir diketahui"),
}
_SCOPES = {
    TargetScope.OFFICE: _l("Kantor"),
    TargetScope.SECTION: _l("Seksi"),
    TargetScope.PERSON: _l("Orang"),
    TargetScope.PILLAR: _l("Pilar"),
    TargetScope.CONTENT_TYPE: _l("Jenis konten"),
}
_BENEFICIARIES = {
    Beneficiary.OFFICE: _l("Kantor"),
    Beneficiary.SECTION: _l("Seksi"),
    Beneficiary.PERSON: _l("Orang"),
}
_POINTS = {
    PointState.LIVE_UNVERIFIED: _l("Tayang, belum diverifikasi"),
    PointState.VERIFIED: _l("Terverifikasi"),
    PointState.DISPUTED: _l("Dipertanyakan"),
    PointState.REVERSED: _l("Dibalik"),
}
