"""Layout: facts in "label：value" lines, often two to a line; values below their labels in tables."""

from __future__ import annotations

from clients.simulator.flow import Table
from clients.simulator.form import budget, opinions, parts
from clients.simulator.form.writing import Writing


def write(w: Writing) -> None:
    facts, labels, flow = w.facts, w.labels, w.flow
    w.edges()
    for part in w.title():
        flow.add(part, align="centre", size=20, bold=True, font="黑体")
    w.heading("一、申报信息")
    w.line((labels["project_name"], w.value("project_name", facts.project)))
    w.line((labels["applicant"] + w.rng.choice(("", "（全称）")), w.value("applicant", facts.applicant.name)))
    w.line((labels["applicant_type"], parts.choice(w)))
    if facts.recommender:
        w.line((labels["recommender"], w.value("recommender", facts.recommender)))
    _people(w)
    w.line((labels["period"], w.period()))
    w.heading("二、结对单位信息")
    flow.blocks.append(_partner_table(w))
    if facts.ally:
        w.line((labels["ally"], facts.ally))
    w.heading("三、项目内容")
    for number, name in zip("一二三四五", parts.PROSE, strict=True):
        flow.add(f"（{number}）{labels[name]}", bold=True)
        flow.blocks += parts.paragraphs(parts.prose(w, name))
        if name == "team" and w.rng.random() < 0.5:
            flow.blocks.append(parts.volunteers(w))
    w.heading("四、经费预算")
    w.line((labels["requested_amount"], w.money("requested_amount", facts.requested, w.money_style())))
    _budget(w)
    if facts.slot("provincial_consent") is not None or w.rng.random() < 0.5:
        w.heading("五、审核意见")
        flow.blocks.append(opinions.opinion_table(w))
        w.heading("六、申报单位承诺")
    else:
        w.heading("五、申报单位承诺")
    flow.blocks += opinions.commitment(w)
    flow.add(f"{labels['filled_on']}：{w.day('filled_on', facts.filled_on)}", align="right")


def _budget(w: Writing) -> None:
    unit = budget.unit(w)
    if w.facts.priced:
        w.flow.blocks.append(budget.budget_table(w, unit))
    else:
        budget.split_budget(w, unit)


def _people(w: Writing) -> None:
    facts, labels = w.facts, w.labels
    leader, contact = facts.leader, facts.contact
    w.line(
        (labels["leader_name"], w.value("leader_name", leader.name)),
        (labels["leader_title"], w.value("leader_title", leader.title)),
    )
    w.line(
        (labels["leader_phone"], w.value("leader_phone", leader.mobile)),
        (labels["leader_email"], w.value("leader_email", leader.email)),
    )
    w.line(
        (labels["contact_name"], w.value("contact_name", contact.name)),
        (labels["contact_phone"], w.value("contact_phone", w.contact_phone)),
    )
    if w.rng.random() < 0.6:
        w.line((labels["contact_email"], w.value("contact_email", contact.email)))


def _partner_table(w: Writing) -> Table:
    """One row of values below a row of labels."""
    facts, county, labels = w.facts, w.facts.county, w.labels
    columns = [
        (labels["partner_province"], w.value("partner_province", county.province)),
        (labels["partner_county"], w.value("partner_county", county.name)),
        (labels["partner"], w.value("partner", facts.partner_name)),
        ("对方联系人", facts.county_contact.name),
        ("对方联系电话", facts.county_contact.mobile),
    ]
    table = Table([28, 28, 42, 26, 34], w.row_height)
    for column, (label, text) in enumerate(columns):
        table.put(0, column, label, centred=True, bold=True)
        table.put(1, column, text, centred=True)
    return table
