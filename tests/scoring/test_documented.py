"""docs/scoring.md is the contract: what it names is there, and a digest can be made again from it alone."""

import re
from pathlib import Path

import pytest

from humasflow.scoring.enums import ComponentKind
from humasflow.scoring.presets import list_presets
from humasflow.scoring.services import closing

ROOT = Path(__file__).parents[2]
DOC = (ROOT / "docs" / "scoring.md").read_text("utf-8")
TESTS = {path: path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")}
# The words of the page for the columns of a line.
COLUMNS = {
    "id": "id", "office": "office_id", "version": "scheme_version_id", "component": "component_key",
    "delivery": "delivery_id", "measurement": "measurement_id", "subject": "subject_key",
    "beneficiary": "beneficiary", "beneficiary's id": "beneficiary_id", "role": "role", "share": "share",
    "quantity": "quantity", "sequence": "sequence", "deciding date": "deciding_date", "period": "period",
    "adjusted period": "adjusts", "stands alone": "stands_alone", "reversed line": "reverses_id", "reason": "reason",
    "actor": "actor_id", "created at": "created_at", "facts of the measurement": "facts",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)`", DOC))))
def test_a_named_test_is_there(name):
    assert any(f"def {name}(" in text for text in TESTS.values())


def test_a_named_file_of_tests_holds_the_tests_named_after_it():
    wrong = []
    for cell in re.findall(r"\| ([^|]*`test_\w+`[^|]*) \|\n", DOC):
        file = ""
        for name in re.findall(r"`((?:tests/\w+/)?test_\w+(?:\.py)?)`", cell):
            if name.endswith(".py"):
                file = name
            elif not any(
                str(path).endswith(f"/{file}") and f"def {name}(" in text for path, text in TESTS.items()
            ):
                wrong.append((file, name))
    assert wrong == []


def test_the_columns_of_the_digest_stand_in_their_order():
    listed = re.search(r"UTF-8, of: (.*?)\. Exact numbers", DOC, re.DOTALL)
    assert listed is not None
    words = [" ".join(word.split()) for word in listed[1].split(",")]

    assert [COLUMNS[word] for word in words] == [column.key for column in closing._SAID]


def test_every_kind_and_every_preset_is_described():
    assert [kind for kind in ComponentKind if f"| `{kind.value}` |" not in DOC] == []
    table = DOC.split("## Presets")[1].split("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")]
    assert len(rows) == len(list_presets()) + 1  # and the head
