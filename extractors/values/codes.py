"""Codes that carry their own proof: 统一社会信用代码 of organisations, 居民身份证号 of persons.

Their check characters tell a slip from the truth, so what OCR confuses is repaired exactly where the repaired code is
right, and nowhere else. Whether a code is given to anybody is not told. Arithmetic and code lists are python-stdnum's.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from stdnum.cn import ric, uscc

from extractors.values.characters import squeeze

_CREDIT_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z](?:-?[0-9A-Z]){17}(?![0-9A-Z])")
_ID_NUMBER = re.compile(r"(?<![0-9A-Z])[0-9OQILZSB]{17}[0-9OQILZSBX](?![0-9A-Z])")
# The alphabet of credit codes has neither I O S V Z; OCR reads them for these.
_NEVER = str.maketrans("IOSZ", "1052")
_FOR_DIGITS = str.maketrans("OQILZSB", "0011258")


def read_credit_code(raw: str) -> str | None:
    """The first credit code in `raw`, 18 characters in upper case; None where none has a right check character."""
    return _first_right(raw, _CREDIT_CODE, uscc.is_valid, _NEVER)


def read_id_number(raw: str) -> str | None:
    """The first identity number in `raw`; None where place, birthday or check character of each is wrong."""
    return _first_right(raw, _ID_NUMBER, ric.is_valid, _FOR_DIGITS)


def _first_right(
    raw: str, pattern: re.Pattern[str], right: Callable[[str], bool], confused: dict[int, int]
) -> str | None:
    for match in pattern.finditer(squeeze(raw).upper()):
        written = match[0].replace("-", "")
        # what is right as it stands comes before what a repair makes right
        for code in (written, written.translate(confused)):
            if right(code):
                return code
    return None
