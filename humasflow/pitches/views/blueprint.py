"""The blueprint that the modules beside this one add their routes to."""

from flask import Blueprint

blueprint = Blueprint("pitches", __name__, url_prefix="/usulan")
