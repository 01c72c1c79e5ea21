"""The program that reads other people's Word files, run by path in a process of its own (see ``sandbox``).

It is handed hostile bytes, so it holds nothing worth taking: no environment, no database, no secrets. Request on
standard input, one JSON line on standard output, pictures as files in the folder it was given. A file that brings the
process down simply leaves no answer.

What is refused before anything is parsed: what is no Word file, too many or too large parts (a "zip bomb"), and any
part with a DOCTYPE, without which no external entity and no entity bomb can exist. Macros are never looked at.
"""

import json
import re
import signal
import sys
import zipfile
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    # Started with -S, which skips every .pth file of the installation; the parent says where the packages are.
    sys.path.extend(sys.argv[1:])

import mammoth  # type: ignore[import-untyped]

if sys.platform != "win32":  # has no such limits: there the parent's time-out is what remains
    import resource

MAIN_PART = "word/document.xml"
STYLES = """
p[style-name='Title'] => h1.title:fresh
p[style-name='Judul'] => h1.title:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='Quotations'] => blockquote > p:fresh
"""
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class Refused(Exception):
    """The file is outside of what is taken. ``code`` picks the sentence for its sender."""

    def __init__(self, code: str, **facts: int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def limit_process(budget: dict[str, int]) -> None:
    """Cap memory, output size and time of this process for good; needs no privilege and cannot be undone."""
    if sys.platform == "win32":
        return
    caps = {
        resource.RLIMIT_AS: budget["address_space_bytes"],
        resource.RLIMIT_DATA: budget["memory_bytes"],
        resource.RLIMIT_FSIZE: budget["max_picture_bytes"],
        resource.RLIMIT_CPU: budget["cpu_seconds"],
        resource.RLIMIT_CORE: 0,
    }
    for kind, cap in caps.items():
        try:
            resource.setrlimit(kind, (cap, cap))
        except (OSError, ValueError):  # an outer limit may be lower already
            continue
    signal.setitimer(signal.ITIMER_REAL, budget["wall_seconds"])


def check(archive: zipfile.ZipFile, budget: dict[str, int]) -> None:
    """Refuse what must not be parsed."""
    parts = archive.infolist()
    if len(parts) > budget["max_parts"] or sum(p.file_size for p in parts) > budget["max_unpacked_bytes"]:
        raise Refused("too_large_unpacked")
    names = {p.filename for p in parts}
    if MAIN_PART not in names or "[Content_Types].xml" not in names:
        raise Refused("not_word")
    if any(p.flag_bits & 0x1 for p in parts):
        raise Refused("locked")
    for part in parts:
        if not part.filename.lower().endswith((".xml", ".rels")):
            continue
        if part.file_size > budget["max_part_bytes"]:
            raise Refused("too_large_unpacked")
        # Without the zero bytes a part in UTF-16 reads as one in ASCII.
        if _DOCTYPE.search(archive.read(part).replace(b"\0", b"")):
            raise Refused("doctype")


def counts(archive: zipfile.ZipFile) -> dict[str, int]:
    """How much of each thing the file has that is told about: as text, so that nothing is parsed for it."""

    def read(name: str) -> bytes:
        try:
            return archive.read(name)
        except KeyError:
            return b""

    names = archive.namelist()
    main = read(MAIN_PART)
    return {
        "comments": len(re.findall(rb"<w:comment[ >]", read("word/comments.xml"))),
        "inserted": len(re.findall(rb"<w:ins[ >]", main)),
        "deleted": len(re.findall(rb"<w:del[ >]", main)),
        "macros": sum(n.lower().endswith("vbaproject.bin") for n in names),
        "objects": sum(n.startswith(("word/embeddings/", "word/activeX/")) for n in names),
        "charts": sum(
            re.fullmatch(r"word/(charts/chart|diagrams/data)\d*\.xml", n) is not None for n in names
        ),
        "equations": len(re.findall(rb"<m:oMath[ >]", main)),
        "headers": sum(
            re.fullmatch(r"word/(header|footer)\d*\.xml", n) is not None and b"<w:t" in read(n) for n in names
        ),
    }


def convert(source: Path, folder: Path, budget: dict[str, int]) -> dict[str, Any]:
    """The HTML of the text, with pictures as ``<img src="picture-3" alt="…">`` and their bytes beside it."""
    pictures: list[int] = []
    lost = 0

    def keep(image: Any) -> dict[str, str]:
        nonlocal lost
        number = len(pictures) + 1
        if number > budget["max_pictures"]:
            lost += 1
            return {"src": "lost"}
        try:
            with image.open() as stream:
                data = stream.read(budget["max_picture_bytes"])
            (folder / f"picture-{number}").write_bytes(data)
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):  # linked from elsewhere, or damaged
            lost += 1
            return {"src": "lost"}
        pictures.append(number)
        return {"src": f"picture-{number}"}

    with source.open("rb") as stream, zipfile.ZipFile(stream) as archive:
        check(archive, budget)
        found = counts(archive)
        stream.seek(0)
        result = mammoth.convert_to_html(
            stream, style_map=STYLES, include_embedded_style_map=False, external_file_access=False,
            convert_image=mammoth.images.img_element(keep),
        )  # fmt: skip
    missing = sum("image" in str(m.message).lower() for m in result.messages)
    return {"html": result.value, "pictures": pictures, "lost": max(lost, missing), "counts": found}


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Do the job. Every failure becomes an answer."""
    folder = Path(request["folder"])
    try:
        return convert(folder / request["source"], folder, request["budget"])
    except Refused as refused:
        return {"refused": refused.code}
    except MemoryError:
        return {"refused": "too_complex"}
    except zipfile.BadZipFile as error:
        return {"refused": "damaged", "detail": str(error)}
    except RecursionError:
        return {"refused": "too_complex"}
    except Exception as error:  # noqa: BLE001 - whatever a damaged file makes the reader stumble over
        return {"refused": "damaged", "detail": f"{type(error).__name__}: {error}"[:2000]}


def main() -> None:
    """Read the request, confine this process, answer."""
    request = json.load(sys.stdin)
    limit_process(request["budget"])
    sys.stdout.write('{"ready": true}\n')
    sys.stdout.flush()
    sys.stdout.write(json.dumps(answer(request)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
