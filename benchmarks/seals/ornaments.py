"""Pages of red things that are no seals: letterheads, rules, stars, logos, medals, pens, tables, markers, photos."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.seals import faces, names, papers, scanner
from benchmarks.seals.ink import clouds
from benchmarks.seals.pages import Sheet
from benchmarks.seals.papers import Page, write

RED = ((214, 28, 30), (224, 20, 44), (200, 36, 40), (230, 60, 50))


def sheets(seed: int, count: int) -> Iterator[Sheet]:
    """Pages without a seal, of each kind in turn."""
    kinds = list(DRAWN.items())
    for number in range(count):
        rng = Random(f"ornaments/{seed}/{number}")
        kind, draw = kinds[number % len(kinds)]
        page = Page(rng.choice((150, 200, 200)))
        draw(rng, page)
        way = rng.choice(("colour", "colour", "colour", "photo"))
        picture, _ = scanner.capture(rng, page.light, way, rng.randint(35, 90))
        yield Sheet(f"{kind} {number:03d}", picture, None if way == "photo" else float(page.dpi), ())


def _letterhead(rng: Random, page: Page) -> None:
    papers.letterhead(rng, page, starred=rng.random() < 0.5)
    papers.prose(rng, page, 90, 250)
    layer, pen = page.layer()
    pen.line((25 * page.mm, 270 * page.mm, 185 * page.mm, 270 * page.mm), 255, max(1, round(0.5 * page.mm)))
    page.ink(layer, rng.choice(RED))


def _stars(rng: Random, page: Page) -> None:
    papers.prose(rng, page, 110, 250)
    layer, pen = page.layer()
    for _ in range(rng.randint(1, 6)):
        x, y, size = rng.uniform(30, 180), rng.uniform(30, 270), rng.uniform(4, 22)
        papers.star(pen, page, x, y, size, rng.uniform(-36, 36))
    for _ in range(rng.randint(1, 4)):
        y = rng.uniform(20, 280)
        pen.line(
            (20 * page.mm, y * page.mm, 190 * page.mm, y * page.mm), 255, max(1, round(rng.uniform(0.3, 2) * page.mm))
        )
    page.ink(layer, rng.choice(RED))


def _disc(page: Page, layer: NDArray[np.uint8], x: float, y: float, radius: float, thick: float = -1) -> None:
    width = -1 if thick < 0 else max(1, round(thick * page.mm))
    cv2.circle(layer, (round(x * page.mm), round(y * page.mm)), round(radius * page.mm), 255, width, cv2.LINE_AA)


def _logo(rng: Random, page: Page) -> None:
    """Round marks with Latin words or a single character, gears and waves."""
    papers.prose(rng, page, 90, 270)
    for _ in range(rng.randint(1, 3)):
        layer, pen = page.layer()
        x, y, radius = rng.uniform(30, 180), rng.choice((rng.uniform(25, 60), rng.uniform(60, 260))), rng.uniform(9, 21)
        drawn = np.zeros(page.light.shape[:2], np.uint8)
        way = rng.choice(("words", "gear", "waves", "character"))
        _disc(page, drawn, x, y, radius, rng.uniform(0.4, 1.6))
        if way == "gear":
            for tooth in range(16):
                angle = tooth * math.pi / 8
                _disc(page, drawn, x + radius * math.cos(angle), y + radius * math.sin(angle), radius * 0.12)
            _disc(page, drawn, x, y, radius * 0.6, 0.8)
        if way in ("words", "character"):
            _disc(page, drawn, x, y, radius * 0.68, 0.4)
        if way == "waves":
            t = np.linspace(-0.8, 0.8, 60)
            for k in range(3):
                points = np.column_stack([x + radius * t, y + radius * (0.2 * np.sin(5 * t + k) + 0.25 * (k - 1))])
                cv2.polylines(drawn, [np.round(points * page.mm).astype(np.int32)], False, 255, round(0.9 * page.mm))
        if way == "character":
            write(pen, page, rng.choice("科农学林医国"), x, y + radius * 0.35, radius * 0.95, faces.KAI, "ms")
        page.ink(np.maximum(drawn, np.asarray(layer)), rng.choice((*RED, (40, 80, 170))))
        if way != "gear":
            _latin_ring(rng, page, x, y, radius * 0.84, radius * 0.18)


def _latin_ring(rng: Random, page: Page, x: float, y: float, reach: float, size: float) -> None:
    text = rng.choice(names.ENGLISH) + " 19" + str(rng.randint(10, 99)) + " "
    layer = np.zeros(page.light.shape[:2], np.uint8)
    cut = faces.Cut(faces.HEI, 0.01)
    for index, character in enumerate(text):
        angle = 2 * math.pi * index / len(text)
        ink = faces.glyph(character, cut)
        scale = size * page.mm / faces.EM
        cos, sin = math.cos(angle) * scale, math.sin(angle) * scale
        matrix = np.array([[cos, -sin, 0], [sin, cos, 0]])
        centre = np.array([x + reach * math.sin(angle), y - reach * math.cos(angle)]) * page.mm
        matrix[:, 2] = centre - matrix[:, :2] @ np.array([ink.shape[1] / 2, ink.shape[0] / 2])
        np.maximum(layer, cv2.warpAffine(ink, matrix, layer.shape[::-1]), out=layer)
    page.ink(layer, rng.choice(RED))


def _medal(rng: Random, page: Page) -> None:
    papers.certificate(rng, page)
    x, y, radius = rng.uniform(50, 160), rng.uniform(90, 240), rng.uniform(12, 20)
    for colour, reach in (((206, 34, 34), 1.25), ((226, 190, 80), 1.0), ((240, 215, 130), 0.78)):
        layer = np.zeros(page.light.shape[:2], np.uint8)
        if reach > 1:
            for petal in range(24):
                angle = petal * math.pi / 12
                _disc(page, layer, x + radius * math.cos(angle), y + radius * math.sin(angle), radius * 0.2)
            for side in (-1, 1):
                band = np.array(
                    [[x, y], [x + side * radius * 0.9, y + radius * 2.4], [x + side * radius * 0.2, y + radius * 2.2]]
                )
                cv2.fillPoly(layer, [np.round(band * page.mm).astype(np.int32)], 255)
        _disc(page, layer, x, y, radius * min(reach, 1.1))
        page.ink(layer, colour)
    top, pen = page.layer()
    write(
        pen, page, rng.choice(("奖", "优秀", "第一名", "壹等奖")), x, y + radius * 0.2, radius * 0.45, faces.HEI, "ms"
    )
    page.ink(top, (200, 30, 30))


def _handwriting(rng: Random, page: Page) -> None:
    """Red ballpoint: remarks, ticks, and rings drawn around words."""
    papers.prose(rng, page, 40, 260)
    layer = np.zeros(page.light.shape[:2], np.uint8)
    width = max(1, round(rng.uniform(0.4, 0.8) * page.mm))
    for _ in range(rng.randint(1, 4)):
        x, y = rng.uniform(40, 170), rng.uniform(50, 250)
        a, b = rng.uniform(8, 24), rng.uniform(5, 16)
        t = np.linspace(rng.uniform(0, 1), 2 * math.pi + rng.uniform(-0.3, 1.0), 90)
        wobble = 1 + rng.uniform(0.02, 0.08) * np.sin(3 * t + rng.uniform(0, 6)) + 0.02 * t
        points = np.column_stack([x + a * wobble * np.cos(t), y + b * wobble * np.sin(t)])
        cv2.polylines(layer, [np.round(points * page.mm).astype(np.int32)], False, 255, width, cv2.LINE_AA)
    for _ in range(rng.randint(1, 3)):
        top, pen = page.layer()
        text = rng.choice(("同意", "已阅", "请修改后再报", "按规定办理", "不符合要求", "张伟　9月3日", "优秀！"))
        write(pen, page, text, 0.2 * page.width, 0.5 * page.height, rng.uniform(6, 13), faces.PEN)
        shift = (rng.uniform(-0.15, 0.3) * page.light.shape[1], rng.uniform(-0.35, 0.3) * page.light.shape[0])
        slant = np.array([[1, rng.uniform(-0.4, 0.1), shift[0]], [rng.uniform(-0.1, 0.1), 1, shift[1]]])
        size = (page.light.shape[1], page.light.shape[0])
        np.maximum(layer, cv2.warpAffine(np.asarray(top), slant, size), out=layer)
    page.ink(layer, rng.choice(RED))


def _table(rng: Random, page: Page) -> None:
    papers.form(rng, page, 40, 260, rng.choice(RED))


def _marker(rng: Random, page: Page) -> None:
    papers.prose(rng, page, 40, 260)
    for _ in range(rng.randint(3, 10)):
        layer = np.zeros(page.light.shape[:2], np.uint8)
        x, y, wide, high = rng.uniform(25, 120), rng.uniform(40, 250), rng.uniform(15, 70), rng.uniform(4, 7)
        box = np.array([[x, y], [x + wide, y + rng.uniform(-1, 1)], [x + wide, y + high], [x, y + high]])
        cv2.fillPoly(layer, [np.round(box * page.mm).astype(np.int32)], 255, cv2.LINE_AA)
        page.ink(layer, rng.choice(((255, 150, 170), (255, 240, 90), (255, 120, 120), (170, 240, 140))))


def _photo(rng: Random, page: Page) -> None:
    """Pictures in red: flags, lanterns, a crowd of colours."""
    papers.prose(rng, page, 180, 270)
    noise = np.random.default_rng(rng.getrandbits(60))
    x0, y0, x1, y1 = 25, 35, rng.randint(120, 185), rng.randint(110, 170)
    part = np.s_[round(y0 * page.mm) : round(y1 * page.mm), round(x0 * page.mm) : round(x1 * page.mm)]
    high, wide = page.light[part].shape[:2]
    base = np.array(rng.choice(RED), np.float32) / 255
    cloud = clouds(noise, (high, wide), 12 * page.mm)[..., None] * 0.18
    fine = np.stack([clouds(noise, (high, wide), 2 * page.mm) for _ in range(3)], axis=-1) * 0.06
    picture = np.clip(base + cloud + fine, 0.02, 1)
    for _ in range(rng.randint(0, 5)):
        centre = (rng.randint(0, wide), rng.randint(0, high))
        colour = rng.choice(((0.9, 0.8, 0.2), (0.7, 0.1, 0.1), (0.9, 0.3, 0.2), (0.95, 0.9, 0.85)))
        cv2.circle(picture, centre, round(rng.uniform(5, 16) * page.mm), colour, -1, cv2.LINE_AA)
    page.light[part] *= picture


def _frames(rng: Random, page: Page) -> None:
    """Red boxes with words: notices, price labels, buttons, a certificate's frame."""
    papers.prose(rng, page, 40, 260)
    for _ in range(rng.randint(1, 3)):
        layer, pen = page.layer()
        x, y, wide, high = rng.uniform(25, 110), rng.uniform(40, 230), rng.uniform(25, 70), rng.uniform(12, 30)
        filled = rng.random() < 0.4
        corners = (x * page.mm, y * page.mm, (x + wide) * page.mm, (y + high) * page.mm)
        if filled:
            pen.rectangle(corners, fill=255)
        else:
            pen.rectangle(corners, outline=255, width=max(1, round(0.5 * page.mm)))
        page.ink(layer, rng.choice(RED))


def _bars(rng: Random, page: Page) -> None:
    """Charts and banners in red and blue."""
    papers.prose(rng, page, 190, 270)
    layer = np.zeros(page.light.shape[:2], np.uint8)
    for bar in range(rng.randint(4, 9)):
        x, high = 30 + bar * 16, rng.uniform(20, 110)
        corners = [[x, 160 - high], [x + 9, 160 - high], [x + 9, 160], [x, 160]]
        cv2.fillPoly(layer, [np.round(np.array(corners) * page.mm).astype(np.int32)], 255)
    cv2.ellipse(
        layer,
        (round(150 * page.mm), round(60 * page.mm)),
        (round(20 * page.mm),) * 2,
        0,
        0,
        rng.randint(120, 300),
        255,
        -1,
    )
    page.ink(layer, rng.choice((*RED, (50, 90, 180))))


DRAWN: dict[str, Callable[[Random, Page], None]] = {
    "letterhead": _letterhead, "stars and rules": _stars, "logo": _logo, "medal": _medal, "handwriting": _handwriting,
    "table": _table, "highlighter": _marker, "photo": _photo, "frames": _frames, "charts": _bars,
}  # fmt: skip
