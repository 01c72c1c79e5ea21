"""The room's blueprint, apart from the views that add to it."""

from flask import Blueprint

blueprint = Blueprint("posts", __name__)
