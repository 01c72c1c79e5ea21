"""Files as nobody should send them, made cheaply."""

import io
import struct
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from xlwt import CompoundDoc

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def as_xlsx(*rows: Sequence[Any]) -> bytes:
    """A workbook of one sheet."""
    book, target = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(target)
    return target.getvalue()


def changed(archive: bytes, **parts: bytes) -> bytes:
    """The same ZIP with other bytes for some of its parts, by the last word of their name without its ending."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            word = name.rpartition("/")[2].partition(".")[0]
            new.writestr(name, parts.get(word, old.read(name)))
    return target.getvalue()


def locked_xlsx() -> bytes:
    """Office keeps a workbook with a password in a file of the old kind, under this name."""
    return OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600


def locked_xls() -> bytes:
    """A workbook of the old kind whose third record says that the rest is encrypted."""
    book = xlwt.Workbook()
    book.add_sheet("Satu").write(0, 0, "rahasia")
    stream = book.get_biff_data()
    end = 4 + struct.unpack("<H", stream[2:4])[0]
    protect = struct.pack("<HH", 0x86, 0)
    filepass = struct.pack("<HHHHH", 0x2F, 6 + 48, 1, 1, 1) + b"\x11" * 48
    target = io.BytesIO()
    CompoundDoc.XlsDoc().save(target, stream[:end] + protect + filepass + stream[end:])
    return target.getvalue()


def locked_ods() -> bytes:
    """LibreOffice writes beside each part how it is encrypted."""
    book, target = OpenDocumentSpreadsheet(), io.BytesIO()
    book.write(target)
    manifest = (
        b'<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        b'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml" manifest:size="9">'
        b'<manifest:encryption-data manifest:checksum-type="SHA1/1K" manifest:checksum="eA=="/>'
        b"</manifest:file-entry></manifest:manifest>"
    )
    return changed(target.getvalue(), manifest=manifest, content=b"\x8f\x01" * 300)


def million_rows() -> bytes:
    """A sheet of a million rows with three cells each, in a file of some megabytes."""
    rows = io.BytesIO()
    rows.write(
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    for start in range(1, 1_000_001, 1000):
        rows.write(
            b"".join(
                b'<row r="%d"><c r="A%d"><v>44196</v></c><c r="B%d"><v>1</v></c><c r="C%d"><v>2</v></c></row>' % (n, n, n, n)
                for n in range(start, start + 1000)
            )
        )  # fmt: skip
    rows.write(b"</sheetData></worksheet>")
    return changed(as_xlsx(["a"]), sheet1=rows.getvalue())


def bomb() -> bytes:
    """320 MiB of nothing in a third of a megabyte."""
    return changed(as_xlsx(["a"]), sheet1=b" " * (320 * 1024 * 1024))


def with_macros(*rows: Sequence[Any]) -> bytes:
    """What Excel saves as XLSM."""
    target = io.BytesIO(as_xlsx(*rows))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/vbaProject.bin", OLE + b"Sub Auto_Open()")
    return target.getvalue()


def xls_with_macros(*rows: Sequence[Any]) -> bytes:
    """A workbook of the old kind beside whose table the project of its macros lies."""
    book, target = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("Satu")
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write(line, place, cell)
    book.save(target)
    return target.getvalue() + "_VBA_PROJECT".encode("utf-16-le").ljust(512, b"\x00")


def calculated(head: Sequence[str], formulas: Sequence[tuple[str, Any]]) -> bytes:
    """A row of formulas with the results that Excel left in them."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, head)
    for place, (formula, result) in enumerate(formulas):
        sheet.write_formula(1, place, formula, None, result)
    book.close()
    return target.getvalue()
