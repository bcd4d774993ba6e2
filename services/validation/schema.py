"""What a call.yaml may say: models that refuse what they do not know, and make the Call.

Parameters of rules are passed on as they are: each check knows its own (judge.validate_rules).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from extractors.forms.edition import read_edition
from extractors.forms.spec import Edition, FieldSpec, FieldType, Finder, FormSpec, Option, SlotFinder, SlotSpec
from services.validation.folder import read_text
from services.validation.mistakes import mistake, no_such
from services.validation.model import Call, Clause, Rule, Severity, Text


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


class CallModel(_Model):
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
    def _consistent(self) -> CallModel:
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
