"""Entry point for gunicorn (`wsgi:app`) and for `flask --app wsgi …`."""

from humasflow import create_app

app = create_app()
