"""Recording a list of past publications: safe to repeat, every bad row named, good rows in or none."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels import queries as channels
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.channels.services import create_account
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.urls import NotHttpUrl, canonical_url
from humasflow.imports.enums import RowOutcome
from humasflow.imports.publication_list import COLUMNS, PastPublication, understand
from humasflow.imports.tables import Row, read_table
from humasflow.orgs.models import Unit
from humasflow.planning.models import ContentType
from humasflow.planning.queries import list_content_types
from humasflow.publishing.models import Delivery
from humasflow.publishing.services import (
    is_from_list,
    record_past_publication,
    retype_past_publication,
)
from humasflow.scoring.enums import PointState
from humasflow.scoring.queries import point_state_of
from humasflow.scoring.services.booking import closed_for
from humasflow.scoring.services.holding import hold_many
from humasflow.scoring.services.ledger import score_delivery
from humasflow.scoring.services.verification import confirm

# Lists say "website" for the pages of the ministry's portal; the own newsroom publishes by itself.
CHANNEL_ALIASES = {
    "website": "website_portal",
    "web": "website_portal",
    "portal": "website_portal",
    "twitter": "x",
}

AT_ONCE: Final = 500  # addresses asked for in one statement


@dataclass(frozen=True)
class Finding:
    """What became of one row: its line in the file, and why."""

    line: int
    outcome: RowOutcome
    title: str
    reason: str = ""


@dataclass
class ImportResult:
    """The whole list. ``kept`` is False when a bad row kept everything out (all or nothing)."""

    findings: list[Finding] = field(default_factory=list)
    accounts_made: list[str] = field(default_factory=list)
    kept: bool = True

    def count(self, outcome: RowOutcome) -> int:
        """Rows with this outcome."""
        return sum(f.outcome is outcome for f in self.findings)

    @property
    def added(self) -> int:
        """Rows recorded by this run."""
        return self.count(RowOutcome.ADDED)

    @property
    def known(self) -> int:
        """Rows that were recorded before."""
        return self.count(RowOutcome.KNOWN) + self.vouched + self.corrected

    @property
    def vouched(self) -> int:
        """Rows that were recorded before and are verified by this run."""
        return self.count(RowOutcome.VOUCHED)

    @property
    def corrected(self) -> int:
        """Rows that were recorded before as another type."""
        return self.count(RowOutcome.CORRECTED)

    @property
    def noted(self) -> list[Finding]:
        """Rows that were known, of which something is to be said, in the order of the file."""
        return [f for f in self.findings if f.outcome is not RowOutcome.REFUSED and f.reason]

    @property
    def refused(self) -> list[Finding]:
        """Rows that could not be taken, in the order of the file."""
        return [f for f in self.findings if f.outcome is RowOutcome.REFUSED]


def import_publications(
    data: bytes,
    *,
    office: Unit,
    actor: Principal | None,
    verified_by: Principal | None = None,
    document: str = "",
    all_or_nothing: bool = False,
) -> ImportResult:
    """Record the publications of a list with their evidence addresses. Flushes; nothing stays when not ``kept``.

    With ``verified_by`` that person takes responsibility, and ``document`` names what vouches for it: the publications
    count as verified. Without, they wait for verification.
    """
    if verified_by is not None and not document.strip():
        raise UserError(
            _("Sebutkan dokumen yang mendasari verifikasi, contohnya nota dinas beserta nomornya.")
        )
    rows = read_table(data, COLUMNS)
    result = ImportResult()
    taking = _Taking(office, actor, verified_by, document.strip(), result)
    _hold_known(office, rows)
    with db.session.begin_nested() as savepoint:
        for row in rows:
            result.findings.append(taking.take(row))
        if all_or_nothing and result.refused:
            result.kept = False
            savepoint.rollback()
    if not result.kept:
        db.session.expire_all()
        return result
    if result.added or result.vouched or result.corrected:
        audit.record(
            AuditAction.IMPORT_RECORDED,
            ("unit", office.id),
            office_id=office.id,
            actor=actor or verified_by,
            added=result.added,
            known=result.known,
            corrected=result.corrected,
            refused=len(result.refused),
            document=document,
        )
    return result


def _hold_known(office: Unit, rows: Sequence[Row]) -> None:
    """What the list tells of again is held before anything is recorded: nobody who decides about one of them at this
    moment waits for the record, which is ours by then, while we wait for them.
    """
    addresses = set()
    for row in rows:
        understood = understand(row, now=clock.now())
        if isinstance(understood, PastPublication):
            with suppress(NotHttpUrl):  # said of its row, further down
                addresses.add(canonical_url(understood.url))
    known: list[int] = []
    wanted = sorted(addresses)
    for start in range(0, len(wanted), AT_ONCE):
        some = Delivery.canonical_url.in_(wanted[start : start + AT_ONCE])
        known += db.session.scalars(select(Delivery.id).where(Delivery.office_id == office.id, some))
    if known:
        hold_many(known)


class _Taking:
    """One run over a list, with what it looked up before."""

    def __init__(
        self,
        office: Unit,
        actor: Principal | None,
        verified_by: Principal | None,
        document: str,
        result: ImportResult,
    ) -> None:
        self.office, self.actor, self.verified_by, self.document = office, actor, verified_by, document
        self.result = result
        self.kinds = _by_words(channels.list_kinds(office.id))
        self.types = _types_by_words(list_content_types(office.id))
        self.seen: set[int] = set()
        self.accounts = {a.kind_id: a for a in reversed(channels.list_accounts(office.id))}

    def take(self, row: Row) -> Finding:
        """Record one row, or say why not."""
        understood = understand(row, now=clock.now())
        title = row.cells["judul"][:200]
        if isinstance(understood, list):
            return Finding(row.line, RowOutcome.REFUSED, title, "; ".join(understood))
        kind = self.kinds.get(CHANNEL_ALIASES.get(understood.channel.lower(), understood.channel.lower()))
        content_type = self.types.get(understood.content_type.lower())
        problems = []
        if kind is None:
            problems.append(_("kanal “%(name)s” tidak dikenal", name=understood.channel[:40]))
        if content_type is None:
            problems.append(_("jenis “%(name)s” tidak dikenal", name=understood.content_type[:40]))
        if kind is None or content_type is None:
            return Finding(row.line, RowOutcome.REFUSED, title, "; ".join(problems))
        try:
            with db.session.begin_nested():
                outcome, reason = self._record(understood, self._account(kind), content_type)
        except UserError as error:
            return Finding(row.line, RowOutcome.REFUSED, title, error.message)
        return Finding(row.line, outcome, title, reason)

    def _account(self, kind: ChannelKind) -> ChannelAccount:
        if kind.id not in self.accounts:
            self.accounts[kind.id] = create_account(
                self.office.id, actor=self.actor, kind=kind, name=kind.label
            )
            self.result.accounts_made.append(kind.label)
        return self.accounts[kind.id]

    def _record(
        self, row: PastPublication, account: ChannelAccount, content_type: ContentType
    ) -> tuple[RowOutcome, str]:
        """What became of the row, and what is to be said about it."""
        delivery, created = record_past_publication(
            actor=self.actor or self.verified_by, office=self.office, account=account, content_type=content_type,
            title=row.title, url=row.url, published_at=row.published_at, document=self.document,
        )  # fmt: skip
        if created:
            score_delivery(delivery)
        again, reason = delivery.id in self.seen, ""
        self.seen.add(delivery.id)
        corrected = False
        if not created and delivery.content_type_id != content_type.id:
            reason = self._why_not_correct(delivery, again=again)
            corrected = not reason and retype_past_publication(
                delivery, content_type, actor=self.actor or self.verified_by, document=self.document
            )
        vouched = self.verified_by is not None and self._vouch(delivery, self.verified_by)
        if created:
            return RowOutcome.ADDED, ""
        if corrected:
            return RowOutcome.CORRECTED, ""
        return (RowOutcome.VOUCHED if vouched else RowOutcome.KNOWN), reason

    def _why_not_correct(self, delivery: Delivery, *, again: bool) -> str:
        """Why a known publication stays what it is, although the row names another type; empty when it is corrected.

        Of two rows of one list the first counts, of two lists the later.
        """
        known = next((t.label for t in self.types.values() if t.id == delivery.content_type_id), "")
        if again:
            return _(
                "tautannya sudah ada di baris lain sebagai %(type)s; baris pertama yang dipakai", type=known
            )
        if not is_from_list(delivery):
            return _("tidak dicatat dari daftar; tetap dihitung sebagai %(type)s", type=known)
        if closed_for(delivery):
            return _("tetap dihitung sebagai %(type)s karena periodenya sudah ditutup", type=known)
        return ""

    def _vouch(self, delivery: Delivery, person: Principal) -> bool:
        """Confirm what nobody has judged yet; what was questioned or taken down stays for a person to decide, and what
        was closed as it is.
        """
        state = point_state_of([delivery.id]).get(delivery.id)
        if state is not PointState.LIVE_UNVERIFIED or closed_for(delivery):
            return False
        return confirm(delivery, actor=person, label=person.name, document=self.document) is not None


def _by_words(kinds: Sequence[ChannelKind]) -> Mapping[str, ChannelKind]:
    return {k.label.lower(): k for k in kinds} | {k.code: k for k in kinds}


def _types_by_words(types: Sequence[ContentType]) -> Mapping[str, ContentType]:
    return (
        {t.label.lower(): t for t in types}
        | {t.code: t for t in types}
        | {t.code.replace("_", " "): t for t in types}
    )
