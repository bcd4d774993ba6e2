from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import Field as Parameter

from extractors.document import Presence
from extractors.forms.complete import unproved
from extractors.forms.spec import FormSpec
from services.validation.check import Observation, Params, check
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.slots import Filled, SlotRef, loose_pages, slots_of
from services.validation.statements import iter_kind, missing_paper, recognised
from services.validation.wording import joined


class Signed(Params):
    """Somebody signed where a paper asks for it.

    Where several papers of the kind are there (the Word form and its stamped scan), one that is signed is enough. A
    slot in which nothing asks for a signature is not judged; neither is one in which it cannot be seen whether somebody
    signed (a black seal lies on it, or a picture), or of which a scan does not show the words that another paper has:
    a seal may lie on them. Where no paper asks for a signature, but a picture of no known kind does, the form was
    photographed page by page, and nothing is concluded. Nor is it where the paper came page by page and the places of
    the blank form are not all on its pages: one may be missing, unless the printed number of pages is reached or
    another file is the same form in one piece and has no further places.
    """

    slots: tuple[SlotRef, ...] = Parameter(min_length=1)


@check("signed", Signed)
def signed(submission: Submission, params: Signed) -> Iterator[Observation]:
    there = False
    form = params.slots[0].form
    found: list[_Asked] = []
    for ref in params.slots:
        slots = slots_of(submission, ref)
        there = there or bool(slots.papers)
        asked = [filled for filled in slots.filled if filled.slot.signature_place is not None]
        if asked:
            dim = any(filled not in asked and _scanned(submission, filled.file) for filled in slots.filled)
            dim = dim or any(_scanned(submission, index) for index, _ in slots.without)
            found.append(_Asked(ref, asked, dim or submission.blind))
    lost = list(_may_be_lost(submission, params.slots)) if not submission.blind else []
    if not there:
        yield missing_paper(submission, form.zh, form.en)
    elif found:
        yield _judged(submission, found)
    elif not lost:
        yield _nothing_asked(submission, form)
    yield from lost


@dataclass(frozen=True, slots=True)
class _Asked:
    """A slot on the papers whose words ask for a signature. dim: another paper may show one that was not seen."""

    ref: SlotRef
    filled: list[Filled]
    dim: bool


def _scanned(submission: Submission, file: int) -> bool:
    reading = submission.files[file].reading
    return reading is not None and recognised(reading)


def _may_be_lost(submission: Submission, refs: tuple[SlotRef, ...]) -> Iterator[Observation]:
    """A paper that came page by page without the places: a page may be missing."""
    form = refs[0].form
    papers = [(index, reading) for index, _, reading in iter_kind(submission, form.kind)]
    for index, reading in papers:
        copies = [copy for other, copy in papers if other != index]
        if lacking := unproved(reading, [ref.slot for ref in refs], form, copies):
            zh, en = "、".join(f"“{spec.zh}”" for spec in lacking), ", ".join(spec.en for spec in lacking)
            yield Observation(
                Outcome.UNDETERMINED,
                Text(
                    f"“{form.zh}”是逐页的图像，其中没有{zh}，也没有印明共几页，可能缺页，请核对页数。",
                    f"The {form.en} came page by page, without {en} and with no number of pages: one may be missing.",
                ),
                (Evidence(index),),
            )


def _judged(submission: Submission, found: list[_Asked]) -> Observation:
    outcomes = [(_outcome(asked.filled, dim=asked.dim), asked.ref, asked.filled) for asked in found]
    worst = next(
        kind
        for kind in (Outcome.VIOLATED, Outcome.UNDETERMINED, Outcome.PASSED)
        if any(outcome is kind for outcome, _, _ in outcomes)
    )
    concerned = [(ref, asked) for outcome, ref, asked in outcomes if outcome is worst]
    evidence = tuple(filled.sign_evidence for _, asked in concerned for filled in asked)
    zh = "、".join(f"“{ref.label.zh}”" for ref, _ in concerned)
    en = ", ".join(ref.label.en for ref, _ in concerned)
    text = {
        Outcome.VIOLATED: Text(f"{zh}处没有负责人签字。", f"Nobody signed: {en}."),
        Outcome.UNDETERMINED: Text(
            f"不能确定{zh}处是否有负责人签字，请人工查看。", f"Whether somebody signed could not be told: {en}."
        ),
        Outcome.PASSED: Text(f"{zh}处已签字（不鉴别笔迹）。", f"Signed (the hand is not examined): {en}."),
    }[worst]
    return Observation(
        worst, text, evidence, "签字", {Outcome.VIOLATED: "未签字", Outcome.PASSED: "签字"}.get(worst, "")
    )


def _outcome(asked: list[Filled], *, dim: bool) -> Outcome:
    seen = {filled.slot.signature for filled in asked}
    if Presence.PRESENT in seen:
        return Outcome.PASSED
    return Outcome.UNDETERMINED if Presence.UNSURE in seen or dim else Outcome.VIOLATED


def _nothing_asked(submission: Submission, form: FormSpec) -> Observation:
    zh, en = form.zh, form.en
    if submission.blind:
        return missing_paper(submission, f"{zh}的签字处", f"place for a signature in the {en}")
    if loose := loose_pages(submission):
        names = joined(tuple(submission.files[index].name for index in loose))
        return Observation(
            Outcome.UNDETERMINED,
            Text(
                f"“{zh}”中没有找到要求签字的位置，{names}可能是它的后续页，请人工查看。",
                f"Nothing in the {en} asks for a signature; {names} may be a further page of it.",
            ),
            tuple(Evidence(index) for index in loose),
        )
    return Observation(
        Outcome.NOT_APPLICABLE,
        Text(f"“{zh}”中没有找到要求签字的位置。", f"Nothing in the {en} asks for a signature."),
    )
