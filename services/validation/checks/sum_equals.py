from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from extractors.document import Field, FieldState, Place
from extractors.values.quantities import read_quantity
from services.validation.check import CertainParams, MoneyColumnRef, MoneyRef, Observation, TextColumnRef, check
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.pages import in_doubt
from services.validation.statements import Statement, iter_kind, statements, unstated
from services.validation.values import WAN, amount_of, rounding_of
from services.validation.wording import number, yuan


class SumEquals(CertainParams):
    """The amounts of a table's rows add up to what the same paper states elsewhere.

    rows: the column that is added. row_total: the table's own total, which has to agree with the rows. total: what the
    paper states elsewhere; the rows agree with it, or with one of `otherwise`, sums of fields (applied for; applied
    for + own funds) that a table may be about instead.
    parts: amounts that are part of the total, so that none exceeds it.
    quantity, price: columns whose product is the row's amount, where a row states both.
    tolerance: in yuan; a difference up to it is allowed.
    A difference is undetermined where part of the paper was not seen, and where a file may be a page of it.
    """

    rows: MoneyColumnRef
    total: MoneyRef
    row_total: MoneyRef | None = None
    otherwise: tuple[tuple[MoneyRef, ...], ...] = ()
    parts: tuple[MoneyRef, ...] = ()
    quantity: TextColumnRef | None = None
    price: MoneyColumnRef | None = None
    tolerance: Decimal = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class _Total:
    """A sum that is stated, and the fields that state it."""

    amount: Decimal
    parts: tuple[tuple[MoneyRef, Field], ...]
    between: str = " + "

    @property
    def name(self) -> str:
        return self.between.join(ref.label.zh for ref, _ in self.parts)


@check("sum_equals", SumEquals)
def sum_equals(submission: Submission, params: SumEquals) -> Iterator[Observation]:
    tables = statements(submission, params.rows, params.trust)
    readings = {index: reading for index, _, reading in iter_kind(submission, params.rows.form.kind)}
    for statement in tables.unclear:
        yield _uncertain(params, statement, "明细可能没有读全", "rows of it may be lost")
    for statement in tables.found:
        fields = {field.id: field for field in readings[statement.file].fields if field.confidence >= params.trust}
        torn = readings[statement.file].document.blind or (
            statement.recognised and any(map(in_doubt, submission.files))
        )
        for seen in _compared(params, statement, fields):
            lost = seen.outcome is Outcome.VIOLATED and torn
            yield _uncertain(params, statement, "明细可能没有读全", "rows of it may be lost") if lost else seen
        yield from _products(params, statement)
    if not tables.found and not tables.unclear:
        yield unstated(submission, tables)
    for index, reading in readings.items():
        fields = {field.id: field for field in reading.fields if field.confidence >= params.trust}
        yield from _exceeding(params, index, fields)


# ------------------------------------------------------------------------------------------ rows and totals


def _compared(params: SumEquals, table: Statement, fields: dict[str, Field]) -> Iterator[Observation]:
    amounts = [_cell(row, params) for row in table.field.rows]
    own, totals = _totals(fields, params)
    if not amounts or None in amounts:
        yield _uncertain(params, table, "有金额未能可靠识别", "some of its amounts are unclear")
        return
    if own is None and not totals:
        yield _uncertain(params, table, "没有可比对的合计金额", "there is no total to compare with")
        return
    added = sum((amount for amount in amounts if amount is not None), Decimal())
    if own is not None and abs(added - own.amount) > params.tolerance:
        yield _told(params, table, added, own)
    elif totals:
        # of several totals that would do, the nearest is the one that is told
        yield _told(params, table, added, min(totals, key=lambda total: abs(added - total.amount)))
    elif own is not None:
        yield _told(params, table, added, own)


def _told(params: SumEquals, table: Statement, added: Decimal, total: _Total) -> Observation:
    stated, count = total.amount, len(table.field.rows)
    equal = abs(added - stated) <= params.tolerance
    summed = (cell for row in table.field.rows if (cell := _column(row, params.rows.spec.id)) is not None)
    if not equal and _may_be_misread((*summed, *(field for _, field in total.parts)), params):
        return _uncertain(params, table, "有金额未能可靠识别", "some of its amounts are unclear")
    if added == stated * WAN != 0 and any(Statement(ref, table.file, field).recognised for ref, field in total.parts):
        zh, en = f"{total.name}的单位（元或万元）可能未识别到", "the unit of the total may have been lost"
        return _uncertain(params, table, zh, en)
    return Observation(
        Outcome.PASSED if equal else Outcome.VIOLATED,
        Text(
            f"{params.rows.form.zh}的明细 {count} 项合计{yuan(added)}，与{total.name}{yuan(stated)}"
            + ("一致。" if equal else f"不一致，相差{yuan(abs(added - stated))}。"),
            f"The {count} rows add up to {number(added)} yuan; {number(stated)} yuan is stated"
            + (", which agrees." if equal else f": a difference of {number(abs(added - stated))}."),
        ),
        (table.evidence, *(Statement(ref, table.file, field).evidence for ref, field in total.parts)),
        yuan(stated),
        yuan(added),
    )


def _cell(row: tuple[Field, ...], params: SumEquals) -> Decimal | None:
    """A row's amount. None where it is not surely read. A blank amount counts as nothing."""
    field = _column(row, params.rows.spec.id)
    if field is None or field.state in (FieldState.BLANK, FieldState.ABSENT):
        return Decimal()
    return amount_of(field) if field.confidence >= params.trust else None


def _column(row: tuple[Field, ...], id: str) -> Field | None:
    return next((field for field in row if field.id == id), None)


def _totals(stated: dict[str, Field], params: SumEquals) -> tuple[_Total | None, tuple[_Total, ...]]:
    """The table's own total, and every other sum of which all fields are stated: any of these will do."""

    def total(refs: tuple[MoneyRef, ...]) -> _Total | None:
        parts = tuple((ref, stated[ref.field.id]) for ref in refs if ref.field.id in stated)
        amounts = [amount for _, field in parts if (amount := amount_of(field)) is not None]
        return _Total(sum(amounts, Decimal()), parts) if len(amounts) == len(refs) else None

    own = None if params.row_total is None else total((params.row_total,))
    main = total((params.total,))
    others = tuple(other for refs in params.otherwise if (other := total(refs)) is not None)
    if main is not None:  # the table may be of one part, while only the other one is stated
        rest = (part for ref in params.parts if (part := total((ref,))) is not None and part.amount < main.amount)
        others += tuple(_Total(main.amount - part.amount, main.parts + part.parts, " - ") for part in rest)
    if own is None and main is not None:
        return None, (main,)  # nothing else shows what the table is about
    return own, (*((main,) if main is not None else ()), *others)


def _uncertain(params: SumEquals, table: Statement, zh: str, en: str) -> Observation:
    return Observation(
        Outcome.UNDETERMINED,
        Text(
            f"“{params.rows.form.zh}”的明细合计未能核对：{zh}，请人工核对。",
            f"The sum of the rows could not be checked: {en}.",
        ),
        (table.evidence, *_unsure(params, table)),
    )


def _may_be_misread(fields: Iterable[Field], params: SumEquals) -> bool:
    """Whether one of the numbers that do not agree was read from a scan, and not with certainty."""
    return any(field.engine != "text" and field.raw and field.confidence < params.certain for field in fields)


def _unsure(params: SumEquals, table: Statement) -> Iterator[Evidence]:
    for row in table.field.rows:
        for field in row:
            if field.id == params.rows.spec.id and field.raw and _cell((field,), params) is None:
                yield Evidence(table.file, field.place or Place(), field.id, field.raw)


# ------------------------------------------------------------------------------------ quantity × price, parts


def _products(params: SumEquals, table: Statement) -> Iterator[Observation]:
    """Rows whose amount is not the product of the quantity and the price that they state."""
    if params.quantity is None or params.price is None:
        return
    for place, row in enumerate(table.field.rows, 1):
        counted, price = _column(row, params.quantity.spec.id), _column(row, params.price.spec.id)
        amount = _column(row, params.rows.spec.id)
        if counted is None or price is None or amount is None or counted.confidence < params.trust:
            continue
        quantity, each, stated = read_quantity(counted.raw), amount_of(price), _cell(row, params)
        if quantity is None or each is None or not stated or price.confidence < params.trust:
            continue  # what stands there is no plain number: 据实, 若干
        product = quantity * each
        if abs(product - stated) <= max(params.tolerance, rounding_of(amount)):
            continue
        if _may_be_misread((counted, price, amount), params):
            yield _uncertain(params, table, f"第 {place} 项的数字未能可靠识别", f"row {place} is unclear")
        else:
            yield _wrong_product(params, table, place, (counted, price, amount), product, stated)


def _wrong_product(
    params: SumEquals,
    table: Statement,
    place: int,
    cells: tuple[Field, Field, Field],
    product: Decimal,
    stated: Decimal,
) -> Observation:
    counted, price, _ = cells
    return Observation(
        Outcome.VIOLATED,
        Text(
            f"{params.rows.form.zh}的明细第 {place} 项：{counted.raw} × {price.raw} 应为{yuan(product)}，"
            f"填写为{yuan(stated)}，不一致。",
            f"Row {place}: {counted.raw} × {price.raw} is {number(product)} yuan; {number(stated)} is stated.",
        ),
        tuple(Evidence(table.file, cell.place or Place(), cell.id, cell.raw) for cell in cells),
        yuan(product),
        yuan(stated),
    )


def _exceeding(params: SumEquals, file: int, fields: dict[str, Field]) -> Iterator[Observation]:
    """Parts that are more than the whole."""
    whole = fields.get(params.total.field.id)
    most = None if whole is None else amount_of(whole)
    if whole is None or most is None:
        return
    for ref in params.parts:
        field = fields.get(ref.field.id)
        amount = None if field is None else amount_of(field)
        if field is None or amount is None or amount - most <= params.tolerance:
            continue
        if _may_be_misread((field, whole), params):
            continue  # the sum of the rows is compared with both
        if amount == most * WAN and whole.engine != "text" and "元" not in whole.raw:
            continue  # the whole's 万元 was not seen: the rows tell of it, and units_plausible
        yield Observation(
            Outcome.VIOLATED,
            Text(
                f"{ref.label.zh}{yuan(amount)}，大于{params.total.label.zh}{yuan(most)}。",
                f"{ref.label.en.capitalize()}: {number(amount)} yuan, more than the {params.total.label.en} of "
                f"{number(most)}.",
            ),
            (Statement(ref, file, field).evidence, Statement(params.total, file, whole).evidence),
            f"≤ {yuan(most)}",
            yuan(amount),
        )
