"""A key is replaced: put the new one in front, rotate, take the old one away."""

import threading
import time

import pytest
from flask import Flask

from humasflow.core.db import db
from humasflow.core.secrets import decrypt, encrypt
from humasflow.notifications.enums import MailSecurity
from humasflow.notifications.models import MailSettings
from humasflow.setup.secrets.services import rotate_secrets
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
    answer = app.test_cli_runner().invoke(args=["secrets", "rotate"])
    assert answer.exit_code == 0, answer.output
    assert "1 secrets" in answer.output
    app.config["SECRETS"] = ["kunci-baru"]
    db.session.expire_all()
    kept = db.session.get_one(MailSettings, world.office.id).password_encrypted
    assert decrypt(kept) == "kata sandi surel"
    app.config["SECRETS"] = old
    with pytest.raises(ValueError, match="configured keys"):
        decrypt(kept)


def test_what_other_rooms_keep_encrypted_is_rotated_too(app: Flask, world: World, in_request: None) -> None:
    from humasflow.calendar.enums import FeedKind
    from humasflow.calendar.feeds import services as feeds
    from humasflow.calendar.models import CalendarFeed
    from humasflow.planning.agenda import subscribing
    from humasflow.planning.agenda.models import AgendaFeed

    editor = world.as_(world.editor)
    own = feeds.create_feed(world.office.id, actor=editor, kind=FeedKind.PERSON)
    followed = subscribing.add_feed(
        world.office.id, actor=editor, name="Kanwil", address="https://contoh.example/rahasia.ics"
    )
    ended = feeds.create_feed(world.office.id, actor=editor, kind=FeedKind.OFFICE)
    feeds.revoke_feed(ended, actor=editor)
    stopped = subscribing.add_feed(
        world.office.id, actor=editor, name="Lama", address="https://contoh.example/lama.ics"
    )
    subscribing.remove_feed(stopped, actor=editor)
    assert (ended.secret, stopped.address) == ("", "")
    secret, ids = feeds.secret_of(own), (own.id, followed.id)
    db.session.commit()
    old = app.config["SECRETS"]
    app.config["SECRETS"] = ["kunci-baru", *old]
    answer = app.test_cli_runner().invoke(args=["secrets", "rotate"])
    assert answer.exit_code == 0 and "2 secrets" in answer.output, answer.output
    app.config["SECRETS"] = ["kunci-baru"]
    db.session.expire_all()
    assert decrypt(db.session.get_one(AgendaFeed, ids[1]).address).endswith("rahasia.ics")
    assert feeds.secret_of(db.session.get_one(CalendarFeed, ids[0])) == secret


def mail_settings(world: World, password: str) -> MailSettings:
    made = MailSettings(
        office_id=world.office.id, host="surel.example", port=587, security=MailSecurity.STARTTLS, username="humas",
        password_encrypted=password, from_address="humas@kantor.example", from_name="",
    )  # fmt: skip
    db.session.add(made)
    db.session.commit()
    return made


def test_what_is_emptied_meanwhile_stays_empty(app: Flask, world: World) -> None:
    """A worker sends a mail and forgets its secret while the keys are replaced: it does not come back sealed."""
    made = mail_settings(world, encrypt("kata sandi surel"))
    app.config["SECRETS"] = ["kunci-baru", *app.config["SECRETS"]]
    done: list[int] = []

    def rotate() -> None:
        with app.app_context():
            done.append(rotate_secrets())
            db.session.commit()

    made.password_encrypted = ""
    db.session.flush()
    other = threading.Thread(target=rotate)
    other.start()
    time.sleep(0.5)
    db.session.commit()
    other.join()
    db.session.expire_all()
    assert db.session.get_one(MailSettings, world.office.id).password_encrypted == "" and done == [0]


def test_a_value_that_fits_no_key_is_named_and_nothing_changes(app: Flask, world: World) -> None:
    mail_settings(world, encrypt("kata sandi surel"))
    app.config["SECRETS"] = ["kunci-lain"]
    answer = app.test_cli_runner().invoke(args=["secrets", "rotate"])
    assert answer.exit_code == 1
    assert f"mail_settings {world.office.id}, password_encrypted" in answer.output
    assert "gAAAA" not in answer.output


def test_every_column_of_encrypted_text_is_marked() -> None:
    """What a room encrypts and does not mark would be lost with the old key."""
    import re
    from pathlib import Path

    import humasflow
    from humasflow.core.db import Base

    marked = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if "sealed" in column.info
    }
    assert marked == {
        "agenda_feed.address", "app_key.client_secret", "backfill_run.address", "calendar_feed.secret",
        "channel_authorization.outlets", "channel_authorization.verifier", "channel_connection.secrets",
        "mail_message.html", "mail_message.text", "mail_settings.password_encrypted",
        "mailbox_settings.password_encrypted", "media_opening.token", "push_device.address", "push_key.private",
        "telegram_bot.token_encrypted",
    }  # fmt: skip
    root = Path(humasflow.__file__).parent
    using = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if re.search(r"import .*\bencrypt\b", path.read_text()) and path.name != "secrets.py"
    }
    assert using == {
        "calendar/feeds/services.py", "channels/connections/services/access.py",
        "channels/connections/services/app_keys.py", "channels/connections/services/granting.py",
        "imports/backfill/services/starting.py", "notifications/mailbox/services/settings.py",
        "notifications/push/services.py", "notifications/services/mail_settings.py",
        "notifications/services/mailing.py", "notifications/telegram/services.py", "planning/agenda/subscribing.py",
        "publishing/media_files.py",
    }, "a new one marks its column and is named here"  # fmt: skip
