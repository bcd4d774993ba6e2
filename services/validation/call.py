"""call.yaml to Call: forms, rules and dates of one call, or everything that is wrong with them.

The file is checked by pydantic models that refuse what they do not know; each mistake is told with line, column and the
path of the field (`forms[0].fields[3].type`). Parameters of rules are passed on as they are: each check knows its own
(judge.validate_rules). What a call.yaml needs to be usable is told by lint.py, which also proves its rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from extractors.forms.edition import read_edition
from extractors.forms.spec import Edition, FieldSpec, FieldType, Finder, FormSpec, Option, SlotFinder, SlotSpec
from services.validation import source as yaml_source
from services.validation.mistakes import Mistake, mistake, mistakes, no_such
from services.validation.model import Call, Clause, Rule, Severity, Text
from services.validation.source import Mark, Source, SourceError, written

FILE = "call.yaml"
_LARGEST = 4 * yaml_source.LARGEST  # bytes of one call.yaml
_UNDONE = Text("尚未填写（TODO）。", "still to be done (TODO)")


def _written(pattern: str, zh: str, en: str) -> AfterValidator:
    """A text of this pattern; else the two sentences."""

    def validate(value: str) -> str:
        if re.fullmatch(pattern, value) is None:
            raise mistake(zh, en)
        return value

    return AfterValidator(validate)


_Id = Annotated[
    str,
    _written(
        "[a-z][a-z0-9_]{0,63}",
        "只能用小写字母、数字和下划线，以字母开头，如 project_name。",
        "small letters, digits and underscores, a letter first: project_name",
    ),
]
_FieldName = Annotated[
    str,
    _written(
        r"[a-z][a-z0-9_]{0,63}\.[a-z][a-z0-9_]{0,63}",
        "应写作 材料.栏目，如 application_form.applicant。",
        "a field is written form.field: application_form.applicant",
    ),
]
_RuleId = Annotated[
    str,
    _written(
        "[A-Za-z][A-Za-z0-9_.-]{0,63}",
        "只能用英文字母、数字、连字符、下划线和点，以字母开头，如 missing-seal。",
        "letters, digits, hyphens, underscores and dots, a letter first: missing-seal",
    ),
]
_CallId = Annotated[
    str,
    _written(
        "[a-z0-9][a-z0-9-]{0,62}",
        "只能用小写字母、数字和连字符，如 zhihui-2021。",
        "small letters, digits and hyphens: zhihui-2021",
    ),
]
_Words = Annotated[str, Field(min_length=1, max_length=2000)]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a call.yaml. path: of the field, e.g. forms[0].fields[3].type; "" for the file as a whole.

    severity: of an ERROR the call cannot be used; a WARNING is likely to be a mistake, the call works; INFO is told.
    """

    mark: Mark
    path: str
    message: Text
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return self.told.en

    @property
    def told(self) -> Text:
        """The sentence with its place in front."""
        where = f"{self.mark.line}:{self.mark.column}: " if self.mark.line else ""
        where += f"{self.path}: " if self.path else ""
        return Text(where + self.message.zh, where + self.message.en)


class CallError(Exception):
    """A call.yaml is wrong. problems: at least one, in the order of the text. file: as given.

    reason, line, column, path are those of the first.
    """

    def __init__(self, problems: Sequence[Problem], *, file: str = FILE) -> None:
        first, more = problems[0], len(problems) - 1
        super().__init__(f"{file}:{' ' if not first.mark.line else ''}{first}{f' (and {more} more)' if more else ''}")
        self.problems = tuple(problems)
        self.file = file
        self.reason = first.message.en
        self.line = first.mark.line
        self.column = first.mark.column
        self.path = first.path


@dataclass(frozen=True, slots=True)
class Rest:
    """A call without what is wrong with it, so that the rest of it can be looked at nevertheless.

    lost: names of the forms, fields and rules that it lacks.
    """

    call: Call
    lost: frozenset[str]
    _content: object
    _origins: Mapping[int, yaml_source.Path]

    def origin(self, path: yaml_source.Path) -> yaml_source.Path:
        """Where in the file a path of this call stands: items may have been taken out before it."""
        return _origin(path, self._content, self._origins)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text came to. call: None where something is wrong. source: None where the text is no YAML.

    rest: what is left of a call with mistakes; None where too little is left.
    """

    problems: tuple[Problem, ...]
    source: Source | None = None
    call: Call | None = None
    rest: Rest | None = None


def load_call(source: Path | str) -> Call:
    """The call in a folder, or in the text of a call.yaml (a str is always text). Raises CallError."""
    text, file = (source, FILE) if isinstance(source, str) else (read_text(source), str(source / FILE))
    parsed = parse_call(text) if isinstance(source, str) else parse_call(text, source.name, source)
    if parsed.call is None:
        raise CallError(parsed.problems, file=file)
    return parsed.call


def read_text(folder: Path, name: str = FILE) -> str:
    """The text of a file of a call's folder. Raises CallError."""
    file = folder / name
    try:
        if not file.is_file():  # a pipe would never end
            raise _unread(file, "没有这个文件", "no such file")
        with file.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise _unread(file, f"超过 {_LARGEST} 字节", f"larger than {_LARGEST} bytes")
        return data.decode("utf-8")
    except OSError as error:
        raise _unread(file, f"无法读取（{error.strerror}）", f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        at = f"byte {error.start}"
        raise _unread(
            file, f"不是 UTF-8 编码（{at}），请另存为 UTF-8", f"not UTF-8 at {at}; save it as UTF-8"
        ) from error


def _unread(file: Path, zh: str, en: str) -> CallError:
    return CallError([Problem(Mark(), "", Text(f"{zh}。", en))], file=str(file))


def parse_call(text: str, name: str | None = None, folder: Path | None = None) -> Parsed:
    """The call of a text, or everything that is wrong with its form. Never raises.

    name: of the folder that holds it, which the call's id must repeat; None where there is none. folder: where the
    blank forms are; without it there is nothing to compare with.
    """
    try:
        source = yaml_source.parse(text)
    except SourceError as error:
        return Parsed((Problem(error.at, "", error.message),))
    problems = [Problem(mark, written(path), said) for mark, path, said in source.faults]
    undone = tuple(_undone(source.content))
    problems += [Problem(source.mark(path), written(path), _UNDONE) for path in undone]
    found: tuple[Mistake, ...] = ()
    try:
        call = _CallModel.model_validate(source.content).call(folder)
    except CallError as error:  # a blank form that is not there
        problems += error.problems
    except ValidationError as error:
        found = mistakes(error, _CallModel, source.content)
        problems += [
            Problem(source.mark(each.path), written(each.path), each.message)
            for each in found
            if each.path not in undone
        ]
    else:
        if name is not None and call.id != name:
            zh = f"文件夹名为 {name}，通知编号却是 {call.id}，两者应一致。"
            said = Text(zh, f"the folder is called {name!r}, the call {call.id!r}; they must agree")
            problems.append(Problem(source.mark(("id",)), "id", said))
        if not problems:
            return Parsed((), source, call, Rest(call, frozenset(), source.content, {}))
    rest, more = _rest(source.content, found)
    problems += [Problem(source.mark(each.path), written(each.path), each.message) for each in more]
    problems.sort(key=lambda problem: (problem.mark.line, problem.mark.column))
    return Parsed(tuple(problems), source, None, rest)


def _undone(content: object, path: yaml_source.Path = ()) -> Iterator[yaml_source.Path]:
    """Where the word TODO stands in a value's place, as `heyan call draft` leaves it."""
    if content == "TODO":
        yield path
    for step, value in _items(content):
        yield from _undone(value, (*path, step))


def _items(content: object) -> Iterable[tuple[yaml_source.Step, object]]:
    return content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()


# ---------------------------------------------------------------------------------- what is left of a wrong call

_STAND_INS: Mapping[str, object] = {
    "id": "id",
    "title": {"zh": "题", "en": "title"},
    "number": "number",
    "issuer": "issuer",
    "issued_on": "1990-01-01",
    "deadline": "2199-12-31T23:59:59+08:00",
    "rules": [],
}
# what a rule's check and parameters are proved without
_OF_A_RULE: Mapping[str, object] = {
    "severity": "error",
    "clause": {"section": "practice"},
    "title": {"zh": "题", "en": "title"},
    "suggestion": {"zh": "题", "en": "title"},
}
_RULES = ("rules", "across")
_ROUNDS = 4


def _rest(content: object, found: Sequence[Mistake]) -> tuple[Rest | None, list[Mistake]]:
    """The call without the rules, fields and forms in which mistakes are, and what turns out wrong only then."""
    content = deepcopy(content)
    origins = dict(_origins(content))
    lost: set[str] = set()
    more: list[Mistake] = []
    for _ in range(_ROUNDS):
        if not isinstance(content, dict):
            break
        for path in _to_take_out(content, found):
            _take_out(content, path, lost)
        try:
            return Rest(_CallModel.model_validate(content).call(None), frozenset(lost), content, origins), more
        except ValidationError as error:
            found = mistakes(error, _CallModel, content)
            # what our validators say of values that are there; that something is missing now is our own doing
            more += [
                replace(each, path=_origin(each.path, content, origins))
                for each in found
                if each.ours and each.unknown not in lost
            ]
    return None, more


def _origin(path: yaml_source.Path, content: object, origins: Mapping[int, yaml_source.Path]) -> yaml_source.Path:
    here: Any = content
    found: yaml_source.Path = ()
    for step in path:
        found = (*found, step)
        try:
            here = here[step]
        except (LookupError, TypeError):
            here = None
            continue
        found = origins.get(id(here), found)
    return found


def _origins(content: object, path: yaml_source.Path = ()) -> Iterator[tuple[int, yaml_source.Path]]:
    """Where every list and mapping stands."""
    if isinstance(content, dict | list):
        yield id(content), path
    for step, value in _items(content):
        yield from _origins(value, (*path, step))


def _to_take_out(content: dict[str, Any], found: Sequence[Mistake]) -> list[yaml_source.Path]:
    """Top-level names, items of top-level lists (rules[3]) and of lists in those (forms[0].fields[3]), and what has a
    stand-in in a rule (rules[3].severity)."""

    def part(path: yaml_source.Path) -> yaml_source.Path:
        if not path or not isinstance(content.get(str(path[0])), list):
            return path[:1]
        if len(path) > 2 and path[0] in _RULES and path[2] in _OF_A_RULE:
            return path[:3]
        return path[: 4 if len(path) > 3 and isinstance(path[3], int) else 2]

    paths = {part(each.path) for each in found}
    # what stands last goes first, and fields before their forms: the indices of the others stay true
    return sorted(paths, key=lambda path: (len(path), *(step for step in path if isinstance(step, int))), reverse=True)


def _take_out(content: dict[str, Any], path: yaml_source.Path, lost: set[str]) -> None:
    """Remove what a path names, or put something harmless in a needed value's place."""
    if len(path) == 3:
        rule = content[str(path[0])][path[1]]
        rule[path[2]] = _OF_A_RULE[str(path[2])]
        if path[2] == "severity":  # which of two rules weighs more is not known
            rule.pop("unless", None)
    elif len(path) > 1:
        within: Any = content
        for step in path[:-1]:
            within = within[step]
        item = within.pop(path[-1])
        if isinstance(item, dict):
            lost.update(str(item[key]) for key in ("id", "kind") if key in item)
    elif path and path[0] in _STAND_INS:
        content[str(path[0])] = _STAND_INS[str(path[0])]
    elif path:
        content.pop(str(path[0]), None)


# ------------------------------------------------------------------------------------------------- the models


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _zoned(value: datetime) -> datetime:
    if value.tzinfo is None:
        example = "2021-09-03T23:59:59+08:00"
        raise mistake(f"时间须带时区，如 {example}。", f"a time zone is needed, e.g. {example}")
    return value


def _plausible(value: date) -> date:
    """Beyond these years a time zone's difference leaves the calendar."""
    if not 1990 <= value.year <= 2199:
        raise mistake("年份应在 1990 至 2199 之间。", "a year from 1990 to 2199 is wanted")
    return value


class _Text(_Model):
    zh: _Words
    en: _Words

    def text(self) -> Text:
        return Text(self.zh, self.en)


class _Option(_Model):
    value: _Id
    labels: Annotated[tuple[_Words, ...], Field(min_length=1)]


class _Field(_Model):
    id: _Id
    type: FieldType
    labels: tuple[_Words, ...] = ()
    finders: Annotated[tuple[Finder, ...], Field(min_length=1)] = (Finder.LABEL,)
    unit: Annotated[str, Field(pattern="^(yuan|wan)$")] = "yuan"
    options: tuple[_Option, ...] = ()
    columns: tuple[_Field, ...] = ()
    of: str = ""
    local: tuple[_Words, ...] = ()
    sections: tuple[_Words, ...] = ()
    barred: tuple[_Words, ...] = ()
    zh: str = ""
    en: str = ""

    @model_validator(mode="after")
    def _complete(self) -> _Field:
        if self.type is FieldType.CHOICE and len(self.options) < 2:
            raise mistake("choice 至少要有两个 options。", "a choice needs two options or more")
        if self.type is FieldType.ROWS and len(self.columns) < 2:
            zh = "rows 须有 columns：第一列是名目，此外至少还有一列。"
            raise mistake(zh, "rows need columns: first what each row is about, and at least one more")
        if self.columns and self.columns[0].type is FieldType.MONEY:
            zh = "columns 的第一列是名目，不能是金额。"
            raise mistake(zh, "the first column says what an amount is for; it is none itself")
        if self.type is FieldType.PROSE and self.finders != (Finder.SECTION,):
            raise mistake("prose 只能用查找方式 section。", "prose is found by the finder section")
        if Finder.PART in self.finders and not self.of:
            raise mistake(
                "查找方式 part 须用 of 指明来源栏目。", "the finder part needs `of`, the field it derives from"
            )
        if self.local and not self.sections:
            raise mistake(
                "local 标签只在 sections 中有效，请写明。", "`local` labels count only in `sections`; name them"
            )
        if {Finder.LABEL, Finder.SECTION} & set(self.finders) and not self.labels and not self.local:
            raise mistake("须写明 labels（栏目名称的各种写法）。", "labels are needed")
        return self

    def spec(self) -> FieldSpec:
        return FieldSpec(
            id=self.id,
            type=self.type,
            labels=self.labels,
            finders=self.finders,
            unit=self.unit,
            options=tuple(Option(option.value, option.labels) for option in self.options),
            columns=tuple(column.spec() for column in self.columns),
            of=self.of,
            local=self.local,
            sections=self.sections,
            barred=self.barred,
            zh=self.zh,
            en=self.en,
        )


class _Slot(_Model):
    id: _Id
    zh: _Words
    en: _Words
    labels: tuple[_Words, ...] = ()
    signature: bool = False
    finder: SlotFinder = SlotFinder.BOX

    @model_validator(mode="after")
    def _complete(self) -> _Slot:
        if self.finder in (SlotFinder.BOX, SlotFinder.COVER) and not self.labels:
            raise mistake("须写明 labels（栏目名称的各种写法）。", "labels are needed")
        return self

    def spec(self) -> SlotSpec:
        return SlotSpec(self.id, self.labels, self.zh, self.en, self.signature, self.finder)


class _Edition(_Model):
    file: Annotated[str, Field(pattern=r"^templates/[A-Za-z0-9_-]{1,80}\.txt$")]
    zh: _Words
    en: _Words
    current: bool = False

    def edition(self, folder: Path | None) -> Edition:
        """The blank form. Where only the text of a call.yaml is at hand, there is no folder and nothing to compare."""
        text = "" if folder is None else read_text(folder, self.file)
        return read_edition(text, self.zh, self.en, current=self.current)


class _Form(_Model):
    kind: _Id
    zh: _Words
    en: _Words
    titles: Annotated[tuple[_Words, ...], Field(min_length=1)]
    fields: Annotated[tuple[_Field, ...], Field(min_length=1)]
    hints: tuple[_Words, ...] = ()
    stops: tuple[_Words, ...] = ()
    slots: tuple[_Slot, ...] = ()
    names: tuple[_Words, ...] = ()
    editions: tuple[_Edition, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> _Form:
        if self.kind == "other":
            raise mistake("kind 不能用 other：它表示其他材料。", "the kind 'other' is taken: it is what fits no form")
        ids = [field.id for field in self.fields]
        _once(ids, "fields", "id")
        _once([slot.id for slot in self.slots], "slots", "id")
        if sum(edition.current for edition in self.editions) > 1:
            raise mistake("只能有一个版本是 current。", "only one edition can be the current one", at=("editions",))
        for index, field in enumerate(self.fields):
            if field.of and field.of not in ids:
                said = no_such(Text("栏目", "field of this form"), field.of, ids)
                raise mistake(said.zh, said.en, at=("fields", index, "of"), unknown=field.of)
        return self

    def spec(self, folder: Path | None) -> FormSpec:
        return FormSpec(
            kind=self.kind,
            zh=self.zh,
            en=self.en,
            titles=self.titles,
            fields=tuple(field.spec() for field in self.fields),
            hints=self.hints,
            stops=self.stops,
            slots=tuple(slot.spec() for slot in self.slots),
            names=self.names,
            editions=tuple(edition.edition(folder) for edition in self.editions),
        )


class _Clause(_Model):
    section: _Words
    quote: str = ""


class _Rule(_Model):
    id: _RuleId
    check: _Id
    params: Mapping[str, object] = {}
    severity: Severity
    clause: _Clause
    title: _Text
    suggestion: _Text
    unless: tuple[_RuleId, ...] = ()

    def rule(self) -> Rule:
        return Rule(
            id=self.id,
            check=self.check,
            params=dict(self.params),
            severity=self.severity,
            clause=Clause(self.clause.section, self.clause.quote),
            title=self.title.text(),
            suggestion=self.suggestion.text(),
            unless=self.unless,
        )


class _CallModel(_Model):
    id: _CallId
    title: _Text
    number: _Words
    issuer: _Words
    issued_on: Annotated[date, AfterValidator(_plausible)]
    gazetteer: Annotated[date, AfterValidator(_plausible)] | None = None
    deadline: Annotated[datetime, AfterValidator(_plausible), AfterValidator(_zoned)]
    forms: Annotated[tuple[_Form, ...], Field(min_length=1)]
    rules: tuple[_Rule, ...]
    across: tuple[_Rule, ...] = ()
    roster: tuple[_FieldName, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> _CallModel:
        _once([form.kind for form in self.forms], "forms", "kind")
        known = [f"{form.kind}.{field.id}" for form in self.forms for field in form.fields]
        for index, name in enumerate(self.roster):
            if name not in known:
                said = no_such(Text("栏目", "field of the forms"), name, known)
                raise mistake(said.zh, said.en, at=("roster", index), unknown=name)
        if self.deadline.astimezone(UTC).date() < self.issued_on:
            zh, en = f"截止时间早于发布日期 {self.issued_on}。", f"the deadline is before issued_on, {self.issued_on}"
            raise mistake(zh, en, at=("deadline",))
        return self

    def call(self, folder: Path | None) -> Call:
        return Call(
            id=self.id,
            title=self.title.text(),
            number=self.number,
            issuer=self.issuer,
            issued_on=self.issued_on.isoformat(),
            deadline=self.deadline,
            forms=tuple(form.spec(folder) for form in self.forms),
            rules=tuple(rule.rule() for rule in self.rules),
            across=tuple(rule.rule() for rule in self.across),
            gazetteer="" if self.gazetteer is None else self.gazetteer.isoformat(),
            roster=self.roster,
        )


def _once(names: list[str], where: str, key: str) -> None:
    """Raises a mistake where an item of the list `where` has the `key` of one before."""
    for index, name in enumerate(names):
        if name in names[:index]:
            raise mistake(f"{name} 出现了两次。", f"{name!r} is given twice", at=(where, index, key))
