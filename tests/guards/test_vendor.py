"""The vendored scripts are the ones their manifest names, nothing more and nothing less."""

import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "humasflow" / "static" / "vendor"
MANIFEST = json.loads((VENDOR / "vendor.json").read_text(encoding="utf-8"))
PERMISSIVE = {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("name", sorted(MANIFEST["files"]))
def test_file_has_the_hash_of_the_manifest(name: str) -> None:
    assert _sha256(VENDOR / name) == MANIFEST["files"][name]["sha256"], (
        f"{name}: run `make vendor` and commit both"
    )


def test_no_file_is_outside_the_manifest() -> None:
    present = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert present == {"vendor.json", *MANIFEST["files"]}


def test_the_manifest_was_built_from_this_lock_and_these_sources() -> None:
    assert MANIFEST["builtWith"]["package-lock.json"] == _sha256(ROOT / "assets" / "package-lock.json")
    for name, entry in MANIFEST["files"].items():
        for part in entry.get("parts", []):
            if "sources" not in part:
                continue
            digest = hashlib.sha256()
            for source in part["sources"]:
                digest.update(f"{source}\0".encode())
                digest.update((ROOT / "assets" / source).read_bytes())
            assert digest.hexdigest() == part["sha256"], f"{name} is older than assets/: run `make vendor`"


def test_versions_are_those_of_the_lock_and_tiptap_is_of_one_piece() -> None:
    locked = json.loads((ROOT / "assets" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    parts = [
        part for entry in MANIFEST["files"].values() for part in entry.get("parts", []) if "version" in part
    ]
    assert parts
    for part in parts:
        assert locked[f"node_modules/{part['name']}"]["version"] == part["version"], part["name"]
    assert len({part["version"] for part in parts if part["name"].startswith("@tiptap/")}) == 1


def test_every_part_has_a_permissive_licence_whose_text_is_shipped() -> None:
    texts = (VENDOR / "LICENSES.txt").read_text(encoding="utf-8")
    for entry in MANIFEST["files"].values():
        for part in entry.get("parts", []):
            assert part["licence"] in PERMISSIVE, part["name"]
            if "version" in part:
                assert f"{part['name']} {part['version']}" in texts, part["name"]
    assert "carries no text of its own" not in texts


def test_scripts_need_no_eval_and_no_inline_style() -> None:
    for name in MANIFEST["files"]:
        if name.endswith(".js"):
            text = (VENDOR / name).read_text(encoding="utf-8")
            assert "new Function(" not in text, name
            assert "eval(" not in text.replace("medieval(", ""), name
            assert "sourceMappingURL" not in text, name


def test_the_package_lock_names_no_registry() -> None:
    packages = json.loads((ROOT / "assets" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []
