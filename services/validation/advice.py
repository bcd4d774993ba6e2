"""What is likely to be a mistake in a call that can be used: papers that are not recognised, fields that are never
found, options that are never chosen, quotes that the notice does not have.

Nothing is guessed where it can be tried: a blank paper is drawn from each form and given to the recogniser, labels and
options are given to the functions that read them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError

from extractors.forms.choice import ticked
from extractors.forms.classify import OTHER, classify
from extractors.forms.labels import Labels, labels_of, normal_label
from extractors.forms.spec import FieldSpec, FieldType, Finder, FormSpec
from extractors.values.characters import BOUND, squeeze
from services.validation.blank import blank_paper
from services.validation.check import CHECKS, FieldRef, parse_params
from services.validation.model import Call, Rule, Severity, Text
from services.validation.source import Path

_BY_LABEL = frozenset({Finder.LABEL, Finder.PERIOD_START, Finder.PERIOD_END, Finder.SENTENCE})
_NEEDS_LABELS = _BY_LABEL | {Finder.QUOTED, Finder.DEADLINE}
_UNLABELLED = frozenset(
    {
        Finder.TITLE, Finder.DOCUMENT_NUMBER, Finder.ADDRESSEE, Finder.SIGNATURE, Finder.SIGNATURE_DATE,
        Finder.REPLY_DATE, Finder.TABLE, Finder.DATE_LINE, Finder.PART,
    }
)  # fmt: skip
_WORK = 100_000  # the largest call here comes to 2,000
_PRACTICE = "practice"  # the section of rules that rest on no sentence of the notice


@dataclass(frozen=True, slots=True)
class Advice:
    """path: where in the call it is, e.g. ("forms", 0, "titles")."""

    path: Path
    message: Text
    severity: Severity = Severity.WARNING


def advice(call: Call, notice: str = "") -> Iterator[Advice]:
    """Everything that is worth a second look. notice: the notice's text; "" where nobody has it."""
    lost: set[str] = set()
    if _work(call) > _WORK:
        said = "the call is too large for its papers and options to be tried"
        yield Advice(("forms",), Text("通知过大，未试验材料能否识别、选项能否选中。", said), Severity.INFO)
        return
    for index, form in enumerate(call.forms):
        for each in _form(form, call.forms, ("forms", index)):
            yield each
            lost |= {form.kind} if each.path == ("forms", index, "titles") else set()
        labels = labels_of(form)
        for number, field in enumerate(form.fields):
            told = tuple(_field(field, form, labels, ("forms", index, "fields", number)))
            yield from told
            if any(each.path[-1] == "id" for each in told):
                lost.add(f"{form.kind}.{field.id}")
    for index, rule in enumerate(call.rules):
        yield from _rule(rule, call, lost, ("rules", index))
        yield from _clause(rule, notice, ("rules", index, "clause"))


def _work(call: Call) -> int:
    """How much there is to try: each form's blank paper against all forms, each option against all of its field."""
    labels = sum(len(field.labels) + len(field.local) + 1 for form in call.forms for field in form.fields)
    options = (sum(len(option.labels) for option in field.options) for form in call.forms for field in form.fields)
    return len(call.forms) ** 2 * labels + sum(count**2 for count in options)


# ------------------------------------------------------------------------------------------------ papers


def _form(form: FormSpec, forms: tuple[FormSpec, ...], path: Path) -> Iterator[Advice]:
    blank = blank_paper(form)
    kind = classify(blank, forms).kind
    if kind == OTHER:
        yield Advice(
            (*path, "titles"),
            Text(
                f"按“{form.titles[0]}”画出的空白材料未被识别为“{form.zh}”：请检查标题与栏目名称。",
                f"a blank paper with this title is not recognised as {form.kind}: look at its titles and labels",
            ),
        )
    elif kind != form.kind:
        yield Advice(
            (*path, "titles"),
            Text(
                f"标题“{form.titles[0]}”的空白材料被识别为 {kind}：两种材料的标题或栏目太相近。",
                f"a blank paper with this title is recognised as {kind}: the two are too much alike",
            ),
        )
    yield from _shared(form, path)


def _shared(form: FormSpec, path: Path) -> Iterator[Advice]:
    """A field of which every label is one of another field's, too, of the same type: it states what that one states."""
    labelled = [(number, field) for number, field in enumerate(form.fields) if Finder.LABEL in field.finders]
    keys = {number: _keys(field) for number, field in labelled}
    for number, field in labelled:
        for other, first in labelled:
            same = keys[number] == keys[other]
            covered = keys[number] <= keys[other] and (not same or other < number)
            if not covered or number == other or first.type is not field.type or first.barred or field.barred:
                continue
            if field.id == first.of or first.id == field.of:
                continue
            yield Advice(
                (*path, "fields", number, "labels" if field.labels else "local"),
                Text(
                    f"这些名称也都是栏目 {first.id} 的名称，两个栏目会读到同一处：请各用各的名称，"
                    "或用 local 与 sections、barred 区分。",
                    f"all of these are labels of {first.id}, too, so both read the same place; give each its own, or "
                    "tell them apart by local and sections, or barred",
                ),
            )
            break


def _keys(field: FieldSpec) -> frozenset[tuple[str, str]]:
    """The labels of a field, each with the section in which it counts."""
    everywhere = {(normal_label(label), "") for label in field.labels}
    return frozenset(everywhere | {(normal_label(label), part) for label in field.local for part in field.sections})


def _places(field: FieldSpec) -> Iterator[tuple[str, int, str]]:
    for key, labels in (("labels", field.labels), ("local", field.local)):
        for index, label in enumerate(labels):
            yield key, index, label


# ------------------------------------------------------------------------------------------------ fields


def _field(field: FieldSpec, form: FormSpec, labels: Labels, path: Path) -> Iterator[Advice]:
    """A field that can never be found is told at its id."""
    useless = tuple(_useless_labels(field, labels))
    for key, index, said in useless:
        yield Advice((*path, key, index), said)
    if reason := _unfindable(field, form, len(useless)):
        said = Text(f"栏目 {field.id} 永远找不到：{reason.zh}。", f"{field.id} can never be found: {reason.en}")
        yield Advice((*path, "id"), said)
    for key in _idle(field):
        said = Text(
            f"{key} 对此栏目不起作用（见 type 与 finders）。", f"{key} has no effect here: see its type and finders"
        )
        yield Advice((*path, key), said)
    for number, option in enumerate(field.options):
        if not _can_be_chosen(field, number):
            said = Text(
                f"选项 {option.value} 永远选不到：其名称与别的选项相同。", f"{option.value} can never be chosen"
            )
            yield Advice((*path, "options", number), said)


def _idle(field: FieldSpec) -> Iterator[str]:
    """What the call says of the field, and nothing looks at."""
    if field.options and field.type is not FieldType.CHOICE:
        yield "options"
    if field.columns and field.type is not FieldType.ROWS:
        yield "columns"
    if field.unit != "yuan" and field.type is not FieldType.MONEY:
        yield "unit"
    if field.of and Finder.PART not in field.finders:
        yield "of"
    for key, words in (("labels", field.labels), ("local", field.local), ("barred", field.barred)):
        if words and _UNLABELLED.issuperset(field.finders):
            yield key


def _useless_labels(field: FieldSpec, labels: Labels) -> Iterator[tuple[str, int, Text]]:
    barred = [normal_label(bar) for bar in field.barred]
    for key, index, label in _places(field):
        normal = normal_label(label)
        if (hit := next((bar for bar in barred if bar and bar in normal), "")) and Finder.LABEL in field.finders:
            yield key, index, Text(f"含有 barred 中的“{hit}”，不会被采用。", f"it holds {hit}, which is barred")
        elif labels.match(label, recognised=False) is None:
            said = "it is no label: too long, or nothing is left of it without notes and units"
            yield key, index, Text("不能用作栏目名称：过长，或去掉括号、单位后已无文字。", said)


def _unfindable(field: FieldSpec, form: FormSpec, useless: int) -> Text | None:
    """Why none of a field's finders can come to anything; None where one can."""
    reasons = [_reason(finder, field, form, useless) for finder in field.finders]
    return None if None in reasons else reasons[0]


def _reason(finder: Finder, field: FieldSpec, form: FormSpec, useless: int) -> Text | None:
    if finder in _NEEDS_LABELS and not field.labels and not field.local:
        return Text(f"查找方式 {finder.value} 需要 labels", f"the finder {finder.value} needs labels")
    if finder in _BY_LABEL and useless >= len(field.labels) + len(field.local):
        return Text("没有一个可用的栏目名称", "none of its labels can be used")
    if (finder is Finder.TABLE) != (field.type is FieldType.ROWS) and Finder.TABLE in field.finders:
        return Text("查找方式 table 只用于 rows", "the finder table is for rows")
    if finder is Finder.PART:
        origin = next((other for other in form.fields if other.id == field.of), None)
        if origin is None or origin is field or set(origin.finders) == {Finder.PART}:
            return Text(f"来源栏目 {field.of} 自身也找不到", f"{field.of}, from which it derives, cannot be found")
        if field.type not in (FieldType.PROVINCE, FieldType.COUNTY):
            return Text("part 只能得出 province 或 county", "a part is a province or a county")
    return None


def _can_be_chosen(field: FieldSpec, number: int) -> bool:
    """Whether ticking the box before one of the option's labels chooses it."""
    chosen = field.options[number]
    boxes = "".join(f"□{other.labels[0]} " for other in field.options if other is not chosen)
    return any(ticked(f"☑{label} {boxes}", field.options) == chosen.value for label in chosen.labels)


# ------------------------------------------------------------------------------------------------- rules


def _rule(rule: Rule, call: Call, lost: set[str], path: Path) -> Iterator[Advice]:
    for name in sorted(_names(rule, call) & lost):
        said = Text(f"此规则永远无法判断：{name} 无法识别或找不到。", f"it can never decide: {name} is never found")
        yield Advice((*path, "params"), said)
    same = next((other for other in call.rules if (other.check, other.params) == (rule.check, rule.params)), rule)
    if same.id != rule.id:
        yield Advice((*path, "id"), Text(f"与规则 {same.id} 完全相同。", f"it is the same as {same.id}"))


def _names(rule: Rule, call: Call) -> set[str]:
    """The papers and fields that a rule is about; a field also as its paper."""
    check = CHECKS.get(rule.check)
    if check is None:
        return set()
    try:
        params = parse_params(check.params, rule.params, call)
    except ValidationError:
        return set()  # told by validate_rules
    return set(_named(getattr(params, name) for name in type(params).model_fields))


def _named(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, FormSpec):
            yield value.kind
        elif isinstance(value, FieldRef):
            yield from (value.form.kind, f"{value.form.kind}.{value.field.id}")
        elif isinstance(value, BaseModel):
            yield from _named(getattr(value, name) for name in type(value).model_fields)
        elif isinstance(value, tuple | list | frozenset | set):
            yield from _named(value)


def _clause(rule: Rule, notice: str, path: Path) -> Iterator[Advice]:
    section, quote = rule.clause.section, rule.clause.quote
    if section != _PRACTICE and not quote:
        said = "请引用通知原文；没有原文依据的规则，section 写 practice。"
        yield Advice(
            path,
            Text(said, "quote the notice's words; a rule that rests on none has the section practice"),
        )
    if notice and quote and not _stands(quote, notice):
        yield Advice((*path, "quote"), Text("通知中没有这句话。", "the notice does not say this"))


def _stands(quote: str, notice: str) -> bool:
    """Whether the notice has the words; where … leaves some out, the parts in order. Blanks do not count."""
    text, position = _plain(notice), 0
    for part in re.split(r"…+|\.{3,}", quote):
        found = text.find(_plain(part), position)
        if found < 0:
            return False
        position = found + len(_plain(part))
    return True


def _plain(text: str) -> str:
    pieces = (squeeze(text[start : start + BOUND]) for start in range(0, len(text), BOUND))
    return re.sub(r"[“”\"'‘’]", "", "".join(pieces))
