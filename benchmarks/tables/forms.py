"""What stands in the tables: application forms, budgets, rosters, forms with a table in a cell; as grids of cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from benchmarks.pages import writing

_LABELS = (
    "申请单位",
    "项目名称",
    "支撑学会",
    "结对县",
    "实施地点",
    "起止时间",
    "银行账号",
    "通讯地址",
    "推荐单位",
    "所属领域",
)
_PEOPLE = ("姓名", "性别", "职务", "职称", "手机", "邮箱", "身份", "专业", "单位", "办公电话")
_SIDE = ("负责人信息", "联系人", "项目概况", "专家组", "经费来源", "申报单位意见")
_GOODS = ("差旅费", "讲课费", "资料印刷费", "场地租用费", "设备检测费", "宣传推广费", "交通费", "材料费", "劳务费")
_LONG = ("主要内容", "预期成效", "工作基础", "保障措施", "实施计划")


@dataclass(slots=True)
class Cell:
    """A cell: its place and spans, from 0. inner: a table within it, below its text. level: 0 left, 1 centred."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1
    centred: bool = False
    inner: Grid | None = None


@dataclass(slots=True)
class Grid:
    """A table: the share of each column of its width, and its cells."""

    shares: tuple[float, ...]
    cells: list[Cell] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return max(cell.row + cell.rows for cell in self.cells)

    def add(self, row: int, column: int, text: str, rows: int = 1, columns: int = 1, *, centred: bool = False) -> Cell:
        cell = Cell(row, column, text, rows, columns, centred)
        self.cells.append(cell)
        return cell


def application(rng: Random) -> Grid:
    """Labels and values; people under a label that stands upright beside them; long texts."""
    grid = Grid(rng.choice(((0.07, 0.15, 0.28, 0.16, 0.34), (0.1, 0.14, 0.3, 0.14, 0.32))))
    row = 0
    for label in rng.sample(_LABELS, rng.randint(2, 4)):
        grid.add(row, 0, label, columns=2, centred=True)
        if rng.random() < 0.5:
            grid.add(row, 2, _value(rng, label), columns=3)
        else:
            other = rng.choice([each for each in _LABELS if each != label])
            grid.add(row, 2, _value(rng, label))
            grid.add(row, 3, other, centred=True)
            grid.add(row, 4, _value(rng, other))
        row += 1
    for side in rng.sample(_SIDE, rng.randint(1, 2)):
        high = rng.randint(2, 4)
        grid.add(row, 0, side, rows=high, centred=True)
        labels = rng.sample(_PEOPLE, 2 * high)
        for line in range(high):
            for place in range(2):
                label = labels[2 * line + place]
                grid.add(row + line, 1 + 2 * place, label, centred=True)
                grid.add(row + line, 2 + 2 * place, _value(rng, label) if rng.random() < 0.9 else "")
        row += high
    for label in rng.sample(_LONG, rng.randint(1, 2)):
        grid.add(row, 0, label, columns=2, centred=True)
        grid.add(row, 2, writing.paragraph(rng, rng.randint(40, 130)), columns=3)
        row += 1
    return grid


def budget(rng: Random) -> Grid:
    """Numbered rows of amounts, the kind of expense merged over some, a total."""
    grid = Grid((0.09, 0.15, 0.25, 0.14, 0.11, 0.26))
    for column, text in enumerate(("序号", "类别", "支出科目", "单价", "数量", "金额（元）")):
        grid.add(0, column, text, centred=True)
    row = 1
    for kind in rng.sample(("会议", "业务", "人员", "其他"), rng.randint(2, 3)):
        high = rng.randint(1, 4)
        grid.add(row, 1, kind, rows=high, centred=True)
        for line in range(row, row + high):
            price, number = rng.randint(2, 90) * 50, rng.randint(1, 40)
            grid.add(line, 0, str(line), centred=True)
            for column, text in (
                (2, rng.choice(_GOODS)),
                (3, str(price)),
                (4, str(number)),
                (5, f"{price * number:,}.00"),
            ):
                grid.add(line, column, text, centred=column > 2)
        row += high
    grid.add(row, 0, "合计", columns=3, centred=True)
    grid.add(row, 3, f"{writing.money(rng)}元", columns=3, centred=True)
    return grid


def roster(rng: Random) -> Grid:
    """People under a heading of two rows."""
    grid = Grid((0.08, 0.13, 0.28, 0.13, 0.19, 0.19))
    for column, text in ((0, "序号"), (1, "姓名"), (2, "工作单位")):
        grid.add(0, column, text, rows=2, centred=True)
    grid.add(0, 3, "任职与联系方式", columns=3, centred=True)
    for column, text in ((3, "职称"), (4, "办公电话"), (5, "手机")):
        grid.add(1, column, text, centred=True)
    for row in range(2, rng.randint(6, 12)):
        title = rng.choice(("教授", "研究员", "高级工程师", "主任医师", "讲师"))
        texts = (str(row - 1), writing.name(rng), writing.society(rng), title, writing.phone(rng), writing.mobile(rng))
        for column, text in enumerate(texts):
            grid.add(row, column, text, centred=column != 2)
    return grid


def nested(rng: Random) -> Grid:
    """A form whose one cell holds a table of its own."""
    grid = Grid((0.16, 0.34, 0.16, 0.34))
    first = rng.sample(_LABELS, 4)
    for place, label in enumerate(first):
        grid.add(place // 2, place % 2 * 2, label, centred=True)
        grid.add(place // 2, place % 2 * 2 + 1, _value(rng, label))
    grid.add(2, 0, rng.choice(("活动安排", "专家名单")), centred=True)
    holder = grid.add(2, 1, rng.choice(("具体如下：", "分项列明（可另附页）：", "共分三个阶段实施：")), columns=3)
    holder.inner = inner = Grid((0.2, 0.3, 0.25, 0.25))
    for column, text in enumerate(("时间", "内容", "地点", "人数")):
        inner.add(0, column, text, centred=True)
    for row in range(1, rng.randint(3, 5)):
        act = rng.choice(("现场诊断", "技术培训", "专题讲座", "样品检测"))
        texts = (f"{rng.randint(1, 12)}月", act, f"{writing.place(rng)}县", f"{rng.randint(12, 400)}人")
        for column, text in enumerate(texts):
            inner.add(row, column, text, centred=True)
    grid.add(3, 0, rng.choice(_LONG), centred=True)
    grid.add(3, 1, writing.paragraph(rng, 60), columns=3)
    return grid


KINDS = {"application": application, "budget": budget, "roster": roster, "nested": nested}


def _value(rng: Random, label: str) -> str:
    match label:
        case "姓名":
            return writing.name(rng)
        case "性别":
            return rng.choice(("男", "女"))
        case "职务":
            return rng.choice(("秘书长", "理事长", "副会长", "办公室主任"))
        case "职称" | "身份" | "专业":
            return rng.choice(("教授", "研究员", "高级工程师", "土壤学", "群众", "中共党员"))
        case "手机":
            return writing.mobile(rng)
        case "办公电话":
            return writing.phone(rng)
        case "邮箱":
            return writing.mail(rng)
        case "银行账号":
            return str(rng.randint(10**15, 10**16 - 1))
        case "起止时间":
            return f"{writing.date(rng)}至{writing.date(rng)}"
        case "结对县" | "实施地点" | "通讯地址":
            return f"{writing.place(rng)}县{rng.choice(('城关镇', '东关街12号', '河西乡'))}"
        case "项目名称":
            return f"{writing.place(rng)}县{rng.choice(('核桃', '油橄榄', '黑山羊', '冷水鱼'))}产业提升与科技志愿服务"
        case _:
            return writing.society(rng)
