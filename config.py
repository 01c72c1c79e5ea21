"""Settings. A default is right for a first start on one computer and fit to be public; the rest comes from the
environment. Secrets come from a file only their owner can read, or from the environment, never from here.
"""

import os
import shutil
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent


class ConfigurationError(RuntimeError):
    """The application refuses to start with these settings; the message says what to change."""


def _read_secrets(data: Path) -> list[str]:
    """Newest first. One secret a line in ``secret.key`` (mode 0600), or ``HUMASFLOW_SECRETS`` (comma-separated)."""
    from_env = os.environ.get("HUMASFLOW_SECRETS")
    if from_env:
        return [s for s in from_env.split(",") if s]
    path = data / "secret.key"
    if not path.exists():
        raise ConfigurationError(
            f"No secret key. Start with `make run`, or create {path.name} in the data folder."
        )
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigurationError(f"{path.name} can be read by others. Run: chmod 600 {path.name}")
    return [line.strip() for line in path.read_text().splitlines() if line.strip()]


def load() -> dict[str, Any]:
    """The settings of a running installation."""
    data = Path(os.environ.get("HUMASFLOW_DATA", ROOT / "instance")).resolve()
    secrets = _read_secrets(data)
    database = os.environ.get("HUMASFLOW_DATABASE_URL", f"sqlite:///{data / 'humasflow.db'}")
    https = os.environ.get("HUMASFLOW_HTTPS", "") == "1"
    return base_config(data, secrets, database) | {
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_NAME": "__Host-humasflow" if https else "humasflow",
        "PUBLIC_URL": os.environ.get("HUMASFLOW_PUBLIC_URL")
        or f"http://127.0.0.1:{os.environ.get('PORT', '8000')}",
        "TRUSTED_PROXIES": int(os.environ.get("HUMASFLOW_TRUSTED_PROXIES", "0")),
        "TRUSTED_HOSTS": [h for h in os.environ.get("HUMASFLOW_HOSTS", "").split(",") if h] or None,
        # The browser that draws public pages as evidence; HUMASFLOW_CHROMIUM=off does without.
        "CHROMIUM": _chromium(),
        # As root it runs only without its sandbox: whatever page it draws could then do what the worker can.
        "CHROMIUM_AS_ROOT": os.environ.get("HUMASFLOW_CHROMIUM_AS_ROOT", "") == "1",
        "OUTBOUND_PRIVATE_HOSTS": tuple(
            h.strip().lower() for h in os.environ.get("HUMASFLOW_PRIVATE_HOSTS", "").split(",") if h.strip()
        ),
        **_outbox(database),
    }


def _outbox(database: str) -> dict[str, Any]:
    """The worker's settings out of the environment."""
    usual = _usual_threads(database)
    return {
        "OUTBOX_LEASE": timedelta(seconds=_number("HUMASFLOW_LEASE_SECONDS", 90, least=1, most=3600)),
        "ASK_AGAIN_AFTER": timedelta(
            seconds=_number("HUMASFLOW_ASK_AGAIN_SECONDS", 60, least=0.1, most=3600)
        ),
        "OUTBOX_POLL_SECONDS": _number("HUMASFLOW_POLL_SECONDS", 1, least=0.05, most=1),
        "WORKER_THREADS": int(_number("HUMASFLOW_WORKER_THREADS", usual, least=1, most=12, whole=True)),
    }


def _number(name: str, usual: float, *, least: float, most: float, whole: bool = False) -> float:
    """A number out of the environment. Raises ConfigurationError with what is allowed."""
    told = os.environ.get(name, "").strip()
    if not told:
        return usual
    kind = "a whole number" if whole else "a number"
    try:
        number = float(int(told)) if whole else float(told)
    except ValueError:
        number = float("nan")
    if not least <= number <= most:  # false for "nan" as well
        raise ConfigurationError(f"{name}={told!r} does not fit. Give {kind} from {least:g} to {most:g}.")
    return number


def _usual_threads(database: str) -> int:
    """Threads of a worker where nobody said how many; SQLite has one writer at a time."""
    return 4 if database.startswith("sqlite") else 8


def _chromium() -> str:
    """The one named in the environment, else one on the PATH; empty: none."""
    named = os.environ.get("HUMASFLOW_CHROMIUM", "").strip()
    if named:
        return "" if named.lower() == "off" else shutil.which(named) or named
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), "")


def base_config(data: Path, secrets: list[str], database: str) -> dict[str, Any]:
    """What every environment shares; ``data`` is the folder for the database, pictures and keys."""
    return {
        "DATA_DIR": data,
        "SECRETS": secrets,
        "SECRET_KEY": secrets[0],
        "SECRET_KEY_FALLBACKS": secrets[1:],
        "SQLALCHEMY_DATABASE_URI": database,
        # An error of the database is logged without what was to be stored: texts, addresses, tokens.
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True}
        | ({"pool_pre_ping": True} if database.startswith("postgresql") else {}),
        "SESSION_COOKIE_NAME": "humasflow",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=7),
        # A cookie is written when something in it changed, or a slow answer would bring back what another one replaced.
        "SESSION_REFRESH_EACH_REQUEST": False,
        "SESSION_IDLE": timedelta(hours=8),
        "SESSION_ABSOLUTE": timedelta(days=7),
        # When people who chose nothing are left in peace, on their office's clock; None: never.
        "QUIET_HOURS": ("21:00", "05:30"),
        "WTF_CSRF_TIME_LIMIT": None,  # the token lives as long as the session; an open form must not expire
        "BABEL_DEFAULT_LOCALE": "id",
        "BABEL_DEFAULT_TIMEZONE": "UTC",
        "LANGUAGES": ("id", "en"),
        "MAX_CONTENT_LENGTH": 100
        * 1024
        * 1024,  # several phone photos in one form; each file has its own limit
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "MAX_FORM_PARTS": 1000,
        "MAX_IMAGE_BYTES": 20 * 1024 * 1024,
        "MAX_VIDEO_BYTES": 500
        * 1024
        * 1024,  # videos and PDF files arrive in parts, whatever the limit above
        "MAX_PDF_BYTES": 50 * 1024 * 1024,
        # A worker that is silent for longer than this is taken to be dead, and its job is given to another.
        "OUTBOX_LEASE": timedelta(seconds=90),
        # Between two questions to a channel whether a post of unknown fate is there.
        "ASK_AGAIN_AFTER": timedelta(seconds=60),
        "OUTBOX_POLL_SECONDS": 1.0,
        "WORKER_THREADS": _usual_threads(database),
        "LATE_GRACE": timedelta(hours=6),
        "PUBLIC_URL": "",
        "TRUSTED_PROXIES": 0,
        "TRUSTED_HOSTS": None,
        # Machines of the office's own network that may be asked for calendars: "name" or "name:port".
        "OUTBOUND_PRIVATE_HOSTS": (),
        # Draws public pages as evidence; empty: people are asked for a picture of their screen.
        "CHROMIUM": "",
        "CHROMIUM_AS_ROOT": False,
        "TESTING": False,
    }
