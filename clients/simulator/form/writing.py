"""A form in the making: the facts, what was drawn by chance, and what has been stated so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from clients.simulator import notation
from clients.simulator.flow import Flow, Paragraph, Run, Table
from clients.simulator.plan import FormFacts
from clients.simulator.truth import Statement

_LABELS = {
    "project_name": ("项目名称", "申报项目名称"),
    "applicant": ("申报单位", "项目申报单位", "学会名称", "承担单位", "项目实施单位", "单位名称"),
    "applicant_type": ("申报类别", "申报单位类别", "学会类别"),
    "recommender": ("推荐单位", "推荐单位（省级科协）"),
    "credit_code": ("统一社会信用代码", "社会信用代码"),
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
    "ally": ("带动的省级学会", "协同的省级学会"),
    "period": ("起止时间", "实施周期", "项目起止时间", "实施期限"),
    "requested_amount": ("申请经费", "申请支持经费", "申请支持金额", "申请资助经费"),
    "total_budget": ("项目总经费", "经费总额", "项目总预算", "经费预算总额"),
    "self_funded_amount": ("自筹经费", "自筹资金", "单位自筹经费"),
    "filled_on": ("填报日期", "申请日期", "申报日期", "填表日期"),
    "rationale": ("立项依据", "项目背景", "立项依据和目的"),
    "content": ("实施内容", "主要内容", "项目内容"),
    "team": ("志愿服务队伍", "志愿服务队伍组建"),
    "schedule": ("进度安排", "实施进度安排"),
    "outcome": ("预期成效", "绩效目标", "预期成果"),
}  # fmt: skip
_FONTS = ("宋体", "仿宋", "仿宋_GB2312", "SimSun")
_TITLES = (
    "“智惠行动·百会百县乡村行”\n系列科技志愿服务项目申报书",
    "“智惠行动·百会百县乡村行”\n科技志愿服务项目申报书",
    "科技志愿服务“智惠行动”\n项目申报书",
    "2021年“智惠行动·百会百县乡村行”\n项 目 申 报 书",
)
_EDGES = ("中国科协科技志愿服务项目", "科技志愿服务“智惠行动”", "项目申报材料")
CAPITALS = ("capitals", "capitals-after")


@dataclass(slots=True)
class Writing:
    """signed: see write_form. pasted: seals are pasted as pictures. phone_first: the contact's mobile, not landline."""

    rng: Random
    facts: FormFacts
    statement: Statement
    flow: Flow
    labels: dict[str, str]
    date_style: str
    row_height: float  # mm, at least
    phone_first: bool
    signed: bool
    pasted: bool
    typed_dates: bool  # dates beside signatures are printed, not written by hand
    signature: str  # what stands before a signature
    seal_hint: str

    @classmethod
    def begin(cls, rng: Random, facts: FormFacts, *, signed: bool) -> Writing:
        """An empty form. The chance drawn does not depend on the facts, so that two editions of a form look alike."""
        return cls(
            rng=rng,
            facts=facts,
            statement=Statement(),
            flow=Flow(rng.choice(_FONTS), rng.choice((10.5, 12))),
            labels={name: rng.choice(variants) for name, variants in _LABELS.items()},
            date_style=rng.choice(notation.DATE_STYLES),
            row_height=rng.uniform(7.5, 11),
            phone_first=rng.random() < 0.5,
            pasted=signed and (rng.random() < 0.3 or facts.slot("provincial_consent") is not None),
            signed=signed,
            typed_dates=rng.random() < 0.3,
            signature=rng.choice(("负责人（签字）", "负责人签字", "单位负责人（签字）", "法定代表人（签字）")),
            seal_hint=rng.choice(("（公章）", "（盖章）", "（单位公章）")),
        )

    # ------------------------------------------------------------------------------------- values

    def value(self, name: str, text: str, stated: str | None = None) -> str:
        """The text of a field, noted as stated; "" where the field is to stay blank."""
        if name in self.facts.blanks:
            return ""
        self.statement.state(name, text if stated is None else stated)
        return text

    def money(self, name: str, amount: Decimal, style: str) -> str:
        if name == "requested_amount":
            if self.facts.unit_slip:
                return self._slipped(amount, in_wan=style.startswith("wan"))
            if self.facts.words != amount:
                self.statement.doubtful.add(name)
        words = self.facts.words if name == "requested_amount" else amount
        return self.value(name, notation.money(amount, style, words), notation.plain(amount))

    def bare(self, name: str, amount: Decimal, unit: str) -> str:
        """An amount whose unit stands elsewhere."""
        if name == "requested_amount" and self.facts.unit_slip:
            self._slipped(amount, in_wan=unit == "万元")
            return notation.plain(amount) if unit == "万元" else notation.wan(amount)
        text = notation.wan(amount, 2) if unit == "万元" else notation.plain(amount)
        return self.value(name, text, notation.plain(amount))

    def _slipped(self, amount: Decimal, *, in_wan: bool) -> str:
        """The number of one unit before the other one."""
        self.statement.doubtful.add("requested_amount")
        number, factor = (notation.plain(amount), 10_000) if in_wan else (notation.wan(amount), Decimal("0.0001"))
        stated = notation.plain(amount * factor)
        return self.value("requested_amount", f"{number}{'万元' if in_wan else '元'}", stated)

    def money_style(self) -> str:
        """How the requested amount is written; with words where words and digits are to differ."""
        style, other = self.rng.choice(notation.MONEY_STYLES), self.rng.choice(CAPITALS)
        return other if self.facts.words != self.facts.requested else style

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

    def full_partner(self) -> str:
        """The partner with its province and prefecture before it."""
        county = self.facts.county
        if self.facts.partner:
            return self.facts.partner
        return f"{county.province}{county.prefecture}{county.association}"

    # --------------------------------------------------------------------------------------- print

    def title(self) -> list[str]:
        """The lines of the form's title."""
        lines = self.rng.choice(_TITLES)
        if self.facts.edition:
            lines = f"{self.facts.edition}年度科技志愿服务“智惠行动”\n项目申报书"
        return lines.split("\n")

    def heading(self, text: str) -> None:
        self.flow.add(text, size=14, bold=True, font="黑体")

    def edges(self) -> None:
        """A header and a footer, or none."""
        header, text, footer = self.rng.random(), self.rng.choice(_EDGES), self.rng.random()
        if header < 0.6:
            self.flow.header = text
        if footer < 0.6:
            self.flow.footer = "中国科学技术协会科普部制"

    def spread(self, label: str) -> str:
        """Short labels are often widened with blanks: 姓　名, 联 系 人."""
        chance = self.rng.random()
        if len(label) == 2 and chance < 0.6:
            return f"{label[0]}　{label[1]}"
        if len(label) == 3 and chance < 0.4:
            return " ".join(label)
        return label

    def pairs_table(self, rows: list[list[tuple[str, str]]]) -> None:
        """Rows of one or two label-value pairs in a table of four columns; a single value spans three."""
        self.flow.blocks.append(self.pairs(rows, [32, 48, 30, 48]))

    def pairs(self, rows: list[list[tuple[str, str]]], widths: list[float]) -> Table:
        table = Table(widths, self.row_height)
        for row, pairs in enumerate(rows):
            for index, (label, text) in enumerate(pairs):
                table.put(row, index * 2, self.spread(label), centred=True)
                columns = 3 if len(pairs) == 1 else 1
                table.put(row, index * 2 + 1, text, columns=columns, centred=self.rng.random() < 0.5)
        return table

    def line(self, *pairs: tuple[str, str]) -> None:
        """A paragraph of label-value pairs; blanks are underlined as in a printed form."""
        pieces: list[Run] = []
        for index, (label, text) in enumerate(pairs):
            if index:
                pieces.append(Run("　　"))
            pieces.append(Run(f"{self.spread(label)}：", bold=True))
            pieces.append(Run(text or "　" * 6, underline=not text))
        self.flow.blocks.append(Paragraph(tuple(pieces)))
