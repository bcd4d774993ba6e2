"""Clean A4 pages with their truth: letters, leaflets in two columns, plain tables, nearly empty pages; set with PIL."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.pages import writing
from benchmarks.pages.faces import face, files

Raster = NDArray[np.uint8]
Colour = tuple[int, int, int]

_WIDE_MM, _HIGH_MM = 210.0, 297.0
_NO_BEGIN = "，。、；：？！）》”’%"
_NO_END = "（《“‘"
_INK: Colour = (24, 24, 26)
INKS: dict[str, Colour] = {"red": (206, 32, 38), "blue": (40, 60, 170), "purple": (120, 40, 140)}


@dataclass(frozen=True, slots=True)
class Written:
    """A line as it was drawn. box: left, top, right, bottom in pixels. stamped: a seal lies over part of it."""

    text: str
    box: tuple[float, float, float, float]
    stamped: bool = False


@dataclass(slots=True)
class Drawn:
    """A page in RGB, and what stands on it in reading order."""

    raster: Raster
    lines: list[Written] = field(default_factory=list)


class Sheet:
    """A page in the making. Places are pixels, sizes points; both follow from `dpi`."""

    def __init__(self, rng: Random, dpi: int) -> None:
        self.dpi = dpi
        self.image = Image.new("RGB", (self.mm(_WIDE_MM), self.mm(_HIGH_MM)), "white")
        self.pen = ImageDraw.Draw(self.image)
        self.lines: list[Written] = []
        self._faces: dict[str, Path] = {style: rng.choice(files(style)) for style in ("song", "kai", "hei")}

    def mm(self, length: float) -> int:
        return round(length / 25.4 * self.dpi)

    def points(self, size: float) -> int:
        return max(1, round(size / 72 * self.dpi))

    def width(self, text: str, style: str, size: float) -> float:
        return float(face(self._faces[style], self.points(size)).getlength(text))

    def write(self, text: str, left: float, top: float, style: str, size: float, fill: Colour = _INK) -> None:
        letters = face(self._faces[style], self.points(size))
        self.pen.text((left, top), text, font=letters, fill=fill)
        box = self.pen.textbbox((left, top), text, font=letters)
        self.lines.append(Written(text, (box[0], box[1], box[2], box[3])))

    def centre(self, text: str, top: float, style: str, size: float, fill: Colour = _INK) -> None:
        self.write(text, (self.image.width - self.width(text, style, size)) / 2, top, style, size, fill)

    def paragraph(
        self, text: str, column: tuple[float, float], top: float, style: str, size: float, leading: float
    ) -> float:
        """Sets text with an indent of two ems between column[0] and column[1]; the top of what follows."""
        left, right = column
        indent = 2 * self.points(size)
        for index, line in enumerate(self._broken(text, right - left, indent, style, size)):
            self.write(line, left if index else left + indent, top, style, size)
            top += self.points(leading)
        return top

    def _broken(self, text: str, room: float, indent: float, style: str, size: float) -> Iterator[str]:
        line, limit = "", room - indent
        for character in text:
            if self.width(line + character, style, size) > limit and character not in _NO_BEGIN:
                kept = line
                while kept and (kept[-1] in _NO_END or (_latin(kept[-1]) and _latin(line[len(kept) :] + character))):
                    kept = kept[:-1]
                kept = kept or line  # one word, wider than the column
                yield kept.strip()
                line, limit = line[len(kept) :], room
            line += character
        if line.strip():
            yield line.strip()

    def stamp(self, rng: Random, name: str, centre: tuple[float, float], colour: Colour) -> None:
        """A round seal of 42 mm over whatever is there; the lines under it are told as stamped."""
        radius = self.mm(21)
        ink = _seal(rng, name, radius, self._faces["song"])
        x, y = round(centre[0]) - ink.shape[1] // 2, round(centre[1]) - ink.shape[0] // 2
        page = np.asarray(self.image).astype(np.float32)
        height, width = page.shape[:2]
        inside = ink[max(0, -y) : height - y, max(0, -x) : width - x, None]
        window = page[max(0, y) : y + ink.shape[0], max(0, x) : x + ink.shape[1]]
        window *= 1 - inside * (1 - np.array(colour, np.float32) / 255)
        self.image = Image.fromarray(page.astype(np.uint8))
        self.pen = ImageDraw.Draw(self.image)
        self.lines = [replace(line, stamped=line.stamped or _touches(line.box, centre, radius)) for line in self.lines]

    def drawn(self) -> Drawn:
        return Drawn(np.asarray(self.image).copy(), self.lines)


def letter(rng: Random, dpi: int) -> Drawn:
    """A letter with a title, paragraphs, sender and date under a seal, a page number."""
    sheet = Sheet(rng, dpi)
    style, size = rng.choice(("song", "kai", "hei")), rng.choice((12, 14, 15, 16))
    leading = size * rng.uniform(1.55, 1.9)
    sender = writing.society(rng)
    left, right = sheet.mm(rng.uniform(25, 30)), sheet.image.width - sheet.mm(rng.uniform(25, 28))
    top = float(sheet.mm(rng.uniform(24, 34)))
    if rng.random() < 0.5:
        sheet.centre(sender + "文件", top, "song", 30, INKS["red"])
        top += sheet.points(50)
        sheet.pen.line((left, top, right, top), fill=INKS["red"], width=max(1, sheet.mm(0.6)))
        top += sheet.points(16)
    sheet.centre(f"关于商请支持{writing.place(rng)}县结对工作的函", top, "hei", rng.choice((18, 20, 22)))
    top += sheet.points(44)
    sheet.write(f"{writing.place(rng)}县科学技术协会：", left, top, style, size)
    top += sheet.points(leading)
    bottom = sheet.image.height - sheet.mm(82)
    while top < bottom:
        top = sheet.paragraph(writing.paragraph(rng, 60), (left, right), top, style, size, leading)
    top += sheet.points(leading * 0.7)
    signed = right - sheet.width(sender, style, size) - sheet.mm(rng.uniform(5, 18))
    middle = (signed + sheet.width(sender, style, size) / 2, top + sheet.points(leading) * rng.uniform(0.4, 1.2))
    sheet.write(sender, signed, top, style, size)
    sheet.write(writing.date(rng), signed + sheet.mm(4), top + sheet.points(leading), style, size)
    top += sheet.points(2 * leading)
    while top < sheet.image.height - sheet.mm(40):
        top = sheet.paragraph(f"（{writing.sentence(rng)}）", (left, right), top, style, size, leading)
    sheet.centre(f"— {rng.randint(1, 9)} —", sheet.image.height - sheet.mm(20), "song", 11)
    sheet.stamp(rng, sender, middle, INKS[rng.choice(("red", "red", "red", "blue", "purple"))])
    return sheet.drawn()


def leaflet(rng: Random, dpi: int) -> Drawn:
    """Two columns below a title, a header and a footer."""
    sheet = Sheet(rng, dpi)
    sheet.write(f"{writing.society(rng)}会讯", sheet.mm(20), sheet.mm(13), "kai", 10)
    sheet.centre(
        f"{writing.place(rng)}县{rng.choice(('猕猴桃', '冷水鱼', '高山茶'))}产业服务纪实", sheet.mm(25), "hei", 20
    )
    for column in ((sheet.mm(20), sheet.mm(101)), (sheet.mm(109), sheet.mm(190))):
        top = float(sheet.mm(42))
        while top < sheet.mm(235):
            top = sheet.paragraph(writing.paragraph(rng, 80), column, top, "song", 11, 17)
    sheet.centre(f"第{rng.randint(1, 40)}页", sheet.mm(283), "song", 9)
    return sheet.drawn()


def table(rng: Random, dpi: int) -> Drawn:
    """A ruled table of five columns with a heading."""
    sheet = Sheet(rng, dpi)
    sheet.centre(f"{writing.society(rng)}专家派遣登记表", sheet.mm(25), "hei", 18)
    edges = [sheet.mm(at) for at in (20, 45, 80, 120, 150, 190)]
    first, step, rows = sheet.mm(45), sheet.mm(rng.uniform(9, 12)), rng.randint(12, 18)
    weight = max(1, sheet.mm(0.25))
    for row in range(rows + 1):
        sheet.pen.line((edges[0], first + row * step, edges[-1], first + row * step), fill=_INK, width=weight)
    for edge in edges:
        sheet.pen.line((edge, first, edge, first + rows * step), fill=_INK, width=weight)
    makers: tuple[Callable[[Random], str], ...] = (
        writing.name,
        writing.mobile,
        writing.date,
        writing.money,
        writing.mail,
    )
    heads = ("姓名", "手机号码", "到达日期", "经费（元）", "电子邮箱")
    for row in range(rows):
        for head, maker, edge in zip(heads, makers, edges, strict=False):
            text = maker(rng) if row else head
            sheet.write(text, edge + sheet.mm(1.5), first + row * step + sheet.mm(2.2), "song" if row else "hei", 10.5)
    return sheet.drawn()


def sparse(rng: Random, dpi: int) -> Drawn:
    """Three short lines and a seal: what a page that goes on from another one holds."""
    sheet = Sheet(rng, dpi)
    sender = writing.society(rng)
    sheet.write(f"附件：{writing.place(rng)}县活动日程", sheet.mm(28), sheet.mm(30), "song", 15)
    sheet.write(sender, sheet.mm(120), sheet.mm(52), "song", 15)
    sheet.write(writing.date(rng), sheet.mm(124), sheet.mm(62), "song", 15)
    sheet.stamp(rng, sender, (sheet.mm(142), sheet.mm(58)), INKS["red"])
    return sheet.drawn()


KINDS: dict[str, Callable[[Random, int], Drawn]] = {
    "letter": letter,
    "leaflet": leaflet,
    "table": table,
    "sparse": sparse,
}


def _latin(text: str) -> bool:
    return text != "" and all(character.isascii() and not character.isspace() for character in text)


def _touches(box: tuple[float, float, float, float], centre: tuple[float, float], radius: float) -> bool:
    """Whether the disc covers part of the box."""
    x = min(max(centre[0], box[0]), box[2])
    y = min(max(centre[1], box[1]), box[3])
    return math.hypot(x - centre[0], y - centre[1]) < radius


def _seal(rng: Random, name: str, radius: int, song: Path) -> NDArray[np.float32]:
    """How much ink, 0 to 1: a ring, a star, the name along the upper arc; pressed unevenly."""
    side = 2 * radius + 8
    middle = side / 2
    plate = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(plate)
    pen.ellipse(
        (middle - radius, middle - radius, middle + radius, middle + radius), outline=255, width=max(1, radius // 18)
    )
    points = []
    for corner in range(10):
        reach = radius * (0.3 if corner % 2 == 0 else 0.115)
        turn = math.radians(corner * 36 - 90)
        points.append((middle + reach * math.cos(turn), middle + reach * math.sin(turn)))
    pen.polygon(points, fill=255)
    size = max(4, round(radius * min(0.34, 2.6 / len(name))))
    reach = radius * 0.72
    spread = min(250.0, 30.0 * len(name))
    for index, character in enumerate(name):
        angle = (index / (len(name) - 1) - 0.5) * spread if len(name) > 1 else 0.0
        tile = Image.new("L", (size * 2, size * 2), 0)
        ImageDraw.Draw(tile).text((size, size), character, font=face(song, size), fill=255, anchor="mm")
        tile = tile.rotate(-angle, Image.Resampling.BICUBIC)
        x, y = middle + reach * math.sin(math.radians(angle)), middle - reach * math.cos(math.radians(angle))
        plate.paste(255, (round(x - size), round(y - size)), tile)
    ink = np.asarray(plate.rotate(rng.uniform(-25, 25), Image.Resampling.BICUBIC)).astype(np.float32) / 255
    noise = np.random.default_rng(rng.getrandbits(32))
    worn = cv2.resize(noise.random((24, 24), np.float32), (side, side), interpolation=cv2.INTER_CUBIC)
    fine = cv2.resize(noise.random((side // 3 + 1,) * 2, np.float32), (side, side), interpolation=cv2.INTER_LINEAR)
    return np.asarray(ink * np.clip(0.55 + 0.5 * worn - 0.25 * (fine > 0.8), 0, 1), np.float32)
