"""The messages of heyan.v1 as JSON: their own field names, every field there, Chinese as it is."""

from __future__ import annotations

from google.protobuf.json_format import MessageToJson
from google.protobuf.message import Message


def as_json(message: Message, *, one_line: bool = False) -> str:
    """protobuf's JSON of a message, indented or on one line, without a newline at its end."""
    return MessageToJson(
        message,
        preserving_proto_field_name=True,
        ensure_ascii=False,
        always_print_fields_with_no_presence=True,
        indent=None if one_line else 2,
    )
