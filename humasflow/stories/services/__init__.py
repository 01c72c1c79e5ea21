"""What is done with stories: begun, written in versions, moved along their table, handed over."""

from humasflow.stories.contents import PictureContent, StoryContent, content_digest, content_of
from humasflow.stories.services.autosaving import Autosaved, autosave, reasons_not_to_autosave
from humasflow.stories.services.changes import (
    ChangeContent,
    discard_correction,
    publish_change,
    save_correction,
    withdraw_story,
)
from humasflow.stories.services.comments import (
    Passage,
    PassageNotFound,
    begin_thread,
    edit_comment,
    move_thread,
    remove_comment,
    reply,
)
from humasflow.stories.services.confidentiality import (
    make_confidential,
    make_open,
    name_reader,
    set_embargo,
)
from humasflow.stories.services.holding import assign_story
from humasflow.stories.services.moving import ReasonNeeded, move_story
from humasflow.stories.services.presence import leave, note_presence
from humasflow.stories.services.suggestions import (
    accept_suggestion,
    decline_suggestion,
    suggest_change,
    withdraw_suggestion,
)
from humasflow.stories.services.versioning import seal
from humasflow.stories.services.writing import create_story, restore_version, save_version

__all__ = [
    "Autosaved",
    "ChangeContent",
    "Passage",
    "PassageNotFound",
    "PictureContent",
    "ReasonNeeded",
    "StoryContent",
    "accept_suggestion",
    "assign_story",
    "autosave",
    "begin_thread",
    "content_digest",
    "content_of",
    "create_story",
    "decline_suggestion",
    "discard_correction",
    "edit_comment",
    "leave",
    "make_confidential",
    "make_open",
    "move_story",
    "move_thread",
    "name_reader",
    "note_presence",
    "publish_change",
    "reasons_not_to_autosave",
    "remove_comment",
    "reply",
    "restore_version",
    "save_correction",
    "save_version",
    "seal",
    "set_embargo",
    "suggest_change",
    "withdraw_story",
    "withdraw_suggestion",
]
