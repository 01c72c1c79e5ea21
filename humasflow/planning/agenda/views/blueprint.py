"""The pages of the agenda."""

from flask import Blueprint

blueprint = Blueprint("agenda", __name__, url_prefix="/agenda")
