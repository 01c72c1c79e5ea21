"""What an editor of one post shows: the page of its own and each card of the composer are made of the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from flask_babel import gettext as _
from flask_login import current_user

from humasflow.channels.adapters.base import Counter
from humasflow.channels.adapters.variant import MediaKind, Variant
from humasflow.channels.models import ChannelAccount
from humasflow.channels.policy import limits_of
from humasflow.channels.presets.loader import get_platform
from humasflow.channels.reaching import get_adapter
from humasflow.core.errors import Conflict, Reason, Refused, UserError
from humasflow.media import queries as media
from humasflow.media.enums import AssetKind, Ratio
from humasflow.media.models import Asset
from humasflow.planning import queries as planning
from humasflow.planning.models import ContentType
from humasflow.posts import queries
from humasflow.posts.comparison import compare_contents
from humasflow.posts.contents import BaseContent, PostContent, base_of, cleaned, content_of, following
from humasflow.posts.events import LIVE
from humasflow.posts.forms import Offered, PostForm, PostPictureRow, picture_rows, read_rows
from humasflow.posts.models import BaseText, Post, PostVersion
from humasflow.posts.neighbours import Candidate, find_neighbours
from humasflow.posts.policy import (
    KINDS,
    PostProblem,
    caps_of,
    kinds_of,
    make_variant,
    media_item,
    problems_in,
    reasons_not_to_show_again,
    takes_title,
    uses_story_body,
    usual_content_type,
)
from humasflow.posts.previewing import ChannelPreview
from humasflow.posts.suggesting import suggest_content
from humasflow.posts.wording import cost_note, counted_as, mention_hint
from humasflow.stories import queries as stories
from humasflow.stories.comparison import Difference
from humasflow.stories.models import Story, StoryVersion

SUMMARY = 500  # characters of a summary on a site that shows the story itself
FILES_OFFERED = 12  # the newest videos and PDF files of the library


@dataclass
class Setting:
    """What all posts of a story are written beside."""

    story: Story
    version: StoryVersion
    body: str
    types: Sequence[ContentType]
    stored_base: BaseText | None
    base: BaseContent  # as it stands in the form that is open
    files: Sequence[Asset] = ()  # videos and PDF files of the library

    @property
    def offered(self) -> Offered:
        """The story's pictures, then what else of the library a post can carry."""
        pictures = [(p.asset, p.alt_text, p.credit) for p in self.version.pictures]
        return pictures + [(asset, "", asset.credit) for asset in self.files]

    @property
    def base_row_version(self) -> int:
        """0: no base text was written yet."""
        return self.stored_base.row_version if self.stored_base else 0


def load_setting(story: Story, chosen: Iterable[int] = ()) -> Setting:
    """A constant number of statements. ``chosen``: files that the form which was sent names; they stay on offer when
    newer ones have come since it was opened.
    """
    version = stories.get_current_version(story)
    stored = queries.get_base(story.id)
    types = planning.list_content_types(story.office_id)
    files = list(media.list_attachable(current_user, story.office_id, size=FILES_OFFERED))
    known = {asset.id for asset in files}
    others = [AssetKind.VIDEO, AssetKind.PDF]
    missing = [i for i in chosen if i not in known]
    files += media.get_assets(story.office_id, missing, actor=current_user, kinds=others)
    return Setting(story, version, stories.get_body(version.id), types, stored, base_of(stored), files)


@dataclass(eq=False)
class Editor:
    """One post in the making. ``prefix`` sets its fields apart on a page with several; ``current`` is what is stored,
    ``locked`` why it cannot be changed, ``reasons`` why what was typed was not saved.
    """

    setting: Setting
    account: ChannelAccount
    form: PostForm
    prefix: str = ""
    post: Post | None = None
    current: PostVersion | None = None
    rows: list[PostPictureRow] = field(default_factory=list)
    locked: Sequence[Reason] = ()
    reasons: Sequence[Reason] = ()
    is_wanted: bool = True  # a card for an account that nobody chose yet is not saved
    theirs: PostVersion | None = None
    differences: Sequence[Difference] = ()
    neighbours: Sequence[PostProblem] = ()

    # What the templates call by these names

    @property
    def story(self) -> Story:
        """Its story."""
        return self.setting.story

    @property
    def version(self) -> StoryVersion:
        """The story's text as it stands."""
        return self.setting.version

    @property
    def key(self) -> str:
        """What names it on its page."""
        return self.prefix.rstrip("-")

    @property
    def shapes(self) -> type[Ratio]:
        """What a picture can be cut to."""
        return Ratio

    # What is in it

    @property
    def offered(self) -> Offered:
        """The story's pictures and the library's videos and PDF files that the channel takes; what the post still
        shows stays, though it left the story or the channel takes it no more.
        """
        takes = self.kinds | {MediaKind.IMAGE}
        offered = [item for item in self.setting.offered if KINDS[item[0].kind] in takes]
        known = {asset.id for asset, _alt, _credit in offered}
        shown = self.current.pictures if self.current else ()
        return offered + [(p.asset, p.alt_text, p.credit) for p in shown if p.asset_id not in known]

    @cached_property
    def kinds(self) -> frozenset[MediaKind]:
        """What kinds of files the channel takes."""
        return kinds_of(self.account)

    @property
    def files_heading(self) -> str:
        """What the list of its files is called."""
        if self.kinds == {MediaKind.IMAGE}:
            return _("Foto")
        if self.kinds == {MediaKind.VIDEO}:
            return _("Video")
        return _("Foto dan video") if MediaKind.DOCUMENT not in self.kinds else _("Foto, video, dan PDF")

    @property
    def takes_files(self) -> bool:
        """Whether it takes more than pictures."""
        return bool(self.kinds - {MediaKind.IMAGE})

    @property
    def types(self) -> Sequence[ContentType]:
        """What it can count as; a type that is no longer offered stays on a post that has it."""
        known = {t.id for t in self.setting.types}
        if self.post is None or self.post.content_type_id in known:
            return self.setting.types
        own = planning.get_content_type(self.story.office_id, self.post.content_type_id)
        return [*self.setting.types, own]

    @property
    def content(self) -> PostContent:
        """What would be saved: as typed, with the base text where it follows that."""
        return cleaned(following(self.setting.base, self.form.content(self.rows)))

    # What the channel makes of it

    @cached_property
    def problems(self) -> list[PostProblem]:
        """Everything wrong with what stands in the form, in the sentences that approvers read too, and what other
        posts have against it.
        """
        code = next((t.code for t in self.types if t.id == self.form.content_type_id.data), "")
        found = problems_in(
            self._variant, self.account, content_code=code, adds_utm=self.content.adds_utm
        )  # fmt: skip
        return found + list(self.neighbours)

    @property
    def blocking(self) -> list[PostProblem]:
        """What keeps it from being submitted."""
        return [p for p in self.problems if p.blocks]

    @cached_property
    def preview(self) -> ChannelPreview:
        """How it would look."""
        summary = self.content.text.strip() or self.version.lead
        posters = frozenset(r.asset.id for r in self.rows if r.asset.has_poster)
        return ChannelPreview(self.account, self._variant, summary, posters)

    @cached_property
    def _variant(self) -> Variant:
        media = tuple(
            media_item(r.asset, alt_text=r.alt_text, credit=r.credit, crop=r.crop)
            for r in self.rows
            if r.used
        )
        return make_variant(
            self.account, self.content, story=self.story, story_version=self.version, media=media,
            body_html=self.setting.body,
        )  # fmt: skip

    @property
    def candidate(self) -> Candidate:
        """What is asked about its neighbours."""
        at: datetime | None = self.post.scheduled_at if self.post else None
        return Candidate(
            self.prefix, self.account, self.content.text, at, self.post.id if self.post else None
        )

    @property
    def shows_story_body(self) -> bool:
        """Whether the channel shows the story itself; the text is then its summary."""
        return uses_story_body(self.account)

    @property
    def counter(self) -> Counter:
        """How the channel counts; a summary is counted in characters."""
        return Counter.CHARS if self.shows_story_body else limits_of(self.account).counter

    @property
    def limit(self) -> int | None:
        """How much the channel takes, as things stand."""
        if self.shows_story_body:
            return SUMMARY
        limits = limits_of(self.account)
        with_media = limits.text_with_media is not None and any(r.used for r in self.rows)
        return limits.text_with_media if with_media else limits.text

    @property
    def size(self) -> int:
        """How long it is now, link and hashtags counted in."""
        return len(self.content.text) if self.shows_story_body else self.preview.size

    @property
    def is_live(self) -> bool:
        """It is on its channel, so it cannot be changed, but it can be published again."""
        return any(reason.code == LIVE for reason in self.locked)

    @property
    def against_repost(self) -> Sequence[Reason]:
        """Why what is live cannot be published again."""
        return reasons_not_to_show_again(current_user, self.story, self.account)

    @property
    def is_behind(self) -> bool:
        """It follows the base text, and stayed with an older one because it cannot be changed any more."""
        content = content_of(self.current) if self.current else PostContent()
        return bool(self.locked) and content.follows_base and following(self.setting.base, content) != content

    @property
    def counted_as(self) -> str:
        """The rule of counting, in words."""
        return counted_as(self.counter)

    @property
    def mention_hint(self) -> str:
        """How other accounts are named there."""
        return mention_hint(self.account.kind.code)

    @property
    def cost_note(self) -> str:
        """What a post there costs; empty where it costs nothing."""
        return cost_note(self.account.adapter)

    @property
    def takes_title(self) -> bool:
        """Whether it has a title of its own."""
        return takes_title(self.account)

    @property
    def title_limit(self) -> int | None:
        """How long that may be."""
        return limits_of(self.account).title

    @property
    def title_counter(self) -> Counter:
        """How that is counted."""
        return limits_of(self.account).title_counter

    @property
    def takes_comment(self) -> bool:
        """Whether there is a first comment to write there, by the product or by hand. What was written before stays
        to be seen.
        """
        caps = caps_of(self.account)
        if caps.by_hand:
            # Whoever publishes by hand writes what the platform takes.
            connector = get_platform(self.account.kind.code).connector
            caps = get_adapter(connector).caps if connector else caps
        return caps.has_first_comment or bool(self.form.first_comment.data)

    @property
    def comment_limit(self) -> int | None:
        """How long that may be."""
        return limits_of(self.account).first_comment

    # What becomes of it

    def note(self, error: UserError) -> None:
        """Why it was not saved; what somebody else saved meanwhile stands beside it then."""
        if isinstance(error, Conflict) and self.post is not None:
            self.theirs = queries.get_current_version(self.post)
            names = {asset.id: asset.filename for asset, _alt, _credit in self.offered}
            names |= {p.asset_id: p.asset.filename for p in self.theirs.pictures}
            self.differences = compare_contents(content_of(self.theirs), self.content, names)
            self.stamp()
            return
        self.reasons = error.reasons if isinstance(error, Refused) else [Reason("content", error.message)]

    def stamp(self) -> None:
        """The form is about what stands now."""
        if self.post is not None:
            current = queries.get_current_version(self.post)
            self.form.row_version.data = str(self.post.row_version)
            self.form.base.data = str(current.id)
            self.form.opened_type.data = str(self.post.content_type_id)


def make_editor(
    setting: Setting,
    account: ChannelAccount,
    post: Post | None = None,
    current: PostVersion | None = None,
    *,
    prefix: str = "",
) -> Editor:
    """An editor with an empty form; ``current`` is the post's version, where there is one. On a page with several the
    page's own token is the form's.
    """
    form = PostForm(prefix=prefix, meta={"csrf": False}) if prefix else PostForm()
    editor = Editor(setting, account, form, prefix, post, current)
    form.offer(editor.types)
    return editor


def begin(editor: Editor) -> None:
    """Fill it with what is stored, else with what a new post starts from."""
    if editor.post is not None and editor.current is not None:
        content = content_of(editor.current)
        editor.form.begin(content, editor.post.content_type_id)
        editor.stamp()
    else:
        story = editor.story
        content = suggest_content(
            editor.account, editor.version, editor.setting.body, credits=story.content_type.credit_template
        )
        if not editor.setting.base.is_empty and not editor.shows_story_body:
            content = following(editor.setting.base, replace(content, follows_base=True))
        usual = usual_content_type(editor.account, story.content_type, editor.setting.types)
        editor.form.begin(content, usual.id)
        editor.form.row_version.data, editor.form.base.data = "", ""
    editor.rows = picture_rows(editor.offered, content.pictures)


def receive(editor: Editor, typed: Mapping[str, str]) -> bool:
    """Take what was typed; whether its shape is right."""
    editor.rows = read_rows(editor.offered, typed, editor.prefix)
    return bool(editor.form.validate())


def look_around(editors: Sequence[Editor]) -> None:
    """What other posts have against these. A constant number of statements for all of them."""
    found = find_neighbours(current_user, [editor.candidate for editor in editors])
    for editor in editors:
        editor.neighbours = found[editor.prefix]
