"""Which activity a letter asks for: the name it announces (项目名称：……), else the quoted one that is meant.

Papers, purposes and the call itself stand in quotation marks too; what stands before and behind a name tells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.forms.letter import Found, Letter, Row, body_of, found_on, is_placeholder, pasted
from extractors.values.characters import squeeze

_PLAIN = r"[^“”\"„「」『』《》〈〉]"
_QUOTED = re.compile(  # 《“茶乡问诊”提质增效行动》: the outer marks hold the whole name
    rf"《((?:{_PLAIN}|“{_PLAIN}{{1,40}}”){{2,60}})》|“((?:{_PLAIN}|《{_PLAIN}{{1,40}}》|“{_PLAIN}{{1,40}}”){{2,60}})”"
    rf"|[“\"„「『《〈]({_PLAIN}{{2,60}})[”\"」』》〉]"
)
_MARKS = {"“": "”", "「": "」", "『": "』", "《": "》", "〈": "〉", "„": "”", '"': '"'}
_LONGEST_NAME = 60  # characters of a project's name
_NAME_ROWS = 4  # rows that one takes up
_DOTS = re.compile("[·•・]")
_ITSELF = re.compile("(?:系列)?(?:活动|项目)(?!(?:实施)?(?:方案|通知|申报))")
_OWN_PLAN = re.compile("(?:活动|项目)(?:实施)?方案")
_DOCUMENT_TITLE = re.compile(
    r"(?:通知|方案|办法|意见|规划|纲要|条例|决定|公告|指南|规定|申报书|法|函|报告|讲话|精神|要点|计划)(?:\(.*\))?$"
)
_CAMPAIGN = re.compile(
    r"[^，,。；;“\"《]{0,12}(?:中的|的子项目|之)[“\"《]|(?:主题)?(?:实践|教育|学习|精神|要求|号召|理念|战略)|(?:等)?作用"
)
_PAPER = re.compile(r"通知|文件|方案|精神|要求|部署")
_ACTIVITY = re.compile(r".{0,20}?(?:活动|项目|行动|系列|计划|工程|服务)")
_PURPOSE = re.compile(r"为(?:了|深入|进一步|扎实|贯彻|落实|推动|切实|积极|更好|助力|全面|认真)")


def campaigns(titles: Sequence[str]) -> frozenset[str]:
    """What the titles of a form quote: the names of the call, none of which is a project's (百会百县乡村行)."""
    return frozenset(
        part for title in titles for match in _QUOTED.finditer(title) for part in _DOTS.split(_name(match))
    )


def activity(letter: Letter, cues: Sequence[str], own: frozenset[str] = frozenset()) -> Found | None:
    """The name that is announced (项目名称：), else the quoted one that stands nearest behind one of the cues, best cue
    first; titles of papers do not count.

    cues: words such as 共同开展, best first; a quoted name without a cue counts least. own: `campaigns`.
    """
    rows = body_of(letter)
    if (announced := _announced(rows, cues)) is not None:
        return announced
    text, origin = pasted(rows)
    best: tuple[tuple[int, int], re.Match[str]] | None = None
    for match in _QUOTED.finditer(text):
        name = _name(match)
        if own and own.issuperset(_DOTS.split(name)):
            continue
        clause = re.split(r"[。;；,，]", text[: match.start()])[-1]
        after = re.split(r"[。;；,，]", text[match.end() :])[0][:40]
        asked_for = match[0][0] != "《" and clause.endswith(tuple(cues))
        itself = asked_for or _ITSELF.match(after)  # 共同举办“……培训计划”, “……培训计划”项目: no paper
        if (_DOCUMENT_TITLE.search(name) and not itself) or (
            text[match.end() : match.end() + 1] == "(" and "号" in text[match.end() :][:24]
        ):
            continue
        if _CAMPAIGN.match(after) or (_PAPER.search(after) and not _OWN_PLAN.match(after)):
            continue
        rank = next((i for i, cue in enumerate(cues) if cue in clause[-24:]), len(cues))
        named = bool(_ACTIVITY.match(after) or _ACTIVITY.match(name[-6:]))
        # 为扎实开展“……”: a purpose, not what is asked for; “进村、进校、进企”: a list
        unlikely = len(cues) if _PURPOSE.match(clause) or "、" in name else 0
        score = (rank + (0 if named else 3) + unlikely, match.start())
        if best is None or score < best[0]:
            best = (score, match)
    if best is None:
        return None
    used = sorted({origin[i] for i in range(best[1].start(), best[1].end())})
    return found_on(_name(best[1]).strip(), [rows[i] for i in used], best[1][0])


def _name(quoted: re.Match[str]) -> str:
    return quoted[1] or quoted[2] or quoted[3]


def _announced(rows: Sequence[Row], cues: Sequence[str]) -> Found | None:
    """A name behind a cue that announces one: 项目名称：……. It ends before the next item, or with a row that is not
    full."""
    announcing = "|".join(re.escape(cue) for cue in cues if cue.endswith("名称"))
    if not announcing:
        return None
    cue = re.compile(rf"(?:{announcing})\s*[:：为]{{1,2}}")
    ends = re.compile(r"[。；;，,:：]|[(（]?[一二三四五六七八九十]{1,2}[、)）]|\d{1,2}[.．、](?!\d)")
    right = max((row.place.box.right for row in rows if row.place.box is not None), default=0.0)
    for index, row in enumerate(rows):
        text = squeeze(row.text)
        if (match := cue.search(text)) is None:
            continue
        used, said = [row], text[match.end() :]
        while (
            not ends.search(said)
            and index + len(used) < len(rows)
            and len(used) < _NAME_ROWS
            and (not said or _is_full(used[-1], right) or _opened(said))
        ):
            used.append(rows[index + len(used)])
            said += squeeze(used[-1].text)
        end = ends.search(said)
        name = said[: end.start()] if end is not None else said
        if "(" not in name.partition(")")[0]:
            name = name.partition(")")[0]  # （项目名称：……）
        name = _unquoted(name)
        if 2 <= len(name) <= _LONGEST_NAME and not is_placeholder(name):
            return found_on(name, used, text[match.start() : match.end()] + name)
    return None


def _opened(text: str) -> bool:
    """Whether a text begins with a quotation mark that nothing closes yet."""
    closing = _MARKS.get(text[:1])
    if closing is None or len(text) > _LONGEST_NAME:
        return False
    return text.count(closing) < text.count(text[0]) if closing != text[0] else closing not in text[1:]


def _unquoted(name: str) -> str:
    """The name without marks that hold all of it: “《茶乡》问诊”, ““茶乡”问诊”; not “甲”和“乙”."""
    opening, closing = name[:1], _MARKS.get(name[:1])
    if closing is None or len(name) < 3 or name[-1] != closing:
        return name
    inner, depth = name[1:-1], 0
    for character in inner if closing != opening else "":
        depth += (character == opening) - (character == closing)
        if depth < 0:
            return name
    return inner if depth == 0 and (closing != opening or opening not in inner) else name


def _is_full(row: Row, right: float) -> bool:
    """Whether a row of a page reaches the right margin, so that what it says may go on; a paragraph never does."""
    return row.place.box is not None and row.place.box.right > right - 1.5 * row.height
