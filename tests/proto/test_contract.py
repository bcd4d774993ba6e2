"""The contract's own promises."""

from __future__ import annotations

from buf.validate import validate_pb2
from protovalidate._gen.buf.validate import validate_pb as installed


def test_our_part_of_protovalidate_has_the_numbers_of_the_installed_one() -> None:
    for name, message in validate_pb2.DESCRIPTOR.message_types_by_name.items():
        theirs = {field.name: field.number for field in getattr(installed, name).desc().fields}
        ours = {field.name: field.number for field in message.fields}
        assert ours.items() <= theirs.items(), name
