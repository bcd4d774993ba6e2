"""Everything that is wrong with a call.yaml, at once, and the call if it can be used.

The one way from a text to a call: the server loads its calls by it, LintCall and `heyan call lint` tell what it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.validation.advice import advice
from services.validation.call import Parsed, parse_call
from services.validation.folder import FILE, CallError, Problem, read_text
from services.validation.judge import validate_rules
from services.validation.model import Call
from services.validation.source import steps_of, written

_MOST = 500  # problems that are told


@dataclass(frozen=True, slots=True)
class Linted:
    """problems: in the order of the text, at most 500. call: None where one of them is an ERROR."""

    problems: tuple[Problem, ...]
    call: Call | None


def usable_call(folder: Path) -> Call:
    """The call of a folder, with its rules proved. Raises CallError with every error."""
    parsed = parse_call(read_text(folder), folder.name, folder)
    errors = _errors(parsed)
    if errors or parsed.call is None:
        raise CallError(errors, file=str(folder / FILE))
    return parsed.call


def lint(text: str, notice: str = "", folder: str | None = None) -> Linted:
    """Errors and advice. notice: the text that the clauses should quote; folder: the name that the id must repeat."""
    parsed = parse_call(text, folder)
    errors = _errors(parsed)
    problems = _sorted((*errors, *_advice(parsed, notice)))
    return Linted(problems[:_MOST], None if errors else parsed.call)


def _errors(parsed: Parsed) -> tuple[Problem, ...]:
    return _sorted((*parsed.problems, *_rules(parsed)))[:_MOST]


def _rules(parsed: Parsed) -> Iterator[Problem]:
    """What is wrong with the rules: proved on what is left where the call has other mistakes."""
    if parsed.rest is None or parsed.source is None:
        return
    for each in validate_rules(parsed.rest.call):
        if each.unknown and each.unknown in parsed.rest.lost:
            continue  # it is there, but has a mistake of its own, which is told
        path = parsed.rest.origin(steps_of(each.where))
        yield Problem(parsed.source.mark(path), written(path), each.message)


def _advice(parsed: Parsed, notice: str) -> Iterator[Problem]:
    if parsed.rest is None or parsed.source is None:
        return
    for each in advice(parsed.rest.call, notice):
        path = parsed.rest.origin(each.path)
        yield Problem(parsed.source.mark(path), written(path), each.message, each.severity)


def _sorted(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda each: (each.mark.line, each.mark.column)))
