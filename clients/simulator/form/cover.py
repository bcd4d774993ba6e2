"""Layout: a cover with underlined blanks, an instruction page, then ruled tables below numbered headings."""

from __future__ import annotations

from clients.simulator.flow import PageBreak, Paragraph, Run, Table
from clients.simulator.form import budget, opinions, parts
from clients.simulator.form.writing import Writing

_NUMBERS = "一二三四五六七八九十"


def write(w: Writing) -> None:
    w.edges()
    cover(w)
    parts.instructions(w)
    if w.rng.random() < 0.6:
        w.flow.blocks.append(PageBreak())
    sections = _old_sections if w.facts.edition else _sections
    for number, (heading, blocks) in zip(_NUMBERS, sections(w), strict=False):
        w.heading(f"{number}、{heading}")
        w.flow.blocks += blocks


def _sections(w: Writing) -> list[tuple[str, list[Paragraph | Table]]]:
    unit = budget.unit(w)
    listed = w.rng.random() < 0.6
    boxed = w.rng.random() < 0.5
    team = [*_prose(w, "team", boxed=False), *([parts.volunteers(w)] if listed else [])]
    found: list[tuple[str, list[Paragraph | Table]]] = [
        ("基本情况", [w.pairs(_basic_facts(w), [32, 48, 30, 48])]),
        ("结对情况", [w.pairs(_partnership(w), [32, 48, 30, 48])]),
        (w.labels["rationale"], _prose(w, "rationale", boxed=boxed)),
        (w.labels["content"], _prose(w, "content", boxed=boxed)),
        (w.labels["team"], team),
        (w.labels["schedule"], _prose(w, "schedule", boxed=boxed)),
        (w.labels["outcome"], _prose(w, "outcome", boxed=boxed)),
        ("经费预算", _money(w, unit)),
        (w.rng.choice(("审核意见", "单位意见")), [opinions.opinion_table(w)]),
    ]
    if w.rng.random() < 0.4:
        found.append((w.rng.choice(("承诺书", "申报单位承诺")), list(opinions.commitment(w))))
    return found


def _old_sections(w: Writing) -> list[tuple[str, list[Paragraph | Table]]]:
    """The form of an earlier year: other sections, other questions."""
    conditions = [
        [("是否有专门科普工作部门", w.rng.choice(("有", "无"))), ("专职科普人员（人）", str(w.rng.randint(1, 9)))],
        [
            ("上年度科普经费（万元）", str(w.rng.randint(5, 80))),
            ("科普场所面积（平方米）", str(w.rng.randint(50, 900))),
        ],
    ]
    return [
        ("申报单位及负责人基本信息", [w.pairs([*_basic_facts(w), *_partnership(w)], [32, 48, 30, 48])]),
        ("立项依据和目的", _prose(w, "rationale", boxed=True)),
        ("主要内容和技术路线", _prose(w, "content", boxed=True)),
        ("目标及预期成果", _prose(w, "outcome", boxed=True)),
        ("实施条件", [w.pairs(conditions, [44, 32, 44, 38])]),
        ("参加人员", _prose(w, "team", boxed=False)),
        ("经费概算", _money(w, budget.unit(w))),
        ("审核意见", [opinions.opinion_table(w)]),
    ]


def cover(w: Writing) -> None:
    flow, facts = w.flow, w.facts
    flow.text_box = "附件2" if w.rng.random() < 0.5 else ""
    flow.add("项目编号：" + "　" * 8, align="right")
    for _ in range(3):
        flow.add()
    for part in w.title():
        flow.add(part, align="centre", size=22, bold=True, font="黑体")
    for _ in range(4):
        flow.add()
    for label, text, mark in _cover_lines(w):
        padding = "　" * max(2, 16 - len(text))
        pieces = (
            Run(label + w.rng.choice(("：", "：", ":")), size=15),
            Run(f"  {text}{padding}", size=15, underline=True),
        )
        flow.blocks.append(Paragraph(pieces, indent_mm=14, mark=mark))
    flow.add(f"{w.labels['applicant_type']}：{parts.choice(w)}", size=15, indent_mm=14)
    issuer = w.rng.choice(("中国科协科普部  制", "中国科学技术协会科学技术普及部制"))
    year = f"  {facts.edition}年" if facts.edition else ""
    flow.add(issuer + year, align="centre", size=14)
    flow.blocks.append(PageBreak())


def _cover_lines(w: Writing) -> list[tuple[str, str, str]]:
    """Label, text and mark of each line."""
    facts, labels = w.facts, w.labels
    hint = w.rng.choice(("", "（盖章）", "（公章）"))
    if hint:
        opinions.cover_seal(w)
    lines = [
        (labels["project_name"], w.value("project_name", facts.project), ""),
        (labels["applicant"] + hint, w.value("applicant", facts.applicant.name), "cover/seal" if hint else ""),
        (labels["leader_name"], w.value("leader_name", facts.leader.name), ""),
        (w.spread(labels["contact_name"]), w.value("contact_name", facts.contact.name), ""),
        (labels["contact_phone"], w.value("contact_phone", w.contact_phone), ""),
    ]
    if facts.recommender:
        lines.append((labels["recommender"], w.value("recommender", facts.recommender), ""))
    return [*lines, (labels["filled_on"], w.day("filled_on", facts.filled_on), "")]


def _basic_facts(w: Writing) -> list[list[tuple[str, str]]]:
    facts, labels = w.facts, w.labels
    postcode = f"{w.rng.randint(100000, 830000)}"
    own = w.rng.random() < 0.5  # labels that name the person, or plain ones that stand in the person's row
    phone, mail = ("联系电话", "电子邮箱") if own else (labels["leader_phone"], labels["leader_email"])
    contact_phone, contact_mail = ("手机", "电子信箱") if own else (labels["contact_phone"], labels["contact_email"])
    rows = [
        [(labels["applicant"], w.value("applicant", facts.applicant.name))],
        [(labels["credit_code"], w.value("credit_code", facts.credit_code)), ("邮政编码", postcode)],
        [("通讯地址", parts.address(w))],
        [
            (labels["leader_name"], w.value("leader_name", facts.leader.name)),
            (labels["leader_title"], w.value("leader_title", facts.leader.title)),
        ],
        [
            (phone, w.value("leader_phone", facts.leader.mobile)),
            (mail, w.value("leader_email", facts.leader.email)),
        ],
        [
            (labels["contact_name"], w.value("contact_name", facts.contact.name)),
            (contact_phone, w.value("contact_phone", w.contact_phone)),
        ],
        [(contact_mail, w.value("contact_email", facts.contact.email))],
    ]
    period = [(labels["period"], w.period())]
    moved = w.rng.random() < 0.3  # sometimes the period comes first
    return [period, *rows] if moved else [*rows, period]


def _partnership(w: Writing) -> list[list[tuple[str, str]]]:
    person = w.facts.county_contact
    rows = [
        parts.place_row(w),
        [(w.labels["partner"], w.value("partner", w.facts.partner_name))],
        [("结对单位联系人", person.name), ("联系电话", person.mobile)],
    ]
    if w.facts.ally:
        rows.append([(w.labels["ally"], w.facts.ally)])
    return rows


def _prose(w: Writing, name: str, *, boxed: bool) -> list[Paragraph | Table]:
    paragraphs = parts.paragraphs(parts.prose(w, name))
    if not boxed:
        return list(paragraphs)
    table = Table([158])
    table.put_blocks(0, 0, paragraphs)
    return [table]


def _money(w: Writing, unit: str) -> list[Paragraph | Table]:
    amounts = w.pairs(budget.amounts(w, unit), [36, 46, 36, 40])
    return [amounts, Paragraph(), budget.budget_table(w, unit)]
