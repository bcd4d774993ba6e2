"""Where labels stand in a text, and where the value of each ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.document import Line, Source
from extractors.forms.choice import BOX
from extractors.forms.labels import LONGEST, Labels, Match
from extractors.forms.statement import Statement
from extractors.hanzi import HAN

_COLON = re.compile(r"[:：﹕]")
_FRAMED = re.compile(rf"(?<=[{HAN}])【([^【】]*)】")  # 项目名称【…】: as good as a colon and a gap, as long as they
_LEADERS = re.compile(r"…{2,}|[.．·]{6,}")  # 项目名称……………科技助农行动
_LED = re.compile(r"^[\s…]*(?:[.．·]{6,})?|[\s…]*$")  # the rest of leaders at either end of a value
_SEPARATOR = '，,。；;、（）()【】[]|｜\t“”"《》'
_UNKNOWN_LABEL = re.compile(rf"(?:^|[\s，,；;。（(])([{HAN}A-Za-z/]{{2,12}})$")
_NUMBER = re.compile(r"\d[\d,.]*(?:万?元)?\s")  # 申请：9.6 自筹：2.4: the value before the label, no number of an item
_BEGUN_NOTE = re.compile(r"[^(（]*[)）]")  # the rest of a bracketed note: 职称） of 职务（职称）
GAP = "\t"
SHORT = 100  # characters of a paragraph that may be the value of the heading above it


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a label stands in a text: match None for an unknown label. Offsets into the text."""

    start: int
    label_end: int
    value_start: int
    match: Match | None


def cuts(text: str, labels: Labels, *, recognised: bool) -> list[Cut]:
    """The labels in a text, left to right."""
    text = _LEADERS.sub(lambda dots: GAP * len(dots[0]), _FRAMED.sub(r"：\1\t", text))
    found: list[Cut] = []
    floor = 0
    for colon in _COLON.finditer(text):
        if (cut := _before_colon(text, floor, colon.start(), labels, recognised=recognised)) is not None:
            found.append(cut)
            floor = colon.end()
    for box in BOX.finditer(text):  # 学会类型 ☑全国学会 □省级学会
        end = len(text[: box.start()].rstrip())
        last = max((cut.value_start for cut in found if cut.value_start <= end), default=0)
        cut = _before_colon(text, last, end, labels, recognised=False) if end > last else None
        if cut is not None and cut.match is not None:
            found.append(Cut(cut.start, end, box.start(), cut.match))
    # labels without a colon: at the start of the line or after a wide gap
    start = 0
    for part in re.split(r"(\t+|\s{2,}|_{2,})", text):
        if part.strip("_ \t") and not any(cut.start < start + len(part) and start < cut.value_start for cut in found):
            match = labels.match(part, recognised=recognised) if len(part) <= 40 else None
            if match is not None and not _COLON.search(part):
                found.append(Cut(start, start + len(part), start + len(part), match))
        start += len(part)
    return sorted(found, key=lambda cut: cut.start)


def _before_colon(text: str, floor: int, colon: int, labels: Labels, *, recognised: bool) -> Cut | None:
    """The label that ends at a colon: the longest known text before it, else an unknown word."""
    best: Cut | None = None
    length = 0
    for start in range(colon - 1, max(floor, colon - 48) - 1, -1):
        character = text[start]
        if character.isspace():
            continue
        length += 1
        if length > LONGEST + 12:
            break
        if floor and not text[floor:start].strip() and _NUMBER.match(text, start):
            continue
        if start > floor and (not _boundary(text, start) or _BEGUN_NOTE.match(text[start:colon])):
            continue
        match = labels.match(text[start:colon], recognised=recognised)
        if match is not None and (best is None or best.match is None or match.cost <= best.match.cost):
            best = Cut(start, colon, colon + 1, match)
    # 负责人：李晓立职称/职务：副研究员: behind a colon, words in front of a label are the value before it
    glued = best is not None and best.match is not None and best.match.label not in labels and best.start == floor
    if best is None or (glued and floor):
        tail = text[floor:colon].rstrip()
        for size in range(LONGEST, 1, -1):  # a label right behind other words: 我会联系人：
            candidate = tail[-size:]
            if size < len(tail) and candidate.strip() == candidate:
                match = labels.match(candidate, recognised=False)
                if match is not None and match.cost == 0:
                    return Cut(floor + len(tail) - size, colon, colon + 1, match)
        if best is None and (unknown := _UNKNOWN_LABEL.search(tail)):
            return Cut(floor + unknown.start(1), colon, colon + 1, None)
    return best


def _boundary(text: str, start: int) -> bool:
    if text[start].isdigit() and text[start - 1] in ".．" and text[: start - 1][-1:].isdigit():
        return False  # 2022.7 经费申请：: no item number seven
    return text[start - 1].isspace() or text[start - 1] in _SEPARATOR or text[start - 1] in "_:：.．*★●"


def split_line(line: Line, labels: Labels) -> list[Statement]:
    """The statements of one line or paragraph; [] where it holds no label."""
    recognised = line.source is Source.OCR
    found = cuts(line.text, labels, recognised=recognised) or spaced_cuts(line.text, labels)
    statements = []
    for cut, following in zip(found, [*found[1:], None], strict=False):
        if cut.match is None:
            continue
        end = following.start if following is not None else len(line.text)
        statements.append(
            Statement(
                label=cut.match.label,
                written=line.text[cut.start : cut.label_end],
                value=trimmed(line.text[cut.value_start : end], last=following is None),
                place=line.place,
                confidence=line.confidence,
                source=line.source,
                cost=cut.match.cost,
            )
        )
    return statements


def spaced_cuts(text: str, labels: Labels) -> list[Cut]:
    """Labels that nothing but a blank parts from their values: 联系人 钟杰 电话 0731-84618163. The first begins it."""
    words = list(re.finditer(r"\S+", text[:SHORT]))
    if spread := spread_cuts(text, labels):
        return spread
    found = [
        Cut(word.start(), word.end(), word.end(), match)
        for word in words
        if len(word[0]) >= 2 and (match := labels.match(word[0], recognised=False)) is not None and match.cost == 0
    ]
    return found if len(words) > 1 and found and found[0].start == words[0].start() else []


def spread_cuts(text: str, labels: Labels) -> list[Cut]:
    """A label set as wide as those around it, whatever blanks that takes: 联　　系　　人　　钟杰."""
    words = list(re.finditer(r"\S+", text[:SHORT]))
    single = next((index for index, word in enumerate(words) if len(word[0]) > 1), len(words))
    for size in range(min(single, LONGEST, len(words) - 1), 1, -1):
        match = labels.match("".join(word[0] for word in words[:size]), recognised=False)
        if match is not None and match.cost == 0:
            return [Cut(words[0].start(), words[size - 1].end(), words[size - 1].end(), match)]
    return []


def glued_cuts(text: str, labels: Labels) -> list[Cut]:
    """A label and its value recognised as one word: 项目名称科技助农行动."""
    for size in range(min(LONGEST, len(text) - 1), 3, -1):
        match = labels.match(text[:size], recognised=False)
        if match is not None and match.cost == 0 and text[size : size + 1].strip():
            return [Cut(0, size, size, Match(match.label, 2))]
    return []


def trimmed(value: str, *, last: bool) -> str:
    """A value without the separators that lead over to the next label, and without a bracket opened before it."""
    value = _LED.sub("", value).strip(" \t\u3000")
    if not last:
        value = value.rstrip(" \t\u3000，,；;、。（(【[")
    value = value.rstrip("，,；;、。") if len(value) < 80 else value
    if value.endswith((")", "）", "】", "]")) and not re.search(r"[(（【\[]", value):
        value = value[:-1]
    return value


def known_cuts(found: Sequence[Cut]) -> int:
    return sum(cut.match is not None for cut in found)
