"""Whatever can be dragged can be done without dragging (WCAG 2.5.7), and somebody has said how."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "humasflow/static/js"

DRAGS = re.compile(
    r"new Sortable|draggable\s*=|draggable=|dragstart|dragover|\"drop\"|setPointerCapture|pointermove|mousemove|touchmove"
)

# script: what is dragged, and where its twin stands (a file, and the words in it that do the same).
TWINS: dict[str, tuple[str, str, str]] = {
    "board.js": ("a card to another column", "templates/pages/desk/board.html", 'data-key="m"'),
    "calendar.js": (
        "something to another day or hour",
        "templates/calendar/_bar.html",
        'data-item-key="move"',
    ),
    "post-drafting.js": ("a picture of a carousel", "templates/posts/_pictures.html", "data-up"),
    "focal-point.js": ("the focal point of a picture", "humasflow/static/js/focal-point.js", "ArrowLeft"),
    "media-uploads.js": ("files from outside", "templates/media/library.html", 'type="file"'),
    "find-dialog.js": (
        "nothing: a choice follows the pointer",
        "humasflow/static/js/find-dialog.js",
        "ArrowDown",
    ),
}


def dragging() -> set[str]:
    """Names of scripts and templates in which something listens to dragging."""
    scripts = {path.name for path in SCRIPTS.glob("*.js") if DRAGS.search(path.read_text())}
    return scripts | {
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if 'draggable="' in path.read_text()
    }


def test_whatever_is_dragged_has_a_twin() -> None:
    assert dragging() == set(TWINS), "a new draggable needs a twin without dragging, and a line above"


def test_every_twin_stands_where_it_is_said_to() -> None:
    for what, place, words in TWINS.values():
        assert words in (ROOT / place).read_text(), f"{what}: {place} has no {words}"
