from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import Field as Parameter

from extractors.document import Seal
from extractors.values.places import find_province
from services.validation.check import Observation, check
from services.validation.levels import Applicant, Level, LevelParams, applicant_of, not_for
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.organisations import normal
from services.validation.slots import Filled, SlotRef, Slots, slots_of
from services.validation.statements import iter_kind, missing_paper, recognised
from services.validation.wording import joined


class ProvincialConsent(LevelParams):
    """A provincial society has the consent of its province's association.

    slot: where it is given; words that agree, or the seal of the association or of one of its departments, are consent.
    On a scan that shows other seals, words without a seal in the box are for a person: anyone can type them. A letter
    of consent among the other files with that seal does as well. body: what the association is called behind the
    province's name. departments: whose seal does as well. agrees: words of which one is consent, unless 不 or 未 stands
    before it; what has none is for a person to read.
    """

    slot: SlotRef
    body: str = Parameter(default="科学技术协会", min_length=2)
    departments: tuple[str, ...] = ()
    agrees: tuple[str, ...] = ("同意", "推荐", "支持", "赞成", "批准", "核准", "准予", "通过", "属实", "符合")


@check("provincial_consent", ProvincialConsent)
def provincial_consent(submission: Submission, params: ProvincialConsent) -> Iterator[Observation]:
    applicant = applicant_of(submission, params)
    if isinstance(applicant, Observation):
        yield applicant
    elif applicant.level is not Level.PROVINCIAL:
        yield not_for(applicant)
    else:
        yield _judged(submission, params, applicant)


def _judged(submission: Submission, params: ProvincialConsent, applicant: Applicant) -> Observation:
    slots = slots_of(submission, params.slot)
    expected = f"{applicant.province or '省（区、市）'}{params.body}"
    if not slots.papers:
        return missing_paper(submission, params.slot.form.zh, params.slot.form.en)
    stamped = [(filled, seal) for filled in slots.filled for seal in filled.seals]
    own = [filled for filled, seal in stamped if _is_of(seal, applicant.province, params)]
    if own:
        return _given(own[0], expected, own[0].seal_evidence)
    if letter := _letter(submission, applicant, params):
        text = Text(f"另附有“{expected}”盖章的材料。", f"Another file bears the seal of {expected}.")
        return Observation(Outcome.PASSED, text, (letter,), expected, letter.text)
    written = [filled for filled in slots.filled if filled.slot.opinion]
    if agreed := [filled for filled in written if _agrees(filled.slot.opinion, params)]:
        bare = [filled for filled in agreed if not filled.seals and _shows_seals(submission, filled)]
        if bare and not stamped and not _elsewhere(submission, applicant, params):
            return _unsealed(bare[0], expected)
        return _given(agreed[0], expected, (agreed[0].evidence,))
    if written:
        return _other_words(written[0], expected)
    if stamped:
        return _other_seal(stamped, expected, params)
    return _none(submission, slots, expected, params)


def _is_of(seal: Seal, province: str, params: ProvincialConsent) -> bool:
    """The association of the province, or one of its departments."""
    name = normal(seal.text + seal.centre_text)
    for department in ("", *params.departments):
        if name.endswith(params.body + department):
            place = name.removesuffix(params.body + department)
            return bool(place) and find_province(place) == province and len(place) <= len(province)
    return False


def _agrees(opinion: str, params: ProvincialConsent) -> bool:
    said = "|".join(map(re.escape, params.agrees))
    return bool(re.search(said, opinion)) and not re.search(f"[不未]予?(?:{said})", opinion)


def _shows_seals(submission: Submission, filled: Filled) -> bool:
    """It is a scan of what was stamped: seals were found on it, so one in the box would have been."""
    reading = submission.files[filled.file].reading
    return reading is not None and recognised(reading) and bool(reading.seals)


def _elsewhere(submission: Submission, applicant: Applicant, params: ProvincialConsent) -> bool:
    """The association's seal stands on the form, beside its box."""
    papers = iter_kind(submission, params.slot.form.kind)
    return any(_is_of(seal, applicant.province, params) for _, _, reading in papers for seal in reading.seals)


def _unsealed(filled: Filled, expected: str) -> Observation:
    opinion = filled.slot.opinion
    text = Text(
        f"省级科协意见栏写有“{opinion}”，但没有看到“{expected}”或其科普部的印章，请人工核对。",
        f"The box for consent says “{opinion}”, but no seal of {expected} or its department was seen there.",
    )
    return Observation(Outcome.UNDETERMINED, text, (filled.evidence,), expected, opinion)


def _other_words(filled: Filled, expected: str) -> Observation:
    opinion = filled.slot.opinion
    text = Text(
        f"省级科协意见栏写有“{opinion}”，不能确定是否表示同意，请人工查看。",
        f"The box for consent says “{opinion}”; whether that is consent could not be told.",
    )
    return Observation(Outcome.UNDETERMINED, text, (filled.evidence,), expected, opinion)


def _given(filled: Filled, expected: str, evidence: tuple[Evidence, ...]) -> Observation:
    actual = "、".join(seal.text + seal.centre_text for seal in filled.seals) or filled.slot.opinion
    return Observation(
        Outcome.PASSED,
        Text(f"“{expected}”意见栏已填写：“{actual}”。", f"The consent of {expected} is given: “{actual}”."),
        evidence,
        expected,
        actual,
    )


def _letter(submission: Submission, applicant: Applicant, params: ProvincialConsent) -> Evidence | None:
    for index, file in enumerate(submission.files):
        if file.reading is not None and file.page_of is None and file.reading.kind == "other":
            for seal in file.reading.seals:
                if _is_of(seal, applicant.province, params):
                    return Evidence(index, seal.place, "seal", seal.text + seal.centre_text)
    return None


def _other_seal(stamped: list[tuple[Filled, Seal]], expected: str, params: ProvincialConsent) -> Observation:
    evidence = tuple(Evidence(filled.file, seal.place, "seal", seal.text) for filled, seal in stamped)
    reads = tuple(seal.text + seal.centre_text for _, seal in stamped if seal.text)
    if all(seal.text and seal.confidence >= params.trust and params.body not in seal.text for _, seal in stamped):
        text = Text(
            f"省级科协意见栏的印章为{joined(reads)}，不是“{expected}”。",
            f"The seal in the box for consent reads {joined(reads)}, which is not {expected}.",
        )
        return Observation(Outcome.VIOLATED, text, evidence, expected, "、".join(reads))
    text = Text(
        f"省级科协意见栏有印章，但不能确定是否为“{expected}”的印章，请人工核对。",
        f"There is a seal in the box for consent, but whether it is that of {expected} could not be told.",
    )
    return Observation(Outcome.UNDETERMINED, text, evidence, expected, "、".join(reads))


def _none(submission: Submission, slots: Slots, expected: str, params: ProvincialConsent) -> Observation:
    label, form = params.slot.label, params.slot.form
    evidence = tuple(filled.evidence for filled in slots.filled) + tuple(Evidence(index) for index, _ in slots.without)
    unseen = [file for _, file in slots.without if file.reading is not None and recognised(file.reading)]
    if submission.blind or unseen:
        text = Text(
            f"没有在“{form.zh}”中看到“{label.zh}”，部分内容未能完整读取，请人工查看。",
            f"{label.en} was not seen in the {form.en}, but not everything could be read.",
        )
        return Observation(Outcome.UNDETERMINED, text, evidence, expected)
    blank = "为空白" if slots.filled else "没有找到"
    text = Text(
        f"“{form.zh}”的“{label.zh}”{blank}，没有省级科协同意申报的意见或印章。",
        f"{label.en} is not given in the {form.en}: neither words nor a seal.",
    )
    return Observation(Outcome.VIOLATED, text, evidence, expected, "空白" if slots.filled else "未找到")
