"""call.yaml to Call: forms, rules and dates of one call, or one sentence that says what is wrong where.

The file is checked by pydantic models that refuse what they do not know; a mistake is told with file, line, column and
the path of the field (`forms[0].fields[3].type`). Parameters of rules are passed on as they are: each check knows its
own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from extractors.forms.spec import FieldSpec, FieldType, Finder, FormSpec, Option
from services.validation.model import Call, Clause, Rule, Severity, Text

FILE = "call.yaml"
_LARGEST = 2 * 1024 * 1024  # bytes of one call.yaml

_Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
_RuleId = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$")]
_CallId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
_Words = Annotated[str, Field(min_length=1, max_length=2000)]


class CallError(Exception):
    """A call.yaml is wrong. file: as given; line and column count from 1, 0 where YAML does not know them.

    path: of the field, e.g. forms[0].fields[3].type; "" for the file as a whole. reason: one sentence.
    """

    def __init__(self, reason: str, *, file: str = FILE, line: int = 0, column: int = 0, path: str = "") -> None:
        where = f"{file}:{line}:{column}" if line else file
        super().__init__(f"{where}: {path + ': ' if path else ''}{reason}")
        self.reason = reason
        self.file = file
        self.line = line
        self.column = column
        self.path = path


def load_call(source: Path | str) -> Call:
    """The call in a folder, or in the text of a call.yaml (a str is always text). Raises CallError."""
    if isinstance(source, str):
        return _call(source, FILE)
    file = source / FILE
    try:
        data = file.read_bytes()
        if len(data) > _LARGEST:
            raise CallError(f"larger than {_LARGEST} bytes", file=str(file))
        text = data.decode("utf-8")
    except OSError as error:
        raise CallError(f"cannot be read: {error.strerror}", file=str(file)) from error
    except UnicodeDecodeError as error:
        raise CallError(f"not UTF-8 at byte {error.start}", file=str(file)) from error
    call = _call(text, str(file))
    if call.id != source.name:
        raise CallError(f"the folder is called {source.name!r}, the call {call.id!r}", file=str(file), path="id")
    return call


def _call(text: str, file: str) -> Call:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        # the loader refuses tags that make objects; aliases of aliases are refused below
        content = _plain(root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise CallError(
            error.problem or "not YAML",
            file=file,
            line=mark.line + 1 if mark else 0,
            column=mark.column + 1 if mark else 0,
        ) from error
    except yaml.YAMLError as error:
        raise CallError(f"not YAML: {error}", file=file) from error
    except (ValueError, RecursionError) as error:
        raise CallError(f"not a plain YAML file: {error}", file=file) from error
    try:
        model = _CallModel.model_validate(content)
    except ValidationError as error:
        # a field by a wrong name is also a field that is missing: the wrong name is what to mend
        first = min(error.errors(include_url=False), key=lambda e: e["type"] != "extra_forbidden")
        line, column = _position(root, first["loc"])
        raise CallError(_reason(first), file=file, line=line, column=column, path=_path(first["loc"])) from error
    return model.call()


# ------------------------------------------------------------------------------------------------ YAML nodes


class _Loader(yaml.SafeLoader):
    """SafeLoader that refuses a key given twice, which YAML silently lets the last win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            name = self.construct_object(key, deep=True)
            if name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{name!r} is given twice", key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


def _plain(root: yaml.Node | None) -> object:
    if root is None:
        raise ValueError("it is empty")
    _refuse_aliases(root, set())
    loader = _Loader("")
    try:
        return loader.construct_document(root)
    finally:
        loader.dispose()


def _refuse_aliases(node: yaml.Node, seen: set[int]) -> None:
    """Aliases (*name) can make a small file huge; nothing here needs them."""
    if id(node) in seen:
        raise yaml.constructor.ConstructorError(None, None, "aliases (*) are not allowed", node.start_mark)
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _refuse_aliases(key, seen)
            _refuse_aliases(value, seen)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_aliases(value, seen)


def _position(root: yaml.Node | None, location: tuple[int | str, ...]) -> tuple[int, int]:
    """Line and column of a path, counted from 1; of the nearest enclosing node where the path is not there."""
    node = root
    mark = root.start_mark if root is not None else None
    for step in location:
        found = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(step):
                    found, mark = value, key.start_mark
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = node.value[step]
            mark = found.start_mark
        if found is None:
            break
        node = found
    return (mark.line + 1, mark.column + 1) if mark is not None else (0, 0)


def _path(location: tuple[int | str, ...]) -> str:
    text = ""
    for step in location:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


def _reason(error: Any) -> str:
    kind, message = error["type"], error["msg"]
    if kind == "extra_forbidden":
        return "no such field"
    if kind == "missing":
        return "missing"
    return str(message).removeprefix("Value error, ")


# ------------------------------------------------------------------------------------------------- the models


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _zoned(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time zone is needed, e.g. 2021-09-03T23:59:59+08:00")
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
            raise ValueError("a choice needs two options or more")
        if self.type is FieldType.ROWS and not any(c.type is FieldType.MONEY for c in self.columns[1:]):
            raise ValueError("rows need columns: first what it is, and one of type money")
        if Finder.PART in self.finders and not self.of:
            raise ValueError("the finder part needs `of`, the field it derives from")
        if self.local and not self.sections:
            raise ValueError("`local` labels count only in `sections`; name them")
        if Finder.LABEL in self.finders and not self.labels and not self.local:
            raise ValueError("labels are needed")
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


class _Form(_Model):
    kind: _Id
    zh: _Words
    en: _Words
    titles: Annotated[tuple[_Words, ...], Field(min_length=1)]
    fields: Annotated[tuple[_Field, ...], Field(min_length=1)]
    hints: tuple[_Words, ...] = ()
    stops: tuple[_Words, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> _Form:
        if self.kind == "other":
            raise ValueError("the kind 'other' is taken: it is what fits no form")
        ids = [field.id for field in self.fields]
        _once(ids, "field id")
        for field in self.fields:
            if field.of and field.of not in ids:
                raise ValueError(f"{field.id} derives from {field.of!r}, which is no field of this form")
        return self

    def spec(self) -> FormSpec:
        fields = tuple(field.spec() for field in self.fields)
        return FormSpec(self.kind, self.zh, self.en, self.titles, fields, self.hints, self.stops)


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

    def rule(self) -> Rule:
        return Rule(
            id=self.id,
            check=self.check,
            params=dict(self.params),
            severity=self.severity,
            clause=Clause(self.clause.section, self.clause.quote),
            title=self.title.text(),
            suggestion=self.suggestion.text(),
        )


class _CallModel(_Model):
    id: _CallId
    title: _Text
    number: _Words
    issuer: _Words
    issued_on: date
    deadline: Annotated[datetime, AfterValidator(_zoned)]
    forms: Annotated[tuple[_Form, ...], Field(min_length=1)]
    rules: tuple[_Rule, ...]
    across: tuple[_Rule, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> _CallModel:
        _once([form.kind for form in self.forms], "kind of form")
        _once([rule.id for rule in (*self.rules, *self.across)], "rule id")
        return self

    def call(self) -> Call:
        return Call(
            id=self.id,
            title=self.title.text(),
            number=self.number,
            issuer=self.issuer,
            issued_on=self.issued_on.isoformat(),
            deadline=self.deadline,
            forms=tuple(form.spec() for form in self.forms),
            rules=tuple(rule.rule() for rule in self.rules),
            across=tuple(rule.rule() for rule in self.across),
        )


def _once(names: list[str], what: str) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise ValueError(f"the {what} {name!r} is given twice")
