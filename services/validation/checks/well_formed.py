from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated

from extractors.document import FieldState
from extractors.forms.spec import FieldType
from extractors.values.emails import is_email, is_written
from extractors.values.phones import is_phone
from services.validation.check import AtLeastOne, CertainParams, Observation, WrittenRef, check
from services.validation.model import Outcome, Submission, Text
from services.validation.statements import Statement, observed, statements, unclear


class WellFormed(CertainParams):
    """Phone numbers and e-mail addresses are written so that they can be used.

    Phones: Chinese mobile, fixed-line and 400/800 numbers, with or without extension. E-mails: name@domain. Several
    in one field are each looked at. Whether anybody answers there is not told; fields that are not filled in are told
    by `fields_present`.
    """

    fields: Annotated[tuple[WrittenRef, ...], AtLeastOne]


@dataclass(frozen=True, slots=True)
class _Form:
    """What a type asks for, in words; whether a value is it; and what separates several."""

    words: Text
    valid: Callable[[str], bool]
    between: re.Pattern[str]


_FORMS = {
    FieldType.PHONE: _Form(
        Text("有效的电话号码", "a valid phone number"),
        is_phone,
        re.compile(r"[,，;；、/／\n]|或|(?<=\d)\s+(?=1\d{10})"),
    ),
    FieldType.EMAIL: _Form(Text("有效的电子邮箱", "a valid e-mail address"), is_email, re.compile(r"[,，;；、\s]+")),
}
# What is written in a phone field and is no number: names, notes in brackets.
_NUMBER_ONLY = re.compile(r"[\d\s()（）+\-—–－转]*\d[\d\s()（）+\-—–－转]*")


@check("well_formed", WellFormed)
def well_formed(submission: Submission, params: WellFormed) -> Iterator[Observation]:
    """One observation for each wrong or uncertain value; a single one where all are well-formed."""
    stated = tuple(statements(submission, ref, params.trust) for ref in params.fields)
    seen = [told for part in stated for each in (*part.found, *part.unclear) for told in _told(each, params)]
    passed = tuple(each for part in stated for each in part.found)
    if passed and not seen:
        seen.append(_all_right(passed))
    yield from observed(submission, stated, seen)


def _told(statement: Statement, params: WellFormed) -> Iterator[Observation]:
    """What is wrong with one statement; nothing where it is well-formed."""
    form, field = _FORMS[statement.ref.spec.type], statement.field
    sure = statement.certain(params.certain)
    if field.state is FieldState.FOUND and field.confidence >= params.trust:
        wrong = _wrong_part(statement, form)
        if wrong:
            yield _wrong(statement, form, wrong) if sure else unclear(statement, form.words.zh)
    elif field.state is FieldState.UNCLEAR and sure:
        yield _wrong(statement, form, field.raw)
    else:
        yield unclear(statement, form.words.zh)


def _wrong_part(statement: Statement, form: _Form) -> str:
    """The first part of what is stated that is not well-formed; "" where all of it is."""
    value, raw = statement.field.value, statement.field.raw
    parts = [part.strip() for part in form.between.split(value) if part.strip()]
    wrong = next((part for part in parts if not form.valid(part)), "" if parts else value or raw)
    if wrong or statement.recognised or not raw:
        return wrong
    # in a file of text what was typed counts, not what could be made of it
    if statement.ref.spec.type is FieldType.EMAIL:
        return "" if all(is_written(part, raw) for part in parts) else raw
    others = (part.strip() for part in form.between.split(raw) if _NUMBER_ONLY.fullmatch(part.strip()))
    return next((part for part in others if 7 <= len(re.sub(r"\D", "", part)) <= 14 and not form.valid(part)), "")


def _wrong(statement: Statement, form: _Form, written: str) -> Observation:
    label, words = statement.ref.label, form.words
    return Observation(
        Outcome.VIOLATED,
        Text(f"{label.zh}“{written}”不是{words.zh}。", f"The {label.en} “{written}” is not {words.en}."),
        (statement.evidence,),
        words.zh,
        written,
    )


def _all_right(found: tuple[Statement, ...]) -> Observation:
    zh = "、".join(dict.fromkeys(statement.ref.label.zh for statement in found))
    en = ", ".join(dict.fromkeys(statement.ref.label.en for statement in found))
    return Observation(
        Outcome.PASSED,
        Text(f"{zh}的格式正确。", f"Well-formed: {en}."),
        tuple(statement.evidence for statement in found),
        "、".join(dict.fromkeys(_FORMS[statement.ref.spec.type].words.zh for statement in found)),
        "；".join(dict.fromkeys(statement.field.value for statement in found)),
    )
