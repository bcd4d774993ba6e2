"""Where are the fields? Every field of a form is answered once: found, blank, absent or unclear.

1. Gather statements (label → value) from tables, paragraphs and pages, in reading order (tables.py, lines.py).
2. For each field try its finders in order. LABEL takes the statement that fits best: understood before unclear before
   blank, then the better label, then the earlier place.
3. Fields that derive from others (PART) come last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from extractors.document import UNREAD, Document, Field, FieldState, Line, Place, SealColour, Source, Story, Table
from extractors.forms import letter as letters
from extractors.forms.activity import activity, campaigns
from extractors.forms.budget import TOTAL, Budget, budgets, is_budget, merged
from extractors.forms.choice import BOX
from extractors.forms.confidence import reaches
from extractors.forms.edition import hints_of
from extractors.forms.headings import with_headings
from extractors.forms.instructions import without_instructions
from extractors.forms.labels import Labels, composed_of, labels_of, named_together, normal_label, unit_note
from extractors.forms.lines import flowing_statements, page_statements
from extractors.forms.listing import Listing, listings
from extractors.forms.pages import whole_tables
from extractors.forms.prose import Section, sections
from extractors.forms.spec import FieldSpec, FieldType, Finder, FormSpec, SlotFinder
from extractors.forms.statement import Scope, Statement, Whereabouts, is_person
from extractors.forms.tables import table_statements
from extractors.forms.understand import BLANK, UNCLEAR, Understood, is_blank, refers, understand
from extractors.forms.unruled import in_columns, unruled
from extractors.values.characters import squeeze
from extractors.values.dates import find_dates, is_blank_date, is_unread_date, read_date, read_span
from extractors.values.money import unit_of, unit_stated
from extractors.values.persons import read_person
from extractors.values.phones import read_phone
from extractors.values.places import find_locality

_MONEY = FieldSpec("amount", FieldType.MONEY)
_IN_WAN = "单位：万元"
_BARE = re.compile(r"^\d{1,6}(?:\.\d+)?$")
_FEW_YUAN = 1000
"""No project's budget is less."""
_TORN = 0.5  # how sure the rows of a table are of which a part may be lost
_STORIES = (Story.BODY, Story.TEXT_BOX, Story.HEADER, Story.PICTURE)
_SURE = 0.9  # confidence of a line from which its characters are mostly right
_OF_PERSONS = (FieldType.PERSON, FieldType.PHONE, FieldType.EMAIL)
_CUT_OFF = (FieldType.TEXT, FieldType.PERSON, FieldType.ORGANISATION)
_ORDER = {FieldState.FOUND: 0, FieldState.UNCLEAR: 1, FieldState.BLANK: 2, FieldState.ABSENT: 3}


@dataclass(frozen=True, slots=True)
class _Paper:
    """What the finders look at, gathered once."""

    document: Document
    labels: Labels
    statements: tuple[Statement, ...]
    letter: letters.Letter
    budget: Budget | None
    listings: Mapping[str, tuple[Listing, ...]]  # by the field's id
    sections: tuple[Section, ...]
    campaigns: frozenset[str]  # names of the call itself
    hints: frozenset[str]  # what the blank form prints where something is to be filled in
    engine: str


def find(document: Document, form: FormSpec) -> tuple[Field, ...]:
    """Every field of `form` as `document` states it, in the order of the form."""
    blocks = with_headings(whole_tables(without_instructions(document.blocks)), labels_of(form))
    document = replace(document, blocks=blocks)
    paper = _paper(document, form)
    found: dict[str, Field] = {}
    for spec in form.fields:
        found[spec.id] = _find(spec, paper)
    for before, spec in enumerate(form.fields):
        if refers(found[spec.id].raw):
            found[spec.id] = _same(spec, form.fields[:before], found)
    for spec in form.fields:
        if Finder.PART in spec.finders and found[spec.id].state in (FieldState.ABSENT, FieldState.BLANK):
            found[spec.id] = _part(spec, form, found)
    return tuple(found[spec.id] for spec in form.fields)


def _same(spec: FieldSpec, before: Sequence[FieldSpec], found: Mapping[str, Field]) -> Field:
    """What 同上 stands for: the person, telephone or address of the nearest field before that is of this kind."""
    field = found[spec.id]
    alike = [found[each.id] for each in before if each.type is spec.type and spec.type in _OF_PERSONS]
    if not alike or alike[-1].state is not FieldState.FOUND:
        return field
    confidence = min(field.confidence, alike[-1].confidence)
    return replace(field, value=alike[-1].value, state=FieldState.FOUND, confidence=confidence)


def _paper(document: Document, form: FormSpec) -> _Paper:
    labels = labels_of(form)
    rows = next((spec for spec in form.fields if is_budget(spec)), None)
    found = tuple(budgets(_with_text_around(document), rows, labels)) if rows is not None else ()
    if rows is not None and not any(budget.rows for budget in found):
        found = (*found, *budgets(list(unruled(document.blocks, rows, labels)), rows, labels))
    lists = [spec for spec in form.fields if spec.type is FieldType.ROWS and not is_budget(spec)]
    listed = {spec.id: tuple(listings(document.tables, spec, labels)) for spec in lists}
    for spec in lists:
        if not any(listing.rows for listing in listed[spec.id]):
            listed[spec.id] += tuple(listings(tuple(in_columns(document.blocks, spec)), spec, labels))
    statements = gather(document, labels, (*found, *(each for several in listed.values() for each in several)))
    letter = letters.read_letter(document)
    if any(slot.finder is SlotFinder.REPLY for slot in form.slots):  # whom the reply names is not the sender's
        statements = tuple(each for each in statements if not letters.in_reply(letter, each.place, document))
    budget = merged(found)
    if budget is not None and rows is not None and _in_wan(budget, statements):
        budget = merged(tuple(budgets([(each.table, _IN_WAN) for each in found], rows, labels)))
    if budget is not None and budget.total is not None:
        statements = (*statements, budget.total, *budget.totals)
    engine = next((line.engine for line in document.lines if line.engine), "ocr")  # one engine reads a whole file
    prose = [spec for spec in form.fields if Finder.SECTION in spec.finders]
    return _Paper(
        document=document,
        labels=labels,
        statements=statements,
        letter=letter,
        budget=budget,
        listings=listed,
        sections=sections(document, prose, labels) if prose else (),
        campaigns=campaigns(form.titles),
        hints=hints_of(form.editions),
        engine=engine,
    )


def gather(document: Document, labels: Labels, found: Sequence[Budget | Listing] = ()) -> tuple[Statement, ...]:
    """Every statement of a document in reading order, but for the rows that budgets and lists take up."""
    taken: dict[int, set[int]] = {}
    for each in found:
        taken.setdefault(id(each.table), set()).update(each.lines)
    whereabouts = Whereabouts(labels)
    statements: list[Statement] = []
    pending: list[Line] = []
    titles: dict[str, str] = {}

    def flush() -> None:
        boxed = [line for line in pending if line.place.box is not None]
        flowing = [line for line in pending if line.place.box is None]
        statements.extend(flowing_statements(flowing, labels, whereabouts))
        # a label that fell out of its table's cells says nothing of whether something stands beside it
        among = page_statements(boxed, labels, whereabouts)
        statements.extend(each for each in among if each.value or not _in_table(each.place, document.tables))
        pending.clear()

    for block in document.blocks:
        if isinstance(block, Table):
            caption = unit_note(pending[-1].text) if pending and len(pending[-1].text) <= 30 else ""
            flush()
            whereabouts.unit = caption or whereabouts.unit
            titles |= _titles(block)
            if title := titles.get(block.place.path.rpartition(" / table ")[0]):
                whereabouts.pass_heading(title)  # a table in a cell is what the cell beside it says
            statements.extend(table_statements(block, labels, whereabouts, taken.get(id(block), set())))
        elif block.story in _STORIES and not block.hidden:
            if pending and pending[-1].place.page != block.place.page:
                flush()
            pending.append(block)
    flush()
    return tuple(_bare(each) for statement in statements for each in _apart(statement, labels))


def _in_table(place: Place, tables: Sequence[Table]) -> bool:
    """Whether a place on a page lies within a table's outline."""
    box = place.box
    if box is None:
        return False
    outlines = (table.place.box for table in tables if table.place.page == place.page)
    return any(outline is not None and outline.holds_middle_of(box) for outline in outlines)


def _titles(table: Table) -> dict[str, str]:
    """What stands to the left of each empty cell of a table of flowing text, by the cell's path."""
    rows: dict[int, str] = {}
    titles: dict[str, str] = {}
    for cell in table.cells:
        if cell.text.strip():
            rows[cell.row] = cell.text
        elif cell.row in rows and cell.place.path:
            titles[cell.place.path] = rows[cell.row]
    return titles


def _bare(statement: Statement) -> Statement:
    """The statement, its label once more in front of its value dropped (项目名称 | 项目名称：科技助农行动), and so the
    hint of the form that was left there (申报单位 | （请填写全称）中国草学会)."""
    label, *value = re.split("[:：]", statement.value, maxsplit=1)
    again = normal_label(label) in (statement.label, *_NAMES)
    own = value[0] if again and value and value[0].strip() else statement.value
    return replace(statement, value=_LEFT_HINT.sub("", own).strip())


_NAMES = ("名称", "全称", "单位名称", "单位全称")
_LEFT_HINT = re.compile(
    r"^\s*[(（](?:请|须|应|限|填|不超过|不多于|[^()（）]{0,12}(?:全称|填写|字以?内))[^()（）]{0,30}[)）]\s*(?=\S)"
)
_PERSON_NOTE = re.compile(r"[(（]([^()（）]{2,10})[)）]")
_BETWEEN = re.compile(r"\s*[/／、,，;；\n]\s*|\s{2,}")


def _apart(statement: Statement, labels: Labels) -> Iterator[Statement]:
    """A statement of two labels as two (项目负责人/联系人: 甲/乙).

    A note in brackets that names a person says whose the statement is: 手机（负责人）.
    """
    note = _PERSON_NOTE.search(statement.written)
    if note is not None and is_person(normal_label(note[1])) and not is_person(statement.label):
        statement = replace(statement, person=Scope(normal_label(note[1]), True), body=Scope())
    names = named_together(statement.written, labels)
    if not statement.cost and len({is_person(name) for name in names}) < 2:
        names = ()  # 职务/职称 is a label of its own; 负责人/职务 are a person and something of theirs
    values = [part for part in _BETWEEN.split(statement.value) if part] if names else []
    if not names or len(values) != len(names):
        yield statement
        return
    whose = Scope(names[0], True) if is_person(names[0]) else None  # 项目负责人/联系电话: that person's
    for name, value in zip(names, values, strict=True):
        apart = replace(statement, label=name, written=name, value=value, cost=1)
        yield apart if whose is None or is_person(name) else replace(apart, person=whose, body=Scope())


def _in_wan(budget: Budget, statements: Sequence[Statement]) -> bool:
    """Whether the budget's total, too small for yuan and without a unit, is stated elsewhere: 24.6 and 24.6万元."""
    total = budget.total
    if total is None or unit_of(total.written) is not None or not _BARE.match(squeeze(total.value)):
        return False
    number = Decimal(squeeze(total.value))
    if not 0 < number < _FEW_YUAN:
        return False
    stated = (understand(each.value, _MONEY, written=each.written + each.unit) for each in statements)
    return any(each.state is FieldState.FOUND and Decimal(each.value) == number * 10_000 for each in stated)


def _with_text_around(document: Document) -> list[tuple[Table, str]]:
    found: list[tuple[Table, str]] = []
    above, fresh = "", False
    for block in document.blocks:
        if isinstance(block, Table):
            found.append((block, above))
            above, fresh = "", True
        elif block.text.strip():
            if fresh and found:  # a note below: 注：金额单位为万元
                found[-1] = (found[-1][0], f"{found[-1][1]}\n{block.text[:60]}")
            above, fresh = block.text[:60], False
    return found


def _find(spec: FieldSpec, paper: _Paper) -> Field:
    """The first finder that comes to something; a blank place counts only when no later finder finds more."""
    best = Field(spec.id, "", state=FieldState.ABSENT, place=None, confidence=_absence(paper))
    for finder in spec.finders:
        field = _by(finder, spec, paper)
        if field is not None and _ORDER[field.state] < _ORDER[best.state]:
            best = field
        if best.state is FieldState.FOUND:
            break
    return best


def _absence(paper: _Paper) -> float:
    """How sure it is that something is not there: as sure as the page was read."""
    return 0.0 if paper.document.blind else 1.0


def _by(finder: Finder, spec: FieldSpec, paper: _Paper) -> Field | None:
    letter = paper.letter
    match finder:
        case Finder.LABEL:
            return _labelled(spec, paper, understand_plain)
        case Finder.PERIOD_START:
            return _labelled(spec, paper, understand_start)
        case Finder.PERIOD_END:
            return _labelled(spec, paper, understand_end)
        case Finder.TABLE:
            return _rows(spec, paper)
        case Finder.TITLE:
            return _lettered(spec, letters.title(letter), paper)
        case Finder.DOCUMENT_NUMBER:
            return _lettered(spec, letters.document_number(letter), paper)
        case Finder.ADDRESSEE:
            return _lettered(spec, letters.addressee(letter), paper)
        case Finder.SIGNATURE:
            return _lettered(spec, letters.sender(letter), paper)
        case Finder.SIGNATURE_DATE:
            return _lettered(spec, letters.issued_on(letter), paper)
        case Finder.REPLY_DATE:
            return _lettered(spec, letters.replied_on(letter), paper)
        case Finder.QUOTED:
            return _lettered(spec, activity(letter, spec.labels, paper.campaigns), paper)
        case Finder.DEADLINE:
            return _lettered(spec, letters.reply_by(letter, spec.labels), paper)
        case Finder.DATE_LINE:
            return _date_line(spec, paper)
        case Finder.SENTENCE:
            return _sentence(spec, paper) if spec.type is FieldType.MONEY else _spoken(spec, paper)
        case Finder.SECTION:
            return _section(spec, paper)
        case Finder.PART:
            return None  # derived when all others are found


def _lettered(spec: FieldSpec, found: letters.Found | None, paper: _Paper) -> Field | None:
    if found is None:
        return None
    state = FieldState.UNCLEAR if found.unclear else FieldState.FOUND if found.value else FieldState.BLANK
    return Field(
        spec.id,
        found.value if state is FieldState.FOUND else "",
        raw=found.raw,
        state=state,
        place=found.place,
        confidence=found.confidence,
        engine=_engine(found.source, paper),
    )


def _engine(source: Source, paper: _Paper) -> str:
    return "text" if source is Source.TEXT else paper.engine


# ------------------------------------------------------------------------------------------------ by label


def understand_plain(statement: Statement, spec: FieldSpec) -> tuple[Understood, str]:
    """The value beside the label, with the further cells of its row where the first alone does not do."""
    recognised = statement.source is Source.OCR
    raw = statement.value
    written = _written(statement)
    understood = understand(raw, spec, written=written, recognised=recognised)
    wider = spec.type in (FieldType.CHOICE, FieldType.MONEY, FieldType.DATE, FieldType.PHONE, FieldType.EMAIL)
    if statement.more and (understood.state is not FieldState.FOUND or spec.type is FieldType.MONEY) and wider:
        whole = f"{raw}  {statement.more}".strip()
        again = understand(whole, spec, written=written, recognised=recognised)
        if _ORDER[again.state] <= _ORDER[understood.state] or again.state is FieldState.UNCLEAR:
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


# ------------------------------------------------------------------------------------------ without a label


def _date_line(spec: FieldSpec, paper: _Paper) -> Field | None:
    """A line outside tables that is a date and nothing else: at the foot of a cover, or below the signature."""
    best: tuple[int, Line, str] | None = None
    for line in paper.document.blocks:
        if not isinstance(line, Line) or line.story is not Story.BODY or line.hidden or len(line.text) > 60:
            continue
        text = squeeze(line.text)
        dates = find_dates(text)
        if len(dates) == 1 and (dates[0].start, dates[0].end) == (0, len(text)):
            value = dates[0].value
        elif is_unread_date(text):
            value = ""
        else:
            continue
        if best is None or len(value) > best[0]:
            best = len(value), line, value
    if best is None:
        return None
    _, line, value = best
    found = _read_from(spec, line, line.text.strip(), value, paper)
    return found if value else replace(found, state=FieldState.UNCLEAR)


def _section(spec: FieldSpec, paper: _Paper) -> Field | None:
    """All that is written under the headings and beside the labels of the field."""
    names = [normal_label(label) for label in spec.labels]
    found = [section for section in paper.sections if section.label in names]
    written = [section for section in found if not is_blank(section.text) and squeeze(section.text) not in paper.hints]
    if not found:
        return None
    first = (written or found)[0]
    return Field(
        spec.id,
        "\n".join(section.text for section in written),
        raw="\n".join(section.text for section in written or found),
        state=FieldState.FOUND if written else FieldState.BLANK,
        place=first.place,
        confidence=min(section.confidence for section in written or found),
        engine=_engine(first.source, paper),
    )


_AMOUNT = (
    r"(?:金额|总额|总计|资金)?(?:为|共|共计|合计|计)?[:：]?(?:人民币)?"
    r"([¥￥]?[\d壹贰叁肆伍陆柒捌玖拾][\d,，.零壹贰叁肆伍陆柒捌玖拾佰仟万]*元)"
)


def _sentence(spec: FieldSpec, paper: _Paper) -> Field | None:
    """A label in a sentence with its amount right behind: 总预算12.5万元，其中申请经费10万元。"""
    names = "|".join(re.escape(squeeze(label)) for label in sorted(spec.labels, key=len, reverse=True))
    pattern = re.compile(f"(?:{names}){_AMOUNT}")
    lines = paper.document.lines
    for line, following in zip(lines, [*lines[1:], None], strict=False):
        text = squeeze(line.text)
        if following is not None and line.place.box is not None and following.place.page == line.place.page:
            text += squeeze(following.text)  # a sentence on a page goes on in the next line
        if line.hidden or "元" not in text:
            continue
        match = pattern.search(text)
        if match is not None and match.start() >= len(squeeze(line.text)):
            continue
        understood = understand(match[1], spec) if match is not None else BLANK
        if match is not None and understood.state is FieldState.FOUND:
            return _read_from(spec, line, match[0], understood.value, paper)
    return None


def _spoken(spec: FieldSpec, paper: _Paper) -> Field | None:
    """A person whom a letter's sentence names, or what it says of that person: 我会联系人张三，电话010-62379323。"""
    named = letters.spoken(paper.letter, spec.sections or spec.labels, spec.barred)
    if named is None:
        return None
    person, rest = named
    raw = person.value if spec.type is FieldType.PERSON else rest
    understood = understand(raw, spec)
    if understood.state is not FieldState.FOUND:
        return None
    return _lettered(spec, replace(person, value=understood.value, confidence=person.confidence * 0.9), paper)


def _read_from(spec: FieldSpec, line: Line, raw: str, value: str, paper: _Paper) -> Field:
    """A field that was taken from a line without a label of its own: a little less sure."""
    confidence = round(line.confidence * 0.9, 4)
    engine = _engine(line.source, paper)
    return Field(
        spec.id, value, raw=raw, state=FieldState.FOUND, place=line.place, confidence=confidence, engine=engine
    )


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
        order: float = _ORDER[self.understood.state]
        if self.understood.state is FieldState.FOUND and self.understood.share < 0.9:
            order = _ORDER[FieldState.BLANK] + 0.5
        return (float(self.doubtful), order, float(self.unsure), self.statement.cost, self.rank)


def _labelled(spec: FieldSpec, paper: _Paper, read: object) -> Field | None:
    candidates = []
    for statement in paper.statements:
        rank = _rank(spec, statement)
        if rank is None:
            continue
        barred = _barred(spec, statement)
        if barred is True:
            continue
        understood, raw = read(statement, spec)  # type: ignore[operator]
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


def _unsure(statement: Statement, paper: _Paper) -> bool:
    if statement.source is not Source.OCR:
        return False
    black = (seal for seal in paper.document.seals if seal.colour is SealColour.BLACK)
    return statement.confidence < _SURE or any(reaches(seal.place, statement.place) for seal in black)


def _boxed(spec: FieldSpec, paper: _Paper) -> Field | None:
    """A choice without a label of its own: the line that prints two of its options or more, each with a box."""
    for line in paper.document.lines:
        text = squeeze(line.text)
        named = {option.value for option in spec.options if any(squeeze(label) in text for label in option.labels)}
        if len(named) < 2 or len(text) > 200 or line.hidden or not BOX.search(text):
            continue
        understood = understand(line.text, spec, recognised=line.source is Source.OCR)
        value = understood.value if understood.state is FieldState.FOUND else ""
        return replace(_read_from(spec, line, line.text.strip(), value, paper), state=understood.state)
    return None


def _beside_person(spec: FieldSpec, paper: _Paper) -> list[_Candidate]:
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


def _beside_number(spec: FieldSpec, paper: _Paper) -> list[_Candidate]:
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


def _field(spec: FieldSpec, candidate: _Candidate, paper: _Paper) -> Field:
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
        engine=_engine(statement.source, paper),
        unit=unit_stated(candidate.raw, _written(statement)) if spec.type is FieldType.MONEY else "",
    )


@lru_cache(maxsize=1024)
def _ranks(labels: tuple[str, ...]) -> dict[str, int]:
    """Each label's place among the others, by its normal form."""
    return {normal_label(label): rank for rank, label in reversed(tuple(enumerate(labels)))}


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


def _barred(spec: FieldSpec, statement: Statement) -> bool | None:
    """Whether the statement is another's: True, False, or None where only what stood before says so."""
    doubt = False
    written = Scope(squeeze(statement.written), True)  # with its notes: 负责人（签字）
    for scope in (Scope(statement.label, True), written, statement.person, statement.body):
        if any(normal_label(bar) in scope.text for bar in spec.barred):
            if scope.strong:
                return True
            doubt = True
    return None if doubt else False


# ----------------------------------------------------------------------------------------- rows and parts


def _rows(spec: FieldSpec, paper: _Paper) -> Field | None:
    lists = paper.listings.get(spec.id, ())
    budget = paper.budget if is_budget(spec) else max(lists, key=lambda found: len(found.rows), default=None)
    if budget is None:
        return None
    engine = _engine(budget.source, paper)
    confidence = budget.confidence
    if isinstance(budget, Budget) and (budget.torn or (budget.total is None and _total_further_on(budget, paper))):
        confidence *= _TORN
    rows = tuple(tuple(replace(f, engine=engine if f.engine != "text" else "text") for f in row) for row in budget.rows)
    return Field(
        spec.id,
        str(len(rows)) if rows else "",
        state=FieldState.FOUND if rows else FieldState.BLANK,
        place=budget.place,
        confidence=confidence,
        engine=engine,
        rows=rows,
    )


def _total_further_on(budget: Budget, paper: _Paper) -> bool:
    """Whether a row of totals stands on a page behind the table, whose rows there were not taken for its own."""
    pages = [cell.place.page for cell in budget.table.cells if cell.place.page is not None]
    totals = (each.place.page for each in paper.statements if TOTAL.match(each.label))
    return bool(pages) and any(page is not None and page > max(pages) for page in totals)


def _part(spec: FieldSpec, form: FormSpec, found: dict[str, Field]) -> Field:
    """The province or county that another field names, or that its other parts imply."""
    parts = [
        found[other.id] for other in form.fields if other.of == spec.of and found[other.id].state is FieldState.FOUND
    ]
    stated = [field for field in (found[spec.of], *parts) if field.state is FieldState.FOUND]
    if not stated:
        return found[spec.id]
    whole = stated[0]
    locality = find_locality(whole.value, " ".join(field.raw for field in stated))
    value = locality.province if spec.type is FieldType.PROVINCE else locality.county
    state = FieldState.FOUND if value else FieldState.UNCLEAR
    return replace(whole, id=spec.id, value=value, state=state)
