"""The editor's form: shape and wording. What may be saved is decided by the services."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, MultipleFileField
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired

from humasflow.core.forms import BaseForm, ChoiceField, Filled, LocalDateField, MaxLength, int_or_none
from humasflow.core.html import body_from_form, has_figures, without_figures
from humasflow.media.models import Asset
from humasflow.orgs.models import Unit
from humasflow.planning.models import ContentType, Pillar
from humasflow.stories.enums import StorySource
from humasflow.stories.models import Story, StoryVersion
from humasflow.stories.policy import needs_source_note
from humasflow.stories.services import PictureContent, StoryContent

MAX_PICTURES = 100  # a long text holds 60 pictures and may have a gallery besides


class StartForm(BaseForm):
    """How a story begins: its kind, and a title or a Word file that has one."""

    content_type_id = ChoiceField(
        _l("Jenis konten"), [InputRequired(_l("Pilih jenis kontennya."))], coerce=int_or_none
    )
    title = StringField(_l("Judul"), [MaxLength(200)])
    document = FileField(_l("Dokumen Word (.docx)"))

    def offer(self, content_types: Sequence[ContentType]) -> None:
        """Fill the choices."""
        self.content_type_id.choices = [(t.id, t.label) for t in content_types]

    @property
    def file(self) -> Any:
        """The Word file; None when none was chosen."""
        return self.document.data if self.document.data and self.document.data.filename else None

    def validate(self, extra_validators: Any = None) -> bool:
        """A title is needed unless a file brings one."""
        fine = super().validate(extra_validators)
        if not self.file and not (self.title.data or "").strip():
            self.fail(self.title, _("Beri naskah ini judul, atau pilih dokumen Word."))
            return False
        return bool(fine)


class DocumentForm(BaseForm):
    """A Word file for a story that exists. ``stamp``: what the page was opened on."""

    document = FileField(_l("Dokumen Word (.docx)"))
    stamp = HiddenField()

    @property
    def file(self) -> Any:
        """The Word file."""
        return self.document.data

    def validate_document(self, field: Field) -> None:
        """There is one."""
        if not field.data or not field.data.filename:
            raise ValidationError(_("Pilih dokumen Word-nya dahulu."))


class StoryForm(BaseForm):
    """Everything of a story but its pictures, which are rows of their own (see :class:`PictureRow`)."""

    kicker = StringField(_l("Kicker"), [MaxLength(120)])
    title = StringField(_l("Judul"), [Filled(_l("Beri naskah ini judul.")), MaxLength(200)])
    lead = TextAreaField(_l("Teras"), [MaxLength(500)])
    body = TextAreaField(_l("Isi naskah"), [MaxLength(600_000)])  # 20,000 words with their markup and room
    content_type_id = ChoiceField(
        _l("Jenis konten"), [InputRequired(_l("Pilih jenis kontennya."))], coerce=int_or_none
    )
    section_id = ChoiceField(_l("Seksi"), coerce=int_or_none)
    pillar_id = ChoiceField(_l("Pilar konten"), coerce=int_or_none)
    campaign_id = ChoiceField(_l("Kampanye"), coerce=int_or_none)
    source = ChoiceField(_l("Sumber"))
    source_note = StringField(_l("Asal rilis atau kiriman"), [MaxLength(200)])
    goal = TextAreaField(_l("Tujuan"), [MaxLength(300)])
    audience = TextAreaField(_l("Khalayak"), [MaxLength(300)])
    event_date = LocalDateField(_l("Tanggal kegiatan"))
    place = StringField(_l("Tempat"), [MaxLength(200)])
    people = StringField(_l("Tokoh yang disebut"), [MaxLength(300)])
    agenda = StringField(_l("Agenda"), [MaxLength(200)])
    contact = TextAreaField(_l("Narahubung"), [MaxLength(300)])
    dateline = StringField(_l("Tempat dan tanggal rilis"), [MaxLength(120)])
    claim = TextAreaField(_l("Klaim yang beredar"), [MaxLength(1000)])
    claim_source = StringField(_l("Beredar di"), [MaxLength(300)])
    fact_source = TextAreaField(_l("Sumber fakta"), [MaxLength(1000)])
    writer_credit = StringField(_l("Penulis"), [MaxLength(120)])
    editor_credit = StringField(_l("Editor"), [MaxLength(120)])
    note = StringField(_l("Catatan versi"), [MaxLength(300)])
    photos = MultipleFileField(_l("Foto baru"))
    stamp = HiddenField()

    def offer(
        self,
        content_types: Sequence[ContentType],
        sections: Sequence[Unit],
        pillars: Sequence[Pillar],
        *,
        story: Story | None = None,
        campaigns: Sequence[tuple[int, str]] = (),
    ) -> None:
        """Fill the choices. What the story is filed under stays on offer even if it was switched off since."""
        types = _with_current(
            [(t.id, t.label) for t in content_types], story.content_type if story is not None else None
        )
        themes = [(p.id, p.name) for p in pillars]
        if story is not None and story.pillar is not None and story.pillar_id not in dict(themes):
            themes.append((story.pillar.id, story.pillar.name))
        units = [(s.id, s.name) for s in sections]
        if story is not None and story.section_id is not None and story.section_id not in dict(units):
            units.append((story.section_id, _("Seksi nonaktif")))
        self.content_type_id.choices = types if story is not None else [("", _("Pilih jenis konten")), *types]
        self.section_id.choices = [("", _("Tanpa seksi")), *units]
        self.pillar_id.choices = [("", _("Tanpa pilar")), *themes]
        self.campaign_id.choices = [("", _("Tanpa kampanye")), *campaigns]
        self.source.choices = [(s.value, s.label) for s in StorySource]

    def keep_filing(self, story: Story) -> None:
        """Whatever was sent, the story stays filed as it is: a live one counted there."""
        for name in FILING:
            field = getattr(self, name)
            field.data, field.process_errors, field.validators = getattr(story, name), [], ()

    def show(self, story: Story, version: StoryVersion, body_html: str) -> None:
        """Fill the fields from what stands now."""
        for name in _TEXTS:
            getattr(self, name).data = getattr(version, name)
        self.body.data, self.source.data = body_html, version.source.value
        self.event_date.data = version.event_date
        self.content_type_id.data, self.section_id.data = story.content_type_id, story.section_id
        self.pillar_id.data, self.campaign_id.data = story.pillar_id, story.campaign_id

    def take_out(self, asset_ids: Collection[int]) -> None:
        """What is taken off the story stands nowhere in its text either."""
        body = self.body.data or ""
        if asset_ids and has_figures(body):
            self.body.data = without_figures(body_from_form(body), set(asset_ids))

    def validate_source_note(self, field: Field) -> None:
        """A release or a submission names where it came from."""
        if (
            self.source.data in set(StorySource)
            and needs_source_note(StorySource(self.source.data))
            and not field.data
        ):
            raise ValidationError(_("Sebutkan asal rilis atau kiriman ini, karena pembaca perlu tahu."))

    def content(self, pictures: Iterable["PictureRow"]) -> StoryContent:
        """What was typed, as the services take it."""
        texts = {name: getattr(self, name).data or "" for name in _TEXTS}
        return StoryContent(
            body_html=body_from_form(self.body.data or ""), source=StorySource(self.source.data),
            event_date=self.event_date.data, pictures=tuple(row.content for row in pictures), **texts,
        )  # fmt: skip


FILING = ("content_type_id", "section_id", "pillar_id", "campaign_id")
_TEXTS = (
    "kicker", "title", "lead", "source_note", "goal", "audience", "agenda", "place", "people", "contact", "dateline",
    "claim", "claim_source", "fact_source", "writer_credit", "editor_credit",
)  # fmt: skip


def _with_current(choices: list[tuple[int, str]], current: ContentType | None) -> list[tuple[int, str]]:
    if current is not None and current.id not in dict(choices):
        return [*choices, (current.id, current.label)]
    return choices


@dataclass(frozen=True)
class PictureRow:
    """One picture in the editor, as typed. ``errors`` are sentences about this row."""

    asset: Asset
    credit: str = ""
    alt_text: str = ""
    caption: str = ""
    errors: tuple[str, ...] = ()

    @property
    def content(self) -> PictureContent:
        """As the services take it."""
        return PictureContent(self.asset.id, self.credit, self.alt_text, self.caption)


@dataclass(frozen=True)
class PictureOrder:
    """What the form says about pictures before the assets are known: ids in order, those taken off the story, and the
    fields by name.
    """

    ids: tuple[int, ...]
    dropped: frozenset[int]
    typed: MultiDict[str, str]

    def rows(self, assets: Iterable[Asset]) -> list[PictureRow]:
        """Rows in the wanted order for the assets that exist in the office."""
        by_id = {a.id: a for a in assets}
        return [self._row(by_id[i]) for i in self.ids if i in by_id]

    def _row(self, asset: Asset) -> PictureRow:
        # A picture just picked from the library comes with the words that are kept with it.
        def text(name: str, known: str) -> str:
            return self.typed.get(f"{name}-{asset.id}", known).replace("\x00", "").strip()

        row = PictureRow(
            asset, text("credit", asset.credit), text("alt", asset.alt_text), text("caption", asset.caption)
        )
        return replace(row, errors=_row_errors(row))


def _row_errors(row: PictureRow) -> tuple[str, ...]:
    limits = (
        (_("Kredit"), row.credit, 120),
        (_("Teks alternatif"), row.alt_text, 1000),
        (_("Keterangan"), row.caption, 2000),
    )
    return tuple(
        _(
            "%(field)s paling panjang %(limit)s karakter; sekarang %(size)s.",
            field=label,
            limit=limit,
            size=len(text),
        )
        for label, text, limit in limits
        if len(text) > limit
    )


def read_pictures(typed: MultiDict[str, str]) -> PictureOrder:
    """Which pictures the form holds: rows by their number, without those to be taken off, then those picked from the
    library. Numbers that are none count as "where it stands".
    """
    rows = [int(v) for v in typed.getlist("picture") if v.isdecimal() and len(v) < 19]
    kept = [i for i in rows if not typed.get(f"drop-{i}")]

    def wanted(position_and_id: tuple[int, int]) -> tuple[int, int]:
        position, ident = position_and_id
        number = typed.get(f"order-{ident}", "")
        return (int(number) if number.isdecimal() and len(number) < 6 else position + 1, position)

    ordered = [ident for _position, ident in sorted(enumerate(kept), key=wanted)]
    picked = [int(v) for v in typed.getlist("add") if v.isdecimal() and len(v) < 19]
    ids = tuple(dict.fromkeys([*ordered, *picked]))[:MAX_PICTURES]
    return PictureOrder(ids, frozenset(rows) - frozenset([*kept, *picked]), typed)


class MoveForm(BaseForm):
    """One move of a story, with the reason where it needs one."""

    move = StringField()
    reason = TextAreaField(_l("Alasan"), [MaxLength(1000)])
    public_note = TextAreaField(_l("Penjelasan untuk pembaca"), [MaxLength(1000)])
    ordered_by = StringField(_l("Atas perintah atau permintaan"), [MaxLength(200)])


class AssignForm(BaseForm):
    """Who holds the story from now on."""

    owner_id = ChoiceField(_l("Serahkan kepada"), [InputRequired(_l("Pilih orangnya."))], coerce=int_or_none)
