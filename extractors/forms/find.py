"""Where are the fields? Every field of a form is answered once: found, blank, absent or unclear.

1. Gather statements (label → value) from tables, paragraphs and pages, in reading order (tables.py, lines.py).
2. For each field try its finders in order. LABEL takes the statement that fits best: understood before unclear before
   blank, then the better label, then the earlier place.
3. Fields that derive from others (PART) come last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from extractors.document import Document, Field, FieldState, Line, Story
from extractors.forms import letter as letters
from extractors.forms.activity import activity
from extractors.forms.budget import TOTAL, Budget, is_budget
from extractors.forms.headings import with_headings
from extractors.forms.instructions import without_instructions
from extractors.forms.labelled import (
    ORDER,
    amount_named,
    labelled,
    read_from,
    understand_end,
    understand_plain,
    understand_start,
)
from extractors.forms.labels import labels_of, normal_label
from extractors.forms.pages import whole_tables
from extractors.forms.paper import Paper, engine_of, paper_of
from extractors.forms.spec import FieldSpec, FieldType, Finder, FormSpec
from extractors.forms.understand import BLANK, is_blank, refers, understand
from extractors.values.characters import squeeze
from extractors.values.dates import find_dates, is_unread_date
from extractors.values.places import find_locality

_TORN = 0.5  # how sure the rows of a table are of which a part may be lost
_OF_PERSONS = (FieldType.PERSON, FieldType.PHONE, FieldType.EMAIL)


def find(document: Document, form: FormSpec) -> tuple[Field, ...]:
    """Every field of `form` as `document` states it, in the order of the form."""
    blocks = with_headings(whole_tables(without_instructions(document.blocks)), labels_of(form))
    document = replace(document, blocks=blocks)
    paper = paper_of(document, form)
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


def _find(spec: FieldSpec, paper: Paper) -> Field:
    """The first finder that comes to something; a blank place counts only when no later finder finds more."""
    best = Field(spec.id, "", state=FieldState.ABSENT, place=None, confidence=_absence(paper))
    for finder in spec.finders:
        field = _by(finder, spec, paper)
        if field is not None and ORDER[field.state] < ORDER[best.state]:
            best = field
        if best.state is FieldState.FOUND:
            break
    return best


def _absence(paper: Paper) -> float:
    """How sure it is that something is not there: as sure as the page was read."""
    return 0.0 if paper.document.blind else 1.0


def _by(finder: Finder, spec: FieldSpec, paper: Paper) -> Field | None:
    letter = paper.letter
    match finder:
        case Finder.LABEL:
            return labelled(spec, paper, understand_plain)
        case Finder.PERIOD_START:
            return labelled(spec, paper, understand_start)
        case Finder.PERIOD_END:
            return labelled(spec, paper, understand_end)
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


def _lettered(spec: FieldSpec, found: letters.Found | None, paper: Paper) -> Field | None:
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
        engine=engine_of(found.source, paper),
    )


def _date_line(spec: FieldSpec, paper: Paper) -> Field | None:
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
    found = read_from(spec, line, line.text.strip(), value, paper)
    return found if value else replace(found, state=FieldState.UNCLEAR)


def _section(spec: FieldSpec, paper: Paper) -> Field | None:
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
        engine=engine_of(first.source, paper),
    )


def _sentence(spec: FieldSpec, paper: Paper) -> Field | None:
    """A label in a sentence with its amount right behind: 总预算12.5万元，其中申请经费10万元。"""
    pattern = amount_named(spec.labels)
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
            return read_from(spec, line, match[0], understood.value, paper)
    return None


def _spoken(spec: FieldSpec, paper: Paper) -> Field | None:
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


def _rows(spec: FieldSpec, paper: Paper) -> Field | None:
    lists = paper.listings.get(spec.id, ())
    budget = paper.budget if is_budget(spec) else max(lists, key=lambda found: len(found.rows), default=None)
    if budget is None:
        return None
    engine = engine_of(budget.source, paper)
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


def _total_further_on(budget: Budget, paper: Paper) -> bool:
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
