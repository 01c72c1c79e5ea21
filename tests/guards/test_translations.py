"""Indonesian is what is written in the code; English must be complete, and nothing in it superfluous."""

import io
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = ROOT / "humasflow/translations/en/LC_MESSAGES/messages.po"

_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def in_code(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Every text that the code marks for translation, collected as `make translations` does."""
    target = tmp_path_factory.mktemp("i18n") / "messages.pot"
    command = ["bash", "scripts/translations.sh", "--template", str(target)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return read_po(io.BytesIO(target.read_bytes()))


@pytest.fixture(scope="module")
def english() -> Catalog:
    """The English catalogue."""
    return read_po(io.BytesIO(ENGLISH.read_bytes()), locale="en")


def _forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _pairs(catalogue: Catalog) -> Iterator[tuple[Message, int, str, str]]:
    """Every form (0 the singular) of every text beside its English."""
    for message in catalogue:
        if message.id:
            both = zip(_forms(message.id), _forms(message.string), strict=True)
            for form, (source, text) in enumerate(both):
                yield message, form, source, text


def test_every_text_has_its_english(in_code: Catalog, english: Catalog) -> None:
    missing = []
    for message in in_code:
        found = english.get(message.id) if message.id else None
        done = found is not None and found.id == message.id and not found.fuzzy and all(_forms(found.string))
        if message.id and not done:
            missing.append(message.id)
    assert missing == [], f"{len(missing)} texts without English; run: make translations"


def test_no_english_without_its_text(in_code: Catalog, english: Catalog) -> None:
    unused = [m.id for m in english if m.id and in_code.get(m.id) is None]
    assert unused == []
    assert not english.obsolete


def test_placeholders_agree(english: Catalog) -> None:
    wrong = [(m.id, str(e)) for m in english for e in m.check(english)]
    for message, form, source, text in _pairs(english):
        asked, given = set(_PLACEHOLDER.findall(source)), set(_PLACEHOLDER.findall(text))
        # "One package is waiting" need not say the number; nothing else may be left out or invented.
        unsaid = {"num"} if message.pluralizable and form == 0 else set()
        if given - asked or asked - given - unsaid:
            wrong.append((source, text))
    assert wrong == []


def test_blanks_at_the_ends_agree(english: Catalog) -> None:
    """Some texts are parts of a sentence, such as " dan "."""
    wrong = []
    for _message, _form, source, text in _pairs(english):
        starts, ends = source[:1].isspace(), source[-1:].isspace()
        if (text[:1].isspace(), text[-1:].isspace()) != (starts, ends):
            wrong.append((source, text))
    assert wrong == []


def test_no_file_names_and_lines(english: Catalog) -> None:
    """They would change with every edit elsewhere."""
    assert [m.id for m in english if m.locations] == []
