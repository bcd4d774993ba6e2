from __future__ import annotations

from collections.abc import Iterator

from extractors.values.alike import similarity
from extractors.values.parts import Part, parted
from services.validation.check import Observation, check
from services.validation.model import Outcome, Submission, Text
from services.validation.organisations import normal
from services.validation.seals import ALIKE, NO_SEAL, Account, SealParams, Stamp, Standing, told
from services.validation.statements import missing_paper


class SealOwn(SealParams):
    """Each seal is the organisation's own.

    Not that of its department (办公室), its branch (分会), a special purpose (财务专用章) or its party branch. An oval
    one is for a special purpose, also where its middle could not be read: organisations' own are round.
    Departments whose seal does as well are named with the expected seal.
    """


_KINDS = {
    Part.DEPARTMENT: Text("内设部门章", "of a department"),
    Part.BRANCH: Text("分支机构章", "of a branch"),
    Part.SPECIAL: Text("专用章", "for a special purpose"),
    Part.PARTY: Text("党群组织章", "of a party or workers' body"),
}


@check("seal_own", SealOwn)
def seal_own(submission: Submission, params: SealOwn) -> Iterator[Observation]:
    seen = told(submission, params)
    for account in seen:
        yield _judged(submission, account)
    if not seen:
        yield NO_SEAL


def _judged(submission: Submission, account: Account) -> Observation:
    form, whose, severity = account.expected.document, account.owner, account.expected.severity
    if not account.papers:
        return missing_paper(submission, form.zh, form.en)
    evidence = tuple(stamp.evidence for stamp in account.stamps)
    if account.standing is Standing.OWN:
        text = Text(f"印章“{evidence[0].text}”是{whose.zh}的印章。", f"The seal “{evidence[0].text}” is {whose.en}'s.")
        return Observation(Outcome.PASSED, text, evidence[:1], severity=severity)
    if account.standing is Standing.PART or _plainly_a_part(account):
        return _part(account, next((stamp for stamp in account.stamps if stamp.clear), account.stamps[0]))
    if account.standing is Standing.UNSURE and all(stamp.kind is Part.OWN for stamp in account.stamps):
        text = Text(
            f"印章“{evidence[0].text}”上没有部门或专用字样；是否为{whose.zh}的印章，由印章名称一项判断。",
            f"The seal “{evidence[0].text}” names no department or purpose; whose it is, another rule tells.",
        )
        return Observation(Outcome.NOT_APPLICABLE, text, evidence)
    if account.standing is Standing.UNSURE or account.unread or account.blind or submission.blind:
        text = Text(
            f"“{form.zh}”上的印章未能可靠识读，不能确定是否为{whose.zh}的单位公章，请人工核对。",
            f"The seals of the {form.en} could not be read surely; whether {whose.en} used its own was not judged.",
        )
        return Observation(Outcome.UNDETERMINED, text, evidence, severity=severity)
    return Observation(
        Outcome.NOT_APPLICABLE,
        Text(f"“{form.zh}”上没有{whose.zh}的印章。", f"There is no seal of {whose.en} on the {form.en}."),
    )


def _plainly_a_part(account: Account) -> bool:
    """Whose it is may not be sure, but what stands on the paper is no organisation's own seal: 财务专用章."""
    return account.standing is Standing.UNSURE and all(
        stamp.kind in _KINDS
        and stamp.part not in account.expected.departments
        and (
            stamp.slot in account.expected.slots
            or any(similarity(stamp.head, normal(parted(normal(name)).head)) >= ALIKE for name in account.names)
        )
        for stamp in account.stamps
    )


def _part(account: Account, stamp: Stamp) -> Observation:
    doubt, told = _words(account, stamp) if stamp.part else _oval_words(account, stamp)
    severity = account.expected.severity
    if not stamp.clear:
        return Observation(Outcome.UNDETERMINED, doubt, (stamp.evidence,), severity=severity)
    return Observation(
        Outcome.VIOLATED, told, (stamp.evidence, *account.stated), "、".join(account.names), stamp.reads, severity
    )


def _words(account: Account, stamp: Stamp) -> tuple[Text, Text]:
    """What is said where the part is uncertain, and where it is not."""
    kind, whose = _KINDS[stamp.kind], account.owner
    return Text(
        f"印章“{stamp.reads}”中的“{stamp.part}”未能可靠识读，不能确定是否为{whose.zh}的单位公章，请人工核对。",
        f"The words “{stamp.part}” of the seal “{stamp.reads}” are too uncertain to call it {whose.en}'s or not.",
    ), Text(
        f"印章“{stamp.reads}”是{whose.zh}的{kind.zh}，不是单位公章。",
        f"The seal “{stamp.reads}” is one {kind.en} of {whose.en}, not its own.",
    )


def _oval_words(account: Account, stamp: Stamp) -> tuple[Text, Text]:
    """The same of an oval seal whose middle says nothing."""
    whose = account.owner
    return Text(
        f"照片中的印章“{stamp.reads}”呈椭圆形，中间的字样未能识读，不能确定是否为{whose.zh}的单位公章，请人工核对。",
        f"The seal “{stamp.reads}” looks oval on the photograph; its middle could not be read.",
    ), Text(
        f"印章“{stamp.reads}”为椭圆形，是{whose.zh}的专用章；单位公章为圆形。",
        f"The seal “{stamp.reads}” is oval, as those for special purposes are; {whose.en}'s own is round.",
    )
