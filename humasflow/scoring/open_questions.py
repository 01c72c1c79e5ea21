"""What is still open about a period before it is signed: each a question with its number, in a fixed order.

A fixed number of statements, whatever the number of publications.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select

from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.localtime import zone
from humasflow.core.periods import Period
from humasflow.orgs.models import Unit
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState, LinkState
from humasflow.publishing.models import Delivery
from humasflow.scoring import queries
from humasflow.scoring.calculation import Outcome
from humasflow.scoring.enums import Beneficiary, ComponentKind, PointState
from humasflow.scoring.models import LedgerEntry, Point, SchemeVersion, ScoreScheme
from humasflow.scoring.standing import Standing

# Came due in the period and has neither gone out nor been given up.
_NOT_OUT = (
    DeliveryState.HELD, DeliveryState.LATE, DeliveryState.PAUSED, DeliveryState.NEEDS_REAUTH,
    DeliveryState.QUOTA_WAIT,
)  # fmt: skip

_POINTS = {"unverified": PointState.LIVE_UNVERIFIED, "disputed": PointState.DISPUTED}
_DELIVERIES = {
    "unknown": (DeliveryState.UNKNOWN,),
    "failed": (DeliveryState.FAILED,),
    "manual_due": (DeliveryState.MANUAL_DUE,),
    "not_out": _NOT_OUT,
}

_LABELS = {
    "unverified": _l("Tayang, belum diverifikasi"),
    "disputed": _l("Dipertanyakan, belum diputuskan"),
    "link_gone": _l("Tautan tidak terbuka lagi"),
    "unknown": _l("Hasil belum pasti"),
    "failed": _l("Gagal tayang"),
    "manual_due": _l("Menunggu ditandai tayang"),
    "not_out": _l("Sudah waktunya, belum keluar"),
    "targets": _l("Komponen tanpa sasaran"),
    "measurements": _l("Pengukuran belum diisi"),
}
_EFFECTS = {
    "unverified": _l("Yang belum diverifikasi tidak ikut dihitung dalam nilai yang dibekukan."),
    "disputed": _l("Selama belum diputuskan, tidak ikut dihitung."),
    "link_gone": _l("Periksa di kanalnya; bukti tangkapan layar tetap tersimpan."),
    "unknown": _l("Bisa jadi sudah tayang; periksa di kanalnya lalu catat hasilnya."),
    "failed": _l("Tidak dihitung; coba lagi atau biarkan dengan alasan."),
    "manual_due": _l("Bila sudah diunggah, tandai tayang supaya dihitung."),
    "not_out": _l("Masih tertahan; yang keluar nanti dihitung pada periode berikutnya."),
    "targets": _l("Tanpa sasaran, komponennya tidak bernilai dan nilai akhir tidak ada."),
    "measurements": _l("Tanpa isian, komponennya tidak bernilai dan nilai akhir tidak ada."),
}


_SOME_COUNT = _l("Sebagian komponen sudah menghitungnya sejak tayang; yang lain menunggu verifikasi.")


@dataclass(frozen=True)
class Question:
    """One thing to look at: how many there are, and (for components) which. ``some_count``: a component counts what is
    not verified.
    """

    code: str
    number: int
    names: tuple[str, ...] = ()
    some_count: bool = False

    @property
    def label(self) -> str:
        """For people."""
        return str(_LABELS[self.code])

    @property
    def effect(self) -> str:
        """What leaving it as it is means."""
        if self.code == "unverified" and self.some_count:
            return str(_SOME_COUNT)
        return str(_EFFECTS[self.code])


def open_questions(office: Unit, scheme: ScoreScheme, period: Period, standing: Standing) -> list[Question]:
    """Every question about a period, also those with nothing open (number 0)."""
    points = _points(office.id, scheme.id, period.key)
    some_count = counts_unverified(standing)
    sent = _deliveries(office.id, period.utc_bounds(zone(office.zone_name)))
    return [
        *(Question(code, points[state], some_count=some_count) for code, state in _POINTS.items()),
        Question("link_gone", _links_gone(office.id, scheme.id, period.key)),
        *(
            Question(code, sum(sent.get(state, 0) for state in states))
            for code, states in _DELIVERIES.items()
        ),
        *_of_components(standing),
    ]


def counts_unverified(standing: Standing) -> bool:
    """Whether a component of the period counts publications from the moment they are live."""
    return any(c.counts_unverified for c in standing.version.components)


def _counting(office_id: int, scheme_id: int, period: str) -> Any:
    """SQL conditions: lines of the office in the period, under any version of the scheme."""
    versions = select(SchemeVersion.id).where(SchemeVersion.scheme_id == scheme_id)
    return (
        LedgerEntry.office_id == office_id,
        LedgerEntry.period == period,
        LedgerEntry.scheme_version_id.in_(versions),
        LedgerEntry.beneficiary == Beneficiary.OFFICE,
    )


def _standing(office_id: int, scheme_id: int, period: str) -> Select[int | None]:
    """Publications that count in the period; one whose lines were all taken back does not."""
    return (
        select(LedgerEntry.delivery_id)
        .where(*_counting(office_id, scheme_id, period), LedgerEntry.delivery_id.is_not(None))
        .group_by(LedgerEntry.delivery_id)
        .having(func.sum(queries.signed_quantity()) > 0)
    )


def _points(office_id: int, scheme_id: int, period: str) -> Mapping[PointState, int]:
    """Publications by the state of their point; one that counts for several components is one."""
    rows = db.session.execute(
        select(Point.state, func.count())
        .where(Point.delivery_id.in_(_standing(office_id, scheme_id, period)))
        .group_by(Point.state)
    )
    return dict.fromkeys(PointState, 0) | {row[0]: row[1] for row in rows}


def _gone(office_id: int, scheme_id: int, period: str) -> Select[int]:
    """Live publications whose address is gone; those that somebody questions already are asked about there,
    and those that were taken out of the count no longer matter.
    """
    return (
        select(Delivery.id)
        .join(LedgerEntry, LedgerEntry.delivery_id == Delivery.id)
        .join(Point, Point.delivery_id == Delivery.id)
        .where(
            *_counting(office_id, scheme_id, period),
            Delivery.state == DeliveryState.PUBLISHED,
            Delivery.link_state == LinkState.GONE,
            Point.state.not_in((PointState.DISPUTED, PointState.REVERSED)),
        )
        .distinct()
    )


def _links_gone(office_id: int, scheme_id: int, period: str) -> int:
    gone = _gone(office_id, scheme_id, period).subquery()
    return db.session.scalar(select(func.count()).select_from(gone)) or 0


def _due(office_id: int, bounds: tuple[datetime, datetime], states: Collection[DeliveryState]) -> Any:
    """SQL conditions on Delivery and Post: present deliveries of posts that were due in the period."""
    due = func.coalesce(Post.scheduled_at, Delivery.created_at)
    return (
        Delivery.office_id == office_id,
        Delivery.state.in_(states),
        Post.generation == Delivery.generation,
        Post.removed_at.is_(None),
        due >= bounds[0],
        due < bounds[1],
    )


def _deliveries(office_id: int, bounds: tuple[datetime, datetime]) -> Mapping[DeliveryState, int]:
    """The present deliveries of posts that were due in the period, by state."""
    states = [state for group in _DELIVERIES.values() for state in group]
    rows = db.session.execute(
        select(Delivery.state, func.count())
        .join(Post, Post.id == Delivery.post_id)
        .where(*_due(office_id, bounds, states))
        .group_by(Delivery.state)
    )
    return {row[0]: row[1] for row in rows}


def asks_about(office: Unit, scheme: ScoreScheme, period: Period, code: str) -> Select[Any]:
    """The ids of the publications that a question is about, as many as its number says. Raises NotFound for a code that
    is about none.
    """
    of = (office.id, scheme.id, period.key)
    if code in _POINTS:
        return select(Point.delivery_id).where(
            Point.state == _POINTS[code], Point.delivery_id.in_(_standing(*of))
        )
    if code == "link_gone":
        return _gone(*of)
    if code in _DELIVERIES:
        bounds = period.utc_bounds(zone(office.zone_name))
        return (
            select(Delivery.id)
            .join(Post, Post.id == Delivery.post_id)
            .where(*_due(office.id, bounds, _DELIVERIES[code]))
        )
    raise NotFound


def _of_components(standing: Standing) -> Iterable[Question]:
    """A component that is only shown, at weight 0, is nothing to ask about; a gate always is."""
    asked = [
        row for row in standing.components
        if row.component.weight > 0 or row.component.kind is ComponentKind.GATE
    ]  # fmt: skip
    without = [
        r.component.label for r in asked if r.result.outcome in (Outcome.NO_TARGET, Outcome.ZERO_TARGET)
    ]
    silent = [
        r.component.label for r in asked
        if r.result.outcome is Outcome.NO_DATA and not r.component.kind.counts_posts
    ]  # fmt: skip
    yield Question("targets", len(without), tuple(without))
    yield Question("measurements", len(silent), tuple(silent))
