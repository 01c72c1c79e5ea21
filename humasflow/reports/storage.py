"""Where finished reports lie until they are fetched."""

from pathlib import Path
from typing import Final

from humasflow.media.run_folders import RunFolders
from humasflow.reports.models import ReportFile

FOLDERS: Final = RunFolders("reports")


def path_of(file: ReportFile) -> Path:
    """Where a file is."""
    return FOLDERS.root() / file.path
