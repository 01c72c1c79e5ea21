"""All checks over one text."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache

from humasflow.guidelines.checks.base import Finding, House, Manuscript, Passage, Reading, RuleChoice
from humasflow.guidelines.checks.catalogue import CATALOGUE, Rule
from humasflow.guidelines.enums import RuleCode, Severity

# Where fields stand on the page, for findings of equal weight.
_ORDER = (
    "kicker", "title", "lead", "dateline", "body", "claim", "claim_source", "fact_source", "contact", "writer_credit",
    "editor_credit",
)  # fmt: skip


def check(manuscript: Manuscript, house: House) -> tuple[Finding, ...]:
    """Everything that is found at once: the heaviest first, then as it stands on the page. Pure, and remembered for the
    last few texts, because the same text is asked about by the page, the approval and the submission.
    """
    return _remembered(manuscript, _frozen(house), house.glossary)


Frozen = tuple[tuple[RuleCode, str | None, tuple[tuple[str, object], ...]], ...]


def _frozen(house: House) -> Frozen:
    """The office's choices as a value that compares."""
    return tuple(
        (
            code,
            choice.severity.value if choice.severity else None,
            tuple((k, tuple(v) if isinstance(v, list) else v) for k, v in sorted(choice.options.items())),
        )
        for code, choice in sorted(house.rules.items())
    )


@lru_cache(maxsize=32)
def _remembered(manuscript: Manuscript, rules: Frozen, glossary: frozenset[str]) -> tuple[Finding, ...]:
    choices = {
        code: RuleChoice(Severity(level) if level else None, dict(options)) for code, level, options in rules
    }
    return tuple(find_all(manuscript, House(choices, glossary)))


def find_all(manuscript: Manuscript, house: House) -> list[Finding]:
    """The same without remembering."""
    reading = Reading(manuscript)
    texts = {p.field: p for p in reading.public}
    found: list[Finding] = []
    for rule in CATALOGUE.values():
        found += _findings(rule, reading, house, texts)
    found = _without_twins(found)
    found.sort(key=lambda f: (f.severity.rank, _place(f.field), f.start))
    return found


def choice_of(house: House, rule: Rule) -> RuleChoice:
    """What is in force: the office's choice, or the rule's own; options that the office did not set are the rule's."""
    choice = house.rules.get(rule.code) or RuleChoice(rule.level.severity)
    return RuleChoice(choice.severity, {**rule.options, **choice.options})


def _findings(rule: Rule, reading: Reading, house: House, texts: dict[str, Passage]) -> list[Finding]:
    choice = choice_of(house, rule)
    if choice.severity is None:
        return []
    return [
        Finding(
            rule.code, choice.severity, hit.field, hit.start, hit.end,
            texts[hit.field].text[hit.start : hit.end] if hit.end > hit.start else "", hit.message, rule.source,
            hit.suggestion, hit.about, hit.where,
        )
        for hit in rule.run(reading, house, choice.options)
    ]  # fmt: skip


def _place(field: str) -> tuple[int, str]:
    return (_ORDER.index(field) if field in _ORDER else len(_ORDER), field)


# The first knows more about what both of them found.
_TWINS = ((RuleCode.DI_KE, RuleCode.SPELLING), (RuleCode.NPWP, RuleCode.BANK_ACCOUNT))


def _without_twins(found: Sequence[Finding]) -> list[Finding]:
    kept = list(found)
    for better, other in _TWINS:
        taken = _spans(f for f in kept if f.code is better)
        kept = [f for f in kept if f.code is not other or not _overlaps(taken.get(f.field, []), f)]
    return kept


def _spans(found: Iterable[Finding]) -> dict[str, list[tuple[int, int]]]:
    spans: dict[str, list[tuple[int, int]]] = {}
    for f in found:
        spans.setdefault(f.field, []).append((f.start, f.end))
    return {field: sorted(places) for field, places in spans.items()}


def _overlaps(places: list[tuple[int, int]], finding: Finding) -> bool:
    after = bisect_right(places, (finding.end - 1, 10**12))
    return any(end > finding.start for _start, end in places[max(0, after - 2) : after])
