"""Bundled schemes: what an office may begin with, each with where it comes from.

A preset is data (one TOML file) and is copied into a draft; afterwards the draft is right. It holds rules only: a
target count is never bundled, because it comes from the letter that an office got.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from humasflow.core.periods import PeriodType
from humasflow.scoring.calculation import RoundingRule
from humasflow.scoring.enums import ComponentKind, Consolidation, Polarity

PACKAGE = "humasflow.scoring.presets"
ORDER = (
    "djkn_situs", "djkn_media_sosial", "irama_mingguan", "poin_jenis_kanal", "iku", "iki_2021", "predikat_kip",
)  # fmt: skip


class PresetError(ValueError):
    """A bundled file is not what it should be; the message names it."""


@dataclass(frozen=True)
class PresetComponent:
    """One component as it is bundled. In a preset for one platform it counts or judges what is on that platform."""

    label: str
    weight: Decimal
    kind: ComponentKind
    cap: Decimal | None = Decimal(100)
    polarity: Polarity = Polarity.MAXIMISE
    partial_credit: bool = True
    parameters: Mapping[str, Any] = field(default_factory=dict)
    content_types: tuple[str, ...] = ()
    channel_kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preset:
    """A bundled scheme. ``source``: where its rules were read; ``remark``: what an office has to complete itself.

    ``per_channel``: it is for one platform at a time, which the person chooses.
    """

    code: str
    name: str
    summary: str
    source: str
    issuer: str = ""
    legal_basis: str = ""
    remark: str = ""
    period_type: PeriodType = PeriodType.QUARTER
    per_channel: bool = False
    rounding: RoundingRule = RoundingRule.HALF_UP_2
    total_cap: Decimal | None = None
    consolidation: Consolidation = Consolidation.AVERAGE
    conversion: Mapping[str, Any] = field(default_factory=dict)
    bands: tuple[Mapping[str, Any], ...] = ()
    components: tuple[PresetComponent, ...] = ()


@cache
def list_presets() -> tuple[Preset, ...]:
    """All of them, in the order in which they are offered."""
    return tuple(_read(code) for code in ORDER)


def get_preset(code: str) -> Preset | None:
    """One by its code, or None."""
    return next((preset for preset in list_presets() if preset.code == code), None)


def _read(code: str) -> Preset:
    data = tomllib.loads(files(PACKAGE).joinpath(f"{code}.toml").read_text("utf-8"), parse_float=Decimal)
    try:
        return Preset(
            code=code,
            name=data["name"],
            summary=data["summary"],
            source=data["source"],
            issuer=data.get("issuer", ""),
            legal_basis=data.get("legal_basis", ""),
            remark=data.get("remark", ""),
            period_type=PeriodType(data.get("period_type", "quarter")),
            per_channel=data.get("per_channel", False),
            rounding=RoundingRule(data.get("rounding", RoundingRule.HALF_UP_2)),
            total_cap=_cap(data.get("total_cap", "none")),
            consolidation=Consolidation(data.get("consolidation", Consolidation.AVERAGE)),
            conversion=data.get("conversion", {}),
            bands=tuple(data.get("bands", ())),
            components=tuple(_component(item) for item in data["components"]),
        )
    except (KeyError, ValueError, ArithmeticError) as error:
        raise PresetError(f"{code}.toml: {error}") from error


def _component(item: Mapping[str, Any]) -> PresetComponent:
    return PresetComponent(
        label=item["label"],
        weight=Decimal(item["weight"]),
        kind=ComponentKind(item["kind"]),
        cap=_cap(item.get("cap", 100)),
        polarity=Polarity(item.get("polarity", Polarity.MAXIMISE)),
        partial_credit=item.get("partial_credit", True),
        parameters=item.get("parameters", {}),
        content_types=tuple(item.get("content_types", ())),
        channel_kinds=tuple(item.get("channel_kinds", ())),
    )


def _cap(value: Any) -> Decimal | None:
    return None if value == "none" else Decimal(value)
