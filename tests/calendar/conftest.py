"""The calendar stands on the desk of publishing."""

from tests.publishing.conftest import desk

__all__ = ["desk"]
