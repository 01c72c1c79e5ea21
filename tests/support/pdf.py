"""Looking into a PDF: its text, and whether it is what may leave the office."""

from pathlib import Path
from typing import Any

from pypdf import PdfReader


def text_of(path: Path) -> str:
    """All its text, with single spaces: where a line breaks is the paper's affair."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())


def check_document(path: Path) -> set[str]:
    """Assert that it is tagged, names its language and title, brings all fonts, and runs or fetches nothing. Returns the
    addresses it links to.
    """
    reader = PdfReader(path)
    root = reader.trailer["/Root"]
    assert root["/StructTreeRoot"] and root["/MarkInfo"]["/Marked"] and root["/Lang"], "not tagged"
    assert reader.metadata is not None and reader.metadata.title, "no title"
    for name in ("/OpenAction", "/AA", "/AcroForm"):
        assert name not in root, f"{name} in a report"
    assert "/JavaScript" not in (root.get("/Names") or {}) and "/EmbeddedFiles" not in (
        root.get("/Names") or {}
    )
    links: set[str] = set()
    for page in reader.pages:
        for font in ((page["/Resources"].get("/Font") or {}) if "/Resources" in page else {}).values():  # type: ignore[attr-defined,union-attr]
            _check_font(font.get_object())
        for note in page.get("/Annots") or ():
            action = note.get_object().get("/A")
            assert action is None or action["/S"] in ("/URI", "/GoTo"), f"{action['/S']} in a report"
            if action is not None and action["/S"] == "/URI":
                links.add(str(action["/URI"]))
    return links


def _check_font(font: Any) -> None:
    below = font.get("/DescendantFonts")
    described = (below[0].get_object() if below else font)["/FontDescriptor"]
    assert any(key in described for key in ("/FontFile", "/FontFile2", "/FontFile3")), (
        f"{font['/BaseFont']} is missing"
    )
