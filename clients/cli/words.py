"""What the codes of an answer are called on a terminal, in Chinese and in English; and how places are written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from clients.cli.text import printable
from clients.errors import ClientError
from clients.sdk import Client
from heyan.v1 import document_pb2 as document
from heyan.v1 import intake_service_pb2 as intake
from heyan.v1 import report_pb2 as report
from heyan.v1.call_pb2 import FieldDescription

Words = Mapping[int, tuple[str, str, str]]  # code → zh, en, rich style

VERDICTS: Final[Words] = {
    report.VERDICT_RETURN: ("退回", "RETURN", "red"),
    report.VERDICT_REVIEW: ("人工复核", "REVIEW", "yellow"),
    report.VERDICT_ACCEPTABLE: ("可受理", "ACCEPTABLE", "green"),
}
OUTCOMES: Final[Words] = {
    report.OUTCOME_VIOLATED: ("✗ 不符", "✗ violated", "red"),
    report.OUTCOME_UNDETERMINED: ("? 待定", "? undetermined", "yellow"),
    report.OUTCOME_PASSED: ("✓ 通过", "✓ passed", "green"),
    report.OUTCOME_NOT_APPLICABLE: ("– 不适用", "– not applicable", "dim"),
}
SEVERITIES: Final[Words] = {
    report.SEVERITY_ERROR: ("须退回", "error", "red"),
    report.SEVERITY_WARNING: ("须复核", "warning", "yellow"),
    report.SEVERITY_INFO: ("仅提示", "info", "dim"),
}
STATES: Final[Words] = {
    document.FIELD_STATE_FOUND: ("已填", "found", ""),
    document.FIELD_STATE_BLANK: ("未填", "blank", "yellow"),
    document.FIELD_STATE_ABSENT: ("未见此栏", "absent", "dim"),
    document.FIELD_STATE_UNCLEAR: ("无法辨认", "unclear", "yellow"),
}
SUBMISSION_STATES: Final[Words] = {
    intake.SUBMISSION_STATE_QUEUED: ("等待中", "queued", ""),
    intake.SUBMISSION_STATE_RUNNING: ("核验中", "running", "cyan"),
    intake.SUBMISSION_STATE_DONE: ("已完成", "done", "green"),
    intake.SUBMISSION_STATE_FAILED: ("未完成", "failed", "red"),
    intake.SUBMISSION_STATE_CANCELLED: ("已取消", "cancelled", "dim"),
    intake.SUBMISSION_STATE_ERASED: ("已删除", "erased", "dim"),
}
SHAPES: Final[Words] = {
    document.SEAL_SHAPE_ROUND: ("圆形", "round", ""),
    document.SEAL_SHAPE_OVAL: ("椭圆形", "oval", ""),
    document.SEAL_SHAPE_SQUARE: ("方形", "square", ""),
    document.SEAL_SHAPE_RECTANGLE: ("长方形", "rectangle", ""),
    document.SEAL_SHAPE_OTHER: ("其他形状", "other", ""),
}
COLOURS: Final[Words] = {
    document.SEAL_COLOUR_RED: ("红", "red", "red"),
    document.SEAL_COLOUR_PURPLE: ("紫", "purple", "magenta"),
    document.SEAL_COLOUR_BLUE: ("蓝", "blue", "blue"),
    document.SEAL_COLOUR_BLACK: ("黑", "black", ""),
}
PRESENCES: Final[Words] = {
    document.PRESENCE_PRESENT: ("有签字", "signed", ""),
    document.PRESENCE_ABSENT: ("无签字", "not signed", "yellow"),
    document.PRESENCE_UNSURE: ("签字未定", "signature unsure", "yellow"),
}
_PATH_ZH = {
    "paragraph": "段", "table": "表", "row": "行", "cell": "格", "column": "列", "line": "行", "picture": "图片",
    "section": "节", "first": "首页", "even": "偶数页", "header": "页眉", "footer": "页脚", "footnote": "脚注",
    "endnote": "尾注", "comment": "批注", "text": "文本", "box": "框", "boxes": "框",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """What a call calls its papers and fields; ids stand for themselves where it is not known."""

    title: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (kind, field or field.column) → label

    def kind(self, kind: str) -> str:
        return self.kinds.get(kind, kind)

    def field(self, kind: str, id: str) -> str:
        return self.fields.get((kind, id), id)


def names_of(client: Client, call: str, lang: str) -> Names:
    """The names of a call; none where the server does not tell them, for they are only an ornament."""
    try:
        known = client.get_call(call)
    except ClientError:
        return Names()
    fields = {
        (form.kind, id): label
        for form in known.forms
        for description in form.fields
        for id, label in _labels(description)
    }
    if lang == "zh":
        fields |= {(form.kind, slot.id): slot.title.zh for form in known.forms for slot in form.slots}
    kinds = {form.kind: getattr(form.title, lang) or form.kind for form in known.forms}
    kinds["other"] = {"zh": "其他材料", "en": "other"}[lang]
    return Names(getattr(known.title, lang), kinds, fields if lang == "zh" else {})


def _labels(description: FieldDescription) -> list[tuple[str, str]]:
    named = [(description.id, description), *((f"{description.id}.{c.id}", c) for c in description.columns)]
    return [(id, name) for id, each in named if (name := each.title.zh or next(iter(each.labels), ""))]


def word(words: Words, code: int, lang: str) -> tuple[str, str]:
    """The word for a code and its style; a code that a newer server brings is shown as its number."""
    zh, en, style = words.get(code, (f"#{code}", f"#{code}", "yellow"))
    return (zh if lang == "zh" else en), style


def flat(text: str) -> str:
    """The text on one line, safe to print."""
    return printable(" ".join(text.split()))


def shortened(text: str, characters: int) -> str:
    """At most so many characters, with an ellipsis where something is missing."""
    text = flat(text)
    return text if len(text) <= characters else text[: characters - 1] + "…"


def quoted(text: str, characters: int, lang: str) -> str:
    """The words of a paper or a notice, at most so many characters. 「」 is as wide as it looks in every font."""
    text = shortened(text, characters)
    return f"「{text}」" if lang == "zh" else f'"{text}"'


def where(place: document.Place, lang: str) -> str:
    """Where something stands: "第 2 页", "表 2 行 3 格 1"; empty where nobody knows."""
    if place.page:
        return f"第 {place.page} 页" if lang == "zh" else f"page {place.page}"
    path = flat(place.path)
    if lang == "zh":
        path = re.sub(r"[a-z]+", lambda m: _PATH_ZH.get(m[0], m[0]), path).replace(" / ", " ")
    return path
