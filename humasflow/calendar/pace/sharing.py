"""Who bears how much of what the targets still miss. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from humasflow.calendar.pace.weeks import WEEKS
from humasflow.channels.models import ChannelAccount
from humasflow.channels.presets.loader import content_types
from humasflow.scoring.calculation import largest_remainder
from humasflow.scoring.models import Component
from humasflow.scoring.remaining import Remaining
from humasflow.scoring.selection import may_match

Since = Mapping[int, Mapping[str, int]]
"""What is live or planned from the present week on: number by account and code of the kind of content."""


@dataclass(frozen=True)
class Part:
    """An account's part of one component. ``types``: codes of what counts for it; empty means all."""

    key: str
    label: str
    types: frozenset[str]
    wanted: int  # of the whole quarter
    evenly: int  # of the whole target, had everybody always borne the same
    asked: int  # from the present week on, as things stood when it began
    short: int  # of that, what is neither live nor planned

    def counts(self, content_type: str) -> bool:
        """Whether this kind of content counts."""
        return not self.types or content_type in self.types


def share_out(
    accounts: Sequence[ChannelAccount], remaining: Sequence[Remaining], since: Since, weeks_left: int
) -> dict[int, list[Part]]:
    """The parts of every account without a quota of its own. What accounts with one will bring is taken off first.
    ``weeks_left``: the present week and those to come.
    """
    # By place, not by key: two schemes may name a component the same.
    bearers = {id(r): [a for a in accounts if bears(a, r.component)] for r in remaining}
    parts: dict[int, list[Part]] = {}
    for r in remaining:
        everyone = bearers[id(r)]
        free = [a.id for a in everyone if a.weekly_quota is None]
        if not free:
            continue
        brought = evenly_brought = 0
        for account in everyone:
            if account.weekly_quota is not None:
                mine = [other for other in remaining if account in bearers[id(other)]]
                apart = [o for o in mine if o is r or not _overlap(o.component, r.component)]
                coming = _portion(account.weekly_quota * weeks_left, r.missing, sum(o.missing for o in apart))
                brought += max(coming, _filled(since, account.id, r.component))
                evenly_brought += _portion(
                    account.weekly_quota * WEEKS, r.target, sum(o.target for o in apart)
                )
        missing = max(r.missing - brought, 0)
        evenly = split(max(r.target - evenly_brought, 0), free)
        first = split(missing, free)
        filled = {i: _filled(since, i, r.component) for i in free}
        short = _spread(max(missing - sum(filled.values()), 0), {i: first[i] - filled[i] for i in free})
        whole = split(r.target, [a.id for a in everyone])
        for account_id in free:
            # Who is below their part need not fill what another account has brought in their stead.
            asked = min(first[account_id], filled[account_id] + short[account_id])
            if len(everyone) == 1:
                wanted = r.target
            elif r.counted_before > r.target:
                wanted = whole[account_id]
            else:
                wanted = r.by_account.get(account_id, 0) + asked
            parts.setdefault(account_id, []).append(
                Part(
                    key=r.component.key, label=r.component.label, types=frozenset(r.component.content_types),
                    wanted=wanted, evenly=evenly[account_id], asked=asked, short=short[account_id],
                )
            )  # fmt: skip
    return parts


def bears(account: ChannelAccount, component: Component) -> bool:
    """Whether what goes out on this account can count for the component: the kind of channel is one of the component's,
    and one of the component's kinds of content is usual there (or is the office's own).
    """
    kind = account.kind.code
    usual = {t.code: t.suits(kind) for t in content_types()}
    return any(
        may_match(component, content_type=code, channel_kind=kind, account_id=account.id)
        and usual.get(code, True)
        for code in component.content_types or [""]
    )


def split(whole: int, account_ids: Sequence[int]) -> dict[int, int]:
    """A whole number over those who bear it: nothing is lost, the first ones bear the odd rest."""
    even, odd = divmod(whole, len(account_ids))
    return {account_id: even + (place < odd) for place, account_id in enumerate(account_ids)}


def sum_apart(numbers: Mapping[Part, int]) -> int:
    """The largest sum over parts of which no two can be filled by the same publication: where one counts for two
    parts, the larger number of the two is enough.
    """
    if not numbers:
        return 0
    near = {p: [o for o in numbers if o is p or _meet(p.types, o.types)] for p in numbers}
    widest = max(numbers, key=lambda part: len(near[part]))
    apart = {p: n for p, n in numbers.items() if p not in near[widest]}
    taken = numbers[widest] + sum_apart(apart)
    if len(near[widest]) == 1:
        return taken
    return max(taken, sum_apart({p: n for p, n in numbers.items() if p is not widest}))


def _overlap(one: Component, other: Component) -> bool:
    return _meet(frozenset(one.content_types), frozenset(other.content_types))


def _meet(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one publication can be of both; no kinds at all means every kind."""
    return not one or not other or bool(one & other)


def _filled(since: Since, account_id: int, component: Component) -> int:
    types = component.content_types
    return sum(n for code, n in since.get(account_id, {}).items() if not types or code in types)


def _portion(whole: int, number: int, of: int) -> int:
    """How much of what an account with a quota of its own brings is for one component: as much as that one's part of
    all it bears. Components that one publication fills together do not take from each other, so they are left out.
    """
    return whole * number // of if of else 0


def _spread(whole: int, below: Mapping[int, int]) -> dict[int, int]:
    """A number over those below their part, by how far they are below it; nobody is given more than that."""
    lacking = {account_id: max(number, 0) for account_id, number in below.items()}
    if not whole:
        return dict.fromkeys(below, 0)
    given = largest_remainder(lacking, total=Decimal(whole), places=0)
    return {account_id: int(number) for account_id, number in given.items()}
