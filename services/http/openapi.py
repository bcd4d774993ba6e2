"""OpenAPI 3.1 from the contract: every method with its comments, its messages and their limits, and the forms.

    python -m services.http.openapi IMAGE > services/http/openapi.json

IMAGE: the contract as a FileDescriptorSet with source information, as `buf build` writes it (make openapi).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)

from buf.validate import validate_pb2
from services.callers.caller import Scope
from services.callers.scopes import NEEDS

_PACKAGE = "heyan.v1"
_SCALARS: dict[int, dict[str, Any]] = {
    FieldDescriptorProto.TYPE_STRING: {"type": "string"},
    FieldDescriptorProto.TYPE_BOOL: {"type": "boolean"},
    FieldDescriptorProto.TYPE_BYTES: {"type": "string", "contentEncoding": "base64"},
    FieldDescriptorProto.TYPE_DOUBLE: {"type": "number"},
    FieldDescriptorProto.TYPE_FLOAT: {"type": "number"},
    FieldDescriptorProto.TYPE_INT32: {"type": "integer", "format": "int32"},
    FieldDescriptorProto.TYPE_UINT32: {"type": "integer", "format": "uint32"},
    # 64 bits do not fit into every language's numbers: protobuf's JSON writes them as texts
    FieldDescriptorProto.TYPE_INT64: {"type": "string", "format": "int64"},
    FieldDescriptorProto.TYPE_UINT64: {"type": "string", "format": "uint64"},
}
_KNOWN: dict[str, dict[str, Any]] = {
    ".google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    ".google.protobuf.Duration": {"type": "string", "format": "duration"},
}
_LIMITS = {
    "min_len": "minLength",
    "max_len": "maxLength",
    "pattern": "pattern",
    "gte": "minimum",
    "lte": "maximum",
    "min_items": "minItems",
    "max_items": "maxItems",
}
_FILE = {"type": "string", "contentMediaType": "application/octet-stream"}


def document(files: FileDescriptorSet) -> dict[str, Any]:
    """The OpenAPI document of the services in package heyan.v1."""
    schemas: dict[str, Any] = {"Error": _error()}
    paths: dict[str, Any] = {}
    for file in sorted((file for file in files.file if file.package == _PACKAGE), key=lambda file: file.name):
        comments = _comments(file)
        for index, message in enumerate(file.message_type):
            _add_message(schemas, message, message.name, (4, index), comments)
        for index, enum in enumerate(file.enum_type):
            schemas[enum.name] = _enum(enum, (5, index), comments)
        for index, service in enumerate(file.service):
            for number, method in enumerate(service.method):
                path = f"/{_PACKAGE}.{service.name}/{method.name}"
                about = comments.get((6, index, 2, number), "")
                paths[path] = {"post": _method(path, service.name, method, about)}
    paths.update(_forms(schemas))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "heyan 核验",
            "version": "v1",
            "description": "Methods of heyan.v1 by the Connect protocol (connectrpc.com), and forms for curl. JSON is "
            "protobuf's; names of fields are the contract's. Errors carry google.rpc details with a sentence in "
            "Chinese (LocalizedMessage, zh-CN) and one in English.",
        },
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "heyan_…, made by `heyan token create`. Needed unless the server says otherwise.",
                }
            },
        },
    }


def text(files: FileDescriptorSet) -> str:
    """The document as it is served."""
    return json.dumps(document(files), ensure_ascii=False, indent=1) + "\n"


def _comments(file: FileDescriptorProto) -> dict[tuple[int, ...], str]:
    return {
        tuple(location.path): " ".join(location.leading_comments.split())
        for location in file.source_code_info.location
        if location.leading_comments
    }


def _add_message(
    schemas: dict[str, Any],
    message: DescriptorProto,
    name: str,
    path: tuple[int, ...],
    comments: dict[tuple[int, ...], str],
) -> None:
    maps = {nested.name: nested for nested in message.nested_type if nested.options.map_entry}
    properties: dict[str, Any] = {}
    for index, field in enumerate(message.field):
        entry = maps.get(field.type_name.rpartition(".")[2])
        if entry is not None:
            schema: dict[str, Any] = {"type": "object", "additionalProperties": _type(entry.field[1])}
        elif field.label == FieldDescriptorProto.LABEL_REPEATED:
            schema = {"type": "array", "items": _type(field)}
        else:
            schema = _type(field)
        schema = {**schema, **_limits(field)}
        if about := comments.get((*path, 2, index)):
            schema["description"] = about
        if field.options.debug_redact:
            schema["writeOnly"] = True
        properties[field.name] = schema
    schemas[name] = {"type": "object", "description": comments.get(path, ""), "properties": properties}
    for index, nested in enumerate(message.nested_type):
        if not nested.options.map_entry:
            _add_message(schemas, nested, f"{name}.{nested.name}", (*path, 3, index), comments)
    for index, enum in enumerate(message.enum_type):
        schemas[f"{name}.{enum.name}"] = _enum(enum, (*path, 4, index), comments)


def _type(field: FieldDescriptorProto) -> dict[str, Any]:
    """Raises KeyError for a type that the contract does not use yet."""
    if field.type in (FieldDescriptorProto.TYPE_MESSAGE, FieldDescriptorProto.TYPE_ENUM):
        known = _KNOWN.get(field.type_name)
        return dict(known) if known else _reference(field.type_name)
    return dict(_SCALARS[field.type])


def _reference(name: str) -> dict[str, Any]:
    prefix = f".{_PACKAGE}."
    if not name.startswith(prefix):
        raise KeyError(name)
    return {"$ref": f"#/components/schemas/{name.removeprefix(prefix)}"}


def _limits(field: FieldDescriptorProto) -> dict[str, Any]:
    """What buf.validate says, as far as JSON Schema has a word for it."""
    rules = field.options.Extensions[validate_pb2.field]
    kind = rules.WhichOneof("type")
    if kind is None or kind == "bytes":  # of bytes and not of their base64
        return {}
    of = getattr(rules, kind)
    return {_LIMITS[limit.name]: value for limit, value in of.ListFields() if limit.name in _LIMITS}


def _enum(enum: EnumDescriptorProto, path: tuple[int, ...], comments: dict[tuple[int, ...], str]) -> dict[str, Any]:
    told = [f"{value.name}: {comments.get((*path, 2, index), '')}" for index, value in enumerate(enum.value)]
    return {
        "type": "string",
        "enum": [value.name for value in enum.value],
        "description": "\n".join([comments.get(path, ""), *told]),
    }


def _method(path: str, service: str, method: Any, about: str) -> dict[str, Any]:
    streamed = method.client_streaming or method.server_streaming
    media = "application/connect+json" if streamed else "application/json"
    if streamed:
        sent = "messages" if method.client_streaming else "one message"
        answered = "messages" if method.server_streaming else "one message"
        about += (
            f" Streamed: {sent} in, {answered} out, each in an envelope of the Connect protocol (a flag byte, 4 bytes "
            "of length); errors are in the last envelope, under HTTP status 200."
        )
    return {
        "operationId": f"{service}.{method.name}",
        "tags": [service],
        "description": f"{about} Scope: {_scope(path)}.".strip(),
        "requestBody": {"required": True, "content": {media: {"schema": _reference(method.input_type)}}},
        "responses": _responses(_reference(method.output_type), media),
    }


def _scope(path: str) -> str:
    need = NEEDS[path]
    return need.value if isinstance(need, Scope) else "any"


def _responses(schema: dict[str, Any], media: str = "application/json") -> dict[str, Any]:
    return {
        "200": {"description": "The answer.", "content": {media: {"schema": schema}}},
        "default": {
            "description": "An error.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
        },
    }


def _error() -> dict[str, Any]:
    detail = {
        "type": "object",
        "properties": {
            "type": {"type": "string", "description": "google.rpc.BadRequest, google.rpc.LocalizedMessage, …"},
            "value": {"type": "string", "description": "The detail as protobuf, in base64 without padding."},
            "debug": {"type": "object", "description": "The detail in JSON."},
        },
    }
    return {
        "type": "object",
        "description": "An error of the Connect protocol.",
        "properties": {
            "code": {"type": "string", "description": "not_found, invalid_argument, resource_exhausted, …"},
            "message": {"type": "string", "description": "A sentence in English."},
            "details": {"type": "array", "items": detail},
        },
    }


def _forms(schemas: dict[str, Any]) -> dict[str, Any]:
    """The paths of services/http/forms.py; the forms' fields are those of the contract's headers."""
    check = dict(schemas["CheckHeader"]["properties"])
    check["password"] = {"type": "string", "writeOnly": True, "description": "Opens the files that follow it."}
    check["file"] = {"type": "array", "items": _FILE, "description": "The files; after all other fields."}
    extract = dict(schemas["ExtractHeader"]["properties"])
    del extract["file_name"]
    extract["file"] = {**_FILE, "description": "The file; after all other fields."}
    return {
        "/v1/check": {"post": _form("checkForm", "ValidationService", "Check", check, ["call", "file"])},
        "/v1/extract": {"post": _form("extractForm", "ExtractionService", "Extract", extract, ["file"])},
        "/v1/attachments/{sha256}": {
            "put": {
                "operationId": "uploadBody",
                "tags": ["IntakeService"],
                "description": "IntakeService.UploadAttachment with the file as the body. Content-Length is required. "
                f"Scope: {_scope('/heyan.v1.IntakeService/UploadAttachment')}.",
                "parameters": [
                    {"name": "sha256", "in": "path", "required": True, "schema": {"type": "string"}},
                    {"name": "file_name", "in": "query", "schema": {"type": "string"}},
                ],
                "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": _FILE}}},
                "responses": _responses(_reference(f".{_PACKAGE}.UploadAttachmentResponse")),
            }
        },
        "/v1/health": {
            "get": {
                "operationId": "health",
                "tags": ["health"],
                "security": [],
                "description": "200 while the service serves, 503 while its models load. Needs no token.",
                "responses": {"200": {"description": "SERVING"}, "503": {"description": "NOT_SERVING"}},
            }
        },
    }


def _form(id: str, service: str, method: str, properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": required}
    return {
        "operationId": id,
        "tags": [service],
        "description": f"{service}.{method} by a form. Scope: {_scope(f'/{_PACKAGE}.{service}/{method}')}.",
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}},
        "responses": _responses(_reference(f".{_PACKAGE}.{method}Response")),
    }


def main() -> int:
    files = FileDescriptorSet.FromString(Path(sys.argv[1]).read_bytes())
    sys.stdout.buffer.write(text(files).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
