"""The media library: browsing, one file's page, the files themselves, uploads in parts, consents and takedowns."""

from humasflow.media.views import consents, detail, files, library, takedowns, tus
from humasflow.media.views.blueprint import blueprint

__all__ = ["blueprint", "consents", "detail", "files", "library", "takedowns", "tus"]
