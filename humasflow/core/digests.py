"""One way to put a digest on facts."""

import hashlib
import json


def canonical_digest(facts: object) -> str:
    """SHA-256 (hex) of the canonical JSON of ``facts``: equal facts give an equal digest on every machine.

    Raises TypeError or ValueError for what JSON cannot hold.
    """
    canonical = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
