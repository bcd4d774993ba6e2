"""Messages that nobody should send: random bytes, random fields with the worst values, and messages with damage."""

from __future__ import annotations

import random
from collections.abc import Sequence

from google.protobuf import message_factory
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message

_NUMBERS = (0, 1, -1, 2, 50, 2**31 - 1, -(2**31), 2**32 - 1, 2**63 - 1, -(2**63), 2**64 - 1)
_RANGES = {
    FieldDescriptor.TYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_ENUM: (-(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.TYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.TYPE_UINT64: (0, 2**64 - 1),
}
_TEXTS = (
    "",
    "calls/zhihui-2021",
    "calls/../../etc",
    "../../../../etc/passwd",
    "/etc/passwd\x00.docx",
    "file:///etc/passwd",
    "submissions/..",
    "submissions/%2e%2e%2f",
    "attachments/" + "0" * 64,
    "x" * 5000,
    "函\u202efdp.exe",
    "\x1b[2J\r\nSet-Cookie: a=b",
    "' OR 1=1 --",
    "{{7*7}}${7*7}<script>alert(1)</script>",
    "\ufeff\u2028😀",
    "heyan_0000000000_" + "0" * 49,
)


class Fuzz:
    """texts: more of the worst values, e.g. names of what is another's. submission, attachment: another's, for requests
    that are otherwise in order."""

    def __init__(self, seed: int, texts: Sequence[str], *, submission: str, attachment: str) -> None:
        self.random = random.Random(seed)
        self._texts = (*_TEXTS, *texts)
        self._sound = {
            "call": "calls/zhihui-2021",
            "name": submission,
            "submission": submission,
            "attachment": attachment,
            "attachments": attachment,
            "page_token": "",
            "id": "a-call",
        }
        self._sane = False

    def stream(self, method: MethodDescriptor) -> list[bytes]:
        """The messages of one call, serialised: one, or for a stream a few, now and then in a sensible order."""
        if not method.client_streaming:
            return [self.message(method)]
        parts = [self.message(method) for _ in range(self.random.choice((0, 1, 2, 3, 6)))]
        if self.random.random() < 0.7:  # else nothing comes behind the first message's refusal
            parts.insert(0, self._begun(method))
        return parts

    def message(self, method: MethodDescriptor) -> bytes:
        kind = self.random.random()
        self._sane = kind > 0.6
        if kind < 0.1:
            return self.random.randbytes(self.random.choice((1, 7, 100, 3000)))
        message = message_factory.GetMessageClass(method.input_type)()
        self._fill(message, 0)
        data = message.SerializeToString()
        return self._damaged(data) if kind < 0.3 else data

    def _begun(self, method: MethodDescriptor) -> bytes:
        """The message that a stream should begin with: its header, as it should be."""
        whole = message_factory.GetMessageClass(method.input_type)()
        message = whole.request if "request" in whole.DESCRIPTOR.fields_by_name else whole  # WatchCheck wraps Check's
        header = message.header
        self._fill(header, 0)
        names = {field.name for field in header.DESCRIPTOR.fields}
        if "call" in names and self.random.random() < 0.8:
            header.call = "calls/zhihui-2021"
        if "label" in names:
            header.label = ""
        if "file_name" in names:
            header.file_name = "a.docx"
        return bytes(whole.SerializeToString())

    def _fill(self, message: Message, depth: int) -> None:
        for field in message.DESCRIPTOR.fields:
            if (self.random.random() < 0.4 and not self._sane) or (depth > 4 and field.message_type is not None):
                continue
            if field.is_repeated:
                self._fill_repeated(message, field, depth)
            elif field.message_type is not None:
                getattr(message, field.name).SetInParent()
                self._fill(getattr(message, field.name), depth + 1)
            else:
                setattr(message, field.name, self._value(field))

    def _fill_repeated(self, message: Message, field: FieldDescriptor, depth: int) -> None:
        values = getattr(message, field.name)
        for _ in range(self.random.choice((0, 1, 2, 5))):
            if field.message_type is None:
                values.append(self._value(field))
            elif field.message_type.GetOptions().map_entry:
                pass
            else:
                self._fill(values.add(), depth + 1)

    def _value(self, field: FieldDescriptor) -> object:
        if self._sane and field.type == FieldDescriptor.TYPE_STRING:
            if field.containing_type.name == "GetCallRequest":
                return "calls/zhihui-2021"
            return self._sound.get(field.name, f"a{self.random.randrange(100)}")
        if self._sane and field.type in _RANGES:
            return self.random.choice((0, 1))
        if field.type == FieldDescriptor.TYPE_STRING:
            return self.random.choice(self._texts)
        if field.type == FieldDescriptor.TYPE_BYTES:
            return self.random.randbytes(self.random.choice((0, 1, 100, 4000)))
        if field.type == FieldDescriptor.TYPE_BOOL:
            return self.random.random() < 0.5
        if field.type in (FieldDescriptor.TYPE_FLOAT, FieldDescriptor.TYPE_DOUBLE):
            return self.random.choice((0.0, -1.0, 1e30, float("nan"), float("inf"), 0.5))
        least, most = _RANGES[field.type]
        return self.random.choice([number for number in _NUMBERS if least <= number <= most])

    def _damaged(self, data: bytes) -> bytes:
        damaged = bytearray(data)
        for _ in range(self.random.choice((1, 2, 8))):
            if damaged:
                damaged[self.random.randrange(len(damaged))] = self.random.randrange(256)
        return bytes(damaged[: self.random.randint(0, len(damaged))] if self.random.random() < 0.3 else damaged)
