"""The API's documentation at /api/docs: a page of our own made of the OpenAPI document, which programs find at
/api/openapi.json.

Both are open: they say what can be asked for and with what proof, and nothing of any company.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from core.settings import settings
from server.templates import render

router = APIRouter(include_in_schema=False)

Schema = Mapping[str, Any]

WORDS = {"string": "texto", "integer": "número entero", "number": "número", "boolean": "true o false",
         "array": "lista", "object": "objeto"}  # fmt: skip
FORMATS = {"date": "fecha, AAAA-MM-DD", "date-time": "instante", "uuid": "id", "binary": "archivo"}
PLACES = {"path": "en la dirección", "query": "en la consulta", "header": "encabezado", "body": "en el cuerpo"}


@dataclass(frozen=True, slots=True)
class Field:
    """Something to send: where, of what kind, in words."""

    name: str
    place: str
    kind: str
    required: bool
    about: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to ask for. `about` is the code's own word on it, in English; `body` its content type, '' for none."""

    id: str
    method: str
    path: str
    summary: str
    about: str
    body: str
    fields: tuple[Field, ...]


@router.get("/api/docs")
def docs(request: Request) -> HTMLResponse:
    return render("api.html", {"groups": grouped(request.app.openapi()), "url": settings().url})


def grouped(document: Schema) -> dict[str, list[Operation]]:
    """The operations of an OpenAPI document by their tag, in its order. Pure."""
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            found.setdefault(next(iter(said.get("tags", ())), ""), []).append(_operation(path, method, said, document))
    return found


def _operation(path: str, method: str, said: Schema, document: Schema) -> Operation:
    sent = [
        Field(p["name"], PLACES[p["in"]], kind(p["schema"]), p["required"], p.get("description", ""))
        for p in said.get("parameters", ())
    ]
    content = said.get("requestBody", {}).get("content", {})
    body = next(iter(content), "")
    if body:
        sent += _body(content[body]["schema"], document)
    return Operation(
        said["operationId"], method.upper(), path, said.get("summary", ""), said.get("description", ""), body,
        tuple(sent),
    )  # fmt: skip


def _body(schema: Schema, document: Schema) -> Iterator[Field]:
    whole = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
    for name, part in whole.get("properties", {}).items():
        yield Field(name, PLACES["body"], kind(part), name in whole.get("required", ()), part.get("description", ""))


def kind(schema: Schema) -> str:
    """What may stand there, in words. Pure."""
    if "enum" in schema:
        return " o ".join(str(v) for v in schema["enum"])
    if "anyOf" in schema:
        return " o ".join(dict.fromkeys(kind(s) for s in schema["anyOf"] if s.get("type") != "null"))
    if schema.get("contentMediaType"):
        return FORMATS["binary"]
    return FORMATS.get(schema.get("format", ""), WORDS.get(schema.get("type", ""), "texto"))
