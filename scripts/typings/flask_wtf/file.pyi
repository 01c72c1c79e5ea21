from collections.abc import Sequence

from werkzeug.datastructures import FileStorage
from wtforms import FileField as _FileField
from wtforms import MultipleFileField as _MultipleFileField

class FileField(_FileField):
    data: FileStorage | None

class MultipleFileField(_MultipleFileField):
    data: Sequence[FileStorage] | None  # type: ignore[assignment]

class FileRequired:
    def __init__(self, message: str | None = ...) -> None: ...
    def __call__(self, form: object, field: object) -> None: ...

class FileAllowed:
    def __init__(self, upload_set: Sequence[str], message: str | None = ...) -> None: ...
    def __call__(self, form: object, field: object) -> None: ...

class FileSize:
    def __init__(self, max_size: int, min_size: int = ..., message: str | None = ...) -> None: ...
    def __call__(self, form: object, field: object) -> None: ...
