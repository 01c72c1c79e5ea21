"""Publications from before: each becomes a live publication with its address as evidence. An address that is known
adds nothing; a list that says another type of it corrects it, where it may.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from humasflow.channels import queries as channels
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.channels.services import create_account
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.localtime import ZONE_LABELS
from humasflow.core.permissions import Permission
from humasflow.core.urls import NotHttpUrl, canonical_url, is_http_url
from humasflow.imports.kinds.base import Applied, Checked, Column, Context, Finding, Option, Outcome, Severity
from humasflow.imports.kinds.words import kinds_by_words, looks_like_formula, types_by_words
from humasflow.imports.values import read_moment, read_zone
from humasflow.orgs.models import Unit
from humasflow.planning.models import ContentType
from humasflow.planning.queries import list_content_types
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.publishing.services import is_from_list, retype_past_publication
from humasflow.publishing.services.past_many import (
    AT_ONCE,
    Past,
    Recorded,
    find_recorded,
    record_past_publications,
)
from humasflow.publishing.services.past_undo import undo_past_publications
from humasflow.scoring.enums import PointState
from humasflow.scoring.queries import point_state_of
from humasflow.scoring.services.booking import closed_for
from humasflow.scoring.services.holding import hold_many
from humasflow.scoring.services.past import confirm_past
from humasflow.scoring.services.past_undo import closed_among

_ZONES: Final = {label: name for name, label in ZONE_LABELS.items()}


@dataclass(frozen=True)
class PastPublication:
    """One row, understood. ``published_at`` in UTC; ``address`` in its canonical form."""

    published_at: datetime
    kind: ChannelKind
    content_type: ContentType
    title: str
    url: str
    address: str


@dataclass(frozen=True)
class Prepared:
    """What a run looks up: kinds of channels and content types by their words."""

    kinds: Mapping[str, ChannelKind]
    types: Mapping[str, ContentType]
    now: datetime


class Publications:
    """The kind."""

    code = "publications"
    label = _l("Publikasi yang sudah tayang")
    lead = _l("Daftar lama menjadi publikasi dengan bukti tayang, dan langsung dihitung dalam capaian.")
    permission = Permission.IMPORT_RUN
    chunk = AT_ONCE
    undone_at_once = 200
    columns = (
        Column(
            "tanggal_tayang", _l("Tanggal tayang"),
            ("tanggal tayang", "tanggal", "tgl", "tgl tayang", "waktu", "waktu tayang", "tanggal dan waktu",
             "tanggal publikasi", "tanggal terbit", "tgl terbit", "tanggal upload", "tanggal unggah", "published",
             "date", "publish date"),
            is_required=True, example="31-01-2026 09.00",
            hint=_l("Dengan atau tanpa jam; tanpa jam dibaca pukul 12.00."),
        ),
        Column(
            "zona", _l("Zona waktu"), ("zona", "zona waktu", "zone", "timezone"), is_required=True, example="WIB",
            hint=_l("WIB, WITA, atau WIT."),
        ),
        Column(
            "kanal", _l("Kanal"), ("kanal", "media", "channel", "platform", "saluran", "media sosial", "medsos"),
            is_required=True, example="Instagram",
        ),
        Column(
            "jenis", _l("Jenis konten"),
            ("jenis", "jenis konten", "kategori", "jenis berita", "jenis publikasi", "type"),
            is_required=True, example="Berita terbaru",
        ),
        Column(
            "judul", _l("Judul"), ("judul", "judul berita", "judul konten", "judul publikasi", "caption", "title"),
            is_required=True, example="Lelang berjalan tertib", hint=_l("Paling panjang 200 karakter."),
        ),
        Column(
            "url", _l("Tautan"),
            ("url", "tautan", "link", "alamat", "link berita", "tautan berita", "link publikasi", "permalink"),
            is_required=True, example="https://kantor.example/berita/1",
        ),
    )  # fmt: skip
    options = (
        Option(
            "vouched", _l("Saya sudah mencocokkan daftar ini; catat sebagai terverifikasi atas nama saya"),
            _l("Tanpa ini, publikasi dicatat sebagai belum diverifikasi."), is_flag=True,
        ),
        Option(
            "document", _l("Dokumen dasar"),
            _l("Perlu diisi bila dicatat sebagai terverifikasi, contohnya ND-41/KPKN.01/2026."),
        ),
    )  # fmt: skip

    def why_not(self, context: Context) -> str:
        """Who vouches for a list names what it rests on."""
        if context.options.get("vouched") and not context.options.get("document", "").strip():
            return _("Sebutkan dokumen yang mendasari verifikasi, contohnya nota dinas beserta nomornya.")
        return ""

    def guess_defaults(self, office: Unit) -> Mapping[str, str]:
        """A list without zones is of the office's own clock."""
        return {"zona": office.zone_label}

    def choices(self, office: Unit) -> Mapping[str, Sequence[str]]:
        """Channels and content types by their labels."""
        return {
            "zona": sorted(_ZONES),
            "kanal": ["Website", *(k.label for k in channels.list_kinds(office.id))],
            "jenis": [t.label for t in list_content_types(office.id)],
        }

    def prepare(self, context: Context) -> Prepared:
        """Two statements."""
        return Prepared(
            kinds_by_words(channels.list_kinds(context.office.id)),
            types_by_words(list_content_types(context.office.id)),
            clock.now(),
        )

    def check(
        self, line: int, cells: Mapping[str, str], context: Context, prepared: Prepared
    ) -> Checked[PastPublication]:
        """Understand a row."""
        found: list[Finding] = []

        def bad(column: str, message: str) -> None:
            found.append(Finding(column, Severity.ERROR, message))

        at = _instant(cells["tanggal_tayang"], cells["zona"], bad)
        if at is not None and at > prepared.now:
            bad("tanggal_tayang", _("tanggal tayang ada di masa depan"))
        title = cells["judul"]
        if not title:
            bad("judul", _("judul kosong"))
        elif looks_like_formula(title):
            bad("judul", _("judul diawali “%(sign)s” seperti rumus", sign=title[0]))
        elif len(title) > 200:
            bad("judul", _("judul lebih dari 200 karakter"))
        address = ""
        try:
            address = canonical_url(cells["url"]) if is_http_url(cells["url"]) else ""
        except NotHttpUrl:
            address = ""
        if not address:
            bad("url", _("tautan kosong atau bukan alamat web"))
        kind = prepared.kinds.get(cells["kanal"].lower())
        content_type = prepared.types.get(cells["jenis"].lower())
        if kind is None:
            bad("kanal", _unknown("kanal", cells["kanal"]))
        if content_type is None:
            bad("jenis", _unknown("jenis", cells["jenis"]))
        if found or at is None or kind is None or content_type is None:
            return Checked(line, None, tuple(found))
        return Checked(
            line, PastPublication(at, kind, content_type, title, cells["url"], address), (), same_as=address
        )

    def compare(
        self, rows: Sequence[Checked[PastPublication]], context: Context, prepared: Prepared
    ) -> Mapping[int, Sequence[Finding]]:
        """What is recorded already, and as what. Two statements."""
        known = find_recorded(context.office.id, [r.value.address for r in rows if r.value])
        held = {d.id: d for d in _deliveries(known.values())}
        labels = {t.id: t.label for t in prepared.types.values()}
        told: dict[int, list[Finding]] = {}
        for row in rows:
            delivery = held.get(known.get(row.value.address, 0)) if row.value else None
            if row.value is None or delivery is None:
                continue
            if delivery.content_type_id == row.value.content_type.id:
                found = Finding("", Severity.NOTE, _("sudah tercatat"))
            elif is_from_list(delivery):
                label = labels.get(delivery.content_type_id, "")
                found = Finding(
                    "jenis", Severity.NOTE, _("sudah tercatat sebagai %(type)s; jenisnya akan dibetulkan", type=label)
                )  # fmt: skip
            else:
                label = labels.get(delivery.content_type_id, "")
                found = Finding(
                    "jenis", Severity.WARNING,
                    _("tidak dicatat dari daftar; tetap dihitung sebagai %(type)s", type=label),
                )  # fmt: skip
            told[row.line] = [found]
        return told

    def apply(
        self, rows: Sequence[Checked[PastPublication]], context: Context, prepared: Prepared
    ) -> Sequence[Applied]:
        """Record what is new, correct what is known, and confirm both for whoever vouches."""
        document = context.options.get("document", "").strip()[:200]
        values = [(row.line, row.value) for row in rows if row.value is not None]
        # What the list tells of again is held before anything is recorded: nobody who decides about one of them at this
        # moment waits for the record, which is ours by then, while we wait for them.
        known = find_recorded(context.office.id, [v.address for _line, v in values])
        if known:
            hold_many(known.values())
        accounts = {a.kind_id: a for a in reversed(channels.list_accounts(context.office.id))}
        wanted = [
            Past(_account(v.kind, accounts, context), v.content_type, v.title, v.url, v.published_at)
            for _line, v in values
        ]
        recorded = record_past_publications(
            wanted, actor=context.actor, office=context.office, document=document
        )
        corrected, reasons = self._correct(values, recorded, context, prepared, document)
        vouched: set[int] = set()
        if context.options.get("vouched"):
            vouched = confirm_past(
                context.office.id, [r.delivery_id for r in recorded], actor=context.actor,
                label=context.actor.name, document=document,
            )  # fmt: skip
        return [
            _outcome(line, entry, corrected.get(entry.delivery_id), reasons.get(line, ""), entry.delivery_id in vouched)
            for (line, _value), entry in zip(values, recorded, strict=True)
        ]  # fmt: skip

    def _correct(
        self, values: Sequence[tuple[int, PastPublication]], recorded: Sequence[Recorded], context: Context,
        prepared: Prepared, document: str,
    ) -> tuple[dict[int, int], dict[int, str]]:  # fmt: skip
        """The type that each corrected publication had before, and why others keep theirs, by line."""
        known = [
            (line, v, r.delivery_id) for (line, v), r in zip(values, recorded, strict=True) if not r.is_new
        ]
        held = {d.id: d for d in _deliveries([id_ for _line, _v, id_ in known])}
        labels = {t.id: t.label for t in prepared.types.values()}
        before: dict[int, int] = {}
        reasons: dict[int, str] = {}
        for line, value, id_ in known:
            delivery = held[id_]
            if delivery.content_type_id == value.content_type.id:
                continue
            was = delivery.content_type_id
            if not is_from_list(delivery):
                reasons[line] = _(
                    "tidak dicatat dari daftar; tetap dihitung sebagai %(type)s", type=labels.get(was, "")
                )
            elif closed_for(delivery):
                reasons[line] = _(
                    "tetap dihitung sebagai %(type)s karena periodenya sudah ditutup",
                    type=labels.get(was, ""),
                )
            elif retype_past_publication(
                delivery, value.content_type, actor=context.actor, document=document
            ):
                before[id_] = was
        return before, reasons

    def take_back(self, applied: Sequence[Applied], context: Context) -> Mapping[int, str]:
        """Publications that were made are withdrawn, corrected types go back, unless something was decided since."""
        ids = [a.subject[1] for a in applied if a.subject]
        hold_many(ids)
        points, closed = point_state_of(ids), closed_among(context.office.id, ids)
        held = {d.id: d for d in _deliveries(ids)}
        types = {t.id: t for t in list_content_types(context.office.id, with_inactive=True)}
        stays: dict[int, str] = {}
        going: dict[int, int] = {}  # lines by their publications
        for row in applied:
            delivery = held.get(row.subject[1]) if row.subject else None
            if delivery is None or delivery.state is DeliveryState.RETRACTED:
                continue
            if delivery.id in closed:
                stays[row.line] = _("periodenya sudah ditutup")
            elif row.outcome is Outcome.CHANGED:
                if why := _take_change_back(row, delivery, types, context):
                    stays[row.line] = why
            elif points.get(delivery.id) is PointState.VERIFIED and not row.undo.get("vouched"):
                stays[row.line] = _("sudah diverifikasi")
            else:
                going[delivery.id] = row.line
        gone = undo_past_publications(
            going, office_id=context.office.id, actor=context.actor, reason=_("Impornya dibatalkan.")
        )
        stays |= {
            line: _("sudah dikerjakan lebih lanjut di sini") for id_, line in going.items() if id_ not in gone
        }
        return stays


def _unknown(column: str, word: str) -> str:
    if not word:
        return _("kanal kosong") if column == "kanal" else _("jenis kosong")
    if column == "kanal":
        return _("kanal “%(name)s” tidak dikenal", name=word[:40])
    return _("jenis “%(name)s” tidak dikenal", name=word[:40])


def _instant(text: str, zone: str, bad: Any) -> datetime | None:
    label = zone.strip().upper() or read_zone(text)
    name = _ZONES.get(label)
    if name is None:
        bad(
            "zona",
            _("zona “%(zone)s” bukan WIB, WITA, atau WIT", zone=zone[:20])
            if label
            else _("zona kosong; isi WIB, WITA, atau WIT"),
        )
    moment = read_moment(text)
    if moment is None:
        bad(
            "tanggal_tayang",
            _("tanggal “%(text)s” tidak ada di kalender", text=text[:30]) if text else _("tanggal kosong"),
        )
    if name is None or moment is None:
        return None
    return moment.replace(tzinfo=ZoneInfo(name)).astimezone(ZoneInfo("UTC"))


def _deliveries(ids: Any) -> Sequence[Delivery]:
    wanted = list(ids)
    return db.session.scalars(select(Delivery).where(Delivery.id.in_(wanted))).all() if wanted else []


def _account(kind: ChannelKind, accounts: dict[int, ChannelAccount], context: Context) -> ChannelAccount:
    if kind.id not in accounts:
        accounts[kind.id] = create_account(context.office.id, actor=context.actor, kind=kind, name=kind.label)
    return accounts[kind.id]


def _outcome(line: int, entry: Recorded, was: int | None, reason: str, vouched: bool) -> Applied:
    subject = ("delivery", entry.delivery_id)
    if entry.is_new:
        return Applied(line, Outcome.MADE, subject, undo={"vouched": vouched})
    if was is not None:
        return Applied(line, Outcome.CHANGED, subject, _("jenisnya dibetulkan"), {"type": was})
    if vouched:
        return Applied(line, Outcome.CHANGED, subject, reason or _("kini terverifikasi"), {"vouched": True})
    return Applied(line, Outcome.KNOWN, subject, reason)


def _take_change_back(
    row: Applied, delivery: Delivery, types: Mapping[int, ContentType], context: Context
) -> str:
    """Why it stays; empty when it went."""
    was = types.get(int(row.undo.get("type", 0)))
    if was is None:
        return _("verifikasinya tetap; tarik dari halaman publikasinya bila perlu")
    retype_past_publication(delivery, was, actor=context.actor)
    return ""


KIND = Publications()
