"""The calendar's blueprint; its views stand beside it by what a person does."""

from flask import Blueprint

blueprint = Blueprint("calendar", __name__)
