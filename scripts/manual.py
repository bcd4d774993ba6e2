"""The reference part of docs/calls.md, made from the code that it describes: types, finders, checks, parameters.

    python -m scripts.manual            writes it below the mark in docs/calls.md

A test compares, so that the page cannot go stale.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from datetime import date
from enum import EnumMeta, StrEnum
from pathlib import Path

from pydantic_core import PydanticUndefined

import extractors.forms.spec as spec
import services.validation.checks  # noqa: F401  (registers the checks)
from services.validation.check import CHECKS, CertainParams, Params

PAGE = Path(__file__).parents[1] / "docs" / "calls.md"
MARK = "<!-- Below this line: made by `make manual`. -->"

_MEMBER = re.compile(r'^    [A-Z_]+ = "(?P<value>[a-z_]+)"(?:  # (?P<says>.+))?$', re.MULTILINE)
_WORDS = {
    "FieldRef": "field",
    "MoneyRef": "field of type money",
    "MoneyColumnRef": "column of type money",
    "TextColumnRef": "column of type text",
    "DateRef": "field of type date",
    "WrittenRef": "field of type phone or email",
    "OrganisationRef": "field of type organisation",
    "PlaceRef": "field of type organisation or county",
    "Paper": "kind of paper",
    "Decimal": "number",
    "float": "number",
    "int": "whole number",
    "str": "text",
    "bool": "true or false",
    "date": "date",
    "AwareDatetime": "time with zone",
}


def reference() -> str:
    """The whole part, in Markdown."""
    return "\n".join([*_enums(), "", "## Checks", "", *_checks()]).rstrip() + "\n"


def page() -> str:
    """docs/calls.md as it has to be."""
    written, mark, _ = PAGE.read_text("utf-8").partition(MARK)
    if not mark:
        raise ValueError(f"{PAGE} lacks the line {MARK}")
    return f"{written}{MARK}\n\n{reference()}"


def _enums() -> Iterator[str]:
    for title, enum in (("Types of fields", spec.FieldType), ("Finders", spec.Finder)):
        yield f"## {title}"
        yield ""
        yield from _members(enum)
        yield ""


def _members(enum: EnumMeta) -> Iterator[str]:
    """A line for each member, with the comment beside it."""
    for match in _MEMBER.finditer(inspect.getsource(enum)):
        yield f"- `{match['value']}`" + (f": {match['says']}" if match["says"] else "")


def _checks() -> Iterator[str]:
    for name in sorted(CHECKS):
        check = CHECKS[name]
        yield f"### `{name}`"
        yield ""
        yield _flowing(check.manual)
        yield ""
        yield from _parameters(check.params)
        for nested in _nested(check.params):
            yield f"`{nested.__name__}`: {_flowing(nested.__doc__ or '')}"
            yield ""
            yield from _parameters(nested)


def _parameters(params: type[Params]) -> Iterator[str]:
    # what every check that reads values has (trust, certain) comes last
    names = sorted(params.model_fields, key=lambda name: name in CertainParams.model_fields)
    own = [_parameter(params, name) for name in names]
    if not own:
        yield "No parameters."
    else:
        yield "| parameter | what it takes | default |"
        yield "|---|---|---|"
        yield from own
    yield ""


def _parameter(params: type[Params], name: str) -> str:
    field = params.model_fields[name]
    owner = next(base for base in params.__mro__ if name in inspect.get_annotations(base))
    takes = _readable(str(inspect.get_annotations(owner)[name]))
    if inspect.isclass(field.annotation) and issubclass(field.annotation, StrEnum):
        takes = "one of " + ", ".join(f"`{each}`" for each in field.annotation)
    default = "required" if field.is_required() else _value(field.default)
    return f"| `{name}` | {takes} | {default} |"


def _value(default: object) -> str:
    if default in (None, PydanticUndefined, (), date.min, date.max):
        return ""
    if isinstance(default, tuple):
        return "<br>".join(f"`{each}`" for each in default)
    return f"`{default}`" if not isinstance(default, bool) else f"`{str(default).lower()}`"


def _readable(annotation: str) -> str:
    """`tuple[MoneyRef, ...]` as “list of field of type money”."""
    text = re.sub(r"Annotated\[(.+), \w+(?:\(.*\))?\]$", r"\1", annotation).replace(" | None", "")
    while match := re.search(r"tuple\[([^\[\]]+), \.\.\.\]", text):
        text = text[: match.start()] + f"list of {match[1]}" + text[match.end() :]
    return (
        re.sub(r"\b\w+\b", lambda word: _WORDS.get(word[0], word[0]), text)
        .replace("list of list", "list of lists")
        .replace(" | ", " or ")
    )


def _nested(params: type[Params]) -> Iterator[type[Params]]:
    """Groups of parameters that a parameter is made of."""
    module = sys.modules[params.__module__]
    words = set(re.findall(r"\w+", " ".join(map(str, inspect.get_annotations(params).values()))))
    for name in sorted(words):
        other = getattr(module, name, None)
        if inspect.isclass(other) and issubclass(other, Params) and other is not params:
            yield other


def _flowing(text: str) -> str:
    """A docstring as paragraphs; what it says of one parameter is one of its own."""
    paragraphs = re.split(
        r"\n\n|\n(?=[a-z_]+(?:, [a-z_]+)*: )|(?<=\.) (?=[a-z_]+(?:, [a-z_]+)*: )", inspect.cleandoc(text)
    )
    return "\n\n".join(" ".join(part.split()) for part in paragraphs)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
