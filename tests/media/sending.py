"""A client of the resumable protocol, as plain as the protocol."""

import base64
import io
from typing import Any

from werkzeug.test import TestResponse

from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.media import services
from humasflow.media.models import Asset, PendingUpload
from humasflow.media.services import Outcome
from tests.factories.world import World
from tests.support.page import Browser

TUS = {"Tus-Resumable": "1.0.0", "Accept": "application/json"}
URL = "/media/unggahan"


class Sender:
    """One person's client. Answers are plain; nothing is retried by itself."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def open(self, length: int, name: str = "foto.jpg", **headers: str) -> TestResponse:
        meta = "filename " + base64.b64encode(name.encode()).decode()
        return self.call("POST", URL, {"Upload-Length": str(length), "Upload-Metadata": meta, **headers})

    def part(self, url: str, offset: int, data: bytes, **headers: str) -> TestResponse:
        sent = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream", **headers}
        return self.call("PATCH", url, sent, data=data)

    def cut(self, url: str, offset: int, data: bytes, announced: int) -> TestResponse:
        """A connection that breaks after ``data`` although ``announced`` bytes were promised."""
        return self.part(url, offset, io.BytesIO(data), **{"Content-Length": str(announced)})  # type: ignore[arg-type]

    def offset(self, url: str) -> int:
        return int(self.call("HEAD", url).headers["Upload-Offset"])

    def finish(self, url: str, **form: str) -> dict[str, Any]:
        answer = self.call("POST", f"{url}/selesai", data=form)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        told: dict[str, Any] = answer.get_json()
        return told

    def send(self, data: bytes, name: str = "foto.jpg", **form: str) -> dict[str, Any]:
        url = self.open(len(data), name).headers["Location"]
        answer = self.part(url, 0, data)
        assert answer.status_code in (204, 415), answer.get_data(as_text=True)
        if answer.status_code == 415:
            return {"state": "refused", "message": answer.get_json()["error"]}
        return self.finish(url, **form)

    def call(
        self, method: str, url: str, headers: dict[str, str] | None = None, **kwargs: Any
    ) -> TestResponse:
        Browser._forget()
        answer = self.browser.client.open(url, method=method, headers=TUS | (headers or {}), **kwargs)
        db.session.expire_all()
        return answer


def sent(world: World, user: User, data: bytes, name: str) -> Asset:
    """A file that arrived in one part, through the services. Commits."""
    outcome = outcome_of(world, user, data, name)
    assert outcome.asset is not None, outcome.refusal
    return outcome.asset


def outcome_of(world: World, user: User, data: bytes, name: str, *, keep_twin: bool = False) -> Outcome:
    """What becomes of a file. Commits."""
    actor = world.as_(user)
    upload = services.open_upload(actor=actor, office_id=world.office.id, filename=name, length=len(data))
    db.session.commit()
    part = services.part_store().receive(io.BytesIO(data), upload.key, start=0, limit=len(data))
    services.keep_part(upload, part)
    db.session.commit()
    outcome = services.finish_upload(upload, actor=actor, keep_twin=keep_twin)
    db.session.commit()
    return outcome


def uploads() -> list[PendingUpload]:
    return list(db.session.query(PendingUpload).order_by(PendingUpload.id))
