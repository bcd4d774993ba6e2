"""Fields that are to be written in a certain form: every statement is looked at, and what is wrong is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from extractors.document import FieldState
from services.validation.check import FieldRef, Observation
from services.validation.model import Outcome, Submission, Text
from services.validation.statements import Statement, statements, unclear, unstated


def well_formed(
    submission: Submission, refs: tuple[FieldRef, ...], trust: float, valid: Callable[[str], bool], form: Text
) -> Iterator[Observation]:
    """One observation for each wrong or uncertain value; a single one where all are well-formed.

    form: what is asked for, in words. What is written in a text file is certain, so there a value that could not be
    understood is wrong; on a scan it is undetermined.
    """
    stated = tuple(statements(submission, ref, trust) for ref in refs)
    found = tuple(statement for part in stated for statement in part.found)
    doubtful = tuple(statement for part in stated for statement in part.unclear)
    wrong = tuple(statement for statement in found if not valid(statement.field.value))
    for statement in wrong:
        yield _wrong(statement, form)
    for statement in doubtful:
        certain = not statement.recognised and statement.field.state is FieldState.UNCLEAR
        yield _wrong(statement, form) if certain else unclear(statement, form.zh)
    if wrong or doubtful:
        return
    if not found:
        yield unstated(submission, stated[0], form.zh)
        return
    labels = "、".join(dict.fromkeys(statement.ref.label.zh for statement in found))
    english = ", ".join(dict.fromkeys(statement.ref.label.en for statement in found))
    yield Observation(
        Outcome.PASSED,
        Text(f"{labels}的格式正确。", f"Well-formed: {english}."),
        tuple(statement.evidence for statement in found),
        form.zh,
        "；".join(dict.fromkeys(statement.field.value for statement in found)),
    )


def _wrong(statement: Statement, form: Text) -> Observation:
    label, written = statement.ref.label, statement.field.value or statement.field.raw
    return Observation(
        Outcome.VIOLATED,
        Text(f"{label.zh}“{written}”不是{form.zh}。", f"The {label.en} “{written}” is not {form.en}."),
        (statement.evidence,),
        form.zh,
        written,
    )
