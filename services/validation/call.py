"""call.yaml to Call: forms, rules and dates of one call, or everything that is wrong with them.

The text is read with its places (source.py) and checked by models (schema.py); each mistake is told with line, column
and the path of the field (`forms[0].fields[3].type`). What a call.yaml needs to be usable is told by lint.py, which
also proves its rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from services.validation import source as yaml_source
from services.validation.folder import FILE, CallError, Problem, read_text
from services.validation.mistakes import Mistake, mistakes
from services.validation.model import Call, Text
from services.validation.remains import Rest, remains_of
from services.validation.schema import CallModel
from services.validation.source import Source, SourceError, items, written

_UNDONE = Text("尚未填写（TODO）。", "still to be done (TODO)")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text came to. call: None where something is wrong. source: None where the text is no YAML.

    rest: what is left of a call with mistakes; None where too little is left.
    """

    problems: tuple[Problem, ...]
    source: Source | None = None
    call: Call | None = None
    rest: Rest | None = None


def load_call(source: Path | str) -> Call:
    """The call in a folder, or in the text of a call.yaml (a str is always text). Raises CallError."""
    text, file = (source, FILE) if isinstance(source, str) else (read_text(source), str(source / FILE))
    parsed = parse_call(text) if isinstance(source, str) else parse_call(text, source.name, source)
    if parsed.call is None:
        raise CallError(parsed.problems, file=file)
    return parsed.call


def parse_call(text: str, name: str | None = None, folder: Path | None = None) -> Parsed:
    """The call of a text, or everything that is wrong with its form. Never raises.

    name: of the folder that holds it, which the call's id must repeat; None where there is none. folder: where the
    blank forms are; without it there is nothing to compare with.
    """
    try:
        source = yaml_source.parse(text)
    except SourceError as error:
        return Parsed((Problem(error.at, "", error.message),))
    problems = [Problem(mark, written(path), said) for mark, path, said in source.faults]
    undone = tuple(_undone(source.content))
    problems += [Problem(source.mark(path), written(path), _UNDONE) for path in undone]
    found: tuple[Mistake, ...] = ()
    try:
        call = CallModel.model_validate(source.content).call(folder)
    except CallError as error:  # a blank form that is not there
        problems += error.problems
    except ValidationError as error:
        found = mistakes(error, CallModel, source.content)
        problems += [
            Problem(source.mark(each.path), written(each.path), each.message)
            for each in found
            if each.path not in undone
        ]
    else:
        if name is not None and call.id != name:
            zh = f"文件夹名为 {name}，通知编号却是 {call.id}，两者应一致。"
            said = Text(zh, f"the folder is called {name!r}, the call {call.id!r}; they must agree")
            problems.append(Problem(source.mark(("id",)), "id", said))
        if not problems:
            return Parsed((), source, call, Rest(call, frozenset(), source.content, {}))
    rest, more = remains_of(source.content, found)
    problems += [Problem(source.mark(each.path), written(each.path), each.message) for each in more]
    problems.sort(key=lambda problem: (problem.mark.line, problem.mark.column))
    return Parsed(tuple(problems), source, None, rest)


def _undone(content: object, path: yaml_source.Path = ()) -> Iterator[yaml_source.Path]:
    """Where the word TODO stands in a value's place, as `heyan call draft` leaves it."""
    if content == "TODO":
        yield path
    for step, value in items(content):
        yield from _undone(value, (*path, step))
