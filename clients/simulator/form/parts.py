"""What several layouts have in common: people, partner, prose, volunteers."""

from __future__ import annotations

from clients.simulator.flow import Paragraph, Run, Table
from clients.simulator.form.writing import Writing

PROSE = ("rationale", "content", "team", "schedule", "outcome")
_RULES = (
    "本申报书一式三份，用A4纸打印，于左侧装订。",
    "申报单位须认真填写，各栏目不得空缺，无相关内容时填“无”。",
    "项目名称应准确、简洁，一般不超过30字。",
    "申请经费单位为“元”，每家学会支持金额不超过20万元。",
    "“申报单位”须填写单位全称，并加盖单位公章，与公章一致。",
    "格式不符的申报书不予受理。联系电话请填写常用手机。",
)


def instructions(w: Writing) -> None:
    """填报说明, printed on every form of this edition."""
    heading = w.rng.choice(("填 报 说 明", "填报说明", "填写说明"))
    w.flow.add(heading, align="centre", size=16, bold=True)
    for index, rule in enumerate(w.rng.sample(_RULES, 4), start=1):
        w.flow.add(f"{index}．{rule}")


def choice(w: Writing) -> str:
    """☑全国学会　□省级学会"""
    national = w.facts.applicant.kind == "national"
    w.statement.state("applicant_type", w.facts.applicant.kind)
    on, off = w.rng.choice((("☑", "□"), ("☑", "☐"), ("■", "□"), ("●", "○")))
    gap = w.rng.choice(("　", "    "))
    return f"{on if national else off}全国学会{gap}{off if national else on}省级学会"


def address(w: Writing) -> str:
    province = w.facts.applicant.province
    seat = "北京市" if province is None else province.name
    return f"{seat}{w.rng.choice(('学院路', '科技大街', '文化路', '建设路', '复兴路'))}{w.rng.randint(1, 199)}号"


def place_row(w: Writing) -> list[tuple[str, str]]:
    """Province and county, in one field or in two."""
    county = w.facts.county
    if w.rng.random() < 0.5:
        w.statement.state("partner_province", county.province)
        w.statement.state("partner_county", county.name)
        return [(w.labels["region"], f"{county.province}{county.prefecture}{county.name}")]
    return [
        (w.labels["partner_province"], w.value("partner_province", county.province)),
        (w.labels["partner_county"], w.value("partner_county", county.name)),
    ]


def prose(w: Writing, name: str) -> tuple[str, ...]:
    """The paragraphs of one section."""
    paragraphs: tuple[str, ...] = getattr(w.facts.prose, name)
    return paragraphs


def volunteers(w: Writing) -> Table:
    """One row a volunteer."""
    heads = [
        "序号",
        "姓名",
        w.rng.choice(("工作单位", "单位", "所在单位")),
        w.rng.choice(("职务/职称", "职称", "专业")),
        "联系电话",
    ]
    table = Table([12, 20, 56, 34, 36], w.row_height - 1)
    for column, head in enumerate(heads):
        table.put(0, column, head, centred=True, bold=True)
    units = (
        w.facts.applicant.name,
        f"{w.facts.county.name}农业技术推广中心",
        f"{w.facts.county.name}人民医院",
        "农业大学",
    )
    for number, person in enumerate(w.facts.volunteers, start=1):
        row = (str(number), person.name, units[number % len(units)], person.title, person.mobile)
        for column, text in enumerate(row):
            table.put(number, column, text, centred=True)
    return table


def paragraphs(texts: tuple[str, ...]) -> tuple[Paragraph, ...]:
    return tuple(Paragraph((Run(text),)) for text in texts)
