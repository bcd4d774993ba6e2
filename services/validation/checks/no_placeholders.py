from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import Field as Parameter

from extractors.document import Line, Source
from extractors.hanzi import HAN
from services.validation.check import Observation, Paper, Params, check
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.statements import iter_kind, missing_paper

_CROSSES = re.compile(
    rf"[×✕╳]{{2,}}|(?<![A-Za-z0-9._@-])[xX]{{2,}}(?=[{HAN}])|(?<=[{HAN}])[xX]{{2,}}(?![A-Za-z0-9._@-])|某某|[○〇]{{2,}}(?=[{HAN}])|[*＊]{{2,}}(?=[{HAN}])"
)
_HINT = re.compile(
    r"[（(【\[](?:此处|请在此|请简要|请填写|请说明|请注明|请输入|在此填写|填写本栏|简要说明|示例|样例|注[:：]请)[^（）()【】\[\]]{0,80}[）)】\]]"
    r"|填写后请删除|请删除本(?:提示|说明|行)|(?:单击|点击)(?:或点击)?(?:此处|这里)(?:输入|添加)"
)
_LABEL = re.compile(rf"^[{HAN}/、 \u3000]{{2,14}}[（(]请(?:填写|注明)[^（）()]{{1,20}}[）)][:：]?\s*$")
_SHOWN = 60
_MOST = 8  # places shown


class NoPlaceholders(Params):
    """Nothing of a template is left that was to be replaced: ××学会, 某某县, （此处填写……）, （填写后请删除）.

    A note that stands behind a label (单位名称（请填写全称）) is the form's own. On scans, lines read with less than
    `sure` (0 to 1) are not judged.
    """

    documents: tuple[Paper, ...] = Parameter(min_length=1)
    sure: float = Parameter(default=0.8, ge=0, le=1)


@check("no_placeholders", NoPlaceholders)
def no_placeholders(submission: Submission, params: NoPlaceholders) -> Iterator[Observation]:
    forms = params.documents
    papers = [(index, reading) for form in forms for index, _, reading in iter_kind(submission, form.kind)]
    if not papers:
        yield missing_paper(submission, "、".join(form.zh for form in forms), ", ".join(form.en for form in forms))
        return
    found = [
        Evidence(index, line.place, text=words)
        for index, reading in papers
        for line in reading.document.iter_lines()
        if (words := _left(line, params.sure))
    ]
    if found:
        words = "、".join(dict.fromkeys(f"“{each.text}”" for each in found[:3]))
        text = Text(
            f"有 {len(found)} 处模板提示或占位符没有替换：{words}。",
            f"{len(found)} hints or placeholders of the template were left: {words}.",
        )
        yield Observation(Outcome.VIOLATED, text, tuple(found[:_MOST]), "0", str(len(found)))
    elif not any(reading.document.blocks for _, reading in papers):
        text = Text("没有文件的文字内容，本项未检查。", "The files' text is not at hand, so this was not checked.")
        yield Observation(Outcome.UNDETERMINED, text)
    else:
        yield Observation(
            Outcome.PASSED, Text("没有未替换的模板提示或占位符。", "No hint or placeholder of a template was left.")
        )


def _left(line: Line, sure: float) -> str:
    """The words around what was left; "" for nothing."""
    if line.hidden or (line.source is Source.OCR and line.confidence < sure) or _LABEL.match(line.text):
        return ""
    match = _CROSSES.search(line.text) or _HINT.search(line.text)
    if match is None:
        return ""
    start = max(0, match.start() - 10)
    return line.text[start : max(match.end() + 10, start + 20)].strip()[:_SHOWN]
