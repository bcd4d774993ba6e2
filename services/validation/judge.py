"""Runs the rules of a call over a submission, and proves beforehand that they can be run.

`validate_rules` is for loading a call: every mistake is told at once, with its place. `judge` raises BrokenRules for a
call that it would have refused, and never for anything a submission states.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

import services.validation.checks  # noqa: F401  (registers the checks)
from services.validation.check import CHECKS, Observation, Params, parse_params
from services.validation.mistakes import mistakes, no_such
from services.validation.model import Call, File, Finding, Outcome, Report, Rule, Submission, Text
from services.validation.source import written


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in a call's rules. where: its place in call.yaml, e.g. "rules[3].params.limit" (counted from 0).

    unknown: the name of a field or form that the call does not have; "" where it is no matter of names.
    """

    rule: str
    where: str
    message: Text
    unknown: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.message.en}"


class BrokenRules(Exception):
    """A call was not proved by `validate_rules` before it was used. problems: at least one."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


def judge(call: Call, files: Iterable[File], received: datetime | None) -> Report:
    """Apply every rule of the call, in its order. received: with time zone; None where nobody said.

    Raises BrokenRules where a rule of the call has a mistake.
    """
    submission = Submission(tuple(files), received)
    findings = tuple(finding for rule in call.rules for finding in _apply(rule, call, submission))
    return Report(call.id, submission, findings)


def _apply(rule: Rule, call: Call, submission: Submission) -> Iterator[Finding]:
    prepared = _prepare(rule, call, f"rules[{rule.id}]")
    if isinstance(prepared, tuple):
        raise BrokenRules(prepared)
    observations = tuple(CHECKS[rule.check].run(submission, prepared))
    assert observations, f"the check {rule.check} told nothing"
    for observation in observations:
        yield _finding(rule, observation)


def _finding(rule: Rule, seen: Observation) -> Finding:
    # what the applicant can do is told where something is wrong; where nobody could look, the message asks a person
    return Finding(
        rule=rule.id,
        outcome=seen.outcome,
        severity=rule.severity,
        message=seen.message,
        clause=rule.clause,
        title=rule.title,
        evidence=seen.evidence,
        expected=seen.expected,
        actual=seen.actual,
        suggestion=rule.suggestion if seen.outcome is Outcome.VIOLATED else Text("", ""),
    )


def validate_rules(call: Call) -> tuple[Problem, ...]:
    """Prove that every rule's check exists and that its parameters parse and name fields of the call's forms."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, rule in enumerate(call.rules):
        where = f"rules[{index}]"
        if rule.id in seen:
            text = Text(f"规则 {rule.id} 出现了两次。", f"The rule {rule.id} stands there twice.")
            problems.append(Problem(rule.id, f"{where}.id", text))
        seen.add(rule.id)
        prepared = _prepare(rule, call, where)
        problems += prepared if isinstance(prepared, tuple) else ()
    return tuple(problems)


def _prepare(rule: Rule, call: Call, where: str) -> Params | tuple[Problem, ...]:
    """The parameters of the rule's check, or what is wrong with them."""
    check = CHECKS.get(rule.check)
    if check is None:
        text = no_such(Text("检查", "check"), rule.check, sorted(CHECKS))
        return (Problem(rule.id, f"{where}.check", text),)
    try:
        return parse_params(check.params, rule.params, call)
    except ValidationError as error:
        return tuple(
            Problem(rule.id, f"{where}.{written(('params', *each.path))}", each.message, each.unknown)
            for each in mistakes(error, check.params, rule.params)
        )
