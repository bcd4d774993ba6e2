from __future__ import annotations

from collections.abc import Iterator

from extractors.document import Reading
from services.validation.check import Observation, Paper, Params, check
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.statements import iter_kind, recognised


class DocumentPresent(Params):
    """The submission holds a paper of a kind.

    Where a file, or part of one, could not be read, or where a scan shows too little text to tell what it is, the
    paper may be there: then this is undetermined.
    """

    document: Paper
    legible: int = 20
    """A scan of no known kind with fewer characters than this is too poor to tell what it is."""


@check("document_present", DocumentPresent)
def document_present(submission: Submission, params: DocumentPresent) -> Iterator[Observation]:
    form = params.document
    there = tuple((index, file) for index, file, _ in iter_kind(submission, form.kind))
    if there:
        names = "、".join(file.name for _, file in there)
        yield Observation(
            Outcome.PASSED,
            Text(f"已提交“{form.zh}”：{names}。", f"The {form.en} is there: {names}."),
            tuple(Evidence(index, text=file.name) for index, file in there),
            form.zh,
            names,
        )
        return
    unseen = tuple(
        Evidence(index, text=file.name)
        for index, file in enumerate(submission.files)
        if file.page_of is None
        and (file.reading is None or file.reading.document.blind or _illegible(file.reading, params.legible))
    )
    if unseen:
        yield Observation(
            Outcome.UNDETERMINED,
            Text(
                f"没有找到“{form.zh}”，但有 {len(unseen)} 个文件未能完整读取，它可能在其中，请人工查看。",
                f"No {form.en} was found, but not all could be read in full ({len(unseen)} not); a person must look.",
            ),
            unseen,
            form.zh,
        )
        return
    yield Observation(
        Outcome.VIOLATED,
        Text(
            f"提交的 {len(submission.files)} 个文件中没有“{form.zh}”。",
            f"None of the {len(submission.files)} files is the {form.en}.",
        ),
        tuple(Evidence(index, text=file.name) for index, file in enumerate(submission.files)),
        form.zh,
        "无",
    )


def _illegible(reading: Reading, legible: int) -> bool:
    if reading.kind != "other" or not recognised(reading):
        return False
    # one pass over the lines that stops as soon as there is enough
    count = 0
    for line in reading.document.iter_lines():
        count += len(line.text.strip())
        if count >= legible:
            return False
    return True
