"""Pages with drawn seals: enough like paper to test the reader's way, small enough to be read in a minute."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import mplfonts
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Ink = NDArray[np.float32]  # how much ink: 0 to 1

RED = (0.03, 0.62, 0.52)  # optical densities of solid ink in R, G, B
BLUE = (0.60, 0.38, 0.06)
GREY = (0.35, 0.35, 0.35)
BLACK = (1.1, 1.1, 1.1)
SIDE = 900  # pixels of the picture in which an impression is drawn
DPI = 200
WIDTH, HEIGHT = 1654, 2339  # A4


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(Path(mplfonts.__file__).parent / "fonts" / "SourceHanSerifSC-Regular.otf", size)


def _glyph(character: str, width: float, height: float) -> NDArray[np.uint8]:
    image = Image.new("L", (130, 130), 0)
    ImageDraw.Draw(image).text((65, 65), character, 255, font=_font(120), anchor="mm")
    bold = cv2.dilate(np.array(image), np.ones((3, 3), np.uint8))
    return cv2.resize(bold, (round(width), round(height)), interpolation=cv2.INTER_AREA)


def _put(canvas: NDArray[np.uint8], glyph: NDArray[np.uint8], x: float, y: float, clockwise: float) -> None:
    height, width = glyph.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -clockwise, 1.0)
    turn[:, 2] += [x - width / 2, y - height / 2]
    np.maximum(canvas, cv2.warpAffine(glyph, turn, (SIDE, SIDE)), out=canvas)


def ring(
    name: str, *, code: str = "", centre: str = "", below: str = "", flat: float = 1.0, span: float = 230,
    height: float | None = None,
) -> Ink:  # fmt: skip
    """A round seal, or an oval one (flat: height over width), as wide as the picture. span: degrees of the arc.

    below: along the lower edge, as large as the name, feet outwards. height: of the name's characters, pixels.
    """
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    half, low = SIDE / 2 - 16, (SIDE / 2 - 16) * flat
    cv2.ellipse(canvas, (SIDE // 2, SIDE // 2), (round(half), round(low)), 0, 0, 360, 255, 22, cv2.LINE_AA)
    size = 120.0 if flat == 1.0 else 82.0
    high = height or size
    _arc(canvas, name, (half - 30 - high / 2, low - 30 - high / 2), -90, span, size * 0.8, high)
    if below:
        _arc(canvas, below, (half - 30 - size / 2, low - 30 - size / 2), 90, -12.0 * len(below), size * 0.75, size)
    if code:
        _arc(canvas, code, (half - 45, low - 45), 90, -80, 40, 54)
    for index, character in enumerate(centre):
        x = SIDE / 2 + (index - (len(centre) - 1) / 2) * 76
        _put(canvas, _glyph(character, 72, 82), x, SIDE / 2 + (0.42 * half if flat == 1.0 else 20), 0)
    if flat == 1.0:
        _star(canvas, SIDE / 2, SIDE / 2, 130 if height is None else 90)
    return canvas.astype(np.float32) / 255


def _arc(
    canvas: NDArray[np.uint8], text: str, axes: tuple[float, float], middle: float, span: float,
    width: float, height: float,
) -> None:  # fmt: skip
    """Characters at equal distances along an ellipse; a negative span runs backwards, feet outwards."""
    t = np.radians(np.arange(0, 720, 0.25))
    x, y = axes[0] * np.cos(t), axes[1] * np.sin(t)
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    around = np.interp(2 * np.pi, t, lengths)
    begin = np.interp(np.radians(middle % 360), t, lengths) - around * span / 720 + (around if span > 0 else 0)
    for index, character in enumerate(text):
        at = np.interp((begin + around * span / 360 * index / (len(text) - 1)) % around, lengths, t)
        normal = np.degrees(np.arctan2(np.sin(at) / axes[1], np.cos(at) / axes[0]))
        clockwise = normal + (90 if span > 0 else -90)
        _put(canvas, _glyph(character, width, height), SIDE / 2 + axes[0] * np.cos(at), SIDE / 2 + axes[1] * np.sin(at),
             clockwise)  # fmt: skip


def _star(canvas: NDArray[np.uint8], x: float, y: float, radius: float) -> None:
    angles = np.radians(-90 + 36 * np.arange(10))
    reach = np.where(np.arange(10) % 2 == 0, radius, 0.382 * radius)
    points = np.column_stack([x + reach * np.cos(angles), y + reach * np.sin(angles)])
    cv2.fillPoly(canvas, [np.round(points).astype(np.int32)], 255, cv2.LINE_AA)


def frame(columns: tuple[str, ...]) -> Ink:
    """A square seal; its columns are given from the right, as they are read."""
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    cv2.rectangle(canvas, (14, 14), (SIDE - 14, SIDE - 14), 255, 26)
    wide, high = (SIDE - 100) / len(columns), (SIDE - 100) / max(map(len, columns))
    for number, column in enumerate(columns):
        for row, character in enumerate(column):
            x, y = SIDE - 50 - wide * (number + 0.5), 50 + high * (row + 0.5)
            _put(canvas, _glyph(character, wide * 0.9, high * 0.9), x, y, 0)
    return canvas.astype(np.float32) / 255


def polygon(*corners: tuple[float, float], text: str = "HHHHHH") -> Ink:
    """Sides along the corners (fractions of the picture), a line of text inside."""
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    points = np.round(np.array(corners) * SIDE).astype(np.int32)
    cv2.polylines(canvas, [points], True, 255, 24, cv2.LINE_AA)
    cv2.putText(canvas, text, (SIDE // 2 - 190, SIDE // 2 + 90), cv2.FONT_HERSHEY_DUPLEX, 3, 255, 12)
    return canvas.astype(np.float32) / 255


ON_CORNER = (0.5, 0.03), (0.97, 0.5), (0.5, 0.97), (0.03, 0.5)
DIAMOND = polygon(*ON_CORNER)


def star() -> Ink:
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    _star(canvas, SIDE / 2, SIDE / 2, SIDE / 2)
    return canvas.astype(np.float32) / 255


class Paper:
    """An A4 page at 200 dpi on which is printed, ruled and stamped."""

    def __init__(self) -> None:
        grain = np.random.default_rng(7).normal(0, 0.004, (HEIGHT, WIDTH, 3))
        self.density = (0.02 + np.abs(grain)).astype(np.float32)

    def print(self, text: str, x: int, y: int, size: int = 44, ink: tuple[float, ...] = BLACK) -> Paper:
        image = Image.new("L", (WIDTH, HEIGHT), 0)
        ImageDraw.Draw(image).text((x, y), text, 255, font=_font(size))
        return self._add(np.asarray(image, np.float32) / 255, ink)

    def rule(self, begin: tuple[int, int], end: tuple[int, int], ink: tuple[float, ...] = RED) -> Paper:
        canvas = np.zeros((HEIGHT, WIDTH), np.uint8)
        cv2.line(canvas, begin, end, 255, 5)
        return self._add(canvas.astype(np.float32) / 255, ink)

    def stamp(
        self, impression: Ink, *, at: tuple[int, int] = (1050, 1500), mm: float = 42, turned: float = 0.0,
        ink: tuple[float, ...] = RED,
    ) -> Paper:  # fmt: skip
        scale = mm / 25.4 * DPI / SIDE
        turn = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), -turned, scale)
        turn[:, 2] += [at[0] - SIDE / 2, at[1] - SIDE / 2]
        soft = cv2.GaussianBlur(impression, (0, 0), 0.5 / scale)
        return self._add(cv2.warpAffine(soft, turn, (WIDTH, HEIGHT)), ink)

    def _add(self, amount: Ink, ink: tuple[float, ...]) -> Paper:
        self.density += amount[..., None] * np.asarray(ink, np.float32)
        return self

    def raster(self, *, grey: bool = False) -> NDArray[np.uint8]:
        """As a scanner delivers it, JPEG and all."""
        picture = np.clip(255 * 10 ** -cv2.GaussianBlur(self.density, (0, 0), 0.5), 0, 255).astype(np.uint8)
        if grey:
            return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))
        _, encoded = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80])
        return np.ascontiguousarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR)[:, :, ::-1])


def letter() -> Paper:
    """A page of print."""
    paper = Paper()
    for row in range(14):
        paper.print("兹介绍我单位工作人员前往贵县联系结对开展农村科普活动有关事宜请予接洽", 170, 300 + 80 * row, 36)
    return paper
