from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.document import FieldState, Reading
from extractors.forms.spec import FieldType, FormSpec
from extractors.hanzi import HAN
from services.validation.check import Observation, check
from services.validation.levels import Level, LevelParams, applicant_of, not_for
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.prose import ended, whole_text
from services.validation.slots import SlotRef, slots_of
from services.validation.statements import SURE, iter_kind, recognised

_NAMED = re.compile(
    rf"(?:中国|中华)(?!科学技术协会|科协)[{HAN}（）()]{{1,20}}?(?:学会|协会|研究会|联合会|促进会)(?!科普部)"
)


class NationalSupport(LevelParams):
    """A provincial society has the support of a national one: words or a seal in its slot, a name in the form.

    slot: where the national society gives its opinion.
    """

    slot: SlotRef


@check("national_support", NationalSupport)
def national_support(submission: Submission, params: NationalSupport) -> Iterator[Observation]:
    applicant = applicant_of(submission, params)
    if isinstance(applicant, Observation):
        yield applicant
    elif applicant.level is not Level.PROVINCIAL:
        yield not_for(applicant)
    else:
        yield _judged(submission, params)


def _judged(submission: Submission, params: NationalSupport) -> Observation:
    expected = "全国学会的支持"
    for filled in slots_of(submission, params.slot).filled:
        if filled.slot.opinion or filled.seals:
            evidence = filled.seal_evidence or (filled.evidence,)
            actual = "、".join(seal.text for seal in filled.seals if seal.text) or filled.slot.opinion
            text = Text(f"“{params.slot.label.zh}”已填写。", f"{params.slot.label.en} is given.")
            return Observation(Outcome.PASSED, text, evidence, expected, actual)
    kind = params.slot.form.kind
    if named := _NAMED.search(whole_text(submission, kind)):
        files = tuple(Evidence(index, text=named[0]) for index, _, _ in iter_kind(submission, kind))
        text = Text(f"申报书提到“{named[0]}”。", f"The form names “{named[0]}”.")
        return Observation(Outcome.PASSED, text, files, expected, named[0])
    papers = tuple(iter_kind(submission, kind))
    evidence = tuple(Evidence(index) for index, _, _ in papers)
    if submission.blind or not any(_in_full(reading, params.slot.form) for _, _, reading in papers):
        text = Text(
            "没有看到全国学会支持的内容，但申报书未能完整、可靠地读取。",
            "No national society's support was seen, but the form was not read in full and surely.",
        )
        return Observation(Outcome.UNDETERMINED, text, evidence, expected)
    text = Text("申报书没有相应全国学会支持的内容。", "The form shows no support by a national society.")
    return Observation(Outcome.VIOLATED, text, evidence, expected, "未提到")


def _in_full(reading: Reading, form: FormSpec) -> bool:
    """Typed; or on a scan every section of prose was read to its end, and every seal, each of another slot."""
    if not recognised(reading):
        return True
    prose = {spec.id for spec in form.fields if spec.type is FieldType.PROSE}
    sections = [field for field in reading.fields if field.id in prose and field.state is not FieldState.ABSENT]
    held = {number for slot in reading.slots for number in slot.seals}
    return (
        not reading.document.blind
        and bool(sections)
        and all(field.state is FieldState.FOUND and field.confidence >= SURE for field in sections)
        and all(ended(field.value) for field in sections)
        and all(seal.text and number in held for number, seal in enumerate(reading.seals))
        and len(held) > 0
    )
