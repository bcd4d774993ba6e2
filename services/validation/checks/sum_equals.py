from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from extractors.document import Field, FieldState, Place
from services.validation.check import MoneyColumnRef, MoneyRef, Observation, TrustParams, check
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.statements import Statement, iter_kind, statements, unclear, unstated
from services.validation.values import amount_of
from services.validation.wording import number, yuan


class SumEquals(TrustParams):
    """The amounts of a table's rows add up to what the same paper states elsewhere.

    rows: the column that is added. total: what it is compared with. otherwise: where no total is stated, sums of fields
    (applied for; applied for + own funds) of which one has to agree.
    tolerance: in yuan; a difference up to it is allowed.
    """

    rows: MoneyColumnRef
    total: MoneyRef
    otherwise: tuple[tuple[MoneyRef, ...], ...] = ()
    tolerance: Decimal = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class _Total:
    """A sum that is stated, and the fields that state it."""

    amount: Decimal
    parts: tuple[tuple[MoneyRef, Field], ...]


@check("sum_equals", SumEquals)
def sum_equals(submission: Submission, params: SumEquals) -> Iterator[Observation]:
    tables = statements(submission, params.rows, params.trust)
    for statement in tables.unclear:
        yield unclear(statement)
    for statement in tables.found:
        yield _compared(submission, params, statement)
    if not tables.found and not tables.unclear:
        yield unstated(submission, tables)


def _compared(submission: Submission, params: SumEquals, table: Statement) -> Observation:
    amounts = [_cell(row, params) for row in table.field.rows]
    if not amounts or None in amounts:
        return _uncertain(params, table, "有金额未能可靠识别", "some of its amounts are unclear")
    reading = {index: reading for index, _, reading in iter_kind(submission, params.rows.form.kind)}[table.file]
    totals = _totals(reading.fields, params)
    if not totals:
        return _uncertain(params, table, "没有可比对的合计金额", "there is no total to compare with")
    added = sum((amount for amount in amounts if amount is not None), Decimal())
    # of several totals that would do, the nearest is the one that is told
    total = min(totals, key=lambda total: abs(added - total.amount))
    stated, parts = total.amount, total.parts
    equal = abs(added - stated) <= params.tolerance
    names = " + ".join(ref.label.zh for ref, _ in parts)
    return Observation(
        Outcome.PASSED if equal else Outcome.VIOLATED,
        Text(
            f"{params.rows.form.zh}的明细 {len(amounts)} 项合计{yuan(added)}，与{names}{yuan(stated)}"
            + ("一致。" if equal else f"不一致，相差{yuan(abs(added - stated))}。"),
            f"The {len(amounts)} rows add up to {number(added)} yuan; {number(stated)} yuan is stated"
            + (", which agrees." if equal else f": a difference of {number(abs(added - stated))}."),
        ),
        (table.evidence, *(Statement(ref, table.file, field).evidence for ref, field in parts)),
        yuan(stated),
        yuan(added),
    )


def _cell(row: tuple[Field, ...], params: SumEquals) -> Decimal | None:
    """A row's amount. None where it is not surely read. A blank amount counts as nothing."""
    column = params.rows.spec.id
    field = next((field for field in row if field.id == column), None)
    if field is None or field.state in (FieldState.BLANK, FieldState.ABSENT):
        return Decimal()
    return amount_of(field) if field.confidence >= params.trust else None


def _totals(fields: tuple[Field, ...], params: SumEquals) -> tuple[_Total, ...]:
    """The total where it is stated, else every alternative of which all fields are."""
    stated = {field.id: field for field in fields if field.confidence >= params.trust}

    def total(refs: tuple[MoneyRef, ...]) -> _Total | None:
        parts = tuple((ref, stated[ref.field.id]) for ref in refs if ref.field.id in stated)
        amounts = [amount for _, field in parts if (amount := amount_of(field)) is not None]
        return _Total(sum(amounts, Decimal()), parts) if len(amounts) == len(refs) else None

    main = total((params.total,))
    if main is not None:
        return (main,)
    return tuple(other for refs in params.otherwise if (other := total(refs)) is not None)


def _uncertain(params: SumEquals, table: Statement, zh: str, en: str) -> Observation:
    return Observation(
        Outcome.UNDETERMINED,
        Text(
            f"“{params.rows.form.zh}”的明细合计未能核对：{zh}，请人工核对。",
            f"The sum of the rows could not be checked: {en}.",
        ),
        (table.evidence, *_unsure(params, table)),
    )


def _unsure(params: SumEquals, table: Statement) -> Iterator[Evidence]:
    for row in table.field.rows:
        for field in row:
            if field.id == params.rows.spec.id and field.raw and _cell((field,), params) is None:
                yield Evidence(table.file, field.place or Place(), field.id, field.raw)
