"""The Python locks: every requirement pinned and hashed, no index named, and the three of them agree."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.lock", "requirements-postgres.lock", "requirements-dev.lock"]
_PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^\s;\\]+)(?: ; (?P<marker>[^\\]+?))? \\$")
_HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def _text(lock: str) -> str:
    return (ROOT / lock).read_text(encoding="utf-8")


def _pins(lock: str) -> dict[str, set[str]]:
    """Versions by name; a name has two only where a marker tells Pythons apart."""
    pins: dict[str, set[str]] = {}
    for line in _text(lock).splitlines():
        match = _PIN.match(line)
        if match:
            pins.setdefault(match["name"], set()).add(match["version"])
    return pins


@pytest.mark.parametrize("lock", LOCKS)
def test_no_registry_is_named(lock: str) -> None:
    text = _text(lock)
    assert "://" not in text
    assert not re.search(
        r"^\s*(-i|-f|--(extra-)?index-url|--find-links|--trusted-host)\b", text, re.MULTILINE
    )
    assert " @ " not in text  # a direct address


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_and_hashed(lock: str) -> None:
    hashes_of: dict[str, int] = {}
    current = ""
    for line in _text(lock).splitlines():
        if line.strip().startswith("#") or not line.strip():
            continue
        if _PIN.match(line):
            current = line
            hashes_of[current] = 0
        else:
            assert _HASH.match(line), f"neither a pin nor a hash: {line}"
            hashes_of[current] += 1
    assert hashes_of
    assert [pin for pin, count in hashes_of.items() if count == 0] == []


def test_the_locks_agree() -> None:
    runtime, postgres, dev = (_pins(lock) for lock in LOCKS)
    assert {name: postgres.get(name) for name in runtime} == runtime
    assert {name: dev.get(name) for name in postgres} == postgres


def test_what_the_project_asks_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = {
        "requirements.lock": project["dependencies"],
        "requirements-postgres.lock": project["dependencies"] + extras["postgres"],
        "requirements-dev.lock": project["dependencies"] + extras["postgres"] + extras["dev"],
    }
    for lock, requirements in asked.items():
        names = {re.split(r"[\[<>=~! ]", requirement, maxsplit=1)[0].lower() for requirement in requirements}
        assert names - _pins(lock).keys() == set(), f"{lock}: run `make lock`"
