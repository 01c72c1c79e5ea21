"""An office that can send mail, to a real server on loopback."""

from collections.abc import Iterator

import pytest

from humasflow.core.db import db
from humasflow.notifications import services
from humasflow.notifications.enums import MailSecurity
from humasflow.notifications.models import MailSettings
from tests.factories.world import World
from tests.notifications.server import Box, mail_server


@pytest.fixture
def post_office() -> Iterator[tuple[Box, int]]:
    """A mail server without sign-in: what arrived, and its port."""
    with mail_server() as running:
        yield running


@pytest.fixture
def box(world: World, in_request: None, post_office: tuple[Box, int]) -> Box:
    """The office sends through that server."""
    found, port = post_office
    use_server(world, port)
    return found


def use_server(world: World, port: int, **changes: object) -> MailSettings:
    """Mail settings of the office, committed."""
    values = {
        "host": "127.0.0.1", "port": port, "security": MailSecurity.NONE, "username": "", "password": None,
        "from_address": "humas@kantor-uji.example", "from_name": "Humas Kantor Uji",
    } | changes  # fmt: skip
    settings = services.save_mail_settings(
        world.office,
        services.MailForm(**values),
        actor=world.as_(world.admin),  # type: ignore[arg-type]
    )
    db.session.commit()
    return settings
