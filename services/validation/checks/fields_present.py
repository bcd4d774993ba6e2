from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field as Parameter

from services.validation.check import FieldRef, Observation, TrustParams, check
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.statements import Statement, Statements, iter_kind, recognised, statements, unclear, unstated

FILLED = "已填写"


class FieldsPresent(TrustParams):
    """Required fields are filled in.

    Each entry is a field, or a list of fields of which a form needs to have only one. A field is missing where its
    label stands without a value, or where a form whose other labels are there has no such label (for a list: none of
    them). On a scan, on a form of which a part was not seen, and on one that shows fewer than half of the labels, a
    label that was not found is undetermined.
    """

    fields: tuple[FieldRef | tuple[FieldRef, ...], ...] = Parameter(min_length=1)


@check("fields_present", FieldsPresent)
def fields_present(submission: Submission, params: FieldsPresent) -> Iterator[Observation]:
    wanted = tuple(entry if isinstance(entry, tuple) else (entry,) for entry in params.fields)
    stated = tuple(tuple(statements(submission, ref, params.trust) for ref in refs) for refs in wanted)
    papers = {group[0].ref.form.kind: group[0] for group in stated}
    for paper in papers.values():
        if not paper.papers:
            yield unstated(submission, paper)
    there = tuple(group for group in stated if group[0].papers)
    known = _known_layouts(submission, tuple(part for group in there for part in group))
    wrong = tuple(seen for group in there for seen in _missing(group, known))
    yield from wrong
    if there and not wrong:
        yield _complete(there)


def _missing(group: tuple[Statements, ...], known: frozenset[int]) -> Iterator[Observation]:
    """What is wrong with an entry; nothing where it is filled in."""
    wrong, found = False, any(part.found for part in group)
    for part in group:
        if part.found or (part.unclear and found):
            continue  # what is written beside one that is filled in is not missing, whether it can be read or not
        if part.unclear:
            wrong = True
            yield unclear(part.unclear[0])
        elif part.blank:
            wrong = True
            label, form = part.ref.label, part.ref.form
            yield Observation(
                Outcome.VIOLATED,
                Text(f"“{form.zh}”未填写“{label.zh}”。", f"“{label.en}” is not filled in on the {form.en}."),
                _evidence(part.blank),
                FILLED,
                "空白",
            )
    if not wrong and not found:
        yield _absent(group, known)


def _absent(group: tuple[Statements, ...], known: frozenset[int]) -> Observation:
    """Not even a label was found."""
    files = sorted({statement.file for part in group for statement in part.absent})
    zh = "或".join(f"“{part.ref.label.zh}”" for part in group)
    en = " or ".join(f"“{part.ref.label.en}”" for part in group)
    form = group[0].ref.form
    evidence = tuple(Evidence(file, field=group[0].ref.field.id) for file in files)
    if known.issuperset(files):
        text = Text(f"“{form.zh}”中没有{zh}一栏。", f"The {form.en} has no {en}.")
        return Observation(Outcome.VIOLATED, text, evidence, FILLED, "未找到")
    text = Text(
        f"未能在“{form.zh}”中找到{zh}一栏（版式未识别或部分内容未能读取），请人工核对。",
        f"{en} was not found in the {form.en}: its layout is not known, or part of it could not be read.",
    )
    return Observation(Outcome.UNDETERMINED, text, evidence, FILLED)


def _known_layouts(submission: Submission, stated: tuple[Statements, ...]) -> frozenset[int]:
    """Files of text, read in full, in which at least half of the labels were found: there, no label is no field."""
    labels: dict[int, list[bool]] = {}
    for part in stated:
        for there, group in ((True, part.found + part.unclear + part.blank), (False, part.absent)):
            for statement in group:
                labels.setdefault(statement.file, []).append(there)
    unsure = {
        index
        for kind in {part.ref.form.kind for part in stated}
        for index, _, reading in iter_kind(submission, kind)
        if recognised(reading) or reading.document.blind
    }
    return frozenset(file for file, seen in labels.items() if file not in unsure and 2 * sum(seen) >= len(seen))


def _complete(stated: tuple[tuple[Statements, ...], ...]) -> Observation:
    first = tuple(next(statement for part in group for statement in part.found) for group in stated)
    names = "、".join(statement.ref.label.zh for statement in first)
    return Observation(
        Outcome.PASSED,
        Text(f"{len(first)} 个必填项均已填写：{names}。", f"All {len(first)} required fields are filled in."),
        _evidence(first),
        FILLED,
        FILLED,
    )


def _evidence(stated: tuple[Statement, ...]) -> tuple[Evidence, ...]:
    return tuple(statement.evidence for statement in stated)
