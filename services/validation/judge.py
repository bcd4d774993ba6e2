"""Runs the rules of a call over a submission, and proves beforehand that they can be run.

`validate_rules` is for loading a call: every mistake is told at once, with its place. `judge` raises BrokenRules for a
call that it would have refused, and never for anything a submission states.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from pydantic import ValidationError

import services.validation.across
import services.validation.checks  # noqa: F401  (registers the checks, as `across` does the operators)
from extractors.extract import papers_of
from extractors.forms.bound import bound
from services.validation.board import OPERATORS, Operator, Sighting
from services.validation.check import CHECKS, Check, Observation, Params, parse_params
from services.validation.mistakes import mistakes, no_such
from services.validation.model import Call, Evidence, File, Finding, Outcome, Report, Rule, Severity, Submission, Text
from services.validation.pages import at_home, gathered
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
    """Apply every rule of the call; findings stand in the order of the rules. received: with time zone; None where
    nobody said.

    Raises BrokenRules where a rule of the call has a mistake.
    """
    # days are those of the call's time zone
    here = None if received is None else received.astimezone(call.deadline.tzinfo)
    submission = Submission(tuple(_with_papers(file, call) for file in gathered(tuple(files), call.forms)), here)
    params = _prepared(call)
    findings: dict[str, tuple[Finding, ...]] = {}
    violated: set[str] = set()
    # rules that wait for others come last; validate_rules refuses those that wait for each other
    for rule in sorted(call.rules, key=lambda rule: bool(rule.unless)):
        found = tuple(_apply(rule, params[rule.id], submission))
        reason = next((other for other in call.rules if other.id in rule.unless and other.id in violated), None)
        findings[rule.id] = found if reason is None else tuple(_waived(found, reason))
        if any(finding.outcome is Outcome.VIOLATED for finding in findings[rule.id]):
            violated.add(rule.id)
    return Report(call.id, submission, tuple(finding for rule in call.rules for finding in findings[rule.id]))


def _with_papers(file: File, call: Call) -> File:
    """The file with the readings of its papers, where several of the call's are bound in it."""
    if file.reading is None or len(bound(file.reading.document, call.forms)) < 2:
        return file
    papers = papers_of(file.reading.document, call.forms)
    return replace(file, papers=papers) if len(papers) > 1 else file


@lru_cache(maxsize=64)
def _prepared(call: Call) -> dict[str, Params]:
    """The parameters of every rule, parsed once a call. Raises BrokenRules."""
    return {rule.id: prepare(rule, call, CHECKS) for rule in call.rules}


def _apply(rule: Rule, params: Params, submission: Submission) -> Iterator[Finding]:
    observations = tuple(CHECKS[rule.check].run(submission, params))
    assert observations, f"the check {rule.check} told nothing"
    for observation in observations:
        # an amount's words and digits may stand in one cell
        evidence = tuple(dict.fromkeys(at_home(each, submission.files) for each in observation.evidence))
        yield _weighed(finding_of(rule, observation, evidence), observation)


def _waived(findings: tuple[Finding, ...], reason: Rule) -> Iterator[Finding]:
    """The findings; what is wrong in them follows from another rule's violation and is not told twice."""
    for finding in findings:
        if finding.outcome in (Outcome.PASSED, Outcome.NOT_APPLICABLE):
            yield finding
            continue
        text = Text(
            f"因“{reason.title.zh}”一项不符，本项暂不判断，更正后再行核对。",
            f"Not judged, because it may follow from “{reason.title.en}”; it will be once that is put right.",
        )
        yield replace(finding, outcome=Outcome.NOT_APPLICABLE, message=text, suggestion=Text("", ""))


_WEIGHTS = list(Severity)  # heaviest first


def _weighed(finding: Finding, seen: Observation) -> Finding:
    """As its check weighs it: never graver than the rule."""
    severity = finding.severity
    if seen.severity is not None:
        severity = max(seen.severity, severity, key=_WEIGHTS.index)
    return replace(finding, severity=severity, suggestion=finding.suggestion if seen.asks else Text("", ""))


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
        problems += _unknown_conditions(rule, call, where)
    return tuple(problems)


def _unknown_conditions(rule: Rule, call: Call, where: str) -> Iterator[Problem]:
    """`unless` names rules that wait for nobody and weigh no less: a verdict must not become milder."""
    weight = _WEIGHTS.index
    free = {r.id for r in call.rules if not r.unless and weight(r.severity) <= weight(rule.severity)}
    for index, id in enumerate(rule.unless):
        if id not in free:
            text = Text(
                f"unless 中的 {id} 不是本通知的规则，或其自身带有 unless，或其严重程度低于 {rule.id}。",
                f"{id} is no rule of this call, has an `unless` of its own, or weighs less than {rule.id}.",
            )
            yield Problem(rule.id, f"{where}.unless[{index}]", text)


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
        text = no_such(Text("检查", "check"), rule.check, sorted(known))
        return (Problem(rule.id, f"{where}.check", text),)
    try:
        return parse_params(check.params, rule.params, call)
    except ValidationError as error:
        return tuple(
            Problem(rule.id, f"{where}.{written(('params', *each.path))}", each.message, each.unknown)
            for each in mistakes(error, check.params, rule.params)
        )
