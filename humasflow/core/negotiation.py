"""What kind of answer a request asks for."""

from flask import request


def wants_json() -> bool:
    """Whether a script asks, which keeps what was typed itself and only wants to be told."""
    return request.accept_mimetypes.best == "application/json"
