from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field as Parameter

from extractors.document import Reading
from services.validation.check import Observation, Params, check
from services.validation.checks.no_linked_files import announces_link
from services.validation.model import Evidence, File, Outcome, Submission, Text
from services.validation.pages import in_doubt
from services.validation.slots import loose_pages
from services.validation.statements import recognised
from services.validation.wording import joined

_TITLE = 40  # characters shown of what a file calls itself


class FileKinds(Params):
    """Every file is one of the papers that the call knows.

    A picture that may be a further page of a paper is undetermined, and so is one that asks for a signature, which no
    paper does.

    allowed: words in the title of further papers that may be added. legible: characters that must have been read on a
    picture before it is judged. sure: how sure (0 to 1) it must be that a file is none of the papers.
    """

    allowed: tuple[str, ...] = ()
    legible: int = Parameter(default=20, ge=0)
    sure: float = Parameter(default=0.55, ge=0, le=1)


@check("file_kinds", FileKinds)
def file_kinds(submission: Submission, params: FileKinds) -> Iterator[Observation]:
    wrong: list[tuple[int, File, str]] = []
    unsure: list[tuple[int, File, str]] = []
    loose = loose_pages(submission)
    for index, file in enumerate(submission.files):
        reading = file.reading
        if reading is None or reading.kind != "other":
            continue  # that a file cannot be read, another rule tells
        if file.page_of is not None:
            continue
        if announces_link(file):
            continue  # what it leads to is unknown, and that it is no file another rule tells
        title = _title(reading)
        if any(word in title for word in params.allowed):
            continue
        doubtful = in_doubt(file) or index in loose or reading.kind_confidence < params.sure
        doubtful = doubtful or _illegible(reading, params.legible)
        (unsure if doubtful else wrong).append((index, file, title))
    for outcome, files in ((Outcome.VIOLATED, wrong), (Outcome.UNDETERMINED, unsure)):
        if files:
            yield _told(outcome, files)
    if not wrong and not unsure:
        yield Observation(
            Outcome.PASSED,
            Text("提交的文件均为本次申报所需材料。", "Every file that could be read is one of the call's papers."),
        )


def _told(outcome: Outcome, files: list[tuple[int, File, str]]) -> Observation:
    names = joined(tuple(file.name for _, file, _ in files))
    evidence = tuple(Evidence(index, text=title or file.name) for index, file, title in files)
    text = (
        Text(f"{names}不是本次申报要求的材料。", f"Neither form nor letter of this call: {names}.")
        if outcome is Outcome.VIOLATED
        else Text(f"未能确定{names}是什么材料，请人工查看。", f"What these files are could not be told: {names}.")
    )
    titles = joined(tuple(title or file.name for _, file, title in files))
    return Observation(outcome, text, evidence, "本次申报要求的材料", titles)


def _title(reading: Reading) -> str:
    """What a file calls itself: its first line."""
    return next((line.text.strip()[:_TITLE] for line in reading.document.iter_lines() if line.text.strip()), "")


def _illegible(reading: Reading, legible: int) -> bool:
    if not recognised(reading) and not reading.document.blind:
        return False
    return sum(len(line.text.strip()) for line in reading.document.iter_lines()) < legible
