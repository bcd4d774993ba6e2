from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from services.validation.board import Board, Exhibit, Sighting, operator, settled
from services.validation.check import MoneyRef, OrganisationRef, TrustParams
from services.validation.model import Outcome, Text
from services.validation.sameness import Stated, collect, grouped
from services.validation.statements import Statement, statements
from services.validation.values import amount_of
from services.validation.wording import number, yuan


class TotalAtMost(TrustParams):
    """What an organisation applies for in all its applications together does not exceed a limit. Equal is allowed.

    limit: in yuan. An organisation's single application is left to the check at_most. Where the papers of one
    application state different amounts, the greatest counts.
    """

    organisation: OrganisationRef
    amount: MoneyRef
    limit: Decimal


@operator("total_at_most", TotalAtMost)
def total_at_most(board: Board, params: TotalAtMost) -> Iterator[Sighting]:
    found = collect(board, [params.organisation], params.trust)
    passed = Text(
        f"没有单位的多份申报合计超过{yuan(params.limit)}。",
        f"No organisation's applications come to more than {number(params.limit)} yuan.",
    )
    groups = grouped(tuple(found.first().values())).groups
    sightings = (seen for group in groups if len(group) > 1 for seen in _total(board, group, params))
    yield from settled(sightings, found.unseen, board, len(found.entries), passed)


def _total(board: Board, group: tuple[Stated, ...], params: TotalAtMost) -> Iterator[Sighting]:
    total, unknown, exhibits = Decimal(0), [], [each.exhibit for each in group]
    for each in group:
        amount = _amount(board, each.entry, params)
        if amount is None:
            unknown.append(each.entry)
        else:
            total += amount[0]
            exhibits.append(Exhibit(each.entry, amount[1].evidence))
    entries = tuple(each.entry for each in group)
    name, names, expected = group[0].statement.field.value, board.names(entries), f"≤ {yuan(params.limit)}"
    if total > params.limit:
        yield Sighting(
            Outcome.VIOLATED,
            Text(
                f"“{name}”的 {len(entries)} 份申报（{names.zh}）共申请{yuan(total)}，超过上限{yuan(params.limit)}。",
                f"“{name}” applies for {number(total)} yuan in {len(entries)} applications ({names.en}), over the "
                f"limit of {number(params.limit)}.",
            ),
            entries,
            tuple(exhibits),
            expected,
            yuan(total),
        )
    elif unknown:
        unnamed = board.names(unknown)
        yield Sighting(
            Outcome.UNDETERMINED,
            Text(
                f"“{name}”有 {len(entries)} 份申报，其中{unnamed.zh}的金额未能确定，无法计算合计。",
                f"“{name}” applies {len(entries)} times; the amount of {unnamed.en} is not known, so there is "
                "no total.",
            ),
            entries,
            tuple(exhibits),
            expected,
        )


def _amount(board: Board, entry: int, params: TotalAtMost) -> tuple[Decimal, Statement] | None:
    found = statements(board.entries[entry].submission, params.amount, params.trust).found
    amounts = [(amount, statement) for statement in found if (amount := amount_of(statement.field)) is not None]
    return max(amounts, key=lambda each: each[0], default=None)
