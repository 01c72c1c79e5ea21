"""Publications with stored pictures, for tests of what a report and a pack show of them."""

from datetime import timedelta
from typing import Any

from humasflow.core.db import db
from humasflow.media.models import Asset
from humasflow.notifications.enums import MailSecurity
from humasflow.notifications.models import MailSettings
from humasflow.publishing.models import Delivery, Evidence
from tests.factories import newsroom
from tests.factories.publications import live_post
from tests.factories.world import World


def pictured(world: World, delivery: Delivery, colour: str = "#336699") -> Asset:
    """A screenshot of the publication, as if somebody had recorded it an hour after it went out."""
    picture = newsroom.picture(world, colour=colour)
    assert delivery.published_at is not None
    db.session.add(
        Evidence(
            delivery_id=delivery.id, url=delivery.permalink or "", canonical_url=delivery.canonical_url or "",
            published_at=delivery.published_at, captured_at=delivery.published_at + timedelta(hours=1),
            captured_by=world.editor.id, screenshot_id=picture.id, file_sha256=picture.sha256,
        )
    )  # fmt: skip
    db.session.flush()
    return picture


def three_of_a_quarter(world: World) -> list[Delivery]:
    """Three publications of the first quarter of 2026, in the order of time: two with pictures, one with a title that
    looks like a formula and without any. The last is of 31 March 23.30 on the office's clock. Commits.
    """
    made = [
        live_post(world, at="2026-01-05T02:00Z", title="Lelang perdana"),
        live_post(world, at="2026-02-10T03:15Z", title="+62 Panggilan “aset” & <b>negara</b>"),
        live_post(world, at="2026-03-31T16:30Z", title="Ujung triwulan"),
    ]
    pictured(world, made[0], "#102030")
    pictured(world, made[0], "#405060")
    pictured(world, made[2], "#708090")
    db.session.commit()
    return made


def mail_settings(world: World, **more: Any) -> MailSettings:
    """The office can send mail (nothing listens there)."""
    settings = MailSettings(
        office_id=world.office.id, host="127.0.0.1", port=1, security=MailSecurity.NONE,
        from_address="humas@kantor-uji.example", from_name="Humas", **more,
    )  # fmt: skip
    db.session.add(settings)
    db.session.flush()
    return settings
