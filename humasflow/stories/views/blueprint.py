"""The room's blueprint."""

from flask import Blueprint

from humasflow.stories.rendering import beside_text, story_body

blueprint = Blueprint("stories", __name__, url_prefix="/naskah")
blueprint.add_app_template_filter(story_body)
blueprint.add_app_template_filter(beside_text)
