"""Handwritten dates and signatures on scans: read when legible, never guessed.

    python -m benchmarks.hand [--pages 24] [--seed 11]

Undertakings and approval sheets set in Debian's fonts (benchmarks.pages), dated by hand between printed 年, 月 and 日
in wavering strokes, neat to illegible, six in ten signed behind printed words; scanned at 150 to 300 dpi. Of the dates
is told how many are exact, how many wrong and unsure (a word below 0.9), how many wrong and sure; of the places of
signatures whether handwriting is seen.
"""

from __future__ import annotations

import argparse
import io
import json
import math
from collections import Counter
from random import Random

import cv2
import numpy as np
from PIL import Image

from benchmarks.pages import writing
from benchmarks.pages.conditions import scanned
from benchmarks.pages.draw import Sheet
from clients.simulator.pen import DIGITS
from extractors.document import Document
from extractors.limits import Limits
from extractors.look import Eye
from extractors.ocr.rapid import RapidEngine
from extractors.read import read
from extractors.seals import find_seals

_INKS = ((24, 26, 34), (28, 46, 128), (20, 36, 96))
_ASKED = ("负责人（签字）：", "项目负责人签名：", "申报人签字：")
_SURE = 0.9
_HANDS = {"neat": 0.5, "usual": 1.2, "hasty": 2.5, "scrawl": 4.5}


class _Page:
    """A page with a place to sign and a date. where: of the date's line, its middle in pixels."""

    def __init__(self, rng: Random, waver: float) -> None:
        self.rng, self.dpi = rng, rng.choice((150, 200, 300))
        self.sheet = sheet = Sheet(rng, self.dpi)
        self.ink, self.stroke = rng.choice(_INKS), max(2, sheet.mm(rng.uniform(0.35, 0.6)))
        size = rng.choice((12, 14, 15))
        sheet.centre(rng.choice(("结对工作审批表", "活动承诺书")), sheet.mm(25), "hei", 20)
        top = float(sheet.mm(45))
        for _ in range(5):
            column = (sheet.mm(25), sheet.image.width - sheet.mm(25))
            top = sheet.paragraph(writing.paragraph(rng, 60), column, top, "song", size, size * 1.7)
        top, left = top + sheet.mm(12), sheet.mm(rng.uniform(25, 60))
        asked = rng.choice(_ASKED)
        sheet.write(asked, left, top, "song", size)
        self.signed = rng.random() < 0.6
        if self.signed:
            self._sign(left + sheet.width(asked, "song", size) + sheet.mm(2), top - sheet.mm(1), sheet.mm(7))
        top += sheet.points(size * rng.uniform(2.4, 3.4))
        self.date = self._date(left + sheet.mm(rng.uniform(0, 30)), top, size, waver)
        self.where = top + sheet.points(size) / 2
        self.em = sheet.points(size)

    def file(self) -> bytes:
        page, dpi = scanned(self.rng, np.asarray(self.sheet.image).copy(), self.dpi)
        buffer = io.BytesIO()
        Image.fromarray(page).save(buffer, "JPEG", quality=80, dpi=(dpi, dpi))
        return buffer.getvalue()

    def _date(self, x: float, top: float, size: float, waver: float) -> str:
        year, month, day = self.rng.randint(2019, 2027), self.rng.randint(1, 12), self.rng.randint(1, 28)
        em = self.sheet.points(size)
        high = em * self.rng.uniform(0.95, 1.35)
        for value, mark in ((year, "年"), (month, "月"), (day, "日")):
            x += em * 0.3
            for digit in str(value):
                self._digit(digit, x, top - (high - em) * 0.6, high, waver)
                x += high * 0.62
            self.sheet.write(mark, x + em * 0.35, top, "song", size)
            x += em * 1.35
        return f"{year}年{month}月{day}日"

    def _digit(self, digit: str, x: float, y: float, high: float, waver: float) -> None:
        for stroke in DIGITS[digit]:
            lean = 0.06 * high * self.rng.uniform(0.5, 1.5) * waver
            points = np.array(
                [
                    (
                        x + (u + self.rng.gauss(0, 0.05 * waver)) * high / 2 - (v - 1) * lean,
                        y + (v + self.rng.gauss(0, 0.05 * waver)) * high / 2,
                    )
                    for u, v in stroke
                ]
            )
            steps = np.linspace(0, len(points) - 1, 12 * len(points))
            fine = [np.interp(steps, range(len(points)), points[:, axis]) for axis in (0, 1)]
            smooth = [np.convolve(np.pad(values, 3, "edge"), np.ones(7) / 7, "valid") for values in fine]
            self.sheet.pen.line(list(zip(*smooth, strict=True)), fill=self.ink, width=self.stroke, joint="curve")

    def _sign(self, x: float, y: float, high: float) -> None:
        rng = self.rng
        for _ in range(rng.randint(8, 14)):
            left, top = x + rng.uniform(0, 2.4) * high, y + rng.uniform(-0.2, 0.8) * high
            angle, length = rng.choice((0, 1.4, 0.8, 2.2)) + rng.gauss(0, 0.2), high * rng.uniform(0.3, 0.9)
            points = [
                (left + length * t * math.cos(angle + 0.4 * t), top + length * t * math.sin(angle + 0.4 * t))
                for t in np.linspace(0, 1, 8).tolist()
            ]
            self.sheet.pen.line(points, fill=self.ink, width=self.stroke)


def main() -> None:
    """Prints what became of the dates of each hand and of the signatures, and a line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=24)
    parser.add_argument("--seed", type=int, default=11)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    engine = RapidEngine()
    eye = Eye(engine, engine, Limits(), find_seals)
    dates: dict[str, Counter[str]] = {hand: Counter() for hand in _HANDS}
    signatures: Counter[str] = Counter()
    for number in range(arguments.pages):
        hand = list(_HANDS)[number % len(_HANDS)]
        page = _Page(Random(f"{arguments.seed}/hand/{number}"), _HANDS[hand])
        document = read(page.file(), eye.look, Limits())
        dates[hand][_date_of(document, page)] += 1
        signatures[f"{'signed' if page.signed else 'empty'}, {'seen' if document.handwriting else 'nothing seen'}"] += 1
    for hand, counts in dates.items():
        print(f"{hand:8}{dict(counts)}")
    print(f"signatures: {dict(signatures)}")
    figures = {"dates": {hand: dict(counts) for hand, counts in dates.items()}, "signatures": dict(signatures)}
    print(json.dumps({"benchmark": "hand", "seed": arguments.seed, "pages": arguments.pages} | figures))


def _date_of(document: Document, page: _Page) -> str:
    """What was read on the date's line: exact, nothing, wrong but unsure, or wrong and sure."""
    height = page.sheet.image.height
    lines = [
        line
        for line in document.iter_lines()
        if line.place.box is not None
        and abs((line.place.box.top + line.place.box.bottom) / 2 * height - page.where) < 1.2 * page.em
        and "签" not in line.text
    ]
    if not lines:
        return "nothing"
    if "".join("".join(line.text.split()) for line in lines) == page.date:
        return "exact"
    sure = min(word.confidence for line in lines for word in line.words) >= _SURE
    return "wrong, sure" if sure else "wrong, unsure"


if __name__ == "__main__":
    main()
