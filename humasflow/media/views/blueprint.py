"""The one blueprint of the room."""

from flask import Blueprint

blueprint = Blueprint("media", __name__, url_prefix="/media")
