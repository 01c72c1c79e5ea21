"""What a signer had before them, as one short text: the result, what was still open, and the lines below both."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from humasflow.scoring.models import PeriodClose
from humasflow.scoring.standing import frozen
from humasflow.scoring.standing.figures import TargetShown

Numbers = Mapping[str, int]  # open questions by code


def text_of(shown: frozen.Shown, open_numbers: Numbers, digest: str) -> str:
    """A SHA-256 in hex over everything that a signature is put under. Of what is open, only what there is any of.

    The digest of the lines alone would not do: to confirm or to question a publication, or to change a target, writes
    no line, and changes the result all the same.
    """
    said = [
        digest,
        [[code, number] for code, number in sorted(open_numbers.items()) if number],
        [
            [
                c.key, c.label, _exact(c.weight),
                _target(c.target), _exact(c.verified),
                c.result.outcome.value, _exact(c.result.value),
            ]
            for c in shown.components
        ],
        _exact(shown.total.value),
        shown.total.band.label if shown.total.band is not None else "",
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def text_of_close(close: PeriodClose) -> str:
    """The same of what was signed."""
    kept = frozen.from_json(close.result)
    assert kept is not None  # noqa: S101 - a close that is made now keeps everything
    numbers: dict[str, Any] = {code: answer["number"] for code, answer in close.answers.items()}
    return text_of(kept, numbers, close.digest)


def _target(target: TargetShown | None) -> list[str | None]:
    return [] if target is None else [_exact(target.value), _exact(target.upper)]


def _exact(value: Decimal | None) -> str | None:
    """``1`` and ``1.00`` are one number."""
    return None if value is None else str(Fraction(value))
