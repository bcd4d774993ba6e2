from __future__ import annotations

from collections.abc import Iterator

from services.validation.check import Observation, Params, check
from services.validation.model import Evidence, File, Outcome, Submission, Text
from services.validation.pages import GATHERING

WHOLE = "完整读取"


class FilesReadable(Params):
    """Every file could be read in full.

    A file that could not be read violates this, with the reason and what the sender can do; a file of which a part was
    not seen (too many pages, a picture that is damaged) is undetermined. Either keeps the submission from being
    acceptable without a person.
    """


@check("files_readable", FilesReadable)
def files_readable(submission: Submission, params: FilesReadable) -> Iterator[Observation]:
    whole = True
    for index, file in enumerate(submission.files):
        if file.reading is None:
            whole = False
            yield _unread(index, file)
            continue
        for defect in file.reading.document.defects:
            if defect.blind and file.page_of is None:  # else the paper tells
                whole = False
                zh, en = f"“{file.name}”有部分内容未能读取：", f"Part of “{file.name}” was not seen: "
                actual = "部分未能读取"
                if defect.code in GATHERING:
                    zh, en, actual = f"“{file.name}”：", f"“{file.name}”: ", "页面不齐或归属不明"
                evidence = (Evidence(index, defect.place),)
                text = Text(zh + defect.zh, en + defect.en)
                yield Observation(Outcome.UNDETERMINED, text, evidence, WHOLE, actual)
    if whole and submission.files:
        count = len(submission.files)
        text = Text(f"{count} 个文件均已完整读取。", f"All {count} files were read in full.")
        yield Observation(Outcome.PASSED, text, (), WHOLE, WHOLE)
    elif whole:
        yield Observation(Outcome.NOT_APPLICABLE, Text("没有提交任何文件。", "There are no files."))


def _unread(index: int, file: File) -> Observation:
    reason = file.unreadable
    zh = f"“{file.name}”无法读取" + (f"：{reason.message.zh}" if reason else "。")
    en = f"“{file.name}” could not be read" + (f": {reason.message.en}" if reason else ".")
    evidence = (Evidence(index, text=file.name),)
    return Observation(Outcome.VIOLATED, Text(zh, en), evidence, WHOLE, "无法读取")
