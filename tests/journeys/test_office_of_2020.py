"""An office brings its list of 2020: the reported numbers come out, and each opens down to a post and its evidence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from humasflow.core.db import db
from humasflow.outbox.runner import run_due
from tests.factories.world import World
from tests.support.forms import form_with
from tests.support.page import Browser, Page

pytestmark = pytest.mark.journey
DATA = Path(__file__).resolve().parents[1] / "imports" / "data"


def test_the_reported_numbers_come_out_and_open(
    app: Flask, world: World, browser_of: Callable[[Any], Browser]
) -> None:
    office = world.office.slug or ""
    targets = app.test_cli_runner().invoke(
        args=[
            "imports",
            "targets",
            str(DATA / "targets-2020.csv"),
            "--office",
            office,
            "--by",
            world.admin.email,
        ]
    )
    assert targets.exit_code == 0, targets.output

    admin = browser_of(world.admin)
    page = _import(admin, {"jawaban-vouched": "y", "jawaban-document": "ND-7/2020"})
    assert "189 dicatat" in page.main

    lead = browser_of(world.lead)
    for quarter, total, facebook, instagram in (
        ("2020-TW1", "67,00", "10 terverifikasi", None), ("2020-TW2", "100,00", "31 terverifikasi", "26 terverifikasi"),
    ):  # fmt: skip
        standing = lead.get(f"/capaian/?periode={quarter}")
        assert total in standing.main
        rows = {
            r.get_text(" ", strip=True).split(" bobot")[0].split(" ditampilkan")[0]: r
            for r in standing.soup.select(".std__row")
        }
        assert facebook in rows["Facebook"].get_text(" ", strip=True)
        if instagram:
            assert instagram in rows["Instagram"].get_text(" ", strip=True)
        else:
            assert "terverifikasi" not in rows["Instagram"].get_text(" ", strip=True)

        # Number → posts → evidence, in two clicks.
        link = next(a["href"] for a in rows["Facebook"].find_all("a") if "terverifikasi" in a.get_text())
        posts = lead.get(link)
        listed = posts.soup.select("main .trace__title a[href^='/publikasi/']")
        assert f"{len(listed)} terverifikasi" == facebook
        evidence = lead.get(str(listed[0]["href"]))
        assert "https://www.facebook.com/kantorcontoh/posts/" in evidence.html
        assert "ND-7/2020" in evidence.main

    again = _import(admin, {})
    assert "189 sudah tercatat" in again.main
    db.session.rollback()


def _import(admin: Browser, answers: dict[str, str]) -> Page:
    """Upload, match as guessed, import; the worker has its turn in between. The page of the result."""
    new = "/impor/baru/publications"
    with (DATA / "publications-2020.csv").open("rb") as file:
        form = form_with(admin.get(new), "csrf_token") | answers | {"file": (file, "publikasi.csv")}
        address = admin.post(new, form, status=303, content_type="multipart/form-data").location
    run_due()
    admin.post(f"{address}/kolom", form_with(admin.get(address), "row_version"), status=303)
    run_due()
    page = admin.get(address)
    assert "189 baris: 189 siap diimpor." in page.main
    admin.post(f"{address}/terapkan", page.form(f"{address}/terapkan"), status=303)
    run_due()
    return admin.get(address)
