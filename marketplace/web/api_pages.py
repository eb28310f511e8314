"""The description of the public interface: for programs, and as a page for people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from marketplace.web import api_problems
from marketplace.web.api_fields import N_
from marketplace.web.submit import page

bp = Blueprint("api_pages", __name__)

_AGE = 300
_TRANSLATED = {"summary", "description"}
TAGS = {
    "items": N_("Service items"),
    "institutions": N_("Institutions"),
    "projects": N_("Projects"),
    "engagements": N_("Engagements"),
}
JSON = "application/json"


@dataclass(frozen=True)
class Field:
    """A parameter or a member of a body: its name, where it stands, what it is."""

    name: str
    kind: str
    required: bool
    words: str
    place: str = ""


@dataclass(frozen=True)
class Operation:
    """One operation as the page shows it."""

    key: str
    method: str
    path: str
    summary: str
    words: str
    scope: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answer: tuple[Field, ...]
    statuses: tuple[tuple[str, str], ...]


@bp.get("/api/v1/openapi.json")
def openapi() -> ResponseReturnValue:
    """The description as OpenAPI 3.1, in the language asked for."""
    response = jsonify(_translated(_spec()))
    response.add_etag()
    response.cache_control.public, response.cache_control.max_age = True, _AGE
    response.vary.add("Accept-Language")
    return response.make_conditional(request.environ)


@bp.get("/api/docs")
def docs() -> ResponseReturnValue:
    """The same as a page."""
    spec = _translated(_spec())
    tags: dict[str, list[Operation]] = {tag: [] for tag in TAGS}
    for path, methods in spec["paths"].items():
        for method, found in methods.items():
            if method != "parameters":
                tags[found["tags"][0]].append(_operation(spec, path, method, found))
    return page(
        "api/docs.html",
        tags={tag: found for tag, found in tags.items() if found},
        titles=TAGS,
        problems=api_problems.REFUSALS,
        rate=current_app.extensions["settings"].api_rate,
    )


def _spec() -> dict[str, Any]:
    spec: dict[str, Any] = current_app.extensions["rest"].spec.to_dict()
    return spec


def _translated(node: Any) -> Any:
    """The same description with its words in the language of the request."""
    if isinstance(node, list):
        return [_translated(each) for each in node]
    if not isinstance(node, Mapping):
        return node
    return {
        name: gettext(value)
        if name in _TRANSLATED and isinstance(value, str) and value
        else _translated(value)
        for name, value in node.items()
    }


def _operation(
    spec: Mapping[str, Any], path: str, method: str, found: Mapping[str, Any]
) -> Operation:
    shared = spec["paths"][path].get("parameters", [])
    success = next(found["responses"][code] for code in found["responses"] if code[0] == "2")
    return Operation(
        key=found["operationId"],
        method=method.upper(),
        path=path,
        summary=found["summary"],
        words=found.get("description", ""),
        scope=found.get("x-scope", ""),
        parameters=tuple(_parameter(spec, one) for one in [*shared, *found.get("parameters", [])]),
        body=tuple(_members(spec, found.get("requestBody", {}))),
        answer=tuple(_members(spec, success)),
        statuses=tuple(
            (code, _resolved(spec, one).get("description", ""))
            for code, one in sorted(found["responses"].items())
        ),
    )


def _parameter(spec: Mapping[str, Any], one: Mapping[str, Any]) -> Field:
    schema = _resolved(spec, one["schema"])
    return Field(
        one["name"],
        _kind(schema),
        one.get("required", False),
        one.get("description", ""),
        one["in"],
    )


def _members(spec: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[Field]:
    content = body.get("content", {}).get(JSON)
    if content:
        yield from _fields(spec, _resolved(spec, content["schema"]), "")


def _fields(spec: Mapping[str, Any], schema: Mapping[str, Any], prefix: str) -> Iterator[Field]:
    required = schema.get("required", [])
    for name, found in schema.get("properties", {}).items():
        inside = _resolved(spec, found)
        full = f"{prefix}{name}"
        words = found.get("description") or inside.get("description", "")
        yield Field(full, _kind(inside), name in required, words)
        if "properties" in inside:
            yield from _fields(spec, inside, f"{full}.")
        elif "items" in inside:
            yield from _fields(spec, _resolved(spec, inside["items"]), f"{full}[].")


def _resolved(spec: Mapping[str, Any], found: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference means; also where it stands among alternatives to nothing."""
    for choice in found.get("anyOf", found.get("allOf", ())):
        if "$ref" in choice:
            return _resolved(spec, choice)
    if "$ref" not in found:
        return found
    target: Any = spec
    for part in found["$ref"].removeprefix("#/").split("/"):
        target = target[part]
    resolved: Mapping[str, Any] = target
    return resolved


def _kind(schema: Mapping[str, Any]) -> str:
    kinds = schema.get("type", "object")
    names = [kinds] if isinstance(kinds, str) else list(kinds)
    words = " | ".join(names)
    return f"{words} ({schema['format']})" if "format" in schema else words
