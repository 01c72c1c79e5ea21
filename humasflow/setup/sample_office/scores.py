"""What stands around the numbers: a second scheme with marks, targets of sections, engagement, what was announced, and
the quarters that are signed.
"""

from datetime import timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.metrics.models import MetricSnapshot
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring.calculation import RubricFacts, largest_remainder
from humasflow.scoring.enums import ComponentKind, ResultKind, TargetScope
from humasflow.scoring.models import ScoreScheme
from humasflow.scoring.open_questions import open_questions
from humasflow.scoring.services.closing import close_period
from humasflow.scoring.services.measuring import Basis, record_measurement
from humasflow.scoring.services.official import Announcement, Subject, record_official
from humasflow.scoring.services.schemes import ComponentSpec, create_scheme, create_scheme_version
from humasflow.scoring.services.targets import set_target
from humasflow.scoring.standing import get_standing
from humasflow.setup.sample import worktime
from humasflow.setup.sample.model import SampleRole
from humasflow.setup.sample_office.cast import Cast
from humasflow.setup.sample_office.timing import at_moment, moment

SOCIAL = "Mutu media sosial"
QUALITY = "mutu"
MARKS = (Decimal(78), Decimal("82.5"), Decimal(85))
NOTES = (
    "Takarir rapi; foto masih sering gelap dan belum semua berteks alternatif.",
    "Foto membaik; beberapa unggahan terlalu panjang untuk dibaca di ponsel.",
    "Konsisten dengan panduan; video pendek mulai rutin.",
)
SIGNED_AFTER_WORKDAYS = 12  # how long after its end a quarter is signed
READ_AFTER = timedelta(days=7)  # when somebody reads a post's numbers


def make_social_scheme(cast: Cast) -> ScoreScheme:
    """A scheme beside the first one, of two counts and a reviewer's mark. Before the history, so that it counts too."""
    scheme = create_scheme(
        cast.office.id,
        actor=None,
        name=SOCIAL,
        issuer="Kantor pusat (contoh)",
        legal_basis="Surat edaran contoh",
    )
    create_scheme_version(
        scheme, actor=None, effective_from=cast.plan.quarters[0],
        components=[
            ComponentSpec("Unggahan Instagram", Decimal(40), key="unggahan-instagram", channel_kinds=["instagram"]),
            ComponentSpec("Unggahan Facebook", Decimal(40), key="unggahan-facebook", channel_kinds=["facebook"]),
            ComponentSpec(
                "Mutu unggahan", Decimal(20), key=QUALITY, kind=ComponentKind.RUBRIC,
                parameters={"aspects": ["Bahasa", "Visual", "Kesesuaian dengan panduan"]},
                channel_kinds=["instagram", "facebook"],
            ),
        ],
    )  # fmt: skip
    for quarter in cast.plan.quarters:
        for key in ("unggahan-instagram", "unggahan-facebook"):
            set_target(
                scheme, actor=None, component_key=key, period=quarter, value=Decimal(24),
                letter=f"ND-13/KPKN.01/{quarter.year}",
            )  # fmt: skip
    return scheme


def write_scores(cast: Cast, social: ScoreScheme) -> None:
    """After the history: everything that people enter about the quarters."""
    _section_targets(cast)
    _numbers(cast)
    lead = cast.principal(next(p.key for p in cast.plan.people if p.role is SampleRole.LEAD))
    past = [quarter for quarter in cast.plan.quarters if quarter.end < cast.plan.today]
    for quarter, mark, note in zip(past, MARKS, NOTES, strict=False):
        with at_moment(cast, quarter.end, 15):
            record_measurement(
                social, QUALITY, quarter, actor=lead, facts=RubricFacts((mark,)), basis=Basis(note=note)
            )
    # The last quarter that is over waits for its signature, so that a visitor can give it.
    for quarter in past[:-1]:
        _sign(cast, quarter, lead)
    _announced(cast, lead)


def _section_targets(cast: Cast) -> None:
    """The running quarter's news divided between the sections, to the last one."""
    if cast.scheme is None:
        raise RuntimeError("the scheme is made before its targets are divided")
    quarter = Quarter.from_local_date(cast.plan.today)
    wanted = next(
        t for t in cast.plan.targets if t.quarter == quarter and t.component_key == "berita-terbaru"
    )
    shares = largest_remainder(dict.fromkeys(cast.sections, 1), total=Decimal(wanted.count), places=0)
    for key, section in cast.sections.items():
        set_target(
            cast.scheme, actor=None, component_key=wanted.component_key, period=quarter, value=shares[key],
            letter=wanted.letter, scope=TargetScope.SECTION, scope_id=section.id,
        )  # fmt: skip


def _numbers(cast: Cast) -> None:
    """What somebody read on Instagram and Facebook a week after each post; Facebook tells nothing of saves."""
    accounts = {
        cast.accounts[a.key].id: a
        for a in cast.plan.office.accounts
        if a.platform in ("instagram", "facebook")
    }
    now = moment(cast, cast.plan.today, 8)
    posts = db.session.scalars(
        select(Delivery)
        .where(Delivery.office_id == cast.office.id, Delivery.state == DeliveryState.PUBLISHED,
               Delivery.account_id.in_(accounts))
        .order_by(Delivery.id)
    )  # fmt: skip
    for delivery in posts:
        account = accounts[delivery.account_id]
        if delivery.published_at is None or delivery.published_at + READ_AFTER > now:
            continue
        dice = Random(delivery.id * 7919)
        reach = dice.randint(240, 1900)
        saves = dice.randint(0, reach // 60) if account.platform == "instagram" else None
        numbers = {
            "likes": dice.randint(reach // 40, reach // 9), "comments": dice.randint(0, reach // 90),
            "shares": dice.randint(0, reach // 70), "saves": saves, "reach": reach,
            "impressions": reach + dice.randint(20, reach // 2),
            "followers": 2300 + (delivery.published_at.date() - cast.plan.quarters[0].start).days * 2,
        }  # fmt: skip
        db.session.add(
            MetricSnapshot(
                office_id=delivery.office_id, post_id=delivery.post_id, delivery_id=delivery.id,
                captured_at=delivery.published_at + READ_AFTER, source="manual", api_version="",
                recorded_by=cast.users[account.assignee].id if account.assignee else None,
                named={name: value for name, value in numbers.items() if value is not None}, **numbers,
            )
        )  # fmt: skip
    db.session.flush()


def _sign(cast: Cast, quarter: Quarter, lead: Principal) -> None:
    """Sign a quarter of the first scheme some days after its end, with an answer to whatever was open."""
    if cast.scheme is None:
        raise RuntimeError("the scheme is made before its quarters are signed")
    day = worktime.workday_after(quarter.end, SIGNED_AFTER_WORKDAYS)
    with at_moment(cast, day, 10):
        standing = get_standing(cast.office, quarter, scheme_id=cast.scheme.id)
        if standing is None:
            raise RuntimeError(f"no standing to sign in {quarter.key}")
        asked = open_questions(cast.office, cast.scheme, quarter, standing)
        close_period(
            cast.scheme, quarter, actor=lead,
            answers={q.code: "Sudah diperiksa; tidak memengaruhi nilai." for q in asked if q.number},
        )  # fmt: skip


def _announced(cast: Cast, lead: Principal) -> None:
    """The score of the whole scheme, and the ranks of its two social channels."""
    keys = {f"Peringkat {component.name}": component.key for component in cast.plan.components}
    for result in cast.plan.officials:
        kind = ResultKind.RANK if result.score is None else ResultKind.SCORE
        value = Decimal(result.rank or 1) if result.score is None else result.score
        with at_moment(cast, result.announced_on, 14):
            record_official(
                cast.office,
                Subject(cast.scheme, result.quarter, kind, component_key=keys.get(result.name, "")),
                Announcement(value, result.announced_on, result.document, out_of=result.rank_of),
                actor=lead,
            )
