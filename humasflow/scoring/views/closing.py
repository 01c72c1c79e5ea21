"""Closing periods: which are open, over or signed; the checklist and the signature; opening one again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.core import unit_of_work
from humasflow.core.db import db
from humasflow.core.errors import NotFound, Refused, TooMany, UserError
from humasflow.core.guards import requires
from humasflow.core.periods import Period, PeriodError, parse_period, period_of
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.scoring import queries
from humasflow.scoring.forms.closing import ReopenForm, SignForm
from humasflow.scoring.models import PeriodClose, ScoreScheme
from humasflow.scoring.open_questions import Question, asks_about, counts_unverified, open_questions
from humasflow.scoring.queries.named import list_named
from humasflow.scoring.services.closing import (
    ANSWER_LIMIT,
    ChangedSince,
    Unanswered,
    digest_of,
    reasons_not_to_close,
)
from humasflow.scoring.services.closing import (
    close_period as sign_period,
)
from humasflow.scoring.services.closing import (
    reopen_period as open_again,
)
from humasflow.scoring.services.signing import WrongPassword, confirm_identity, signs_by_password
from humasflow.scoring.standing import Standing, standing_of
from humasflow.scoring.views.asked import asked_scheme
from humasflow.scoring.views.blueprint import blueprint
from humasflow.scoring.views.seen import text_of, text_of_close

PAGE = 12


@dataclass(frozen=True)
class PeriodRow:
    """A period in the list; ``close`` None: not signed."""

    period: Period
    is_over: bool
    close: PeriodClose | None


@blueprint.get("/capaian/penutupan")
@requires(Permission.SCORE_READ)
def closing() -> Any:
    """The periods of a scheme, the present one first: open, over, or closed by whom."""
    office = acting_office(current_user)
    schemes = queries.list_schemes(office.id, with_inactive=True)
    scheme = asked_scheme(office, schemes)
    since = queries.first_day_of(scheme.id) if scheme is not None else None
    rows, earlier = (
        _periods(office, scheme, since) if scheme is not None and since is not None else ([], None)
    )
    return render_template(
        "scoring/closing.html", scheme=scheme, schemes=schemes, since=since, rows=rows, earlier=earlier,
        today=today_at(office),
    )  # fmt: skip


def _periods(office: Unit, scheme: ScoreScheme, since: date) -> tuple[list[PeriodRow], Period | None]:
    """From the present period, or the one that ``?sampai=`` names, back to the scheme's first; and where to go on."""
    today = today_at(office)
    period = period_of(scheme.period_type, today)
    asked = request.args.get("sampai", "")
    if asked:
        period = min(period, _parsed(asked, scheme), key=lambda p: p.key)
    found: list[Period] = []
    while len(found) <= PAGE and period.end >= since:
        found.append(period)
        period = period.previous()
    closes = queries.closes_in_force(scheme.id, [p.key for p in found])
    rows = [PeriodRow(p, today > p.end, closes.get(p.key)) for p in found[:PAGE]]
    return rows, found[PAGE] if len(found) > PAGE else None


def _parsed(key: str, scheme: ScoreScheme) -> Period:
    try:
        return parse_period(key, scheme.period_type)
    except PeriodError:
        abort(404)


def _asked(key: str) -> tuple[Unit, ScoreScheme, Period, Standing]:
    office = acting_office(current_user)
    scheme = asked_scheme(office)
    if scheme is None:
        raise NotFound
    period = _parsed(key, scheme)
    standing = standing_of(office, scheme, period, viewer_id=current_user.id)
    if standing is None:
        raise NotFound
    return office, scheme, period, standing


@blueprint.get("/capaian/penutupan/<period>")
@requires(Permission.SCORE_READ)
def close_period(period: str) -> Any:
    """What is still open about a period and the signature; or, once it is closed, what was signed."""
    return _page(*_asked(period))


@blueprint.post("/capaian/penutupan/<period>")
@requires(Permission.SCORE_CLOSE)
def sign_close(period: str) -> Any:
    """Sign a period: every open question answered, the signer known."""
    office, scheme, of_scheme, standing = _asked(period)
    form = SignForm()
    answers = {
        name.removeprefix("answer-"): text.replace("\r\n", "\n").strip()
        for name, text in request.form.items()
        if name.startswith("answer-")
    }
    problems = {
        code: _("Paling panjang %(limit)s karakter; sekarang %(size)s.", limit=ANSWER_LIMIT, size=len(text))
        for code, text in answers.items()
        if len(text) > ANSWER_LIMIT
    }
    status = 422
    if form.validate_on_submit() and not problems:
        unit_of_work.keep()  # the count of tries outlives the refusal
        try:
            confirm_identity(current_user, form.password.data or "")
            _sign(office, scheme, of_scheme, standing, answers)
        except (WrongPassword, TooMany) as wrong:
            form.fail(form.password, wrong.message)
            status = wrong.status
        except Unanswered as missing:
            problems = dict.fromkeys(missing.codes, _("Belum dijawab. Cukup satu kalimat."))
        except UserError as error:
            reasons = [str(r) for r in error.reasons] if isinstance(error, Refused) else [error.message]
            form.form_errors = [*form.form_errors, *reasons]
            status = error.status
            office, scheme, of_scheme, standing = _asked(period)  # it is no longer what it was
        else:
            flash(_("%(period)s ditutup. Angkanya tidak berubah lagi.", period=of_scheme.label), "success")
            return redirect(url_for("scoring.close_period", period=of_scheme.key, skema=scheme.id), code=303)
    return _page(office, scheme, of_scheme, standing, Typed(form, answers, problems)), status


def _sign(
    office: Unit, scheme: ScoreScheme, period: Period, standing: Standing, answers: Mapping[str, str]
) -> None:
    """Close the period, if what is signed is what the form showed; else nothing of it stays. It is asked before, so
    that who answers is told first, and of what was really frozen: somebody else may decide in between.
    """
    _ensure_seen(_text_now(office, scheme, period, standing) if standing.close is None else None)
    with db.session.begin_nested():
        _ensure_seen(text_of_close(sign_period(scheme, period, actor=current_user, answers=answers)))


def _text_now(office: Unit, scheme: ScoreScheme, period: Period, standing: Standing) -> str:
    numbers = {q.code: q.number for q in open_questions(office, scheme, period, standing)}
    return text_of(standing, numbers, digest_of(scheme.id, period).sha256)


def _ensure_seen(text: str | None) -> None:
    if text is not None and text != request.form.get("shown"):
        raise ChangedSince(
            _("Angkanya berubah sejak halaman ini dibuka. Periksa sekali lagi, lalu tandatangani.")
        )


@dataclass(frozen=True)
class Typed:
    """A signature that was not taken: the form, the answers, and what is wrong with them by question."""

    form: SignForm
    answers: Mapping[str, str]
    problems: Mapping[str, str]


def _page(
    office: Unit, scheme: ScoreScheme, period: Period, standing: Standing, typed: Typed | None = None,
    reopening: ReopenForm | None = None,
) -> str:  # fmt: skip
    close = standing.close
    digest = digest_of(scheme.id, period)
    may_sign = close is None and current_user.can(Permission.SCORE_CLOSE, office.id)
    reasons = [] if close is not None else reasons_not_to_close(current_user, scheme, period)
    questions = [] if close is not None else _asked_about(office, scheme, period, standing)
    return render_template(
        "scoring/close_period.html", scheme=scheme, period=period, standing=standing, close=close, digest=digest,
        questions=questions, shown=text_of(standing, {q.code: q.number for q, _url in questions}, digest.sha256),
        reasons=reasons, may_sign=may_sign and not reasons, typed=typed,
        form=typed.form if typed is not None else SignForm(formdata=None), answer_limit=ANSWER_LIMIT,
        capacity=current_user.capacity_for(Permission.SCORE_CLOSE, office.id),
        by_password=signs_by_password(current_user), reopen_form=reopening or ReopenForm(formdata=None),
        may_reopen=close is not None and current_user.can(Permission.SCORE_REOPEN, office.id),
        earlier=[c for c in queries.list_closes(scheme.id, period.key) if not c.is_in_force],
    )  # fmt: skip


def _asked_about(
    office: Unit, scheme: ScoreScheme, period: Period, standing: Standing
) -> list[tuple[Question, str]]:
    """Every question with the list behind its number: the publications, or the page where it is filled in."""
    here: dict[str, Any] = {"periode": period.key, "skema": scheme.id}
    pages = {"targets": "scoring.targets", "measurements": "scoring.measurements"}
    return [
        (
            q,
            url_for(pages[q.code], **here)
            if q.code in pages
            else url_for("scoring.open_publications", period=period.key, skema=scheme.id, soal=q.code),
        )
        for q in open_questions(office, scheme, period, standing)
    ]


@blueprint.get("/capaian/penutupan/<period>/terbuka")
@requires(Permission.SCORE_READ)
def open_publications(period: str) -> str:
    """The publications that one question of the checklist is about: ``?soal=`` names it."""
    office, scheme, of_scheme, standing = _asked(period)
    code = request.args.get("soal", "unverified")
    question = Question(code, 0, some_count=counts_unverified(standing))
    found = list_named(
        office.id, asks_about(office, scheme, of_scheme, code), current_user.id,
        cursor=request.args.get("setelah"),
    )  # fmt: skip
    return render_template(
        "scoring/open_publications.html", scheme=scheme, period=of_scheme, question=question, found=found,
        reads_stories=current_user.can(Permission.STORY_READ, office.id),
        may_verify=current_user.can(Permission.EVIDENCE_VERIFY, office.id),
    )  # fmt: skip


@blueprint.post("/capaian/penutupan/<period>/buka")
@requires(Permission.SCORE_REOPEN)
def reopen_period(period: str) -> Any:
    """Open a signed period again, with a reason."""
    office, scheme, of_scheme, standing = _asked(period)
    form = ReopenForm()
    if standing.close is not None and not form.validate_on_submit():
        return _page(office, scheme, of_scheme, standing, reopening=form), 422
    if standing.close is None:
        flash(_("%(period)s memang sedang terbuka.", period=of_scheme.label), "success")
    else:
        sent = request.form.get("row_version", "")
        version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else None
        open_again(
            queries.get_close(office.id, standing.close.id), actor=current_user, reason=form.reason.data or "",
            row_version=version,
        )  # fmt: skip
        flash(
            _("%(period)s dibuka kembali. Penutupan yang lama tetap tercatat.", period=of_scheme.label),
            "success",
        )
    return redirect(url_for("scoring.close_period", period=of_scheme.key, skema=scheme.id), code=303)
