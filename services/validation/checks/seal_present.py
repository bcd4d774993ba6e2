from __future__ import annotations

from collections.abc import Iterator

from services.validation.check import Observation, Paper, Params, check
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.statements import iter_kind, missing_paper


class SealPresent(Params):
    """A paper of a kind bears a seal. Whose seal it is, `seal_names` tells; whether it is genuine, nobody tells here.

    Where several papers of the kind are there (the Word letter and its stamped scan), one with a seal is enough.
    """

    document: Paper


@check("seal_present", SealPresent)
def seal_present(submission: Submission, params: SealPresent) -> Iterator[Observation]:
    form = params.document
    papers = tuple(iter_kind(submission, form.kind))
    if not papers:
        yield missing_paper(submission, form.zh, form.en)
        return
    seals = tuple(Evidence(index, seal.place, "seal", seal.text) for index, _, read in papers for seal in read.seals)
    if seals and not any(seal.text for seal in seals):
        yield Observation(
            Outcome.UNDETERMINED,
            Text(
                f"“{form.zh}”上有印章状的图形，但印文未能识读，请人工查看。",
                f"The {form.en} bears something like a seal, but its words could not be read.",
            ),
            seals,
            "≥ 1",
        )
        return
    if seals:
        names = "、".join(f"“{seal.text}”" if seal.text else "印文未能识读" for seal in seals)
        yield Observation(
            Outcome.PASSED,
            Text(f"“{form.zh}”上有 {len(seals)} 枚印章：{names}。", f"Seals on the {form.en}: {len(seals)}."),
            seals,
            "≥ 1",
            str(len(seals)),
        )
        return
    unseen = any(reading.document.blind for _, _, reading in papers)
    evidence = tuple(Evidence(index) for index, _, _ in papers)
    if unseen or submission.blind:
        yield Observation(
            Outcome.UNDETERMINED,
            Text(
                f"“{form.zh}”上没有找到印章，但有内容未能读取，请人工查看。",
                f"No seal was found on the {form.en}, but part of the files could not be read.",
            ),
            evidence,
            "≥ 1",
            "0",
        )
        return
    yield Observation(
        Outcome.VIOLATED,
        Text(f"“{form.zh}”上没有找到印章。", f"The {form.en} bears no seal."),
        evidence,
        "≥ 1",
        "0",
    )
