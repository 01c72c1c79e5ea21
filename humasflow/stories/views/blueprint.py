"""The room's blueprint."""

from flask import Blueprint

blueprint = Blueprint("stories", __name__, url_prefix="/naskah")
