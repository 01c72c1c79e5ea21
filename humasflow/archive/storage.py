"""Where archives lie until they are fetched."""

from pathlib import Path
from typing import Final

from humasflow.media.run_folders import RunFolders

FOLDERS: Final = RunFolders("archives")


def path_of(run_id: int) -> Path:
    """Where the file of a run is."""
    return FOLDERS.folder_of(run_id) / "arsip.zip"
