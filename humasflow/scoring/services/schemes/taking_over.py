"""An office takes over the scheme of an office above it, so that the two can be compared."""

from dataclasses import replace

from flask_babel import gettext as _

from humasflow.audit import services as audit
from humasflow.channels.queries import list_kinds
from humasflow.core.errors import NotFound
from humasflow.orgs.models import Unit
from humasflow.planning.queries import list_content_types
from humasflow.scoring import queries
from humasflow.scoring.models import SchemeVersion, ScoreScheme
from humasflow.scoring.services.schemes.creating import create_scheme
from humasflow.scoring.services.schemes.drafting import start_draft
from humasflow.scoring.services.schemes.specs import ComponentSpec, rules_of, spec_of_component


def take_over(office: Unit, origin: ScoreScheme, *, actor: audit.Actor, name: str = "") -> SchemeVersion:
    """A scheme of this office with the newest rules of ``origin`` as its draft. UserError when the office has a scheme
    of that name, also this one already; NotFound when ``origin`` does not belong to an office above, or has no rules
    yet. Flushes.

    What only the other office has (its accounts, pillars, campaigns and sections) cannot be taken over; the draft's
    note says which components lost such a selection. Codes of content types and channels mean the same everywhere.
    """
    source = queries.newest_version(origin)
    if source is None or origin.id not in {s.id for s in queries.list_schemes_above(office)}:
        raise NotFound
    scheme = create_scheme(
        office.id, actor=actor, name=name or origin.name, issuer=origin.issuer, legal_basis=origin.legal_basis,
        period_type=origin.period_type, preset=origin.preset, origin_id=origin.id,
    )  # fmt: skip
    specs = [spec_of_component(component) for component in source.components]
    return start_draft(
        scheme, actor=actor, components=[_own(spec) for spec in specs], rules=rules_of(source),
        note=_note(specs, office),
    )  # fmt: skip


def _own(spec: ComponentSpec) -> ComponentSpec:
    return replace(spec, account_ids=(), pillar_ids=(), campaign_ids=(), section_ids=())


def _note(specs: list[ComponentSpec], office: Unit) -> str:
    lost = [s.label for s in specs if s.account_ids or s.pillar_ids or s.campaign_ids or s.section_ids]
    known = {t.code for t in list_content_types(office.id)} | {k.code for k in list_kinds(office.id)}
    unknown = sorted({code for s in specs for code in (*s.content_types, *s.channel_kinds)} - known)
    sentences = []
    if lost:
        sentences.append(
            _("Pilih lagi akun, pilar, kampanye, atau seksi untuk %(labels)s.", labels=", ".join(lost))
        )
    if unknown:
        sentences.append(_("Belum ada di kantor ini: %(codes)s.", codes=", ".join(unknown)))
    return " ".join(sentences)[:300]
