"""TikTok: Content Posting API, videos by file upload."""

from humasflow.channels.adapters.tiktok.adapter import TikTokAdapter

__all__ = ["TikTokAdapter"]
