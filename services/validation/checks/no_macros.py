from __future__ import annotations

from collections.abc import Iterator

from services.validation.check import Observation, Params, check
from services.validation.model import Evidence, Outcome, Submission, Text


class NoMacros(Params):
    """No file carries macros. They are never run here, but whoever opens the file should know.

    defects: codes of a reader's remarks that count as macros.
    """

    defects: tuple[str, ...] = ("has_macros",)


@check("no_macros", NoMacros)
def no_macros(submission: Submission, params: NoMacros) -> Iterator[Observation]:
    found = False
    for index, file in enumerate(submission.files):
        defects = file.reading.document.defects if file.reading and file.page_of is None else ()
        for defect in defects:
            if defect.code in params.defects:
                found = True
                yield Observation(
                    Outcome.VIOLATED,
                    Text(f"“{file.name}”含有宏，请勿启用。", f"“{file.name}” carries macros; do not enable them."),
                    (Evidence(index, defect.place, text=file.name),),
                    "不含宏",
                    "含宏",
                )
    if found:
        return
    unread = tuple(
        Evidence(index, text=file.name) for index, file in enumerate(submission.files) if file.reading is None
    )
    if unread:
        text = Text("有文件无法读取，未能确认其中没有宏。", "Files could not be read, so macros were not ruled out.")
        yield Observation(Outcome.UNDETERMINED, text, unread)
        return
    yield Observation(Outcome.PASSED, Text("文件中没有发现宏。", "No file carries macros."))
