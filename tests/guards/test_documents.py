"""README and docs: what they quote is on the screen, what they name exists, and the pictures are the product's own."""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from PIL import Image

from scripts.pictures import FOLDER, PICTURES, SHARP

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
GUIDES = sorted((ROOT / "docs/guides").glob("*.md"))
PAGES = [README, *sorted((ROOT / "docs").rglob("*.md"))]
MOST_A_PICTURE, MOST_ALL_PICTURES = 120_000, 900_000
TWO_MINUTES = range(350, 500)  # words
LINK = re.compile(r"\]\(([^)\s]+)\)")


@cache
def on_the_screen() -> frozenset[str]:
    """Every Indonesian text of the product; tests/guards/test_translations.py holds the catalogue to the code."""
    with (ROOT / "humasflow/translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        known = [m.id for m in read_po(file) if m.id]
    return frozenset(text for one in known for text in ([one] if isinstance(one, str) else one))


def prose(page: Path) -> str:
    """The text without its code."""
    return re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(), flags=re.DOTALL)


def leaning(text: str) -> list[str]:
    """What stands in italics."""
    plain = re.sub(r"\*\*[^*]+\*\*", "", text)
    return [" ".join(w.split()) for w in re.findall(r"(?<![\w*])\*([^*\n]+(?:\n[^*\n]+)?)\*(?![\w*])", plain)]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda p: p.stem)
def test_words_in_bold_are_on_the_screen(guide: Path) -> None:
    bold = [" ".join(w.split()) for w in re.findall(r"\*\*([^*]+)\*\*", prose(guide))]
    assert bold
    assert [w for w in bold if w not in on_the_screen()] == []


def test_words_in_italics_of_the_readme_are_on_the_screen() -> None:
    words = [step for way in leaning(prose(README)) for step in way.split(" → ")]
    assert len(words) > 20
    assert [w for w in words if w not in on_the_screen()] == []


def test_ways_through_the_settings_can_be_gone() -> None:
    """*Pengaturan → Surel* in any page about the product, leaning or bold: each step is a word on the screen."""
    lost = {
        (page.name, step)
        for page in PAGES
        if page.parent.name != "channels"  # they lead through other people's settings as well
        for way in leaning(prose(page)) + re.findall(r"\*\*([^*\n]+)\*\*", prose(page))
        if re.match(r"Pengaturan\s*[→›]", way)
        for step in re.split(r"\s*[→›]\s*", way.rstrip("."))
        if step not in on_the_screen()
    }
    assert lost == set()


EMPHASIS = {"recorded", "both", "n peristiwa"}  # leans for another reason
OF_THE_SCREEN = (
    "archive",
    "backfill",
    "channels",
    "evidence-pack",
    "imports",
    "mail",
    "notifications",
    "reports",
)


@pytest.mark.parametrize("name", OF_THE_SCREEN)
def test_words_in_italics_are_parts_of_what_is_on_the_screen(name: str) -> None:
    """A message may be named by a part of it; other people's menus say the same words."""
    every = "\n".join(" ".join(text.split()) for text in on_the_screen()).lower()
    parts = {
        part.strip().rstrip(".").lower()
        for words in leaning(prose(ROOT / f"docs/{name}.md"))
        if words not in EMPHASIS
        for part in re.split(r"→|›|…| / ", words)
    }
    assert {part for part in parts if part not in every} == set()


def referenced() -> Iterator[tuple[Path, Path]]:
    """Every picture that a page shows, with the page."""
    for page in PAGES:
        text = page.read_text()
        found = re.findall(r'(?:src|srcset)="([^"]+)"', text) + re.findall(r"!\[[^\]]*\]\(([^)\s]+)", text)
        yield from ((page, (page.parent / target).resolve()) for target in found if ":" not in target)


def test_pictures_are_those_that_are_made_and_shown() -> None:
    made = {name for picture in PICTURES for name in picture.files}
    assert {path.name for path in FOLDER.iterdir()} == made, "run: make pictures"
    assert {path for _page, path in referenced()} == {FOLDER / name for name in made}


def test_pictures_are_small_and_sharp() -> None:
    sizes = {path.name: path.stat().st_size for path in FOLDER.iterdir()}
    assert {name: size for name, size in sizes.items() if size > MOST_A_PICTURE} == {}
    assert sum(sizes.values()) <= MOST_ALL_PICTURES
    for picture in PICTURES:
        size = tuple(round(length * SHARP[picture.size]) for length in picture.size)
        for name in picture.files:
            with Image.open(FOLDER / name) as image:
                assert (image.format, image.size) == ("WEBP", size), name


def test_pictures_come_light_and_dark_with_words() -> None:
    for page in PAGES:
        for block in re.findall(r"<picture>.*?</picture>", page.read_text(), re.DOTALL):
            dark = re.search(r'media="\(prefers-color-scheme: dark\)" srcset="([^"]+)-dark\.webp"', block)
            light = re.search(r'<img src="([^"]+)-light\.webp" alt="([^"]{20,})" width="\d+"', block)
            assert dark and light, f"{page.name}: {block[:120]}"
            assert dark[1] == light[1]
        assert "<img" not in re.sub(r"<picture>.*?</picture>", "", page.read_text(), flags=re.DOTALL), (
            page.name
        )


def slug(heading: str) -> str:
    """How GitHub names a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower().replace("`", "")).replace(" ", "-")


def test_links_lead_to_headings_that_are_there() -> None:
    """That the pages are there, tests/guards/test_house.py looks."""
    lost = []
    for page in PAGES:
        for target in LINK.findall(page.read_text()):
            path, _hash, heading = target.partition("#")
            if heading and ":" not in path:
                text = (page.parent / path).read_text() if path else page.read_text()
                if heading not in {slug(h) for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}:
                    lost.append(f"{page.name} → {target}")
    assert lost == []


def test_every_page_is_two_links_from_the_readme() -> None:
    def linked(page: Path) -> set[Path]:
        targets = (t.partition("#")[0] for t in LINK.findall(page.read_text()) if not re.match(r"\w+:", t))
        return {(page.parent / t).resolve() for t in targets if t.endswith(".md")}

    near = linked(README)
    far = near.union(*(linked(page) for page in near))
    assert {p.relative_to(ROOT) for p in PAGES if p != README and p not in far} == set()
    assert {p for p in (ROOT / "docs").glob("*.md") if p not in near} == set()


def test_why_an_office_wants_it_is_read_in_two_minutes() -> None:
    text = README.read_text()
    parts = (
        text[: text.index("## Two commands")],
        text[text.index("## Why") : text.index("## What it does not do")],
    )
    assert len(re.sub(r"<[^>]+>", " ", " ".join(parts)).split()) in TWO_MINUTES


def test_commands_that_are_named_exist(app: Flask) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    missing = []
    for page in (README, *GUIDES):
        code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", page.read_text(), re.DOTALL))
        missing += [f"make {name}" for name in re.findall(r"\bmake ([a-z-]+)", code) if name not in targets]
        for group, name in re.findall(r"flask --app wsgi ([a-z-]+)(?: ([a-z-]+))?", code):
            known = app.cli.commands.get(group)
            inner = getattr(known, "commands", None)
            if known is None or (inner is not None and name not in inner):
                missing.append(f"flask {group} {name}")
        told = set(re.findall(r"HUMASFLOW_[A-Z_]+", page.read_text()))
        missing += sorted(name for name in told if name not in _settings())
    assert missing == []


@cache
def _settings() -> str:
    places = [ROOT / "config.py", ROOT / "gunicorn.conf.py", *(ROOT / "scripts").glob("*.sh")]
    return "\n".join(p.read_text() for p in places)


def test_files_that_the_developers_guide_names_exist() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    known = tracked.splitlines() or [
        str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if ".venv" not in p.parts
    ]
    named = re.findall(r"`((?:\w[\w.-]*/)*\w[\w-]*\.(?:py|toml|po|html)|(?:[a-z]\w*/)+[a-z]\w*)`",
                       (ROOT / "docs/guides/developer.md").read_text())  # fmt: skip
    assert len(named) > 20
    assert [n for n in named if not any(f"/{p}/".find(f"/{n}/") >= 0 for p in known)] == []
