"""One scheme of all nine kinds, from the builder in the browser to the last decimal of the standing."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.outbox.runner import run_due
from humasflow.scoring import queries
from humasflow.scoring.calculation import (
    ChecklistFacts,
    Facts,
    GateFacts,
    GrowthFacts,
    RankFacts,
    RateFacts,
    RoundingRule,
    RubricFacts,
)
from humasflow.scoring.recomputation import differences
from humasflow.scoring.services.measuring import Basis, record_measurement
from humasflow.scoring.services.targets import set_target
from humasflow.scoring.services.verification import verify_point
from humasflow.scoring.standing import get_standing
from tests.factories.publications import live_post
from tests.factories.world import World
from tests.support.page import Browser

BrowserOf = Callable[[object], Browser]
pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
TW1 = Quarter(2026, 1)

TYPED: list[tuple[str, dict[str, str]]] = [
    ("count_ratio", {"label": "Jumlah", "weight": "20"}),
    ("points", {"label": "Poin", "weight": "15", "points-0-points": "2,5"}),
    ("cadence", {"label": "Irama", "weight": "10", "minimum": "1"}),
    ("checklist", {"label": "Profil", "weight": "10", "items": "Alamat\nLayanan"}),
    ("rubric", {"label": "Mutu", "weight": "10"}),
    ("rate", {"label": "Keterlibatan", "weight": "10", "formula": "by_reach"}),
    ("growth", {"label": "Pengikut", "weight": "10", "what": "pengikut"}),
    ("rank", {"label": "Peringkat", "weight": "15", "rank_formula": "behind"}),
    ("gate", {"label": "Terdaftar", "weight": "0", "question": "Terdaftar?"}),
]
MEASURED: dict[str, Facts] = {
    "profil": ChecklistFacts({"alamat": 2, "layanan": 1}),
    "mutu": RubricFacts((Decimal("87.5"),)),
    "keterlibatan": RateFacts(Decimal(12), Decimal(300)),
    "pengikut": GrowthFacts(Decimal(900), Decimal(1000)),
    "peringkat": RankFacts(19, 87),
    "terdaftar": GateFacts(passed=True),
}
VALUES = {
    "jumlah": Fraction(50),  # 1 of 2
    "poin": Fraction(50),  # 2.5 of 5
    "irama": Fraction(100, 13),  # one of the thirteen weeks
    "profil": Fraction(75),  # 3 of 4
    "mutu": Fraction("87.5"),
    "keterlibatan": Fraction(80),  # 4 % against 5 %
    "pengikut": Fraction(100, 9) * 100 / 20,
    "peringkat": Fraction(100 * 69, 87),
    "terdaftar": Fraction(100),
}


def test_all_nine_kinds_from_the_builder_to_the_standing(
    world: World, browser_of: BrowserOf, at: Any
) -> None:
    with at("2026-04-05T02:00Z"):
        verify_point(live_post(world, at="2026-02-10T02:00Z"), actor=world.as_(world.lead))
        db.session.commit()
        browser = browser_of(world.admin)
        new = "/pengaturan/skema/baru"
        made = browser.post(new, browser.get(new).form() | {"start": "kosong", "name": "Sembilan"})
        base = made.location
        for kind, typed in TYPED:
            url = f"{base}/komponen?jenis={kind}"
            browser.post(url, browser.get(url).form() | typed, status=303)
        step = browser.get(f"{base}/berlakukan")
        browser.post(
            f"{base}/berlakukan", step.form() | {"effective_from": TW1.key, "note": "ND-9/2026"}, status=303
        )
        run_due()
        scheme = queries.list_schemes(world.office.id)[0]
        for key, value in (("jumlah", 2), ("poin", 5), ("keterlibatan", 5), ("pengikut", 20)):
            set_target(
                scheme,
                actor=world.admin,
                component_key=key,
                period=TW1,
                value=Decimal(value),
                letter="ND-9/2026",
            )
        for key, facts in MEASURED.items():
            record_measurement(
                scheme, key, TW1, actor=world.as_(world.lead), facts=facts, basis=Basis(note="Dilihat.")
            )
        db.session.commit()

        standing = get_standing(world.office, TW1)
        assert standing is not None
        assert {c.key: c.result.exact_value for c in standing.components} == VALUES
        weights = {typed["label"].lower(): Fraction(typed["weight"]) for _kind, typed in TYPED}
        expected = sum((weights[key] * value / 100 for key, value in VALUES.items()), Fraction(0))
        assert standing.total.exact_value == expected
        assert standing.total.value == RoundingRule.HALF_UP_2.apply(expected) == Decimal("59.97")
        assert list(differences()) == []

        reader = browser_of(world.lead)
        page = reader.get(f"/capaian/?skema={scheme.id}&periode={TW1.key}")
        assert "59,97" in page.main
        for key in VALUES:
            reader.get(f"/capaian/komponen/{key}?skema={scheme.id}&periode={TW1.key}")
        read = reader.get(f"/pengaturan/skema/{scheme.id}")
        for _kind, typed in TYPED:
            assert f"{typed['label']}:" in read.main
        following = browser.follow(
            browser.post(f"/pengaturan/skema/{scheme.id}/konsep", read_form(browser, scheme.id))
        )
        trial = browser.get(f"{following.link('Coba pada publikasi nyata')}?periode={TW1.key}")
        assert trial.main.count("59,97") == 2  # the same rules, the same publications, the same number


def read_form(browser: Browser, scheme_id: int) -> dict[str, str]:
    return browser.get(f"/pengaturan/skema/{scheme_id}").form("konsep")
