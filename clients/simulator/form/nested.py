"""Layout: one frame of a table whose cells hold tables of their own, as forms made on a word processor's grid."""

from __future__ import annotations

from clients.simulator.flow import Paragraph, Run, Table
from clients.simulator.form import budget, opinions, parts
from clients.simulator.form.writing import Writing


def write(w: Writing) -> None:
    flow = w.flow
    flow.size = 10.5  # there is little room in a table within a table
    for part in w.title():
        flow.add(part, align="centre", size=18, bold=True, font="黑体")
    flow.add(f"{w.labels['filled_on']}：{w.day('filled_on', w.facts.filled_on)}", align="right")
    unit = budget.unit(w)
    frame = Table([24, 134], w.row_height)
    _row(frame, "申报单位\n基本情况", (_applicant(w),))
    _row(frame, "项目人员", (_people(w),))
    _row(frame, "结对情况", (_partner(w),))
    for name in parts.PROSE:
        blocks: tuple[Paragraph | Table, ...] = parts.paragraphs(parts.prose(w, name))
        if name == "team":
            blocks = (*blocks, parts.volunteers(w))
        _row(frame, w.labels[name], blocks)
    amounts = w.pairs(budget.amounts(w, unit), [30, 38, 30, 36])
    _row(frame, "经费预算", (amounts, Paragraph((Run("经费支出明细：", bold=True),)), budget.budget_table(w, unit)))
    for name, slot in opinions.boxes(w):
        _row(frame, name, opinions.block(w, slot))
    flow.blocks.append(frame)


def _row(frame: Table, label: str, blocks: tuple[Paragraph | Table, ...]) -> None:
    row = frame.row_count
    frame.put(row, 0, label, centred=True, bold=True)
    frame.put_blocks(row, 1, blocks)


def _applicant(w: Writing) -> Table:
    facts, labels = w.facts, w.labels
    rows = [
        [(labels["project_name"], w.value("project_name", facts.project))],
        [(labels["applicant"], w.value("applicant", facts.applicant.name))],
        [
            (labels["applicant_type"], parts.choice(w)),
            (labels["credit_code"], w.value("credit_code", facts.credit_code)),
        ],
        [(labels["period"], w.period())],
    ]
    if facts.recommender:
        rows.append([(labels["recommender"], w.value("recommender", facts.recommender))])
    return w.pairs(rows, [28, 40, 26, 40])


def _people(w: Writing) -> Table:
    """A table with a person in each row."""
    leader, contact = w.facts.leader, w.facts.contact
    table = Table([22, 18, 24, 30, 40], w.row_height)
    heads = (
        "",
        "姓名",
        w.labels["leader_title"],
        w.rng.choice(("手机", "联系电话")),
        w.rng.choice(("电子邮箱", "邮箱")),
    )
    for column, head in enumerate(heads):
        table.put(0, column, head, centred=True, bold=True)
    rows = (
        (
            w.rng.choice(("项目负责人", "负责人")),
            w.value("leader_name", leader.name),
            w.value("leader_title", leader.title),
            w.value("leader_phone", leader.mobile),
            w.value("leader_email", leader.email),
        ),
        (
            w.rng.choice(("联系人", "项目联系人")),
            w.value("contact_name", contact.name),
            contact.title,
            w.value("contact_phone", w.contact_phone),
            w.value("contact_email", contact.email),
        ),
    )
    for row, texts in enumerate(rows, start=1):
        for column, text in enumerate(texts):
            table.put(row, column, text, centred=True)
    return table


def _partner(w: Writing) -> Table:
    person = w.facts.county_contact
    rows = [
        parts.place_row(w),
        [(w.labels["partner"], w.value("partner", w.facts.partner_name))],
        [("结对单位联系人", person.name), ("联系电话", person.mobile)],
    ]
    if w.facts.ally:
        rows.append([(w.labels["ally"], w.facts.ally)])
    return w.pairs(rows, [30, 38, 28, 38])
