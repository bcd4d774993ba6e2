"""Labels: what makes two of them the same, and which known label a text is.

People write 项目名称, 项 目 名 称, “1.项目名称（不超过20字）：” for one label; OCR adds a wrong character now and then.
Everything is compared in one normal form; only recognised text may differ by an edit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from extractors.forms.spec import FieldSpec, FormSpec
from extractors.hanzi import HAN
from extractors.values.characters import squeeze

_NUMBERING = re.compile(
    rf"^(?:\(?[一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]{{1,3}}[)、.:]|\d{{1,2}}(?:\.\d{{1,2}}){{1,2}}(?=[{HAN}])"
    r"|\(?\d{1,2}(?:\.\d{1,2}){0,2}[)、.]|[①-⑳]|[*★●■◆▲])+"
)
_NUMBERED = re.compile(rf"^\s*\d{{1,2}}(?:\.\d{{1,2}}){{0,2}}[.．、]?\s+(?=[{HAN}])")  # 4 主要任务
_NOTE = re.compile(r"\([^()]{0,40}\)?")
_JOINTS = re.compile(r"[/、·\\|:*_“”\"']")
_UNIT = re.compile(rf"(?<=[{HAN}])/?(?:单位:?)?万?元$")
_AND = re.compile(r"[及与和]")
_NAMED = ("名称", "全称")
_BRACKETED = re.compile(r"\(([^()]{4,24})\)$")
_UNIT_NOTE = re.compile(r"单位[:：为是]{0,2}(?:人民币)?(万?元)|[(]((?:人民币)?万?元)(?:[/,][^()]{0,20})?[)]")
_BESIDE = re.compile(
    rf"(?<=[{HAN}])(?!E-?mail$)[A-Z][A-Za-z .&'-]{{2,}}$"
)  # 金额 Amount; 联系人E-mail is another label
_E_MAIL = re.compile(r"e[-—–－_.·]?mail", re.IGNORECASE)
_GLOSS = re.compile(r"[A-Za-z][A-Za-z ./&'()-]*")
_FOREIGN = re.compile(rf"(?<=[{HAN}])[A-Za-z][A-Za-z .&'-]*$|^[A-Za-z][A-Za-z .&'-]*(?=[{HAN}])")
LONGEST = 24
"""No label is longer, in characters of its normal form."""


@lru_cache(maxsize=4096)
def normal_label(text: str) -> str:
    """The label without numbers in front, foreign words behind it, blanks, bracketed notes, units, colons and slashes.

    职务/职称 = 职务职称.
    """
    squeezed = _NUMBERING.sub("", squeeze(_NUMBERED.sub("", _without_gloss(text[:200]))))
    bare = _NOTE.sub("", squeezed) or squeezed.strip("()")
    return _JOINTS.sub("", _UNIT.sub("", _BESIDE.sub("", _E_MAIL.sub("E-mail", bare))))


def _without_gloss(text: str) -> str:
    """The label without its lines in another language: 电话/手机⏎Tel/Mobile."""
    if "\n" not in text:
        return text
    foreign = {line for line in text.split("\n") if _GLOSS.fullmatch(line.strip()) and not _E_MAIL.search(line)}
    own = [line for line in text.split("\n") if line not in foreign]
    return "\n".join(own) if any(line.strip() for line in own) else text


def unit_note(text: str) -> str:
    """The unit that a heading, a caption or a group's label states for what stands below or beside it, as a note:
    （万元） or （元）; "" where it states none."""
    match = _UNIT_NOTE.search(squeeze(text[:200]))
    return "" if match is None else f"（{match[1] or match[2]}）"


@dataclass(frozen=True, slots=True)
class Match:
    """A text is a known label. cost: 0 exact, 1 with words in front, 2 and more with edits."""

    label: str
    cost: int


@dataclass(frozen=True, slots=True)
class Labels:
    """Every label that a form knows, in normal form.

    anchors: parts of labels and headings that open or bar a place (see FieldSpec.sections and barred).
    composed: those labels of a place that are written with it (see `composed_of`); only ever as they are.
    titles: of the form, which are no labels, however near one: 项目申报书 is not 项目申报人.
    """

    known: frozenset[str]
    anchors: tuple[str, ...]
    composed: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()

    def __contains__(self, label: str) -> bool:
        """Whether a normal form is a label as it stands."""
        return label in self.known or label in self.composed

    def match(self, text: str, *, recognised: bool) -> Match | None:
        """Which known label the whole text is; None where it is none. recognised: it came from OCR."""
        return _match(self.known, self.composed, self.titles, text, recognised)

    def anchor(self, text: str) -> bool:
        """Whether a label or heading opens or bars a place."""
        label = normal_label(text)
        return any(anchor in label for anchor in self.anchors)


@lru_cache(maxsize=32768)  # a form's lines and cells are matched several times, and forms of a call repeat each other
def _match(
    known: frozenset[str], composed: frozenset[str], titles: frozenset[str], text: str, recognised: bool
) -> Match | None:
    label = normal_label(text)
    if not label or len(label) > LONGEST:
        return None
    label = label.removeprefix("其中") or label
    if label.startswith("同") and label[1:] in known:
        return None  # 同负责人: what stands beside a label
    if label in known or label in composed:
        return Match(label, 0)
    if label.endswith(_NAMED) and len(label) > 4 and label[:-2] in known:  # 结对县科协名称
        return Match(label[:-2], 1)
    first, *others = _AND.split(label)  # 联系人及电话: the first thing is what stands first
    if others and first in known and all(other.removeprefix("其") in known for other in others):
        return Match(first, 1)
    chinese = _FOREIGN.sub("", label)  # 项目名称 Project
    if chinese != label and chinese in known:
        return Match(chinese, 1)
    for skip in range(1, min(5, len(label) - 2)):
        if label[skip:] in known:
            return Match(label, 1)
    if together := _together(text, known):
        return Match(together[0], 1)
    note = _BRACKETED.search(squeeze(text[:200]))
    if note is not None and normal_label(note[1]) in known:  # 社会团体登记证号（统一社会信用代码）
        return Match(normal_label(note[1]), 2)
    near = _near(label, chain(known, titles)) if recognised and len(label) >= 3 else None
    return None if near is not None and near.label in titles else near


def _near(label: str, known: Iterable[str]) -> Match | None:
    """The one label that slips of OCR explain; None where there is none, or two are as near."""
    tolerated = _tolerated(label)
    characters = frozenset(label)
    near = sorted(
        (edits(label, other), other)
        for other in known
        # each character that only one of the two has costs an edit
        if abs(len(other) - len(label)) <= tolerated + 1
        and len(characters - _characters(other)) <= tolerated + 1
        and len(_characters(other) - characters) <= tolerated + 1
    )
    if near and near[0][0] <= tolerated and (len(near) == 1 or near[1][0] > near[0][0]):
        return Match(near[0][1], 1 + near[0][0])
    return None


@lru_cache(maxsize=8192)
def _characters(label: str) -> frozenset[str]:
    return frozenset(label)


def named_together(text: str, labels: Labels) -> tuple[str, ...]:
    """The labels of a text that names several, such as 项目负责人/联系人; () for any other."""
    return _together(text, labels.known)


def _together(text: str, known: frozenset[str]) -> tuple[str, ...]:
    names = tuple(normal_label(name) for name in re.split("[/／、]", _without_gloss(text[:60])))
    return names if 2 <= len(names) <= 3 and all(name in known for name in names) else ()


@lru_cache(maxsize=32)
def labels_of(form: FormSpec) -> Labels:
    """The labels of a form: of its fields, their columns, and its stops."""
    known = {normal_label(text) for field in form.fields for text in _texts(field)}
    known |= {normal_label(text) for text in form.stops}
    anchors = {normal_label(text) for field in form.fields for text in (*field.sections, *field.barred)}
    composed = {text for field in form.fields for text in composed_of(field)}
    ordered = tuple(sorted(anchors - {""}, key=len, reverse=True))
    titles = frozenset(normal_label(title) for title in form.titles)
    return Labels(frozenset(known - {""}), ordered, frozenset(composed - known), titles - known)


@lru_cache(maxsize=1024)
def composed_of(field: FieldSpec) -> tuple[str, ...]:
    """Each label of a field that counts within a place, behind the place's name (经办人电话); best first."""
    names = [f"{before}{section}" for section in field.sections for before in ("", "项目")]
    return tuple(normal_label(f"{name}{label}") for label in field.local for name in names)


def _texts(field: FieldSpec) -> Iterable[str]:
    yield from field.labels
    yield from field.local
    for column in field.columns:
        yield from _texts(column)


def _tolerated(label: str) -> int:
    """How many edits OCR may have made in a label of this length."""
    return 1 if len(label) < 7 else 2


@lru_cache(maxsize=65536)
def edits(a: str, b: str) -> int:
    """Levenshtein distance."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]
