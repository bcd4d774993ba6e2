"""Two fields that must agree: what both state, and what comes of comparing them.

Every statement of the one is compared with every statement of the other; a difference anywhere counts, a doubt counts
only where no sure pair agrees (the Word form is clear, its scan is not). Where another paper of the second kind agrees
with all of the first, a difference is for a person: two letters came.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product
from typing import Protocol

from extractors.values.alike import distance
from services.validation.check import FieldRef, Observation
from services.validation.model import Outcome, Severity, Submission, Text
from services.validation.organisations import Likeness, normal, parse
from services.validation.statements import SURE, Statement, Statements, missing_paper, statements, unclear, unstated

PAIRS = 256  # more files of a kind than any submission has


class Compare(Protocol):
    def __call__(self, a: str, b: str, *, recognised: bool, confidence: float) -> Likeness: ...


def agreement(
    submission: Submission, left: tuple[FieldRef, ...], right: tuple[FieldRef, ...], trust: float, compare: Compare
) -> Iterator[Observation]:
    """One observation. Of each side the first field that is stated is taken."""
    a, b = _stated(submission, left, trust), _stated(submission, right, trust)
    if a.found and b.found:
        yield _compared(a, b, compare)
        return
    for side in (a, b):
        if not side.papers:
            yield missing_paper(submission, side.ref.form.zh, side.ref.form.en)
            return
    for side in (a, b):
        if side.unclear and not side.found:
            yield unclear(side.unclear[0])
            return
    for side in (a, b):
        if not side.found:
            yield _unfound(submission, side)
            return


def _stated(submission: Submission, refs: tuple[FieldRef, ...], trust: float) -> Statements:
    stated = [statements(submission, ref, trust) for ref in refs]
    return next(
        (each for each in stated if each.found),
        next((each for each in stated if each.unclear), stated[0]),
    )


def _unfound(submission: Submission, side: Statements) -> Observation:
    if side.blank and not side.absent:
        return unstated(submission, side)
    label, form = side.ref.label, side.ref.form
    return Observation(
        Outcome.UNDETERMINED,
        Text(
            f"没有在“{form.zh}”中找到{label.zh}，未能比对，请人工核对。",
            f"The {label.en} was not found in the {form.en}, so nothing was compared; a person must look.",
        ),
        tuple(statement.evidence for statement in side.absent),
    )


def _compared(a: Statements, b: Statements, compare: Compare) -> Observation:
    pairs = tuple(islice(product(a.found, b.found), PAIRS))
    likeness = [_likeness(one, other, compare) for one, other in pairs]
    order = (Likeness.DIFFERENT, Likeness.SAME, Likeness.UNSURE)
    worst = next(kind for kind in order if kind in likeness)
    one, other = pairs[likeness.index(worst)]
    told = _told(worst, one, other)
    if worst is not Likeness.DIFFERENT:
        return told
    # a second letter, to another county, takes nothing from the one that is right: which of them counts, a person says
    agreeing = {pair[1].file for pair in pairs} - {
        pair[1].file for pair, kind in zip(pairs, likeness, strict=True) if kind is not Likeness.SAME
    }
    return _besides(told, b.ref) if agreeing else told


def _likeness(one: Statement, other: Statement, compare: Compare) -> Likeness:
    a, b = one.field.value, other.field.value
    confidence = min(one.field.confidence, other.field.confidence)
    recognised = one.recognised or other.recognised
    likeness = compare(a, b, recognised=recognised, confidence=confidence)
    if likeness is not Likeness.DIFFERENT or not recognised or confidence >= SURE:
        return likeness
    if not all(_whole(each.field.value) for each in (one, other) if each.recognised and each.field.confidence < SURE):
        return Likeness.UNSURE  # a seal of the print's own ink leaves pieces of a name, and pieces are no other body
    # one character and as many more as the confidence leaves open: 湖南省公机械学会 for 湖南省农业机械学会
    slips = 1 + (1 - confidence) * max(len(a), len(b))
    return Likeness.UNSURE if distance(normal(a), normal(b)) <= slips else likeness


def _whole(value: str) -> bool:
    """An organisation's name from its country or place to its ending, or a place that there is."""
    name = parse(value)
    if name.ending:
        return bool(name.province and (name.core or name.place))
    return name.known


def _told(likeness: Likeness, one: Statement, other: Statement) -> Observation:
    a, b = one.field.value, other.field.value
    zh = f"{_named(one).zh}“{a}”与{_named(other).zh}“{b}”"
    en = f"{_named(one).en} (“{a}”) and the {_named(other).en} (“{b}”)"
    outcome, zh_end, en_end = {
        Likeness.SAME: (Outcome.PASSED, "一致。", "agree."),
        Likeness.DIFFERENT: (Outcome.VIOLATED, "不一致。", "do not agree."),
        Likeness.UNSURE: (
            Outcome.UNDETERMINED,
            "是否一致无法确定，请人工核对。",
            "may or may not agree: a person must look.",
        ),
    }[likeness]
    return Observation(outcome, Text(zh + zh_end, f"The {en} {en_end}"), (one.evidence, other.evidence), a, b)


def _besides(told: Observation, ref: FieldRef) -> Observation:
    """The difference, where another paper agrees."""
    zh = f"{told.message.zh.removesuffix('。')}；另一份“{ref.form.zh}”与之一致，请人工确认以哪一份为准。"
    en = f"{told.message.en} Another {ref.form.en} agrees: a person must say which of them counts."
    return replace(told, message=Text(zh, en), severity=Severity.WARNING)


def _named(statement: Statement) -> Text:
    form, label = statement.ref.form, statement.ref.label
    return Text(f"“{form.zh}”的{label.zh}", f"{label.en} of the {form.en}")
