"""Whole pages with seals, and the truth about each seal."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.seals import papers, scanner
from benchmarks.seals.ink import INKS, Impression, Pressing, lay, press
from benchmarks.seals.names import Engraved
from benchmarks.seals.papers import Page
from benchmarks.seals.plates import FINE, Plate, engrave
from extractors.document import SealColour, SealShape

KINDS = {"round": 50, "oval": 14, "square": 8, "rectangle": 8, "triangle": 5, "diamond": 5, "chop": 10}
SCENES = {"one": 42, "two": 20, "overlap": 10, "cut": 12, "cross-page": 5, "crowd": 2, "with chop": 9}
COLOURS = {SealColour.RED: 74, SealColour.PURPLE: 8, SealColour.BLUE: 9, SealColour.BLACK: 9}
PAPERS = {"letter": 46, "form": 18, "certificate": 12, "tinted": 10, "blank": 14}
WAYS = {"colour": 60, "grey": 12, "1-bit": 8, "photo": 20}
CROWD = 30


@dataclass(frozen=True, slots=True)
class Truth:
    """A seal on a picture. polygon: its outer edge, pixels of the picture, also beyond it. visible: 0 to 1.

    colour: as it can be told, so BLACK on grey pictures. angle: degrees clockwise against the picture.
    tags: conditions ("round", "faint", "photo", "JPEG 20-30", ...).
    """

    plate: Plate
    colour: SealColour
    polygon: NDArray[np.float64]
    visible: float
    angle: float
    tags: frozenset[str]

    @property
    def engraved(self) -> Engraved:
        return self.plate.engraved

    @property
    def shape(self) -> SealShape:
        return self.plate.shape


@dataclass(frozen=True, slots=True)
class Sheet:
    """A picture as it is handed in. dpi: None for photos. group: sheets of one document, for cross-page seals."""

    name: str
    picture: NDArray[np.uint8]
    dpi: float | None
    truths: tuple[Truth, ...]
    group: str = ""


@dataclass(frozen=True, slots=True)
class _Placed:
    impression: Impression
    x: float  # of its middle, mm
    y: float
    turn: float  # degrees clockwise
    tags: frozenset[str]
    span: tuple[float, float] = (-1e9, 1e9)  # columns of the sheet, mm, on which it falls

    def matrix(self, page: Page) -> NDArray[np.float64]:
        scale = page.mm / FINE
        high, wide = self.impression.ink.shape
        turn = math.radians(self.turn)
        linear = scale * np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
        shift = np.array([self.x, self.y]) * page.mm - linear @ np.array([wide / 2, high / 2])
        return np.column_stack([linear, shift])


def lot(rng: Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def sheets(seed: int, count: int) -> Iterator[Sheet]:
    """At least `count` pages; the same seed gives the same pages, whatever the count."""
    made = number = 0
    while made < count:
        for sheet in _scene(Random(f"seals/{seed}/{number}"), f"{number:03d}"):
            made += 1
            yield sheet
        number += 1


def _scene(rng: Random, name: str) -> list[Sheet]:
    scene = lot(rng, SCENES)
    way = lot(rng, WAYS)
    if scene == "crowd" and way == "1-bit":
        way = "colour"
    page = Page(rng.choice((150, 200, 200, 300)) if scene != "crowd" else 200)
    if scene == "cross-page":
        return _across(rng, name, way, page.dpi)
    papers.below(rng, page, lot(rng, PAPERS))
    placed = {"cut": _cut, "overlap": _overlap}.get(scene, _apart)(rng, page, way, scene)
    return [_captured(rng, name, way, page, placed)]


def _impression(rng: Random, way: str, kinds: dict[str, int], tags: set[str], *, whole: bool = False) -> Impression:
    kind = lot(rng, kinds)
    colour = rng.choices(list(COLOURS), list(COLOURS.values()))[0]
    if kind == "chop" and rng.random() < 0.8:
        colour = SealColour.RED
    strength, worn = rng.uniform(0.72, 1.0), 0.0
    if rng.random() < 0.13 and way != "1-bit" and not whole:
        strength = rng.uniform(0.22, 0.42)
        tags.add("faint")
    elif rng.random() < 0.2:
        worn = rng.uniform(0.4, 1.0)
        tags.add("worn")
    doubled = rng.random() < 0.06
    if doubled:
        tags.add("doubled")
    ink = rng.choice(INKS[colour])
    tags |= {kind, colour.value}
    return press(rng, engrave(rng, kind), ink, Pressing(strength, worn, doubled))


def _turn(rng: Random, tags: set[str]) -> float:
    if rng.random() < 0.18:
        tags.add("rotated")
        return rng.uniform(-180, 180)
    return rng.gauss(0, 5)


def _reach(impression: Impression) -> float:
    return float(np.hypot(*np.abs(impression.plate.edge).max(axis=0))) if impression.plate.kind not in (
        "round", "oval") else impression.plate.diameter / 2  # fmt: skip


def _apart(rng: Random, page: Page, way: str, scene: str) -> list[_Placed]:
    count = {"one": 1, "two": 2, "with chop": 2, "crowd": rng.randint(18, CROWD)}[scene]
    placed: list[_Placed] = []
    for number in range(count):
        tags = {scene} if scene == "crowd" else set()
        kinds = {"chop": 1} if scene == "with chop" and number else KINDS
        impression = _impression(rng, way, kinds, tags)
        turn, reach = _turn(rng, tags), _reach(impression)
        for _ in range(200):
            x, y = rng.uniform(reach + 3, page.width - reach - 3), rng.uniform(reach + 3, page.height - reach - 3)
            if scene != "crowd" and rng.random() < 0.7:
                y = rng.uniform(page.height * 0.5, page.height - reach - 12)
            if all(math.hypot(x - other.x, y - other.y) > reach + _reach(other.impression) + 1 for other in placed):
                placed.append(_Placed(impression, x, y, turn, frozenset(tags)))
                break
    return placed


def _overlap(rng: Random, page: Page, way: str, scene: str) -> list[_Placed]:
    placed: list[_Placed] = []
    x, y = rng.uniform(60, page.width - 80), rng.uniform(120, page.height - 70)
    for number in range(rng.choice((2, 2, 2, 3))):
        tags = {"overlapping"}
        kinds = {"round": 8, "oval": 2} if number == 0 else KINDS
        impression = _impression(rng, way, kinds, tags)
        reach = min(_reach(impression), 30)
        if number:
            angle, share = rng.uniform(0, 2 * math.pi), rng.uniform(0.55, 0.95)
            step = (reach + _reach(placed[-1].impression)) * share
            last = placed[-1]
            for _ in range(12):
                x, y = last.x + step * math.cos(angle), last.y + step * math.sin(angle)
                if reach + 2 < x < page.width - reach - 2 and reach + 2 < y < page.height - reach - 2:
                    break
                angle += 0.5
            else:
                continue
        placed.append(_Placed(impression, x, y, _turn(rng, tags), frozenset(tags)))
    return placed


def _cut(rng: Random, page: Page, way: str, scene: str) -> list[_Placed]:
    """Beyond an edge of the page by a tenth to a half of its width."""
    tags = {"cut"}
    impression = _impression(rng, way, {"round": 70, "oval": 15, "square": 8, "rectangle": 7}, tags)
    turn, (w, h) = _turn(rng, tags), np.abs(impression.plate.edge).max(axis=0)
    angle = math.radians(turn)
    w, h = abs(w * math.cos(angle)) + abs(h * math.sin(angle)), abs(w * math.sin(angle)) + abs(h * math.cos(angle))
    off = rng.uniform(0.1, 0.45)
    x, y = rng.uniform(40, page.width - 40), rng.uniform(60, page.height - 60)
    edge = rng.choice(("right", "right", "left", "top", "bottom"))
    if edge in ("right", "left"):
        x = w * (1 - 2 * off)
        x = page.width - x if edge == "right" else x
    else:
        y = h * (1 - 2 * off)
        y = page.height - y if edge == "bottom" else y
    return [_Placed(impression, x, y, turn, frozenset(tags))]


def _across(rng: Random, name: str, way: str, dpi: int) -> list[Sheet]:
    """骑缝章: one impression over the rims of two or three sheets: side by side, or fanned out below each other."""
    tags = {"cross-page"}
    impression = _impression(rng, way, {"round": 9, "oval": 1}, tags, whole=True)
    turn, radius = _turn(rng, tags), impression.plate.diameter / 2
    count = rng.choice((2, 2, 2, 3))
    y = rng.uniform(90, 200)
    quality = rng.randint(35, 90)
    made = []
    for part in range(count):
        page = Page(dpi)
        papers.below(rng, page, lot(rng, {"letter": 3, "form": 1}))
        begin, end = -radius + 2 * radius * part / count, -radius + 2 * radius * (part + 1) / count
        if count == 2 and part == 1:  # the facing sheet's left rim
            x, span = -begin, (0.0, end - begin)
        else:
            x, span = page.width - end, (page.width - (end - begin), page.width)
        at = _Placed(impression, x, y + rng.gauss(0, 0.5), turn, frozenset(tags), span)
        made.append(_captured(rng, f"{name}.{part + 1}", way, page, [at], quality, group=name))
    return made


def _captured(
    rng: Random, name: str, way: str, page: Page, placed: list[_Placed], quality: int | None = None, group: str = ""
) -> Sheet:
    for each in placed:
        window = tuple(round(float(np.clip(edge, -10, page.width + 10)) * page.mm) for edge in each.span)
        limits = (max(0, window[0]), min(page.light.shape[1], window[1]))
        lay(page.light, each.impression, each.matrix(page), limits)
    quality = quality if quality is not None else rng.choice((rng.randint(20, 90), rng.randint(45, 90)))
    near_rim = any("cut" in each.tags or "cross-page" in each.tags for each in placed)
    picture, seen = scanner.capture(rng, page.light, way, quality, crop=not near_rim)
    extra = {way, "blank paper"} if not placed else {way}
    if way != "1-bit":
        extra.add("JPEG 20-30" if quality <= 30 else "JPEG 31-60" if quality <= 60 else "JPEG 61-90")
    truths = tuple(_truth(each, page, seen, picture, way, frozenset(extra)) for each in placed)
    return Sheet(name, picture, None if way == "photo" else float(page.dpi), truths, group)


def _truth(
    each: _Placed, page: Page, seen: NDArray[np.float64], picture: NDArray[np.uint8], way: str, extra: frozenset[str]
) -> Truth:
    plate = each.impression.plate
    edge = np.vstack([plate.edge, [[0.0, 0.0], [0.0, -1.0]]])
    on_plate = edge * FINE + np.array(each.impression.ink.shape[::-1]) / 2
    on_sheet = np.column_stack([on_plate, np.ones(len(edge))]) @ each.matrix(page).T
    points = cv2.perspectiveTransform(on_sheet[None].astype(np.float64), seen)[0]
    polygon, centre, up = points[:-2], points[-2], points[-1]
    height, width = picture.shape[:2]
    # What is on this sheet, and on the picture of it.
    rim = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    left, right = (float(np.clip(edge, -1e4, 1e4)) * page.mm for edge in each.span)
    left, right = max(0.0, left), min(float(page.light.shape[1]), right)
    strip = np.array([[[left, 0], [right, 0], [right, page.light.shape[0]], [left, page.light.shape[0]]]], np.float64)
    strip = cv2.perspectiveTransform(strip, seen)[0].astype(np.float32)
    whole = cv2.contourArea(polygon.astype(np.float32))
    _, on_strip = cv2.intersectConvexConvex(polygon.astype(np.float32), strip)
    area, shown = (0.0, None) if on_strip is None else cv2.intersectConvexConvex(on_strip.reshape(-1, 2), rim)
    colour = SealColour(next(tag for tag in each.tags if tag in set(SealColour)))
    angle = math.degrees(math.atan2(up[0] - centre[0], centre[1] - up[1]))
    visible = min(1.0, float(area) / whole) if shown is not None else 0.0
    tags = each.tags | plate.tags | extra
    if visible < 0.97 and not tags & {"cut", "cross-page"}:
        tags |= {"cut"}
    if way in ("grey", "1-bit"):
        colour = SealColour.BLACK
        tags -= set(SealColour)
    polygon = polygon if shown is None or visible > 0.999 else shown.reshape(-1, 2).astype(np.float64)
    return Truth(plate, colour, polygon, visible, angle, tags)
