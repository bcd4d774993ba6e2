"""Papers that seals are pressed on: letters, contracts, certificates with a guilloche or a photograph, forms, receipts.

A paper is laid out before it is known which part of it is seen, and at which scale: it lists what is to be drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from benchmarks.paper.canvas import Canvas, Colour, Point, handwriting, pen_colour, scribble
from benchmarks.paper.security import border, guilloche, lighter, portrait, rosette
from benchmarks.paper.writing import date, sentence

Drawing = Callable[[Canvas], None]

_KINDS = {
    "letter": 22,
    "notice": 14,
    "contract": 14,
    "certificate": 17,
    "licence": 9,
    "table": 16,
    "receipt": 5,
    "card": 3,
}
_WHITES: list[Colour] = [(255, 255, 255), (252, 252, 250), (250, 249, 244), (244, 242, 235), (247, 247, 248)]
_TINTS: list[Colour] = [
    (250, 244, 222),
    (252, 236, 228),
    (232, 243, 236),
    (250, 228, 220),
    (238, 232, 214),
    (225, 236, 245),
    (247, 238, 200),
]
_PRINTS: list[Colour] = [
    (200, 60, 60),
    (190, 150, 60),
    (70, 130, 180),
    (90, 160, 110),
    (210, 120, 150),
    (150, 130, 190),
    (200, 170, 90),
]
_BACKS: list[Colour] = [(70, 110, 180), (200, 60, 55), (235, 238, 240), (120, 160, 210)]
_SUITS: list[Colour] = [
    (40, 44, 58),
    (70, 75, 95),
    (235, 235, 238),
    (150, 60, 70),
    (120, 140, 175),
    (225, 225, 215),
]
_RED: Colour = (205, 30, 35)
_TITLES = ["证  明", "关于有关事项的通知", "介 绍 信", "推荐意见", "情况说明", "回  函", "公  告", "授权委托书"]
_CERTIFICATES = [
    "荣誉证书",
    "会员证书",
    "毕业证书",
    "结业证书",
    "聘 书",
    "资格证书",
    "登记证书",
    "营业执照",
    "许可证",
    "学位证书",
    "培训合格证",
    "法人登记证书",
]
_LABELS = "名称 类型 住所 法定代表人 注册资本 成立日期 业务范围 有效期限 业务主管单位 编号"
_ROWS = "姓名 单位 性别 职务 意见 审核 备注 简历 地址"
_BLANK_DATE = "      年    月    日"


class Paper:
    """A page of a body's. below, above: what is drawn under and over the seal. size; anchor: the seal's middle; mm.

    tags: its kind, and what the seal lies on.
    """

    def __init__(self, rng: Random, name: str) -> None:
        self.rng, self.name = rng, name
        self.below: list[Drawing] = []
        self.above: list[Drawing] = []
        self.tags: set[str] = set()
        self.size: Point = (210, 297)
        self.kind = rng.choices(list(_KINDS), list(_KINDS.values()))[0]
        self.ground: Colour = rng.choice(_WHITES)
        self.face = rng.choice(["uming", "uming", "gbsn", "cns sung", "gkai", "zenhei", "microhei", "wenkai"])
        self.ink: Colour = rng.choice([(20, 20, 22), (35, 35, 38), (55, 55, 58), (10, 10, 15)])
        self.em = rng.choice([3.7, 4.2, 4.9, 5.6])
        self.lead = self.em * rng.uniform(1.35, 1.9)
        x, y = _LAYOUTS[self.kind](self)
        self.tags.add(self.kind)
        wide, high = self.size
        rim_x, rim_y = min(24, wide / 2 - 1), min(24, high / 2 - 1)
        self.anchor = (min(max(x, rim_x), wide - rim_x), min(max(y, rim_y), high - rim_y))

    def _write(self, at: Point, text: str, em: float, anchor: str = "ls", colour: Colour | None = None) -> None:
        face, ink = self.face, colour or self.ink
        self.below.append(lambda canvas: canvas.text(at, em, text, face, ink, anchor))

    def _pen(self, at: Point, text: str, em: float) -> None:
        self.below.append(lambda canvas: handwriting(canvas, self.rng, at, em, text, pen_colour(self.rng)))

    def _line(self, begin: Point, end: Point, colour: Colour, thick: float) -> None:
        self.below.append(lambda canvas: canvas.line([begin, end], colour, thick))

    def _sign(self, at: Point, wander: tuple[float, float], least: float, most: float) -> None:
        """A signature, below or above the seal. wander: how far it may begin from there to the left and right, mm."""
        rng = self.rng

        def draw(canvas: Canvas) -> None:
            x = at[0] + (rng.uniform(*wander) if wander != (0, 0) else 0)
            scribble(canvas, rng, (x, at[1]), rng.uniform(least, most), pen_colour(rng))

        (self.below if rng.random() < 0.5 else self.above).append(draw)

    def _paragraph(self, y: float, lines: int, left: float = 28, right: float = 182) -> float:
        """Lines of text, the first one indented; the y of what follows."""
        count = int((right - left) / self.em)
        for index in range(lines):
            text = sentence(self.rng, count if index < lines - 1 else self.rng.randint(4, count))
            if index == 0:
                self._write((left + 2 * self.em, y), text[: count - 2], self.em)
            else:
                self._write((left, y), text, self.em)
            y += self.lead
        return y

    def letter(self) -> Point:
        rng, y = self.rng, 30.0
        if self.kind == "notice":
            head = (self.name if len(self.name) <= 14 else self.name[-12:]) + "文件"
            em = min(11, 150 / len(head))
            self.below.append(lambda canvas: canvas.text((105, 48), em, head, "uming", _RED, "ms", 0.25))
            self._line((25, 66), (185, 66), _RED, 0.7)
            y = 82.0
        title_y = y

        def title(canvas: Canvas) -> None:
            text, face = rng.choice(_TITLES), rng.choice(["zenhei", "uming", self.face])
            canvas.text((105, title_y), self.em * 1.5, text, face, self.ink, "ms", 0.15)

        self.below.append(title)
        y += 2 * self.lead
        for _ in range(rng.randint(1, 4)):
            y = self._paragraph(y, rng.randint(1, 6))
        y += self.lead * rng.uniform(0.6, 2.5)
        middle = rng.uniform(125, 152)
        if rng.random() < 0.85:
            self._write((middle, y), self.name, min(self.em, 110 / len(self.name)), "ms")
        when = date(rng)
        date_y = y + self.lead * rng.uniform(1, 1.4)

        def dated(canvas: Canvas) -> None:
            canvas.text((middle + rng.uniform(0, 8), date_y), self.em, when, self.face, self.ink, "ms")

        if rng.random() < 0.85:
            self.below.append(dated)
        elif rng.random() < 0.6:
            self._pen((middle - 12, date_y), when, self.em * 1.1)
        anchor = (middle + rng.gauss(4, 8), y + rng.gauss(1, 6))
        self.tags.add("over text")
        if y + 30 < 240 and rng.random() < 0.5:
            self._paragraph(y + 45, 2)
        return anchor

    def contract(self) -> Point:
        rng, y = self.rng, 30.0
        for _ in range(rng.randint(3, 6)):
            y = self._paragraph(y, rng.randint(1, 4))
        y = max(y + 8, 150)
        for left, party in ((28, "甲方（盖章）："), (112, "乙方（盖章）：")):
            labels = (party, "法定代表人：", "委托代理人：", "开户银行：", "签订日期：")
            for index, label in enumerate(labels):
                at = y + index * 11
                named = index == 0 and rng.random() < 0.7
                self._write((left, at), label + (self.name[:14] if named else ""), min(self.em, 4.4))
                if index in (1, 2) and rng.random() < 0.7:
                    self._sign((left + 26, at + 1), (0, 0), 7, 12)
                if index == 4 and rng.random() < 0.7:
                    self._pen_date((left + 24, at), 4.5)
        self.tags.add("over text")
        return rng.choice([55, 140]) + rng.gauss(0, 7), y + rng.uniform(4, 24)

    def _pen_date(self, at: Point, em: float) -> None:
        rng = self.rng
        self.below.append(lambda canvas: handwriting(canvas, rng, at, em, date(rng), pen_colour(rng)))

    def certificate(self) -> Point:
        rng = self.rng
        if rng.random() < 0.6:
            self.size = rng.choice([(297, 210), (260, 185), (210, 148)])
        wide, high = self.size
        print_colour = rng.choice(_PRINTS)
        self.ground = rng.choice([self.ground, *_TINTS])
        self._grounded(lighter(print_colour, rng.uniform(0.25, 0.6)))
        gold: Colour = rng.choice([(190, 150, 70), (205, 165, 60), (180, 60, 50), print_colour])
        inset, deep = rng.uniform(7, 14), rng.uniform(3, 9)
        self._bordered(inset, deep, gold)
        inset += deep
        title = rng.choice(_CERTIFICATES)
        title_colour: Colour = rng.choice([(190, 30, 35), (30, 30, 30), gold])

        def titled(canvas: Canvas) -> None:
            em, face = high * rng.uniform(0.06, 0.09), rng.choice(["uming", "gkai", "zenhei", "cns kai", "wenkai bold"])
            canvas.text((wide / 2, inset + high * 0.14), em, title, face, title_colour, "ms", 0.25)

        self.below.append(titled)
        self.em = rng.choice([4.2, 4.9, 5.6])
        self.lead = self.em * 1.8
        y = inset + high * 0.24
        has_portrait = rng.random() < 0.22
        left, right = inset + 14, wide - inset - 14
        if self.kind == "licence":
            for label in rng.sample(_LABELS.split(), rng.randint(4, 7)):
                self._write((left, y), f"{label}： {sentence(rng, rng.randint(5, 18))}", self.em)
                y += self.lead
        else:
            y = self._paragraph(y, rng.randint(2, 4), left, right)
        y = max(y + self.lead, high * rng.uniform(0.66, 0.76))
        anchor = self._portrait((left, y - 30)) if has_portrait and y > 75 else None
        middle = right - rng.uniform(25, 40)
        if rng.random() < 0.75:
            self._write((middle, y), self.name, min(self.em, 100 / len(self.name)), "ms")
        self._write((middle + 3, y + self.lead), date(rng), self.em, "ms")
        if anchor is None:
            anchor = (middle + rng.gauss(3, 7), y + rng.gauss(2, 5))
            self.tags.add("over text")
        return anchor

    def _grounded(self, colour: Colour) -> None:
        """Fine lines over the whole sheet, on some."""
        rng, (wide, high) = self.rng, self.size
        if rng.random() >= 0.6:
            return
        self.tags.add("guilloche")
        if rng.random() < 0.6:
            self.below.append(lambda canvas: guilloche(canvas, rng, (12, 12), (wide - 12, high - 12), colour))
            return

        def rose(canvas: Canvas) -> None:
            middle = (rng.uniform(10, wide - 10), rng.uniform(10, high - 10))
            rosette(canvas, rng, middle, rng.uniform(10, 30), colour)

        self.below += [rose] * rng.randint(8, 30)

    def _bordered(self, inset: float, deep: float, colour: Colour) -> None:
        rng, size = self.rng, self.size
        far = (size[0] - inset, size[1] - inset)
        self.below.append(lambda canvas: canvas.frame((inset, inset), far, colour, rng.uniform(0.4, 1.4)))
        if rng.random() < 0.75:
            pitch, petals = rng.uniform(3, 8), 3 if rng.random() < 0.5 else 4
            self.below.append(lambda canvas: border(canvas, size, inset, deep, pitch, petals, colour))

    def _portrait(self, corner: Point) -> Point:
        """A photograph from the corner or a little to the right; where the seal goes, over its lower corner."""
        rng = self.rng
        x, y = corner[0] + rng.uniform(0, 20), corner[1]
        back, suit = rng.choice(_BACKS), rng.choice(_SUITS)
        self.below.append(lambda canvas: portrait(canvas, (x, y), back, suit))
        self.tags.add("over photo")
        return x + 26 + rng.uniform(6, 16), y + 31 + rng.uniform(2, 13)

    def table(self) -> Point:
        rng, left, right = self.rng, 22, 188
        y = rng.uniform(25, 60)

        def title(canvas: Canvas) -> None:
            text = rng.choice(["申请表", "登记表", "审批表", "推荐表", "年度考核登记表", "会员入会申请表"])
            canvas.text((105, 20), 6, text, "zenhei", self.ink, "ms")

        self.below.append(title)
        rows, thick = rng.randint(5, 9), rng.choice([0.15, 0.25, 0.35])
        by_hand, cell = rng.random() < 0.5, (150.0, 50.0)
        for row in range(rows):
            tall: float = rng.choice([9, 11, 14, 22, 48, 55]) if row < rows - 1 else 58
            if y + tall > 288:
                tall = max(9, 288 - y)
            parts = self._row(left, right, y, tall, thick)
            if parts:
                text = sentence(rng, 6)
                self._filled((left + 29, y + tall / 2 + 1.5), text, 4.4, 3.8, by_hand)
            else:
                cell = (y, tall)
                self._opinion(left, y, tall, by_hand)
            y += tall
            if y > 280:
                break
        self.tags.add("rules")
        return left + rng.uniform(85, 135), sum(cell) - rng.uniform(14, 30)

    def _row(self, left: float, right: float, y: float, tall: float, thick: float) -> int:
        """A row's rules and label; into how many cells it is parted, 0 where it is high and for an opinion."""
        rng, ink = self.rng, self.ink
        self.below.append(lambda canvas: canvas.frame((left, y), (right, y + tall), ink, thick))
        parts = rng.choice([1, 2, 3]) if tall < 20 else 0

        def label(canvas: Canvas) -> None:
            canvas.line([(left + 26, y), (left + 26, y + tall)], ink, thick)
            text = rng.choice(_ROWS.split())
            canvas.text((left + 13, y + tall / 2 + 1.5), 3.8, text, self.face, ink, "ms")

        self.below.append(label)
        for part in range(1, parts):
            x = left + 26 + (right - left - 26) * part / parts
            self._line((x, y), (x, y + tall), ink, thick)
        return parts

    def _filled(self, at: Point, text: str, pen_em: float, print_em: float, by_hand: bool) -> None:
        if by_hand:
            self._pen(at, text, pen_em)
        else:
            self._write(at, text, print_em)

    def _opinion(self, left: float, y: float, tall: float, by_hand: bool) -> None:
        """同意推荐, place and date of the seal, perhaps a signature."""
        rng = self.rng
        text = rng.choice(["同意推荐。", "情况属实，同意申报。", "同意", "审核通过"])
        self._filled((left + 34, y + 12), text, 6, 4.4, by_hand)
        self._write((left + 100, y + tall - 12), "（盖章）", 4)
        self._write((left + 118, y + tall - 5), date(rng) if rng.random() < 0.6 else _BLANK_DATE, 4)
        if rng.random() < 0.6:
            self._sign((left + 95, y + tall - 14), (-10, 15), 8, 13)

    def receipt(self) -> Point:
        rng = self.rng
        wide, high = self.size = (190, 100) if self.kind == "receipt" else (120, 85)
        colour: Colour = rng.choice([(60, 120, 90), (170, 90, 60), (70, 90, 150), self.ink])
        self.ground = rng.choice([self.ground, (250, 236, 232), (238, 246, 238)])

        def title(canvas: Canvas) -> None:
            text = rng.choice(["收 款 收 据", "专用收据", "发 货 单", "工作证", "会员证"])
            canvas.text((wide / 2, 15), 6, text, self.face, colour, "ms")

        self.below.append(title)
        for row in range(6):
            y = 24 + row * (high - 38) / 5
            self._line((10, y), (wide - 10, y), colour, 0.2)
            self._write((12, y - 2), sentence(rng, 5), 3.6, colour=colour)
            self._pen_words((40, y - 2))
        for x in (36, wide * 0.6):
            self._line((x, 24), (x, high - 14), colour, 0.2)
        self.tags.add("rules")
        return wide * rng.uniform(0.55, 0.72), high * rng.uniform(0.5, 0.7)

    def _pen_words(self, at: Point) -> None:
        rng = self.rng
        self.below.append(lambda canvas: handwriting(canvas, rng, at, 4.5, sentence(rng, 5), pen_colour(rng)))


_LAYOUTS: dict[str, Callable[[Paper], Point]] = {
    "letter": Paper.letter,
    "notice": Paper.letter,
    "contract": Paper.contract,
    "certificate": Paper.certificate,
    "licence": Paper.certificate,
    "table": Paper.table,
    "receipt": Paper.receipt,
    "card": Paper.receipt,
}
