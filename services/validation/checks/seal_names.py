from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field as Parameter

from extractors.document import Seal
from extractors.values.alike import similarity
from services.validation.check import Observation, OrganisationRef, Paper, TrustParams, check
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.organisations import Likeness, compare, is_branch, normal
from services.validation.statements import Statements, iter_kind, missing_paper, statements, unclear, unstated
from services.validation.wording import joined


class SealNames(TrustParams):
    """One of the seals on a paper is that of an organisation which a field names.

    The name is compared part by part (place, own name, kind of body), tolerant of slips of OCR; a seal of a department,
    a branch or a special purpose (财务专用章) is another seal. A difference of one character is not judged where the
    reading is not sure. trust: a seal read with less confidence is not judged.
    agreed: a seal that reads exactly the expected name is believed from this confidence on.
    others: further organisations of the submission; a seal that is as close to one of them is not judged.
    """

    document: Paper
    organisation: OrganisationRef
    others: tuple[OrganisationRef, ...] = ()
    agreed: float = Parameter(default=0.4, ge=0, le=1)


@check("seal_names", SealNames)
def seal_names(submission: Submission, params: SealNames) -> Iterator[Observation]:
    form = params.document
    papers = tuple(iter_kind(submission, form.kind))
    seals = tuple((index, seal) for index, _, reading in papers for seal in reading.seals)
    stated = statements(submission, params.organisation, params.trust)
    if not papers:
        yield missing_paper(submission, form.zh, form.en)
    elif not seals:
        yield _no_seal(submission, params)
    elif stated.found:
        yield _judged(submission, params, seals, stated)
    elif stated.unclear:
        yield unclear(stated.unclear[0])
    else:
        yield _no_name(submission, params, seals, stated)


def _judged(
    submission: Submission, params: SealNames, seals: tuple[tuple[int, Seal], ...], stated: Statements
) -> Observation:
    names = tuple(dict.fromkeys(statement.field.value for statement in stated.found))
    rivals = _rivals(submission, params, names)
    likeness = [max((_likeness(seal, name, rivals, params) for name in names), key=_GOOD.index) for _, seal in seals]
    best = max(likeness, key=_GOOD.index)
    if best is Likeness.DIFFERENT and _blind(submission, params):
        best = Likeness.UNSURE  # another seal may stand on what was not seen
    evidence = tuple(Evidence(index, seal.place, "seal", _reads(seal)) for index, seal in seals)
    readings = joined(_read(seals))
    expected, actual, label = "、".join(names), "、".join(_read(seals)), params.organisation.label
    if best is Likeness.SAME:
        evidence = tuple(shown for shown, like in zip(evidence, likeness, strict=True) if like is Likeness.SAME)
        actual = evidence[0].text
        text = Text(
            f"印章“{actual}”与{label.zh}“{expected}”一致（只比对印文，不鉴别真伪）。",
            f"The seal “{actual}” names the {label.en} (its words were compared, not whether it is genuine).",
        )
        return Observation(Outcome.PASSED, text, evidence, expected, actual)
    evidence += tuple(statement.evidence for statement in stated.found)
    if best is Likeness.UNSURE:
        text = Text(
            f"印章识读为{readings}，不足以确定是否为“{expected}”的印章，请人工核对。",
            f"The seal reads {readings}, which is too uncertain to compare with the {label.en} “{expected}”.",
        )
        return Observation(Outcome.UNDETERMINED, text, evidence, expected, actual)
    text = Text(
        f"印章为{readings}，与{label.zh}“{expected}”不一致。",
        f"The seal reads {readings}, which is not the {label.en} “{expected}”.",
    )
    return Observation(Outcome.VIOLATED, text, evidence, expected, actual)


_GOOD = [Likeness.DIFFERENT, Likeness.UNSURE, Likeness.SAME]


def _likeness(seal: Seal, name: str, rivals: tuple[str, ...], params: SealNames) -> Likeness:
    if not seal.text:
        return Likeness.UNSURE
    whole = seal.text + seal.centre_text
    if is_branch(whole) and not is_branch(name):
        return Likeness.DIFFERENT if seal.confidence >= params.trust else Likeness.UNSURE
    text = whole if normal(whole) == normal(name) else seal.text
    if normal(text) == normal(name):
        return Likeness.SAME if seal.confidence >= min(params.agreed, params.trust) else Likeness.UNSURE
    if seal.confidence < params.trust:
        return Likeness.UNSURE
    like = compare(text, name, recognised=True, confidence=seal.confidence)
    read = normal(text)
    margin = similarity(read, normal(name)) - max((similarity(read, normal(rival)) for rival in rivals), default=0.0)
    return Likeness.UNSURE if like is Likeness.SAME and margin <= 0 else like


def _rivals(submission: Submission, params: SealNames, names: tuple[str, ...]) -> tuple[str, ...]:
    """Other organisations that the submission names, without those that are the expected one in other words."""
    stated = (statement for ref in params.others for statement in statements(submission, ref, params.trust).found)
    values = dict.fromkeys(statement.field.value for statement in stated)
    return tuple(
        value for value in values if not any(compare(value, name, recognised=False) is Likeness.SAME for name in names)
    )


def _blind(submission: Submission, params: SealNames) -> bool:
    return any(reading.document.blind for _, _, reading in iter_kind(submission, params.document.kind))


def _read(seals: tuple[tuple[int, Seal], ...]) -> tuple[str, ...]:
    """What the seals read, each reading once."""
    return tuple(dict.fromkeys(_reads(seal) or "（未能识读）" for _, seal in seals))


def _reads(seal: Seal) -> str:
    return " ".join(part for part in (seal.text, seal.centre_text) if part)


def _no_seal(submission: Submission, params: SealNames) -> Observation:
    form = params.document
    if submission.blind:
        return missing_paper(submission, f"{form.zh}的印章", f"seal of the {form.en}")
    return Observation(
        Outcome.NOT_APPLICABLE,
        Text(f"“{form.zh}”上没有印章可比对。", f"There is no seal on the {form.en} to compare."),
    )


def _no_name(
    submission: Submission, params: SealNames, seals: tuple[tuple[int, Seal], ...], stated: Statements
) -> Observation:
    """A seal is there, but not the name that it should bear: a person has to compare."""
    if not stated.papers:
        return unstated(submission, stated)
    label = params.organisation.label
    return Observation(
        Outcome.UNDETERMINED,
        Text(
            f"没有找到{label.zh}，无法与印章比对，请人工核对。",
            f"The {label.en} was not found, so the seal could not be compared.",
        ),
        tuple(Evidence(index, seal.place, "seal", _reads(seal)) for index, seal in seals),
    )
