"""Structured logs on standard error. No secret, token or personal data: ids only."""

import logging
import sys

import structlog
from flask import Flask


def init_logs(app: Flask) -> None:
    """Configure once per process."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that waits for a long one is no news
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=not app.config.get("TESTING", False),
    )
