"""The page that tries a draft: what was typed goes along to the period before and after, what is set there does not."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.scoring.enums import Polarity
from humasflow.scoring.services import schemes
from humasflow.scoring.services.schemes import ComponentSpec
from tests.factories.scoring import make_scheme, set_targets
from tests.factories.world import World
from tests.support.page import Browser, Page

BrowserOf = Callable[[object], Browser]


@pytest.fixture
def trial(world: World, in_request: None) -> str:
    """The address of a trial of rules with a range beside a plain target; of the latter some are set already."""
    scheme = make_scheme(world)
    set_targets(scheme, world, "2026-TW1", berita_terbaru=60)
    set_targets(scheme, world, "2026-TW2", berita_terbaru=80)
    draft = schemes.start_draft(scheme, actor=world.admin)
    schemes.save_component(
        draft, ComponentSpec("Rentang", Decimal(0), polarity=Polarity.STABILISE), actor=world.admin
    )
    db.session.commit()
    return f"/pengaturan/skema/konsep/{draft.id}/coba"


def arrow(page: Page, name: str) -> str:
    link = page.soup.select_one(f'a[aria-label="Periode {name}"]')
    assert link is not None
    return str(link["href"])


def asked(url: str) -> dict[str, str]:
    return {
        name: values[-1] for name, values in parse_qs(urlsplit(url).query, keep_blank_values=True).items()
    }


def test_targets_that_were_typed_go_along_both_ways(trial: str, world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.admin)
    form = browser.get(f"{trial}?periode=2026-TW1").form()
    typed = {"sasaran-artikel-value": "2,5", "sasaran-rentang-value": "80", "sasaran-rentang-upper": "90"}
    page = browser.get(trial, query_string=form | typed | {"semua": "1"})
    for name, period in (("berikutnya", "2026-TW2"), ("sebelumnya", "2025-TW4")):
        url = arrow(page, name)
        assert asked(url) == {"periode": period, "semua": "1"} | typed
        there = browser.get(url)
        found = there.form()
        assert {key: found[key] for key in typed} == typed and found["semua"] == "1"
    back = browser.get(arrow(browser.get(arrow(page, "berikutnya")), "sebelumnya"))
    assert {key: back.form()[key] for key in typed} == typed


def test_what_is_set_in_a_period_stays_there(trial: str, world: World, browser_of: BrowserOf) -> None:
    """Sent along unchanged, it would hide what the other period asks for."""
    browser = browser_of(world.admin)
    form = browser.get(f"{trial}?periode=2026-TW1").form()
    assert Decimal(form["sasaran-berita-terbaru-value"].replace(",", ".")) == 60
    after = browser.get(trial, query_string=form)
    assert asked(arrow(after, "berikutnya")) == {"periode": "2026-TW2"}
    there = browser.get(arrow(after, "berikutnya"))
    assert Decimal(there.form()["sasaran-berita-terbaru-value"].replace(",", ".")) == 80
    emptied = browser.get(trial, query_string=form | {"sasaran-berita-terbaru-value": ""})
    assert asked(arrow(emptied, "berikutnya"))["sasaran-berita-terbaru-value"] == "", (
        "no target, as was typed"
    )


def test_what_was_typed_wrong_goes_along_too(trial: str, world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.admin)
    wrong = {"periode": "2026-TW1", "sasaran-berita-terbaru-value": "banyak"}
    page = browser.get(trial, query_string=wrong, status=422)
    there = browser.get(arrow(page, "berikutnya"), status=422)
    assert there.form()["sasaran-berita-terbaru-value"] == "banyak"


def test_fields_say_what_is_set_so_that_typing_is_told_from_it(
    trial: str, world: World, browser_of: BrowserOf, at: Any
) -> None:
    page = browser_of(world.admin).get(f"{trial}?periode=2026-TW1")
    for field in page.soup.select("[data-goals] input"):
        assert field["data-set"] == field["value"], "nothing typed yet"
    assert Quarter.parse("2026-TW1").label in page.h1
