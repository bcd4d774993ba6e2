from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import Field as Parameter

from services.validation.check import EmailRef, Observation, TrustParams, check
from services.validation.model import Submission, Text
from services.validation.wellformed import well_formed

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"[a-z0-9!#$%&'*+/=?^_`{{|}}~.-]{{1,64}}@(?:{_LABEL}\.){{1,8}}[a-z]{{2,24}}", re.IGNORECASE)


class EmailWellFormed(TrustParams):
    """E-mail addresses are written as name@domain. Whether the mailbox exists is not told.

    Several addresses in one field are each looked at. Fields that are not filled in are not told here.
    """

    fields: tuple[EmailRef, ...] = Parameter(min_length=1)


@check("email_well_formed", EmailWellFormed)
def email_well_formed(submission: Submission, params: EmailWellFormed) -> Iterator[Observation]:
    form = Text("有效的电子邮箱", "a valid e-mail address")
    yield from well_formed(submission, params.fields, params.trust, is_email, form)


def is_email(text: str) -> bool:
    """Every address in the text is well-formed."""
    addresses = [part.strip() for part in re.split(r"[,，;；、\s]+", text) if part.strip()]
    return bool(addresses) and all(_is_address(address) for address in addresses)


def _is_address(text: str) -> bool:
    name = text.partition("@")[0]
    dots = name.startswith(".") or name.endswith(".") or ".." in name
    return len(text) <= 254 and not dots and bool(_ADDRESS.fullmatch(text))
