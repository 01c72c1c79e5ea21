"""Genres, skeletons and credit patterns of content types, as an admin sets them and as they are filled in."""

from collections.abc import Callable

import pytest

from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.core.html import clean_html
from humasflow.planning.credits import DEFAULT_CREDITS, credit_line, unknown_names
from humasflow.planning.enums import EXTRA_FACTS, ContentTemplate
from humasflow.planning.models import ContentType
from humasflow.planning.skeletons import ADVICE, SKELETONS
from tests.factories.world import World
from tests.support.forms import form_with, send
from tests.support.page import Browser

BrowserOf = Callable[[User], Browser]


@pytest.mark.parametrize(
    ("pattern", "people", "line"),
    [
        (
            DEFAULT_CREDITS,
            {"writer": "A", "photographers": ["B", "C", "B"], "editor": "D"},
            "Narasi: A / Foto: B, C / Editor: D",
        ),
        (DEFAULT_CREDITS, {"writer": "A"}, "Narasi: A"),
        (DEFAULT_CREDITS, {"photographers": [" ", "B"]}, "Foto: B"),
        (DEFAULT_CREDITS, {}, ""),
        ("{penulis}/{editor}", {"writer": "A"}, ""),  # one part, and one of its people is unknown
        ("Humas KPKN / {penulis}", {"writer": "A"}, "Humas KPKN / A"),
        ("Humas KPKN / {penulis}", {}, ""),
        ("", {"writer": "A"}, ""),
    ],
)
def test_the_credit_line(pattern: str, people: dict[str, object], line: str) -> None:
    assert credit_line(pattern, **people) == line  # type: ignore[arg-type]


def test_unknown_names_in_a_pattern() -> None:
    assert unknown_names("{penulis} {kamera} {kamera} {x}") == ["kamera", "x"]


def test_every_genre_is_told_and_every_skeleton_is_clean() -> None:
    assert set(EXTRA_FACTS) == set(ADVICE) == set(ContentTemplate)
    for genre in ContentTemplate:
        assert genre.label
        assert genre.description.endswith(".")
    for skeleton in SKELETONS.values():
        assert clean_html(skeleton) == skeleton


@pytest.mark.db
def test_an_admin_changes_what_texts_start_from(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    url = f"/pengaturan/jenis-konten/{world.news.id}"
    form = form_with(admin.get(url), "row_version")
    assert form["credit_template"] == DEFAULT_CREDITS
    admin.post(url, form | {
        "template": "press_release", "credit_template": "Teks: {penulis}",
        "body_template": "<h2 onclick=x>Pokok</h2><script>x</script>",
    })  # fmt: skip
    kept = db.session.get_one(ContentType, world.news.id)
    assert (kept.template, kept.credit_template, kept.body_template) == (
        ContentTemplate.PRESS_RELEASE, "Teks: {penulis}", "<h2>Pokok</h2>",
    )  # fmt: skip
    admin.post(f"{url}/nonaktifkan")
    assert db.session.get_one(ContentType, world.news.id).body_template == "<h2>Pokok</h2>"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            {"credit_template": "{kamera}"},
            "Nama {kamera} tidak dikenal. Yang tersedia: {penulis}, {foto}, {editor}.",
        ),
        ({"template": "puisi"}, "Pilihan ini tidak tersedia."),
        ({"credit_template": "x" * 201}, "Paling panjang 200 karakter; sekarang 201."),
    ],
)
def test_what_is_wrong_is_said(
    world: World, browser_of: BrowserOf, typed: dict[str, str], sentence: str
) -> None:
    url = f"/pengaturan/jenis-konten/{world.news.id}"
    page = send(browser_of(world.admin), url, "row_version", typed, status=422)
    assert sentence in page.main


def test_a_new_kind_chooses_its_genre(world: World, browser_of: BrowserOf) -> None:
    send(
        browser_of(world.admin),
        "/pengaturan/jenis-konten",
        "label",
        {"label": "Cek Fakta", "template": "hoax"},
    )
    made = db.session.query(ContentType).filter_by(office_id=world.office.id, label="Cek Fakta").one()
    assert made.template is ContentTemplate.HOAX
