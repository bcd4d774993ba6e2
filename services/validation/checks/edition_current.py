from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pydantic import Field as Parameter

from extractors.document import Document, Line, Story
from extractors.forms.edition import older_edition
from extractors.values.characters import squeeze
from services.validation.check import Observation, Paper, Params, check
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.statements import iter_kind, missing_paper

_HEAD = 40  # lines within which a cover says of which year it is
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年|版|制|修订|[^\w\s]|$)")  # 2000份明白纸 is no year
_DAY = re.compile(r"\d\s*月|[./-]\s*\d{1,2}(?!\d)")
_MADE = re.compile(r"制(?:表|定)?\s*$|制\s*20\d\d|版[)）]?$|修订")
_LONGEST = 45  # characters of a line that names an edition


class EditionCurrent(Params):
    """A form is the one that belongs to this call, not an earlier year's.

    An earlier edition shows in the year of its title (2020年度……申报书), in the line that says who made it
    (……制 2019年), or in its labels: see `editions` of the form. years: what the title may say.
    """

    document: Paper
    years: tuple[int, ...] = Parameter(min_length=1)


@check("edition_current", EditionCurrent)
def edition_current(submission: Submission, params: EditionCurrent) -> Iterator[Observation]:
    form = params.document
    papers = tuple(iter_kind(submission, form.kind))
    if not papers:
        yield missing_paper(submission, form.zh, form.en)
        return
    expected = "、".join(f"{year}年" for year in params.years)
    seen = False
    for index, _, reading in papers:
        document = reading.document
        seen = seen or bool(document.blocks)
        if (line := _other_year(document, params.years)) is not None:
            evidence = (Evidence(index, line.place, text=line.text.strip()),)
            text = Text(
                f"“{form.zh}”为其他年度的版本：“{line.text.strip()}”。",
                f"The {form.en} is that of another year: “{line.text.strip()}”.",
            )
            yield Observation(Outcome.VIOLATED, text, evidence, expected, line.text.strip())
            return
        if (older := older_edition(document, form.editions)) is not None:
            labels = "、".join(older.met[:6])
            text = Text(
                f"“{form.zh}”使用了“{older.edition.zh}”，其中有本次申报书所没有的栏目：{labels}。",
                f"The {form.en} is an older edition ({older.edition.en}); its own labels are there: {labels}.",
            )
            yield Observation(Outcome.VIOLATED, text, (Evidence(index, text=labels),), expected, older.edition.zh)
            return
    if not seen:
        text = Text(
            "没有文件的文字内容，未能核对版本。", "The files' text is not at hand, so the edition was not checked."
        )
        yield Observation(Outcome.UNDETERMINED, text, tuple(Evidence(index) for index, _, _ in papers), expected)
        return
    text = Text(f"“{form.zh}”为本次申报的版本。", f"The {form.en} shows no sign of another edition.")
    yield Observation(Outcome.PASSED, text, tuple(Evidence(index) for index, _, _ in papers), expected)


def _other_year(document: Document, years: Sequence[int]) -> Line | None:
    """A line of the cover that names another year: the title, or who made the form."""
    lines = [line for line in document.iter_lines() if line.text.strip() and not line.hidden][:_HEAD]
    for position, line in enumerate(lines):
        text = squeeze(line.text)
        if len(text) > _LONGEST or re.search("[:：]|^\\d{1,2}[.．、]", text) or line.story is Story.COMMENT:
            continue
        if position >= 12 and not _MADE.search(text):
            continue
        found = [int(year) for year in _YEAR.findall(text)]
        if found and not _DAY.search(text) and not set(found) & set(years) and line.confidence >= 0.8:
            return line
    return None
