"""Who and what brought a period its numbers: sections, pillars, kinds of content, people. Nobody is ranked."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.planning.production_roles.models import ProductionRole
from humasflow.publishing.models import Delivery
from humasflow.publishing.services import retype_past_publication
from humasflow.scoring import queries
from humasflow.scoring.enums import ComponentKind, TargetScope
from humasflow.scoring.models import SchemeVersion, ScoreScheme, Target
from humasflow.scoring.queries.contributions import Dimension, page_of_parts
from humasflow.scoring.services.ledger import score_delivery
from humasflow.scoring.services.verification import dispute_point, verify_point
from humasflow.scoring.standing.by_person import by_person, one_person
from humasflow.scoring.standing.by_pillar import by_part
from humasflow.scoring.standing.by_section import by_section
from humasflow.stories.enums import AssignmentState, StoryState
from humasflow.stories.models import Assignment, Story, StoryReader
from tests.conftest import QueryCount
from tests.factories.publications import live_post
from tests.factories.scoring import forget_lines, make_scheme, set_targets
from tests.factories.world import World
from tests.support.page import Browser

BrowserOf = Callable[[object], Browser]
TW1 = Quarter.parse("2026-TW1")


def _version(scheme: ScoreScheme) -> SchemeVersion:
    found = queries.version_at(scheme, TW1.end)
    assert found is not None
    return found


def _target(
    scheme: ScoreScheme, scope: TargetScope, scope_id: int, value: int, key: str = "berita-terbaru"
) -> None:
    db.session.add(
        Target(
            office_id=scheme.office_id, scheme_id=scheme.id, component_key=key, period="2026-TW1", scope=scope,
            scope_id=scope_id, value=Decimal(value), letter="ND-1/2026", set_at=clock.now(),
        )
    )  # fmt: skip
    db.session.flush()


def made_by(world: World, delivery: Delivery, *, section: int | None = None, **roles: int) -> Delivery:
    """Say who made a publication, and score it anew."""
    story = db.session.get_one(Story, delivery.story_id)
    story.section_id = section
    for code, person_id in roles.items():
        role = db.session.query(ProductionRole).filter_by(office_id=world.office.id, code=code).one()
        db.session.add(
            Assignment(
                story_id=story.id, role_id=role.id, person_id=person_id, state=AssignmentState.DONE,
                office_id=world.office.id, state_since=clock.now(), created_at=clock.now(), updated_at=clock.now(),
            )
        )  # fmt: skip
    db.session.flush()
    forget_lines(delivery)
    score_delivery(delivery)
    return delivery


@pytest.fixture
def scheme(world: World, in_request: None) -> ScoreScheme:
    """The scheme with a target of the office."""
    made = make_scheme(world)
    set_targets(made, world, "2026-TW1", berita_terbaru=60)
    return made


@pytest.mark.db
def test_sections_are_counted_whole_against_their_targets_and_the_rest_is_named(
    world: World, scheme: ScoreScheme
) -> None:
    first = made_by(world, live_post(world), section=world.section.id, penulis=world.contributor.id)
    verify_point(first, actor=world.as_(world.lead))
    made_by(world, live_post(world), section=world.section.id, penulis=world.contributor.id)
    questioned = made_by(world, live_post(world), section=world.other_section.id)
    dispute_point(questioned, actor=world.as_(world.lead), reason="Tautan salah")
    live_post(world)
    _target(scheme, TargetScope.SECTION, world.section.id, 40)
    _target(scheme, TargetScope.SECTION, world.other_section.id, 15)

    found = by_section(world.office, _version(scheme), TW1)

    rows = {row.section.name if row.section else "": row.cell("berita-terbaru") for row in found.rows}
    lelang = rows["Seksi Pelayanan Lelang"]
    assert lelang.tally.verified == 1 and lelang.tally.unverified == 1  # whole, not a tenth of each
    assert lelang.wanted == 40 and lelang.gap == 38
    assert rows["Seksi Hukum dan Informasi"].tally.disputed == 1
    assert rows["Seksi Hukum dan Informasi"].gap == 15  # what is questioned does not close a gap
    assert rows[""].tally.unverified == 1
    assert found.office.cell("berita-terbaru").tally.live == 3
    assert found.divided("berita-terbaru") == 55
    assert found.divided("artikel") is None


@pytest.mark.db
def test_points_of_a_section_are_whole_and_not_its_share(world: World, scheme: ScoreScheme) -> None:
    component = next(c for c in _version(scheme).components if c.key == "berita-terbaru")
    component.kind = ComponentKind.POINTS
    component.parameters = {"points": {"berita_terbaru|website_own": "2.5"}}
    db.session.flush()
    verify_point(made_by(world, live_post(world), section=world.section.id), actor=world.as_(world.lead))
    made_by(world, live_post(world), section=world.section.id)
    row = by_section(world.office, _version(scheme), TW1).rows[-1]
    tally = row.cell("berita-terbaru").tally
    assert row.section is not None and row.section.name == "Seksi Pelayanan Lelang"
    assert (tally.verified, tally.unverified) == (Decimal("2.5"), Decimal("2.5"))


@pytest.mark.db
def test_a_section_that_is_no_more_keeps_its_numbers(world: World, scheme: ScoreScheme) -> None:
    made_by(world, live_post(world), section=world.section.id)
    world.section.is_active = False
    world.other_section.is_active = False
    db.session.flush()
    names = [row.section.name for row in by_section(world.office, _version(scheme), TW1).rows if row.section]
    assert names == ["Seksi Pelayanan Lelang"]


@pytest.mark.db
def test_pillars_and_kinds_of_content_with_the_required_mix(world: World, scheme: ScoreScheme) -> None:
    delivery = live_post(world)
    db.session.get_one(Story, delivery.story_id).pillar_id = world.pillar.id
    live_post(world)
    live_post(world, content_type=world.headline)
    _target(scheme, TargetScope.PILLAR, world.pillar.id, 5)
    _target(scheme, TargetScope.CONTENT_TYPE, world.news.id, 9)

    pillars = by_part(world.office, _version(scheme), TW1, Dimension.PILLAR)
    rows = {row.id: row for row in pillars.rows}
    assert rows[world.pillar.id].cell("berita-terbaru").tally.live == 1
    assert rows[world.pillar.id].cell("berita-terbaru").gap == 4
    assert rows[None].cell("berita-terbaru").tally.live == 1
    assert rows[None].cell("berita-utama").tally.live == 1

    types = by_part(world.office, _version(scheme), TW1, Dimension.CONTENT_TYPE)
    of_type = {row.id: row for row in types.rows}
    assert of_type[world.news.id].cell("berita-terbaru").tally.live == 2
    assert of_type[world.news.id].cell("berita-terbaru").wanted == 9


@pytest.mark.db
def test_a_person_counts_once_a_publication_however_many_parts(world: World, scheme: ScoreScheme) -> None:
    delivery = made_by(
        world, live_post(world), section=world.section.id,
        penulis=world.contributor.id, fotografer=world.contributor.id, editor=world.editor.id,
    )  # fmt: skip
    _target(scheme, TargetScope.PERSON, world.contributor.id, 3)

    row = one_person(world.office, _version(scheme), TW1, world.contributor)
    cell = next(c for c in row.cells if c.count.component.key == "berita-terbaru")
    assert cell.count.tally.unverified == 1
    assert cell.count.gap == 2
    # 40 + 20 of the 90 that somebody filled: 44.44 + 22.22 per cent of one publication.
    assert cell.share.unverified == Decimal("0.6667") and cell.share.verified == 0  # never added in silence
    parts = page_of_parts(
        world.office.id, scheme.id, "2026-TW1", world.contributor.id, reader_id=world.lead.id
    )
    assert [p.delivery_id for p in parts.items] == [delivery.id]
    assert [role for role, _share in parts.items[0].roles] == ["writer", "photographer"]


@pytest.mark.db
def test_a_part_that_was_taken_back_is_named_no_more(world: World, scheme: ScoreScheme) -> None:
    """A publication that counts as another kind is booked anew for who made it by then."""
    delivery = made_by(world, live_post(world), penulis=world.contributor.id, fotografer=world.contributor.id)
    photographer = (
        db.session.query(ProductionRole).filter_by(office_id=world.office.id, code="fotografer").one()
    )
    db.session.query(Assignment).filter_by(role_id=photographer.id).update({"person_id": world.editor.id})
    retype_past_publication(delivery, world.headline, actor=world.admin)
    parts = page_of_parts(
        world.office.id, scheme.id, "2026-TW1", world.contributor.id, reader_id=world.lead.id
    )
    assert [[role for role, _share in p.roles] for p in parts.items] == [["writer"]]


@pytest.mark.db
def test_people_come_by_name_and_in_pages(world: World, scheme: ScoreScheme) -> None:
    made_by(world, live_post(world), penulis=world.other_contributor.id)
    first = by_person(world.office, _version(scheme), TW1)
    names = [row.person.name for row in first.rows]
    assert names == sorted(names, key=str.lower)
    assert len(names) == 8
    searched = by_person(world.office, _version(scheme), TW1, q="kontributor dua")
    assert [row.person.name for row in searched.rows] == ["Kontributor Dua"]


def test_one_sees_oneself_and_others_only_by_permission(
    world: World, other_world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    made_by(world, live_post(world, title="Liputan bersama"), penulis=world.contributor.id)
    db.session.commit()
    own = browser_of(world.contributor).get("/capaian/saya?periode=2026-TW1")
    assert own.h1 == "Kontribusi saya, Triwulan I 2026"
    assert "Liputan bersama" in own.main and "Penulis 100%" in own.main
    same = browser_of(world.contributor).get(f"/capaian/orang/{world.contributor.id}?periode=2026-TW1")
    assert "Liputan bersama" in same.main
    browser_of(world.editor).get(f"/capaian/orang/{world.contributor.id}", status=404)
    browser_of(world.editor).get("/capaian/orang", status=403)
    lead = browser_of(world.lead)
    page = lead.get("/capaian/orang?periode=2026-TW1")
    opened = lead.get(page.link("Kontributor Satu"))
    assert opened.h1 == "Kontribusi Kontributor Satu, Triwulan I 2026"
    assert "Liputan bersama" in opened.main
    lead.get(f"/capaian/orang/{other_world.contributor.id}", status=404)
    lead.get("/capaian/orang/99999999999999999999", status=404)


def test_a_confidential_title_is_kept_and_its_number_counts(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    delivery = made_by(world, live_post(world, title="Rahasia"), penulis=world.contributor.id)
    story = db.session.get_one(Story, delivery.story_id)
    story.is_confidential, story.state = True, StoryState.DRAFT
    db.session.commit()
    address = f"/capaian/orang/{world.contributor.id}?periode=2026-TW1"
    page = browser_of(world.lead).get(address)
    assert "Naskah rahasia" in page.main and "Rahasia" not in page.html
    assert "0 +1" in page.main
    db.session.add(StoryReader(story_id=story.id, user_id=world.lead.id, added_at=clock.now()))
    db.session.commit()
    assert "Rahasia" in browser_of(world.lead).get(address).main


def test_every_number_opens_to_its_lines(world: World, browser_of: BrowserOf, scheme: ScoreScheme) -> None:
    delivery = made_by(world, live_post(world, title="Milik lelang"), section=world.section.id)
    db.session.get_one(Story, delivery.story_id).pillar_id = world.pillar.id
    live_post(world, title="Milik siapa saja")
    live_post(world, content_type=world.headline, title="Jenis lain")
    db.session.commit()
    browser = browser_of(world.lead)
    page = browser.get("/capaian/seksi?periode=2026-TW1")
    assert page.h1 == "Capaian per seksi, Triwulan I 2026"
    assert "Kantor: 0 terverifikasi, 2 tayang belum diverifikasi; sasaran 60." in page.main
    assert "0 +1" in page.main  # what nobody verified stands beside the number, never in it
    assert "Tanpa seksi (termasuk penyesuaian)" in page.main
    lines = browser.get(page.link("Seksi Pelayanan Lelang"))
    assert "Milik lelang" in lines.main and "Milik siapa saja" not in lines.main
    pillars = browser.get("/capaian/pilar?periode=2026-TW1")
    lines = browser.get(pillars.link("Lelang"))
    assert "Milik lelang" in lines.main and "Milik siapa saja" not in lines.main
    assert "Tanpa pilar (termasuk penyesuaian)" in pillars.main
    types = browser.get("/capaian/pilar?periode=2026-TW1&menurut=jenis")
    assert types.h1 == "Capaian per jenis konten, Triwulan I 2026"
    drawn = [name.get_text(strip=True) for name in types.soup.select(".chart__name")]
    assert drawn == ["Berita terbaru"]  # kinds that bring the component nothing are no rows of zero
    lines = browser.get(types.link("Berita terbaru"))
    assert "Milik lelang" in lines.main and "Milik siapa saja" in lines.main
    for nobody in (page.link("Tanpa seksi"), pillars.link("Tanpa pilar")):
        lines = browser.get(nobody)
        assert "Milik siapa saja" in lines.main and "Milik lelang" not in lines.main
    for shown in (page, pillars, types):  # the table of all components too
        links = {str(a["href"]).partition("?")[0] for a in shown.soup.select("table.table td.num a")}
        assert links == {"/capaian/komponen/berita-terbaru", "/capaian/komponen/berita-utama"}
    people = browser.get("/capaian/orang?periode=2026-TW1")
    assert not people.soup.select("table.table td.num a")  # nobody is known to have made them
    other = browser.get("/capaian/seksi?periode=2026-TW1&komponen=artikel")
    assert other.soup.select_one("h2#bagan").text == "Artikel"  # type: ignore[union-attr]


def test_what_is_missing_of_the_mix_is_one_sentence(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    _target(scheme, TargetScope.CONTENT_TYPE, world.news.id, 5)
    _target(scheme, TargetScope.CONTENT_TYPE, world.headline.id, 2)
    db.session.commit()
    page = browser_of(world.lead).get("/capaian/pilar?periode=2026-TW1&menurut=jenis")
    said = page.soup.select_one(".say")
    assert said is not None and said.text == "Kurang 2 Berita utama dan 5 Berita terbaru."


def test_links_of_earlier_releases_keep_their_quarter(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    db.session.commit()
    page = browser_of(world.lead).get("/capaian/seksi?tw=2026-TW1")
    assert page.h1 == "Capaian per seksi, Triwulan I 2026"
    assert "periode=2026-TW1" in page.link("Per pilar")


def test_a_scheme_that_only_measures_has_nothing_to_divide(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    for component in scheme.versions[0].components:
        component.kind = ComponentKind.RUBRIC
    db.session.commit()
    for path in ("seksi", "pilar", "orang", "saya"):
        page = browser_of(world.lead).get(f"/capaian/{path}?periode=2026-TW1")
        assert "Skema ini tidak menghitung publikasi" in page.main, path


@pytest.mark.parametrize("path", ["/capaian/seksi", "/capaian/pilar", "/capaian/orang", "/capaian/saya"])
def test_an_office_without_a_scheme_is_told_so(world: World, browser_of: BrowserOf, path: str) -> None:
    assert "Belum ada skema penilaian" in browser_of(world.lead).get(path).main


@pytest.mark.parametrize("path", ["/capaian/seksi", "/capaian/pilar", "/capaian/orang", "/capaian/saya"])
def test_what_is_no_period_is_not_found(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme, path: str
) -> None:
    db.session.commit()
    browser_of(world.lead).get(f"{path}?periode=2026-TW9", status=404)
    browser_of(world.lead).get(f"{path}?periode=2019-TW1", status=200)


@pytest.mark.parametrize("path", ["/capaian/seksi", "/capaian/pilar", "/capaian/orang", "/capaian/saya"])
def test_the_pages_take_a_fixed_number_of_statements(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme, statements: QueryCount, path: str
) -> None:
    browser = browser_of(world.lead)
    made_by(world, live_post(world), section=world.section.id, penulis=world.lead.id)
    db.session.commit()
    browser.get(f"{path}?periode=2026-TW1")
    statements.reset()
    browser.get(f"{path}?periode=2026-TW1")
    one = len(statements)
    for who, section in ((world.lead, world.section), (world.editor, world.other_section)):
        made_by(world, live_post(world), section=section.id, penulis=who.id)
    db.session.commit()
    browser.get(f"{path}?periode=2026-TW1")
    statements.reset()
    browser.get(f"{path}?periode=2026-TW1")
    assert len(statements) == one
