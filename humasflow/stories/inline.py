"""Pictures inside a text. Each stands there by the id of its asset alone; its words are those of the version's row."""

from dataclasses import replace

from humasflow.accounts.policy import Principal
from humasflow.core.html import clean_html, figure_assets, has_figures, has_stored_figures, without_figures
from humasflow.media import queries as media
from humasflow.stories.contents import PictureContent, StoryContent


def with_inline_pictures(content: StoryContent, office_id: int, *, actor: Principal | None) -> StoryContent:
    """The content with every picture of its text among its pictures, so that approval, credit, alternative text and
    publication cover it. A picture that the office does not have, or that the actor may not know of,
    is taken out of the text. At most one statement.
    """
    body = content.body_html
    if not has_figures(body):
        return content
    if not has_stored_figures(body):
        body = clean_html(body)
    listed = {p.asset_id for p in content.pictures}
    missing = [asset_id for asset_id in figure_assets(body) if asset_id not in listed]
    if not missing:
        return replace(content, body_html=body)
    found = media.get_assets(office_id, missing, actor=actor)
    strangers = set(missing) - {a.id for a in found}
    added = tuple(PictureContent(a.id, a.credit, a.alt_text, a.caption) for a in found)
    return replace(content, body_html=without_figures(body, strangers), pictures=(*content.pictures, *added))
