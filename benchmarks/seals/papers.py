"""What is on a page before it is sealed: paper, print, forms, letterheads, certificates. Transmittance of R, G, B."""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.seals import faces, names
from benchmarks.seals.ink import Floats

PHRASES = (
    "为深入贯彻落实党的乡村振兴战略部署", "经我会研究决定", "同意推荐上述单位申报本年度项目",
    "现将有关事项函告如下", "请予支持为盼", "双方经友好协商达成如下协议", "本协议一式两份", "具有同等法律效力",
    "自签订之日起生效", "组织专家开展科技志愿服务活动", "帮助当地农民解决生产中的技术难题",
    "联系人及联系方式见附件", "特此证明", "上述情况属实", "项目经费按照有关规定管理使用", "不得挪作他用",
    "并接受有关部门监督检查", "二〇二一年九月", "结对县科协积极配合做好组织协调工作",
    "专家团队由教授和农艺师组成",
)  # fmt: skip
LABELS = ("单位意见", "项目名称", "负责人", "联系电话", "申报单位", "年　月　日", "（盖章）", "经费预算")
TINTS = ((255, 250, 225), (252, 238, 240), (232, 243, 252), (238, 248, 232), (250, 240, 215), (244, 244, 238))


class Page:
    """A sheet that is printed on. light: height × width × 3, 1 for white paper. mm: pixels of a millimetre."""

    def __init__(self, dpi: int, width_mm: float = 210.0, height_mm: float = 297.0) -> None:
        self.mm = dpi / 25.4
        self.dpi = dpi
        self.light: Floats = np.ones((round(height_mm * self.mm), round(width_mm * self.mm), 3), np.float32)

    @property
    def width(self) -> float:
        return float(self.light.shape[1] / self.mm)

    @property
    def height(self) -> float:
        return float(self.light.shape[0] / self.mm)

    def layer(self) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        picture = Image.new("L", (self.light.shape[1], self.light.shape[0]), 0)
        return picture, ImageDraw.Draw(picture)

    def ink(self, layer: Image.Image | NDArray[np.uint8], colour: tuple[int, int, int]) -> None:
        """Add a layer of ink, 255 where it is full."""
        amount = np.asarray(layer)
        rows, columns = np.flatnonzero(amount.any(axis=1)), np.flatnonzero(amount.any(axis=0))
        if not len(rows):
            return
        part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        light = np.maximum(np.array(colour, np.float32) / 255, 0.01)
        self.light[part] *= 1 - (amount[part].astype(np.float32) / 255)[..., None] * (1 - light)

    def tint(self, colour: tuple[int, int, int]) -> None:
        self.light *= np.array(colour, np.float32) / 255


def write(
    pen: ImageDraw.ImageDraw, page: Page, text: str, x: float, y: float, size: float, face: str, anchor: str = "ls"
) -> None:
    """Text at x, y of a size, all in mm."""
    font = faces.load(face, max(6, round(size * page.mm)))
    pen.text((x * page.mm, y * page.mm), text, 255, font=font, anchor=anchor)


def star(pen: ImageDraw.ImageDraw, page: Page, x: float, y: float, radius: float, turn: float = 0.0) -> None:
    """A five-pointed star, mm, turned clockwise in degrees."""
    points = []
    for corner in range(10):
        angle, reach = math.radians(36 * corner - 90 + turn), radius * (1 if corner % 2 == 0 else 0.382)
        points.append(((x + reach * math.cos(angle)) * page.mm, (y + reach * math.sin(angle)) * page.mm))
    pen.polygon(points, 255)


def prose(rng: Random, page: Page, top: float, bottom: float) -> None:
    """Paragraphs between two heights, mm."""
    layer, pen = page.layer()
    size, face = rng.uniform(3.7, 5.6), rng.choice((faces.SONG, faces.OLD_SONG, faces.KAI, faces.HEI))
    left, pitch = rng.uniform(22, 30), size * rng.uniform(1.5, 2.0)
    room = int((page.width - 2 * left) / size)
    y = top
    while y < bottom:
        text = "　　" + "，".join(rng.sample(PHRASES, rng.randint(2, 6))) + "。"
        for begin in range(0, len(text), room):
            if y >= bottom:
                break
            write(pen, page, text[begin : begin + room], left, y, size, face)
            y += pitch
    page.ink(layer, (rng.randint(15, 45),) * 3)


def form(rng: Random, page: Page, top: float, bottom: float, colour: tuple[int, int, int] = (30, 30, 30)) -> None:
    """A ruled table with labels."""
    layer, pen = page.layer()
    left, right = 20.0, page.width - 20.0
    line = max(1, round(rng.uniform(0.15, 0.4) * page.mm))
    columns = [left, *sorted(rng.uniform(left + 15, right - 15) for _ in range(rng.randint(1, 4))), right]
    y = top
    while y < bottom - 6:
        high = rng.choice((9.0, 12.0, 30.0, 45.0))
        high = min(high, bottom - y)
        inner = columns if high < 20 else [left, left + 30, right]
        for x in inner:
            pen.line((x * page.mm, y * page.mm, x * page.mm, (y + high) * page.mm), 255, line)
        pen.line((left * page.mm, y * page.mm, right * page.mm, y * page.mm), 255, line)
        for begin, end in pairwise(inner):
            if end - begin > 14:
                words = rng.choice(
                    ("单位意见", "项目名称", "负责人", "联系电话", "申报单位", "年　月　日", "（盖章）", "经费预算")
                )
                write(pen, page, words, begin + 2, y + 6.5, min(4.2, (end - begin) / 6), faces.SONG)
        y += high
    pen.line((left * page.mm, y * page.mm, right * page.mm, y * page.mm), 255, line)
    page.ink(layer, colour)


def letterhead(rng: Random, page: Page, *, starred: bool = False) -> None:
    """红头: a red title, a document's number, a red rule (with a star in its middle, as the Party's have)."""
    red = rng.choice(((214, 28, 30), (224, 20, 44), (190, 20, 20)))
    layer, pen = page.layer()
    title = names.body(rng, 13) + rng.choice(("文件", "", "文件"))
    size = min(rng.uniform(12, 20), (page.width - 40) / len(title))
    write(pen, page, title, page.width / 2, 45, size, rng.choice((faces.SONG, faces.OLD_SONG)), "ms")
    y = rng.uniform(62, 72)
    for offset, thick in ((0.0, 0.9), (1.6, 0.3))[: rng.randint(1, 2)]:
        pen.line((25 * page.mm, (y + offset) * page.mm, (page.width - 25) * page.mm, (y + offset) * page.mm), 255,
                 max(1, round(thick * page.mm)))  # fmt: skip
    if starred:
        star(pen, page, page.width / 2, y, 4)
    page.ink(layer, red)
    layer, pen = page.layer()
    write(
        pen, page, f"科协函〔20{rng.randint(18, 25)}〕{rng.randint(1, 99)}号", page.width / 2, y - 4, 5, faces.KAI, "ms"
    )
    page.ink(layer, (25, 25, 25))


def guilloche(rng: Random, page: Page, left: float, top: float, right: float, bottom: float) -> None:
    """Fine interlaced waves in pale inks, as certificates and invoices have below."""
    x = np.linspace(left, right, 700)
    for _ in range(rng.randint(2, 3)):
        layer = np.zeros(page.light.shape[:2], np.uint8)
        colour = rng.choice(((240, 190, 190), (190, 215, 240), (205, 228, 200), (238, 222, 180), (222, 205, 235)))
        period, swing, gap = rng.uniform(14, 50), rng.uniform(2, 7), rng.uniform(1.6, 3.5)
        for number, y in enumerate(np.arange(top, bottom, gap)):
            wave = y + swing * np.sin(2 * np.pi * (x / period + number * 0.13)) * np.cos(x / period / 3)
            points = np.round(np.column_stack([x, wave]) * page.mm * 16).astype(np.int32)
            cv2.polylines(layer, [points], False, 255, 1, cv2.LINE_AA, 4)
        page.ink(layer, colour)


def certificate(rng: Random, page: Page) -> None:
    """A border of ornaments, a tint, a guilloche field, a big title."""
    page.tint(rng.choice(TINTS))
    guilloche(rng, page, 12, rng.uniform(20, 60), page.width - 12, page.height - 20)
    layer = np.zeros(page.light.shape[:2], np.uint8)
    for inset in (8.0, 10.0, 13.0):
        a, b = (inset, inset), (page.width - inset, page.height - inset)
        cv2.rectangle(layer, *(tuple(round(v * page.mm) for v in p) for p in (a, b)), 255, max(1, round(0.4 * page.mm)))  # type: ignore[call-overload]
    for x in np.arange(12, page.width - 10, 5.5):
        for y in (11.5, page.height - 11.5):
            cv2.circle(
                layer, (round(x * page.mm), round(y * page.mm)), round(1.3 * page.mm), 255, max(1, round(0.3 * page.mm))
            )
    page.ink(layer, rng.choice(((190, 60, 50), (170, 130, 60), (60, 110, 160), (60, 130, 90))))
    layer2, pen = page.layer()
    write(
        pen, page, rng.choice(("荣誉证书", "登记证书", "资格证书", "许可证")), page.width / 2, 52, 15, faces.KAI, "ms"
    )
    page.ink(layer2, rng.choice(((190, 30, 30), (30, 30, 30))))


def below(rng: Random, page: Page, kind: str) -> None:
    """Fill the page: kind is "letter", "form", "certificate", "tinted" or "blank"."""
    if kind == "blank":
        return
    if kind == "certificate":
        certificate(rng, page)
        prose(rng, page, 75, page.height - 90)
        return
    if kind == "tinted":
        page.tint(rng.choice(TINTS))
    if kind == "form":
        prose(rng, page, 30, 50)
        form(rng, page, 60, page.height - 30)
        return
    top = 40.0
    if rng.random() < 0.4:
        letterhead(rng, page)
        top = 85.0
    prose(rng, page, top, page.height - rng.uniform(25, 90))
