"""The bundled schemes: each begins a draft that is complete, names its source, and never brings a target count."""

from decimal import Decimal
from fractions import Fraction

import pytest

from humasflow.channels.presets.loader import content_types, platforms
from humasflow.core.db import db
from humasflow.scoring import queries
from humasflow.scoring.calculation import CountFacts, Goal, RubricFacts
from humasflow.scoring.completeness import problems_of
from humasflow.scoring.enums import ComponentKind, VersionState
from humasflow.scoring.models import Target
from humasflow.scoring.presets import get_preset, list_presets
from humasflow.scoring.services.schemes import start_from_preset
from humasflow.scoring.standing.evaluating import evaluate_version
from tests.factories.world import World

PRESETS = [preset.code for preset in list_presets()]


def draft_of(world: World, code: str):
    preset = get_preset(code)
    return start_from_preset(
        world.office, preset, actor=world.admin, name=preset.name,
        channel_kind="instagram" if preset.per_channel else "",
    )  # fmt: skip


def test_what_the_design_promises_is_bundled():
    assert set(PRESETS) == {
        "djkn_situs", "djkn_media_sosial", "iku", "iki_2021", "irama_mingguan", "poin_jenis_kanal", "predikat_kip",
    }  # fmt: skip


@pytest.mark.parametrize("code", PRESETS)
def test_each_names_its_source_and_codes_that_exist(code):
    preset = get_preset(code)
    types = {t.code for t in content_types()}
    kinds = set(platforms())

    assert preset.source and preset.summary
    for component in preset.components:
        assert set(component.content_types) <= types
        assert set(component.channel_kinds) <= kinds


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
@pytest.mark.parametrize("code", PRESETS)
def test_each_begins_a_complete_draft_without_a_target(world: World, code):
    version = draft_of(world, code)

    assert version.state is VersionState.DRAFT
    assert problems_of(version) == []
    assert version.scheme.preset == code
    assert db.session.query(Target).count() == 0
    assert queries.version_at(version.scheme, version.effective_from) is None  # a draft never counts


@pytest.mark.usefixtures("in_request")
def test_the_website_is_weighed_10_60_20_10_and_67_exists(world: World):
    version = draft_of(world, "djkn_situs")
    facts = dict(zip((c.key for c in version.components), map(CountFacts, (3, 47, 0, 1)), strict=True))
    goals = dict(
        zip(facts, (Goal(Fraction(n)) for n in (3, 60, 3, 1)), strict=True)
    )  # 3 of 3, 47 of 60, 0 of 3, 1 of 1

    assert [c.weight for c in version.components] == [10, 60, 20, 10]
    assert str(evaluate_version(version, facts, goals).total.value) == "67.00"
    twice = {key: CountFacts(2 * goals[key].value) for key in goals}
    assert str(evaluate_version(version, twice, goals).total.value) == "100.00"


@pytest.mark.usefixtures("in_request")
def test_a_platform_is_80_quantity_and_20_quality(world: World):
    version = draft_of(world, "djkn_media_sosial")
    count, quality = version.components

    assert (count.weight, count.kind, count.channel_kinds) == (80, ComponentKind.COUNT_RATIO, ["instagram"])
    assert (quality.weight, quality.kind, quality.channel_kinds) == (20, ComponentKind.RUBRIC, ["instagram"])
    with pytest.raises(ValueError, match="one channel"):
        start_from_preset(world.office, get_preset("djkn_media_sosial"), actor=None, name="x")


@pytest.mark.usefixtures("in_request")
@pytest.mark.parametrize(
    ("realised", "target", "shown"),
    [(93, 95, "88.00"), (85, 85, "109.00"), (112, 100, "120.00"), (70, 100, "60.00"), (105, 100, None)],
)
def test_the_conversion_of_2021_is_bundled_as_it_was_printed(world: World, realised, target, shown):
    version = draft_of(world, "iki_2021")
    key = version.components[0].key
    total = evaluate_version(version, {key: CountFacts(realised)}, {key: Goal(Fraction(target))}).total

    assert (None if total.value is None else str(total.value)) == shown
    assert (
        "lengkapi" in get_preset("iki_2021").remark
    )  # one point of 100–110 is known, the rest is not guessed


@pytest.mark.usefixtures("in_request")
def test_the_highest_target_that_can_be_reached_brings_120(world: World):
    version = draft_of(world, "iki_2021")
    component = version.components[0]
    component.parameters = {"maximum": "100"}
    total = evaluate_version(
        version, {component.key: CountFacts(100)}, {component.key: Goal(Fraction(100))}
    ).total

    assert total.value == 120


@pytest.mark.usefixtures("in_request")
@pytest.mark.parametrize(
    ("mark", "band"), [("90", "Informatif"), ("89.95", "Menuju Informatif"), ("39.9", "Tidak Informatif")]
)
def test_the_bands_of_disclosure(world: World, mark, band):
    version = draft_of(world, "predikat_kip")
    key = version.components[0].key
    total = evaluate_version(version, {key: RubricFacts((Decimal(mark),))}, {}).total

    assert total.band.label == band
