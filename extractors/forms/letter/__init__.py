"""An official letter (函): cut up into its parts (letter.py), and what each of them states."""

from extractors.forms.letter.body import body_of, pasted, reply_by, spoken
from extractors.forms.letter.head import is_placeholder
from extractors.forms.letter.letter import (
    Letter,
    addressee,
    document_number,
    in_reply,
    issued_on,
    read_letter,
    replied_on,
    reply_block,
    title,
)
from extractors.forms.letter.row import Found, Row, found_on
from extractors.forms.letter.signature import sender, signature_block

__all__ = [
    "Found",
    "Letter",
    "Row",
    "addressee",
    "body_of",
    "document_number",
    "found_on",
    "in_reply",
    "is_placeholder",
    "issued_on",
    "pasted",
    "read_letter",
    "replied_on",
    "reply_block",
    "reply_by",
    "sender",
    "signature_block",
    "spoken",
    "title",
]
