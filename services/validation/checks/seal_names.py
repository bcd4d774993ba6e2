from __future__ import annotations

from collections.abc import Iterator

from services.validation.check import Observation, check
from services.validation.model import Outcome, Submission, Text
from services.validation.seals import NO_SEAL, Account, SealParams, Standing, told
from services.validation.statements import missing_paper
from services.validation.wording import joined


class SealNames(SealParams):
    """Each seal that stands for an organisation bears that organisation's name.

    The name is compared part by part (place, subject, kind of body) with what the fields state and with every other
    organisation that is known, tolerant of slips of OCR; what could be a sister body's name is not judged. A seal of a
    department or a special purpose of the organisation passes here: `seal_own` tells of it.
    """


@check("seal_names", SealNames)
def seal_names(submission: Submission, params: SealNames) -> Iterator[Observation]:
    seen = told(submission, params)
    for account in seen:
        yield _judged(submission, account)
    if not seen:
        yield NO_SEAL


def _judged(submission: Submission, account: Account) -> Observation:
    form, severity = account.expected.document, account.expected.severity
    if not account.papers:
        return missing_paper(submission, form.zh, form.en)
    if not account.names and account.seals:
        return _no_name(account)
    if account.standing is Standing.NONE:
        return _no_seal(submission, account)
    whose, expected = account.owner, "、".join(account.names)
    reads = tuple(dict.fromkeys(stamp.reads for stamp in account.stamps))
    evidence = tuple(stamp.evidence for stamp in account.stamps)
    if account.standing in (Standing.OWN, Standing.PART):
        text = _agreeing(reads[0], account.ownership.instead, whose)
        return Observation(Outcome.PASSED, text, evidence[:1], expected, reads[0], severity)
    evidence += account.stated
    if account.standing is Standing.UNSURE or account.unread or account.blind:
        text = Text(
            f"印章识读为{joined(reads)}，不足以确定是否为{whose.zh}的印章，请人工核对。",
            f"The seal reads {joined(reads)}, which is too uncertain to compare with {whose.en}.",
        )
        return Observation(Outcome.UNDETERMINED, text, evidence, expected, "、".join(reads), severity)
    other = account.ownership.name
    known = Text(f"（即“{other}”）", f" (that is {other})") if other and other not in reads else Text("", "")
    text = Text(
        f"印章为{joined(reads)}{known.zh}，与{whose.zh}不一致。",
        f"The seal reads {joined(reads)}{known.en}, which is not {whose.en}.",
    )
    return Observation(Outcome.VIOLATED, text, evidence, expected, "、".join(reads), severity)


def _agreeing(read: str, instead: str, whose: Text) -> Text:
    """instead: what else it may read, where that is what names the organisation; "" where the reading does."""
    zh = f"印章识读为“{read}”，也可能是“{instead}”，后者" if instead else f"印章“{read}”"
    en = f"The seal reads “{read}” or “{instead}”; the latter" if instead else f"The seal “{read}”"
    return Text(
        f"{zh}与{whose.zh}一致（只比对印文，不鉴别真伪）。",
        f"{en} names {whose.en} (its words were compared, not whether it is genuine).",
    )


def _no_seal(submission: Submission, account: Account) -> Observation:
    """Nothing stands for the organisation: a missing seal is another rule's."""
    form, whose = account.expected.document, account.owner
    if account.unread:
        text = Text(
            f"“{form.zh}”上有印章未能识读，不足以确定是否为{whose.zh}的印章，请人工核对。",
            f"A seal on the {form.en} could not be read; it may be that of {whose.en}.",
        )
        evidence = tuple(stamp.evidence for stamp in account.seals if not stamp.seal.text)
        return Observation(
            Outcome.UNDETERMINED, text, evidence, "、".join(account.names), "", account.expected.severity
        )
    if account.blind or submission.blind:
        return missing_paper(submission, f"{form.zh}的印章", f"seal of the {form.en}")
    return Observation(
        Outcome.NOT_APPLICABLE,
        Text(
            f"“{form.zh}”上没有{whose.zh}的印章可比对。", f"There is no seal of {whose.en} on the {form.en} to compare."
        ),
    )


def _no_name(account: Account) -> Observation:
    """A seal is there, but not the name that it should bear: a person has to compare."""
    return Observation(
        Outcome.UNDETERMINED,
        Text(
            f"没有找到{account.owner.zh}的名称，无法与印章比对，请人工核对。",
            f"The name of {account.owner.en} was not found, so the seal could not be compared.",
        ),
        tuple(stamp.evidence for stamp in account.seals),
        severity=account.expected.severity,
    )
