"""Word files for tests, made with python-docx, and the ways in which files go wrong."""

import io
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.shared import Inches
from PIL import Image

from humasflow.stories.documents import convert
from humasflow.stories.documents.sandbox import DocumentLimits

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAIN = "word/document.xml"


def picture(colour: str = "#336699", size: tuple[int, int] = (640, 480)) -> io.BytesIO:
    """A PNG."""
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, "PNG")
    made.seek(0)
    return made


def saved(document: Any) -> bytes:
    """The bytes of a document."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def press_release(*, pictures: int = 1) -> bytes:
    """A press release as offices write them: number, title, lead, headings, list, table, quotation, pictures."""
    made = docx.Document()
    made.add_paragraph("SIARAN PERS Nomor SP-12/KPKN/2026")
    made.add_heading("Lelang serentak laku seluruhnya", 0)
    made.add_paragraph("Kantor menyelenggarakan lelang serentak yang diikuti tiga ratus peserta.")
    first = made.add_paragraph("Suasana ")
    first.add_run("ramai").bold = True
    for number in range(pictures):
        first.add_run().add_picture(picture(f"#33{number:02x}99"), width=Inches(3))
    first.add_run(" sejak pagi.")
    made.add_heading("Hasil", 1)
    made.add_paragraph("Tanah dan bangunan", style="List Bullet")
    made.add_paragraph("Kendaraan", style="List Bullet")
    table = made.add_table(2, 2)
    for cell, words in zip(
        [c for r in table.rows for c in r.cells], ("Barang", "Nilai", "Rumah", "1 miliar"), strict=True
    ):
        cell.text = words
    made.add_heading("Rincian", 2)
    made.add_paragraph("Semua barang laku.", style="Quote")
    made.add_comment(first.runs[0], text="Periksa angkanya", author="Atasan")
    return saved(made)


def plain(*paragraphs: str) -> bytes:
    """Paragraphs and nothing else."""
    made = docx.Document()
    for words in paragraphs:
        made.add_paragraph(words)
    return saved(made)


def tracked() -> bytes:
    """One word inserted and one deleted, both still tracked."""
    made = docx.Document()
    made.add_paragraph("Judul yang dilacak")
    paragraph = made.add_paragraph("Nilainya ")
    for tag, text_tag, words in (("w:ins", "w:t", "dua"), ("w:del", "w:delText", "satu")):
        change = paragraph._p.makeelement(qn(tag), {qn("w:id"): "1", qn("w:author"): "A"})
        run = paragraph._p.makeelement(qn("w:r"), {})
        text = paragraph._p.makeelement(qn(text_tag), {})
        text.text = words
        run.append(text)
        change.append(run)
        paragraph._p.append(change)
    paragraph.add_run(" miliar.")
    return saved(made)


def changed(
    data: bytes, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None
) -> bytes:
    """The file with its parts changed; None drops a part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in (extra or {}).items():
            new.writestr(name, part)
    return out.getvalue()


def with_footnotes() -> bytes:
    """A text with one footnote."""
    xml = (
        b'<?xml version="1.0" encoding="UTF-8"?><w:footnotes xmlns:w="http://schemas.openxmlformats.org/'
        b'wordprocessingml/2006/main"><w:footnote w:id="1"><w:p><w:r><w:t>UU 14 Tahun 2008.</w:t></w:r></w:p>'
        b"</w:footnote></w:footnotes>"
    )
    mark = b'<w:r><w:footnoteReference w:id="1"/></w:r></w:p>'

    def change(name: str, part: bytes) -> bytes:
        if name == MAIN:
            head, _, tail = part.rpartition(b"</w:p>")
            return head + mark + tail
        if name == "word/_rels/document.xml.rels":
            return part.replace(
                b"</Relationships>",
                b'<Relationship Id="rIdF" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
                b'footnotes" Target="footnotes.xml"/></Relationships>',
            )
        if name == "[Content_Types].xml":
            return part.replace(
                b"</Types>",
                b'<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.'
                b'wordprocessingml.footnotes+xml"/></Types>',
            )
        return part

    return changed(
        plain("Keterbukaan informasi", "Paragraf pembuka.", "Hak atas informasi dijamin"),
        change,
        {"word/footnotes.xml": xml},
    )


def with_doctype(where: str = MAIN, encoding: str = "utf-8") -> bytes:
    """An entity bomb in one of the parts."""

    def change(name: str, part: bytes) -> bytes:
        if name != where:
            return part
        text = part.decode()
        head, _, rest = text.partition("?>")
        bomb = '<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;&x;">]>'
        return f"{head.replace('UTF-8', encoding.upper())}?>{bomb}{rest}".encode(encoding)

    return changed(plain("Judul", "Isi"), change)


def bomb() -> bytes:
    """A few hundred kilobytes that unpack to more than is taken."""
    return changed(
        plain("Judul", "Isi"),
        lambda _n, part: part,
        {f"word/media/x{i}.png": bytes(30_000_000) for i in range(5)},
    )


def mutated(data: bytes, seed: int) -> bytes:
    """The file, damaged in one of several ways: as it travels, in its parts, in its XML."""
    rng = random.Random(seed)
    way = seed % 5
    if way == 0:
        return data[: rng.randrange(1, len(data))]
    if way == 1:
        torn = bytearray(data)
        for _ in range(rng.randrange(1, 40)):
            torn[rng.randrange(len(torn))] = rng.randrange(256)
        return bytes(torn)

    def change(name: str, part: bytes) -> bytes | None:
        if way == 2 and rng.random() < 0.2:
            return None
        if way == 3 and name.endswith(".xml") and rng.random() < 0.5:
            at = rng.randrange(max(len(part), 1))
            return part[:at] + bytes(rng.randrange(256) for _ in range(rng.randrange(1, 30))) + part[at + 3 :]
        if way == 4 and name == MAIN:
            at = rng.randrange(len(part))
            depth = rng.choice((1, 50, 2_000))
            return part[:at] + b"<w:tbl><w:tr><w:tc>" * depth + part[at:]
        return part

    return changed(data, change)


_DRIVER = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import convert
budget = json.loads(sys.argv[2])
convert.limit_process(budget | {"cpu_seconds": 120, "wall_seconds": 240})
folder = Path(sys.argv[3])
for number in range(int(sys.argv[4]), int(sys.argv[5])):
    found = convert.answer({"folder": str(folder), "source": f"{number}.docx", "budget": budget})
    print(json.dumps(found), flush=True)
"""


def read_many(files: list[bytes], folder: Path) -> list[dict[str, Any]]:
    """What the reading program answers about each file, in as few processes as it survives."""
    for number, data in enumerate(files):
        (folder / f"{number}.docx").write_bytes(data)
    answers: list[dict[str, Any]] = []
    home = Path(convert.__file__).parent
    while len(answers) < len(files):
        run = subprocess.run(
            [sys.executable, "-c", _DRIVER, str(home), json.dumps(asdict(DocumentLimits())), str(folder),
             str(len(answers)), str(len(files))],
            capture_output=True, check=False, timeout=300,
        )  # fmt: skip
        lines = run.stdout.splitlines()
        answers += [json.loads(line) for line in lines]
        if len(answers) < len(files):
            answers.append({"refused": "too_complex"})  # this one brought the process down
    return answers
