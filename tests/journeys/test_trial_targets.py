"""A draft is tried on one period and then on its neighbour: what was typed comes along before it was ever sent."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.scoring import queries
from humasflow.scoring.models import ScoreScheme
from humasflow.scoring.services import schemes
from tests.journeys.conftest import Open, Server

TARGET = "sasaran-artikel-value"


@pytest.mark.parametrize("width", [1280, 360])
def test_targets_that_are_only_typed_go_along_both_ways(server: Server, open_as: Open, width: int) -> None:
    with server.app.app_context(), server.app.test_request_context():
        scheme = db.session.scalars(
            select(ScoreScheme).where(ScoreScheme.office_id == server.office_id).order_by(ScoreScheme.id)
        ).first()
        assert scheme is not None
        draft = queries.draft_of(scheme) or schemes.start_draft(scheme, actor=None)
        draft_id = draft.id
        db.session.commit()
        db.session.remove()
    page = open_as("admin", width=width)
    page.goto(f"/pengaturan/skema/konsep/{draft_id}/coba?periode=2026-TW1")
    field = page.locator(f'[name="{TARGET}"]')
    was = field.input_value()
    expect(page.get_by_role("link", name="Periode berikutnya")).not_to_have_attribute(
        "href", re.compile("sasaran-")
    )
    field.fill("7,5")
    page.get_by_role("link", name="Periode berikutnya").click()
    page.wait_for_url("**periode=2026-TW2**")
    expect(page.locator(f'[name="{TARGET}"]')).to_have_value("7,5")
    assert page.url.count("sasaran-") == 1, "what is set in the first quarter stays there"
    page.get_by_role("link", name="Periode sebelumnya").click()
    page.wait_for_url("**periode=2026-TW1**")
    expect(field).to_have_value("7,5")
    field.fill(was)  # as set: nothing goes along any more
    page.get_by_role("link", name="Periode berikutnya").click()
    page.wait_for_url("**periode=2026-TW2*")
    assert "sasaran-" not in page.url
    with server.app.app_context(), server.app.test_request_context():
        found = queries.get_scheme_version(server.office_id, draft_id)
        schemes.discard_draft(found, actor=None)
        db.session.commit()
        db.session.remove()
