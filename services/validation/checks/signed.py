from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import Field as Parameter

from extractors.document import Presence
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
    photographed page by page, and nothing is concluded. Nor is it where the paper itself came page by page, and none of
    its pages has the places, for a page may be missing.
    """

    slots: tuple[SlotRef, ...] = Parameter(min_length=1)


@check("signed", Signed)
def signed(submission: Submission, params: Signed) -> Iterator[Observation]:
    there = placed = False
    found: list[_Asked] = []
    for ref in params.slots:
        slots = slots_of(submission, ref)
        there, placed = there or bool(slots.papers), placed or bool(slots.filled)
        asked = [filled for filled in slots.filled if filled.slot.signature_place is not None]
        if asked:
            dim = any(filled not in asked and _scanned(submission, filled.file) for filled in slots.filled)
            dim = dim or any(_scanned(submission, index) for index, _ in slots.without)
            found.append(_Asked(ref, asked, dim or submission.blind))
    form = params.slots[0].form
    if not there:
        yield missing_paper(submission, form.zh, form.en)
    elif not found:
        yield _nothing_asked(submission, form, placed=placed)
    else:
        yield _judged(submission, found)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A slot on the papers whose words ask for a signature. dim: another paper may show one that was not seen."""

    ref: SlotRef
    filled: list[Filled]
    dim: bool


def _scanned(submission: Submission, file: int) -> bool:
    reading = submission.files[file].reading
    return reading is not None and recognised(reading)


def _page_by_page(submission: Submission, kind: str) -> tuple[int, ...]:
    """The files of papers that came as pictures, a page each: one may have been forgotten."""
    papers = ((index, reading.document) for index, _, reading in iter_kind(submission, kind) if recognised(reading))
    return tuple(
        index
        for index, document in papers
        if (len(document.pages) == 1 and document.format != "pdf") or any(page.file for page in document.pages)
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


def _nothing_asked(submission: Submission, form: FormSpec, *, placed: bool) -> Observation:
    """placed: the places for signatures are there, but without the words that ask for one."""
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
    if not placed and (pages := _page_by_page(submission, form.kind)):
        return Observation(
            Outcome.UNDETERMINED,
            Text(
                f"“{zh}”是逐页的图像，各页都没有签字、盖章的位置，可能缺页，请人工查看。",
                f"The {en} came page by page, and none of its pages has a place for a signature: one may be missing.",
            ),
            tuple(Evidence(index) for index in pages),
        )
    return Observation(
        Outcome.NOT_APPLICABLE,
        Text(f"“{zh}”中没有找到要求签字的位置。", f"Nothing in the {en} asks for a signature."),
    )
