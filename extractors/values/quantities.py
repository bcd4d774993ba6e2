"""Quantities as budgets state them: 3 · 50人 · 两场 · 5人×3天."""

from __future__ import annotations

import re
from decimal import Decimal

from extractors.values.characters import squeeze
from extractors.values.numerals import CHARACTERS, read_numeral

_FACTOR = re.compile(rf"(\d{{1,9}}(?:\.\d{{1,4}})?|[{CHARACTERS}]{{1,6}})([^\d×xX*]{{0,4}})")
_TIMES = re.compile(r"[×xX*]")
_MOST = 5


def read_quantity(raw: str) -> Decimal | None:
    """The number of what is counted, a product where several things are (5人×3天 is 15); None where it is no number."""
    factors = _TIMES.split(squeeze(raw)[:60])
    product = Decimal(1)
    for factor in factors:
        match = _FACTOR.fullmatch(factor)
        number = None if match is None else read_numeral(match[1])
        if number is None or len(factors) > _MOST:
            return None
        product *= number
    return product
