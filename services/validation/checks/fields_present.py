from __future__ import annotations

from collections.abc import Iterator

from services.validation.check import FieldRef, Observation, TrustParams, check
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.statements import Statement, Statements, iter_kind, recognised, statements, unclear, unstated


class FieldsPresent(TrustParams):
    """Required fields are filled in.

    Each entry is a field, or a list of fields of which one is enough. A field is missing where its label stands
    without a value, or where a form whose other labels are there has no such label. On a scan, on a form of which a
    part was not seen, and on one that shows fewer than half of the labels, a label that was not found is undetermined.
    """

    fields: tuple[FieldRef | tuple[FieldRef, ...], ...]


@check("fields_present", FieldsPresent)
def fields_present(submission: Submission, params: FieldsPresent) -> Iterator[Observation]:
    wanted = tuple(entry if isinstance(entry, tuple) else (entry,) for entry in params.fields)
    stated = tuple(tuple(statements(submission, ref, params.trust) for ref in refs) for refs in wanted)
    kinds = {refs[0].form.kind: group[0] for refs, group in zip(wanted, stated, strict=True)}
    nowhere = [paper for paper in kinds.values() if not paper.papers]
    for paper in nowhere:
        yield unstated(submission, paper)
    known = _known_layouts(submission, tuple(part for group in stated for part in group))
    wrong = False
    for group in stated:
        if group[0].papers:
            for seen in _missing(group, known):
                wrong = True
                yield seen
    if not wrong and len(nowhere) < len(kinds):
        yield _complete(stated)


def _missing(group: tuple[Statements, ...], known: frozenset[int]) -> Iterator[Observation]:
    """Nothing where one of the fields is filled in."""
    if any(part.found for part in group):
        return
    doubtful = next((statement for part in group for statement in part.unclear), None)
    if doubtful is not None:
        yield unclear(doubtful)
        return
    blank = tuple(statement for part in group for statement in part.blank)
    absent = tuple(statement for part in group for statement in part.absent)
    label = Text(
        "或".join(f"“{part.ref.label.zh}”" for part in group), " or ".join(f"“{part.ref.label.en}”" for part in group)
    )
    form = group[0].ref.form
    files = {statement.file for statement in absent} - {statement.file for statement in blank}
    if not blank and not files <= known:
        yield Observation(
            Outcome.UNDETERMINED,
            Text(
                f"未能在“{form.zh}”中找到{label.zh}一栏（版式未识别或部分内容无法读取），请人工核对。",
                f"{label.en} was not found in the {form.en}: its layout is not known, or part of it could not be read.",
            ),
            tuple(Evidence(file) for file in sorted(files)),
        )
        return
    yield Observation(
        Outcome.VIOLATED,
        Text(f"“{form.zh}”未填写{label.zh}。", f"{label.en} is not filled in on the {form.en}."),
        _evidence(blank) or tuple(Evidence(file) for file in sorted(files)),
    )


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
    first = tuple(next(statement for part in group for statement in part.found) for group in stated if group[0].papers)
    names = "、".join(statement.ref.label.zh for statement in first)
    return Observation(
        Outcome.PASSED,
        Text(f"{len(first)} 个必填项均已填写：{names}。", f"All {len(first)} required fields are filled in."),
        _evidence(first),
    )


def _evidence(stated: tuple[Statement, ...]) -> tuple[Evidence, ...]:
    return tuple(statement.evidence for statement in stated)
