"""Keys and encryption. One master secret; what must be kept secret in the database is encrypted with keys from it.

``SECRETS`` in the configuration is a list, newest first: new values are encrypted with the first, all can decrypt,
so a key is rotated by putting a new one in front and running ``flask secrets rotate``. That command
finds what is to be encrypted anew by the columns: every room marks its own with :data:`SEALED`.
"""

import base64
import hashlib
import hmac
import secrets as stdlib_secrets
from collections.abc import Iterator
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import current_app
from sqlalchemy import Column, and_, false, inspect, or_, select, true
from sqlalchemy.orm import Session, lazyload

from humasflow.core.db import Base

SEALED: Final = {"sealed": True}  # the ``info`` of a column of encrypted text; what is empty holds no secret


def new_token(nbytes: int = 32) -> str:
    """An unguessable URL-safe token."""
    return stdlib_secrets.token_urlsafe(nbytes)


def hash_token(token: str) -> str:
    """How a token is stored: SHA-256 hex. Tokens carry 256 bits of chance, so no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_hash(value: str, *, purpose: str) -> str:
    """HMAC-SHA-256 hex under the master secret: for counting by address or e-mail without storing either."""
    key = current_app.config["SECRETS"][0].encode()
    return hmac.new(key, f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()


def _fernet() -> MultiFernet:
    keys = [
        Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"humasflow-field:{s}".encode()).digest()))
        for s in current_app.config["SECRETS"]
    ]
    return MultiFernet(keys)


def encrypt(value: str) -> str:
    """Encrypt a short secret for a database column."""
    return _fernet().encrypt(value.encode()).decode()


def decrypt(value: str) -> str:
    """The secret again. Raises ``ValueError`` when no known key fits."""
    try:
        return _fernet().decrypt(value.encode()).decode()
    except InvalidToken as error:
        raise ValueError("the secret cannot be decrypted with the configured keys") from error


def reencrypt(value: str) -> str:
    """The same secret under the newest key."""
    return _fernet().rotate(value.encode()).decode()


def sealed_if(flag: str) -> dict[str, str]:
    """The ``info`` of a column that holds encrypted text in rows whose column ``flag`` is true."""
    return {"sealed": flag}


class FitsNoKey(Exception):
    """A stored value that none of the configured keys opens. ``where``: its table, row and column, never the value."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


def reencrypt_all(session: Session) -> Iterator[tuple[Any, int]]:
    """Put every value of every marked column under the newest key; gives each row that had some, and how many. Each row
    is held until the transaction ends: what somebody empties meanwhile stays empty. Raises FitsNoKey.
    """
    for mapper in sorted(Base.registry.mappers, key=lambda m: m.class_.__name__):
        marked = {
            prop.key: prop.columns[0].info["sealed"]
            for prop in mapper.column_attrs
            if isinstance(prop.columns[0], Column) and "sealed" in prop.columns[0].info
        }
        model: Any = mapper.class_
        kept = [
            and_(getattr(model, name) != "", true() if flag is True else getattr(model, flag))
            for name, flag in marked.items()
        ]
        wanted = select(model).where(or_(false(), *kept)).options(lazyload("*")).with_for_update(of=model)
        for row in session.scalars(wanted.execution_options(populate_existing=True)) if kept else ():
            values = {
                name: getattr(row, name)
                for name, flag in marked.items()
                if getattr(row, name) and (flag is True or getattr(row, flag))
            }
            for name, value in values.items():
                try:
                    setattr(row, name, reencrypt(value))
                except InvalidToken:
                    (key,) = inspect(row).identity
                    raise FitsNoKey(f"{model.__tablename__} {key}, {name}") from None
            yield row, len(values)
