"""Where this installation is found by others."""

from flask import current_app


def absolute(path: str) -> str:
    """The address of a path as it stands in a mail or a text; empty while the installation does not know its own.

    The request's host is never used: who sends a request could then choose where a mail's links lead.
    """
    base = str(current_app.config["PUBLIC_URL"]).rstrip("/")
    return f"{base}{path}" if base else ""
