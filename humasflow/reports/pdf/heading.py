"""The letterhead as documents show it, with the files a page may name."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask_babel import gettext as _

from humasflow.media.services import storage
from humasflow.reports.models import Letterhead

STYLE: Final = Path(__file__).with_name("print.css")


@dataclass(frozen=True)
class Heading:
    """The lines of a letterhead; ``reach`` is how to reach the office, in one line. ``logo`` None: there is none."""

    ministry: str
    directorate: str
    region: str
    office_line: str
    address: str
    reach: str
    rule: str
    logo: Path | None

    @property
    def has_logo(self) -> bool:
        """Whether a logo stands beside the lines."""
        return self.logo is not None


def heading_of(letterhead: Letterhead | None) -> Heading | None:
    """The letterhead of an office, None where nobody filled it in. A logo whose file is lost is left out."""
    if letterhead is None:
        return None
    logo = None
    if letterhead.logo is not None:
        path = storage().path(letterhead.logo.original_key)
        logo = path if path.is_file() else None
    reach = [
        _("Telepon %(phone)s", phone=letterhead.phone) if letterhead.phone else "",
        letterhead.email,
        letterhead.site,
    ]
    return Heading(
        letterhead.ministry, letterhead.directorate, letterhead.region, letterhead.office_line, letterhead.address,
        " · ".join(part for part in reach if part), letterhead.rule, logo,
    )  # fmt: skip


def files_of(heading: Heading | None) -> dict[str, Path]:
    """What a page with this heading may name: the style, and the logo."""
    files = {"print.css": STYLE}
    if heading is not None and heading.logo is not None:
        files["logo"] = heading.logo
    return files
