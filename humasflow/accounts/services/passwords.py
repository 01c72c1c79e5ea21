"""Passwords: argon2id (19 MiB, 2 passes, 1 lane; OWASP 2024), rules of NIST SP 800-63B: length and a blocklist."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

from humasflow.core.errors import Reason

_hasher = PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1)
# Verified against when the person does not exist, so that the answer takes as long as for one who does.
_NOBODY = _hasher.hash("nobody signs in with this")

MIN_LENGTH = 12
MAX_LENGTH = 256
_COMMON = frozenset({
    "password1234", "passwordpassword", "kementerian123", "123456789012", "1234567890123", "qwertyuiop12",
    "indonesia123",
    "indonesia1945", "merdeka1945!!", "humas1234567", "adminadmin12", "administrator", "bismillah123", "rahasia12345",
    "katasandi123", "katasandi1234", "passw0rd1234", "qwerty123456", "111111111111", "000000000000", "abcdefghijkl",
})  # fmt: skip


def hash_password(password: str) -> str:
    """The string to store."""
    return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right. Takes about the same time when there is no hash."""
    try:
        _hasher.verify(password_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Whether the stored hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(password_hash)


def weaknesses(password: str, *, name: str = "", email: str = "") -> list[Reason]:
    """Every reason to refuse a new password. No composition rules: length and not being guessable."""
    reasons = []
    if len(password) < MIN_LENGTH:
        reasons.append(Reason("short", _("Kata sandi paling sedikit %(n)s karakter. Kalimat pendek mudah diingat.",
                                         n=MIN_LENGTH)))  # fmt: skip
    if len(password) > MAX_LENGTH:
        reasons.append(Reason("long", _("Kata sandi paling panjang %(n)s karakter.", n=MAX_LENGTH)))
    lowered = password.lower()
    own_words = {w for w in [*name.lower().split(), email.lower().split("@")[0]] if len(w) >= 4}
    rest = lowered
    for word in own_words:
        rest = rest.replace(word, "")
    guessable = lowered in _COMMON or len(set(lowered)) < 5 or (own_words and len(rest) < 6)
    if guessable and not reasons:
        reasons.append(
            Reason("common", _("Kata sandi ini mudah ditebak. Pakailah beberapa kata yang tidak berkaitan."))
        )
    return reasons
