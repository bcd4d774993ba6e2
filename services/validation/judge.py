"""Runs the rules of a call over a submission, and proves beforehand that they can be run.

`validate_rules` is for loading a call: every mistake is told at once, with its place. `judge` raises BrokenRules for a
call that it would have refused, and never for anything a submission states.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

import services.validation.across
import services.validation.checks  # noqa: F401  (registers the checks, as `across` does the operators)
from services.validation.board import OPERATORS, Operator, Sighting
from services.validation.check import CHECKS, Check, Observation, Params, parse_params
from services.validation.model import Call, Evidence, File, Finding, Outcome, Report, Rule, Submission, Text


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in a call's rules. where: its place in call.yaml, e.g. "rules[3].params.limit" (counted from 0)."""

    rule: str
    where: str
    message: Text

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
    prepared = prepare(rule, call, CHECKS)
    observations = tuple(CHECKS[rule.check].run(submission, prepared))
    assert observations, f"the check {rule.check} told nothing"
    for observation in observations:
        yield finding_of(rule, observation, observation.evidence)


def finding_of(rule: Rule, seen: Observation | Sighting, evidence: tuple[Evidence, ...] = ()) -> Finding:
    """What a check or an operator saw, with what the rule says."""
    # what the applicant can do is told where something is wrong; where nobody could look, the message asks a person
    return Finding(
        rule=rule.id,
        outcome=seen.outcome,
        severity=rule.severity,
        message=seen.message,
        clause=rule.clause,
        title=rule.title,
        evidence=evidence,
        expected=seen.expected,
        actual=seen.actual,
        suggestion=rule.suggestion if seen.outcome is Outcome.VIOLATED else Text("", ""),
    )


def validate_rules(call: Call) -> tuple[Problem, ...]:
    """Prove that every rule's check exists and that its parameters parse and name fields of the call's forms."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for where, rule, known in _placed(call):
        if rule.id in seen:
            text = Text(f"规则 {rule.id} 出现了两次。", f"The rule {rule.id} stands there twice.")
            problems.append(Problem(rule.id, f"{where}.id", text))
        seen.add(rule.id)
        prepared = _prepare(rule, call, where, known)
        problems += prepared if isinstance(prepared, tuple) else ()
    return tuple(problems)


def _placed(call: Call) -> Iterator[tuple[str, Rule, Mapping[str, Check] | Mapping[str, Operator]]]:
    """Every rule with its place in call.yaml and what its `check` may be."""
    yield from ((f"rules[{index}]", rule, CHECKS) for index, rule in enumerate(call.rules))
    yield from ((f"across[{index}]", rule, OPERATORS) for index, rule in enumerate(call.across))


def prepare(rule: Rule, call: Call, known: Mapping[str, Check] | Mapping[str, Operator]) -> Params:
    """The parameters of a rule of a call that was proved. Raises BrokenRules."""
    prepared = _prepare(rule, call, rule.id, known)
    if isinstance(prepared, tuple):
        raise BrokenRules(prepared)
    return prepared


def _prepare(
    rule: Rule, call: Call, where: str, known: Mapping[str, Check] | Mapping[str, Operator]
) -> Params | tuple[Problem, ...]:
    """The parameters of the rule's check or operator, or what is wrong with them."""
    check = known.get(rule.check)
    if check is None:
        names = ", ".join(sorted(known))
        text = Text(f"没有名为 {rule.check} 的检查，可用的有：{names}。", f"No check {rule.check}; there are: {names}.")
        return (Problem(rule.id, f"{where}.check", text),)
    try:
        return parse_params(check.params, rule.params, call)
    except ValidationError as error:
        return tuple(
            Problem(
                rule.id,
                ".".join([where, "params", *(str(part) for part in problem["loc"])]),
                Text(f"参数有误：{problem['msg']}", problem["msg"]),
            )
            for problem in error.errors(include_url=False, include_context=False)
        )
