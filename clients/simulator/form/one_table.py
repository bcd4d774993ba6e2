"""Layout: a single table with merged cells from the project's name to the opinions; check boxes are Word's."""

from __future__ import annotations

from clients.simulator.flow import Checkbox, Paragraph, Run, Table
from clients.simulator.form import budget, opinions, parts
from clients.simulator.form.writing import CAPITALS, Writing


def write(w: Writing) -> None:
    facts, labels, flow = w.facts, w.labels, w.flow
    flow.add("".join(w.title()), align="centre", size=16, bold=True, font="黑体")
    unit = budget.unit(w)
    flow.blocks.append(Paragraph((Run(f"{labels['filled_on']}：{w.day('filled_on', facts.filled_on)}"),)))
    table = Table([20, 24, 34, 24, 29, 29], w.row_height)
    _wide(table, labels["project_name"], w.value("project_name", facts.project))
    _wide(table, labels["applicant"], w.value("applicant", facts.applicant.name))
    _wide(table, labels["credit_code"], w.value("credit_code", facts.credit_code))
    _choice(w, table)
    if facts.recommender:
        _wide(table, labels["recommender"], w.value("recommender", facts.recommender))
    groups = [_people, _partner, _period]
    if w.rng.random() < 0.4:  # rows that other calls have elsewhere
        groups.reverse()
    for group in groups:
        group(w, table)
    _money(w, table, unit)
    for name in parts.PROSE:
        _wide(table, labels[name], "\n".join(parts.prose(w, name)))
    inside = w.rng.random() < 0.5
    if inside:
        budget.budget_rows(w, table, unit)
    _opinions(w, table)
    flow.blocks.append(table)
    if not inside:
        flow.blocks.append(Paragraph((Run("经费预算表", size=14, bold=True),), "centre"))
        flow.blocks.append(budget.budget_table(w, unit))


def _wide(table: Table, label: str, text: str) -> None:
    """A label and one value that spans the rest of the row."""
    row = table.row_count
    table.put(row, 0, label, columns=2, centred=True)
    table.put(row, 2, text, columns=4)


def _choice(w: Writing, table: Table) -> None:
    kind = w.facts.applicant.kind
    w.statement.state("applicant_type", kind)
    options = (("national", "全国学会"), ("provincial", "省级学会"))
    boxes = tuple(Checkbox(kind == value, label, 9100 + number) for number, (value, label) in enumerate(options))
    row = table.row_count
    table.put(row, 0, w.labels["applicant_type"], columns=2, centred=True)
    table.put_blocks(row, 2, (Paragraph(boxes),), columns=4)


def _people(w: Writing, table: Table) -> None:
    """项目负责人 and 联系人 as cells that span two rows, plain labels beside them."""
    facts = w.facts
    people = (("leader", w.rng.choice(("项目负责人", "负责人")), facts.leader, facts.leader.mobile),
              ("contact", w.rng.choice(("联系人", "项目联系人")), facts.contact, w.contact_phone))  # fmt: skip
    for role, name, person, phone in people:
        row = table.row_count
        table.put(row, 0, name, rows=2, centred=True)
        table.put(row, 1, w.spread("姓名"), centred=True)
        table.put(row, 2, w.value(f"{role}_name", person.name), centred=True)
        duty = w.rng.choice(("干事", "主任", "科普部部长", "无"))
        leads = role == "leader"
        title = w.value("leader_title", person.title) if leads else duty
        table.put(row, 3, w.labels["leader_title"] if leads else "职务", centred=True)
        table.put(row, 4, title, columns=2, centred=True)
        table.put(row + 1, 1, w.rng.choice(("手机", "联系电话", "电话")), centred=True)
        table.put(row + 1, 2, w.value(f"{role}_phone", phone), centred=True)
        table.put(row + 1, 3, w.rng.choice(("电子邮箱", "E-mail", "邮箱")), centred=True)
        table.put(row + 1, 4, w.value(f"{role}_email", person.email), columns=2, centred=True)


def _partner(w: Writing, table: Table) -> None:
    facts, county, labels = w.facts, w.facts.county, w.labels
    if w.rng.random() < 0.5:
        partner = w.value("partner", w.full_partner())
        _wide(table, labels["partner"], partner)
        if partner and not facts.partner:
            w.statement.state("partner_province", county.province)
            w.statement.state("partner_county", county.name)
    else:
        row = table.row_count
        table.put(row, 0, "结对县情况", rows=2, centred=True)
        table.put(row, 1, labels["partner_province"], centred=True)
        table.put(row, 2, w.value("partner_province", county.province), centred=True)
        table.put(row, 3, labels["partner_county"], centred=True)
        table.put(row, 4, w.value("partner_county", county.name), columns=2, centred=True)
        table.put(row + 1, 1, labels["partner"], centred=True)
        table.put(row + 1, 2, w.value("partner", facts.partner_name), columns=2, centred=True)
        table.put(row + 1, 4, "联系人及电话", centred=True)
        table.put(row + 1, 5, f"{facts.county_contact.name}\n{facts.county_contact.mobile}", centred=True)
    if facts.ally:
        _wide(table, labels["ally"], facts.ally)


def _period(w: Writing, table: Table) -> None:
    _wide(table, w.labels["period"], w.period())


def _money(w: Writing, table: Table, unit: str) -> None:
    facts, labels = w.facts, w.labels
    beside, style, has_own = w.rng.random() < 0.5, w.rng.choice((*CAPITALS, "wan", "grouped")), w.rng.random() < 0.6
    if facts.words != facts.requested:
        beside, style = False, "capitals"
    if beside:
        row = table.row_count
        amounts = (facts.total, facts.requested, facts.self_funded)
        for index, name in enumerate(("total_budget", "requested_amount", "self_funded_amount")):
            table.put(row, index * 2, f"{labels[name]}（{unit}）", centred=True)
            table.put(row, index * 2 + 1, w.bare(name, amounts[index], unit), centred=True)
        return
    _wide(table, labels["requested_amount"], w.money("requested_amount", facts.requested, style))
    if has_own:
        own = w.money("self_funded_amount", facts.self_funded, "yuan" if unit == "元" else "wan")
        _wide(table, labels["self_funded_amount"], own)


def _opinions(w: Writing, table: Table) -> None:
    for name, slot in opinions.boxes(w):
        row = table.row_count
        table.put(row, 0, name, centred=True)
        table.put_blocks(row, 1, opinions.block(w, slot), columns=5)
