"""A person as forms name one: the name, and the post or title that stands beside, before or right behind it.

张  三 · 张三 教授 · 张三（研究员，博导） · 张三正高级农艺师 · 张三，副会长兼秘书长，138… · 秘书长：张三
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.hanzi import HAN
from extractors.values.characters import fold

_RANKS = "正|副|高级|中级|初级|助理|推广|主任|主管|首席|特聘|资深|名誉|常务|执行|一级|二级|三级"
_POSTS = (
    "教授|研究员|馆员|实验师|工程师|农艺师|畜牧师|兽医师|医师|药师|护师|技师|经济师|会计师|统计师|教师|讲师|院士|博士|硕士|"
    "博导|硕导|主任|主席|秘书长|理事长|[部处科室站所院校馆会局厅社组队]长|书记|委员|干事|秘书|主管|主编|编辑|"
    "先生|女士|同志|老师|专家"
)
_ROLE = rf"(?:兼?(?:{_RANKS}){{0,3}}(?:{_POSTS}))"
_ROLES = re.compile(rf"{_ROLE}+|高工|男|女")
_BEHIND = re.compile(rf"(?P<name>[{HAN}]{{2,4}}?)(?P<role>{_ROLE}+)")  # 张三正高级农艺师
_BEFORE = re.compile(rf"[{HAN}]{{0,8}}?{_ROLE}(?P<name>[{HAN}]{{2,3}})")  # 办公室主任张三
_OFFICE = re.compile(rf"[{HAN}]{{2,}}(?:室|部|处|中心)")  # 办公室 张三
_ASKED = re.compile("(?:.{0,4}(?:负责人|联系人|主持人))?姓名|.{0,4}(?:负责人|联系人|主持人|经办人)|电话|手机")
_CALLED = re.compile(rf".{{0,6}}(?:负责人|联系人|主持人)[为是](?=[{HAN}]{{2}})")  # 项目负责人为张三
_NAME = re.compile(rf"^[{HAN}](?:[{HAN}·•]{{1,14}})|^[A-Za-z][A-Za-z .'-]{{1,40}}")
_APART = re.compile(r"[,，、/;；()\n:：]+|(?=\d)")
_COMPOUND = re.compile(  # 复姓
    "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|太叔|申屠|公孙|慕容|"
    "仲孙|钟离|长孙|宇文|司徒|鲜于|司空|闾丘|令狐|百里|呼延|东郭|南门|羊舌|微生|左丘|东门|西门|拓跋|完颜|轩辕|淳于|单于|第五"
)
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Person:
    """title: the first post or title that is named with the person; "" for none."""

    name: str
    title: str = ""


def read_person(raw: str) -> Person | None:
    """The first person that `raw` names; None where it names none."""
    words = [word for part in _APART.split(_unbroken(fold(raw))) for word in _joined(part.strip(" _"))]
    name, title = "", ""
    for index, word in enumerate(words):
        if _ROLES.fullmatch(word):
            title = title or (word if len(word) > 1 else "")
            continue
        joined = _BEHIND.fullmatch(word) or _BEFORE.fullmatch(word)
        if joined is not None:
            title = title or joined.groupdict().get("role", "")
            word = joined["name"]
        if name:
            continue
        office = _OFFICE.fullmatch(word) and any(_is_name(each) for each in words[index + 1 : index + 2])
        word = _CALLED.sub("", word)
        if not (_ASKED.fullmatch(word) or office) and (match := _NAME.match(word)) is not None:
            name = match[0]
    return Person(name, title) if name else None


def _unbroken(text: str) -> str:
    """The text without the line breaks that narrow cells made in names: 王晓 / 明, 长孙 / 无忌; 张三 / 李四 are two."""
    lines = [line.strip() for line in text.split("\n")]
    whole = lines[:1]
    for line in lines[1:]:
        halves = re.fullmatch(rf"[{HAN}]{{1,2}}", whole[-1]) and re.fullmatch(rf"[{HAN}]{{1,2}}", line)
        if (
            halves
            and (1 in (len(whole[-1]), len(line)) or _COMPOUND.fullmatch(whole[-1]))
            and not _ROLES.fullmatch(line)
        ):
            whole[-1] += line
        else:
            whole.append(line)
    return "\n".join(whole)


def _is_name(word: str) -> bool:
    return bool(re.fullmatch(f"[{HAN}]{{2,4}}", word)) and not _ROLES.fullmatch(word) and not _ASKED.fullmatch(word)


def _joined(part: str) -> list[str]:
    """The words between blanks, those of a name that is set wide as one: 张 三; 张 三 丰; 胡  振东."""
    words: list[str] = []
    for word in _BLANKS.split(part):
        last = words[-1] if words else ""
        if last and len(last) + len(word) <= 3 and 1 in (len(last), len(word)) and not _ROLES.fullmatch(word):
            words[-1] += word
        elif word:
            words.append(word)
    return words
