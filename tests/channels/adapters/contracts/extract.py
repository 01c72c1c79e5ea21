"""Takes from the platforms' own published descriptions what the tests compare our requests with.

    python -m venv contracts-venv && contracts-venv/bin/pip install xdk aiogram google-api-python-client
    contracts-venv/bin/python tests/channels/adapters/contracts/extract.py

Writes ``x.json`` (the models of X's own Python package), ``telegram.json`` (aiogram's, which are generated from the
Bot API) and ``youtube.json`` (Google's discovery document) beside itself, as JSON Schema without prose. A name that the
platform does not know is refused, which the models themselves would let pass.
"""

import json
from collections.abc import Iterable
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
KEPT = frozenset({
    "type", "properties", "required", "enum", "anyOf", "items", "pattern", "minimum", "maximum", "maxLength", "minItems",
    "maxItems", "$ref", "const",
})  # fmt: skip


def slim(schema: Any) -> Any:
    """The rules of a schema, without prose; objects know no other names than those listed."""
    if not isinstance(schema, dict):
        return schema
    found = {name: value for name, value in schema.items() if name in KEPT}
    for name in ("anyOf",):
        if name in found:
            found[name] = [slim(one) for one in found[name]]
    if "items" in found:
        found["items"] = slim(found["items"])
    if "properties" in found:
        found["properties"] = {key: slim(value) for key, value in found["properties"].items()}
        found["additionalProperties"] = False
    return found


def of_models(models: Iterable[Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Schemas of pydantic models by name, and what they refer to."""
    from pydantic.json_schema import GenerateJsonSchema

    class Schemas(GenerateJsonSchema):
        """A class of the library itself (a file to upload) stands for a text: the name of a part of the form."""

        def is_instance_schema(self, schema: Any) -> Any:
            return {"type": "string"}

    roots, shared = {}, {}
    for model in models:
        schema = model.model_json_schema(schema_generator=Schemas)
        for name, one in schema.pop("$defs", {}).items():
            shared[name] = slim(one)
        roots[model.__name__] = slim(schema)
    return roots, shared


def needed(roots: Any, shared: dict[str, Any]) -> dict[str, Any]:
    """Only what is referred to, directly or not."""
    kept: dict[str, Any] = {}
    todo = [roots]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            name = str(one.get("$ref", "")).rpartition("/")[2]
            if name and name not in kept:
                kept[name] = shared[name]
                todo.append(shared[name])
            todo.extend(one.values())
        elif isinstance(one, list):
            todo.extend(one)
    return dict(sorted(kept.items()))


def write(
    name: str, source: str, licence: str, roots: dict[str, Any], shared: dict[str, Any], **more: Any
) -> None:
    found = {"source": source, "licence": licence, **more, "schemas": roots, "$defs": needed(roots, shared)}
    (HERE / f"{name}.json").write_text(json.dumps(found, indent=1, sort_keys=False) + "\n")


def x() -> None:
    from xdk.media import models as media
    from xdk.posts import models as posts

    roots, shared = of_models(
        [
            media.InitializeUploadRequest,
            media.AppendUploadRequest,
            media.CreateMetadataRequest,
            posts.CreateRequest,
        ]
    )
    write("x", f"xdk {version('xdk')}", "MIT", roots, shared)


def telegram() -> None:
    from aiogram import methods

    wanted = [
        methods.SendMessage, methods.SendPhoto, methods.SendVideo, methods.SendDocument, methods.SendMediaGroup,
        methods.EditMessageText, methods.EditMessageCaption, methods.DeleteMessage, methods.DeleteMessages,
        methods.GetMe, methods.GetChat, methods.GetChatMember,
    ]  # fmt: skip
    roots, shared = of_models(wanted)
    # Markup under a message and premium features are never sent; their descriptions are long.
    for schema in roots.values():
        for unused in (
            "reply_markup",
            "reply_parameters",
            "suggested_post_parameters",
            "ephemeral_message_parameters",
        ):
            schema.get("properties", {}).pop(unused, None)
    write("telegram", f"aiogram {version('aiogram')}", "MIT", roots, shared)


def youtube() -> None:
    text = files("googleapiclient").joinpath("discovery_cache/documents/youtube.v3.json").read_text()
    found = json.loads(text)

    def converted(schema: Any) -> Any:
        if isinstance(schema, list):
            return [converted(one) for one in schema]
        if not isinstance(schema, dict):
            return schema
        if isinstance(schema.get("$ref"), str):
            return {"$ref": f"#/$defs/{schema['$ref']}"}
        return {name: converted(value) for name, value in schema.items()}

    shared = {name: slim(converted(schema)) for name, schema in found["schemas"].items()}
    resources = found["resources"]
    methods = {
        f"{room}.{name}": {
            "path": method["path"], "httpMethod": method["httpMethod"],
            "parameters": sorted(method["parameters"]), "scopes": method["scopes"],
            **({"upload": method["mediaUpload"]["protocols"]["simple"]["path"]} if "mediaUpload" in method else {}),
        }
        for room, name in (
            ("videos", "insert"), ("videos", "update"), ("videos", "list"), ("channels", "list"), ("playlistItems", "list"),
        )
        for method in [resources[room]["methods"][name]]
    }  # fmt: skip
    package = "google-api-python-client"
    roots = {"Video": shared["Video"]}
    for large in (
        "contentDetails",
        "liveStreamingDetails",
        "localizations",
        "monetizationDetails",
        "suggestions",
    ):
        roots["Video"]["properties"].pop(large, None)
    write(
        "youtube", f"{package} {version(package)}, youtube.v3.json revision {found['revision']}", "Apache-2.0", roots, shared,
        baseUrl=found["baseUrl"], methods=methods,
    )  # fmt: skip


if __name__ == "__main__":
    x()
    telegram()
    youtube()
