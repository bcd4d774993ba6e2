from __future__ import annotations

from collections.abc import Iterator

from services.validation.check import Observation, check
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.seals import NO_SEAL, Account, SealParams, Standing, accounts
from services.validation.statements import missing_paper
from services.validation.wording import joined


class SealPresent(SealParams):
    """The papers bear the seals that they need.

    Whose a seal is, `seal_names` tells; whether it is genuine, nobody tells here.
    Where several papers of a kind are there (the Word letter and its stamped scan), one with the seal is enough. A seal
    that bears another name counts as present where it stands for the expected one.
    """


@check("seal_present", SealPresent)
def seal_present(submission: Submission, params: SealPresent) -> Iterator[Observation]:
    required = [account for account in accounts(submission, params) if account.expected.required]
    for account in required:
        yield _judged(submission, account)
    if not required:
        yield NO_SEAL


def _judged(submission: Submission, account: Account) -> Observation:
    form, severity = account.expected.document, account.expected.severity
    whose = account.owner
    if not account.papers:
        return missing_paper(submission, form.zh, form.en)
    if account.standing is not Standing.NONE:
        reads = account.stamps[0].reads
        text = Text(
            f"“{form.zh}”上应有{whose.zh}的印章，已有印章“{reads}”。",
            f"The {form.en} needs the seal of {whose.en}; it bears the seal “{reads}”.",
        )
        evidence = tuple(stamp.evidence for stamp in account.stamps)
        return Observation(Outcome.PASSED, text, evidence, "≥ 1", str(len(evidence)), severity)
    if account.unread:
        text = Text(
            f"“{form.zh}”上有印章状的图形，但印文未能识读，不能确定是否为{whose.zh}的印章，请人工查看。",
            f"The {form.en} bears something like a seal, but its words could not be read: perhaps {whose.en}.",
        )
        evidence = tuple(stamp.evidence for stamp in account.seals if not stamp.seal.text)
        return Observation(Outcome.UNDETERMINED, text, evidence, "≥ 1", severity=severity)
    evidence = tuple(Evidence(file) for file in account.papers)
    if account.blind or submission.blind:
        text = Text(
            f"“{form.zh}”上没有找到{whose.zh}的印章，但有内容未能读取，请人工查看。",
            f"No seal of {whose.en} was found on the {form.en}, but part of the files could not be read.",
        )
        return Observation(Outcome.UNDETERMINED, text, evidence, "≥ 1", "0", severity)
    if account.elsewhere:
        text = Text(
            f"“{form.zh}”上没有{whose.zh}的印章，但另一份文件上有，请人工查看该文件能否作为依据。",
            f"The {form.en} bears no seal of {whose.en}, but another file does; a person must look.",
        )
        evidence = tuple(stamp.evidence for stamp in account.elsewhere)
        return Observation(Outcome.UNDETERMINED, text, evidence, "≥ 1", "0", severity)
    others = tuple(dict.fromkeys(stamp.reads for stamp in account.seals))
    if others and not account.names:
        text = Text(
            f"没有找到应盖章单位的名称，不能确定“{form.zh}”上的印章{joined(others)}是谁的，请人工查看。",
            f"Whose seal the {form.en} needs is not stated, so its seals could not be told apart.",
        )
        evidence = tuple(stamp.evidence for stamp in account.seals)
        return Observation(Outcome.UNDETERMINED, text, evidence, "≥ 1", "", severity)
    only = Text(f"，只有印章{joined(others)}", f"; it bears only {joined(others)}") if others else Text("", "")
    text = Text(f"“{form.zh}”上没有{whose.zh}的印章{only.zh}。", f"The {form.en} bears no seal of {whose.en}{only.en}.")
    evidence = tuple(stamp.evidence for stamp in account.seals) or evidence
    return Observation(Outcome.VIOLATED, text, evidence, "≥ 1", "0", severity)
