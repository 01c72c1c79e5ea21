"""Receiving, describing, permitting and shaping files. Every service flushes and never commits."""

from humasflow.media.services.consents import (
    check_usable,
    close_takedown,
    detach_document,
    open_takedowns,
    record_consent,
    remind_of_takedowns,
    renew_consent,
    withdraw_consent,
)
from humasflow.media.services.describing import (
    confirm_blurred,
    describe_asset,
    describe_many,
    forget_facts,
    mark_child,
    put_aside,
    set_focus,
    take_back,
)
from humasflow.media.services.finishing import Outcome, finish_left, finish_upload, keep_file
from humasflow.media.services.posters import set_poster
from humasflow.media.services.receiving import (
    MAX_FILES,
    Refusal,
    Upload,
    keep_images,
    receive,
    storage,
    uploads_from,
)
from humasflow.media.services.renditions import Rendered, rendition
from humasflow.media.services.uploading import (
    OffsetConflict,
    UploadGone,
    abandon_upload,
    enqueue_left,
    keep_part,
    max_bytes,
    open_upload,
    part_store,
    remove_spent,
    usable_upload,
)

__all__ = [
    "MAX_FILES", "OffsetConflict", "Outcome", "Refusal", "Rendered", "Upload", "UploadGone", "abandon_upload",
    "check_usable", "close_takedown", "confirm_blurred", "describe_asset", "describe_many", "detach_document",
    "enqueue_left", "finish_left", "finish_upload", "forget_facts", "keep_file", "keep_images", "keep_part",
    "mark_child", "max_bytes", "open_takedowns", "open_upload", "part_store", "put_aside", "receive",
    "record_consent", "remind_of_takedowns", "remove_spent", "rendition", "renew_consent", "set_focus", "set_poster",
    "storage", "take_back", "uploads_from", "usable_upload", "withdraw_consent",
]  # fmt: skip
