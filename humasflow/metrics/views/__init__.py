"""Engagement: what is received of publications, entering numbers, readers of the newsroom."""

from humasflow.metrics.views import engagement, entering, readers, recording, uploading
from humasflow.metrics.views.blueprint import blueprint

__all__ = ["blueprint", "engagement", "entering", "readers", "recording", "uploading"]
