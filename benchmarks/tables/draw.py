"""The tables on paper: set with PIL, ruled as forms are (thin, dashed, broken, doubled, open at the sides), scanned."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.pages import writing
from benchmarks.pages.faces import face, files
from benchmarks.tables.forms import KINDS, Cell, Grid

RULES = ("thin", "usual", "thick frame", "double frame", "dashed", "dotted", "broken", "grey", "open sides")
_WIDE_MM, _HIGH_MM, _MARGIN_MM = 210.0, 297.0, 22.0
_PADDING_MM = 1.6
_NO_BEGIN = "，。、；：？！）》”’%"
_HAIR_MM, _USUAL_MM, _THICK_MM = 0.12, 0.2, 0.55


@dataclass(slots=True)
class Scan:
    """A file, and its tables from the outer to the inner, from top to bottom."""

    data: bytes
    rules: str
    kind: str
    grids: list[Grid] = field(default_factory=list)


def scan(rng: Random, kind: str, rules: str, dpi: int) -> Scan:
    """A page with one form, or two where they fit, as it comes from a scanner."""
    page = _Page(rng, rules, dpi)
    grid = KINDS[kind](rng)
    page.heading(f"{writing.society(rng)}{rng.choice(('项目申报表', '活动经费预算表', '志愿服务登记表'))}")
    page.table(grid)
    page.note("填表说明：" + writing.sentence(rng))
    grids = [grid, *(cell.inner for cell in grid.cells if cell.inner)]
    return Scan(_scanned(rng, np.asarray(page.image), dpi), rules, kind, grids)


class _Page:
    """A page in the making. Lengths in mm unless they say pixels."""

    def __init__(self, rng: Random, rules: str, dpi: int) -> None:
        self._rng, self._rules, self._dpi = rng, rules, dpi
        self.image = Image.new("RGB", (self._px(_WIDE_MM), self._px(_HIGH_MM)), "white")
        self._pen = ImageDraw.Draw(self.image)
        self._plain: Path = rng.choice(files(rng.choice(("song", "song", "kai", "hei"))))
        self._bold: Path = rng.choice(files("hei"))
        self._size = rng.choice((9.0, 10.5, 10.5, 12.0))  # points
        self._leading = rng.uniform(1.25, 1.6)
        self._y = rng.uniform(20, 30)

    def _px(self, mm: float) -> int:
        return round(mm / 25.4 * self._dpi)

    def _font(self, points: float, *, bold: bool = False) -> tuple[Path, int]:
        return self._bold if bold else self._plain, max(1, round(points / 72 * self._dpi))

    def heading(self, text: str) -> None:
        font = face(*self._font(16, bold=True))
        self._pen.text((self.image.width / 2, self._px(self._y)), text, font=font, fill=(25, 25, 25), anchor="ma")
        self._y += 12

    def note(self, text: str) -> None:
        if self._y < _HIGH_MM - 30:
            font = face(*self._font(9))
            for line in _wrapped(text, font.getlength, self._px(_WIDE_MM - 2 * _MARGIN_MM)):
                self._pen.text((self._px(_MARGIN_MM), self._px(self._y + 4)), line, font=font, fill=(25, 25, 25))
                self._y += 5

    def table(self, grid: Grid) -> None:
        wide = self._px(_WIDE_MM - 2 * _MARGIN_MM)
        self._y += self._table(grid, self._px(_MARGIN_MM), self._px(self._y), wide, outer=True) / self._dpi * 25.4

    def _table(self, grid: Grid, left: int, top: int, wide: int, *, outer: bool) -> int:
        """Draw it; answers its height in pixels."""
        xs = [left + round(wide * sum(grid.shares[:n]) / sum(grid.shares)) for n in range(len(grid.shares) + 1)]
        heights = self._heights(grid, xs)
        ys = [top + sum(heights[:n]) for n in range(len(heights) + 1)]
        for cell in grid.cells:
            box = (xs[cell.column], ys[cell.row], xs[cell.column + cell.columns], ys[cell.row + cell.rows])
            self._cell(cell, box)
        self._ruled(grid, xs, ys, outer=outer)
        return ys[-1] - top

    def _heights(self, grid: Grid, xs: list[int]) -> list[int]:
        least = self._px(self._rng.uniform(6.5, 10))
        heights = [least] * grid.rows
        for cell in sorted(grid.cells, key=lambda cell: cell.rows):
            rows = heights[cell.row : cell.row + cell.rows]
            need = self._needed(cell, xs[cell.column + cell.columns] - xs[cell.column])
            heights[cell.row + cell.rows - 1] += max(0, need - sum(rows))
        return heights

    def _needed(self, cell: Cell, wide: int) -> int:
        """Pixels that the cell's content is high, with its padding."""
        pad = self._px(_PADDING_MM)
        high = round(len(self._lines(cell, wide)) * self._pitch) + 2 * pad
        if cell.inner:
            state = self._rng.getstate()  # the same heights again when it is drawn
            shares = [round((wide - 2 * pad) * sum(cell.inner.shares[:n])) for n in range(len(cell.inner.shares) + 1)]
            high += sum(self._heights(cell.inner, shares)) + 2 * pad + self._px(4)
            self._rng.setstate(state)
        return high

    @property
    def _pitch(self) -> float:
        return self._size / 72 * self._dpi * self._leading

    def _lines(self, cell: Cell, wide: int) -> list[str]:
        font = face(*self._font(self._size))
        room = wide - 2 * self._px(_PADDING_MM)
        if cell.rows > 1 and room < 2 * self._size / 72 * self._dpi:
            return list(cell.text)  # upright, one character a line
        return list(_wrapped(cell.text, font.getlength, room))

    def _cell(self, cell: Cell, box: tuple[int, int, int, int]) -> None:
        left, top, right, bottom = box
        pad, font = self._px(_PADDING_MM), face(*self._font(self._size))
        lines = self._lines(cell, right - left)
        high = len(lines) * self._pitch
        y = top + pad if cell.inner else max(top + pad / 2, (top + bottom - high) / 2)
        upright = len(lines) > 1 and all(len(line) == 1 for line in lines)
        for line in lines:
            middle = y + self._pitch / 2
            if cell.centred or upright:
                self._pen.text(((left + right) / 2, middle), line, font=font, fill=(28, 28, 30), anchor="mm")
            else:
                self._pen.text((left + pad, middle), line, font=font, fill=(28, 28, 30), anchor="lm")
            y += self._pitch
        if cell.inner:
            self._table(cell.inner, left + 2 * pad, round(y) + pad, right - left - 4 * pad, outer=False)

    def _ruled(self, grid: Grid, xs: list[int], ys: list[int], *, outer: bool) -> None:
        owner = {
            (row, column): number
            for number, cell in enumerate(grid.cells)
            for row in range(cell.row, cell.row + cell.rows)
            for column in range(cell.column, cell.column + cell.columns)
        }
        high, wide = len(ys) - 1, len(xs) - 1
        for line in range(high + 1):
            walls = [owner.get((line - 1, column)) != owner.get((line, column)) for column in range(wide)]
            for first, last in _runs(walls):
                self._rule((xs[first], ys[line]), (xs[last], ys[line]), frame=outer and line in (0, high), end=line > 0)
        for line in range(wide + 1):
            if outer and self._rules == "open sides" and line in (0, wide):
                continue
            walls = [owner.get((row, line - 1)) != owner.get((row, line)) for row in range(high)]
            for first, last in _runs(walls):
                self._rule((xs[line], ys[first]), (xs[line], ys[last]), frame=outer and line in (0, wide), end=line > 0)

    def _rule(self, start: tuple[int, int], stop: tuple[int, int], *, frame: bool, end: bool) -> None:
        """One rule. frame: a side of the table; end: its right or bottom one."""
        style = self._rules
        thick = {"thin": _HAIR_MM, "thick frame": _THICK_MM if frame else _USUAL_MM}.get(style, _USUAL_MM)
        colour = (150, 150, 150) if style == "grey" else (30, 30, 30)
        pixels = max(1, self._px(thick))
        if style in ("dashed", "dotted") and not frame:
            dash, gap = (1.6, 0.9) if style == "dashed" else (0.35, 0.45)
            pieces = list(_pieces(start, stop, max(1, self._px(dash)), max(1, self._px(gap))))
        elif style == "broken":
            gaps = self._rng.uniform(0.2, 1.3)
            pieces = list(_pieces(start, stop, self._px(self._rng.uniform(12, 40)), max(1, self._px(gaps))))
        else:
            pieces = [(start, stop)]
        for piece in pieces:
            self._pen.line(piece, fill=colour, width=pixels)
        if frame and style == "double frame":
            away = self._px(0.8) * (1 if end else -1)
            across = start[1] == stop[1]
            shift = (0, away) if across else (away, 0)
            more = self._px(0.8)
            along = (more, 0) if across else (0, more)
            self._pen.line(
                (
                    (start[0] + shift[0] - along[0], start[1] + shift[1] - along[1]),
                    (stop[0] + shift[0] + along[0], stop[1] + shift[1] + along[1]),
                ),
                fill=colour,
                width=pixels,
            )


def _wrapped(text: str, length: object, room: int) -> Iterator[str]:
    line = ""
    for character in text:
        if line and length(line + character) > room and character not in _NO_BEGIN:  # type: ignore[operator]
            yield line
            line = ""
        line += character
    if line:
        yield line


def _runs(walls: list[bool]) -> Iterator[tuple[int, int]]:
    """From and to where there is a wall, in grid lines."""
    start: int | None = None
    for place, wall in enumerate([*walls, False]):
        if wall and start is None:
            start = place
        elif not wall and start is not None:
            yield start, place
            start = None


def _pieces(
    start: tuple[int, int], stop: tuple[int, int], dash: int, gap: int
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    across = start[1] == stop[1]
    first, last = (start[0], stop[0]) if across else (start[1], stop[1])
    while first <= last:
        end = min(last, first + dash)
        yield ((first, start[1]), (end, start[1])) if across else ((start[0], first), (start[0], end))
        first = end + gap + 1


def _scanned(rng: Random, page: NDArray[np.uint8], dpi: int) -> bytes:
    """Laid askew up to two degrees, soft, noisy, JPEG 40 to 90."""
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-2, 2), 1)
    page = np.asarray(cv2.warpAffine(page, turn, (width, height), borderValue=(255, 255, 255)), np.uint8)
    white = rng.uniform(0.9, 1)
    paper = np.array((white, white * rng.uniform(0.98, 1), white * rng.uniform(0.93, 1)), np.float32)
    soft = cv2.GaussianBlur(page, (0, 0), rng.uniform(0.2, 0.4) + dpi / 600) * paper
    noise = np.random.default_rng(rng.getrandbits(32)).standard_normal(page.shape, np.float32)
    spoilt = (soft + noise * np.float32(rng.uniform(0, 9))).clip(0, 255).astype(np.uint8)
    picture = Image.fromarray(spoilt)
    buffer = io.BytesIO()
    (picture.convert("L") if rng.random() < 0.3 else picture).save(
        buffer, "JPEG", quality=rng.randint(40, 90), dpi=(dpi, dpi)
    )
    return buffer.getvalue()
