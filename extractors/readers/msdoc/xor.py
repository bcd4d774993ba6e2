"""XOR obfuscation of Word documents ([MS-OFFCRYPTO] 2.3.7, method 2).

Sixteen bytes made from the password are laid over each stream again and again. A byte is left as it is where it is zero
or would become zero. The FIB keeps a key and a check sum of the password, so a wrong one is recognised.
"""

from __future__ import annotations

_PADDING = bytes.fromhex("bbffffbaffffb98000be0f00bf0f00")
_MOST = 15  # characters of a password that count


def matches(password: str, key: int) -> bool:
    """The password is the one that FibBase.lKey was made from."""
    raw = _bytes(password)
    return key == (_check_sum(raw) << 16 | _key(raw))


def deciphered(stream: bytes, password: str, plain: int = 0) -> bytes:
    """A stream without the obfuscation; its first `plain` bytes never had it."""
    pad = _pad(_bytes(password))
    out = bytearray(stream)
    for at in range(plain, len(out)):
        byte = out[at] ^ pad[at & 15]
        if out[at] and byte:
            out[at] = byte
    return bytes(out)


def _bytes(password: str) -> bytes:
    """A byte a character: the low one, or the high one where that is zero."""
    codes = [ord(character) & 0xFFFF for character in password[:_MOST]]
    return bytes(code & 0xFF or code >> 8 for code in codes)


def _pad(password: bytes) -> bytes:
    """The password filled up to 16 bytes, over it the two bytes of the key, each byte turned by seven bits."""
    key = _key(password).to_bytes(2, "little")
    filled = (password + _PADDING)[:16]
    return bytes(_turned(byte ^ key[index & 1], 7, 8) for index, byte in enumerate(filled))


def _key(password: bytes) -> int:
    """2.3.7.2 CreateXorKey_Method1."""
    if not password:
        return 0
    key, base, end = 0, 0x8000, 0xFFFF
    for byte in reversed(password):
        bits = byte & 0x7F
        for _ in range(8):
            base = _stepped(base)
            if bits & 1:
                key ^= base
            bits >>= 1
            end = _stepped(end)
    return key ^ end


def _stepped(value: int) -> int:
    value = _turned(value, 1, 16)
    return value ^ 0x1020 if value & 1 else value


def _check_sum(password: bytes) -> int:
    """2.3.7.1 CreatePasswordVerifier_Method1."""
    total = len(password)
    if password:
        total ^= 0xCE4B
    for index, byte in enumerate(password):
        total ^= _turned(byte, (index + 1) % 15, 15)
    return total


def _turned(value: int, bits: int, width: int) -> int:
    """A number of `width` bits rotated to the left."""
    mask = (1 << width) - 1
    return (value << bits | (value & mask) >> width - bits) & mask
