from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import Field as Parameter

from services.validation.check import Observation, PhoneRef, TrustParams, check
from services.validation.model import Submission, Text
from services.validation.wellformed import well_formed

_NUMBER = re.compile(
    r"(?:\+?86)?1[3-9]\d{9}"  # mobile
    r"|(?:(?:\+?860?|0)(?:10|2\d|[3-9]\d\d))?[2-9]\d{6,7}"  # fixed line, with or without area code
    r"|[48]00\d{7}"
)
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#|(?<=\d{7})-)(\d{1,6})$", re.IGNORECASE)


class PhoneWellFormed(TrustParams):
    """Phone numbers are Chinese mobile, fixed-line or 400/800 numbers, with or without extension.

    Several numbers in one field are each looked at. Fields that are not filled in are not told here.
    """

    fields: tuple[PhoneRef, ...] = Parameter(min_length=1)


@check("phone_well_formed", PhoneWellFormed)
def phone_well_formed(submission: Submission, params: PhoneWellFormed) -> Iterator[Observation]:
    form = Text("有效的电话号码", "a valid phone number")
    yield from well_formed(submission, params.fields, params.trust, is_phone, form)


def is_phone(text: str) -> bool:
    """Every number in the text is one that can be dialled in China."""
    numbers = [part for part in re.split(r"[,，;；、/／\n]|或", text) if part.strip()]
    return bool(numbers) and all(_is_number(number) for number in numbers)


def _is_number(text: str) -> bool:
    bare = _EXTENSION.sub("", re.sub(r"[\s()（）]", "", text))
    return bool(_NUMBER.fullmatch(re.sub(r"[-–—－]", "", bare)))
