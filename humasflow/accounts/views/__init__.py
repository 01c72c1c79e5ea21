"""Signing in and out, one's own settings, and the people of an office."""

from humasflow.accounts.views import absences, people, preferences, profile, signing
from humasflow.accounts.views.blueprint import blueprint

__all__ = ["absences", "blueprint", "people", "preferences", "profile", "signing"]
