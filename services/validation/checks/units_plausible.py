from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Annotated, Self

from pydantic import Field as Parameter
from pydantic import model_validator

from extractors.document import Field
from services.validation.check import AtLeastOne, CertainParams, FieldRef, MoneyColumnRef, MoneyRef, Observation, check
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.statements import Statement, observed, statements
from services.validation.values import WAN, amount_of
from services.validation.wording import number, yuan


class UnitsPlausible(CertainParams):
    """No amount is written in 万元 where 元 is meant, or the other way round.

    Told where two amounts of one paper are exactly ten thousand times each other (申请 20 元, 预算合计 200000 元), and
    where an amount lies outside what is plausible but would lie within it in the other unit (200000 万元).
    amounts: fields. rows: a column whose sum is looked at too. least, most: what is plausible for a field, in yuan.
    """

    amounts: Annotated[tuple[MoneyRef, ...], AtLeastOne]
    rows: MoneyColumnRef | None = None
    least: Decimal = Parameter(gt=0)
    most: Decimal = Parameter(gt=0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.least * WAN > self.most:
            raise ValueError("most is at least 10000 times least, else a right amount could be taken for a slip")
        return self

    def plausible(self, amount: Decimal) -> bool:
        return self.least <= amount <= self.most


@dataclass(frozen=True, slots=True)
class _Known:
    """An amount of a paper. single: stated by one field, not a sum."""

    label: Text
    amount: Decimal
    statement: Statement
    single: bool


@check("units_plausible", UnitsPlausible)
def units_plausible(submission: Submission, params: UnitsPlausible) -> Iterator[Observation]:
    stated = tuple(statements(submission, ref, params.trust) for ref in params.amounts)
    known = [
        _Known(each.ref.label, amount, each, single=True)
        for part in stated
        for each in part.found
        if (amount := amount_of(each.field))
    ]
    if params.rows is not None:
        known += _sums(submission, params.rows, params)
    seen: list[Observation] = []
    for file in sorted({each.statement.file for each in known}):
        paper = [each for each in known if each.statement.file == file]
        seen += _slips(paper, params) or [_plausible(paper)]
    yield from observed(submission, stated, seen)


def _sums(submission: Submission, rows: FieldRef, params: UnitsPlausible) -> Iterator[_Known]:
    """The sum of each table of which every amount is surely read."""
    for table in statements(submission, rows, params.trust).found:
        cells = [cell for row in table.field.rows for cell in row if cell.id == rows.spec.id and cell.raw]
        amounts = [_sure(cell, params.trust) for cell in cells]
        if cells and None not in amounts and (total := sum(a for a in amounts if a is not None)):
            yield _Known(Text("预算明细合计", "sum of the rows"), Decimal(total), table, single=False)


def _sure(cell: Field, trust: float) -> Decimal | None:
    return amount_of(cell) if cell.confidence >= trust else None


def _slips(paper: list[_Known], params: UnitsPlausible) -> list[Observation]:
    """One observation for each amount with the wrong unit."""
    wrong: dict[int, Observation] = {}
    for large, small in (sorted(pair, key=lambda k: -k.amount) for pair in combinations(paper, 2)):
        if large.amount == small.amount * WAN:
            odd, other = (small, large) if params.plausible(large.amount) else (large, small)
            wrong.setdefault(id(odd), _contradicts(odd, other, params))
    for each in paper:
        meant = each.amount / WAN if each.amount > params.most else each.amount * WAN
        if each.single and not params.plausible(each.amount) and params.plausible(meant):
            wrong.setdefault(id(each), _absurd(each, meant, params))
    return list(wrong.values())


def _contradicts(odd: _Known, other: _Known, params: UnitsPlausible) -> Observation:
    text = Text(
        f"{odd.label.zh}{_as_written(odd)}，而{other.label.zh}为{yuan(other.amount)}，相差恰好一万倍，疑为“元”与“万元”混用。",
        f"{odd.label.en.capitalize()}: {number(odd.amount)} yuan, but {number(other.amount)} yuan for the "
        f"{other.label.en}: just ten thousand times apart, so 元 and 万元 seem to be confused.",
    )
    evidence = (odd.statement.evidence, other.statement.evidence)
    return _observation(odd, text, evidence, other.amount, params)


def _absurd(each: _Known, meant: Decimal, params: UnitsPlausible) -> Observation:
    text = Text(
        f"{each.label.zh}{_as_written(each)}，不合常理，疑为{yuan(meant)}，“元”与“万元”混用。",
        f"{each.label.en.capitalize()}: {number(each.amount)} yuan is not plausible; {number(meant)} yuan seems to be "
        "meant, with 元 and 万元 confused.",
    )
    return _observation(each, text, (each.statement.evidence,), meant, params)


def _observation(
    odd: _Known, text: Text, evidence: tuple[Evidence, ...], meant: Decimal, params: UnitsPlausible
) -> Observation:
    # OCR may lose the heading that states the unit of a scanned table, or the end of 20万元
    lost = odd.statement.recognised and odd.amount < meant and not odd.statement.field.unit
    outcome = Outcome.VIOLATED if odd.statement.certain(params.certain) and not lost else Outcome.UNDETERMINED
    return Observation(outcome, text, evidence, yuan(meant), yuan(odd.amount))


def _as_written(each: _Known) -> str:
    raw = each.statement.field.raw if each.single else ""
    return f"写作“{raw}”，即{yuan(each.amount)}" if raw else f"为{yuan(each.amount)}"


def _plausible(paper: list[_Known]) -> Observation:
    names = "、".join(dict.fromkeys(each.label.zh for each in paper))
    english = ", ".join(dict.fromkeys(each.label.en for each in paper))
    return Observation(
        Outcome.PASSED,
        Text(f"{names}的金额单位没有矛盾。", f"No contradiction of units: {english}."),
        tuple(each.statement.evidence for each in paper),
        actual="、".join(yuan(each.amount) for each in paper),
    )
