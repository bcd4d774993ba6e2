"""Fields by their labels: which of a paper's statements answers a field, and what its value is understood as."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from extractors.document import UNREAD, Field, FieldState, Line, SealColour, Source
from extractors.forms.choice import BOX
from extractors.forms.confidence import reaches
from extractors.forms.labels import composed_of, normal_label
from extractors.forms.paper import Paper, engine_of
from extractors.forms.spec import FieldSpec, FieldType, Finder
from extractors.forms.statement import Scope, Statement
from extractors.forms.understand import BLANK, UNCLEAR, Understood, understand
from extractors.values.characters import squeeze
from extractors.values.dates import is_blank_date, read_date, read_span
from extractors.values.money import unit_of, unit_stated
from extractors.values.persons import read_person
from extractors.values.phones import read_phone

_SURE = 0.9  # confidence of a line from which its characters are mostly right
_CUT_OFF = (FieldType.TEXT, FieldType.PERSON, FieldType.ORGANISATION)
_AMOUNT = (
    r"(?:金额|总额|总计|资金)?(?:为|共|共计|合计|计)?[:：]?(?:人民币)?"
    r"([¥￥]?[\d壹贰叁肆伍陆柒捌玖拾][\d,，.零壹贰叁肆伍陆柒捌玖拾佰仟万]*元)"
)
Read = Callable[[Statement, FieldSpec], tuple[Understood, str]]
ORDER = {FieldState.FOUND: 0, FieldState.UNCLEAR: 1, FieldState.BLANK: 2, FieldState.ABSENT: 3}


def labelled(spec: FieldSpec, paper: Paper, read: Read) -> Field | None:
    """What the best statement for a field comes to; None where none is for it. read: what a value is understood as."""
    candidates = []
    for statement in paper.statements:
        rank = _rank(spec, statement)
        if rank is None:
            continue
        barred = _barred(spec, statement)
        if barred is True:
            continue
        understood, raw = read(statement, spec)
        if understood.state is FieldState.FOUND and normal_label(raw) in paper.labels:
            continue  # another label stands there, and the value elsewhere
        if raw and squeeze(raw) in paper.hints:
            understood = BLANK  # only what the blank form prints there
        candidates.append(_Candidate(understood, raw, statement, rank, barred is None, _unsure(statement, paper)))
    if spec.type in (FieldType.PHONE, FieldType.EMAIL) or (spec.type is FieldType.TEXT and "职称" in spec.local):
        candidates += _beside_person(spec, paper)
    if spec.type is FieldType.PERSON and all(each.understood.state is not FieldState.FOUND for each in candidates):
        candidates += _beside_number(spec, paper)
    if not candidates:
        return _boxed(spec, paper) if spec.type is FieldType.CHOICE else None
    best = min(candidates, key=lambda candidate: candidate.key)
    return _field(spec, best, paper)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """unsure: read from a scan, and not surely, or beneath a black seal. A cover states what the form states inside."""

    understood: Understood
    raw: str
    statement: Statement
    rank: int
    doubtful: bool
    unsure: bool = False

    @property
    def key(self) -> tuple[float, ...]:
        """Smallest is best. What is found but hardly what was asked for (share) stands behind a blank."""
        order: float = ORDER[self.understood.state]
        if self.understood.state is FieldState.FOUND and self.understood.share < 0.9:
            order = ORDER[FieldState.BLANK] + 0.5
        return (float(self.doubtful), order, float(self.unsure), self.statement.cost, self.rank)


def _field(spec: FieldSpec, candidate: _Candidate, paper: Paper) -> Field:
    understood, statement = candidate.understood, candidate.statement
    doubt = 0.9 if statement.person.strong else 0.8  # beside 负责人 itself, whatever body was named before
    share = understood.share * (doubt if candidate.doubtful else 1.0) * (0.97 ** max(0, statement.cost - 1))
    return Field(
        spec.id,
        understood.value if understood.state is FieldState.FOUND else "",
        raw=candidate.raw,
        state=understood.state,
        place=statement.place,
        confidence=round(statement.confidence * share, 4),
        engine=engine_of(statement.source, paper),
        unit=unit_stated(candidate.raw, _written(statement)) if spec.type is FieldType.MONEY else "",
    )


def _unsure(statement: Statement, paper: Paper) -> bool:
    if statement.source is not Source.OCR:
        return False
    black = (seal for seal in paper.document.seals if seal.colour is SealColour.BLACK)
    return statement.confidence < _SURE or any(reaches(seal.place, statement.place) for seal in black)


def _boxed(spec: FieldSpec, paper: Paper) -> Field | None:
    """A choice without a label of its own: the line that prints two of its options or more, each with a box."""
    for line in paper.document.lines:
        text = squeeze(line.text)
        named = {option.value for option in spec.options if any(squeeze(label) in text for label in option.labels)}
        if len(named) < 2 or len(text) > 200 or line.hidden or not BOX.search(text):
            continue
        understood = understand(line.text, spec, recognised=line.source is Source.OCR)
        value = understood.value if understood.state is FieldState.FOUND else ""
        return replace(read_from(spec, line, line.text.strip(), value, paper), state=understood.state)
    return None


def _beside_person(spec: FieldSpec, paper: Paper) -> list[_Candidate]:
    """Numbers, addresses and titles written behind the person's name: 联系人：张三，研究员，010-62379323."""
    found = []
    for statement in paper.statements:
        who = statement.label.partition("及")[0].removesuffix("姓名")
        if not any(who.endswith(normal_label(section)) for section in spec.sections):
            continue
        barred, value = _barred(spec, statement), statement.value
        if spec.type is FieldType.TEXT:
            person = read_person(value)
            value = person.title if person is not None else ""
        understood = understand(value, spec)
        if understood.state is FieldState.FOUND and barred is not True:
            rank = len(spec.labels) + len(spec.local)
            found.append(_Candidate(understood, value, statement, rank, barred is None))
    return found


def _beside_number(spec: FieldSpec, paper: Paper) -> list[_Candidate]:
    """The name that was written into the cell of the person's telephone: 联系人 |  | 手机 | 张三 138…."""
    found = []
    for statement in paper.statements:
        theirs = any(section in statement.person.text for section in spec.sections) and _rank(spec, statement) is None
        person = read_person(statement.value) if theirs and read_phone(statement.value) else None
        barred = _barred(spec, statement)
        if person is not None and barred is not True:
            rank = len(spec.labels) + len(spec.local)
            understood = Understood(FieldState.FOUND, person.name, 0.9)
            found.append(_Candidate(understood, statement.value, statement, rank, barred is None))
    return found


def _rank(spec: FieldSpec, statement: Statement) -> int | None:
    """How good the statement's label is for the field, 0 best; None where it is not the field's at all."""
    if (rank := _ranks(spec.labels).get(statement.label)) is not None:
        return rank
    if (rank := _ranks(composed_of(spec)).get(statement.label)) is not None:
        return len(spec.labels) + rank
    scope = statement.person if statement.person.text else statement.body
    here = any(
        section in scope.text or (section in statement.body.text and not statement.person.text)
        for section in spec.sections
    )
    if not here:
        return None
    rank = _ranks(spec.local).get(statement.label)
    return len(spec.labels) + rank if rank is not None else None


@lru_cache(maxsize=1024)
def _ranks(labels: tuple[str, ...]) -> dict[str, int]:
    """Each label's place among the others, by its normal form."""
    return {normal_label(label): rank for rank, label in reversed(tuple(enumerate(labels)))}


def _barred(spec: FieldSpec, statement: Statement) -> bool | None:
    """Whether the statement is another's: True, False, or None where only what stood before says so."""
    doubt = False
    own = bool(spec.labels) and statement.label == normal_label(spec.labels[0])  # 项目负责人（签字） is no other's
    written = Scope("" if own else squeeze(statement.written), True)  # with its notes: 负责人（签字）
    for scope in (Scope(statement.label, True), written, statement.person, statement.body):
        if any(normal_label(bar) in scope.text for bar in spec.barred):
            if scope.strong:
                return True
            doubt = True
    return None if doubt else False


def understand_plain(statement: Statement, spec: FieldSpec) -> tuple[Understood, str]:
    """The value beside the label, with the further cells of its row where the first alone does not do."""
    recognised = statement.source is Source.OCR
    raw = statement.value
    written = _written(statement)
    if Finder.SENTENCE in spec.finders and spec.type is FieldType.MONEY:
        said = amount_named(spec.labels).search(squeeze(raw))
        if said is not None:  # 共12万元，其中申请10万元
            return understand(said[1], spec, written=written), raw
    understood = understand(raw, spec, written=written, recognised=recognised)
    wider = spec.type in (FieldType.CHOICE, FieldType.MONEY, FieldType.DATE, FieldType.PHONE, FieldType.EMAIL)
    if statement.more and (understood.state is not FieldState.FOUND or spec.type is FieldType.MONEY) and wider:
        whole = f"{raw}  {statement.more}".strip()
        again = understand(whole, spec, written=written, recognised=recognised)
        if ORDER[again.state] <= ORDER[understood.state] or again.state is FieldState.UNCLEAR:
            return again, whole
    if not raw.strip() and statement.more and recognised and spec.type in _CUT_OFF:
        # a streak down a fax parts a cell before its text
        return understand(statement.more, spec, written=written, recognised=recognised), statement.more
    if understood.state is FieldState.BLANK and spec.type is FieldType.CHOICE:
        whole = f"{statement.written} {raw}"
        again = understand(whole, spec, written="", recognised=recognised)
        if again.state is FieldState.FOUND:
            return again, whole
    return understood, raw


@lru_cache(maxsize=64)
def amount_named(labels: tuple[str, ...]) -> re.Pattern[str]:
    """An amount with one of the labels right before it."""
    names = "|".join(re.escape(squeeze(label)) for label in sorted(labels, key=len, reverse=True))
    return re.compile(f"(?:{names}){_AMOUNT}")


def _written(statement: Statement) -> str:
    """The label as written, with the unit that stands above it where it states none."""
    return statement.written if unit_of(statement.written) else statement.written + statement.unit


def understand_start(statement: Statement, spec: FieldSpec) -> tuple[Understood, str]:
    return _span_end(statement, first=True)


def understand_end(statement: Statement, spec: FieldSpec) -> tuple[Understood, str]:
    return _span_end(statement, first=False)


def _span_end(statement: Statement, *, first: bool) -> tuple[Understood, str]:
    raw = statement.value
    if not raw.strip() and not statement.more.strip():
        return BLANK, raw
    for text in (raw, f"{raw}  {statement.more}"):
        if re.search(r"结束|终止|截止|完成|开始|起始|启动", statement.label) and (date := read_date(text)):
            return Understood(FieldState.FOUND, date), text
        span = read_span(text)
        value = "" if span is None else span.start if first else span.end
        if value:
            return Understood(FieldState.FOUND, value), text
    if is_blank_date(raw) or not re.search(rf"[\d一二三四五六七八九十{UNREAD}]", raw):
        return (BLANK if not re.search(r"即日|至今|长期", raw) else UNCLEAR), raw
    return UNCLEAR, raw


def read_from(spec: FieldSpec, line: Line, raw: str, value: str, paper: Paper) -> Field:
    """A field that was taken from a line without a label of its own: a little less sure."""
    confidence = round(line.confidence * 0.9, 4)
    engine = engine_of(line.source, paper)
    return Field(
        spec.id, value, raw=raw, state=FieldState.FOUND, place=line.place, confidence=confidence, engine=engine
    )
