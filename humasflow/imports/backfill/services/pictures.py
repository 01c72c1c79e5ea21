"""The pictures of what was recorded, one a run of the job: fetched as any file of others, and kept as the cover of the
publication. A picture that does not come is told of and harms nothing.
"""

import io
import posixpath
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from flask import current_app
from flask_babel import gettext as _

from humasflow.core.db import db
from humasflow.core.outbound import FetchFailed, Limits, fetch
from humasflow.imports.backfill import queries
from humasflow.imports.backfill.enums import ItemState, PictureState, RunState
from humasflow.imports.backfill.models import BackfillItem, BackfillRun
from humasflow.imports.backfill.services.running import open_run, principal_of, run_step
from humasflow.media import services as media
from humasflow.media.models import Asset
from humasflow.media.services import Upload
from humasflow.outbox import lease
from humasflow.publishing.models import Delivery

PICTURE = "imports.backfill.picture"
PAUSE = timedelta(seconds=0.5)


def fetch_picture(ref: str) -> timedelta | None:
    """The job: one picture. Returns when to fetch the next; None when there is none left."""
    run = open_run(ref, RunState.DONE)
    return None if run is None else run_step(run, _next)


def _next(run: BackfillRun) -> timedelta | None:
    item = queries.next_picture(run.id)
    if item is None:
        return None
    item_id, url, office_id, run_id = item.id, item.picture_url, run.office_id, run.id
    principal_of(run)
    db.session.rollback()
    data, problem = _fetch(url)
    assets: list[Asset] = []
    if data is not None:
        name = unquote(posixpath.basename(urlsplit(url).path))[-120:] or "gambar"
        actor = principal_of(db.session.get_one(BackfillRun, run_id))
        db.session.rollback()
        assets, refused = media.keep_images(
            [Upload(name, io.BytesIO(data))], office_id=office_id, actor=actor
        )
        problem = refused[0].message if refused else ""
    lease.keep()
    kept = db.session.get(BackfillItem, item_id)
    if kept is None or kept.picture_state is not PictureState.WANTED:
        return PAUSE
    if not assets:
        kept.picture_state, kept.picture_note = PictureState.FAILED, problem[:300]
    else:
        kept.picture_state = PictureState.KEPT
        delivery = db.session.get(Delivery, kept.delivery_id) if kept.delivery_id else None
        if delivery is not None and kept.state is ItemState.ADDED and delivery.cover_asset_id is None:
            delivery.cover_asset_id = assets[0].id
    db.session.flush()
    return PAUSE


def _fetch(url: str) -> tuple[bytes | None, str]:
    limits = Limits(connect=10, read=15, total=40, size=current_app.config["MAX_IMAGE_BYTES"])
    try:
        answer = fetch(url, headers={"Accept": "image/*"}, limits=limits)
    except FetchFailed as failed:
        return None, failed.message
    return (answer.body, "") if answer.body else (None, _("Gambarnya kosong."))
