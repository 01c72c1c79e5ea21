"""A list that names another type for a known publication corrects it, where it may."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.imports.kinds.base import Outcome
from humasflow.publishing.models import Delivery
from humasflow.scoring.models import LedgerEntry
from humasflow.scoring.recomputation import differences
from humasflow.scoring.services.closing import close_period
from tests.factories import imports
from tests.factories.imports import Told
from tests.factories.scoring import make_scheme
from tests.factories.world import World
from tests.scoring.test_random_histories import Yes

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

HEAD = "tanggal_tayang,zona,kanal,jenis,judul,url"


def load(world: World, *rows: str, verified: bool = False) -> Told:
    data = "\n".join([HEAD, *rows]).encode()
    return imports.load(world.office, world.as_(world.editor), data, verified=verified, document="ND-7")


def row(kind: str, number: int = 1, extra: str = "") -> str:
    return f"2026-02-10 09:00,WIB,website_own,{kind},Berita {number},https://kantor-uji.example/berita/{number}{extra}"


def counted() -> list[tuple[str, int]]:
    return [
        (r.component_key, int(r.quantity))
        for r in db.session.scalars(select(LedgerEntry).order_by(LedgerEntry.id))
    ]


def test_the_later_list_corrects_the_type_and_the_ledger_follows(world: World) -> None:
    make_scheme(world)
    assert load(world, row("Berita Terbaru")).outcomes == [Outcome.MADE]
    result = load(world, row("Berita Utama", extra="?utm_source=wa"))
    assert result.outcomes == [Outcome.CHANGED]
    assert counted() == [("berita-terbaru", 1), ("berita-terbaru", -1), ("berita-utama", 1)]
    assert load(world, row("Berita Utama")).outcomes == [Outcome.KNOWN]
    assert list(differences()) == []


def test_two_rows_of_one_list_for_one_address_do_not_fight(world: World) -> None:
    make_scheme(world)
    result = load(world, row("Berita Terbaru"), row("Berita Utama", extra="/"))
    assert result.outcomes == [Outcome.MADE, Outcome.SKIPPED]
    assert "baris pertama yang dipakai" in " ".join(result.reasons.values())
    assert counted() == [("berita-terbaru", 1)]


def test_what_went_out_here_keeps_its_type(world: World) -> None:
    make_scheme(world)
    load(world, row("Berita Terbaru"))
    delivery = db.session.scalars(select(Delivery)).one()
    delivery.payload_sha256 = "0" * 64  # as after a publication of our own
    db.session.flush()
    result = load(world, row("Berita Utama"))
    assert "tidak dicatat dari daftar" in " ".join(result.reasons.values())
    assert counted() == [("berita-terbaru", 1)]


def test_a_closed_period_keeps_what_it_counted(
    world: World, at: Callable[[str], AbstractContextManager[None]]
) -> None:
    with at("2026-05-04T02:00Z"):
        scheme = make_scheme(world)
        load(world, row("Berita Terbaru"))
        close_period(scheme, Quarter.parse("2026-TW1"), actor=world.as_(world.lead), answers=Yes())
        result = load(world, row("Berita Utama"), row("Berita Terbaru", 2), verified=True)
        assert "periodenya sudah ditutup" in " ".join(result.reasons.values())
        assert "kini terverifikasi" not in result.reasons.values(), (
            "what was closed is not judged by a list either"
        )
        lines = db.session.scalars(select(LedgerEntry).order_by(LedgerEntry.id)).all()
        assert [(r.component_key, r.period, r.adjusts) for r in lines] == [
            ("berita-terbaru", "2026-TW1", None), ("berita-terbaru", "2026-TW2", "2026-TW1")
        ]  # fmt: skip
        assert list(differences()) == []
