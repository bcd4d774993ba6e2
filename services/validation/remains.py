"""What is left of a wrong call without the rules, fields and forms in which mistakes are: the rest is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from services.validation.mistakes import Mistake, mistakes
from services.validation.model import Call
from services.validation.schema import CallModel
from services.validation.source import Path, items

_STAND_INS: Mapping[str, object] = {
    "id": "id",
    "title": {"zh": "题", "en": "title"},
    "number": "number",
    "issuer": "issuer",
    "issued_on": "1990-01-01",
    "deadline": "2199-12-31T23:59:59+08:00",
    "rules": [],
}
# what a rule's check and parameters are proved without
_OF_A_RULE: Mapping[str, object] = {
    "severity": "error",
    "clause": {"section": "practice"},
    "title": {"zh": "题", "en": "title"},
    "suggestion": {"zh": "题", "en": "title"},
}
_RULES = ("rules", "across")
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Rest:
    """A call without what is wrong with it, so that the rest of it can be looked at nevertheless.

    lost: names of the forms, fields and rules that it lacks.
    """

    call: Call
    lost: frozenset[str]
    _content: object
    _origins: Mapping[int, Path]

    def origin(self, path: Path) -> Path:
        """Where in the file a path of this call stands: items may have been taken out before it."""
        return _origin(path, self._content, self._origins)


def remains_of(content: object, found: Sequence[Mistake]) -> tuple[Rest | None, list[Mistake]]:
    """The call without the rules, fields and forms in which mistakes are, and what turns out wrong only then."""
    content = deepcopy(content)
    origins = dict(_origins(content))
    lost: set[str] = set()
    more: list[Mistake] = []
    for _ in range(_ROUNDS):
        if not isinstance(content, dict):
            break
        for path in _to_take_out(content, found):
            _take_out(content, path, lost)
        try:
            return Rest(CallModel.model_validate(content).call(None), frozenset(lost), content, origins), more
        except ValidationError as error:
            found = mistakes(error, CallModel, content)
            # what our validators say of values that are there; that something is missing now is our own doing
            more += [
                replace(each, path=_origin(each.path, content, origins))
                for each in found
                if each.ours and each.unknown not in lost
            ]
    return None, more


def _origin(path: Path, content: object, origins: Mapping[int, Path]) -> Path:
    here: Any = content
    found: Path = ()
    for step in path:
        found = (*found, step)
        try:
            here = here[step]
        except (LookupError, TypeError):
            here = None
            continue
        found = origins.get(id(here), found)
    return found


def _origins(content: object, path: Path = ()) -> Iterator[tuple[int, Path]]:
    """Where every list and mapping stands."""
    if isinstance(content, dict | list):
        yield id(content), path
    for step, value in items(content):
        yield from _origins(value, (*path, step))


def _to_take_out(content: dict[str, Any], found: Sequence[Mistake]) -> list[Path]:
    """Top-level names, items of top-level lists (rules[3]) and of lists in those (forms[0].fields[3]), and what has a
    stand-in in a rule (rules[3].severity)."""

    def part(path: Path) -> Path:
        if not path or not isinstance(content.get(str(path[0])), list):
            return path[:1]
        if len(path) > 2 and path[0] in _RULES and path[2] in _OF_A_RULE:
            return path[:3]
        return path[: 4 if len(path) > 3 and isinstance(path[3], int) else 2]

    paths = {part(each.path) for each in found}
    # what stands last goes first, and fields before their forms: the indices of the others stay true
    return sorted(paths, key=lambda path: (len(path), *(step for step in path if isinstance(step, int))), reverse=True)


def _take_out(content: dict[str, Any], path: Path, lost: set[str]) -> None:
    """Remove what a path names, or put something harmless in a needed value's place."""
    if len(path) == 3:
        rule = content[str(path[0])][path[1]]
        rule[path[2]] = _OF_A_RULE[str(path[2])]
        if path[2] == "severity":  # which of two rules weighs more is not known
            rule.pop("unless", None)
    elif len(path) > 1:
        within: Any = content
        for step in path[:-1]:
            within = within[step]
        item = within.pop(path[-1])
        if isinstance(item, dict):
            lost.update(str(item[key]) for key in ("id", "kind") if key in item)
    elif path and path[0] in _STAND_INS:
        content[str(path[0])] = _STAND_INS[str(path[0])]
    elif path:
        content.pop(str(path[0]), None)
