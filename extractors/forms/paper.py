"""What the finders of fields look at, gathered once for a paper."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extractors.document import Document, FieldState, Source, Table
from extractors.forms import letter as letters
from extractors.forms.activity import campaigns
from extractors.forms.budget import Budget, budgets, is_budget, merged
from extractors.forms.edition import hints_of
from extractors.forms.gather import gather
from extractors.forms.labels import Labels, labels_of
from extractors.forms.listing import Listing, listings
from extractors.forms.prose import Section, sections
from extractors.forms.spec import FieldSpec, FieldType, Finder, FormSpec, SlotFinder
from extractors.forms.statement import Statement
from extractors.forms.understand import understand
from extractors.forms.unruled import in_columns, unruled
from extractors.values.characters import squeeze
from extractors.values.money import unit_of

_MONEY = FieldSpec("amount", FieldType.MONEY)
_IN_WAN = "单位：万元"
_BARE = re.compile(r"^\d{1,6}(?:\.\d+)?$")
_FEW_YUAN = 1000
"""No project's budget is less."""


@dataclass(frozen=True, slots=True)
class Paper:
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


def paper_of(document: Document, form: FormSpec) -> Paper:
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
    return Paper(
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


def engine_of(source: Source, paper: Paper) -> str:
    return "text" if source is Source.TEXT else paper.engine
