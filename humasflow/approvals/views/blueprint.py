"""The blueprint of approvals."""

from flask import Blueprint

blueprint = Blueprint("approvals", __name__)
