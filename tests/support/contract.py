"""Whether a request is what a platform's own description says: as much of JSON Schema as those descriptions use."""

import json
import re
from email import message_from_bytes
from pathlib import Path
from typing import Any

CONTRACTS = Path(__file__).resolve().parents[1] / "channels" / "adapters" / "contracts"

_TYPES: dict[str, Any] = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict, "null": type(None),
}  # fmt: skip


class Contract:
    """A platform's description (see ``contracts/extract.py``)."""

    def __init__(self, name: str) -> None:
        self.all = json.loads((CONTRACTS / f"{name}.json").read_text())

    def faults(self, schema: str, value: Any) -> list[str]:
        """What is wrong with ``value``, each with its place; empty when it is as described."""
        return self._faults(self.all["schemas"][schema], value, schema)

    def _faults(self, rule: dict[str, Any], value: Any, at: str) -> list[str]:
        if "$ref" in rule:
            rule = self.all["$defs"][rule["$ref"].rpartition("/")[2]]
        if "anyOf" in rule:
            tried = [self._faults(one, value, at) for one in rule["anyOf"]]
            return [] if [] in tried else min(tried, key=len)
        wanted = rule.get("type")
        if wanted not in (None, "any") and (
            not isinstance(value, _TYPES[wanted])
            or (isinstance(value, bool) and wanted in ("integer", "number"))
        ):
            return [f"{at}: {type(value).__name__} is no {wanted}"]
        found = self._limits(rule, value, at)
        if isinstance(value, dict):
            known = rule.get("properties", {})
            found += [f"{at}.{name} is missing" for name in rule.get("required", ()) if name not in value]
            if rule.get("additionalProperties") is False:
                found += [f"{at}.{name} is not known" for name in value if name not in known]
            for name in value.keys() & known.keys():
                found += self._faults(known[name], value[name], f"{at}.{name}")
        if isinstance(value, list) and "items" in rule:
            for index, one in enumerate(value):
                found += self._faults(rule["items"], one, f"{at}[{index}]")
        return found

    @staticmethod
    def _limits(rule: dict[str, Any], value: Any, at: str) -> list[str]:
        broken = {
            "enum": value not in rule.get("enum", (value,)),
            "const": value != rule.get("const", value),
            "pattern": isinstance(value, str) and not re.search(rule.get("pattern", ""), value),
            "maxLength": isinstance(value, str) and len(value) > rule.get("maxLength", len(value)),
            "minItems": isinstance(value, list) and len(value) < rule.get("minItems", 0),
            "maxItems": isinstance(value, list) and len(value) > rule.get("maxItems", len(value)),
        }
        return [f"{at}: {name} broken by {value!r}" for name, is_broken in broken.items() if is_broken]


def parts_of(content: bytes, content_type: str) -> dict[str, tuple[str, str, bytes]]:
    """The parts of a form with files, read by the standard library: name to filename, type and bytes."""
    message = message_from_bytes(
        f"Content-Type: {content_type}\r\nMIME-Version: 1.0\r\n\r\n".encode() + content
    )
    assert message.is_multipart(), "not a form with parts"
    found = {}
    for part in message.get_payload():
        name = part.get_param("name", header="content-disposition")
        found[name] = (part.get_filename() or "", part.get_content_type(), part.get_payload(decode=True))
    return found
