"""Who may see a story before it is published, not before when it goes out, and a correction that is given up."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from humasflow.accounts import queries as accounts
from humasflow.core.errors import Refused, UserError
from humasflow.core.guards import requires
from humasflow.core.localtime import from_local, show_instant, to_local
from humasflow.core.permissions import Permission
from humasflow.orgs import queries as orgs
from humasflow.stories import queries, services
from humasflow.stories.access_forms import EmbargoForm, ReadersForm
from humasflow.stories.models import Story
from humasflow.stories.policy import reasons_not_to_close, reasons_not_to_embargo
from humasflow.stories.queries.sources import embargo_of_source
from humasflow.stories.views.blueprint import blueprint


@blueprint.get("/<int:story_id>/kerahasiaan")
@requires(Permission.STORY_WRITE, Permission.POST_SCHEDULE)
def access(story_id: int) -> str:
    """Both settings, each with what it does."""
    story = queries.get_story(current_user, story_id)
    return _page(story)


@blueprint.post("/<int:story_id>/pembaca")
@requires(Permission.STORY_WRITE)
def set_readers(story_id: int) -> Any:
    """Make it confidential for the people chosen, or open it."""
    story = queries.get_story(current_user, story_id)
    form = _offered(ReadersForm(), story)
    if not form.validate():
        return _page(story, readers=form), 422
    try:
        if form.mode.data == "named":
            services.make_confidential(story, actor=current_user, reader_ids=form.readers.data or ())
        else:
            services.make_open(story, actor=current_user)
    except Refused as refused:
        return _page(story, readers=form, problems=[str(r) for r in refused.reasons]), refused.status
    flash(
        _("Naskah ini sekarang rahasia.") if story.is_confidential else _("Naskah ini terbuka bagi kantor."),
        "success",
    )
    return redirect(url_for("pages.story", story_id=story.id), code=303)


@blueprint.post("/<int:story_id>/embargo")
@requires(Permission.POST_SCHEDULE)
def embargo(story_id: int) -> Any:
    """Set the embargo, or lift it."""
    story = queries.get_story(current_user, story_id)
    where = orgs.get_office(story.office_id).zone_name
    form = EmbargoForm()
    until = None
    if "lift" not in request.form:
        if not form.validate() or form.day.data is None or form.time.data is None:
            return _page(story, embargo=form), 422
        until = from_local(form.day.data, form.time.data, where)
    try:
        services.set_embargo(story, actor=current_user, until=until)
    except UserError as error:
        reasons = [str(r) for r in error.reasons] if isinstance(error, Refused) else [error.message]
        return _page(story, embargo=form, problems=reasons), error.status
    flash(
        _("Embargo sampai %(when)s.", when=show_instant(until, where)) if until else _("Embargo dicabut."),
        "success",
    )
    return redirect(url_for("pages.story", story_id=story.id), code=303)


@blueprint.post("/<int:story_id>/ralat/batalkan")
@requires(Permission.STORY_WRITE)
def discard_correction(story_id: int) -> Any:
    """Give up a correction that readers have not seen."""
    story = queries.get_story(current_user, story_id)
    services.discard_correction(story, actor=current_user)
    flash(_("Ralat dibatalkan. Yang tayang tetap seperti semula."), "success")
    return redirect(url_for("pages.story", story_id=story.id), code=303)


def _offered(form: ReadersForm, story: Story) -> ReadersForm:
    people = accounts.list_people(orgs.get_office(story.office_id))
    form.readers.choices = [SelectChoice(p.id, p.name) for p in people if p.is_active]
    return form


def _page(
    story: Story,
    *,
    readers: ReadersForm | None = None,
    embargo: EmbargoForm | None = None,
    problems: list[str] | None = None,
) -> str:
    """The page; a form that was not sent shows what stands."""
    office = orgs.get_office(story.office_id)
    if readers is None:
        readers = _offered(ReadersForm(formdata=None), story)
        readers.mode.data = "named" if story.is_confidential else "office"
        readers.readers.data = [p.id for p in queries.list_readers(story.id)]
    if embargo is None:
        embargo = EmbargoForm(formdata=None)
        if story.embargo_until is not None:
            local = to_local(story.embargo_until, office.zone_name)
            embargo.day.data, embargo.time.data = local.date(), local.time()
    return render_template(
        "stories/access.html", story=story, where=office, readers=readers, embargo=embargo,
        people=[p for p in accounts.list_people(office) if p.is_active],
        always={current_user.id, story.owner_id}, problems=problems or [],
        close_reasons=reasons_not_to_close(current_user, story),
        embargo_reasons=reasons_not_to_embargo(current_user, story), binding=embargo_of_source(story),
    )  # fmt: skip
