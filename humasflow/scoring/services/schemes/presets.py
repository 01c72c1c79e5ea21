"""A scheme that begins as a bundled one. Target counts are never bundled: the office sets them from its letter."""

from humasflow.audit import services as audit
from humasflow.orgs.models import Unit
from humasflow.scoring.models import SchemeVersion
from humasflow.scoring.presets import Preset
from humasflow.scoring.services.schemes.creating import create_scheme
from humasflow.scoring.services.schemes.drafting import start_draft
from humasflow.scoring.services.schemes.specs import ComponentSpec, RulesSpec


def start_from_preset(
    office: Unit,
    preset: Preset,
    *,
    actor: audit.Actor | None,
    name: str,
    legal_basis: str = "",
    channel_kind: str = "",
) -> SchemeVersion:
    """A new scheme whose draft is a preset. ``channel_kind``: the platform, where the preset is for one at a time
    (ValueError without one). Flushes.
    """
    if preset.per_channel and not channel_kind:
        raise ValueError(f"{preset.code} is for one channel at a time")
    scheme = create_scheme(
        office.id, actor=actor, name=name, issuer=preset.issuer, legal_basis=legal_basis or preset.legal_basis,
        period_type=preset.period_type, preset=preset.code,
    )  # fmt: skip
    specs = [
        ComponentSpec(
            label=c.label, weight=c.weight, kind=c.kind, cap=c.cap, polarity=c.polarity,
            partial_credit=c.partial_credit, parameters=c.parameters, content_types=c.content_types,
            channel_kinds=[channel_kind] if preset.per_channel else c.channel_kinds,
        )
        for c in preset.components
    ]  # fmt: skip
    rules = RulesSpec(
        preset.rounding, preset.total_cap, preset.consolidation, preset.conversion, preset.bands
    )
    return start_draft(scheme, actor=actor, components=specs, rules=rules)
