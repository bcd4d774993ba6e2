"""The text of a call.yaml as plain values, each of which still knows its line and column.

A stranger may have written it (LintCall). Before any tree is built the events are counted, and whatever could grow or
run is refused: aliases and anchors, tags, merge keys, a second document, depth, size. Nothing here makes objects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml

from services.validation.model import Text

LARGEST = 1024 * 1024  # characters of one call.yaml
_DEPTH = 32  # lists and mappings in one another; a call needs about ten
_EVENTS = 20_000  # values, keys, beginnings and ends; the largest call here has 2,000
_LONGEST_NUMBER = 64  # longer scalars stay texts: a number of a million digits takes its time

Step = int | str
Path = tuple[Step, ...]

# what libyaml or PyYAML says, and what is usually wrong then
_SYNTAX = (
    ("'-' indicator", "此行的缩进与同一列表的其他项不一致，或缺少“- ”"),
    ("block end", "此行的缩进与上一项不一致"),
    ("sequence entries are not allowed", "列表项“- ”应另起一行，并与同一列表的其他项缩进一致"),
    ("mapping values are not allowed", "此行的缩进不对，或文字中有“: ”；有“: ”的文字请加引号"),
    ("tab character", "不能用制表符（Tab）缩进，请用空格"),
    ("cannot start any token", "不能用制表符（Tab）缩进，以 % @ ` 开头的文字请加引号"),
    ("expected ':'", "缺少英文冒号，或引号、括号没有成对"),
    ("expected key", "缩进不一致，或上一行的引号、括号没有成对"),
    ("',' or", "括号没有成对，或各项之间缺少英文逗号"),
    ("end of stream", "引号或括号没有成对"),
    ("escape", "双引号中的反斜杠须写两个，或改用单引号"),
    ("node content", "此处缺少值，或以特殊字符开头的文字没有加引号"),
)
_UNPRINTABLE = yaml.reader.Reader.NON_PRINTABLE
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where the wheel has it: 15 times as fast


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the text, counted from 1; 0 where nobody knows it."""

    line: int = 0
    column: int = 0


class SourceError(Exception):
    """The text is no plain YAML file. at: where; message: one sentence in both languages."""

    def __init__(self, message: Text, at: Mark = Mark()) -> None:
        super().__init__(message.en)
        self.message = message
        self.at = at


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed file. content: mappings, lists, scalars. faults: what YAML allows and we do not: place, path, why."""

    content: object
    faults: tuple[tuple[Mark, Path, Text], ...]
    _root: yaml.Node

    def mark(self, path: Path) -> Mark:
        """Where a path stands: its key, or its item; the nearest enclosing one where the path is not there."""
        node: yaml.Node | None = self._root
        mark = self._root.start_mark
        for step in path:
            found = None
            if isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    if key.value == step:
                        found, mark = value, key.start_mark
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                found = node.value[step]
                mark = found.start_mark
            if found is None:
                break
            node = found
        return _mark(mark)


def parse(text: str) -> Source:
    """The values of a YAML text. Raises SourceError."""
    if len(text) > LARGEST:
        raise SourceError(Text(f"文件超过 {LARGEST} 字。", f"larger than {LARGEST} characters"))
    text = text.removeprefix("\ufeff")
    if unprintable := _UNPRINTABLE.search(text):
        code = f"U+{ord(unprintable[0]):04X}"
        said = Text(f"含有 YAML 不允许的字符（{code}）。", f"not YAML: the character {code} is not allowed")
        raise SourceError(said, _position(text, unprintable.start()))
    try:
        _refuse_hostile(text)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or "not YAML"
        zh = next((zh for pattern, zh in _SYNTAX if pattern in problem), problem)
        raise SourceError(Text(f"YAML 语法错误：{zh}。", problem), _mark(mark)) from error
    if root is None:
        raise SourceError(Text("文件是空的。", "it is empty"), Mark(1, 1))
    faults: list[tuple[Mark, Path, Text]] = []
    loader = yaml.SafeLoader("")
    try:
        return Source(_value(root, (), loader, faults), tuple(faults), root)
    finally:
        loader.dispose()


def steps_of(path: str) -> Path:
    """A written path, "rules[3].params.limit", as steps."""
    return tuple(int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", path))


def written(path: Path) -> str:
    """Steps as a path: forms[0].fields[3].type; "" for the file as a whole."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


def items(content: object) -> Iterable[tuple[Step, object]]:
    """What stands in a mapping or list, with the step to it; nothing in a value."""
    return content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()


def _refuse_hostile(text: str) -> None:
    depth = documents = 0
    for count, event in enumerate(yaml.parse(text, Loader=_Loader)):
        if count > _EVENTS:
            raise _refusal(event, "内容过多", "too many values")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _refusal(event, "不允许使用锚点和别名（& *）", "aliases (*) and anchors (&) are not allowed")
        if getattr(event, "tag", None):
            raise _refusal(event, "不允许使用标签（!）", "tags (!) are not allowed")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEPTH:
                raise _refusal(event, f"嵌套超过 {_DEPTH} 层", f"nested deeper than {_DEPTH}")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _refusal(event, "只能有一个文档（---）", "only one document (---) is allowed")


def _refusal(event: yaml.Event, zh: str, en: str) -> SourceError:
    return SourceError(Text(f"{zh}。", en), _mark(event.start_mark))


def _value(node: yaml.Node, path: Path, loader: yaml.SafeLoader, faults: list[tuple[Mark, Path, Text]]) -> object:
    """A node's value. Keys are texts as they are written: `no: x` and `1: x` have the keys "no" and "1"."""
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), loader, faults) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        values: dict[str, object] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                faults.append((_mark(key.start_mark), path, Text("键必须是文字。", "a key must be a text")))
                continue
            if key.value in values:
                text = Text(f"“{key.value}”出现了两次。", f"{key.value!r} is given twice")
                faults.append((_mark(key.start_mark), path, text))
                continue
            values[key.value] = _value(value, (*path, key.value), loader, faults)
        return values
    if len(node.value) > _LONGEST_NUMBER:
        return str(node.value)
    try:
        return loader.construct_object(node)
    except (ValueError, yaml.YAMLError):
        # 2021-02-30, 08:99: it looks like a date or a number and is none; models say what they wanted
        return str(node.value)


def _mark(mark: Any) -> Mark:
    return Mark(mark.line + 1, mark.column + 1) if mark is not None else Mark()


def _position(text: str, position: int) -> Mark:
    before = text[:position]
    return Mark(before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)
