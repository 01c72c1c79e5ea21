"""The library's tables."""

from humasflow.media.models.asset import Asset, AssetBand, AssetFacts
from humasflow.media.models.consent import Consent, TakedownTask
from humasflow.media.models.uploading import PendingUpload, UploadPart

__all__ = [
    "Asset", "AssetBand", "AssetFacts", "Consent", "PendingUpload", "TakedownTask", "UploadPart",
]  # fmt: skip
