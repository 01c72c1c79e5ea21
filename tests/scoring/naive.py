"""What the ledger should say, worked out by hand: lists and loops over what happened, nothing of the product's code.

It knows only the rules as ``docs/scoring.md`` states them, and counts publications or points by period, rules, component
and state: for the office, and how many for the section that owns the story.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

QUARTERS = ("2026-TW1", "2026-TW2", "2026-TW3", "2026-TW4")
LIVE, VERIFIED, DISPUTED, REVERSED = "live_unverified", "verified", "disputed", "reversed"
Cell = tuple[str, int, str, str]  # period, version number, component, state
Rules = Mapping[str, str | Mapping[str, str]]  # what a component counts: one type, or points by type


@dataclass
class Post:
    """One publication, as far as counting it goes."""

    number: int
    address: str
    kind: str
    quarter: str
    is_repost: bool = False
    has_section: bool = False
    live: bool = True
    state: str = LIVE


@dataclass
class Counted:
    """A publication counts for a component in a period."""

    post: Post
    version: int
    component: str
    address: str
    period: str
    quantity: Decimal


class Naive:
    """Everything that happened, replayed as it comes."""

    def __init__(self, rules: Rules, today: str) -> None:
        self.rules: list[tuple[int, str, Rules, bool]] = [(1, QUARTERS[0], rules, False)]
        self.today = today
        self.posts: list[Post] = []
        self.counted: list[Counted] = []
        # What no state changes any more: how much for the office, how many for the section.
        self.for_good: list[tuple[str, int, str, Decimal, int]] = []
        self.closed: dict[str, dict[int, str]] = {}  # period → state of each publication then

    def open_quarter(self) -> str:
        return next(q for q in QUARTERS if q >= self.today and q not in self.closed)

    def version_in(self, quarter: str) -> tuple[int, Rules, bool]:
        begun = [
            (since, number, rules, reposts)
            for number, since, rules, reposts in self.rules
            if since <= quarter
        ]
        _since, number, rules, reposts = max(begun, key=lambda item: (item[0], item[1]))
        return number, rules, reposts

    def wants(self, post: Post) -> dict[tuple[int, str], Decimal]:
        number, rules, reposts = self.version_in(post.quarter)
        if not post.live or post.state == REVERSED or (post.is_repost and not reposts):
            return {}
        wanted = {}
        for component, rule in rules.items():
            if isinstance(rule, str):
                points = Decimal(1 if rule == post.kind else 0)
            else:
                points = Decimal(rule.get(post.kind, "0"))
            if points:
                wanted[number, component] = points
        return wanted

    def settle(self, post: Post) -> None:
        there = [c for c in self.counted if c.post.address == post.address]
        if any(c.period in self.closed and c.post.quarter == post.quarter for c in there):
            return
        for (version, component), quantity in self.wants(post).items():
            if not any((c.version, c.component) == (version, component) for c in there):
                period = self.open_quarter() if post.quarter in self.closed else post.quarter
                self.counted.append(Counted(post, version, component, post.address, period, quantity))

    def settle_others(self, post: Post) -> None:
        for other in self.posts:
            if other is not post and other.live and other.address == post.address:
                self.settle(other)

    def publish(self, post: Post) -> None:
        self.posts.append(post)
        self.settle(post)

    def retract(self, post: Post) -> None:
        post.live = False
        if self.take_back(post):
            post.state = REVERSED
            self.settle_others(post)

    def set_aside(self, post: Post) -> None:
        taken = self.take_back(post)
        post.state = REVERSED
        if taken:
            self.settle_others(post)

    def count_again(self, post: Post) -> None:
        post.state = LIVE
        self.settle(post)

    def take_back(self, post: Post) -> bool:
        mine = [c for c in self.counted if c.post is post]
        for c in mine:
            self.counted.remove(c)
            if self.closed.get(c.period, {}).get(post.number) == VERIFIED:
                many = 1 if post.has_section else 0
                self.for_good.append((c.period, c.version, c.component, c.quantity, many))
                self.for_good.append((self.open_quarter(), c.version, c.component, -c.quantity, -many))
        return bool(mine)

    def rescore(self, post: Post) -> None:
        wanted, taken = self.wants(post), False
        for c in [c for c in self.counted if c.post is post]:
            if wanted.get((c.version, c.component)) != c.quantity and c.period not in self.closed:
                self.counted.remove(c)
                taken = True
        self.settle(post)
        if taken:
            self.settle_others(post)

    def change_rules(self, since: str, rules: Rules, reposts: bool) -> None:
        self.rules.append((len(self.rules) + 1, since, rules, reposts))
        for post in self.posts:
            if post.live and post.quarter >= since:
                self.rescore(post)

    def is_decided(self, post: Post) -> bool:
        """Whether it counts in closed periods only."""
        mine = [c for c in self.counted if c.post is post]
        return bool(mine) and all(c.period in self.closed for c in mine)

    def close(self, quarter: str) -> None:
        self.closed[quarter] = {post.number: post.state for post in self.posts}

    def reopen(self, quarter: str) -> None:
        del self.closed[quarter]
        version = self.version_in(quarter)[0]
        since = next(s for number, s, _rules, _reposts in self.rules if number == version)
        for post in self.posts:
            if post.live and post.quarter >= since:
                self.rescore(post)

    def adjust(self, component: str, number: int) -> None:
        quarter = self.open_quarter()
        self.for_good.append((quarter, self.version_in(quarter)[0], component, Decimal(number), 0))

    def totals(self) -> dict[Cell, Decimal]:
        """What counts for the office, without what was taken back."""
        cells: dict[Cell, Decimal] = {}
        for c in self.counted:
            cell = (c.period, c.version, c.component, c.post.state)
            cells[cell] = cells.get(cell, Decimal(0)) + c.quantity
        for period, version, component, quantity, _many in self.for_good:
            cell = (period, version, component, VERIFIED)
            cells[cell] = cells.get(cell, Decimal(0)) + quantity
        return {cell: quantity for cell, quantity in cells.items() if quantity and cell[3] != REVERSED}

    def of_section(self) -> Counter[Cell]:
        """How many publications count for the section."""
        cells: Counter[Cell] = Counter()
        for c in self.counted:
            cells[c.period, c.version, c.component, c.post.state] += 1 if c.post.has_section else 0
        for period, version, component, _quantity, many in self.for_good:
            cells[period, version, component, VERIFIED] += many
        return Counter({cell: number for cell, number in cells.items() if number and cell[3] != REVERSED})
