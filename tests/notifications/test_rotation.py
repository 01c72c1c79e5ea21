"""A key is replaced: put the new one in front, rotate, take the old one away."""

import pytest
from flask import Flask

from humasflow.core.db import db
from humasflow.core.secrets import decrypt, encrypt
from humasflow.notifications.enums import MailSecurity
from humasflow.notifications.models import MailSettings
from tests.factories.world import World

pytestmark = pytest.mark.db


def test_after_rotation_the_old_key_is_not_needed(app: Flask, world: World) -> None:
    db.session.add(
        MailSettings(
            office_id=world.office.id, host="surel.example", port=587, security=MailSecurity.STARTTLS, username="humas",
            password_encrypted=encrypt("kata sandi surel"), from_address="humas@kantor.example", from_name="",
        )
    )  # fmt: skip
    db.session.commit()
    old = app.config["SECRETS"]
    app.config["SECRETS"] = ["kunci-baru", *old]
    answer = app.test_cli_runner().invoke(args=["notifications", "rotate-secrets"])
    assert answer.exit_code == 0, answer.output
    assert "1 secrets" in answer.output
    app.config["SECRETS"] = ["kunci-baru"]
    db.session.expire_all()
    kept = db.session.get_one(MailSettings, world.office.id).password_encrypted
    assert decrypt(kept) == "kata sandi surel"
    app.config["SECRETS"] = old
    with pytest.raises(ValueError, match="configured keys"):
        decrypt(kept)
