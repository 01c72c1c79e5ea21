"""Keys and encryption. One master secret; what must be kept secret in the database is encrypted with keys from it.

``SECRETS`` in the configuration is a list, newest first: new values are encrypted with the first, all can decrypt,
so a key is rotated by putting a new one in front and running ``flask notifications rotate-secrets``.
"""

import base64
import hashlib
import hmac
import secrets as stdlib_secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import current_app


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
