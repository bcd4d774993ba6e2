"""Bearer tokens: heyan_<id>_<secret><checksum>, all base 62.

The id (10 characters) is public and names the token in lists and logs. The secret (43 characters, 256 random bits) is
kept nowhere: the ledger has the token's SHA-256, which needs no slow hash for a secret that nobody can guess. The
checksum (6 characters, CRC-32 of what stands before it) tells a scanner for leaked secrets a token from a look-alike,
and lets a mistyped one be refused without a look into the ledger.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
import zlib
from dataclasses import dataclass, field

_ALPHABET = string.digits + string.ascii_letters
_SHAPE = re.compile(r"heyan_([0-9A-Za-z]{10})_[0-9A-Za-z]{49}")
_CHECKSUM = 6


@dataclass(frozen=True, slots=True)
class Token:
    """text: the whole token, a secret. id: its public part."""

    id: str
    text: str = field(repr=False)

    @property
    def sha256(self) -> str:
        """What is kept of it, lower-case hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def is_kept_as(self, sha256: str) -> bool:
        """Compared in constant time."""
        return hmac.compare_digest(self.sha256, sha256)


def make() -> Token:
    id, secret = _random(10), _random(43)
    return _sealed(id, f"heyan_{id}_{secret}")


def parse(text: str) -> Token | None:
    """None where it is no token, or not a whole one."""
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        return None
    token = _sealed(shape[1], text[:-_CHECKSUM])
    return token if hmac.compare_digest(token.text, text) else None


def new_id() -> str:
    """Of what has no secret: a certificate's registration."""
    return _random(10)


def _sealed(id: str, body: str) -> Token:
    number, digits = zlib.crc32(body.encode()), ""
    for _ in range(_CHECKSUM):
        number, digit = divmod(number, 62)
        digits = _ALPHABET[digit] + digits
    return Token(id, body + digits)


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
