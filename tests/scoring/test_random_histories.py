"""Random histories of everything that can happen to a publication, beside a count worked out by hand."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from humasflow.accounts.policy import Principal
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.core.periods import Quarter
from humasflow.outbox.enums import JobState
from humasflow.outbox.models import Job
from humasflow.planning.models import ContentType
from humasflow.planning.production_roles.models import ProductionRole
from humasflow.publishing.models import Delivery
from humasflow.publishing.services import past, record_past_publication, retract, retype_past_publication
from humasflow.scoring.enums import Beneficiary, ComponentKind, PointState
from humasflow.scoring.models import LedgerEntry, PeriodClose, SchemeVersion, ScoreCount, ScoreScheme
from humasflow.scoring.recomputation import differences
from humasflow.scoring.services.adjusting import write_adjustment
from humasflow.scoring.services.closing import close_period, digest_of, reopen_period
from humasflow.scoring.services.ledger import rescore_delivery, score_delivery
from humasflow.scoring.services.reconsidering import recount_point, reverse_point
from humasflow.scoring.services.schemes import ComponentSpec, create_scheme, create_scheme_version
from humasflow.scoring.services.verification import dispute_point, verify_point
from humasflow.stories.enums import AssignmentState
from humasflow.stories.models import Assignment
from tests.factories.world import World
from tests.scoring.naive import DISPUTED, LIVE, REVERSED, VERIFIED, Cell, Naive, Post, Rules

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

TODAY = "2026-08-15T03:00Z"  # the third quarter: the two before it may be closed
DAYS = {"2026-TW1": "2026-02-10T02:00Z", "2026-TW2": "2026-05-11T02:00Z", "2026-TW3": "2026-08-03T02:00Z"}
ASIDE = "aside"
RULES: Rules = {"terbaru": "berita_terbaru", "utama": "berita_utama"}
OTHER_RULES: Rules = {"terbaru": "berita_utama", "umum": "berita_terbaru"}
POINTS: Rules = {**RULES, "poin": {"berita_terbaru": "1.25", "berita_utama": "3"}}
OTHER_POINTS: Rules = {**OTHER_RULES, "poin": {"berita_terbaru": "2.5", "berita_utama": "3"}}
KINDS = ("berita_terbaru", "berita_utama", "unggahan")


DECISIONS: dict[str, Callable[[Delivery, Principal], object]] = {
    VERIFIED: lambda delivery, actor: verify_point(delivery, actor=actor),
    DISPUTED: lambda delivery, actor: dispute_point(delivery, actor=actor, reason="Diragukan"),
    ASIDE: lambda delivery, actor: reverse_point(delivery, actor=actor, reason="Bukan publikasi kita"),
}


class Yes(dict[str, str]):
    """An answer to every open question of a close."""

    def get(self, _key: str, _default: Any = None) -> Any:
        """The same one."""
        return "Sudah diperiksa"

    def __missing__(self, _key: str) -> str:
        return "Sudah diperiksa"


class History:
    """The product and the naive count, each told the same."""

    def __init__(self, world: World, rules: Rules = RULES, other_rules: Rules = OTHER_RULES) -> None:
        self.world = world
        self.rules, self.other_rules = rules, other_rules
        self.types = {t.code: t for t in db.session.scalars(
            select(ContentType).where(ContentType.office_id == world.office.id)
        )}  # fmt: skip
        self.roles = {r.code: r.id for r in db.session.scalars(
            select(ProductionRole).where(ProductionRole.office_id == world.office.id)
        )}  # fmt: skip
        self.scheme = create_scheme(world.office.id, actor=world.admin, name="Skema acak")
        self.naive = Naive(rules, "2026-TW3")
        self._rules("2026-TW1", rules, reposts=False)
        self.deliveries: list[Delivery] = []
        self.closes: dict[str, PeriodClose] = {}

    def _rules(self, since: str, rules: Rules, *, reposts: bool) -> None:
        weights = [Decimal(60), Decimal(40), Decimal(0)]
        create_scheme_version(
            self.scheme, actor=self.world.admin, effective_from=Quarter.parse(since),
            components=[
                ComponentSpec(
                    key.capitalize(), weights.pop(0), key=key, content_types=[rule], counts_reposts=reposts
                ) if isinstance(rule, str) else ComponentSpec(
                    key.capitalize(), weights.pop(0), key=key, kind=ComponentKind.POINTS, counts_reposts=reposts,
                    parameters={"points": {f"{kind}|*": points for kind, points in rule.items()}},
                )
                for key, rule in rules.items()
            ],
        )  # fmt: skip

    def _one(self, n: int) -> tuple[Delivery, Post] | None:
        if not self.deliveries:
            return None
        n %= len(self.deliveries)
        return self.deliveries[n], self.naive.posts[n]

    def publish(self, n: int, quarter: str, *, address: str = "", repost_of: Delivery | None = None) -> None:
        """Something goes live; ``address``: by a channel that tells the address of another publication (a collab)."""
        number, kind = len(self.deliveries), KINDS[n % len(KINDS)]
        url = f"https://kantor-uji.example/acak/{number}"
        delivery, created = record_past_publication(
            actor=None, office=self.world.office, account=self.world.web, content_type=self.types[kind],
            title=f"Publikasi {number}", url=url, published_at=clock.now().fromisoformat(DAYS[quarter]),
        )  # fmt: skip
        assert created
        delivery.canonical_url = address or delivery.canonical_url
        delivery.post.repost_of_id = repost_of.post_id if repost_of else None
        self._crew(delivery, n)
        db.session.flush()
        self.deliveries.append(delivery)
        self.naive.publish(
            Post(
                number,
                delivery.canonical_url or "",
                kind,
                quarter,
                is_repost=repost_of is not None,
                has_section=bool(n % 2),
            )
        )
        score_delivery(delivery)

    def _crew(self, delivery: Delivery, n: int) -> None:
        """Nobody, a writer, or three photographers beside a section: a third cannot be written exactly."""
        w = self.world
        delivery.post.story.section_id = w.section.id if n % 2 else None
        people = [("penulis", w.editor)] if n // 3 == 1 else []
        if n // 3 >= 2:
            people = [("fotografer", p) for p in (w.editor, w.contributor, w.other_editor)]
        for code, person in people:
            db.session.add(Assignment(
                office_id=w.office.id, story_id=delivery.story_id, role_id=self.roles[code], person_id=person.id,
                state=AssignmentState.DONE, state_since=clock.now(), created_by=w.editor.id, created_at=clock.now(),
                updated_at=clock.now(),
            ))  # fmt: skip

    def do(self, step: str, n: int) -> None:
        """One thing happens, if it can."""
        quarter = list(DAYS)[n % 3]
        one = self._one(n)
        if step == "publish":
            self.publish(n, quarter)
        elif step == "adjust":
            write_adjustment(
                self.scheme, "terbaru", actor=self.world.as_(self.world.lead), quantity=Decimal(n - 3 or 1),
                reason="Hasil pencocokan", adjusts=None,
            )  # fmt: skip
            self.naive.adjust("terbaru", n - 3 or 1)
        elif step == "rules":
            self._change_rules(n)
        elif step in ("close", "reopen"):
            self._sign(step, list(DAYS)[n % 2])
        elif one is not None:
            self._about(step, n, *one)

    def _about(self, step: str, n: int, delivery: Delivery, post: Post) -> None:
        lead = self.world.as_(self.world.lead)
        if step == "again":
            url = f"https://kantor-uji.example/acak/{post.number}/?utm_source=wa#atas"
            if delivery.canonical_url == f"https://kantor-uji.example/acak/{post.number}":
                known, created = record_past_publication(
                    actor=None, office=self.world.office, account=self.world.web, content_type=self.types["unggahan"],
                    title="Sekali lagi", url=url, published_at=clock.now(),
                )  # fmt: skip
                assert (known.canonical_url, created) == (delivery.canonical_url, False)
            score_delivery(delivery)
        elif step == "collab":
            # Of any type, or of the same, so that it counts when the other one no longer does.
            kind = n if n % 2 else KINDS.index(post.kind)
            self.publish(kind, post.quarter, address=post.address)
        elif step == "repost":
            self.publish(n, list(DAYS)[n % 3], repost_of=delivery)
        elif step == "retract" and post.live:
            retract(delivery, actor=self.world.as_(self.world.editor), reason="Data keliru")
            self.naive.retract(post)
        elif step == "retype" and post.live:
            post.kind = KINDS[(n + 1) % len(KINDS)]
            with untold():
                retype_past_publication(delivery, self.types[post.kind], actor=lead)
            rescore_delivery(delivery, actor=lead, reason="Jenisnya dibetulkan")
            self.naive.rescore(post)
        elif step in DECISIONS and post.live:
            self._decide(step, delivery, post)

    def _decide(self, step: str, delivery: Delivery, post: Post) -> None:
        """What a person decides, through the same services as the pages. What may not be decided is refused."""
        lead = self.world.as_(self.world.lead)
        if post.state == REVERSED:
            recount_point(delivery, actor=lead)
            self.naive.count_again(post)
        elif self.naive.is_decided(post):
            with pytest.raises(Refused, match="sudah ditutup"):
                DECISIONS[step](delivery, lead)
        elif step == ASIDE and post.state != DISPUTED:
            with pytest.raises(Refused, match="Pertanyakan dahulu"):
                DECISIONS[step](delivery, lead)
        else:
            DECISIONS[step](delivery, lead)
            if step == ASIDE:
                self.naive.set_aside(post)
            else:
                post.state = step

    def _change_rules(self, n: int) -> None:
        since = next(q for q in DAYS if q not in self.closes and not any(c > q for c in self.closes))
        if any(since < begun for _n, begun, _rules, _reposts in self.naive.rules):
            since = "2026-TW3"
        rules = self.other_rules if n % 2 else self.rules
        self._rules(since, rules, reposts=n % 3 == 0)
        self.naive.change_rules(since, rules, n % 3 == 0)
        self._rescore_since(since)

    def _rescore_since(self, since: str) -> None:
        """What the job does, which is then done."""
        db.session.execute(update(Job).values(state=JobState.DONE))
        for delivery, post in zip(self.deliveries, self.naive.posts, strict=True):
            if post.quarter >= since:
                rescore_delivery(delivery, actor=None, reason="Aturan penilaian berubah.")

    def _sign(self, step: str, quarter: str) -> None:
        actor = self.world.as_(self.world.lead)
        if step == "close" and quarter not in self.closes:
            self.closes[quarter] = close_period(
                self.scheme, Quarter.parse(quarter), actor=actor, answers=Yes()
            )
            self.naive.close(quarter)
        elif step == "reopen" and quarter in self.closes:
            admin = self.world.as_(self.world.admin)
            close = reopen_period(self.closes.pop(quarter), actor=admin, reason="Ada yang terlewat")
            self.naive.reopen(quarter)
            since = db.session.get_one(SchemeVersion, close.scheme_version_id).effective_from
            self._rescore_since(Quarter.from_local_date(since).key)

    def check(self) -> None:
        """Both say the same, the ledger agrees with itself, and what was closed is as it was signed."""
        assert totals(self.scheme) == self.naive.totals()
        assert of_section(self.scheme) == self.naive.of_section()
        assert list(differences()) == []
        for quarter, close in self.closes.items():
            assert tuple(digest_of(self.scheme.id, Quarter.parse(quarter))) == (close.digest, close.lines)


def sums(scheme: ScoreScheme, beneficiary: Beneficiary) -> Any:
    """Of each cell without what was taken back: how much, and how many."""
    return db.session.execute(
        select(
            ScoreCount.period, SchemeVersion.number, ScoreCount.component_key, ScoreCount.state, ScoreCount.quantity,
            ScoreCount.number,
        )
        .join(SchemeVersion, SchemeVersion.id == ScoreCount.scheme_version_id)
        .where(
            SchemeVersion.scheme_id == scheme.id, ScoreCount.beneficiary == beneficiary,
            ScoreCount.state != PointState.REVERSED,
        )
    )  # fmt: skip


def totals(scheme: ScoreScheme) -> dict[Cell, Decimal]:
    """The office's sums that are not nothing."""
    return {(r[0], r[1], r[2], r[3].value): r[4] for r in sums(scheme, Beneficiary.OFFICE) if r[4]}


def of_section(scheme: ScoreScheme) -> Counter[Cell]:
    """How many count for the section."""
    return Counter({(r[0], r[1], r[2], r[3].value): r[5] for r in sums(scheme, Beneficiary.SECTION) if r[5]})


@contextmanager
def untold() -> Iterator[None]:
    """Nobody hears of what is recorded: the history tells the ledger itself, when all is in place."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(past, "emit", lambda _event: None)
        yield


@contextmanager
def history(world: World, rules: Rules = RULES, other_rules: Rules = OTHER_RULES) -> Iterator[History]:
    """One, and nothing of it afterwards."""
    with clock.moved_to(clock.now().fromisoformat(TODAY)), db.session.begin_nested() as savepoint:
        with untold():
            yield History(world, rules, other_rules)
        savepoint.rollback()
    db.session.expire_all()


STEPS = [
    "publish", "publish", "publish", "again", "collab", "repost", "retract", "retype", "retype", VERIFIED, VERIFIED,
    DISPUTED, DISPUTED, ASIDE, ASIDE, "rules", "close", "close", "reopen", "adjust",
]  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 11)), min_size=3, max_size=18))
def test_totals_equal_a_naive_count_whatever_happens(world: World, steps: list[tuple[str, int]]) -> None:
    with history(world, POINTS, OTHER_POINTS) as told:
        for step, n in steps:
            told.do(step, n)
        told.check()


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_order_of_events_does_not_matter_where_it_should_not(world: World, data: st.DataObject) -> None:
    """Publications live side by side: whatever comes first, retries in between, the sums are the same."""
    lives = [["score", VERIFIED], ["score", DISPUTED, VERIFIED], ["score", "retract"], ["score", "score"]]
    waiting = [(n, list(life)) for n, life in enumerate(lives)]
    with history(world) as told:
        for n in range(len(lives)):
            told.publish(n * 3, "2026-TW2")
        while waiting:
            n, life = data.draw(st.sampled_from(waiting))
            told.do({"score": "again"}.get(life[0], life[0]), n)
            del life[0]
            waiting = [(m, left) for m, left in waiting if left]
        told.check()
        assert totals(told.scheme) == {
            ("2026-TW2", 1, "terbaru", VERIFIED): 2, ("2026-TW2", 1, "terbaru", LIVE): 1
        }  # fmt: skip


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(order=st.permutations(range(4)))
def test_publications_of_one_address_count_once_in_any_order(world: World, order: list[int]) -> None:
    with history(world) as told:
        told.publish(0, "2026-TW2")
        for _n in range(3):
            told.publish(0, "2026-TW2", address=told.naive.posts[0].address)
        for n in order[:3]:
            told.do("retract", n)
            told.check()
            assert sum(totals(told.scheme).values()) == 1, "one of them is still live"
        told.do("retract", order[3])
        assert not totals(told.scheme)
        told.check()


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["retype", "retype", "retract", DISPUTED, ASIDE]), st.integers(0, 2)),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_what_one_publication_of_an_address_leaves_another_takes(
    world: World, steps: list[tuple[str, int]]
) -> None:
    with history(world, POINTS, OTHER_POINTS) as told:
        told.publish(0, "2026-TW2")
        for _n in range(2):
            told.publish(0, "2026-TW2", address=told.naive.posts[0].address)
        for step, n in steps:
            told.do(step, n)
            told.check()


def test_shares_sum_to_exactly_one_hundred(world: World) -> None:
    """Three photographers share what cannot be divided by three; the sum is exact to the last digit."""
    with history(world) as told:
        for n in (0, 1, 3, 4, 6, 7):
            told.publish(n, "2026-TW2")
        lines = db.session.scalars(select(LedgerEntry)).all()
        by_post: dict[int, Decimal] = {}
        for line in lines:
            if line.beneficiary is not Beneficiary.OFFICE and line.delivery_id is not None:
                by_post[line.delivery_id] = by_post.get(line.delivery_id, Decimal(0)) + line.share
        assert len(by_post) >= 3
        assert set(by_post.values()) == {Decimal(100)}
        assert any(line.share != line.share.to_integral_value() for line in lines)
