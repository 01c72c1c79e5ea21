"""The component guide shows every macro, every state and every icon there is."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from humasflow.accounts.models import User
from humasflow.approvals.enums import PackageState
from humasflow.pitches.enums import PitchState
from humasflow.publishing.enums import PostState
from humasflow.scoring.enums import PointState
from humasflow.stories.enums import AssignmentState, StoryState
from tests.factories.world import World
from tests.support.page import Browser

ROOT = Path(__file__).resolve().parents[2]
COMPONENTS = ROOT / "templates/components"
GUIDE = (ROOT / "templates/pages/components_guide.html").read_text(encoding="utf-8")
_MACRO = re.compile(r"{%-? macro (\w+)\(.*?{%-? endmacro", re.DOTALL)
MACROS = {
    m[1]: m[0] for f in COMPONENTS.glob("*.html") for m in _MACRO.finditer(f.read_text(encoding="utf-8"))
}


def _called_in(text: str) -> set[str]:
    return {
        name for name in MACROS if re.search(rf"\b{name}(\(|\b[,}}])", re.sub(r"{% from .*?%}", "", text))
    }


def test_every_macro_is_in_the_guide() -> None:
    """In the guide itself, or inside a component that the guide shows."""
    shown = fresh = _called_in(GUIDE)
    while fresh:
        inside = {name for macro in fresh for name in _called_in(MACROS[macro].partition("%}")[2])}
        fresh = inside - shown
        shown = shown | inside
    assert set(MACROS) - shown == set()


@pytest.mark.parametrize(
    "states", [StoryState, PitchState, PostState, PackageState, PointState, AssignmentState]
)
def test_every_state_of_a_chip_is_shown(browser: Browser, states: type[StoryState]) -> None:
    chips = {chip.get_text(strip=True) for chip in browser.get("/panduan-komponen").soup.select(".chip")}
    assert {state.label for state in states} <= chips


def test_every_icon_is_shown(browser: Browser) -> None:
    sprite = (ROOT / "humasflow/static/icons/sprite.svg").read_text(encoding="utf-8")
    shown = browser.get("/panduan-komponen").soup.select("#g-ikon ~ *, section:has(#g-ikon)")
    names = {code.get_text() for part in shown for code in part.select("code")}
    assert set(re.findall(r'<symbol[^>]* id="([\w-]+)"', sprite)) <= names


def test_every_drawing_is_shown() -> None:
    art = (ROOT / "humasflow/static/icons/art.svg").read_text(encoding="utf-8")
    assert not [
        name for name in re.findall(r'<symbol[^>]* id="([\w-]+)"', art) if f'("{name}", ' not in GUIDE
    ]


def test_who_is_signed_in_sees_it_too(world: World, browser_of: Callable[[User], Browser]) -> None:
    assert browser_of(world.editor).get("/panduan-komponen").soup.select(".saved__one")
