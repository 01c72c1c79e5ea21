"""YouTube: Data API v3, videos by resumable upload."""

from humasflow.channels.adapters.youtube.adapter import YouTubeAdapter

__all__ = ["YouTubeAdapter"]
