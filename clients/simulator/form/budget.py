"""The money of a form: amounts in fields of their own, and the budget with one row an expense."""

from __future__ import annotations

from decimal import Decimal

from clients.simulator import notation
from clients.simulator.flow import Paragraph, Run, Table
from clients.simulator.form.writing import Writing
from clients.simulator.plan import Expense

_WIDTHS = {"number": 14.0, "item": 42.0, "price": 26.0, "quantity": 20.0, "amount": 34.0, "basis": 50.0}


def unit(w: Writing) -> str:
    return w.rng.choice(("万元", "元"))


def amounts(w: Writing, unit: str) -> list[list[tuple[str, str]]]:
    """Label-value pairs of what is asked for and, often, of the total and the own share."""
    facts, labels = w.facts, w.labels
    rows = [[(labels["requested_amount"], w.money("requested_amount", facts.requested, w.money_style()))]]
    if w.rng.random() < 0.7:
        total, own = f"{labels['total_budget']}（{unit}）", f"{labels['self_funded_amount']}（{unit}）"
        rows.append(
            [
                (total, w.bare("total_budget", facts.total, unit)),
                (own, w.bare("self_funded_amount", facts.self_funded, unit)),
            ]
        )
    return rows


def budget_table(w: Writing, unit: str) -> Table:
    """A table of its own. The order of the columns, their names and the unit's place differ."""
    columns = _columns(w)
    if w.rng.random() < 0.6:
        columns.insert(0, "number")
    table = Table([_WIDTHS[column] for column in columns], w.row_height - 1)
    _fill(w, table, [(index, 1, column) for index, column in enumerate(columns)], 0, unit)
    return table


def budget_rows(w: Writing, table: Table, unit: str) -> None:
    """The budget inside a big table of six columns."""
    first = table.row_count
    table.put(first, 0, "经费预算", columns=6, centred=True, bold=True)
    columns = _columns(w)
    groups = (
        list(zip((0, 1, 2, 3, 4), (1, 1, 1, 1, 2), columns, strict=True))
        if len(columns) == 5
        else list(zip((0, 2, 4), (2, 2, 2), columns, strict=True))
    )
    _fill(w, table, groups, first + 1, unit)


def _columns(w: Writing) -> list[str]:
    basis_last = w.rng.random() < 0.7
    if w.facts.priced:
        return ["item", "price", "quantity", "amount", "basis"]
    return ["item", "amount", "basis"] if basis_last else ["item", "basis", "amount"]


def _fill(w: Writing, table: Table, groups: list[tuple[int, int, str]], row: int, unit: str) -> None:
    """Heads, rows and total from a row on. groups: first column, how many, and what stands there."""
    names = {
        "number": "序号",
        "item": w.rng.choice(("支出科目", "支出内容", "预算科目", "费用名称")),
        "price": "单价（元）",
        "quantity": "数量",
        "amount": w.rng.choice(("金额", "预算金额")) + w.rng.choice((f"（{unit}）", f"({unit})", f"/{unit}")),
        "basis": w.rng.choice(("测算依据", "用途说明", "备注")),
    }
    for column, count, name in groups:
        table.put(row, column, names[name], columns=count, centred=True, bold=True)
    for number, expense in enumerate(w.facts.expenses, start=1):
        texts = _texts(number, expense, unit)
        for column, count, name in groups:
            table.put(row + number, column, texts[name], columns=count, centred=True)
    _total(w, table, groups, row + len(w.facts.expenses) + 1, unit)
    _state_rows(w)


def _texts(number: int, expense: Expense, unit: str) -> dict[str, str]:
    return {
        "number": str(number),
        "item": expense.item,
        "price": notation.plain(expense.price) if expense.quantity else "",
        "quantity": str(expense.quantity) if expense.quantity else "",
        "amount": cell_amount(expense.amount, unit),
        "basis": expense.basis,
    }


def _total(w: Writing, table: Table, groups: list[tuple[int, int, str]], row: int, unit: str) -> None:
    head = w.rng.choice(("合计", "合　计", "总计"))
    texts = {"item": head, "amount": cell_amount(w.facts.total, unit)}
    if groups[0][2] == "number":  # the head stands in the first two columns
        table.put(row, 0, head, columns=2, centred=True)
        groups = groups[2:]
    for column, count, name in groups:
        table.put(row, column, texts.get(name, ""), columns=count, centred=True)
    w.statement.state("total_budget", notation.plain(w.facts.total))


def _state_rows(w: Writing) -> None:
    w.statement.rows["budget_items"] = [
        {"item": expense.item, "amount": notation.plain(expense.amount)} for expense in w.facts.expenses
    ]


def cell_amount(amount: Decimal, unit: str) -> str:
    return notation.wan(amount, 2) if unit == "万元" else notation.plain(amount)


def split_budget(w: Writing, unit: str) -> None:
    """Each expense with what is asked for and what is paid by the society; the total row states all three amounts."""
    facts, labels = w.facts, w.labels
    style = "wan" if unit == "万元" else "yuan"
    w.flow.blocks.append(Paragraph((Run(f"单位：{unit}", size=9),), "right"))
    item = w.rng.choice(("支出科目", "支出内容", "预算科目"))
    total = w.rng.choice(("合计", "金额", "金额合计", "预算金额"))
    heads = [item, *(f"{name}（{unit}）" for name in (total, "其中：专项经费", "其中：自筹"))]
    table = Table([50, 36, 36, 36], w.row_height - 1)
    for column, head in enumerate(heads):
        table.put(0, column, head, centred=True, bold=True)
    left = facts.self_funded
    for row, expense in enumerate(facts.expenses, start=1):
        own = min(left, expense.amount)
        left -= own
        shares = (expense.amount, expense.amount - own, own)
        for column, text in enumerate((expense.item, *(cell_amount(share, unit) for share in shares))):
            table.put(row, column, text, centred=True)
    totals = ["合计", cell_amount(facts.total, unit), "", cell_amount(facts.self_funded, unit)]
    if "requested_amount" not in facts.blanks:
        totals[2] = cell_amount(facts.requested, unit)
    for column, text in enumerate(totals):
        table.put(len(facts.expenses) + 1, column, text, centred=True)
    w.flow.blocks.append(table)
    _state_rows(w)
    w.line(
        (labels["total_budget"], w.money("total_budget", facts.total, style)),
        (labels["self_funded_amount"], w.money("self_funded_amount", facts.self_funded, style)),
    )
