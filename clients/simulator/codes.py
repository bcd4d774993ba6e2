"""Unified social credit codes (统一社会信用代码, GB 32100-2015) of invented bodies, with right check digits."""

from __future__ import annotations

from random import Random

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def credit_code(rng: Random) -> str:
    """Of a society (51): region, organisation code with its own check digit (GB 11714), check digit."""
    organisation = "".join(rng.choice("0123456789ABCDEFGH") for _ in range(8))
    ordinal = sum(int(digit, 36) * weight for digit, weight in zip(organisation, _ORGANISATION_WEIGHTS, strict=True))
    body = (
        f"51{rng.choice((100000, 330000, 370000, 500000, 530000))}{organisation}{'0123456789X0'[(11 - ordinal % 11)]}"
    )
    total = sum(_ALPHABET.index(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + _ALPHABET[(31 - total % 31) % 31]
