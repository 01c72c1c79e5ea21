"""What is made of one incoming mail, in one transaction with the note that it was taken.

The order of the questions is the safety of it: reports first, then everything a program wrote is dropped, then whoever
is not of the office is dropped without an answer, and only then is anything done for a person.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.core import clock, rate_limit
from humasflow.core.db import db, lock
from humasflow.core.errors import UserError
from humasflow.core.permissions import Permission
from humasflow.core.secrets import hash_token, new_token
from humasflow.notifications.links import absolute, path_of, path_of_subject
from humasflow.notifications.mailbox import dsn, letters, queries
from humasflow.notifications.mailbox.enums import Outcome
from humasflow.notifications.mailbox.genuine import is_genuine
from humasflow.notifications.mailbox.models import IncomingMail, MailboxSettings
from humasflow.notifications.mailbox.parsing import Mail, Unreadable, parse, parts_of
from humasflow.notifications.mailbox.services.answering import AN_HOUR, answer, may_answer
from humasflow.notifications.mailbox.services.bounces import note_reports
from humasflow.notifications.mailbox.services.pitching import Made, make_pitch, title_of
from humasflow.notifications.models import MailSettings
from humasflow.orgs.models import Unit

log = structlog.get_logger(__name__)

PITCHES_AN_HOUR = 20
MAX_BYTES = 25 * 1024 * 1024
CONFIRM_WITHIN = timedelta(hours=48)
_OURS = re.compile(r"<(?:story|cerita)-\d+@")


@dataclass(frozen=True)
class Found:
    """A mail as the mailbox gave it. ``raw`` is only its header when it is larger than what is taken."""

    office_id: int
    box: int
    uid_validity: int
    uid: int
    size: int
    raw: bytes = field(repr=False)

    @property
    def is_whole(self) -> bool:
        """Whether all of it is here."""
        return self.size <= MAX_BYTES


@dataclass
class _Verdict:
    outcome: Outcome
    detail: str = ""
    user_id: int | None = None
    pitch_id: int | None = None
    mail_id: int | None = None
    token: str = ""


class _Taken(Exception):
    """Another worker was faster, or the mailbox is another one by now."""


def take(found: Found) -> Outcome | None:
    """Deal with one mail, once. Commits. None: it was dealt with before.

    A mail that breaks what handles it must not stand in the way of all that follow: it is noted as unreadable.
    """
    mail: Mail | None = None
    if queries.is_known(found.office_id, found.box, found.uid_validity, found.uid):
        _advance(found)  # a server that came back to numbers it had before
        db.session.commit()
        return None
    try:
        mail = parse(found.raw)
        verdict = _judge(found, mail)
        _write(found, mail, verdict)
        db.session.commit()
    except _Taken:
        db.session.rollback()
        return None
    except DBAPIError:
        raise
    except Exception as error:
        db.session.rollback()
        if not isinstance(error, Unreadable):
            log.exception("incoming mail not handled", office=found.office_id, uid=found.uid)
        return _give_up(found, mail)
    return verdict.outcome


def _give_up(found: Found, mail: Mail | None) -> Outcome | None:
    try:
        _write(found, mail, _Verdict(Outcome.UNREADABLE))
        db.session.commit()
    except _Taken:
        db.session.rollback()
        return None
    return Outcome.UNREADABLE


def _write(found: Found, mail: Mail | None, verdict: _Verdict) -> None:
    """The row, and how far the mailbox has been read. Whoever comes second finds it read."""
    settings = db.session.get(MailboxSettings, found.office_id)
    if settings is None:
        raise _Taken
    lock(settings)
    now = (settings.box, settings.uid_validity)
    if now != (found.box, found.uid_validity) or settings.last_uid >= found.uid:
        raise _Taken
    db.session.add(
        IncomingMail(
            office_id=found.office_id, box=found.box, uid_validity=found.uid_validity, uid=found.uid,
            message_id=mail.message_id if mail else "", from_address=mail.sender if mail else "",
            subject=mail.subject if mail else "", size=found.size, outcome=verdict.outcome,
            detail=verdict.detail[:2000], user_id=verdict.user_id, pitch_id=verdict.pitch_id,
            mail_id=verdict.mail_id, token_hash=hash_token(verdict.token) if verdict.token else None,
            expires_at=clock.now() + CONFIRM_WITHIN if verdict.token else None, seen_at=clock.now(),
        )
    )  # fmt: skip
    db.session.flush()
    _advance(found)


def _advance(found: Found) -> None:
    """Not through the object: reading must not turn an admin's open form stale."""
    db.session.execute(
        update(MailboxSettings)
        .where(MailboxSettings.office_id == found.office_id)
        .values(last_uid=found.uid)
        .execution_options(synchronize_session=False)
    )


def _judge(found: Found, mail: Mail) -> _Verdict:
    office_id = found.office_id
    if found.is_whole and dsn.is_report(mail):
        ours = note_reports(office_id, mail)
        if ours is None:
            return _Verdict(Outcome.FOREIGN_BOUNCE)
        return _Verdict(Outcome.BOUNCE, mail_id=ours.id, user_id=ours.user_id, detail=ours.to_address)
    if _is_automatic(mail) or _is_our_own(office_id, mail):
        return _Verdict(Outcome.AUTOMATIC)
    settings = queries.get_settings(office_id)
    if settings is None or not settings.takes_pitches:
        return _Verdict(Outcome.NOT_WANTED)
    user = accounts.get_user_by_email(mail.sender) if mail.sender else None
    if user is None or not user.is_active or user.is_sample:
        return _Verdict(Outcome.UNKNOWN_SENDER)
    actor = accounts.load_principal(user, office_id=office_id)
    if not any(h.office_id == office_id for h in actor.held):
        return _Verdict(Outcome.UNKNOWN_SENDER)  # of another office: nothing is said of whom we know
    if not actor.can(Permission.PITCH_CREATE, office_id):
        return _Verdict(Outcome.NO_ROLE, user_id=user.id)
    with force_locale(user.locale):
        return _for_a_person(found, mail, actor, trusted=settings.trusted_server)


def _for_a_person(found: Found, mail: Mail, actor: Principal, *, trusted: str) -> _Verdict:
    office_id, user = found.office_id, actor.user
    if queries.has_taken(office_id, mail.message_id):
        return _Verdict(Outcome.AUTOMATIC, user_id=user.id, detail=_("Surel yang sama sudah diolah."))
    if _refers_to_us(office_id, mail):
        why = _("Balasan atas surel pemberitahuan tidak dibaca. Buka tautan di surel itu untuk menjawabnya.")
        return _refused(Outcome.REPLY, why, mail, office_id, user)
    if not found.is_whole:
        why = _(
            "Surel ini %(size)s MB; paling besar %(max)s MB. Kirim tanpa lampiran, lalu unggah berkasnya di humasflow.",
            size=found.size // (1024 * 1024), max=MAX_BYTES // (1024 * 1024),
        )  # fmt: skip
        return _refused(Outcome.TOO_LARGE, why, mail, office_id, user)
    if rate_limit.count("mailbox.pitch", f"{office_id}:{user.id}", per_seconds=AN_HOUR) > PITCHES_AN_HOUR:
        return _Verdict(Outcome.TOO_MANY, user_id=user.id)
    title = title_of(mail)
    if not title:
        why = _("Tuliskan apa yang terjadi di baris perihal, lalu kirim lagi.")
        return _refused(Outcome.NO_TITLE, why, mail, office_id, user)
    if not is_genuine(mail, trusted):
        return _ask(mail, office_id, user, title)
    try:
        db.session.commit()  # the count stands, and decoding pictures keeps nobody waiting
        made = make_pitch(mail, actor=accounts.load_principal(user, office_id=office_id), office_id=office_id)
    except UserError as refused:
        db.session.rollback()
        return _refused(
            Outcome.UNREADABLE, refused.message, mail, office_id, db.session.get_one(User, user.id)
        )
    tell_taken(made, office_id, db.session.get_one(User, user.id), mail.message_id)
    return _Verdict(
        Outcome.PITCH, user_id=user.id, pitch_id=made.pitch.id, detail="\n".join(made.files.refused)
    )


def tell_taken(made: Made, office_id: int, user: User, message_id: str) -> None:
    """Answer with where the pitch is and what became of its files. Flushes."""
    if not may_answer(office_id, user):
        return
    letter = letters.compose_taken(
        user=user, office=db.session.get_one(Unit, office_id), title=made.pitch.title,
        url=absolute(path_of_subject("pitch", made.pitch.id)), refused=made.files.refused, kept=made.files.kept,
    )  # fmt: skip
    answer(office_id, user, letter, to_message=message_id)


def _ask(mail: Mail, office_id: int, user: User, title: str) -> _Verdict:
    """Nobody vouches for the sender: the person at that address is asked, and until then nothing is made of it."""
    token = new_token(24)
    url = absolute(path_of("mailbox.confirm", token=token))
    if not url or not may_answer(office_id, user):
        return _Verdict(Outcome.TOO_MANY if url else Outcome.UNREADABLE, user_id=user.id)
    letter = letters.compose_confirm(
        user=user, office=db.session.get_one(Unit, office_id), title=title, url=url
    )
    answer(office_id, user, letter, to_message=mail.message_id, sealed=True)
    return _Verdict(Outcome.WAITING, user_id=user.id, token=token)


def _refused(outcome: Outcome, why: str, mail: Mail, office_id: int, user: User) -> _Verdict:
    if may_answer(office_id, user):
        letter = letters.compose_refused(
            user=user, office=db.session.get_one(Unit, office_id), title=mail.title, why=why,
            url=absolute(path_of("pitches.new")),
        )  # fmt: skip
        answer(office_id, user, letter, to_message=mail.message_id)
    return _Verdict(outcome, user_id=user.id, detail=why)


def _is_automatic(mail: Mail) -> bool:
    """Whether a program wrote it (RFC 3834), or it went through a list."""
    said = mail.header("Auto-Submitted").lower()
    precedence = mail.header("Precedence").lower()
    return (
        (said != "" and not said.startswith("no"))
        or precedence in ("bulk", "junk", "list", "auto_reply")
        or any(mail.header(name) for name in ("X-Loop", "List-Id", "X-Autoreply", "X-Autorespond"))
        or mail.header("Return-Path") == "<>"
        or any(
            p.get_content_type() == "text/calendar" and p.get_param("method") for p in parts_of(mail.message)
        )
    )


def _is_our_own(office_id: int, mail: Mail) -> bool:
    settings = db.session.get(MailSettings, office_id)
    from_us = settings is not None and mail.sender == settings.from_address.lower()
    return from_us or bool(mail.message_id and queries.list_sent_as(office_id, [mail.message_id]))


def _refers_to_us(office_id: int, mail: Mail) -> bool:
    return any(_OURS.match(i) for i in mail.refers_to) or bool(
        queries.list_sent_as(office_id, list(mail.refers_to))
    )
