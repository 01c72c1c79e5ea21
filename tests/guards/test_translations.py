"""Indonesian is what is written in the code; English must be complete, and nothing in it superfluous."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def in_code(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Every text that the code marks for translation."""
    target = tmp_path_factory.mktemp("i18n") / "messages.pot"
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", "extract", "--mapping-file", "pyproject.toml",
         "-k", "_l", "-k", "lazy_gettext", "-o", str(target), "."],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    return read_po(io.BytesIO(target.read_bytes()))


@pytest.fixture(scope="module")
def english() -> Catalog:
    """The English catalogue."""
    path = ROOT / "humasflow/translations/en/LC_MESSAGES/messages.po"
    return read_po(io.BytesIO(path.read_bytes()), locale="en")


def test_every_text_has_its_english(in_code: Catalog, english: Catalog) -> None:
    missing = []
    for message in in_code:
        if not message.id:
            continue
        found = english.get(message.id)
        texts = (
            found.string
            if found and isinstance(found.string, tuple | list)
            else (found.string if found else "",)
        )
        if found is None or found.fuzzy or not all(texts):
            missing.append(message.id)
    assert missing == [], f"{len(missing)} texts without English; run: make translations"


def test_no_english_without_its_text(in_code: Catalog, english: Catalog) -> None:
    unused = [m.id for m in english if m.id and in_code.get(m.id) is None]
    assert unused == []


def test_placeholders_agree(english: Catalog) -> None:
    wrong = [(m.id, str(e)) for m in english for e in m.check(english)]
    assert wrong == []
