"""The part of Flask-WTF 1.3 that humasflow uses; the release carries no annotations."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup
from wtforms import Field, Form

from flask_wtf.csrf import CSRFProtect as CSRFProtect

class FlaskForm(Form):
    def __init__(
        self,
        formdata: Any = ...,
        obj: object | None = ...,
        prefix: str = ...,
        data: Mapping[str, Any] | None = ...,
        meta: Mapping[str, Any] | None = ...,
        **kwargs: Any,
    ) -> None: ...
    def is_submitted(self) -> bool: ...
    def validate_on_submit(self, extra_validators: Mapping[str, Sequence[Any]] | None = ...) -> bool: ...
    def hidden_tag(self, *fields: Field | str) -> Markup: ...
