"""Bodies of forms with files (multipart/form-data, RFC 7578), sent piece by piece so that a video never stands in
memory whole.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file of a form. ``pieces`` gives its bytes anew each time it is called; together they are ``size`` long."""

    name: str
    filename: str
    mime: str
    size: int
    pieces: Callable[[], Iterable[bytes]]

    @classmethod
    def of(cls, name: str, filename: str, mime: str, content: bytes) -> "FilePart":
        """A file that is in memory already."""
        return cls(name, filename, mime, len(content), lambda: (content,))


def multipart(fields: Mapping[str, str], files: Sequence[FilePart]) -> tuple[Iterable[bytes], dict[str, str]]:
    """The body in pieces, and its headers with the length."""
    boundary = secrets.token_hex(16)
    heads = [_head(boundary, f'name="{_quoted(name)}"') + value.encode() for name, value in fields.items()]
    file_heads = [
        _head(boundary, f'name="{_quoted(part.name)}"; filename="{_quoted(part.filename)}"', part.mime)
        for part in files
    ]
    end = f"--{boundary}--\r\n".encode()
    length = sum(len(head) + 2 for head in heads) + len(end)
    length += sum(len(head) + part.size + 2 for head, part in zip(file_heads, files, strict=True))

    def body() -> Iterator[bytes]:
        for head in heads:
            yield head + b"\r\n"
        for head, part in zip(file_heads, files, strict=True):
            yield head
            yield from part.pieces()
            yield b"\r\n"
        yield end

    return body(), {
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Content-Length": str(length),
    }


def _head(boundary: str, disposition: str, mime: str = "") -> bytes:
    kind = f"Content-Type: {mime}\r\n" if mime else ""
    return f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n{kind}\r\n".encode()


def _quoted(text: str) -> str:
    """As browsers write a name inside quotes."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
