"""The application form (项目申报书) as a .docx, in layouts that differ as those of real calls do.

A layout writes the facts with labels, notations and an order of its own and notes in a `Statement` what it has stated;
whatever it leaves out, or leaves blank, is not in the statement.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from docx.shared import Mm

from clients.simulator import notation, word
from clients.simulator.plan import FormFacts
from clients.simulator.truth import Statement

_LABELS = {
    "project_name": ("项目名称", "申报项目名称"),
    "applicant": ("申报单位", "项目申报单位", "学会名称", "承担单位", "项目实施单位", "单位名称"),
    "applicant_type": ("申报类别", "申报单位类别", "学会类别"),
    "recommender": ("推荐单位", "推荐单位（省级科协）"),
    "leader_name": ("项目负责人", "负责人", "项目负责人姓名"),
    "leader_title": ("职称/职务", "职务/职称", "职务职称"),
    "leader_phone": ("负责人电话", "负责人联系电话", "负责人手机"),
    "leader_email": ("负责人邮箱", "负责人电子邮箱"),
    "contact_name": ("联系人", "项目联系人", "联系人姓名"),
    "contact_phone": ("联系人电话", "联系人手机", "联系人联系电话"),
    "contact_email": ("联系人邮箱", "联系人电子邮箱"),
    "partner": ("结对县级科协", "结对单位", "结对县（市、区）科协", "结对单位名称"),
    "region": ("结对县（市、区）", "结对地区", "服务地区"),
    "partner_province": ("所在省（区、市）", "省（区、市）", "所在省份"),
    "partner_county": ("县（市、区）", "结对县", "县（市、区、旗）"),
    "period": ("起止时间", "实施周期", "项目起止时间", "实施期限"),
    "requested_amount": ("申请经费", "申请支持经费", "申请支持金额", "申请资助经费"),
    "total_budget": ("项目总经费", "经费总额", "项目总预算", "经费预算总额"),
    "self_funded_amount": ("自筹经费", "自筹资金", "单位自筹经费"),
    "filled_on": ("填报日期", "申请日期", "申报日期", "填表日期"),
}  # fmt: skip
_FONTS = ("宋体", "仿宋", "仿宋_GB2312", "SimSun")
_TITLES = (
    "“智惠行动·百会百县乡村行”\n系列科技志愿服务项目申报书",
    "“智惠行动·百会百县乡村行”\n科技志愿服务项目申报书",
    "科技志愿服务“智惠行动”\n项目申报书",
    "2021年“智惠行动·百会百县乡村行”\n项 目 申 报 书",
)


@dataclass(slots=True)
class _Writing:
    """A form in the making: the facts, the choices that were drawn, and what has been stated so far."""

    rng: Random
    facts: FormFacts
    statement: Statement
    document: Any
    labels: dict[str, str]
    date_style: str
    row_height: float  # mm, at least
    phone_first: bool  # mobiles rather than landlines for the contact

    def value(self, name: str, text: str, stated: str | None = None) -> str:
        """The text of a field, noted as stated; "" where the field is to stay blank."""
        if name in self.facts.blanks:
            return ""
        self.statement.state(name, text if stated is None else stated)
        return text

    def money(self, name: str, amount: Decimal, style: str) -> str:
        return self.value(name, notation.money(amount, style), notation.plain(amount))

    def bare(self, name: str, amount: Decimal, unit: str) -> str:
        """An amount whose unit stands elsewhere."""
        text = notation.wan(amount, 2) if unit == "万元" else notation.plain(amount)
        return self.value(name, text, notation.plain(amount))

    def day(self, name: str, value: date) -> str:
        return self.value(name, notation.day(value, self.date_style), value.isoformat())

    def period(self) -> str:
        span = notation.span(self.facts.begins, self.facts.ends, self.rng.choice(notation.SPAN_STYLES))
        self.statement.state("period_start", span.start)
        self.statement.state("period_end", span.end)
        return span.text

    @property
    def contact_phone(self) -> str:
        return self.facts.contact.mobile if self.phone_first else self.facts.contact.landline


def write_form(rng: Random, facts: FormFacts, layout: str) -> tuple[Any, Statement]:
    """The form as a python-docx document, and what it states. layout: one of LAYOUTS."""
    document = word.new_document(rng.choice(_FONTS), rng.choice((10.5, 12)))
    writing = _Writing(
        rng=rng,
        facts=facts,
        statement=Statement(),
        document=document,
        labels={name: rng.choice(variants) for name, variants in _LABELS.items()},
        date_style=rng.choice(notation.DATE_STYLES),
        row_height=rng.uniform(7.5, 11),
        phone_first=rng.random() < 0.5,
    )
    LAYOUTS[layout](writing)
    return document, writing.statement


def _spread(rng: Random, label: str) -> str:
    """Short labels are often widened with blanks: 姓　名, 联 系 人."""
    if len(label) == 2 and rng.random() < 0.6:
        return f"{label[0]}　{label[1]}"
    if len(label) == 3 and rng.random() < 0.4:
        return " ".join(label)
    return label


# --------------------------------------------------------------------- cover page and sections


def _cover_and_sections(w: _Writing) -> None:
    """A cover with underlined blanks, an instruction page, then ruled tables below numbered headings."""
    _header_and_footer(w)
    _cover(w)
    _instructions(w)
    _basic_facts(w)
    _partnership(w)
    _narrative(w)
    _budget(w, heading="五、经费预算", unit=w.rng.choice(("万元", "元")))
    _opinions(w, heading="六、审核意见")


def _header_and_footer(w: _Writing) -> None:
    section = w.document.sections[0]
    if w.rng.random() < 0.6:
        header = section.header.paragraphs[0]
        header.alignment = word.CENTRE
        word.write(header, w.rng.choice(("中国科协科技志愿服务项目", "科技志愿服务“智惠行动”", "项目申报材料")), size=9)
    if w.rng.random() < 0.6:
        footer = section.footer.paragraphs[0]
        footer.alignment = word.CENTRE
        word.write(footer, "中国科学技术协会科普部制", size=9)


def _cover(w: _Writing) -> None:
    first = w.document.add_paragraph()
    if w.rng.random() < 0.5:
        word.add_text_box(first, "附件2", left_mm=0, top_mm=-8, width_mm=30)
    word.write(first, "项目编号：" + "　" * 8)
    first.alignment = word.RIGHT
    for _ in range(3):
        w.document.add_paragraph()
    for part in w.rng.choice(_TITLES).split("\n"):
        paragraph = w.document.add_paragraph()
        paragraph.alignment = word.CENTRE
        word.write(paragraph, part, size=22, bold=True, font="黑体")
    for _ in range(4):
        w.document.add_paragraph()
    facts = w.facts
    applicant = w.labels["applicant"] + w.rng.choice(("", "（盖章）", "（公章）"))
    lines = [
        (w.labels["project_name"], w.value("project_name", facts.project)),
        (applicant, w.value("applicant", facts.applicant.name)),
        (w.labels["leader_name"], w.value("leader_name", facts.leader.name)),
        (_spread(w.rng, w.labels["contact_name"]), w.value("contact_name", facts.contact.name)),
        (w.labels["contact_phone"], w.value("contact_phone", w.contact_phone)),
    ]
    if facts.recommender:
        lines.append((w.labels["recommender"], w.value("recommender", facts.recommender)))
    lines.append((w.labels["filled_on"], w.day("filled_on", facts.filled_on)))
    for label, text in lines:
        paragraph = w.document.add_paragraph()
        paragraph.paragraph_format.left_indent = Mm(14)
        word.write(paragraph, label + w.rng.choice(("：", "：", ":")), size=15)
        word.write(paragraph, f"  {text}{'　' * max(2, 16 - len(text))}", size=15, underline=True)
    kind = w.document.add_paragraph()
    kind.paragraph_format.left_indent = Mm(14)
    national = facts.applicant.kind == "national"
    w.statement.state("applicant_type", facts.applicant.kind)
    on, off = w.rng.choice((("☑", "□"), ("☑", "☐"), ("■", "□")))
    boxes = f"{on if national else off}全国学会　{off if national else on}省级学会"
    word.write(kind, f"{w.labels['applicant_type']}：{boxes}", size=15)
    issuer = w.document.add_paragraph()
    issuer.alignment = word.CENTRE
    word.write(issuer, w.rng.choice(("中国科协科普部  制", "中国科学技术协会科学技术普及部制")), size=14)
    w.document.add_page_break()


_RULES = (
    "本申报书一式三份，用A4纸打印，于左侧装订。",
    "申报单位须认真填写，各栏目不得空缺，无相关内容时填“无”。",
    "项目名称应准确、简洁，一般不超过30字。",
    "申请经费单位为“{unit}”，每家学会支持金额不超过20万元。",
    "“申报单位”须填写单位全称，并加盖单位公章，与公章一致。",
    "格式不符的申报书不予受理。联系电话请填写常用手机。",
)


def _instructions(w: _Writing) -> None:
    heading = w.document.add_paragraph()
    heading.alignment = word.CENTRE
    word.write(heading, w.rng.choice(("填 报 说 明", "填报说明", "填写说明")), size=16, bold=True)
    for index, rule in enumerate(w.rng.sample(_RULES, 4), start=1):
        word.write(w.document.add_paragraph(), f"{index}．{rule.format(unit='元')}")
    if w.rng.random() < 0.6:
        w.document.add_page_break()


def _heading(w: _Writing, text: str) -> None:
    word.write(w.document.add_paragraph(), text, size=14, bold=True, font="黑体")


def _pairs_table(w: _Writing, rows: list[list[tuple[str, str]]]) -> None:
    """Rows of one or two label-value pairs in a table of four columns; a single value spans three."""
    table = word.ruled_table(w.document, len(rows), 4, [32, 48, 30, 48])
    for cells, pairs in zip((row.cells for row in table.rows), rows, strict=True):
        if len(pairs) == 1:
            cells[1].merge(cells[3])
        for index, (label, text) in enumerate(pairs):
            word.fill(cells[index * 2], _spread(w.rng, label), centred=True)
            word.fill(cells[index * 2 + 1], text, centred=w.rng.random() < 0.5)
    word.set_heights(table, w.row_height)


def _basic_facts(w: _Writing) -> None:
    _heading(w, "一、基本情况")
    facts, labels = w.facts, w.labels
    postcode = f"{w.rng.randint(100000, 830000)}"
    leader_phone = w.value("leader_phone", facts.leader.mobile)
    own = w.rng.random() < 0.5  # labels that name the person, or plain ones that stand in the person's row
    phone, mail = ("联系电话", "电子邮箱") if own else (labels["leader_phone"], labels["leader_email"])
    contact_phone, contact_mail = ("手机", "电子信箱") if own else (labels["contact_phone"], labels["contact_email"])
    rows = [
        [(labels["applicant"], w.value("applicant", facts.applicant.name))],
        [("统一社会信用代码", _credit_code(w.rng)), ("邮政编码", postcode)],
        [("通讯地址", _address(w))],
        [
            (labels["leader_name"], w.value("leader_name", facts.leader.name)),
            (labels["leader_title"], w.value("leader_title", facts.leader.title)),
        ],
        [(phone, leader_phone), (mail, w.value("leader_email", facts.leader.email))],
        [
            (labels["contact_name"], w.value("contact_name", facts.contact.name)),
            (contact_phone, w.value("contact_phone", w.contact_phone)),
        ],
        [(contact_mail, w.value("contact_email", facts.contact.email))],
        [(labels["period"], w.period())],
    ]
    _pairs_table(w, rows)


def _address(w: _Writing) -> str:
    province = w.facts.applicant.province
    seat = "北京市" if province is None else province.name
    return f"{seat}{w.rng.choice(('学院路', '科技大街', '文化路', '建设路', '复兴路'))}{w.rng.randint(1, 199)}号"


def _credit_code(rng: Random) -> str:
    return "51" + f"{rng.randint(0, 999999):06d}" + "".join(rng.choice("0123456789ABCDEFGH") for _ in range(10))


def _partner_name(w: _Writing, *, full: bool) -> str:
    county = w.facts.county
    if full:
        return f"{county.province}{county.prefecture}{county.association}"
    return county.association


def _partnership(w: _Writing) -> None:
    _heading(w, "二、结对情况")
    facts, labels, county = w.facts, w.labels, w.facts.county
    partner = w.value("partner", _partner_name(w, full=False))
    if w.rng.random() < 0.5:
        w.statement.state("partner_province", county.province)
        w.statement.state("partner_county", county.name)
        place = [(labels["region"], f"{county.province}{county.prefecture}{county.name}")]
    else:
        place = [
            (labels["partner_province"], w.value("partner_province", county.province)),
            (labels["partner_county"], w.value("partner_county", county.name)),
        ]
    person = facts.county_contact
    rows = [place, [(labels["partner"], partner)], [("结对单位联系人", person.name), ("联系电话", person.mobile)]]
    if facts.applicant.kind == "national":
        ally = facts.applicant.name.removeprefix("中国").removeprefix("中华")
        rows.append([("带动的省级学会", county.province + ally)])
    _pairs_table(w, rows)


def _narrative(w: _Writing) -> None:
    facts = w.facts
    _heading(w, "三、立项依据与实施内容")
    table = word.ruled_table(w.document, 1, 1, [158])
    word.fill(table.cell(0, 0), "\n".join(_story(w)))
    _heading(w, "四、进度安排与预期成效")
    word.write(
        w.document.add_paragraph(),
        f"项目分准备、实施、总结三个阶段推进，开展活动{w.rng.randint(4, 12)}场，"
        f"服务群众{w.rng.randint(5, 40) * 100}人次，"
        f"培训{facts.county.name}基层科技工作者{w.rng.randint(20, 90)}名。",
    )


def _story(w: _Writing) -> list[str]:
    """The prose of the application: it repeats names, as such prose does, but no labels."""
    facts = w.facts
    return [
        f"为落实乡村振兴战略，提升{facts.county.name}农民科学素质，{facts.applicant.name}组织专家组建科技志愿服务队，"
        f"与{facts.county.name}科协结对共建。",
        *(f"（{number}）{content}。" for number, content in zip("一二三", facts.content, strict=False)),
        "带动当地校长、医院院长、农技站站长发挥“三长”作用，形成长效机制。",
    ]


# -------------------------------------------------------------------------------------- budget


def _budget(w: _Writing, *, heading: str, unit: str) -> None:
    """The money: amounts in words of their own, then the budget table with its total."""
    if heading:
        _heading(w, heading)
    facts, labels = w.facts, w.labels
    style = w.rng.choice(notation.MONEY_STYLES)
    rows = [[(labels["requested_amount"], w.money("requested_amount", facts.requested, style))]]
    if w.rng.random() < 0.7:
        total, own = f"{labels['total_budget']}（{unit}）", f"{labels['self_funded_amount']}（{unit}）"
        rows.append(
            [
                (total, w.bare("total_budget", facts.total, unit)),
                (own, w.bare("self_funded_amount", facts.self_funded, unit)),
            ]
        )
    _pairs_table(w, rows)
    w.document.add_paragraph()
    _budget_table(w, unit)


def _budget_table(w: _Writing, unit: str) -> None:
    """One row an expense. The order of the columns, their names and the unit's place differ."""
    item = w.rng.choice(("支出科目", "支出内容", "预算科目", "费用名称"))
    amount = w.rng.choice(("金额", "预算金额")) + w.rng.choice((f"（{unit}）", f"({unit})", f"/{unit}"))
    basis = w.rng.choice(("测算依据", "用途说明", "备注"))
    heads = [item, amount, basis] if w.rng.random() < 0.7 else [item, basis, amount]
    numbered = w.rng.random() < 0.6
    if numbered:
        heads.insert(0, "序号")
    expenses = w.facts.expenses
    widths = [{"序号": 16.0, item: 44.0, amount: 38.0, basis: 60.0}[head] for head in heads]
    table = word.ruled_table(w.document, len(expenses) + 2, len(heads), widths)
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        word.fill(cell, head, centred=True, bold=True)
    stated = []
    for number, (row, expense) in enumerate(zip(table.rows[1:-1], expenses, strict=True), start=1):
        texts = {"序号": str(number), item: expense.item, basis: expense.basis}
        texts[amount] = _cell_amount(expense.amount, unit)
        for cell, head in zip(row.cells, heads, strict=True):
            word.fill(cell, texts[head], centred=True)
        stated.append({"item": expense.item, "amount": notation.plain(expense.amount)})
    w.statement.rows["budget_items"] = stated
    last = table.rows[-1].cells
    if numbered:
        last[0].merge(last[1])
    word.fill(last[0], w.rng.choice(("合计", "合　计", "总计")), centred=True)
    total = _cell_amount(w.facts.total, unit)
    word.fill(last[heads.index(amount)], total, centred=True)
    word.set_heights(table, w.row_height - 1)
    w.statement.state("total_budget", notation.plain(w.facts.total))


def _cell_amount(amount: Decimal, unit: str) -> str:
    return notation.wan(amount, 2) if unit == "万元" else notation.plain(amount)


# ------------------------------------------------------------------------------------ opinions


def _opinions(w: _Writing, *, heading: str) -> None:
    _heading(w, heading)
    names = ["申报单位意见"]
    if w.facts.recommender:
        names.append("省级科协科普部意见")
    table = word.ruled_table(w.document, len(names), 2, [32, 126])
    for row, name in zip(table.rows, names, strict=True):
        word.fill(row.cells[0], name, centred=True)
        _opinion(w, row.cells[1], agreed=name == names[0])


def _opinion(w: _Writing, cell: Any, *, agreed: bool) -> None:
    word.fill(cell, ("同意申报，所填内容属实。" if agreed else "") + "\n")
    for text in ("负责人（签字）：" + "　" * 6, "（公章）" + "　" * 4, "年　　月　　日"):
        paragraph = cell.add_paragraph()
        paragraph.alignment = word.RIGHT
        word.write(paragraph, text)


# ---------------------------------------------------------------------- one continuous table


def _one_table(w: _Writing) -> None:
    """A single table with merged cells from the project's name to the opinions; check boxes are content controls."""
    facts, labels = w.facts, w.labels
    title = w.document.add_paragraph()
    title.alignment = word.CENTRE
    word.write(title, w.rng.choice(_TITLES).replace("\n", ""), size=18, bold=True, font="黑体")
    unit = w.rng.choice(("万元", "元"))
    top = w.document.add_paragraph()
    word.write(top, f"{labels['filled_on']}：{w.day('filled_on', facts.filled_on)}")
    table = word.ruled_table(w.document, 0, 6, [20, 24, 34, 24, 29, 29])
    _wide_row(w, table, labels["project_name"], w.value("project_name", facts.project))
    _wide_row(w, table, labels["applicant"], w.value("applicant", facts.applicant.name))
    kind = _wide_row(w, table, labels["applicant_type"], "")
    for number, (value, label) in enumerate((("national", "全国学会"), ("provincial", "省级学会"))):
        word.add_checkbox(kind.paragraphs[0], checked=facts.applicant.kind == value, label=label, number=9100 + number)
    w.statement.state("applicant_type", facts.applicant.kind)
    if facts.recommender:
        _wide_row(w, table, labels["recommender"], w.value("recommender", facts.recommender))
    _people_rows(w, table)
    _partner_rows(w, table)
    _wide_row(w, table, labels["period"], w.period())
    _money_rows(w, table, unit)
    _wide_row(w, table, w.rng.choice(("项目内容", "实施内容", "主要内容")), "\n".join(_story(w)))
    if w.rng.random() < 0.5:
        _expense_rows(w, table, unit)
        _opinion_rows(w, table)
    else:
        _opinion_rows(w, table)
        paragraph = w.document.add_paragraph()
        paragraph.alignment = word.CENTRE
        word.write(paragraph, "经费预算表", size=14, bold=True)
        _budget_table(w, unit)
    word.set_heights(table, w.row_height)


def _wide_row(w: _Writing, table: Any, label: str, text: str) -> Any:
    """A label and one value that spans the rest of the row; gives the value's cell."""
    cells = table.add_row().cells
    head = cells[0].merge(cells[1])
    body = cells[2].merge(cells[5])
    word.fill(head, label, centred=True)
    word.fill(body, text)
    return body


def _people_rows(w: _Writing, table: Any) -> None:
    """项目负责人 and 联系人 as cells that span two rows, plain labels beside them."""
    facts = w.facts
    people = (("leader", w.rng.choice(("项目负责人", "负责人")), facts.leader, facts.leader.mobile),
              ("contact", w.rng.choice(("联系人", "项目联系人")), facts.contact, w.contact_phone))  # fmt: skip
    for role, name, person, phone in people:
        first, second = table.add_row().cells, table.add_row().cells
        side = first[0].merge(second[0])
        word.fill(side, name, centred=True)
        last = first[4].merge(first[5]) if role == "contact" else first[5]
        word.fill(first[1], _spread(w.rng, "姓名"), centred=True)
        word.fill(first[2], w.value(f"{role}_name", person.name), centred=True)
        if role == "leader":
            word.fill(first[3], w.labels["leader_title"], centred=True)
            first[4].merge(first[5])
            word.fill(first[4], w.value("leader_title", person.title), centred=True)
        else:
            word.fill(first[3], "职务", centred=True)
            word.fill(last, w.rng.choice(("干事", "主任", "科普部部长", "无")), centred=True)
        word.fill(second[1], w.rng.choice(("手机", "联系电话", "电话")), centred=True)
        word.fill(second[2], w.value(f"{role}_phone", phone), centred=True)
        word.fill(second[3], w.rng.choice(("电子邮箱", "E-mail", "邮箱")), centred=True)
        second[4].merge(second[5])
        word.fill(second[4], w.value(f"{role}_email", person.email), centred=True)


def _partner_rows(w: _Writing, table: Any) -> None:
    facts, county = w.facts, w.facts.county
    if w.rng.random() < 0.5:
        partner = _wide_row(w, table, w.labels["partner"], w.value("partner", _partner_name(w, full=True)))
        if partner.text:
            w.statement.state("partner_province", county.province)
            w.statement.state("partner_county", county.name)
        return
    first, second = table.add_row().cells, table.add_row().cells
    word.fill(first[0].merge(second[0]), "结对县情况", centred=True)
    word.fill(first[1], w.labels["partner_province"], centred=True)
    word.fill(first[2], w.value("partner_province", county.province), centred=True)
    word.fill(first[3], w.labels["partner_county"], centred=True)
    word.fill(first[4].merge(first[5]), w.value("partner_county", county.name), centred=True)
    word.fill(second[1], w.labels["partner"], centred=True)
    word.fill(second[2].merge(second[3]), w.value("partner", _partner_name(w, full=False)), centred=True)
    word.fill(second[4], "联系人及电话", centred=True)
    word.fill(second[5], f"{facts.county_contact.name}\n{facts.county_contact.mobile}", centred=True)


def _money_rows(w: _Writing, table: Any, unit: str) -> None:
    facts, labels = w.facts, w.labels
    if w.rng.random() < 0.5:
        cells = table.add_row().cells
        amounts = (facts.total, facts.requested, facts.self_funded)
        for index, name in enumerate(("total_budget", "requested_amount", "self_funded_amount")):
            word.fill(cells[index * 2], f"{labels[name]}（{unit}）", centred=True)
            word.fill(cells[index * 2 + 1], w.bare(name, amounts[index], unit), centred=True)
        return
    style = w.rng.choice(("capitals", "capitals-after", "wan", "grouped"))
    _wide_row(w, table, labels["requested_amount"], w.money("requested_amount", facts.requested, style))
    if w.rng.random() < 0.6:
        own = w.money("self_funded_amount", facts.self_funded, "yuan" if unit == "元" else "wan")
        _wide_row(w, table, labels["self_funded_amount"], own)


def _expense_rows(w: _Writing, table: Any, unit: str) -> None:
    """The budget inside the big table."""
    start = table.add_row().cells
    word.fill(start[0].merge(start[5]), "经费预算", centred=True, bold=True)
    head = table.add_row().cells
    groups = ((0, 1, "支出内容"), (2, 3, f"金额（{unit}）"), (4, 5, "测算依据"))
    for left, right, text in groups:
        word.fill(head[left].merge(head[right]), text, centred=True)
    stated = []
    for expense in w.facts.expenses:
        cells = table.add_row().cells
        texts = (expense.item, _cell_amount(expense.amount, unit), expense.basis)
        for (left, right, _), text in zip(groups, texts, strict=True):
            word.fill(cells[left].merge(cells[right]), text, centred=True)
        stated.append({"item": expense.item, "amount": notation.plain(expense.amount)})
    w.statement.rows["budget_items"] = stated
    cells = table.add_row().cells
    for (left, right, _), text in zip(groups, ("合计", _cell_amount(w.facts.total, unit), ""), strict=True):
        word.fill(cells[left].merge(cells[right]), text, centred=True)
    w.statement.state("total_budget", notation.plain(w.facts.total))


def _opinion_rows(w: _Writing, table: Any) -> None:
    for name in ["申报单位意见"] + (["省级科协科普部意见"] if w.facts.recommender else []):
        cells = table.add_row().cells
        word.fill(cells[0], name, centred=True)
        _opinion(w, cells[1].merge(cells[5]), agreed=name == "申报单位意见")


# ------------------------------------------------------------------- lines and tables with heads


def _lines_and_heads(w: _Writing) -> None:
    """Facts in "label：value" lines, often two to a line; values below their labels in tables."""
    facts, labels = w.facts, w.labels
    _header_and_footer(w)
    for part in w.rng.choice(_TITLES).split("\n"):
        paragraph = w.document.add_paragraph()
        paragraph.alignment = word.CENTRE
        word.write(paragraph, part, size=20, bold=True, font="黑体")
    _heading(w, "一、申报信息")
    _line(w, (labels["project_name"], w.value("project_name", facts.project)))
    _line(w, (labels["applicant"] + w.rng.choice(("", "（全称）")), w.value("applicant", facts.applicant.name)))
    national = facts.applicant.kind == "national"
    choice = f"{'☑' if national else '□'} 全国学会    {'□' if national else '☑'} 省级学会"
    w.statement.state("applicant_type", facts.applicant.kind)
    _line(w, (labels["applicant_type"], choice))
    if facts.recommender:
        _line(w, (labels["recommender"], w.value("recommender", facts.recommender)))
    _people_lines(w)
    _line(w, (labels["period"], w.period()))
    _heading(w, "二、结对单位信息")
    _partner_table(w)
    _heading(w, "三、项目内容")
    for text in _story(w):
        word.write(w.document.add_paragraph(), text)
    _heading(w, "四、经费预算")
    style = w.rng.choice(notation.MONEY_STYLES)
    _line(w, (labels["requested_amount"], w.money("requested_amount", facts.requested, style)))
    _split_budget_table(w, w.rng.choice(("万元", "元")))
    _heading(w, "五、申报单位承诺")
    word.write(w.document.add_paragraph(), "本单位承诺所填内容真实、准确，按计划实施项目，规范使用经费。")
    for label, text in (("申报单位（公章）", ""), (labels["filled_on"], w.day("filled_on", facts.filled_on))):
        paragraph = w.document.add_paragraph()
        paragraph.alignment = word.RIGHT
        word.write(paragraph, f"{label}：{text or '　' * 8}")


def _line(w: _Writing, *pairs: tuple[str, str]) -> None:
    """A paragraph of label-value pairs; blanks are underlined as in a printed form."""
    paragraph = w.document.add_paragraph()
    for index, (label, text) in enumerate(pairs):
        if index:
            word.write(paragraph, "　　")
        word.write(paragraph, f"{_spread(w.rng, label)}：", bold=True)
        word.write(paragraph, text or "　" * 6, underline=not text)


def _people_lines(w: _Writing) -> None:
    facts, labels = w.facts, w.labels
    leader, contact = facts.leader, facts.contact
    _line(
        w,
        (labels["leader_name"], w.value("leader_name", leader.name)),
        (labels["leader_title"], w.value("leader_title", leader.title)),
    )
    _line(
        w,
        (labels["leader_phone"], w.value("leader_phone", leader.mobile)),
        (labels["leader_email"], w.value("leader_email", leader.email)),
    )
    _line(
        w,
        (labels["contact_name"], w.value("contact_name", contact.name)),
        (labels["contact_phone"], w.value("contact_phone", w.contact_phone)),
    )
    if w.rng.random() < 0.6:
        _line(w, (labels["contact_email"], w.value("contact_email", contact.email)))


def _partner_table(w: _Writing) -> None:
    """One row of values below a row of labels."""
    facts, county, labels = w.facts, w.facts.county, w.labels
    columns = [
        (labels["partner_province"], w.value("partner_province", county.province)),
        (labels["partner_county"], w.value("partner_county", county.name)),
        (labels["partner"], w.value("partner", _partner_name(w, full=False))),
        ("对方联系人", facts.county_contact.name),
        ("对方联系电话", facts.county_contact.mobile),
    ]
    table = word.ruled_table(w.document, 2, len(columns), [28, 28, 42, 26, 34])
    for column, (label, text) in enumerate(columns):
        word.fill(table.cell(0, column), label, centred=True, bold=True)
        word.fill(table.cell(1, column), text, centred=True)
    word.set_heights(table, w.row_height)


def _split_budget_table(w: _Writing, unit: str) -> None:
    """Each expense with what is asked for and what is paid by the society; the total row states all three amounts."""
    facts, labels = w.facts, w.labels
    style = "wan" if unit == "万元" else "yuan"
    note = w.document.add_paragraph()
    note.alignment = word.RIGHT
    word.write(note, f"单位：{unit}", size=9)
    item = w.rng.choice(("支出科目", "支出内容", "预算科目"))
    total = w.rng.choice(("合计", "金额", "金额合计", "预算金额"))
    heads = [item, *(f"{name}（{unit}）" for name in (total, "其中：专项经费", "其中：自筹"))]
    table = word.ruled_table(w.document, len(facts.expenses) + 2, 4, [50, 36, 36, 36])
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        word.fill(cell, head, centred=True, bold=True)
    left = facts.self_funded
    stated = []
    for row, expense in zip(table.rows[1:-1], facts.expenses, strict=True):
        own = min(left, expense.amount)
        left -= own
        texts = [expense.item, *(_cell_amount(amount, unit) for amount in (expense.amount, expense.amount - own, own))]
        for cell, text in zip(row.cells, texts, strict=True):
            word.fill(cell, text, centred=True)
        stated.append({"item": expense.item, "amount": notation.plain(expense.amount)})
    w.statement.rows["budget_items"] = stated
    totals = ["合计", _cell_amount(facts.total, unit), "", _cell_amount(facts.self_funded, unit)]
    if "requested_amount" not in facts.blanks:
        totals[2] = _cell_amount(facts.requested, unit)
    for cell, text in zip(table.rows[-1].cells, totals, strict=True):
        word.fill(cell, text, centred=True)
    word.set_heights(table, w.row_height - 1)
    w.statement.state("total_budget", notation.plain(facts.total))
    _line(
        w,
        (labels["total_budget"], w.money("total_budget", facts.total, style)),
        (labels["self_funded_amount"], w.money("self_funded_amount", facts.self_funded, style)),
    )


LAYOUTS: dict[str, Callable[[_Writing], None]] = {
    "cover-and-sections": _cover_and_sections,
    "one-table": _one_table,
    "lines-and-heads": _lines_and_heads,
}
