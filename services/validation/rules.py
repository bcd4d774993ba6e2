"""The `rules:` section of a call.yaml, made into rules. What their parameters mean, judge.validate_rules proves."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from services.validation.judge import CallError, Problem
from services.validation.model import Clause, Rule, Severity, Text


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Text(_Data):
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class _Clause(_Data):
    section: str = Field(min_length=1)
    quote: str


class _Rule(_Data):
    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    check: str
    params: dict[str, Any]
    severity: Severity
    clause: _Clause
    title: _Text
    suggestion: _Text


_RULES = TypeAdapter(tuple[_Rule, ...])


def rules_of(section: object) -> tuple[Rule, ...]:
    """Rules from what YAML made of the section. Raises judge.CallError with every mistake of form."""
    try:
        return tuple(_rule(rule) for rule in _RULES.validate_python(section))
    except ValidationError as error:
        raise CallError(tuple(_problem(section, mistake) for mistake in error.errors(include_url=False))) from error


def _rule(rule: _Rule) -> Rule:
    return Rule(
        id=rule.id,
        check=rule.check,
        params=rule.params,
        severity=rule.severity,
        clause=Clause(rule.clause.section, rule.clause.quote),
        title=Text(rule.title.zh, rule.title.en),
        suggestion=Text(rule.suggestion.zh, rule.suggestion.en),
    )


def _problem(section: object, mistake: Any) -> Problem:
    place: tuple[int | str, ...] = mistake["loc"]
    id = ""
    if isinstance(section, list) and place and isinstance(place[0], int):
        rule = section[place[0]]
        id = str(rule.get("id", "")) if isinstance(rule, dict) else ""
    where = ".".join(["rules", *(str(part) for part in place)])
    return Problem(id, where, Text(f"规则有误：{mistake['msg']}", mistake["msg"]))
